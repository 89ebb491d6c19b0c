"""A sheet: the header and the typed cells of one table of a file, with the row numbers a person sees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from myosotis.core.catalogue import nearest_names
from myosotis.errors import DataError, EmptySourceError, MissingColumnError
from myosotis.sources.cell import Cell, FileError, Row, is_blank, text_of
from myosotis.sources.files import InputFile, read_bytes
from myosotis.sources.merged import Merge
from myosotis.sources.ragged import Fields, held_against_header

__all__ = ["Cell", "FileError", "Grid", "InputFile", "Row", "Sheet", "is_blank", "read_bytes", "text_of"]

_SHOWN = 30
# Every row is laid out to the width of the widest; one stray value may not multiply a table beyond this many cells.
_MOST_SPREAD = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Hold one table: `name` is empty for a file without sheets, `above` the rows over the header.

    Every row has as many cells as there are columns. A column without a header is called by its place, such as
    `column 7`; columns that share a header are all called with theirs, such as `Date (column 3)`. `below` holds the
    rows under the declared last one, `ragged` those whose number of fields is not the header's: nothing of them is to
    be used. `fields` says how delimited text fits its header, None for other files; `unended` that its last line has no
    end; `merged` the merged cells, each as first and last row and first and last column, from 1; `hidden` the cells, by
    row and column, whose value lies under merged cells and is blank here; `empty_results` those where a formula either
    gave an empty text or was never calculated. `header_row` and `last_row` are as declared.
    """

    file: str
    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    above: tuple[Row, ...] = ()
    below: tuple[Row, ...] = ()
    ragged: tuple[Row, ...] = ()
    fields: Fields | None = None
    unended: bool = False
    merged: tuple[Merge, ...] = ()
    hidden: tuple[tuple[int, int], ...] = ()
    empty_results: tuple[tuple[int, int], ...] = ()
    header_row: int = 1
    last_row: int = 0

    @property
    def place(self) -> str:
        """Name file and sheet for a message."""
        return _place(self.file, self.name)

    def columns(self, *names: str) -> dict[str, int]:
        """Find columns by header; raises `MissingColumnError` that lists what is missing and what was found."""
        missing = [name for name in names if name not in self.header]
        if missing:
            lower = self._row_with(names)
            if lower is not None:
                raise MissingColumnError(
                    f"{self.place}: the columns are in row {lower}, not in the row read as header; set "
                    f"header_row = {lower} in the mapping"
                )
            if len(missing) == len(names) and _holds_data(self.header):
                raise MissingColumnError(
                    f"{self.place}: none of the columns {', '.join(map(repr, missing))} is in the row read as header, which "
                    "holds numbers or dates as rows of data do; give the file a header, or set header_row in the mapping"
                )
            told = "; ".join(f"no column {name!r}, {nearest_names(name, list(self.header))}" for name in missing)
            found = ", ".join(repr(name) for name in self.header[:_SHOWN])
            more = f" and {len(self.header) - _SHOWN} more" if len(self.header) > _SHOWN else ""
            raise MissingColumnError(
                f"{self.place}: {told}; the header holds {found}{more}; correct the column in the mapping or the header"
            )
        return {name: self.header.index(name) for name in names}

    def _row_with(self, names: Sequence[str]) -> int | None:
        """Find another row that holds at least half of the names, more than the header does, and two unless one is all."""
        wanted = set(names)
        enough = max((len(wanted) + 1) // 2, min(2, len(wanted)), len(wanted & set(self.header)) + 1)
        for row in sorted((*self.above, *self.rows, *self.ragged), key=lambda row: row.number):
            if len(wanted & {_one_line(cell) for cell in row.cells}) >= enough:
                return row.number
        return None


def _holds_data(header: Sequence[str]) -> bool:
    """Say whether a row looks like data rather than names of columns: then nothing of it may be shown."""
    return any(_DATA.fullmatch(name) for name in header)


# A number or a date; names of columns hold figures only beside letters.
_DATA = re.compile(r"[-+]?[\d.,:/\- ]*\d[\d.,:/\- T]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Hold all rows of one table as they lie in the file, before anyone has said which is the header.

    With a `delimiter`, the number of cells of a row is what its line in the file holds. Blank rows may be left out.
    """

    file: str
    name: str
    rows: tuple[Row, ...]
    delimiter: str = ""
    unended: bool = False
    merged: tuple[Merge, ...] = ()
    hidden: tuple[tuple[int, int], ...] = ()
    empty_results: tuple[tuple[int, int], ...] = ()

    def sheet(self, header_row: int = 1, *, last_row: int = 0, may_be_empty: bool = False) -> Sheet:
        """Split the rows at the header, which is row `header_row` as a person counts.

        Rows under `last_row`, unless that is 0, belong to no table. Raises `EmptySourceError` when there is no header,
        or no row with a value below it and `may_be_empty` is not declared, `DataError` when one row reaches so much further
        than the others that all of them cannot be laid out.
        """
        place = _place(self.file, self.name)
        rows = [row for row in self.rows if not all(map(is_blank, row.cells))]
        if not rows:
            raise EmptySourceError(f"{place} is empty: no header and no rows; expected a header in row {header_row}")
        head = next((row for row in rows if row.number == header_row), None)
        if head is None:
            raise EmptySourceError(
                f"{place}: row {header_row} is blank, so there is no header; the first row with text is "
                f"{rows[0].number}; state it as header_row in the mapping"
            )
        last = last_row or rows[-1].number
        table = [row for row in rows if header_row < row.number <= last]
        if not table and not may_be_empty:
            raise EmptySourceError(
                f"{place} has a header and no rows below it; add the data, or declare may_be_empty = true in the mapping"
            )
        fields = held_against_header(head, table, self.delimiter) if self.delimiter else None
        width = max(*(_width(row.cells) for row in rows), *(column for _, column in self.hidden), 0)
        if width * len(rows) > max(_MOST_SPREAD, 4 * sum(len(row.cells) for row in rows)):
            far = next(
                number
                for number, reach in (*((row.number, _width(row.cells)) for row in rows), *self.hidden)
                if reach == width
            )
            raise DataError(
                f"{place}: row {far} reaches over {width} columns, far beyond the other rows; check the delimiter and the "
                "quotes of that row, or delete what lies far from the table"
            )
        return Sheet(
            file=self.file,
            name=self.name,
            header=_column_names(head.cells, width),
            rows=_fitted(fields.whole if fields else table, width),
            above=_fitted((row for row in rows if row.number < header_row), width),
            below=_fitted((row for row in rows if row.number > last), width),
            ragged=_fitted(fields.ragged if fields else (), width),
            fields=replace(fields, whole=()) if fields else None,
            unended=self.unended,
            merged=self.merged,
            hidden=self.hidden,
            empty_results=self.empty_results,
            header_row=header_row,
            last_row=last_row,
        )

    @classmethod
    def of(
        cls, *, file: str, name: str, rows: Iterable[Sequence[Cell]], delimiter: str = "", unended: bool = False
    ) -> Grid:
        """Number rows from 1."""
        numbered = tuple(Row(i, tuple(cells)) for i, cells in enumerate(rows, start=1))
        return cls(file=file, name=name, rows=numbered, delimiter=delimiter, unended=unended)


def _place(file: str, name: str) -> str:
    return f"sheet {name!r} of {file!r}" if name else f"{file!r}"


def _width(cells: Sequence[Cell]) -> int:
    return max((i + 1 for i, cell in enumerate(cells) if not is_blank(cell)), default=0)


def _fit(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return cells[:width] + (None,) * (width - len(cells))


def _fitted(rows: Iterable[Row], width: int) -> tuple[Row, ...]:
    return tuple(Row(row.number, _fit(row.cells, width)) for row in rows)


def _one_line(cell: Cell) -> str:
    return " ".join(text_of(cell).split())


def _column_names(cells: tuple[Cell, ...], width: int) -> tuple[str, ...]:
    texts = [_one_line(cell) for cell in _fit(cells, width)]
    shared = {text for text, n in Counter(texts).items() if n > 1}
    return tuple(
        f"column {i}" if not text else f"{text} (column {i})" if text in shared else text
        for i, text in enumerate(texts, start=1)
    )
