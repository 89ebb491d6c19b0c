"""A protocol as `protocol.py`: the same words as in the other forms, with what they are imported from."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from types import ModuleType

from myosotis import analysis, language, study
from myosotis.core import definition
from myosotis.document.layout import wrapped
from myosotis.document.naming import Naming
from myosotis.document.wording import Wording
from myosotis.document.words import own_measures, own_observations, words_of
from myosotis.language import criteria, values
from myosotis.language.series import Flag, Series
from myosotis.measures import declare
from myosotis.measures.catalogue import measures
from myosotis.measures.modules import modules, observations

__all__ = ["to_python"]

# Where a word is imported from: the first of these that offers it, else where it is made.
_OFFERED: tuple[ModuleType, ...] = (language, analysis, study, criteria, values, definition, declare)
_WIDTH = 118


def to_python(declared: object, name: str) -> str:
    """Write a declaration as a Python module that makes it and calls it `name`.

    Raises `ProtocolError` for what no protocol can hold.
    """
    observed, measured = own_observations(declared), own_measures(declared)
    own, words = {**observed, **measured}, words_of(type(declared))  # type: ignore[arg-type]  # a class can be hashed
    words = {**words, type(declared).__name__: type(declared)}
    naming = Naming(declared, {**words, name: declared, "date": None}, own)
    wording, declaring = Wording(naming.find, own), Wording(lambda _: None, {})
    ruling = Wording(lambda _: None, observed)
    texts = {key: declaring.text(one) for key, one in observed.items()}
    texts |= {key: ruling.text(one) for key, one in measured.items()}
    texts |= {part: wording.written_out(of) for part, of in naming.parts.items()}
    texts[name] = wording.written_out(declared)
    used = {key: _names_in(text) for key, text in texts.items()}
    asked = sorted({word for names in used.values() for word in names} - set(texts) - set(vars(builtins)))
    homes = {word: _home(word, words) for word in asked}
    by_key = {word: _by_key(word) for word in asked if not homes[word]}
    texts = by_key | texts
    used |= {word: set() for word in by_key}
    lines = [f"{key} = {wrapped(texts[key], before=len(key) + 3)}" for key in _in_order(used)]
    return "\n".join((*_opening(declared), *_imports(homes, by_key), "", *lines[:-1], "", lines[-1], ""))


def _opening(declared: object) -> list[str]:
    title = str(getattr(declared, "title", ""))
    return [f'"""{title}."""', ""] if title.strip() and title.isprintable() and not {'"', "\\"} & set(title) else []


def _names_in(text: str) -> set[str]:
    return {part.id for part in ast.walk(ast.parse(text, mode="eval")) if isinstance(part, ast.Name)}


def _in_order(used: Mapping[str, set[str]]) -> list[str]:
    """Give names so that each comes after those that it uses."""
    done: dict[str, None] = {}

    def after(name: str) -> None:
        for one in used:
            if one in used[name] and one not in done:
                after(one)
        done.setdefault(name)

    for name in used:
        after(name)
    return list(done)


def _home(word: str, words: Mapping[str, object]) -> str:
    """Name the module that a word is imported from; "" for a definition that is found in the catalogue by its key."""
    if word == "date":
        return "datetime"
    found = words[word]
    if word in measures() or word in observations():
        offered = (module for module in modules().values() if word in getattr(module, "__all__", ()))
        return next((module.__name__ for module in offered if getattr(module, word) == found), "")  # type: ignore[attr-defined]
    offers = (module.__name__ for module in _OFFERED if word in module.__all__ and getattr(module, word) is found)
    return next(offers, found.__module__)


def _by_key(word: str) -> str:
    if word in measures():
        return f'measures()["{word}"]'
    kind = {"number": Series, "yes or no": Flag}.get(observations()[word].type)
    held = f'observations()["{word}"]'
    return f"{kind.__name__}(definition={held})" if kind is not None else held


def _imports(homes: Mapping[str, str], by_key: Mapping[str, str]) -> Iterator[str]:
    """Write the imports, by module."""
    from_: dict[str, set[str]] = {}
    for word, home in homes.items():
        if home:
            from_.setdefault(home, set()).add(word)
    for text in by_key.values():
        for word in _names_in(text):
            home = language.__name__ if word in language.__all__ else "myosotis.measures.catalogue"
            from_.setdefault(home, set()).add(word)
    for home in sorted(from_, key=lambda name: (name.startswith("myosotis"), name)):
        words = sorted(from_[home])
        line = f"from {home} import {', '.join(words)}"
        yield (
            line
            if len(line) <= _WIDTH
            else "\n".join((f"from {home} import (", *(f"    {one}," for one in words), ")"))
        )
        if not home.startswith("myosotis"):
            yield ""
