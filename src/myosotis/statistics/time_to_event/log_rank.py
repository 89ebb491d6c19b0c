"""The log-rank test, asymptotic or by permutation of the groups."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import one_of, whole
from myosotis.statistics.common.arrays import labels
from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.time_to_event.survival import follow_up

__all__ = ["log_rank"]

_Floats = NDArray[np.float64]
_EXACT_LIMIT = 2_000_000
_BLOCK = 100_000


def log_rank(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    p: Literal["asymptotic", "exact", "monte_carlo"] = "asymptotic",
    resamples: int = 100_000,
    seed: int = 0,
) -> HypothesisTest:
    """Test whether groups share one survival curve.

    `time` and `event` are as in `kaplan_meier`; `group` holds one label for each patient, of any kind, two labels or more.
    `p="asymptotic"` is the chi-square of observed less expected events with their hypergeometric covariance. The other
    two take the log-rank scores (event less Nelson-Aalen cumulative hazard at the own time) as fixed and divide patients
    anew into groups of the same sizes: `exact` counts every division of two groups (at most two million divisions),
    `monte_carlo` takes `resamples` random ones from `seed`, adds the observed one and gives the standard error; their
    statistic is the sum over groups of size times squared mean score, over the variance of the scores. Permutation
    assumes that censoring is the same in all groups. Raises `NotEstimableError` for a single group or without an event,
    `StatisticsError` for unequal lengths or an exact test that is too large.

    >>> test = log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1], list("aaabbb"), p="exact")
    >>> round(test.p_value, 6), round(test.smallest_p, 6)
    (0.1, 0.1)

    Source: Mantel, Cancer Chemother Rep 1966;50:163-170; Peto and Peto, J R Stat Soc A 1972;135:185-207,
    doi:10.2307/2344317; scores and their permutation, Kalbfleisch and Prentice, 2nd ed. 2002,
    doi:10.1002/9781118032985, section 7.2; the added observation, Phipson and Smyth, Stat Appl Genet Mol Biol
    2010;9:39, doi:10.2202/1544-6115.1585.
    """
    one_of(p, "p", ("asymptotic", "exact", "monte_carlo"))
    draws, start = whole(resamples, "resamples", at_least=100), whole(seed, "seed", at_most=None)
    times, events = follow_up(time, event)
    codes, sizes = _codes(group, times.size)
    if not events.any():
        raise NotEstimableError(f"none of {times.size} patients had an event; the log-rank test compares events")
    if p == "asymptotic":
        return _asymptotic(times, events, codes, sizes)
    scores = _scores(times, events)
    if p == "exact":
        return _exact(scores, codes, sizes)
    return _monte_carlo(scores, codes, sizes, draws, start)


def _codes(group: ArrayLike, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    names, codes = np.unique(labels(group, "group", size), return_inverse=True)
    if names.size < 2:
        raise NotEstimableError("group holds one label; a comparison needs two")
    return codes.astype(np.int64), np.bincount(codes).astype(np.int64)


def _asymptotic(times: _Floats, events: _Floats, codes: NDArray[np.int64], sizes: NDArray[np.int64]) -> HypothesisTest:
    from scipy.special import chdtrc

    moments = np.unique(times[events == 1])
    members = [codes == code for code in range(sizes.size)]
    # Patients x moments would not fit memory for a registry; sorted times of each group give the numbers at risk.
    at_risk = np.array([m.sum() - np.searchsorted(np.sort(times[m]), moments) for m in members], dtype=np.float64)
    died = np.array([_counts_at(moments, times[m & (events == 1)]) for m in members])
    total, deaths = at_risk.sum(axis=0), died.sum(axis=0)
    share = at_risk / total
    excess = (died - deaths * share).sum(axis=1)
    factor = np.divide(deaths * (total - deaths), total - 1, out=np.zeros_like(total), where=total > 1)
    covariance = np.diag((factor * share).sum(axis=1)) - (factor * share) @ share.T
    # Groups nobody of whom was at risk at any event carry no information and no degree of freedom.
    df = int(np.linalg.matrix_rank(covariance))
    if df == 0:
        raise NotEstimableError("no event fell while two groups were at risk; the log-rank test has no variance")
    statistic = float(excess @ np.linalg.pinv(covariance, hermitian=True) @ excess)
    return HypothesisTest(
        statistic=statistic,
        p_value=float(chdtrc(df, statistic)),
        df=float(df),
        n=int(times.size),
        method="Log-rank test",
        p_kind="asymptotic",
    )


def _counts_at(moments: _Floats, times: _Floats) -> _Floats:
    return np.bincount(np.searchsorted(moments, times), minlength=moments.size).astype(np.float64)


def _scores(times: _Floats, events: _Floats) -> _Floats:
    """Return event less cumulative hazard for every patient; the scores of a group sum to observed less expected."""
    distinct, place = np.unique(times, return_inverse=True)
    deaths = np.bincount(place, events, minlength=distinct.size)
    at_risk = times.size - np.concatenate([[0], np.cumsum(np.bincount(place))[:-1]])
    scores: _Floats = events - np.cumsum(deaths / at_risk)[place]
    if np.ptp(scores) <= 1e-12:
        raise NotEstimableError("all patients have the same log-rank score; their division into groups tells nothing")
    return scores


def _statistic(sums: _Floats, sizes: NDArray[np.int64], scores: _Floats) -> _Floats:
    centred = sums - sizes * scores.mean()
    result: _Floats = (centred**2 / sizes).sum(axis=-1) / scores.var(ddof=1)
    return result


def _exact(scores: _Floats, codes: NDArray[np.int64], sizes: NDArray[np.int64]) -> HypothesisTest:
    if sizes.size > 2:
        raise StatisticsError(f"there are {sizes.size} groups and the exact test is for 2; give p='monte_carlo'")
    divisions = comb(int(sizes.sum()), int(sizes.min()))
    if divisions > _EXACT_LIMIT:
        message = f"there are {divisions} divisions and the exact test counts up to {_EXACT_LIMIT}"
        raise StatisticsError(message + "; give p='monte_carlo'")
    smaller = int(sizes.argmin())
    subsets = combinations(scores.tolist(), int(sizes[smaller]))
    sums = np.fromiter((sum(subset) for subset in subsets), dtype=np.float64, count=divisions)
    distance = np.abs(sums - sizes[smaller] * scores.mean())
    observed = abs(float(scores[codes == smaller].sum() - sizes[smaller] * scores.mean()))
    slack = 1e-9 * float(np.ptp(scores))
    statistic = _statistic(np.bincount(codes, scores).astype(np.float64), sizes, scores)
    return HypothesisTest(
        statistic=float(statistic),
        p_value=float((distance >= observed - slack).mean()),
        n=int(scores.size),
        method="Log-rank scores, exact permutation of two groups",
        p_kind="exact",
        smallest_p=float((distance >= distance.max() - slack).mean()),
    )


def _monte_carlo(
    scores: _Floats, codes: NDArray[np.int64], sizes: NDArray[np.int64], resamples: int, seed: int
) -> HypothesisTest:
    generator = np.random.default_rng(seed)
    observed = float(_statistic(np.bincount(codes, scores).astype(np.float64), sizes, scores))
    bounds = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rows = max(1, _BLOCK // scores.size)
    reached = 0
    for start in range(0, resamples, rows):
        shuffled = generator.permuted(np.tile(scores, (min(rows, resamples - start), 1)), axis=1)
        sums = np.add.reduceat(shuffled, bounds, axis=1)
        reached += int((_statistic(sums, sizes, scores) >= observed * (1 - 1e-9)).sum())
    p_value = (reached + 1) / (resamples + 1)
    return HypothesisTest(
        statistic=observed,
        p_value=p_value,
        df=float(sizes.size - 1),
        n=int(scores.size),
        method=f"Log-rank scores, {resamples} random permutations",
        p_kind="monte_carlo",
        p_standard_error=float(np.sqrt(p_value * (1 - p_value) / resamples)),
        seed=int(seed),
        smallest_p=1 / (resamples + 1),
    )
