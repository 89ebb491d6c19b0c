"""Checks of arguments that counts, pairs and survival times share."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import StatisticsError

__all__ = ["alpha_of", "count_and_total", "number_array", "one_of", "paired_numbers", "whole", "whole_array"]


def alpha_of(conf_level: float) -> float:
    """Return 1 - conf_level after checking that it lies strictly between 0 and 1."""
    if isinstance(conf_level, bool) or not 0.0 < conf_level < 1.0:
        message = f"conf_level is {conf_level!r}; give a number strictly between 0 and 1, such as 0.95"
        raise StatisticsError(message)
    return 1.0 - float(conf_level)


def whole(value: SupportsIndex, name: str, *, at_least: int = 0) -> int:
    """Return a whole number of at least `at_least`, or say what was found instead."""
    if isinstance(value, (bool, np.bool_)):
        raise StatisticsError(f"{name} is {value!r}; give a whole number of at least {at_least}")
    try:
        number = operator.index(value)
    except TypeError as error:
        message = f"{name} is {value!r}; give a whole number of at least {at_least}"
        raise StatisticsError(message) from error
    if number < at_least:
        raise StatisticsError(f"{name} is {number}; give a whole number of at least {at_least}")
    return number


def count_and_total(count: SupportsIndex, total: SupportsIndex) -> tuple[int, int]:
    """Return a count and its total after checking 0 <= count <= total."""
    events, size = whole(count, "count"), whole(total, "total")
    if events > size:
        raise StatisticsError(f"count is {events} and total is {size}; a count cannot exceed its total")
    return events, size


def number_array(values: ArrayLike, name: str, *, missing: bool = False) -> NDArray[np.float64]:
    """Return a one-dimensional float array; NaN passes only where `missing`, infinity never."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise StatisticsError(f"{name} holds something that is not a number; give numbers only") from error
    if array.ndim != 1:
        raise StatisticsError(f"{name} has {array.ndim} dimensions; give one number for each patient")
    bad = np.isinf(array) if missing else ~np.isfinite(array)
    if bad.any():
        allowed = "finite numbers, or NaN where missing" if missing else "finite numbers without gaps"
        raise StatisticsError(f"{name} holds {int(bad.sum())} values that cannot be used; give {allowed}")
    return array


def whole_array(values: ArrayLike, name: str) -> NDArray[np.int64]:
    """Return a one-dimensional array of whole numbers, none negative."""
    array = number_array(values, name)
    if (array < 0).any() or (array != np.floor(array)).any():
        raise StatisticsError(f"{name} holds negative or fractional values; give whole numbers from 0")
    return array.astype(np.int64)


def paired_numbers(before: ArrayLike, after: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Return the complete pairs of two equally long arrays and how many pairs lacked a value."""
    first = number_array(before, "before", missing=True)
    second = number_array(after, "after", missing=True)
    if first.shape != second.shape:
        message = f"before has {first.size} values and after has {second.size}; give one of each for a patient"
        raise StatisticsError(message)
    complete = ~(np.isnan(first) | np.isnan(second))
    return first[complete], second[complete], int((~complete).sum())


def one_of(value: str, name: str, allowed: Sequence[str]) -> str:
    """Return a word after checking that it is one of those allowed."""
    if value not in allowed:
        raise StatisticsError(f"{name} is {value!r}; give one of {', '.join(allowed)}")
    return value
