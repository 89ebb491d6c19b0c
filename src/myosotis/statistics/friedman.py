"""Friedman's test of a change over visits, exact with ties wherever that is feasible."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.monte_carlo import monte_carlo_p, sampling_work
from myosotis.statistics.ranks import complete_rows, doubled_ranks, visit_table
from myosotis.statistics.records import HypothesisTest, PKind
from myosotis.statistics.within_patient import (
    smallest_square_sum_p,
    square_sum_effort,
    square_sum_test,
)

__all__ = ["FriedmanTest", "friedman"]

Integers = NDArray[np.int64]

# Bounds of the automatic choice: about five seconds of exact work, about a minute of drawing.
_AUTO_CANDIDATES = 1e8
_AUTO_DRAWN = 2e9


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
    p: Literal["auto", "exact", "monte_carlo", "asymptotic"] = "auto",
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
    memory and an estimated five seconds allow, else Monte Carlo, else (drawing would take minutes) the asymptotic p;
    `note` says which and why. `smallest_p` is the least p that these patients could have given by that choice.

    Raises StatisticsError for a table of another shape, infinite values, an unknown choice or an exact run beyond
    `max_bytes`; NotEstimableError when no patient is complete or no complete patient has two different values.

    >>> test = friedman([[1, 2, 3], [2, 3, 4], [0, 5, 9], [3, 1, 7]])
    >>> test.statistic, round(test.p_value, 6), test.p_kind
    (6.5, 0.041667, 'exact')

    Source: Friedman M. J Am Stat Assoc 1937;32:675-701, doi 10.1080/01621459.1937.10503522; tie correction: Conover WJ.
    Practical Nonparametric Statistics, 3rd ed, Wiley 1999, section 5.8; F: Iman RL, Davenport JM. Commun Stat Theory
    Methods 1980;9:571-595, doi 10.1080/03610928008827904.
    """
    if p not in ("auto", "exact", "monte_carlo", "asymptotic"):
        raise StatisticsError(f'p={p!r} is unknown; expected "auto", "exact", "monte_carlo" or "asymptotic"')
    table, n_missing = complete_rows(visit_table(x))
    ranks = doubled_ranks(table, decimals)
    _check_estimable(ranks, n_missing)
    n, k = ranks.shape
    chi_square = _chi_square(ranks)
    sums = tuple(float(s) / 2.0 for s in ranks.sum(axis=0))
    kind, reason = _choice(p, ranks, resamples, max_bytes)
    found = _p_value(kind, ranks, seed, resamples)
    f, f_p = _iman_davenport(chi_square, n, k)
    tied = int((np.ptp(ranks, axis=1) == 0).sum())
    unranked = f"{tied} of {n} patients had one value at all visits and carry no evidence" if tied else None
    return FriedmanTest(
        statistic=chi_square,
        df=float(k - 1),
        p_value=found.p_value,
        p_kind=kind,
        p_standard_error=found.standard_error,
        seed=found.seed,
        smallest_p=found.smallest,
        n=n,
        n_missing=n_missing,
        method="Friedman test (corrected for ties)",
        note="; ".join(part for part in (reason, unranked) if part),
        n_visits=k,
        rank_sums=sums,
        mean_ranks=tuple(s / n for s in sums),
        kendall_w=chi_square / (n * (k - 1)),
        p_asymptotic=_chi_square_tail(k - 1, chi_square),
        iman_davenport=f,
        iman_davenport_df=(float(k - 1), float((k - 1) * (n - 1))),
        iman_davenport_p=f_p,
        ties=bool((np.diff(np.sort(ranks, axis=1), axis=1) == 0).any()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    p_value: float
    smallest: float
    standard_error: float | None = None
    seed: int | None = None


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


def _choice(p: str, ranks: Integers, resamples: int, max_bytes: int) -> tuple[PKind, str]:
    if p == "asymptotic":
        return "asymptotic", "chi-square p, as asked"
    if p == "monte_carlo":
        return "monte_carlo", f"Monte Carlo p from {resamples} permutations within patients, as asked"
    effort = square_sum_effort(ranks)
    size = (
        f"at most {effort.states:.0f} states and {effort.bytes / 2**20:.0f} MiB"
        if math.isfinite(effort.bytes)
        else "more combinations of rank sums than can be numbered"
    )
    fits = effort.bytes <= max_bytes
    if p == "exact":
        if not fits:
            raise StatisticsError(
                f"the exact p needs {size}, more than max_bytes = {max_bytes}; raise max_bytes or ask for "
                'p="monte_carlo"'
            )
        return "exact", f"exact conditional p, as asked ({size})"
    if fits and effort.candidates <= _AUTO_CANDIDATES:
        return "exact", f"exact conditional p, since it is feasible ({size})"
    why = "time" if fits else "memory"
    if sampling_work(ranks, np.ones(ranks.shape, dtype=np.bool_), resamples) <= _AUTO_DRAWN:
        return "monte_carlo", (
            f"Monte Carlo p from {resamples} permutations within patients, since an exact p would take too much {why} "
            f"({size})"
        )
    return "asymptotic", f"chi-square p, since so many patients make an exact or a Monte Carlo p too slow ({size})"


def _p_value(kind: PKind, ranks: Integers, seed: int, resamples: int) -> _Found:
    if kind == "exact":
        return _Found(p_value=square_sum_test(ranks).p_value, smallest=smallest_square_sum_p(ranks))
    if kind == "asymptotic":
        return _Found(
            p_value=_chi_square_tail(ranks.shape[1] - 1, _chi_square(ranks)),
            smallest=_chi_square_tail(ranks.shape[1] - 1, _chi_square(np.sort(ranks, axis=1))),
        )
    observed = int((ranks.sum(axis=0) ** 2).sum())
    drawn = monte_carlo_p(
        ranks,
        np.ones(ranks.shape, dtype=np.bool_),
        lambda sums: (sums**2).sum(axis=1) >= observed,
        seed,
        resamples,
    )
    return _Found(
        p_value=drawn.p_value,
        smallest=max(smallest_square_sum_p(ranks), 1.0 / (1 + resamples)),
        standard_error=drawn.standard_error,
        seed=seed,
    )


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
