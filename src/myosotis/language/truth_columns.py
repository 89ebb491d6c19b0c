"""Truths as columns of an engine: comparisons of bounds, and counts of criteria of which some are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from myosotis.core.portable import as_number, round_9
from myosotis.language.columns import Bounds, Column, exact

__all__ = ["Truth", "any_inexact", "compared", "counted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Hold a truth (NULL is open) and where it is open only because of something inexact; None where that is nowhere."""

    truth: Column
    inexact: Column = None


def counted(truths: Sequence[Truth]) -> Bounds:
    """Count the true ones; missing while one is open, unless something inexact leaves the count between two numbers."""
    import ibis

    true = reduce(lambda a, b: a + b, [as_number(one.truth) for one in truths]).cast("float64")
    open_ = reduce(lambda a, b: a + b, [as_number(one.truth.isnull()) for one in truths])
    inexact = any_inexact([one.inexact for one in truths])
    null = ibis.null("float64")
    if inexact is None:
        return exact(ibis.ifelse(open_ == 0, true, null))
    there = (open_ == 0) | inexact
    return Bounds(
        low=ibis.ifelse(there, true, null),
        high=ibis.ifelse(there, true + open_, null),
        state=ibis.cases((open_ == 0, 2), (inexact, 1), else_=0),
    )


def any_inexact(columns: Sequence[Column]) -> Column:
    """Join marks of what is inexact; None where nothing is."""
    marks = [column for column in columns if column is not None]
    return reduce(lambda a, b: a | b, marks) if marks else None


def compared(left: Bounds, operator: str, right: Bounds) -> Truth:
    """Compare numbers rounded to 9 decimals: true for all completions, false for none, NULL between."""
    if operator in (">=", ">"):
        return compared(right, {">=": "<=", ">": "<"}[operator], left)
    if left.is_exact and right.is_exact:
        a, b = round_9(left.low), round_9(right.low)
        return Truth(truth={"<=": a <= b, "<": a < b, "=": a == b}[operator])
    (a_low, a_high), (b_low, b_high) = ((round_9(one.low), round_9(one.high)) for one in (left, right))
    inexact = any_inexact((left.inexact, right.inexact))
    import ibis

    yes, no, open_ = ibis.literal(True), ibis.literal(False), ibis.null("boolean")
    match operator:
        case "<=":
            branches = [(a_high <= b_low, yes), (a_low > b_high, no)]
        case "<":
            branches = [(a_high < b_low, yes), (a_low >= b_high, no)]
        case _:
            same = (a_low == a_high) & (b_low == b_high) & (a_low == b_low)
            branches = [((a_high < b_low) | (b_high < a_low), no), (same, yes)]
    truth = ibis.cases(*branches, else_=open_)
    return Truth(truth=truth, inexact=inexact & truth.isnull())
