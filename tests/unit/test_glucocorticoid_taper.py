"""The glucocorticoid taper of hand-made patients: doses, both kinds of reduction, cumulative dose and times."""

from __future__ import annotations

import importlib.util
import math
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.analysis import GlucocorticoidTaper
from myosotis.errors import ProtocolError
from myosotis.language import Visit, baseline_window, drugs, visit_day, week
from myosotis.language.criteria import PatientIs
from myosotis.language.evaluate import evaluate
from myosotis.language.record import first_dose, records
from myosotis.measures.derived.taper_time import dose_steps, last_recorded_day, taper_time
from myosotis.measures.glucocorticoids import glucocorticoid_dose_on
from myosotis.measures.observations import physician_global
from myosotis.model.dataset import Dataset
from myosotis.study import Population

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

START = date(2020, 1, 1)
WEEK_0, WEEK_12, WEEK_24 = baseline_window(days=28), week(12, give_or_take=28), week(24, give_or_take=28)
VISITS = (WEEK_0, WEEK_12, WEEK_24)


seen_on = visit_day(Visit(), physician_global)


def day(number):
    return START + timedelta(days=number)


def course(first, last=None, dose=20.0, patient="a", drug="prednisone", drug_class="glucocorticoid", times=1.0):
    return {
        "patient_id": patient, "drug": drug, "drug_class": drug_class, "dose": dose, "dose_unit": "mg",
        "times_per_day": times, "start": day(first), "stop": None if last is None else day(last),
    }  # fmt: skip


def index_dose(patient="a"):
    return {"patient_id": patient, "drug": "baricitinib", "drug_class": "JAK inhibitor", "start": day(0)}


def seen(number, name="physician_global", result=1.0, patient="a"):
    return {"patient_id": patient, "name": name, "date": day(number), "number": result}


def analysis(**changes):
    given_ = {
        "key": "taper", "title": "Taper", "visits": VISITS, "visit_day": seen_on, "weight_within": 28, "last_day": 168,
        "quartiles": 6, **changes,
    }  # fmt: skip
    return GlucocorticoidTaper(**given_)


def dataset(courses, patients, kilograms, visits):
    rows = [seen(number, patient=p) for p in patients for number in visits]
    rows += [seen(number, "weight", kilograms, p) for p in patients for number in visits if kilograms]
    return Dataset.of(
        patients=[{"patient_id": p, "sex": "female"} for p in patients],
        treatments=[*(index_dose(p) for p in patients), *courses],
        observations=rows,
    )


def computed(courses, *, patients="a", kilograms=20.0, visits=(0, 84, 168), populations=None, **changes):
    chosen = analysis(**changes)
    data = dataset(courses, patients, kilograms, visits)
    cohort = cohorts.cohort_of(chosen, data, populations=populations)
    on_engine = evaluate(chosen.nodes(), data, cohorts.INDEX)
    for name in chosen.nodes():
        assert on_engine.of(name) == pytest.approx(dict(cohort.results[name])), name
    return cohorts.section_of(chosen, cohort)


def one(section, **keys):
    """Give the one number with these keys."""
    rows = [row for row in section.rows if all(getattr(row, name) == value for name, value in keys.items())]
    assert len(rows) == 1, [(r.endpoint, r.variable, r.visit, r.statistic, r.population) for r in rows]
    return rows[0].number


def dose(section, visit, unit="mg/day", statistic="median"):
    return one(section, endpoint=unit, variable="dose", visit=visit, statistic=statistic)


# --- dose at a visit ---


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        ([course(-9)], 20),  # ongoing at the end
        ([course(-9, 84)], 20),  # stopped on the day of the visit: still counts
        ([course(-9, 83)], 0),
        ([course(84)], 20),  # started on the day of the visit
        ([course(85)], 0),
        ([course(-9, dose=15.0), course(-9, dose=5.0)], 20),  # overlapping courses add up
        ([course(-9, 40), course(41, dose=5.0)], 5),  # changed between visits
        ([course(-9, drug="methylprednisolone", dose=8.0, times=2.0)], 20),
        ([course(-9), course(80, 90, dose=600.0, drug="methylprednisolone", drug_class="glucocorticoid pulse")], 20),
        ([course(-9), course(84, 84, dose=600.0, drug="methylprednisolone pulse")], 20),  # a pulse by its name
        ([course(-9, dose=None)], None),
        ([course(-9, drug="deflazacort")], None),  # no known equivalent
        ([], 0),  # no glucocorticoid at all
    ],
)
def test_dose_on_the_day_of_a_visit(courses, expected):
    section = computed(courses)
    assert dose(section, "week 12") == expected
    assert dose(section, "week 12", "mg/kg/day") == (None if expected is None else expected / 20)


def test_without_a_weight_there_is_a_dose_a_day_and_none_per_kg():
    section = computed([course(-9)], kilograms=None)
    assert (dose(section, "week 12"), dose(section, "week 12", "mg/kg/day")) == (20, None)


def test_without_the_visit_there_is_no_dose():
    section = computed([course(-9)], visits=(0, 168))
    assert dose(section, "week 12", statistic="n") == 0
    assert one(section, endpoint="off glucocorticoids", visit="week 12", statistic="total") == 0


# --- the two reductions ---


def test_median_of_own_reductions_is_not_the_reduction_of_the_medians():
    """Doses 10, 20, 60 become 10, 5, 30: own reductions 0, 75, 50 (median 50); medians 20 and 10, also 50.

    With the first patient on 10 and then 2 the own reductions are 80, 75, 50 (median 75) and the medians 20 and 5.
    """
    before, after = {"a": 10.0, "b": 20.0, "c": 60.0}, {"a": 2.0, "b": 5.0, "c": 30.0}
    courses = [course(-9, 50, dose=before[p], patient=p) for p in before]
    courses += [course(51, dose=after[p], patient=p) for p in after]
    section = computed(courses, patients="abc")
    keys = {"endpoint": "mg/day", "visit": "week 24"}
    assert one(section, **keys, variable="own reduction", statistic="median") == 75
    assert one(section, **keys, variable="own reduction", statistic="n") == 3
    assert one(section, **keys, variable="change of medians", statistic="estimate") == 75
    courses[0], courses[3] = course(-9, 50, dose=10.0), course(51, dose=10.0)
    section = computed(courses, patients="abc")
    assert one(section, **keys, variable="own reduction", statistic="median") == 50
    assert one(section, **keys, variable="change of medians", statistic="estimate") == 50
    assert one(section, **keys, variable="own reduction", statistic="minimum") == 0


def test_the_two_reductions_can_differ_widely():
    """Doses 10, 20, 30 become 9, 18, 3: own 10, 10, 90 (median 10), medians 20 and 9 (55 percent)."""
    pairs = {"a": (10.0, 9.0), "b": (20.0, 18.0), "c": (30.0, 3.0)}
    courses = [course(-9, 50, dose=pairs[p][0], patient=p) for p in pairs]
    courses += [course(51, dose=pairs[p][1], patient=p) for p in pairs]
    section = computed(courses, patients="abc")
    keys = {"endpoint": "mg/day", "visit": "week 24"}
    assert one(section, **keys, variable="own reduction", statistic="median") == 10
    assert one(section, **keys, variable="change of medians", statistic="estimate") == 55


def test_a_first_dose_of_0_has_no_reduction_and_is_counted_as_missing():
    section = computed([course(30)])
    keys = {"endpoint": "mg/day", "visit": "week 12"}
    assert one(section, **keys, variable="own reduction", statistic="n_missing") == 1
    assert one(section, **keys, variable="own reduction", statistic="median") is None
    assert one(section, **keys, variable="change of medians", statistic="estimate") is None


def test_a_higher_dose_is_a_negative_reduction():
    section = computed([course(-9, 50, dose=10.0), course(51, dose=15.0)])
    assert one(section, endpoint="mg/day", visit="week 12", variable="own reduction", statistic="median") == -50


# --- off glucocorticoids, cumulative dose, pulses ---


def test_off_glucocorticoids_counts_a_dose_of_0_among_known_doses():
    courses = [course(-9, 83), course(-9, patient="b"), course(-9, dose=None, patient="c")]
    section = computed(courses, patients="abc")
    keys = {"endpoint": "off glucocorticoids", "visit": "week 12"}
    assert [one(section, **keys, statistic=name) for name in ("count", "total")] == [1, 2]
    assert one(section, **keys, statistic="conf_low") == pytest.approx(0.0125791, abs=1e-7)  # 1 of 2: 1 - sqrt(0.975)


def test_cumulative_dose_runs_from_day_1_to_the_last_day_both_included():
    section = computed([course(-9, 10, dose=10.0), course(11, 500, dose=1.0)])
    total = 10 * 10 + 158 * 1
    assert one(section, endpoint="cumulative dose", statistic="median") == total
    assert one(section, endpoint="cumulative dose per kg", statistic="median") == pytest.approx(total / 20, rel=1e-12)


def test_a_pulse_whose_days_are_not_exactly_known_is_one_all_the_same():
    pulse = course(20, 22, dose=500.0, drug="methylprednisolone", drug_class="glucocorticoid pulse")
    section = computed([{**pulse, "stop": "2020-01"}])
    assert one(section, endpoint="pulses", statistic="median") is None  # 12 January plus, how many is not known
    assert one(section, endpoint="patients with a pulse", statistic="count") == 1


def test_pulses_are_summed_apart():
    pulse = course(20, 22, dose=500.0, drug="methylprednisolone", drug_class="glucocorticoid pulse")
    section = computed([course(-9, dose=10.0), pulse])
    assert one(section, endpoint="cumulative dose", statistic="median") == 1680
    assert one(section, endpoint="pulses", statistic="median") == 3 * 500 * 1.25
    assert one(section, endpoint="patients with a pulse", statistic="count") == 1


# --- times ---


def timed(courses, bound=10.0, last=168, visits=(0, 84, 168)):
    record = next(records(dataset(courses, "a", 20.0, visits), cohorts.INDEX))
    found = taper_time(record, bound, last)
    return found.day, found.reached, found.why, found.rose_again


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        ([course(-9)], (168, False, "end of follow-up", False)),
        ([course(-9, 49), course(50, dose=10.0)], (50, True, "reached", False)),  # exactly half
        ([course(-9, 49), course(50, dose=10.1)], (168, False, "end of follow-up", False)),
        ([course(-9, 49)], (50, True, "reached", False)),  # stopped: the day after the last
        ([course(-9, 0), course(1, dose=5.0)], (1, True, "reached", False)),
        ([course(-9, 167)], (168, True, "reached", False)),
        ([course(-9, 168)], (168, False, "end of follow-up", False)),
        ([course(-9, 49), course(50, 59, dose=5.0), course(60)], (50, True, "reached", True)),
        ([course(-9, 49), course(50, dose=None)], (49, False, "dose unknown", False)),
        ([course(-9, 49), course(50, 60, dose=5.0), course(61, dose=None)], (50, True, "reached", False)),
        ([course(-9, 60, dose=15.0), course(-9, 40, dose=5.0)], (61, True, "reached", False)),  # overlapping
    ],
)
def test_first_day_at_half_the_dose(courses, expected):
    assert timed(courses) == expected


def test_observation_ends_with_the_last_record():
    assert timed([course(-9)], visits=(0, 100)) == (100, False, "last record", False)
    assert timed([course(-9, 120)], visits=(0, 100)) == (120, False, "last record", False)  # the stop is a record


def test_a_dose_that_is_not_exactly_known_ends_the_observation_where_it_begins_to_matter():
    """From 1 February on nobody knows whether the first course was still taken: 20 mg, or half of it by the second."""
    vague = {**course(-20, dose=10.0), "stop_earliest": day(31), "stop_latest": day(59)}
    found = timed([vague, course(-20, dose=10.0)])
    assert found == (31, False, "dose unknown", False)
    # One that was over for certain before half the dose was reached does not matter.
    over = {**course(-30, dose=40.0), "stop_earliest": day(-20), "stop_latest": day(-1)}
    assert timed([over, course(0, 20), course(21, dose=10.0)]) == (21, True, "reached", False)


def test_observation_ends_with_death_and_with_the_last_contact():
    data = dataset([course(0)], "a", None, (0,))
    for end in ("death", "last_contact"):
        patients = [{"patient_id": "a", end: day(50)}]
        made = Dataset.of(
            patients=patients, treatments=data.treatments.to_pylist(), observations=data.observations.to_pylist()
        )
        record = next(records(made, first_dose("baricitinib")))
        found = taper_time(record, 10.0, 168)
        assert (found.day, found.reached, found.why) == (50, False, "last record"), end


def test_nothing_after_day_0_observes_nothing():
    assert timed([course(-9)], visits=(0,)) == (0, False, "last record", False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-20, 180), st.integers(0, 90), st.sampled_from([2.5, 5.0, 10.0])), max_size=5))
def test_steps_hold_the_dose_of_every_day(spans):
    """Independent slow way: the dose of each day on its own."""
    from myosotis.language.evaluate_patient import evaluate_patient
    from myosotis.language.values import Constant

    courses = [course(first, first + length, dose=mg) for first, length, mg in spans]
    record = next(records(dataset(courses, "a", 20.0, (0,)), cohorts.INDEX))
    found = dose_steps(record, 0, 168)
    assert all(earlier[1] != later[1] for earlier, later in pairwise(found))
    for number in range(0, 169, 3):
        held = [held for first, held in found if first <= number][-1]
        assert held == evaluate_patient(glucocorticoid_dose_on(Constant(number=float(number))), record).result


def test_times_are_of_those_who_took_glucocorticoids_and_the_curve_is_theirs():
    """Half reached on day 50 and 100, not by day 168, none at the start: the median of three is day 100."""
    courses = [
        course(-9, 49), course(50, dose=5.0),
        course(-9, 99, patient="b"), course(100, dose=10.0, patient="b"),
        course(-9, patient="c"),
        course(20, patient="d"),
    ]  # fmt: skip
    section = computed(courses, patients="abcd")
    keys = {"endpoint": "time to half dose"}
    assert one(section, **keys, statistic="n") == 3
    assert one(section, **keys, statistic="n_missing") == 1
    assert one(section, **keys, statistic="events") == 2
    assert one(section, **keys, variable="median", statistic="estimate") == 100
    assert one(section, **keys, variable="reached", visit="week 12", statistic="proportion") == pytest.approx(1 / 3)
    assert one(section, **keys, variable="reached", visit="week 24", statistic="proportion") == pytest.approx(2 / 3)
    assert one(section, endpoint="time to no dose", statistic="events") == 0
    never = {"endpoint": "time to no dose", "variable": "reached", "visit": "week 24"}
    assert one(section, **never, statistic="proportion") == 0
    assert one(section, **never, statistic="conf_high") is None  # an interval from 0 to 0 would claim certainty
    assert one(section, endpoint="time to no dose", variable="median", statistic="estimate") is None


def test_limits_of_the_share_reached_are_those_of_the_curve_turned_round():
    """Written out: one of two reached by day 84, the log-log limits of the probability 1/2 of not having reached it."""
    section = computed([course(-9, 49), course(-9, patient="b")], patients="ab")
    keys = {"endpoint": "time to half dose", "variable": "reached", "visit": "week 12"}
    reach = 1.959963984540054 * math.sqrt(1 / (2 * 1)) / math.log(2)  # Greenwood: d / (n (n - d))
    free = [math.exp(-math.log(2) * math.exp(sign * reach)) for sign in (1, -1)]
    assert one(section, **keys, statistic="proportion") == 0.5
    assert one(section, **keys, statistic="conf_low") == pytest.approx(1 - free[1], rel=1e-10)
    assert one(section, **keys, statistic="conf_high") == pytest.approx(1 - free[0], rel=1e-10)


def test_a_share_beyond_what_was_observed_or_of_everybody_says_so():
    short = computed([course(-9)], visits=(0, 84, 140), last_day=168)
    rows = {
        (r.visit, r.statistic): r for r in short.rows if (r.endpoint, r.variable) == ("time to half dose", "reached")
    }
    assert rows["week 24", "proportion"].number is None
    assert "observed" in rows["week 24", "proportion"].note
    all_ = computed([course(-9, 10)])
    rows = {
        (r.visit, r.statistic): r for r in all_.rows if (r.endpoint, r.variable) == ("time to half dose", "reached")
    }
    assert rows["week 12", "proportion"].number == 1
    assert rows["week 12", "conf_low"].number is None


def test_nobody_on_glucocorticoids_has_no_time():
    section = computed([])
    assert one(section, endpoint="time to half dose", statistic="n") == 0
    assert one(section, endpoint="time to half dose", variable="median", statistic="estimate") is None


def test_the_last_recorded_day_looks_at_every_table():
    data = Dataset.of(
        patients=[{"patient_id": "a"}],
        treatments=[index_dose(), course(-9, 30)],
        observations=[seen(20)],
        conditions=[{"patient_id": "a", "name": "ILD", "date": day(40)}],
        events=[{"patient_id": "a", "term": "fever", "start": day(50), "stop": day(52)}],
    )
    assert last_recorded_day(next(records(data, cohorts.INDEX))) == 52


# --- populations apart ---


def test_a_group_defined_by_taper_is_warned_of_and_another_is_not():
    prednisone = drugs("glucocorticoid", classes=("glucocorticoid",))
    tapered = Population(key="tapered", label="Tapered", criterion=prednisone.dose_at(168) <= 10)
    girls = Population(key="girls", label="Girls", criterion=PatientIs(field="sex", texts=("female",)))
    section = computed([course(-9)], populations={"tapered": [], "girls": ["a"]}, subgroups=(tapered, girls))
    assert [limit.template.split(":")[0] for limit in section.limitations] == ["Tapered"]
    assert one(section, population="girls", endpoint="mg/day", variable="dose", visit="week 0", statistic="n") == 1
    assert one(section, population="tapered", endpoint="mg/day", variable="dose", visit="week 0", statistic="n") == 0


def test_a_response_that_needs_taper_is_warned_of():
    from myosotis.measures.jdm.response_wang import RECOMMENDED, response_wang_2022

    response = response_wang_2022.between(WEEK_0, WEEK_24, **{**RECOMMENDED, "physician_global_at_most": 0.2})
    responders = Population(key="r", label="Responders", criterion=response.is_in("partial response"))
    section = computed([course(-9)], populations={"r": []}, subgroups=(responders,))
    assert len(section.limitations) == 1


def test_contradictions_of_the_declaration_are_refused():
    with pytest.raises(ProtocolError, match="two visits"):
        analysis(visits=(WEEK_0,))
    with pytest.raises(ProtocolError, match="day 0"):
        analysis(last_day=0)
