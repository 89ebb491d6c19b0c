"""Wilcoxon's signed-rank test, exact with ties and zeros."""

from __future__ import annotations

from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import StatisticsError
from myosotis.statistics.common.arguments import one_of
from myosotis.statistics.paired.changes import ALTERNATIVES, Alternative, PairedTest, least_p, paired_changes

__all__ = ["EXACT_LIMIT", "doubled_signed_ranks", "lower_tail", "signed_rank"]

EXACT_LIMIT = 1000
"""Pairs up to which the exact p-value is computed: 2 to the power of -1000 is still a float, and it takes seconds."""

_Wholes = NDArray[np.int64]


def signed_rank(
    before: ArrayLike,
    after: ArrayLike,
    zeros: Literal["pratt", "wilcox"] = "pratt",
    p: Literal["exact", "asymptotic"] = "exact",
    alternative: Alternative = "two-sided",
    continuity: bool = False,
    decimals: int = 9,
) -> PairedTest:
    """Test whether paired differences, after minus before, are symmetric about 0.

    `before` and `after` hold one value each for a patient; pairs with NaN are left out and counted. Differences are
    rounded to `decimals` before they are ranked (see `paired_changes`), and tied ones share the mean of their ranks.
    `zeros="pratt"` ranks pairs without a change among the others and then drops their ranks, `"wilcox"` drops such
    pairs first. `p="exact"` is the distribution over all signs given the ranks at hand, hence exact with ties and zeros
    (at most 1000 pairs that changed); `"asymptotic"` is normal with the variance of those same ranks, and
    `continuity=True` moves the statistic by one half towards its mean. `greater` means that values rise. The statistic
    is the rank sum of the rises. With no change anywhere the p-value is 1 and the note says so. Raises
    `NotEstimableError` without a complete pair.

    >>> test = signed_rank([1, 2, 3, 4, 5, 6, 7], [3, 3, 4, 6, 9, 9, 8])
    >>> test.statistic, test.p_value, test.smallest_p
    (28.0, 0.015625, 0.015625)

    Source: Wilcoxon, Biometrics Bull 1945;1:80-83, doi:10.2307/3001968; zeros, Pratt, J Am Stat Assoc 1959;54:655-667,
    doi:10.1080/01621459.1959.10501526; the conditional distribution, Streitberg and Röhmel, Stat Softw Newsl
    1986;12:10-17.
    """
    one_of(zeros, "zeros", ("pratt", "wilcox"))
    one_of(p, "p", ("exact", "asymptotic"))
    one_of(alternative, "alternative", ALTERNATIVES)
    changes = paired_changes(before, after, decimals)
    ranks = doubled_signed_ranks(changes.steps, zeros)
    rises, falls = int(ranks[ranks > 0].sum()), int(-ranks[ranks < 0].sum())
    size = int((ranks != 0).sum())
    if p == "exact":
        p_value = _exact_p(np.abs(ranks), rises, falls, alternative)
    else:
        p_value = _normal_p(ranks, rises, falls, alternative, continuity)
    return PairedTest(
        statistic=rises / 2,
        p_value=p_value,
        n=int(ranks.size),
        n_missing=changes.n_missing,
        method=_method(zeros, p, continuity),
        p_kind="exact" if p == "exact" else "asymptotic",
        alternative=alternative,
        smallest_p=least_p(size, alternative) if p == "exact" else None,
        note=None if size else "no pair changed",
        positive=rises / 2,
        negative=falls / 2,
        n_zero=int(ranks.size) - size,
        decimals=changes.decimals,
    )


def doubled_signed_ranks(steps: _Wholes, zeros: str) -> _Wholes:
    """Return twice the signed mid-rank of every difference, in whole numbers; a zero difference has 0."""
    size = np.abs(steps)
    ranked = size if zeros == "pratt" else size[size > 0]
    values, counts = np.unique(ranked, return_counts=True)
    above = np.cumsum(counts)
    doubled = 2 * above - counts + 1
    result = np.zeros(steps.size, dtype=np.int64)
    changed = size > 0
    result[changed] = doubled[np.searchsorted(values, size[changed])]
    return np.sign(steps) * result


def lower_tail(weights: _Wholes, bound: int) -> float:
    """Return the probability that a sum of `weights`, each taken with probability one half, is at most `bound`."""
    weights = weights[weights > 0]
    if bound < 0:
        return 0.0
    # Sums above the bound are never needed, so the table ends there.
    chance = np.zeros(min(bound, int(weights.sum())) + 1)
    chance[0] = 1.0
    for weight in np.sort(weights).tolist():
        chance *= 0.5
        if weight < chance.size:
            # Half of the old chance moves up by the weight; the right side is read before it is written.
            chance[weight:] += chance[:-weight].copy()
    return float(chance.sum())


def _exact_p(weights: _Wholes, rises: int, falls: int, alternative: Alternative) -> float:
    size = int((weights > 0).sum())
    if size > EXACT_LIMIT:
        message = f"{size} pairs changed and the exact distribution is kept to {EXACT_LIMIT}; give p='asymptotic'"
        raise StatisticsError(message)
    if alternative == "two-sided":
        return min(1.0, 2 * lower_tail(weights, min(rises, falls)))
    # All signs are equally likely, so a large rank sum of rises is a small rank sum of falls.
    return min(1.0, lower_tail(weights, falls if alternative == "greater" else rises))


def _normal_p(ranks: _Wholes, rises: int, falls: int, alternative: Alternative, continuity: bool) -> float:
    from scipy.special import ndtr

    squares = float((ranks.astype(np.float64) ** 2).sum())
    if squares == 0.0:
        return 1.0
    # In doubled ranks the rises minus the falls have mean 0 and variance `squares`; half a rank is then 2.
    excess, half = float(rises - falls), 2.0 if continuity else 0.0
    if alternative == "two-sided":
        return min(1.0, 2 * float(ndtr(-max(0.0, abs(excess) - half) / sqrt(squares))))
    towards = excess if alternative == "greater" else -excess
    return float(ndtr(-(towards - half) / sqrt(squares)))


def _method(zeros: str, p: str, continuity: bool) -> str:
    handling = "zeros ranked and dropped (Pratt)" if zeros == "pratt" else "zeros dropped (Wilcoxon)"
    correction = "" if p == "exact" else f", {'with' if continuity else 'without'} continuity correction"
    return f"Wilcoxon signed-rank test, {handling}{correction}"
