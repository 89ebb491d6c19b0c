"""What a mapping says, as records: where each value of a study table comes from."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date

__all__ = ["LAYOUTS", "TIMES", "Field", "Mapping", "ObservationField", "TableMapping"]

# How the rows and columns of a sheet repeat, by the study table it feeds; "" is one row per fact.
LAYOUTS: dict[str, tuple[str, ...]] = {
    "patients": ("",),
    "observations": ("one row per visit", "one row per measurement", "one column per visit"),
    "treatments": ("",),
    "conditions": ("", "one column per condition"),
    "events": ("",),
}
TIMES = ("date", "day", "week", "month", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Say where one value comes from: a `column`, or else the same `constant` for every row.

    `codes` gives what each text in the column stands for; a text outside it is rejected, one in `ignore` is ignored.
    `date_format` holds the `strptime` patterns of dates written as text. `unit` is the unit of an age. `ongoing` and
    `unknown` are the words that a stop column has for a course still taken, and for one stopped on an unknown day.
    """

    column: str = ""
    constant: str | int | float | bool | date | None = None
    codes: Map[str, str | int | float | bool] | None = None
    ignore: tuple[str, ...] = ()
    date_format: tuple[str, ...] = ()
    unit: str = ""
    ongoing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationField:
    """Say where an observation's value, unit and limits of the normal range come from."""

    value: Field
    unit: Field | None = None
    lower_limit: Field | None = None
    upper_limit: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """Say how one sheet feeds one study table; `label` names this part of the mapping in messages.

    `times` holds the fields for date, day, week, month or year; `observations` the fields by observation name (for one
    column per visit, and for one row per measurement under the name ""); `name` the field that tells the observation
    where rows do; `units` the unit by observation name; `visits` the time of each column where columns are visits,
    counted in `at`; `conditions` the field with the status of each condition where columns are conditions. `last_row`
    is the last row that is read, 0 for all.
    """

    label: str
    feeds: str
    file: str
    patient_id: str
    sheet: str = ""
    header_row: int = 1
    last_row: int = 0
    layout: str = ""
    ignore: tuple[str, ...] = ()
    repeated: bool = False
    may_be_empty: bool = False
    decimal: str = "."
    delimiter: str = ""
    encoding: str = "utf-8"
    date_format: tuple[str, ...] = ()
    columns: Map[str, Field] = field(default_factory=dict)
    times: Map[str, Field] = field(default_factory=dict)
    observations: Map[str, ObservationField] = field(default_factory=dict)
    name: Field | None = None
    units: Map[str, str] = field(default_factory=dict)
    visits: Map[str, float] = field(default_factory=dict)
    at: str = ""
    conditions: Map[str, Field] = field(default_factory=dict)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """Name every source column that feeds something, once, in the order of the mapping."""
        fields = [*self.columns.values(), *self.times.values(), *self.conditions.values()]
        fields += [self.name] if self.name else []
        for item in self.observations.values():
            fields += [f for f in (item.value, item.unit, item.lower_limit, item.upper_limit) if f]
        named = [self.patient_id, *self.visits, *(f.column for f in fields if f.column)]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Hold the tables of a mapping, and the texts that mean "not recorded"."""

    tables: tuple[TableMapping, ...]
    missing: frozenset[str] = frozenset()
