"""Counts of adverse events and of the patients who had them, each patient once a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from myosotis.analysis import event_names as names
from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.cohort import Cohort, Contribution, Listing, evidence_row, place_of
from myosotis.analysis.estimators import counts, proportion
from myosotis.analysis.safety_events import NOT_RECORDED, SafetyEvent, one_spelling, patients_of
from myosotis.measures.derived.treatment_emergent import AFTER, BEFORE, EMERGENT, NOT_EVALUABLE, OUTSIDE
from myosotis.results.schema import ResultRow

__all__ = ["CountLine", "Counting", "count_everything", "counted_words", "counting_of", "event_rows", "grouped"]


_PLACES = (EMERGENT, BEFORE, AFTER, OUTSIDE, NOT_EVALUABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """Hold one line: a level with its events, its patients, and their share of the treated.

    Where further events may belong, `events_most` and `count_most` count them too.
    """

    level: str
    rows: Mapping[str, ResultRow]
    parts: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Count events of the treated: `base` are the keys that every result shares, `treated` what they were found by.

    `looked` is the provenance of everything looked at: every event and every patient of the population. Shares have
    it, and so have counts of nothing, which lead to the patients in whom nothing was found.
    """

    cohort: Cohort
    base: Mapping[str, Any]
    treated: Contribution
    every: Contribution
    looked: Mapping[str, Any]
    total: int
    conf_level: float

    def bare(self, variable: str, level: str, events: Sequence[SafetyEvent]) -> CountLine:
        """Count some events and their patients without a share; `variable` and `level` name the line."""
        part = self.cohort.of_rows(
            f"{self.base['analysis']}: {self.base['population']}: {variable}: {level}",
            [row for event in events for row in event_rows(event)],
            f"Adverse events, {variable}: {level}" if level else f"Adverse events: {variable}",
        )
        source = part.id if events else self.looked["provenance_id"]
        shared = {**self.base, "variable": variable, "level": level, "provenance_id": source}
        rows = counts(shared, events=len(events), count=len(patients_of(events)))
        return CountLine(level=level, rows=rows, parts=(part,))

    def line(self, variable: str, level: str, events: Sequence[SafetyEvent]) -> CountLine:
        """Count some events of the treated and their patients, with the share of the treated and its interval."""
        line = self.bare(variable, level, events)
        looked = self.looked["provenance_id"]
        share = proportion(
            len(patients_of(events)),
            self.total,
            {**self.base, "variable": variable, "level": level, "provenance_id": looked},
            conf_level=self.conf_level,
            nobody="no patient took the drug",
            count_from=str(line.rows["count"].provenance_id),
            total_from=self.treated.id,
        )
        return CountLine(level=level, rows={**line.rows, **share}, parts=line.parts)

    def bounded(
        self, variable: str, level: str, events: Sequence[SafetyEvent], possible: Sequence[SafetyEvent]
    ) -> CountLine:
        """Count events as `line` does, and beside them those that may belong too: `possible` holds both."""
        line = self.line(variable, level, events)
        if len(possible) == len(events):
            return line
        most = self.bare(variable, f"{level}, with those that may belong", possible)
        rows = {f"{name}_most": replace(row, statistic=f"{name}_most", level=level) for name, row in most.rows.items()}
        return CountLine(level=level, rows={**line.rows, **rows}, parts=(*line.parts, *most.parts))

    def untreated(self) -> CountLine:
        """Count the patients of the population who are not among the treated."""
        keys = {**self.base, "variable": names.UNTREATED_PATIENTS, "provenance_id": self.treated.id}
        return CountLine(level="", rows=counts(keys, n=len(self.treated.results) - self.total), parts=(self.treated,))

    def lines(
        self, variable: str, events: Sequence[SafetyEvent], level_of: Callable[[SafetyEvent], str]
    ) -> list[CountLine]:
        """Count the events level by level, the levels in alphabetical order and what was not recorded last."""
        groups = grouped(events, level_of)
        return [self.line(variable, level, groups[level]) for level in sorted(groups, key=_known_first)]


def counting_of(
    cohort: Cohort,
    base: Mapping[str, Any],
    treated: Contribution,
    events: Sequence[SafetyEvent],
    total: int,
    conf_level: float,
) -> Counting:
    """Make ready to count: `events` are all there are, `treated` the days on treatment of the population."""
    every = cohort.of_rows(
        f"{base['analysis']}: {base['population']}: every event",
        [row for event in events for row in event_rows(event)],
        "Every adverse event of the population",
    )
    looked = cohort.joint([every, treated], "Every adverse event and every patient of the population")
    return Counting(
        cohort=cohort, base=base, treated=treated, every=every, looked=looked, total=total, conf_level=conf_level
    )


def count_everything(counting: Counting, events: Sequence[SafetyEvent]) -> dict[str, list[CountLine]]:
    """Count all events by where they stand in time, and the treatment-emergent ones by everything else."""
    emergent = [event for event in events if event.place == EMERGENT]
    spelling = one_spelling(events)
    places = grouped(events, lambda event: event.place)
    lines = {
        names.RECORDED: [counting.line(names.RECORDED, "", events)],
        names.ONSET: [counting.line(names.ONSET, place, places.get(place, [])) for place in _PLACES],
        names.ORGAN_CLASS: [],
        names.GRADE: counting.lines(names.GRADE, emergent, lambda event: _grade(event.grade)),
        names.HIGHEST_GRADE: _highest(counting, emergent),
        names.RELATION: counting.lines(names.RELATION, emergent, lambda event: event.text("related")),
        names.ACTION: counting.lines(names.ACTION, emergent, lambda event: event.text("action")),
        names.OUTCOME: counting.lines(names.OUTCOME, emergent, lambda event: event.text("outcome")),
        names.SERIOUSNESS: [
            counting.line(names.SERIOUSNESS, level, [event for event in emergent if event.judged.serious is serious])
            for serious, level in names.SERIOUS_LEVELS.items()
        ],
        names.CRITERION: [
            counting.line(names.CRITERION, name, [event for event in emergent if name in event.judged.criteria])
            for name in sorted({name for event in emergent for name in event.judged.criteria})
        ],
    }
    by_class = grouped(emergent, lambda event: spelling[event.organ_class.casefold()])
    for organ_class in sorted(by_class, key=lambda name: (-len(by_class[name]), name)):
        members = by_class[organ_class]
        lines[names.ORGAN_CLASS].append(counting.line(names.ORGAN_CLASS, organ_class, members))
        by_term = grouped(members, lambda event: spelling[event.term.casefold()])
        lines[names.term_of(organ_class)] = [
            counting.line(names.term_of(organ_class), term, by_term[term])
            for term in sorted(by_term, key=lambda name: (-len(by_term[name]), name))
        ]
    return lines


def _highest(counting: Counting, emergent: list[SafetyEvent]) -> list[CountLine]:
    """Count each patient once, at the highest grade recorded, with the patient's events of that grade."""
    highest: dict[str, int] = {}
    for event in emergent:
        highest[event.patient] = max(highest.get(event.patient, 0), event.grade or 0)
    counted = [event for event in emergent if (event.grade or 0) == highest[event.patient]]
    return counting.lines(names.HIGHEST_GRADE, counted, lambda event: _grade(event.grade))


def _grade(grade: int | None) -> str:
    return NOT_RECORDED if grade is None else f"grade {grade}"


def counted_words(counting: Counting, of: AdverseEvents, events: Sequence[SafetyEvent]) -> list[CountLine]:
    """Count the events without a coded term, and then those in no group of interest by their words.

    Empty where every event that is treatment-emergent, or may be, has a coded term, and where they were looked through.
    """
    uncoded = [e for e in events if e.place in (EMERGENT, NOT_EVALUABLE) and not e.coded]
    if not uncoded or of.looked_through or not of.of_interest:
        return []
    unsorted = grouped(
        [e for e in uncoded if not any(group.holds(e) for group in of.of_interest)], lambda e: e.term.casefold()
    )
    lines = [counting.bare(names.UNCODED, "", uncoded)]
    for word in sorted(unsorted):
        line = counting.bare(names.IN_NO_LIST, unsorted[word][0].term, unsorted[word])
        rows = {name: replace(row, text=line.level) for name, row in line.rows.items()}
        lines.append(replace(line, rows=rows))
    return lines


def grouped(events: Sequence[SafetyEvent], level_of: Callable[[SafetyEvent], str]) -> dict[str, list[SafetyEvent]]:
    """Group events by level, in the order in which levels first appear."""
    groups: dict[str, list[SafetyEvent]] = {}
    for event in events:
        groups.setdefault(level_of(event), []).append(event)
    return groups


def event_rows(event: SafetyEvent) -> list[Listing]:
    """Make the listing rows of an event: its term, grade, onset and place in the source, and its further records."""
    row, judged = event.row, event.judged
    serious = {True: f"serious ({', '.join(judged.criteria)})", False: "not serious", None: "seriousness open"}
    told = f"{event.organ_class}; {event.place}; {serious[judged.serious]}"
    further = [one for one in event.records if place_of(one) != place_of(row)]
    return [
        _row(event, "value", told, row),
        *(_row(event, "evidence", "a record of the event", one) for one in further),
    ]


def _row(event: SafetyEvent, role: str, text: str, record: Mapping[str, Any]) -> Listing:
    """Make the listing row of an event, from its own row or a record that this stands for."""
    graded = record["grade"] is not None
    return evidence_row(
        event.patient,
        role,
        {
            "item": event.term,
            "number": float(record["grade"]) if graded else None,
            "text": text,
            "unit": "grade" if graded else "",
            "day": record["start_day"],
            "date": record["start"],
            **place_of(record),
        },
    )


def _known_first(level: str) -> tuple[bool, str]:
    return (level == NOT_RECORDED, level)
