"""Page's test of an ordered change over visits, exact with ties."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arrays import floats, visit_table
from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.permutation.arrangements import counted_rows, distinct_permutations
from myosotis.statistics.permutation.ranks import complete_rows, doubled_ranks

__all__ = ["PageTest", "page_trend"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# All orders of nine visits are 362 880, of ten ten times as many; the convolution is bounded to some ten seconds.
_MOST_VISITS = 9
_MOST_WORK = 2e10


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTest(HypothesisTest):
    """Record Page's test; `statistic` is L, `z` its large-sample standard score with the variance of the tied ranks.

    `continuity_correction` says whether `z` and `p_asymptotic` have one.
    """

    z: float
    p_asymptotic: float
    continuity_correction: bool
    rank_sums: tuple[float, ...]
    order: tuple[int, ...]


def page_trend(
    x: ArrayLike,
    p: Literal["auto", "exact", "asymptotic"] = "auto",
    *,
    order: Sequence[int] | None = None,
    alternative: Literal["greater", "less", "two-sided"] = "greater",
    continuity_correction: bool = False,
    decimals: int | None = None,
) -> PageTest:
    """Test whether values rise over visits in an order stated beforehand.

    `x` is patients x visits; patients with a missing visit (NaN) are left out and counted. `order` gives the place of
    each visit in the predicted order (1 for the lowest; by default the visits as they stand), `alternative` whether
    values rise with it (`"greater"`), fall (`"less"`) or either. `decimals` declares the recorded precision, see
    `ranks.to_recorded_precision`. The exact p counts every arrangement of each patient's own ranks, ties kept; `"auto"`
    takes it up to nine visits and some ten seconds of work, else the normal p, and `note` says which. With
    `continuity_correction` the normal p and `z` move L half a unit towards its mean, as some programs do.

    Raises StatisticsError for a table of another shape, an `order` that is not one of the places 1 to k, an unknown
    choice or an exact p out of reach; NotEstimableError when no patient is complete or every one is wholly tied.

    >>> test = page_trend([[1, 2, 3], [2, 3, 4], [0, 5, 9], [3, 1, 7]])
    >>> test.statistic, round(test.p_value, 7)
    (55.0, 0.0069444)

    Source: Page EB. J Am Stat Assoc 1963;58:216-230, doi 10.1080/01621459.1963.10500843.
    """
    table, n_missing = complete_rows(visit_table(x))
    ranks = doubled_ranks(table, decimals)
    n, k = ranks.shape
    places = _places(order, k)
    if not isinstance(alternative, str) or alternative not in ("greater", "less", "two-sided"):
        raise StatisticsError(f'alternative={alternative!r} is unknown; expected "greater", "less" or "two-sided"')
    if n == 0:
        raise NotEstimableError(f"no patient has a value at all {k} visits ({n_missing} have one missing)")
    if (np.ptp(ranks, axis=1) == 0).all():
        raise NotEstimableError(f"each of {n} patients has one value at all visits, so that there is nothing to rank")
    excess = int((ranks.sum(axis=0) * places).sum()) - n * (k * (k + 1) ** 2 // 2)  # twice: L less its mean
    z, normal_p = _normal(ranks, places, excess, alternative, 0.5 if continuity_correction else 0.0)
    exact, reason = _choice(p, n, k)
    found, smallest = _exact(ranks, places, excess, alternative) if exact else (normal_p, None)
    return PageTest(
        statistic=float((ranks.sum(axis=0) * places).sum()) / 2.0,
        z=z,
        p_value=found,
        p_asymptotic=normal_p,
        continuity_correction=continuity_correction,
        p_kind="exact" if exact else "asymptotic",
        smallest_p=smallest,
        alternative=alternative,
        n=n,
        n_missing=n_missing,
        method="Page's trend test",
        note=reason,
        rank_sums=tuple(float(s) / 2.0 for s in ranks.sum(axis=0)),
        order=tuple(int(place) for place in places),
    )


def _places(order: Sequence[int] | None, k: int) -> Integers:
    places = np.arange(1, k + 1) if order is None else floats(order, "order")
    if places.ndim != 1 or sorted(places.tolist()) != list(range(1, k + 1)):
        raise StatisticsError(f"order {order!r} was given; expected the places 1 to {k}, each once")
    return places.astype(np.int64)


def _normal(ranks: Integers, places: Integers, excess: int, alternative: str, correction: float) -> tuple[float, float]:
    """Refer L to the normal distribution with the permutation variance of the ranks, tied or not."""
    from scipy.special import ndtr

    k = places.size
    spread = float(((ranks - (k + 1)) ** 2).sum()) / 4.0
    variance = spread * float(((places - (k + 1) / 2.0) ** 2).sum()) / (k - 1)
    distance = max(abs(excess) / 2.0 - correction, 0.0)
    z = math.copysign(distance, excess) / math.sqrt(variance)
    if alternative == "two-sided":
        return z, float(2.0 * ndtr(-abs(z)))
    return z, float(ndtr(-z if alternative == "greater" else z))


def _choice(p: str, n: int, k: int) -> tuple[bool, str]:
    if not isinstance(p, str) or p not in ("auto", "exact", "asymptotic"):
        raise StatisticsError(f'p={p!r} is unknown; expected "auto", "exact" or "asymptotic"')
    if p == "asymptotic":
        return False, "normal p, as asked"
    work = (n * k**3 / 3.0) ** 2 / 2.0
    if k <= _MOST_VISITS and work <= _MOST_WORK:
        return True, "exact conditional p, as asked" if p == "exact" else "exact conditional p, since it is feasible"
    size = f"{n} patients x {k} visits"
    if p == "exact":
        raise StatisticsError(f'the exact p of {size} would take too long; ask for p="asymptotic"')
    return False, f"normal p, since an exact p of {size} would take too long"


def _exact(ranks: Integers, places: Integers, excess: int, alternative: str) -> tuple[float, float]:
    """Compute the exact p-value and the least possible one, by convolution of the patients' distributions."""
    patterns, counts = counted_rows(np.sort(ranks, axis=1))
    distribution = np.ones(1)
    for row, count in zip(patterns, counts, strict=True):
        kernel = _kernel(row, places)
        for _ in range(int(count)):
            distribution = np.convolve(distribution, kernel)
    # Reversing every patient's order turns the excess into its negative: the distribution is symmetric.
    centre = distribution.size // 2
    toward = {"greater": excess, "less": -excess, "two-sided": abs(excess)}[alternative]
    sides = 2.0 if alternative == "two-sided" else 1.0
    if alternative == "two-sided" and toward == 0:
        return 1.0, min(1.0, 2.0 * float(distribution[-1]))
    return min(1.0, sides * math.fsum(distribution[centre + toward :])), min(1.0, sides * float(distribution[-1]))


def _kernel(row: Integers, places: Integers) -> Floats:
    """Tabulate twice L less its mean for one patient's doubled ranks, over all arrangements, centred."""
    k = places.size
    listed = distinct_permutations(tuple(int(value) for value in np.sort(row)))
    sums = listed @ places - k * (k + 1) ** 2 // 2
    widest = int(sums.max())
    return np.bincount(sums + widest, minlength=2 * widest + 1) / sums.size
