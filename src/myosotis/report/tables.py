"""Lay out the tables of a bundle: printed cells, footnotes for what has no value, and plain CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from myosotis.errors import ProtocolError
from myosotis.presentation.layout import Table, TableRow
from myosotis.report.anchors import Placed, place_cell, place_text
from myosotis.report.lookup import Lookup

__all__ = ["RowLayout", "TableCell", "TableLayout", "lay_out_table", "table_csv"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCell:
    """Hold a printed cell and the letters of its footnotes."""

    placed: Placed
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """Hold a row: its label, how deep it is indented, and its cells; None is an empty cell."""

    label: str
    indent: int
    heading: bool
    cells: tuple[TableCell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """Hold a table ready to be written; `columns` are (label, sub-label), `stub` heads the row labels."""

    key: str
    anchor: str
    name: str
    title: Placed
    note: Placed
    stub: str
    columns: tuple[tuple[str, Placed], ...]
    rows: tuple[RowLayout, ...]
    footnotes: tuple[tuple[str, str], ...]

    def printed(self) -> list[Placed]:
        """List everything printed in the table, in reading order."""
        cells = [cell.placed for row in self.rows for cell in row.cells if cell is not None]
        return [self.title, *(sub for _, sub in self.columns), *cells, self.note]


def lay_out_table(table: Table, number: int, index: Lookup, anchor: str) -> TableLayout:
    """Print the cells of a table.

    The notes of results without a value become footnotes a, b, c in the order of the cells. Columns may be as many
    as the cells of a row, or one more, the first then heading the row labels. Raises `ProtocolError` for a row with
    another number of cells; a heading row may have none.
    """
    name = f"Table {number}"
    columns = list(table.columns)
    widest = max((len(row.cells) for row in table.rows), default=0)
    stub = columns.pop(0).label if len(columns) == widest + 1 else ""
    notes: dict[str, str] = {}
    rows = tuple(_row(row, len(columns), notes, index, f"{anchor}:r{i}", name) for i, row in enumerate(table.rows, 1))
    return TableLayout(
        key=table.key,
        anchor=anchor,
        name=name,
        title=place_text(table.title, index, f"{anchor}:title", name),
        note=place_text(table.note, index, f"{anchor}:note", name),
        stub=stub,
        columns=tuple(
            (column.label, place_text(column.sub, index, f"{anchor}:h{j}", name)) for j, column in enumerate(columns, 1)
        ),
        rows=rows,
        footnotes=tuple((mark, note) for note, mark in notes.items()),
    )


def _row(row: TableRow, columns: int, notes: dict[str, str], index: Lookup, anchor: str, name: str) -> RowLayout:
    cells = row.cells if row.cells or not row.heading else [None] * columns
    if len(cells) != columns:
        raise ProtocolError(
            f"{name}, row {row.label!r} has {len(cells)} cells under {columns} columns; give one a column"
        )
    placed: list[TableCell | None] = []
    for j, cell in enumerate(cells, 1):
        if cell is None:
            placed.append(None)
            continue
        item = place_cell(cell, index, f"{anchor}c{j}", name)
        marks = tuple(notes.setdefault(note, _letter(len(notes))) for note in item.rendered.notes)
        placed.append(TableCell(placed=item, marks=marks))
    return RowLayout(label=row.label, indent=row.indent, heading=row.heading, cells=tuple(placed))


def table_csv(table: TableLayout) -> str:
    """Write the printed text of a table as CSV, and beside each column the ids of the results it prints.

    A text that a spreadsheet would take for a formula gets a leading apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = [f"{label} {sub.rendered.text}".strip() for label, sub in table.columns]
    writer.writerow([table.stub or "row", *heads, *(f"result ids: {head}" for head in heads)])
    for row in table.rows:
        texts = [_safe(cell.placed.rendered.text) if cell else "" for cell in row.cells]
        ids = [" ".join(cell.placed.rendered.result_ids) if cell else "" for cell in row.cells]
        writer.writerow([_safe(row.label), *texts, *ids])
    return out.getvalue()


def _letter(count: int) -> str:
    """Name the first footnote a, the 27th aa."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return (_letter(count // 26 - 1) if count >= 26 else "") + letters[count % 26]


def _safe(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
