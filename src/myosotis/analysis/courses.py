"""Courses of a drug as one patient took them: when it was paused, when it was stopped, and the reasons given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from myosotis.analysis.cohort import Listing, evidence_row, place_of
from myosotis.analysis.patient_days import Stretches, joined_days
from myosotis.core.plain import plain_words
from myosotis.language.picking import place
from myosotis.language.record import FAR, PatientRecord, Row, matches
from myosotis.language.values import Drugs

__all__ = ["NO_REASON", "DrugCourse", "Pause", "course_evidence", "drug_course", "end_of_course"]

NO_REASON = "no reason recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Hold the days without a drug after some days with it; `last_day` is None when it was not resumed."""

    first_day: int
    last_day: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugCourse:
    """Hold one patient's courses of a drug within follow-up.

    `stretches` are first and last days certainly on the drug, both included. `overlapping` says that two courses share a
    day; `inexact` counts courses whose start or stop within follow-up is not exactly known; `rows` are the courses within
    follow-up.
    """

    patient: str
    stretches: Stretches
    interruptions: tuple[Pause, ...]
    stopped: Pause | None
    overlapping: bool
    inexact: int
    units: frozenset[str]
    rows: tuple[Row, ...]


def drug_course(record: PatientRecord, drugs: Drugs, first_day: int, last_day: int) -> DrugCourse:
    """Read the courses of a drug between two days, both included.

    A day between two courses that none covers is an interruption; days after the last course are a stop, unless
    follow-up ends on its last day, by death or by the last contact. Days that a course not exactly known may cover are
    neither. The reason is the one written on the course that ended the day before, the lowest source row with a reason
    when several did.
    """
    rows = sorted((row for row in record.treatments if matches(drugs, row)), key=_order)
    last_day = min(last_day, record.follow_up.end[0])
    stretches = joined_days(((row["start_high"], row["stop_low"]) for row in rows), first_day, last_day)
    possible = joined_days(((row["start_low"], row["stop_high"]) for row in rows), first_day, last_day)
    pauses = [
        Pause(first_day=end + 1, last_day=begin - 1, reason=_reason(rows, end))
        for (_, end), (begin, _) in pairwise(possible)
    ]
    stopped = None
    if possible and possible[-1][1] < last_day:
        end = possible[-1][1]
        stopped = Pause(first_day=end + 1, last_day=None, reason=_reason(rows, end))
    within = [row for row in rows if row["start_low"] <= last_day and row["stop_high"] >= first_day]
    return DrugCourse(
        patient=record.patient_id,
        stretches=stretches,
        interruptions=tuple(pauses),
        stopped=stopped,
        overlapping=_overlap(within),
        inexact=sum(_is_inexact(row, first_day, last_day) for row in within),
        units=frozenset(row["dose_unit"] or "" for row in within),
        rows=tuple(within),
    )


def course_evidence(patient: str, rows: Iterable[Row], value: Mapping[str, Any]) -> list[Listing]:
    """Make the listing rows of something read from courses: what was read, then every course."""
    return [
        evidence_row(patient, "value", {"source_row": None, **value}),
        *(evidence_row(patient, "evidence", _told(row)) for row in rows),
    ]


def _told(row: Row) -> dict[str, Any]:
    times = "" if row["times_per_day"] is None else f"{row['times_per_day']:g} times a day"
    return {
        "item": row["drug"] or "",
        "number": row["dose"],
        "text": "; ".join(part for part in (times, end_of_course(row), row["stop_reason"] or "") if part),
        "unit": row["dose_unit"] or "",
        "day": row["start_day"],
        "date": row["start"],
        **place_of(row),
    }


def end_of_course(row: Row) -> str:
    """Say how a course ended, as exactly as that is known."""
    if row["ongoing"]:
        return "ongoing"
    return "stopped, day not exactly known" if row["stop_day"] is None else f"to day {row['stop_day']}"


def _order(row: Row) -> tuple[object, ...]:
    return (*place(row), plain_words(row["stop_reason"]))


def _reason(rows: Sequence[Row], end: int) -> str:
    ended = [row for row in rows if not row["ongoing"] and row["stop_high"] == end]
    reasons = [" ".join((row["stop_reason"] or "").split()) for row in ended]
    return next((reason for reason in reasons if reason), NO_REASON)


def _is_inexact(row: Row, first_day: int, last_day: int) -> bool:
    """Say whether it matters to the days of an interval that a start or stop is not exactly known."""
    begins = {max(row[name], first_day) for name in ("start_low", "start_high")}
    ends = {min(row[name], last_day) for name in ("stop_low", "stop_high")}
    return len(begins) > 1 or len(ends) > 1


def _overlap(rows: Sequence[Row]) -> bool:
    """Say whether two courses share a day; one that begins on the day another ends shares it."""
    reach = -FAR
    for first, last in sorted((row["start_high"], row["stop_low"]) for row in rows):
        if last >= first:
            if first <= reach:
                return True
            reach = max(reach, last)
    return False
