"""Monte Carlo p-values for scores permuted within each patient over the visits that were seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from myosotis.statistics.permutation.arrangements import arrangements, counted_rows, distinct_permutations

__all__ = ["MonteCarloP", "monte_carlo_p", "sampling_work"]

Integers = NDArray[np.int64]

# With more distinct arrangements than this, shuffling each patient is cheaper than counting arrangements.
_COUNTED = 120
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class MonteCarloP:
    """Record a Monte Carlo p-value with its standard error, the seed and the number of resamples."""

    p_value: float
    standard_error: float
    seed: int
    resamples: int


def monte_carlo_p(
    scores: Integers,
    seen: NDArray[np.bool_],
    at_least_observed: Callable[[Integers], NDArray[np.bool_]],
    seed: int,
    resamples: int,
) -> MonteCarloP:
    """Estimate how often permuted scores are as extreme as those observed.

    `scores` are whole numbers, patients x visits; those `seen` are permuted within each patient over the visits at
    which that patient was seen. `at_least_observed` takes column sums (resamples x visits) and says which are as
    extreme as the observed ones. The observed arrangement counts as one resample, so that p is never 0 and the test
    keeps its level: p = (1 + count) / (1 + resamples). The order of the patients does not matter. `resamples` is at least
    1 and `seed` at least 0: whoever draws has checked them.

    Source: Phipson B, Smyth GK. Stat Appl Genet Mol Biol 2010;9:39, doi 10.2202/1544-6115.1585.
    """
    rng = np.random.default_rng(seed)
    groups = list(_groups(scores, seen))
    largest = max((_rows_held(values, count) for _, values, count in groups), default=1)
    size = max(1, min(resamples, _CHUNK // (largest * scores.shape[1])))
    count = 0
    for start in range(0, resamples, size):
        drawn = min(size, resamples - start)
        sums = np.zeros((drawn, scores.shape[1]), dtype=np.int64)
        for columns, values, patients in groups:
            sums[:, columns] += _drawn_sums(rng, values, patients, drawn)
        count += int(np.count_nonzero(at_least_observed(sums)))
    p = (1 + count) / (1 + resamples)
    return MonteCarloP(
        p_value=p,
        standard_error=math.sqrt(p * (1 - p) / (1 + resamples)),
        seed=seed,
        resamples=resamples,
    )


def sampling_work(scores: Integers, seen: NDArray[np.bool_], resamples: int) -> float:
    """Count the numbers that `monte_carlo_p` would draw."""
    return float(resamples) * sum(_rows_held(values, count) * values.size for _, values, count in _groups(scores, seen))


def _groups(scores: Integers, seen: NDArray[np.bool_]) -> Iterator[tuple[Integers, Integers, int]]:
    """Collect patients seen at the same visits with the same scores, in an order of their own."""
    for mask in counted_rows(seen.astype(np.int64))[0]:
        columns = np.flatnonzero(mask)
        ordered = np.sort(scores[(seen == mask).all(axis=1)][:, columns], axis=1)
        patterns, counts = counted_rows(ordered)
        for values, count in zip(patterns, counts, strict=True):
            yield columns, values, int(count)


def _rows_held(values: Integers, patients: int) -> int:
    ways = arrangements(values)
    return ways if ways <= _COUNTED else patients


def _drawn_sums(rng: np.random.Generator, values: Integers, patients: int, drawn: int) -> Integers:
    """Draw the column sums of some patients with equal scores."""
    ways = arrangements(values)
    if ways == 1:
        return np.tile(values * patients, (drawn, 1))
    if ways <= _COUNTED:
        listed = distinct_permutations(tuple(int(value) for value in values))
        counts: Integers = rng.multinomial(patients, np.full(ways, 1.0 / ways), size=drawn)
        return counts @ listed
    shuffled: Integers = rng.permuted(np.broadcast_to(values, (drawn, patients, values.size)), axis=2)
    sums: Integers = shuffled.sum(axis=1)
    return sums
