"""Ask the engine what expressions come to, and the rules over rows, on the same tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from myosotis.engine_rules.asked import Answers, CoursesAsked, EventsAsked, GradesAsked, PausesAsked, RowsAsked
from myosotis.language.evaluate import Evaluated, evaluate_tables, fetch
from myosotis.language.record import IndexDate
from myosotis.language.structure import Node

if TYPE_CHECKING:
    import ibis

    from myosotis.language.engine import EngineTables
    from myosotis.model.dataset import Dataset

__all__ = ["OnEngine", "answer_rows", "ask_engine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnEngine:
    """Hold what the engine said: of expressions, and of rows by the name that each question was asked under."""

    evaluated: Evaluated
    rows: Mapping[str, Answers]
    queries: Mapping[str, str]

    @property
    def query(self) -> str:
        """Give all that was sent: the query of the expressions, and that of each question about rows under its name."""
        told = (f"-- rows asked by {name}\n{query}" for name, query in self.queries.items())
        return ";\n\n".join((self.evaluated.query, *told))


def ask_engine(nodes: Mapping[str, Node], asked: Mapping[str, RowsAsked], data: Dataset, index: IndexDate) -> OnEngine:
    """Ask DuckDB in memory what expressions come to, and the rules over rows."""
    from myosotis.language.engine import connect

    tables = connect(data, index)
    answered = {name: answer_rows(one, tables) for name, one in asked.items()}
    return OnEngine(
        evaluated=evaluate_tables(nodes, tables),
        rows={name: answers for name, (answers, _) in answered.items()},
        queries={name: query for name, (_, query) in answered.items()},
    )


def _table(asked: RowsAsked, tables: EngineTables) -> ibis.Table:
    from myosotis.engine_rules.courses import courses_table
    from myosotis.engine_rules.events import events_table
    from myosotis.engine_rules.grades import grades_table
    from myosotis.engine_rules.pauses import pauses_table
    from myosotis.engine_rules.taper import taper_table

    if isinstance(asked, EventsAsked):
        return events_table(asked, tables)
    if isinstance(asked, CoursesAsked):
        return courses_table(asked, tables)
    if isinstance(asked, GradesAsked):
        return grades_table(asked, tables)
    if isinstance(asked, PausesAsked):
        return pauses_table(asked, tables)
    return taper_table(asked, tables)


def answer_rows(asked: RowsAsked, tables: EngineTables) -> tuple[Answers, str]:
    """Answer one question about rows, with the query that was sent; a patient without rows has no answers."""
    table = _table(asked, tables)
    query = str(tables.connection.compile(table))
    found: Answers = {}
    for row in fetch(tables.connection, table, query).to_pylist():
        found.setdefault(row.pop("patient_id"), []).append(tuple(row.values()))
    return found, query
