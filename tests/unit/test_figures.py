"""Figures: every patient is drawn, nothing is moved or cut, and equal input gives equal bytes."""

from __future__ import annotations

import importlib.util
import itertools
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from myosotis.errors import ProtocolError
from myosotis.report import figures, palette, trajectories
from myosotis.results import Bundle, ResultRow


def _load(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLE = _load("report_example")
layouts = _load("layouts")
WEEKS = (0.0, 4.0, 12.0)


def bundle(values, *, medians=None):
    """Build a bundle from {patient: (value at week 0, 4, 12)}; None is a missing value."""
    listings, rows = [], []
    series = []
    for i, week in enumerate(WEEKS):
        visit = f"week {week:g}"
        for patient, course in values.items():
            listings.append({"listing_id": f"l{i}", "patient_id": patient, "role": "value", "number": course[i]})
            listings.append({"listing_id": f"l{i}", "patient_id": patient, "role": "evidence", "number": 999.0})
        entry = {"visit": visit, "week": week, "listing_id": f"l{i}", "median": None, "q1": None, "q3": None}
        if medians:
            for name, number in zip(("median", "q1", "q3"), medians[i], strict=True):
                row = ResultRow(study="s", analysis="a", statistic=name, number=number, visit=visit, provenance_id="p")
                rows.append(row)
                entry[name] = row.id
        series.append(entry)
    figure = {
        "key": "f", "number": "1", "title": "A <score> & more.", "caption": "", "kind": "trajectories",
        "y": {"label": "Score", "unit": "points", "low": 0, "high": 9}, "series": series,
    }  # fmt: skip
    made = Bundle.of(
        rows=rows, provenance=[], definitions=[], checks=[], listings=listings, ledger=[], manifest={"study": {}}
    )
    return figure, layouts.index_of(made)


def lines(spec):
    """Give the points of the patients' lines as {patient: [(week, value)]}."""
    layer = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line" and "detail" in layer["encoding"])
    drawn = {}
    for row in layer["data"]["values"]:
        drawn.setdefault(row["patient"], []).append((row["week"], row["value"]))
    return drawn


def texts(spec):
    return [
        row["label"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text"
        for row in layer["data"]["values"]
        if row
    ]


def many(count):
    return {f"P{i}": (float(i % 10), float((i + 1) % 10), float((i + 2) % 10)) for i in range(count)}


MEDIANS = ((4.0, 2.0, 7.0), (5.0, 3.0, 7.0), (4.5, 2.0, 6.0))


def test_every_patient_is_drawn_at_the_true_weeks_and_evidence_never_is():
    values = {"P1": (6.0, 4.0, 1.0), "P2": (3.0, 3.0, 0.0)}
    spec = layouts.figure_spec(*bundle(values))
    assert lines(spec) == {p: list(zip(WEEKS, course, strict=True)) for p, course in values.items()}
    x = spec["layer"][0]["encoding"]["x"]
    assert x["type"] == "quantitative"
    assert x["axis"]["values"] == list(WEEKS)


def test_a_missing_visit_breaks_the_line_and_keeps_the_points():
    figure, index = bundle({"P1": (6.0, None, 1.0), "P2": (3.0, 3.0, 0.0)})
    spec = layouts.figure_spec(figure, index)
    assert lines(spec)["P1"] == [(0.0, 6.0), (4.0, None), (12.0, 1.0)]
    dots = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "circle")
    assert [(r["week"], r["value"]) for r in dots["data"]["values"] if r["patient"] == "P1"] == [
        (0.0, 6.0),
        (12.0, 1.0),
    ]
    # The gap is drawn, not only declared: without it the lines of P1 and P2 have two joints more.
    full = layouts.figure_spec(*bundle({"P1": (6.0, 3.0, 1.0), "P2": (3.0, 3.0, 0.0)}))
    joints = [sum(path.count("L") for path in _line_paths(figures.to_svg(drawn))) for drawn in (spec, full)]
    assert joints == [2, 4]


def _line_paths(svg):
    group = re.search(r'<g class="mark-group role-scope[^>]*pathgroup"[^>]*>.*?(?=<g class="mark-symbol)', svg, re.S)
    return re.findall(r'<path d="([^"]+)"', group.group())


def test_the_numbers_below_the_axis_count_the_values():
    spec = layouts.figure_spec(*bundle({"P1": (6.0, None, 1.0), "P2": (3.0, 3.0, 0.0)}))
    svg = figures.to_svg(spec)
    assert re.findall(r">(n = \d+|0|4|12)</tspan>", svg) == ["0", "n = 2", "4", "n = 1", "12", "n = 2"]
    assert "Weeks since the index date" in svg
    assert "Score (points)" in svg


def test_visits_in_months_stand_at_their_true_week_under_their_own_names():
    figure, index = bundle({"P1": (6.0, 4.0, 1.0)})
    days = (0, 183, 365)  # 183 / 7 has no short decimal text
    named = zip(figure["series"], ("month 0", "month 6", "month 12"), days, strict=True)
    series = [{**visit, "visit": name, "week": day / 7} for visit, name, day in named]
    spec = layouts.figure_spec({**figure, "series": series}, index)
    svg = figures.to_svg(spec)
    assert re.findall(r">(month \d+|n = \d+)</tspan>", svg) == [
        "month 0",
        "n = 1",
        "month 6",
        "n = 1",
        "month 12",
        "n = 1",
    ]
    assert "Time since the index date" in svg
    assert spec["layer"][0]["encoding"]["x"]["axis"]["values"] == [day / 7 for day in days]


@pytest.mark.parametrize(("count", "coloured"), [(29, True), (30, False)])
def test_below_thirty_patients_lines_have_a_colour_and_a_name_from_thirty_on_a_band(count, coloured):
    spec = layouts.figure_spec(*bundle(many(count), medians=MEDIANS))
    patients = next(layer for layer in spec["layer"] if "detail" in layer["encoding"])
    assert ("scale" in patients["encoding"]["color"]) is coloured
    assert any(layer["mark"]["type"] == "area" for layer in spec["layer"]) is not coloured
    named = " ".join(texts(spec))
    assert ("P" in named) is coloured
    assert ("quartiles" in figures.to_svg(spec)) is not coloured


def test_names_at_the_ends_cover_every_patient_or_say_how_many_are_left_out():
    spec = layouts.figure_spec(*bundle(many(29)))
    named = sum(
        len(re.findall(r"P\d+", text)) + int((re.search(r"\+(\d+)", text) or [0, 0])[1]) for text in texts(spec)
    )
    assert named == 29


def test_crowded_names_move_apart_and_stay_in_order():
    moved = trajectories._spread([0.0, 0.1, 0.2, 8.9, 9.0], 0.5, 9.0)
    assert all(b - a >= 0.5 - 1e-12 for a, b in itertools.pairwise(moved))
    assert moved[-1] == 9.0


def test_the_median_is_the_result_and_is_not_computed_again():
    spec = layouts.figure_spec(*bundle(many(40), medians=MEDIANS))
    median = next(layer for layer in spec["layer"] if layer["encoding"].get("y", {}).get("field") == "median")
    assert [(r["median"], r["q1"], r["q3"]) for r in median["data"]["values"]] == list(MEDIANS)


def test_the_axis_has_the_declared_range_and_widens_for_a_value_beyond_it():
    inside = layouts.figure_spec(*bundle({"P1": (6.0, 4.0, 1.0)}))
    beyond = layouts.figure_spec(*bundle({"P1": (6.0, 11.0, -1.0)}))
    assert inside["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 9]
    assert beyond["layer"][0]["encoding"]["y"]["scale"]["domain"] == [-1.0, 11.0]


def test_nobody_at_any_visit_gives_axes_and_no_lines():
    spec = layouts.figure_spec(*bundle({"P1": (None, None, None)}))
    assert figures.to_svg(spec).startswith("<svg")


def test_what_a_figure_cannot_draw_is_refused():
    figure, index = bundle({"P1": (6.0, 4.0, 1.0)})
    lost = {**figure, "series": [{**figure["series"][0], "listing_id": "gone"}]}
    with pytest.raises(ProtocolError, match="does not hold"):
        layouts.figure_spec(lost, index)
    with pytest.raises(ProtocolError, match="no result of the bundle"):
        layouts.figure_spec({**figure, "series": [{**figure["series"][0], "median": "feed"}]}, index)
    index.listings["l0"].append(dict(index.listings["l0"][0]))
    with pytest.raises(ProtocolError, match="a patient twice") as caught:
        layouts.figure_spec(figure, index)
    assert "P1" not in str(caught.value)


# --- bars -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def response():
    made = EXAMPLE.example()
    return next(f for f in made.manifest["figures"] if f["kind"] == "stacked_bars"), layouts.index_of(made)


def test_bars_stack_the_proportions_of_the_bundle_in_the_declared_order(response):
    figure, index = response
    rows = layouts.figure_spec(figure, index)["data"]["values"]
    for bar in figure["bars"]:
        parts = [row for row in rows if row["visit"] == bar["visit"]]
        assert [row["level"] for row in parts] == figure["levels"]
        assert parts[0]["from"] == 0
        assert parts[-1]["to"] == pytest.approx(1, rel=1e-12)
        for row, part in zip(parts, bar["parts"], strict=True):
            share = index.results[part["proportion"]]["number"]
            assert row["to"] - row["from"] == pytest.approx(share, abs=1e-12)
            assert row["label"] == f"{index.results[part['count']]['number']:g}"


def test_a_legend_lists_what_is_drawn_and_is_left_out_for_one_level(response):
    figure, index = response
    first = figure["levels"][0]
    bars = [{**bar, "parts": [part for part in bar["parts"] if part["level"] == first]} for bar in figure["bars"]]
    alone = layouts.figure_spec({**figure, "bars": bars}, index)
    assert alone["layer"][0]["encoding"]["fill"]["legend"] is None
    whole = layouts.figure_spec(figure, index)
    assert whole["layer"][0]["encoding"]["fill"]["legend"]["values"] == figure["levels"][::-1]


def test_a_level_that_is_not_declared_is_refused(response):
    figure, index = response
    with pytest.raises(ProtocolError, match="not declared"):
        layouts.figure_spec({**figure, "levels": figure["levels"][:2]}, index)


# --- colours --------------------------------------------------------------------------------------------------------


def test_text_on_every_bar_reaches_the_contrast_that_accessibility_asks_for():
    for colour in palette.ordered_colours(8):
        text = palette.on_colour(colour)
        light, dark = sorted((palette._luminance(colour), 1.0 if text == "white" else 0.0))[::-1]
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_luminance_is_that_of_the_published_examples():
    # WCAG 2.1: black on white has the ratio 21; sRGB mid grey #808080 has the luminance 0.2159.
    assert palette._luminance("#000000") == 0
    assert palette._luminance("#FFFFFF") == pytest.approx(1, rel=1e-12)
    assert palette._luminance("#808080") == pytest.approx(0.2159, abs=5e-5)


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def specs(response):
    made = EXAMPLE.example()
    return [layouts.figure_spec(f, layouts.index_of(made)) for f in made.manifest["figures"]]


def test_every_specification_is_valid_by_the_schema_of_the_grammar(specs):
    import altair

    for spec in specs:
        altair.LayerChart.from_dict(spec, validate=True)


def test_a_label_cannot_break_out_of_the_drawing():
    figure, index = bundle({"<b>&P1": (6.0, 4.0, 1.0)})
    figure["y"]["label"] = "<script>x</script> & y"
    svg = figures.to_svg(layouts.figure_spec(figure, index))
    assert "<script" not in svg
    assert "<b>" not in svg
    assert "&lt;script&gt;" in svg


def test_a_drawing_loads_nothing(specs):
    for spec in specs:
        svg = figures.to_svg(spec)
        assert not re.findall(r'(?:href|src)="|url\((?!#)|@import|@font-face', svg)


def test_pdf_and_png_say_their_size_and_hold_their_fonts(specs):
    svg = figures.to_svg(specs[0])
    pdf, png = figures.to_pdf(svg), figures.to_png(svg)
    assert pdf.startswith(b"%PDF")
    assert b"/FontFile" in pdf
    assert b"CreationDate" not in pdf
    assert png.startswith(b"\x89PNG")
    at = png.index(b"pHYs") + 4
    across, down, per_metre = struct.unpack(">IIB", png[at : at + 9])
    assert per_metre == 1
    assert across == down
    assert across * 0.0254 == pytest.approx(300, abs=0.02)  # the file holds whole dots a metre
    wide = float(re.search(r'width="([\d.]+)"', svg).group(1))
    assert struct.unpack(">I", png[16:20])[0] == pytest.approx(wide / 96 * 300, abs=1)


PROGRAM = """
import hashlib, importlib.util, sys
from pathlib import Path

def load(name):
    spec = importlib.util.spec_from_file_location(name, Path(sys.argv[1]).with_name(name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

from myosotis.report import figures
layouts, made = load("layouts"), load("report_example").example()
index = layouts.index_of(made)
for figure in made.manifest["figures"]:
    svg = figures.to_svg(layouts.figure_spec(figure, index))
    print(*(hashlib.sha256(x).hexdigest() for x in (svg.encode(), figures.to_pdf(svg), figures.to_png(svg))))
"""


def test_two_processes_with_other_hash_seeds_draw_the_same_bytes():
    path = str(Path(__file__).with_name("report_example.py"))
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, path], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert len(runs[0].split()) == 12
