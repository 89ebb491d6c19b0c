"""Draw every patient's course over the visits with the median over it, or the median and quartiles alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from myosotis.errors import ProtocolError
from myosotis.presentation.layout import Axis, Trajectories, VisitSummary
from myosotis.report.format import integer
from myosotis.report.lookup import Lookup
from myosotis.report.palette import ACCENT, CONFIG, GREY, INK, LINES, SCHEMA
from myosotis.report.patient_axes import natural

__all__ = ["course", "trajectories", "values_by_patient"]

WIDTH, HEIGHT = 440, 280
LABEL_HEIGHT = 12  # pixels between two lines of 11-pixel text
LABEL_LENGTH = 26  # characters that fit beside the plot
BAND = 0.22  # opacity of the quartiles
SUMMARY = ("median", "q1", "q3")
SMALL = 30  # below this many patients each line has a colour and a name

Spec = dict[str, Any]


def trajectories(figure: Trajectories, index: Lookup) -> Spec:
    """Build the Vega-Lite specification of one line per patient over the true weeks of the visits.

    Visits named "week N" give an axis in weeks; others, such as "month 6", stand at their true week by name.
    A patient's line breaks at a
    visit without a value, the points beside the gap stay. Fewer than 30 patients: coloured lines named at their
    end; 30 or more: thin grey lines, with the median and the band of the quartiles. No value is moved or cut: the
    axis reaches beyond the declared range when a value does.

    Raises `ProtocolError` for a visit whose listing the bundle does not hold, and for two values of one patient at
    one visit.
    """
    visits = sorted(figure.series, key=lambda visit: visit.week)
    values = {visit.visit: values_by_patient(visit, index) for visit in visits}
    patients = sorted({patient for found in values.values() for patient in found}, key=natural)
    points: list[Spec] = [
        {"patient": patient, "week": visit.week, "value": values[visit.visit].get(patient)}
        for patient in patients
        for visit in visits
    ]
    summary = [_summary(visit, index) for visit in visits]
    y = _y(figure.y, [p["value"] for p in points if p["value"] is not None] + _drawn(summary))
    x = _x(visits, [len(values[visit.visit]) for visit in visits])
    few = len(patients) < SMALL
    layers: list[Spec] = []
    layers += _patients(points, patients, x, y, few=few)
    if few:
        layers += _names(points, patients, x, y)
    if not few and _has(summary, "q1"):
        layers += _band(summary, x, y)
    if _has(summary, "median"):
        layers.append(_median(summary, x, y))
    band = not few and _has(summary, "q1")
    layers += _key(lines=LINES[0] if few else GREY, median=_has(summary, "median"), band=band)
    return {
        "$schema": SCHEMA,
        "description": f"{figure.title} One line for each of {integer(len(patients))} patients.",
        "width": WIDTH,
        "height": HEIGHT,
        "layer": layers,
        "config": CONFIG,
    }


def course(figure: Trajectories, index: Lookup) -> Spec:
    """Build the specification of the medians and quartiles alone, for readers who may not see single patients.

    No listing is read; the numbers below the axis are the results named `n` at each visit. Raises `ProtocolError` for
    a result that the bundle does not hold.
    """
    visits = sorted(figure.series, key=lambda visit: visit.week)
    summary = [_summary(visit, index, (*SUMMARY, "n")) for visit in visits]
    y = _y(figure.y, _drawn(summary))
    x = _x(visits, [row["n"] for row in summary])
    layers: list[Spec] = []
    if _has(summary, "q1"):
        layers += _band(summary, x, y)
    layers.append(_median(summary, x, y))
    layers += _key(lines="", median=_has(summary, "median"), band=_has(summary, "q1"))
    return {
        "$schema": SCHEMA,
        "description": f"{figure.title} Medians and quartiles.",
        "width": WIDTH,
        "height": HEIGHT,
        "layer": layers,
        "config": CONFIG,
    }


def values_by_patient(visit: VisitSummary, index: Lookup) -> dict[str, float]:
    """Give each patient's value at a visit of the series; raises `ProtocolError` as `trajectories` does."""
    listing = index.listings.get(visit.listing_id)
    if listing is None:
        raise ProtocolError(
            f"the figure draws {visit.visit} from the listing {visit.listing_id}, which the bundle does not hold"
        )
    found: dict[str, float] = {}
    for row in listing:
        if row["role"] == "value" and row["number"] is not None:
            if row["patient_id"] in found:
                raise ProtocolError(
                    f"the listing {visit.listing_id} of {visit.visit} holds a patient twice; "
                    "a figure needs one value a patient and visit"
                )
            found[row["patient_id"]] = row["number"]
    return found


def _summary(visit: VisitSummary, index: Lookup, names: Sequence[str] = SUMMARY) -> Spec:
    row: Spec = {"week": visit.week}
    for name in names:
        key = getattr(visit, name)
        if key and key not in index.results:
            raise ProtocolError(f"the figure draws the {name} of {visit.visit} from {key}, no result of the bundle")
        row[name] = index.results[key]["number"] if key else None
    return row


def _has(summary: Sequence[Spec], name: str) -> bool:
    return any(row[name] is not None for row in summary)


def _drawn(summary: Sequence[Spec]) -> list[float]:
    return [row[name] for row in summary for name in SUMMARY if row[name] is not None]


def _x(visits: Sequence[VisitSummary], counts: Sequence[float | None]) -> Spec:
    weeks = [visit.week for visit in visits]
    span = (weeks[-1] - weeks[0]) or 1.0
    in_weeks = all(re.fullmatch(r"week -?[\d.]+", visit.visit) for visit in visits)
    names = [visit.visit.removeprefix("week ") if in_weeks else visit.visit for visit in visits]
    ticks = [[name, *([] if n is None else [f"n = {integer(n)}"])] for name, n in zip(names, counts, strict=True)]
    # Ticks are found by their place, as two programs may write the same week with other digits.
    near = [
        f"abs(datum.value - {week!r}) < {span * 1e-6!r} ? {json.dumps(t)}" for week, t in zip(weeks, ticks, strict=True)
    ]
    return {
        "field": "week",
        "type": "quantitative",
        "scale": {"domain": [weeks[0] - span * 0.03, weeks[-1] + span * 0.03], "nice": False, "zero": False},
        "axis": {
            "title": "Weeks since the index date" if in_weeks else "Time since the index date",
            "values": weeks,
            "grid": False,
            "labelExpr": " : ".join([*near, "''"]),
            "labelOverlap": "greedy",
        },
    }


def _y(declared: Axis, drawn: Sequence[float]) -> Spec:
    bounds = [value for value in (declared.low, declared.high) if value is not None]
    reach = [*drawn, *bounds]
    low, high = (min(reach), max(reach)) if reach else (0.0, 1.0)
    unit = f" ({declared.unit})" if declared.unit else ""
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [low, high if high > low else low + 1], "nice": False, "zero": False},
        "axis": {"title": declared.label + unit, "tickCount": 6},
    }


def _patients(points: list[Spec], patients: list[str], x: Spec, y: Spec, *, few: bool) -> list[Spec]:
    detail = {"field": "patient", "type": "nominal"}
    style: Spec = {"strokeWidth": 1.4, "strokeOpacity": 0.5} if few else {"strokeWidth": 0.7, "strokeOpacity": 0.55}
    colour: Spec = {"value": GREY}
    if few:
        cycle = [LINES[i % len(LINES)] for i in range(len(patients))]
        colour = {**detail, "scale": {"domain": patients, "range": cycle}, "legend": None}
    line = {"type": "line", "invalid": "break-paths-show-domains", **style}
    # A lone value between two gaps has no line, so each value also is a point.
    point = {"type": "circle", "size": 16 if few else 5, "opacity": 1, "fillOpacity": 0.55}
    encoding = {"x": x, "y": y, "color": colour, "detail": detail}
    seen = [row for row in points if row["value"] is not None]
    return [
        {"data": {"values": points}, "mark": line, "encoding": encoding},
        {"data": {"values": seen}, "mark": point, "encoding": encoding},
    ]


def _names(points: list[Spec], patients: list[str], x: Spec, y: Spec) -> list[Spec]:
    """Name each line at its last value; lines that end within a line of text of each other share a label."""
    last = {row["patient"]: row for row in points if row["value"] is not None}
    low, high = y["scale"]["domain"]
    step = (high - low) * LABEL_HEIGHT / HEIGHT
    end = max(row["week"] for row in points) if points else 0.0
    final: list[Spec] = []
    early: list[Spec] = []
    for week in sorted({row["week"] for row in last.values()}):
        groups = _groups(sorted((last[p]["value"], p) for p in patients if last[p]["week"] == week), step)
        heights = _spread([height for height, _ in groups], step, high)
        for (_, names), height in zip(groups, heights, strict=True):
            label = {"week": week, "value": height, "label": _joined(names)}
            (final if week == end else early).append(label)
    style: Spec = {"type": "text", "align": "left", "fontSize": 10, "fill": "#4A5058", "baseline": "middle"}
    encoding = {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}}
    # A line that ends early is named above its end, where the lines that go on leave room.
    marks = ((final, {**style, "dx": 16}), (early, {**style, "dx": 3, "dy": -8}))
    return [{"data": {"values": rows}, "mark": mark, "encoding": encoding} for rows, mark in marks if rows]


def _groups(ends: Sequence[tuple[float, str]], step: float) -> list[tuple[float, list[str]]]:
    """Join ascending ends that lie less than a step above the first of their group; a group stands at its middle."""
    groups: list[list[tuple[float, str]]] = []
    for end in ends:
        if groups and end[0] - groups[-1][0][0] < step:
            groups[-1].append(end)
        else:
            groups.append([end])
    return [((group[0][0] + group[-1][0]) / 2, sorted((name for _, name in group), key=natural)) for group in groups]


def _spread(values: Sequence[float], step: float, high: float) -> list[float]:
    """Move ascending heights apart until neighbours differ by a step, the highest staying at or below the top."""
    heights = list(values)
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + step)
    heights[-1] = min(heights[-1], max(high, values[-1]))
    for i in range(len(heights) - 2, -1, -1):
        heights[i] = min(heights[i], heights[i + 1] - step)
    return heights


def _joined(names: Sequence[str]) -> str:
    shown: list[str] = []
    for name in names:
        if len(" ".join([*shown, name])) > LABEL_LENGTH:
            return f"{' '.join(shown)} +{len(names) - len(shown)}"
        shown.append(name)
    return " ".join(shown)


def _band(summary: list[Spec], x: Spec, y: Spec) -> list[Spec]:
    """Lay the quartiles over the lines, with an edge: below them a crowd of lines would hide the band."""
    rows = [row for row in summary if row["q1"] is not None and row["q3"] is not None]
    area = {"type": "area", "fill": ACCENT, "fillOpacity": BAND}
    edge = {"type": "line", "stroke": ACCENT, "strokeWidth": 1.2}
    data = {"data": {"values": rows}}
    return [
        {**data, "mark": area, "encoding": {"x": x, "y": {**y, "field": "q1"}, "y2": {"field": "q3"}}},
        *({**data, "mark": edge, "encoding": {"x": x, "y": {**y, "field": name}}} for name in ("q1", "q3")),
    ]


def _median(summary: list[Spec], x: Spec, y: Spec) -> Spec:
    mark = {
        "type": "line",
        "stroke": INK,
        "strokeWidth": 2.6,
        "point": {"filled": True, "fill": INK, "size": 46},
        "invalid": "break-paths-show-domains",
    }
    return {"data": {"values": summary}, "mark": mark, "encoding": {"x": x, "y": {**y, "field": "median"}}}


def _key(*, lines: str, median: bool, band: bool) -> list[Spec]:
    """Say above the plot what each line is; a legend of marks, since the lines share no scale."""
    shown: list[tuple[str, Spec]] = []
    if lines:
        shown.append(("one patient", {"stroke": lines, "strokeWidth": 1.4, "strokeOpacity": 0.7}))
    if median:
        shown.append(("median", {"stroke": INK, "strokeWidth": 2.6}))
    if band:
        shown.append(("quartiles", {"stroke": ACCENT, "strokeWidth": 10, "strokeOpacity": BAND}))
    layers: list[Spec] = []
    for i, (text, style) in enumerate(shown):
        left, top = i * 108, -16
        place = {"x": {"value": left}, "y": {"value": top}}
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", **style},
                "encoding": {**place, "x2": {"value": left + 22}, "y2": {"value": top}},
            }
        )
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 28, "text": text},
                "encoding": place,
            }
        )
    return layers
