"""Yes-or-no outcomes in two independent groups: Fisher's, Boschloo's and Barnard's exact tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import alpha_of, one_of
from myosotis.statistics.common.arrays import count_table
from myosotis.statistics.common.records import HypothesisTest

__all__ = ["FisherTest", "UnconditionalTest", "barnard", "boschloo", "fisher_exact"]

Alternative = Literal["two-sided", "greater", "less"]
_ALTERNATIVES = ("two-sided", "greater", "less")
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FisherTest(HypothesisTest):
    """Record Fisher's test with the conditional odds ratio; a limit or ratio that is infinite is None."""

    odds_ratio: float | None
    odds_ratio_low: float | None
    odds_ratio_high: float | None
    conf_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnconditionalTest(HypothesisTest):
    """Record an exact unconditional test and the common proportion at which its p-value is largest."""

    nuisance: float


def fisher_exact(table: ArrayLike, alternative: Alternative = "two-sided", conf_level: float = 0.95) -> FisherTest:
    """Test exactly, given both margins, whether two groups have the same probability of an outcome.

    `table` is [[events 1, non-events 1], [events 2, non-events 2]], whole counts from 0. `greater` means a larger
    probability in the first group. The two-sided p-value adds every table with these margins that is no more probable
    than the one observed. The odds ratio is the conditional maximum likelihood estimate (not the cross product), with
    its exact two-sided interval; None stands for infinity. The statistic is the number of events in the first group.
    Where a margin is 0 the p-value is 1 and the odds ratio has no value. Raises `NotEstimableError` for an empty group.

    >>> test = fisher_exact([[3, 1], [1, 3]])
    >>> round(test.p_value, 4)
    0.4857

    Source: Fisher, J R Stat Soc 1935;98:39-82, doi:10.2307/2342435; interval, Cornfield, Proc Third Berkeley Symp
    1956;4:135-148.
    """
    one_of(alternative, "alternative", _ALTERNATIVES)
    alpha = alpha_of(conf_level)
    counts = _table(table)
    size, events = int(counts.sum()), int(counts[:, 0].sum())
    possible, log_ways = _conditional_ways(counts)
    here = int(counts[0, 0]) - int(possible[0])
    mass = _chances(log_ways, possible, 0.0)
    ratio, low, high = _odds_ratio(log_ways, possible, here, alpha / 2) if 0 < events < size else (None, None, None)
    return FisherTest(
        statistic=float(counts[0, 0]),
        p_value=_tail(mass, here, alternative),
        n=size,
        method="Fisher exact test",
        p_kind="exact",
        alternative=alternative,
        smallest_p=_least_tail(mass, alternative),
        note=None if 0 < events < size else "all patients have the same outcome",
        odds_ratio=ratio,
        odds_ratio_low=low,
        odds_ratio_high=high,
        conf_level=float(conf_level),
    )


def boschloo(table: ArrayLike, alternative: Alternative = "two-sided") -> UnconditionalTest:
    """Test as `fisher_exact`, with only the group sizes fixed, ordering outcomes by Fisher's p-value.

    The p-value is the largest probability, over every common proportion, of an outcome whose Fisher p-value (of the same
    alternative) is no larger than the one observed; it never exceeds Fisher's. The statistic is Fisher's p-value. `table`
    and errors are those of `fisher_exact`; at most 100 patients in each group.

    >>> round(boschloo([[7, 3], [2, 8]]).p_value, 4)
    0.0414

    Source: Boschloo, Stat Neerl 1970;24:1-35, doi:10.1111/j.1467-9574.1970.tb00104.x.
    """
    return _unconditional(table, alternative, _fisher_order, "Boschloo exact test")


def barnard(table: ArrayLike, alternative: Alternative = "two-sided") -> UnconditionalTest:
    """Test as `boschloo`, ordering outcomes by the difference over its pooled standard error.

    The statistic is that pooled score, first group minus second, 0 where all patients have the same outcome; two-sided
    ordering takes its absolute value. `table` and errors are those of `boschloo`.

    >>> round(barnard([[7, 3], [2, 8]]).p_value, 4)
    0.0414

    Source: Barnard, Biometrika 1947;34:123-138, doi:10.1093/biomet/34.1-2.123; the pooled score, Suissa and Shuster,
    J R Stat Soc A 1985;148:317-327, doi:10.2307/2981892.
    """
    return _unconditional(table, alternative, _score_order, "Barnard exact test, pooled score")


def _unconditional(
    table: ArrayLike, alternative: Alternative, order: Callable[[int, int, str], tuple[_Floats, _Floats]], method: str
) -> UnconditionalTest:
    one_of(alternative, "alternative", _ALTERNATIVES)
    counts = _table(table)
    first, second = int(counts[0].sum()), int(counts[1].sum())
    if max(first, second) > 100:
        message = f"the groups have {first} and {second} patients; unconditional tests are kept to 100 in each"
        raise StatisticsError(message + "; use fisher_exact")
    statistics, extremeness = order(first, second, alternative)
    here = (int(counts[0, 0]), int(counts[1, 0]))
    p_value, nuisance = _largest_probability(extremeness >= extremeness[here] - 1e-9, first, second)
    # The most extreme outcomes of all, which are few, give the least p-value.
    smallest, _ = _largest_probability(extremeness >= extremeness.max() - 1e-9, first, second)
    return UnconditionalTest(
        statistic=float(statistics[here]),
        p_value=p_value,
        n=first + second,
        method=method,
        p_kind="exact",
        alternative=alternative,
        smallest_p=smallest,
        nuisance=nuisance,
    )


def _score_order(first: int, second: int, alternative: str) -> tuple[_Floats, _Floats]:
    events_1, events_2 = np.arange(first + 1)[:, None], np.arange(second + 1)[None, :]
    pooled = (events_1 + events_2) / (first + second)
    variance = pooled * (1 - pooled) * (1 / first + 1 / second)
    difference = events_1 / first - events_2 / second
    score = np.where(variance > 0, difference / np.sqrt(np.where(variance > 0, variance, 1.0)), 0.0)
    return score, {"two-sided": np.abs(score), "greater": score, "less": -score}[alternative]


def _fisher_order(first: int, second: int, alternative: str) -> tuple[_Floats, _Floats]:
    """Return Fisher's p-value of every outcome, and how extreme it is on a scale that keeps small ones apart."""
    from scipy.stats import hypergeom

    p_values = np.ones((first + 1, second + 1))
    for events in range(first + second + 1):
        in_first = np.arange(max(0, events - second), min(first, events) + 1)
        mass = hypergeom.pmf(in_first, first + second, events, first)
        if alternative == "two-sided":
            # The relative slack is that of Fisher's test itself: equal masses may differ in the last bits.
            tail = np.array([mass[mass <= one * (1 + 1e-7)].sum() for one in mass])
        else:
            tail = np.cumsum(mass[::-1])[::-1] if alternative == "greater" else np.cumsum(mass)
        p_values[in_first, events - in_first] = np.minimum(1.0, tail)
    return p_values, -np.log(np.maximum(p_values, 1e-300))


def _largest_probability(region: NDArray[np.bool_], first: int, second: int) -> tuple[float, float]:
    """Return the maximum over the common proportion of the probability of a region, and where it lies."""
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    ways = [gammaln(n + 1) - gammaln(np.arange(n + 1) + 1) - gammaln(n - np.arange(n + 1) + 1) for n in (first, second)]
    chosen = np.argwhere(region)
    events = chosen.sum(axis=1)
    # Only the total number of events matters for the common proportion, so outcomes are gathered by it.
    weight = np.bincount(events, np.exp(ways[0][chosen[:, 0]] + ways[1][chosen[:, 1]]), minlength=first + second + 1)
    totals = np.arange(first + second + 1)

    def probability(proportion: float) -> float:
        return float((weight * proportion**totals * (1 - proportion) ** totals[::-1]).sum())

    # A polynomial of this degree has no more turning points than the grid has points between them.
    grid = np.linspace(0.0, 1.0, 20 * (first + second) + 1)
    heights = np.array([probability(point) for point in grid])
    best_p, best_at = float(heights.max()), float(grid[heights.argmax()])
    for i in range(1, grid.size - 1):
        if heights[i] >= max(heights[i - 1], heights[i + 1]) and heights[i] > 0.9 * heights.max():
            bounds = (float(grid[i - 1]), float(grid[i + 1]))
            top = minimize_scalar(lambda x: -probability(x), bounds=bounds, method="bounded", options={"xatol": 1e-10})
            if -top.fun > best_p:
                best_p, best_at = float(-top.fun), float(top.x)
    return min(1.0, best_p), best_at


def _conditional_ways(counts: NDArray[np.int64]) -> tuple[_Floats, _Floats]:
    """Return the events in the first group that the margins allow, and the log of how many tables have each."""
    from scipy.special import gammaln

    first, second, events = int(counts[0].sum()), int(counts[1].sum()), int(counts[:, 0].sum())
    possible = np.arange(max(0, events - second), min(first, events) + 1, dtype=np.float64)
    rest = events - possible
    log_ways = -(gammaln(possible + 1) + gammaln(first - possible + 1) + gammaln(rest + 1) + gammaln(second - rest + 1))
    return possible, log_ways


def _chances(log_ways: _Floats, possible: _Floats, log_ratio: float) -> _Floats:
    height = log_ways + possible * log_ratio
    mass = np.exp(height - height.max())
    result: _Floats = mass / mass.sum()
    return result


def _tail(mass: _Floats, here: int, alternative: str) -> float:
    if alternative == "two-sided":
        # Equal chances may differ in the last bits, hence the relative slack.
        return min(1.0, float(mass[mass <= mass[here] * (1 + 1e-7)].sum()))
    return min(1.0, float(mass[here:].sum() if alternative == "greater" else mass[: here + 1].sum()))


def _least_tail(mass: _Floats, alternative: str) -> float:
    return _tail(mass, {"two-sided": int(mass.argmin()), "greater": -1, "less": 0}[alternative], alternative)


def _odds_ratio(
    log_ways: _Floats, possible: _Floats, here: int, tail: float
) -> tuple[float | None, float | None, float | None]:
    """Return the conditional odds ratio and its exact limits; None stands for infinity."""
    from scipy.optimize import brentq

    def solve(excess: Callable[[_Floats], float]) -> float:
        def at(log_ratio: float) -> float:
            return excess(_chances(log_ways, possible, log_ratio))

        reach = 1.0
        while at(-reach) * at(reach) > 0.0:
            reach *= 2.0
        return float(np.exp(brentq(at, -reach, reach, xtol=1e-14, rtol=1e-14)))

    is_least, is_most = here == 0, here == possible.size - 1
    low = 0.0 if is_least else solve(lambda mass: float(mass[here:].sum()) - tail)
    high = None if is_most else solve(lambda mass: float(mass[: here + 1].sum()) - tail)
    if is_least or is_most:
        return (0.0 if is_least else None), low, high
    return solve(lambda mass: float((mass * (possible - possible[here])).sum())), low, high


def _table(table: ArrayLike) -> NDArray[np.int64]:
    expected = "a table holds two rows of two whole counts from 0: events, non-events of each group"
    counts = count_table(table, expected, two_by_two=True)
    if (counts.sum(axis=1) == 0).any():
        raise NotEstimableError("a group has no patient; a comparison needs both groups")
    return counts
