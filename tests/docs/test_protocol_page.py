"""The page of the protocol shows every word with an example, and every example is evaluated as it is printed."""

from __future__ import annotations

import dataclasses
import importlib.util
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

import myosotis
from myosotis.core.catalogue import Catalogue
from myosotis.core.toml_places import Place
from myosotis.definitions import read_definitions
from myosotis.document.expression import Names, evaluated
from myosotis.document.placing import Placing
from myosotis.document.words import words_of
from myosotis.language import baseline_window, recorded_days, week
from myosotis.language.criteria import Categories
from myosotis.language.series import Condition, Flag, Series, Treatment
from myosotis.language.values import Value
from myosotis.plan import Draft
from myosotis.plan.draft import completed
from myosotis.protocol import Protocol

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
_SPEC = importlib.util.spec_from_file_location("protocol_examples", ROOT / "docs" / "protocol_examples.py")
shown: ModuleType = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(shown)

VISITS = (baseline_window(days=28), week(4, give_or_take=14), week(24, give_or_take=28))
CASES = [(word, text) for word, texts in shown.EXAMPLES.items() for text in texts]


def evaluate(text):
    words = words_of(Protocol)

    def find(name):
        return evaluate(shown.NAMES[name]) if name in shown.NAMES else words[name]

    names = Names(find=find, known=lambda: [*shown.NAMES, *words])
    return evaluated(text, names, lambda offset: Place(line=1, column=offset + 1), Placing())


@pytest.mark.parametrize(("word", "text"), CASES, ids=[text for _, text in CASES])
def test_an_example_is_evaluated_and_a_short_word_makes_a_whole_record(word, text):
    assert text in PAGE
    found = evaluate(text)
    assert found is not None
    if isinstance(found, Draft):
        defaults = evaluate(shown.EXAMPLES["Defaults"][0])
        study = dataclasses.replace(defaults, follow_up=VISITS[2])
        assert not isinstance(completed(found, VISITS, study), Draft)


def test_every_word_of_the_package_stands_on_the_page_with_an_example():
    told = {
        "Protocol",
        "Friedman",
        "EventsOfInterest",
        "Citation",
        "definitions_beside",
    }  # in an example of another, or below
    for name in set(myosotis.__all__) - told:
        assert name in shown.EXAMPLES, name
        assert re.search(rf"^### `?{re.escape(name)}\b", PAGE, flags=re.MULTILINE | re.IGNORECASE), name
    for name in told:
        assert f"{name}(" in PAGE or f"### {name}" in PAGE, name


@pytest.mark.parametrize(
    "kind", [Series, Flag, Treatment, Condition, Value, Categories], ids=lambda kind: kind.__name__
)
def test_everything_that_can_be_asked_stands_in_an_example(kind):
    examples = "\n".join(text for texts in shown.EXAMPLES.values() for text in texts)
    for name, member in vars(kind).items():
        if not name.startswith("_") and inspect.isfunction(member):
            assert f".{name}(" in examples, name


def test_every_example_is_of_its_word():
    for word, texts in shown.EXAMPLES.items():
        if word[0].islower():
            assert all(f"{word}(" in text or f"{word}." in text for text in texts), word


def test_the_examples_make_a_protocol_that_is_read_back():
    analyses = [
        evaluate(shown.EXAMPLES[word][0])
        for word in ("table_one", "patient_table", "change", "organs", "laboratory_safety")
    ]
    protocol = Protocol(
        key="k", version="1", title="t", question="q", index=recorded_days(), windows=VISITS, seed=1,
        eligibility=(evaluate('include("severe disease", severe_jdm)'),), analyses=analyses,
        populations=(evaluate(shown.NAMES["muscle"]),), defaults=evaluate(shown.EXAMPLES["Defaults"][0]),
    )  # fmt: skip
    assert Protocol.from_toml(protocol.to_toml()) == protocol


def test_the_file_of_definitions_on_the_page_is_read(tmp_path):
    shown_file = next(text for text in re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL) if "defined(" in text)
    (tmp_path / "definitions.toml").write_text(shown_file, encoding="utf-8")
    own = read_definitions(tmp_path)
    assert [key for key, _ in own.items()] == ["grip", "weak_grip"]
    own["weak_grip"].check_examples(Catalogue.of(own["grip"].definition))
