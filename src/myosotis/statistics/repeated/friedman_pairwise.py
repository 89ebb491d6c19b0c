"""Comparisons of single visits after Friedman's test, each adjusted for how many were made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arrays import visit_table
from myosotis.statistics.common.records import HypothesisTest, PKind
from myosotis.statistics.multiplicity.adjust import Adjustment, adjust_p
from myosotis.statistics.permutation.arrangements import counted_rows
from myosotis.statistics.permutation.ranks import complete_rows, doubled_ranks
from myosotis.statistics.repeated.rank_sum_difference import difference_tail, rank_sum_difference_p

__all__ = ["FriedmanPair", "PairwiseMethod", "friedman_pairwise"]

PairwiseMethod = Literal["dunn", "nemenyi", "conover", "exact", "permutation"]
Integers = NDArray[np.int64]

_LABELS = {
    "dunn": "Dunn's comparison of mean ranks, not corrected for ties (as SPSS)",
    "nemenyi": "Nemenyi's comparison of mean ranks (studentized range)",
    "conover": "Conover's comparison of rank sums (t distribution)",
    "exact": "exact comparison of rank sums without ties (Eisinga 2017)",
    "permutation": "exact comparison of rank sums, ties kept",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FriedmanPair(HypothesisTest):
    """Record the comparison of two visits, `second` against `first`, by their place in the table (from 0).

    `rank_sum_difference` is that of `second` minus that of `first`, so that a rise is positive; `statistic` has the
    same sign, except that Nemenyi's is a range. `p_adjusted` allows for `n_comparisons` by `adjust`.
    """

    first: int
    second: int
    rank_sum_difference: float
    p_adjusted: float
    adjust: Adjustment
    n_comparisons: int


def friedman_pairwise(
    x: ArrayLike,
    method: PairwiseMethod = "dunn",
    adjust: Adjustment | None = None,
    against: Literal["all"] | int = "all",
    *,
    decimals: int | None = None,
) -> tuple[FriedmanPair, ...]:
    """Compare visits with one another by the rank sums of Friedman's test.

    `x` is patients x visits; patients with a missing visit (NaN) are left out and counted. `against="all"` compares
    every two visits, a number (from 0) that visit with every other. `decimals` declares the recorded precision, see
    `ranks.to_recorded_precision`.

    `method`: `"dunn"` refers the difference of mean ranks to the normal distribution without correction for ties, as
    SPSS does; `"nemenyi"` to the studentized range, which allows for all pairs by itself; `"conover"` to the t
    distribution; `"exact"` is the exact p of Eisinga for ranks without ties, applied as published also where ties are
    present; `"permutation"` is exact with the ties kept, and equals `"exact"` where there are none. All assume under
    the null that no visit differs from any other, so that a third visit influences the comparison of two.

    `adjust` is by default `"bonferroni"`, and `"none"` for `"nemenyi"`, where no other is accepted. `smallest_p` is the
    least unadjusted p that these patients could have given, None for `"conover"`.

    Raises StatisticsError for a table of another shape, an unknown method, adjustment or visit; NotEstimableError when
    no patient is complete, every patient is wholly tied, or Conover's variance is zero (full agreement, or one patient).

    >>> pairs = friedman_pairwise([[1, 2, 3], [2, 3, 4], [0, 5, 9], [3, 1, 7]], method="exact", against=0)
    >>> [(pair.second, pair.rank_sum_difference, round(pair.p_adjusted, 4)) for pair in pairs]
    [(1, 2.0, 1.0), (2, 7.0, 0.0278)]

    Source: Dunn OJ. Technometrics 1964;6:241-252, doi 10.1080/00401706.1964.10490181, with the variance of Friedman
    ranks; Nemenyi PB. Distribution-free multiple comparisons. PhD thesis, Princeton 1963; Conover WJ. Practical
    Nonparametric Statistics, 3rd ed, Wiley 1999, section 5.8; Eisinga R et al. BMC Bioinformatics 2017;18:68,
    doi 10.1186/s12859-017-1486-2.
    """
    if not isinstance(method, str) or method not in _LABELS:
        raise StatisticsError(f"method {method!r} is unknown; expected one of " + ", ".join(_LABELS))
    adjusting = _adjustment(method, adjust)
    table, n_missing = complete_rows(visit_table(x))
    ranks = doubled_ranks(table, decimals)
    pairs = _pairs(ranks.shape[1], against)
    _check_estimable(ranks, n_missing)
    doubled = ranks.sum(axis=0)
    differences = [int(doubled[second] - doubled[first]) for first, second in pairs]
    widest = int(np.ptp(ranks, axis=1).sum())
    found, smallest = _METHODS[method](ranks, differences, widest)
    adjusted = adjust_p([p for _, p in found], adjusting)
    note = _note(method, bool((np.diff(np.sort(ranks, axis=1), axis=1) == 0).any()))
    exact: PKind = "exact" if method in ("exact", "permutation") else "asymptotic"
    degrees = float((ranks.shape[0] - 1) * (ranks.shape[1] - 1)) if method == "conover" else None
    return tuple(
        FriedmanPair(
            first=first,
            second=second,
            rank_sum_difference=difference / 2.0,
            statistic=statistic,
            p_value=p,
            p_adjusted=p_adjusted,
            adjust=adjusting,
            n_comparisons=len(pairs),
            df=degrees,
            n=ranks.shape[0],
            n_missing=n_missing,
            method=_LABELS[method],
            p_kind=exact,
            smallest_p=smallest,
            note=note,
        )
        for (first, second), difference, (statistic, p), p_adjusted in zip(
            pairs, differences, found, adjusted, strict=True
        )
    )


def _adjustment(method: str, adjust: Adjustment | None) -> Adjustment:
    if method != "nemenyi":
        return "bonferroni" if adjust is None else adjust
    if not (adjust is None or adjust == "none"):
        raise StatisticsError(
            f'adjust={adjust!r} was asked of Nemenyi\'s p-values, which allow for all pairs already; use adjust="none"'
        )
    return "none"


def _pairs(n_visits: int, against: str | int) -> list[tuple[int, int]]:
    if isinstance(against, str) and against == "all":
        return [(i, j) for i in range(n_visits) for j in range(i + 1, n_visits)]
    if isinstance(against, (int, np.integer)) and not isinstance(against, bool) and 0 <= against < n_visits:
        return [(int(against), j) for j in range(n_visits) if j != against]
    raise StatisticsError(f'against={against!r} was given; expected "all" or a visit from 0 to {n_visits - 1}')


def _check_estimable(ranks: Integers, n_missing: int) -> None:
    if ranks.shape[0] == 0:
        raise NotEstimableError(f"no patient has a value at all {ranks.shape[1]} visits ({n_missing} have one missing)")
    if (np.ptp(ranks, axis=1) == 0).all():
        raise NotEstimableError(
            f"each of {ranks.shape[0]} patients has one value at all visits, so that there is nothing to compare"
        )


def _note(method: str, ties: bool) -> str | None:
    if method == "nemenyi":
        return "p-values allow for all pairs of visits already"
    if ties and method == "exact":
        return 'some patients have equal values, which this p-value ignores; "permutation" keeps them'
    if ties and method == "dunn":
        return "some patients have equal values, which the standard error ignores"
    return None


_Found = tuple[list[tuple[float, float]], float | None]


def _dunn(ranks: Integers, differences: list[int], widest: int) -> _Found:
    from scipy.special import erfc

    n, k = ranks.shape
    error = 2.0 * n * math.sqrt(k * (k + 1) / (6.0 * n))
    scores = [difference / error for difference in differences]
    found = [(z, float(erfc(abs(z) / math.sqrt(2.0)))) for z in scores]
    return found, float(erfc(widest / error / math.sqrt(2.0)))


def _nemenyi(ranks: Integers, differences: list[int], widest: int) -> _Found:
    from scipy.stats import studentized_range

    n, k = ranks.shape
    error = 2.0 * math.sqrt(n * k * (k + 1) / 12.0)
    ranges = [abs(difference) / error for difference in (*differences, widest)]
    tails = [1.0 if q == 0.0 else float(studentized_range.sf(q, k, np.inf)) for q in ranges]
    return list(zip(ranges[:-1], tails[:-1], strict=True)), tails[-1]


def _conover(ranks: Integers, differences: list[int], widest: int) -> _Found:
    del widest  # full agreement has no variance, hence no least p-value
    from scipy.special import stdtr

    n, k = ranks.shape
    spread = int(n * (ranks**2).sum() - (ranks.sum(axis=0) ** 2).sum())
    if n < 2 or spread == 0:
        raise NotEstimableError(
            f'all {n} patients agree fully in the order of the visits, so that Conover\'s variance is zero; use "exact"'
        )
    degrees = (n - 1) * (k - 1)
    error = math.sqrt(2.0 * spread / degrees)
    scores = [difference / error for difference in differences]
    return [(t, float(2.0 * stdtr(degrees, -abs(t)))) for t in scores], None


def _exact(ranks: Integers, differences: list[int], widest: int) -> _Found:
    del widest  # that of ranks without ties, since the distribution is theirs
    n, k = ranks.shape
    found = [(d / 2.0, rank_sum_difference_p(d / 2.0, k, n)) for d in differences]
    return found, rank_sum_difference_p(n * (k - 1), k, n)


def _permutation(ranks: Integers, differences: list[int], widest: int) -> _Found:
    patterns, counts = counted_rows(np.sort(ranks, axis=1))
    found = [(d / 2.0, difference_tail(patterns, counts, d)) for d in differences]
    return found, difference_tail(patterns, counts, widest)


_METHODS = {
    "dunn": _dunn,
    "nemenyi": _nemenyi,
    "conover": _conover,
    "exact": _exact,
    "permutation": _permutation,
}
