"""What is declared of the visit at hand is, at every visit, what would have been written for that visit."""

from __future__ import annotations

import dataclasses
import importlib.util
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myosotis.analysis import Outcome
from myosotis.errors import ProtocolError
from myosotis.language import Categories, Visit, at_visit, baseline_window, drugs, month, visit_day, week
from myosotis.language.evaluate import evaluate
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.expression import Constant
from myosotis.language.record import recorded_days, records
from myosotis.language.visit import of_every_visit, window_of
from myosotis.language.windows import Window
from myosotis.measures.catalogue import measures
from myosotis.measures.jdm.instruments import cmas
from myosotis.measures.jdm.skin import rash_improved
from myosotis.measures.observations import ck
from myosotis.model.dataset import Dataset
from myosotis.study import Endpoint

_SPEC = importlib.util.spec_from_file_location(
    "one_of_each", Path(__file__).parents[1] / "generative" / "one_of_each.py"
)
each = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(each)

BASELINE = baseline_window(days=28)
VISITS = (BASELINE, week(4, give_or_take=14), week(24, give_or_take=28))
# A measure that leaves a number open is asked with two numbers.
NUMBERS = (0.5, 3)


def choices_of(measure):
    """Make choices in which every option of every choice is made at least once."""
    options = {choice.key: [one for one, _ in choice.options] or NUMBERS for choice in measure.choices}
    rounds = max(map(len, options.values()), default=1)
    return [{key: allowed[turn % len(allowed)] for key, allowed in options.items()} for turn in range(rounds)]


CHOSEN = [(measure, choices) for measure in measures().values() for choices in choices_of(measure)]


def words(chosen):
    measure, choices = chosen
    return "-".join((measure.key, *map(str, choices.values())))


@pytest.mark.parametrize("chosen", CHOSEN, ids=words)
def test_a_measure_of_the_visit_at_hand_is_the_measure_at_each_visit(chosen):
    """Also at the baseline, which some rules judge by another rule and all others refuse to compare with itself."""
    measure, choices = chosen
    if len(measure.moments) == 1:
        asked = measure.at(Visit(), **choices)
        for visit in VISITS:
            assert repr(at_visit(asked, visit)) == repr(measure.at(visit, **choices))
        return
    asked = measure.between(BASELINE, Visit(), **choices)
    for visit in VISITS[1:]:
        assert repr(at_visit(asked, visit)) == repr(measure.between(BASELINE, visit, **choices))
    if measure.of_baseline is not None:
        assert repr(at_visit(asked, BASELINE)) == repr(measure.between(BASELINE, BASELINE, **choices))
    else:
        with pytest.raises(ProtocolError, match=r"compares two moments and was given .* as both"):
            at_visit(asked, BASELINE)


@pytest.mark.parametrize("chosen", CHOSEN, ids=words)
def test_a_case_of_a_measure_of_the_visit_at_hand_is_that_case_at_each_visit(chosen):
    measure, choices = chosen
    apply = measure.at if len(measure.moments) == 1 else lambda visit, **more: measure.between(BASELINE, visit, **more)
    asked = apply(Visit(), **choices)
    if not isinstance(asked, Categories):
        return
    at_week_4 = apply(VISITS[1], **choices)
    assert asked.levels == at_week_4.levels
    for level in asked.levels:
        assert repr(at_visit(asked.is_in(level), VISITS[1])) == repr(at_week_4.is_in(level))


@pytest.mark.parametrize("chosen", [one for one in CHOSEN if one[0].sorting is not None], ids=words)
def test_the_categories_of_a_value_at_the_visit_at_hand_are_those_at_each_visit(chosen):
    measure, choices = chosen
    before = () if len(measure.moments) == 1 else (BASELINE,)
    asked = measure.category(*before, Visit(), **choices)
    for visit in VISITS[1:]:
        assert repr(at_visit(asked, visit)) == repr(measure.category(*before, visit, **choices))


def of_the_visit(expression):
    """Write an expression of the visit at hand, wherever the node takes it."""
    if isinstance(expression, tuple):
        return tuple(map(of_the_visit, expression))
    if not dataclasses.is_dataclass(expression) or isinstance(expression, type | Window):
        return expression
    parts = {field.name: of_the_visit(getattr(expression, field.name)) for field in dataclasses.fields(expression)}
    if isinstance(getattr(expression, "window", None), Window) and type(expression).__name__ in ("Picked", "VisitDay"):
        parts["window"] = Visit()
    return dataclasses.replace(expression, **parts)


def windows_of(expression):
    if isinstance(expression, Window):
        return {expression}
    if isinstance(expression, tuple):
        return {window for part in expression for window in windows_of(part)}
    if not dataclasses.is_dataclass(expression):
        return set()
    return {
        window for field in dataclasses.fields(expression) for window in windows_of(getattr(expression, field.name))
    }


@pytest.mark.parametrize("node", each.EACH, ids=lambda node: type(node).__name__)
def test_every_kind_of_expression_is_asked_of_a_visit(node):
    """Written of the visit at hand and asked at a window, it is what it would have been with that window."""
    template = of_the_visit(node)
    windows = windows_of(node)
    assert of_every_visit(template) == (repr(template) != repr(node))
    if len(windows) == 1:
        assert repr(at_visit(template, *windows)) == repr(node)
    asked = at_visit(template, VISITS[1])
    assert not of_every_visit(asked)
    assert at_visit(asked, VISITS[2]) is asked


@given(
    target=st.integers(-10, 400),
    before=st.integers(0, 30),
    after=st.integers(0, 30),
    number=st.integers(1, 90),
)
def test_the_days_of_the_visit_at_hand_are_numbers_at_a_visit(target, before, after, number):
    visit = Window(label="v", target=target, first=target - before, last=target + after)
    at_hand = Visit()
    for edge in ("first", "target", "last"):
        day, known = getattr(at_hand, edge), float(getattr(visit, edge))
        for template, expected in (
            (day, known),
            (day + number, known + number),
            (number - day, number - known),
            (day * number, known * number),
            (day / number, known / number),
            ((day - 1) / 7, (known - 1) / 7),
        ):
            assert at_visit(template, visit) == Constant(number=expected)


def test_a_division_by_a_day_that_is_zero_stays_a_division():
    assert at_visit(1 / Visit().target, BASELINE) == Constant(number=1.0) / Constant(number=0.0)


def test_a_course_is_asked_up_to_the_visit_at_hand():
    mtx = drugs("MTX", names=("MTX",))
    asked = mtx.started_between(0, Visit().last, new_only=True)
    assert at_visit(asked, VISITS[1]) == mtx.started_between(0, VISITS[1].last, new_only=True)
    day = visit_day(Visit(), cmas, ck)
    assert at_visit(mtx.dose_at(day), VISITS[2]) == mtx.dose_at(visit_day(VISITS[2], cmas, ck))


PATIENTS = Dataset.of(patients=[{"patient_id": "A", "diagnosis_date": "2020-01-01"}])


@pytest.mark.parametrize("node", [cmas.at(Visit()), visit_day(Visit(), cmas), cmas.at(Visit()) >= 48])
def test_what_was_not_asked_of_a_visit_is_never_computed(node):
    patient = next(records(PATIENTS, recorded_days()))
    with pytest.raises(ProtocolError, match="a value of the visit at hand was asked without a visit; name the visit"):
        evaluate_patient(node, patient)
    with pytest.raises(ProtocolError, match="a value of the visit at hand was asked without a visit; name the visit"):
        evaluate({"asked": node}, PATIENTS, recorded_days())
    with pytest.raises(ProtocolError, match="asked without a visit"):
        window_of(cmas.at(Visit()))


@pytest.mark.parametrize(
    "make",
    [
        lambda: cmas.at(Visit()).change_from(cmas.at(BASELINE)),
        lambda: cmas.at(Visit()) > cmas.at(BASELINE),
        lambda: cmas.at(Visit()) <= 1.1 * cmas.at(BASELINE),
        lambda: cmas.at(Visit()).reduced_by(0.5, from_=cmas.at(BASELINE)),
        lambda: cmas.at(Visit()).percent_change_from(cmas.at(BASELINE)),
    ],
)
def test_a_value_is_not_compared_with_itself_at_the_baseline(make):
    at_visit(make(), VISITS[1])
    with pytest.raises(ProtocolError, match="at week 0 a value would be compared with itself"):
        at_visit(make(), BASELINE)


@pytest.mark.parametrize(
    "write",
    [
        lambda: month(1e300, give_or_take=3),
        lambda: week(10**20, give_or_take=3),
        lambda: baseline_window(days=10**9),
        lambda: Window(label="w", target=0, first=-(10**8), last=1),
    ],
)
def test_a_window_beyond_the_calendar_is_refused(write):
    with pytest.raises(ProtocolError, match="beyond the calendar"):
        write()


BEFORE = baseline_window(days=3)


def test_what_earlier_releases_wrote_as_a_function_of_a_visit_is_asked_once_and_kept_as_an_expression():
    given = {"key": "cmas", "label": "CMAS", "unit": "points", "decimals": 1, "precision": 0}
    today = Outcome(value=cmas.at(Visit()), **given)
    for function in (cmas.at, lambda visit: cmas.at(visit)):
        assert Outcome(at=function, **given) == today
    assert "at=" not in repr(Outcome(at=cmas.at, **given))
    asked = {"key": "rash", "label": "rash", "at": (week(4, give_or_take=3),), "if_not_evaluable": "no"}
    between = partial(rash_improved.between, BEFORE, skin_improvement="one point")
    function = Endpoint(variable=between, **asked)
    assert function == Endpoint(variable=rash_improved.between(BEFORE, Visit(), skin_improvement="one point"), **asked)


def test_an_outcome_told_twice_is_refused():
    given = {"key": "cmas", "label": "CMAS", "unit": "points", "decimals": 1, "precision": 0}
    with pytest.raises(TypeError, match="'at'"):
        Outcome(at=cmas.at, value=cmas.at(Visit()), **given)
