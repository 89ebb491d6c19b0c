"""Engines that a table of patients is evaluated on; a further engine joins by one more entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from myosotis.language.evaluate import evaluate, outcomes
from myosotis.language.record import IndexDate
from myosotis.language.structure import Node
from myosotis.model.dataset import Dataset

Results = dict[str, dict[str, object]]
Engine = Callable[[Mapping[str, Node], Dataset, IndexDate], Results]


def on_python(nodes: Mapping[str, Node], data: Dataset, index: IndexDate) -> Results:
    return {
        name: {patient: outcome.result for patient, outcome in outcomes(node, data, index).items()}
        for name, node in nodes.items()
    }


def on_duckdb(nodes: Mapping[str, Node], data: Dataset, index: IndexDate) -> Results:
    found = evaluate(nodes, data, index)
    return {name: found.of(name) for name in nodes}


ENGINES: dict[str, Engine] = {"python": on_python, "duckdb": on_duckdb}
