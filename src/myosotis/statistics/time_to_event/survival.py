"""The Kaplan-Meier curve with its log-log band, median and restricted mean."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import alpha_of, number, one_of
from myosotis.statistics.common.arrays import number_array
from myosotis.statistics.common.records import IntervalEstimate

__all__ = ["KaplanMeier", "follow_up", "kaplan_meier", "kaplan_meier_median", "restricted_mean"]

_Floats = NDArray[np.float64]
Convention = Literal["midpoint", "first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KaplanMeier:
    """Record a Kaplan-Meier curve; each tuple has one entry for each distinct time, in order.

    `survival` is the probability just after the time. A limit is None after the curve has reached 0, and before the
    first event, where it is 1, both limits are 1.
    """

    time: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    censored: tuple[int, ...]
    survival: tuple[float, ...]
    standard_error: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    conf_level: float
    n: int
    method: str

    def at(self, time: float) -> float | None:
        """Return the survival probability just after `time`; None beyond the last time while patients were left."""
        time = number(time, "time", "a number of at least 0", lambda one: one >= 0.0)
        place = int(np.searchsorted(self.time, time, side="right")) - 1
        if time > self.time[-1] and self.survival[-1] > 0.0:
            return None
        return 1.0 if place < 0 else self.survival[place]


def kaplan_meier(time: ArrayLike, event: ArrayLike, conf_level: float = 0.95) -> KaplanMeier:
    """Estimate the probability of staying free of an event, with Greenwood's variance on the log-log scale.

    `time` holds one number of at least 0 for each patient, `event` 1 (or True) where it ended in the event and 0 where
    observation ended without; missing values are refused. Patients censored at the time of an event count as at risk at
    it. Limits are pointwise and lie in [0, 1]. Raises `NotEstimableError` without a patient, `StatisticsError` for
    negative times or other codes of event.

    >>> curve = kaplan_meier([6, 6, 6, 7, 10], [1, 1, 0, 1, 1])
    >>> curve.time, [round(value, 4) for value in curve.survival]
    ((6.0, 7.0, 10.0), [0.6, 0.3, 0.0])

    Source: Kaplan and Meier, J Am Stat Assoc 1958;53:457-481, doi:10.1080/01621459.1958.10501452; the log-log
    limits, Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. 2002,
    doi:10.1002/9781118032985, section 1.4.
    """
    from scipy.special import ndtri

    times, events = follow_up(time, event)
    z = -float(ndtri(alpha_of(conf_level) / 2))
    distinct, place = np.unique(times, return_inverse=True)
    deaths = np.bincount(place, events, minlength=distinct.size).astype(np.int64)
    leaving = np.bincount(place, minlength=distinct.size)
    at_risk = times.size - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    survival = np.cumprod(1.0 - deaths / at_risk)
    error = np.sqrt(_greenwood(deaths, at_risk))
    limits = [_log_log(float(s), float(e), z) for s, e in zip(survival, error, strict=True)]
    return KaplanMeier(
        time=tuple(distinct.tolist()),
        at_risk=tuple(at_risk.tolist()),
        events=tuple(deaths.tolist()),
        censored=tuple((leaving - deaths).tolist()),
        survival=tuple(survival.tolist()),
        standard_error=tuple((survival * np.where(survival > 0.0, error, 0.0)).tolist()),
        low=tuple(low for low, _ in limits),
        high=tuple(high for _, high in limits),
        conf_level=float(conf_level),
        n=int(times.size),
        method="Kaplan-Meier, log-log interval",
    )


def kaplan_meier_median(curve: KaplanMeier, convention: Convention = "midpoint") -> IntervalEstimate:
    """Give the median time of a Kaplan-Meier curve, with the interval where its band crosses one half.

    Where the curve (or a limit) is exactly one half over a stretch of time, `convention="midpoint"` takes the middle of
    the stretch, as R's survfit prints, and `"first"` its beginning, the least time at which the probability is at most
    one half; a stretch that no later event ends has only a beginning. A median or limit that the curve does not reach is
    None and the note says so.

    >>> curve = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    >>> kaplan_meier_median(curve).estimate, kaplan_meier_median(curve, convention="first").estimate
    (2.5, 2.0)

    Source: Brookmeyer and Crowley, Biometrics 1982;38:29-41, doi:10.2307/2530286.
    """
    one_of(convention, "convention", ("midpoint", "first"))
    if not isinstance(curve, KaplanMeier):
        raise StatisticsError(f"curve is a {type(curve).__name__}; give what kaplan_meier returns")
    estimate = _crossing(curve.time, curve.survival, convention)
    low = _crossing(curve.time, curve.low, convention)
    high = _crossing(curve.time, curve.high, convention)
    missing = [word for word, value in (("median", estimate), ("low", low), ("high", high)) if value is None]
    return IntervalEstimate(
        estimate=estimate,
        low=low,
        high=high,
        conf_level=curve.conf_level,
        n=curve.n,
        method=f"Kaplan-Meier median, log-log interval, {convention} where exactly one half",
        note=f"not reached: {', '.join(missing)}" if missing else None,
    )


def restricted_mean(time: ArrayLike, event: ArrayLike, tau: float, conf_level: float = 0.95) -> IntervalEstimate:
    """Give the mean time free of the event up to `tau`: the area under the Kaplan-Meier curve.

    `time` and `event` are as in `kaplan_meier`; `tau` is positive and at most the last time, unless the curve has reached
    0 by then. The interval is normal with Greenwood's variance, cut to [0, tau]; where that variance is 0 (no event
    before `tau`, or all at one time) there are no limits, and the note says so. Raises `NotEstimableError` for a `tau`
    beyond what was observed.

    >>> mean = restricted_mean([1, 2, 3, 4], [1, 1, 1, 1], tau=3)
    >>> mean.estimate
    2.25

    Source: Irwin, J Hyg 1949;47:188-189, doi:10.1017/S0022172400014443; variance, Klein and Moeschberger, Survival
    Analysis, 2nd ed. 2003, doi:10.1007/b97377, section 4.5.
    """
    from scipy.special import ndtri

    z = -float(ndtri(alpha_of(conf_level) / 2))
    tau = number(tau, "tau", "a positive number", lambda one: 0.0 < one < float("inf"))
    curve = kaplan_meier(time, event, conf_level)
    if tau > curve.time[-1] and curve.survival[-1] > 0.0:
        message = f"tau is {tau:g} and observation ended at {curve.time[-1]:g} with patients still free of the event"
        raise NotEstimableError(message + "; give an earlier tau")
    inside = [i for i, at in enumerate(curve.time) if at < tau]
    edges = np.array([0.0] + [curve.time[i] for i in inside] + [float(tau)])
    heights = np.array([1.0] + [curve.survival[i] for i in inside])
    pieces = heights * np.diff(edges)
    after = np.cumsum(pieces[::-1])[::-1][1:]
    events, at_risk = (
        np.array([column[i] for i in inside], dtype=np.float64) for column in (curve.events, curve.at_risk)
    )
    left = at_risk - events
    hazard_variance = np.divide(events, at_risk * left, out=np.zeros_like(events), where=left > 0)
    estimate, reach = float(pieces.sum()), z * sqrt(float((after**2 * hazard_variance).sum()))
    return IntervalEstimate(
        estimate=estimate,
        low=max(0.0, estimate - reach) if reach else None,
        high=min(float(tau), estimate + reach) if reach else None,
        conf_level=float(conf_level),
        n=curve.n,
        method=f"Restricted mean time to {tau:g}, normal interval with Greenwood variance",
        note=None if reach else f"{curve.n} patients do not vary before {tau:g}, so that no interval exists",
    )


def follow_up(time: ArrayLike, event: ArrayLike) -> tuple[_Floats, _Floats]:
    """Return times and events of the same patients after checking them."""
    times, events = number_array(time, "time"), number_array(event, "event")
    if times.shape != events.shape:
        message = f"time has {times.size} values and event has {events.size}; give one of each for a patient"
        raise StatisticsError(message)
    if times.size == 0:
        raise NotEstimableError("time holds no patient; a survival curve needs at least one")
    if (times < 0).any():
        raise StatisticsError(f"time holds {int((times < 0).sum())} negative values; give times from 0")
    if not ((events == 0) | (events == 1)).all():
        raise StatisticsError("event holds something other than 0 and 1; give 1 where the event was seen")
    return times, events


def _greenwood(deaths: NDArray[np.int64], at_risk: NDArray[np.int64]) -> _Floats:
    """Return the variance of the log of the survival probability; infinite once nobody is left."""
    left = at_risk - deaths
    terms = np.divide(deaths, at_risk * left, out=np.full(deaths.size, np.inf), where=left > 0)
    result: _Floats = np.cumsum(np.where(deaths > 0, terms, 0.0))
    return result


def _log_log(survival: float, error: float, z: float) -> tuple[float | None, float | None]:
    if survival == 1.0:
        return 1.0, 1.0
    if survival <= 0.0:
        return None, None
    hazard = -log(survival)
    reach = z * error / hazard
    return exp(-hazard * exp(reach)), exp(-hazard * exp(-reach))


def _crossing(time: tuple[float, ...], curve: tuple[float | None, ...], convention: str) -> float | None:
    """Return the time at which a curve falls to one half; equality allows for rounding of the product."""
    slack = 1e-12
    reached = [
        (at, height) for at, height in zip(time, curve, strict=True) if height is not None and height <= 0.5 + slack
    ]
    if not reached:
        return None
    first, height = reached[0]
    below = [at for at, lower in reached if lower < 0.5 - slack]
    if convention == "first" or height < 0.5 - slack or not below:
        return first
    return (first + below[0]) / 2
