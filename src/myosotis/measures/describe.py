"""The catalogue in words: search it, and say all there is to one definition."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from myosotis.core.definition import Definition, Example
from myosotis.language.criteria import NamedCriterion
from myosotis.language.sentences import plain_number, sentence
from myosotis.language.structure import walk
from myosotis.language.values import NamedValue
from myosotis.measures.catalogue import catalogue, find
from myosotis.measures.derived.derivation import Derivation
from myosotis.measures.measure import Measure

__all__ = ["describe", "example_in_words", "parts_in_words", "search", "sentence_of"]

_ENDS = (("from", "start_day"), ("to", "stop_day"))
_LONGEST = 500  # characters that a reader will follow in one sentence


def search(text: str) -> tuple[Definition, ...]:
    """Find the definitions in whose key, label, note or sources every word occurs, whatever its case and accents.

    What is called so comes first, then those with all words in the key, then those with them in key or label, each
    in key order. Nothing to search for finds everything.

    >>> [one.key for one in search("inactive almeida")]
    ['inactive_disease_almeida_2015']
    """
    words = _folded(text).split()
    ranked: list[tuple[int, Definition]] = []
    for one in catalogue():
        key, label = _folded(f"{one.key} {one.key.replace('_', ' ')}"), _folded(one.label)
        rest = _folded(f"{one.note} {' '.join(map(str, one.citations))}")
        if " ".join(words) == label:
            ranked.append((-1, one))
            continue
        for rank, place in enumerate((key, f"{key} {label}", f"{key} {label} {rest}")):
            if all(word in place for word in words):
                ranked.append((rank, one))
                break
    return tuple(one for _, one in sorted(ranked, key=lambda entry: entry[0]))


def describe(key: str) -> str:
    """Say all there is to a definition as lines of plain text: rule, unit, range, missing, choices, sources, examples.

    Raises `UnknownNameError` naming the nearest keys.
    """
    entry = find(key)
    definition = entry if isinstance(entry, Definition) else entry.definition
    lines = [f"{definition.key}  {definition.label}", f"{definition.kind}, version {definition.version}", ""]
    if isinstance(entry, Measure):
        lines += [f"  {sentence_of(entry)}", ""]
        lines += [f"    {name}: {text}" for name, text in parts_in_words(entry).items()]
    if isinstance(entry, Derivation):
        lines += [f"  {entry.sentence}", ""]
    lines += [f"  {name}: {text}" for name, text in _facts(definition, entry).items()]
    if isinstance(entry, Measure) and entry.choices:
        lines += ["", "  what the protocol must choose"]
        for choice in entry.choices:
            lines.append(f"    {choice.key}: {choice.label}")
            lines += [f"      {option!r}: {meaning}" for option, meaning in choice.options]
    lines += ["", "  sources", *(f"    {citation}" for citation in definition.citations), "", "  examples"]
    lines += [f"    {example_in_words(example)}" for example in definition.examples]
    return "\n".join(lines)


def sentence_of(measure: Measure) -> str:
    """Say the rule in English, and the categories that its value falls in."""
    categories = measure.example_categories()
    said = measure.sentence
    return said if categories is None else f"{said}. Categories: {sentence(categories)}"


def parts_in_words(measure: Measure) -> Mapping[str, str]:
    """Say each named part of a rule, by its key: the names under which a calculation lists its contributions.

    A part of more than 500 characters is named only; `explain` spells it out.
    """
    parts = {}
    for one in walk(measure.example_node()):
        if isinstance(one, NamedValue | NamedCriterion) and not one.version:
            said, name = sentence(one.of), sentence(one)
            short = said != name and len(said) <= _LONGEST
            parts[one.key] = f"{name}, that is: {said}" if short else name
    return parts


def example_in_words(example: Example) -> str:
    """Write an example on one line: what goes in, what comes out, and where it is from."""
    moments = []
    for moment, given in example.inputs.items():
        if isinstance(given, Mapping):
            shown = ", ".join(f"{name} {_shown(value)}" for name, value in given.items())
            moments.append(f"{moment}: {shown or 'nothing recorded'}")
        elif given:
            moments.append(f"{moment}: " + ", ".join(_listed(one) for one in given))
    came_to = "not evaluable" if example.expected is None else _shown(example.expected)
    note = f" ({example.note})" if example.note else ""
    return f"{'; '.join(moments) or 'nothing recorded'} → {came_to}{note}"


def _facts(definition: Definition, entry: Definition | Measure | Derivation) -> dict[str, str]:
    facts = {"looks at": " and ".join(entry.moments)} if isinstance(entry, Measure) else {}
    if definition.unit:
        facts["unit"] = definition.unit
    if definition.range is not None:
        facts["range"] = str(definition.range)
    if definition.direction != "neither":
        facts["direction"] = definition.direction
    facts["when something is missing"] = definition.missing
    if definition.note:
        facts["note"] = definition.note
    return facts


def _listed(one: Any) -> str:  # noqa: ANN401 - a condition or a course
    if isinstance(one, Mapping) and "drug" in one:
        told = [_shown(one[name]) for name in ("drug", "dose", "dose_unit") if one.get(name) is not None]
        days = [f"{word} day {_shown(one[name])}" for word, name in _ENDS if one.get(name) is not None]
        if len(days) == 2 and one["start_day"] == one["stop_day"]:
            days = [f"on day {_shown(one['start_day'])}"]
        return " ".join([*told, *(["without a dose"] if one.get("dose", 0) is None else []), *days])
    if isinstance(one, Mapping):
        return " ".join(f"{name.replace('_', ' ')} {_shown(value)}" for name, value in one.items())
    return str(one)


def _shown(value: Any) -> str:  # noqa: ANN401 - as examples are written
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " to ".join(map(_shown, value))
    return plain_number(float(value)) if isinstance(value, int | float) else str(value)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
