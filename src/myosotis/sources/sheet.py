"""A sheet: the header and the typed cells of one table of a file, with the row numbers a person sees."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from myosotis.core.catalogue import nearest_names
from myosotis.errors import DataError, EmptySourceError, MissingColumnError

__all__ = ["Cell", "FileError", "Grid", "InputFile", "Row", "Sheet", "is_blank", "read_bytes", "text_of"]


@dataclass(frozen=True, slots=True)
class FileError:
    """Stand for a cell that the file itself marks as an error, such as `#N/A`, or a formula without a result."""

    text: str


Cell: TypeAlias = str | int | float | bool | date | datetime | FileError | None


def is_blank(cell: Cell) -> bool:
    """Say whether a cell holds nothing: None, or a text of nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """Write a cell as text, the same for the same value in every kind of file.

    Whole floats lose their point, truths are `yes` and `no`, dates are ISO, a time of day is kept unless midnight.

    >>> text_of(3.0), text_of(2.5), text_of(True), text_of(date(2020, 3, 1)), text_of(" x ")
    ('3', '2.5', 'yes', '2020-03-01', 'x')
    """
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell.text if isinstance(cell, FileError) else str(cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """Name an input file with the digest and size (in bytes) of what was read."""

    file: str
    sha256: str
    bytes: int


def read_bytes(path: Path, file: str) -> tuple[bytes, InputFile]:
    """Read a file once, whole, so that what is digested is what is used; `file` is its name in messages.

    Raises `DataError` when there is no such file, naming the nearest names in the folder, `EmptySourceError` when
    it holds no bytes.
    """
    if not path.is_file():
        beside = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
        hint = nearest_names(path.name, beside) if beside else "its folder is missing or empty"
        raise DataError(f"there is no file {file!r}: {hint}; put the file there or correct `file` in the mapping")
    content = path.read_bytes()
    if not content:
        raise EmptySourceError(f"the file {file!r} is empty (0 bytes); save it again with its data")
    return content, InputFile(file=file, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the cells of one row under the number, from 1, that a person sees beside it in the file."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Hold one table: `name` is empty for a file without sheets, `above` the rows over the header.

    Every row has as many cells as there are columns. A column without a header is called by its place, such as
    `column 7`; columns that share a header are all called with theirs, such as `Date (column 3)`.
    """

    file: str
    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    above: tuple[Row, ...] = ()

    @property
    def place(self) -> str:
        """Name file and sheet for a message."""
        return f"sheet {self.name!r} of {self.file!r}" if self.name else f"{self.file!r}"

    def columns(self, *names: str) -> dict[str, int]:
        """Find columns by header; raises `MissingColumnError` that lists what is missing and what was found."""
        missing = [name for name in names if name not in self.header]
        if missing:
            told = "; ".join(f"no column {name!r}, {nearest_names(name, list(self.header))}" for name in missing)
            found = ", ".join(repr(name) for name in self.header)
            raise MissingColumnError(
                f"{self.place}: {told}; the header holds {found}; correct the column in the mapping or the header"
            )
        return {name: self.header.index(name) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Hold all rows of one table as they lie in the file, before anyone has said which is the header."""

    file: str
    name: str
    rows: tuple[Row, ...]

    def sheet(self, header_row: int = 1, *, may_be_empty: bool = False) -> Sheet:
        """Split the rows at the header, which is row `header_row` as a person counts.

        Raises `EmptySourceError` when there is no header, or no row with a value below it and `may_be_empty` is
        not declared.
        """
        place = f"sheet {self.name!r} of {self.file!r}" if self.name else f"{self.file!r}"
        rows = [row for row in self.rows if not all(map(is_blank, row.cells))]
        if not rows:
            raise EmptySourceError(f"{place} is empty: no header and no rows; expected a header in row {header_row}")
        head = next((row for row in rows if row.number == header_row), None)
        if head is None:
            raise EmptySourceError(
                f"{place}: row {header_row} is blank, so there is no header; the first row with text is "
                f"{rows[0].number}; state it as header_row in the mapping"
            )
        below = [row for row in rows if row.number > header_row]
        if not below and not may_be_empty:
            raise EmptySourceError(
                f"{place} has a header and no rows below it; add the data, or declare may_be_empty = true in the mapping"
            )
        width = max(_width(row.cells) for row in rows)
        return Sheet(
            file=self.file,
            name=self.name,
            header=_column_names(head.cells, width),
            rows=tuple(Row(row.number, _fit(row.cells, width)) for row in below),
            above=tuple(Row(row.number, _fit(row.cells, width)) for row in rows if row.number < header_row),
        )

    @classmethod
    def of(cls, *, file: str, name: str, rows: Iterable[Sequence[Cell]]) -> Grid:
        """Number rows from 1."""
        return cls(file=file, name=name, rows=tuple(Row(i, tuple(cells)) for i, cells in enumerate(rows, start=1)))


def _width(cells: Sequence[Cell]) -> int:
    return max((i + 1 for i, cell in enumerate(cells) if not is_blank(cell)), default=0)


def _fit(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return cells[:width] + (None,) * (width - len(cells))


def _column_names(cells: tuple[Cell, ...], width: int) -> tuple[str, ...]:
    texts = [" ".join(text_of(cell).split()) for cell in _fit(cells, width)]
    shared = {text for text, n in Counter(texts).items() if n > 1}
    return tuple(
        f"column {i}" if not text else f"{text} (column {i})" if text in shared else text
        for i, text in enumerate(texts, start=1)
    )
