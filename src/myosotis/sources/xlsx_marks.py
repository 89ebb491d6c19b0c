"""Error cells, formulas without a result and sizes in the parts of an .xlsx workbook."""

from __future__ import annotations

import codecs
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from myosotis.sources.cell import FileError
from myosotis.sources.marks import MOST_TEXT, NO_RESULT, Inspected, SheetMarks, damaged, repacked

__all__ = ["inspect_xlsx", "local", "relations"]

# A worksheet as programs write it: in UTF-8, without prefixes, comments or sections of plain characters.
_USUAL_HEAD = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*encoding=["'](?i:utf-8)["'][^>]*\?>|<\?xml version=["']1.0["']\s*\?>|)"""
    rb"""\s*<worksheet"""
)
# What the fast look cannot judge: other forms, error values, formulas, and numbers that no date reaches.
_UNUSUAL = (b"<!", b'"e"', b"'e'", b"<f", b":c ", b":c>", b":v>", b":f>", b":row")
_LARGE = re.compile(rb"<v>(?:\s|[-+]?\d{11}|[-+.\d]+[eE]\+?\d\d)")
_COLUMNS = re.compile(rb'<c r="([A-Za-z]{1,3})[0-9]{1,7}"')
_ROWS = re.compile(rb'<c r="[A-Za-z]{1,3}([0-9]{1,7})"')
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
_COUNTED = re.compile(rb"""[cC]ount\s*=\s*["'](\d+)["']""")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# Dates end at 2958465 (31 December 9999); a reader of dates may give up on a number far beyond.
_BEYOND_DATES = 1e10
_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,12})")
_MARKUP = 2**20
_WORKBOOK = "xl/workbook.xml"


def inspect_xlsx(parts: zipfile.ZipFile, content: bytes, file: str) -> Inspected:
    """Look through every worksheet.

    Error cells are cut out of the content, whatever their error value, and so are numbers larger than any date, which
    stay what they are. Raises `DataError` for shared texts that are not as many as counted, or too long together.
    """
    lengths = _text_lengths(parts, file)
    longest = max(lengths, default=0)
    sheets: dict[str, SheetMarks] = {}
    changed: dict[str, bytes] = {}
    for name, part in _sheet_parts(parts):
        marks = SheetMarks(place=f"sheet {name!r} of {file!r}")
        xml = parts.read(part)
        plain = _in_utf8(xml)
        if not _plainly_within(plain, marks, longest):
            walk = _Walk(marks, lengths)
            walk.through(plain)
            plain = _without(plain, walk.cuts)
        sheets[name] = marks
        if plain is not xml:
            changed[part] = plain
    return Inspected(sheets=sheets, content=repacked(parts, changed) if changed else content)


def _in_utf8(xml: bytes) -> bytes:
    """Give a part in UTF-8, the same object when it is."""
    if not xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return xml
    return _DECLARATION.sub("", xml.decode("utf-16").removeprefix("\ufeff"), count=1).encode()


def _text_lengths(parts: zipfile.ZipFile, file: str) -> list[int]:
    """Give the length of each shared text, in bytes with its markup."""
    part = next((name for name in parts.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if part is None:
        return []
    xml = _in_utf8(parts.read(part))
    starts = [found.start() for found in _SHARED_TEXT.finditer(xml)]
    head = xml[: starts[0]] if starts else xml
    counted = max((int(number) for number in _COUNTED.findall(head)), default=0)
    if counted > 1000 + 100 * len(starts):
        raise damaged(file, ValueError(f"{counted} shared texts are counted and {len(starts)} are there"))
    return [end - start for start, end in zip(starts, [*starts[1:], len(xml)], strict=bool(starts))]


def _plainly_within(xml: bytes, marks: SheetMarks, longest: int) -> bool:
    """Say whether a worksheet in its usual form is small enough and has no cell to tell of; else it must be parsed.

    Reading every cell with a parser takes longer than all else; this looks at the bytes alone, and knows nothing of
    a worksheet in any other form.
    """
    if not _USUAL_HEAD.match(xml) or any(mark in xml for mark in _UNUSUAL) or _LARGE.search(xml):
        return False
    cells = xml.count(b"<c ") + xml.count(b"<c>")
    columns = _COLUMNS.findall(xml)
    if len(columns) != cells:
        return False
    marks.last_column = max(map(_column, set(columns)), default=0)
    marks.last_row = max(map(int, _ROWS.findall(xml)), default=0)
    marks.cells = cells
    return marks.within() and cells * longest <= MOST_TEXT


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column


def _sheet_parts(parts: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give the name and part of each worksheet that an .xlsx workbook lists; charts are none."""
    names = {name.lower(): name for name in parts.namelist()}
    targets = relations(parts, "xl/_rels/workbook.xml.rels", "xl")
    if _WORKBOOK not in names:
        return
    for element in ElementTree.fromstring(parts.read(names[_WORKBOOK])).iter():
        if local(element.tag) == "sheet":
            key = next((value for name, value in element.attrib.items() if local(name) == "id"), "")
            kind, target = targets.get(key, ("", ""))
            if kind == "worksheet" and target.lower() in names:
                yield element.get("name", ""), names[target.lower()]


def relations(parts: zipfile.ZipFile, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Give the kind and target of each relation of a part, by its id."""
    found = next((name for name in parts.namelist() if name.lower() == part.lower()), None)
    if found is None:
        return {}
    return {
        item.get("Id", ""): (
            item.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/" + folder, item.get("Target", ""))).lstrip("/"),
        )
        for item in ElementTree.fromstring(parts.read(found)).iter()
        if local(item.tag) == "Relationship"
    }


def local(name: str) -> str:
    """Take the namespace off a name."""
    return name.rpartition("}")[2].rpartition(":")[2]


@dataclass(slots=True)
class _Walk:
    """Go through the cells of a worksheet as a parser meets them."""

    marks: SheetMarks
    lengths: Sequence[int]
    cuts: list[tuple[int, int]] = field(default_factory=list)
    row: int = 0
    column: int = 0
    kind: str = ""
    starts: int = 0
    starts_value: int = 0
    formula: str | None = None
    value: str = ""
    holds: bool = False
    empty_element: bool = False
    inside: str = ""

    def through(self, xml: bytes) -> None:
        """Parse a worksheet; raises `expat.ExpatError` for what is not XML and `DataError` for one too large."""
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def start(name: str, attributes: dict[str, str]) -> None:
            name = local(name)
            if name == "c":
                self._cell(attributes)
                self.starts = parser.CurrentByteIndex
            elif name == "row":
                number = attributes.get("r", "")
                self.row = int(number) if number.isdecimal() else self.row + 1
                self.column = 0
            elif name in ("v", "f", "t"):
                self.inside, self.holds = name, True
                if name == "f":
                    self.formula = ""
                elif name == "v":
                    self.empty_element = False
                    self.starts_value = parser.CurrentByteIndex

        def text(found: str) -> None:
            if self.inside == "f":
                self.formula = (self.formula or "") + found
            elif self.inside:
                self.value += found

        def end(name: str) -> None:
            name = local(name)
            if name == "c":
                self._close(parser.CurrentByteIndex)
            elif name in ("v", "f", "t"):
                self.inside = ""
                if name == "v":
                    self.empty_element = parser.CurrentByteIndex == self.starts_value

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
        for begin in range(0, len(xml), _MARKUP):
            parser.Parse(xml[begin : begin + _MARKUP])
        parser.Parse(b"", True)

    def _cell(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        if given:
            place = _PLACE.fullmatch(given)
            if place is None:
                raise ValueError("a cell has a place that is none")
            self.row, self.column = int(place[2]), _column(place[1].encode())
        else:
            self.column += 1
        self.kind = attributes.get("t", "n")
        self.formula, self.value, self.inside, self.holds = None, "", "", False

    def _close(self, index: int) -> None:
        place = self.row, self.column
        if not self.holds:
            return
        if self.kind == "e":
            self.marks.error(*place, FileError(self.value.strip() or "error value"))
            self.cuts.append((self.starts, index))
            return
        self.marks.see(*place, text=self._length())
        number = _number(self.value) if self.kind == "n" else 0.0
        if abs(number) > _BEYOND_DATES:
            self.marks.instead[place] = number
            self.cuts.append((self.starts, index))
        if self.formula is not None and not self.value and self.kind != "str":
            # What writes an empty text without saying so, and what writes a formula that it never calculated, differ
            # only in this; a formula without an empty text in it can hardly give one.
            if not self.empty_element and '""' in self.formula:
                self.marks.empty_results.add(place)
            else:
                self.marks.instead[place] = NO_RESULT

    def _length(self) -> int:
        """Give how long the text of the cell is; a shared text that is not there is left to the reading."""
        if self.kind != "s":
            return len(self.value)
        index = int(self.value) if self.value.isdecimal() else 0
        return self.lengths[index] if index < len(self.lengths) else 0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _without(xml: bytes, cuts: list[tuple[int, int]]) -> bytes:
    if not cuts:
        return xml
    kept, begin = [], 0
    for start, end in cuts:
        kept.append(xml[begin:start])
        begin = xml.index(b">", end) + 1
    return b"".join([*kept, xml[begin:]])
