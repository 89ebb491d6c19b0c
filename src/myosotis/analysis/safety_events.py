"""Adverse events as they are counted: each once, placed before, in or after the treatment-emergent window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.event_records import begun_with, join_records, records_by_event
from myosotis.language.record import Days, PatientRecord
from myosotis.measures.derived.seriousness import Seriousness, seriousness
from myosotis.measures.derived.treatment_emergent import BEFORE, EMERGENT, Span

__all__ = [
    "NOT_RECORDED",
    "SafetyEvent",
    "one_spelling",
    "patients_of",
    "read_events",
]

NOT_RECORDED = "not recorded"


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
