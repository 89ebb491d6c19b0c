"""Expressions that mean the same on every engine: division, whole days, truth as a number."""

from __future__ import annotations

from typing import Any

__all__ = ["as_number", "days_between", "divide", "round_9"]


def divide(left: Any, right: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Divide two columns; NULL where either is NULL or the divisor is 0 (some engines raise, some give infinity)."""
    return left.cast("float64") / right.cast("float64").nullif(0.0)


def days_between(later: Any, earlier: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Subtract two date columns in whole days; NULL where either is NULL."""
    return later.delta(earlier, unit="day").cast("int64")


def as_number(truth: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Turn a truth into 1 or 0 without a boolean cast; NULL counts as 0."""
    import ibis

    return ibis.ifelse(truth.fill_null(False), 1, 0)


def round_9(number: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Round a column to 9 decimals, so that binary residue never decides a bound."""
    return number.cast("float64").round(9)
