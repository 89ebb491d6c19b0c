"""Effect sizes of a paired change: the matched-pairs rank-biserial correlation and the standardized response mean."""

from __future__ import annotations

from math import atanh, sqrt, tanh
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arguments import alpha_of, one_of
from myosotis.statistics.common.records import IntervalEstimate
from myosotis.statistics.paired.changes import paired_changes
from myosotis.statistics.paired.signed_rank import doubled_signed_ranks

__all__ = ["rank_biserial", "standardized_response_mean"]


def rank_biserial(
    before: ArrayLike,
    after: ArrayLike,
    conf_level: float = 0.95,
    zeros: Literal["pratt", "wilcox"] = "pratt",
    decimals: int = 9,
) -> IntervalEstimate:
    """Give the matched-pairs rank-biserial correlation: rank sum of rises minus falls, over their total.

    It lies in [-1, 1], is 1 when every change is a rise, and uses the ranks of `signed_rank` with the same arguments; the
    ranks of pairs without a change enter neither sum. Pairs with NaN are left out and counted. The interval is Fisher's
    z-transformation with the standard error that the rank sums have under symmetry, hence approximate. At -1 and 1 that
    transformation is infinite, so both limits are None and the note says so. Raises `NotEstimableError` without a
    complete pair or when no pair changed.

    >>> effect = rank_biserial([0, 0, 0, 0, 0, 0], [-1, 2, 3, 4, 5, 6])
    >>> round(effect.estimate, 6)
    0.904762

    Source: Kerby, Compr Psychol 2014;3:11.IT.3.1, doi:10.2466/11.IT.3.1; King, Rosopa and Minium, Statistical
    Reasoning in the Behavioral Sciences, 7th ed. 2018; the interval as in R package effectsize.
    """
    from scipy.special import ndtri

    alpha = alpha_of(conf_level)
    one_of(zeros, "zeros", ("pratt", "wilcox"))
    changes = paired_changes(before, after, decimals)
    ranks = doubled_signed_ranks(changes.steps, zeros).astype(np.float64)
    total = float(np.abs(ranks).sum())
    if total == 0.0:
        raise NotEstimableError(f"none of {ranks.size} pairs changed; a rank-biserial correlation has no value")
    estimate = float(ranks.sum()) / total
    low: float | None = None
    high: float | None = None
    if abs(estimate) < 1.0:
        reach = -float(ndtri(alpha / 2)) * sqrt(float((ranks**2).sum())) / total
        low, high = tanh(atanh(estimate) - reach), tanh(atanh(estimate) + reach)
    return IntervalEstimate(
        estimate=estimate,
        low=low,
        high=high,
        conf_level=float(conf_level),
        n=int(ranks.size),
        n_missing=changes.n_missing,
        method=f"Matched-pairs rank-biserial correlation ({zeros} zeros), Fisher z interval",
        note=None if low is not None else "every change has the same direction, where Fisher's z is infinite",
    )


def standardized_response_mean(
    before: ArrayLike, after: ArrayLike, conf_level: float = 0.95, decimals: int = 9
) -> IntervalEstimate:
    """Give the mean change over the standard deviation of the changes, with its noncentral t interval.

    Pairs with NaN are left out and counted. The interval is exact for normal changes: its limits are the standardized
    means at which the observed t statistic lies at the upper and lower tail of the noncentral t distribution. Raises
    `NotEstimableError` for fewer than 2 complete pairs or when all changes are equal.

    >>> effect = standardized_response_mean([0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6])
    >>> round(effect.estimate, 4), round(effect.low, 4), round(effect.high, 4)
    (1.8708, 0.4665, 3.225)

    Source: Liang, Fossel and Larson, Med Care 1990;28:632-642, doi:10.1097/00005650-199007000-00008; the interval,
    Steiger and Fouladi, in What If There Were No Significance Tests, 1997, pp. 221-257.
    """
    alpha = alpha_of(conf_level)
    changes = paired_changes(before, after, decimals)
    values = changes.values
    size = values.size
    if size < 2:
        raise NotEstimableError(f"{size} complete pair; the standard deviation of changes needs 2")
    # Equality is judged on whole steps, since a sum of equal floats need not give a deviation of exactly 0.
    if changes.steps.min() == changes.steps.max():
        raise NotEstimableError(f"all {size} changes are equal; a standardized mean divides by their deviation, 0")
    estimate = float(values.mean() / values.std(ddof=1))
    low, high = _noncentral_t_limits(estimate, size, alpha)
    return IntervalEstimate(
        estimate=estimate,
        low=low,
        high=high,
        conf_level=float(conf_level),
        n=int(size),
        n_missing=changes.n_missing,
        method="Standardized response mean, noncentral t interval",
    )


def _noncentral_t_limits(estimate: float, size: int, alpha: float) -> tuple[float, float]:
    from scipy.optimize import brentq
    from scipy.stats import nct

    observed, df = estimate * sqrt(size), size - 1

    def limit(upper_tail: float) -> float:
        def excess(noncentrality: float) -> float:
            return float(nct.sf(observed, df, noncentrality) - upper_tail)

        reach = 10.0
        while excess(observed - reach) > 0.0 or excess(observed + reach) < 0.0:
            reach *= 2.0
        return float(brentq(excess, observed - reach, observed + reach, xtol=1e-13, rtol=1e-13)) / sqrt(size)

    return limit(alpha / 2), limit(1 - alpha / 2)
