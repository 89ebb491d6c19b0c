"""Compute change over visits: describe every visit, patients' own changes, test across them, compare pairs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.change import ChangeOverVisits, Outcome, compared_visits
from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import friedman_rows, least_p_of_pairs, summarise
from myosotis.analysis.output import AnalysisOutput
from myosotis.results.schema import ResultRow

__all__ = ["compute_change"]


def compute_change(analysis: ChangeOverVisits, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    parts = [_outcome(analysis, outcome, cohort) for outcome in analysis.outcomes]
    return AnalysisOutput(
        rows=tuple(row for part in parts for row in part.rows),
        contributions=tuple(one for part in parts for one in part.contributions),
        provenance=tuple(one for part in parts for one in part.provenance),
    )


def _outcome(analysis: ChangeOverVisits, outcome: Outcome, cohort: Cohort) -> AnalysisOutput:
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
    changed, change_provenance = _changes(analysis, outcome, contributions, base, cohort)
    labels = ", ".join(visit.label for visit in analysis.visits)
    of_test = cohort.joint(contributions, f"{outcome.label} of patients with a value at {labels}")
    tested = _tests(analysis, outcome, contributions, {**base, "provenance_id": of_test["provenance_id"]}, cohort.seed)
    return AnalysisOutput(
        rows=(*_values(analysis, outcome, contributions, base), *changed, *tested),
        contributions=tuple(contributions),
        provenance=(*change_provenance, of_test),
    )


def _values(
    analysis: ChangeOverVisits, outcome: Outcome, contributions: Sequence[Contribution], base: Mapping[str, Any]
) -> list[ResultRow]:
    """Describe an outcome at each visit."""
    rows: list[ResultRow] = []
    for visit, part in zip(analysis.visits, contributions, strict=True):
        keys = {**base, "variable": "value", "visit": visit.label, "week": visit.week, "provenance_id": part.id}
        rows += summarise(part.numbers, analysis.quartiles, keys, unit=outcome.unit).values()
    return rows


def _changes(
    analysis: ChangeOverVisits,
    outcome: Outcome,
    contributions: Sequence[Contribution],
    base: Mapping[str, Any],
    cohort: Cohort,
) -> tuple[list[ResultRow], list[Mapping[str, Any]]]:
    """Describe patients' own changes from the first visit, for those with both values."""
    first, label = contributions[0], analysis.visits[0].label
    rows: list[ResultRow] = []
    provenances: list[Mapping[str, Any]] = []
    for visit, part in zip(analysis.visits[1:], contributions[1:], strict=True):
        provenance = cohort.joint(
            (first, part), f"{outcome.label}: {visit.label} minus {label} of each patient with both"
        )
        changes = [
            None if then is None or now is None else round(now - then, 9)
            for then, now in zip(first.numbers, part.numbers, strict=True)
        ]
        keys = {
            **base, "variable": "change", "visit": visit.label, "week": visit.week,
            "comparison": f"{visit.label} vs {label}", "provenance_id": provenance["provenance_id"],
        }  # fmt: skip
        rows += summarise(changes, analysis.quartiles, keys, unit=outcome.unit).values()
        provenances.append(provenance)
    return rows, provenances


def _tests(
    analysis: ChangeOverVisits,
    outcome: Outcome,
    contributions: Sequence[Contribution],
    base: Mapping[str, Any],
    seed: int,
) -> list[ResultRow]:
    """Run the Friedman test on complete cases, compare pairs of visits, and record the least p that a pair could give."""
    labels = [visit.label for visit in analysis.visits]
    matrix = [
        [math.nan if number is None else number for number in patient]
        for patient in zip(*(part.numbers for part in contributions), strict=True)
    ]
    keys = {**base, "variable": "test"}
    rows = friedman_rows(matrix, labels, analysis.test, keys, decimals=outcome.precision, seed=seed)
    if rows["", "statistic"].status != "ok":
        return list(rows.values())
    n = round(rows["", "n"].number or 0)
    return [*rows.values(), *least_p_of_pairs(n, len(compared_visits(labels, analysis.test)), keys).values()]
