"""The exact distribution of a statistic when each patient's scores are permuted over the visits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from myosotis.errors import StatisticsError

__all__ = [
    "Effort",
    "SquareSumTest",
    "arrangements",
    "distinct_permutations",
    "smallest_square_sum_p",
    "square_sum_effort",
    "square_sum_test",
]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# A block of candidates stays in the processor's cache; a dense index of this many bins costs less than sorting.
_BLOCK = 1 << 19
_DENSE = 1 << 23


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Record what an exact run would take: states held (an upper bound), candidates visited, and bytes needed.

    All three are infinite where even the bound could not be counted.
    """

    states: float
    candidates: float
    bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SquareSumTest:
    """Record the exact tail probability of the sum of squared column sums, and the most states that were held."""

    p_value: float
    states: int


def square_sum_test(scores: Integers) -> SquareSumTest:
    """Compute the exact probability of column sums at least as uneven as observed.

    `scores` (patients x visits, whole numbers, no value missing) are permuted within each patient, all arrangements
    equally likely and ties kept. The measure of unevenness is the sum of squared column sums, to which Friedman's,
    Cochran's and Quade's statistics are all increasing. Columns are exchangeable, so that a state of the recursion
    over patients is the sorted vector of column sums. Probabilities are sums of positive terms: the relative error of
    a p-value is a few units of rounding however small it is.

    >>> square_sum_test(np.array([[1, 2, 3], [1, 2, 3], [1, 2, 3]])).p_value
    0.027777777777777776

    Source: the permutation distribution of Friedman 1937, doi 10.1080/01621459.1937.10503522, built one patient at a
    time as in Kendall MG, Babington Smith B. Ann Math Stat 1939;10:275-287, doi 10.1214/aoms/1177732186.
    """
    reduced = _reduced(scores)
    observed = int((reduced.sum(axis=0) ** 2).sum())
    patterns, counts = _patterns(reduced)
    rows = np.repeat(patterns, counts, axis=0)
    if rows.shape[0] < 2:
        return SquareSumTest(p_value=1.0, states=1)
    agreed = np.cumsum(rows, axis=0)
    states, weights, most = rows[0][:, None], np.ones(1), 1
    for row, sums in zip(rows[1:-1], agreed[1:-1], strict=True):
        states, weights = _add_patient(states, weights, row, sums)
        most = max(most, weights.size)
    return SquareSumTest(p_value=_last_patient(states, weights, rows[-1], observed), states=most)


def smallest_square_sum_p(scores: Integers) -> float:
    """Compute the least p-value that `square_sum_test` could give for patients with these scores, in any order.

    It is that of full agreement: one arrangement in D for a patient with D distinct arrangements, times the number of
    distinct arrangements of the agreed order. Underflows to 0 for very many patients.

    >>> smallest_square_sum_p(np.array([[1, 2]] * 7))
    0.015625
    """
    patterns, counts = _patterns(_reduced(scores))
    if not counts.size:
        return 1.0
    agreed = arrangements((patterns * counts[:, None]).sum(axis=0))
    bits = sum(int(m) * math.log2(arrangements(row)) for row, m in zip(patterns, counts, strict=True))
    if bits > 1000:
        return float(2.0 ** (math.log2(agreed) - bits))
    ways = math.prod(arrangements(row) ** int(m) for row, m in zip(patterns, counts, strict=True))
    return float(agreed / ways)


def square_sum_effort(scores: Integers) -> Effort:
    """Bound the memory and the work of `square_sum_test` before it runs.

    States are bounded by the number of sorted whole-number vectors that the fully agreed column sums majorise,
    counted for all patients but the last; bytes count two sets of states, the index and one block of candidates.

    >>> square_sum_effort(np.array([[1, 2, 3]] * 4)).states
    8.0
    """
    patterns, counts = _patterns(_reduced(scores))
    n = int(counts.sum())
    if n < 2:
        return Effort(states=1.0, candidates=1.0, bytes=0.0)
    k = patterns.shape[1]
    ways = np.array([float(arrangements(row)) for row in patterns])
    held = (patterns * counts[:, None]).sum(axis=0) - patterns[-1]
    bins = math.prod(int(bound) + 1 for bound in _bounds(held))
    states = _majorised(held)
    # The number of states grows with the power k - 1 of the patients added so far; ways are those of a mean patient.
    mean_ways = float((ways * counts).sum() / n)
    candidates = (n - 1) * mean_ways * max(1.0, states / k)
    if bins >= 2**62:
        return Effort(states=states, candidates=candidates, bytes=math.inf)
    index = 16.0 * bins if bins <= _DENSE else 64.0 * max(states, float(_BLOCK))
    block = max(float(_BLOCK), ways.max()) * (4 * k + 40)
    return Effort(
        states=states, candidates=candidates, bytes=states * (8 * k + 16) + index + block + 8 * k * ways.sum()
    )


def arrangements(values: Integers) -> int:
    """Count the distinct arrangements of some scores.

    >>> arrangements(np.array([1, 1, 2]))
    3
    """
    _, counts = np.unique(values, return_counts=True)
    return math.factorial(values.size) // math.prod(math.factorial(int(m)) for m in counts)


@lru_cache(maxsize=64)
def distinct_permutations(values: tuple[int, ...]) -> Integers:
    """List the distinct arrangements of a multiset of whole numbers, one a row.

    >>> distinct_permutations((1, 1, 2)).tolist()
    [[1, 1, 2], [1, 2, 1], [2, 1, 1]]
    """
    if len(values) == 1:
        return np.array([values], dtype=np.int64)
    parts = []
    for value in sorted(set(values)):
        rest = list(values)
        rest.remove(value)
        tail = distinct_permutations(tuple(sorted(rest)))
        parts.append(np.column_stack([np.full(tail.shape[0], value, dtype=np.int64), tail]))
    listed: Integers = np.vstack(parts)
    return listed


def _reduced(scores: Integers) -> Integers:
    """Shift each patient to start at 0 and divide by the common divisor, which leaves the order of results alone."""
    table = np.asarray(scores, dtype=np.int64)
    if not table.size:
        return table
    shifted: Integers = table - table.min(axis=1, keepdims=True)
    shifted //= max(int(np.gcd.reduce(shifted, axis=None)), 1)
    return shifted


def _patterns(reduced: Integers) -> tuple[Integers, Integers]:
    """Count the patients with equal sorted scores, leaving out those whose scores are all tied."""
    ordered = np.sort(reduced, axis=1)
    ordered = ordered[ordered[:, -1] > 0] if ordered.size else ordered
    patterns, counts = np.unique(ordered, axis=0, return_counts=True)
    # Coarse lattices first, and many arrangements before few, keep the number of states low for longest.
    order = sorted(
        range(counts.size),
        key=lambda i: (-int(np.gcd.reduce(patterns[i])), -arrangements(patterns[i]), patterns[i].tolist()),
    )
    return patterns[order], counts[order].astype(np.int64)


def _bounds(agreed: Integers) -> Integers:
    """Bound each sorted column sum but the last, given the sums of full agreement in ascending order."""
    k = agreed.size
    total = int(agreed.sum())
    return np.array([min(int(agreed[-1]), total // (k - j)) for j in range(k - 1)], dtype=np.int64)


def _majorised(agreed: Integers) -> float:
    """Count the ascending whole-number vectors that `agreed` majorises, or bound them by their box if it is large."""
    bounds, least, total = _bounds(agreed), np.cumsum(agreed), int(agreed.sum())
    width = int(bounds[-1]) + 1
    if width * (total + 1) > 4_000_000:
        return float(math.prod(int(bound) + 1 for bound in bounds))
    ways = np.zeros((width, total + 1))
    first = np.arange(least[0], bounds[0] + 1)
    ways[first, first] = 1.0
    for j in range(1, bounds.size):
        below = np.cumsum(ways, axis=0)
        ways = np.zeros_like(below)
        for value in range(int(bounds[j]) + 1):
            ways[value, value:] = below[value, : total + 1 - value]
        ways[:, : least[j]] = 0.0
    return float(sum(ways[value, : total + 1 - value].sum() for value in range(width)))


def _add_patient(states: Integers, weights: Floats, row: Integers, agreed: Integers) -> tuple[Integers, Floats]:
    """Add one patient in every arrangement to every state, and merge equal states; `agreed` includes the patient."""
    bases = _bounds(agreed) + 1
    bins = math.prod(int(base) for base in bases)
    if bins >= 2**62:
        raise StatisticsError(
            f"the column sums of {row.size} visits have too many combinations to be numbered; ask for a Monte Carlo p"
        )
    blocks = _keyed_candidates(states, weights, row, bases)
    if bins <= _DENSE:
        dense = np.zeros(bins)
        for keys, parts in blocks:
            dense += np.bincount(keys, parts, minlength=bins)
        index = np.flatnonzero(dense)
        merged = dense[index]
    else:
        index, merged = _merged(blocks)
    return _unpacked(index, bases, int(agreed.sum())), merged


def _keyed_candidates(
    states: Integers, weights: Floats, row: Integers, bases: Integers
) -> Iterator[tuple[Integers, Floats]]:
    """Number the sorted sums of a block of states with every arrangement of a row, with their probabilities."""
    listed = distinct_permutations(tuple(int(value) for value in row))
    ways, k = listed.shape
    size = max(1, _BLOCK // ways)
    for start in range(0, weights.size, size):
        block = states[:, start : start + size]
        sums = [(block[j] + listed[:, j, None]).ravel() for j in range(k)]
        _sort_columns(sums)
        keys = sums[0].copy()
        for j in range(1, k - 1):
            keys *= bases[j]
            keys += sums[j]
        yield keys, np.tile(weights[start : start + size] / ways, ways)


def _sort_columns(columns: list[Integers]) -> None:
    """Sort k columns elementwise by exchanges, which is faster than sorting many short vectors."""
    for last in range(len(columns) - 1, 0, -1):
        for j in range(last):
            low = np.minimum(columns[j], columns[j + 1])
            np.maximum(columns[j], columns[j + 1], out=columns[j + 1])
            columns[j] = low


def _merged(blocks: Iterator[tuple[Integers, Floats]]) -> tuple[Integers, Floats]:
    """Add the probabilities of equal numbers, sorting whenever as much is waiting as is kept."""
    index, total = np.zeros(0, dtype=np.int64), np.zeros(0)
    waiting: list[tuple[Integers, Floats]] = []
    held = 0

    def merge() -> tuple[Integers, Floats]:
        keys, inverse = np.unique(np.concatenate([index, *(w[0] for w in waiting)]), return_inverse=True)
        parts = np.bincount(inverse, np.concatenate([total, *(w[1] for w in waiting)]), minlength=keys.size)
        return keys.astype(np.int64), parts.astype(np.float64)

    for block in blocks:
        waiting.append(block)
        held += block[0].size
        if held >= max(index.size, _BLOCK):
            index, total = merge()
            waiting, held = [], 0
    return merge()


def _unpacked(keys: Integers, bases: Integers, total: int) -> Integers:
    """Turn numbers back into sorted column sums, the last of which completes the total."""
    k = bases.size + 1
    states = np.empty((k, keys.size), dtype=np.int64)
    rest = keys.copy()
    for j in range(k - 2, 0, -1):
        rest, states[j] = np.divmod(rest, bases[j])
    states[0] = rest
    states[k - 1] = total - states[: k - 1].sum(axis=0)
    return states


def _last_patient(states: Integers, weights: Floats, row: Integers, observed: int) -> float:
    """Add the probabilities of the sums that are at least `observed`, without merging the last states."""
    listed = distinct_permutations(tuple(int(value) for value in row))
    ways = listed.shape[0]
    size = max(1, _BLOCK // ways)
    tail = []
    for start in range(0, weights.size, size):
        block = states[:, start : start + size]
        squares = (block**2).sum(axis=0) + int((row**2).sum())
        # Products of whole numbers below 2^53 are exact in floating point, whose matrix product is the fast one.
        products = listed.astype(np.float64) @ block.astype(np.float64)
        reached = np.count_nonzero(squares + 2.0 * products >= observed, axis=0)
        tail.append(float(reached @ weights[start : start + size]) / ways)
    return min(1.0, math.fsum(tail))
