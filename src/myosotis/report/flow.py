"""Draw how the patients of a study were chosen, as a flow diagram."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from myosotis.errors import ProtocolError
from myosotis.report.anchors import Placed, linked
from myosotis.report.palette import FONT

__all__ = ["FlowStep", "flow_alone", "flow_in_words", "flow_svg"]

WIDTH = 620
MAIN, SIDE = 270, 290  # widths of the boxes
LINE = 19  # pixels a line of text
PAD = 12
GAP = 34  # height of an arrow
CHARACTERS = {MAIN: 32, SIDE: 34}  # that fit at 14 pixels even in a wide font
# Attributes and no style sheet, so that the drawing looks the same on the page and on its own.
MAIN_LOOK = Markup('fill="#f5f8fc" stroke="#2b5fa8" stroke-width="1.4"')
SIDE_LOOK = Markup('fill="#ffffff" stroke="#8a9099"')


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep:
    """Hold a step: `kind` is start, excluded or remaining; `count` the number of patients as printed."""

    kind: str
    label: str
    count: Placed


def flow_svg(steps: Sequence[FlowStep]) -> Markup:
    """Draw the steps as inline SVG: start and remaining boxes in a column, what was excluded beside the arrows.

    Exclusions between two boxes share one box, a line each. Raises `ProtocolError` for a kind of step that is
    unknown and for an exclusion before any box.
    """
    pieces: list[Markup] = []
    top, waiting = 1, list[FlowStep]()
    bottom: int | None = None
    for step in [*steps, None]:
        if step is not None and step.kind == "excluded":
            if bottom is None:
                raise ProtocolError(f"the flow diagram excludes ({step.label}) before it starts; begin with a start")
            waiting.append(step)
            continue
        if step is not None and step.kind not in ("start", "remaining"):
            raise ProtocolError(
                f"the flow step {step.label!r} is of kind {step.kind!r}; use start, excluded, remaining"
            )
        if bottom is not None and (step is not None or waiting):
            height = _side_height(waiting) + GAP if waiting else GAP
            top = bottom + height
            pieces.append(_arrows(bottom, top, waiting, last=step is None))
            waiting = []
        if step is not None:
            lines = _wrap(step.label, MAIN)
            box = 2 * PAD + LINE * (len(lines) + 1)
            pieces.append(_box(1, top, MAIN, box, MAIN_LOOK))
            pieces.append(_lines(1 + MAIN / 2, top + PAD, lines, step.count))
            bottom = top + box
    height = (bottom or 0) + 2 if steps and steps[-1].kind != "excluded" else top + 2
    return Markup(
        '<svg class="flow" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="group" '
        'font-family="{}" font-size="14" fill="#1b1f24" aria-label="{}">{}</svg>'
    ).format(WIDTH, height, WIDTH, height, FONT, f"Flow of patients. {flow_in_words(steps)}", Markup("").join(pieces))


def flow_alone(drawing: Markup) -> str:
    """Make the drawing a file of its own: white behind it, and no links, as the traces they lead to stay behind.

    All in one font weight, as two fonts in one PDF are numbered in no fixed order (see `palette`).
    """
    alone = re.sub(r'<a [^>]*>|</a>| font-weight="600"', "", str(drawing))
    return alone.replace(">", '><rect width="100%" height="100%" fill="#ffffff"/>', 1)


def flow_in_words(steps: Sequence[FlowStep]) -> str:
    """Read the steps aloud, for those who cannot see the drawing."""
    words = {"start": "", "excluded": "Excluded: ", "remaining": ""}
    return " ".join(f"{words.get(s.kind, '')}{s.label}, n = {s.count.rendered.text}." for s in steps)


def _side_height(excluded: Sequence[FlowStep]) -> int:
    return 2 * PAD + LINE * (1 + sum(len(_entry(step)) for step in excluded))


def _entry(step: FlowStep) -> list[str]:
    return _wrap(f"{step.label} (n = {step.count.rendered.text})", SIDE)


def _arrows(top: int, bottom: int, excluded: Sequence[FlowStep], *, last: bool) -> Markup:
    x = 1 + MAIN / 2
    end = (top + bottom) / 2 if last else bottom
    pieces = [
        Markup('<path fill="none" stroke="#4a5058" stroke-width="1.3" d="M{} {}V{}"/>').format(
            _plain(x), top, _plain(end - (0 if last else 1))
        )
    ]
    if not last:
        pieces.append(_head(x, bottom))
    if excluded:
        height, left = _side_height(excluded), WIDTH - SIDE - 1
        box_top = top + GAP // 2
        middle = box_top + height / 2
        pieces.append(
            Markup('<path fill="none" stroke="#4a5058" stroke-width="1.3" d="M{} {}H{}"/>').format(
                _plain(x), _plain(middle), left - 1
            )
        )
        pieces.append(Markup('<path fill="#4a5058" d="M{} {}l-8 -4.5v9z"/>').format(left, _plain(middle)))
        pieces.append(_box(left, box_top, SIDE, height, SIDE_LOOK))
        y = box_top + PAD + 14
        pieces.append(Markup('<text font-weight="600" x="{}" y="{}">Excluded</text>').format(left + PAD, y))
        for step in excluded:
            for i, line in enumerate(lines := _entry(step)):
                y += LINE
                text = escape(line)
                if i == len(lines) - 1:
                    # The count ends the last line: the wrapping keeps "(n = 1)" whole.
                    text = escape(line[: -len(step.count.rendered.text) - 1]) + linked(step.count) + Markup(")")
                pieces.append(Markup('<text x="{}" y="{}">{}</text>').format(left + PAD, y, text))
    return Markup("").join(pieces)


def _head(x: float, y: int) -> Markup:
    return Markup('<path fill="#4a5058" d="M{} {}l-4.5 -8h9z"/>').format(_plain(x), y)


def _box(x: float, y: int, width: int, height: int, look: Markup) -> Markup:
    return Markup('<rect {} x="{}" y="{}" width="{}" height="{}" rx="3"/>').format(look, _plain(x), y, width, height)


def _lines(x: float, top: int, lines: Sequence[str], count: Placed) -> Markup:
    pieces = []
    for i, line in enumerate(lines):
        pieces.append(
            Markup('<text text-anchor="middle" x="{}" y="{}">{}</text>').format(_plain(x), top + 14 + i * LINE, line)
        )
    pieces.append(
        Markup('<text text-anchor="middle" x="{}" y="{}">n = {}</text>').format(
            _plain(x), top + 14 + len(lines) * LINE, linked(count)
        )
    )
    return Markup("").join(pieces)


def _wrap(text: str, width: int) -> list[str]:
    kept = text.replace("(n = ", "(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")
    return textwrap.wrap(kept, CHARACTERS[width], break_long_words=True, break_on_hyphens=False) or [""]


def _plain(value: float) -> str:
    return f"{value:g}"
