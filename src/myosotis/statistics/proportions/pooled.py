"""Proportions of several studies pooled by the binomial-normal model, with a prediction interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import alpha_of, one_of, whole
from myosotis.statistics.common.arrays import whole_array
from myosotis.statistics.common.records import IntervalEstimate
from myosotis.statistics.proportions.intervals import clopper_pearson

__all__ = ["PooledProportion", "pooled_proportion"]

_Floats = NDArray[np.float64]
_LARGEST_TAU = 30.0
_Rule = Callable[[_Floats], tuple[_Floats, _Floats]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledProportion(IntervalEstimate):
    """Record a pooled proportion; `n` counts studies, `patients` all their patients.

    `estimate` is the proportion of the median study, `logit` its log-odds with `standard_error`, and `tau` the standard
    deviation of log-odds between studies. The prediction limits are those of a new study; None where they do not exist.
    `studies` holds the exact interval of each study, in the order given.
    """

    patients: int
    logit: float
    standard_error: float
    tau: float
    log_likelihood: float
    prediction_low: float | None
    prediction_high: float | None
    studies: tuple[IntervalEstimate, ...]


def pooled_proportion(
    counts: ArrayLike,
    totals: ArrayLike,
    conf_level: float = 0.95,
    prediction: Literal["t", "normal"] = "t",
    nodes: int | None = None,
) -> PooledProportion:
    """Pool proportions by a logistic model with a normal random intercept for each study.

    `counts` and `totals` hold whole numbers for each study, 0 <= count <= total and total at least 1; missing values
    are refused. Mean log-odds and `tau` are estimated together by maximum likelihood, each study's integral to about
    12 digits by the trapezoidal rule after a change of variable to its mode and width, so that small studies and
    counts of 0 need no correction; a whole number of `nodes` (7 to 101) takes adaptive Gauss-Hermite quadrature
    instead, as R's metafor::rma.glmm does with 7, which is coarser and can fail for steep likelihoods. The interval
    is Wald's on the log-odds scale; prediction limits add the variance between studies and take the `t` distribution
    with two degrees of freedom fewer than studies (3 studies or more) or the `normal` one. Studies must measure the
    same outcome. Raises `NotEstimableError` for fewer than 2 studies, and where every count is 0 or every study
    complete, or `tau` grows beyond 30, since the likelihood then has no maximum.

    >>> pooled = pooled_proportion([15, 5, 16, 3], [20, 10, 24, 3])
    >>> round(pooled.estimate, 3), round(pooled.tau, 3)
    (0.684, 0.0)

    Source: Stijnen, Hamza and Özdemir, Stat Med 2010;29:3046-3067, doi:10.1002/sim.4040; quadrature, Pinheiro and
    Bates, J Comput Graph Stat 1995;4:12-35, doi:10.1080/10618600.1995.10474663; integration, Takahasi and Mori, Publ
    Res Inst Math Sci 1974;9:721-741, doi:10.2977/prims/1195192451; prediction, Higgins, Thompson and Spiegelhalter, J
    R Stat Soc A 2009;172:137-159, doi:10.1111/j.1467-985X.2008.00552.x.
    """
    from scipy.special import expit, ndtri

    alpha = alpha_of(conf_level)
    one_of(prediction, "prediction", ("t", "normal"))
    model = _Model(*_studies(counts, totals), nodes)
    tau = _best_tau(model)
    logit = _best_logit(model, tau)
    error = _standard_error(model, logit, tau)
    reach = -float(ndtri(alpha / 2)) * error
    low, high = _prediction(logit, error, tau, alpha, prediction, model.counts.size)
    return PooledProportion(
        estimate=float(expit(logit)),
        low=float(expit(logit - reach)),
        high=float(expit(logit + reach)),
        conf_level=float(conf_level),
        n=int(model.counts.size),
        method=f"Binomial-normal model by maximum likelihood, Wald interval of log-odds, {prediction} prediction",
        note="2 studies are too few for a prediction interval by the t distribution" if low is None else None,
        patients=int(model.totals.sum()),
        logit=logit,
        standard_error=error,
        tau=tau,
        log_likelihood=float(model.log_likelihood(logit, tau)),
        prediction_low=low,
        prediction_high=high,
        studies=tuple(
            clopper_pearson(int(count), int(total), conf_level)
            for count, total in zip(model.counts, model.totals, strict=True)
        ),
    )


class _Model:
    """The likelihood of all studies and its derivatives."""

    def __init__(self, counts: _Floats, totals: _Floats, nodes: int | None) -> None:
        from scipy.special import gammaln

        self.counts, self.totals = counts, totals
        self.place = _sinh_points if nodes is None else _gauss_hermite_points(nodes)
        self.constant = float((gammaln(totals + 1) - gammaln(counts + 1) - gammaln(totals - counts + 1)).sum())

    def log_likelihood(self, logit: float, tau: float) -> float:
        """Return the log-likelihood, binomial coefficients included."""
        _, _, log_integral = self._posterior(logit, tau)
        return self.constant + float(log_integral.sum())

    def gradient(self, logit: float, tau: float) -> tuple[float, float]:
        """Return its derivatives in the mean log-odds and in tau: posterior means of the scores."""
        from scipy.special import expit

        deviate, share, _ = self._posterior(logit, tau)
        score = self.counts[:, None] - self.totals[:, None] * expit(logit + tau * deviate)
        return float((share * score).sum()), float((share * score * deviate).sum())

    def _posterior(self, logit: float, tau: float) -> tuple[_Floats, _Floats, _Floats]:
        """Return the deviates at the points of each study, their posterior shares, and the log of each integral."""
        from scipy.special import expit

        mode = np.zeros(self.counts.size)
        # Newton's steps on a concave function; a step is held to 1 until it is near.
        for _ in range(200):
            chance = expit(logit + tau * mode)
            slope = tau * (self.counts - self.totals * chance) - mode
            bend = 1.0 + tau**2 * self.totals * chance * (1.0 - chance)
            step = np.clip(slope / bend, -1.0, 1.0)
            mode = mode + step
            if np.abs(step).max() < 1e-14:
                break
        chance = expit(logit + tau * mode)
        width = 1.0 / np.sqrt(1.0 + tau**2 * self.totals * chance * (1.0 - chance))
        offset, log_weight = self.place(width[:, None])
        deviate = mode[:, None] + offset
        odds = logit + tau * deviate
        height = self.counts[:, None] * odds - self.totals[:, None] * np.logaddexp(0.0, odds) - deviate**2 / 2
        terms = height + log_weight - log(2 * pi) / 2
        top = terms.max(axis=1, keepdims=True)
        log_integral = top + np.log(np.exp(terms - top).sum(axis=1, keepdims=True))
        return deviate, np.exp(terms - log_integral), log_integral[:, 0]


def _sinh_points(width: _Floats) -> tuple[_Floats, _Floats]:
    """Return points around a mode and the logs of their weights: equal steps of s in width x sinh(s)."""
    # Out to 12 standard deviations: fine at the mode and wide in the tails, where steep flanks can lie.
    reach = np.arcsinh(12.0 / width)
    steps = reach * np.linspace(-1.0, 1.0, 401)
    return width * np.sinh(steps), np.log(width * np.cosh(steps) * reach / 200.0)


def _gauss_hermite_points(nodes: int) -> _Rule:
    """Return the rule that places Gauss-Hermite nodes around a mode."""
    number = whole(nodes, "nodes", at_least=7)
    if number > 101:
        raise StatisticsError(f"nodes is {number}; give 7 to 101")
    points, weights = np.polynomial.hermite.hermgauss(number)

    def place(width: _Floats) -> tuple[_Floats, _Floats]:
        return sqrt(2.0) * width * points, points**2 + np.log(weights) + np.log(sqrt(2.0) * width)

    return place


def _studies(counts: ArrayLike, totals: ArrayLike) -> tuple[_Floats, _Floats]:
    events, sizes = whole_array(counts, "counts"), whole_array(totals, "totals")
    if events.shape != sizes.shape:
        raise StatisticsError(f"counts has {events.size} values and totals {sizes.size}; give one of each for a study")
    if (sizes == 0).any() or (events > sizes).any():
        raise StatisticsError("a study has no patient or more events than patients; give 0 <= count <= total >= 1")
    if events.size < 2:
        raise NotEstimableError(f"there is {events.size} study; pooling needs 2, clopper_pearson takes one")
    if not events.any() or (events == sizes).all():
        extreme = "no study had an event" if not events.any() else "every patient of every study had the event"
        raise NotEstimableError(f"{extreme}, so the pooled log-odds are infinite; report exact intervals by study")
    return events.astype(np.float64), sizes.astype(np.float64)


def _best_logit(model: _Model, tau: float) -> float:
    """Return the mean log-odds that maximise the likelihood at a fixed tau, in which it is concave."""
    reach = 10.0
    while model.gradient(-reach, tau)[0] <= 0.0 or model.gradient(reach, tau)[0] >= 0.0:
        reach *= 2.0
        if reach > 1e4:
            raise NotEstimableError("the mean log-odds grow without bound; report exact intervals by study")
    return _root(lambda logit: model.gradient(logit, tau)[0], -reach, reach)


def _best_tau(model: _Model) -> float:
    """Return the tau of the highest likelihood, 0 included: near the best of a grid, where the slope is 0."""

    def slope(tau: float) -> float:
        return model.gradient(_best_logit(model, tau), tau)[1]

    grid = [0.0, *np.geomspace(1e-3, _LARGEST_TAU, 14).tolist()]
    heights = [model.log_likelihood(_best_logit(model, tau), tau) for tau in grid]
    top = int(np.argmax(heights))
    if top == 0:
        return 0.0
    if top == len(grid) - 1:
        message = f"the deviation between studies grows to {_LARGEST_TAU:g} and beyond on the log-odds scale"
        raise NotEstimableError(message + "; nearly all studies are empty or complete, report exact intervals by study")
    # The likelihood is even in tau, so its slope is 0 at 0 itself and the search starts just above.
    low, high = max(grid[top - 1], 1e-6), grid[top + 1]
    if not slope(low) > 0.0 > slope(high):
        message = f"the likelihood has no clear maximum in the deviation between studies near {grid[top]:.3g}"
        raise NotEstimableError(message + "; report exact intervals by study")
    return _root(slope, low, high)


def _standard_error(model: _Model, logit: float, tau: float) -> float:
    """Return the standard error of the mean log-odds from the observed information of both parameters."""
    step = 1e-4
    across = [
        (a - b) / (2 * step)
        for a, b in zip(model.gradient(logit + step, tau), model.gradient(logit - step, tau), strict=True)
    ]
    if tau == 0.0:
        # The likelihood is even in tau, so at 0 the two parameters do not share information.
        return 1.0 / sqrt(-across[0])
    along = [
        (a - b) / (2 * step)
        for a, b in zip(model.gradient(logit, tau + step), model.gradient(logit, tau - step), strict=True)
    ]
    return sqrt(-along[1] / (across[0] * along[1] - across[1] * along[0]))


def _prediction(
    logit: float, error: float, tau: float, alpha: float, prediction: str, studies: int
) -> tuple[float | None, float | None]:
    from scipy.special import expit, ndtri, stdtrit

    if prediction == "t" and studies < 3:
        return None, None
    quantile = -float(ndtri(alpha / 2) if prediction == "normal" else stdtrit(studies - 2, alpha / 2))
    reach = quantile * sqrt(tau**2 + error**2)
    return float(expit(logit - reach)), float(expit(logit + reach))


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=1e-14, rtol=1e-14, maxiter=500))
