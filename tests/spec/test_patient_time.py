"""The patient-time of adverse events is the same on every engine, whatever the courses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from myosotis.analysis import AdverseEvents
from myosotis.language import Window, drugs, first_dose
from myosotis.language.values import Constant, Nearest
from myosotis.model.dataset import Dataset

START = date(2020, 1, 1)
COURSES = {
    "ended": [(0, 83)],
    "ongoing": [(0, None)],
    "interrupted": [(0, 50), (63, None)],
    "overlapping": [(0, 60), (40, 80)],
    "beyond": [(0, 150), (160, 400)],
    "one day": [(0, 0)],
    "none": [],
}


def safety(**changes):
    given = {
        "key": "safety", "title": "Adverse events", "treatment": drugs("baricitinib", names=("baricitinib",)),
        "emergent_until": 30, "follow_up": Window(label="24 weeks", target=0, first=0, last=167), **changes,
    }  # fmt: skip
    return AdverseEvents(**given)


def data():
    return Dataset.of(
        patients=[{"patient_id": one} for one in COURSES],
        treatments=[
            {
                "patient_id": patient,
                "drug": "baricitinib",
                "start": START + timedelta(days=first),
                "stop": None if last is None else START + timedelta(days=last),
            }
            for patient, courses in COURSES.items()
            for first, last in courses
        ],
        observations=[
            {"patient_id": "ongoing", "name": "last_seen", "date": START + timedelta(days=100), "number": 100.0},
            {"patient_id": "ended", "name": "last_seen", "date": START + timedelta(days=200), "number": 200.0},
        ],
    )


def days(run_on, analysis, what):
    return run_on(analysis.nodes(), data(), first_dose("baricitinib"))[f"safety: {what}"]


def test_days_on_treatment(run_on):
    assert days(run_on, safety(), "days on treatment") == {
        "ended": 84, "ongoing": 168, "interrupted": 51 + 105, "overlapping": 81, "beyond": 151 + 8, "one day": 1, "none": 0,
    }  # fmt: skip


def test_days_at_risk_run_on_after_the_last_dose(run_on):
    found = days(run_on, safety(), "days at risk")
    del found["none"]  # no dose, so in no rate
    assert found == {
        "ended": 114, "ongoing": 168, "interrupted": 168, "overlapping": 111, "beyond": 168, "one day": 31,
    }  # fmt: skip


@pytest.mark.parametrize(("what", "expected"), [("days on treatment", 101), ("days at risk", 101)])
def test_a_patient_last_seen_earlier_counts_until_then(run_on, what, expected):
    last_seen = Nearest(name="last_seen", label="last seen", unit="day", to=Constant(number=0.0), within=1000)
    found = days(run_on, safety(censored_at=last_seen), what)
    assert found["ongoing"] == expected
    # Later than follow-up, or not recorded: follow-up's own end.
    assert found["ended"] == (84 if what == "days on treatment" else 114)
    assert found["interrupted"] == (156 if what == "days on treatment" else 168)
