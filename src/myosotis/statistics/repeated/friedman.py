"""Friedman's test of a change over visits, exact with ties wherever that is feasible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arrays import visit_table
from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.permutation.conditional_p import PChoice, Resampling, square_sum_p
from myosotis.statistics.permutation.ranks import complete_rows, doubled_ranks

__all__ = ["FriedmanTest", "friedman"]

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FriedmanTest(HypothesisTest):
    """Record Friedman's test; `statistic` is the tie-corrected chi-square.

    `rank_sums` and `mean_ranks` follow the visits. `p_asymptotic` is the chi-square p whichever p was used. The F of
    Iman and Davenport and its p are None where it is not finite (full agreement) or has no degrees of freedom (one
    patient). `ties` says whether any patient had equal values.
    """

    n_visits: int
    rank_sums: tuple[float, ...]
    mean_ranks: tuple[float, ...]
    kendall_w: float
    p_asymptotic: float
    iman_davenport: float | None
    iman_davenport_df: tuple[float, float]
    iman_davenport_p: float | None
    ties: bool


def friedman(
    x: ArrayLike,
    p: PChoice = "auto",
    *,
    decimals: int | None = None,
    seed: int = 1,
    resamples: int = 100_000,
    max_bytes: int = 2**30,
) -> FriedmanTest:
    """Test whether values change over visits, by ranks within each patient.

    `x` is patients x visits (two visits or more) in any one unit; patients with a missing visit (NaN) are left out and
    counted in `n_missing`. Ties share their mean rank and the chi-square is corrected for them. `decimals` declares
    the recorded precision, see `ranks.to_recorded_precision`.

    `p` chooses how the p-value is got. `"exact"` counts every arrangement of each patient's own ranks over the visits,
    ties kept, as long as the estimated memory stays within `max_bytes`; `"monte_carlo"` draws `resamples` arrangements
    with `seed`; `"asymptotic"` refers the chi-square to its large-sample distribution. `"auto"` takes the exact p where
    memory and an estimated five seconds allow, else Monte Carlo where an estimated twenty seconds allow, else the
    asymptotic p; `note` says which and why. `smallest_p` is the least p that these patients could have given by that
    choice.

    Raises StatisticsError for a table of another shape, infinite values, an unknown choice or an exact run beyond
    `max_bytes`; NotEstimableError when no patient is complete or no complete patient has two different values.

    >>> test = friedman([[1, 2, 3], [2, 3, 4], [0, 5, 9], [3, 1, 7]])
    >>> test.statistic, round(test.p_value, 6), test.p_kind
    (6.5, 0.041667, 'exact')

    Source: Friedman M. J Am Stat Assoc 1937;32:675-701, doi 10.1080/01621459.1937.10503522; tie correction: Conover WJ.
    Practical Nonparametric Statistics, 3rd ed, Wiley 1999, section 5.8; F: Iman RL, Davenport JM. Commun Stat Theory
    Methods 1980;9:571-595, doi 10.1080/03610928008827904.
    """
    table, n_missing = complete_rows(visit_table(x))
    ranks = doubled_ranks(table, decimals)
    _check_estimable(ranks, n_missing)
    n, k = ranks.shape
    chi_square = _chi_square(ranks)
    sums = tuple(float(s) / 2.0 for s in ranks.sum(axis=0))
    large_sample = _chi_square_tail(k - 1, chi_square)
    least = _chi_square_tail(k - 1, _chi_square(np.sort(ranks, axis=1)))
    resampling = Resampling(seed=seed, resamples=resamples, max_bytes=max_bytes)
    found = square_sum_p(ranks, p, (large_sample, least), resampling)
    f, f_p = _iman_davenport(chi_square, n, k)
    tied = int((np.ptp(ranks, axis=1) == 0).sum())
    unranked = f"{tied} of {n} patients had one value at all visits and carry no evidence" if tied else None
    return FriedmanTest(
        statistic=chi_square,
        df=float(k - 1),
        p_value=found.value,
        p_kind=found.kind,
        p_standard_error=found.standard_error,
        seed=found.seed,
        smallest_p=found.smallest,
        n=n,
        n_missing=n_missing,
        method="Friedman test (corrected for ties)",
        note="; ".join(part for part in (found.reason, unranked) if part),
        n_visits=k,
        rank_sums=sums,
        mean_ranks=tuple(s / n for s in sums),
        kendall_w=chi_square / (n * (k - 1)),
        p_asymptotic=large_sample,
        iman_davenport=f,
        iman_davenport_df=(float(k - 1), float((k - 1) * (n - 1))),
        iman_davenport_p=f_p,
        ties=bool((np.diff(np.sort(ranks, axis=1), axis=1) == 0).any()),
    )


def _check_estimable(ranks: Integers, n_missing: int) -> None:
    if ranks.shape[0] == 0:
        raise NotEstimableError(
            f"no patient has a value at all {ranks.shape[1]} visits ({n_missing} have one missing); Friedman's test "
            "needs complete patients, skillings_mack does not"
        )
    if (np.ptp(ranks, axis=1) == 0).all():
        raise NotEstimableError(
            f"each of {ranks.shape[0]} patients has one value at all visits, so that there is nothing to rank"
        )


def _chi_square(ranks: Integers) -> float:
    """Compute the tie-corrected chi-square from doubled ranks, rounding once."""
    n, k = ranks.shape
    between = int(((ranks.sum(axis=0) - n * (k + 1)) ** 2).sum())
    within = int(((ranks - (k + 1)) ** 2).sum())
    return float((k - 1) * between / within)


def _chi_square_tail(df: int, chi_square: float) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, chi_square))


def _iman_davenport(chi_square: float, n: int, k: int) -> tuple[float | None, float | None]:
    # Full agreement makes chi-square exactly n (k - 1), because it was rounded once from whole numbers.
    rest = n * (k - 1) - chi_square
    if n < 2 or rest <= 0:
        return None, None
    from scipy.special import fdtrc

    f = (n - 1) * chi_square / rest
    return f, float(fdtrc(k - 1, (k - 1) * (n - 1), f))
