"""Total improvement for one child: the worked examples, what each measure earns, what is missing, and what is refused."""

from __future__ import annotations

import itertools

import pytest

from myosotis.errors import MissingChoiceError, UsageError
from myosotis.language.values import Constant
from myosotis.measures.calculate import calculate
from myosotis.measures.jdm import total_improvement as tis
from myosotis.measures.jdm.total_improvement_examples import CASES, E5
from myosotis.measures.modules import observation_catalogue
from myosotis.measures.response import (
    ADULT_THRESHOLDS,
    JDM_THRESHOLDS,
    POINTS_2016,
    improvement_category,
)

CATALOGUE = observation_catalogue()


def tis_of(course, measure=tis.total_improvement_score_2016, **choices):
    return calculate(measure, course, choices, CATALOGUE)


@pytest.mark.parametrize("name", CASES)
def test_a_worked_example_needs_no_choice(name):
    course, score, child, adult = CASES[name]
    found = tis_of(course)
    assert (found.value, found.category) == (score, child)
    assert sum(found.contributions.values()) == score
    assert tis_of(course, tis.total_improvement_score_2016_adult).category == adult


def test_what_each_measure_earned_is_shown():
    assert dict(tis_of(CASES["E1"][0]).contributions) == {
        "physician_global": 20.0, "parent_global": 7.5, "muscle": 27.5, "function": 7.5, "enzyme": 7.5,
        "extramuscular_global": 15.0,
    }  # fmt: skip


@pytest.mark.parametrize(("before", "now", "points"), [(41, 46, 10.0), (41, 50, 20.0)])
def test_medians_of_a_published_cohort_in_the_muscle_slot_alone(before, now, points):
    found = tis_of({"baseline": {"cmas": before}, "visit": {"cmas": now}})
    assert found.value is None
    assert found.contributions["muscle"] == points
    assert found.contributions["physician_global"] is None
    assert "baseline.physician_global" in found.missing
    assert "visit.extramuscular_global" in found.missing


def test_mmt8_of_the_same_cohort():
    found = tis_of({"baseline": {"mmt8": 73}, "visit": {"mmt8": 79}})
    assert found.contributions["muscle"] == 10.0


def test_the_upper_limit_may_be_given_once():
    course = {moment: dict(given) for moment, given in CASES["E1"][0].items()}
    del course["visit"]["ck_upper_limit"]
    assert tis_of(course).value == 85.0
    course["visit"]["ck_upper_limit"] = course["baseline"].pop("ck_upper_limit")
    assert tis_of(course).value == 85.0


def test_the_range_of_chq_phs_must_be_stated():
    with pytest.raises(MissingChoiceError, match="chq_phs_range"):
        tis_of(E5, tis.total_improvement_score_2016_printo)
    by_100 = tis_of(E5, tis.total_improvement_score_2016_printo, chq_phs_range=100.0)
    by_50 = tis_of(E5, tis.total_improvement_score_2016_printo, chq_phs_range=50.0)
    assert (by_100.value, by_100.category) == (75.0, "major")
    assert (by_100.contributions["chq_phs"], by_50.contributions["chq_phs"]) == (5.0, 7.5)  # 20% and 40%


def test_a_number_outside_its_range_is_refused():
    course = {"baseline": {"physician_global": 11}, "visit": {}}
    with pytest.raises(UsageError, match="physician"):
        tis_of(course)


@pytest.mark.parametrize(
    ("thresholds", "edges"),
    [(JDM_THRESHOLDS, {30.0: "minimal", 45.0: "moderate", 70.0: "major"}),
     (ADULT_THRESHOLDS, {20.0: "minimal", 40.0: "moderate", 60.0: "major"})],
)  # fmt: skip
def test_a_threshold_belongs_to_the_better_category(thresholds, edges):
    from myosotis.language.evaluate_patient import evaluate_patient
    from myosotis.language.record import PatientRecord

    nobody = PatientRecord(
        patient_id="", index_date=None, patient={}, observations=(), treatments=(), conditions=(), events=()
    )
    previous = "none"
    for edge, level in sorted(edges.items()):
        for number, expected in ((edge - 2.5, previous), (edge, level), (edge + 2.5, level)):
            sorted_ = improvement_category(
                key="x", version="1", label="x", score=Constant(number=number), thresholds=thresholds
            )
            assert evaluate_patient(sorted_, nobody).result == expected
        previous = level


def test_the_six_slots_add_up_to_100():
    imacs = ("physician_global", "parent_global", "muscle", "function", "enzyme", "extramuscular")
    printo = ("physician_global", "parent_global", "muscle", "function", "chq_phs", "das")
    assert sum(POINTS_2016[slot].maximum for slot in imacs) == 100
    assert sum(POINTS_2016[slot].maximum for slot in printo) == 100


def test_points_never_fall_with_the_percent():
    for row in POINTS_2016.values():
        assert all(a <= b for a, b in itertools.pairwise(row.points))


def test_the_enzyme_ranges_admit_that_they_are_unverified():
    assert "unverified in the original" in tis.total_improvement_score_2016.definition.note


def test_the_rule_reads_as_a_sentence():
    text = tis.total_improvement_score_2016.sentence
    assert text.startswith("the sum of points for physician global activity, points for parent or patient global")


def test_both_bounds_together_may_settle_the_category():
    course = {moment: {k: v for k, v in given.items() if k != "chaq"} for moment, given in CASES["E1"][0].items()}
    lower = tis_of(course, tis.total_improvement_score_2016_lower)
    upper = tis_of(course, tis.total_improvement_score_2016_upper)
    assert tis_of(course).value is None
    assert (lower.value, lower.category) == (77.5, "major")
    assert (upper.value, upper.category) == (87.5, "major")


def test_a_child_without_muscle_disease_cannot_reach_a_major_response():
    baseline = {
        "physician_global": 10, "parent_global": 10, "cmas": 52, "chaq": 0, "ck": 90, "ck_upper_limit": 170,
        "extramuscular_global": 10,
    }  # fmt: skip
    course = {"baseline": baseline, "visit": {}}
    found = tis_of(course, tis.total_improvement_score_2016_attainable, lowest_enzyme="upper limit")
    assert (found.value, found.category) == (50.0, "moderate")
