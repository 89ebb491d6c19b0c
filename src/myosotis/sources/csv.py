"""Delimited text files: every cell is text, or nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from myosotis.errors import DataError
from myosotis.sources.sheet import Grid, InputFile, read_bytes

__all__ = ["read_csv"]

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


def read_csv(path: Path, *, file: str, delimiter: str = "", encoding: str = "utf-8") -> tuple[Grid, InputFile]:
    """Read a delimited text file.

    `delimiter` is a comma, a semicolon or a tab; empty, it is the one that splits the first row into most fields. A
    byte order mark is dropped. Rows are numbered as a spreadsheet shows them: a field with a line break inside does
    not start a new row, and a blank line counts.

    Raises `DataError` for bytes that are not in `encoding`, for quotes that do not match, and when two delimiters
    split the first row equally.
    """
    content, info = read_bytes(path, file)
    try:
        text = content.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except LookupError:
        raise DataError(f"{file!r}: the encoding {encoding!r} is unknown; write utf-8, cp1252 or latin-1") from None
    except UnicodeDecodeError as problem:
        raise DataError(
            f"{file!r}: byte {problem.start} is not {encoding}; save the file as UTF-8, or declare its encoding "
            '(such as encoding = "cp1252") in the mapping'
        ) from None
    chosen = delimiter or _sniff(text, file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=chosen, strict=True)
    try:
        return Grid.of(file=file, name="", rows=list(reader)), info
    except csv.Error as problem:
        raise DataError(
            f"{file!r}: line {reader.line_num} is not delimited text ({problem}); check the quotes around its fields"
        ) from None


def _sniff(text: str, file: str) -> str:
    counts = {mark: _fields(text, mark) for mark in _DELIMITERS}
    most = max(counts.values())
    best = [mark for mark, n in counts.items() if n == most]
    if most > 1 and len(best) > 1:
        names = " and ".join(_DELIMITERS[mark] for mark in best)
        raise DataError(
            f"{file!r}: {names} both split the first row into {most} fields; declare the delimiter in the mapping"
        )
    return best[0]


def _fields(text: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), []))
    except csv.Error:
        return 0
