"""Compile expressions to one Ibis table: a row per patient, a column per expression."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from myosotis.core.portable import as_number, days_between, divide, round_9, years_between
from myosotis.errors import ProtocolError
from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.engine import EngineTables
from myosotis.language.gather import LEAVES, days_of, gather
from myosotis.language.structure import Node, walk

if TYPE_CHECKING:
    import ibis

__all__ = ["compile_table"]

_DAYS_PER_MONTH = 365.25 / 12


def compile_table(nodes: Mapping[str, Node], tables: EngineTables) -> ibis.Table:
    """Build the table with patient_id and one column per named expression, ordered by patient_id.

    A value gives a double, a criterion a boolean, categories a string; NULL is missing or not evaluable. Leaves are
    gathered first, in rounds: a leaf that hangs on a patient's own day waits until that day is a column.
    """
    leaves = list(dict.fromkeys(one for node in nodes.values() for one in walk(node) if isinstance(one, LEAVES)))
    known: dict[Any, str] = {}
    wide = tables.patients
    while len(known) < len(leaves):
        ready = [leaf for leaf in leaves if leaf not in known and all(_settled(day, known) for day in days_of(leaf))]
        columns = {leaf: f"leaf_{len(known) + i}" for i, leaf in enumerate(ready)}
        own_days = list(dict.fromkeys(day for leaf in ready for day in days_of(leaf)))
        day_names = {day: f"day_{i}" for i, day in enumerate(own_days)}
        algebra = _Algebra(wide, known)
        days = wide.select("patient_id", **{name: algebra.value(day) for day, name in day_names.items()})
        wide = _joined(wide, gather(columns, days, day_names, tables))
        known.update(columns)
    # Each category's criterion becomes a column first, since the rules that sort patients name it several times.
    cases = list(
        dict.fromkeys(case for node in nodes.values() if isinstance(node, c.Categories) for _, case in node.cases)
    )
    if cases:
        algebra = _Algebra(wide, known)
        wide = wide.mutate(**{f"case_{i}": algebra.criterion(case) for i, case in enumerate(cases)})
        known.update({case: f"case_{i}" for i, case in enumerate(cases)})
    algebra = _Algebra(wide, known)
    return wide.select("patient_id", **{name: algebra.column(node) for name, node in nodes.items()}).order_by(
        "patient_id"
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


def _settled(day: v.Value, known: Mapping[Any, str]) -> bool:
    return all(one in known for one in walk(day) if isinstance(one, LEAVES))


class _Algebra:
    """Turn expressions into columns of the wide table."""

    __slots__ = ("_known", "_wide")

    def __init__(self, wide: ibis.Table, known: Mapping[Any, str]) -> None:
        self._wide = wide
        self._known = known

    def column(self, node: Node) -> Any:  # noqa: ANN401 - an Ibis column
        if isinstance(node, c.Categories):
            return self._categories(node)
        return self.value(node) if isinstance(node, v.Value) else self.criterion(node)

    def value(self, node: v.Value) -> Any:  # noqa: ANN401 - an Ibis column
        import ibis

        match node:
            case v.DoseOn() | v.CumulativeDose() | v.DaysOn():
                return self._sum_over_courses(node)
            case v.Constant():
                return ibis.literal(node.number).cast("float64")
            case v.PatientNumber():
                return self._patient_number(node)
            case v.NamedValue():
                return self.value(node.of)
            case v.Rounded():
                return round_9(self.value(node.of))
            case v.Function():
                return self._function(node)
            case v.Bands():
                return self._bands(node)
            case v.Add():
                return self.value(node.left) + self.value(node.right)
            case v.Subtract():
                return self.value(node.left) - self.value(node.right)
            case v.Multiply():
                return self.value(node.left) * self.value(node.right)
            case v.Divide():
                return divide(self.value(node.left), self.value(node.right))
            case v.Total():
                return reduce(lambda a, b: a + b, [self.value(part) for part in node.of])
            case v.Median():
                return self._median([self.value(part) for part in node.of])
            case v.Extreme():
                return self._extreme(node)
            case v.FirstRecorded():
                return ibis.coalesce(*[self.value(part) for part in node.of])
            case v.CountTrue():
                truths = [self.criterion(part) for part in node.of]
                counted = reduce(lambda a, b: a + b, [as_number(truth) for truth in truths]).cast("float64")
                open_ = reduce(lambda a, b: a | b, [truth.isnull() for truth in truths])
                return ibis.ifelse(open_, ibis.null("float64"), counted)
            case v.Where():
                truth = self.criterion(node.criterion)
                branch = ibis.ifelse(truth, self.value(node.then), self.value(node.otherwise))
                return ibis.ifelse(truth.isnull(), ibis.null("float64"), branch)
        if node in self._known:
            return self._wide[self._known[node]].cast("float64")
        raise ProtocolError(f"{type(node).__name__} is no value that this release can compile")

    def criterion(self, node: c.Criterion) -> Any:  # noqa: ANN401 - an Ibis column
        import ibis

        if not isinstance(node, LEAVES) and node in self._known:
            return self._wide[self._known[node]]
        match node:
            case c.Known():
                return ibis.null("boolean") if node.truth is None else ibis.literal(node.truth)
            case c.Compare():
                return self._compare(node)
            case c.Recorded():
                return self.value(node.of).notnull()
            case c.TextIs():
                return self._wide[self._known[node]]
            case c.PatientIs():
                return self._wide[node.field].isin(list(node.texts))
            case c.HasCondition() | c.Started() | c.Taking():
                found = self._wide[self._known[node]].fill_null(False)
                return self._unless_day_missing(days_of(node), found, "boolean")
            case c.NamedCriterion():
                return self.criterion(node.of)
            case c.Not():
                return ~self.criterion(node.of)
            case c.AllOf():
                return reduce(lambda a, b: a & b, [self.criterion(part) for part in node.of])
            case c.AnyOf():
                return reduce(lambda a, b: a | b, [self.criterion(part) for part in node.of])
            case c.AtLeast():
                truths = [self.criterion(part) for part in node.of]
                true = reduce(lambda a, b: a + b, [as_number(truth) for truth in truths])
                open_ = reduce(lambda a, b: a + b, [as_number(truth.isnull()) for truth in truths])
                return ibis.cases(
                    (true >= node.count, ibis.literal(True)),
                    (true + open_ < node.count, ibis.literal(False)),
                    else_=ibis.null("boolean"),
                )
        raise ProtocolError(f"{type(node).__name__} is no criterion that this release can compile")

    def _categories(self, node: c.Categories) -> Any:  # noqa: ANN401
        import ibis

        branches = [(self.criterion(node.is_in(level)).fill_null(False), ibis.literal(level)) for level in node.levels]
        return ibis.cases(*branches, else_=ibis.null("string"))

    def _compare(self, node: c.Compare) -> Any:  # noqa: ANN401
        left, right = self.value(node.left), self.value(node.right)
        match node.operator:
            case "<=":
                return left <= right
            case "<":
                return left < right
            case ">=":
                return left >= right
            case ">":
                return left > right
        return round_9(left) == round_9(right)

    def _patient_number(self, node: v.PatientNumber) -> Any:  # noqa: ANN401
        import ibis

        wide = self._wide
        if node.field == "age_at_index":
            return ibis.coalesce(years_between(wide.index_date, wide.birth_date), wide.age_at_index.cast("float64"))
        if node.field == "age_at_onset":
            return years_between(wide.onset_date, wide.birth_date)
        return days_between(wide.index_date, wide.diagnosis_date).cast("float64") / _DAYS_PER_MONTH

    def _function(self, node: v.Function) -> Any:  # noqa: ANN401
        import ibis

        number = self.value(node.of)
        missing = ibis.null("float64")
        match node.name:
            case "exp":
                return number.exp()
            case "ln":
                return ibis.ifelse(number > 0, number, missing).ln()
            case "sqrt":
                return ibis.ifelse(number >= 0, number, missing).sqrt()
            case "floor":
                return number.floor().cast("float64")
        return number.abs()

    def _bands(self, node: v.Bands) -> Any:  # noqa: ANN401
        import ibis

        number = round_9(self.value(node.of))
        branches = [(number <= edge, ibis.literal(point)) for edge, point in zip(node.edges, node.points, strict=False)]
        banded = ibis.cases(*branches, else_=ibis.literal(node.points[-1])).cast("float64")
        return ibis.ifelse(number.isnull(), ibis.null("float64"), banded)

    def _median(self, columns: list[Any]) -> Any:  # noqa: ANN401
        """Take the middle of the sorted columns; NULL when any is NULL."""
        import ibis

        any_missing = reduce(lambda a, b: a | b, [column.isnull() for column in columns])
        ordered = ibis.array(columns).sort()
        half = len(columns) // 2
        middle = ordered[half] if len(columns) % 2 else (ordered[half - 1] + ordered[half]) / 2
        return ibis.ifelse(any_missing, ibis.null("float64"), middle)

    def _extreme(self, node: v.Extreme) -> Any:  # noqa: ANN401
        """Compare recorded values only: engines differ in what least and greatest do with NULL."""
        import ibis

        columns = [self.value(part) for part in node.of]
        pick = ibis.least if node.which == "smallest" else ibis.greatest
        return reduce(
            lambda a, b: ibis.ifelse(
                a.isnull(), b, ibis.ifelse(b.isnull(), a, pick(a.fill_null(0.0), b.fill_null(0.0)))
            ),
            columns,
        )

    def _sum_over_courses(self, node: v.DoseOn | v.CumulativeDose | v.DaysOn) -> Any:  # noqa: ANN401
        """Read a sum over courses: 0 without any course, NULL when a dose or a day is missing."""
        import ibis

        column = self._wide[self._known[node]].cast("float64")
        found = self._wide[f"{self._known[node]}_found"].fill_null(False)
        return self._unless_day_missing(days_of(node), ibis.ifelse(found, column, ibis.literal(0.0)), "float64")

    def _unless_day_missing(self, days: tuple[v.Value, ...], column: Any, type_: str) -> Any:  # noqa: ANN401
        import ibis

        if not days:
            return column
        missing = reduce(lambda a, b: a | b, [self.value(day).isnull() for day in days])
        return ibis.ifelse(missing, ibis.null(type_), column)
