"""What a look at a workbook's own parts finds before its values are read: sizes, and cells that are errors."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

from myosotis.errors import DataError
from myosotis.sources.cell import Cell, FileError
from myosotis.sources.merged import Merge

__all__ = ["MOST_TEXT", "NO_RESULT", "Inspected", "SheetMarks", "damaged", "locked", "open_parts", "repacked"]

NO_RESULT = FileError("formula without a result")
# A reader lays a sheet out from its first cell to its last, blank ones too: about 30 bytes each.
_MOST_CELLS = 20_000_000
_MOST_BYTES = 512 * 2**20
# A text that many cells share is laid out once for each.
MOST_TEXT = 2**30
# Packed text of a workbook is a tenth to a fiftieth of its size; only repetition made to fill a machine goes further.
_BOMB_RATIO, _BOMB_BYTES = 300, 32 * 2**20


@dataclass(slots=True, kw_only=True)
class SheetMarks:
    """Gather what is seen of one sheet; rows and columns count from 1.

    `instead` gives the cells that are not read as they stand: those that hold an error value, or a formula without a
    result, and numbers that a reader cannot take; `text` is how much all texts take; `empty_results` those where it
    cannot be told whether a formula gave an empty text or was never calculated; `merged` are merged cells that the reader
    of values does not give, and `covered` cells with a value that the file says are covered by another.
    """

    place: str
    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    text: int = 0
    instead: dict[tuple[int, int], Cell] = field(default_factory=dict)
    empty_results: set[tuple[int, int]] = field(default_factory=set)
    merged: list[Merge] = field(default_factory=list)
    covered: set[tuple[int, int]] = field(default_factory=set)

    def within(self) -> bool:
        """Say whether all that was seen can be read."""
        return self.last_row * self.last_column <= _MOST_CELLS and self.cells <= _MOST_CELLS

    def see(self, row: int, column: int, *, rows: int = 1, columns: int = 1, text: int = 0) -> None:
        """Count cells that are not empty; raises `DataError` once the sheet reaches further than can be read."""
        self.cells += rows * columns
        self.last_row = max(self.last_row, row + rows - 1)
        self.last_column = max(self.last_column, column + columns - 1)
        self.text += text * rows * columns
        if self.text > MOST_TEXT:
            raise DataError(
                f"{self.place}: its texts take more than {MOST_TEXT} bytes by row {row}; delete what is no part of the "
                "table, or save the table as .csv or .parquet"
            )
        if not self.within():
            raise DataError(
                f"{self.place}: a cell in row {row + rows - 1}, column {column + columns - 1} "
                f"({_letters(column + columns - 1)}{row + rows - 1}) makes the sheet reach over {self.last_row} rows and "
                f"{self.last_column} columns, more than the {_MOST_CELLS} cells that are read from a workbook; delete "
                "what lies far from the table, or save the table as .csv or .parquet"
            )

    def error(self, row: int, column: int, error: FileError, *, rows: int = 1, columns: int = 1) -> None:
        """Note an error cell, or as many of them as stand side by side; raises as `see` does."""
        self.see(row, column, rows=rows, columns=columns)
        for at in range(row, row + rows):
            for beside in range(column, column + columns):
                self.instead[at, beside] = error


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """Give the marks of each sheet by name, and the content to read values from, without what no reader takes."""

    sheets: dict[str, SheetMarks]
    content: bytes


def open_parts(content: bytes, file: str) -> zipfile.ZipFile:
    """Open a packed workbook; raises `DataError` for one that is damaged, encrypted or unpacks to too much."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
        raise damaged(file, problem) from None
    entries = [entry for entry in parts.infolist() if not entry.is_dir()]
    if any(entry.flag_bits & 1 for entry in entries):
        raise locked(file)
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    bomb = any(e.file_size > _BOMB_BYTES and e.file_size > _BOMB_RATIO * max(e.compress_size, 1) for e in entries)
    if size > _MOST_BYTES or bomb:
        raise DataError(
            f"{file!r} holds {packed} bytes that unpack to {size}, more than a workbook that is read may; "
            "save the table as .csv or .parquet"
        )
    return parts


def locked(file: str) -> DataError:
    """Make the error for a workbook that is encrypted."""
    return DataError(f"{file!r} needs a password; save a copy without one")


def damaged(file: str, problem: BaseException) -> DataError:
    """Make the error for a workbook that cannot be taken apart."""
    told = str(problem) or type(problem).__name__
    return DataError(f"{file!r} cannot be read as a workbook ({told}); save it again as .xlsx")


def repacked(parts: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    """Pack the parts again, some of them changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        for entry in parts.infolist():
            copy.writestr(entry.filename, changed.get(entry.filename) or parts.read(entry))
    return packed.getvalue()


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
