"""Intervals: a number as exactly as it is known, and arithmetic that keeps every completion of what is not.

What a rule says of an interval holds for every number in it: a comparison is true when it holds for all of them, false
when for none, and otherwise open. The arithmetic bounds each operand by itself, so that an expression which reads one
unknown twice may stay open where a closer look would settle it; it never settles what a completion could change.
"""

from __future__ import annotations

import math
import statistics as stdlib_statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = [
    "MISSING", "Interval", "absolute", "add", "banded", "between", "compared", "divide", "either", "every", "exactly",
    "extreme",
    "first_recorded", "median", "multiply", "open_truths", "subtract", "through_function", "together",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Bound a number by `low` and `high`, both included; None where there is no bound.

    `recorded` says whether there is a number at all: False for a missing one, None where that is not known either. The
    bounds hold for every completion; where the number may be missing there are none.
    """

    low: float | None
    high: float | None
    recorded: bool | None = True

    @property
    def number(self) -> float | None:
        """Give the number where it is exactly known, else None."""
        return self.low if self.recorded and self.low is not None and self.low == self.high else None


MISSING = Interval(low=None, high=None, recorded=False)


def exactly(number: float | None) -> Interval:
    """Make an interval of one number; None is missing."""
    return MISSING if number is None else Interval(low=float(number), high=float(number))


def between(low: float | None, high: float | None, recorded: bool | None = True) -> Interval:
    """Make an interval of two bounds; without `recorded` being true there are none."""
    if not recorded:
        return Interval(low=None, high=None, recorded=recorded)
    return Interval(low=None if low is None else float(low), high=None if high is None else float(high))


def together(parts: Sequence[Interval]) -> bool | None:
    """Say whether all of several numbers are there: False once one is missing, None while one may be."""
    return every([part.recorded for part in parts])


def every(there: Sequence[bool | None]) -> bool | None:
    """Join what is there, perhaps there, or not: False once one is not, None while one may not be."""
    if False in there:
        return False
    return None if None in there else True


def add(left: Interval, right: Interval) -> Interval:
    """Add two intervals."""
    low, high = _sum(left.low, right.low), _sum(left.high, right.high)
    return Interval(low=low, high=high, recorded=together((left, right)))


def subtract(left: Interval, right: Interval) -> Interval:
    """Subtract an interval from another."""
    low, high = _difference(left.low, right.high), _difference(left.high, right.low)
    return Interval(low=low, high=high, recorded=together((left, right)))


def multiply(left: Interval, right: Interval) -> Interval:
    """Multiply two intervals; an end without a bound leaves one open where a factor is not below 0, else both."""
    for other, factor in ((left, right), (right, left)):
        if factor.low is not None and factor.low >= 0:
            low, high = other.low, other.high
            return Interval(
                low=_product(low, factor.low if low is not None and low >= 0 else factor.high),
                high=_product(high, factor.high if high is not None and high >= 0 else factor.low),
                recorded=together((left, right)),
            )
    return _corners(left, right, lambda a, b: a * b)


def divide(left: Interval, right: Interval) -> Interval:
    """Divide an interval by another: missing where the divisor is 0, perhaps missing where it can be."""
    if right.low == right.high == 0:
        return MISSING
    if right.low is not None and right.low > 0:
        low, high = left.low, left.high
        return Interval(
            low=None if low is None else _share(low, right.high) if low >= 0 else low / right.low,
            high=None if high is None else _share(high, right.high) if high < 0 else high / right.low,
            recorded=together((left, right)),
        )
    if right.recorded and (right.high is None or right.high >= 0):
        return Interval(low=None, high=None, recorded=False if left.recorded is False else None)
    return _corners(left, right, lambda a, b: a / b)


def monotone(of: Interval, function: Callable[[float], float | None]) -> Interval:
    """Put an interval through a function that never falls; None stands for where it is not defined, at the low end."""
    low = None if of.low is None else function(of.low)
    high = None if of.high is None else function(of.high)
    if of.high is not None and high is None:
        return MISSING
    if of.recorded and low is None and (of.low is not None or function(-1.0) is None):
        return Interval(low=None, high=None, recorded=None)
    return Interval(low=low, high=high, recorded=of.recorded)


def absolute(of: Interval) -> Interval:
    """Take the absolute value of an interval."""
    if of.recorded is False:
        return of
    if of.low is not None and of.low >= 0:
        return of
    if of.high is not None and of.high <= 0:
        return Interval(low=-of.high, high=None if of.low is None else -of.low, recorded=of.recorded)
    high = None if of.low is None or of.high is None else max(-of.low, of.high)
    return Interval(low=0.0, high=high, recorded=of.recorded)


def banded(of: Interval, edges: Sequence[float], points: Sequence[float]) -> Interval:
    """Give the points of the bands that an interval reaches; edges lie strictly below their band, to 9 decimals."""
    if not of.recorded:
        return Interval(low=None, high=None, recorded=of.recorded)
    first = 0 if of.low is None else sum(edge < round(of.low, 9) for edge in edges)
    last = len(edges) if of.high is None else sum(edge < round(of.high, 9) for edge in edges)
    reached = points[first : last + 1]
    return Interval(low=float(min(reached)), high=float(max(reached)))


def extreme(which: str, parts: Sequence[Interval]) -> Interval:
    """Take the smallest or largest of those that are recorded; one that may be missing binds on one side only."""
    if which == "largest":
        turned = extreme("smallest", [_negative(part) for part in parts])
        return _negative(turned)
    there = [part for part in parts if part.recorded]
    possible = [part for part in parts if part.recorded is not False]
    highs = [part.high for part in there if part.high is not None]
    lows = [part.low for part in possible]
    low = None if not lows or None in lows else min(one for one in lows if one is not None)
    if not there:
        return MISSING if not possible else Interval(low=None, high=None, recorded=None)
    return Interval(low=low, high=min(highs, default=None))


def first_recorded(parts: Sequence[Interval]) -> Interval:
    """Take the first that is recorded; one that may be missing leaves its number open between it and the next."""
    reached: list[Interval] = []
    for part in parts:
        if part.recorded is not False:
            reached.append(part)
        if part.recorded:
            return either(reached)
    return Interval(low=None, high=None, recorded=None) if reached else MISSING


def either(parts: Sequence[Interval]) -> Interval:
    """Bound a number that is one of several; recorded where all are, missing where all are."""
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    kinds = {part.recorded for part in parts}
    return Interval(
        low=None if None in lows else min(one for one in lows if one is not None),
        high=None if None in highs else max(one for one in highs if one is not None),
        recorded=kinds.pop() if len(kinds) == 1 else None,
    )


def median(parts: Sequence[Interval]) -> Interval:
    """Take the median of several; missing when any is."""
    lows = [part.low for part in parts if part.low is not None]
    highs = [part.high for part in parts if part.high is not None]
    return Interval(
        low=float(stdlib_statistics.median(lows)) if len(lows) == len(parts) else None,
        high=float(stdlib_statistics.median(highs)) if len(highs) == len(parts) else None,
        recorded=together(parts),
    )


def open_truths(truths: Sequence[bool | None], evaluable: bool | None) -> Interval:
    """Count the true ones; where some are open, between two numbers if all are `evaluable`, else missing or perhaps so."""
    true, open_ = sum(one is True for one in truths), sum(one is None for one in truths)
    return between(true, true + open_, evaluable)


def compared(left: Interval, operator: str, right: Interval) -> bool | None:
    """Compare two intervals on decimal numbers (rounded to 9 decimals): true for all numbers in them, false for none."""
    a, b = _rounded(left), _rounded(right)
    match operator:
        case "<=":
            return _below(a, b, strictly=False)
        case "<":
            return _below(a, b, strictly=True)
        case ">=":
            return _below(b, a, strictly=False)
        case ">":
            return _below(b, a, strictly=True)
    if _below(a, b, strictly=True) or _below(b, a, strictly=True):
        return False
    return True if a.low is not None and a.low == a.high == b.low == b.high else None


def _below(a: Interval, b: Interval, *, strictly: bool) -> bool | None:
    """Say whether one lies below another, or at most on it."""
    if a.high is not None and b.low is not None and (a.high < b.low or (a.high == b.low and not strictly)):
        return True
    if a.low is not None and b.high is not None and (a.low > b.high or (a.low == b.high and strictly)):
        return False
    return None


def _rounded(one: Interval) -> Interval:
    low = None if one.low is None else round(one.low, 9)
    high = None if one.high is None else round(one.high, 9)
    return Interval(low=low, high=high, recorded=one.recorded)


def _corners(left: Interval, right: Interval, operation: Callable[[float, float], float]) -> Interval:
    recorded = together((left, right))
    if left.low is None or left.high is None or right.low is None or right.high is None:
        return Interval(low=None, high=None, recorded=recorded)
    corners = [operation(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Interval(low=min(corners), high=max(corners), recorded=recorded)


def _sum(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a + b


def _product(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a * b


def _share(a: float, b: float | None) -> float:
    """Divide by the upper end of a divisor above 0; without one the quotient comes as near to 0 as one likes."""
    return 0.0 if b is None else a / b


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _negative(one: Interval) -> Interval:
    return Interval(
        low=None if one.high is None else -one.high, high=None if one.low is None else -one.low, recorded=one.recorded
    )


def through_function(name: str, of: Interval) -> Interval:
    """Put an interval through `exp`, `ln` (missing at 0 and below), `sqrt` (missing below 0), `floor` or `abs`."""
    match name:
        case "exp":
            return monotone(of, math.exp)
        case "ln":
            return monotone(of, lambda number: math.log(number) if number > 0 else None)
        case "sqrt":
            return monotone(of, lambda number: math.sqrt(number) if number >= 0 else None)
        case "floor":
            return monotone(of, lambda number: float(math.floor(number)))
    return absolute(of)
