"""Dates known to the month or year, and limits in place of numbers: what settles a comparison, and what leaves it open.

The logic is that of the uncertainty intervals of Clinical Quality Language (release 1, appendix H): a day in February 2014
lies 17 to 44 days after 15 January; above 16 is true, above 44 false, above 43 not evaluable.
"""

from __future__ import annotations

import pytest

from myosotis.language import Window, all_of, any_of, date_of, drugs, not_
from myosotis.language.values import Constant, PatientNumber, Where, as_value
from myosotis.measures.observations import bilirubin, ck
from myosotis.model.dataset import Dataset

INDEX = date_of("diagnosis_date")
DRUG = drugs("a drug", names=("a",))
START = DRUG.start
WEEKS = Window(label="the first weeks", target=20, first=0, last=100)


def answers(run_on, nodes, *, course=None, observations=(), **patient):
    data = Dataset.of(
        patients=[{"patient_id": "a", "diagnosis_date": "2014-01-15", **patient}],
        treatments=[{"patient_id": "a", "drug": "a", **course}] if course else [],
        observations=[{"patient_id": "a", "unit": "", **one} for one in observations],
    )
    named = {str(i): node for i, node in enumerate(nodes)}
    found = run_on(named, data, INDEX)
    return [found[name]["a"] for name in named]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (START > 16, True),
        (START >= 17, True),
        (START > 17, None),
        (START > 43, None),
        (START >= 44, None),
        (START > 44, False),
        (START < 45, True),
        (START <= 44, True),
        (START < 44, None),
        (START <= 17, None),
        (START < 17, False),
        (START.equals(20), None),
        (START.equals(16), False),
        (START.recorded(), True),
        (START + START > 33, True),
        (START + START > 88, False),
        (START + START > 50, None),
        (START * START >= 289, True),
        (START * START > 1936, False),
        (START / 17 >= 1, True),
        (as_value(100) - START >= 56, True),
        (as_value(100) - START > 83, False),
        (any_of(START > 43, START > 16), True),
        (all_of(START > 43, START > 44), False),
        (all_of(START > 43, START > 16), None),
        (not_(START > 44), True),
        (not_(START > 43), None),
        # A choice that is open does not matter where both branches agree.
        (Where(criterion=START > 43, then=as_value(5), otherwise=as_value(7)) > 4, True),
        (Where(criterion=START > 43, then=as_value(5), otherwise=as_value(7)) > 6, None),
    ],
)
def test_a_start_in_february_is_17_to_44_days_after_the_15th_of_january(run_on, question, answer):
    assert answers(run_on, [question], course={"start": "2014-02"}) == [answer]


def test_no_number_is_made_up_for_a_day_that_is_not_known(run_on):
    assert (
        answers(run_on, [START, START + 1, DRUG.days_on(first=0, last=50)], course={"start": "2014-02"}) == [None] * 3
    )


@pytest.mark.parametrize(
    ("start", "stop", "taken"),
    [
        ("2013", None, True),  # since any day of last year
        ("2014", None, None),
        ("2014-01", None, None),
        ("2014-02", None, False),
        ("2013-12", "2014-02", True),
        ("2013-12", "2014-01", None),
        ("2013", "2013", False),
        ("2014-01-15", "2014-01", True),  # a stop on or after its start
    ],
)
def test_a_drug_is_taken_on_day_0_where_every_day_of_its_start_and_stop_says_so(run_on, start, stop, taken):
    assert answers(run_on, [DRUG.taken_on(0)], course={"start": start, "stop": stop}) == [taken]


@pytest.mark.parametrize(
    ("birth", "above_10", "years"),
    [("2004-01-15", True, 3653 / 365.25), ("2003", True, None), ("2004", None, None), ("2004-02", False, None)],
)
def test_an_age_is_as_exact_as_the_birth_date(run_on, birth, above_10, years):
    age = PatientNumber(field="age_at_index")
    assert answers(run_on, [age >= 10, age], birth_date=birth) == [above_10, years]


LIMIT = {"name": "bilirubin", "date": "2014-02-04", "number_low": 0.0, "number_high": 2.999999999, "upper_limit": 20.0}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (bilirubin.at(WEEKS) < 3, True),
        (bilirubin.at(WEEKS) <= 2, None),
        (bilirubin.at(WEEKS) >= 3, False),
        (bilirubin.at(WEEKS) <= bilirubin.at(WEEKS).upper_limit, True),
        (bilirubin.at(WEEKS).recorded(), True),
        (bilirubin.at(WEEKS) * 2 < 6, True),
        (bilirubin.at(WEEKS).day, 20.0),
        (bilirubin.at(WEEKS), None),
    ],
)
def test_a_value_below_3_is_below_3_and_no_number(run_on, question, answer):
    assert answers(run_on, [question], observations=[LIMIT]) == [answer]


BEYOND = {"name": "ck", "date": "2014-02-04", "number_low": 800.0, "upper_limit": 200.0}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (ck.at(WEEKS) / ck.at(WEEKS).upper_limit >= 4, True),
        (ck.at(WEEKS) / ck.at(WEEKS).upper_limit > 4, None),
        (ck.at(WEEKS) * 2 >= 1600, True),
        (ck.at(WEEKS) * 2 > 1600, None),
        (Constant(number=200.0) / ck.at(WEEKS) <= 0.25, True),
        (Constant(number=200.0) / ck.at(WEEKS) > 0, None),  # as near to 0 as one likes
        (Constant(number=200.0) / ck.at(WEEKS) >= 0, True),
        (ck.at(WEEKS) * ck.at(WEEKS) >= 640_000, True),
        ((ck.at(WEEKS) / 200).recorded(), True),
        ((Constant(number=200.0) / ck.at(WEEKS)).recorded(), True),
    ],
)
def test_a_value_above_a_limit_stays_above_it_through_product_and_quotient(run_on, question, answer):
    assert answers(run_on, [question], observations=[BEYOND]) == [answer]


def test_an_observation_known_to_the_month_counts_where_the_whole_month_lies_in_the_window(run_on):
    vague = [{"name": "ck", "date": "2014-02", "number": 90.0}]
    early = Window(label="early", target=20, first=0, last=30)
    other = Window(label="other", target=60, first=50, last=70)
    asked = [ck.at(WEEKS), ck.at(WEEKS).recorded(), ck.at(early), ck.at(early).recorded(), ck.at(other).recorded()]
    assert answers(run_on, asked, observations=vague) == [90.0, True, None, None, False]


def test_beside_an_exact_one_it_counts_only_where_it_cannot_be_nearer(run_on):
    vague = {"name": "ck", "date": "2014-02", "number": 90.0}
    on_target = {"name": "ck", "date": "2014-02-04", "number": 40.0}
    beside = {"name": "ck", "date": "2014-02-10", "number": 40.0}
    assert answers(run_on, [ck.at(WEEKS)], observations=[on_target, vague]) == [40.0]
    assert answers(run_on, [ck.at(WEEKS), ck.at(WEEKS) <= 90], observations=[beside, vague]) == [None, True]


@pytest.mark.parametrize("start", ["2014-01", "2013"])
def test_a_first_dose_that_is_not_known_to_the_day_gives_no_day_0(run_on, start):
    from myosotis.language.record import first_dose

    def asked(*courses):
        data = Dataset.of(
            patients=[{"patient_id": "a"}],
            treatments=[{"patient_id": "a", "drug": "a", **course} for course in courses],
        )
        return run_on({"taken": DRUG.taken_on(0)}, data, first_dose("a"))["taken"]["a"]

    assert asked({"start": "2014-01-15"}) is True
    assert asked({"start": start}) is None
    assert asked({"start": "2014-01-15"}, {"start": start}) is None  # which of the two was the first?
    assert asked({"start": "2014-01-15"}, {"start": "2014-03"}) is True
