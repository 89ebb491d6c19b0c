"""The exact null distribution of Friedman's chi-square without ties, and its critical values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import number, whole
from myosotis.statistics.permutation.effort import square_sum_effort
from myosotis.statistics.permutation.within_patient import column_sum_states

__all__ = ["FriedmanCriticalValue", "friedman_critical_value", "friedman_null"]

_MOST_COMPARISONS = 6e9
_MOST_BYTES = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class FriedmanCriticalValue:
    """Record the least chi-square whose exact p-value is at most alpha, and that p-value."""

    statistic: float
    p_value: float
    alpha: float
    n: int
    n_visits: int


def friedman_critical_value(n: int, n_visits: int, alpha: float = 0.05) -> FriedmanCriticalValue:
    """Find the least chi-square of n patients without ties that reaches a level, by full enumeration.

    `n` is at least 1, `n_visits` at least 2, `alpha` strictly between 0 and 1. Enumeration is preferred to printed
    tables, which hold misprints. Raises StatisticsError outside those bounds or where enumeration would take minutes,
    NotEstimableError where not even full agreement reaches `alpha`.

    >>> value = friedman_critical_value(7, 3)
    >>> round(value.statistic, 3), round(value.p_value, 5)
    (7.143, 0.02718)

    Source: Friedman M. J Am Stat Assoc 1937;32:675-701, doi 10.1080/01621459.1937.10503522.
    """
    alpha = number(alpha, "alpha", "a number between 0 and 1, such as 0.05", lambda one: 0.0 < one < 1.0)
    n, n_visits = whole(n, "n", at_least=1), whole(n_visits, "n_visits", at_least=2)
    statistics, tails = friedman_null(n, n_visits)
    # A tail equal to alpha, such as 1/20, may carry a unit of rounding.
    reached = np.flatnonzero(tails <= alpha * (1.0 + 1e-12))
    if not reached.size:
        raise NotEstimableError(
            f"{n} patients at {n_visits} visits cannot reach alpha = {alpha:g}: full agreement has p = {tails[-1]:.4g}"
        )
    return FriedmanCriticalValue(
        statistic=float(statistics[reached[0]]),
        p_value=float(tails[reached[0]]),
        alpha=float(alpha),
        n=n,
        n_visits=n_visits,
    )


def friedman_null(n: int, n_visits: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """List every chi-square that n patients without ties can give, ascending, with the probability of at least it.

    Raises StatisticsError for fewer than one patient or two visits, or where enumeration would take minutes.

    >>> statistics, tails = friedman_null(2, 3)
    >>> statistics.tolist(), [round(float(p), 4) for p in tails]
    ([0.0, 1.0, 3.0, 4.0], [1.0, 0.8333, 0.5, 0.1667])

    Source: as `friedman_critical_value`.
    """
    n, n_visits = whole(n, "n", at_least=1), whole(n_visits, "n_visits", at_least=2)
    scores = np.tile(np.arange(n_visits, dtype=np.int64), (n, 1))
    effort = square_sum_effort(scores)
    if effort.comparisons > _MOST_COMPARISONS or effort.bytes > _MOST_BYTES:
        raise StatisticsError(f"the null distribution of {n} patients at {n_visits} visits would take minutes to list")
    states, weights = column_sum_states(scores)
    values, place = np.unique((states**2).sum(axis=0), return_inverse=True)
    probabilities = np.bincount(place.reshape(-1), weights, minlength=values.size)
    # Added from the smallest tail upwards, so that small probabilities keep their digits.
    tails = np.minimum(np.cumsum(probabilities[::-1])[::-1], 1.0)
    k = n_visits
    return (12.0 * values - 3.0 * n * n * k * (k - 1) ** 2) / (n * k * (k + 1)), tails
