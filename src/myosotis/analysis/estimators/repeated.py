"""Numbers of each patient at several visits: the Friedman test on complete cases, and its comparisons of pairs of visits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from myosotis.analysis.change import ASYMPTOTIC, LEAST_OF_PAIRS, Friedman, compared_visits
from myosotis.analysis.estimators.row import count_row, counts, not_estimable
from myosotis.errors import StatisticsError
from myosotis.results.schema import ResultRow

__all__ = ["friedman_rows", "least_p_of_pairs"]

_TEST = ("statistic", "df", "p_value", "effect_size")
_PAIR = ("p_value", "p_adjusted")

Matrix = Sequence[Sequence[float]]


def friedman_rows(
    matrix: Matrix, labels: Sequence[str], asked: Friedman, keys: Mapping[str, Any], *, decimals: int, seed: int
) -> dict[tuple[str, str], ResultRow]:
    """Test numbers across visits and compare pairs, by (comparison, statistic); the test has no comparison.

    `matrix` has a row for each patient and a column for each of `labels`, NaN for what is missing; patients with all of
    them enter. A test or comparison that the data do not allow says why. See `myosotis.statistics.friedman` and
    `friedman_pairwise`.
    """
    from myosotis.statistics import friedman

    try:
        overall = friedman(matrix, p=asked.p, decimals=decimals, seed=seed)
    except StatisticsError as error:
        complete = sum(not any(math.isnan(number) for number in patient) for patient in matrix)
        rows = {("", "n"): count_row(keys, "n", complete)}
        gone = {**keys, "method": ASYMPTOTIC}
        rows |= {("", name): not_estimable(gone, name, str(error)) for name in _TEST}
        return rows | _no_pairs(str(error), labels, asked, keys)
    kind = f"Friedman test, {overall.p_kind.replace('_', ' ')}, corrected for ties"
    note = overall.note or ""
    told = {**keys, "note": note}
    rows = {("", name): row for name, row in counts(told, n=overall.n, n_missing=overall.n_missing).items()}
    of_test = counts({**told, "method": ASYMPTOTIC}, statistic=overall.statistic, df=len(labels) - 1)
    of_test["p_value"] = ResultRow(**told, statistic="p_value", number=overall.p_value, method=kind)
    of_test["effect_size"] = ResultRow(**told, statistic="effect_size", number=overall.kendall_w, method=ASYMPTOTIC)
    rows |= {("", name): row for name, row in of_test.items()}
    if overall.smallest_p is not None:
        rows["", "smallest_p"] = ResultRow(**keys, statistic="smallest_p", number=overall.smallest_p, method=kind)
    if overall.p_kind != "asymptotic":
        rows["", "p_asymptotic"] = ResultRow(
            **keys, statistic="p_value", number=overall.p_asymptotic, method=ASYMPTOTIC
        )
    return rows | _pairs(matrix, labels, asked, keys, decimals)


def least_p_of_pairs(n: int, compared: int, keys: Mapping[str, Any]) -> dict[tuple[str, str], ResultRow]:
    """Give the least two-sided p that an exact comparison of two visits of `n` patients can give, and that of `compared`.

    Of n differences none of which is 0 all have one sign in 2 of 2^n equally likely ways.
    """
    least = 2.0 ** (1 - n)
    every: dict[str, Any] = {"number": min(1.0, least * compared), "method": f"{LEAST_OF_PAIRS}, times {compared}"}
    return {
        ("pair", "smallest_p"): ResultRow(**keys, statistic="smallest_p", number=least, method=LEAST_OF_PAIRS),
        ("pairs", "smallest_p"): ResultRow(**keys, statistic="smallest_p", **every),
    }


def _pairs(
    matrix: Matrix, labels: Sequence[str], asked: Friedman, keys: Mapping[str, Any], decimals: int
) -> dict[tuple[str, str], ResultRow]:
    """Compare pairs of visits; where that fails, the overall test stands and the pairs say why."""
    from myosotis.statistics import friedman_pairwise

    against: Literal["all"] | int = "all" if asked.against == "all" else 0
    try:
        pairs = friedman_pairwise(matrix, asked.pairwise, asked.adjust, against, decimals=decimals)
    except StatisticsError as error:
        return _no_pairs(str(error), labels, asked, keys)
    rows = {}
    for pair in pairs:
        versus = _versus(labels, pair.first, pair.second)
        of = {**keys, "comparison": versus, "method": _method(labels, asked), "note": pair.note or ""}
        for name, number in zip(_PAIR, (pair.p_value, pair.p_adjusted), strict=True):
            rows[versus, name] = ResultRow(**of, statistic=name, number=number)
    return rows


def _no_pairs(
    reason: str, labels: Sequence[str], asked: Friedman, keys: Mapping[str, Any]
) -> dict[tuple[str, str], ResultRow]:
    method = _method(labels, asked)
    return {
        (v, name): not_estimable({**keys, "method": method, "comparison": v}, name, reason)
        for v in compared_visits(labels, asked)
        for name in _PAIR
    }


def _method(labels: Sequence[str], asked: Friedman) -> str:
    return f"{asked.pairwise} on Friedman ranks, {asked.adjust} over {len(compared_visits(labels, asked))}"


def _versus(labels: Sequence[str], one: int, other: int) -> str:
    return f"{labels[max(one, other)]} vs {labels[min(one, other)]}"
