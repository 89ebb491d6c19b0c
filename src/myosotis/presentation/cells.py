"""Cells, tables and labels as the presentations of all analyses make them."""

from __future__ import annotations

from collections.abc import Sequence

from myosotis.presentation.layout import Cell, Format, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = ["begin_lower", "begin_upper", "cell", "table", "text_cell"]


def cell(format_: Format, *rows: ResultRow, decimals: int | None = None) -> Cell:
    """Refer to result rows in a table cell or a sentence, with the name of the format that prints them."""
    return Cell(format=format_, results=[row.id for row in rows], decimals=decimals)


def text_cell(text: str) -> Cell:
    """Put words into a table cell."""
    return Cell(format="text", text=text, results=[])


def table(key: str, title: str, *, columns: Sequence[TableColumn], rows: Sequence[TableRow], note: str = "") -> Table:
    """Lay out a table; tables are numbered in the order the protocol declares their analyses."""
    return Table(key=key, title=title, note=note, columns=columns, rows=rows)


def begin_upper(label: str) -> str:
    """Begin a label with a capital, as at the start of a sentence."""
    return f"{label[:1].upper()}{label[1:]}"


def begin_lower(label: str) -> str:
    """Begin a label in lower case within a sentence, unless it is an abbreviation."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"
