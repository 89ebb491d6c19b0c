"""Quade's test of a change over visits, which weights each patient by the range of that patient's values."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arrays import visit_table
from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.permutation.conditional_p import PChoice, Resampling, square_sum_p
from myosotis.statistics.permutation.ranks import complete_rows, doubled_ranks, recorded_ranges

__all__ = ["QuadeTest", "quade"]

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuadeTest(HypothesisTest):
    """Record Quade's test; `statistic` is F.

    It is infinite, and `p_asymptotic` None, where all patients agree fully and have equal ranges.
    """

    p_asymptotic: float | None
    weighted_rank_sums: tuple[float, ...]


def quade(
    x: ArrayLike,
    p: PChoice = "auto",
    *,
    decimals: int | None = None,
    seed: int = 1,
    resamples: int = 100_000,
    max_bytes: int = 2**30,
) -> QuadeTest:
    """Test whether values change over visits, patients with a wide range of values counting for more.

    `x` is patients x visits in one unit that means the same for every patient; patients with a missing visit (NaN) are
    left out and counted. Patients are ranked by their range, ties sharing their mean rank. `p` chooses as in
    `friedman`; the large-sample p refers F to its distribution with `df`. The exact p permutes each patient's weighted
    ranks over the visits. `decimals` declares the recorded precision, see `ranks.to_recorded_precision`.

    Raises StatisticsError as `friedman`; NotEstimableError when fewer than two patients are complete, when every
    patient has one value at all visits, or when a large-sample p is asked where F is infinite.

    >>> test = quade([[5, 4, 7], [1, 3, 2], [16, 12, 22], [5, 4, 3]])
    >>> test.df, test.p_kind
    ((2.0, 6.0), 'exact')

    Source: Quade D. J Am Stat Assoc 1979;74:680-683, doi 10.1080/01621459.1979.10481670; Conover WJ. Practical
    Nonparametric Statistics, 3rd ed, Wiley 1999, section 5.8.
    """
    table, n_missing = complete_rows(visit_table(x))
    scores = _weighted_scores(table, decimals)
    n, k = scores.shape
    if n < 2:
        raise NotEstimableError(
            f"{n} patients have a value at all {k} visits ({n_missing} have one missing); Quade's test needs two"
        )
    if not scores.any():
        raise NotEstimableError(f"each of {n} patients has one value at all visits, so that there is nothing to rank")
    f, large_sample = _f_test(scores)
    least = _f_test(np.sort(scores, axis=1))[1]
    if large_sample is None and isinstance(p, str) and p == "asymptotic":
        raise NotEstimableError(
            f"all {n} patients agree fully in the order of the visits with equal ranges, so that F is infinite; ask for "
            "an exact p"
        )
    resampling = Resampling(seed=seed, resamples=resamples, max_bytes=max_bytes)
    found = square_sum_p(scores, p, (large_sample or 0.0, least or 0.0), resampling)
    return QuadeTest(
        statistic=f,
        df=(float(k - 1), float((k - 1) * (n - 1))),
        p_value=found.value,
        p_asymptotic=large_sample,
        p_kind=found.kind,
        p_standard_error=found.standard_error,
        seed=found.seed,
        smallest_p=found.smallest,
        n=n,
        n_missing=n_missing,
        method="Quade test",
        note=found.reason,
        weighted_rank_sums=tuple(float(s) / 4.0 for s in scores.sum(axis=0)),
    )


def _weighted_scores(table: NDArray[np.float64], decimals: int | None) -> Integers:
    """Compute four times the centred ranks weighted by the rank of the patient's range, which is a whole number."""
    ranks = doubled_ranks(table, decimals)
    if table.shape[0] == 0:
        return ranks
    weights = doubled_ranks(recorded_ranges(table, decimals)[None, :], 0 if decimals is not None else None)[0]
    scores: Integers = weights[:, None] * (ranks - (ranks.shape[1] + 1))
    return scores


def _f_test(scores: Integers) -> tuple[float, float | None]:
    from scipy.special import fdtrc

    n, k = scores.shape
    total = n * int((scores**2).sum())
    between = int((scores.sum(axis=0) ** 2).sum())
    if total == between:
        return math.inf, None
    f = (n - 1) * between / (total - between)
    return f, float(fdtrc(k - 1, (k - 1) * (n - 1), f))
