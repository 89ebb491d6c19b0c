"""One patient's record: every row that belongs to the patient, on the clock of the index date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from myosotis.errors import ProtocolError
from myosotis.language.declared import check_fields
from myosotis.language.values import Drugs

if TYPE_CHECKING:
    from myosotis.model.dataset import Dataset

__all__ = [
    "IndexDate",
    "Row",
    "PatientRecord",
    "date_of",
    "first_dose",
    "matches",
    "recorded_days",
    "records",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDate:
    """Say what day 0 is for each patient.

    `first dose`: the first start of any of the drugs. `date on the patient`: a date column of the patients table.
    `days as recorded`: the source counts days from an index date of its own and no calendar date is used.
    """

    rule: Literal["first dose", "date on the patient", "days as recorded"]
    drugs: Drugs | None = None
    field: str = ""

    def __post_init__(self) -> None:
        check_fields(self)

    def __str__(self) -> str:
        if self.drugs is not None:
            return f"the first dose of {self.drugs.label}"
        return f"the {self.field.replace('_', ' ')}" if self.field else "the day that the source counts from"


def first_dose(*names: str) -> IndexDate:
    """Count days from the first start of any of the drugs."""
    return IndexDate(rule="first dose", drugs=Drugs(label=" or ".join(names), names=names))


def date_of(field: str) -> IndexDate:
    """Count days from a date of the patients table: `diagnosis_date`, `onset_date` or `birth_date`."""
    if field not in ("diagnosis_date", "onset_date", "birth_date"):
        raise ProtocolError(f"{field!r} is no date of the patients table; use diagnosis_date, onset_date or birth_date")
    return IndexDate(rule="date on the patient", field=field)


def recorded_days() -> IndexDate:
    """Use the days that the source recorded, whose day 0 is its own."""
    return IndexDate(rule="days as recorded")


Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRecord:
    """Hold one patient's rows; each carries `day` (or `start_day`, `stop_day`) from the index date, None if unknown.

    `index_date` is None for a patient who has no index date (then no row has a day) or on the source's own clock.
    """

    patient_id: str
    index_date: date | None
    patient: Row
    observations: tuple[Row, ...]
    treatments: tuple[Row, ...]
    conditions: tuple[Row, ...]
    events: tuple[Row, ...]


def records(data: Dataset, index: IndexDate) -> Iterator[PatientRecord]:
    """Yield the record of every patient, in the order of the patients table."""
    grouped: dict[str, dict[str, list[Row]]] = {}
    for table in ("observations", "treatments", "conditions", "events"):
        for row in getattr(data, table).to_pylist():
            grouped.setdefault(row["patient_id"], {}).setdefault(table, []).append(row)
    for patient in data.patients.to_pylist():
        rows = grouped.get(patient["patient_id"], {})
        day_zero = _index_date(index, patient, rows.get("treatments", []))
        own_clock = index.rule == "days as recorded"
        yield PatientRecord(
            patient_id=patient["patient_id"],
            index_date=day_zero,
            patient=patient,
            observations=tuple(
                _placed(row, day_zero, own_clock, "date", "day") for row in rows.get("observations", [])
            ),
            treatments=tuple(_course(row, day_zero, own_clock) for row in rows.get("treatments", [])),
            conditions=tuple(_placed(row, day_zero, own_clock, "date", "day") for row in rows.get("conditions", [])),
            events=tuple(_course(row, day_zero, own_clock) for row in rows.get("events", [])),
        )


def matches(drugs: Drugs, row: Row) -> bool:
    """Say whether a treatment row is of the named drugs."""
    if row["drug"] in drugs.except_names or row["drug_class"] in drugs.except_classes:
        return False
    return row["drug"] in drugs.names or row["drug_class"] in drugs.classes


def _index_date(index: IndexDate, patient: Row, treatments: list[Row]) -> date | None:
    if index.rule == "date on the patient":
        found: date | None = patient[index.field]
        return found
    if index.rule == "first dose":
        assert index.drugs is not None
        starts = [row["start"] for row in treatments if matches(index.drugs, row) and row["start"] is not None]
        return min(starts, default=None)
    return None


def _placed(row: Row, day_zero: date | None, own_clock: bool, date_column: str, day_column: str) -> Row:
    """Give a row its day: from its date where there is one, else the day it was recorded with."""
    dated = row[date_column]
    if own_clock:
        day = row[day_column]
    elif day_zero is None:
        day = None
    else:
        day = (dated - day_zero).days if dated is not None else row[day_column]
    return {**row, day_column: day}


def _course(row: Row, day_zero: date | None, own_clock: bool) -> Row:
    placed = _placed(row, day_zero, own_clock, "start", "start_day")
    placed = _placed(placed, day_zero, own_clock, "stop", "stop_day")
    placed["has_stop"] = row["stop"] is not None or row["stop_day"] is not None
    return placed
