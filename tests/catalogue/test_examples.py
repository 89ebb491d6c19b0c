"""Every definition is complete, and each of its worked examples comes out on every engine and in the calculator."""

from __future__ import annotations

import importlib
import importlib.util
import math
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from myosotis.language.canonical import canonical
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import recorded_days, records
from myosotis.language.sentences import sentence
from myosotis.language.series import Flag, Series
from myosotis.measures import find, names
from myosotis.measures.calculate import calculate
from myosotis.measures.catalogue import catalogue, derivations, measures
from myosotis.measures.examples import as_dataset
from myosotis.measures.modules import MODULES, observation_catalogue, observations
from myosotis.measures.moments import VISIT

_SPEC = importlib.util.spec_from_file_location("engines", Path(__file__).parents[1] / "spec" / "engines.py")
assert _SPEC is not None
assert _SPEC.loader is not None
_engines = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_engines)
ENGINES = _engines.ENGINES

CATALOGUE = catalogue()
INDEX = recorded_days()


def choices_of(measure, example):
    chosen = {choice.key: choice.example for choice in measure.choices}
    return {**chosen, **example.inputs.get("choices", {})}


def nodes_and_examples():
    """Give each example a name, an expression, and what it expects; a text observation has no expression."""
    for definition in CATALOGUE:
        measure = measures().get(definition.key)
        for number, example in enumerate(definition.examples):
            name = f"{definition.key}.{number}"
            if measure is not None:
                node = measure.example_node(**choices_of(measure, example))
                categories = measure.example_categories(**choices_of(measure, example))
                by_value = not isinstance(example.expected, str) or categories is None
                yield name, node if by_value else categories, example
            else:
                held = find(definition.key)
                if isinstance(held, Series | Flag):
                    yield name, held.at(VISIT), example


ALL = list(nodes_and_examples())
# Equal rules are evaluated once, for all patients at a time: one query an engine.
RULES = {canonical(node): node for _, node, _ in ALL}
LABELS = {rule: f"rule_{i}" for i, rule in enumerate(RULES)}


# On an engine one observation of each type stands for all: they are the same leaf with another name.
ON_ENGINES = [
    entry
    for entry in ALL
    if entry[0].rpartition(".")[0] in measures() or entry[0].startswith(("cmas.", "ulceration.", "ck."))
]


def mismatches(found, entries=ALL):
    wrong = {}
    for name, node, example in entries:
        result, expected = found[LABELS[canonical(node)]][name], example.expected
        same = result == expected and type(result) is type(expected)
        if isinstance(expected, int | float) and not isinstance(expected, bool) and isinstance(result, float):
            # Examples are worked by hand to at most 10 digits.
            same = math.isclose(result, expected, rel_tol=1e-9, abs_tol=1e-9)
        if not same:
            wrong[name] = (result, expected, example.note)
    return wrong


@pytest.fixture(scope="module")
def data():
    return as_dataset({name: example for name, _, example in ALL})


def test_every_example_comes_out_in_plain_python(data):
    patients = {record.patient_id: record for record in records(data, INDEX)}
    found: dict[str, dict[str, object]] = {}
    for name, node, _ in ALL:
        found.setdefault(LABELS[canonical(node)], {})[name] = evaluate_patient(node, patients[name]).result
    assert mismatches(found) == {}


@pytest.mark.parametrize("engine", sorted(set(ENGINES) - {"python"}))
def test_every_example_comes_out_on_each_engine(data, engine):
    labelled = {LABELS[canonical(node)]: node for _, node, _ in ON_ENGINES}
    assert mismatches(ENGINES[engine](labelled, data, INDEX), ON_ENGINES) == {}


@pytest.mark.parametrize("key", sorted(measures()))
def test_every_example_comes_out_in_the_calculator(key):
    measure = measures()[key]
    for example in measure.definition.examples:
        inputs = dict(example.inputs)
        inputs.pop("choices", None)
        extra = {"treatments": inputs.pop("treatments", []), "conditions": inputs.pop("conditions", [])}
        got = calculate(measure, inputs, choices_of(measure, example), observation_catalogue(), **extra)
        if isinstance(example.expected, float | int) and not isinstance(example.expected, bool):
            assert got.value == pytest.approx(example.expected, rel=1e-9, abs=1e-9)
        elif isinstance(example.expected, str) and measure.sorting is not None:
            assert got.category == example.expected
        else:
            assert got.value == example.expected, example


@pytest.mark.parametrize("key", names())
def test_every_definition_is_complete(key):
    definition = CATALOGUE[key]
    assert definition.examples, "a definition has worked examples"
    assert definition.citations
    assert all(citation.text for citation in definition.citations)
    assert definition.version
    assert definition.missing
    assert definition.label
    if definition.type == "number":
        assert definition.unit
        assert definition.range is not None
    if key in measures():
        text = measures()[key].sentence
        assert text
        assert "NamedValue" not in text
        if definition.kind in ("criterion", "classification"):
            assert len({str(example.expected) for example in definition.examples}) > 1, "examples differ in outcome"
        for choice in measures()[key].choices:
            assert choice.label
            choice.checked(choice.example, key)
    elif key in derivations():
        assert derivations()[key].sentence
        assert len({str(example.expected) for example in definition.examples}) > 1, "examples differ in outcome"
    elif definition.type != "text":
        assert sentence(find(key).at(VISIT))


def test_every_key_can_be_imported_by_name():
    import myosotis.measures

    for key in names():
        held = getattr(myosotis.measures, key)
        assert getattr(held, "definition", held).key == key


def test_an_unknown_name_is_refused_with_the_nearest():
    import myosotis.measures

    with pytest.raises(AttributeError, match="cmas"):
        _ = myosotis.measures.cmass


def test_every_module_with_definitions_is_listed():
    import myosotis.measures

    listed = {f"myosotis.measures.{name}" for name in MODULES}
    for one in pkgutil.walk_packages(myosotis.measures.__path__, "myosotis.measures."):
        if one.name in listed or one.name == "myosotis.measures.catalogue":
            continue
        module = importlib.import_module(one.name)
        assert not getattr(module, "MEASURES", ()), one.name
        assert not getattr(module, "OBSERVATIONS", ()), one.name
        assert not getattr(module, "DERIVATIONS", ()), one.name


def test_observations_and_measures_make_the_catalogue():
    assert len(CATALOGUE) == len(observations()) + len(measures()) + len(derivations())


def test_what_the_modules_hold_can_be_had_from_the_catalogue():
    from myosotis.measures import modules
    from myosotis.measures.catalogue import observation_catalogue as from_catalogue

    assert from_catalogue is modules.observation_catalogue


def test_no_key_hides_a_module_or_is_hidden_by_one():
    import myosotis.measures

    modules = {one.name for one in pkgutil.walk_packages(myosotis.measures.__path__)}
    assert modules.isdisjoint(names())


def test_a_key_is_found_in_a_fresh_interpreter():
    code = "from myosotis.measures import cmas, catalogue; print(cmas.definition.key)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "cmas\n"
