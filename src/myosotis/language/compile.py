"""Compile expressions to one Ibis table: a row per patient, a column per expression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.algebra import Algebra
from myosotis.language.engine import EngineTables
from myosotis.language.engine_leaves import LEAVES, gather
from myosotis.language.engine_leaves_days import days_of
from myosotis.language.leaf_columns import LeafColumns, bounded
from myosotis.language.patient_columns import reaching
from myosotis.language.structure import Node, operands, walk

if TYPE_CHECKING:
    import ibis

__all__ = ["compile_bounds", "compile_table"]


def compile_table(nodes: Mapping[str, Node], tables: EngineTables) -> ibis.Table:
    """Build the table with patient_id and one column per named expression, ordered by patient_id.

    A value gives a double, a criterion a boolean, categories a string; NULL is missing or not evaluable. Leaves are
    gathered first, in rounds: a leaf that hangs on a patient's own day waits until that day is a column. Then every part
    that is used more than once becomes a column of its own, from the innermost outwards, so that nothing is spelled twice.
    """
    verdicts = {name: _questions(node) for name, node in nodes.items()}
    wanted = [one for each in verdicts.values() for one in each.values()]
    wide, algebra = _prepared(nodes, wanted, tables)
    found = {name: _column(nodes[name], each, algebra) for name, each in verdicts.items()}
    return wide.select("patient_id", **found).order_by("patient_id")


def compile_bounds(values: Mapping[str, v.Value], tables: EngineTables) -> ibis.Table:
    """Build the table with patient_id and three columns for each named value: NAME_low, NAME_high and NAME_recorded.

    A bound is NULL where there is none; recorded says that there certainly is a number.
    """
    wide, algebra = _prepared(dict(values), list(values.values()), tables)
    columns: dict[str, Any] = {}
    for name, value in values.items():
        found = algebra.value(value)
        columns |= {f"{name}_low": found.low, f"{name}_high": found.high, f"{name}_recorded": found.recorded == 2}
    return wide.select("patient_id", **columns)


def _prepared(nodes: Mapping[str, Node], wanted: list[Node], tables: EngineTables) -> tuple[ibis.Table, Algebra]:
    """Gather the leaves, and make columns of the parts that others are made of."""
    wide, known = _gathered(nodes, tables)
    for layer in _layers(wanted, known, tables.inexact):
        algebra = Algebra(wide, known, tables.inexact)
        made: dict[str, Any] = {}
        kept: dict[Any, LeafColumns] = {}
        for node in layer:
            columns, kept[node] = _kept(node, f"part_{len(known) + len(kept)}", algebra)
            made |= columns
        wide = wide.mutate(**made)
        known |= kept
    return wide, Algebra(wide, known, tables.inexact)


def _questions(node: Node) -> dict[str, Node]:
    """Name the values and criteria that an expression is answered by: itself, or for categories one for each level."""
    if isinstance(node, c.Categories):
        return {level: node.is_in(level) for level in node.levels}
    return {"": node}


def _column(node: Node, questions: Mapping[str, Node], algebra: Algebra) -> Any:  # noqa: ANN401 - an Ibis column
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
        algebra = Algebra(wide, known, tables.inexact)
        own_days = list(dict.fromkeys(day for leaf in ready for day in days_of(leaf)))
        day_names: dict[v.Value, tuple[str, str]] = {}
        day_columns: dict[str, Any] = {}
        for i, day in enumerate(own_days):
            bounds = algebra.value(day)
            ends = reaching(bounds)
            own = tuple(f"day_{i}{end}" for end in ("", "_high")[: len(ends)])
            day_names[day] = (own[0], own[-1])
            day_columns |= dict(zip(own, ends, strict=True))
        names = {leaf: f"leaf_{len(known) + i}" for i, leaf in enumerate(ready)}
        days = wide.select("patient_id", **day_columns)
        parts, made = gather(names, days, day_names, tables)
        wide = _joined(wide, parts)
        known.update(made)
    return wide, known


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


def _kept(node: Node, name: str, algebra: Algebra) -> tuple[dict[str, Any], LeafColumns]:
    """Name the columns of a part that others will be made of."""
    if isinstance(node, v.Value):
        found = algebra.value(node)
        if found.is_exact:
            return {name: found.low}, LeafColumns(low=name)
        columns = {name: found.low, f"{name}_high": found.high, f"{name}_state": found.state}
        return columns, bounded(name)
    truth = algebra.criterion(node)  # type: ignore[arg-type]
    if truth.state is None:
        return {name: truth.truth}, LeafColumns(low=name)
    return {name: truth.truth, f"{name}_state": truth.state}, LeafColumns(low=name, state=f"{name}_state")
