"""Wilcoxon's rank-sum test of two independent groups and its Hodges-Lehmann shift, exact with ties."""

from __future__ import annotations

from math import comb
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import alpha_of, one_of, whole
from myosotis.statistics.common.arrays import number_array
from myosotis.statistics.common.records import HypothesisTest, IntervalEstimate

__all__ = ["rank_sum", "rank_sum_shift"]

_Wholes = NDArray[np.int64]
_EXACT_LIMIT = 200


def rank_sum(
    first: ArrayLike,
    second: ArrayLike,
    p: Literal["exact", "asymptotic"] = "exact",
    alternative: Literal["two-sided", "greater", "less"] = "two-sided",
    decimals: int = 9,
) -> HypothesisTest:
    """Test whether two independent groups share one distribution.

    `first` and `second` hold one value for each patient, NaN is left out and counted, and values are rounded to
    `decimals` (0 to 12) before they are ranked together with mid-ranks. The statistic is the Mann-Whitney count of the
    first group: pairs in which it is the larger, ties counting one half. `p="exact"` is the distribution over all
    divisions of the ranks at hand (at most 200 patients), `"asymptotic"` normal with the variance of those ranks and no
    continuity correction. `greater` means that the first group is larger. The two-sided p-value counts divisions at
    least as far from the mean on either side. Raises `NotEstimableError` for an empty group.

    >>> test = rank_sum([3, 4, 5], [1, 2])
    >>> test.statistic, test.p_value, test.smallest_p
    (6.0, 0.2, 0.2)

    Source: Mann and Whitney, Ann Math Stat 1947;18:50-60, doi:10.1214/aoms/1177730491; Streitberg and Röhmel, Stat
    Softw Newsl 1986;12:10-17.
    """
    one_of(p, "p", ("exact", "asymptotic"))
    one_of(alternative, "alternative", ("two-sided", "greater", "less"))
    one, two, n_missing = _groups(first, second, decimals)
    doubled = _doubled_ranks(np.concatenate([one, two]))
    total = int(doubled[: one.size].sum())
    if p == "exact":
        p_value, smallest = _exact_p(doubled, one.size, total, alternative)
    else:
        p_value, smallest = _normal_p(doubled, one.size, total, alternative), None
    return HypothesisTest(
        statistic=(total - one.size * (one.size + 1)) / 2,
        p_value=p_value,
        n=int(doubled.size),
        n_missing=n_missing,
        method="Wilcoxon rank-sum test" + ("" if p == "exact" else ", without continuity correction"),
        p_kind="exact" if p == "exact" else "asymptotic",
        alternative=alternative,
        smallest_p=smallest,
    )


def rank_sum_shift(
    first: ArrayLike, second: ArrayLike, conf_level: float = 0.95, decimals: int = 9
) -> IntervalEstimate:
    """Give the median of all differences first minus second, with the interval that belongs to the exact test.

    Arguments and missing values are those of `rank_sum`. The limits are ordered differences, their places taken from
    the exact distribution without ties; with ties the interval is conservative. Where the groups are too small for
    `conf_level` both limits are None. Raises `NotEstimableError` for an empty group.

    >>> shift = rank_sum_shift([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], [1.15, 0.88, 0.90, 0.74, 1.21])
    >>> shift.estimate, shift.low, shift.high
    (0.305, -0.15, 0.76)

    Source: Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., doi:10.1002/9781119196037,
    sections 4.2 and 4.3.
    """
    alpha = alpha_of(conf_level)
    one, two, n_missing = _groups(first, second, decimals)
    size = one.size + two.size
    unit = 10.0**decimals
    differences = np.sort((one[:, None] - two[None, :]).ravel())
    chance = np.cumsum(_sums(2 * np.arange(1, size + 1), one.size)) / comb(size, int(one.size))
    least = one.size * (one.size + 1)
    place = int((chance[least::2] <= alpha / 2).sum())
    return IntervalEstimate(
        estimate=float(np.median(differences)) / unit,
        low=float(differences[place - 1]) / unit if place else None,
        high=float(differences[-place]) / unit if place else None,
        conf_level=float(conf_level),
        n=int(size),
        n_missing=n_missing,
        method="Hodges-Lehmann shift of two groups, exact interval",
        note=None if place else f"{size} patients are too few for a limit at confidence level {conf_level:g}",
    )


def _groups(first: ArrayLike, second: ArrayLike, decimals: int) -> tuple[_Wholes, _Wholes, int]:
    places = whole(decimals, "decimals")
    kept, missing = [], 0
    for values, name in ((first, "first"), (second, "second")):
        array = number_array(values, name, missing=True)
        present = array[~np.isnan(array)]
        missing += int(array.size - present.size)
        if present.size == 0:
            raise NotEstimableError(f"{name} holds no value; a comparison needs both groups")
        scaled = present * 10.0 ** min(places, 12)
        if places > 12 or (np.abs(scaled) > 2.0**52).any():
            raise StatisticsError(f"{name} cannot be held to {places} decimals; give fewer decimals")
        kept.append(np.rint(scaled).astype(np.int64))
    return kept[0], kept[1], missing


def _doubled_ranks(values: _Wholes) -> _Wholes:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    result: _Wholes = (2 * np.cumsum(counts) - counts + 1)[place]
    return result


def _sums(doubled: _Wholes, size: int) -> NDArray[np.float64]:
    """Count the subsets of `size` ranks by their sum."""
    if doubled.size > _EXACT_LIMIT:
        message = f"{doubled.size} patients; the exact distribution is kept to {_EXACT_LIMIT}"
        raise StatisticsError(message + "; give p='asymptotic' where a test offers it")
    reach = int(np.sort(doubled)[-size:].sum())
    table = np.zeros((size + 1, reach + 1))
    table[0, 0] = 1.0
    for rank in doubled.tolist():
        table[1:, rank:] += table[:-1, : reach + 1 - rank].copy()
    row: NDArray[np.float64] = table[size]
    return row


def _exact_p(doubled: _Wholes, size: int, total: int, alternative: str) -> tuple[float, float]:
    ways = _sums(doubled, size)
    # Compared as whole numbers: the distance from the mean, times the number of patients.
    mean = size * int(doubled.sum())
    distance = np.arange(ways.size) * doubled.size - mean
    observed = total * doubled.size - mean
    far = {
        "two-sided": np.abs(distance) >= abs(observed),
        "greater": distance >= observed,
        "less": distance <= observed,
    }[alternative]
    all_ways = float(ways.sum())
    possible = distance[ways > 0]
    extremes = {
        "two-sided": np.abs(distance) >= np.abs(possible).max(),
        "greater": distance >= possible.max(),
        "less": distance <= possible.min(),
    }[alternative]
    return float(ways[far].sum()) / all_ways, float(ways[extremes].sum()) / all_ways


def _normal_p(doubled: _Wholes, size: int, total: int, alternative: str) -> float:
    from scipy.special import ndtr

    ranks = doubled.astype(np.float64)
    variance = size * (doubled.size - size) / doubled.size * float(ranks.var(ddof=1)) if doubled.size > 1 else 0.0
    if variance == 0.0:
        return 1.0
    z = (total - size * float(ranks.mean())) / variance**0.5
    if alternative == "two-sided":
        return 2 * float(ndtr(-abs(z)))
    return float(ndtr(-z if alternative == "greater" else z))
