"""The memory and work that an exact distribution within patients would take, counted before it is run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from myosotis.statistics.permutation.arrangements import arrangements, reduced_scores, score_patterns, sum_bounds
from myosotis.statistics.permutation.within_patient import BLOCK, DENSE

__all__ = ["Effort", "square_sum_effort"]

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Record what an exact run would take: states held (an upper bound), comparisons made, and bytes needed.

    `bytes` is infinite where the states could not even be numbered.
    """

    states: float
    comparisons: float
    bytes: float


def square_sum_effort(scores: Integers) -> Effort:
    """Bound the memory and the work of `square_sum_test` before it runs.

    States are bounded by the number of sorted whole-number vectors that the fully agreed column sums majorise,
    counted for all patients but the last; bytes count two sets of states, the index and one block of candidates.

    >>> square_sum_effort(np.array([[1, 2, 3]] * 4)).states
    8.0
    """
    patterns, counts = score_patterns(reduced_scores(scores))
    n = int(counts.sum())
    if n < 2:
        return Effort(states=1.0, comparisons=1.0, bytes=0.0)
    k = patterns.shape[1]
    ways = np.array([float(arrangements(row)) for row in patterns])
    held = (patterns * counts[:, None]).sum(axis=0) - patterns[-1]
    bins = math.prod(int(bound) + 1 for bound in sum_bounds(held))
    states = _majorised(held)
    # The number of states grows with the power k - 1 of the patients added so far; ways are those of a mean patient.
    mean_ways = float((ways * counts).sum() / n)
    comparisons = (n - 1) * mean_ways * max(1.0, states / k) * k * (k - 1) / 2
    if bins >= 2**62:
        return Effort(states=states, comparisons=comparisons, bytes=math.inf)
    block = max(float(BLOCK), float(ways.max()))
    # Measured: numpy's merging of sorted keys holds some twelve numbers for each key and each key waiting.
    index = 24.0 * bins if bins <= DENSE else 96.0 * (2 * block + 2 * states)
    candidates = 8.0 * block * (2 * k + 6)
    listed = 24.0 * k * float(ways.max()) + k * float(ways.sum())
    return Effort(states=states, comparisons=comparisons, bytes=16.0 * states * (k + 1) + index + candidates + listed)


def _majorised(agreed: Integers) -> float:
    """Count the ascending whole-number vectors that `agreed` majorises, or bound them by their box if it is large."""
    bounds, least, total = sum_bounds(agreed), np.cumsum(agreed), int(agreed.sum())
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
