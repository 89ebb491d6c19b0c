"""Restricted likelihood of visit means under a covariance that is linear in its parameters, and its maximum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from myosotis.errors import NotEstimableError

__all__ = ["CovarianceStructure", "Fit", "Floats", "Patterns", "maximise", "structure_of"]

Floats = NDArray[np.float64]
CovarianceStructure = Literal["random_intercept", "compound_symmetry", "unstructured"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """Group the patients by which visits they have; absent visits hold zero."""

    masks: NDArray[np.bool_]
    rows: tuple[Floats, ...]

    @classmethod
    def of(cls, values: Floats) -> Patterns:
        """Group the rows of a patients × visits array by which values are NaN."""
        seen = ~np.isnan(values)
        masks, which = np.unique(seen, axis=0, return_inverse=True)
        filled = np.where(seen, values, 0.0)
        which = which.reshape(-1)
        return cls(masks=masks, rows=tuple(filled[which == i] for i in range(len(masks))))

    def divided_by(self, scale: float) -> Patterns:
        """Return the same patients with every value divided by `scale`."""
        return Patterns(masks=self.masks, rows=tuple(r / scale for r in self.rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Hold what one set of covariance parameters implies, as visits × visits matrices summed over patients."""

    log_likelihood: float
    beta: Floats
    phi: Floats
    first: Floats
    second: Floats
    gradient: Floats
    expected: Floats
    observed: Floats


def structure_of(covariance: CovarianceStructure, k: int, n: int) -> tuple[Floats, Floats, str | None]:
    """Return the matrices whose weighted sum is the covariance, and starting weights for unit variance."""
    if covariance != "unstructured":
        return np.stack([np.ones((k, k)), np.eye(k)]), np.array([0.3, 0.7]), None
    if n <= k:
        raise NotEstimableError(
            f"an unstructured covariance of {k} visits needs more than {k} patients, found {n}; "
            "choose compound_symmetry or fewer visits"
        )
    parts, start = [], []
    for i in range(k):
        for j in range(i, k):
            unit = np.zeros((k, k))
            unit[i, j] = unit[j, i] = 1.0
            parts.append(unit)
            start.append(1.0 if i == j else 0.3)
    return np.stack(parts), np.array(start), None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """Hold the likelihood at one set of parameters and the inverses from which its derivatives follow."""

    log_likelihood: float
    inverses: list[Floats]
    beta: Floats
    phi: Floats


def _evaluate(data: Patterns, basis: Floats, theta: Floats) -> _Point | None:
    """Compute the restricted likelihood; None where the covariance is not positive definite."""
    k = basis.shape[1]
    spread = np.tensordot(theta, basis, axes=1)
    inverses, log_det, count = [], 0.0, 0
    for mask, rows in zip(data.masks, data.rows, strict=True):
        block = spread[np.ix_(mask, mask)]
        try:
            root = np.linalg.cholesky(block)
        except np.linalg.LinAlgError:
            return None
        if np.diag(root).min() < 1e-7:
            return None
        embedded = np.zeros((k, k))
        embedded[np.ix_(mask, mask)] = np.linalg.inv(block)
        inverses.append(embedded)
        log_det += len(rows) * 2.0 * float(np.log(np.diag(root)).sum())
        count += len(rows) * int(mask.sum())
    phi = np.asarray(np.linalg.inv(sum(len(r) * w for r, w in zip(data.rows, inverses, strict=True))), dtype=np.float64)
    beta = phi @ sum(w @ r.sum(axis=0) for r, w in zip(data.rows, inverses, strict=True))
    squares = 0.0
    for mask, rows, w in zip(data.masks, data.rows, inverses, strict=True):
        residual = np.where(mask, rows - beta, 0.0)
        squares += float(((residual @ w) * residual).sum())
    _, log_det_phi = np.linalg.slogdet(phi)
    return _Point(
        log_likelihood=-0.5 * ((count - k) * float(np.log(2 * np.pi)) + log_det - float(log_det_phi) + squares),
        inverses=inverses,
        beta=beta,
        phi=phi,
    )


def _differentiate(data: Patterns, basis: Floats, point: _Point) -> Fit:
    """Add the derivatives by the covariance parameters, and what degrees of freedom need of them."""
    k, q, phi = basis.shape[1], len(basis), point.phi
    first, second = np.zeros((q, k, k)), np.zeros((q, q, k, k))
    trace1, trace2 = np.zeros(q), np.zeros((q, q))
    form1, form2, pull = np.zeros(q), np.zeros((q, q)), np.zeros((q, k))
    for mask, rows, w in zip(data.masks, data.rows, point.inverses, strict=True):
        m = len(rows)
        wg = w @ basis
        wgw = wg @ w
        first += m * wgw
        second += m * np.einsum("iab,jbc->ijac", wg, wgw)
        trace1 += m * np.einsum("iaa->i", wg)
        trace2 += m * np.einsum("iab,jba->ij", wg, wg)
        residual = np.where(mask, rows - point.beta, 0.0)
        scatter = residual.T @ residual
        form1 += np.einsum("iab,ba->i", wgw, scatter)
        form2 += np.einsum("iab,jba->ij", wgw, basis @ w @ scatter)
        pull += wgw @ residual.sum(axis=0)
    phi_first = phi @ first
    product = trace2 - 2 * np.einsum("ab,ijba->ij", phi, second) + np.einsum("iab,jba->ij", phi_first, phi_first)
    return Fit(
        log_likelihood=point.log_likelihood,
        beta=point.beta,
        phi=phi,
        first=first,
        second=second,
        gradient=-0.5 * (trace1 - np.einsum("iaa->i", phi_first) - form1),
        expected=0.5 * product,
        observed=form2 - pull @ phi @ pull.T - 0.5 * product,
    )


def maximise(data: Patterns, basis: Floats, start: Floats) -> tuple[Floats, Fit]:
    """Climb by Newton steps, scoring where the likelihood is not yet concave, halved until it rises."""
    theta, point = start, _evaluate(data, basis, start)
    assert point is not None
    fit = _differentiate(data, basis, point)
    if _step(fit) is None:
        raise NotEstimableError(
            "the data hold no information on some part of the covariance, for example two visits that no patient "
            "has both of; choose a simpler covariance or a rank test"
        )
    for _ in range(100):
        full = _step(fit)
        if full is None:
            break
        gain = float(fit.gradient @ full)
        if gain < 1e-18:
            return theta, fit
        found = _climb(data, basis, theta, full, fit.log_likelihood)
        if found is None:
            # Rounding can hide the last rise; a tiny predicted gain means that the top is reached.
            if gain < 1e-10:
                return theta, fit
            break
        theta, fit = found[0], _differentiate(data, basis, found[1])
    raise NotEstimableError(
        "the restricted likelihood has no maximum inside the positive definite covariances: patients change in "
        "(nearly) perfect parallel or too few have the same visits; choose a simpler covariance or a rank test"
    )


def _climb(data: Patterns, basis: Floats, theta: Floats, step: Floats, floor: float) -> tuple[Floats, _Point] | None:
    """Halve a step until the likelihood does not fall."""
    for halvings in range(30):
        trial = theta + step * 0.5**halvings
        point = _evaluate(data, basis, trial)
        if point is not None and point.log_likelihood >= floor:
            return trial, point
    return None


def _step(fit: Fit) -> Floats | None:
    for information in (fit.observed, fit.expected):
        symmetric = (information + information.T) / 2
        if np.linalg.eigvalsh(symmetric).min() > 1e-10:
            return np.asarray(np.linalg.solve(symmetric, fit.gradient), dtype=np.float64)
    return None
