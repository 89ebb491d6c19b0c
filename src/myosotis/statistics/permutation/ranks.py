"""Ranks within a patient, made on the precision that was recorded."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import StatisticsError
from myosotis.statistics.common.arguments import whole
from myosotis.statistics.common.arrays import visit_table

__all__ = [
    "complete_rows",
    "doubled_ranks",
    "recorded_ranges",
    "to_recorded_precision",
    "within_patient_ranks",
]

# Differences of recorded decimals carry rounding error up to about 1e-11 of their size (thousands minus thousands);
# no clinical instrument resolves one part in 10^9, so a gap below it is a tie that binary arithmetic has broken.
_NOISE = 1e-9


def complete_rows(table: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Keep the patients with a value at every visit, and count those left out.

    >>> complete_rows(np.array([[1, 2], [3, np.nan]]))[1]
    1
    """
    complete = ~np.isnan(table).any(axis=1)
    return table[complete], int(table.shape[0] - complete.sum())


def to_recorded_precision(table: NDArray[np.float64], decimals: int | None) -> NDArray[np.float64]:
    """Bring values to whole units of their recorded precision, so that equal readings compare as equal.

    `decimals` is the number of decimals recorded (negative for tens, hundreds); None takes the values as they are,
    and is refused where two values of one patient differ by less than one part in 10^9 of the largest, because
    5.6 - 5.4 and 5.4 - 5.2 are the same clinically but not in binary.

    Raises StatisticsError in that case.

    >>> float(np.ptp(to_recorded_precision(np.array([[5.6 - 5.4, 5.4 - 5.2]]), 1)))
    0.0
    """
    if decimals is not None:
        places = whole(decimals, "decimals", at_least=-100, at_most=100)
        return np.rint(table * 10.0**places) if places >= 0 else np.rint(table / 10.0**-places)
    gaps = np.diff(np.sort(table, axis=1), axis=1)
    # Compared with the patient's largest value, so that a remainder of 1e-17 beside 0 is found too.
    broken = (gaps > 0) & (gaps < _NOISE * np.fmax.reduce(np.abs(table), axis=1, keepdims=True))
    if broken.any():
        raise StatisticsError(
            f"{int(broken.any(axis=1).sum())} patients have two values that differ only by rounding error; "
            "give decimals=, the number of decimals that were recorded, so that ties are ranked as ties"
        )
    return table


def doubled_ranks(table: NDArray[np.float64], decimals: int | None = None) -> NDArray[np.int64]:
    """Rank the visits of each patient from 1, ties sharing their mean rank, and double, so that ranks are whole.

    The table is patients x visits. A missing visit (NaN) gets 0 and is not counted among the others. Raises as
    `to_recorded_precision`.

    >>> doubled_ranks(np.array([[3.0, 1.0, 3.0]])).tolist()
    [[5, 2, 5]]
    """
    values = to_recorded_precision(table, decimals)
    below = (values[:, None, :] < values[:, :, None]).sum(axis=2, dtype=np.int64)
    equal = (values[:, None, :] == values[:, :, None]).sum(axis=2, dtype=np.int64)
    return np.where(np.isnan(values), 0, 2 * below + equal + 1)


def within_patient_ranks(x: ArrayLike, decimals: int | None = None) -> NDArray[np.float64]:
    """Rank the visits of each patient from 1 to the number of visits seen, ties sharing their mean rank.

    `x` is patients x visits; a missing visit (NaN) stays NaN. `decimals` declares the recorded precision, see
    `to_recorded_precision`. Raises StatisticsError for a table of another shape, infinite values, or values of one
    patient that differ by rounding error only.

    >>> within_patient_ranks([[5.6 - 5.4, 5.4 - 5.2, 0.3]], decimals=1).tolist()
    [[1.5, 1.5, 3.0]]

    Source: Friedman M. J Am Stat Assoc 1937;32:675-701, doi 10.1080/01621459.1937.10503522.
    """
    table = visit_table(x)
    doubled = doubled_ranks(table, decimals)
    return np.where(np.isnan(table), np.nan, doubled / 2.0)


def recorded_ranges(table: NDArray[np.float64], decimals: int | None = None) -> NDArray[np.float64]:
    """Compute the range of each patient's values, on the recorded precision so that equal ranges compare as equal.

    The table is patients x visits without a missing value. With `decimals` the ranges are in units of the last decimal
    recorded. Raises StatisticsError where two ranges differ by rounding error only and `decimals` is None.

    >>> recorded_ranges(np.array([[5.2, 5.4], [5.4, 5.6]]), decimals=1).tolist()
    [2.0, 2.0]
    """
    ranges = np.ptp(to_recorded_precision(table, decimals), axis=1)
    if decimals is None and ranges.size > 1:
        order = np.argsort(ranges)
        gaps, size = np.diff(ranges[order]), np.abs(table).max(axis=1)[order]
        if ((gaps > 0) & (gaps < _NOISE * np.maximum(size[1:], size[:-1]))).any():
            raise StatisticsError(
                "two patients have ranges that differ only by rounding error; give decimals=, the number of decimals "
                "that were recorded, so that ties are ranked as ties"
            )
    return np.asarray(ranges, dtype=np.float64)
