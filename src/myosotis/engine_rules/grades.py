"""The worst grade of laboratory tests after baseline, answered on the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myosotis.core.portable import as_number
from myosotis.engine_rules.asked import GradesAsked
from myosotis.engine_rules.each_row import ASKED
from myosotis.engine_rules.graded_rows import graded_rows
from myosotis.engine_rules.moved_day import on_day
from myosotis.language.compile import compile_table
from myosotis.language.criteria import Criterion
from myosotis.language.engine import EngineTables
from myosotis.language.structure import Node
from myosotis.measures.derived.worst_grade import NORMAL, NOT_EVALUABLE, NOT_MEASURED, RAISED, LaboratoryTest
from myosotis.measures.safety_grades import transaminases_may_be_muscle

if TYPE_CHECKING:
    import ibis

__all__ = ["grades_table"]


def grades_table(asked: GradesAsked, tables: EngineTables) -> ibis.Table:
    """Build a table with a row for each patient and test: its grade before, the worst after, its bounds, day and value.

    Its columns are patient_id, name, before, after, low, high, open, day and number, as `worst_grade` gives them, and
    beside_ck: whether creatine kinase was raised on that day, of tests of which it is asked, where a grade was found.
    """
    import ibis

    found = _worst(graded_rows(asked, tables))
    before = _before(asked, tables)
    every = before.left_join(found, [("patient_id", "owner"), ("name", "test")])
    told = every.best.notnull() & (every.best >= every.low) & ((every.best > 0) | (every.high == 0))
    after = ibis.cases(
        (every.low.isnull(), NOT_MEASURED),
        (told, ibis.literal("grade ") + every.best.cast("int64").cast("string")),
        else_=NOT_EVALUABLE,
    )
    kept = every.mutate(
        after=after,
        open=every.open.fill_null(0),
        day=ibis.ifelse(told, every.day, ibis.null("int64")),
        number=ibis.ifelse(told, every.number, ibis.null("float64")),
    )
    columns = ("patient_id", "name", "before", "after", "low", "high", "open", "day", "number")
    return _beside_ck(kept.select(*columns), asked, tables)


def _before(asked: GradesAsked, tables: EngineTables) -> ibis.Table:
    """Name what each patient was at baseline, test by test."""
    import ibis

    nodes: dict[str, Node] = {}
    for i, test in enumerate(asked.tests):
        nodes[f"before_{i}"] = test.before(asked.baseline)
        nodes[f"measured_{i}"] = test.series.at(asked.baseline).recorded()
    wide = compile_table(nodes, tables)
    parts = [
        wide.select(
            "patient_id",
            name=ibis.literal(test.key),
            before=_named(test, wide[f"before_{i}"], wide[f"measured_{i}"]),
        )
        for i, test in enumerate(asked.tests)
    ]
    found: ibis.Table = ibis.union(*parts)
    return found


def _named(test: LaboratoryTest, before: Any, measured: Any) -> Any:  # noqa: ANN401 - columns
    import ibis

    unknown = ibis.ifelse(measured.fill_null(False), NOT_EVALUABLE, NOT_MEASURED)
    if test.compares:
        return ibis.cases((before.isnull(), unknown), (before, RAISED), else_=NORMAL)
    return ibis.ifelse(before.isnull(), unknown, ibis.literal("grade ") + before.round().cast("int64").cast("string"))


def _worst(rows: ibis.Table) -> ibis.Table:
    """Find the highest grade that is known, of equals the first row, and the bounds of the worst."""
    import ibis

    each = ["owner", "name"]
    known = rows.told & (rows.low == rows.high)
    # The highest grade first, then the row that comes first.
    rank = ibis.ifelse(known, rows.low * rows.count_of_rows - rows.row_number, ibis.null("int64"))
    ranked = rows.mutate(known=known, rank=rank)
    ranked = ranked.mutate(chosen=ranked.rank == ranked.rank.max().over(group_by=each))
    chosen = ranked.chosen.fill_null(False)
    return ranked.group_by(owner="owner", test="name").agg(
        low=ranked.low.max(),
        high=ranked.high.max(),
        open=as_number(~ranked.known).sum(),
        best=ranked.low.max(where=chosen),
        day=ranked.day.max(where=chosen),
        number=ranked.number.max(where=chosen),
    )


def _beside_ck(found: ibis.Table, asked: GradesAsked, tables: EngineTables) -> ibis.Table:
    """Ask on the day of the worst grade whether creatine kinase was raised; NULL where that cannot be told, or is not."""
    import ibis

    if not asked.beside_ck:
        return found.mutate(beside_ck=ibis.null("boolean"))
    raised = found.name.isin(asked.beside_ck) & (found.low >= 1) & found.day.notnull()
    rows = found.filter(raised.fill_null(False))
    rows = rows.select(owner="patient_id", test="name", asked_day="day",
                       row_id=rows.patient_id + " " + rows.name)  # fmt: skip
    verdict = transaminases_may_be_muscle.at(ASKED)
    assert isinstance(verdict, Criterion)
    apart = on_day(rows, tables, verdict)
    judged = compile_table({"beside_ck": verdict}, apart)
    beside = rows.inner_join(judged, [("row_id", "patient_id")]).select("owner", "test", "beside_ck")
    joined = found.left_join(beside, [("patient_id", "owner"), ("name", "test")])
    # Chosen by name: dropping two columns writes them in an order of its own on every run.
    return joined.select(*found.columns, "beside_ck")
