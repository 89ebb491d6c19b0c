"""A trial reading in a process of its own, for workbooks whose damaged counts make their reader end its process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from myosotis.errors import DataError

__all__ = ["try_apart"]

_SECONDS = 120
# Isolated from the current folder and the user's settings; a limit of memory, where the system knows one, makes a count
# that asks for all of it fail there and not here.
_CODE = """
import io, sys
sys.path.append(sys.argv[1])
import python_calamine
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
except (ImportError, ValueError, OSError):
    pass
try:
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name)
except BaseException:
    pass
"""


def try_apart(content: bytes, file: str) -> None:
    """Read a workbook once in another process; raises `DataError` when that process does not come to an end by itself.

    What the reader says of a workbook that it cannot read is left to the reading itself.
    """
    import python_calamine

    where = str(Path(python_calamine.__file__).parents[1])
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _CODE, where],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode:
        raise DataError(
            f"{file!r} cannot be read as a workbook: its sizes are damaged, so that no reader can take it; "
            "save it again as .xlsx"
        )
