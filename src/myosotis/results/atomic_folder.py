"""Replacing an output folder so that it is whole at every moment, even when the run is killed."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from myosotis.errors import UsageError, storage_error, storage_errors
from myosotis.results.files import foreign_files

try:
    import fcntl
except ImportError:  # a system without such locks
    fcntl = None  # type: ignore[assignment]

__all__ = ["check_target", "atomic_folder"]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_SHOWN = 5


def atomic_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Fill a new folder beside `target`, then put it in the place of `target` in one step.

    Until that step the previous folder stands as it was; an error or a kill while filling leaves it untouched (a kill
    leaves the unfinished folder behind, hidden, and the next call removes it). Where the system can exchange two
    names in one call (Linux), there is no moment without a whole folder; elsewhere the previous one is renamed away
    first, and put back if the second rename fails. A link stays a link: what it leads to is replaced.

    Raises `UsageError` as `check_target` does, or when another call is filling the same target at this moment, and
    `StorageError` when the machine does not let the folder be written.
    """
    with storage_errors(f"the results cannot be written to {target}"):
        target = check_target(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target)
        with _beside(target) as beside:
            fill(beside)
            if target.exists():
                _check(target)
                _exchange(beside, target)
            else:
                beside.rename(target)


def check_target(target: Path) -> Path:
    """Give the folder that will be replaced, links followed, if it may be: absent, empty, or wholly an earlier bundle.

    Raises `UsageError` naming what else it holds, `StorageError` when it cannot be looked at.
    """
    with storage_errors(f"the results cannot be written to {target}"):
        try:
            found = Path(os.path.realpath(target, strict=True)) if target.is_symlink() else target.absolute()
        except FileNotFoundError:
            found = Path(os.path.realpath(target))  # a link that leads to nothing yet
        _check(found)
    return found


def _check(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; give a folder for the results")
    foreign = foreign_files(target) if target.is_dir() else []
    if foreign:
        more = f" and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else ""
        raise UsageError(
            f"{target} holds files that no run of this release wrote: {', '.join(foreign[:_SHOWN])}{more}; "
            "give another folder or move them away, nothing was changed"
        )


def _clear(target: Path) -> None:
    """Remove what killed runs left behind; raises `UsageError` when a run is still at work on the target."""
    begun = f".{target.name}.unfinished-"
    for leftover in [path for path in target.parent.iterdir() if path.name.startswith(begun)]:
        lock = _lock(leftover)
        if lock is None and not leftover.exists():
            continue  # it was finished in the meantime
        if lock is None:
            raise UsageError(
                f"another run is writing to {target} at this moment; wait until it has ended, or give another folder"
            )
        shutil.rmtree(leftover, ignore_errors=True)
        _unlock(lock)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Make a folder beside the target, locked as long as it is being filled, and leave nothing of it behind."""
    made, lock = _locked(target)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        _unlock(lock)


def _locked(target: Path) -> tuple[Path, int]:
    while True:
        made = _unfinished(target)
        made.mkdir()
        lock = _lock(made)
        # Between the making and the lock another run may have taken the folder for one left behind.
        if lock is not None and made.is_dir():
            return made, lock


def _unfinished(target: Path) -> Path:
    return target.parent / f".{target.name}.unfinished-{secrets.token_hex(4)}"


def _lock(folder: Path) -> int | None:
    """Lock a folder, until its process ends at the latest; None when another holds it, -1 where there are no locks."""
    if fcntl is None:
        return -1
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError:
        os.close(handle)
        return -1  # a file system without locks
    return handle


def _unlock(handle: int) -> None:
    if handle >= 0:
        os.close(handle)


def _exchange(beside: Path, target: Path) -> None:
    """Swap two folders' names, so that `target` is never absent where the system allows it."""
    if sys.platform == "linux":
        call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        names = os.fsencode(beside), os.fsencode(target)
        if call is not None and call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
            return
    previous = _unfinished(target)
    previous.mkdir()
    target.rename(previous / "previous")
    try:
        beside.rename(target)
    except OSError as error:
        (previous / "previous").rename(target)
        raise storage_error(error, "the finished results") from error
    shutil.rmtree(previous, ignore_errors=True)
