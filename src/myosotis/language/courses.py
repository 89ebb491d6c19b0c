"""Reading courses of treatment for one patient in plain Python: doses, days, starts and stops."""

from __future__ import annotations

import math
from collections.abc import Iterable

from myosotis.core.spans import days_in_every
from myosotis.language.criteria import Started, Taking
from myosotis.language.interval import MISSING, Interval, between, exactly, together
from myosotis.language.outcome import Evidence
from myosotis.language.read_observations import Found, Judged, place
from myosotis.language.record import FAR, Days, PatientRecord, Row, matches
from myosotis.language.values import CumulativeDose, DaysOn, DoseOn, Drugs, StartDay, StopDay

__all__ = [
    "DOSE_UNITS", "cumulative_dose", "daily_dose", "days_on", "dose_on", "start_day", "started", "stop_day", "taking",
]  # fmt: skip

Span = tuple[float, float]

# Dose units in mg: per administration (to be multiplied by times per day, or divided by the days of `every`), or per day
# as they stand. A dose in another unit has no daily dose.
DOSE_UNITS: dict[str, tuple[float | None, float | None]] = {
    "mg": (1.0, None),
    "g": (1000.0, None),
    "µg": (0.001, None),
    "mg/day": (None, 1.0),
    "g/day": (None, 1000.0),
    "µg/day": (None, 0.001),
    "mg/week": (None, 1.0 / 7),
    "g/week": (None, 1000.0 / 7),
    "µg/week": (None, 0.001 / 7),
}


def start_day(node: StartDay, record: PatientRecord) -> Found:
    """Find the first day on the drugs."""
    rows = _courses(node.drugs, record)
    if not rows:
        return MISSING, ()
    bounds = min(row["start_low"] for row in rows), min(row["start_high"] for row in rows)
    first = min(rows, key=lambda row: (row["start_low"], row["start_high"], *place(row)))
    return _day(bounds), (_course_evidence(first),)


def stop_day(node: StopDay, record: PatientRecord) -> Found:
    """Find the last day on the drugs; none while a course is ongoing, unless death ended it."""
    rows = _courses(node.drugs, record)
    evidence = tuple(_course_evidence(row) for row in rows)
    if not rows or (any(row["ongoing"] for row in rows) and record.follow_up.death == (FAR, FAR)):
        return MISSING, evidence
    return _day((max(row["stop_low"] for row in rows), max(row["stop_high"] for row in rows))), evidence


def dose_on(node: DoseOn, day: Interval, record: PatientRecord) -> Found:
    """Add up the daily doses of the courses that cover a day."""
    if not day.recorded:
        return between(None, None, day.recorded), ()
    rows = _courses(node.drugs, record)
    certain, possible = _covering(rows, day)
    evidence = tuple(_course_evidence(row) for row in possible)
    if _out_of_sight(day, record):
        return between(None, None, None), evidence
    return _total([(daily_dose(row, node.drugs), float(row in certain), 1.0) for row in possible]), evidence


def cumulative_dose(node: CumulativeDose, first: Interval, last: Interval, record: PatientRecord) -> Found:
    """Add up daily doses over the days of an interval."""
    recorded = together((first, last))
    if not recorded:
        return between(None, None, recorded), ()
    shared = [(row, *_overlap(row, first, last)) for row in _courses(node.drugs, record)]
    possible = [(row, least, most) for row, least, most in shared if most > 0]
    evidence = tuple(_course_evidence(row) for row, _, _ in possible)
    return _total([(daily_dose(row, node.drugs), least, most) for row, least, most in possible]), evidence


def days_on(node: DaysOn, first: Interval, last: Interval, record: PatientRecord) -> Found:
    """Count the days of an interval that at least one course covers."""
    recorded = together((first, last))
    if not recorded:
        return between(None, None, recorded), ()
    rows = [row for row in _courses(node.drugs, record) if _overlap(row, first, last)[1] > 0]
    evidence = tuple(_course_evidence(row) for row in rows)
    narrow, wide = _bounds(first.high, last.low), _bounds(first.low, last.high)
    sure = _covered(((row["start_high"], row["stop_low"]) for row in rows), narrow)
    touched = any(_overlap(row, first, last)[0] > 0 for row in rows)
    most = _covered(((row["start_low"], row["stop_high"]) for row in rows), wide)
    return between(float(max(sure, touched)), float(most)), evidence


def started(node: Started, after: Interval, until: Interval, record: PatientRecord) -> Judged:
    """Say whether a course started in an interval, and which."""
    there = together((after, until))
    if not there:
        return None, there, ()
    begin, end = _bounds(after.low, after.high), _bounds(until.low, until.high)
    rows = _courses(node.drugs, record)
    sure, maybe = [], []
    for row in rows:
        earlier = [one for one in rows if one["drug"] == row["drug"]] if node.new_only else []
        may_be_old = any(one["start_low"] <= begin[1] for one in earlier)
        is_old = any(one["start_high"] <= begin[0] for one in earlier)
        if row["start_low"] > begin[1] and row["start_high"] <= end[0] and not may_be_old:
            sure.append(row)
        elif row["start_high"] > begin[0] and row["start_low"] <= end[1] and not is_old:
            maybe.append(row)
    evidence = tuple(_course_evidence(row) for row in (sure or maybe))
    if sure:
        return True, True, evidence
    return (None, True, evidence) if maybe else (False, True, ())


def taking(node: Taking, day: Interval, record: PatientRecord) -> Judged:
    """Say whether a course covers a day."""
    if not day.recorded:
        return None, day.recorded, ()
    certain, possible = _covering(_courses(node.drugs, record), day)
    if certain:
        return True, True, tuple(_course_evidence(row) for row in certain)
    evidence = tuple(_course_evidence(row) for row in possible)
    if _out_of_sight(day, record):
        return None, None, evidence
    return (None, True, evidence) if possible else (False, True, ())


def daily_dose(row: Row, drugs: Drugs) -> float | None:
    """Give a course's daily dose in mg times the drug's factor; None without a dose or in a unit that has no daily mg."""
    per_dose, per_day = DOSE_UNITS.get(row["dose_unit"] or "", (None, None))
    times, every = row["times_per_day"], row["every"]
    if every is not None and (times is not None or per_day is not None):
        return None  # two words for how often, which may contradict each other
    if every is not None:
        days = days_in_every(every)
        times = None if days is None else 1.0 / days
    if per_day is None and per_dose is not None and times is not None:
        per_day = per_dose * times
    if row["dose"] is None or per_day is None:
        return None
    return float(row["dose"] * per_day * dict(drugs.factors).get(row["drug"], 1.0))


def _courses(drugs: Drugs, record: PatientRecord) -> list[Row]:
    return sorted((row for row in record.treatments if matches(drugs, row)), key=place)


def _covering(rows: Iterable[Row], day: Interval) -> tuple[list[Row], list[Row]]:
    """Split off the courses that cover a day for certain; the second list holds these and those that may."""
    low, high = _bounds(day.low, day.high)
    possible = [row for row in rows if row["start_low"] <= high and low <= row["stop_high"]]
    return [row for row in possible if row["start_high"] <= low and high <= row["stop_low"]], possible


def _out_of_sight(day: Interval, record: PatientRecord) -> bool:
    """Say whether a day may lie beyond the last contact with a patient who may be alive on it: nobody knows then."""
    low, high = _bounds(day.low, day.high)
    return high > record.follow_up.last_contact[0] and low <= record.follow_up.death[1]


def _overlap(row: Row, first: Interval, last: Interval) -> tuple[float, float]:
    """Count the least and the most days that a course can share with an interval of days."""
    narrow, wide = _bounds(first.high, last.low), _bounds(first.low, last.high)
    sure = min(row["stop_low"], narrow[1]) - max(row["start_high"], narrow[0]) + 1
    # Known to have lasted a day somewhere within the interval, though not on which.
    somewhere = (
        max(row["start_low"], row["stop_low"]) >= narrow[0] and min(row["start_high"], row["stop_high"]) <= narrow[1]
    )
    most = min(row["stop_high"], wide[1]) - max(row["start_low"], wide[0]) + 1
    return max(0.0, float(sure), float(somewhere and most > 0)), max(0.0, float(most))


def _covered(spans: Iterable[Days], within: Span) -> int:
    """Count the whole days of an interval that spans cover together."""
    count, reached = 0, math.ceil(within[0]) - 1
    for first, last in sorted(spans):
        begin, end = max(first, reached + 1), min(last, math.floor(within[1]))
        if end >= begin:
            count, reached = count + end - begin + 1, end
    return count


def _total(doses: list[tuple[float | None, float, float]]) -> Interval:
    """Add up doses that are taken at least and at most so often; a dose that is not known leaves the sum open."""
    if any(dose is None and least > 0 for dose, least, _ in doses):
        return MISSING
    if any(dose is None for dose, _, _ in doses):
        return between(None, None, None)
    low = sum(dose * least for dose, least, _ in doses if dose is not None)
    high = sum(dose * most for dose, _, most in doses if dose is not None)
    return between(float(low), float(high))


def _bounds(low: float | None, high: float | None) -> Span:
    return (-FAR if low is None else low, FAR if high is None else high)


def _day(days: Days) -> Interval:
    low, high = (None if abs(day) >= FAR else float(day) for day in days)
    return exactly(low) if low is not None and low == high else between(low, high)


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
