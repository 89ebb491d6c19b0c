"""Error cells and sizes in an .xls workbook (records of Microsoft's MS-XLS in a compound file, MS-CFB)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from myosotis.sources.marks import Inspected, SheetMarks, damaged, locked
from myosotis.sources.xlsb_marks import ERROR_NAMES, error_of

__all__ = ["COMPOUND", "inspect_xls"]

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # from here on, numbers of sectors are marks
_BEGIN_PART, _END_PART, _LOCKED, _SHEET = 0x0809, 0x000A, 0x002F, 0x0085
_FORMULA, _ERROR, _MANY = 0x0006, 0x0205, 0x00BD
# A value each: number, packed number, shared text, text, rich text.
_VALUES = (0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6)


def inspect_xls(content: bytes, file: str) -> Inspected:
    """Look through every worksheet; error values that no reader knows become #N/A in the content.

    Raises `DataError` for a workbook that needs a password.
    """
    try:
        streams = dict(_streams(content))
        if "EncryptedPackage" in streams:
            raise locked(file)
        places = streams.get("Workbook") or streams.get("Book") or []
        return _inspected(content, places, file)
    except (struct.error, IndexError, UnicodeDecodeError, MemoryError) as problem:
        raise damaged(file, problem) from None


def _inspected(content: bytes, places: list[tuple[int, int]], file: str) -> Inspected:
    book = b"".join(content[start : start + length] for start, length in places)
    known = bytearray(content)
    sheets: dict[str, SheetMarks] = {}
    for kind, start, length in _records(book, 0):
        if kind == _LOCKED:
            raise locked(file)
        if kind == _END_PART:
            break
        if kind == _SHEET and book[start + 5] == 0:
            name = _name(book[start + 6 : start + length])
            marks = SheetMarks(place=f"sheet {name!r} of {file!r}")
            for at in _through(book, struct.unpack_from("<I", book, start)[0], marks):
                known[_in_file(places, at)] = 0x2A
            sheets[name] = marks
    return Inspected(sheets=sheets, content=bytes(known))


def _name(body: bytes) -> str:
    length, wide = body[0], len(body) > 1 and body[1] in (0, 1)
    if not wide:  # before Excel 97 there is no flag
        return body[1 : 1 + length].decode("cp1252", "replace")
    return (
        body[2 : 2 + length * 2].decode("utf-16-le", "replace") if body[1] else body[2 : 2 + length].decode("latin-1")
    )


def _through(book: bytes, begin: int, marks: SheetMarks) -> Iterator[int]:
    """See every cell of a sheet; give the places of error values that are not known."""
    depth = 0
    for kind, start, length in _records(book, begin):
        depth += (kind == _BEGIN_PART) - (kind == _END_PART)
        if depth <= 0:
            return
        if depth > 1 or length < 6 or kind not in (*_VALUES, _FORMULA, _ERROR, _MANY):
            continue
        row, column = (n + 1 for n in struct.unpack_from("<HH", book, start))
        code = None
        if kind == _MANY:
            marks.see(row, column, columns=max(1, (length - 6) // 6))
        elif kind == _ERROR and length >= 8 and book[start + 7]:
            code = start + 6
        elif (
            kind == _FORMULA and length >= 14 and book[start + 12 : start + 14] == b"\xff\xff" and book[start + 6] == 2
        ):
            code = start + 8
        else:
            marks.see(row, column)
        if code is not None:
            marks.error(row, column, error_of(book[code]))
            if book[code] not in ERROR_NAMES:
                yield code


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if at + 4 + length > len(book):
            return
        yield kind, at + 4, length
        at += 4 + length


def _streams(content: bytes) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Give each stream's name and where its pieces lie in the file, as start and length."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    small_size = 1 << struct.unpack_from("<H", content, 32)[0]
    if size not in (512, 4096) or small_size != 64:
        return
    directory, (limit, small_table) = struct.unpack_from("<I", content, 48)[0], struct.unpack_from("<II", content, 56)
    lists = list(struct.unpack_from("<109I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    most = len(content) // size + 1
    while more < _END and len(lists) < most + 109:
        piece = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        lists += piece[:-1]
        more = piece[-1]
    table = [n for at in lists if at < _END for n in struct.unpack_from(f"<{size // 4}I", content, (at + 1) * size)]

    def sectors(first: int) -> list[tuple[int, int]]:
        return [((n + 1) * size, size) for n in _chain(table, first)]

    entries = b"".join(content[start : start + length] for start, length in sectors(directory))
    small = [n for start, _ in sectors(small_table) for n in struct.unpack_from(f"<{size // 4}I", content, start)]
    root = sectors(struct.unpack_from("<I", entries, 116)[0])
    for at in range(128, len(entries) - 127, 128):
        first, length = struct.unpack_from("<II", entries, at + 116)
        name_length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, min(64, name_length) - 2)].decode("utf-16-le", "replace")
        if entries[at + 66] != 2:
            continue
        if length >= limit:
            yield name, _cut(sectors(first), length)
        else:
            pieces = [(_in_file(root, n * small_size), small_size) for n in _chain(small, first)]
            yield name, _cut(pieces, length)


def _chain(table: list[int], first: int) -> Iterator[int]:
    for _ in range(len(table)):
        if first >= len(table):
            return
        yield first
        first = table[first]


def _cut(pieces: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, size in pieces:
        if length <= 0:
            break
        kept.append((start, min(size, length)))
        length -= size
    return kept


def _in_file(pieces: list[tuple[int, int]], at: int) -> int:
    size = pieces[0][1]
    return pieces[at // size][0] + at % size
