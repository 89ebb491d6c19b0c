"""Ranks of visits, the covariance of their means, and the tests and intervals that follow from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arrays import seen_rows
from myosotis.statistics.common.records import HypothesisTest, IntervalEstimate

__all__ = [
    "Floats",
    "anova_type_test",
    "box_of",
    "covariance_of_means",
    "effects_of",
    "matrix_of",
    "note_of",
    "ranks_of",
    "wald_type_test",
]

Floats = NDArray[np.float64]

_SMALL = (
    "The Wald-type test rejects too often in small samples; below about 50 patients read the ANOVA-type test "
    "(Brunner, Domhof and Langer 2002)."
)


_NO_LIMITS = "No limits: the effect lies at the end of its range, or the ranks do not vary between patients."


def matrix_of(x: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the patients with any value, and which of the input they are."""
    values, kept = seen_rows(x)
    if len(values) < 2:
        raise NotEstimableError(f"{len(values)} patients have a value; a variance needs at least 2")
    counts = (~np.isnan(values)).sum(axis=0)
    if counts.min() < 2:
        raise NotEstimableError(f"visit {int(counts.argmin())} has {counts.min()} values; a variance needs at least 2")
    if np.nanmin(values) == np.nanmax(values):
        raise NotEstimableError("all values are tied, so that ranks have no variance and no test exists")
    return values, kept


def ranks_of(values: Floats) -> Floats:
    """Rank all observed values together, ties sharing their mean rank; NaN keeps no rank."""
    seen = ~np.isnan(values)
    _, inverse, counts = np.unique(values[seen], return_inverse=True, return_counts=True)
    last = counts.cumsum()
    ranks = np.full(values.shape, np.nan)
    ranks[seen] = (last - (counts - 1) / 2.0)[inverse]
    return ranks


def covariance_of_means(ranks: Floats, present: NDArray[np.bool_], means: Floats) -> Floats:
    """Estimate the covariance of the mean ranks; with complete data it is the sample covariance over n."""
    centred = np.where(present, ranks - means, 0.0)
    seen = present.astype(float)
    own = seen.sum(axis=0)
    together = seen.T @ seen
    divisor = np.outer(own - 1, own - 1) + together - 1
    np.fill_diagonal(divisor, own * (own - 1))
    # Two visits that no patient has both of share no product; the divisor can then be zero too.
    return np.asarray(centred.T @ centred / np.where(together > 0, divisor, 1.0), dtype=np.float64)


def wald_type_test(
    contrast: Floats, effect: Floats, covariance: Floats, n: int, method: str, n_missing: int, note: str
) -> HypothesisTest:
    """Compare contrasts of effects with their own covariance, by a generalised inverse; chi-square with its rank."""
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


def anova_type_test(
    contrast: Floats, effect: Floats, covariance: Floats, n: int, method: str, n_missing: int, note: str
) -> HypothesisTest:
    """Compare the length of contrasts of effects with its expectation, by Box's approximation."""
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


def box_of(group: HypothesisTest, covariance: Floats, sizes: list[int]) -> HypothesisTest:
    """Give the ANOVA-type test of the group a denominator from the variances of the groups' mean ranks."""
    from scipy.stats import f

    assert isinstance(group.df, tuple)
    k = len(covariance) // len(sizes)
    parts = np.array([covariance[i * k : (i + 1) * k, i * k : (i + 1) * k].sum() for i in range(len(sizes))])
    df2 = float(parts.sum() ** 2 / (parts**2 / (np.array(sizes) - 1)).sum())
    return HypothesisTest(
        statistic=group.statistic,
        p_value=float(f.sf(group.statistic, group.df[0], df2)),
        df=(group.df[0], df2),
        n=group.n,
        n_missing=group.n_missing,
        method="ANOVA-type test of equal groups, Box degrees of freedom",
        p_kind="asymptotic",
        note=group.note,
    )


def note_of(values: Floats) -> str:
    """Say what a reader of the tests must know."""
    holes = int(np.isnan(values).sum())
    return _SMALL if not holes else f"{_SMALL} {holes} missing visits are taken as missing completely at random."


def effects_of(blocks: list[Floats], effect: Floats, conf_level: float) -> list[tuple[IntervalEstimate, ...]]:
    """Give intervals for complete data, and estimates alone where visits are missing."""
    if not any(np.isnan(b).any() for b in blocks):
        return _intervals(blocks, conf_level)
    seen = [(~np.isnan(b)).sum(axis=0) for b in blocks]
    rows = effect.reshape(len(blocks), -1)
    return [
        tuple(
            IntervalEstimate(
                estimate=float(e),
                low=None,
                high=None,
                conf_level=conf_level,
                n=int(m),
                n_missing=int(len(block) - m),
                method="relative treatment effect",
                note="No limits: the variance of the effect is known for complete data only.",
            )
            for e, m in zip(row, counts, strict=True)
        )
        for block, row, counts in zip(blocks, rows, seen, strict=True)
    ]


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
