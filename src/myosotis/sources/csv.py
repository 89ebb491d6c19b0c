"""Delimited text files: every cell is text, or nothing."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from myosotis.errors import DataError
from myosotis.sources.files import InputFile, read_bytes
from myosotis.sources.sheet import Grid

__all__ = ["read_csv"]

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
# What begins a file of an encoding that is wider than a byte; longer marks first.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
# Text codecs that are no encoding of a file: they would turn plain characters into others.
_NO_FILE_HAS = {"idna", "punycode", "unicode-escape", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape",
                "undefined", "utf-7"}  # fmt: skip


def read_csv(
    path: Path, *, file: str, delimiter: str = "", encoding: str = "utf-8", header_row: int = 1
) -> tuple[Grid, InputFile]:
    """Read a delimited text file.

    `delimiter` is a comma, a semicolon or a tab; empty, it is the one that splits the header most, or where none does,
    the next row that one splits. A byte order mark is dropped. Rows are numbered as a spreadsheet shows them: a field
    with a line break inside does not start a new row, and a blank line counts.

    Raises `DataError` for bytes that are not in `encoding`, for an encoding that is not known or not one of files, for
    quotes that do not match, for a field longer than the standard library's reader takes (131072 characters unless a
    program says otherwise), and when two delimiters split the header equally.
    """
    content, info = read_bytes(path, file)
    text = _decoded(content, encoding, file)
    chosen = delimiter or _sniff(text, file, header_row)
    rows = _rows(text, chosen, file)
    return Grid.of(file=file, name="", rows=rows, delimiter=chosen, unended=not text.endswith(("\n", "\r"))), info


def _rows(text: str, delimiter: str, file: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    begins = 1
    try:
        for fields in reader:
            rows.append(fields)
            begins = reader.line_num + 1
    except csv.Error as problem:
        row = f"row {len(rows) + 1}" + ("" if begins == len(rows) + 1 else f" (it begins in line {begins})")
        if _TOO_LONG in str(problem):
            # More often a quote that opens and never closes than a text: it takes every line after it into one field.
            raise DataError(
                f"{file!r}: {row} holds a field of more than {csv.field_size_limit()} characters, which are the most that "
                "are read; close the quotes that open in this row, or shorten the text (no spreadsheet holds one as long)"
            ) from None
        if _NO_END in str(problem):
            raise DataError(
                f"{file!r}: {row} opens quotes that no line after it closes, so that all of them are one field and this is "
                "not delimited text; check the quotes around its fields"
            ) from None
        raise DataError(
            f"{file!r}: {row} is not delimited text ({problem} in line {reader.line_num}); check the quotes around its "
            "fields"
        ) from None
    return rows


# How the standard library words them.
_TOO_LONG, _NO_END = "field larger than field limit", "unexpected end of data"


def _decoded(content: bytes, encoding: str, file: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        if name in _NO_FILE_HAS:
            raise LookupError
        mark = next((known for begin, known in _MARKS.items() if content.startswith(begin)), "")
        if mark and not name.startswith(mark):
            raise DataError(
                f"{file!r} begins with the mark of {mark}, and the mapping says {encoding}; declare "
                f'encoding = "{mark}" in the mapping, or save the file as UTF-8'
            )
        if name.startswith(("utf-16", "utf-32")) and b"\x00" not in content:
            raise DataError(
                f"{file!r} is not {encoding}, whose delimiters and line ends hold a byte of value 0; remove the encoding "
                "from the mapping if the file is UTF-8, or declare the one it has"
            )
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        raise DataError(
            f"{file!r}: byte {problem.start} is not {encoding}; save the file as UTF-8, or declare its encoding "
            '(such as encoding = "cp1252") in the mapping'
        ) from None
    except (LookupError, UnicodeError, ValueError) as problem:
        if isinstance(problem, DataError):
            raise
        raise DataError(
            f"{file!r}: the encoding {encoding!r} is unknown, or none of text files; write utf-8, cp1252, latin-1 or "
            "utf-16"
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise DataError(
            f"{file!r}: line {line} holds a character of value 0, which no text has: the file is in another encoding "
            'than the mapping says, or damaged; declare encoding = "utf-16-le" if it is UTF-16, or save it as UTF-8'
        )
    return text


def _sniff(text: str, file: str, header_row: int) -> str:
    counts = {mark: _fields(text, mark, header_row) for mark in _DELIMITERS}
    first = min((row for row, n in counts.values() if n > 1), default=0)
    most = max((n for row, n in counts.values() if row == first), default=1)
    best = [mark for mark, (row, n) in counts.items() if (row, n) == (first, most)] or list(_DELIMITERS)
    if most > 1 and len(best) > 1:
        names = " and ".join(_DELIMITERS[mark] for mark in best)
        which = "the first row" if first == 1 else f"row {first}"
        raise DataError(
            f"{file!r}: {names} both split {which} into {most} fields; declare the delimiter in the mapping"
        )
    return best[0]


def _fields(text: str, delimiter: str, header_row: int) -> tuple[int, int]:
    """Give the first row, from the header on, that a delimiter splits, and into how many fields; else (0, 0)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, fields in enumerate(reader, start=1):
            if number >= header_row and len(fields) > 1:
                return number, len(fields)
    except csv.Error:
        pass
    return 0, 0
