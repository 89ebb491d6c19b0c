"""Checks of single arguments that the methods share: numbers, whole numbers, counts and words."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from numbers import Real

import numpy as np

from myosotis.errors import StatisticsError

__all__ = ["LARGEST_COUNT", "LARGEST_NUMBER", "alpha_of", "count_and_total", "number", "one_of", "whole"]

LARGEST_COUNT = 2**53
"""The largest count that is taken: beyond it float64 does not hold every whole number."""

LARGEST_NUMBER = 1e150
"""The largest number that is taken: the square of a larger one leaves the range of float64."""


def number(value: object, name: str, expected: str, fits: Callable[[float], bool] = lambda _: True) -> float:
    """Return a real number that fits as a float, or say what was expected instead; infinity and NaN are numbers."""
    scalar = isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf"
    # numpy counts its durations among the whole numbers.
    other = isinstance(value, (bool, np.ma.MaskedArray, np.timedelta64))
    refused = other or not (isinstance(value, (Real, Decimal)) or scalar)
    try:
        read = np.nan if refused else float(value)  # type: ignore[arg-type]  # what is not a number was refused
    except OverflowError:
        refused, read = True, np.nan
    if refused or LARGEST_NUMBER < abs(read) < np.inf or not fits(read):
        raise StatisticsError(f"{name} is {value!r}; give {expected}")
    return read


def alpha_of(conf_level: float) -> float:
    """Return 1 - conf_level after checking that it lies strictly between 0 and 1."""
    return 1.0 - level_of(conf_level)


def level_of(conf_level: float) -> float:
    """Return a confidence level after checking that it lies strictly between 0 and 1."""
    expected = "a number strictly between 0 and 1, such as 0.95"
    return number(conf_level, "conf_level", expected, lambda level: 0.0 < level < 1.0)


def whole(value: object, name: str, *, at_least: int = 0, at_most: int | None = LARGEST_COUNT) -> int:
    """Return a whole number from `at_least` to `at_most`, 2^53 unless told, or say what was found instead."""
    expected = f"give a whole number of at least {at_least}"
    if isinstance(value, (bool, np.bool_, np.ma.MaskedArray)):
        raise StatisticsError(f"{name} is {value!r}; {expected}")
    try:
        read = operator.index(value)  # type: ignore[arg-type]  # what has no index raises
    except TypeError as error:
        raise StatisticsError(f"{name} is {value!r}; {expected}") from error
    if read < at_least:
        raise StatisticsError(f"{name} is {read}; {expected}")
    if at_most is not None and read > at_most:
        raise StatisticsError(f"{name} is {read}; give a whole number from {at_least} to {at_most}")
    return read


def count_and_total(count: object, total: object) -> tuple[int, int]:
    """Return a count and its total after checking 0 <= count <= total."""
    events, size = whole(count, "count"), whole(total, "total")
    if events > size:
        raise StatisticsError(f"count is {events} and total is {size}; a count cannot exceed its total")
    return events, size


def one_of(value: object, name: str, allowed: Sequence[str]) -> str:
    """Return a word after checking that it is one of those allowed."""
    if not isinstance(value, str) or value not in allowed:
        raise StatisticsError(f"{name} is {value!r}; give one of {', '.join(allowed)}")
    return value
