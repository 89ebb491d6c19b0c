"""The course of one patient's organ condition from baseline to a visit, with the rule that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.language.record import PatientRecord
from myosotis.language.windows import Window

__all__ = ["AT_BASELINE", "OUTCOMES", "STATUS_WORDS", "Course", "course"]

# What a status says of the course; the words are compared whole, whatever their capitals.
STATUS_WORDS: dict[str, tuple[str, ...]] = {
    "improved": ("improved", "better", "improving"),
    "stable": ("stable", "unchanged", "stabilised", "stabilized"),
    "resolved": ("resolved", "absent", "none", "no"),
    "worse": ("worse", "worsened", "worsening", "progressed", "progressive"),
}
OUTCOMES = ("improved", "stable", "resolved", "worse", "not assessed", "not evaluable")
NEW = "first recorded after baseline"
ABSENT = "absent at baseline"
BASELINE_OPEN = "baseline not evaluable"
AT_BASELINE = frozenset(OUTCOMES)

_BY_WORD = {word: outcome for outcome, words in STATUS_WORDS.items() for word in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Record what became of a condition: `outcome`, the `rule` that decided, and the rows it was read from.

    The outcome is one of `OUTCOMES` for a condition present at baseline; else it was absent then (and still not
    recorded as present at the visit), first recorded after baseline, or its baseline is not evaluable.
    """

    patient: str
    condition: str
    outcome: str
    rule: str
    before: tuple[Mapping[str, Any], ...]
    after: tuple[Mapping[str, Any], ...]


def course(record: PatientRecord, condition: str, baseline: Window, visit: Window) -> Course | None:
    """Judge the course of a condition; None for a patient without any record of it up to the visit.

    Baseline is the latest day with a record in its window, and so is the visit. At baseline a status of resolved or
    absent is absence, any other is presence. At the visit the status itself says improved, stable, resolved or worse;
    no record in the window is not assessed. Statuses of one day that say different things, and at the visit a status
    that says nothing of the course (such as present), are not evaluable. A record before the baseline window does not
    stand for baseline. A record whose day is not exactly known may be the one of any visit that it can belong to: where it
    would say something else, the baseline, or the outcome, is not evaluable.
    """
    named = [row for row in record.conditions if row["name"] == condition]
    rows = [row for row in named if row["day"] is not None]
    vague = [row for row in named if row["day"] is None and row["day_low"] <= visit.last]
    before, after = _latest(rows, baseline), _latest(rows, visit)
    earlier = [row for row in rows if row["day"] <= visit.last]
    if not earlier and not vague:
        return None

    def decided(outcome: str, rule: str) -> Course:
        return Course(
            patient=record.patient_id, condition=condition, outcome=outcome, rule=rule, before=before, after=after
        )

    doubtful = [row for row in vague if row["day_low"] <= baseline.last]
    if doubtful and not _agree([*before, *doubtful], before, baseline):
        return decided(BASELINE_OPEN, f"{_words(doubtful)} on a day that is not exactly known")
    if doubtful and not before:
        before = tuple(doubtful)
    if before:
        present = {_word(row) != "resolved" for row in before}
        if len(present) > 1:
            return decided(BASELINE_OPEN, f"{_words(before)} on one day of {baseline.label}")
        if present == {True}:
            late = [row for row in vague if row["day_high"] >= visit.first]
            if {_word(row) for row in late} - {_word(row) for row in after} or (late and not after):
                return decided("not evaluable", f"{_words(late)} on a day that is not exactly known")
            return decided(*_course(after, visit))
    elif any(row["day"] < baseline.first for row in rows):
        return decided(BASELINE_OPEN, f"recorded only before {baseline.label} began")
    how = f"{_words(before)} at {baseline.label}" if before else f"no record up to {baseline.label}"
    if any(_word(row) != "resolved" and row["day_low"] > baseline.last for row in (*earlier, *vague)):
        return decided(NEW, f"{how}, recorded after it")
    return decided(ABSENT, how)


def _agree(rows: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]], baseline: Window) -> bool:
    """Say whether records that may be the baseline's say the same, one of them being in its window for certain."""
    sure = bool(known) or any(row["day_low"] >= baseline.first and row["day_high"] <= baseline.last for row in rows)
    return sure and len({_word(row) != "resolved" for row in rows}) == 1


def _course(after: Sequence[Mapping[str, Any]], visit: Window) -> tuple[str, str]:
    """Read the outcome of a condition present at baseline from its rows at the visit."""
    if not after:
        return "not assessed", f"no record in {visit.label}"
    words = {_word(row) for row in after}
    if len(words) > 1:
        return "not evaluable", f"{_words(after)} on one day of {visit.label}"
    word = words.pop()
    if word is None:
        return "not evaluable", f"{_words(after)} at {visit.label} says nothing of the course"
    return word, f"{_words(after)} on the latest day of {visit.label}"


def _latest(rows: Sequence[Mapping[str, Any]], window: Window) -> tuple[Mapping[str, Any], ...]:
    """Keep the rows of the latest day in a window, in order of their place in the source."""
    inside = [row for row in rows if window.contains(row["day"])]
    last = max((row["day"] for row in inside), default=None)
    return tuple(
        sorted(
            (row for row in inside if row["day"] == last),
            key=lambda row: (row["source"], row["sheet"] or "", row["source_row"]),
        )
    )


def _word(row: Mapping[str, Any]) -> str | None:
    return _BY_WORD.get(" ".join((row["status"] or "").split()).casefold())


def _words(rows: Sequence[Mapping[str, Any]]) -> str:
    return " and ".join(dict.fromkeys(row["status"] or "no status" for row in rows))
