"""A moment compared with itself is judged by the rule of the baseline or refused, and is never silently unchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from myosotis.errors import ProtocolError
from myosotis.language import baseline_window, week
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import recorded_days, records
from myosotis.language.structure import walk
from myosotis.language.values import Picked
from myosotis.measures.catalogue import measures
from myosotis.measures.course import loss_of_response, sustained_response
from myosotis.measures.jdm.instruments import cmas
from myosotis.measures.safety_grades import ctcae_5_alt, ctcae_5_bilirubin, ctcae_5_creatinine
from myosotis.model.dataset import Dataset

W0, W4 = baseline_window(days=28), week(4, give_or_take=14)
OTHER_WORDS = replace(W0, label="the start")
COMPARING = [measure for measure in measures().values() if len(measure.moments) == 2]


def choices(measure):
    return {choice.key: choice.example for choice in measure.choices}


def test_the_catalogue_compares_often():
    assert len(COMPARING) > 15


@pytest.mark.parametrize("measure", COMPARING, ids=lambda measure: measure.key)
@pytest.mark.parametrize("same", [W0, OTHER_WORDS], ids=["the same window", "its days under another name"])
def test_every_measure_judges_the_baseline_itself_or_refuses_it(measure, same):
    asked = (lambda: measure.between(W0, same, **choices(measure)),)
    if measure.sorting is not None:
        asked = (*asked, lambda: measure.category(W0, same, **choices(measure)))
    for number, ask in enumerate(asked):
        if measure.of_baseline is not None and number == 0:
            assert ask().of == measure.of_baseline(visit=same)
        else:
            with pytest.raises(ProtocolError, match=f"{measure.key} compares two moments and was given week 0 as both"):
                ask()
    assert measure.between(W0, W4, **choices(measure)) is not None


@pytest.mark.parametrize(
    ("measure", "name", "number", "limit", "grade"),
    [
        (ctcae_5_alt, "alt", 108, 40, 1.0),  # 2.7 times the limit
        (ctcae_5_alt, "alt", 121, 40, 2.0),
        (ctcae_5_alt, "alt", 40, 40, 0.0),
        (ctcae_5_bilirubin, "bilirubin", 31, 20, 2.0),
        (ctcae_5_creatinine, "creatinine", 160, 100, 2.0),
        (ctcae_5_alt, "alt", 108, None, None),
    ],
)
def test_the_baseline_is_graded_by_the_limit_of_normal(measure, name, number, limit, grade):
    row = {"patient_id": "a", "day": 0, "name": name, "number": float(number), "upper_limit": limit}
    data = Dataset.of(patients=[{"patient_id": "a"}], observations=[row])
    (record,) = records(data, recorded_days())
    assert evaluate_patient(measure.between(W0, W0), record).result == grade


def test_a_value_is_not_compared_with_itself():
    now = cmas.at(W4)
    for compare in (now.change_from, now.percent_change_from, lambda one: now.reduced_by(0.5, from_=one)):
        with pytest.raises(ProtocolError, match="from a value to itself is 0 whatever was measured; give two visits"):
            compare(cmas.at(W4))
        with pytest.raises(ProtocolError, match="give two visits"):
            compare(cmas.at(replace(W4, label="the same days")))
        assert [one.window for one in walk(compare(cmas.at(W0))) if isinstance(one, Picked)]


def test_a_course_names_each_visit_once():
    response = next(measure for measure in COMPARING if measure.key == "response_wang_2022")
    once = response.between(W0, W4, **choices(response))
    renamed = response.between(W0, replace(W4, label="the same days"), **choices(response))
    for course in (
        lambda: sustained_response([once, once], levels=once.levels[:1], visits=2),
        lambda: loss_of_response([once, once], levels=once.levels[:1]),
        lambda: loss_of_response([once, renamed], levels=once.levels[:1]),
    ):
        with pytest.raises(ProtocolError, match="name one visit twice"):
            course()
