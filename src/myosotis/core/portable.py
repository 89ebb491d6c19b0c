"""Expressions that mean the same on every engine: division, whole days, truth as a number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

_DAYS_PER_YEAR = 365.25

__all__ = [
    "as_number", "days_between", "divide", "greatest", "greatest_known", "least", "least_known", "median_of", "negated",
    "round_9",
    "years_between",
]  # fmt: skip


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


def negated(truth: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Turn a truth round; NULL stays NULL.

    Written as a comparison, since `NOT x IS NULL`, which the compiler makes of the null test of a negation, asks an engine
    for `NOT (x IS NULL)`. A NULL that is written out stays as it is: compared with it, the compiler asks whether the other
    side is NULL.
    """
    import ibis

    return truth if truth.equals(ibis.null("boolean")) else truth == ibis.literal(False)


def round_9(number: Any) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Round a column to 9 decimals, so that binary residue never decides a bound."""
    return number.cast("float64").round(9)


def least(a: Any, b: Any) -> Any:  # noqa: ANN401 - columns of whichever engine
    """Take the smaller; NULL where either is."""
    import ibis

    return ibis.cases((a <= b, a), (a > b, b), else_=ibis.null(a.type()))


def greatest(a: Any, b: Any) -> Any:  # noqa: ANN401 - columns of whichever engine
    """Take the larger; NULL where either is."""
    import ibis

    return ibis.cases((a >= b, a), (a < b, b), else_=ibis.null(a.type()))


def least_known(a: Any, b: Any) -> Any:  # noqa: ANN401 - columns of whichever engine
    """Take the smaller of those that are there; engines differ in what their own word does with NULL."""
    import ibis

    return ibis.cases((a.isnull(), b), (b.isnull(), a), (a <= b, a), else_=b)


def greatest_known(a: Any, b: Any) -> Any:  # noqa: ANN401 - columns of whichever engine
    """Take the larger of those that are there."""
    import ibis

    return ibis.cases((a.isnull(), b), (b.isnull(), a), (a >= b, a), else_=b)


def median_of(columns: Sequence[Any]) -> Any:  # noqa: ANN401 - a column of whichever engine
    """Take the middle of the sorted columns; NULL when any is NULL."""
    import ibis

    any_missing = reduce(lambda a, b: a | b, [column.isnull() for column in columns])
    ordered = ibis.array(list(columns)).sort()
    half = len(columns) // 2
    middle = ordered[half] if len(columns) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return ibis.ifelse(any_missing, ibis.null("float64"), middle)
