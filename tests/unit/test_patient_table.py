"""The table of patients and their timelines: what each line says, and what a figure is given to draw."""

from __future__ import annotations

import importlib.util
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from myosotis.analysis import Column, DoseCurves, DrugNames, PatientTable, Present, SwimmerPlot
from myosotis.errors import ProtocolError
from myosotis.language import Visit, baseline_window, condition, drugs, visit_day, week
from myosotis.language.criteria import Categories, PatientIs, TextIs
from myosotis.language.values import PatientNumber, Picked
from myosotis.measures.observations import physician_global, weight
from myosotis.model.dataset import Dataset
from myosotis.report.listing_cell import listing_cell
from myosotis.study import Endpoint

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

START = date(2020, 1, 1)
WEEK_0, WEEK_4, WEEK_12 = baseline_window(days=28), week(4, give_or_take=14), week(12, give_or_take=28)
BARICITINIB = drugs("baricitinib", names=("baricitinib",))
OTHERS = drugs("immunosuppressant", classes=("conventional immunosuppressant",))


seen_on = visit_day(Visit(), physician_global)


def day(number):
    return START + timedelta(days=number)


def course(drug, first, last=None, drug_class="conventional immunosuppressant", patient="P2", **more):
    stop = None if last is None else day(last)
    return {"patient_id": patient, "drug": drug, "drug_class": drug_class, "start": day(first), "stop": stop, **more}


def bari(first, last=None, patient="P2"):
    return course("baricitinib", first, last, "JAK inhibitor", patient)


def seen(number, result=1.0, name="physician_global", patient="P2"):
    return {"patient_id": patient, "name": name, "date": day(number), "number": result}


def table(*columns, courses=(), observations=(), conditions=(), patients=({"patient_id": "P2"},)):
    chosen = PatientTable(key="patients", title="Patients", columns=columns)
    starts = [bari(0, patient=row["patient_id"]) for row in patients]
    data = Dataset.of(
        patients=patients, treatments=[*starts, *courses], observations=observations, conditions=conditions
    )
    listing = cohorts.section_of(chosen, cohorts.cohort_of(chosen, data)).listings_shown[0]
    return [[listing_cell(cell) for cell in row] for row in listing.rows]


# --- the table ---


def test_ages_have_their_decimals_and_no_date_is_shown():
    people = [
        {"patient_id": "P2", "sex": "female", "birth_date": date(2010, 1, 1), "onset_date": date(2018, 7, 2)},
        {"patient_id": "P10", "sex": "male"},
        {"patient_id": "P1"},
    ]
    rows = table(
        Column(key="sex", label="Sex", of=PatientIs(field="sex", texts=("female",)), words=("F", "M")),
        Column(key="onset", label="Onset", of=PatientNumber(field="age_at_onset")),
        Column(key="age", label="Age", of=PatientNumber(field="age_at_index")),
        patients=people,
    )
    assert rows == [["P1", "–", "–", "–"], ["P2", "F", "8.5", "10.0"], ["P10", "M", "–", "–"]]


def test_findings_are_named_and_what_is_not_known_is_counted():
    bands = tuple(
        (name, seen_band > 15) for name, seen_band in (("one", physician_global.at(WEEK_0)), ("two", weight.at(WEEK_0)))
    )
    column = Present(key="antibodies", label="Antibodies", of=bands)
    assert table(column) == [["P2", "not known"]]
    assert table(column, observations=[seen(0, 40.0)]) == [["P2", "one (1 not known)"]]
    assert table(column, observations=[seen(0, 3.0)]) == [["P2", "none (1 not known)"]]
    assert table(column, observations=[seen(0, 15.5), seen(0, 16.0, "weight")]) == [["P2", "one, two"]]
    assert table(column, observations=[seen(0, 15.0), seen(0, 15.0, "weight")]) == [["P2", "none"]]


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        ([("methotrexate", -90, -1)], ["methotrexate", "none", "none"]),
        ([("methotrexate", -90, 0)], ["none", "methotrexate", "none"]),  # stopped on day 0: taken on it
        ([("methotrexate", -90, None)], ["none", "methotrexate", "none"]),
        ([("methotrexate", 0, None)], ["none", "methotrexate", "none"]),
        ([("methotrexate", 1, None)], ["none", "none", "methotrexate"]),
        ([("methotrexate", -90, -50), ("methotrexate", -10, None)], ["none", "methotrexate", "none"]),
        ([("methotrexate", -90, -50), ("methotrexate", 30, None)], ["methotrexate", "none", "none"]),
        ([("tacrolimus", -9, None), ("azathioprine", -9, 9)], ["none", "azathioprine, tacrolimus", "none"]),
    ],
)
def test_drugs_by_when_they_were_taken(courses, expected):
    columns = [
        DrugNames(key=when, label=when, treatment=OTHERS, when=when) for when in ("before", "at the start", "later")
    ]
    rows = table(*columns, courses=[course(*one) for one in courses])
    assert rows == [["P2", *expected]]


def test_an_open_category_shows_what_it_may_be():
    level = Categories(
        key="level", version="", label="level", cases=(("good", physician_global.at(WEEK_4) <= 1),), otherwise="poor"
    )
    column = Column(key="level", label="Level", of=level)
    assert table(column) == [["P2", "good or poor"]]
    assert table(column, observations=[seen(28, 0.5)]) == [["P2", "good"]]


def test_conditions_are_those_recorded_by_day_0():
    column = Present(key="organs", label="Organs", of=(("ILD", condition("ILD").by(0)),))
    later = [{"patient_id": "P2", "name": "ILD", "date": day(1), "status": "present"}]
    assert table(column, conditions=later) == [["P2", "none"]]


def test_a_table_without_columns_or_with_one_twice_is_refused():
    with pytest.raises(ProtocolError, match="columns"):
        PatientTable(key="p", title="", columns=())
    one = Column(key="a", label="", of=PatientNumber(field="age_at_index"))
    with pytest.raises(ProtocolError, match="key of its own"):
        PatientTable(key="p", title="", columns=(one, one))


# --- timelines ---


response = Categories(
    key="r",
    version="",
    label="r",
    cases=(("clear", TextIs(of=Picked(name="erythema", label="erythema", unit="", window=Visit()), texts=("no",))),),
    otherwise="not clear",
)


ENDPOINT = Endpoint(
    key="response", label="Response", variable=response, at=(WEEK_4, WEEK_12), if_not_evaluable="not clear"
)


def swim(courses, observations=(), events=()):
    chosen = SwimmerPlot(
        key="swimmer", title="Lanes", treatments=(BARICITINIB,), last_day=168, endpoint=ENDPOINT, visit_day=seen_on,
        started=OTHERS,
    )  # fmt: skip
    data = Dataset.of(patients=[{"patient_id": "P2"}], treatments=courses, observations=observations, events=events)
    section = cohorts.section_of(chosen, cohorts.cohort_of(chosen, data))
    figure = section.figures[0]
    rows = {part.provenance["listing_id"]: part.listing for part in section.contributions}
    bars = [(row["day"], row["number"], row["text"]) for row in rows[figure.bars[0].listing_id]]
    marks = {
        mark.kind: [(row["day"], row["text"], row["item"]) for row in rows[mark.listing_id]] for mark in figure.marks
    }
    return bars, marks


def test_a_bar_covers_the_days_of_the_courses_up_to_the_last_record():
    assert swim([bari(0)], [seen(160)])[0] == [(0, 160, "ongoing")]
    assert swim([bari(0)], [seen(300)])[0] == [(0, 168, "ongoing")]
    assert swim([bari(0, 50), bari(63)], [seen(160)])[0] == [(0, 50, ""), (63, 160, "ongoing")]
    assert swim([bari(0, 83)], [seen(160)])[0] == [(0, 83, "")]
    assert swim([bari(0, 200)], [seen(160)])[0] == [(0, 168, "ongoing")]  # the stop itself is a later record


def test_marks_stand_on_the_day_of_the_visit_and_of_onset():
    answer = {"patient_id": "P2", "name": "erythema", "date": day(30), "text": "no"}
    facts = {"hospitalised": True, "disabling": False, "life_threatening": False, "death": False}
    events = [
        {"patient_id": "P2", "term": "zoster", "preferred_term": "Herpes zoster", "grade": 3, "start": day(9), **facts},
        {"patient_id": "P2", "term": "cold", "grade": 1, "start": day(-1)},
        {"patient_id": "P2", "term": "cold", "grade": 1, "start": day(169)},
        {"patient_id": "P2", "term": "cold", "grade": 1},
        {"patient_id": "P2", "term": "cold", "grade": 1, "start": day(0)},
    ]
    _, marks = swim([bari(0)], [seen(30), answer, seen(84)], events)
    assert sorted(marks["level"]) == [(30, "clear", "Response at week 4"), (84, "not evaluable", "Response at week 12")]
    assert sorted(marks["event"]) == [
        (0, "adverse event, seriousness open", "cold"), (9, "serious adverse event", "Herpes zoster"),
    ]  # fmt: skip


def test_an_event_of_several_rows_is_marked_once_on_its_first_day():
    of_one = {"patient_id": "P2", "event_id": "1", "term": "rash"}
    events = [{**of_one, "start": day(12), "grade": 3, "serious": True}, {**of_one, "start": day(9), "grade": 1}]
    assert swim([bari(0)], [seen(30)], events)[1]["event"] == [(9, "serious adverse event", "rash")]


def test_a_drug_is_marked_at_its_first_start_after_day_0():
    courses = [bari(0), course("tacrolimus", 40), course("tacrolimus", 20, 30), course("methotrexate", -9, 5)]
    courses += [course("methotrexate", 50), course("azathioprine", 169)]
    assert swim(courses)[1]["start"] == [(20, "new immunosuppressant", "tacrolimus")]


def test_a_swimmer_plot_without_a_treatment_is_refused():
    with pytest.raises(ProtocolError, match="no treatment"):
        SwimmerPlot(key="s", title="", treatments=(), last_day=1, endpoint=ENDPOINT, visit_day=seen_on)


def curve(courses, observations, **changes):
    chosen = DoseCurves(key="curves", title="", **{"last_day": 168, "weight_within": 28, **changes})
    data = Dataset.of(patients=[{"patient_id": "P2"}], treatments=[bari(0), *courses], observations=observations)
    section = cohorts.section_of(chosen, cohorts.cohort_of(chosen, data))
    doses, pulses = section.contributions
    return sorted((row["day"], row["number"]) for row in doses.listing), [row["day"] for row in pulses.listing]


glucocorticoid = partial(course, drug_class="glucocorticoid", dose_unit="mg", times_per_day=1.0)


def test_a_curve_steps_where_the_dose_changes_with_the_weight_nearest_to_that_day():
    courses = [glucocorticoid("prednisone", -40, 50, dose=20.0), glucocorticoid("prednisone", 51, dose=5.0)]
    weights = [seen(0, 20.0, "weight"), seen(50, 25.0, "weight"), seen(160)]
    doses, pulses = curve(courses, weights)
    assert doses == [(0, 1.0), (51, 0.2), (160, 0.2)]
    assert pulses == []
    assert curve(courses, weights, first_day=-28)[0][0] == (-28, 1.0)


def test_a_pulse_is_a_mark_and_not_a_dose():
    pulse = course("methylprednisolone", -2, 1, "glucocorticoid pulse", dose=500.0, dose_unit="mg", times_per_day=1.0)
    doses, pulses = curve([pulse], [seen(0, 20.0, "weight"), seen(100)])
    assert (doses, pulses) == ([(0, 0.0), (100, 0.0)], [0])


def test_an_unknown_dose_is_a_gap():
    courses = [glucocorticoid("prednisone", -9, 50, dose=20.0), glucocorticoid("prednisone", 51, 60, dose=None)]
    doses = curve(courses, [seen(0, 20.0, "weight"), seen(60, 20.0, "weight"), seen(100)])[0]
    assert [(number, dose) for number, dose in doses if number < 100] == [(0, 1.0), (51, None), (61, 0.0)]
