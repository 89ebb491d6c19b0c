"""Counts of what in the records of events contradicts itself or is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from myosotis.analysis import event_names as names
from myosotis.analysis.event_counts import Counting, CountLine
from myosotis.analysis.safety_events import SafetyEvent
from myosotis.measures.derived.events_of_interest import EventsOfInterest
from myosotis.measures.derived.treatment_emergent import EMERGENT, NOT_EVALUABLE, UNTREATED

__all__ = ["count_doubts"]

_DOUBTS: tuple[tuple[str, Callable[[SafetyEvent], bool]], ...] = (
    (names.CONTRADICTED, lambda event: bool(event.judged.contradicted)),
    (names.SEVERAL_RECORDS, lambda event: len(event.records) > 1),
    (names.WORSENED, lambda event: event.worsened),
    (names.RENAMED, lambda event: event.renamed),
    (names.POSSIBLE_REPEATS, lambda event: event.alike),
    (names.ONSET_UNKNOWN, lambda event: event.place == NOT_EVALUABLE),
    (names.GRADE_UNKNOWN, lambda event: event.place == EMERGENT and event.grade is None),
    (names.SERIOUSNESS_UNKNOWN, lambda event: event.judged.serious is None),
    (names.SERIOUSNESS_UNREAD, lambda event: bool(event.judged.unread)),
)


def count_doubts(
    counting: Counting, events: Sequence[SafetyEvent], of_interest: Sequence[EventsOfInterest]
) -> list[CountLine]:
    """Count the events of each kind of doubt; what does not occur has no line."""
    found = {name: [event for event in events if holds(event)] for name, holds in _DOUBTS}
    found[names.INTEREST_ELSEWHERE] = [
        event for event in events if event.place != EMERGENT and any(group.holds(event) for group in of_interest)
    ]
    lines = [counting.bare(name, "", members) for name, members in found.items() if members]
    undosed = [event for event in events if event.place == UNTREATED]
    if undosed or counting.total < len(counting.treated.results):
        lines += [counting.bare(names.UNDOSED, "", undosed), counting.untreated()]
    return lines
