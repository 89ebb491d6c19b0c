"""The numbers of change over visits: descriptions, patients' own changes, the Friedman test and its pairs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from myosotis.analysis.change import ChangeOverVisits, Outcome
from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import summarise
from myosotis.analysis.section import cell
from myosotis.errors import StatisticsError
from myosotis.results.schema import ResultRow

__all__ = ["ASYMPTOTIC", "Tested", "describe_changes", "describe_visits", "test_visits"]

_ALPHA = 0.05
ASYMPTOTIC = "Friedman test, chi-square, corrected for ties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Hold the rows of the test and its pairs; `by_key` finds them by comparison and statistic."""

    rows: tuple[ResultRow, ...]
    by_key: Mapping[tuple[str, str], ResultRow]
    provenance: tuple[Mapping[str, Any], ...]
    limits: tuple[Mapping[str, Any], ...]


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
    from myosotis.statistics import friedman

    spec = analysis.test
    labels = [visit.label for visit in analysis.visits]
    matrix = [
        [math.nan if number is None else number for number in patient]
        for patient in zip(*(part.numbers for part in contributions), strict=True)
    ]
    provenance = cohort.joint(contributions, f"{outcome.label} of patients with a value at {', '.join(labels)}")
    common = {**base, "variable": "test", "provenance_id": provenance["provenance_id"]}
    shown = list(combinations(range(len(labels)), 2))
    shown = shown if spec.against == "all" else [(i, j) for i, j in shown if i == 0]
    method = f"{spec.pairwise} on Friedman ranks, {spec.adjust} over {len(shown)}"
    try:
        overall = friedman(matrix, p=spec.p, decimals=outcome.precision, seed=cohort.seed)
    except StatisticsError as error:
        complete = sum(not any(math.isnan(number) for number in patient) for patient in matrix)
        rows = _no_test(str(error), common, complete) | _no_pairs(str(error), common, labels, shown, method)
        return Tested(rows=tuple(rows.values()), by_key=rows, provenance=(provenance,), limits=())
    numbers = {
        "n": float(overall.n),
        "n_missing": float(overall.n_missing),
        "statistic": overall.statistic,
        "df": float(len(labels) - 1),
        "p_value": overall.p_value,
        "effect_size": overall.kendall_w,
    }
    kind = f"Friedman test, {overall.p_kind.replace('_', ' ')}, corrected for ties"
    rows = {
        ("", name): ResultRow(
            **common, statistic=name, number=number, method=_method(name, kind), note=overall.note or ""
        )
        for name, number in numbers.items()
    }
    if overall.smallest_p is not None:
        rows["", "smallest_p"] = ResultRow(**common, statistic="smallest_p", number=overall.smallest_p, method=kind)
    if overall.p_kind != "asymptotic":
        rows["", "p_asymptotic"] = ResultRow(
            **common, statistic="p_value", number=overall.p_asymptotic, method=ASYMPTOTIC
        )
    rows |= _pairs(matrix, analysis, outcome, common, labels, shown, method)
    reach, limits = _reach(analysis, outcome, overall.n, common)
    return Tested(rows=(*rows.values(), *reach.values()), by_key=rows, provenance=(provenance,), limits=limits)


def _method(name: str, kind: str) -> str:
    return kind if name == "p_value" else ASYMPTOTIC if name in ("statistic", "df", "effect_size") else ""


def _pairs(
    matrix: list[list[float]],
    analysis: ChangeOverVisits,
    outcome: Outcome,
    common: Mapping[str, Any],
    labels: Sequence[str],
    shown: Sequence[tuple[int, int]],
    method: str,
) -> dict[tuple[str, str], ResultRow]:
    """Compare pairs of visits; where that fails, the overall test stands and the pairs say why."""
    from myosotis.statistics import friedman_pairwise

    spec = analysis.test
    against: Literal["all"] | int = "all" if spec.against == "all" else 0
    try:
        pairs = friedman_pairwise(matrix, spec.pairwise, spec.adjust, against, decimals=outcome.precision)
    except StatisticsError as error:
        return _no_pairs(str(error), common, labels, shown, method)
    rows = {}
    for pair in pairs:
        later, earlier = max(pair.first, pair.second), min(pair.first, pair.second)
        versus = f"{labels[later]} vs {labels[earlier]}"
        for name, number in (("p_value", pair.p_value), ("p_adjusted", pair.p_adjusted)):
            rows[versus, name] = ResultRow(
                **common, comparison=versus, statistic=name, number=number, method=method, note=pair.note or ""
            )
    return rows


def _no_test(reason: str, common: Mapping[str, Any], complete: int) -> dict[tuple[str, str], ResultRow]:
    gone: dict[str, Any] = {**common, "number": None, "status": "not_estimable", "note": reason, "method": ASYMPTOTIC}
    n = ResultRow(**common, statistic="n", number=float(complete))
    return {
        ("", "n"): n,
        **{("", name): ResultRow(**gone, statistic=name) for name in ("statistic", "df", "p_value", "effect_size")},
    }


def _no_pairs(
    reason: str, common: Mapping[str, Any], labels: Sequence[str], shown: Sequence[tuple[int, int]], method: str
) -> dict[tuple[str, str], ResultRow]:
    gone: dict[str, Any] = {**common, "number": None, "status": "not_estimable", "note": reason, "method": method}
    versus = [f"{labels[j]} vs {labels[i]}" for i, j in shown]
    return {
        (v, name): ResultRow(**gone, comparison=v, statistic=name) for v in versus for name in ("p_value", "p_adjusted")
    }


def _reach(
    analysis: ChangeOverVisits, outcome: Outcome, n: int, common: Mapping[str, Any]
) -> tuple[dict[tuple[str, str], ResultRow], tuple[Mapping[str, Any], ...]]:
    """Record the least p an exact comparison of two visits could give, and say so when 0.05 is out of reach."""
    compared = math.comb(len(analysis.visits), 2) if analysis.test.against == "all" else len(analysis.visits) - 1
    least = 2.0 ** (1 - n)
    method = "exact signed-rank or sign test of two visits"
    rows = {
        ("pair", "smallest_p"): ResultRow(**common, statistic="smallest_p", number=least, method=method),
        ("pairs", "smallest_p"): ResultRow(
            **common, statistic="smallest_p", number=min(1.0, least * compared), method=f"{method}, times {compared}"
        ),
    }
    if analysis.test.adjust == "none" or least * compared <= _ALPHA:
        return rows, ()
    template = (
        f"{outcome.label}: {{n}} patients were seen at every visit. The smallest two-sided p that an exact comparison of "
        "two visits can give is {least}, after adjustment {adjusted}: an adjusted p below the usual threshold rests on the "
        "normal approximation of mean ranks."
    )
    values = {
        "n": cell("integer", ResultRow(**common, statistic="n", number=float(n))),
        "least": cell("p_value", rows["pair", "smallest_p"]),
        "adjusted": cell("p_value", rows["pairs", "smallest_p"]),
    }
    return rows, ({"template": template, "values": values},)
