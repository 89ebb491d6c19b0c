"""The Hodges-Lehmann estimate of a paired change, with an exact interval."""

from __future__ import annotations

from math import exp, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import StatisticsError
from myosotis.statistics.common.arguments import alpha_of, one_of
from myosotis.statistics.common.records import IntervalEstimate
from myosotis.statistics.paired.changes import paired_changes
from myosotis.statistics.paired.signed_rank import doubled_signed_ranks, lower_tail

__all__ = ["EXACT_INTERVAL_LIMIT", "hodges_lehmann"]

EXACT_INTERVAL_LIMIT = 100
"""Pairs up to which the exact interval is computed; its cost grows with the fifth power of their number."""

_Wholes = NDArray[np.int64]


def hodges_lehmann(
    before: ArrayLike,
    after: ArrayLike,
    conf_level: float = 0.95,
    interval: Literal["exact", "asymptotic"] = "exact",
    decimals: int = 9,
) -> IntervalEstimate:
    """Give the median of all Walsh averages of the changes, after minus before, with its interval.

    `before` and `after` hold one value each for a patient; pairs with NaN are left out and counted; changes are rounded
    to `decimals` first (see `paired_changes`). The `exact` interval (at most 100 pairs) runs from the lowest to the
    highest shift that the signed-rank test, exact for the ties which that shift makes and with zeros after Pratt, does
    not reject at level (1 - conf_level) / 2 on that side; both limits belong to it. Without ties it is the usual pair of
    ordered Walsh averages. The `asymptotic` interval takes their places from the normal approximation. Where even the
    most extreme signs are too probable for `conf_level` (5 pairs or fewer at 0.95) there is no limit: both are None and
    the note says so. Raises `NotEstimableError` without a complete pair.

    >>> interval = hodges_lehmann([0, 0, 0, 0, 0, 0, 0], [9, 16, 5, 15, 8, 7, 2])
    >>> interval.estimate, interval.low, interval.high
    (8.5, 4.5, 15.0)

    Source: Hodges and Lehmann, Ann Math Stat 1963;34:598-611, doi:10.1214/aoms/1177704172; the interval without ties,
    Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., doi:10.1002/9781119196037, section 3.3;
    with ties by inverting the conditional test, Bauer, J Am Stat Assoc 1972;67:687-690,
    doi:10.1080/01621459.1972.10481279.
    """
    one_of(interval, "interval", ("exact", "asymptotic"))
    alpha = alpha_of(conf_level)
    changes = paired_changes(before, after, decimals)
    steps = np.sort(changes.steps)
    half_unit = 2 * 10.0**changes.decimals
    if interval == "exact":
        low, high = _exact_limits(steps, alpha / 2)
    else:
        low, high = _asymptotic_limits(steps, alpha / 2)
    return IntervalEstimate(
        estimate=_median_pair_sum(steps) / half_unit,
        low=None if low is None else low / half_unit,
        high=None if high is None else high / half_unit,
        conf_level=float(conf_level),
        n=int(steps.size),
        n_missing=changes.n_missing,
        method=f"Hodges-Lehmann estimate, {interval} interval",
        note=_too_few(steps.size, conf_level) if low is None or high is None else None,
    )


def _too_few(size: int, conf_level: float) -> str:
    return f"{size} pairs are too few for a limit at confidence level {conf_level:g}"


def _median_pair_sum(ordered: _Wholes) -> float:
    """Return the median of all sums of two changes, each also with itself."""
    pairs = ordered.size * (ordered.size + 1) // 2
    lower = _pair_sum(ordered, (pairs + 1) // 2)
    return float(lower) if pairs % 2 else (lower + _pair_sum(ordered, pairs // 2 + 1)) / 2


def _pair_sum(ordered: _Wholes, place: int) -> int:
    """Return the sum at one place (from 1) of all pair sums, by halving; never holds all of them."""
    low, high = 2 * int(ordered[0]), 2 * int(ordered[-1])
    while low < high:
        middle = (low + high) // 2
        both_orders = int(np.searchsorted(ordered, middle - ordered, side="right").sum())
        with_itself = int((2 * ordered <= middle).sum())
        if (both_orders + with_itself) // 2 >= place:
            high = middle
        else:
            low = middle + 1
    return low


def _exact_limits(steps: _Wholes, tail: float) -> tuple[int | None, int | None]:
    if steps.size > EXACT_INTERVAL_LIMIT:
        message = (
            f"there are {steps.size} pairs and the exact interval is kept to {EXACT_INTERVAL_LIMIT}; "
            "give interval='asymptotic'"
        )
        raise StatisticsError(message)
    low = _lowest_shift(steps, tail)
    mirrored = _lowest_shift(-steps, tail)
    return low, None if mirrored is None else -mirrored


def _lowest_shift(steps: _Wholes, tail: float) -> int | None:
    """Return twice the lowest shift that is not rejected as too low."""
    if 0.5**steps.size > tail:
        return None
    rows, columns = np.triu_indices(steps.size)
    sums, counts = np.unique(steps[rows] + steps[columns], return_counts=True)
    known: dict[bytes, float] = {}
    for place, pair_sum in enumerate(sums[:-1].tolist()):
        # A single coinciding pair cannot make the test accept a shift that both neighbours reject.
        if counts[place] > 1 and _accepts(4 * steps - 2 * pair_sum, tail, known):
            return int(pair_sum)
        if _accepts(4 * steps - pair_sum - int(sums[place + 1]), tail, known):
            return int(pair_sum)
    return int(sums[-1])


def _accepts(residuals: _Wholes, tail: float, known: dict[bytes, float]) -> bool:
    """Tell whether the rank sum of the negative residuals is not too small."""
    ranks = doubled_signed_ranks(residuals, "pratt")
    falls, weights = int(-ranks[ranks < 0].sum()), np.sort(np.abs(ranks))
    squares = float((weights.astype(np.float64) ** 2).sum())
    short = float(weights.sum()) / 2 - falls
    # Hoeffding's bound (J Am Stat Assoc 1963;58:13-30, doi:10.1080/01621459.1963.10500830) spares hopeless tables.
    if squares and short > 0 and exp(-2 * short * short / squares) <= tail:
        return False
    key = weights.tobytes() + falls.to_bytes(8, "little")
    if key not in known:
        known[key] = lower_tail(weights, falls)
    return known[key] > tail


def _asymptotic_limits(ordered: _Wholes, tail: float) -> tuple[int | None, int | None]:
    from scipy.special import ndtri

    size = ordered.size
    pairs = size * (size + 1) // 2
    spread = sqrt(size * (size + 1) * (2 * size + 1) / 24)
    place = int(pairs / 2 + float(ndtri(tail)) * spread)
    if place < 1:
        return None, None
    return _pair_sum(ordered, place), _pair_sum(ordered, pairs + 1 - place)
