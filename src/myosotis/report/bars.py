"""Draw what share of the patients reached each level at each visit, as stacked bars."""

from __future__ import annotations

from typing import Any

from myosotis.errors import ProtocolError
from myosotis.presentation.layout import StackedBars
from myosotis.report.format import integer
from myosotis.report.lookup import Lookup
from myosotis.report.palette import CONFIG, SCHEMA, on_colour, ordered_colours

__all__ = ["stacked_bars"]

WIDTH, HEIGHT = 360, 280
READABLE = 0.06  # share of the bar that holds a line of 11-pixel text

Spec = dict[str, Any]


def stacked_bars(figure: StackedBars, index: Lookup) -> Spec:
    """Build the Vega-Lite specification of one bar a visit, cut into levels by their proportions, the first at the bottom.

    A part shows its count where it is tall enough; a part without a value is not drawn, and a level without a part is not
    in the legend.

    Raises `ProtocolError` for a result the bundle does not hold and for a level that is not declared.
    """
    levels, visits = list(figure.levels), [bar.visit for bar in figure.bars]
    rows = []
    for bar in figure.bars:
        below = 0.0
        parts = {part.level: part for part in bar.parts}
        undeclared = sorted(set(parts) - set(levels))
        if undeclared:
            raise ProtocolError(f"the bar of {bar.visit} has the level {undeclared[0]!r}, which is not declared")
        for level in (level for level in levels if level in parts):
            share = _number(parts[level].proportion, index)
            count = _number(parts[level].count, index)
            if share is not None:
                text = integer(count) if count is not None and share >= READABLE else ""
                rows.append(_part(bar.visit, level, below, below + share, text))
                below += share
    colours = ordered_colours(len(levels))
    drawn = [level for level in reversed(levels) if any(row["level"] == level for row in rows)]
    x = {
        "field": "visit",
        "type": "ordinal",
        "sort": visits,
        "scale": {"domain": visits, "paddingInner": 0.35, "paddingOuter": 0.2},
        "axis": {"title": None, "labelAngle": 0, "labelPadding": 6, "ticks": False},
    }
    y = {
        "field": "from",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"title": "Patients (%)", "format": "%", "values": [0, 0.25, 0.5, 0.75, 1]},
    }
    colour = {
        "field": "level",
        "type": "nominal",
        "scale": {"domain": levels, "range": colours},
        "sort": levels[::-1],
        "legend": {"title": None, "orient": "right", "values": drawn} if len(drawn) > 1 else None,
    }
    text_colour = {
        "field": "level",
        "type": "nominal",
        "scale": {"domain": levels, "range": [on_colour(c) for c in colours]},
        "legend": None,
    }
    return {
        "$schema": SCHEMA,
        "description": figure.title,
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "bar", "stroke": "white", "strokeWidth": 1},
                "encoding": {"x": x, "y": y, "y2": {"field": "to"}, "fill": colour},
            },
            {
                "mark": {"type": "text", "baseline": "middle"},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "middle"},
                    "text": {"field": "label", "type": "nominal"},
                    "fill": text_colour,
                },
            },
        ],
        "resolve": {"scale": {"fill": "independent"}},
        "config": CONFIG,
    }


def _part(visit: str, level: str, low: float, high: float, label: str) -> Spec:
    return {"visit": visit, "level": level, "from": low, "to": high, "middle": (low + high) / 2, "label": label}


def _number(key: str, index: Lookup) -> float | None:
    if key not in index.results:
        raise ProtocolError(f"a figure draws the result {key}, which the bundle does not hold")
    number: float | None = index.results[key]["number"]
    return number
