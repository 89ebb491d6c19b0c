"""Draw the dose of every patient as steps over the weeks, one small panel a patient, or all in one when there are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.errors import ProtocolError
from myosotis.presentation.layout import Steps
from myosotis.report.format import integer
from myosotis.report.lookup import Lookup
from myosotis.report.palette import ACCENT, CONFIG, GREY, OKABE_ITO, SCHEMA
from myosotis.report.patient_axes import natural, values_of, weeks_axis

__all__ = ["steps"]

PANEL, PANELS = (112, 74), 5
WIDTH, HEIGHT = 440, 280
SMALL = 30  # below this many patients each has a panel

Spec = dict[str, Any]


def steps(figure: Steps, of: Sequence[str], index: Lookup) -> Spec:
    """Build the Vega-Lite specification of dose curves that hold each dose until the next change.

    `of` are the patients. The listing of the doses holds days, and the number from each day on, None for unknown, which is
    drawn as a gap; that of the pulses holds days, and may be empty. All panels share their axes, which begin at 0.
    Fewer than 30 patients: a panel each, P2 before P10, with a dashed line at half of the dose on day 0; 30 or more: thin
    lines in one panel.

    Raises `ProtocolError` for a dose below 0 or outside the days shown, and for two doses of one patient that begin on
    one day, unless the later row ends the curve.
    """
    patients = sorted(of, key=natural)
    first, last = figure.first_day, figure.last_day
    curves = {patient: [] for patient in patients}  # type: dict[str, list[Spec]]
    for row in values_of(figure.listing_id, patients, index):
        curves[row["patient_id"]].append(_point(row, first, last))
    points = [point for patient in patients for point in _ordered(curves[patient])]
    pulses = [
        {"patient": row["patient_id"], "day": min(max(first, row["day"]), last)}
        for row in values_of(figure.pulses, patients, index)
    ]
    highest = max((point["dose"] for point in points if point["dose"] is not None), default=0.0) or 1.0
    unit = f" ({figure.y.unit})" if figure.y.unit else ""
    y = {
        "field": "dose",
        "type": "quantitative",
        "scale": {"domain": [0, highest], "nice": True, "zero": True},
        "axis": {"title": figure.y.label + unit, "tickCount": 3},
    }
    shared = {
        "$schema": SCHEMA,
        "description": f"{figure.title} One curve for each of {integer(len(patients))} patients.",
        "config": CONFIG,
    }
    if len(patients) < SMALL:
        return {**shared, **_panels(points, pulses, patients, y, (first, last))}
    x = weeks_axis(last, every=4, first_day=first)
    line = {"type": "line", "interpolate": "step-after", "strokeWidth": 0.8, "strokeOpacity": 0.5, "stroke": GREY,
            "invalid": "break-paths-show-domains"}  # fmt: skip
    encoding = {"x": x, "y": y, "detail": {"field": "patient", "type": "nominal"}}
    layer = {"data": {"values": points}, "mark": line, "encoding": encoding}
    return {**shared, "width": WIDTH, "height": HEIGHT, "layer": [layer]}


def _point(row: Mapping[str, Any], first: int, last: int) -> Spec:
    if row["day"] is None or not first <= row["day"] <= last or (row["number"] is not None and row["number"] < 0):
        raise ProtocolError(
            f"a dose of {row['number']} stands on day {row['day']}; doses are 0 or more, on day {first} to day {last}"
        )
    return {
        "patient": row["patient_id"],
        "day": row["day"],
        "dose": row["number"],
        "end": row["text"] == "end of the curve",
    }


def _ordered(points: list[Spec]) -> list[Spec]:
    """Put one patient's doses in order of time, the row that ends the curve last."""
    placed = sorted(points, key=lambda point: (point["day"], point["end"]))
    starts = [point["day"] for point in placed if not point["end"]]
    if len(set(starts)) != len(starts):
        raise ProtocolError("two doses of one patient begin on one day; a curve has one dose a day")
    before = [point["dose"] for point in placed if point["day"] <= 0]
    half = before[-1] / 2 if before and before[-1] else None
    return [{**point, "half": half} for point in placed]


def _panels(points: list[Spec], pulses: list[Spec], patients: Sequence[str], y: Spec, days: tuple[int, int]) -> Spec:
    width, height = PANEL
    first, last = days
    x = weeks_axis(last, every=12, first_day=first, title="Weeks")
    ends = [point for point in points if point["end"]]
    spans = [{**point, "start": first} for point in ends if point["half"] is not None]
    area = {
        "type": "area", "interpolate": "step-after", "fill": ACCENT, "fillOpacity": 0.16,
        "line": {"stroke": ACCENT, "strokeWidth": 1.5}, "invalid": "break-paths-show-domains",
    }  # fmt: skip
    half = {"type": "rule", "stroke": GREY, "strokeDash": [3, 3], "strokeWidth": 1}
    tick = {"type": "point", "shape": "triangle-down", "filled": True, "fill": OKABE_ITO["vermillion"], "size": 40,
            "opacity": 1, "yOffset": 4}  # fmt: skip
    rows = [
        *({**point, "what": "dose"} for point in points),
        *({**span, "what": "half"} for span in spans),
        *({**pulse, "what": "pulse"} for pulse in pulses),
    ]

    words = [str(y["axis"]["title"]), *(["dashed: half of the dose on day 0"] if spans else [])]
    title = "; ".join([*words, *(["▼ pulse"] if pulses else [])])
    y = {**y, "axis": {**y["axis"], "title": None}}

    def only(what: str) -> list[Spec]:
        return [{"filter": f"datum.what === '{what}'"}]

    layers: list[Spec] = [
        {"transform": only("dose"), "mark": area, "encoding": {"x": x, "y": y}},
        {
            "transform": only("half"),
            "mark": half,
            "encoding": {"x": {**x, "field": "start"}, "x2": {"field": "day"}, "y": {**y, "field": "half"}},
        },
    ]
    if pulses:
        layers.append({"transform": only("pulse"), "mark": tick, "encoding": {"x": x, "y": {"value": 0}}})
    header = {
        "title": None,
        "labelFontSize": 12,
        "labelPadding": 3,
        "labelAnchor": "start",
        "labelFontWeight": "normal",
    }
    return {
        "title": {"text": title, "anchor": "start", "fontSize": 12, "fontWeight": "normal", "offset": 10},
        "data": {"values": rows},
        "facet": {"field": "patient", "type": "nominal", "sort": list(patients), "header": header},
        "columns": min(PANELS, max(1, len(patients))),
        "spacing": 14,
        "spec": {"width": width, "height": height, "layer": layers},
    }
