"""Evaluate expressions for all patients: on an engine in one query, or patient by patient in plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from myosotis.errors import UsageError
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import IndexDate, records
from myosotis.language.structure import Node

if TYPE_CHECKING:
    from myosotis.language.engine import EngineTables
    from myosotis.language.outcome import Outcome
    from myosotis.model.dataset import Dataset

__all__ = ["Evaluated", "evaluate", "evaluate_tables", "fetch", "outcomes"]

Result = float | bool | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """Hold what expressions came to: `columns[name][i]` belongs to `patients[i]`; `query` is the SQL that was sent.

    A value is a float, a criterion a bool, categories a string; None is missing or not evaluable. Patients are in
    the order of their identifiers.
    """

    patients: tuple[str, ...]
    columns: Mapping[str, tuple[Result, ...]]
    query: str

    def of(self, name: str) -> dict[str, Result]:
        """Give one expression's results by patient; raises `UsageError` for a name that was not evaluated."""
        if name not in self.columns:
            raise UsageError(f"{name!r} was not evaluated; there are {', '.join(self.columns)}")
        return dict(zip(self.patients, self.columns[name], strict=True))


def evaluate(nodes: Mapping[str, Node], data: Dataset, index: IndexDate, *, connection: Any = None) -> Evaluated:  # noqa: ANN401
    """Evaluate named expressions for every patient of a data set on DuckDB in memory, or on a given Ibis backend.

    Raises `ProtocolError` for an expression that cannot be compiled.
    """
    from myosotis.language.engine import connect

    return evaluate_tables(nodes, connect(data, index, connection))


def evaluate_tables(nodes: Mapping[str, Node], tables: EngineTables) -> Evaluated:
    """Evaluate named expressions on tables that an engine already holds."""
    from myosotis.language.compile import compile_table

    # Analyses often ask for the same expression under names of their own; the engine is asked once.
    asked = {node: name for name, node in reversed(list(nodes.items()))}
    expression = compile_table({name: nodes[name] for name in nodes if asked[nodes[name]] == name}, tables)
    query = str(tables.connection.compile(expression))
    found = fetch(tables.connection, expression, query)
    return Evaluated(
        patients=tuple(found.column("patient_id").to_pylist()),
        columns={name: tuple(found.column(asked[node]).to_pylist()) for name, node in nodes.items()},
        query=query,
    )


def fetch(connection: Any, expression: Any, query: str) -> Any:  # noqa: ANN401 - backend, expression, Arrow table
    """Run the query as it was compiled where the backend hands out Arrow itself; compiling twice doubles the time."""
    if connection.name == "duckdb":
        # The expression's own types: DuckDB would hand a written number back as a decimal.
        return connection.raw_sql(query).to_arrow_table().cast(expression.schema().to_pyarrow())
    return connection.to_pyarrow(expression)


def outcomes(node: Node, data: Dataset, index: IndexDate) -> dict[str, Outcome]:
    """Evaluate one expression for every patient in plain Python, keeping the tree and the rows behind each result."""
    return {record.patient_id: evaluate_patient(node, record) for record in records(data, index)}
