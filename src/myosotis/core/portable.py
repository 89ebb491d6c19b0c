"""Expressions that mean the same on every engine: division, whole days, truth as a number."""

from __future__ import annotations

from typing import Any

_DAYS_PER_YEAR = 365.25

__all__ = ["as_number", "days_between", "divide", "round_9", "years_between"]


def divide(left: Any, right: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Divide two columns; NULL where either is NULL or the divisor is 0 (some engines raise, some give infinity)."""
    return left.cast("float64") / right.cast("float64").nullif(0.0)


def days_between(later: Any, earlier: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Subtract two date columns in whole days; NULL where either is NULL."""
    return later.delta(earlier, unit="day").cast("int64")


def years_between(later: Any, earlier: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Give the years between two date columns: days / 365.25, held within the completed years; NULL where either is."""
    import ibis

    before = later.month() * 100 + later.day() < earlier.month() * 100 + earlier.day()
    completed = (later.year() - earlier.year() - ibis.ifelse(before, 1, 0)).cast("float64")
    counted = days_between(later, earlier).cast("float64") / _DAYS_PER_YEAR
    # Compared without least and greatest, which differ between engines where one side is NULL.
    capped = ibis.ifelse(counted > completed + 1 - 1 / _DAYS_PER_YEAR, completed + 1 - 1 / _DAYS_PER_YEAR, counted)
    return ibis.ifelse(capped < completed, completed, capped)


def as_number(truth: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Turn a truth into 1 or 0 without a boolean cast; NULL counts as 0."""
    import ibis

    return ibis.ifelse(truth.fill_null(False), 1, 0)


def round_9(number: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Round a column to 9 decimals, so that binary residue never decides a bound."""
    return number.cast("float64").round(9)
