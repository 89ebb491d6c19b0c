"""Reading courses of treatment for one patient in plain Python: doses, days, starts and stops."""

from __future__ import annotations

from myosotis.language.criteria import Started, Taking
from myosotis.language.leaves import Found, Judged, place
from myosotis.language.outcome import Evidence
from myosotis.language.record import PatientRecord, Row, matches
from myosotis.language.values import CumulativeDose, DaysOn, DoseOn, Drugs, StartDay, StopDay

__all__ = [
    "DOSE_UNITS", "cumulative_dose", "days_on", "dose_on", "start_day", "started", "stop_day", "taking",
]  # fmt: skip

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


def start_day(node: StartDay, record: PatientRecord) -> Found:
    """Find the first day on the drugs."""
    rows = [row for row in _courses(node.drugs, record) if row["start_day"] is not None]
    if not rows:
        return None, ()
    row = min(rows, key=lambda row: (row["start_day"], *place(row)))
    return float(row["start_day"]), (_course_evidence(row),)


def stop_day(node: StopDay, record: PatientRecord) -> Found:
    """Find the last day on the drugs; none while a course is ongoing."""
    rows = [row for row in _courses(node.drugs, record) if row["start_day"] is not None]
    evidence = tuple(_course_evidence(row) for row in rows)
    if not rows or any(not row["has_stop"] for row in rows):
        return None, evidence
    return float(max(row["stop_day"] for row in rows)), evidence


def dose_on(node: DoseOn, day: float | None, record: PatientRecord) -> Found:
    """Add up the daily doses of the courses that cover a day."""
    if day is None:
        return None, ()
    rows = [row for row in _courses(node.drugs, record) if _covers(row, day)]
    doses = [_daily_dose(row, node.drugs) for row in rows]
    evidence = tuple(_course_evidence(row) for row in rows)
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
            evidence.append(_course_evidence(row))
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
    return float(len(covered)), tuple(_course_evidence(row) for row in rows)


def started(node: Started, after: float | None, until: float | None, record: PatientRecord) -> Judged:
    """Say whether a course started in an interval, and which."""
    if after is None or until is None:
        return None, ()
    rows = [row for row in _courses(node.drugs, record) if row["start_day"] is not None]
    begun = [row for row in rows if after < row["start_day"] <= until]
    if node.new_only:
        earlier = {row["drug"] for row in rows if row["start_day"] <= after}
        begun = [row for row in begun if row["drug"] not in earlier]
    return bool(begun), tuple(_course_evidence(row) for row in begun)


def taking(node: Taking, day: float | None, record: PatientRecord) -> Judged:
    """Say whether a course covers a day."""
    if day is None:
        return None, ()
    rows = [row for row in _courses(node.drugs, record) if _covers(row, day)]
    return bool(rows), tuple(_course_evidence(row) for row in rows)


def _courses(drugs: Drugs, record: PatientRecord) -> list[Row]:
    return sorted((row for row in record.treatments if matches(drugs, row)), key=place)


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


def _course_evidence(row: Row) -> Evidence:
    """Point at a course's whole row, since its dose, start and stop stand in several columns."""
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
        source_column="",
    )
