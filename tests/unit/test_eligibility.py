"""Who leaves by which rule, and what a rule that cannot be judged does."""

from __future__ import annotations

import pytest

from myosotis.errors import ProtocolError
from myosotis.language.criteria import Known
from myosotis.study import Eligibility, Rule, attrition

ANY = Known(truth=True)


def rule(name, if_not_evaluable="leave_out"):
    return Rule(name=name, criterion=ANY, if_not_evaluable=if_not_evaluable)


def test_each_patient_leaves_by_the_first_rule_that_says_so():
    eligibility = Eligibility(include=(rule("adult"), rule("treated")), exclude=(rule("infection", "keep"),))
    verdicts = {
        "adult": {"a": True, "b": False, "c": True, "d": True},
        "treated": {"a": True, "b": False, "c": False, "d": True},
        "infection": {"a": False, "b": True, "c": True, "d": True},
    }
    found = attrition(eligibility, verdicts, ["a", "b", "c", "d"])
    assert [step.left for step in found.steps] == [("b",), ("c",), ("d",)]
    assert [(step.n_before, step.n_after) for step in found.steps] == [(4, 3), (3, 2), (2, 1)]
    assert found.included == ("a",)


@pytest.mark.parametrize(("kind", "choice", "stays"), [
    ("include", "leave_out", False), ("include", "keep", True), ("exclude", "leave_out", False), ("exclude", "keep", True),
])  # fmt: skip
def test_a_rule_that_cannot_be_judged_does_what_it_declares(kind, choice, stays):
    one, always = rule("open", choice), rule("always")
    eligibility = (
        Eligibility(include=(always, one)) if kind == "include" else Eligibility(include=(always,), exclude=(one,))
    )
    found = attrition(eligibility, {"always": {"a": True}, "open": {"a": None}}, ["a"])
    assert (found.included == ("a",)) is stays
    assert found.steps[-1].left == (() if stays else ("a",))


@pytest.mark.parametrize("choice", ["leave_out", "keep"])
def test_whom_a_rule_could_not_judge_is_told_whether_they_stay_or_leave(choice):
    eligibility = Eligibility(include=(rule("first"),), exclude=(rule("open", choice),))
    verdicts = {
        "first": {"a": True, "b": True, "c": True, "gone": False},
        "open": {"a": None, "b": False, "c": True, "gone": None},
    }
    assert attrition(eligibility, verdicts, ["a", "b", "c", "gone"]).steps[-1].not_evaluable == ("a",)


def test_a_rule_states_what_not_evaluable_does():
    with pytest.raises(ProtocolError, match="'adult': if_not_evaluable is 'perhaps'; give one of 'leave_out', 'keep'"):
        rule("adult", "perhaps")


def test_rules_have_names_of_their_own():
    with pytest.raises(ProtocolError, match="repeat the name 'adult'"):
        Eligibility(include=(rule("adult"),), exclude=(rule("adult"),))
