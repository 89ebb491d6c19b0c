"""Interval arithmetic on the columns of an engine: what `interval` does for one patient, for all of them.

A number is two bounds and whether there is one. Where nothing in the data is inexact both bounds are the same column, and
the arithmetic of one column serves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from myosotis.core.portable import (
    divide,
    greatest,
    greatest_known,
    least,
    least_known,
    median_of,
    round_9,
)

__all__ = [
    "Bounds", "Column", "absolute", "add", "banded", "constant", "either", "exact",
    "extreme", "first_recorded", "join", "median", "missing", "monotone", "quotient", "subtract",
]  # fmt: skip

Column = Any  # an Ibis column


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Hold a number's bounds (NULL without one) and `state`: 2 where it is recorded, 1 where it may be, 0 where not.

    An exact number has one column for both bounds, NULL where it is missing, and no state of its own.
    """

    low: Column
    high: Column
    state: Column = None

    @property
    def is_exact(self) -> bool:
        """Say whether one column holds the number of every patient."""
        return self.state is None

    @property
    def recorded(self) -> Column:
        """Give the state, worked out for an exact number."""
        import ibis

        return ibis.ifelse(self.low.notnull(), 2, 0) if self.state is None else self.state

    @property
    def number(self) -> Column:
        """Give the number where it is exactly known, else NULL."""
        import ibis

        if self.state is None:
            return self.low
        return ibis.ifelse((self.state == 2) & (self.low == self.high), self.low, ibis.null("float64"))


def exact(column: Column) -> Bounds:
    """Make bounds of one column."""
    return Bounds(low=column, high=column)


def constant(number: float) -> Bounds:
    """Make bounds of a number."""
    import ibis

    return exact(ibis.literal(float(number)).cast("float64"))


def missing() -> Bounds:
    """Make bounds of nothing."""
    import ibis

    return exact(ibis.null("float64"))


def join(parts: Sequence[Bounds]) -> Column:
    """Join the states of several numbers: the least of them; None where all are exact."""
    if all(part.is_exact for part in parts):
        return None
    return reduce(least, [part.recorded for part in parts])


def add(left: Bounds, right: Bounds) -> Bounds:
    """Add bounds."""
    if left.is_exact and right.is_exact:
        return exact(left.low + right.low)
    return Bounds(low=left.low + right.low, high=left.high + right.high, state=join((left, right)))


def subtract(left: Bounds, right: Bounds) -> Bounds:
    """Subtract bounds."""
    if left.is_exact and right.is_exact:
        return exact(left.low - right.low)
    return Bounds(low=left.low - right.high, high=left.high - right.low, state=join((left, right)))


def product(left: Bounds, right: Bounds) -> Bounds:
    """Multiply bounds; an end without a bound leaves one open where a factor is not below 0, else both."""
    import ibis

    if left.is_exact and right.is_exact:
        return exact(left.low * right.low)

    def by(one: Bounds, factor: Bounds) -> tuple[Column, Column]:
        return (
            one.low * ibis.ifelse(one.low >= 0, factor.low, factor.high),
            one.high * ibis.ifelse(one.high >= 0, factor.high, factor.low),
        )

    ends = [a * b for a in _ends(left) for b in _ends(right)]
    found = zip(by(left, right), by(right, left), (reduce(least, ends), reduce(greatest, ends)), strict=True)
    low, high = (
        ibis.cases((right.low >= 0, first), (left.low >= 0, second), else_=corner) for first, second, corner in found
    )
    return Bounds(low=low, high=high, state=join((left, right)))


def quotient(left: Bounds, right: Bounds) -> Bounds:
    """Divide bounds: missing where the divisor is 0, perhaps missing where it can be."""
    import ibis

    if left.is_exact and right.is_exact:
        return exact(divide(left.low, right.low))
    null, state = ibis.null("float64"), join((left, right))
    # Without an upper end of a divisor above 0 the quotient comes as near to 0 as one likes.
    low = ibis.ifelse(left.low >= 0, divide(left.low, right.high).fill_null(0.0), divide(left.low, right.low))
    high = ibis.ifelse(left.high < 0, divide(left.high, right.high).fill_null(0.0), divide(left.high, right.low))
    ends = [divide(a, b) for a in _ends(left) for b in _ends(right)]
    zero = ((right.low == 0) & (right.high == 0)).fill_null(False)
    above, below = (right.low > 0).fill_null(False), (right.high < 0).fill_null(False)
    can_be_zero = (right.recorded == 2) & ~(above | below)
    return Bounds(
        low=ibis.cases((above, low), (can_be_zero, null), else_=reduce(least, ends)),
        high=ibis.cases((above, high), (can_be_zero, null), else_=reduce(greatest, ends)),
        state=ibis.cases((zero, 0), (can_be_zero, ibis.ifelse(left.recorded == 0, 0, 1)), else_=state),
    )


def monotone(of: Bounds, function: Callable[[Column], Column], *, everywhere: bool = True) -> Bounds:
    """Put bounds through a function that never falls; unless it is defined `everywhere` its low end may be missing."""
    import ibis

    if of.is_exact:
        return exact(function(of.low))
    low, high = function(of.low), function(of.high)
    if everywhere:
        return Bounds(low=low, high=high, state=of.state)
    gone = of.high.notnull() & high.isnull()
    vague = (of.state == 2) & low.isnull() & ~gone
    null = ibis.null("float64")
    return Bounds(low=low, high=ibis.ifelse(vague, null, high), state=ibis.cases((gone, 0), (vague, 1), else_=of.state))


def absolute(of: Bounds) -> Bounds:
    """Take absolute values."""
    import ibis

    if of.is_exact:
        return exact(of.low.abs())
    zero = ibis.literal(0.0)
    low = ibis.cases((of.low >= 0, of.low), (of.high <= 0, -of.high), else_=zero)
    high = ibis.cases((of.low >= 0, of.high), (of.high <= 0, -of.low), else_=greatest(-of.low, of.high))
    gone = of.state == 0
    return Bounds(low=ibis.ifelse(gone, of.low, low), high=ibis.ifelse(gone, of.high, high), state=of.state)


def banded(of: Bounds, edges: Sequence[float], points: Sequence[float]) -> Bounds:
    """Give the points of the bands that a number can lie in."""
    import ibis

    null = ibis.null("float64")

    def points_of(column: Column) -> Column:
        number = round_9(column)
        branches = [(number <= edge, ibis.literal(float(point))) for edge, point in zip(edges, points, strict=False)]
        found = ibis.cases(*branches, else_=ibis.literal(float(points[-1]))).cast("float64")
        return ibis.ifelse(number.isnull(), null, found)

    if of.is_exact:
        return exact(points_of(of.low))
    # A band is reached unless the number lies wholly below or above it; an absent bound reaches to the end.
    low, high = round_9(of.low), round_9(of.high)
    lowest, highest = [], []
    for i, point in enumerate(points):
        above = (high > edges[i - 1]).fill_null(True) if i else ibis.literal(True)
        below = (low <= edges[i]).fill_null(True) if i < len(edges) else ibis.literal(True)
        reached = ibis.ifelse(above & below & (of.state == 2), ibis.literal(float(point)), null)
        lowest.append(reached)
        highest.append(reached)
    return Bounds(low=reduce(least_known, lowest), high=reduce(greatest_known, highest), state=of.state)


def either(parts: Sequence[Bounds]) -> Bounds:
    """Bound a number that is one of several; recorded where all are, missing where all are."""
    import ibis

    low, high = reduce(least, [part.low for part in parts]), reduce(greatest, [part.high for part in parts])
    states = [part.recorded for part in parts]
    fewest, most = reduce(least, states), reduce(greatest, states)
    return Bounds(low=low, high=high, state=ibis.ifelse(fewest == most, fewest, 1))


def extreme(which: str, parts: Sequence[Bounds]) -> Bounds:
    """Take the smallest or largest of those recorded; engines differ in what least and greatest do with NULL."""
    import ibis

    pick = least_known if which == "smallest" else greatest_known
    if all(part.is_exact for part in parts):
        return exact(reduce(pick, [part.low for part in parts]))
    null = ibis.null("float64")
    state = reduce(greatest, [part.recorded for part in parts])
    near = [("low" if which == "smallest" else "high"), ("high" if which == "smallest" else "low")]
    open_ = reduce(lambda a, b: a | b, [(part.recorded > 0) & getattr(part, near[0]).isnull() for part in parts])
    possible = [ibis.ifelse(part.recorded > 0, getattr(part, near[0]), null) for part in parts]
    outer = ibis.ifelse(open_ | (state != 2), null, reduce(pick, possible))
    inner = reduce(pick, [ibis.ifelse(part.recorded == 2, getattr(part, near[1]), null) for part in parts])
    low, high = (outer, inner) if which == "smallest" else (inner, outer)
    return Bounds(low=low, high=high, state=state)


def first_recorded(parts: Sequence[Bounds]) -> Bounds:
    """Take the first that is recorded; one that may be missing leaves the number open between it and the next."""
    import ibis

    if all(part.is_exact for part in parts):
        return exact(ibis.coalesce(*[part.low for part in parts]))
    found = missing()
    for part in reversed(parts):
        both = either((part, found))
        state = part.recorded
        # A part that may be there: its number, or that of what follows.
        found = Bounds(
            low=ibis.cases((state == 2, part.low), (state == 0, found.low), else_=both.low),
            high=ibis.cases((state == 2, part.high), (state == 0, found.high), else_=both.high),
            state=ibis.cases((state == 2, 2), (state == 0, found.recorded), else_=1),
        )
    return found


def median(parts: Sequence[Bounds]) -> Bounds:
    """Take the median of several; missing when any is."""
    low = median_of([part.low for part in parts])
    state = join(parts)
    return exact(low) if state is None else Bounds(low=low, high=median_of([part.high for part in parts]), state=state)


def _ends(one: Bounds) -> tuple[Column, ...]:
    return (one.low,) if one.is_exact else (one.low, one.high)
