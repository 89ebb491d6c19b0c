"""What must hold of every response, whatever the child: ranges, monotony, bounds, units, and levels within levels."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.units import convert
from myosotis.measures.calculate import calculate
from myosotis.measures.jdm import total_improvement as tis
from myosotis.measures.jdm.imacs_improvement import imacs_improvement_2004
from myosotis.measures.jdm.printo_response import (
    printo_20_2010,
    printo_50_2010,
    printo_70_2010,
    printo_90_2010,
    printo_response_2010,
)
from myosotis.measures.modules import observation_catalogue
from myosotis.measures.response import POINTS_2016

CATALOGUE = observation_catalogue()
ENZYMES = ("ck", "aldolase", "ldh", "ast", "alt")
HIGHER_IS_BETTER = ("cmas", "mmt8", "chq_phs")
few = settings(max_examples=25, deadline=None)  # each example evaluates whole trees several times

tenths = st.integers(0, 100).map(lambda number: number / 10)
eighths = st.integers(0, 24).map(lambda number: number / 8)
activity = st.integers(1, 20000).map(lambda number: number / 10)

MEASURES = {
    "physician_global": tenths, "parent_global": tenths, "extramuscular_global": tenths, "chaq": eighths,
    "cmas": st.integers(0, 52), "mmt8": st.integers(0, 80), "chq_phs": st.integers(-50, 600).map(lambda x: x / 10),
    "das_total": st.integers(0, 20),
}  # fmt: skip


@st.composite
def courses(draw, *, complete=True):
    """Draw a baseline and a visit; without `complete` any measure may be missing at either."""
    course = {"baseline": {}, "visit": {}}
    maybe = (lambda strategy: strategy) if complete else (lambda strategy: st.none() | strategy)
    for name, strategy in MEASURES.items():
        for given_ in course.values():
            given_[name] = draw(maybe(strategy))
    for name in draw(st.sets(st.sampled_from(ENZYMES), min_size=1 if complete else 0)):
        limit = draw(st.integers(10, 500))
        for given_ in course.values():
            given_[name] = draw(maybe(activity))
            given_[f"{name}_upper_limit"] = limit
    return course


def run(measure, course, **choices):
    return calculate(measure, course, choices, CATALOGUE)


def reachable():
    """List every sum that the points table can make."""
    rows = [
        POINTS_2016[slot].points
        for slot in ("physician_global", "parent_global", "muscle", "function", "enzyme", "extramuscular")
    ]
    return {sum(points) for points in itertools.product(*rows)}


REACHABLE = reachable()


@few
@given(courses())
def test_the_score_is_a_sum_that_the_table_can_make(course):
    found = run(tis.total_improvement_score_2016, course)
    assert found.value in REACHABLE
    assert sum(found.contributions.values()) == found.value
    printo = run(tis.total_improvement_score_2016_printo, course, chq_phs_range=80.0)
    assert 0 <= printo.value <= 100
    assert (printo.value / 2.5).is_integer()


def better(course, name, by):
    """Make one measure of the visit better by a share of the way to the best there is."""
    visit = dict(course["visit"])
    best = {"cmas": 52, "mmt8": 80, "chq_phs": 60.0}.get(name, 0.0)
    visit[name] = visit[name] + by * (best - visit[name])
    return {**course, "visit": visit}


@few
@given(courses(), st.sampled_from(sorted(MEASURES)), st.floats(0, 1))
def test_a_better_visit_never_lowers_a_response(course, name, by):
    improved = better(course, name, by)
    for measure, choices in (
        (tis.total_improvement_score_2016, {}),
        (tis.total_improvement_score_2016_printo, {"chq_phs_range": 80.0}),
        (tis.total_improvement_score_2016_lower, {}),
    ):
        assert run(measure, improved, **choices).value >= run(measure, course, **choices).value
    for measure, choices in (
        (printo_20_2010, {"strength_may_worsen": "no"}), (imacs_improvement_2004, {}),
    ):  # fmt: skip
        if run(measure, course, **choices).value is True:
            assert run(measure, improved, **choices).value is True


@few
@given(courses(), st.sampled_from(ENZYMES), st.floats(0, 1))
def test_a_lower_enzyme_at_the_visit_never_lowers_the_score(course, name, by):
    if name in course["visit"]:
        improved = {**course, "visit": {**course["visit"], name: course["visit"][name] * by}}
        before = run(tis.total_improvement_score_2016, course).value
        assert run(tis.total_improvement_score_2016, improved).value >= before


@few
@given(courses(complete=False))
def test_the_bounds_hold_the_score_and_its_category(course):
    lower = run(tis.total_improvement_score_2016_lower, course)
    upper = run(tis.total_improvement_score_2016_upper, course)
    score = run(tis.total_improvement_score_2016, course)
    assert lower.value <= upper.value
    if score.value is not None:
        assert lower.value == score.value == upper.value
        assert lower.category == score.category == upper.category


@few
@given(courses(complete=False), courses())
def test_what_fills_a_gap_stays_within_the_bounds(partial, full):
    """Whatever the missing measures turn out to be, the score lies between the bounds given before."""
    enzyme_keys = [key for key in full["baseline"] if key.startswith(ENZYMES)]
    if any(key.startswith(ENZYMES) for key in partial["baseline"]):
        enzyme_keys = []  # another enzyme at baseline may become the most abnormal and changes what is followed
    filled = {}
    for moment, given_ in partial.items():
        known = {key: value for key, value in given_.items() if value is not None}
        extra = {key: full[moment][key] for key in (*MEASURES, *enzyme_keys)}
        filled[moment] = {**extra, **known}
    # With both muscle tests complete the first counts; where only CMAS was complete, keep to it.
    if any(partial[moment]["mmt8"] is None for moment in partial):
        for moment in filled:
            filled[moment]["mmt8"] = partial[moment]["mmt8"]
            if filled[moment]["mmt8"] is None:
                del filled[moment]["mmt8"]
    score = run(tis.total_improvement_score_2016, filled).value
    if score is not None:
        assert run(tis.total_improvement_score_2016_lower, partial).value <= score
        assert score <= run(tis.total_improvement_score_2016_upper, partial).value


@few
@given(courses())
def test_no_child_passes_what_it_could_attain(course):
    attainable = run(tis.total_improvement_score_2016_attainable, course, lowest_enzyme="zero").value
    assert run(tis.total_improvement_score_2016, course).value <= attainable
    to_limit = run(tis.total_improvement_score_2016_attainable, course, lowest_enzyme="upper limit").value
    assert to_limit <= attainable


@few
@given(courses(), st.sampled_from(ENZYMES))
def test_the_unit_of_an_enzyme_changes_nothing(course, name):
    """The same activity reported in µkat/L and converted gives the same score, as does the same factor on all."""
    if name not in course["baseline"]:
        return
    converted = {
        moment: {
            key: convert(value / 60, found="µkat/L", wanted="U/L") if key.startswith(name) else value
            for key, value in given_.items()
        }
        for moment, given_ in course.items()
    }
    scaled = {
        moment: {key: value / 64 if key.startswith(name) else value for key, value in given_.items()}
        for moment, given_ in course.items()
    }
    score = run(tis.total_improvement_score_2016, course).contributions["enzyme"]
    assert run(tis.total_improvement_score_2016, scaled).contributions["enzyme"] == score
    ratios = [
        course["baseline"][key] / course["baseline"][f"{key}_upper_limit"]
        for key in ENZYMES
        if key in course["baseline"]
    ]
    if len(set(ratios)) == len(ratios):  # a tie of two enzymes may be broken by the last binary digit
        assert run(tis.total_improvement_score_2016, converted).contributions["enzyme"] == score


@few
@given(courses(complete=False), st.sampled_from(["no", "yes"]))
def test_printo_levels_lie_within_each_other(course, may):
    levels = [printo_20_2010, printo_50_2010, printo_70_2010, printo_90_2010]
    verdicts = [run(level, course, strength_may_worsen=may).value for level in levels]
    for lower, higher in itertools.pairwise(verdicts):
        assert not (higher is True and lower is not True)
        assert not (lower is False and higher is not False)
    best = run(printo_response_2010, course, strength_may_worsen=may).value
    if None not in verdicts:
        assert best == ["none", "PRINTO 20", "PRINTO 50", "PRINTO 70", "PRINTO 90"][sum(verdicts)]


@few
@given(courses(complete=False))
def test_letting_strength_worsen_never_takes_a_response_away(course):
    strict = run(printo_20_2010, course, strength_may_worsen="no").value
    lenient = run(printo_20_2010, course, strength_may_worsen="yes").value
    assert not (strict is True and lenient is not True)
    assert not (lenient is False and strict is not False)


@few
@given(courses())
def test_a_course_turned_round_does_not_also_improve(course):
    """A child who gained points in a measure gains none in it when baseline and visit change places."""
    turned = {"baseline": course["visit"], "visit": course["baseline"]}
    there = run(tis.total_improvement_score_2016, course).contributions
    back = run(tis.total_improvement_score_2016, turned).contributions
    for key in ("physician_global", "parent_global", "muscle", "function", "extramuscular_global"):
        assert there[key] == 0 or back[key] == 0


def test_the_table_reaches_both_ends():
    assert min(REACHABLE) == 0
    assert max(REACHABLE) == 100
    assert all(value == pytest.approx(round(value / 2.5) * 2.5) for value in REACHABLE)
