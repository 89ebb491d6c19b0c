"""Compile expressions to one Ibis table: a row per patient, a column per expression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from myosotis.core.portable import as_number, days_between, round_9, years_between
from myosotis.errors import ProtocolError
from myosotis.language import columns as k
from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.columns import Bounds, Truth
from myosotis.language.engine import EngineTables
from myosotis.language.gather import LEAVES, gather
from myosotis.language.gather_days import days_of
from myosotis.language.leaf_columns import LeafColumns
from myosotis.language.record import FAR
from myosotis.language.structure import Node, operands, walk

if TYPE_CHECKING:
    import ibis

__all__ = ["compile_table"]

_DAYS_PER_MONTH = 365.25 / 12
_SUMS = (v.DoseOn, v.CumulativeDose, v.DaysOn)


def compile_table(nodes: Mapping[str, Node], tables: EngineTables) -> ibis.Table:
    """Build the table with patient_id and one column per named expression, ordered by patient_id.

    A value gives a double, a criterion a boolean, categories a string; NULL is missing or not evaluable. Leaves are
    gathered first, in rounds: a leaf that hangs on a patient's own day waits until that day is a column. Then every part
    that is used more than once becomes a column of its own, from the innermost outwards, so that nothing is spelled twice.
    """
    wide, known = _gathered(nodes, tables)
    verdicts = {name: _questions(node) for name, node in nodes.items()}
    wanted = [one for each in verdicts.values() for one in each.values()]
    for layer in _layers(wanted, known, tables.inexact):
        algebra = _Algebra(wide, known, tables)
        made: dict[str, Any] = {}
        kept: dict[Any, LeafColumns] = {}
        for node in layer:
            columns, kept[node] = _kept(node, f"part_{len(known) + len(kept)}", algebra)
            made |= columns
        wide = wide.mutate(**made)
        known |= kept
    algebra = _Algebra(wide, known, tables)
    found = {name: _column(nodes[name], each, algebra) for name, each in verdicts.items()}
    return wide.select("patient_id", **found).order_by("patient_id")


def _questions(node: Node) -> dict[str, Node]:
    """Name the values and criteria that an expression is answered by: itself, or for categories one for each level."""
    if isinstance(node, c.Categories):
        return {level: node.is_in(level) for level in node.levels}
    return {"": node}


def _column(node: Node, questions: Mapping[str, Node], algebra: _Algebra) -> Any:  # noqa: ANN401 - an Ibis column
    import ibis

    if isinstance(node, c.Categories):
        # An open category is in none of them.
        branches = [
            (algebra.criterion(asked).truth.fill_null(False), ibis.literal(level))  # type: ignore[arg-type]
            for level, asked in questions.items()
        ]
        return ibis.cases(*branches, else_=ibis.null("string"))
    return algebra.value(node).number if isinstance(node, v.Value) else algebra.criterion(node).truth


def _gathered(nodes: Mapping[str, Node], tables: EngineTables) -> tuple[ibis.Table, dict[Any, LeafColumns]]:
    leaves = list(dict.fromkeys(one for node in nodes.values() for one in walk(node) if isinstance(one, LEAVES)))
    known: dict[Any, LeafColumns] = {}
    wide = tables.patients
    while len(known) < len(leaves):
        ready = [leaf for leaf in leaves if leaf not in known and all(_settled(day, known) for day in days_of(leaf))]
        algebra = _Algebra(wide, known, tables)
        own_days = list(dict.fromkeys(day for leaf in ready for day in days_of(leaf)))
        day_names: dict[v.Value, tuple[str, str]] = {}
        day_columns: dict[str, Any] = {}
        for i, day in enumerate(own_days):
            bounds = algebra.value(day)
            reaching = _reaching(bounds)
            own = tuple(f"day_{i}{end}" for end in ("", "_high")[: len(reaching)])
            day_names[day] = (own[0], own[-1])
            day_columns |= dict(zip(own, reaching, strict=True))
        names = {leaf: f"leaf_{len(known) + i}" for i, leaf in enumerate(ready)}
        days = wide.select("patient_id", **day_columns)
        parts, made = gather(names, days, day_names, tables)
        wide = _joined(wide, parts)
        known.update(made)
    return wide, known


def _reaching(day: Bounds) -> tuple[Any, ...]:
    """Give a day's bounds to the leaves that hang on it; one that is there without a bound reaches as far as days do."""
    import ibis

    if day.is_exact:
        return (day.low,)
    there = day.state == 2
    null = ibis.null("float64")
    return (
        ibis.ifelse(there, day.low.fill_null(float(-FAR)), null),
        ibis.ifelse(there, day.high.fill_null(float(FAR)), null),
    )


def _joined(wide: ibis.Table, gathered: list[ibis.Table]) -> ibis.Table:
    """Join gathered columns to the patients side by side, so that the query grows in breadth and not in depth."""
    chain, columns = wide, list(wide.columns)
    for i, table in enumerate(gathered):
        key = f"gathered_{i}"
        columns += [name for name in table.columns if name != "patient_id"]
        renamed = table.rename({key: "patient_id"})
        chain = chain.left_join(renamed, [("patient_id", key)])
    return chain.select(columns)


def _settled(day: v.Value, known: Mapping[Any, LeafColumns]) -> bool:
    return all(one in known for one in walk(day) if isinstance(one, LEAVES))


def _layers(nodes: list[Node], known: Mapping[Any, LeafColumns], inexact: frozenset[str]) -> Iterator[list[Node]]:
    """List the parts that become columns, innermost first: each layer needs only the ones before it.

    A part is one where it is used more than once, or where it has bounds, since what is made of bounds names each of them
    several times and would otherwise be spelled out once more at every step.
    """
    uses: Counter[Node] = Counter(nodes)
    heights: dict[Node, int] = {}
    with_bounds: dict[Node, bool] = {}

    def visit(node: Node) -> None:
        if node in heights:
            return
        below = () if isinstance(node, LEAVES) else operands(node)
        for one in below:
            uses[one] += 1
            visit(one)
        heights[node] = 1 + max((heights[one] for one in below), default=0)
        own = isinstance(node, LEAVES) and known[node].state is not None
        own = own or (isinstance(node, v.PatientNumber) and "patients" in inexact)
        own = own or (isinstance(node, v.FollowUpEnd) and "courses" in inexact)
        with_bounds[node] = own or any(with_bounds[one] for one in below)

    for node in nodes:
        visit(node)
    plain = (*LEAVES, v.Constant, v.Missing, c.Known, c.PatientIs)
    kept = [node for node in heights if (uses[node] > 1 or with_bounds[node]) and not isinstance(node, plain)]
    for level in sorted({heights[node] for node in kept}):
        yield [node for node in kept if heights[node] == level]


def _kept(node: Node, name: str, algebra: _Algebra) -> tuple[dict[str, Any], LeafColumns]:
    """Name the columns of a part that others will be made of."""
    if isinstance(node, v.Value):
        found = algebra.value(node)
        if found.is_exact:
            return {name: found.low}, LeafColumns(low=name)
        columns = {name: found.low, f"{name}_high": found.high, f"{name}_state": found.state}
        return columns, LeafColumns(low=name, high=f"{name}_high", state=f"{name}_state")
    truth = algebra.criterion(node)  # type: ignore[arg-type]
    if truth.inexact is None:
        return {name: truth.truth}, LeafColumns(low=name)
    return {name: truth.truth, f"{name}_open": truth.inexact}, LeafColumns(low=name, state=f"{name}_open")


class _Algebra:
    """Turn expressions into columns of the wide table."""

    __slots__ = ("_known", "_tables", "_wide")

    def __init__(self, wide: ibis.Table, known: Mapping[Any, LeafColumns], tables: EngineTables) -> None:
        self._wide = wide
        self._known = known
        self._tables = tables

    def value(self, node: v.Value) -> Bounds:
        if node in self._known:
            return self._known_value(node)
        match node:
            case v.Constant():
                return k.constant(node.number)
            case v.Missing():
                return k.missing()
            case v.PatientNumber():
                return self._patient_number(node)
            case v.FollowUpEnd():
                return self._follow_up_end()
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
                return k.corners(self.value(node.left), self.value(node.right), lambda a, b: a * b)
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
                return k.counted([self.criterion(part) for part in node.of])
            case v.Where():
                return self._where(node)
        raise ProtocolError(f"{type(node).__name__} is no value that this release can compile")

    def criterion(self, node: c.Criterion) -> Truth:
        import ibis

        if node in self._known:
            return self._known_truth(node)
        match node:
            case c.Known():
                return Truth(truth=ibis.null("boolean") if node.truth is None else ibis.literal(node.truth))
            case c.Compare():
                return k.compared(self.value(node.left), node.operator, self.value(node.right))
            case c.Recorded():
                return self._recorded(node)
            case c.PatientIs():
                return Truth(truth=self._wide[node.field].isin(list(node.texts)))
            case c.NamedCriterion():
                return self.criterion(node.of)
            case c.Not():
                inner = self.criterion(node.of)
                return Truth(truth=~inner.truth, inexact=inner.inexact)
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
        return _open_only(truth, k.any_inexact([part.inexact for part in parts]))

    def _recorded(self, node: c.Recorded) -> Truth:
        import ibis

        of = self.value(node.of)
        if of.is_exact:
            return Truth(truth=of.low.notnull())
        return Truth(
            truth=ibis.cases(
                (of.state == 2, ibis.literal(True)), (of.state == 0, ibis.literal(False)), else_=ibis.null("boolean")
            ),
            inexact=of.state == 1,
        )

    def _where(self, node: v.Where) -> Bounds:
        """Take one branch; none while the criterion is open, unless something inexact leaves it between the two."""
        import ibis

        asked = self.criterion(node.criterion)
        then, otherwise = self.value(node.then), self.value(node.otherwise)
        null = ibis.null("float64")

        def chosen(a: Any, b: Any, open_: Any) -> Any:  # noqa: ANN401 - columns
            return ibis.cases((asked.truth, a), (~asked.truth, b), else_=open_)

        if asked.inexact is None and then.is_exact and otherwise.is_exact:
            return k.exact(chosen(then.low, otherwise.low, null))
        if asked.inexact is None:
            return Bounds(
                low=chosen(then.low, otherwise.low, null),
                high=chosen(then.high, otherwise.high, null),
                state=chosen(then.recorded, otherwise.recorded, 0),
            )
        both = k.either((then, otherwise))
        agreed = (both.state == 2) & (both.low == both.high).fill_null(False)
        state = ibis.cases((~asked.inexact, 0), (agreed, 2), (both.state == 0, 0), else_=1)
        return Bounds(
            low=chosen(then.low, otherwise.low, ibis.ifelse(asked.inexact, both.low, null)),
            high=chosen(then.high, otherwise.high, ibis.ifelse(asked.inexact, both.high, null)),
            state=chosen(then.recorded, otherwise.recorded, state),
        )

    def _patient_number(self, node: v.PatientNumber) -> Bounds:
        import ibis

        wide, exact = self._wide, "patients" not in self._tables.inexact
        (birth_low, birth_high), (onset_low, onset_high), (diagnosis_low, diagnosis_high) = (
            (wide[f"{name}_date"],) * 2
            if exact
            else tuple(
                ibis.coalesce(wide[f"{name}_date"], wide[f"{name}_date_{end}"]) for end in ("earliest", "latest")
            )
            for name in ("birth", "onset", "diagnosis")
        )
        given = None
        match node.field:
            case "age_at_index":
                low, high = (years_between(wide.index_date, birth) for birth in (birth_high, birth_low))
                given = wide.age_at_index.cast("float64")
            case "age_at_onset":
                first = ibis.ifelse(onset_low < birth_high, birth_high, onset_low)
                low, high = years_between(first, birth_high), years_between(onset_high, birth_low)
            case _:
                low, high = (
                    days_between(wide.index_date, day).cast("float64") / _DAYS_PER_MONTH
                    for day in (diagnosis_high, diagnosis_low)
                )
        if given is not None:
            low, high = ibis.coalesce(low, given), ibis.coalesce(high, given)
        return k.exact(high) if exact else Bounds(low=low, high=high, state=ibis.ifelse(low.notnull(), 2, 0))

    def _follow_up_end(self) -> Bounds:
        import ibis

        wide, null = self._wide, ibis.null("float64")
        low = ibis.least(wide.death_low, wide.last_contact_low)
        high = ibis.least(wide.death_high, wide.last_contact_high)
        if "courses" not in self._tables.inexact:
            return k.exact(ibis.ifelse(low < FAR, low.cast("float64"), null))
        return Bounds(
            low=ibis.ifelse((low < FAR) & (low > -FAR), low.cast("float64"), null),
            high=ibis.ifelse(high < FAR, high.cast("float64"), null),
            state=ibis.ifelse(low < FAR, 2, 0),
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
            unseen = self._out_of_sight(self.value(node.day))
            bounds = Bounds(
                low=ibis.ifelse(unseen, null, bounds.low),
                high=ibis.ifelse(unseen, null, bounds.high),
                state=ibis.ifelse(unseen, 1, bounds.state),
            )
        return self._unless_day_missing(days_of(node), bounds, null)

    def _out_of_sight(self, day: Bounds) -> Any:  # noqa: ANN401 - a column
        """Say where a day may lie beyond the last contact with a patient who may be alive on it: nobody knows then."""
        low, high = (_reaching(day) * 2)[:2]
        return ((high > self._wide.last_contact_low) & (low <= self._wide.death_high)).fill_null(False)

    def _unless_day_missing(self, days: tuple[v.Value, ...], bounds: Bounds, null: Any) -> Bounds:  # noqa: ANN401
        import ibis

        if not days:
            return bounds
        own = [self.value(day) for day in days]
        state = k.join(own)
        if state is None and bounds.is_exact:
            missing = reduce(lambda a, b: a | b, [day.low.isnull() for day in own])
            return k.exact(ibis.ifelse(missing, null, bounds.low))
        state = reduce(k.least, [day.recorded for day in own])
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
            return Truth(truth=wide[named.low], inexact=None if named.state is None else wide[named.state])
        if isinstance(node, c.TextIs):
            if named.state is None:
                return Truth(truth=wide[named.low])
            return Truth(truth=wide[named.low], inexact=wide[named.state].fill_null(False))
        found = wide[named.low].fill_null(0)
        days = days_of(node)
        state = reduce(k.least, [self.value(day).recorded for day in days]) if days else None
        if named.state is None:
            truth = found == 2
            return Truth(truth=truth if state is None else ibis.ifelse(state == 2, truth, null))
        open_ = found == 1
        if isinstance(node, c.Taking):
            open_ = open_ | ((found == 0) & self._out_of_sight(self.value(node.day)))
        if state is not None:
            open_ = (open_ & (state == 2)) | (state == 1)
        truth = ibis.cases((open_, null), else_=found == 2)
        if state is not None:
            truth = ibis.ifelse(state == 2, truth, null)
        return Truth(truth=truth, inexact=open_)


def _open_only(truth: Any, inexact: Any) -> Truth:  # noqa: ANN401 - columns
    return Truth(truth=truth, inexact=None if inexact is None else inexact.fill_null(False) & truth.isnull())
