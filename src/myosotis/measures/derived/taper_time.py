"""How long a taper took: the first day on half the dose, and the first day without a dose."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import FAR, PatientRecord, matches
from myosotis.language.values import Constant
from myosotis.measures.glucocorticoids import glucocorticoid, glucocorticoid_dose_on

__all__ = ["TaperTime", "dose_steps", "last_recorded_day", "taper_time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaperTime:
    """Hold when a patient's dose first was at or below a bound, or until when it is known not to have been.

    `day` counts from day 0. `reached` is false where the patient was observed to `day` without it; `why` says what
    ended the observation. `rose_again` says that a dose after the day was above the bound.
    """

    patient: str
    day: int
    reached: bool
    why: str
    rose_again: bool


def taper_time(record: PatientRecord, bound: float, last_day: int) -> TaperTime:
    """Find the first day from day 1 on which the maintenance dose is at most `bound` (mg/day of prednisone).

    Doses are those of the courses, pulses left out. The patient is observed to `last_day`, or to the last day with any
    record if that is earlier, and no further than the day before one whose dose is unknown.
    """
    seen = last_recorded_day(record)
    until, why = (last_day, "end of follow-up") if seen >= last_day else (max(seen, 0), "last record")
    reached: int | None = None
    rose = False
    for day, dose in dose_steps(record, 1, until):
        if dose is None:
            if reached is None:
                until, why = day - 1, "dose unknown"
            break
        low = round(dose, 9) <= round(bound, 9)
        if reached is None and low:
            reached = day
        rose = rose or (reached is not None and not low)
    if reached is None:
        return TaperTime(patient=record.patient_id, day=until, reached=False, why=why, rose_again=False)
    return TaperTime(patient=record.patient_id, day=reached, reached=True, why="reached", rose_again=rose)


def dose_steps(record: PatientRecord, first_day: int, last_day: int) -> list[tuple[int, float | None]]:
    """List the days from `first_day` to `last_day` on which the maintenance dose may change, with the dose (mg/day).

    The dose holds until the day before the next; None where it is unknown. Empty when `last_day` comes first.
    """
    days = {first_day}
    for row in record.treatments:
        if matches(glucocorticoid.drugs, row):
            days |= {row["start_low"], row["start_high"], row["stop_low"] + 1, row["stop_high"] + 1}
    found: list[tuple[int, float | None]] = []
    for day in sorted(day for day in days if first_day <= day <= last_day):
        dose = evaluate_patient(glucocorticoid_dose_on(Constant(number=float(day))), record).result
        number = None if dose is None else float(dose)
        if not found or found[-1][1] != number:
            found.append((day, number))
    return found


def last_recorded_day(record: PatientRecord) -> int:
    """Give the last day on which anything was recorded of a patient; 0 when nothing was afterwards.

    The last contact is such a day; of a day that is not exactly known the earliest it can be counts.
    """
    days = [
        *(row["day_low"] for row in (*record.observations, *record.conditions)),
        *(row["start_low"] for row in (*record.treatments, *record.events)),
        *(row["stop_low"] for row in (*record.treatments, *record.events) if row["stop_day"] is not None),
        record.follow_up.end[0],
    ]
    return max((day for day in days if abs(day) < FAR), default=0)
