"""Where the keys, values and characters of a valid TOML text stand; what they mean is not looked at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

__all__ = ["Lines", "Node", "Place", "scanned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line and a column of a file, counted from 1; columns in characters."""

    line: int
    column: int


class Lines:
    """Know where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(place + 1 for place, sign in enumerate(text) if sign == "\n")]

    def place(self, offset: int) -> Place:
        """Give the line and column of a character, counted from 0."""
        line = bisect_right(self._starts, offset)
        return Place(line=line, column=offset - self._starts[line - 1] + 1)


@dataclass(slots=True, kw_only=True)
class Node:
    """Where one value starts, and where its keys, its entries or its characters stand."""

    start: int
    keys: dict[str, tuple[int, Node]] = field(default_factory=dict)
    entries: list[Node] = field(default_factory=list)
    offsets: tuple[int, ...] = ()


Key = tuple[str, int]


def scanned(text: str) -> Node:
    """Find where everything in a text stands; the text must be valid TOML with line ends of one character."""
    return _Scan(text).document()


class _Scan:
    """Walk through a text once."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def document(self) -> Node:
        root = Node(start=0)
        table = root
        while self._skip(lines=True) < len(self._text):
            if self._text[self._at] == "[":
                several = self._text.startswith("[[", self._at)
                self._at += 2 if several else 1
                *before, last = self._keys()
                self._at = self._text.index("]", self._at) + (2 if several else 1)
                table = self._section(_within(root, before), last, several)
            else:
                self._pair(table)
        return root

    def _section(self, parent: Node, key: Key, several: bool) -> Node:
        name, place = key
        if not several:
            return _within(parent, [key])
        array = parent.keys.setdefault(name, (place, Node(start=place)))[1]
        array.entries.append(Node(start=place))
        return array.entries[-1]

    def _pair(self, table: Node) -> None:
        *before, (name, place) = self._keys()
        self._at = self._text.index("=", self._at) + 1
        self._skip()
        _within(table, before).keys[name] = (place, self._value())

    def _skip(self, *, lines: bool = False) -> int:
        """Pass over blanks, and over line ends and comments where they may stand."""
        blanks = " \t\n" if lines else " \t"
        while self._at < len(self._text):
            if self._text[self._at] in blanks:
                self._at += 1
            elif lines and self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            else:
                break
        return self._at

    def _keys(self) -> list[Key]:
        found = []
        while True:
            place = self._skip()
            if self._text[place] in "\"'":
                start = self._at + 1
                name, _ = self._string()
                found.append((name, start - 1))
            else:
                while self._text[self._at].isalnum() or self._text[self._at] in "_-":
                    self._at += 1
                found.append((self._text[place : self._at], place))
            if self._text[self._skip()] != ".":
                return found
            self._at += 1

    def _value(self) -> Node:
        start, sign = self._at, self._text[self._at]
        if sign in "\"'":
            _, offsets = self._string()
            return Node(start=start, offsets=offsets)
        if sign == "[":
            return self._array()
        if sign == "{":
            return self._inline()
        while self._at < len(self._text) and self._text[self._at] not in ",]}#\n":
            self._at += 1
        return Node(start=start)

    def _array(self) -> Node:
        node = Node(start=self._at)
        self._at += 1
        while self._text[self._skip(lines=True)] != "]":
            node.entries.append(self._value())
            if self._text[self._skip(lines=True)] == ",":
                self._at += 1
        self._at += 1
        return node

    def _inline(self) -> Node:
        node = Node(start=self._at)
        self._at += 1
        while self._text[self._skip(lines=True)] != "}":
            self._pair(node)
            if self._text[self._skip(lines=True)] == ",":
                self._at += 1
        self._at += 1
        return node

    def _string(self) -> tuple[str, tuple[int, ...]]:
        """Pass over a text; give it with where each of its characters stands, and where the last one ends."""
        quote = self._text[self._at]
        many = self._text.startswith(quote * 3, self._at)
        self._at += 3 if many else 1
        if many and self._text[self._at] == "\n":
            self._at += 1
        signs: list[str] = []
        offsets: list[int] = []
        while not self._closes(quote, many):
            if quote == '"' and self._text[self._at] == "\\":
                self._escaped(signs, offsets)
            else:
                signs.append(self._text[self._at])
                offsets.append(self._at)
                self._at += 1
        offsets.append(self._at)
        self._at += 3 if many else 1
        return "".join(signs), tuple(offsets)

    def _closes(self, quote: str, many: bool) -> bool:
        if not many:
            return self._text[self._at] == quote
        # Up to two quotes may stand right before the three that close it.
        return self._text.startswith(quote * 3, self._at) and not self._text.startswith(quote * 4, self._at)

    def _escaped(self, signs: list[str], offsets: list[int]) -> None:
        start, sign = self._at, self._text[self._at + 1]
        self._at += 2
        if sign in " \t\n":  # a line end that is no part of the text, with the blanks around it
            self._skip_blank()
            return
        offsets.append(start)
        if sign in "uU":
            digits = 4 if sign == "u" else 8
            signs.append(chr(int(self._text[self._at : self._at + digits], 16)))
            self._at += digits
        else:
            signs.append(_ESCAPES[sign])

    def _skip_blank(self) -> None:
        while self._text[self._at] in " \t\n":
            self._at += 1


_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def _within(table: Node, keys: list[Key]) -> Node:
    """Find the table under some keys, making those that are not there yet; of several tables, the last."""
    for name, place in keys:
        table = table.keys.setdefault(name, (place, Node(start=place)))[1]
        table = table.entries[-1] if table.entries else table
    return table
