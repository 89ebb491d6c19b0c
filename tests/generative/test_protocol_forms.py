"""One protocol, three forms: Python, TOML and JSON declare the same, whatever is declared."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import typing
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from myosotis.document import from_toml, to_document, to_toml
from myosotis.document.hints import alternatives, takes_text
from myosotis.document.kinds import kinds_of
from myosotis.document.layout import wrapped
from myosotis.document.words import words_of
from myosotis.errors import MyosotisError
from myosotis.language import Categories, Criterion, Visit
from myosotis.language.values import Value
from myosotis.loading import load_protocol
from myosotis.measures.catalogue import measures
from myosotis.measures.modules import observations
from myosotis.protocol import Protocol
from myosotis.study import Population


def _beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    spec.loader.exec_module(module)
    return module


each, drawn = _beside("one_of_each"), _beside("protocols")
slow = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(drawn.protocols())
def test_a_generated_protocol_says_the_same_in_every_form(protocol):
    text = protocol.to_json()
    assert Protocol.from_toml(protocol.to_toml()).to_json() == text
    assert Protocol.from_toml(Protocol.from_json(text).to_toml()) == protocol


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn.protocols())
def test_a_generated_protocol_in_python_says_the_same(tmp_path_factory, protocol):
    folder = tmp_path_factory.mktemp("study")
    (folder / "protocol.py").write_text(protocol.to_python(), encoding="utf-8")
    assert _executed(folder / "protocol.py").to_json() == protocol.to_json()


def _executed(path):
    """Run the file alone: what the study declares together, such as names of its expressions, is not asked here."""
    spec = importlib.util.spec_from_file_location("generated_protocol", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.protocol


@pytest.mark.parametrize("protocol", drawn.SHIPPED, ids=lambda one: one.key)
def test_a_shipped_protocol_says_the_same_in_every_form(protocol, tmp_path):
    for name, text in (("py", protocol.to_python()), ("toml", protocol.to_toml()), ("json", protocol.to_json())):
        (tmp_path / f"protocol.{name}").write_text(text, encoding="utf-8")
        assert load_protocol(tmp_path / f"protocol.{name}") == protocol
    assert load_protocol(tmp_path) == protocol


def asked(node):
    """Let a protocol's population ask an expression, so that it has a place to stand."""
    criterion = node if isinstance(node, Criterion) else None
    if isinstance(node, Value):
        criterion = node.recorded()
    if isinstance(node, Categories):
        criterion = node.is_in(node.levels[0])
    return Population(key="p", label="p", criterion=criterion)


@pytest.mark.parametrize("node", each.EACH, ids=lambda one: type(one).__name__)
def test_an_expression_of_every_kind_is_written_and_read_back(node):
    population = asked(node)
    assert to_document(from_toml(to_toml(population), Population)) == to_document(population)


@pytest.mark.parametrize("chosen", drawn.CHOSEN, ids=lambda one: "-".join((one[0].key, *map(str, one[1].values()))))
def test_every_measure_with_every_choice_is_written_by_its_key_and_read_back(chosen):
    for at in (drawn.AFTER, Visit()):
        population = asked(drawn.applied(*chosen, at))
        text = to_toml(population)
        assert f"{chosen[0].key}." in text
        assert to_document(from_toml(text, Population)) == to_document(population)


def test_a_text_is_never_both_itself_and_an_expression():
    """A field that takes a text takes no expression beside it: else a protocol could be read in two ways."""
    for kind in kinds_of(Protocol).values():
        for field in fields(kind):
            hint = get_type_hints(kind)[field.name]
            if takes_text(hint) and hint not in (object, typing.Any):
                records = [
                    one
                    for one in alternatives(hint)
                    if isinstance(one, type) and one.__module__.startswith("myosotis.")
                ]
                assert not records, (kind.__name__, field.name)


def test_no_definition_of_the_catalogue_has_the_name_of_a_word():
    own = [name for name in words_of(Protocol) if name not in observations() and name not in measures()]
    assert len(own) + len(observations()) + len(measures()) == len(words_of(Protocol))
    assert {"all_of", "week", "Population", "Characteristics", "measured"} <= set(own)


@given(st.recursive(st.sampled_from(["a", '"text, with (signs] \\" and"', "12.5"]), lambda inner: st.one_of(
    st.lists(inner, max_size=4).map(lambda parts: f"f({', '.join(parts)})"),
    st.lists(inner, min_size=1, max_size=4).map(lambda parts: f"[{', '.join(parts)}]"),
    st.tuples(inner, inner).map(lambda two: f"({two[0]} + {two[1]})"),
), max_leaves=40))  # fmt: skip
def test_a_wrapped_expression_is_the_same_expression(text):
    import ast

    assert ast.dump(ast.parse(wrapped(text), mode="eval")) == ast.dump(ast.parse(text, mode="eval"))


# What a slip of the hand, or an unkind one, may put anywhere into a file.
_JUNK = (
    "\"", "'", "[", "]", "{", "}", "(", ")", "\\", "\n", "=", ",", ".", "*", "**", "/", "-", "0", "1e400", "9" * 30, "nan",
    "None",
    "3and", "lambda", "week(4, give_or_take=1)", "cmas", "\x00", "é", "#", "[[", "is = 3", "jdm", "patient",
        "Visit()", "Window",
    "abs(", "1/0", "'a'*3",
)  # fmt: skip
_TEXTS = [(one.to_toml(), Protocol.from_toml) for one in drawn.SHIPPED] + [
    (drawn.SHIPPED[0].to_json(), Protocol.from_json)
]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(_TEXTS),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(_JUNK), st.integers(0, 12)), min_size=1, max_size=3),
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(whole, slips):
    text, read = whole
    for where, junk, gone in slips:
        place = int(where * len(text))
        text = text[:place] + junk + text[place + gone :]
    with contextlib.suppress(MyosotisError):
        protocol = read(text)
        protocol.nodes()
        protocol.check_examples()
        protocol.check_expressions()
