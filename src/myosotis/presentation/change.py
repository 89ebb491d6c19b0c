"""Present change over visits: the visits described, the tests, the pairs, a figure of each outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from myosotis.analysis.change import ChangeOverVisits, Outcome
from myosotis.language.sentences import sentence
from myosotis.presentation.cells import begin_lower, begin_upper, cell, table
from myosotis.presentation.change_tests import (
    ADJUSTMENTS,
    PAIRWISE,
    Tested,
    pairs_table,
    reach_limit,
    tested,
    tests_table,
)
from myosotis.presentation.figures import nobody_to_draw
from myosotis.presentation.layout import (
    Axis,
    Cell,
    Paragraph,
    Sentence,
    Table,
    TableColumn,
    TableRow,
    Trajectories,
    VisitSummary,
)
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow, listing_id

__all__ = ["present_change"]

_SUMMARY = ("median", "q1", "q3")

ByVisit = Mapping[tuple[str, ...], ResultRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Hold the results of one outcome: its values and changes by visit and statistic, and its tests."""

    outcome: Outcome
    values: ByVisit
    changes: ByVisit
    tests: Tested


def present_change(analysis: ChangeOverVisits, results: Results) -> Presentation:
    """Give the tables, figures, sentences and methods of the analysis."""
    own = results.where(analysis=analysis.key)
    found = [_found(outcome, own.where(endpoint=outcome.key)) for outcome in analysis.outcomes]
    limitations = (reach_limit(analysis, one.outcome, one.tests) for one in found)
    return Presentation(
        tables=(
            _described(analysis, found),
            tests_table(analysis, {one.outcome.key: one.tests for one in found}),
            pairs_table(analysis, {one.outcome.key: one.tests for one in found}),
        ),
        # Of nobody there is nothing to draw; a figure of no lines would only look like one that went wrong.
        figures=tuple(_figure(analysis, one, results.fingerprint) for one in found if _anybody(analysis, one)),
        findings=(Paragraph(heading=analysis.title, sentences=[_sentence(analysis, one) for one in found]),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("describe", "friedman", "friedman_pairwise", *_adjusted(analysis)),
        limitations=(*(one for some in limitations for one in some), *nobody_to_draw(analysis, results)),
    )


def _found(outcome: Outcome, results: Results) -> _Found:
    return _Found(
        outcome=outcome,
        values=results.where(variable="value").by("visit", "statistic"),
        changes=results.where(variable="change").by("visit", "statistic"),
        tests=tested(results.where(variable="test")),
    )


def _anybody(analysis: ChangeOverVisits, one: _Found) -> bool:
    first = analysis.visits[0].label
    return any(one.values[first, statistic].number for statistic in ("n", "n_missing"))


def _described(analysis: ChangeOverVisits, found: Sequence[_Found]) -> Table:
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=visit.label, sub="") for visit in analysis.visits],
        rows=[line for one in found for line in _lines(analysis, one)],
        note=_table_note(analysis),
    )


def _lines(analysis: ChangeOverVisits, one: _Found) -> list[TableRow]:
    outcome, first, later = one.outcome, analysis.visits[0], analysis.visits[1:]
    unit = "" if outcome.unit in ("points", "", "1") else f", {outcome.unit}"
    heading = TableRow(label=f"{outcome.label}{unit}", heading=True, cells=[None] * len(analysis.visits))

    def line(label: str, cells: Sequence[Cell | None]) -> TableRow:
        return TableRow(label=label, indent=1, cells=list(cells))

    adjusted = [cell("p_value", one.tests.pairs[f"{visit.label} vs {first.label}", "p_adjusted"]) for visit in later]
    return [
        heading,
        line("n", [cell("integer", one.values[visit.label, "n"]) for visit in analysis.visits]),
        line("median [Q1, Q3]", [_median(one.values, visit.label, outcome) for visit in analysis.visits]),
        line(
            f"change from {first.label}, median [Q1, Q3]",
            [None, *(_median(one.changes, visit.label, outcome) for visit in later)],
        ),
        line(f"adjusted p against {first.label}", [None, *adjusted]),
    ]


def _median(rows: ByVisit, visit: str, outcome: Outcome) -> Cell:
    return cell("median_iqr", *(rows[visit, name] for name in _SUMMARY), decimals=outcome.decimals)


def _figure(analysis: ChangeOverVisits, one: _Found, fingerprint: str) -> Trajectories:
    outcome, population = one.outcome, analysis.population
    series = [
        VisitSummary(
            visit=visit.label,
            week=visit.week,
            listing_id=listing_id(fingerprint, analysis.name(outcome, visit), population.key),
            median=one.values[visit.label, "median"].id,
            q1=one.values[visit.label, "q1"].id,
            q3=one.values[visit.label, "q3"].id,
            n=one.values[visit.label, "n"].id,
        )
        for visit in analysis.visits
    ]
    patients = begin_lower(population.label)
    return Trajectories(
        key=f"{analysis.key}-{outcome.key}",
        title=outcome.label,
        caption=f"Every line is a patient ({patients}); the heavy line joins the medians.",
        caption_of_all=f"The line joins the medians ({patients}); the band spans the quartiles.",
        y=Axis(label=outcome.label, unit=outcome.unit, low=outcome.low, high=outcome.high),
        series=series,
    )


def _sentence(analysis: ChangeOverVisits, one: _Found) -> Sentence:
    outcome, first, last = one.outcome, analysis.visits[0].label, analysis.visits[-1].label
    template = (
        f"{begin_upper(outcome.label)} was {{first}} at {first} (n = {{n_first}}) and {{last}} at {last} "
        f"(n = {{n_last}}). Across all visits the Friedman test gave {{p}} on {{n}} patients seen at each of them; "
        f"{last} against {first}, adjusted: {{pair}}."
    )
    values = {
        "first": _median(one.values, first, outcome),
        "last": _median(one.values, last, outcome),
        "n_first": cell("integer", one.values[first, "n"]),
        "n_last": cell("integer", one.values[last, "n"]),
        "p": cell("p_equals", one.tests.overall["p_value"]),
        "n": cell("integer", one.tests.overall["n"]),
        "pair": cell("p_equals", one.tests.pairs[f"{last} vs {first}", "p_adjusted"]),
    }
    return Sentence(template=template, values=values)


def _table_note(analysis: ChangeOverVisits) -> str:
    test = analysis.test
    pairs = "all pairs of visits" if test.against == "all" else f"each visit against {analysis.visits[0].label}"
    text = (
        f"{analysis.population.label}. Quartiles by definition {analysis.quartiles}. "
        f"Pairs by {PAIRWISE[test.pairwise]}, {ADJUSTMENTS[test.adjust]}, over {pairs}."
    )
    return f"{text} {analysis.note}".strip()


def _adjusted(analysis: ChangeOverVisits) -> tuple[str, ...]:
    return () if analysis.test.adjust == "none" else ("adjust_p",)


def _methods(analysis: ChangeOverVisits) -> list[str]:
    test = analysis.test
    many = len(list(combinations(analysis.visits, 2))) if test.against == "all" else len(analysis.visits) - 1
    named = "; ".join(f"{outcome.label}: {sentence(outcome.at(analysis.visits[0]))}" for outcome in analysis.outcomes)
    return [
        f"Followed were, in {analysis.population.label.lower()}, {named}.",
        f"Each visit is described by the number observed, the median and the quartiles (definition {analysis.quartiles}).",
        "Patients with a value at every visit entered the Friedman test (complete cases); others were left out of it "
        "and are counted.",
        f"Pairs of visits were compared by {PAIRWISE[test.pairwise]}; {ADJUSTMENTS[test.adjust]}, over {many} "
        "comparisons.",
    ]
