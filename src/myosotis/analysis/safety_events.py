"""Adverse events as they are counted: each once, placed before, in or after the treatment-emergent window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from myosotis.analysis.event_records import begun_with, join_records, records_by_event
from myosotis.analysis.seriousness import Seriousness, seriousness
from myosotis.language.record import Days, PatientRecord

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

    Each of `first_dose`, `last_dose` and `followed_until` is the earliest and the latest day it can be. `first_dose` is
    None for a patient without a dose, `last_dose` while a course is ongoing. Follow-up begins on `followed_from`.
    """

    first_dose: Days | None
    last_dose: Days | None
    followed_from: int
    followed_until: Days

    def place(self, onset: Days, emergent_until: int) -> str:
        """Say where an event stands whose onset lies between two days.

        It is treatment-emergent from the day of the first dose to `emergent_until` days after the last dose, both
        included, and within follow-up. Where that depends on what is not exactly known, it is not evaluable.
        """
        if self.first_dose is None:
            return UNTREATED
        turns = (self.followed_from, *self.followed_until)
        days = {*onset, *(day for day in turns if onset[0] <= day <= onset[1])}
        lasts = self.last_dose or (None,)
        places = {
            self._place_of(day, first, None if last is None else last + emergent_until, until)
            for day, first, last, until in product(days, self.first_dose, lasts, self.followed_until)
        }
        return places.pop() if len(places) == 1 else NOT_EVALUABLE

    def _place_of(self, day: int, first: int, last: int | None, until: int) -> str:
        if day < first:
            return BEFORE
        if last is not None and day > last:
            return AFTER
        return EMERGENT if self.followed_from <= day <= until else OUTSIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyEvent:
    """Hold one event of one patient, its place in time, and its rows in the source.

    `term` is the preferred term, or the words of the source without one; `records` are its rows, of which `row` is
    made: several only where the source gives them one event identifier. `alike` is True where another event of the
    patient has the same term and onset, or neither has an onset day, and no identifier tells them apart; `worsened`
    where it began before the first dose and a record in the treatment-emergent window has a higher grade: then it is
    treatment-emergent from that record on.
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
        """Give the day of onset, counted from the index date; None unless it is exactly known."""
        day: int | None = self.row["start_day"]
        return day

    @property
    def coded(self) -> bool:
        """Say whether the source gives the event a coded term beside its own words."""
        return bool(_words(self.row["preferred_term"]))

    @property
    def onset(self) -> Days:
        """Give the earliest and the latest day of onset."""
        return self.row["start_low"], self.row["start_high"]

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
    worse = [_worsening(records, span, emergent_until) for records in grouped]
    rows = [join_records(records) for records in grouped]
    rows = [row if later is None else begun_with(row, later) for row, later in zip(rows, worse, strict=True)]
    onsets = [(_term(row).casefold(), row["start_day"]) for row in rows]
    unnamed = {onset for onset, row in zip(onsets, rows, strict=True) if row["event_id"] is None}
    return [
        SafetyEvent(
            patient=record.patient_id,
            term=_term(row),
            organ_class=_words(row["organ_class"]) or "organ class not recorded",
            place=span.place((row["start_low"], row["start_high"]), emergent_until),
            judged=seriousness(row),
            row=row,
            records=records,
            alike=onsets.count(onset) > 1 and onset in unnamed,
            worsened=later is not None,
        )
        for row, records, onset, later in zip(rows, grouped, onsets, worse, strict=True)
    ]


def _worsening(records: Sequence[Mapping[str, Any]], span: Span, emergent_until: int) -> Mapping[str, Any] | None:
    """Find the first record in the treatment-emergent window of a higher grade than before the first dose."""
    placed = [(row, span.place((row["start_low"], row["start_high"]), emergent_until)) for row in records]
    before = [row["grade"] or 0 for row, place in placed if place == BEFORE]
    worse = [row for row, place in placed if place == EMERGENT and before and (row["grade"] or 0) > max(before)]
    return min(worse, key=lambda row: (row["start_high"], row["source_row"]), default=None)


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
