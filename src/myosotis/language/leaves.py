"""Reading leaves for one patient in plain Python: which row counts, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from myosotis.language.criteria import HasCondition, PatientIs
from myosotis.language.outcome import Evidence
from myosotis.language.record import PatientRecord, Row
from myosotis.language.values import (
    Nearest,
    PatientNumber,
    Picked,
    VisitDay,
)
from myosotis.language.windows import Window

__all__ = [
    "ABSENT",
    "Found",
    "Judged",
    "condition",
    "nearest",
    "patient_is",
    "patient_number",
    "pick",
    "pick_text",
    "place",
    "visit_day",
]

Found = tuple[float | None, tuple[Evidence, ...]]
Judged = tuple[bool | None, tuple[Evidence, ...]]

ABSENT = "absent"
_DAYS_PER_YEAR = 365.25
_DAYS_PER_MONTH = 365.25 / 12


def pick(node: Picked, record: PatientRecord) -> tuple[Row | None, tuple[Evidence, ...]]:
    """Find the numeric observation that a `Picked` means."""
    rows = [row for row in _in_window(record, node.name, node.window) if row["number"] is not None]
    return _first(rows, node)


def pick_text(node: Picked, record: PatientRecord) -> tuple[Row | None, tuple[Evidence, ...]]:
    """Find the observation with a text that a `Picked` means."""
    rows = [row for row in _in_window(record, node.name, node.window) if row["text"] is not None]
    return _first(rows, node)


def visit_day(node: VisitDay, record: PatientRecord) -> Found:
    """Find the day nearest to a window's target on which any of the named observations was made."""
    rows = [row for name in node.names for row in _in_window(record, name, node.window)]
    days = sorted({row["day"] for row in rows}, key=lambda day: (abs(day - node.window.target), day))
    if not days:
        return None, ()
    used = min((row for row in rows if row["day"] == days[0]), key=place)
    return float(days[0]), (_evidence(used, "visit"),)


def nearest(node: Nearest, to: float | None, record: PatientRecord) -> Found:
    """Find the observation nearest to a day."""
    if to is None:
        return None, ()
    rows = [
        row
        for row in record.observations
        if row["name"] == node.name
        and row["number"] is not None
        and row["day"] is not None
        and abs(row["day"] - to) <= node.within
    ]
    if not rows:
        return None, ()
    row = min(rows, key=lambda row: (abs(row["day"] - to), row["day"], *place(row)))
    return row["number"], (_evidence(row, node.label),)


def patient_number(node: PatientNumber, record: PatientRecord) -> Found:
    """Work out an age (years) or a disease duration (months) at the index date."""
    patient = record.patient
    birth, onset, diagnosis = patient["birth_date"], patient["onset_date"], patient["diagnosis_date"]
    number: float | None = None
    if node.field == "age_at_index":
        if birth is not None and record.index_date is not None:
            number = _age(birth, record.index_date)
        elif patient["age_at_index"] is not None:
            number = float(patient["age_at_index"])
    elif node.field == "age_at_onset":
        if birth is not None and onset is not None:
            number = _age(birth, onset)
        elif patient.get("age_at_onset") is not None:
            number = float(patient["age_at_onset"])
    elif node.field == "time_since_diagnosis" and diagnosis is not None and record.index_date is not None:
        number = (record.index_date - diagnosis).days / _DAYS_PER_MONTH
    return number, (_patient_evidence(record, node.field.replace("_", " "), number),)


def _age(birth: date, on: date) -> float:
    """Give the age in years: days / 365.25, held within the completed years, so that a birthday is the full year."""
    completed = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    return max(float(completed), min((on - birth).days / _DAYS_PER_YEAR, completed + 1 - 1 / _DAYS_PER_YEAR))


def patient_is(node: PatientIs, record: PatientRecord) -> Judged:
    """Compare a field of the patient with the texts asked for."""
    text = record.patient[node.field]
    return (None if text is None else text in node.texts), (_patient_evidence(record, node.field, None, text or ""),)


def condition(node: HasCondition, first: float | None, last: float | None, record: PatientRecord) -> Judged:
    """Say whether a condition was recorded in an interval; None as a bound that was asked for is not evaluable."""
    if (node.first is not None and first is None) or (node.last is not None and last is None):
        return None, ()
    rows = [
        row
        for row in record.conditions
        if row["name"] in node.names
        and (row["status"] in node.statuses if node.statuses else row["status"] != ABSENT)
        and _within(row["day"], first, last)
    ]
    return bool(rows), tuple(_evidence(row, row["name"]) for row in rows)


def _within(day: int | None, first: float | None, last: float | None) -> bool:
    if first is None and last is None:
        return True
    return day is not None and (first is None or first <= day) and (last is None or day <= last)


def _in_window(record: PatientRecord, name: str, window: Window) -> list[Row]:
    return [
        row
        for row in record.observations
        if row["name"] == name and row["day"] is not None and window.contains(row["day"])
    ]


def _first(rows: Sequence[Row], node: Picked) -> tuple[Row | None, tuple[Evidence, ...]]:
    if not rows:
        return None, ()
    row = min(rows, key=lambda row: (*_rank(node, row), *place(row)))
    return row, (_evidence(row, f"{node.label} at {node.window.label}"),)


def _rank(node: Picked, row: Row) -> tuple[float, ...]:
    match node.rule:
        case "nearest":
            return (abs(row["day"] - node.window.target), row["day"])
        case "first":
            return (row["day"],)
        case "last":
            return (-row["day"],)
        case "lowest":
            return (row["number"], row["day"])
        case "highest":
            return (-row["number"], row["day"])


def place(row: Row) -> tuple[int, str, str, str]:
    """Order rows of one day: the lower source row, then the file, the sheet and the column by their names."""
    return (row["source_row"], row["source"], row["sheet"] or "", row.get("source_column") or "")


def _evidence(row: Row, item: str) -> Evidence:
    return Evidence(
        item=item,
        number=row.get("number"),
        text=row.get("text") or row.get("status") or "",
        unit=row.get("unit") or "",
        day=row["day"],
        date=row["date"],
        source=row["source"],
        sheet=row["sheet"] or "",
        source_row=row["source_row"],
        source_column=row.get("source_column") or "",
    )


def _patient_evidence(record: PatientRecord, item: str, number: float | None, text: str = "") -> Evidence:
    patient = record.patient
    return Evidence(
        item=item,
        number=number,
        text=text,
        unit="",
        day=0,
        date=record.index_date,
        source=patient["source"],
        sheet=patient["sheet"] or "",
        source_row=patient["source_row"],
        source_column="",
    )
