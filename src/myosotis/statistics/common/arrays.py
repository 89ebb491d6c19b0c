"""The one reader of samples: what a caller gave becomes an array of numbers, or is refused with the reason.

NaN, None and masked entries are missing. Text, dates, complex numbers, rows of unequal length and sizes that only an
error can have given are refused alike in every method, instead of being read as some number.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import StatisticsError
from myosotis.statistics.common.arguments import LARGEST_COUNT, LARGEST_NUMBER

__all__ = ["count_table", "floats", "labels", "number_array", "paired_numbers", "visit_table", "whole_array"]

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]

_OTHER_KINDS = {"c": "complex numbers", "M": "dates", "m": "durations", "U": "text", "S": "text", "V": "records"}


def floats(values: object, name: str) -> Floats:
    """Read numbers of any shape as float64, a fresh array or the one given; what is missing becomes NaN.

    Infinity passes, since some methods know what to do with it. Raises StatisticsError for anything but real numbers,
    for rows of unequal length, and for a finite number beyond 1e150 in size, whose square leaves the range of float64.

    >>> floats(np.ma.masked_array([1, 2, 99], mask=[0, 0, 1]), "x").tolist()
    [1.0, 2.0, nan]
    """
    try:
        array = np.asarray(_unmasked(values))
    except (TypeError, ValueError) as error:
        message = f"{name} has rows of unequal length or holds something that is not a number; give numbers only"
        raise StatisticsError(message) from error
    kind = array.dtype.kind
    if kind in _OTHER_KINDS:
        raise StatisticsError(f"{name} holds something that is not a number ({_OTHER_KINDS[kind]}); give numbers only")
    if kind == "O" and not all(_is_number(value) for value in array.flat):
        raise StatisticsError(f"{name} holds something that is not a number; give numbers only, NaN where missing")
    try:
        with np.errstate(over="ignore"):
            numbers = array.astype(np.float64, copy=False)
    except OverflowError as error:
        raise StatisticsError(_too_large(name)) from error
    if (np.isfinite(numbers) & (np.abs(numbers) > LARGEST_NUMBER)).any():
        raise StatisticsError(_too_large(name))
    return numbers


def number_array(values: ArrayLike, name: str, *, missing: bool = False) -> Floats:
    """Return a one-dimensional float array; NaN passes only where `missing`, infinity never."""
    array = floats(values, name)
    if array.ndim != 1:
        raise StatisticsError(f"{name} has {array.ndim} dimensions; give one number for each patient")
    bad = np.isinf(array) if missing else ~np.isfinite(array)
    if bad.any():
        allowed = "finite numbers, or NaN where missing" if missing else "finite numbers without gaps"
        raise StatisticsError(f"{name} holds {int(bad.sum())} values that cannot be used; give {allowed}")
    return array


def whole_array(values: ArrayLike, name: str) -> Wholes:
    """Return a one-dimensional array of whole numbers, none negative, whose sum a float still holds exactly."""
    array = number_array(values, name)
    if (array < 0).any() or (array != np.floor(array)).any():
        raise StatisticsError(f"{name} holds negative or fractional values; give whole numbers from 0")
    if array.sum() > LARGEST_COUNT:
        raise StatisticsError(f"{name} adds up to more than 2^53; counts beyond that cannot be held exactly")
    return array.astype(np.int64)


def paired_numbers(before: ArrayLike, after: ArrayLike) -> tuple[Floats, Floats, int]:
    """Return the complete pairs of two equally long arrays and how many pairs lacked a value."""
    first = number_array(before, "before", missing=True)
    second = number_array(after, "after", missing=True)
    if first.shape != second.shape:
        message = f"before has {first.size} values and after has {second.size}; give one of each for a patient"
        raise StatisticsError(message)
    complete = ~(np.isnan(first) | np.isnan(second))
    return first[complete], second[complete], int((~complete).sum())


def visit_table(x: ArrayLike, name: str = "the table", *, at_least: int = 2, column: bool = False) -> Floats:
    """Check a table of patients (rows) by visits (columns), `at_least` so many visits; NaN marks a missing visit.

    With `column`, one axis is read as the one visit of all patients. Raises StatisticsError for another shape or an
    infinite value.

    >>> visit_table([[1, 2], [3, float("nan")]]).shape
    (2, 2)
    """
    table = floats(x, name)
    if column and table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2:
        raise StatisticsError(f"{name} has {table.ndim} axes; expected two: patients (rows) x visits (columns)")
    if table.shape[1] < at_least:
        raise StatisticsError(f"{name} has {table.shape[1]} visits; give at least {at_least} visits (columns)")
    if np.isinf(table).any():
        raise StatisticsError(f"{name} holds an infinite value; give finite numbers, NaN where missing")
    return table


def seen_rows(x: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the patients of a table with any value, and which of the input they are; raises as `visit_table` does."""
    values = visit_table(x, "x")
    kept = np.asarray(~np.isnan(values).all(axis=1), dtype=np.bool_)
    return values[kept], kept


def count_table(table: ArrayLike, expected: str, *, two_by_two: bool) -> Wholes:
    """Return a table of whole counts from 0, 2 x 2 or at least that, or say that `expected` was expected."""
    try:
        cells = floats(table, "the table")
    except StatisticsError as error:
        raise StatisticsError(f"{error}; {expected}") from error
    fits = cells.shape == (2, 2) if two_by_two else cells.ndim == 2 and min(cells.shape) >= 2
    truths = np.asarray(table).dtype.kind == "b"
    if truths or not fits or not np.isfinite(cells).all() or (cells < 0).any() or (cells != np.floor(cells)).any():
        raise StatisticsError(expected)
    if cells.sum() > LARGEST_COUNT:
        raise StatisticsError("the table adds up to more than 2^53; counts beyond that cannot be held exactly")
    return cells.astype(np.int64)


def labels(values: ArrayLike, name: str, size: int) -> NDArray[Any]:
    """Return one label for each of `size` patients, of any kind that can be sorted, none missing."""
    try:
        array = np.asarray(values)
        if array.shape != (size,):
            raise StatisticsError(f"{name} has shape {array.shape}; give one label for each of {size} patients")
        absent = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else _is_missing(array)
        if absent.any():
            raise StatisticsError(f"{name} holds missing labels; leave those patients out")
        np.unique(array)
    except StatisticsError:
        raise
    except (TypeError, ValueError) as error:
        message = f"{name} holds labels of different kinds or lengths; give one label for each patient"
        raise StatisticsError(f"{message}, all text or all numbers") from error
    return array


def _unmasked(values: object) -> object:
    """Put NaN where a masked array, or one inside a list, hides a value; numpy would show what it hides."""
    if isinstance(values, np.ma.MaskedArray):
        if values.dtype.kind in "biuf":
            return np.ma.filled(values.astype(np.float64), np.nan)
        return np.ma.filled(values, np.nan) if values.dtype.kind == "O" else values.data
    if isinstance(values, (list, tuple)) and _holds_mask(values):
        return [_unmasked(value) for value in values]
    return values


def _holds_mask(values: Iterable[object]) -> bool:
    return any(
        isinstance(value, np.ma.MaskedArray) or (isinstance(value, (list, tuple)) and _holds_mask(value))
        for value in values
    )


def _is_number(value: object) -> bool:
    # numpy counts its durations among the whole numbers.
    return value is None or (isinstance(value, (Real, Decimal, np.bool_)) and not isinstance(value, np.timedelta64))


def _is_missing(array: NDArray[Any]) -> NDArray[np.bool_]:
    if array.dtype.kind == "O":
        # Only a missing value differs from itself.
        return np.array([label is None or bool(label != label) for label in array], dtype=np.bool_)
    unequal: NDArray[np.bool_] = array != array
    return unequal


def _too_large(name: str) -> str:
    return f"{name} holds a number beyond {LARGEST_NUMBER:g} in size, which no measurement has; look for an error in it"
