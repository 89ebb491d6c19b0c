"""Evaluate on the engine in a process of its own, while this one goes on.

The two evaluations of a study do not need each other until they are compared, so they run side by side.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from myosotis.errors import MyosotisError
from myosotis.language.evaluate import Evaluated, evaluate
from myosotis.language.record import IndexDate
from myosotis.language.structure import Node

if TYPE_CHECKING:
    from myosotis.model.dataset import Dataset

__all__ = ["Running", "evaluate_beside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Hold an evaluation that was started; `result` waits for it."""

    process: subprocess.Popen[bytes]

    def result(self) -> Evaluated:
        """Give what the expressions came to; raises `MyosotisError` when the process ended without an answer."""
        answer, told = self.process.communicate()
        if self.process.returncode != 0:
            reason = told.decode(errors="replace").strip().splitlines()
            raise MyosotisError(f"the evaluation on the engine failed: {reason[-1] if reason else 'no reason given'}")
        found: Evaluated = pickle.loads(answer)
        return found

    def stop(self) -> None:
        """End the process if it still runs, as when the study was refused in the meantime."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def evaluate_beside(nodes: Mapping[str, Node], data: Dataset, index: IndexDate) -> Running:
    """Start `evaluate` on DuckDB in a second process of the same Python; end it with `result` or `stop`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "myosotis.language.beside"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    # A process that has died breaks the pipe; `result` says why.
    with suppress(BrokenPipeError):
        process.stdin.write(pickle.dumps((dict(nodes), data, index)))
    with suppress(BrokenPipeError):
        process.stdin.close()
    # communicate would flush a closed pipe; without one it only reads.
    process.stdin = None
    return Running(process=process)


def _serve() -> None:
    nodes, data, index = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(evaluate(nodes, data, index)))


if __name__ == "__main__":
    _serve()
