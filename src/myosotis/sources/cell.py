"""A cell and a row: what one place of a table holds, and its text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

__all__ = ["Cell", "FileError", "Row", "is_blank", "text_of", "trimmed"]

# What `str.strip` leaves: spaces of no width, joiners and the byte order mark.
_NO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
_BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000" + _NO_WIDTH
)


@dataclass(frozen=True, slots=True)
class FileError:
    """Stand for a cell that the file itself marks as an error, such as `#N/A`, or a formula without a result."""

    text: str


Cell: TypeAlias = str | int | float | bool | date | datetime | FileError | None


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the cells of one row under the number, from 1, that a person sees beside it in the file."""

    number: int
    cells: tuple[Cell, ...]


def trimmed(text: str) -> str:
    """Take every kind of blank off both ends, those without width too."""
    return text.strip(_BLANKS)


def is_blank(cell: Cell) -> bool:
    """Say whether a cell holds nothing: None, or a text of nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not trimmed(cell))


def text_of(cell: Cell) -> str:
    """Write a cell as text, the same for the same value in every kind of file.

    Whole floats lose their point, truths are `yes` and `no`, dates are ISO, a time of day is kept unless midnight.

    >>> text_of(3.0), text_of(2.5), text_of(True), text_of(date(2020, 3, 1)), text_of(" x ")
    ('3', '2.5', 'yes', '2020-03-01', 'x')
    """
    if isinstance(cell, str):
        return trimmed(cell)
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
