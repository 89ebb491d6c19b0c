"""Linear mixed model for repeated measures: visits as categories, REML, small-sample degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arguments import alpha_of, one_of
from myosotis.statistics.common.arrays import seen_rows
from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.models.restricted_likelihood import (
    CovarianceStructure,
    Fit,
    Floats,
    Patterns,
    maximise,
    structure_of,
)

__all__ = ["MixedModel", "ModelEstimate", "mixed_model"]

DegreesOfFreedom = Literal["kenward_roger", "satterthwaite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEstimate:
    """Record a linear combination of model means.

    `statistic` and `p_value` test that it is zero; they are None for a mean, where zero is no question to ask.
    """

    estimate: float
    standard_error: float
    df: float
    low: float
    high: float
    conf_level: float
    statistic: float | None = None
    p_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedModel:
    """Record a fitted model: visit means, changes from the first visit, and the test that all visits are equal.

    `covariance` is the fitted visits × visits covariance of one patient's values, in squared units of the data.
    `n_missing` counts patients without any value, `n_values` the values that entered.
    """

    means: tuple[ModelEstimate, ...]
    changes: tuple[ModelEstimate, ...]
    equal_visits: HypothesisTest
    covariance: tuple[tuple[float, ...], ...]
    log_likelihood: float
    structure: CovarianceStructure
    n: int
    n_missing: int
    n_values: int
    method: str
    note: str | None = None


def mixed_model(
    x: ArrayLike,
    *,
    covariance: CovarianceStructure,
    df: DegreesOfFreedom = "kenward_roger",
    conf_level: float = 0.95,
) -> MixedModel:
    """Fit visit means by restricted maximum likelihood, with a named covariance of the visits of one patient.

    `x` is patients × visits in the unit of the measurement; NaN marks a missing visit, taken as missing at random
    given the patient's other visits. Patients without any value are left out and counted. `covariance` names what is
    assumed: `random_intercept` (equal variances, equal correlations, not negative), `compound_symmetry` (the same, and
    negative allowed), `unstructured` (every variance and correlation its own; needs more patients than visits). `df`
    names the degrees of freedom; Kenward-Roger also corrects the standard errors for estimating the covariance.

    Raises StatisticsError for fewer than 2 visits, infinite values or unknown names, and NotEstimableError when the
    data cannot carry the model: a visit with fewer than 2 values, no variation, too few patients, or no maximum.

    >>> m = mixed_model([[5, 4, 2], [6, 6, 3], [9, 7, 7], [8, 5, 4]], covariance="random_intercept")
    >>> [round(c.estimate, 3) for c in m.changes], round(m.equal_visits.df[1], 3)
    ([-1.5, -3.0], 6.0)

    Source: Kenward MG, Roger JH. Biometrics 1997;53:983-97, doi:10.2307/2533558 (covariance, F and its df, for a
    covariance linear in its parameters); Satterthwaite df as in Kuznetsova A et al. J Stat Softw 2017;82(13),
    doi:10.18637/jss.v082.i13, section 2.2.
    """
    one_of(covariance, "covariance", ("random_intercept", "compound_symmetry", "unstructured"))
    one_of(df, "df", ("kenward_roger", "satterthwaite"))
    alpha = alpha_of(conf_level)
    values, dropped = _matrix(x)
    n, k = values.shape
    data = Patterns.of(values)
    scale = float(np.sqrt(np.nanmean((values - np.nanmean(values, axis=0)) ** 2)))
    if scale <= 1e-12 * float(np.nanmax(np.abs(values)) or 1.0):
        raise NotEstimableError("no patient differs from the mean of a visit, so that there is no variance to estimate")
    data = data.divided_by(scale)
    basis, start, note = structure_of(covariance, k, n)
    theta, fit = maximise(data, basis, start)
    if covariance == "random_intercept" and theta[0] < 0:
        basis, note = (
            basis[1:],
            "The variance between patients is estimated as zero; the model treats visits as independent.",
        )
        theta, fit = maximise(data, basis, np.array([1.0]))
    spread = np.tensordot(theta, basis, axes=1)
    inference = _Inference.of(fit, df)
    means = tuple(_estimate(inference, row, scale, alpha, test=False) for row in np.eye(k))
    contrast = np.hstack([-np.ones((k - 1, 1)), np.eye(k - 1)])
    changes = tuple(_estimate(inference, row, scale, alpha, test=True) for row in contrast)
    n_values = int((~np.isnan(values)).sum())
    name = "Kenward-Roger" if df == "kenward_roger" else "Satterthwaite"
    return MixedModel(
        means=means,
        changes=changes,
        equal_visits=_joint_test(inference, contrast, n, dropped, name),
        covariance=tuple(tuple(float(v) for v in row) for row in spread * scale**2),
        log_likelihood=fit.log_likelihood - (n_values - k) * float(np.log(scale)),
        structure=covariance,
        n=n,
        n_missing=dropped,
        n_values=n_values,
        method=f"linear mixed model, visits as categories, {covariance.replace('_', ' ')}, REML, {name} df",
        note=note,
    )


def _matrix(x: ArrayLike) -> tuple[Floats, int]:
    values, kept = seen_rows(x)
    dropped = int((~kept).sum())
    counts = (~np.isnan(values)).sum(axis=0)
    if counts.min() < 2:
        raise NotEstimableError(
            f"visit {int(counts.argmin())} has {counts.min()} values; each visit needs at least 2 to carry a mean"
        )
    if (~np.isnan(values)).sum(axis=1).max() < 2:
        raise NotEstimableError("no patient has two visits, so that nothing is known about change within a patient")
    return values, dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inference:
    """Hold the covariance of the means used for tests, and what the degrees of freedom need."""

    beta: Floats
    phi: Floats
    adjusted: Floats
    first: Floats
    weights: Floats
    kind: DegreesOfFreedom

    @classmethod
    def of(cls, fit: Fit, kind: DegreesOfFreedom) -> _Inference:
        phi = fit.phi
        information = fit.expected if kind == "kenward_roger" else fit.observed
        weights = np.asarray(np.linalg.inv((information + information.T) / 2), dtype=np.float64)
        adjusted = phi
        if kind == "kenward_roger":
            inner = fit.second - np.einsum("iab,bc,jcd->ijad", fit.first, phi, fit.first)
            adjusted = phi + 2 * phi @ np.einsum("ij,ijab->ab", weights, inner) @ phi
        return cls(beta=fit.beta, phi=phi, adjusted=adjusted, first=fit.first, weights=weights, kind=kind)

    def df(self, row: Floats) -> float:
        """Return the degrees of freedom of one linear combination."""
        variance = float(row @ self.phi @ row)
        slope = np.einsum("a,iab,b->i", row @ self.phi, self.first, self.phi @ row)
        return 2 * variance**2 / float(slope @ self.weights @ slope)


def _estimate(inference: _Inference, row: Floats, scale: float, alpha: float, *, test: bool) -> ModelEstimate:
    from scipy.stats import t

    value = float(row @ inference.beta) * scale
    error = float(np.sqrt(row @ inference.adjusted @ row)) * scale
    df = inference.df(row)
    half = float(t.isf(alpha / 2, df)) * error
    return ModelEstimate(
        estimate=value,
        standard_error=error,
        df=df,
        low=value - half,
        high=value + half,
        conf_level=1 - alpha,
        statistic=value / error if test else None,
        p_value=float(2 * t.sf(abs(value / error), df)) if test else None,
    )


def _joint_test(inference: _Inference, contrast: Floats, n: int, dropped: int, name: str) -> HypothesisTest:
    from scipy.stats import f

    rank = len(contrast)
    difference = contrast @ inference.beta
    spread = contrast @ inference.adjusted @ contrast.T
    statistic = float(difference @ np.linalg.solve(spread, difference)) / rank
    if inference.kind == "kenward_roger":
        factor, df2 = _kenward_roger(inference, contrast)
        statistic *= factor
    else:
        df2 = _satterthwaite(inference, contrast)
    return HypothesisTest(
        statistic=statistic,
        p_value=float(f.sf(statistic, rank, df2)),
        df=(float(rank), df2),
        n=n,
        n_missing=dropped,
        method=f"F test of equal visits, mixed model, {name} df",
        p_kind="asymptotic",
    )


def _satterthwaite(inference: _Inference, contrast: Floats) -> float:
    """Match the mean of the F statistic to the means of its independent squared t statistics."""
    rank = len(contrast)
    # The split into independent parts depends on the scaling of the contrasts; orthonormal ones give one answer.
    orthonormal = np.linalg.qr(contrast.T)[0].T
    _, vectors = np.linalg.eigh(orthonormal @ inference.phi @ orthonormal.T)
    each = np.array([inference.df(row) for row in vectors.T @ orthonormal])
    if rank == 1:
        return float(each[0])
    usable = each[each > 2]
    expectation = float((usable / (usable - 2)).sum())
    if expectation <= rank:
        raise NotEstimableError(
            "Satterthwaite degrees of freedom do not exist for the joint test: too few patients; "
            "read the single changes or use Kenward-Roger"
        )
    return 2 * expectation / (expectation - rank)


def _kenward_roger(inference: _Inference, contrast: Floats) -> tuple[float, float]:
    """Return the factor on F and the denominator degrees of freedom (Kenward and Roger 1997, section 2)."""
    rank = len(contrast)
    theta = contrast.T @ np.linalg.solve(contrast @ inference.phi @ contrast.T, contrast)
    pieces = np.einsum("ab,bc,icd,de->iae", theta, inference.phi, -inference.first, inference.phi)
    traces = np.einsum("iaa->i", pieces)
    a1 = float(traces @ inference.weights @ traces)
    a2 = float((inference.weights * np.einsum("iab,jba->ij", pieces, pieces)).sum())
    if rank == 1:
        # The general formulas reduce to this, but pass through 0/0 at four degrees of freedom.
        return 1.0, 2 / a2
    b = (a1 + 6 * a2) / (2 * rank)
    g = ((rank + 1) * a1 - (rank + 4) * a2) / ((rank + 2) * a2)
    base = 3 * rank + 2 * (1 - g)
    v0, v1, v2 = 1 + g / base * b, 1 - (rank - g) / base * b, 1 - (rank + 2 - g) / base * b
    shrink = 1 - a2 / rank
    df = 0.0
    if shrink > 1e-10 and abs(v1) > 1e-10:
        # An infinite variance of F belongs to exactly four degrees of freedom.
        excess = (shrink / v1) ** 2 * v0 / v2 - 1 if abs(v2) > 1e-10 else float("inf")
        df = 4 + (rank + 2) / excess if excess else 0.0
    if not 2 < df < float("inf"):
        raise NotEstimableError(
            "Kenward-Roger degrees of freedom do not exist for the joint test: too few patients for this covariance"
        )
    return df * shrink / (df - 2), df
