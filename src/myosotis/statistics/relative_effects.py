"""Relative treatment effects: the chance that a visit's value exceeds a value drawn from all visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.records import HypothesisTest, IntervalEstimate

__all__ = ["GroupedRelativeEffects", "RelativeEffects", "grouped_relative_effects", "relative_effects"]

Floats = NDArray[np.float64]

_SMALL = (
    "The Wald-type test rejects too often in small samples; below about 50 patients read the ANOVA-type test "
    "(Brunner, Domhof and Langer 2002)."
)


_NO_LIMITS = "No limits: the effect lies at the end of its range, or the ranks do not vary between patients."


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeEffects:
    """Record one group's relative effects by visit, in the order of the columns, with the tests of no change.

    `effects` holds one interval estimate a visit, `mean_ranks` the mean of the overall ranks behind it. `wald_type`
    and `anova_type` test that all visits have the same distribution.
    """

    effects: tuple[IntervalEstimate, ...]
    mean_ranks: tuple[float, ...]
    wald_type: HypothesisTest
    anova_type: HypothesisTest
    n: int
    n_missing: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedRelativeEffects:
    """Record relative effects of groups by visits, with tests of the group, the visits, and their interaction.

    `effects[g][v]` belongs to `groups[g]` and visit `v`. `group_box` is the ANOVA-type test of the group with finite
    denominator degrees of freedom, to be read instead of `group_anova_type` in small samples.
    """

    groups: tuple[Any, ...]
    effects: tuple[tuple[IntervalEstimate, ...], ...]
    group_wald_type: HypothesisTest
    group_anova_type: HypothesisTest
    group_box: HypothesisTest
    visit_wald_type: HypothesisTest
    visit_anova_type: HypothesisTest
    interaction_wald_type: HypothesisTest
    interaction_anova_type: HypothesisTest
    n: int
    method: str


def relative_effects(x: ArrayLike, *, conf_level: float = 0.95) -> RelativeEffects:
    """Estimate the relative effect of every visit and test that the visits do not differ (LD-F1 design).

    `x` is patients × visits, any ordinal or metric unit; NaN marks a missing visit, assumed missing completely at
    random. A patient without any value is left out and counted in `n_missing`. The relative effect of visit s is
    p_s = P(Z < X_s) + P(Z = X_s)/2 with Z drawn from all visits together, inside (0, 1); 0.5 means no tendency.
    Intervals use the logit of the effect shrunk to its attainable range [1/(2k), 1 - 1/(2k)] for k visits and need
    complete data; with missing visits the limits are None and the note says so.

    Raises StatisticsError for fewer than 2 visits, a conf_level outside (0, 1) or a visit without two values, and
    NotEstimableError when fewer than 2 patients remain or all values are tied.

    >>> r = relative_effects([[8, 3, 1], [7, 5, 2], [9, 4, 4], [6, 6, 1]])
    >>> [round(e.estimate, 3) for e in r.effects]
    [0.823, 0.479, 0.198]

    Source: Brunner E, Domhof S, Langer F. Nonparametric Analysis of Longitudinal Data in Factorial Experiments.
    Wiley 2002, sections 5.4, 5.8, 7.2; Noguchi K et al. J Stat Softw 2012;50(12), doi:10.18637/jss.v050.i12.
    """
    values, n_dropped = _matrix(x)
    _check_level(conf_level)
    present = ~np.isnan(values)
    n, k = values.shape
    total = int(present.sum())
    ranks = _ranks(values)
    means = np.nansum(ranks, axis=0) / present.sum(axis=0)
    effect = (means - 0.5) / total
    covariance = n / total**2 * _covariance_of_means(ranks, present, means)
    contrast = np.eye(k) - 1.0 / k
    holes = int((~present).sum())
    note = _SMALL if not holes else f"{_SMALL} {holes} missing visits are taken as missing completely at random."
    wald = _wald(contrast, effect, covariance, n, "Wald-type test of equal visits", n_dropped, note)
    anova = _anova_type(contrast, effect, covariance, n, "ANOVA-type test of equal visits", n_dropped, note)
    if holes:
        text = "No limits: the variance of the effect is known for complete data only."
        effects = tuple(
            IntervalEstimate(
                estimate=float(e),
                low=None,
                high=None,
                conf_level=conf_level,
                n=int(m),
                n_missing=int(n - m + n_dropped),
                method="relative treatment effect",
                note=text,
            )
            for e, m in zip(effect, present.sum(axis=0), strict=True)
        )
    else:
        effects = _intervals([values], conf_level)[0]
    return RelativeEffects(
        effects=effects,
        mean_ranks=tuple(float(m) for m in means),
        wald_type=wald,
        anova_type=anova,
        n=n,
        n_missing=n_dropped,
        method="nonparametric relative effects, LD-F1 design",
    )


def grouped_relative_effects(x: ArrayLike, group: ArrayLike, *, conf_level: float = 0.95) -> GroupedRelativeEffects:
    """Estimate relative effects of two or more groups by visits and test group, visits and interaction (F1-LD-F1).

    `x` is patients × visits without missing values, `group` one label a patient. Groups may differ in size; each
    needs two patients. Effects refer to the distribution of all values of all groups together, so an effect can only
    be read as a distance between groups when the groups are of about equal size.

    Raises StatisticsError for missing values, fewer than 2 visits or 2 groups or a group label per patient that does
    not fit, and NotEstimableError for a group below 2 patients or a test whose variance is zero.

    >>> r = grouped_relative_effects([[1, 2], [2, 4], [1, 3], [5, 5], [6, 7], [7, 6]], [0, 0, 0, 1, 1, 1])
    >>> round(r.group_anova_type.statistic, 3)
    25.043

    Source: Brunner, Domhof and Langer 2002, chapter 8 (tests: equations 8.10, 8.11, 8.20, 8.21, 8.26; Box degrees of
    freedom: section 8.3.1); Noguchi K et al. J Stat Softw 2012;50(12), doi:10.18637/jss.v050.i12.
    """
    values, n_dropped = _matrix(x)
    _check_level(conf_level)
    labels = np.asarray(group)
    if n_dropped or np.isnan(values).any():
        raise StatisticsError(
            "grouped_relative_effects found missing values; it needs every patient at every visit. "
            "Apply a named strategy such as complete_case first."
        )
    if labels.shape != (values.shape[0],):
        raise StatisticsError(f"group has shape {labels.shape}, expected one label for each of {len(values)} patients")
    levels = np.unique(labels)
    if len(levels) < 2:
        raise StatisticsError(f"group holds {len(levels)} level, expected at least 2")
    sizes = np.array([(labels == g).sum() for g in levels])
    if sizes.min() < 2:
        raise NotEstimableError(f"the smallest group has {sizes.min()} patient; a variance needs at least 2")
    a, k, n, total = len(levels), values.shape[1], len(values), values.size
    ranks = _ranks(values)
    blocks = [ranks[labels == g] for g in levels]
    effect = (np.concatenate([b.mean(axis=0) for b in blocks]) - 0.5) / total
    covariance = np.zeros((a * k, a * k))
    for i, block in enumerate(blocks):
        part = slice(i * k, (i + 1) * k)
        covariance[part, part] = n / (total**2 * len(block)) * np.cov(block, rowvar=False)
    center_a, center_k = np.eye(a) - 1.0 / a, np.eye(k) - 1.0 / k
    by_group = np.kron(center_a, np.full((1, k), 1.0 / k))
    by_visit = np.kron(np.full((1, a), 1.0 / a), center_k)
    both = np.kron(center_a, center_k)
    group_anova = _anova_type(by_group, effect, covariance, n, "ANOVA-type test of equal groups", 0, _SMALL)
    return GroupedRelativeEffects(
        groups=tuple(levels.tolist()),
        effects=tuple(_intervals([values[labels == g] for g in levels], conf_level)),
        group_wald_type=_wald(by_group, effect, covariance, n, "Wald-type test of equal groups", 0, _SMALL),
        group_anova_type=group_anova,
        group_box=_box(group_anova, blocks),
        visit_wald_type=_wald(by_visit, effect, covariance, n, "Wald-type test of equal visits", 0, _SMALL),
        visit_anova_type=_anova_type(by_visit, effect, covariance, n, "ANOVA-type test of equal visits", 0, _SMALL),
        interaction_wald_type=_wald(both, effect, covariance, n, "Wald-type test of interaction", 0, _SMALL),
        interaction_anova_type=_anova_type(both, effect, covariance, n, "ANOVA-type test of interaction", 0, _SMALL),
        n=n,
        method="nonparametric relative effects, F1-LD-F1 design",
    )


def _matrix(x: ArrayLike) -> tuple[Floats, int]:
    values = np.asarray(x, dtype=float)
    if values.ndim != 2 or values.shape[1] < 2:
        raise StatisticsError(f"x has shape {values.shape}, expected patients × visits with at least 2 visits")
    if np.isinf(values).any():
        raise StatisticsError("x holds infinite values; a recorded value is finite, a missing one NaN")
    kept = ~np.isnan(values).all(axis=1)
    dropped = int((~kept).sum())
    values = values[kept]
    if len(values) < 2:
        raise NotEstimableError(f"{len(values)} patients have a value; a variance needs at least 2")
    counts = (~np.isnan(values)).sum(axis=0)
    if counts.min() < 2:
        raise NotEstimableError(f"visit {int(counts.argmin())} has {counts.min()} values; a variance needs at least 2")
    if np.nanmin(values) == np.nanmax(values):
        raise NotEstimableError("all values are tied, so that ranks have no variance and no test exists")
    return values, dropped


def _check_level(conf_level: float) -> None:
    if not 0 < conf_level < 1:
        raise StatisticsError(f"conf_level is {conf_level}, expected a number strictly between 0 and 1")


def _ranks(values: Floats) -> Floats:
    """Rank all observed values together, ties sharing their mean rank; NaN keeps no rank."""
    seen = ~np.isnan(values)
    _, inverse, counts = np.unique(values[seen], return_inverse=True, return_counts=True)
    last = counts.cumsum()
    ranks = np.full(values.shape, np.nan)
    ranks[seen] = (last - (counts - 1) / 2.0)[inverse]
    return ranks


def _covariance_of_means(ranks: Floats, present: NDArray[np.bool_], means: Floats) -> Floats:
    """Estimate the covariance of the mean ranks; with complete data it is the sample covariance over n."""
    centred = np.where(present, ranks - means, 0.0)
    seen = present.astype(float)
    own = seen.sum(axis=0)
    together = seen.T @ seen
    divisor = np.outer(own - 1, own - 1) + together - 1
    np.fill_diagonal(divisor, own * (own - 1))
    # Two visits that no patient has both of share no product; the divisor can then be zero too.
    return np.asarray(centred.T @ centred / np.where(together > 0, divisor, 1.0), dtype=np.float64)


def _wald(
    contrast: Floats, effect: Floats, covariance: Floats, n: int, method: str, n_missing: int, note: str
) -> HypothesisTest:
    from scipy.stats import chi2

    difference = contrast @ effect
    spread = contrast @ covariance @ contrast.T
    df = int(np.linalg.matrix_rank(spread, hermitian=True))
    if df == 0:
        raise NotEstimableError(f"{method}: the ranks do not vary between patients, so the variance is zero")
    full = int(np.linalg.matrix_rank(contrast))
    if df < full:
        note = f"{note} The covariance is singular: {df} instead of {full} degrees of freedom."
    statistic = float(n * difference @ np.linalg.pinv(spread, hermitian=True) @ difference)
    return HypothesisTest(
        statistic=statistic,
        p_value=float(chi2.sf(statistic, df)),
        df=float(df),
        n=n,
        n_missing=n_missing,
        method=method,
        p_kind="asymptotic",
        note=note,
    )


def _anova_type(
    contrast: Floats, effect: Floats, covariance: Floats, n: int, method: str, n_missing: int, note: str
) -> HypothesisTest:
    from scipy.stats import chi2

    projection = contrast.T @ np.linalg.pinv(contrast @ contrast.T, hermitian=True) @ contrast
    spread = projection @ covariance
    trace = float(np.trace(spread))
    if trace <= 0:
        raise NotEstimableError(f"{method}: the ranks do not vary between patients, so the variance is zero")
    df = trace**2 / float(np.trace(spread @ spread))
    statistic = float(n * effect @ projection @ effect / trace)
    return HypothesisTest(
        statistic=statistic,
        p_value=float(chi2.sf(statistic * df, df)),
        df=(df, float("inf")),
        n=n,
        n_missing=n_missing,
        method=method,
        p_kind="asymptotic",
        note=note,
    )


def _box(group: HypothesisTest, blocks: list[Floats]) -> HypothesisTest:
    """Give the ANOVA-type test of the group a denominator from the variances of the patients' mean ranks."""
    from scipy.stats import f

    assert isinstance(group.df, tuple)
    parts = np.array([b.mean(axis=1).var(ddof=1) / len(b) for b in blocks])
    sizes = np.array([len(b) for b in blocks])
    df2 = float(parts.sum() ** 2 / (parts**2 / (sizes - 1)).sum())
    return HypothesisTest(
        statistic=group.statistic,
        p_value=float(f.sf(group.statistic, group.df[0], df2)),
        df=(group.df[0], df2),
        n=group.n,
        method="ANOVA-type test of equal groups, Box degrees of freedom",
        p_kind="asymptotic",
    )


def _distribution(sample: Floats, at: Floats) -> Floats:
    """Evaluate the mean of the left- and right-continuous empirical distribution functions."""
    ordered = np.sort(sample)
    below = np.searchsorted(ordered, at, side="left")
    upto = np.searchsorted(ordered, at, side="right")
    result: Floats = (below + upto) / (2.0 * len(ordered))
    return result


def _intervals(blocks: list[Floats], conf_level: float) -> list[tuple[IntervalEstimate, ...]]:
    """Give logit intervals from the influence of each patient on the effect of each group and visit."""
    from scipy.stats import norm

    everything = np.concatenate([b.ravel() for b in blocks])
    total = len(everything)
    quantile = float(norm.ppf(0.5 + conf_level / 2))
    rows = []
    for own in blocks:
        m = len(own)
        row = []
        for visit in range(own.shape[1]):
            sample = own[:, visit]
            pooled = _distribution(everything, sample)
            estimate = float(pooled.mean())
            variance = 0.0
            for block in blocks:
                pull = -_distribution(sample, block).sum(axis=1) / total
                if block is own:
                    pull = pull + pooled / m
                variance += len(block) * float(pull.var(ddof=1))
            # The effect cannot leave [m/(2N), 1 - m/(2N)], since a visit is compared with itself too.
            share = m / total
            inner = (estimate - share / 2) / (1 - share)
            low, high = _logit_limits(inner, np.sqrt(variance) / (1 - share), quantile)
            row.append(
                IntervalEstimate(
                    estimate=estimate,
                    low=None if low is None else share / 2 + (1 - share) * low,
                    high=None if high is None else share / 2 + (1 - share) * high,
                    conf_level=conf_level,
                    n=m,
                    method="relative treatment effect, logit interval",
                    note=None if low is not None else _NO_LIMITS,
                )
            )
        rows.append(tuple(row))
    return rows


def _logit_limits(p: float, se: float, quantile: float) -> tuple[float | None, float | None]:
    if not 1e-12 < p < 1 - 1e-12 or se < 1e-12:
        return None, None
    centre, half = np.log(p / (1 - p)), quantile * se / (p * (1 - p))
    return float(1 / (1 + np.exp(half - centre))), float(1 / (1 + np.exp(-half - centre)))
