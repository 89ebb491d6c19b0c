"""A protocol is checked against itself, and runs its own examples, before any patient is read."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from myosotis import run as run_module
from myosotis.errors import MissingChoiceError, MyosotisError, ProtocolError
from myosotis.language.evaluate import Evaluated
from myosotis.protocol import ExamplePatient, load_protocol
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
    monkeypatch.setattr("myosotis.protocol.judge", refuse)
    with pytest.raises(MissingChoiceError, match="'eligibility: at least one score at inclusion': choose one"):
        protocol.check_expressions()


def test_a_study_whose_two_evaluations_differ_is_refused(monkeypatch):
    """Falsify one patient's value on the engine's side."""
    real = run_module.evaluate_beside

    class Falsified:
        def __init__(self, *arguments):
            self.running = real(*arguments)

        def result(self):
            found = self.running.result()
            name = "das28 at month 3"
            first, *rest = found.columns[name]
            return Evaluated(
                patients=found.patients,
                query=found.query,
                columns={**found.columns, name: ((first or 0.0) + 1e-6, *rest)},
            )

        def stop(self):
            self.running.stop()

    monkeypatch.setattr(run_module, "evaluate_beside", Falsified)
    with pytest.raises(
        MyosotisError, match=r"'das28 at month 3' came out differently .* for 1 patients; no result was written"
    ):
        compute(open_study(STUDY))


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
