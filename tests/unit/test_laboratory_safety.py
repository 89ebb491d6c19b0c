"""Laboratory grades of hand-made patients: the worst value counts, and what cannot be graded is never called normal."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.analysis import LaboratorySafety, LaboratoryTest
from myosotis.errors import ProtocolError
from myosotis.language import Window, baseline_window, recorded_days
from myosotis.language.values import DayOf
from myosotis.measures.measure import Measure
from myosotis.measures.observations import alt, ck, creatinine, neutrophils
from myosotis.measures.safety_grades import ctcae_5_alt, ctcae_5_ck, ctcae_5_creatinine, ctcae_5_neutrophils
from myosotis.model.dataset import Dataset

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

ALT = LaboratoryTest(series=alt, grade=ctcae_5_alt)
CK = LaboratoryTest(series=ck, grade=ctcae_5_ck)
CREATININE = LaboratoryTest(series=creatinine, grade=ctcae_5_creatinine)
NEUTROPHILS = LaboratoryTest(series=neutrophils, grade=ctcae_5_neutrophils)
FOLLOW_UP = Window(label="follow-up", target=84, first=1, last=196)


def analysis(*tests, **changes):
    given_ = {"key": "laboratory", "title": "Laboratory safety", "tests": tests or (ALT,),
              "baseline": baseline_window(days=28), "follow_up": FOLLOW_UP, **changes}  # fmt: skip
    return LaboratorySafety(**given_)


def value(name, day, number, upper=40.0, lower=None, patient="a"):
    return {
        "patient_id": patient, "name": name, "day": day, "number": number, "upper_limit": upper, "lower_limit": lower
    }  # fmt: skip


def computed(rows, *tests, patients="a"):
    data = Dataset.of(patients=[{"patient_id": one} for one in patients], observations=rows)
    chosen = analysis(*tests)
    return cohorts.section_of(chosen, cohorts.cohort_of(chosen, data, index=recorded_days()))


def shift(section, test="alt"):
    """Give the patients by baseline and worst grade."""
    rows = [row for row in section.rows if row.variable == "shift" and row.endpoint == test]
    return {(row.groups.removeprefix("baseline="), row.level): int(row.number) for row in rows}


def reaching(section, level, test="alt"):
    """Give the patients who reach a level, those for whom it can be told, and those for whom it cannot."""
    found = {
        row.statistic: row.number
        for row in section.rows
        if row.endpoint == test and row.level == level and not row.method
    }
    return found["count"], found["total"], found["n_not_evaluable"]


NORMAL, RAISED = "not above the upper limit", "above the upper limit"


@pytest.mark.parametrize(
    ("later", "worst"),
    [
        ([(30, 40)], "grade 0"),  # at the limit
        ([(30, 41)], "grade 1"),
        ([(30, 41), (60, 121), (90, 30)], "grade 2"),  # the worst, not the last; three times the limit is 120
        ([(1, 801)], "grade 4"),  # the first day of follow-up
        ([(196, 201)], "grade 3"),  # the last
        ([(197, 801)], "not measured"),  # the day after
        ([(30, 30), (30, 300)], "grade 3"),  # two values of one day
        ([], "not measured"),
    ],
)
def test_the_worst_value_after_baseline_counts(later, worst):
    section = computed([value("alt", 0, 30.0), *(value("alt", day, float(number)) for day, number in later)])
    assert shift(section) == {(NORMAL, worst): 1}


@pytest.mark.parametrize(("later", "worst"), [(85.0, "grade 0"), (86.0, "grade 1"), (172.0, "grade 2")])
def test_an_abnormal_baseline_is_what_later_values_are_graded_by(later, worst):
    """57 to 85 U/L is 1.491 times an abnormal baseline: grade 0 in version 5, though above every limit."""
    section = computed([value("alt", 0, 57.0), value("alt", 84, later)])
    assert shift(section) == {(RAISED, worst): 1}


def test_a_baseline_value_is_never_graded_as_harm():
    section = computed([value("alt", -28, 300.0), value("alt", 0, 30.0), value("alt", 10, 30.0)])
    assert shift(section) == {(NORMAL, "grade 0"): 1}


def test_a_value_without_its_limit_is_open_and_not_normal():
    section = computed([value("alt", 0, 30.0), value("alt", 30, 35.0), value("alt", 60, 500.0, upper=None)])
    assert shift(section) == {(NORMAL, "not evaluable"): 1}
    assert reaching(section, "any grade") == (0, 0, 1)


def test_a_known_grade_stands_beside_an_open_value_as_the_least_it_can_be():
    section = computed([value("alt", 0, 30.0), value("alt", 30, 41.0), value("alt", 60, 500.0, upper=None)])
    assert shift(section) == {(NORMAL, "grade 1"): 1}
    assert reaching(section, "any grade") == (1, 1, 0)
    assert reaching(section, "grade 3 or 4") == (0, 0, 1)  # 500 may have been


def test_the_baseline_alone_can_show_grade_3_without_any_limit():
    """More than three times the baseline is grade 3 at least, whatever the limit of normal was."""
    rows = [value("creatinine", 0, 30.0, upper=None), value("creatinine", 60, 100.0, upper=None)]
    section = computed(rows, CREATININE)
    assert reaching(section, "grade 3 or 4", "creatinine") == (1, 1, 0)
    rows = [value("creatinine", 0, 30.0, upper=None), value("creatinine", 60, 80.0, upper=None)]
    assert reaching(computed(rows, CREATININE), "any grade", "creatinine") == (1, 1, 0)
    assert reaching(computed(rows, CREATININE), "grade 3 or 4", "creatinine") == (0, 0, 1)


def test_without_a_baseline_a_grade_by_baseline_is_open():
    section = computed([value("alt", 30, 85.0)])
    assert shift(section) == {("not measured", "not evaluable"): 1}


@pytest.mark.parametrize(
    ("number", "any_grade", "severe"),
    [
        (1.6, (0, 0, 1), (0, 1, 0)),  # grade 0 or 1: the lower limit decides; not 3
        (1.2, (1, 1, 0), (0, 1, 0)),
        (0.9, (1, 1, 0), (1, 1, 0)),
    ],
)
def test_fixed_bounds_settle_what_they_can_without_a_limit(number, any_grade, severe):
    section = computed([value("neutrophils", 30, number, upper=None)], NEUTROPHILS)
    assert reaching(section, "any grade", "neutrophils") == any_grade
    assert reaching(section, "grade 3 or 4", "neutrophils") == severe


def test_a_lower_limit_makes_the_grade_known():
    section = computed([value("neutrophils", 30, 1.6, upper=None, lower=1.8)], NEUTROPHILS)
    assert shift(section, "neutrophils") == {("not measured", "grade 1"): 1}


@pytest.mark.parametrize(
    ("enzyme", "expected"),
    [(value("ck", 30, 900.0, 200.0), "raised"), (value("ck", 30, 90.0, 200.0), "not raised"), (None, "not evaluable")],
)
def test_a_raised_aminotransferase_is_told_with_creatine_kinase_of_that_day(enzyme, expected):
    rows = [value("alt", 0, 30.0), value("alt", 30, 90.0), value("ast", 30, 20.0), value("ck", 60, 900.0, 200.0)]
    section = computed([*rows, *([enzyme] if enzyme else [])])
    found = {row.level: row.number for row in section.rows if row.variable == "creatine kinase on that day"}
    assert {level: number for level, number in found.items() if number} == {expected: 1}
    assert "muscle enzyme" in section.limitations[0].template


def test_the_baseline_grade_of_a_test_by_fixed_multiples():
    section = computed([value("ck", 0, 600.0, 200.0), value("ck", 30, 300.0, 200.0)], CK)
    assert shift(section, "ck") == {("grade 2", "grade 1"): 1}


_ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.integers(-30, 200),
        st.integers(1, 1000),
        st.one_of(st.none(), st.just(40.0)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(rows=_ROWS)
def test_the_shift_table_holds_every_patient_once(rows):
    section = computed(
        [value("alt", day, float(number), upper, patient=patient) for patient, day, number, upper in rows],
        patients="abcd",
    )
    assert sum(shift(section).values()) == 4
    unmeasured = next(row.number for row in section.rows if row.statistic == "n_missing")
    for level in ("any grade", "grade 3 or 4"):
        count, settled, open_ = reaching(section, level)
        assert count <= settled
        assert settled + open_ + unmeasured == 4
    told = sum(
        number for (_, after), number in shift(section).items() if after.startswith("grade") and after != "grade 0"
    )
    assert told <= reaching(section, "any grade")[0]
    ids = [row.id for row in section.rows]
    assert len(ids) == len(set(ids))
    assert cohorts.untraced(section) == set()


def test_windows_that_overlap_and_repeated_tests_are_refused():
    with pytest.raises(ProtocolError, match="graded as harm"):
        analysis(follow_up=Window(label="all", target=0, first=0, last=10))
    with pytest.raises(ProtocolError, match="each once"):
        analysis(ALT, ALT)


def beyond(name, day, low, high, upper=40.0, **given):
    """A value that the laboratory gave as a limit (`>900`, `<3`), bounded by it."""
    return {**value(name, day, None, upper), "number_low": low, "number_high": high, **given}


@pytest.mark.parametrize(
    ("rows", "worst"),
    [
        ([beyond("alt", 30, 801.0, None)], "grade 4"),  # above twenty times the limit, by however much
        ([beyond("alt", 30, 210.0, None)], "not evaluable"),  # grade 3 or 4
        ([beyond("alt", 30, None, 39.0)], "grade 0"),
        ([value("alt", 20, 41.0), beyond("alt", 30, 210.0, None)], "not evaluable"),  # surely worse than the grade 1
        ([value("alt", 20, 801.0), beyond("alt", 30, 210.0, None)], "grade 4"),  # and never worse than the grade 4
        ([value("alt", 20, 30.0), beyond("alt", 30, None, 300.0)], "not evaluable"),  # grade 0 to 3
    ],
)
def test_a_value_given_as_a_limit_is_graded_by_its_bounds(rows, worst):
    assert shift(computed([value("alt", 0, 30.0), *rows])) == {(NORMAL, worst): 1}


def test_a_value_whose_day_is_known_to_the_month_counts_where_the_month_lies_in_follow_up():
    inside = {**value("alt", None, 801.0), "date": "2020-03"}
    across = {**value("alt", None, 801.0), "date": "2020-07"}  # follow-up ends on 15 July
    for row, worst in ((inside, "grade 4"), (across, "not evaluable")):
        data = Dataset.of(
            patients=[{"patient_id": "a"}],
            treatments=[{"patient_id": "a", "drug": "baricitinib", "start": "2020-01-01"}],
            observations=[{**value("alt", None, 30.0), "date": "2020-01-01"}, row],
        )
        chosen = analysis(ALT)
        assert shift(cohorts.section_of(chosen, cohorts.cohort_of(chosen, data))) == {(NORMAL, worst): 1}


@pytest.mark.parametrize(("number", "worst"), [(801.0, "not evaluable"), (30.0, "grade 0")])
def test_a_value_that_may_be_of_before_baseline_is_graded_by_what_it_can_be_after(number, worst):
    data = Dataset.of(
        patients=[{"patient_id": "a"}],
        treatments=[{"patient_id": "a", "drug": "baricitinib", "start": "2020-06-15"}],
        # The year begins before the baseline does, and before follow-up; no visit is earlier than its baseline.
        observations=[
            {**value("creatinine", None, 30.0, 200.0), "date": "2020-06-15"},
            {**value("creatinine", None, number, 200.0), "date": "2020"},
        ],
    )
    chosen = analysis(CREATININE)
    assert shift(cohorts.section_of(chosen, cohorts.cohort_of(chosen, data)), "creatinine") == {(NORMAL, worst): 1}


def test_a_grade_by_the_day_or_by_something_else_recorded_is_not_made_of_the_values_of_its_test_alone():
    assert all(test.of_its_own_values for test in (ALT, CK, CREATININE, NEUTROPHILS))
    by_day = Measure(definition=ctcae_5_ck.definition, moments=("visit",), rule=lambda visit: DayOf(of=ck.at(visit)))
    by_other = Measure(
        definition=ctcae_5_ck.definition, moments=("visit",), rule=lambda visit: ck.at(visit) + alt.at(visit)
    )
    for grade in (by_day, by_other):
        assert not LaboratoryTest(series=ck, grade=grade).of_its_own_values
