"""Rates of recurrent events, where events in the same patient are not independent."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import alpha_of, whole
from myosotis.statistics.common.arrays import number_array, whole_array
from myosotis.statistics.common.records import IntervalEstimate

__all__ = ["BootstrapRate", "NegativeBinomialRate", "negative_binomial_rate", "patient_bootstrap_rate"]

_Floats = NDArray[np.float64]
_Wholes = NDArray[np.int64]
_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeBinomialRate(IntervalEstimate):
    """Record a rate under the negative binomial model, with variance mean + dispersion x mean squared."""

    events: int
    person_time: float
    dispersion: float
    log_likelihood: float
    standard_error_of_log: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapRate(IntervalEstimate):
    """Record a rate with an interval from resampled patients, and the seed that repeats it."""

    events: int
    person_time: float
    resamples: int
    seed: int


def negative_binomial_rate(
    counts: ArrayLike, person_times: ArrayLike, conf_level: float = 0.95
) -> NegativeBinomialRate:
    """Fit a negative binomial rate to one count of events and one person-time for each patient.

    `counts` are whole numbers from 0, `person_times` positive numbers in any unit of time; missing values are refused.
    Rate and dispersion are estimated together by maximum likelihood; the interval is Wald's on the log scale with the
    expected information, as R's MASS::glm.nb gives. Raises `NotEstimableError` for fewer than 2 patients, for no event,
    and where the counts vary no more than Poisson counts would, since the dispersion then has no positive value and
    `poisson_rate` holds.

    >>> fit = negative_binomial_rate([0, 0, 1, 0, 6, 2, 0, 3], [1.0] * 8)
    >>> round(fit.estimate, 6), round(fit.dispersion, 4)
    (1.5, 1.6986)

    Source: Lawless, Can J Stat 1987;15:209-225, doi:10.2307/3314912.
    """
    events, times = _patients(counts, person_times)
    alpha = alpha_of(conf_level)
    _refuse_without_overdispersion(events, times)
    dispersion = _dispersion(events, times)
    rate = _rate_given(events, times, dispersion)
    mean = rate * times
    error = 1.0 / sqrt(float((mean / (1.0 + dispersion * mean)).sum()))
    reach = _normal_quantile(1 - alpha / 2) * error
    return NegativeBinomialRate(
        estimate=rate,
        low=rate * exp(-reach),
        high=rate * exp(reach),
        conf_level=float(conf_level),
        n=int(events.size),
        method="Negative binomial rate by maximum likelihood, Wald interval on the log scale",
        events=int(events.sum()),
        person_time=float(times.sum()),
        dispersion=dispersion,
        log_likelihood=_log_likelihood(events, mean, dispersion),
        standard_error_of_log=error,
    )


def patient_bootstrap_rate(
    counts: ArrayLike,
    person_times: ArrayLike,
    conf_level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
) -> BootstrapRate:
    """Give the rate of events with a percentile interval from resampling whole patients.

    `counts` and `person_times` are as in `negative_binomial_rate`. Each of `resamples` (at least 100) draws as many
    patients with replacement as there are, and takes their events over their person-time, so that events of a patient
    stay together whatever their dependence. Limits are quantiles (definition 7) of those rates. With few patients such
    an interval is too narrow, and of no width where all patients have one rate, which the note says; read it beside the
    exact one. Equal seeds give equal limits. Raises `NotEstimableError`
    for fewer than 2 patients and for no event, which resampling cannot vary.

    >>> rate = patient_bootstrap_rate([0, 2, 1, 5], [1.0, 1.0, 2.0, 1.0], seed=1)
    >>> rate.estimate, 0 <= rate.low <= rate.high
    (1.6, True)

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, doi:10.1201/9780429246593, chapter 13;
    the patient as the unit, Davison and Hinkley, 1997, doi:10.1017/CBO9780511802843, section 3.8.
    """
    events, times = _patients(counts, person_times)
    alpha, draws = alpha_of(conf_level), whole(resamples, "resamples", at_least=100)
    rates = _resampled_rates(events, times, draws, whole(seed, "seed", at_most=None))
    low, high = np.quantile(rates, [alpha / 2, 1 - alpha / 2])
    return BootstrapRate(
        estimate=float(events.sum() / times.sum()),
        low=float(low),
        high=float(high),
        conf_level=float(conf_level),
        n=int(events.size),
        method=f"Rate with percentile interval from {draws} bootstrap samples of patients",
        note="all patients have one rate, so that resampling cannot vary it; read poisson_rate"
        if low == high
        else None,
        events=int(events.sum()),
        person_time=float(times.sum()),
        resamples=draws,
        seed=int(seed),
    )


def _patients(counts: ArrayLike, person_times: ArrayLike) -> tuple[_Wholes, _Floats]:
    events, times = whole_array(counts, "counts"), number_array(person_times, "person_times")
    if events.shape != times.shape:
        message = f"counts has {events.size} values and person_times has {times.size}; give one for each patient"
        raise StatisticsError(message)
    if (times <= 0).any():
        message = f"person_times holds {int((times <= 0).sum())} values of 0 or less; leave those patients out"
        raise StatisticsError(message)
    if events.size < 2:
        raise NotEstimableError(f"counts holds {events.size} patients; variation between patients needs 2")
    if not events.any():
        raise NotEstimableError("counts holds no event; use poisson_rate, whose interval stands without events")
    return events, times


def _resampled_rates(events: _Wholes, times: _Floats, draws: int, seed: int) -> _Floats:
    """Return the rate of every bootstrap sample, in blocks that fit memory."""
    generator, size = np.random.default_rng(seed), events.size
    rows = max(1, _BLOCK // size)
    parts = []
    for start in range(0, draws, rows):
        chosen = generator.integers(0, size, (min(rows, draws - start), size))
        parts.append(events[chosen].sum(axis=1) / times[chosen].sum(axis=1))
    return np.concatenate(parts)


def _refuse_without_overdispersion(events: _Wholes, times: _Floats) -> None:
    # The derivative of the log-likelihood in the dispersion at 0 is half this sum (Dean and Lawless,
    # J Am Stat Assoc 1989;84:467-472, doi:10.1080/01621459.1989.10478792).
    mean = events.sum() / times.sum() * times
    if float(((events - mean) ** 2 - events).sum()) <= 0.0:
        message = (
            f"the counts of {events.size} patients vary no more than Poisson counts would, so a negative binomial "
            "dispersion cannot be estimated; use poisson_rate"
        )
        raise NotEstimableError(message)


def _dispersion(events: _Wholes, times: _Floats) -> float:
    """Return the dispersion at the highest root of the profile score."""
    from scipy.optimize import brentq

    more_than = np.cumsum(np.bincount(events)[::-1])[::-1][1:].astype(np.float64)

    def score(log_dispersion: float) -> float:
        dispersion = exp(log_dispersion)
        rate = _rate_given(events, times, dispersion)
        return _score(events, rate * times, dispersion, more_than)

    grid = np.linspace(log(1e-6), log(1e6), 57)
    heights = [score(point) for point in grid]
    roots = [
        exp(brentq(score, grid[i], grid[i + 1], xtol=1e-15, rtol=1e-14))
        for i in range(grid.size - 1)
        if heights[i] > 0.0 >= heights[i + 1]
    ]
    if not roots:
        message = (
            f"no dispersion between 1e-6 and 1e6 maximises the negative binomial likelihood of {events.size} patients; "
            "use poisson_rate or patient_bootstrap_rate"
        )
        raise NotEstimableError(message)
    return max(roots, key=lambda value: _log_likelihood(events, _rate_given(events, times, value) * times, value))


def _score(events: _Wholes, mean: _Floats, dispersion: float, more_than: _Floats) -> float:
    """Return the derivative of the log-likelihood in the dispersion, times the dispersion squared."""
    steps = np.arange(more_than.size) * dispersion
    # The sum over steps is a difference of two digammas, which would cancel for a small dispersion.
    gained = dispersion * float((more_than * (-1.0 / (1.0 + steps))).sum())
    spread = dispersion * mean
    lost = np.log1p(spread) - dispersion * (mean - events) / (1.0 + spread)
    return gained + float(lost.sum())


def _rate_given(events: _Wholes, times: _Floats, dispersion: float) -> float:
    """Return the rate that maximises the likelihood at a fixed dispersion."""
    from scipy.optimize import brentq

    single = events / times
    low, high = float(single.min()), float(single.max())
    if low == high:
        return low

    def score(rate: float) -> float:
        mean = rate * times
        return float(((events - mean) / (1.0 + dispersion * mean)).sum())

    # Between the smallest and the largest single rate the score changes sign.
    return float(brentq(score, low, high, xtol=1e-300, rtol=1e-14, maxiter=1000))


def _log_likelihood(events: _Wholes, mean: _Floats, dispersion: float) -> float:
    from scipy.special import gammaln

    size = 1.0 / dispersion
    terms = gammaln(events + size) - gammaln(size) - gammaln(events + 1.0)
    terms = terms + events * np.log(dispersion * mean) - (events + size) * np.log1p(dispersion * mean)
    return float(terms.sum())


def _normal_quantile(probability: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(probability))
