"""Truths as columns of an engine: comparisons of bounds, and counts of criteria of which some are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from myosotis.core.portable import as_number, least, round_9
from myosotis.language.columns import Bounds, Column, exact, join

__all__ = ["Truth", "compared", "counted", "joined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Hold a truth (NULL is open) and its `state`: 2 where every completion of what is inexact settles it, also where
    these differ; 0 where something missing leaves it open; 1 between.

    Where nothing is inexact there is no state of its own: what is open is missing.
    """

    truth: Column
    state: Column = None

    @property
    def evaluable(self) -> Column:
        """Give the state, worked out where nothing is inexact."""
        import ibis

        return ibis.ifelse(self.truth.notnull(), 2, 0) if self.state is None else self.state


def counted(truths: Sequence[Truth]) -> Bounds:
    """Count the true ones; where some are open, between two numbers if all are evaluable, else missing or perhaps so."""
    import ibis

    true = reduce(lambda a, b: a + b, [as_number(one.truth) for one in truths]).cast("float64")
    open_ = reduce(lambda a, b: a + b, [as_number(one.truth.isnull()) for one in truths])
    null = ibis.null("float64")
    if all(one.state is None for one in truths):
        return exact(ibis.ifelse(open_ == 0, true, null))
    state = reduce(least, [one.evaluable for one in truths])
    return Bounds(
        low=ibis.ifelse(state == 2, true, null), high=ibis.ifelse(state == 2, true + open_, null), state=state
    )


def joined(truth: Column, parts: Sequence[Truth]) -> Truth:
    """Say whether criteria joined by Kleene logic are settled by every completion, from those that are open."""
    import ibis

    if all(part.state is None for part in parts):
        return Truth(truth=truth)

    def all_open(wanted: int) -> Column:
        return reduce(lambda a, b: a & b, [part.truth.notnull() | (part.evaluable == wanted) for part in parts])

    state = ibis.cases((truth.notnull() | all_open(2), 2), (all_open(0), 0), else_=1)
    return Truth(truth=truth, state=state)


def compared(left: Bounds, operator: str, right: Bounds) -> Truth:
    """Compare numbers rounded to 9 decimals: true for all completions, false for none, NULL between."""
    if operator in (">=", ">"):
        return compared(right, {">=": "<=", ">": "<"}[operator], left)
    if left.is_exact and right.is_exact:
        a, b = round_9(left.low), round_9(right.low)
        return Truth(truth={"<=": a <= b, "<": a < b, "=": a == b}[operator])
    (a_low, a_high), (b_low, b_high) = ((round_9(one.low), round_9(one.high)) for one in (left, right))
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
    return Truth(truth=truth, state=ibis.ifelse(truth.notnull(), 2, join((left, right))))
