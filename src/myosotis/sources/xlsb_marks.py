"""Error cells, merged cells and sizes in the parts of an .xlsb workbook (records of Microsoft's MS-XLSB)."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

from myosotis.sources.cell import FileError
from myosotis.sources.marks import Inspected, SheetMarks, repacked
from myosotis.sources.xlsx_marks import relations

__all__ = ["ERROR_NAMES", "error_of", "inspect_xlsb"]

ERROR_NAMES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip


def error_of(code: int) -> FileError:
    """Give the error that a code of one byte stands for."""
    return FileError(ERROR_NAMES.get(code, f"error value {code}"))


_ROW, _ERROR, _FORMULA_ERROR, _SHEET, _MERGE = 0, 3, 11, 156, 176
_VALUES = range(2, 12)  # BrtCellRk to BrtFmlaError; 1 is a cell that has a format and nothing else


def inspect_xlsb(parts: zipfile.ZipFile, content: bytes, file: str) -> Inspected:
    """Look through every worksheet; error values that no reader knows become #N/A in the content."""
    sheets: dict[str, SheetMarks] = {}
    changed: dict[str, bytes] = {}
    targets = relations(parts, "xl/_rels/workbook.bin.rels", "xl")
    for name, key in _sheets(parts.read("xl/workbook.bin")):
        kind, part = targets.get(key, ("", ""))
        if kind != "worksheet" or part not in parts.namelist():
            continue
        marks = SheetMarks(place=f"sheet {name!r} of {file!r}")
        found = parts.read(part)
        known = _through(found, marks)
        sheets[name] = marks
        if known != found:
            changed[part] = known
    return Inspected(sheets=sheets, content=repacked(parts, changed) if changed else content)


def _sheets(workbook: bytes) -> Iterator[tuple[str, str]]:
    for kind, start, length in _records(workbook):
        if kind == _SHEET:
            body = workbook[start : start + length]
            key, rest = _text(body, 8)
            yield _text(body, rest)[0], key


def _text(body: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _through(part: bytes, marks: SheetMarks) -> bytes:
    row = 0
    known = bytearray(part)
    for kind, start, length in _records(part):
        if kind == _ROW and length >= 4:
            row = struct.unpack_from("<I", part, start)[0] + 1
        elif kind in _VALUES and length >= 8:
            column = struct.unpack_from("<I", part, start)[0] + 1
            if kind in (_ERROR, _FORMULA_ERROR) and length >= 9:
                code = part[start + 8]
                marks.error(row, column, error_of(code))
                known[start + 8] = code if code in ERROR_NAMES else 0x2A
            else:
                marks.see(row, column)
        elif kind == _MERGE and length >= 16:
            first, last, left, right = struct.unpack_from("<IIII", part, start)
            marks.merged.append((first + 1, last + 1, left + 1, right + 1))
    return bytes(known)


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Give the kind, start and length of each record; kind and length are numbers of seven bits a byte."""
    at = 0
    while at < len(part):
        kind, at = _number(part, at, 2)
        length, at = _number(part, at, 4)
        yield kind, at, min(length, len(part) - at)
        at += length


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for i in range(most):
        if at >= len(part):
            break
        byte = part[at]
        at += 1
        number |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            break
    return number, at
