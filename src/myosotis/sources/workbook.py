"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): numbers, truths, dates and texts as the workbook holds them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.parsers import expat

from myosotis.errors import DataError
from myosotis.sources.cell import Cell, Row
from myosotis.sources.files import InputFile, read_bytes
from myosotis.sources.marks import Inspected, SheetMarks, damaged, locked, open_parts
from myosotis.sources.merged import take_hidden
from myosotis.sources.ods_marks import inspect_ods
from myosotis.sources.sheet import Grid
from myosotis.sources.trial import try_apart
from myosotis.sources.xls_marks import COMPOUND, inspect_xls
from myosotis.sources.xlsb_marks import inspect_xlsb
from myosotis.sources.xlsx_marks import inspect_xlsx

if TYPE_CHECKING:
    import python_calamine

__all__ = ["read_workbook"]


def read_workbook(path: Path, *, file: str) -> tuple[tuple[Grid, ...], InputFile]:
    """Read every sheet of a workbook, in its order, hidden ones too; sheets of charts have no cells and are left out.

    A date is a number whose cell format is a date. A formula gives the result that was saved with it; an error value
    (`#N/A`, whatever its kind) and a formula that was never calculated come as `FileError`, so that they are reported,
    not lost. Before any value is read, the size of every sheet is known.

    Raises `DataError` for a file that is not a workbook, is damaged or needs a password, and for a sheet that reaches
    further than can be read.
    """
    content, info = read_bytes(path, file)
    inspected = _inspected(content, file)
    return _values(inspected, file), info


def _inspected(content: bytes, file: str) -> Inspected:
    if content.startswith(COMPOUND):
        inspected = inspect_xls(content, file)
        try_apart(inspected.content, file)
        return inspected
    if not content.startswith(b"PK"):
        return Inspected(sheets={}, content=content)
    try:
        with open_parts(content, file) as parts:
            names = set(parts.namelist())
            if "xl/workbook.bin" in names:
                inspected = inspect_xlsb(parts, content, file)
                try_apart(inspected.content, file)
                return inspected
            return inspect_ods(parts, content, file) if "content.xml" in names else inspect_xlsx(parts, content, file)
    except DataError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        ElementTree.ParseError,
        ValueError,
        LookupError,
        OSError,
        EOFError,
        RuntimeError,
        ArithmeticError,
        struct.error,
    ) as problem:  # what the standard library raises for damaged parts
        raise damaged(file, problem) from None


def _values(inspected: Inspected, file: str) -> tuple[Grid, ...]:
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(inspected.content)) as workbook:
            names = [s.name for s in workbook.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
            if any(marks.instead and name not in names for name, marks in inspected.sheets.items()):
                raise damaged(file, ValueError("it holds error values in a sheet that no reader finds"))
            return tuple(
                _grid(workbook.get_sheet_by_name(name), name, inspected.sheets.get(name), file) for name in names
            )
    except python_calamine.PasswordError:
        raise locked(file) from None
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError, OSError) as problem:
        raise damaged(file, problem) from None
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # the reader's own way to give up is no `Exception`
            raise
        raise damaged(file, RuntimeError("the reader gave up on a cell it does not know")) from None


def _grid(sheet: python_calamine.CalamineSheet, name: str, marks: SheetMarks | None, file: str) -> Grid:
    filled: dict[int, list[Cell]] = {}
    above, left = sheet.start or (0, 0)
    blank: list[Cell] = [None] * left
    for number, values in enumerate(sheet.to_python(skip_empty_area=True), start=above + 1):
        row = [*blank, *map(_cell, values)]
        if any(cell is not None for cell in row):
            filled[number] = row
    for (number, column), cell in (marks.instead if marks else {}).items():
        cells = filled.setdefault(number, [])
        cells += [None] * (column - len(cells))
        cells[column - 1] = cell
    merged = [(a + 1, b + 1, c + 1, d + 1) for (a, c), (b, d) in sheet.merged_cell_ranges or ()]
    merged += marks.merged if marks else []
    hidden = take_hidden(filled, merged, marks.covered if marks else frozenset())
    return Grid(
        file=file,
        name=name,
        rows=tuple(Row(number, tuple(cells)) for number, cells in sorted(filled.items())),
        merged=tuple(merged),
        hidden=hidden,
        empty_results=tuple(sorted(marks.empty_results)) if marks else (),
    )


def _cell(value: object) -> Cell:
    if value == "":
        return None
    if isinstance(value, (str, bool, int, float, date, datetime)):
        return value
    return str(value)
