"""Durbin's test of treatments (or visits) in a balanced incomplete block design."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import whole
from myosotis.statistics.common.arrays import visit_table
from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.permutation.arrangements import arrangements, distinct_permutations, least_share
from myosotis.statistics.permutation.monte_carlo import monte_carlo_p
from myosotis.statistics.permutation.ranks import doubled_ranks

__all__ = ["DurbinTest", "durbin"]

Integers = NDArray[np.int64]

# Some hundred MiB and a few seconds; beyond this the exact p is refused.
_MOST_CANDIDATES = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DurbinTest(HypothesisTest):
    """Record Durbin's test; `statistic` is Conover's T1 (chi-square, corrected for ties).

    `f`, `f_df` and `f_p` are his T2, None where it is not finite or has no degrees of freedom.
    """

    rank_sums: tuple[float, ...]
    p_asymptotic: float
    f: float | None
    f_df: tuple[float, float]
    f_p: float | None


def durbin(
    x: ArrayLike,
    p: Literal["exact", "monte_carlo", "asymptotic"] = "asymptotic",
    *,
    decimals: int | None = None,
    seed: int = 1,
    resamples: int = 100_000,
) -> DurbinTest:
    """Test whether values differ over visits when each patient was, by design, seen at the same number of them.

    `x` is patients x visits; NaN marks a visit not planned. The design must be balanced: equally many visits for each
    patient, equally many patients for each visit, and for each pair of visits; else use `skillings_mack`. A complete
    table gives Friedman's chi-square. `"asymptotic"` refers the statistic to chi-square with k - 1 degrees of freedom,
    `"exact"` counts every arrangement of each patient's ranks over the visits seen, ties kept, and `"monte_carlo"` draws
    `resamples` of them with `seed`. `decimals` declares the recorded precision, see `ranks.to_recorded_precision`.
    `smallest_p` is the least p that these patients could have given by the exact p, and a lower bound of the Monte Carlo
    p.

    Raises StatisticsError for a design that is not balanced, a table of another shape, an unknown choice or an exact run
    with too many combinations of rank sums to be held; NotEstimableError when there is no patient or every patient is
    wholly tied.

    >>> nan = float("nan")
    >>> round(durbin([[2, 3, nan], [nan, 1, 4], [5, nan, 9]]).statistic, 6)
    2.666667

    Source: Durbin J. Br J Psychol Stat Sect 1951;4:85-90, doi 10.1111/j.2044-8317.1951.tb00310.x; Conover WJ. Practical
    Nonparametric Statistics, 3rd ed, Wiley 1999, section 5.9, equations for T1 and T2.
    """
    if not isinstance(p, str) or p not in ("exact", "monte_carlo", "asymptotic"):
        raise StatisticsError(f'p={p!r} is unknown; expected "exact", "monte_carlo" or "asymptotic"')
    resamples, seed = whole(resamples, "resamples", at_least=1), whole(seed, "seed", at_most=None)
    table = visit_table(x)
    seen = ~np.isnan(table)
    _check_balanced(seen)
    ranks = doubled_ranks(table, decimals)
    size = int(seen[0].sum())
    scores = np.where(seen, ranks - (size + 1), 0)
    if not scores.any():
        raise NotEstimableError(
            f"each of {seen.shape[0]} patients has one value at all visits seen, so that there is nothing to rank"
        )
    t1, large_sample = _chi_square(scores)
    f, f_df, f_p = _f_test(t1, seen.shape[0], size, seen.shape[1])
    observed = int((scores.sum(axis=0) ** 2).sum())
    drawn, value, least = None, large_sample, None
    if p == "exact":
        value, least = _exact(scores, seen, observed)
    elif p == "monte_carlo":
        drawn = monte_carlo_p(scores, seen, lambda sums: (sums**2).sum(axis=1) >= observed, seed, resamples)
        value, least = drawn.p_value, max(1.0 / (1 + drawn.resamples), least_share(scores, seen))
    return DurbinTest(
        statistic=t1,
        df=float(seen.shape[1] - 1),
        p_value=value,
        p_asymptotic=large_sample,
        p_kind=p,
        p_standard_error=drawn.standard_error if drawn else None,
        seed=drawn.seed if drawn else None,
        smallest_p=least,
        n=seen.shape[0],
        method="Durbin test (corrected for ties)",
        note=_note(p, resamples),
        rank_sums=tuple(float(s) / 2.0 for s in ranks.sum(axis=0)),
        f=f,
        f_df=f_df,
        f_p=f_p,
    )


def _check_balanced(seen: NDArray[np.bool_]) -> None:
    if seen.shape[0] == 0:
        raise NotEstimableError("a test over visits was asked of no patient; give at least one")
    together = seen.T.astype(np.int64) @ seen.astype(np.int64)
    pairs = together[~np.eye(seen.shape[1], dtype=bool)]
    for counts, what in (
        (seen.sum(axis=1), "visits of a patient"),
        (seen.sum(axis=0), "patients at a visit"),
        (pairs, "patients seen at both of two visits"),
    ):
        if counts.min() != counts.max() or counts.min() == 0:
            raise StatisticsError(
                f"the number of {what} runs from {counts.min()} to {counts.max()}; Durbin's test expects a balanced "
                "design, in which it is one number above 0; use skillings_mack"
            )


def _chi_square(scores: Integers) -> tuple[float, float]:
    """Compute T1 from centred doubled ranks, whose sum of squares is four times Conover's A - C."""
    from scipy.special import chdtrc

    k = scores.shape[1]
    t1 = (k - 1) * int((scores.sum(axis=0) ** 2).sum()) / int((scores**2).sum())
    return t1, float(chdtrc(k - 1, t1))


def _f_test(t1: float, n: int, size: int, k: int) -> tuple[float | None, tuple[float, float], float | None]:
    from scipy.special import fdtrc

    degrees = (float(k - 1), float(n * size - n - k + 1))
    rest = n * (size - 1) - t1
    # T1 carries one rounding, so that full agreement leaves nothing or one unit of rounding.
    if degrees[1] <= 0 or rest <= 1e-12 * t1:
        return None, degrees, None
    f = (t1 / degrees[0]) / (rest / degrees[1])
    return f, degrees, float(fdtrc(degrees[0], degrees[1], f))


def _exact(scores: Integers, seen: NDArray[np.bool_], observed: int) -> tuple[float, float]:
    """Compute the exact p and the least that these patients can give, adding them one by one."""
    bounds = np.where(seen, np.abs(scores).max(axis=1, keepdims=True), 0).sum(axis=0)
    bases = [2 * int(bound) + 1 for bound in bounds]
    if math.prod(bases) >= 2**62:
        raise _too_many(scores)
    # A set of rank sums is numbered by its digits, so that numbers add as the sums do.
    digits = np.array([math.prod(bases[:j]) for j in range(len(bases))], dtype=np.int64)
    keys, weights = np.zeros(1, dtype=np.int64), np.array([1.0])
    for row, mask in zip(scores, seen, strict=True):
        if keys.size * arrangements(row[mask]) > _MOST_CANDIDATES:
            raise _too_many(scores)
        steps = distinct_permutations(tuple(int(value) for value in row[mask])) @ digits[mask]
        keys, place = np.unique((keys[:, None] + steps).ravel(), return_inverse=True)
        shares = np.repeat(weights / steps.size, steps.size)
        weights = np.bincount(place.reshape(-1), shares, minlength=keys.size).astype(np.float64)
    shifted = (keys + int(bounds @ digits))[:, None]
    squares = ((shifted // digits % np.array(bases) - bounds) ** 2).sum(axis=1)
    return min(1.0, math.fsum(weights[squares >= observed])), math.fsum(weights[squares == squares.max()])


def _too_many(scores: Integers) -> StatisticsError:
    return StatisticsError(
        f"the rank sums of {scores.shape[0]} patients at {scores.shape[1]} visits have too many combinations to be "
        'listed; ask for p="monte_carlo"'
    )


def _note(p: str, resamples: int) -> str:
    if p == "exact":
        return "exact conditional p over the visits seen, ties kept, as asked"
    if p == "monte_carlo":
        return f"Monte Carlo p from {resamples} permutations within patients over the visits seen"
    return "chi-square p, as asked"
