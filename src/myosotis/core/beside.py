"""Work in a second process of the same Python, while this one goes on."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass

from myosotis.errors import MyosotisError

__all__ = ["Beside", "start_beside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Hold a process that was started; `answer` waits for it, `stop` gives it up. `what` names its work in an error."""

    process: subprocess.Popen[bytes]
    what: str

    def answer(self) -> bytes:
        """Give what the process wrote; raises `MyosotisError` with its last words when it failed."""
        answer, told = self.process.communicate()
        if self.process.returncode != 0:
            reason = told.decode(errors="replace").strip().splitlines()
            raise MyosotisError(f"{self.what} failed: {reason[-1] if reason else 'no reason given'}")
        return answer

    def stop(self) -> None:
        """End the process if it still runs, as when what it works for was refused in the meantime."""
        if self.process.poll() is None:
            self.process.kill()
        if self.process.stderr is not None and not self.process.stderr.closed:
            self.process.communicate()


def start_beside(module: str, content: bytes, *arguments: str, what: str) -> Beside:
    """Run a module of this package with `content` on its standard input; end it with `answer` or `stop`."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
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
    return Beside(process=process, what=what)
