"""Expressions as columns of the wide table: each kind of value and criterion, from the columns of its leaves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from myosotis.core.portable import as_number, least, negated, round_9
from myosotis.errors import ProtocolError
from myosotis.language import columns as k
from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.columns import Bounds
from myosotis.language.engine_leaves import LEAVES
from myosotis.language.engine_leaves_days import days_of
from myosotis.language.leaf_columns import LeafColumns
from myosotis.language.patient_columns import follow_up_end, out_of_sight, patient_number
from myosotis.language.truth_columns import Truth, compared, counted, joined

if TYPE_CHECKING:
    import ibis

__all__ = ["Algebra"]

_SUMS = (v.DoseOn, v.CumulativeDose, v.DaysOn)


class Algebra:
    """Turn expressions into columns of a table that has a row per patient; `known` names those that are there already."""

    __slots__ = ("_inexact", "_known", "_wide")

    def __init__(self, wide: ibis.Table, known: Mapping[Any, LeafColumns], inexact: frozenset[str]) -> None:
        self._wide = wide
        self._known = known
        self._inexact = inexact

    def value(self, node: v.Value) -> Bounds:
        """Give the columns of a value; raises `ProtocolError` for one that cannot be compiled."""
        if node in self._known:
            return self._known_value(node)
        match node:
            case v.Constant():
                return k.constant(node.number)
            case v.Missing():
                return k.missing()
            case v.PatientNumber():
                return patient_number(node, self._wide, "patients" not in self._inexact)
            case v.FollowUpEnd():
                return follow_up_end(self._wide, "courses" not in self._inexact)
            case v.NamedValue():
                return self.value(node.of)
            case v.Rounded():
                return k.monotone(self.value(node.of), round_9)
            case v.Function():
                return self._function(node)
            case v.Bands():
                return k.banded(self.value(node.of), node.edges, node.points)
            case v.Add():
                return k.add(self.value(node.left), self.value(node.right))
            case v.Subtract():
                return k.subtract(self.value(node.left), self.value(node.right))
            case v.Multiply():
                return k.product(self.value(node.left), self.value(node.right))
            case v.Divide():
                return k.quotient(self.value(node.left), self.value(node.right))
            case v.Total():
                return reduce(k.add, [self.value(part) for part in node.of])
            case v.Median():
                return k.median([self.value(part) for part in node.of])
            case v.Extreme():
                return k.extreme(node.which, [self.value(part) for part in node.of])
            case v.FirstRecorded():
                return k.first_recorded([self.value(part) for part in node.of])
            case v.CountTrue():
                return counted([self.criterion(part) for part in node.of])
            case v.Where():
                return self._where(node)
        raise ProtocolError(f"{type(node).__name__} is no value that this release can compile")

    def criterion(self, node: c.Criterion) -> Truth:
        """Give the columns of a criterion; raises `ProtocolError` for one that cannot be compiled."""
        import ibis

        if node in self._known:
            return self._known_truth(node)
        match node:
            case c.Known():
                return Truth(truth=ibis.null("boolean") if node.truth is None else ibis.literal(node.truth))
            case c.Compare():
                return compared(self.value(node.left), node.operator, self.value(node.right))
            case c.Recorded():
                return self._recorded(node)
            case c.PatientIs():
                return Truth(truth=self._wide[node.field].isin(list(node.texts)))
            case c.NamedCriterion():
                return self.criterion(node.of)
            case c.Not():
                inner = self.criterion(node.of)
                return Truth(truth=negated(inner.truth), state=inner.state)
            case c.AllOf() | c.AnyOf() | c.AtLeast():
                return self._joined_truths(node)
        raise ProtocolError(f"{type(node).__name__} is no criterion that this release can compile")

    def _joined_truths(self, node: c.AllOf | c.AnyOf | c.AtLeast) -> Truth:
        import ibis

        parts = [self.criterion(part) for part in node.of]
        match node:
            case c.AllOf():
                truth = reduce(lambda a, b: a & b, [part.truth for part in parts])
            case c.AnyOf():
                truth = reduce(lambda a, b: a | b, [part.truth for part in parts])
            case c.AtLeast():
                true = reduce(lambda a, b: a + b, [as_number(part.truth) for part in parts])
                open_ = reduce(lambda a, b: a + b, [as_number(part.truth.isnull()) for part in parts])
                truth = ibis.cases(
                    (true >= node.count, ibis.literal(True)),
                    (true + open_ < node.count, ibis.literal(False)),
                    else_=ibis.null("boolean"),
                )
        return joined(truth, parts)

    def _recorded(self, node: c.Recorded) -> Truth:
        import ibis

        of = self.value(node.of)
        if of.is_exact:
            return Truth(truth=of.low.notnull())
        return Truth(
            truth=ibis.cases(
                (of.state == 2, ibis.literal(True)), (of.state == 0, ibis.literal(False)), else_=ibis.null("boolean")
            ),
            state=ibis.literal(2),
        )

    def _where(self, node: v.Where) -> Bounds:
        """Take one branch; while what is inexact leaves the criterion open, the number lies between the two."""
        import ibis

        asked = self.criterion(node.criterion)
        then, otherwise = self.value(node.then), self.value(node.otherwise)
        null = ibis.null("float64")

        def chosen(a: Any, b: Any, open_: Any) -> Any:  # noqa: ANN401 - columns
            return ibis.cases((asked.truth, a), (negated(asked.truth), b), else_=open_)

        if asked.state is None and then.is_exact and otherwise.is_exact:
            return k.exact(chosen(then.low, otherwise.low, null))
        if asked.state is None:
            return Bounds(
                low=chosen(then.low, otherwise.low, null),
                high=chosen(then.high, otherwise.high, null),
                state=chosen(then.recorded, otherwise.recorded, 0),
            )
        both = k.either((then, otherwise))
        between = asked.state == 2
        return Bounds(
            low=chosen(then.low, otherwise.low, ibis.ifelse(between, both.low, null)),
            high=chosen(then.high, otherwise.high, ibis.ifelse(between, both.high, null)),
            state=chosen(then.recorded, otherwise.recorded, ibis.ifelse(between, both.state, asked.state)),
        )

    def _function(self, node: v.Function) -> Bounds:
        import ibis

        of, null = self.value(node.of), ibis.null("float64")
        match node.name:
            case "exp":
                return k.monotone(of, lambda number: number.exp())
            case "ln":
                return k.monotone(of, lambda number: ibis.ifelse(number > 0, number, null).ln(), everywhere=False)
            case "sqrt":
                return k.monotone(of, lambda number: ibis.ifelse(number >= 0, number, null).sqrt(), everywhere=False)
            case "floor":
                return k.monotone(of, lambda number: number.floor().cast("float64"))
        return k.absolute(of)

    def _known_value(self, node: v.Value) -> Bounds:
        """Read a leaf, or a part that was worked out before."""
        import ibis

        named = self._known[node]
        low = self._wide[named.low].cast("float64")
        if isinstance(node, _SUMS):
            return self._sum_over_courses(node, named)
        if named.state is None:
            return k.exact(low)
        bounds = Bounds(
            low=low, high=self._wide[named.high].cast("float64"), state=self._wide[named.state].fill_null(0)
        )
        if not isinstance(node, v.Nearest):
            return bounds
        return self._unless_day_missing(days_of(node), bounds, ibis.null("float64"))

    def _sum_over_courses(self, node: v.DoseOn | v.CumulativeDose | v.DaysOn, named: LeafColumns) -> Bounds:
        """Read a sum over courses: 0 without any course, NULL when a dose or a day is missing."""
        import ibis

        wide, zero, null = self._wide, ibis.literal(0.0), ibis.null("float64")
        low = wide[named.low].cast("float64")
        none = wide[f"{named.low}_rows"].fill_null(0) == 0
        if named.state is None:
            return self._unless_day_missing(days_of(node), k.exact(ibis.ifelse(none, zero, low)), null)
        bounds = Bounds(
            low=ibis.ifelse(none, zero, low),
            high=ibis.ifelse(none, zero, wide[named.high].cast("float64")),
            state=ibis.ifelse(none, 2, wide[named.state]),
        )
        if isinstance(node, v.DoseOn):
            unseen = out_of_sight(self.value(node.day), self._wide)
            bounds = Bounds(
                low=ibis.ifelse(unseen, null, bounds.low),
                high=ibis.ifelse(unseen, null, bounds.high),
                state=ibis.ifelse(unseen, 1, bounds.state),
            )
        return self._unless_day_missing(days_of(node), bounds, null)

    def _unless_day_missing(self, days: tuple[v.Value, ...], bounds: Bounds, null: Any) -> Bounds:  # noqa: ANN401
        import ibis

        if not days:
            return bounds
        own = [self.value(day) for day in days]
        state = k.join(own)
        if state is None and bounds.is_exact:
            missing = reduce(lambda a, b: a | b, [day.low.isnull() for day in own])
            return k.exact(ibis.ifelse(missing, null, bounds.low))
        state = reduce(least, [day.recorded for day in own])
        return Bounds(
            low=ibis.ifelse(state == 2, bounds.low, null),
            high=ibis.ifelse(state == 2, bounds.high, null),
            state=ibis.ifelse(state == 2, bounds.recorded, state),
        )

    def _known_truth(self, node: c.Criterion) -> Truth:
        """Read a leaf, which says 2 for true, 1 for open and 0 for false, or a part that was worked out before."""
        import ibis

        named, wide, null = self._known[node], self._wide, ibis.null("boolean")
        if not isinstance(node, LEAVES):
            return Truth(truth=wide[named.low], state=None if named.state is None else wide[named.state])
        if isinstance(node, c.TextIs):
            if named.state is None:
                return Truth(truth=wide[named.low])
            return Truth(truth=wide[named.low], state=wide[named.state].fill_null(0))
        found = wide[named.low].fill_null(0)
        own = [self.value(day) for day in days_of(node)]
        days = reduce(least, [day.recorded for day in own]) if own else ibis.literal(2)
        if named.state is None:
            return Truth(truth=ibis.ifelse(days == 2, found == 2, null) if own else found == 2)
        unseen = ibis.literal(False)
        if isinstance(node, c.Taking):
            unseen = (found < 2) & out_of_sight(own[0], wide)
        truth = ibis.cases(((days < 2) | unseen | (found == 1), null), else_=found == 2)
        return Truth(truth=truth, state=ibis.cases((days < 2, days), (unseen, 1), else_=2))
