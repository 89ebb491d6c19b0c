"""Cumulative-link mixed model: ordered scores over visits with one random intercept a patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import alpha_of, one_of, whole
from myosotis.statistics.common.arrays import number_array, seen_rows
from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.models.cumulative_link import Fit, Floats, Link, likelihood, maximise, scores_of, separated
from myosotis.statistics.models.mixed import ModelEstimate

__all__ = ["OrdinalModel", "cumulative_link_mixed_model"]

_ASYMPTOTIC = (
    "Limits and p-values are asymptotic: no small-sample degrees of freedom are established for this model; "
    "with few patients read an exact rank test beside it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalModel:
    """Record a fitted cumulative-link mixed model.

    `changes` holds one effect a visit against the first: with the logit link a log odds ratio of scoring higher, within
    a patient. `thresholds` lie between neighbouring `categories`, `between_sd` is the standard deviation of the
    patients' intercepts on the link scale. `equal_visits` is the likelihood ratio test that no visit differs.
    `quadrature_error` is by how much the log-likelihood moves when the number of nodes is doubled.
    """

    changes: tuple[ModelEstimate, ...]
    thresholds: tuple[ModelEstimate, ...]
    between_sd: float
    equal_visits: HypothesisTest
    log_likelihood: float
    categories: tuple[float, ...]
    link: Link
    quadrature_points: int
    quadrature_error: float
    n: int
    n_missing: int
    n_values: int
    method: str
    note: str


def cumulative_link_mixed_model(
    x: ArrayLike,
    *,
    categories: Sequence[float] | None = None,
    link: Link = "logit",
    quadrature_points: int = 51,
    conf_level: float = 0.95,
) -> OrdinalModel:
    """Model an ordered score over visits with a normal random intercept by maximum likelihood.

    `x` is patients × visits of ordered scores; NaN marks a missing visit, taken as missing at random. `categories`
    lists the scores the instrument allows, ascending; without it the observed ones are used. The model is
    P(Y <= c) = F(threshold_c - effect_visit - intercept_patient) with F logistic or normal (`link`). The integral over
    the intercept uses adaptive Gauss-Hermite quadrature with `quadrature_points` nodes (5 to 100; one node would be
    the Laplace approximation, whose log-likelihood can be off by more than a unit). Patients without any value are left
    out and counted.

    There may be more thresholds than patients, as with a score from 0 to 52 in twenty children: the values carry the
    thresholds. Raises StatisticsError for arguments that do not fit and NotEstimableError, with the reason, for a
    category that nobody has, separation (a visit that can be told from another by the score alone), information that is
    singular, and a variance between patients without bound.

    >>> x = [[2, 1, 1], [2, 2, 1], [1, 0, 0], [2, 2, 0], [0, 1, 0], [1, 1, 2], [2, 0, 1], [1, 2, 0]]
    >>> m = cumulative_link_mixed_model(x)
    >>> [round(c.estimate, 2) for c in m.changes]
    [-0.67, -2.04]

    Source: Agresti A. Categorical Data Analysis, 3rd ed. Wiley 2013, section 14.4; adaptive quadrature: Pinheiro JC,
    Bates DM. J Comput Graph Stat 1995;4:12-35, doi:10.1080/10618600.1995.10474663.
    """
    one_of(link, "link", ("logit", "probit"))
    points = whole(quadrature_points, "quadrature_points", at_least=5)
    if points > 100:
        raise StatisticsError(f"quadrature_points is {points}; beyond 100 nodes the weights underflow, give 5 to 100")
    alpha = alpha_of(conf_level)
    values, dropped = _matrix(x)
    names, category = _categorise(values, categories)
    n, k = values.shape
    scores = scores_of(category, len(names), link, points, by_visit=True)
    null = scores_of(category, len(names), link, points, by_visit=False)
    size = len(names) - 1 + scores.n_effects + 1
    if separated(scores):
        raise NotEstimableError(
            "the score separates the visits: some visit has only the lowest, only the highest, or no category in common "
            "with the others, so that its effect is infinite; merge categories or use a rank test"
        )
    if all(len(np.unique(row[row >= 0])) == 1 for row in category):
        raise NotEstimableError("no patient ever changes category, so that the variance between patients has no bound")
    start = _start(category, len(names), link)
    base = maximise(null, np.append(start, 1.0))
    fit = maximise(
        scores, np.concatenate([base.parameters[:-1], np.zeros(k - 1), [max(abs(base.parameters[-1]), 0.5)]])
    )
    sd = abs(float(fit.parameters[-1]))
    denser = scores_of(category, len(names), link, 2 * points, by_visit=True)
    error = abs(likelihood(denser, fit.parameters)[0] - fit.log_likelihood)
    if error > 1e-3:
        raise NotEstimableError(
            f"patients differ so strongly (standard deviation {sd:.3g} on the link scale) that {points} nodes leave an "
            f"error of {error:.2g} in the log-likelihood; give more quadrature_points or merge categories"
        )
    note = _ASYMPTOTIC
    if sd < 1e-3:
        note = f"The variance between patients is estimated as zero. {note}"
    return OrdinalModel(
        changes=_estimates(fit, slice(len(names) - 1, size - 1), alpha, sd, test=True),
        thresholds=_estimates(fit, slice(0, len(names) - 1), alpha, sd, test=False),
        between_sd=sd,
        equal_visits=_ratio_test(fit, base, k - 1, n, dropped),
        log_likelihood=fit.log_likelihood,
        categories=names,
        link=link,
        quadrature_points=points,
        quadrature_error=error,
        n=n,
        n_missing=dropped,
        n_values=int((category >= 0).sum()),
        method=f"cumulative-link mixed model, {link}, random intercept, adaptive quadrature with {points} nodes",
        note=note,
    )


def _matrix(x: ArrayLike) -> tuple[Floats, int]:
    values, kept = seen_rows(x)
    dropped = int((~kept).sum())
    counts = (~np.isnan(values)).sum(axis=0)
    if counts.min() == 0:
        raise NotEstimableError(f"visit {int(counts.argmin())} has no value, so that it has no effect to estimate")
    return values, dropped


def _categorise(values: Floats, categories: Sequence[float] | None) -> tuple[tuple[float, ...], NDArray[np.int64]]:
    observed = np.unique(values[~np.isnan(values)])
    names = observed if categories is None else number_array(categories, "categories")
    if (np.diff(names) <= 0).any():
        raise StatisticsError("categories are not strictly ascending; list every allowed score once, lowest first")
    unknown = np.setdiff1d(observed, names)
    if len(unknown):
        raise StatisticsError(f"x holds {len(unknown)} scores outside categories, such as {unknown[0]:g}")
    empty = np.setdiff1d(names, observed)
    if len(empty):
        raise NotEstimableError(
            f"category {empty[0]:g} is never observed, so that its threshold does not exist; merge it with a neighbour"
        )
    if len(names) < 2:
        raise NotEstimableError("every score is the same; an ordinal model needs at least 2 categories")
    category = np.where(np.isnan(values), -1, np.searchsorted(names, values))
    return tuple(float(v) for v in names), category.astype(np.int64)


def _start(category: NDArray[np.int64], n_categories: int, link: Link) -> Floats:
    """Start the thresholds where the pooled proportions put them."""
    from scipy.special import logit, ndtri

    counts = np.bincount(category[category >= 0], minlength=n_categories)
    share = counts.cumsum()[:-1] / counts.sum()
    return np.asarray(logit(share) if link == "logit" else ndtri(share), dtype=np.float64)


def _estimates(fit: Fit, part: slice, alpha: float, sd: float, *, test: bool) -> tuple[ModelEstimate, ...]:
    from scipy.stats import norm

    information = fit.information if sd >= 1e-3 else fit.information[:-1, :-1]
    if float(np.linalg.eigvalsh(information).min()) <= 1e-8:
        raise NotEstimableError("the information matrix is singular, so that no standard error exists")
    errors = np.sqrt(np.diag(np.linalg.inv(information)))[part]
    quantile = float(norm.isf(alpha / 2))
    return tuple(
        ModelEstimate(
            estimate=float(value),
            standard_error=float(error),
            df=float("inf"),
            low=float(value - quantile * error),
            high=float(value + quantile * error),
            conf_level=1 - alpha,
            statistic=float(value / error) if test else None,
            p_value=float(2 * norm.sf(abs(value / error))) if test else None,
        )
        for value, error in zip(fit.parameters[part], errors, strict=True)
    )


def _ratio_test(fit: Fit, base: Fit, df: int, n: int, dropped: int) -> HypothesisTest:
    from scipy.stats import chi2

    statistic = max(0.0, 2 * (fit.log_likelihood - base.log_likelihood))
    return HypothesisTest(
        statistic=statistic,
        p_value=float(chi2.sf(statistic, df)),
        df=float(df),
        n=n,
        n_missing=dropped,
        method="likelihood ratio test of equal visits, cumulative-link mixed model",
        p_kind="asymptotic",
        note=_ASYMPTOTIC,
    )
