"""Safety and organ outcomes of the example study: the printed counts, and what the paper's own facts contradict."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from myosotis.run import compute, open_study

STUDY = Path(__file__).parents[2] / "examples" / "baricitinib_jdm"
# 16 children to day 167, three for 84 days, and P6 without the 12 days of the interruption (days 51 to 62).
DAYS_ON = 16 * 168 + 3 * 84 + (168 - 12)


@pytest.fixture(scope="module")
def bundle():
    return compute(open_study(STUDY))


@pytest.fixture(scope="module")
def rows(bundle):
    return bundle.results.to_pylist()


def one(rows, **keys):
    found = [row for row in rows if all(row[name] == value for name, value in keys.items())]
    assert len(found) == 1, f"{len(found)} results have {keys}"
    return found[0]


def safety(rows, variable, level, statistic, **keys):
    chosen = {"endpoint": "", "analysis": "safety", "variable": variable, "level": level, "statistic": statistic}
    return one(rows, **{**chosen, **keys})["number"]


def test_26_events_in_10_patients(rows):
    """Results: "There were 26 AEs in 10 patients"."""
    assert safety(rows, "onset", "treatment-emergent", "events") == 26
    assert safety(rows, "onset", "treatment-emergent", "count") == 10
    assert safety(rows, "onset", "treatment-emergent", "total") == 20
    assert safety(rows, "recorded", "", "events") == 26


def test_most_were_upper_airway_infections(rows):
    """Results: "most of which manifested as mild upper airway infections"."""
    events = safety(rows, "term: Infections", "Upper respiratory tract infection", "events")
    assert events > 26 / 2
    assert safety(rows, "grade", "grade 1", "events") > 26 / 2


def test_classes_and_terms_add_up(rows):
    for start in ("organ class", "term: "):
        found = [
            row["number"]
            for row in rows
            if row["analysis"] == "safety" and row["variable"].startswith(start) and row["statistic"] == "events"
        ]
        assert sum(found) == 26


def test_zoster_with_admission_is_serious_whatever_the_abstract_says(rows, bundle):
    """Abstract: "No serious side effects"; Results: hospitalisation of P6, with herpes zoster. ICH E2A settles it."""
    assert safety(rows, "seriousness", "serious", "events") == 1
    assert safety(rows, "seriousness", "serious", "count") == 1
    assert safety(rows, "criterion", "hospitalisation", "events") == 1
    assert safety(rows, "action", "interrupted", "count") == 1
    listing = next(part for part in bundle.manifest["listings"] if part["key"] == "safety-events")
    serious = [row for row in listing["rows"] if row[8].startswith("yes")]
    assert [(row[0], row[2], row[8]) for row in serious] == [("P6", "Herpes zoster", "yes: hospitalisation")]


def test_no_thrombosis_malignancy_or_death_has_an_upper_limit(rows):
    """Results: "There were no venous thrombosis, malignancy, and fatalities"; none of 20 is not none."""
    for level in ("Venous thromboembolism", "Malignancy", "Death"):
        assert safety(rows, "of interest", level, "events") == 0
        high = safety(rows, "of interest", level, "conf_high")
        assert high == pytest.approx(1 - 0.025 ** (1 / 20))  # Clopper-Pearson without an event: 16.8 %
        years = one(rows, endpoint="time at risk", variable="all events", level=level, statistic="person_time")[
            "number"
        ]
        limit = one(rows, endpoint="time at risk", variable="all events", level=level, statistic="conf_high")["number"]
        assert limit == pytest.approx(100 * -math.log(0.025) / years)  # Garwood without an event: 3.689 events


def test_rates_leave_out_the_days_without_the_drug(rows):
    time = {"endpoint": "time on baricitinib", "variable": "all events", "level": "all"}
    years = one(rows, **time, statistic="person_time")["number"]
    assert years == pytest.approx(DAYS_ON / 365.25)
    exposed = one(rows, analysis="exposure", variable="time on drug", statistic="person_time", unit="patient-years")
    assert exposed["number"] == years  # the time of the rates is the time of the exposure
    assert one(rows, **time, statistic="rate", method="Garwood")["number"] == pytest.approx(2600 / years)
    first = one(rows, **{**time, "variable": "first event"}, statistic="count")["number"]
    assert first == 10


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("calcinosis", {"improved": 1, "stable": 2}),  # P3; P2 and P12
        ("ILD", {"improved": 4, "stable": 1}),  # P4, P5, P9, P17; P14
        ("MAS", {"resolved": 1}),  # P9
    ],
)
def test_organ_outcomes_as_the_results_print_them(rows, condition, expected):
    counts = {
        row["level"]: row["number"]
        for row in rows
        if row["analysis"] == "organs" and row["endpoint"] == condition and row["statistic"] == "count" and row["level"]
    }
    assert {level: number for level, number in counts.items() if number} == expected
    present = one(rows, analysis="organs", endpoint=condition, statistic="n")["number"]
    assert sum(counts.values()) == present


def test_the_two_laboratory_events_are_grade_0_by_version_5(rows):
    """ALT 57 to 85 is 1.49 times an abnormal baseline and creatinine 60 to 71 within its limit: neither is a grade."""
    for test in ("alt", "creatinine"):
        assert one(rows, analysis="laboratory", endpoint=test, level="any grade", statistic="count")["number"] == 0
    shifts = [row for row in rows if row["analysis"] == "laboratory" and row["variable"] == "shift"]
    for test in {row["endpoint"] for row in shifts}:
        assert sum(row["number"] for row in shifts if row["endpoint"] == test) == 20


def test_counts_without_a_lower_limit_exclude_grade_3_but_not_grade_1(rows):
    for test in ("neutrophils", "lymphocytes", "haemoglobin", "platelets"):
        keys = {"analysis": "laboratory", "endpoint": test}
        assert one(rows, **keys, level="any grade", statistic="n_not_evaluable")["number"] == 20
        assert one(rows, **keys, level="grade 3 or 4", statistic="total")["number"] == 20
