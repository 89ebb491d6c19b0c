"""Rows of observations: one row per visit, one row per measurement, or one column per visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from myosotis.core.definition import Definition
from myosotis.core.spans import DateSpan, NumberSpan
from myosotis.model.cells import Refusal, read_text, read_time, whole_day
from myosotis.model.claims import CellFate, Record
from myosotis.model.dates import read_date_or_span
from myosotis.model.layout import Field, ObservationField
from myosotis.model.quantities import read_limit, read_value
from myosotis.model.rows import FieldReading, SheetReader
from myosotis.sources.sheet import Row, is_blank, text_of

__all__ = ["measurement_row", "visit_columns", "visit_row"]


def visit_row(context: SheetReader, row: Row, identity: FieldReading) -> Iterator[Record]:
    """Read one row as one visit: every observation with a value, at the row's time."""
    told = [item for item in context.table.observations.values() if context.given(row, item.value)]
    time = _time(context, row, len(told)) if told else None
    if not told:
        for item in context.table.observations.values():
            context.take(row, item.value, read_text)  # a text that means "missing" is claimed as such
        context.note_empty(row)
    if time is None:
        return
    for name, item in context.table.observations.items():
        definition = context.catalogue[name]
        yield from _observation(context, row, identity, time, definition, item, item.value)


def measurement_row(context: SheetReader, row: Row, identity: FieldReading) -> Iterator[Record]:
    """Read one row as one measurement, of the observation that it names."""
    name_field, item = context.table.name, context.table.observations[""]
    assert name_field is not None
    if not context.given(row, item.value):
        context.take(row, item.value, read_text)
        context.note_empty(row)
        return
    name = context.take(row, name_field, read_text)
    if name.ignored:
        context.close_row(row, "ignored", "observation declared as ignored")
        return
    if name.value is None:
        if not name.refused:
            refusal = Refusal("name missing", "a value without its name", "a name", "fill it in or remove the row")
            context.notebook.problem(refusal, context.place(row, name_field.column))
        context.lose(row)
        return
    if name.value not in context.catalogue:
        refusal = Refusal(
            "unknown observation",
            "a name that is not in the catalogue",
            "the name of an observation",
            "add codes to the name in the mapping, or list the text under its ignore",
        )
        context.notebook.refuse(refusal, context.place(row, name_field.column))
        context.lose(row)
        return
    time = _time(context, row, 1)
    if time is None:
        return
    definition = context.catalogue[name.value]
    unit = Field(constant=context.table.units[name.value]) if name.value in context.table.units else item.unit
    item = replace(item, unit=unit)
    for record in _observation(context, row, identity, time, definition, item, item.value):
        yield replace(record, claims={**record.claims, "name": name.claims})


def visit_columns(context: SheetReader, row: Row, identity: FieldReading) -> Iterator[Record]:
    """Read one row as one patient's values of one observation, a column for each visit."""
    ((name, item),) = context.table.observations.items()
    definition, at = context.catalogue[name], context.table.at
    if all(is_blank(row.cells[context.columns[column]]) for column in context.table.visits):
        context.note_empty(row)
    for column, moment in context.table.visits.items():
        values = {"day": whole_day(moment, at), "week": float(moment) if at == "week" else None}
        time = _Time(values, {})
        yield from _observation(
            context, row, identity, time, definition, item, Field(column=column, codes=item.value.codes)
        )


@dataclass(frozen=True, slots=True)
class _Time:
    values: Mapping[str, Any]
    claims: Mapping[str, tuple[CellFate, ...]]


def _time(context: SheetReader, row: Row, told: int) -> _Time | None:
    """Read when the row was observed; None when that is not known, with a finding, or declared as ignored.

    `told` is the number of values on the row, which are lost without their time.
    """
    values: dict[str, Any] = {}
    claims: dict[str, tuple[CellFate, ...]] = {}
    main = next(iter(sorted(context.table.times, key=("date", "day", "year", "month", "week").index)))
    for name, field in context.table.times.items():
        taken = context.take(row, context.dated(field), read_date_or_span if name == "date" else read_time(name))
        if name == main and taken.ignored:
            context.close_row(row, "ignored", f"{name} declared as ignored")
            return None
        if name == main and taken.value is None:
            context.lose(row, told)
            if not taken.refused:
                refusal = Refusal(
                    "time missing",
                    f"values without their {name}",
                    f"a {name} on every row with values",
                    "fill it in; a nominal week stands in for a date only where the mapping declares week alone",
                )
                context.notebook.problem(refusal, context.place(row, field.column))
            return None
        if isinstance(taken.value, DateSpan):
            values |= {"date_earliest": taken.value.earliest, "date_latest": taken.value.latest}
        elif name == "date":
            values["date"] = taken.value
        if name == "week" and taken.value is not None:
            values["week"] = taken.value
        if name in ("day", "year", "month", "week") and name == main:
            values["day"] = whole_day(taken.value, name)
        claims[name] = taken.claims
        if name in ("month", "year") and taken.claims:
            claims[name] = (
                taken.claims[0]._replace(fate="converted", reason=f"{name}s to days", became=f"day {values['day']}"),
            )
    return _Time(values, claims)


def _observation(
    context: SheetReader,
    row: Row,
    identity: FieldReading,
    time: _Time,
    definition: Definition,
    item: ObservationField,
    value_field: Field,
) -> Iterator[Record]:
    unit = context.take(row, item.unit, read_text) if item.unit else FieldReading()
    taken = context.take(row, value_field, read_value(definition, unit.value))
    claims: dict[str, tuple[CellFate, ...]] = {"unit": unit.claims, **time.claims, "value": taken.claims}
    if taken.value is None:
        if taken.refused:
            context.lose(row)
        return
    values: dict[str, Any] = {"patient_id": identity.value, **time.values, "name": definition.key}
    if definition.type == "number":
        if isinstance(taken.value, NumberSpan):
            text = text_of(row.cells[context.columns[value_field.column]])
            values |= {"number_low": taken.value.low, "number_high": taken.value.high, "text": text}
        else:
            values["number"] = taken.value
        values["unit"] = definition.unit
        for limit, field in (("lower_limit", item.lower_limit), ("upper_limit", item.upper_limit)):
            if field is not None:
                bound = context.take(row, field, read_limit(definition, unit.value, upper=limit == "upper_limit"))
                values[limit] = bound.value
                claims[limit] = bound.claims
        _reject_crossed(context, row, value_field.column, values, claims)
    elif definition.type == "yes or no":
        values |= {"number": float(taken.value), "text": "yes" if taken.value else "no", "unit": definition.unit}
    else:
        values |= {"text": taken.value, "unit": definition.unit}
    yield context.record(row, value_field.column, values, {"patient_id": identity.claims, **claims})


def _reject_crossed(
    context: SheetReader, row: Row, column: str, values: dict[str, Any], claims: dict[str, tuple[CellFate, ...]]
) -> None:
    """Take out both limits of the normal range where the lower lies above the upper; neither can be trusted."""
    lower, upper = values.get("lower_limit"), values.get("upper_limit")
    if lower is None or upper is None or lower <= upper:
        return
    crossed = Refusal(
        "limits crossed", "a lower limit above the upper", "a lower limit below the upper", "correct either limit"
    )
    places = [claim.place for name in ("lower_limit", "upper_limit") for claim in claims[name]]
    context.notebook.claim(*(CellFate(place, "rejected", crossed.rule) for place in places))
    context.notebook.problem(crossed, places[0] if places else context.place(row, column))
    for name in ("lower_limit", "upper_limit"):
        values[name], claims[name] = None, ()
