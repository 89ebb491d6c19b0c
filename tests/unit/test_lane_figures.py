"""Swimmer plots, dose curves and profiles: what is drawn is what the listings hold, nothing moved and nothing hidden."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from myosotis.errors import ProtocolError, UnknownNameError, UsageError
from myosotis.report import figures
from myosotis.report.profile import keep_profile, profile_of
from myosotis.results import Bundle, ResultRow

_SPEC = importlib.util.spec_from_file_location("layouts", Path(__file__).with_name("layouts.py"))
layouts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(layouts)

SYNTHETIC = "SYNTHETIC DATA. No real child."


def row(listing, patient, day, number=None, text="", role="value", item="x", unit=""):
    return {
        "listing_id": listing, "patient_id": patient, "role": role, "item": item, "number": number, "text": text,
        "unit": unit, "day": day, "date": "2019-06-26", "source_row": None,
    }  # fmt: skip


def bundle(found, *made, rows=(), **manifest):
    study = {"key": "s", "title": "A study", "synthetic": True, "synthetic_note": SYNTHETIC}
    return Bundle.of(
        rows=list(rows), provenance=[], definitions=[], checks=[], listings=found, ledger=[],
        manifest={"study": study, "figures": list(made), "tables": [], **manifest},
    )  # fmt: skip


SWIMMER = {
    "key": "lanes", "number": "1", "title": "Lanes", "caption": "", "kind": "swimmer", "last_day": 168,
    "patients": ["P10", "P2"], "bars": [{"label": "baricitinib", "listing_id": "bars"}],
    "marks": [
        {"label": "Response", "kind": "level", "listing_id": "levels", "levels": ["good", "poor", "not evaluable"]},
        {"label": "Events", "kind": "event", "listing_id": "events", "levels": ["serious", "other"]},
    ],
    "courses": "courses",
}  # fmt: skip
LANES = [
    row("bars", "P2", 0, 50.0),
    row("bars", "P2", 63, 160.0, "ongoing"),
    row("bars", "P10", 0, 168.0, "ongoing"),
    row("bars", "P10", 0, 999.0, role="evidence"),
    row("levels", "P2", 28, text="poor"),
    row("levels", "P2", 182, text="good"),
    row("events", "P2", 40, text="other"),
    row("events", "P2", 40, text="serious"),
]


def drawn(figure, listings):
    return layouts.figure_spec(figure, layouts.index_of(bundle(listings, figure)))


def values(spec, **mark):
    """Give the data of the layers whose mark has these properties, without the legend's."""
    return [
        one
        for layer in spec["layer"]
        if all(layer["mark"].get(name) == value for name, value in mark.items())
        for one in layer["data"]["values"]
        if one
    ]


# --- swimmer ---


def test_every_stretch_is_a_bar_that_ends_where_the_next_day_begins():
    bars = values(drawn(SWIMMER, LANES), type="rect")
    assert sorted((one["lane"], one["day"], one["end"]) for one in bars) == [(0, 0, 51), (0, 63, 161), (1, 0, 168)]


def test_only_an_ongoing_bar_has_an_arrow():
    arrows = values(drawn(SWIMMER, LANES), shape="triangle-right")
    assert sorted((one["lane"], one["end"]) for one in arrows) == [(0, 161), (1, 168)]


def test_lanes_are_named_in_natural_order():
    axis = drawn(SWIMMER, LANES)["layer"][0]["encoding"]["y"]["axis"]
    assert axis["labelExpr"] == "datum.value === 0 ? 'P2' : datum.value === 1 ? 'P10' : ''"


def test_a_name_cannot_break_out_of_the_axis():
    figure = {**SWIMMER, "patients": ["P'\\1"]}
    axis = drawn(figure, [row("bars", "P'\\1", 0, 5.0)])["layer"][0]["encoding"]["y"]["axis"]
    assert axis["labelExpr"] == "datum.value === 0 ? 'P\\'\\\\1' : ''"
    assert "<svg" in figures.to_svg(drawn(figure, [row("bars", "P'\\1", 0, 5.0)]))


def test_a_mark_beyond_the_last_day_widens_the_axis_and_is_not_moved():
    spec = drawn(SWIMMER, LANES)
    good = values(spec, shape="circle")
    assert [one["day"] for one in good] == [182]
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1] > 182


def test_two_events_of_one_day_stand_side_by_side():
    found = sorted(one["day"] for one in values(drawn(SWIMMER, LANES), shape="triangle-up"))
    assert found[0] == 40
    assert found[1] > 40


def test_levels_differ_in_shape_and_not_only_in_colour():
    shapes = {one["mark"]["shape"] for one in drawn(SWIMMER, LANES)["layer"] if one["mark"]["type"] == "point"}
    assert {"circle", "square", "triangle-up"} <= shapes


def test_the_key_names_what_is_drawn_and_nothing_else():
    texts = [one["mark"]["text"] for one in drawn(SWIMMER, LANES)["layer"] if one["mark"].get("text")]
    assert texts == ["baricitinib", "good", "poor", "serious", "other"]


@pytest.mark.parametrize(
    ("listings", "message"),
    [
        ([row("bars", "P2", -1, 5.0)], "day -1"),
        ([row("bars", "P2", 0, 169.0)], "day 169"),
        ([row("bars", "P2", 9, 5.0)], "day 9 to day 5"),
        ([row("levels", "P2", 5, text="odd")], "none of the levels"),
        ([row("levels", "P2", -5, text="good")], "day -5"),
        ([row("events", "P2", None, text="other")], "day None"),
    ],
)
def test_what_cannot_be_drawn_is_refused(listings, message):
    with pytest.raises(ProtocolError, match=message):
        drawn(SWIMMER, listings)


def test_more_levels_or_bars_than_can_be_told_apart_are_refused():
    mark = {**SWIMMER["marks"][0], "levels": list("abcde")}
    with pytest.raises(ProtocolError, match="5 levels"):
        drawn({**SWIMMER, "marks": [mark]}, [])
    with pytest.raises(ProtocolError, match="at most 3"):
        drawn({**SWIMMER, "bars": SWIMMER["bars"] * 4}, LANES)


def test_nobody_to_draw_gives_a_figure():
    assert "<svg" in figures.to_svg(drawn({**SWIMMER, "patients": []}, []))


# --- dose curves ---

STEPS = {
    "key": "curves", "number": "2", "title": "Dose", "caption": "", "kind": "steps", "first_day": -28, "last_day": 168,
    "patients": ["P10", "P2"], "listing_id": "doses", "pulses": "pulses",
    "y": {"label": "Dose", "unit": "mg/kg/day"},
}  # fmt: skip
DOSES = [
    row("doses", "P2", -28, 2.0), row("doses", "P2", -5, 1.0), row("doses", "P2", 30, None, "unknown"),
    row("doses", "P2", 60, 0.2), row("doses", "P2", 150, 0.2, "end of the curve"),
    row("doses", "P10", -28, 0.0), row("doses", "P10", 168, 0.0, "end of the curve"),
]  # fmt: skip


def panels(spec, what):
    return [one for one in spec["data"]["values"] if one["what"] == what]


def test_every_dose_is_a_step_and_an_unknown_one_a_gap():
    spec = drawn(STEPS, DOSES)
    points = [(one["day"], one["dose"]) for one in panels(spec, "dose") if one["patient"] == "P2"]
    assert points == [(-28, 2.0), (-5, 1.0), (30, None), (60, 0.2), (150, 0.2)]
    area = spec["spec"]["layer"][0]["mark"]
    assert (area["interpolate"], area["invalid"]) == ("step-after", "break-paths-show-domains")
    assert spec["facet"]["sort"] == ["P2", "P10"]


def test_half_is_of_the_dose_on_day_0_and_absent_for_a_dose_of_0():
    """The dose of 1.0 from day -5 on is that of day 0, not the 2.0 before."""
    halves = [(one["patient"], one["half"], one["start"], one["day"]) for one in panels(drawn(STEPS, DOSES), "half")]
    assert halves == [("P2", 0.5, -28, 150)]


def test_pulses_are_marked():
    spec = drawn(STEPS, [*DOSES, row("pulses", "P10", 0)])
    assert [(one["patient"], one["day"]) for one in panels(spec, "pulse")] == [("P10", 0)]
    assert "pulse" in spec["title"]["text"]
    assert "pulse" not in drawn(STEPS, DOSES)["title"]["text"]


def test_thirty_patients_share_one_panel():
    patients = [f"P{i}" for i in range(30)]
    rows = [row("doses", p, d, 1.0, t) for p in patients for d, t in ((0, ""), (9, "end of the curve"))]
    spec = drawn({**STEPS, "patients": patients}, rows)
    assert "facet" not in spec
    assert len(spec["layer"][0]["data"]["values"]) == 60


@pytest.mark.parametrize(
    "rows",
    [
        [row("doses", "P2", 0, -1.0)],
        [row("doses", "P2", 169, 1.0)],
        [row("doses", "P2", -29, 1.0)],
        [row("doses", "P2", 5, 1.0), row("doses", "P2", 5, 2.0)],
    ],
)
def test_doses_that_cannot_be_are_refused(rows):
    with pytest.raises(ProtocolError):
        drawn(STEPS, rows)


@pytest.mark.parametrize(("figure", "rows"), [(SWIMMER, LANES), (STEPS, DOSES)])
def test_equal_input_gives_equal_svg(figure, rows):
    assert figures.to_svg(drawn(figure, rows)) == figures.to_svg(drawn(figure, rows))


# --- profile ---


def whole():
    scores = [row("s0", "P2", 0, 7.25), row("s0", "P10", 0, 3.0), row("s4", "P10", 28, 1.0)]
    medians = [
        ResultRow(study="s", analysis="a", statistic="median", number=5.0, visit=visit, provenance_id="p")
        for visit in ("week 0", "week 4")
    ]
    series = [
        {"visit": f"week {week}", "week": float(week), "listing_id": f"s{week}", "median": medians[i].id}
        for i, week in enumerate((0, 4))
    ]
    score = {
        "key": "score", "number": "3", "title": "Score", "caption": "", "kind": "trajectories",
        "y": {"label": "Skin <score>", "unit": "points", "low": 0, "high": 9}, "series": series,
    }  # fmt: skip
    courses = [
        row("courses", "P2", -40, 10.0, "once a day; to day 14; <b>dose changed</b>", item="prednisone", unit="mg"),
        row("courses", "P10", 0, 4.0, "ongoing", item="ruxolitinib", unit="mg"),
    ]
    listing = {
        "key": "patients", "title": "Patients", "columns": ["Patient", "Age"], "one_line_per_patient": True,
        "rows": [["P2", {"number": 8.36, "decimals": 1}], ["P10", {"number": 99.0, "decimals": 1}]],
    }  # fmt: skip
    return bundle(
        [*LANES, *DOSES, *scores, *courses], SWIMMER, STEPS, score, rows=medians, listings=[listing], index="Day 0.",
    )  # fmt: skip


def test_a_profile_shows_the_patient_and_nobody_else():
    page = profile_of(layouts.index_of(whole()), "P2")
    for text in (
        "Patient P2",
        "8.4",
        "prednisone",
        "10 mg",
        "−5.7",
        "to week 2.0",
        "poor",
        "serious",
        "Skin &lt;score&gt;",
    ):
        assert text in page, text
    for text in ("P10", "ruxolitinib", "99.0"):
        assert text not in page, text


def test_a_profile_prints_scores_of_visits_and_a_gap_where_there_is_none():
    page = profile_of(layouts.index_of(whole()), "P2")
    cells = re.search(r"Skin &lt;score&gt;</th>(.*?)</tr>", page)
    assert re.findall(r"<td[^>]*>(.*?)</td>", cells[1]) == ["7.3", "–"]


def test_a_profile_prints_no_date_loads_nothing_and_says_that_data_are_synthetic():
    page = profile_of(layouts.index_of(whole()), "P2")
    assert SYNTHETIC in page
    assert "2019" not in page
    assert not re.search(r"<script|<link|src=|@import|url\((?!#)", page)
    assert "<b>dose changed" not in page


def test_equal_bundles_give_equal_profiles():
    assert profile_of(layouts.index_of(whole()), "P2") == profile_of(layouts.index_of(whole()), "P2")


def test_an_unknown_patient_is_refused_without_naming_others():
    with pytest.raises(UnknownNameError, match="rows of 2 patients") as refused:
        profile_of(layouts.index_of(whole()), "P3")
    assert "P2" not in str(refused.value)


def test_a_suppressed_bundle_shows_no_patient():
    made = whole()
    hidden = ResultRow(
        study="s", analysis="b", statistic="n", number=None, provenance_id="p", status="suppressed", note="small"
    )
    with pytest.raises(UsageError, match="suppressed"):
        profile_of(layouts.index_of(bundle(made.listings.to_pylist(), rows=[hidden])), "P2")


def test_a_file_name_stays_in_its_folder(tmp_path):
    listings = [row("l", "../../P 2", 0, 1.0)]
    page = profile_of(layouts.index_of(bundle(listings)), "../../P 2")
    path = keep_profile(page, "../../P 2", tmp_path)
    assert path.parent == tmp_path / "patient_level" / "profiles"
    assert re.fullmatch(r"_\.\._P_2-[0-9a-f]{8}\.html", path.name)  # the digest tells it from `_.._P_2`
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Patient ../../P 2" in path.read_text(encoding="utf-8")
