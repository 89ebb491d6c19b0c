"""Long expressions over several lines: what stands in brackets, one part a line."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["wrapped"]

WIDTH = 110
_OPEN, _CLOSE = "([{", ")]}"


def wrapped(text: str, *, indent: int = 0, before: int = 0) -> str:
    """Break an expression that is too long for a line at the commas within its longest brackets, and those if needed.

    `indent` is how far its lines stand to the right, `before` how much stands before it on its first line.

    >>> wrapped("any_of(" + ", ".join(["ck.at(week_0) <= 150"] * 6) + ")").splitlines()[:2]
    ['any_of(', '    ck.at(week_0) <= 150,']
    """
    if indent + before + len(text) <= WIDTH:
        return text
    groups = list(_groups(text))
    if not groups:
        return text
    first, last = max(groups, key=lambda group: group[1] - group[0])
    parts = list(_parts(text[first + 1 : last]))
    if not parts:
        return text
    inner = " " * (indent + 4)
    # Parentheses that only hold together are no list; a comma would make them one.
    called = text[first] != "(" or (first > 0 and (text[first - 1].isalnum() or text[first - 1] in "_)]"))
    comma = "," if called else ""
    lines = [f"{inner}{wrapped(part, indent=indent + 4, before=1)}{comma}" for part in parts]
    return "\n".join([text[: first + 1], *lines, f"{' ' * indent}{text[last:]}"])


def _groups(text: str) -> Iterator[tuple[int, int]]:
    """Give where each pair of outermost brackets stands."""
    depth = start = 0
    for place, sign in _outside_texts(text):
        if sign in _OPEN:
            start = place if depth == 0 else start
            depth += 1
        elif sign in _CLOSE:
            depth -= 1
            if depth == 0:
                yield start, place


def _parts(text: str) -> Iterator[str]:
    """Cut at the commas outside of all brackets."""
    depth = start = 0
    for place, sign in _outside_texts(text):
        depth += (sign in _OPEN) - (sign in _CLOSE)
        if sign == "," and depth == 0:
            yield text[start:place].strip()
            start = place + 1
    if text[start:].strip():
        yield text[start:].strip()


def _outside_texts(text: str) -> Iterator[tuple[int, str]]:
    """Give each sign with its place, but not those within quotes."""
    place = 0
    while place < len(text):
        if text[place] == '"':
            place += 1
            while text[place] != '"':
                place += 2 if text[place] == "\\" else 1
        else:
            yield place, text[place]
        place += 1
