"""A protocol and its document say the same, whatever is declared."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from myosotis.document import from_document, to_document
from myosotis.language import Categories, Visit
from myosotis.language.values import NamedValue
from myosotis.measures.catalogue import measures
from myosotis.protocol import Protocol


def _beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    spec.loader.exec_module(module)
    return module


each, drawn = _beside("one_of_each"), _beside("protocols")
slow = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def same_again(declared):
    """Write and read a declaration through text; the document of what is read must be the same too."""
    document = to_document(declared)
    read = from_document(json.loads(json.dumps(document)), type(declared))
    assert read == declared
    assert to_document(read) == document
    return document


@slow
@given(drawn.protocols())
def test_a_generated_protocol_is_read_back_equal_with_the_same_text_and_fingerprint(protocol):
    text = protocol.to_json()
    read = Protocol.from_json(text)
    assert read == protocol
    assert read.to_json() == text
    assert read.fingerprint == protocol.fingerprint


@pytest.mark.parametrize("protocol", drawn.SHIPPED, ids=lambda one: one.key)
def test_the_protocol_of_a_shipped_study_is_read_back_equal(protocol):
    assert Protocol.from_json(protocol.to_json()) == protocol


@pytest.mark.parametrize("node", each.EACH, ids=lambda one: type(one).__name__)
def test_an_expression_of_every_kind_is_read_back_equal(node):
    same_again(node)


@pytest.mark.parametrize("chosen", drawn.CHOSEN, ids=lambda one: "-".join((one[0].key, *map(str, one[1].values()))))
def test_every_measure_with_every_choice_stands_by_its_key_and_is_read_back_equal(chosen):
    measure, choices = chosen
    for at in (drawn.AFTER, Visit()):
        made = drawn.applied(measure, choices, at)
        document = same_again(made)
        assert document["protocol"]["is"] == "applied", "the rule stands in the catalogue and not in the document"
        if isinstance(made, Categories):
            same_again(made.is_in(made.levels[0]))
        if measure.sorting is not None:
            same_again(measure.category(*(drawn.BEFORE, at)[2 - len(measure.moments) :], **choices))


def test_a_rule_that_is_no_longer_what_the_catalogue_says_is_written_in_full():
    """Someone changed a part of an expression of the catalogue: it is no longer that of the catalogue."""
    made = next(one for one in _plain_values())
    changed = dataclasses.replace(made, label="another label")
    document = same_again(changed)
    assert document["protocol"]["is"] == "NamedValue"
    assert document["protocol"]["label"] == "another label"


def _plain_values():
    made = [one.at(drawn.AFTER) for one, choices in drawn.VALUES if not choices and len(one.moments) == 1]
    return [one for one in made if isinstance(one, NamedValue)]


@slow
@given(drawn.protocols(), drawn.protocols())
def test_two_protocols_have_one_fingerprint_when_and_only_when_they_are_equal(one, other):
    assert (one.fingerprint == other.fingerprint) == (one == other)


def test_every_measure_of_the_catalogue_was_asked():
    assert {measure.key for measure, _ in drawn.CHOSEN} == set(measures())
