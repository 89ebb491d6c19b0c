"""Rates of events in person-time, with exact Poisson intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from numpy.typing import ArrayLike

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import alpha_of, number, one_of, whole
from myosotis.statistics.common.arrays import number_array
from myosotis.statistics.common.records import IntervalEstimate
from myosotis.statistics.proportions.binomial_test import binomial_p

__all__ = ["RateEstimate", "RateRatio", "first_event_incidence", "poisson_rate", "rate_ratio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateEstimate(IntervalEstimate):
    """Record a rate per unit of person-time; `n` is the patients where they are known, else the events."""

    events: int
    person_time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRatio(IntervalEstimate):
    """Record the ratio of two rates with an exact conditional p-value; `n` is the events of both groups.

    `smallest_p` is the least p-value that this number of events could have given.
    """

    p_value: float
    smallest_p: float
    p_kind: Literal["exact"] = "exact"


def poisson_rate(events: int, person_time: float, conf_level: float = 0.95) -> RateEstimate:
    """Give the rate of events with Garwood's exact interval.

    `events` is a whole number from 0, `person_time` a positive number in any unit of time; rate and limits are per that
    unit, in [0, infinity). The lower limit is exactly 0 without events. The interval assumes that events are
    independent: recurrent events in the same patient break that, see `negative_binomial_rate` and
    `patient_bootstrap_rate`. Raises `NotEstimableError` for no person-time, `StatisticsError` for impossible numbers.

    >>> rate = poisson_rate(14, 400)
    >>> round(rate.estimate, 6), round(rate.low, 6), round(rate.high, 6)
    (0.035, 0.019135, 0.058724)

    Source: Garwood, Biometrika 1936;28:437-442, doi:10.1093/biomet/28.3-4.437; as chi-square quantiles, Ulm, Am J
    Epidemiol 1990;131:373-375, doi:10.1093/oxfordjournals.aje.a115507.
    """
    count, time, alpha = whole(events, "events"), _person_time(person_time), alpha_of(conf_level)
    low, high = _garwood(count, alpha)
    return RateEstimate(
        estimate=count / time,
        low=low / time,
        high=high / time,
        conf_level=float(conf_level),
        n=count,
        method="Poisson rate, Garwood exact interval",
        events=count,
        person_time=time,
    )


def first_event_incidence(time: ArrayLike, event: ArrayLike, conf_level: float = 0.95) -> RateEstimate:
    """Give the incidence of first events: patients with an event per person-time until the event or the end.

    `time` holds one number of at least 0 for each patient, the time to the first event or to the end of observation;
    `event` is 1 (or True) where that time ends in an event and 0 where it does not. This is not the rate of all events,
    since time after a first event is left out. The interval is Garwood's, which takes the hazard as constant and the
    person-time as fixed. Missing values are refused; no person-time at all raises `NotEstimableError`.

    >>> rate = first_event_incidence([2.0, 5.0, 3.0], [1, 0, 1])
    >>> rate.events, rate.person_time, rate.estimate
    (2, 10.0, 0.2)

    Source: the interval as in `poisson_rate`.
    """
    times, events = number_array(time, "time"), number_array(event, "event")
    if times.shape != events.shape:
        message = f"time has {times.size} values and event has {events.size}; give one of each for a patient"
        raise StatisticsError(message)
    if (times < 0).any():
        raise StatisticsError(f"time holds {int((times < 0).sum())} negative values; give times from 0")
    if not ((events == 0) | (events == 1)).all():
        raise StatisticsError("event holds something other than 0 and 1; give 1 where the event was seen")
    count, person_time, alpha = int(events.sum()), _person_time(float(times.sum())), alpha_of(conf_level)
    low, high = _garwood(count, alpha)
    return RateEstimate(
        estimate=count / person_time,
        low=low / person_time,
        high=high / person_time,
        conf_level=float(conf_level),
        n=int(times.size),
        method="First-event incidence, Garwood exact interval",
        events=count,
        person_time=person_time,
    )


def rate_ratio(
    events_1: int,
    person_time_1: float,
    events_2: int,
    person_time_2: float,
    conf_level: float = 0.95,
    two_sided: Literal["minimum-likelihood", "central"] = "minimum-likelihood",
) -> RateRatio:
    """Compare two Poisson rates, first over second, exactly and conditionally on the total number of events.

    Given the total, the events of the first group are binomial, so limits are Clopper-Pearson's, transformed. They lie
    in [0, infinity]; a limit that is infinite is None and the note says so. `two_sided` names how the p-value of a
    ratio of 1 counts the other tail: `minimum-likelihood` adds every outcome no more probable than the one observed (as
    R's poisson.test does), `central` doubles the smaller tail and so agrees with the interval always. Events are whole
    numbers from 0, times positive. Raises `NotEstimableError` when neither group had an event or when one had no
    person-time.

    >>> ratio = rate_ratio(11, 800, 21, 3011)
    >>> round(ratio.estimate, 6), round(ratio.low, 6), round(ratio.high, 6), round(ratio.p_value, 5)
    (1.971488, 0.858426, 4.277266, 0.07967)

    Source: Przyborowski and Wilenski, Biometrika 1940;31:313-323, doi:10.1093/biomet/31.3-4.313; the two tails, Fay,
    R Journal 2010;2(1):53-58, doi:10.32614/RJ-2010-008.
    """
    from scipy.special import betainccinv, betaincinv

    first, second = whole(events_1, "events_1"), whole(events_2, "events_2")
    time_1, time_2 = _person_time(person_time_1), _person_time(person_time_2)
    alpha, total = alpha_of(conf_level), first + second
    one_of(two_sided, "two_sided", ("minimum-likelihood", "central"))
    if total == 0:
        raise NotEstimableError("neither group had an event; the ratio of two rates of 0 has no value")
    scale = time_2 / time_1
    low = _odds(float(betaincinv(first, second + 1, alpha / 2))) if first else 0.0
    high = _odds(float(betainccinv(first + 1, second, alpha / 2))) if second else None
    p_value, smallest_p = binomial_p(first, total, time_1 / (time_1 + time_2), two_sided)
    return RateRatio(
        estimate=first / second * scale if second else None,
        low=low * scale,
        high=None if high is None else high * scale,
        conf_level=float(conf_level),
        n=total,
        method=f"Rate ratio, exact conditional interval; p-value {two_sided}",
        note=None if second else "the second group had no event, so the ratio and its upper limit are infinite",
        p_value=p_value,
        smallest_p=smallest_p,
    )


def _person_time(value: float) -> float:
    """Return a positive, finite person-time, or say what was found instead."""
    time = number(value, "person-time", "a positive number")
    if time == 0.0:
        raise NotEstimableError("person-time is 0; a rate needs observed time")
    if not 0.0 < time < float("inf"):
        raise StatisticsError(f"person-time is {value!r}; give a positive number")
    return time


def _garwood(events: int, alpha: float) -> tuple[float, float]:
    """Return the exact limits of a Poisson mean; a gamma quantile is half a chi-square quantile."""
    from scipy.special import gammainccinv, gammaincinv

    low = float(gammaincinv(events, alpha / 2)) if events else 0.0
    return low, float(gammainccinv(events + 1, alpha / 2))


def _odds(probability: float) -> float:
    return probability / (1.0 - probability)
