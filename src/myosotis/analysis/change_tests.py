"""The numbers of change over visits: descriptions, patients' own changes, the Friedman test and its pairs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.change import ChangeOverVisits, Outcome
from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import friedman_rows, least_p_of_pairs, summarise
from myosotis.analysis.output import cell
from myosotis.results.layout import Sentence
from myosotis.results.schema import ResultRow

__all__ = ["Tested", "describe_changes", "describe_visits", "test_visits"]

_ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Hold the rows of the test and its pairs; `by_key` finds them by comparison and statistic."""

    rows: tuple[ResultRow, ...]
    by_key: Mapping[tuple[str, str], ResultRow]
    provenance: tuple[Mapping[str, Any], ...]
    limits: tuple[Sentence, ...]


def describe_visits(
    analysis: ChangeOverVisits, outcome: Outcome, contributions: Sequence[Contribution], base: Mapping[str, Any]
) -> dict[tuple[str, str], ResultRow]:
    """Describe an outcome at each visit, by (visit label, statistic)."""
    rows: dict[tuple[str, str], ResultRow] = {}
    for visit, part in zip(analysis.visits, contributions, strict=True):
        made = summarise(
            part.numbers,
            analysis.quartiles,
            base,
            variable="value",
            visit=visit.label,
            week=visit.week,
            unit=outcome.unit,
            provenance_id=part.id,
        )
        rows |= {(visit.label, name): row for name, row in made.items()}
    return rows


def describe_changes(
    analysis: ChangeOverVisits,
    outcome: Outcome,
    contributions: Sequence[Contribution],
    base: Mapping[str, Any],
    cohort: Cohort,
) -> tuple[dict[tuple[str, str], ResultRow], list[Mapping[str, Any]]]:
    """Describe patients' own changes from the first visit, for those with both values, by (visit label, statistic)."""
    first = contributions[0]
    rows: dict[tuple[str, str], ResultRow] = {}
    provenances: list[Mapping[str, Any]] = []
    for visit, part in zip(analysis.visits[1:], contributions[1:], strict=True):
        provenance = cohort.joint(
            (first, part), f"{outcome.label}: {visit.label} minus {analysis.visits[0].label} of each patient with both"
        )
        changes = [
            None if then is None or now is None else round(now - then, 9)
            for then, now in zip(first.numbers, part.numbers, strict=True)
        ]
        made = summarise(
            changes,
            analysis.quartiles,
            base,
            variable="change",
            visit=visit.label,
            week=visit.week,
            unit=outcome.unit,
            comparison=f"{visit.label} vs {analysis.visits[0].label}",
            provenance_id=provenance["provenance_id"],
        )
        rows |= {(visit.label, name): row for name, row in made.items()}
        provenances.append(provenance)
    return rows, provenances


def test_visits(
    analysis: ChangeOverVisits,
    outcome: Outcome,
    contributions: Sequence[Contribution],
    base: Mapping[str, Any],
    cohort: Cohort,
) -> Tested:
    """Run the Friedman test on complete cases and compare pairs of visits."""
    labels = [visit.label for visit in analysis.visits]
    matrix = [
        [math.nan if number is None else number for number in patient]
        for patient in zip(*(part.numbers for part in contributions), strict=True)
    ]
    provenance = cohort.joint(contributions, f"{outcome.label} of patients with a value at {', '.join(labels)}")
    common = {**base, "variable": "test", "provenance_id": provenance["provenance_id"]}
    rows = friedman_rows(matrix, labels, analysis.test, common, decimals=outcome.precision, seed=cohort.seed)
    if rows["", "statistic"].status != "ok":
        return Tested(rows=tuple(rows.values()), by_key=rows, provenance=(provenance,), limits=())
    reach, limits = _reach(analysis, outcome, rows["", "n"], common)
    return Tested(rows=(*rows.values(), *reach.values()), by_key=rows, provenance=(provenance,), limits=limits)


def _reach(
    analysis: ChangeOverVisits, outcome: Outcome, n: ResultRow, common: Mapping[str, Any]
) -> tuple[dict[tuple[str, str], ResultRow], tuple[Sentence, ...]]:
    """Record the least p an exact comparison of two visits could give, and say so when 0.05 is out of reach."""
    compared = math.comb(len(analysis.visits), 2) if analysis.test.against == "all" else len(analysis.visits) - 1
    rows = least_p_of_pairs(round(n.number or 0), compared, common)
    if analysis.test.adjust == "none" or (rows["pair", "smallest_p"].number or 0) * compared <= _ALPHA:
        return rows, ()
    template = (
        f"{outcome.label}: {{n}} patients were seen at every visit. The smallest two-sided p that an exact comparison of "
        "two visits can give is {least}, after adjustment {adjusted}: an adjusted p below the usual threshold rests on the "
        "normal approximation of mean ranks."
    )
    values = {
        "n": cell("integer", n),
        "least": cell("p_value", rows["pair", "smallest_p"]),
        "adjusted": cell("p_value", rows["pairs", "smallest_p"]),
    }
    return rows, (Sentence(template=template, values=values),)
