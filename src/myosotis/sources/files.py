"""The bytes of an input file: read once, whole, and digested."""

from __future__ import annotations

import hashlib
import os.path
from dataclasses import dataclass
from pathlib import Path

from myosotis.core.catalogue import nearest_names
from myosotis.errors import DataError, EmptySourceError

__all__ = ["InputFile", "inside", "read_bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """Name an input file with the digest and size (in bytes) of what was read."""

    file: str
    sha256: str
    bytes: int


def read_bytes(path: Path, file: str) -> tuple[bytes, InputFile]:
    """Read a file once, whole, so that what is digested is what is used; `file` is its name in messages.

    Raises `DataError` when there is no such file, naming the nearest names in the folder, or when it may not be read;
    `EmptySourceError` when it holds no bytes.
    """
    try:
        if not path.is_file():
            beside = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
            hint = nearest_names(path.name, beside) if beside else "its folder is missing or empty"
            raise DataError(f"there is no file {file!r}: {hint}; put the file there or correct `file` in the mapping")
        content = path.read_bytes()
    except OSError as problem:
        raise DataError(
            f"there is no file {_short(file)!r} that can be read ({problem.strerror or type(problem).__name__}); "
            "correct `file` in the mapping, or who may read the file"
        ) from None
    if not content:
        raise EmptySourceError(f"the file {file!r} is empty (0 bytes); save it again with its data")
    return content, InputFile(file=file, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))


def inside(folder: Path, file: str) -> bool:
    """Say whether a file named from a folder lies in it, links followed, and is named without leaving it."""
    if Path(file).is_absolute() or Path(os.path.normpath(file)).parts[:1] == ("..",):
        return False
    try:
        return (folder / file).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, or links in a circle
        return True


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
