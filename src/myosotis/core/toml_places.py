"""TOML in which every key and value knows its line and column, so that what is wrong is told where it stands.

What is valid and what a value is says the standard library; here it is only found again where in the text it stood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from myosotis.core.toml_scan import Lines, Node, Place, scanned
from myosotis.errors import ProtocolError

__all__ = ["Array", "Place", "Table", "Text", "read_toml"]

_MOST = 2**63
_WHERE = re.compile(r"^(?P<told>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL)


class Text(str):
    """A text that knows where in the file it stands."""

    lines: Lines
    offsets: tuple[int, ...]

    @property
    def place(self) -> Place:
        """Give the place of its first character."""
        return self.place_of(0)

    def place_of(self, offset: int) -> Place:
        """Give the place in the file of one of its characters, counted from 0; its length gives that behind the last."""
        return self.lines.place(self.offsets[min(max(offset, 0), len(self.offsets) - 1)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    keys: Mapping[str, Place] = field(default_factory=dict)
    values: Mapping[str, Place] = field(default_factory=dict)


class Table(dict[str, Any]):
    """A table that knows where its keys and values stand; a table within has the place where it is first named."""

    _places = _Places()

    @property
    def places(self) -> Mapping[str, Place]:
        """Give the place of each key."""
        return self._places.keys

    @property
    def value_places(self) -> Mapping[str, Place]:
        """Give the place of each value."""
        return self._places.values


class Array(list[Any]):
    """A list that knows where its entries stand."""

    places: tuple[Place, ...] = ()


def read_toml(text: str) -> Table:
    """Read TOML; equal to what `tomllib` reads, with the places.

    Raises `ProtocolError`, with line and column, for what is no TOML, an integer beyond 64 bits, and too deep nesting.

    >>> table = read_toml('key = "a"')
    >>> table["key"].place
    Place(line=1, column=8)
    """
    text = text.replace("\r\n", "\n")
    lines = Lines(text)
    try:
        content = tomllib.loads(text)
        found = _joined(content, scanned(text), lines)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(_told(str(error), lines, len(text))) from None
    except RecursionError:
        raise ProtocolError("line 1, column 1: this is nested too deeply") from None
    assert isinstance(found, Table)
    return found


def _told(message: str, lines: Lines, end: int) -> str:
    match = _WHERE.match(message)
    if match is None:
        return f"line 1, column 1: this is no TOML ({message})"
    place = lines.place(end) if match["line"] is None else Place(line=int(match["line"]), column=int(match["column"]))
    return f"line {place.line}, column {place.column}: this is no TOML ({match['told'][:1].lower()}{match['told'][1:]})"


def _joined(value: object, node: Node, lines: Lines) -> object:
    """Join what is read with where it stands."""
    if isinstance(value, dict):
        table = Table({name: _joined(one, node.keys[name][1], lines) for name, one in value.items()})
        table._places = _Places(
            keys={name: lines.place(node.keys[name][0]) for name in value},
            values={name: lines.place(node.keys[name][1].start) for name in value},
        )
        return table
    if isinstance(value, list):
        array = Array(_joined(*one, lines) for one in zip(value, node.entries, strict=True))
        array.places = tuple(lines.place(one.start) for one in node.entries)
        return array
    if isinstance(value, str):
        text = Text(value)
        text.lines, text.offsets = lines, node.offsets
        return text
    if isinstance(value, int) and not -_MOST <= value < _MOST:
        place = lines.place(node.start)
        raise ProtocolError(f"line {place.line}, column {place.column}: the integer is beyond what 64 bits hold")
    return value
