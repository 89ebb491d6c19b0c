"""The exact distribution of a statistic when each patient's scores are permuted over the visits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from myosotis.errors import StatisticsError
from myosotis.statistics.permutation.arrangements import (
    arrangements,
    distinct_permutations,
    reduced_scores,
    score_patterns,
    sum_bounds,
)

__all__ = ["BLOCK", "DENSE", "SquareSumTest", "column_sum_states", "smallest_square_sum_p", "square_sum_test"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# Candidates are merged a block at a time and sorted in pieces that stay in the processor's cache; a dense index of this
# many bins costs less than sorting.
BLOCK = 1 << 19
DENSE = 1 << 23
_CACHED = 1 << 14


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
    reduced = reduced_scores(scores)
    observed = int((reduced.sum(axis=0) ** 2).sum())
    rows = _ordered_rows(reduced)
    if rows.shape[0] < 2:
        return SquareSumTest(p_value=1.0, states=1)
    states, weights, most = _states(rows[:-1])
    return SquareSumTest(p_value=_last_patient(states, weights, rows[-1], observed), states=most)


def column_sum_states(scores: Integers) -> tuple[Integers, Floats]:
    """List every set of column sums that permuting within patients can give, sorted, with its probability.

    The first array is visits x states; every column adds to the same total. Scores are shifted to start at 0 for each
    patient and divided by their common divisor.

    >>> states, weights = column_sum_states(np.array([[1, 2], [1, 2]]))
    >>> states.tolist(), weights.tolist()
    ([[0, 1], [2, 1]], [0.5, 0.5])
    """
    rows = _ordered_rows(reduced_scores(scores))
    if not rows.shape[0]:
        return np.zeros((np.asarray(scores).shape[1], 1), dtype=np.int64), np.ones(1)
    states, weights, _ = _states(rows)
    return states, weights


def smallest_square_sum_p(scores: Integers) -> float:
    """Compute the least p-value that `square_sum_test` could give for patients with these scores, in any order.

    It is that of full agreement: one arrangement in D for a patient with D distinct arrangements, times the number of
    distinct arrangements of the agreed order. Underflows to 0 for very many patients.

    >>> smallest_square_sum_p(np.array([[1, 2]] * 7))
    0.015625
    """
    patterns, counts = score_patterns(reduced_scores(scores))
    if not counts.size:
        return 1.0
    agreed = arrangements((patterns * counts[:, None]).sum(axis=0))
    bits = sum(int(m) * math.log2(arrangements(row)) for row, m in zip(patterns, counts, strict=True))
    if bits > 1000:
        return float(2.0 ** (math.log2(agreed) - bits))
    ways = math.prod(arrangements(row) ** int(m) for row, m in zip(patterns, counts, strict=True))
    return float(agreed / ways)


def _ordered_rows(reduced: Integers) -> Integers:
    patterns, counts = score_patterns(reduced)
    return np.repeat(patterns, counts, axis=0)


def _states(rows: Integers) -> tuple[Integers, Floats, int]:
    """Add the patients one by one to the first, whose own arrangement makes no difference to sorted sums."""
    agreed = np.cumsum(rows, axis=0)
    states, weights, most = rows[0][:, None], np.ones(1), 1
    for row, sums in zip(rows[1:], agreed[1:], strict=True):
        states, weights = _add_patient(states, weights, row, sums)
        most = max(most, weights.size)
    return states, weights, most


def _add_patient(states: Integers, weights: Floats, row: Integers, agreed: Integers) -> tuple[Integers, Floats]:
    """Add one patient in every arrangement to every state, and merge equal states; `agreed` includes the patient."""
    bases = sum_bounds(agreed) + 1
    bins = math.prod(int(base) for base in bases)
    if bins >= 2**62:
        raise StatisticsError(
            f"the column sums of {row.size} visits have too many combinations to be numbered; ask for a Monte Carlo p"
        )
    blocks = _keyed_candidates(states, weights, row, bases)
    if bins <= DENSE:
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
    ways = listed.shape[0]
    # Half-length numbers are sorted twice as fast; no sum exceeds the total, which is the same for every state.
    kind = np.int32 if int(states[:, 0].sum() + row.sum()) < 2**31 else np.int64
    listed, states = listed.astype(kind), states.astype(kind)
    size, step = max(1, BLOCK // ways), max(1, _CACHED // ways)
    for start in range(0, weights.size, size):
        shares = weights[start : start + size] / ways
        keys, parts = np.empty(shares.size * ways, dtype=np.int64), np.empty(shares.size * ways)
        for at in range(0, shares.size, step):
            share = shares[at : at + step]
            place = slice(at * ways, (at + share.size) * ways)
            _number(states[:, start + at : start + at + share.size], listed, bases, keys[place])
            parts[place] = np.tile(share, ways)
        yield keys, parts


def _number(states: Integers, listed: Integers, bases: Integers, keys: Integers) -> None:
    """Write the numbers of the sorted sums of some states with every listed arrangement into `keys`."""
    sums = [(states[j] + listed[:, j, None]).ravel() for j in range(states.shape[0])]
    _sort_columns(sums)
    keys[:] = sums[0]
    for base, column in zip(bases[1:], sums[1:], strict=False):
        keys *= base
        keys += column


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
        if held >= max(index.size, BLOCK):
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
    size = max(1, BLOCK // ways)
    tail = []
    for start in range(0, weights.size, size):
        block = states[:, start : start + size]
        squares = (block**2).sum(axis=0) + int((row**2).sum())
        # Products of whole numbers below 2^53 are exact in floating point, whose matrix product is the fast one.
        products = listed.astype(np.float64) @ block.astype(np.float64)
        reached = np.count_nonzero(squares + 2.0 * products >= observed, axis=0)
        tail.append(float(reached @ weights[start : start + size]) / ways)
    return min(1.0, math.fsum(tail))
