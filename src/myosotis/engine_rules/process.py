"""Ask the engine in a process of its own, while this one goes on.

The two evaluations of a study do not need each other until they are compared, so they run side by side.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from myosotis.core.subprocess_worker import Worker, start_worker
from myosotis.engine_rules.answered import OnEngine, ask_engine
from myosotis.engine_rules.asked import RowsAsked
from myosotis.language.record import IndexDate
from myosotis.language.structure import Node

if TYPE_CHECKING:
    from myosotis.model.dataset import Dataset

__all__ = ["Running", "ask_in_process"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Hold questions that were asked; `result` waits for the answers, `stop` gives them up."""

    worker: Worker

    def result(self) -> OnEngine:
        """Give the answers; raises `MyosotisError` when the process ended without one."""
        found: OnEngine = pickle.loads(self.worker.answer())
        return found

    def stop(self) -> None:
        """End the process if it still runs."""
        self.worker.stop()


def ask_in_process(
    nodes: Mapping[str, Node], asked: Mapping[str, RowsAsked], data: Dataset, index: IndexDate
) -> Running:
    """Ask DuckDB in a second process of the same Python; end it with `result` or `stop`."""
    content = pickle.dumps((dict(nodes), dict(asked), data, index))
    worker = start_worker("myosotis.engine_rules.process", content, what="the evaluation on the engine")
    return Running(worker=worker)


def _serve() -> None:
    nodes, asked, data, index = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(ask_engine(nodes, asked, data, index)))


if __name__ == "__main__":
    _serve()
