"""The mean change of pairs with its t interval, and Student's test that it is 0."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from numpy.typing import ArrayLike

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arguments import alpha_of
from myosotis.statistics.common.records import IntervalEstimate
from myosotis.statistics.paired.changes import paired_changes

__all__ = ["MeanChange", "paired_t"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanChange(IntervalEstimate):
    """Record a mean change: `estimate` with its limits, `statistic` of Student's test on `df`, two-sided `p_value`."""

    statistic: float
    df: float
    p_value: float
    standard_error: float


def paired_t(before: ArrayLike, after: ArrayLike, conf_level: float = 0.95, decimals: int = 9) -> MeanChange:
    """Give the mean of after minus before with its t interval, and test that it is 0.

    Pairs with NaN are left out and counted. Interval and p-value are exact for normal changes; with few pairs of skewed
    scores prefer `signed_rank` and `hodges_lehmann`. Raises `NotEstimableError` for fewer than 2 complete pairs or when all
    changes are equal, since no standard error can be told.

    >>> found = paired_t([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    ...                  [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    >>> round(found.estimate, 2), round(found.low, 4), round(found.high, 4), round(found.p_value, 6)
    (1.58, 0.7001, 2.4599, 0.002833)

    Source: Student, Biometrika 1908;6:1-25, doi:10.1093/biomet/6.1.1.
    """
    from scipy.special import stdtr, stdtrit

    alpha = alpha_of(conf_level)
    changes = paired_changes(before, after, decimals)
    values = changes.values
    size = int(values.size)
    if size < 2:
        raise NotEstimableError(f"{size} complete pair{'' if size == 1 else 's'}; the standard error of a mean needs 2")
    # Equality is judged on whole steps, since a sum of equal floats need not give a deviation of exactly 0.
    if changes.steps.min() == changes.steps.max():
        raise NotEstimableError(f"all {size} changes are equal; their mean has no standard error")
    mean, error, df = float(values.mean()), float(values.std(ddof=1)) / sqrt(size), float(size - 1)
    reach = float(stdtrit(df, 1 - alpha / 2)) * error
    statistic = mean / error
    return MeanChange(
        estimate=mean,
        low=mean - reach,
        high=mean + reach,
        conf_level=float(conf_level),
        n=size,
        n_missing=changes.n_missing,
        method="Mean change, Student's t",
        statistic=statistic,
        df=df,
        p_value=float(2 * stdtr(df, -abs(statistic))),
        standard_error=error,
    )
