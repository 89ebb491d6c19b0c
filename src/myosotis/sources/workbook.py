"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): numbers, truths, dates and texts as the workbook holds them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

from myosotis.errors import DataError
from myosotis.sources.sheet import Cell, FileError, Grid, InputFile, Row, read_bytes

__all__ = ["read_workbook"]

# What the fast reader shows as a blank: an error value, and a formula that was never calculated.
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*\bt=["']e["']""")
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|</(?:\w+:)?c>)"
)


def read_workbook(path: Path, *, file: str) -> tuple[tuple[Grid, ...], InputFile]:
    """Read every sheet of a workbook, in its order, hidden ones too.

    A date is a number whose cell format is a date. A formula gives the result that was saved with it; an error value
    (`#N/A`) and a formula that was never calculated come as `FileError`, so that they are reported, not lost.

    Raises `DataError` for a file that is not a workbook, is damaged or needs a password.
    """
    import python_calamine

    content, info = read_bytes(path, file)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            grids = tuple(
                Grid.of(
                    file=file,
                    name=name,
                    rows=[
                        [_cell(value) for value in row]
                        for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                    ],
                )
                for name in workbook.sheet_names
            )
    except python_calamine.PasswordError:
        raise DataError(f"{file!r} needs a password; save a copy without one") from None
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError, OSError) as problem:
        raise DataError(f"{file!r} cannot be read as a workbook ({problem}); save it again as .xlsx") from None
    hidden = _hidden_errors(content, file)
    return tuple(_with_errors(grid, hidden.get(grid.name, {})) for grid in grids), info


def _cell(value: object) -> Cell:
    if value == "":
        return None
    if isinstance(value, (str, bool, int, float, date, datetime)):
        return value
    return str(value)


def _hidden_errors(content: bytes, file: str) -> dict[str, dict[tuple[int, int], FileError]]:
    """Find the cells that the fast reader shows as blank though the workbook marks them as errors."""
    if not content.startswith(b"PK") or not _looks_wrong(content):
        return {}
    import openpyxl

    found: dict[str, dict[tuple[int, int], FileError]] = {}
    try:
        formulas = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
        results = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except Exception as problem:  # that package raises whatever its parsing runs into
        raise DataError(
            f"{file!r} holds error values (such as #N/A) whose cells cannot be told ({type(problem).__name__}); "
            "correct them, or save the workbook again as .xlsx"
        ) from None
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                result = results[sheet.title].cell(cell.row, cell.column)
                if result.data_type == "e":
                    found.setdefault(sheet.title, {})[cell.row, cell.column] = FileError(str(result.value))
                elif cell.data_type == "f" and result.value is None:
                    found.setdefault(sheet.title, {})[cell.row, cell.column] = FileError("formula without a result")
    return found


def _looks_wrong(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return any(
            _ERROR_CELL.search(xml) or _UNCALCULATED.search(xml)
            for xml in (
                parts.read(name)
                for name in parts.namelist()
                if name.startswith("xl/worksheets/") and name.endswith(".xml")
            )
        )


def _with_errors(grid: Grid, errors: dict[tuple[int, int], FileError]) -> Grid:
    if not errors:
        return grid
    height = max(len(grid.rows), *(row for row, _ in errors))
    width = max(max((len(row.cells) for row in grid.rows), default=0), *(column for _, column in errors))
    rows = [list(row.cells) + [None] * (width - len(row.cells)) for row in grid.rows]
    rows += [[None] * width for _ in range(height - len(rows))]
    for (row, column), error in errors.items():
        rows[row - 1][column - 1] = error
    return Grid(file=grid.file, name=grid.name, rows=tuple(Row(i, tuple(cells)) for i, cells in enumerate(rows, 1)))
