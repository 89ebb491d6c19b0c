"""Colours that colour-blind readers can tell apart, and the look that all figures share."""

from __future__ import annotations

from typing import Any

__all__ = ["ACCENT", "CONFIG", "FONT", "GREY", "INK", "OKABE_ITO", "SCHEMA", "on_colour", "ordered_colours"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

# Okabe M, Ito K. Color Universal Design (2008), https://jfly.uni-koeln.de/color/; black and yellow left out of lines.
OKABE_ITO = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "bluish green": "#009E73",
    "sky blue": "#56B4E9",
    "orange": "#E69F00",
    "reddish purple": "#CC79A7",
    "yellow": "#F0E442",
    "black": "#000000",
}
LINES = tuple(OKABE_ITO[name] for name in list(OKABE_ITO)[:6])

ACCENT = "#2B5FA8"
INK = "#1B1F24"
GREY = "#8A9099"
PALE = "#D9DDE2"

FONT = "Helvetica, Arial, Liberation Sans, sans-serif"

# One font weight throughout: two fonts in one PDF are numbered in no fixed order, and equal input must give equal bytes.
CONFIG: dict[str, Any] = {
    "font": FONT,
    "aria": False,
    "background": "white",
    "padding": 6,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "domainColor": INK,
        "tickColor": INK,
        "gridColor": "#ECEFF2",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "tickSize": 4,
    },
    "text": {"fontSize": 11, "fill": INK, "fontWeight": "normal"},
    "legend": {
        "labelFontSize": 12,
        "labelColor": INK,
        "labelLimit": 260,
        "symbolType": "square",
        "titleFontWeight": "normal",
    },
}

ORDERED = ("blue", "sky blue", "orange", "vermillion", "reddish purple", "bluish green", "yellow")


def ordered_colours(count: int) -> list[str]:
    """Give a colour to each of a few ordered levels; beyond seven the last ones are grey, as nobody tells them apart.

    >>> ordered_colours(2)
    ['#0072B2', '#56B4E9']
    """
    colours = [OKABE_ITO[name] for name in ORDERED[:count]]
    return colours + [PALE] * (count - len(colours))


def on_colour(colour: str) -> str:
    """Choose white or black text for a background, whichever has the higher WCAG 2.1 contrast ratio.

    >>> on_colour("#0072B2"), on_colour("#56B4E9")
    ('white', 'black')
    """
    light = _luminance(colour)
    return "white" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "black"


def _luminance(colour: str) -> float:
    """Give the relative luminance of an sRGB colour, from 0 to 1 (WCAG 2.1, definition of relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
