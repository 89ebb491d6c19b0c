"""The exact binomial test of one proportion against a given one."""

from __future__ import annotations

from typing import Literal

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arguments import count_and_total, number, one_of
from myosotis.statistics.common.records import HypothesisTest

__all__ = ["binomial_p", "binomial_test"]

TwoSided = Literal["minimum-likelihood", "central"]


def binomial_test(
    count: int,
    total: int,
    probability: float = 0.5,
    alternative: Literal["two-sided", "greater", "less"] = "two-sided",
    two_sided: TwoSided = "minimum-likelihood",
) -> HypothesisTest:
    """Test exactly whether a proportion equals `probability`.

    `count` patients of `total` (whole, 0 <= count <= total), `probability` in [0, 1]. `two_sided` names how the other
    tail is counted: `minimum-likelihood` adds every count no more probable than the one observed (as R's binom.test
    does), `central` doubles the smaller tail and so agrees with the Clopper-Pearson interval. The statistic is the
    count. Raises `NotEstimableError` for total 0.

    >>> round(binomial_test(682, 925, 0.75).p_value, 4)
    0.3825

    Source: Clopper and Pearson, Biometrika 1934;26:404-413, doi:10.1093/biomet/26.4.404; the two tails, Fay, R Journal
    2010;2(1):53-58, doi:10.32614/RJ-2010-008.
    """
    from scipy.special import bdtr

    one_of(alternative, "alternative", ("two-sided", "greater", "less"))
    one_of(two_sided, "two_sided", ("minimum-likelihood", "central"))
    events, size = count_and_total(count, total)
    if size == 0:
        raise NotEstimableError("total is 0; a proportion needs at least one patient")
    probability = number(probability, "probability", "a number from 0 to 1", lambda one: 0.0 <= one <= 1.0)
    if alternative == "two-sided":
        p_value, smallest = binomial_p(events, size, probability, two_sided)
    elif alternative == "greater":
        p_value, smallest = float(bdtr(size - events, size, 1.0 - probability)), probability**size
    else:
        p_value, smallest = float(bdtr(events, size, probability)), (1.0 - probability) ** size
    suffix = f", {two_sided} p-value" if alternative == "two-sided" else ""
    return HypothesisTest(
        statistic=float(events),
        p_value=p_value,
        n=size,
        method=f"Exact binomial test of {probability:g}{suffix}",
        p_kind="exact",
        alternative=alternative,
        smallest_p=smallest,
    )


def binomial_p(count: int, total: int, probability: float, two_sided: str) -> tuple[float, float]:
    """Return the two-sided p-value of a binomial count and the least that `total` trials could give."""
    import numpy as np
    from scipy.stats import binom

    mass = binom.pmf(np.arange(total + 1), total, probability)
    if two_sided == "central":
        tail = min(binom.cdf(count, total, probability), binom.sf(count - 1, total, probability))
        return min(1.0, 2 * float(tail)), min(1.0, 2 * float(min(mass[0], mass[-1])))
    # Outcomes of equal probability may differ in the last bits, hence the relative slack.
    slack = 1.0 + 1e-7
    p_value = float(mass[mass <= mass[count] * slack].sum())
    return min(1.0, p_value), min(1.0, float(mass[mass <= mass.min() * slack].sum()))
