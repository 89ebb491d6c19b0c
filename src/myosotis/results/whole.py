"""Replacing an output folder so that it is whole at every moment, even when the run is killed."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from myosotis.errors import UsageError

__all__ = ["replace_folder"]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def replace_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Fill a new folder beside `target`, then put it in the place of `target` in one step.

    Until that step the previous folder stands as it was; an error or a kill while filling leaves it untouched (a kill
    leaves the unfinished folder behind, hidden, and the next call removes it). Where the system can exchange two
    names in one call (Linux), there is no moment without a whole folder; elsewhere the previous one is renamed away
    first, and put back if the second rename fails.

    Raises `UsageError` when the target is a file, or a folder that holds something else than an earlier bundle.
    """
    target = target.absolute()
    _check(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f".{target.name}.unfinished-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.unfinished-", dir=target.parent))
    try:
        beside.chmod(0o755)
        fill(beside)
        if target.exists():
            _exchange(beside, target)
        else:
            beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _check(target: Path) -> None:
    if target.is_file():
        raise UsageError(f"{target} is a file; give a folder for the results")
    if target.is_dir() and any(target.iterdir()) and not (target / "manifest.json").is_file():
        raise UsageError(f"{target} holds files that are no results bundle; give another folder, nothing was changed")


def _exchange(beside: Path, target: Path) -> None:
    """Swap two folders' names, so that `target` is never absent where the system allows it."""
    if sys.platform == "linux":
        call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        names = os.fsencode(beside), os.fsencode(target)
        if call is not None and call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
            return
    previous = Path(tempfile.mkdtemp(prefix=f".{target.name}.unfinished-", dir=target.parent)) / "previous"
    target.rename(previous)
    try:
        beside.rename(target)
    except OSError:
        previous.rename(target)
        raise
    shutil.rmtree(previous.parent, ignore_errors=True)
