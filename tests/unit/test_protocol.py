"""A protocol is checked against itself, and runs its own examples, before any patient is read."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from myosotis import run as run_module
from myosotis.errors import MissingChoiceError, MyosotisError, ProtocolError
from myosotis.loading import load_protocol
from myosotis.protocol import ExamplePatient
from myosotis.run import compute, open_study
from myosotis.study.population import Population

STUDY = Path(__file__).parents[2] / "examples" / "rheumatoid_arthritis"


@pytest.fixture(scope="module")
def protocol():
    return load_protocol(STUDY)


def test_the_examples_of_a_protocol_are_run(protocol):
    example = protocol.examples[0]
    wrong = dataclasses.replace(example, expects={"response at month 3": False})
    with pytest.raises(ProtocolError, match="expects 'response at month 3' to be False, the protocol gives True"):
        dataclasses.replace(protocol, examples=(wrong,)).check_examples()
    unknown = ExamplePatient(label="x", tables=example.tables, expects={"response at month 4": True})
    with pytest.raises(ProtocolError, match="which the protocol does not evaluate"):
        dataclasses.replace(protocol, examples=(unknown,)).check_examples()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda p: {"windows": p.windows[:1] * 2}, "the windows 'month 0' are declared twice"),
        (lambda p: {"analyses": p.analyses[:1] * 2}, "the analyses 'characteristics' are declared twice"),
        (lambda _: {"analyses": ()}, "declares no analysis"),
        (lambda _: {"question": ""}, "asks no question"),
    ],
)
def test_a_protocol_that_contradicts_itself_is_refused(protocol, change, told):
    with pytest.raises(ProtocolError, match=told):
        dataclasses.replace(protocol, **change(protocol))


def test_a_misspelt_option_is_refused_with_the_nearest_where_it_is_declared(protocol):
    scores = next(one for one in protocol.analyses if one.key == "scores")
    with pytest.raises(ProtocolError, match="Friedman: adjust is 'hollm'; did you mean 'holm'"):
        dataclasses.replace(scores.test, adjust="hollm")


def test_an_analysis_in_a_population_that_is_not_declared_is_refused_before_the_data_are_read(protocol):
    moved = dataclasses.replace(
        protocol.analyses[0], population=Population(key="nobody", label="Nobody", criterion=None)
    )
    with pytest.raises(ProtocolError, match="'nobody', which is not declared; declared are full analysis"):
        dataclasses.replace(protocol, analyses=(moved,)).check_expressions()


def test_an_expression_that_no_patient_could_be_evaluated_by_is_refused_before_the_data_are_read(protocol, monkeypatch):
    def refuse(node, record):
        raise MissingChoiceError("choose one")

    protocol.check_expressions()
    monkeypatch.setattr("myosotis.protocol.evaluate_patient", refuse)
    with pytest.raises(MissingChoiceError, match="'eligibility: at least one score at inclusion': choose one"):
        protocol.check_expressions()


def test_a_study_whose_two_evaluations_differ_is_refused(monkeypatch):
    """Falsify one patient's value on the engine's side."""
    real = run_module.ask_in_process

    class Falsified:
        def __init__(self, *arguments):
            self.running = real(*arguments)

        def result(self):
            answered = self.running.result()
            found, name = answered.evaluated, "das28 at month 3"
            first, *rest = found.columns[name]
            columns = {**found.columns, name: ((first or 0.0) + 1e-6, *rest)}
            return dataclasses.replace(answered, evaluated=dataclasses.replace(found, columns=columns))

        def stop(self):
            self.running.stop()

    monkeypatch.setattr(run_module, "ask_in_process", Falsified)
    with pytest.raises(
        MyosotisError, match=r"'das28 at month 3' came out differently .* for 1 patients; no result was written"
    ):
        compute(open_study(STUDY))


@pytest.mark.parametrize("key", ["safety", "organs", "taper", "laboratory", "exposure"])
def test_a_study_whose_two_readings_of_its_rows_differ_is_refused(monkeypatch, key):
    """Falsify one row of one patient on the engine: the last of what it says of an event, a condition, a course, a value."""
    real = run_module.ask_in_process

    class Falsified:
        def __init__(self, *arguments):
            self.running = real(*arguments)

        def result(self):
            answered = self.running.result()
            rows = dict(answered.rows[key])
            patient, (first, *rest) = next(iter(sorted(rows.items())))
            rows[patient] = [(*first[:-1], "otherwise"), *rest]
            return dataclasses.replace(answered, rows={**answered.rows, key: rows})

        def stop(self):
            self.running.stop()

    monkeypatch.setattr(run_module, "ask_in_process", Falsified)
    with pytest.raises(
        MyosotisError, match=f"rows that '{key}' counts came out differently .* for 1 patients; no result"
    ):
        compute(open_study(STUDY.parent / "baricitinib_jdm"))


def test_an_engine_that_dies_is_told_and_nothing_hangs(monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(MyosotisError, match="the evaluation on the engine failed"):
        compute(open_study(STUDY))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1\n\nPatientIs(field='race', texts=('x',))\n", "protocol.py, line 4: PatientIs: field is 'race'"),
        ("x = (\n", "protocol.py, line 2: SyntaxError"),
        ("\nx = 1 / 0\n", "protocol.py, line 3: ZeroDivisionError"),
    ],
)
def test_what_is_wrong_in_a_protocol_is_told_with_its_line_from_any_folder(tmp_path, monkeypatch, text, told):
    (tmp_path / "study").mkdir()
    head = "from myosotis.language.criteria import PatientIs\n"
    (tmp_path / "study" / "protocol.py").write_text(head + text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for folder in (Path("study"), tmp_path / "study"):
        with pytest.raises(ProtocolError, match=told):
            load_protocol(folder)


WORDS = """from myosotis.analysis import Outcome, Share
from myosotis.language import Categories, Visit, condition, drugs, first_dose, visit_day, week
from myosotis.measures.jdm.instruments import cmas, ulceration
from myosotis.measures.observations import ck
from myosotis.measures.safety_grades import ctcae_5_ck
from myosotis.protocol import Protocol
from myosotis.study import Endpoint, Rule
import myosotis.language as language
week_4 = week(4, give_or_take=14)
value, mtx = cmas.at(week_4), drugs("MTX", names=("MTX",))
"""


def told_of(tmp_path, text):
    """Write a protocol that ends in some lines, and give what its refusal says."""
    (tmp_path / "protocol.py").write_text(WORDS + text + "\n", encoding="utf-8")
    with pytest.raises(ProtocolError) as refused:
        load_protocol(tmp_path)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Outcome(ck)", "Outcome was given 1 without a name and takes none; write Outcome(key=..., label=..., unit="),
        ("Protocol(titel='x')", "Protocol has no 'titel'; did you mean 'title'? Protocol takes key, version, title,"),
        ("mtx.days_on('drug', first=0, last=84, frm=1)", ".days_on has no 'frm'; .days_on takes first, last"),
        ("mtx.days_on(0, 84)", ".days_on was given 2 without a name and takes none; write .days_on(first=..., last=...)"),
        ("mtx.days_on(first=0)", ".days_on was not given last; write .days_on(..., last=...)"),
        ("Rule('adult', value >= 3)", "Rule was given 2 without a name and takes none; write Rule(name=..., criterion="),
        ("week(4)", "week was not given give_or_take; write week(..., give_or_take=...)"),
        ("week(4, 14)", "week was given 2 without a name and takes at most 1; write week(number, give_or_take=...)"),
        ("week(4, number=4, give_or_take=1)", "week was given 'number' twice, once without its name"),
        ("ck.at()", ".at was not given window; write .at(window)"),
        ("ulceration.at()", ".at was not given window"),
        ("ctcae_5_ck.at()", ".at was not given visit; write .at(visit)"),
        ("condition(names=('ILD',))", "condition has no 'names'; condition takes names (any number, without a name)"),
        ("ctcae_5_ck(week_4)", "Measure is a measure without a visit; name one, as in .at(window)"),
        ("ck.att(week_4)", "ck has no 'att'; did you mean 'at'? it has at, best,"),
        ("mtx.dose(0)", "a Treatment has no 'dose'; did you mean 'dose_at'?"),
        ("value.at(week_4)", "a Value has no 'at'; it has change_from,"),
        ("cmas.at.recorded()", "at is not called, and has no 'recorded'; write at(...).recorded"),
        ("cmas.at >= 48", "a function stands there and is not called; write its brackets"),
        ("language.wek(4)", "myosotis.language has no wek; did you mean 'week'?"),
        ("wek(4, give_or_take=14)", "wek is not defined; did you mean 'week'?"),
        ("PatientIs(field='sex', texts=('female',))", "write: from myosotis.language.criteria import PatientIs"),
        ("days_on(first=0, last=84)", "days_on is no word of its own; ask it of a treatment, as in drugs("),
        ("from myosotis.analysis import Outcom", "myosotis.analysis has no Outcom; did you mean 'Outcome'?"),
        ("from myosotis.analysis import week", "myosotis.analysis has no week; write: from myosotis.language import week"),
        ("import myosotis.anlysis", "there is no myosotis.anlysis; did you mean 'myosotis.analysis'?"),
        ("week_4.first = 3", "cannot assign to field 'first': what is declared never changes"),
        ("value ** 2", "Picked is a value, not known until it meets a patient; calculate with +, -, *, / and abs()"),
        ("value[0]", "Picked is a value"),
        ("round(value)", "Picked is a value"),
        ("sum([value >= 1, value >= 2])", "Compare is a criterion, .* count several with CountTrue"),
        ("week_4 + 7", "Window is a window; its days are .first, .target and .last"),
        ("mtx > 3", "Treatment is a treatment; ask it, as in .taken_on(0)"),
        ("Share(key='s', label='s', criterion=value.recorded)", "criterion is .recorded without its brackets; .*: call it"),
        ("first_dose(('a', 'b'))", "its first is ('a', 'b'); give a text"),
        ("Endpoint(key='e', label='e', variable=cmas.at(Visit(), 4) >= 3, at=(week_4,), if_not_evaluable='no')",
         ".at was given 2 without a name and takes at most 1"),
    ],
)  # fmt: skip
def test_a_word_that_is_used_wrongly_is_told_with_its_line_and_the_names_there_are(tmp_path, text, told):
    said = told_of(tmp_path, "\n" + text)
    assert said.startswith(f"protocol.py, line {WORDS.count(chr(10)) + 2}: ")
    assert re.search(re.escape(told).replace(r"\.\*", ".*"), said), said


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("def helper(a):\n    return a\n\nhelper(1, 2)", 4, "TypeError: helper() takes 1 positional argument but 2"),
        ("def week(a):\n    return a\n\nweek(1, 2)", 4, "TypeError: week() takes 1 positional argument but 2 were given"),
        ("class Outcome:\n    def __init__(self): ...\nOutcome(b=1)", 3, "TypeError: Outcome.__init__() got an unexpected"),
        ("def helper(a):\n    return a + 'x'\n\nhelper(1)", 2, "TypeError: unsupported operand type(s) for +: 'int'"),
        ("class Own: ...\nOwn().x", 2, "AttributeError: 'Own' object has no attribute 'x'"),
        ("import no_such_module", 1, "ModuleNotFoundError: No module named 'no_such_module'"),
        ("Endpoint(key='e', label='e', variable=abs('x'), at=(week_4,), if_not_evaluable='no')", 1,
         "TypeError: bad operand type for abs(): 'str'"),
    ],
)  # fmt: skip
def test_what_fails_in_the_protocol_s_own_functions_stays_theirs(tmp_path, text, line, told):
    said = told_of(tmp_path, text)
    assert said.startswith(f"protocol.py, line {WORDS.count(chr(10)) + line}: ")
    assert told in said


def test_a_fault_within_the_package_is_not_laid_at_the_protocol_s_door(tmp_path, monkeypatch):
    monkeypatch.setattr("myosotis.language.series.as_value", lambda: None)
    assert "TypeError: " in told_of(tmp_path, "mtx.taken_on(0)")
