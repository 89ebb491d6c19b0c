"""No interpreter, compiler or sentence has forgotten a kind of expression."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path

import pytest

from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.canonical import canonical
from myosotis.language.evaluate import evaluate
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import date_of, records
from myosotis.language.sentences import sentence
from myosotis.language.structure import operands, walk
from myosotis.language.visit import VisitEdge
from myosotis.measures.measure import CriterionOfVisit, ValueOfVisit
from myosotis.model.dataset import Dataset

_SPEC = importlib.util.spec_from_file_location("one_of_each", Path(__file__).with_name("one_of_each.py"))
each = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(each)


def name_of(node):
    return type(node).__name__


def known_kinds():
    """Walk the classes of the language themselves, so that a new one is asked for here."""
    found, waiting = {c.Categories}, [v.Value, c.Criterion]
    while waiting:
        kind = waiting.pop()
        # A class with slots is made anew; the one it was made from lingers without a name.
        waiting += [
            one for one in kind.__subclasses__() if getattr(sys.modules[one.__module__], one.__name__, None) is one
        ]
        if kind not in (v.Value, c.Criterion):
            found.add(kind)
    return found


OF_THE_VISIT = {VisitEdge, ValueOfVisit, CriterionOfVisit}


def test_every_kind_of_expression_has_an_example():
    """What stands for the visit at hand has become another kind before anything is evaluated (test_visit.py)."""
    assert {type(node) for node in each.EACH} == known_kinds() - OF_THE_VISIT


@pytest.mark.parametrize("node", each.EACH, ids=name_of)
def test_it_can_be_said_walked_and_digested(node):
    assert sentence(node)
    assert type(node).__name__ in canonical(node)
    below = {id(one) for one in walk(node)}
    assert all(id(one) in below for one in operands(node))


PEOPLE = [
    {"patient_id": "exact", "sex": "female", "diagnosis_date": "2020-01-01", "birth_date": "2010-02-03"},
    {
        "patient_id": "vague",
        "sex": "male",
        "diagnosis_date": "2020-01-01",
        "birth_date": "2010",
        "last_contact": "2020-02",
    },
    {"patient_id": "nothing", "diagnosis_date": "2020-01-01"},
    {"patient_id": "no day 0", "birth_date": "2012-01-01"},
]


def data(*, vague):
    people = PEOPLE if vague else [PEOPLE[0], PEOPLE[2]]
    taken = {"drug": "a", "dose": 3, "dose_unit": "mg/day"}
    courses = [{**taken, "patient_id": "exact", "start": "2020-01-02", "stop": "2020-01-02"}]
    values = [
        {"patient_id": "exact", "date": "2019-12-24", "name": "ck", "number": 16, "upper_limit": 9.0},
        {"patient_id": "exact", "date": "2019-12-24", "name": "ulceration", "text": "yes"},
    ]
    conditions = [{"patient_id": "exact", "name": "ILD", "status": "present", "date": "2019-06-01"}]
    if vague:
        courses.append({**taken, "patient_id": "vague", "start": "2020-01", "stop_known": False})
        values += [
            {"patient_id": "vague", "date": "2019-12", "name": "ck", "number_low": 0.0, "number_high": 20.0},
            {"patient_id": "vague", "date": "2019-12", "name": "ulceration", "text": "no"},
        ]
        conditions.append({"patient_id": "vague", "name": "ILD", "status": "present"})
    return Dataset.of(patients=people, treatments=courses, observations=values, conditions=conditions)


@pytest.mark.parametrize("vague", [False, True], ids=["exact data", "inexact data"])
def test_the_engine_and_plain_python_know_it_and_say_the_same(vague):
    nodes = {f"{i} {name_of(node)}": node for i, node in enumerate(each.EACH)}
    made, index = data(vague=vague), date_of("diagnosis_date")
    found = evaluate(nodes, made, index)
    for record in records(made, index):
        for name, node in nodes.items():
            expected, result = evaluate_patient(node, record).result, found.of(name)[record.patient_id]
            same = (
                abs(expected - result) < 1e-9
                if isinstance(expected, float) and result is not None
                else expected == result
            )
            assert same, (name, record.patient_id, expected, result)


def test_most_of_them_say_something_of_the_exact_patient():
    """So that agreement on nothing at all is no proof."""
    record = next(
        record for record in records(data(vague=True), date_of("diagnosis_date")) if record.patient_id == "exact"
    )
    silent = {name_of(node) for node in each.EACH if evaluate_patient(node, record).result is None}
    assert silent == {"Missing", "FollowUpEnd", "Known", "AllOf"}


def test_a_moment_without_an_index_date_is_not_evaluable():
    (record,) = (one for one in records(data(vague=True), date_of("diagnosis_date")) if one.patient_id == "no day 0")
    assert record.index_date is None
    assert date(2012, 1, 1) == record.patient["birth_date"]
