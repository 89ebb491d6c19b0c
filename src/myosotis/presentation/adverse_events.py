"""Present adverse events: tables by class, term and feature, sentences, methods, and what the records cannot show."""

from __future__ import annotations

from collections.abc import Sequence

from myosotis.analysis import event_names as names
from myosotis.analysis.adverse_events import AdverseEvents, lines_key
from myosotis.analysis.safety_events import NOT_RECORDED
from myosotis.measures.derived.treatment_emergent import AFTER, BEFORE, EMERGENT, NOT_EVALUABLE, OUTSIDE
from myosotis.presentation.cells import table, text_cell
from myosotis.presentation.event_limitations import event_limitations
from myosotis.presentation.event_lines import EventLine, heading, line_of, lines_of
from myosotis.presentation.event_methods import event_methods, window
from myosotis.presentation.event_rates import (
    interest_sentences,
    interest_table,
    rate_methods,
    rate_sentence,
    rate_table,
)
from myosotis.presentation.layout import Paragraph, Sentence, Table, TableColumn
from myosotis.presentation.listings import Listing
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results

__all__ = ["present_adverse_events"]

_COLUMNS = [TableColumn(label="Events", sub=""), TableColumn(label="Patients", sub="n/N (%; exact interval)")]
_APART = (BEFORE, AFTER, OUTSIDE, NOT_EVALUABLE)


def present_adverse_events(analysis: AdverseEvents, results: Results) -> Presentation:
    """Give the tables, the sentences, the methods and the limitations of the analysis."""
    own = results.where(analysis=analysis.key)
    sentences = [*_sentences(own), rate_sentence(analysis, own), *interest_sentences(analysis, own)]
    methods = [*event_methods(analysis), *rate_methods(analysis)]
    return Presentation(
        listings=(_listing(analysis),),
        tables=(
            _classes(analysis, own),
            _features(analysis, own),
            rate_table(analysis, own),
            *([interest_table(analysis, own)] if analysis.of_interest else []),
        ),
        findings=(Paragraph(heading=analysis.title, sentences=sentences),),
        methods=(Paragraph(heading=analysis.title, sentences=methods),),
        statistics=(
            "clopper_pearson",
            "poisson_rate",
            "first_event_incidence",
            "patient_bootstrap_rate",
            "negative_binomial_rate",
        ),
        limitations=tuple(event_limitations(own)),
    )


def _ranked(lines: Sequence[EventLine]) -> list[EventLine]:
    """Put the lines with the most events first, then by name."""
    return sorted(lines, key=lambda line: (-line.size[0], line.level))


def _classes(analysis: AdverseEvents, own: Results) -> Table:
    """Lay out treatment-emergent events by organ class and term, and below them the events not counted there."""
    rows = [line_of(own, names.ONSET, EMERGENT).row("All treatment-emergent events")]
    for organ_class in _ranked(lines_of(own, names.ORGAN_CLASS)):
        rows.append(organ_class.row())
        rows += [term.row(indent=1) for term in _ranked(lines_of(own, names.term_of(organ_class.level)))]
    rows.append(heading("Not counted above"))
    rows += [line_of(own, names.ONSET, place).row(indent=1) for place in _APART]
    rows.append(line_of(own, names.RECORDED).row("All recorded events"))
    note = f"A patient counts once in each line. {window(analysis)} Intervals at {analysis.conf_level:.0%}. {analysis.note}"
    return table(analysis.key, analysis.title, columns=_COLUMNS, rows=rows, note=note.strip())


def _features(analysis: AdverseEvents, own: Results) -> Table:
    """Lay out treatment-emergent events by seriousness, grade, relation, action and outcome."""
    drug = analysis.treatment.drugs.label
    rows = []
    for name, label in (
        (names.SERIOUSNESS, "Seriousness (ICH E2A)"),
        (names.CRITERION, "Criterion of seriousness"),
        (names.GRADE, "Grade"),
        (names.HIGHEST_GRADE, "Highest grade of each patient"),
        (names.RELATION, f"Relation to {drug}"),
        (names.ACTION, f"Action taken with {drug}"),
        (names.OUTCOME, "Outcome"),
    ):
        lines = lines_of(own, name)
        if lines:
            rows += [heading(label), *(line.row(indent=1) for line in sorted(lines, key=_place))]
    return table(
        f"{analysis.key}-features",
        f"{analysis.title}: seriousness, grade, relation, action and outcome",
        columns=_COLUMNS,
        rows=rows,
        note="Treatment-emergent events. A patient counts once in each line and so may count in several; under the "
        "highest grade each patient counts in one line only.",
    )


def _place(line: EventLine) -> tuple[int, str]:
    """Put serious first and what cannot be told last, and last of all what was not recorded; others by name."""
    levels = [*names.SERIOUS_LEVELS.values(), "", NOT_RECORDED]
    return (levels.index(line.level if line.level in levels else ""), line.level)


def _sentences(own: Results) -> list[Sentence]:
    """Say how many events there were, the most frequent class and term, and the serious ones."""
    emergent = line_of(own, names.ONSET, EMERGENT)
    serious = line_of(own, names.SERIOUSNESS, names.SERIOUS_LEVEL)
    return [
        Sentence(
            template="Treatment-emergent: {all}; {share} of patients had at least one.",
            values={"all": emergent.events, "share": emergent.cells[1]},
        ),
        *_most_frequent(own),
        Sentence(
            template="Serious: {serious}; {share} of patients had at least one.",
            values={"serious": serious.events, "share": serious.cells[1]},
        ),
    ]


def _most_frequent(own: Results) -> list[Sentence]:
    """Name the most frequent class and term.

    Names come from the source and may hold anything, so they are values and no part of the template. A bare code could be
    taken for a result, so it is left to the table.
    """
    classes = _ranked(lines_of(own, names.ORGAN_CLASS))
    if not classes:
        return []
    terms = [term for one in classes for term in _ranked(lines_of(own, names.term_of(one.level)))]
    first, term = classes[0], max(terms, key=lambda line: line.size)
    if not all(any(letter.isalpha() for letter in line.level) for line in (first, term)):
        return []
    return [
        Sentence(
            template="Most frequent organ class: {class}, {in_class}; most frequent event: {term}, {of_term}.",
            values={
                "class": text_cell(first.level),
                "in_class": first.events,
                "term": text_cell(term.level),
                "of_term": term.events,
            },
        )
    ]


def _listing(analysis: AdverseEvents) -> Listing:
    return Listing(
        key=lines_key(analysis),
        title=f"{analysis.title}, event by event",
        heads={
            "patient": "Patient", "event": "Event", "term": "Term", "organ_class": "Organ class", "onset_day": "Onset day",
            "onset": "Onset", "end": "End", "grade": "Grade", "serious": "Serious", "relation": "Relation",
            "action": "Action", "outcome": "Outcome", "counted_as": "Counted as", "source": "Source",
        },
    )  # fmt: skip
