"""Compute change over visits: describe every visit, test across them, compare each with the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from myosotis.analysis.change import ChangeOverVisits, Outcome
from myosotis.analysis.change_layout import ADJUSTMENTS, METHODS, pairs_table, tests_table
from myosotis.analysis.change_tests import describe_changes, describe_visits, test_visits
from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.output import AnalysisOutput, begin_lower, begin_upper, cell, nobody_to_draw, table
from myosotis.results.layout import Axis, Cell, Paragraph, Sentence, TableColumn, TableRow, Trajectories, VisitSummary
from myosotis.results.schema import ResultRow

__all__ = ["compute_change"]


def compute_change(analysis: ChangeOverVisits, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    parts = [_outcome(analysis, outcome, cohort) for outcome in analysis.outcomes]
    rows = [row for part in parts for row in part.rows]
    described = table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=visit.label, sub="") for visit in analysis.visits],
        rows=[line for part in parts for line in part.lines],
        note=_table_note(analysis),
    )
    by_key = {(row.endpoint, row.comparison, row.statistic, row.method): row for row in rows if row.variable == "test"}
    return AnalysisOutput(
        rows=tuple(rows),
        contributions=tuple(one for part in parts for one in part.contributions),
        provenance=tuple(one for part in parts for one in part.provenance),
        tables=(described, tests_table(analysis, by_key), pairs_table(analysis, by_key)),
        figures=tuple(one for part in parts for one in part.figures),
        findings=(
            Paragraph(heading=analysis.title, sentences=[sentence for part in parts for sentence in part.sentences]),
        ),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("describe", "friedman", "friedman_pairwise"),
        limits=(*(one for part in parts for one in part.limits), *nobody_to_draw(analysis, cohort)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Followed:
    """Hold what was made of one outcome."""

    rows: tuple[ResultRow, ...]
    contributions: tuple[Contribution, ...]
    provenance: tuple[Mapping[str, Any], ...]
    lines: list[TableRow]
    figures: tuple[Trajectories, ...]
    sentences: list[Sentence]
    limits: tuple[Sentence, ...]


def _outcome(analysis: ChangeOverVisits, outcome: Outcome, cohort: Cohort) -> _Followed:
    contributions = [
        cohort.contribution(
            analysis.name(outcome, visit),
            analysis.population.key,
            unit=outcome.unit,
            item=f"{outcome.label} at {visit.label}",
        )
        for visit in analysis.visits
    ]
    base = {
        "study": cohort.study,
        "analysis": analysis.key,
        "endpoint": outcome.key,
        "population": analysis.population.key,
    }
    described = describe_visits(analysis, outcome, contributions, base)
    changed, change_provenance = describe_changes(analysis, outcome, contributions, base, cohort)
    tested = test_visits(analysis, outcome, contributions, base, cohort)
    return _Followed(
        rows=(*described.values(), *changed.values(), *tested.rows),
        contributions=tuple(contributions),
        provenance=(*change_provenance, *tested.provenance),
        lines=_lines(analysis, outcome, described, changed, tested.by_key),
        # Of nobody there is nothing to draw; a figure of no lines would only look like one that went wrong.
        figures=(_figure(analysis, outcome, contributions, described),) if contributions[0].results else (),
        sentences=_sentences(analysis, outcome, described, tested.by_key),
        limits=tested.limits,
    )


def _lines(
    analysis: ChangeOverVisits,
    outcome: Outcome,
    described: Mapping[tuple[str, str], ResultRow],
    changed: Mapping[tuple[str, str], ResultRow],
    tested: Mapping[tuple[str, str], ResultRow],
) -> list[TableRow]:
    first = analysis.visits[0]
    unit = "" if outcome.unit in ("points", "", "1") else f", {outcome.unit}"
    heading = TableRow(label=f"{outcome.label}{unit}", heading=True, cells=[None] * len(analysis.visits))

    def line(label: str, cells: Sequence[Cell | None]) -> TableRow:
        return TableRow(label=label, indent=1, cells=list(cells))

    medians = [
        cell(
            "median_iqr",
            *(described[(visit.label, name)] for name in ("median", "q1", "q3")),
            decimals=outcome.decimals,
        )
        for visit in analysis.visits
    ]
    changes = [None] + [
        cell(
            "median_iqr",
            *(changed[(visit.label, name)] for name in ("median", "q1", "q3")),
            decimals=outcome.decimals,
        )
        for visit in analysis.visits[1:]
    ]
    adjusted = [None] + [
        cell("p_value", tested[(f"{visit.label} vs {first.label}", "p_adjusted")]) for visit in analysis.visits[1:]
    ]
    return [
        heading,
        line("n", [cell("integer", described[(visit.label, "n")]) for visit in analysis.visits]),
        line("median [Q1, Q3]", medians),
        line(f"change from {first.label}, median [Q1, Q3]", changes),
        line(f"adjusted p against {first.label}", adjusted),
    ]


def _figure(
    analysis: ChangeOverVisits,
    outcome: Outcome,
    contributions: Sequence[Contribution],
    described: Mapping[tuple[str, str], ResultRow],
) -> Trajectories:
    series = [
        VisitSummary(
            visit=visit.label,
            week=visit.week,
            listing_id=part.provenance["listing_id"],
            median=described[visit.label, "median"].id,
            q1=described[visit.label, "q1"].id,
            q3=described[visit.label, "q3"].id,
            n=described[visit.label, "n"].id,
        )
        for visit, part in zip(analysis.visits, contributions, strict=True)
    ]
    patients = begin_lower(analysis.population.label)
    return Trajectories(
        key=f"{analysis.key}-{outcome.key}",
        title=outcome.label,
        caption=f"Every line is a patient ({patients}); the heavy line joins the medians.",
        caption_of_all=f"The line joins the medians ({patients}); the band spans the quartiles.",
        y=Axis(label=outcome.label, unit=outcome.unit, low=outcome.low, high=outcome.high),
        series=series,
    )


def _sentences(
    analysis: ChangeOverVisits,
    outcome: Outcome,
    described: Mapping[tuple[str, str], ResultRow],
    tested: Mapping[tuple[str, str], ResultRow],
) -> list[Sentence]:
    first, last = analysis.visits[0], analysis.visits[-1]
    summaries = {
        name: cell(
            "median_iqr",
            *(described[(visit.label, one)] for one in ("median", "q1", "q3")),
            decimals=outcome.decimals,
        )
        for name, visit in (("first", first), ("last", last))
    }
    values = {
        **summaries,
        "n_first": cell("integer", described[(first.label, "n")]),
        "n_last": cell("integer", described[(last.label, "n")]),
        "p": cell("p_equals", tested[("", "p_value")]),
        "n": cell("integer", tested[("", "n")]),
        "pair": cell("p_equals", tested[(f"{last.label} vs {first.label}", "p_adjusted")]),
    }
    template = (
        f"{begin_upper(outcome.label)} was {{first}} at {first.label} (n = {{n_first}}) and {{last}} at {last.label} "
        f"(n = {{n_last}}). Across all visits the Friedman test gave {{p}} on {{n}} patients seen at each of them; "
        f"{last.label} against {first.label}, adjusted: {{pair}}."
    )
    return [Sentence(template=template, values=values)]


def _table_note(analysis: ChangeOverVisits) -> str:
    test = analysis.test
    pairs = "all pairs of visits" if test.against == "all" else f"each visit against {analysis.visits[0].label}"
    text = (
        f"{analysis.population.label}. Quartiles by definition {analysis.quartiles}. "
        f"Pairs by {METHODS[test.pairwise]}, {ADJUSTMENTS[test.adjust]}, over {pairs}."
    )
    return f"{text} {analysis.note}".strip()


def _methods(analysis: ChangeOverVisits) -> list[str]:
    from myosotis.language.sentences import sentence

    test = analysis.test
    many = len(list(combinations(analysis.visits, 2))) if test.against == "all" else len(analysis.visits) - 1
    named = "; ".join(f"{outcome.label}: {sentence(outcome.at(analysis.visits[0]))}" for outcome in analysis.outcomes)
    return [
        f"Followed were, in {analysis.population.label.lower()}, {named}.",
        f"Each visit is described by the number observed, the median and the quartiles (definition {analysis.quartiles}).",
        "Patients with a value at every visit entered the Friedman test (complete cases); others were left out of it "
        "and are counted.",
        f"Pairs of visits were compared by {METHODS[test.pairwise]}; {ADJUSTMENTS[test.adjust]}, over {many} "
        "comparisons.",
    ]
