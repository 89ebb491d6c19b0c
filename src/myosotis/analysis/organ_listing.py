"""The course of an organ condition as rows and lines of a listing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.cohort import Listing, evidence_row, place_of
from myosotis.measures.derived.organ_course import Course

__all__ = ["course_line", "course_rows"]


def course_rows(one: Course) -> list[Listing]:
    """Make the listing rows of a course: the outcome, and the records of both visits that it was read from."""
    value = {"item": one.condition, "text": f"{one.outcome}: {one.rule}", "source_row": None}
    records = [
        {
            "item": one.condition,
            "text": row["status"] or "",
            "day": row["day"],
            "date": row["date"],
            **place_of(row),
        }
        for row in (*one.before, *one.after)
    ]
    return [
        evidence_row(one.patient, "value", value),
        *(evidence_row(one.patient, "evidence", record) for record in records),
    ]


def course_line(one: Course) -> list[str]:
    """Write a course as a line of the listing: what stood at both visits, the outcome with its rule, and the source."""

    def told(rows: Sequence[Mapping[str, Any]]) -> str:
        return "; ".join(f"{row['status'] or 'no status'} (day {row['day']})" for row in rows)

    places = [f"{row['sheet'] or row['source']} row {row['source_row']}" for row in (*one.before, *one.after)]
    return [one.patient, one.condition, told(one.before), told(one.after), one.outcome, one.rule, "; ".join(places)]
