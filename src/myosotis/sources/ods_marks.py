"""Error cells, merged cells, formulas without a result and sizes in an .ods workbook (OpenDocument 1.3)."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from myosotis.sources.cell import FileError
from myosotis.sources.marks import NO_RESULT, Inspected, SheetMarks, locked
from myosotis.sources.xlsx_marks import local

__all__ = ["inspect_ods"]

_ERROR = re.compile(r"Err:\d+|#[A-Z/0-9_]+[!?]?")


def inspect_ods(parts: zipfile.ZipFile, content: bytes, file: str) -> Inspected:
    """Look through every sheet. Raises `DataError` for a workbook that needs a password."""
    if "META-INF/manifest.xml" in parts.namelist() and b"encryption-data" in parts.read("META-INF/manifest.xml"):
        raise locked(file)
    walk = _Walk(file)
    walk.through(parts.read("content.xml"))
    return Inspected(sheets=walk.sheets, content=content)


@dataclass(slots=True)
class _Walk:
    """Go through the cells of all sheets as a parser meets them."""

    file: str
    sheets: dict[str, SheetMarks] = field(default_factory=dict)
    marks: SheetMarks | None = None
    row: int = 0
    rows: int = 1
    column: int = 0
    cell: dict[str, str] | None = None
    text: str = ""
    note: int = 0
    inside: int = 0

    def through(self, xml: bytes) -> None:
        """Parse the content; raises `expat.ExpatError` for what is not XML and `DataError` for a sheet too large."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "table":
            title = _named(attributes, "name")
            self.marks = self.sheets[title] = SheetMarks(place=f"sheet {title!r} of {self.file!r}")
            self.row, self.rows = 0, 1
        elif name == "table-row":
            self.row += self.rows if self.row else 1
            self.rows = _count(_named(attributes, "number-rows-repeated"))
            self.column = 0
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.text = attributes, ""
        elif name == "annotation":
            self.note += 1
        elif name == "p":
            self.inside += 1

    def _text(self, found: str) -> None:
        if self.inside and not self.note and self.cell is not None:
            self.text += found

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "annotation":
            self.note -= 1
        elif name == "p":
            self.inside -= 1
        elif name in ("table-cell", "covered-table-cell") and self.cell is not None and self.marks is not None:
            columns = _count(_named(self.cell, "number-columns-repeated"))
            self._note_merge(self.marks, self.cell, self.column + 1)
            self._close(self.marks, self.cell, self.column + 1, columns, covered=name == "covered-table-cell")
            self.column += columns
            self.cell = None

    def _note_merge(self, marks: SheetMarks, cell: dict[str, str], column: int) -> None:
        down, across = (_count(_named(cell, f"number-{way}-spanned")) for way in ("rows", "columns"))
        if down > 1 or across > 1:
            marks.merged.append((self.row, self.row + down - 1, column, column + across - 1))

    def _close(self, marks: SheetMarks, cell: dict[str, str], column: int, columns: int, *, covered: bool) -> None:
        kinds = {value for key, value in cell.items() if local(key) == "value-type"}
        formula = bool(_named(cell, "formula"))
        if "error" in kinds or (formula and _ERROR.fullmatch(self.text.strip())):
            error = FileError(self.text.strip() or "error value")
            marks.error(self.row, column, error, rows=self.rows, columns=columns)
        elif formula and not kinds and not self.text:
            marks.error(self.row, column, NO_RESULT, rows=self.rows, columns=columns)
        elif kinds or self.text:
            marks.see(self.row, column, rows=self.rows, columns=columns)
        else:
            return
        if covered:
            down, across = range(self.row, self.row + self.rows), range(column, column + columns)
            marks.covered |= {(at, beside) for at in down for beside in across}


def _named(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if local(key) == name), "")


def _count(text: str) -> int:
    return max(1, int(text[:12])) if text.isdecimal() else 1
