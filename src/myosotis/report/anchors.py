"""Give every printed number a place: an anchor of its own, so that its trace can link back to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from myosotis.presentation.layout import Cell, Sentence
from myosotis.report.cells import Part, Rendered, render_cell
from myosotis.report.lookup import Lookup
from myosotis.report.prose import render_text

__all__ = ["Placed", "anchors", "linked", "place_cell", "place_text", "places", "trace_anchor"]

# A line may break before a bracket, never within: a half of "[4.0, 7.3]" reads as something else.
JOINTS = {text: text.replace(" ", "\N{NO-BREAK SPACE}") for text in (", ", " to ", "; ")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Hold a printed cell or sentence, the anchor it stands at and the name of its place ("Table 1")."""

    rendered: Rendered
    anchor: str
    place: str

    def cited(self) -> list[tuple[str, Part]]:
        """List the parts that print a result, each with its own anchor."""
        parts = [part for part in self.rendered.parts if part.result_id]
        return [(self.anchor if i == 0 else f"{self.anchor}:{i + 1}", part) for i, part in enumerate(parts)]


def place_cell(cell: Cell, index: Lookup, anchor: str, place: str) -> Placed:
    """Print a cell at a place; raises as `render_cell` does."""
    return Placed(rendered=render_cell(cell, index.results), anchor=anchor, place=place)


def place_text(text: str | Sentence, index: Lookup, anchor: str, place: str) -> Placed:
    """Print a text or template at a place; raises as `render_template` does."""
    return Placed(rendered=render_text(text, index), anchor=anchor, place=place)


def places(printed: Iterable[Placed]) -> dict[str, list[tuple[str, str]]]:
    """List for each result where it is printed, as (place, anchor), one entry a place, in reading order."""
    found: dict[str, dict[str, str]] = {}
    for item in printed:
        for anchor, part in item.cited():
            found.setdefault(part.result_id, {}).setdefault(item.place, anchor)
    return {key: list(by_place.items()) for key, by_place in found.items()}


def linked(item: Placed) -> Markup:
    """Write a printed cell as HTML, each number a link to its trace."""
    names = iter(name for name, _ in item.cited())
    pieces = []
    for part in item.rendered.parts:
        if part.result_id:
            title = Markup(' title="{}"').format(part.title) if part.title else Markup("")
            href = trace_anchor(part.result_id)
            pieces.append(
                Markup('<a class="number" id="{}" href="#{}"{}>{}</a>').format(next(names), href, title, part.text)
            )
        else:
            pieces.append(escape(JOINTS.get(part.text, part.text)))
    return Markup("").join(pieces)


def trace_anchor(result_id: str) -> str:
    """Name the place of a result's trace."""
    return f"trace-{result_id}"


def anchors(keys: Sequence[str], prefix: str) -> dict[str, str]:
    """Give each key an id that is valid in HTML and in a link, and that no other key has.

    An id holds no colon, which is kept for the places within: `table-1:r2c3` can be no other table's id.

    >>> anchors(["cmas@1.0", "cmas 1.0"], "def")
    {'cmas@1.0': 'def-cmas-1.0', 'cmas 1.0': 'def-cmas-1.0-2'}
    """
    given: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        base = f"{prefix}-" + (re.sub(r"[^A-Za-z0-9_.]+", "-", key).strip("-") or "x")
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}-{count}"
        taken.add(name)
        given[key] = name
    return given
