"""How far counts, patient-time and rates of adverse events go where what they hang on is not exactly known."""

from __future__ import annotations

import importlib.util
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.analysis import AdverseEvents, EventsOfInterest, of_interest
from myosotis.language import Window, drugs
from myosotis.measures.derived.seriousness import seriousness
from myosotis.model.dataset import Dataset
from myosotis.report.cells import render_cell

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

START = date(2020, 1, 1)
ON, AT_RISK = "time on baricitinib", "time at risk"
NOTHING = {"hospitalised": False, "disabling": False, "life_threatening": False, "death": False}
SAFETY = AdverseEvents(
    key="safety",
    title="Adverse events",
    treatment=drugs("baricitinib", names=("baricitinib",)),
    emergent_until=30,
    follow_up=Window(label="24 weeks", target=0, first=0, last=167),
    of_interest=(
        of_interest("zoster", "Herpes zoster", "Herpes zoster"),
        EventsOfInterest(key="death", label="Death", criteria=("death",)),
    ),
)


def between(name, first, last):
    """Give a date that is known, or lies between two days."""
    low, high = START + timedelta(days=first), START + timedelta(days=last)
    return {name: low} if first == last else {f"{name}_earliest": low, f"{name}_latest": high}


def course(patient, start, stop=None):
    ended = {} if stop is None else between("stop", *stop)
    return {"patient_id": patient, "drug": "baricitinib", **between("start", *start), **ended}


def event(patient, onset, term="Headache", **facts):
    return {
        "patient_id": patient, "term": term.lower(), "preferred_term": term, "grade": 1, **NOTHING,
        **between("start", *onset), **facts,
    }  # fmt: skip


def computed(treatments, events):
    patients = [{"patient_id": one} for one in ("a", "b")]
    return cohorts.section_of(
        SAFETY, cohorts.cohort_of(SAFETY, Dataset.of(patients=patients, treatments=treatments, events=events))
    )


def rates(section, time, variable, level="all"):
    rows = [row for row in section.rows if (row.endpoint, row.variable, row.level) == (time, variable, level)]
    return {row.statistic: row.number for row in rows if row.method in ("", "Garwood")}


def of_interest_rows(section, level):
    rows = [row for row in section.rows if (row.variable, row.level) == ("of interest", level)]
    return {row.statistic: row.number for row in rows}


def printed(section, key, label):
    rows = {
        row.id: {name: getattr(row, name) for name in row.__slots__} | {"result_id": row.id} for row in section.rows
    }
    (table,) = [one for one in section.tables if one.key == key]
    (line,) = [one for one in table.rows if one.label == label][:1]
    return [render_cell(cell, rows).text.replace("\N{NO-BREAK SPACE}", " ") for cell in line.cells]


# --- by hand ---


def test_what_is_exactly_known_has_no_bounds():
    section = computed([course("a", (0, 0), (99, 99))], [event("a", (10, 10))])
    assert not [row for row in section.rows if row.statistic.endswith(("_most", "_least"))]
    assert "possible" not in str(section.tables)


def test_a_stop_known_to_thirty_days_bounds_time_and_rate():
    # 70 days at the least, 100 at the most; one event on day 10 whatever the stop.
    section = computed([course("a", (0, 0), (69, 99))], [event("a", (10, 10))])
    found = rates(section, ON, "all events")
    assert (found["events"], found["events_most"]) == (1, 1)
    assert found["person_time"] == pytest.approx(70 / 365.25)
    assert found["person_time_most"] == pytest.approx(100 / 365.25)
    assert found["rate"] == found["rate_most"] == pytest.approx(100 * 365.25 / 70)
    assert found["rate_least"] == pytest.approx(100 * 365.25 / 100)
    # To the first event it is 11 days, both included, and that is exact: only the whole time is not.
    first = rates(section, ON, "first event")
    assert first["rate"] == first["rate_most"] == first["rate_least"] == pytest.approx(100 * 365.25 / 11)
    assert printed(section, "safety-rates", "All events")[:2] == ["1", "0.19 to 0.27"]
    assert "possible 365.3 to 521.8" in printed(section, "safety-rates", "All events")[2]


def test_an_onset_known_to_a_month_bounds_the_time_to_the_first_event():
    section = computed([course("a", (0, 0), (99, 99))], [event("a", (31, 59))])
    found = rates(section, ON, "first event")
    # Exposed to the event's last possible day in the rate, to its first at the least.
    assert found["person_time"] == found["person_time_most"] == pytest.approx(60 / 365.25)
    assert found["rate_least"] == found["rate"] == pytest.approx(100 * 365.25 / 60)
    assert found["rate_most"] == pytest.approx(100 * 365.25 / 32)


def test_an_event_that_may_be_emergent_is_among_the_most():
    section = computed([course("a", (0, 0), (99, 99))], [event("a", (-5, 5))])
    found = rates(section, AT_RISK, "all events")
    assert (found["events"], found["events_most"], found["rate"], found["rate_least"]) == (0, 1, 0, 0)
    assert found["rate_most"] == pytest.approx(100 * 365.25 / 130)


def test_a_rate_without_a_certain_day_has_no_upper_bound():
    section = computed([course("a", (0, 20), (5, 30))], [event("a", (0, 30))])
    row = next(row for row in section.rows if row.statistic == "rate_most" and row.endpoint == ON)
    assert (row.status, row.number) == ("not_estimable", None)
    assert "no day of this time is certain" in row.note


def test_words_that_nobody_coded_are_among_the_most_of_every_group_found_by_words():
    uncoded = {**event("a", (5, 5)), "term": "Blood clot", "preferred_term": None}
    section = computed([course("a", (0, 0)), course("b", (0, 0))], [uncoded])
    zoster = {
        row.statistic: row.number
        for row in section.rows
        if (row.variable, row.level) == ("of interest", "Herpes zoster")
    }
    assert (zoster["events"], zoster["events_most"], zoster["count"], zoster["count_most"]) == (0, 1, 0, 1)
    cells = printed(section, "safety-interest", "Herpes zoster")
    assert cells[0] == "0 to 1"
    assert cells[1].startswith("0/2 (0%; ")
    assert cells[1].endswith("; up to 1")
    assert cells[2].endswith("possible 0.0 to 108.7")  # 100 * 365.25 / 336 days
    assert printed(section, "safety-interest", "Death")[0] == "0"  # found by recorded facts, and they say no


@pytest.mark.parametrize(
    ("facts", "open_"),
    [
        (NOTHING, ()),
        ({}, ("death", "life-threatening", "hospitalisation", "disability")),
        ({"grade": 2}, ("life-threatening", "hospitalisation", "disability")),  # who has grade 2 is alive
        ({"outcome": "recovered"}, ("life-threatening", "hospitalisation", "disability")),
        ({"serious": False}, ()),
        ({"hospitalised": True}, ("death", "life-threatening", "disability")),
        ({"outcome": "fatal"}, ("life-threatening", "hospitalisation", "disability")),
    ],
)
def test_a_criterion_is_open_until_something_recorded_meets_or_denies_it(facts, open_):
    assert seriousness(facts).open == open_


def test_an_event_of_which_nobody_knows_whether_it_was_fatal_is_among_the_most_deaths():
    unknown = dict.fromkeys((*NOTHING, "grade"))
    section = computed([course("a", (0, 0), (99, 99))], [event("a", (5, 5), **unknown)])
    assert printed(section, "safety-interest", "Death")[0] == "0 to 1"


# --- every completion lies within ---

_DAYS = st.tuples(st.integers(-20, 180), st.integers(0, 25)).map(lambda pair: (pair[0], pair[0] + pair[1]))
_COURSES = st.lists(
    st.tuples(st.sampled_from("ab"), _DAYS, st.none() | st.integers(0, 60), st.integers(0, 20)), max_size=3
)
_EVENTS = st.lists(st.tuples(st.sampled_from("ab"), _DAYS, st.sampled_from(["Headache", "Herpes zoster"])), max_size=4)


def written(courses, events, shares):
    """Write courses and events with every span narrowed to the share of it that the next number says; None keeps it."""
    shares = iter(shares)

    def narrowed(span):
        share = next(shares)
        return span if share is None else (span[0] + round(share * (span[1] - span[0])),) * 2

    treatments = []
    for patient, (first, last), length, width in courses:
        # The stop lies after the latest start, so that every completion is a course.
        stop = None if length is None else narrowed((last + length, last + length + width))
        treatments.append(course(patient, narrowed((first, last)), stop))
    return treatments, [event(patient, narrowed(span), term) for patient, span, term in events]


@settings(max_examples=60, deadline=None)
@given(courses=_COURSES, events=_EVENTS, shares=st.lists(st.sampled_from([0, 0.5, 1]), min_size=10, max_size=10))
def test_every_completion_of_what_is_not_exactly_known_lies_between_the_bounds(courses, events, shares):
    """The bounds may be wider than the completions reach, but none lies outside."""
    bounded = computed(*written(courses, events, [None] * 10))
    known = computed(*written(courses, events, shares))
    for time in (ON, AT_RISK):
        for variable, count in (("all events", "events"), ("first event", "count")):
            for level in ("all", "serious"):
                wide, exact = (rates(one, time, variable, level) for one in (bounded, known))
                assert f"{count}_most" not in exact
                assert wide[count] <= exact[count] <= wide.get(f"{count}_most", wide[count])
                assert exact["person_time"] <= wide.get("person_time_most", wide["person_time"]) + 1e-12
                if variable == "all events":
                    assert wide["person_time"] <= exact["person_time"] + 1e-12
                if exact["rate"] is None:
                    continue
                least, most = wide.get("rate_least", wide["rate"]), wide.get("rate_most", wide["rate"])
                assert least is None or least <= exact["rate"] * (1 + 1e-12)
                assert most is None or exact["rate"] <= most * (1 + 1e-12)
    line, other = (of_interest_rows(one, "Herpes zoster") for one in (bounded, known))
    assert line["events"] <= other["events"] <= line.get("events_most", line["events"])
    assert line["count"] <= other["count"] <= line.get("count_most", line["count"])
    ids = [row.id for row in bounded.rows]
    assert len(ids) == len(set(ids))
    assert cohorts.untraced(bounded) == set()
