"""Work in a second process of the same Python, while this one goes on; nothing of the current folder runs in it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from myosotis.errors import MyosotisError, storage_error

__all__ = ["STORAGE_REFUSED", "Worker", "start_worker"]

# What a process ends with when the machine refused to write; its last word is then the number of the error.
STORAGE_REFUSED = 74

# The package is found last of all where it lies, so that the second process runs the same one as this.
_RUN = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)
_PACKAGES = str(Path(__file__).parents[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Hold a process that was started; `answer` waits for it, `stop` gives it up. `what` names its work in an error."""

    process: subprocess.Popen[bytes]
    what: str

    def answer(self) -> bytes:
        """Give what the process wrote.

        Raises `StorageError` when the machine let it write nothing, `MyosotisError` with its last words when it failed.
        """
        answer, told = self.process.communicate()
        if self.process.returncode != 0:
            reason = told.decode(errors="replace").strip().splitlines()
            if self.process.returncode == STORAGE_REFUSED and reason and reason[-1].isdecimal():
                code = int(reason[-1])
                raise storage_error(OSError(code, os.strerror(code)), self.what)
            raise MyosotisError(f"{self.what} failed: {reason[-1] if reason else 'no reason given'}")
        return answer

    def stop(self) -> None:
        """End the process if it still runs, as when what it works for was refused in the meantime."""
        if self.process.poll() is None:
            self.process.kill()
        if self.process.stderr is not None and not self.process.stderr.closed:
            self.process.communicate()


def start_worker(module: str, content: bytes, *arguments: str, what: str) -> Worker:
    """Run a module of this package with `content` on its standard input; end it with `answer` or `stop`.

    The current folder is not on the path of the process, so that no file of a study or a bundle runs in it;
    the folders that `PYTHONPATH` names are.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _RUN, _PACKAGES, module, *arguments],
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    # A process that has died breaks the pipe; `answer` says why.
    with suppress(BrokenPipeError):
        process.stdin.write(content)
    with suppress(BrokenPipeError):
        process.stdin.close()
    # communicate would flush the closed pipe; without one it only reads.
    process.stdin = None
    return Worker(process=process, what=what)


def _environment() -> dict[str, str]:
    """Give the environment without the empty names of `PYTHONPATH`, which stand for the current folder."""
    named = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    rest = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**rest, "PYTHONPATH": os.pathsep.join(named)} if named else rest
