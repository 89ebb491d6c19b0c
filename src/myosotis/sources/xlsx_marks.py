"""Error cells, formulas without a result and sizes in the parts of an .xlsx workbook."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from myosotis.sources.cell import FileError
from myosotis.sources.marks import NO_RESULT, Inspected, SheetMarks, repacked

__all__ = ["inspect_xlsx", "sheet_parts"]

_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_MARKUP = 2**20


def inspect_xlsx(parts: zipfile.ZipFile, content: bytes, file: str) -> Inspected:
    """Look through every worksheet; error cells are cut out of the content, whatever their error value."""
    sheets: dict[str, SheetMarks] = {}
    changed: dict[str, bytes] = {}
    for name, part in sheet_parts(parts, "xl/workbook.xml"):
        marks = SheetMarks(place=f"sheet {name!r} of {file!r}")
        xml = parts.read(part)
        walk = _Walk(marks)
        walk.through(xml)
        sheets[name] = marks
        if walk.cuts:
            changed[part] = _without(xml, walk.cuts)
    return Inspected(sheets=sheets, content=repacked(parts, changed) if changed else content)


def sheet_parts(parts: zipfile.ZipFile, workbook: str) -> Iterator[tuple[str, str]]:
    """Give the name and part of each worksheet that an .xlsx workbook lists; charts are none."""
    names = {name.lower(): name for name in parts.namelist()}
    folder, base = posixpath.split(workbook)
    targets = relations(parts, f"{folder}/_rels/{base}.rels", folder)
    if workbook not in names:
        return
    for element in ElementTree.fromstring(parts.read(names[workbook])).iter():
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
    cuts: list[tuple[int, int]] = field(default_factory=list)
    row: int = 0
    column: int = 0
    kind: str = ""
    starts: int = 0
    starts_value: int = 0
    formula: str | None = None
    value: str = ""
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
                self.inside = name
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
        place = _PLACE.fullmatch(attributes.get("r", ""))
        if place:
            column = 0
            for letter in place[1].upper():
                column = column * 26 + ord(letter) - 64
            self.row, self.column = int(place[2]), column
        else:
            self.column += 1
        self.kind = attributes.get("t", "n")
        self.formula, self.value, self.inside = None, "", ""

    def _close(self, index: int) -> None:
        place = self.row, self.column
        if self.kind == "e":
            self.marks.error(*place, FileError(self.value.strip() or "error value"))
            self.cuts.append((self.starts, index))
        elif self.value:
            self.marks.see(*place)
        elif self.formula is not None and self.kind != "str":
            # What writes an empty text without saying so, and what writes a formula that it never calculated, differ
            # only in this; a formula without an empty text in it can hardly give one.
            if not self.empty_element and '""' in self.formula:
                self.marks.empty_results.add(place)
            else:
                self.marks.error(*place, NO_RESULT)


def _without(xml: bytes, cuts: list[tuple[int, int]]) -> bytes:
    kept, begin = [], 0
    for start, end in cuts:
        kept.append(xml[begin:start])
        begin = xml.index(b">", end) + 1
    return b"".join([*kept, xml[begin:]])
