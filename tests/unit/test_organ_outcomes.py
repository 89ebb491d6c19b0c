"""Organ outcomes of hand-made patients: what decided, what is open, and totals that add up."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.analysis import OrganOutcomes
from myosotis.errors import ProtocolError
from myosotis.language import Window, baseline_window, recorded_days, week
from myosotis.model.dataset import Dataset

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

WEEK_0, WEEK_24 = baseline_window(days=28), week(24, give_or_take=28)
OUTCOMES = ("improved", "stable", "resolved", "worse", "not assessed", "not evaluable")


def analysis(*conditions, **changes):
    given_ = {"key": "organs", "title": "Organ outcomes", "conditions": conditions or ("ILD",), "baseline": WEEK_0,
              "visit": WEEK_24, **changes}  # fmt: skip
    return OrganOutcomes(**given_)


def computed(rows, *conditions, patients="a", **changes):
    """Compute from (patient, condition, day, status)."""
    data = Dataset.of(
        patients=[{"patient_id": one} for one in patients],
        conditions=[
            {"patient_id": patient, "name": name, "day": day, "status": status} for patient, name, day, status in rows
        ],
    )
    chosen = analysis(*conditions, **changes)
    return cohorts.section_of(chosen, cohorts.cohort_of(chosen, data, index=recorded_days()))


def counts(section, condition="ILD"):
    """Give the patients of every outcome above 0, those with it at baseline, and those apart."""
    rows = [row for row in section.rows if row.endpoint == condition and row.statistic in ("count", "n")]
    return {row.level or row.variable: int(row.number) for row in rows if row.number}


def followed(*after):
    """Judge one patient with the condition at baseline and these (day, status) later."""
    return counts(computed([("a", "ILD", -3, "present"), *(("a", "ILD", *one) for one in after)]))


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ([(168, "improved")], "improved"),
        ([(168, "Stable")], "stable"),
        ([(168, "resolved")], "resolved"),
        ([(168, "absent")], "resolved"),
        ([(168, "progressed")], "worse"),
        ([], "not assessed"),
        ([(139, "improved")], "not assessed"),  # one day before the window of week 24
        ([(140, "improved")], "improved"),
        ([(196, "improved")], "improved"),
        ([(197, "improved")], "not assessed"),
        ([(150, "worse"), (190, "improved")], "improved"),  # the latest day decides
        ([(160, "improved"), (160, "stable")], "not evaluable"),  # two statuses on one day
        ([(160, "improved"), (160, "better")], "improved"),  # two words for one outcome
        ([(160, "present")], "not evaluable"),  # there, but how?
        ([(160, None)], "not evaluable"),
        ([(100, "worse")], "not assessed"),
    ],
)
def test_the_latest_status_in_the_window_decides(after, outcome):
    assert followed(*after) == {"at baseline": 1, outcome: 1}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], {}),
        ([(-3, "absent"), (168, "absent")], {}),
        ([(-3, "absent"), (168, "present")], {"first recorded after baseline": 1}),
        ([(60, "present"), (168, "improved")], {"first recorded after baseline": 1}),
        ([(-20, "present"), (-3, "resolved"), (168, "absent")], {}),  # the latest day of the baseline
        ([(-20, "absent"), (-3, "present")], {"at baseline": 1, "not assessed": 1}),
        ([(-3, "absent"), (-3, "present"), (168, "stable")], {"baseline not evaluable": 1}),
        ([(-29, "present"), (168, "stable")], {"baseline not evaluable": 1}),  # recorded only before the window
        ([(-28, "present"), (168, "stable")], {"at baseline": 1, "stable": 1}),
        ([(0, None), (168, "stable")], {"at baseline": 1, "stable": 1}),
        ([(250, "present")], {}),  # after the visit
        ([(None, "present")], {"baseline not evaluable": 1}),  # without a day it may have been there
        ([(None, "absent")], {"baseline not evaluable": 1}),  # nobody says that it was in the window
        ([(-3, "present"), (None, "present"), (168, "stable")], {"at baseline": 1, "not evaluable": 1}),
        ([(-3, "present"), (None, "stable"), (168, "stable")], {"at baseline": 1, "stable": 1}),
    ],
)
def test_baseline_says_who_is_counted(rows, expected):
    assert counts(computed([("a", "ILD", *one) for one in rows])) == expected


def test_conditions_are_counted_apart_and_listed_one_line_a_patient():
    rows = [
        ("a", "ILD", 0, "present"), ("a", "ILD", 168, "improved"), ("a", "MAS", 0, "present"), ("a", "MAS", 168, "resolved"),
        ("b", "ILD", -1, "present"),
    ]  # fmt: skip
    section = computed(rows, "ILD", "MAS", patients="abc")
    assert counts(section, "ILD") == {"at baseline": 2, "improved": 1, "not assessed": 1}
    assert counts(section, "MAS") == {"at baseline": 1, "resolved": 1}
    listed = [(row[0], row[1], row[4], row[5]) for row in section.listings_shown[0].rows]
    assert listed == [
        ("a", "ILD", "improved", "improved on the latest day of week 24"),
        ("b", "ILD", "not assessed", "no record in week 24"),
        ("a", "MAS", "resolved", "resolved on the latest day of week 24"),
    ]


def test_contradictions_at_baseline_are_told():
    section = computed([("a", "ILD", 0, "absent"), ("a", "ILD", 0, "present")])
    assert "contradicts itself" in section.limitations[0].template
    assert computed([("a", "ILD", 0, "present")]).limitations == ()


def test_shares_have_exact_intervals_and_nobody_has_none():
    section = computed([("a", "ILD", 0, "present"), ("a", "ILD", 168, "stable")])
    low = next(row for row in section.rows if (row.level, row.statistic) == ("stable", "conf_low"))
    assert low.number == pytest.approx(0.025)  # Clopper-Pearson for 1 of 1: (alpha / 2) ** (1 / 1)
    empty = computed([])
    assert {row.status for row in empty.rows if row.statistic == "proportion"} == {"not_estimable"}


_ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcde"),
        st.sampled_from(["ILD", "calcinosis"]),
        st.one_of(st.none(), st.integers(-40, 220)),
        st.sampled_from(["present", "absent", "improved", "stable", "worse", "resolved", "odd", None]),
    ),
    max_size=40,
)


@settings(max_examples=80, deadline=None)
@given(rows=_ROWS)
def test_outcomes_add_up_to_the_patients_with_the_condition_at_baseline(rows):
    section = computed(rows, "ILD", "calcinosis", patients="abcde")
    for name in ("ILD", "calcinosis"):
        found = counts(section, name)
        assert sum(found.get(outcome, 0) for outcome in OUTCOMES) == found.get("at baseline", 0)
        listed = [row[4] for row in section.listings_shown[0].rows if row[1] == name]
        assert len(listed) == len({row[0] for row in section.listings_shown[0].rows if row[1] == name})
        assert sum(outcome in OUTCOMES for outcome in listed) == found.get("at baseline", 0)
        assert listed.count("first recorded after baseline") == found.get("first recorded after baseline", 0)
        assert listed.count("baseline not evaluable") == found.get("baseline not evaluable", 0)
    ids = [row.id for row in section.rows]
    assert len(ids) == len(set(ids))
    assert cohorts.untraced(section) == set()


def test_windows_that_overlap_and_repeated_conditions_are_refused():
    with pytest.raises(ProtocolError, match="one record would count for both"):
        analysis(visit=Window(label="day 0", target=0, first=0, last=3))
    with pytest.raises(ProtocolError, match="each once"):
        analysis("ILD", "ILD")
