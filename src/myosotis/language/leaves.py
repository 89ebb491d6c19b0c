"""Reading leaves for one patient in plain Python: which row counts, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from myosotis.language.criteria import HasCondition, PatientIs, Started, Taking
from myosotis.language.outcome import Evidence
from myosotis.language.record import PatientRecord, Row, matches
from myosotis.language.values import (
    CumulativeDose,
    DaysOn,
    DoseOn,
    Drugs,
    Nearest,
    PatientNumber,
    Picked,
    StartDay,
    StopDay,
    VisitDay,
)
from myosotis.language.windows import Window

__all__ = [
    "ABSENT",
    "DOSE_UNITS",
    "condition",
    "cumulative_dose",
    "days_on",
    "dose_on",
    "nearest",
    "patient_is",
    "patient_number",
    "pick",
    "pick_text",
    "start_day",
    "started",
    "stop_day",
    "taking",
    "visit_day",
]

Found = tuple[float | None, tuple[Evidence, ...]]
Judged = tuple[bool | None, tuple[Evidence, ...]]

ABSENT = "absent"
# Dose units in mg: per administration (to be multiplied by times per day), or per day as they stand. A dose in another
# unit, such as mg/week, has no daily dose.
DOSE_UNITS: dict[str, tuple[float | None, float | None]] = {
    "mg": (1.0, None),
    "g": (1000.0, None),
    "µg": (0.001, None),
    "mg/day": (None, 1.0),
    "g/day": (None, 1000.0),
    "µg/day": (None, 0.001),
}
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
    used = min((row for row in rows if row["day"] == days[0]), key=_place)
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
    row = min(rows, key=lambda row: (abs(row["day"] - to), row["day"], *_place(row)))
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


def start_day(node: StartDay, record: PatientRecord) -> Found:
    """Find the first day on the drugs."""
    rows = [row for row in _courses(node.drugs, record) if row["start_day"] is not None]
    if not rows:
        return None, ()
    row = min(rows, key=lambda row: (row["start_day"], *_place(row)))
    return float(row["start_day"]), (_course_evidence(row, "start"),)


def stop_day(node: StopDay, record: PatientRecord) -> Found:
    """Find the last day on the drugs; none while a course is ongoing."""
    rows = [row for row in _courses(node.drugs, record) if row["start_day"] is not None]
    evidence = tuple(_course_evidence(row, "stop") for row in rows)
    if not rows or any(not row["has_stop"] for row in rows):
        return None, evidence
    return float(max(row["stop_day"] for row in rows)), evidence


def dose_on(node: DoseOn, day: float | None, record: PatientRecord) -> Found:
    """Add up the daily doses of the courses that cover a day."""
    if day is None:
        return None, ()
    rows = [row for row in _courses(node.drugs, record) if _covers(row, day)]
    doses = [_daily_dose(row, node.drugs) for row in rows]
    evidence = tuple(_course_evidence(row, "dose") for row in rows)
    return (None if None in doses else float(sum(dose for dose in doses if dose is not None))), evidence


def cumulative_dose(node: CumulativeDose, first: float | None, last: float | None, record: PatientRecord) -> Found:
    """Add up daily doses over the days of an interval."""
    if first is None or last is None:
        return None, ()
    total, evidence = 0.0, []
    missing = False
    for row in _courses(node.drugs, record):
        days = _overlap(row, first, last)
        if days > 0:
            evidence.append(_course_evidence(row, "dose"))
            dose = _daily_dose(row, node.drugs)
            missing = missing or dose is None
            total += (dose or 0.0) * days
    return (None if missing else total), tuple(evidence)


def days_on(node: DaysOn, first: float | None, last: float | None, record: PatientRecord) -> Found:
    """Count the days of an interval that at least one course covers."""
    if first is None or last is None:
        return None, ()
    rows = [row for row in _courses(node.drugs, record) if _overlap(row, first, last) > 0]
    covered = {
        day
        for row in rows
        for day in range(
            int(max(first, row["start_day"])), int(min(last, row["stop_day"] if row["has_stop"] else last)) + 1
        )
    }
    return float(len(covered)), tuple(_course_evidence(row, "days") for row in rows)


def started(node: Started, after: float | None, until: float | None, record: PatientRecord) -> Judged:
    """Say whether a course started in an interval, and which."""
    if after is None or until is None:
        return None, ()
    rows = [row for row in _courses(node.drugs, record) if row["start_day"] is not None]
    begun = [row for row in rows if after < row["start_day"] <= until]
    if node.new_only:
        earlier = {row["drug"] for row in rows if row["start_day"] <= after}
        begun = [row for row in begun if row["drug"] not in earlier]
    return bool(begun), tuple(_course_evidence(row, "start") for row in begun)


def taking(node: Taking, day: float | None, record: PatientRecord) -> Judged:
    """Say whether a course covers a day."""
    if day is None:
        return None, ()
    rows = [row for row in _courses(node.drugs, record) if _covers(row, day)]
    return bool(rows), tuple(_course_evidence(row, "dose") for row in rows)


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
    row = min(rows, key=lambda row: (*_rank(node, row), *_place(row)))
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


def _place(row: Row) -> tuple[int, str, str]:
    return (row["source_row"], row["source"], row["sheet"] or "")


def _courses(drugs: Drugs, record: PatientRecord) -> list[Row]:
    return sorted((row for row in record.treatments if matches(drugs, row)), key=_place)


def _covers(row: Row, day: float) -> bool:
    return row["start_day"] is not None and row["start_day"] <= day and (not row["has_stop"] or day <= row["stop_day"])


def _overlap(row: Row, first: float, last: float) -> float:
    if row["start_day"] is None:
        return 0.0
    until = min(last, row["stop_day"]) if row["has_stop"] else last
    return max(0.0, float(until - max(first, row["start_day"]) + 1))


def _daily_dose(row: Row, drugs: Drugs) -> float | None:
    """Give a course's daily dose in mg times the drug's factor; None without a dose or in a unit that has no daily mg."""
    per_dose, per_day = DOSE_UNITS.get(row["dose_unit"] or "", (None, None))
    times = per_day if per_day is not None else _times(per_dose, row["times_per_day"])
    if row["dose"] is None or times is None:
        return None
    return float(row["dose"] * times * dict(drugs.factors).get(row["drug"], 1.0))


def _times(milligrams: float | None, times_per_day: float | None) -> float | None:
    return None if milligrams is None or times_per_day is None else milligrams * times_per_day


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


def _course_evidence(row: Row, column: str) -> Evidence:
    return Evidence(
        item=row["drug"],
        number=row["dose"],
        text=f"{row['times_per_day']:g} times a day" if row["times_per_day"] is not None else "",
        unit=row["dose_unit"] or "",
        day=row["start_day"],
        date=row["start"],
        source=row["source"],
        sheet=row["sheet"] or "",
        source_row=row["source_row"],
        source_column=column,
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
