"""Skillings and Mack's test of a change over visits when some patients missed some visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import whole
from myosotis.statistics.common.arrays import visit_table
from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.permutation.arrangements import least_share
from myosotis.statistics.permutation.monte_carlo import monte_carlo_p
from myosotis.statistics.permutation.ranks import doubled_ranks

__all__ = ["SkillingsMackTest", "skillings_mack"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# Sums of square roots differ by rounding between arrangements that are equal; gaps between unequal ones are far wider.
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillingsMackTest(HypothesisTest):
    """Record the test of Skillings and Mack; `statistic` is their chi-square, not corrected for ties.

    `n` counts the patients seen at two visits or more, `n_incomplete` those of them with a visit missing. `n_missing`
    counts those seen at fewer than two visits, who carry no evidence. `adjusted_sums` follow the visits, as do the
    rows of `covariance`.
    """

    n_incomplete: int
    adjusted_sums: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    p_asymptotic: float


def skillings_mack(
    x: ArrayLike,
    p: Literal["monte_carlo", "asymptotic"] = "monte_carlo",
    *,
    decimals: int | None = None,
    seed: int = 1,
    resamples: int = 100_000,
) -> SkillingsMackTest:
    """Test whether values change over visits, using every patient seen at two visits or more.

    `x` is patients x visits; NaN marks a missing visit, which must be missing for reasons unrelated to the values.
    `"monte_carlo"` permutes each patient's ranks over the visits at which that patient was seen, ties kept, and is
    advised by the authors for small samples; `"asymptotic"` refers the statistic to chi-square with k - 1 degrees of
    freedom and is conservative where ties are many. Complete data without ties give Friedman's chi-square. `decimals`
    declares the recorded precision, see `ranks.to_recorded_precision`. `smallest_p` bounds the Monte Carlo p from below.

    Raises StatisticsError for a table of another shape, infinite values or an unknown choice; NotEstimableError when
    no patient was seen twice, all are wholly tied, or the visits fall into sets that no patient links.

    >>> nan = float("nan")
    >>> test = skillings_mack([[10, 12, 15, 18], [8, 9, 9.5, nan], [20, 19, 22, 25], [5, 7, 6, 9], [14, nan, nan, 16]])
    >>> round(test.statistic, 4), test.n_incomplete
    (9.503, 2)

    Source: Skillings JH, Mack GA. Technometrics 1981;23:171-177, doi 10.1080/00401706.1981.10486261.
    """
    if not isinstance(p, str) or p not in ("monte_carlo", "asymptotic"):
        raise StatisticsError(
            f'p={p!r} is unknown; expected "monte_carlo" or "asymptotic" (sums weighted by square roots of the visits seen '
            "rarely coincide, so that they are drawn rather than listed)"
        )
    resamples, seed = whole(resamples, "resamples", at_least=1), whole(seed, "seed", at_most=None)
    table = visit_table(x)
    seen = ~np.isnan(table)
    enough = seen.sum(axis=1) >= 2
    table, seen, n_missing = table[enough], seen[enough], int((~enough).sum())
    ranks = doubled_ranks(table, decimals)
    scores = np.where(seen, ranks - (seen.sum(axis=1, keepdims=True) + 1), 0)
    _check_estimable(scores, seen, n_missing)
    covariance = _covariance(seen)
    sizes = np.unique(seen.sum(axis=1))
    spread, spread_seen = _by_visits_seen(scores, seen, sizes)
    sums = _adjusted_sums(spread.sum(axis=0)[None, :], sizes)
    statistic = float(_quadratic(sums, covariance)[0])
    large_sample = _chi_square_tail(seen.shape[1] - 1, statistic)
    drawn = None
    if p == "monte_carlo":
        drawn = monte_carlo_p(
            spread,
            spread_seen,
            lambda drawn_sums: _quadratic(_adjusted_sums(drawn_sums, sizes), covariance) >= statistic * (1 - _EQUAL),
            seed,
            resamples,
        )
    return SkillingsMackTest(
        statistic=statistic,
        df=float(seen.shape[1] - 1),
        p_value=drawn.p_value if drawn else large_sample,
        p_asymptotic=large_sample,
        p_kind="monte_carlo" if drawn else "asymptotic",
        p_standard_error=drawn.standard_error if drawn else None,
        seed=drawn.seed if drawn else None,
        smallest_p=max(1.0 / (1 + drawn.resamples), least_share(scores, seen)) if drawn else None,
        n=seen.shape[0],
        n_missing=n_missing,
        method="Skillings-Mack test (not corrected for ties)",
        note=(
            f"Monte Carlo p from {resamples} permutations within patients over the visits seen"
            if drawn
            else "chi-square p, as asked"
        ),
        n_incomplete=int((~seen.all(axis=1)).sum()),
        adjusted_sums=tuple(float(value) for value in sums[0]),
        covariance=tuple(tuple(float(value) for value in row) for row in covariance),
    )


def _check_estimable(scores: Integers, seen: NDArray[np.bool_], n_missing: int) -> None:
    if seen.shape[0] == 0:
        raise NotEstimableError(f"no patient was seen at two visits ({n_missing} were seen at fewer)")
    linked = np.zeros(seen.shape[1], dtype=np.bool_)
    linked[np.flatnonzero(seen[0])[0]] = True
    while (grown := linked | seen[(seen & linked).any(axis=1)].any(axis=0)).sum() > linked.sum():
        linked = grown
    if not linked.all():
        alone = ", ".join(str(int(visit)) for visit in np.flatnonzero(~linked))
        raise NotEstimableError(
            f"no patient links visits {alone} (counted from 0) with the others, so that they cannot be compared; "
            "leave those visits out"
        )
    if not scores.any():
        raise NotEstimableError(
            f"each of {seen.shape[0]} patients has one value at all visits seen, so that there is nothing to rank"
        )


def _covariance(seen: NDArray[np.bool_]) -> Floats:
    """Count for each pair of visits the patients seen at both, negative, so that every row adds to 0."""
    together = seen.T.astype(np.float64) @ seen.astype(np.float64)
    covariance = -together
    np.fill_diagonal(covariance, together.sum(axis=1) - np.diag(together))
    return covariance


def _by_visits_seen(scores: Integers, seen: NDArray[np.bool_], sizes: Integers) -> tuple[Integers, NDArray[np.bool_]]:
    """Set patients seen equally often side by side, so that sums stay whole until their weight is known."""
    own = seen.sum(axis=1)[:, None] == sizes[None, :]
    spread_seen = (own[:, :, None] & seen[:, None, :]).reshape(seen.shape[0], -1)
    spread = np.where(own[:, :, None], scores[:, None, :], 0).reshape(seen.shape[0], -1)
    return spread.astype(np.int64), spread_seen


def _adjusted_sums(sums: Integers, sizes: Integers) -> Floats:
    """Weight the centred doubled rank sums of patients seen k times by the root of 12 / (k + 1), halved."""
    weights = np.sqrt(12.0 / (sizes + 1.0)) / 2.0
    adjusted: Floats = np.einsum("g,bgv->bv", weights, sums.reshape(sums.shape[0], sizes.size, -1))
    return adjusted


def _quadratic(sums: Floats, covariance: Floats) -> Floats:
    """Compute the quadratic form in the inverse covariance without the last visit, which the others determine."""
    kept = sums[:, :-1]
    form: Floats = np.einsum("bv,bv->b", kept, np.linalg.solve(covariance[:-1, :-1], kept.T).T)
    return form


def _chi_square_tail(df: int, chi_square: float) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, chi_square))
