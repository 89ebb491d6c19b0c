"""The arrangements that one patient's scores can take over the visits, and scores in their simplest form."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "arrangements", "counted_rows", "distinct_permutations", "least_share", "reduced_scores",
    "score_patterns", "sum_bounds",
]  # fmt: skip

Integers = NDArray[np.int64]


def arrangements(values: Integers) -> int:
    """Count the distinct arrangements of some scores.

    >>> arrangements(np.array([1, 1, 2]))
    3
    """
    _, counts = np.unique(values, return_counts=True)
    return math.factorial(values.size) // math.prod(math.factorial(int(m)) for m in counts)


def least_share(scores: Integers, seen: NDArray[np.bool_]) -> float:
    """Bound an exact p from below: one arrangement among all, those `seen` permuted within each row."""
    bits = sum(math.log2(arrangements(row[mask])) for row, mask in zip(scores, seen, strict=True))
    return float(2.0**-bits)


def distinct_permutations(values: tuple[int, ...]) -> Integers:
    """List the distinct arrangements of a multiset of whole numbers, one a row.

    >>> distinct_permutations((1, 1, 2)).tolist()
    [[1, 1, 2], [1, 2, 1], [2, 1, 1]]
    """
    distinct, counts = np.unique(np.asarray(values, dtype=np.int64), return_counts=True)
    listed: Integers = distinct[_labels(tuple(int(count) for count in counts))]
    return listed


@lru_cache(maxsize=128)
def _labels(counts: tuple[int, ...]) -> NDArray[np.int8]:
    """List the arrangements of labels 0, 1, ... that occur so often each; small whole numbers keep the list short."""
    if not counts:
        return np.zeros((1, 0), dtype=np.int8)
    parts = []
    for label, count in enumerate(counts):
        if count > 1:
            tail = _labels((*counts[:label], count - 1, *counts[label + 1 :]))
        else:
            # Without this label the later ones are numbered one lower.
            tail = _labels((*counts[:label], *counts[label + 1 :]))
            tail = tail + (tail >= label)
        parts.append(np.column_stack([np.full(tail.shape[0], label, dtype=np.int8), tail]))
    return np.vstack(parts)


def counted_rows(table: Integers) -> tuple[Integers, Integers]:
    """List the distinct rows of a table of whole numbers in ascending order, and how often each occurs.

    >>> rows, counts = counted_rows(np.array([[1, 2], [0, 5], [1, 2]]))
    >>> rows.tolist(), counts.tolist()
    ([[0, 5], [1, 2]], [1, 2])
    """
    if not table.size:
        return table[:0], np.zeros(0, dtype=np.int64)
    low = int(table.min())
    base = int(table.max()) - low + 1
    if base ** table.shape[1] >= 2**62:
        rows, counts = np.unique(table, axis=0, return_counts=True)
        return rows, counts.astype(np.int64)
    # One number for each row is sorted far faster than rows are.
    keys = np.zeros(table.shape[0], dtype=np.int64)
    for column in table.T:
        keys = keys * base + (column - low)
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    return table[first], counts.astype(np.int64)


def reduced_scores(scores: Integers) -> Integers:
    """Shift each patient to start at 0 and divide by the common divisor, which leaves the order of results alone.

    >>> reduced_scores(np.array([[2, 4, 6], [4, 4, 4]])).tolist()
    [[0, 1, 2], [0, 0, 0]]
    """
    table = np.asarray(scores, dtype=np.int64)
    if not table.size:
        return table
    shifted: Integers = table - table.min(axis=1, keepdims=True)
    shifted //= max(int(np.gcd.reduce(shifted, axis=None)), 1)
    return shifted


def score_patterns(reduced: Integers) -> tuple[Integers, Integers]:
    """Count the patients with equal sorted scores, leaving out those whose scores are all tied.

    >>> score_patterns(np.array([[2, 0, 1], [0, 1, 2], [0, 0, 0]]))[1].tolist()
    [2]
    """
    ordered = np.sort(reduced, axis=1)
    ordered = ordered[ordered[:, -1] > 0] if ordered.size else ordered
    patterns, counts = counted_rows(ordered)
    # Coarse lattices first, and many arrangements before few, keep the number of states low for longest.
    order = sorted(
        range(counts.size),
        key=lambda i: (-int(np.gcd.reduce(patterns[i])), -arrangements(patterns[i]), patterns[i].tolist()),
    )
    return patterns[order], counts[order]


def sum_bounds(agreed: Integers) -> Integers:
    """Bound each sorted column sum but the last, given the sums of full agreement in ascending order.

    >>> sum_bounds(np.array([0, 3, 6])).tolist()
    [3, 4]
    """
    k = agreed.size
    total = int(agreed.sum())
    return np.array([min(int(agreed[-1]), total // (k - j)) for j in range(k - 1)], dtype=np.int64)
