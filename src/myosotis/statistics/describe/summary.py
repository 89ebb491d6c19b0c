"""Location and spread of one sample, with the quantile rule always named."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arguments import level_of
from myosotis.statistics.describe.quantiles import (
    QuantileDefinition,
    Quartiles,
    observed_values,
    quantile,
    quartiles,
    resolved_definition,
)

__all__ = [
    "Description",
    "MedianInterval",
    "QuantileDefinition",
    "Quartiles",
    "describe",
    "median_interval",
    "quantile",
    "quartiles",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Record the summary of a sample; what the sample is too small for is None."""

    n: int
    n_missing: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None
    definition: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianInterval:
    """Record a median with the order statistics that bound it and the confidence that they attain.

    `low_rank` and `high_rank` count from 1. Limits are None where even the whole range of the sample does not reach
    `conf_level`; `attained_level` is then the confidence of that range.
    """

    estimate: float
    low: float | None
    high: float | None
    conf_level: float
    attained_level: float
    low_rank: int | None
    high_rank: int | None
    n: int
    method: str
    n_missing: int = 0
    note: str | None = None


def describe(x: ArrayLike, definition: QuantileDefinition = 6) -> Description:
    """Summarise a sample: size, mean, standard deviation, quartiles and range.

    `x` has one axis; NaN is left out and counted in `n_missing`. The standard deviation divides by n - 1 and is None
    for n = 1; everything but the counts is None for n = 0. Results are in the unit of `x`. Raises StatisticsError for
    infinite values or an unknown definition.

    >>> summary = describe([2.0, 4.0, float("nan"), 9.0])
    >>> summary.n, summary.n_missing, summary.mean, summary.median
    (3, 1, 5.0, 4.0)

    Source: quartiles as `quantile`.
    """
    rule = resolved_definition(definition)
    values, n_missing = observed_values(x)
    n = values.size
    if n == 0:
        return Description(
            n=0,
            n_missing=n_missing,
            mean=None,
            sd=None,
            median=None,
            q1=None,
            q3=None,
            minimum=None,
            maximum=None,
            definition=rule,
        )
    # fsum rounds once, so that the order of the patients cannot change a digit; equal values have themselves as mean.
    mean = float(values[0]) if values[0] == values[-1] else math.fsum(values) / n
    sd = math.sqrt(math.fsum((values - mean) ** 2) / (n - 1)) if n > 1 else None
    q1, median, q3 = quantile(values, (0.25, 0.5, 0.75), definition)
    return Description(
        n=n,
        n_missing=n_missing,
        mean=mean,
        sd=sd,
        median=median,
        q1=q1,
        q3=q3,
        minimum=float(values[0]),
        maximum=float(values[-1]),
        definition=rule,
    )


def median_interval(x: ArrayLike, conf_level: float = 0.95) -> MedianInterval:
    """Bound the median by two order statistics, and say what confidence they attain.

    `x` has one axis; NaN is left out and counted. The limits are the r-th smallest and the r-th largest value, with
    the largest r whose confidence 1 - 2 P(B <= r - 1), B binomial(n, 1/2), is at least `conf_level` (strictly
    between 0 and 1). The confidence holds for any continuous distribution and is a lower bound when values tie. Below
    the size that can reach `conf_level` (n = 6 for 0.95) the limits are None and `note` says so.

    Raises StatisticsError for infinite values or a `conf_level` outside (0, 1), and NotEstimableError when no value
    is left.

    >>> interval = median_interval([1, 2, 3, 4, 5, 6, 7])
    >>> interval.low, interval.high, interval.attained_level
    (1.0, 7.0, 0.984375)

    Source: Thompson WR. Ann Math Stat 1936;7:122-128, doi 10.1214/aoms/1177732502.
    """
    conf_level = level_of(conf_level)
    values, n_missing = observed_values(x)
    n = values.size
    if n == 0:
        raise NotEstimableError("a median was asked of a sample without any value; give at least one value")
    rank, attained = _interval_rank(n, conf_level)
    reached = rank > 0
    note = None if reached else f"n = {n} is too small: even the range of the sample has confidence {attained:.6g} only"
    return MedianInterval(
        estimate=quantile(values, 0.5),
        low=float(values[rank - 1]) if reached else None,
        high=float(values[n - rank]) if reached else None,
        conf_level=conf_level,
        attained_level=attained,
        low_rank=rank if reached else None,
        high_rank=n - rank + 1 if reached else None,
        n=n,
        n_missing=n_missing,
        method="order statistics (binomial)",
        note=note,
    )


def _interval_rank(n: int, conf_level: float) -> tuple[int, float]:
    """Find the rank of the lower limit and the confidence attained; rank 0 and that of the whole range if none."""
    low, high = 0, n // 2  # rank `low` is known to be enough, or is 0
    while low < high:
        middle = (low + high + 1) // 2
        if _central_probability(n, middle) >= conf_level:
            low = middle
        else:
            high = middle - 1
    return low, _central_probability(n, max(low, 1))


def _central_probability(n: int, rank: int) -> float:
    """Compute the confidence of the interval from the rank-th smallest to the rank-th largest of n values."""
    if 2 * rank > n:
        return 0.0
    if n <= 1000:  # whole numbers, so that a level which is attained exactly is seen to be
        tail = sum(math.comb(n, i) for i in range(rank))
        return ((1 << n) - 2 * tail) / (1 << n)
    from scipy.special import bdtr

    return 1.0 - 2.0 * float(bdtr(rank - 1, n, 0.5))
