"""Rules over events, courses and all values of a test: their examples hold, and the lock sees every answer they give."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import product

import pytest

from myosotis.analysis.derivations import derivations_of
from myosotis.core.fatal import FATAL_OUTCOMES
from myosotis.loading import load_protocol
from myosotis.measures import find
from myosotis.measures.catalogue import derivations, fingerprints
from myosotis.measures.derived.events_of_interest import JAK_INHIBITOR_EVENTS
from myosotis.measures.derived.jak_events import DERIVATIONS as OF_JAK_INHIBITORS
from myosotis.measures.derived.organ_course import _BY_WORD
from myosotis.measures.derived.seriousness import NAMED, NOT_SERIOUS
from myosotis.measures.describe import describe

KEYS = sorted(derivations())


@pytest.mark.parametrize("key", KEYS)
def test_every_example_comes_out(key):
    rule = derivations()[key]
    for example in rule.definition.examples:
        assert rule.derive(**example.inputs) == example.expected, example


@pytest.mark.parametrize("key", KEYS)
def test_the_cases_tell_the_rule_from_any_that_always_says_the_same(key):
    rule = derivations()[key]
    answers = {str(rule.derive(**inputs)) for inputs in rule.cases()}
    assert len(answers) >= 2
    assert {str(one.expected) for one in rule.definition.examples} & answers


@pytest.mark.parametrize("key", KEYS)
def test_one_other_answer_changes_the_fingerprint(key):
    rule = derivations()[key]
    cases = [dict(inputs) for inputs in rule.cases()]
    for place in (0, len(cases) // 2, len(cases) - 1):

        def otherwise(place=place, **inputs):
            return "another answer" if inputs == cases[place] else rule.derive(**inputs)

        assert replace(rule, derive=otherwise).fingerprint != rule.fingerprint
    assert rule.fingerprint == fingerprints()[key][1]


WORDS = {
    "myosotis.core.fatal.FATAL_OUTCOMES": ("serious_event", FATAL_OUTCOMES),
    "myosotis.measures.derived.seriousness.NAMED": ("serious_event", NAMED),
    "myosotis.measures.derived.seriousness.NOT_SERIOUS": ("serious_event", NOT_SERIOUS),
    "myosotis.measures.derived.organ_course._BY_WORD": ("organ_course", _BY_WORD),
}


@pytest.mark.parametrize(("where", "word"), [(where, word) for where, (_, words) in WORDS.items() for word in words])
def test_a_word_that_a_rule_no_longer_knows_changes_its_fingerprint(monkeypatch, where, word):
    key, words = WORDS[where]
    rule = derivations()[key]
    cases, before = list(rule.cases()), rule.fingerprint
    if isinstance(words, tuple):
        kept = tuple(one for one in words if one != word)
    else:
        kept = {one: meaning for one, meaning in words.items() if one != word}
    module, _, name = where.rpartition(".")
    monkeypatch.setattr(sys.modules[module], name, kept)
    assert replace(rule, cases=lambda: cases).fingerprint != before


def test_a_place_is_that_of_the_days_counted_by_hand():
    """A second implementation, by lists of days."""
    place = derivations()["treatment_emergent"].derive
    for onset, first, last, more, until in product(range(-3, 12), (0, 2), (None, 2, 5), (0, 3), (4, 20)):
        emergent = range(first, (10**6 if last is None else last + more) + 1)
        if onset < first:
            expected = "before the first dose"
        elif onset not in emergent:
            expected = "after the treatment-emergent window"
        else:
            expected = "treatment-emergent" if onset in range(until + 1) else "outside follow-up"
        treatment = {"first_dose": first, "last_dose": last, "emergent_until": more}
        assert place({"onset": onset}, treatment, {"first": 0, "last": until}) == expected


@pytest.mark.parametrize("group", JAK_INHIBITOR_EVENTS, ids=lambda group: group.key)
def test_every_term_of_a_group_belongs_to_it_and_a_headache_to_none(group):
    rule = next(one for one, of in zip(OF_JAK_INHIBITORS, JAK_INHIBITOR_EVENTS, strict=True) if of is group)
    assert all(rule.derive(event={"term": term.upper()}) is True for term in group.terms)
    assert rule.derive(event={"term": "Headache"}) is False


def test_a_derivation_is_found_and_told_like_any_definition():
    assert find("serious_event") is derivations()["serious_event"]
    told = describe("serious_event")
    assert "ICH E2A" in told
    assert derivations()["serious_event"].sentence in told
    assert "whatever its grade" in told


def test_a_study_rests_on_the_derivations_of_its_analyses_and_not_on_a_group_that_it_changed(examples_folder):
    protocol = load_protocol(examples_folder / "baricitinib_jdm")
    used = {one.key for analysis in protocol.analyses for one in derivations_of(analysis)}
    assert {
        "serious_event",
        "treatment_emergent",
        "organ_course",
        "worst_grade_after_baseline",
        "time_to_taper",
    } <= used
    assert "jak_event_herpes_zoster" in used
    safety = next(
        one for one in protocol.analyses if derivations_of(one)[1:2] == (derivations()["treatment_emergent"],)
    )
    changed = tuple(
        replace(group, terms=(*group.terms, "Varicella")) if group.key == "herpes zoster" else group
        for group in safety.of_interest
    )
    kept = {one.key for one in derivations_of(replace(safety, of_interest=changed))}
    assert "jak_event_herpes_zoster" not in kept
    assert "jak_event_herpes_simplex" in kept


@pytest.fixture
def examples_folder(request):
    return request.config.rootpath / "examples"
