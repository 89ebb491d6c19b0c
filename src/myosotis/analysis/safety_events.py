"""Adverse events as they are counted: each once, placed before, in or after the treatment-emergent window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.event_records import join_records, records_by_event
from myosotis.analysis.seriousness import Seriousness, seriousness
from myosotis.language.record import PatientRecord

__all__ = [
    "AFTER",
    "BEFORE",
    "EMERGENT",
    "NOT_EVALUABLE",
    "NOT_RECORDED",
    "OUTSIDE",
    "UNTREATED",
    "SafetyEvent",
    "Span",
    "one_spelling",
    "patients_of",
    "read_events",
]

EMERGENT = "treatment-emergent"
BEFORE = "before the first dose"
AFTER = "after the treatment-emergent window"
OUTSIDE = "outside follow-up"
NOT_EVALUABLE = "onset day not known"
UNTREATED = "no dose of the treatment"
NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Bound one patient's treatment and follow-up by days from the index date, all included.

    `first_dose` is None for a patient without a dose, `last_dose` while a course is ongoing. `followed_from` and
    `followed_until` bound the follow-up.
    """

    first_dose: int | None
    last_dose: int | None
    followed_from: int
    followed_until: int

    def place(self, day: int | None, emergent_until: int) -> str:
        """Say where an event with onset on a day stands.

        It is treatment-emergent from the day of the first dose to `emergent_until` days after the last dose, both
        included, and within follow-up; without an onset day that is not evaluable.
        """
        if self.first_dose is None:
            return UNTREATED
        if day is None:
            return NOT_EVALUABLE
        if day < self.first_dose:
            return BEFORE
        if self.last_dose is not None and day > self.last_dose + emergent_until:
            return AFTER
        return EMERGENT if self.followed_from <= day <= self.followed_until else OUTSIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyEvent:
    """Hold one event of one patient, its place in time, and its rows in the source.

    `term` is the preferred term, or the words of the source without one; `records` are its rows, of which `row` is
    made: several only where the source gives them one event identifier. `alike` is True where another event of the
    patient has the same term and onset, or neither has an onset day, and no identifier tells them apart; `worsened`
    where it began before the first dose and a record in the treatment-emergent window has a higher grade.
    """

    patient: str
    term: str
    organ_class: str
    place: str
    judged: Seriousness
    row: Mapping[str, Any]
    records: tuple[Mapping[str, Any], ...] = ()
    alike: bool = False
    worsened: bool = False

    @property
    def renamed(self) -> bool:
        """Say whether the event's rows name more than one term."""
        return len({_term(row).casefold() for row in self.records}) > 1

    @property
    def day(self) -> int | None:
        """Give the day of onset, counted from the index date."""
        day: int | None = self.row["start_day"]
        return day

    @property
    def grade(self) -> int | None:
        """Give the grade, 1 to 5."""
        grade: int | None = self.row["grade"]
        return grade

    def text(self, column: str) -> str:
        """Give a text of the row in lower case, or that it was not recorded."""
        return _words(self.row[column]).casefold() or NOT_RECORDED


def read_events(record: PatientRecord, span: Span, emergent_until: int) -> list[SafetyEvent]:
    """Read a patient's events in order of source row: each row is one, save rows that share an event identifier.

    Those are one event, which counts once, at its highest grade and with its first onset (see `join_records`).
    """
    grouped = records_by_event(record.events)
    rows = [join_records(records) for records in grouped]
    onsets = [(_term(row).casefold(), row["start_day"]) for row in rows]
    unnamed = {onset for onset, row in zip(onsets, rows, strict=True) if row["event_id"] is None}
    return [
        SafetyEvent(
            patient=record.patient_id,
            term=_term(row),
            organ_class=_words(row["organ_class"]) or "organ class not recorded",
            place=span.place(row["start_day"], emergent_until),
            judged=seriousness(row),
            row=row,
            records=records,
            alike=onsets.count(onset) > 1 and onset in unnamed,
            worsened=_worsened(records, span, emergent_until),
        )
        for row, records, onset in zip(rows, grouped, onsets, strict=True)
    ]


def _worsened(records: Sequence[Mapping[str, Any]], span: Span, emergent_until: int) -> bool:
    grades: dict[str, int] = {}
    for row in records:
        place = span.place(row["start_day"], emergent_until)
        grades[place] = max(grades.get(place, 0), row["grade"] or 0)
    return BEFORE in grades and grades.get(EMERGENT, 0) > grades[BEFORE]


def one_spelling(events: Iterable[SafetyEvent]) -> dict[str, str]:
    """Map every spelling of a term or class, in lower case, to the one printed: the first in alphabetical order."""
    found: dict[str, str] = {}
    for name in sorted({name for event in events for name in (event.term, event.organ_class)}):
        found.setdefault(name.casefold(), name)
    return found


def patients_of(events: Sequence[SafetyEvent]) -> list[str]:
    """List the patients of some events, each once, in identifier order."""
    return sorted({event.patient for event in events})


def _term(row: Mapping[str, Any]) -> str:
    return _words(row["preferred_term"]) or _words(row["term"])


def _words(text: str | None) -> str:
    return " ".join((text or "").split())
