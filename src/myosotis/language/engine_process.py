"""Evaluate on the engine in a process of its own, while this one goes on.

The two evaluations of a study do not need each other until they are compared, so they run side by side.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from myosotis.core.subprocess_worker import Worker, start_worker
from myosotis.language.evaluate import Evaluated, evaluate
from myosotis.language.record import IndexDate
from myosotis.language.structure import Node

if TYPE_CHECKING:
    from myosotis.model.dataset import Dataset

__all__ = ["Running", "evaluate_in_process"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Hold an evaluation that was started; `result` waits for it, `stop` gives it up."""

    worker: Worker

    def result(self) -> Evaluated:
        """Give what the expressions came to; raises `MyosotisError` when the process ended without an answer."""
        found: Evaluated = pickle.loads(self.worker.answer())
        return found

    def stop(self) -> None:
        """End the process if it still runs."""
        self.worker.stop()


def evaluate_in_process(nodes: Mapping[str, Node], data: Dataset, index: IndexDate) -> Running:
    """Start `evaluate` on DuckDB in a second process of the same Python; end it with `result` or `stop`."""
    content = pickle.dumps((dict(nodes), data, index))
    return Running(
        worker=start_worker("myosotis.language.engine_process", content, what="the evaluation on the engine")
    )


def _serve() -> None:
    nodes, data, index = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(evaluate(nodes, data, index)))


if __name__ == "__main__":
    _serve()
