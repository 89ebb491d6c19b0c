"""Confidence intervals for one proportion: Clopper-Pearson, Wilson, Jeffreys and mid-p."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arguments import alpha_of, count_and_total
from myosotis.statistics.common.records import IntervalEstimate

__all__ = ["clopper_pearson", "jeffreys", "mid_p", "wilson"]


def clopper_pearson(count: int, total: int, conf_level: float = 0.95) -> IntervalEstimate:
    """Give the exact interval whose coverage is never below `conf_level`.

    `count` patients of `total` (both whole, 0 <= count <= total). Limits are proportions in [0, 1], both edges
    included: the lower is exactly 0 when count is 0, the upper exactly 1 when count equals total. Missing patients
    are not counted in either number. Raises `NotEstimableError` for total 0, `StatisticsError` for impossible counts.

    >>> interval = clopper_pearson(15, 20)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.509, 0.9134)

    Source: Clopper and Pearson, Biometrika 1934;26:404-413, doi:10.1093/biomet/26.4.404; the limits as quantiles of
    the beta distribution, Brown, Cai and DasGupta, Stat Sci 2001;16:101-133, doi:10.1214/ss/1009213286, section 4.2.1.
    """
    from scipy.special import betainccinv, betaincinv

    events, size, alpha = _checked(count, total, conf_level)
    low = 0.0 if events == 0 else betaincinv(events, size - events + 1, alpha / 2)
    high = 1.0 if events == size else betainccinv(events + 1, size - events, alpha / 2)
    return _interval(events, size, low, high, conf_level, "Clopper-Pearson exact interval")


def wilson(count: int, total: int, conf_level: float = 0.95) -> IntervalEstimate:
    """Give the score interval, without continuity correction, whose coverage is near `conf_level` on average.

    Shapes, edges, missing values and errors are those of `clopper_pearson`.

    >>> interval = wilson(15, 20)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.5313, 0.8881)

    Source: Wilson, J Am Stat Assoc 1927;22:209-212, doi:10.1080/01621459.1927.10502953; method 3 of Newcombe,
    Stat Med 1998;17:857-872, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E.
    """
    from scipy.special import ndtri

    events, size, alpha = _checked(count, total, conf_level)
    z = -float(ndtri(alpha / 2))
    centre = events + z * z / 2
    half = z * sqrt(events * (size - events) / size + z * z / 4)
    scale = size + z * z
    low = 0.0 if events == 0 else (centre - half) / scale
    high = 1.0 if events == size else (centre + half) / scale
    return _interval(events, size, low, high, conf_level, "Wilson score interval")


def jeffreys(count: int, total: int, conf_level: float = 0.95) -> IntervalEstimate:
    """Give the equal-tailed interval of the posterior under the Jeffreys prior, beta(1/2, 1/2).

    As Brown, Cai and DasGupta advise, the lower limit is 0 when count is 0 and the upper limit is 1 when count equals
    total. The estimate is the observed proportion, not the posterior mean. Shapes, missing values and errors are those
    of `clopper_pearson`.

    >>> interval = jeffreys(15, 20)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.5358, 0.8976)

    Source: Brown, Cai and DasGupta, Stat Sci 2001;16:101-133, doi:10.1214/ss/1009213286, section 4.1.2.
    """
    from scipy.special import betainccinv, betaincinv

    events, size, alpha = _checked(count, total, conf_level)
    first, second = events + 0.5, size - events + 0.5
    low = 0.0 if events == 0 else betaincinv(first, second, alpha / 2)
    high = 1.0 if events == size else betainccinv(first, second, alpha / 2)
    return _interval(events, size, low, high, conf_level, "Jeffreys interval")


def mid_p(count: int, total: int, conf_level: float = 0.95) -> IntervalEstimate:
    """Give the mid-p interval: each tail counts half the probability of what was observed.

    Its coverage is close to `conf_level` and, unlike Clopper-Pearson's, can fall below it. Shapes, edges, missing
    values and errors are those of `clopper_pearson`.

    >>> interval = mid_p(15, 20)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.5298, 0.9021)

    Source: Berry and Armitage, The Statistician 1995;44:417-423, doi:10.2307/2348891; method 6 of Newcombe, Stat Med
    1998;17:857-872, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E.
    """
    from scipy.special import betainc, betaincc

    events, size, alpha = _checked(count, total, conf_level)
    rest = size - events

    def above(probability: float) -> float:
        more = betainc(events + 1, rest, probability) if rest else 0.0
        return float((betainc(events, rest + 1, probability) + more) / 2 - alpha / 2)

    def below(probability: float) -> float:
        fewer = betaincc(events, rest + 1, probability) if events else 0.0
        return float((betaincc(events + 1, rest, probability) + fewer) / 2 - alpha / 2)

    low = 0.0 if events == 0 else _root(above)
    high = 1.0 if events == size else _root(below)
    return _interval(events, size, low, high, conf_level, "mid-p interval")


def _root(excess: Callable[[float], float]) -> float:
    """Solve a tail equation on [0, 1]; its ends differ in sign, because half the observed point always remains."""
    from scipy.optimize import brentq

    return float(brentq(excess, 0.0, 1.0, xtol=1e-300, rtol=1e-14, maxiter=1000))


def _checked(count: int, total: int, conf_level: float) -> tuple[int, int, float]:
    events, size = count_and_total(count, total)
    alpha = alpha_of(conf_level)
    if size == 0:
        raise NotEstimableError("total is 0; a proportion needs at least one patient")
    return events, size, alpha


def _interval(events: int, size: int, low: float, high: float, conf_level: float, method: str) -> IntervalEstimate:
    return IntervalEstimate(
        estimate=events / size,
        low=float(low),
        high=float(high),
        conf_level=float(conf_level),
        n=size,
        method=method,
    )
