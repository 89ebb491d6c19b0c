"""Draw a lane per patient over the weeks: bars of treatment, levels reached at visits, events and drugs started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.errors import ProtocolError
from myosotis.presentation.layout import Mark, Swimmer
from myosotis.report.format import integer
from myosotis.report.lookup import Lookup, Row
from myosotis.report.palette import CONFIG, GREY, INK, OKABE_ITO, PALE, SCHEMA
from myosotis.report.patient_axes import natural, values_of, weeks_axis

__all__ = ["swimmer"]

WIDTH, LANE = 560, 26
KEY_COLUMNS, KEY_STEP, KEY_LINE = 3, 196, 18
BARS = (("#AFC3DE", 0.40), (PALE, 0.14), ("#C9D8C5", 0.14))  # colour and height in lanes; the first carries the levels
TOP = 0.28  # how far above the middle of its lane the first bar begins

Spec = dict[str, Any]
# Shape, fill and outline of the marks of a kind, in the order of its levels: fill and shape both tell them apart.
STYLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "level": (
        ("circle", OKABE_ITO["blue"], OKABE_ITO["blue"]),
        ("diamond", OKABE_ITO["sky blue"], INK),
        ("square", "white", INK),
        ("stroke", "white", GREY),
    ),
    "event": (
        ("triangle-up", OKABE_ITO["vermillion"], INK),
        ("triangle-up", "white", OKABE_ITO["vermillion"]),
        ("triangle-up", PALE, GREY),
    ),
    "start": (("triangle-right", OKABE_ITO["black"], INK),),
}
HEIGHTS = {"level": -0.08, "event": 0.34, "start": -0.08}  # from the middle of the lane, downwards


def swimmer(figure: Swimmer, of: Sequence[str], index: Lookup) -> Spec:
    """Build the Vega-Lite specification of a swimmer plot of these patients in lanes, P2 above P10.

    A bar's listing holds stretches (day: the first day, number: the last, both included; text: "ongoing" where it did not
    end there, drawn as an arrow), a mark's listing days and the level of each as text. Marks of one kind on one day are
    set side by side, so that none hides another. The axis reaches beyond the last day when a mark does.

    Raises `ProtocolError` for more bars than can be told apart, a mark of an unknown level or before day 0, and a bar
    outside the days shown.
    """
    patients, last = sorted(of, key=natural), figure.last_day
    lane = {patient: i for i, patient in enumerate(patients)}
    if len(figure.bars) > len(BARS):
        raise ProtocolError(f"the figure {figure.key!r} has {len(figure.bars)} bars a lane; draw at most {len(BARS)}")
    drawn = [(mark, _marks(mark, values_of(mark.listing_id, patients, index), lane, last)) for mark in figure.marks]
    reach = max([last, *(row["day"] for _, rows in drawn for row in rows)])
    x = weeks_axis(last, every=4)
    x["scale"]["domain"] = [-last * 0.012, max(last * 1.025, reach + last * 0.012)]
    y = _lanes(patients)
    layers: list[Spec] = []
    legend: list[Spec] = []
    below = -TOP
    for (colour, height), bar in zip(BARS, figure.bars, strict=False):
        rows = [_stretch(row, lane, last) for row in values_of(bar.listing_id, patients, index)]
        layers += _bar(rows, below, height, colour, x, y)
        legend.append({"text": bar.label, "shape": "square", "fill": colour, "stroke": colour})
        below += height + 0.04
    for mark, rows in drawn:
        for level, (shape, fill, stroke) in zip(mark.levels, _cut(STYLES[mark.kind], mark), strict=True):
            seen = [row for row in rows if row["level"] == level]
            if seen:
                layers.append(_symbols(seen, shape, fill, stroke, HEIGHTS[mark.kind], x, y))
                legend.append({"text": level, "shape": shape, "fill": fill, "stroke": stroke})
    return {
        "$schema": SCHEMA,
        "description": f"{figure.title} One lane for each of {integer(len(patients))} patients.",
        "width": WIDTH,
        "height": max(1, len(patients)) * LANE,
        "layer": [*layers, *_key(legend)],
        "config": CONFIG,
    }


def _lanes(patients: Sequence[str]) -> Spec:
    names = " : ".join(f"datum.value === {i} ? {_quoted(patient)}" for i, patient in enumerate(patients))
    return {
        "field": "lane",
        "type": "quantitative",
        "scale": {"domain": [max(1, len(patients)) - 0.5, -0.5], "nice": False, "zero": False},
        "axis": {
            "title": None,
            "values": list(range(len(patients))),
            "labelExpr": f"{names} : ''" if patients else "''",
            "grid": False,
            "ticks": False,
            "domain": False,
            "labelPadding": 6,
            "labelLimit": 120,
            "labelOverlap": False,
        },
    }


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _stretch(row: Mapping[str, Any], lane: Mapping[str, int], last: int) -> Spec:
    first, end = row["day"], row["number"]
    if first is None or end is None or not 0 <= first <= end <= last:
        raise ProtocolError(f"a bar runs from day {first} to day {end}; the figure shows day 0 to day {last}")
    # A day has a length: the bar ends where the next day begins.
    return {
        "lane": lane[row["patient_id"]],
        "day": first,
        "end": min(end + 1, last),
        "ongoing": row["text"] == "ongoing",
    }


def _bar(rows: list[Spec], top: float, height: float, colour: str, x: Spec, y: Spec) -> list[Spec]:
    placed = [{**row, "top": row["lane"] + top, "bottom": row["lane"] + top + height} for row in rows]
    going = [{**row, "middle": row["lane"] + top + height / 2} for row in rows if row["ongoing"]]
    encoding = {"x": x, "x2": {"field": "end"}, "y": {**y, "field": "top"}, "y2": {"field": "bottom"}}
    layers: list[Spec] = [{"data": {"values": placed}, "mark": {"type": "rect", "fill": colour}, "encoding": encoding}]
    if going:
        arrow = {
            "type": "point", "shape": "triangle-right", "filled": True, "fill": colour, "opacity": 1,
            "size": 60 + 300 * height, "xOffset": 5,
        }  # fmt: skip
        place = {"x": {**x, "field": "end"}, "y": {**y, "field": "middle"}}
        layers.append({"data": {"values": going}, "mark": arrow, "encoding": place})
    return layers


def _marks(mark: Mark, found: Sequence[Row], lane: Mapping[str, int], last: int) -> list[Spec]:
    rows: list[Spec] = []
    taken: dict[tuple[str, int], int] = {}
    for row in found:
        if row["text"] not in mark.levels:
            raise ProtocolError(f"a mark says {row['text']!r}, which is none of the levels {', '.join(mark.levels)}")
        if row["day"] is None or row["day"] < 0:
            raise ProtocolError(f"a mark stands on day {row['day']}; the figure begins on day 0")
        place = (row["patient_id"], row["day"])
        beside = taken[place] = taken.get(place, -1) + 1
        rows.append({"lane": lane[row["patient_id"]], "day": row["day"] + beside * last * 0.014, "level": row["text"]})
    return rows


def _cut(styles: Sequence[tuple[str, str, str]], mark: Mark) -> Sequence[tuple[str, str, str]]:
    """Give each level a style, the last level the last one, so that what cannot be told always looks the same."""
    count = len(mark.levels)
    if count > len(styles):
        raise ProtocolError(f"{mark.label} has {count} levels; a swimmer plot tells {len(styles)} of a kind apart")
    if mark.kind == "level":
        return (*styles[: count - 2], *styles[-2:]) if count >= 2 else styles[:count]
    return styles[:count]


def _symbols(rows: list[Spec], shape: str, fill: str, stroke: str, offset: float, x: Spec, y: Spec) -> Spec:
    placed = [{**row, "at": row["lane"] + offset} for row in rows]
    mark = {
        "type": "point", "shape": shape, "filled": True, "fill": fill, "stroke": stroke, "strokeWidth": 1,
        "size": 58 if offset < 0 else 40, "opacity": 1,
    }  # fmt: skip
    return {"data": {"values": placed}, "mark": mark, "encoding": {"x": x, "y": {**y, "field": "at"}}}


def _key(entries: Sequence[Spec]) -> list[Spec]:
    """Say above the plot what each bar and mark is; one legend, since bars and marks share no scale."""
    lines = -(-len(entries) // KEY_COLUMNS)
    layers: list[Spec] = []
    for i, entry in enumerate(entries):
        left, top = (i % KEY_COLUMNS) * KEY_STEP + 8, (i // KEY_COLUMNS - lines) * KEY_LINE
        place = {"x": {"value": left}, "y": {"value": top}}
        symbol = {"type": "point", "filled": True, "opacity": 1, "size": 70, "strokeWidth": 1}
        look = {name: entry[name] for name in ("shape", "fill", "stroke")}
        text = {"type": "text", "align": "left", "baseline": "middle", "dx": 11, "text": entry["text"]}
        layers += [
            {"data": {"values": [{}]}, "mark": {**symbol, **look}, "encoding": place},
            {"data": {"values": [{}]}, "mark": text, "encoding": place},
        ]
    return layers
