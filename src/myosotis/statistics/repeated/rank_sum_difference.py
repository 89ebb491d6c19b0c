"""The exact distribution of the difference of two rank sums when no visit differs from another."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from myosotis.errors import StatisticsError

__all__ = ["difference_tail", "rank_sum_difference_p"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# About ten seconds of convolution.
_MOST_WORK = 2e10


def rank_sum_difference_p(difference: float, n_visits: int, n: int) -> float:
    """Compute the exact two-sided p-value of a difference of two rank sums among n patients without ties.

    `n_visits` is at least 2 and `n` at least 1. A difference that is not whole (from mean ranks) is taken up to the
    next whole number, since only those occur without ties. The result lies in [2 / (k (k - 1))^n, 1] up to the largest
    possible difference n (k - 1), and is 0 beyond it.

    Raises StatisticsError for sizes below those bounds, or so large that the large-sample p serves as well.

    >>> round(rank_sum_difference_p(12, n_visits=5, n=5), 7)
    0.0179831

    Source: Eisinga R, Heskes T, Pelzer B, Te Grotenhuis M. BMC Bioinformatics 2017;18:68,
    doi 10.1186/s12859-017-1486-2, equation 1 for the distribution, which is here convolved patient by patient.
    """
    if n_visits < 2 or n < 1:
        raise StatisticsError(f"{n_visits} visits and {n} patients were given; expected at least 2 and 1")
    patterns = 2 * np.arange(1, n_visits + 1, dtype=np.int64)[None, :]
    return difference_tail(patterns, np.array([n], dtype=np.int64), 2 * math.ceil(abs(difference) - 1e-9))


def difference_tail(patterns: Integers, counts: Integers, doubled_difference: int) -> float:
    """Compute the exact probability of a difference of two column sums at least as large, ties kept.

    `patterns` are doubled ranks (one row for each distinct set, sorted or not), `counts` how many patients have each.
    Under the null every ordered pair of a patient's ranks is equally likely to fall on the two visits.

    Raises StatisticsError where the convolution would take more than some ten seconds.

    >>> difference_tail(np.array([[2, 4]]), np.array([2]), 4)
    0.5
    """
    kernels = [_kernel(row) for row in patterns]
    reach = sum(kernel.size * int(count) for kernel, count in zip(kernels, counts, strict=True))
    work = sum(float(count) * reach * kernel.size for kernel, count in zip(kernels, counts, strict=True))
    if work > _MOST_WORK:
        raise StatisticsError(
            f"the exact distribution of rank sum differences of {int(counts.sum())} patients would take minutes; at "
            'that size method="dunn" or "nemenyi" serves as well'
        )
    distribution = np.ones(1)
    for kernel, count in zip(kernels, counts, strict=True):
        for _ in range(int(count)):
            # Direct sums of positive terms keep small probabilities to full relative precision; a transform would not.
            distribution = np.convolve(distribution, kernel)
    centre = distribution.size // 2
    distance = abs(doubled_difference)
    if distance == 0:
        return 1.0
    return min(1.0, 2.0 * math.fsum(distribution[centre + distance :]))


def _kernel(row: Integers) -> Floats:
    """Tabulate the difference of two different visits' scores over all ordered pairs, centred."""
    differences = (row[:, None] - row[None, :])[~np.eye(row.size, dtype=bool)]
    widest = int(differences.max())
    return np.bincount(differences + widest, minlength=2 * widest + 1) / differences.size
