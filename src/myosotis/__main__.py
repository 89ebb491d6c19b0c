"""Run the command line, with nothing of the current folder on the path that modules are looked for on."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line as `python -m myosotis` and as the command `myosotis`.

    With `-m` Python has imported modules of its own before this runs, and looked for them in the current folder first; only
    its option `-P` keeps it from that.
    """
    _leave_the_current_folder()
    # Imported only now: whatever it imports must not be found in the current folder.
    from myosotis.cli import main as command_line

    command_line()


def _leave_the_current_folder() -> None:
    """Take the current folder off the path where Python put it first; a folder that `PYTHONPATH` names stays.

    An empty name in `PYTHONPATH` stands for the current folder too, and is hardly ever meant so.
    """
    try:
        here = os.getcwd()  # noqa: PTH109 - pathlib is not loaded yet, and could be loaded from the wrong place
    except OSError:
        return  # the folder is gone, and nothing can be found in it
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    named = [os.path.abspath(one) for one in given if one]  # noqa: PTH100
    if here not in named:
        first = len(given) + 1
        sys.path[:first] = [one for one in sys.path[:first] if one not in ("", here)]


if __name__ == "__main__":
    main()
