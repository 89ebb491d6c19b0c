"""Marginal likelihood of ordered categories with one normal patient effect, by adaptive Gauss-Hermite quadrature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from myosotis.errors import NotEstimableError

__all__ = ["Fit", "Floats", "Link", "Scores", "likelihood", "maximise", "scores_of", "separated"]

Floats = NDArray[np.float64]
Link = Literal["logit", "probit"]

# Far enough that both distribution functions are 0 or 1 to machine precision, and still finite.
_END = 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Hold category numbers from 0 (patients × visits, -1 where missing) and what the model needs to know of them."""

    category: NDArray[np.int64]
    n_categories: int
    link: Link
    nodes: Floats
    log_weights: Floats
    by_visit: bool

    @property
    def n_effects(self) -> int:
        """Count the visit effects; the first visit is the reference."""
        return self.category.shape[1] - 1 if self.by_visit else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Hold the maximum: thresholds, visit effects, patient standard deviation, and the observed information."""

    parameters: Floats
    log_likelihood: float
    information: Floats


def scores_of(category: NDArray[np.int64], n_categories: int, link: Link, points: int, *, by_visit: bool) -> Scores:
    """Join category numbers with the nodes and log weights of the standard normal distribution."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    return Scores(
        category=category,
        n_categories=n_categories,
        link=link,
        nodes=nodes,
        log_weights=np.log(weights) - np.log(2 * np.pi) / 2,
        by_visit=by_visit,
    )


def separated(scores: Scores) -> bool:
    """Tell whether some direction of thresholds and effects makes every observed category ever more likely.

    Then no finite maximum exists (Albert A, Anderson JA. Biometrika 1984;71:1-10, doi:10.1093/biomet/71.1.1; for
    cumulative links Kosmidis I. J R Stat Soc B 2014;76:169-96, doi:10.1111/rssb.12025).
    """
    from scipy.optimize import linprog

    cuts, effects = scores.n_categories - 1, scores.n_effects
    rows = []
    for visit in range(scores.category.shape[1]):
        for c in np.unique(scores.category[:, visit]):
            for cut, sign in ((c, 1.0), (c - 1, -1.0)):
                if c >= 0 and 0 <= cut < cuts:
                    row = np.zeros(cuts + effects)
                    row[cut] = sign
                    if visit and effects:
                        row[cuts + visit - 1] = -sign
                    rows.append(row)
    gains = np.unique(np.array(rows), axis=0)
    found = linprog(-gains.sum(axis=0), A_ub=-gains, b_ub=np.zeros(len(gains)), bounds=(-1, 1), method="highs")
    return bool(-found.fun > 1e-7)


def maximise(scores: Scores, start: Floats) -> Fit:
    """Climb by Newton steps with the Hessian from differences of the gradient, halved until the likelihood rises."""
    theta = start
    value, gradient = likelihood(scores, theta)
    for _ in range(60):
        information = _information(scores, theta)
        step = _ascent(information, gradient)
        gain = float(gradient @ step)
        found = None if gain < 1e-14 else _climb(scores, theta, step, value)
        # The gradient is the exact one and the likelihood a sum over nodes: where they part, a predicted gain of 1e-6
        # moves no estimate by more than a thousandth of its standard error.
        if found is None and gain < 1e-6:
            return Fit(parameters=theta, log_likelihood=value, information=information)
        if found is None:
            break
        theta, value, gradient = found
    sd = abs(float(theta[-1]))
    raise NotEstimableError(
        f"the likelihood of the ordinal model has no maximum that can be reached (standard deviation between patients "
        f"{sd:.3g} on the link scale): patients keep (nearly) one category, so that this has no bound, or "
        f"{len(scores.nodes)} nodes are too few; merge categories, give more quadrature_points or use a rank test"
    )


def _climb(scores: Scores, theta: Floats, step: Floats, floor: float) -> tuple[Floats, float, Floats] | None:
    """Halve a step until thresholds stay in order and the likelihood does not fall."""
    for halvings in range(20):
        trial = theta + step * 0.5**halvings
        if (np.diff(trial[: scores.n_categories - 1]) > 0).all():
            value, gradient = likelihood(scores, trial)
            if value >= floor - 1e-12 * abs(floor):
                return trial, value, gradient
    return None


def _ascent(information: Floats, gradient: Floats) -> Floats:
    """Solve for the Newton step, after adding to the diagonal what positive definiteness lacks."""
    lowest = float(np.linalg.eigvalsh(information).min())
    lift = 0.0 if lowest > 1e-8 else 1e-2 - lowest
    return np.asarray(np.linalg.solve(information + lift * np.eye(len(gradient)), gradient), dtype=np.float64)


def _information(scores: Scores, theta: Floats) -> Floats:
    size = len(theta)
    hessian = np.empty((size, size))
    for i in range(size):
        # The gradient is good to about 1e-12, so 1e-4 keeps the central difference good to about 1e-8.
        shift = np.zeros(size)
        shift[i] = 1e-4
        hessian[i] = likelihood(scores, theta + shift)[1] - likelihood(scores, theta - shift)[1]
    hessian /= 2e-4
    return np.asarray(-(hessian + hessian.T) / 2, dtype=np.float64)


def likelihood(scores: Scores, theta: Floats) -> tuple[float, Floats]:
    """Return the log-likelihood and its gradient (Fisher's identity: the mean of the complete-data score)."""
    cuts = scores.n_categories - 1
    sd = theta[-1]
    edges = np.concatenate([[-_END], theta[:cuts], [_END]])
    effect = np.concatenate([[0.0], theta[cuts:-1]]) if scores.by_visit else np.zeros(scores.category.shape[1])
    seen = scores.category >= 0
    category = np.where(seen, scores.category, 0)
    upper, lower = edges[category + 1] - effect, edges[category] - effect
    centre, spread = _modes(scores, upper, lower, seen, sd)
    z = centre[:, None] + spread[:, None] * scores.nodes
    log_p, down, up = _category(scores.link, upper[:, :, None], lower[:, :, None], sd * z[:, None, :])
    log_p = np.where(seen[:, :, None], log_p, 0.0)
    joint = log_p.sum(axis=1) - z**2 / 2 + scores.nodes**2 / 2 + scores.log_weights + np.log(spread)[:, None]
    top = joint.max(axis=1, keepdims=True)
    weight = np.exp(joint - top)
    total = weight.sum(axis=1, keepdims=True)
    weight = weight / total
    log_likelihood = float((top + np.log(total)).sum())
    # d log p / d upper edge and d lower edge, averaged over the patient effect
    by_upper = np.where(seen, np.einsum("ivq,iq->iv", up, weight), 0.0)
    by_lower = np.where(seen, -np.einsum("ivq,iq->iv", down, weight), 0.0)
    slope = np.where(seen[:, :, None], down - up, 0.0)
    gradient = np.zeros(len(theta))
    for cut in range(cuts):
        gradient[cut] = by_upper[category == cut].sum() + by_lower[category == cut + 1].sum()
    if scores.by_visit:
        gradient[cuts:-1] = -(by_upper + by_lower).sum(axis=0)[1:]
    gradient[-1] = float(np.einsum("ivq,iq,iq->", slope, weight, z))
    return log_likelihood, gradient


def _modes(scores: Scores, upper: Floats, lower: Floats, seen: NDArray[np.bool_], sd: float) -> tuple[Floats, Floats]:
    """Find each patient's most likely standardised effect and the curvature there (the integrand is log-concave)."""
    z, low, high = np.zeros(len(upper)), np.full(len(upper), -np.inf), np.full(len(upper), np.inf)
    for _ in range(200):
        eta = sd * z[:, None]
        _, down, up = _category(scores.link, upper, lower, eta)
        bend = _bend(scores.link, upper - eta, lower - eta, down, up)
        slope = np.where(seen, down - up, 0.0).sum(axis=1) * sd - z
        # The log-probability is concave; a positive curvature is rounding in the far tail.
        curvature = 1.0 + sd**2 * np.where(seen, np.maximum(-bend, 0.0), 0.0).sum(axis=1)
        low, high = np.where(slope > 0, z, low), np.where(slope < 0, z, high)
        # Where Newton's step leaves what is known to hold the mode, the middle is taken: at a large standard deviation
        # the likelihood is nearly a staircase, on which Newton's steps alone can jump to and fro for ever.
        aim = z + np.clip(slope / curvature, -2.0, 2.0)
        closed = np.isfinite(low) & np.isfinite(high)
        middle = (np.where(closed, low, 0.0) + np.where(closed, high, 0.0)) / 2
        aim = np.where(closed & ((aim <= low) | (aim >= high)), middle, aim)
        move = np.abs(aim - z).max()
        z = aim
        if move < 1e-9:
            break
    return z, 1 / np.sqrt(curvature)


def _cdf(link: Link, x: Floats) -> Floats:
    from scipy.special import expit, ndtr

    return np.asarray(expit(x) if link == "logit" else ndtr(x), dtype=np.float64)


def _density(link: Link, x: Floats) -> Floats:
    if link == "logit":
        tail = np.exp(-np.abs(x))
        return np.asarray(tail / (1 + tail) ** 2, dtype=np.float64)
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi), dtype=np.float64)


def _category(link: Link, upper: Floats, lower: Floats, eta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return log P(lower < latent <= upper) and the densities at both edges divided by P."""
    a, b = upper - eta, lower - eta
    # In the upper tail 1 - F has the precision that F has lost.
    flip = b > 0
    p = _cdf(link, np.where(flip, -b, a)) - _cdf(link, np.where(flip, -a, b))
    p = np.maximum(p, 1e-300)
    return np.log(p), _density(link, b) / p, _density(link, a) / p


def _bend(link: Link, a: Floats, b: Floats, down: Floats, up: Floats) -> Floats:
    """Return the second derivative of log P by the linear predictor, from the densities over P at both edges."""
    slope_a, slope_b = (1 - 2 * _cdf(link, a), 1 - 2 * _cdf(link, b)) if link == "logit" else (-a, -b)
    inner = slope_a * up - slope_b * down
    return np.asarray(inner - (up - down) ** 2, dtype=np.float64)
