"""Courses of a drug as one patient took them: when it was paused, when it was stopped, and the reasons given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from myosotis.analysis.cohort import Listing, evidence_row
from myosotis.analysis.event_rates import Stretches, on_treatment
from myosotis.analysis.safety_events import Span
from myosotis.language.record import PatientRecord, Row, matches
from myosotis.language.values import Drugs

__all__ = ["NO_REASON", "DrugCourse", "Pause", "course_evidence", "drug_course"]

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

    `stretches` are first and last days on the drug, both included. `overlapping` says that two courses share a day;
    `undated` counts courses without a start day, which cover none; `rows` are the courses within follow-up and those.
    """

    patient: str
    stretches: Stretches
    interruptions: tuple[Pause, ...]
    stopped: Pause | None
    overlapping: bool
    undated: int
    units: frozenset[str]
    rows: tuple[Row, ...]


def drug_course(record: PatientRecord, drugs: Drugs, first_day: int, last_day: int) -> DrugCourse:
    """Read the courses of a drug between two days, both included.

    A day between two courses that none covers is an interruption; days after the last course are a stop, unless
    follow-up ends on its last day. The reason is the one written on the course that ended the day before, the lowest
    source row with a reason when several did.
    """
    rows = sorted((row for row in record.treatments if matches(drugs, row)), key=_place)
    span = Span(first_dose=None, last_dose=None, followed_from=first_day, followed_until=last_day)
    stretches = on_treatment(record, drugs, span)
    pauses = [
        Pause(first_day=end + 1, last_day=begin - 1, reason=_reason(rows, end))
        for (_, end), (begin, _) in pairwise(stretches)
    ]
    stopped = None
    if stretches and stretches[-1][1] < last_day:
        end = stretches[-1][1]
        stopped = Pause(first_day=end + 1, last_day=None, reason=_reason(rows, end))
    within = [row for row in rows if _within(row, first_day, last_day)]
    undated = [row for row in rows if row["start_day"] is None]
    return DrugCourse(
        patient=record.patient_id,
        stretches=stretches,
        interruptions=tuple(pauses),
        stopped=stopped,
        overlapping=_overlap(within),
        undated=len(undated),
        units=frozenset(row["dose_unit"] or "" for row in within),
        rows=(*within, *undated),
    )


def course_evidence(patient: str, rows: Iterable[Row], value: Mapping[str, Any]) -> list[Listing]:
    """Make the listing rows of something read from courses: what was read, then every course."""
    return [
        evidence_row(patient, "value", {"source_row": None, **value}),
        *(evidence_row(patient, "evidence", _told(row)) for row in rows),
    ]


def _told(row: Row) -> dict[str, Any]:
    times = "" if row["times_per_day"] is None else f"{row['times_per_day']:g} times a day"
    end = f"to day {row['stop_day']}" if row["has_stop"] else "ongoing"
    return {
        "item": row["drug"] or "",
        "number": row["dose"],
        "text": "; ".join(part for part in (times, end, row["stop_reason"] or "") if part),
        "unit": row["dose_unit"] or "",
        "day": row["start_day"],
        "date": row["start"],
        "source": row["source"],
        "sheet": row["sheet"] or "",
        "source_row": row["source_row"],
    }


def _place(row: Row) -> tuple[int, str, str]:
    return (row["source_row"], row["source"], row["sheet"] or "")


def _reason(rows: Sequence[Row], end: int) -> str:
    ended = [row for row in rows if row["start_day"] is not None and row["has_stop"] and row["stop_day"] == end]
    reasons = [" ".join((row["stop_reason"] or "").split()) for row in ended]
    return next((reason for reason in reasons if reason), NO_REASON)


def _within(row: Row, first_day: int, last_day: int) -> bool:
    started = row["start_day"] is not None and row["start_day"] <= last_day
    return started and (not row["has_stop"] or row["stop_day"] >= max(first_day, row["start_day"]))


def _overlap(rows: Sequence[Row]) -> bool:
    """Say whether two courses share a day; one that begins on the day another ends shares it."""
    placed = sorted(rows, key=lambda row: row["start_day"])
    reach: float = float("-inf")
    for row in placed:
        if row["start_day"] <= reach:
            return True
        reach = max(reach, row["stop_day"] if row["has_stop"] else float("inf"))
    return False
