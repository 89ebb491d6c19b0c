"""Follow-up: courses end with death and with the last contact, and nothing is known or counted beyond."""

from __future__ import annotations

import pytest

from myosotis.language import Window, condition, date_of, drugs
from myosotis.language.values import FollowUpEnd
from myosotis.measures.observations import ck
from myosotis.model.dataset import Dataset

BARICITINIB = drugs("baricitinib", names=("baricitinib",))
INDEX = date_of("diagnosis_date")
STUDY = Window(label="the study", target=0, first=-30, last=200)


def outcome(run_on, *, events=(), observations=(), conditions=(), course=None, **patient):
    """Evaluate what follow-up bears on, for one child who is on the drug from 1 January (day 0)."""
    data = Dataset.of(
        patients=[{"patient_id": "a", "diagnosis_date": "2020-01-01", **patient}],
        treatments=[
            {
                "patient_id": "a",
                "drug": "baricitinib",
                "start": "2020-01-01",
                "dose": 4,
                "dose_unit": "mg/day",
                **(course or {}),
            }
        ],
        events=[{"patient_id": "a", "term": "event", **event} for event in events],
        observations=[{"patient_id": "a", "name": "ck", "number": 9, **one} for one in observations],
        conditions=[{"patient_id": "a", "name": "ILD", "status": "present", **one} for one in conditions],
    )
    nodes = {
        "days": BARICITINIB.days_on(first=0, last=195),
        "84 days": BARICITINIB.days_on(first=0, last=195) >= 84,
        "stop": BARICITINIB.stop,
        "taken on day 30": BARICITINIB.taken_on(30),
        "taken on day 100": BARICITINIB.taken_on(100),
        "dose on day 100": BARICITINIB.dose_at(100),
        "dose in all": BARICITINIB.cumulative_dose(first=0, last=195),
        "end": FollowUpEnd(),
        "ck": ck.last(STUDY),
        "ILD": condition("ILD").ever(),
    }
    found = run_on(nodes, data, INDEX)
    return {name: found[name]["a"] for name in nodes}


def test_an_open_course_of_a_child_who_is_seen_to_the_end_goes_on(run_on):
    found = outcome(run_on)
    assert (found["days"], found["stop"], found["end"]) == (196.0, None, None)
    assert (found["84 days"], found["taken on day 100"], found["dose in all"]) == (True, True, 784.0)


DEATHS = [
    ({"death": "2020-02-10"}, ()),
    ({}, [{"start": "2020-02-01", "stop": "2020-02-10", "death": True}]),
    ({}, [{"start": "2020-02-10", "stop": "2020-02-10", "grade": 5}]),
    ({}, [{"start": "2020-01-20", "stop": "2020-02-10", "outcome": "Fatal"}]),
    ({"death": "2020-02-10"}, [{"start": "2020-03-01", "death": True}]),  # the patient's own date stands
]


@pytest.mark.parametrize(("patient", "events"), DEATHS)
def test_a_child_who_has_died_takes_no_more_drug(run_on, patient, events):
    found = outcome(run_on, events=events, **patient)
    assert (found["days"], found["84 days"], found["stop"], found["end"]) == (41.0, False, 40.0, 40.0)
    assert (found["taken on day 30"], found["taken on day 100"]) == (True, False)
    assert (found["dose on day 100"], found["dose in all"]) == (0.0, 164.0)


def test_a_fatal_event_without_an_end_leaves_the_day_of_death_open_from_its_onset(run_on):
    found = outcome(run_on, events=[{"start": "2020-02-10", "death": True}])
    assert (found["days"], found["84 days"], found["stop"], found["end"]) == (None, None, None, None)
    assert (found["taken on day 30"], found["taken on day 100"]) == (True, None)


def test_a_death_known_to_the_month_settles_what_every_day_of_it_settles(run_on):
    found = outcome(run_on, death="2020-02")
    assert (found["days"], found["84 days"], found["taken on day 30"], found["taken on day 100"]) == (
        None,
        False,
        True,
        False,
    )


def test_beyond_the_last_contact_nobody_knows(run_on):
    found = outcome(run_on, last_contact="2020-02-10")
    assert (found["days"], found["84 days"], found["end"]) == (41.0, False, 40.0)
    assert found["stop"] is None  # still on the drug when last seen
    assert (found["taken on day 30"], found["taken on day 100"], found["dose on day 100"]) == (True, None, None)


def test_a_child_seen_last_on_the_day_of_death_takes_nothing_afterwards(run_on):
    found = outcome(run_on, last_contact="2020-02-10", death="2020-02-10")
    assert (found["taken on day 100"], found["dose on day 100"]) == (False, 0.0)


def test_a_course_stopped_nobody_knows_when_lasted_at_least_a_day_and_at_most_to_the_last_contact(run_on):
    open_ = outcome(run_on, course={"stop_known": False})
    assert (open_["84 days"], open_["taken on day 30"], open_["stop"]) == (None, None, None)
    seen = outcome(run_on, course={"stop_known": False}, last_contact="2020-02-10")
    assert (seen["84 days"], seen["taken on day 30"]) == (False, None)


@pytest.mark.parametrize("end", [{"death": "2020-02-10"}, {"last_contact": "2020-02-10"}])
def test_nothing_counts_afterwards(run_on, end):
    late = {"date": "2020-02-11"}
    found = outcome(run_on, observations=[late], conditions=[late], **end)
    assert (found["ck"], found["ILD"]) == (None, False)
    on_the_day = {"date": "2020-02-10"}
    found = outcome(run_on, observations=[on_the_day, late], conditions=[on_the_day], **end)
    assert (found["ck"], found["ILD"]) == (9.0, True)
