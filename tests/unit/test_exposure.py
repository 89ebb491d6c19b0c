"""Exposure and concomitant drugs of hand-made patients whose days, doses and pauses are known."""

from __future__ import annotations

import importlib.util
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.analysis import ConcomitantDrugs, Exposure
from myosotis.analysis.courses import NO_REASON, drug_course
from myosotis.errors import ProtocolError
from myosotis.language import Visit, baseline_window, drugs, visit_day, week
from myosotis.language.evaluate import evaluate
from myosotis.language.record import records
from myosotis.measures.observations import physician_global, weight
from myosotis.model.dataset import Dataset
from myosotis.study import Population

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

START = date(2020, 1, 1)
BARICITINIB = drugs("baricitinib", names=("baricitinib",))
IMMUNOSUPPRESSANT = drugs("immunosuppressant", classes=("conventional immunosuppressant", "biologic"))
WEEK_0, WEEK_4, WEEK_12 = baseline_window(days=28), week(4, give_or_take=14), week(12, give_or_take=28)


seen_on = visit_day(Visit(), physician_global)


def day(number):
    return START + timedelta(days=number)


def course(first, last=None, patient="a", dose=2.0, times=1.0, **more):
    return {
        "patient_id": patient, "drug": "baricitinib", "drug_class": "JAK inhibitor", "dose": dose, "dose_unit": "mg",
        "times_per_day": times, "start": None if first is None else day(first),
        "stop": None if last is None else day(last), **more,
    }  # fmt: skip


def seen(number, name="physician_global", result=1.0, patient="a"):
    return {"patient_id": patient, "name": name, "date": day(number), "number": result}


def analysis(**changes):
    given_ = {
        "key": "exposure", "title": "Exposure", "treatment": BARICITINIB, "last_day": 167, "weight": weight,
        "weight_within": 28, "quartiles": 6, **changes,
    }  # fmt: skip
    return Exposure(**given_)


def dataset(treatments, observations=(), patients=None):
    names = patients or sorted({row["patient_id"] for row in treatments} | {"a"})
    return Dataset.of(patients=[{"patient_id": one} for one in names], treatments=treatments, observations=observations)


def computed(treatments, observations=(), *, patients=None, populations=None, **changes):
    chosen = analysis(**changes)
    data = dataset(treatments, observations, patients)
    cohort = cohorts.cohort_of(chosen, data, populations=populations)
    on_engine = evaluate(chosen.nodes(), data, cohorts.INDEX)
    for name in chosen.nodes():
        assert on_engine.of(name) == pytest.approx(dict(cohort.results[name]), nan_ok=False), name
    return cohorts.section_of(chosen, cohort)


def one(section, **keys):
    """Give the one number with these keys."""
    rows = [row for row in section.rows if all(getattr(row, name) == value for name, value in keys.items())]
    assert len(rows) == 1, [(row.variable, row.level, row.statistic, row.method) for row in rows]
    return rows[0].number


def days(*courses):
    return one(computed(list(courses)), variable="time on drug", level="days", statistic="median")


def pauses(section):
    return [row[1:] for row in section.listings_shown[0].rows]


# --- patient-time ---


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        ([course(0)], 168),  # ongoing at the end, and a missing stop date is the same
        ([course(0, 83)], 84),  # start and stop day both count: twelve weeks
        ([course(0, 0)], 1),
        ([course(0, 300)], 168),
        ([course(0, 50), course(63)], 156),  # an interruption of twelve days
        ([course(0, 50), course(51)], 168),  # a change of dose from one day to the next
        ([course(0, 50), course(50, 60)], 61),  # a day in two courses counts once
        ([course(0, 100), course(20, 60)], 101),
        ([course(0, 83), course(168)], 84),  # resumed only after the end
        ([course(0, 10), course(None, 90)], None),  # the undated course may be the first, so that day 0 is not known
        ([course(0, 10), {**course(20), "stop_known": False}], 12),  # stopped nobody knows when: a day at the least
    ],
)
def test_days_on_the_drug(courses, expected):
    assert days(*courses) == expected


def test_days_before_day_0_do_not_count():
    """Day 0 is the first dose of any course; with another index date a course may have begun before."""
    from myosotis.language import recorded_days

    chosen = analysis()
    rows = [
        {"patient_id": "a", "drug": "baricitinib", "start_day": -30, "stop_day": 9, "dose": 2.0, "times_per_day": 1.0}
    ]
    data = Dataset.of(patients=[{"patient_id": "a"}], treatments=rows)
    section = cohorts.section_of(chosen, cohorts.cohort_of(chosen, data, index=recorded_days()))
    assert one(section, variable="time on drug", level="days", statistic="median") == 10
    assert [row[1:3] for row in section.listings_shown[0].rows] == [["stopped", "day 10 on"]]


def test_patient_time_adds_up_over_patients_in_weeks_and_years():
    section = computed([course(0), course(0, 83, patient="b"), course(0, 50, patient="c"), course(63, patient="c")])
    assert one(section, statistic="person_time", method="patient-weeks") == (168 + 84 + 156) / 7
    assert one(section, statistic="person_time", method="patient-years") == (168 + 84 + 156) / 365.25
    assert one(section, variable="time on drug", statistic="n", level="") == 3


def test_time_that_is_not_exactly_known_is_told_from_its_shortest_to_its_longest():
    vague = {**course(20), "stop_known": False}
    section = computed([course(0, 10), vague, course(0, 83, patient="b")])
    assert one(section, statistic="person_time", method="patient-weeks") == (12 + 84) / 7
    assert one(section, statistic="person_time_most", method="patient-weeks") == (11 + 148 + 84) / 7
    words = str(section.findings) + str(section.tables)
    assert words.count("'range'") == 4  # weeks and years, in the sentence and in the table
    exact = computed([course(0, 10), course(0, 83, patient="b")])
    assert not [row for row in exact.rows if row.statistic.endswith("_most")]
    assert "'range'" not in str(exact.findings) + str(exact.tables)


def test_a_patient_who_may_have_taken_the_drug_is_told_beside_those_who_did():
    from myosotis.language import recorded_days

    chosen = analysis()
    late = {"patient_id": "a", "drug": "baricitinib", "start_day": -30, "stop_known": False, "dose": 2.0}
    data = Dataset.of(patients=[{"patient_id": "a"}], treatments=[late])
    section = cohorts.section_of(chosen, cohorts.cohort_of(chosen, data, index=recorded_days()))
    assert one(section, variable="time on drug", statistic="n", level="") == 0
    assert one(section, variable="time on drug", statistic="count_most") == 1


def test_a_patient_without_the_drug_is_not_exposed():
    other = {"patient_id": "b", "drug": "prednisone", "start": day(0)}
    section = computed([course(0), other])
    assert one(section, variable="time on drug", statistic="n", level="") == 1
    assert one(section, variable="time on drug", level="days", statistic="minimum") == 168
    assert one(section, variable="stopped", statistic="total") == 1


def test_nobody_exposed_is_told_and_not_divided_by():
    section = computed([{"patient_id": "a", "drug": "prednisone", "start": day(0)}])
    assert one(section, method="patient-weeks") == 0
    assert one(section, variable="time on drug", level="days", statistic="median") is None
    assert one(section, variable="stopped", statistic="proportion") is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), min_size=1, max_size=5))
def test_days_are_the_days_that_a_calendar_shows(pairs):
    """Independent slow count: cross every day off a calendar."""
    rows = [course(first, first + length) for first, length in [(0, 0), *pairs]]
    crossed = {d for first, length in [(0, 0), *pairs] for d in range(first, first + length + 1) if d <= 167}
    record = next(records(dataset(rows), cohorts.INDEX))
    found = drug_course(record, BARICITINIB.drugs, 0, 167)
    assert sum(last - first + 1 for first, last in found.stretches) == len(crossed)
    gaps = sum(pause.last_day - pause.first_day + 1 for pause in found.interruptions)
    tail = 0 if found.stopped is None else 167 - found.stopped.first_day + 1
    assert len(crossed) + gaps + tail == 168


# --- pauses and their reasons ---


def test_an_interruption_and_a_stop_are_told_apart_with_the_reason_written_on_the_course_that_ended():
    section = computed([course(0, 50, stop_reason="herpes  zoster"), course(63, 99, stop_reason="cost")])
    assert pauses(section) == [["interrupted", "day 51 to 62", "herpes zoster"], ["stopped", "day 100 on", "cost"]]
    assert one(section, variable="interrupted", statistic="count") == 1
    assert one(section, variable="reason for stopping", level="cost") == 1
    assert one(section, variable="reason for interrupting", level="herpes zoster") == 1


def test_a_stop_without_a_reason_says_so():
    assert pauses(computed([course(0, 99)])) == [["stopped", "day 100 on", NO_REASON]]


def test_a_stop_on_the_last_day_of_follow_up_is_no_stop_and_one_on_the_day_before_is():
    assert pauses(computed([course(0, 167)])) == []
    assert pauses(computed([course(0, 166)])) == [["stopped", "day 167 on", NO_REASON]]


def test_two_interruptions_of_one_patient_are_one_patient_and_two_events():
    section = computed([course(0, 9), course(20, 29), course(40)])
    assert one(section, variable="interrupted", statistic="count") == 1
    assert one(section, variable="interrupted", statistic="events") == 2


# --- dose ---


def dose(courses, weights, **keys):
    section = computed(courses, [seen(n, "weight", kg) for n, kg in weights])
    return one(section, variable="daily dose per kg", visit="", statistic="median", **keys)


@pytest.mark.parametrize(
    ("courses", "weights", "expected"),
    [
        ([course(0, dose=2, times=2)], [(0, 20.0)], 0.2),
        ([course(0)], [(-3, 20.0), (2, 40.0)], 2 / 40),  # the nearer weight, though it is later
        ([course(0)], [(-3, 20.0), (3, 40.0)], 2 / 20),  # as near: the earlier day
        ([course(0)], [(0, 20.0), (0, 40.0)], 2 / 20),  # two on one day: the lower source row
        ([course(0)], [(-28, 20.0)], 2 / 20),
        ([course(0)], [(-29, 20.0)], None),
        ([course(0)], [], None),
        ([course(0, dose=None)], [(0, 20.0)], None),
        ([course(0, times=None)], [(0, 20.0)], None),
        ([course(0, 20, dose=1), course(0, dose=2)], [(0, 30.0)], 3 / 30),  # overlapping courses add up
        ([course(0, 0, dose=4), course(1, dose=2)], [(0, 20.0)], 4 / 20),  # stopped on the day: still counts
    ],
)
def test_dose_per_kg_at_the_start(courses, weights, expected):
    """Rows are numbered in the order they are written, so that the first weight of a day has the lower source row."""
    rows = [seen(n, "weight", kg) | {"source_row": i + 2} for i, (n, kg) in enumerate(weights)]
    section = computed(courses, rows)
    found = one(section, variable="daily dose per kg", visit="", statistic="median")
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-12))


def test_dose_at_a_visit_is_of_those_who_take_the_drug_on_its_day():
    """A child who has stopped has no low dose but none; a change between visits is seen at the later one."""
    rows = [seen(0, "weight", 20.0), seen(28), seen(84), seen(28, patient="b"), seen(28, "weight", 10.0, "b")]
    courses = [course(0, 50, dose=2), course(51, dose=4), course(0, 27, dose=1, patient="b")]
    section = computed(courses, rows, visits=(WEEK_4, WEEK_12), visit_day=seen_on, weight_within=100)
    keys = {"variable": "daily dose per kg"}
    assert one(section, **keys, visit="week 4", statistic="n") == 1
    assert one(section, **keys, visit="week 4", statistic="median") == 0.1
    assert one(section, **keys, visit="week 12", statistic="median") == 0.2


def test_stopping_on_the_visit_day_still_is_treatment_on_that_day():
    section = computed([course(0, 28)], [seen(28), seen(28, "weight", 20.0)], visits=(WEEK_4,), visit_day=seen_on)
    assert one(section, variable="daily dose per kg", visit="week 4", statistic="n") == 1


def test_share_below_the_label_counts_those_that_could_be_compared():
    rows = [seen(0, "weight", kg, patient) for patient, kg in (("a", 20.0), ("b", 40.0))]
    below = BARICITINIB.dose_at(0) / weight.at(WEEK_0) < 0.1
    courses = [course(0), course(0, patient="b"), course(0, patient="c")]
    section = computed(courses, rows, below_label=below)
    name = "below the label’s dose"
    found = [one(section, variable=name, statistic=s) for s in ("count", "total", "n_not_evaluable")]
    assert found == [1, 2, 1]


# --- what the reader is warned of ---


def test_overlaps_missing_starts_and_foreign_units_are_reported():
    vague = {**course(30), "stop_known": False}
    courses = [course(0, 20), course(20, 25), vague, course(0, 5, patient="b", dose_unit="tablets")]
    section = computed(courses)
    assert [one(section, variable=f"courses: {kind}") for kind in ("overlapping", "inexact", "other unit")] == [1, 1, 1]
    assert len(section.limitations) == 3


def test_a_clean_record_gives_no_warning():
    assert computed([course(0, 20), course(21)]).limitations == ()


def test_only_the_population_is_described():
    section = computed(
        [course(0), course(0, 9, patient="b")],
        populations={"b only": ["b"]},
        population=Population(key="b only", label="B"),
    )
    assert one(section, method="patient-weeks") == 10 / 7


def test_contradictions_of_the_declaration_are_refused():
    with pytest.raises(ProtocolError, match="day -1"):
        analysis(last_day=-1)
    with pytest.raises(ProtocolError, match="visit_day"):
        analysis(visits=(WEEK_4,))
    with pytest.raises(ProtocolError, match="no visit"):
        ConcomitantDrugs(key="c", title="", treatment=IMMUNOSUPPRESSANT, visits=(), visit_day=seen_on)


# --- concomitant drugs ---


def given_drug(drug, first, last=None, drug_class="conventional immunosuppressant", patient="a"):
    stop = None if last is None else day(last)
    return {"patient_id": patient, "drug": drug, "drug_class": drug_class, "start": day(first), "stop": stop}


def concomitant(rows, *, visits=(28, 84), patients="a"):
    chosen = ConcomitantDrugs(
        key="drugs", title="Drugs", treatment=IMMUNOSUPPRESSANT, visits=(WEEK_4, WEEK_12), visit_day=seen_on
    )
    treatments = [course(0, patient=one_) for one_ in patients] + rows
    data = dataset(treatments, [seen(n, patient=p) for p in patients for n in visits])
    cohort = cohorts.cohort_of(chosen, data)
    on_engine = evaluate(chosen.nodes(), data, cohorts.INDEX)
    assert all(on_engine.of(name) == dict(cohort.results[name]) for name in chosen.nodes())
    section = cohorts.section_of(chosen, cohort)
    return {
        (row.level or row.variable, row.visit): (row.number, other.number)
        for row in section.rows
        for other in section.rows
        if row.statistic == "count" and other.statistic == "total"
        and (row.variable, row.level, row.visit) == (other.variable, other.level, other.visit)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("courses", "at_start", "by_4", "by_12"),
    [
        ([("methotrexate", -50, None)], 1, 0, 0),
        ([("methotrexate", 0, None)], 1, 0, 0),  # started with the drug: at the start, not new
        ([("methotrexate", 1, None)], 0, 1, 1),
        ([("methotrexate", 28, None)], 0, 1, 1),  # on the day of the visit
        ([("methotrexate", 29, None)], 0, 0, 1),
        ([("methotrexate", 85, None)], 0, 0, 0),
        ([("methotrexate", -50, -10), ("methotrexate", 20, None)], 0, 0, 0),  # taken up again
        ([("methotrexate", -50, 10), ("methotrexate", 11, None)], 1, 0, 0),  # a new dose of the same drug
        ([("methotrexate", 5, 9), ("methotrexate", 15, None)], 0, 1, 1),
        ([("methotrexate", -50, 0), ("tacrolimus", 1, None)], 1, 1, 1),  # a switch is a new drug
    ],
)
def test_new_drugs_are_found_from_the_courses(courses, at_start, by_4, by_12):
    found = concomitant([given_drug(*one_) for one_ in courses])
    counts = [found["immunosuppressant", visit][0] for visit in ("", "week 4", "week 12")]
    assert counts == [at_start, by_4, by_12]


def test_drugs_are_counted_one_by_one_and_by_class_and_patients_once():
    rows = [
        given_drug("methotrexate", -9),
        given_drug("tacrolimus", 5),
        given_drug("azathioprine", 6),
        given_drug("infliximab", 7, drug_class="biologic"),
        given_drug("ciclosporin", -90, -5),
    ]
    found = concomitant(rows)
    assert found["immunosuppressant", "week 4"] == (1, 1)
    assert found["any of the class", "week 4"] == (1, 1)
    assert [found[drug, "week 4"][0] for drug in ("tacrolimus", "azathioprine", "infliximab", "methotrexate")] == [
        1,
        1,
        1,
        0,
    ]
    assert found["methotrexate", ""] == (1, 1)
    assert not any(name == "ciclosporin" for name, _ in found)  # over before day 0


@pytest.mark.parametrize(("last", "listed"), [(-1, False), (0, True), (1, True)])
def test_a_drug_stopped_on_day_0_was_taken_on_it_and_has_its_line(last, listed):
    found = concomitant([given_drug("ciclosporin", -90, last)])
    assert any(name == "ciclosporin" for name, _ in found) is listed
    assert found["immunosuppressant", ""][0] == listed
    if listed:
        assert found["ciclosporin", ""] == (1, 1)


def test_a_drug_of_another_class_is_not_counted_though_its_name_is_the_same():
    rows = [given_drug("rituximab", 5, drug_class="biologic"), given_drug("rituximab", -9, drug_class="other")]
    assert concomitant(rows)["rituximab", "week 4"] == (1, 1)


def test_a_patient_without_the_visit_is_left_out_of_its_column():
    assert concomitant([given_drug("tacrolimus", 5)], visits=(28,))["immunosuppressant", "week 12"] == (0, 0)
