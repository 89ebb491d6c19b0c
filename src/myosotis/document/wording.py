"""An expression as text in the words of the language, as a person would have written it; read again by `expression`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from myosotis.document.shorthand import SHORT
from myosotis.document.words import observed
from myosotis.document.write import applied_again, applied_of, at_default, whole
from myosotis.language import criteria as c
from myosotis.language import expression as a
from myosotis.language.applied import Applied
from myosotis.measures.catalogue import measures
from myosotis.measures.modules import observations
from myosotis.measures.own import OwnMeasure

__all__ = ["Wording"]

# How tightly a text holds together: as a comparison, a sum, a product, a number with its sign, or one thing.
_COMPARISON, _SUM, _PRODUCT, _SIGN, _ONE = range(5)
_OPERATORS: Mapping[type, tuple[str, int]] = {
    a.Add: ("+", _SUM),
    a.Subtract: ("-", _SUM),
    a.Multiply: ("*", _PRODUCT),
    a.Divide: ("/", _PRODUCT),
}


class Wording:
    """Write expressions, with the names that a protocol gives to parts of them and to observations of its own.

    `named` gives the name of a part, or None for one that is written out.
    """

    def __init__(self, named: Callable[[object], str | None], own: Mapping[str, object]) -> None:
        self.named = named
        self.observations: Mapping[str, object] = {**{key: observed(one) for key, one in observations().items()}, **own}

    def text(self, thing: object) -> str:
        """Write what a field of a record holds."""
        return self._worded(thing)[0]

    def written_out(self, thing: object) -> str:
        """Write what a name stands for: not by that name, but by its parts."""
        return self._out(thing)[0]

    def _worded(self, thing: object) -> tuple[str, int]:
        name = self.named(thing)
        return (name, _ONE) if name is not None else self._out(thing)

    def _out(self, thing: Any) -> tuple[str, int]:  # noqa: ANN401 - whatever stands in an expression
        if thing is None or isinstance(thing, bool):
            return str(thing), _ONE
        if isinstance(thing, str):
            return json.dumps(thing, ensure_ascii=False), _ONE
        if isinstance(thing, int | float):
            return _number(thing)
        if isinstance(thing, date):
            return f"date({thing.year}, {thing.month}, {thing.day})", _ONE
        if isinstance(thing, tuple | list):
            return f"[{', '.join(map(self.text, thing))}]", _ONE
        if isinstance(thing, Mapping):
            entries = (f"{json.dumps(key, ensure_ascii=False)}: {self.text(one)}" for key, one in thing.items())
            return f"{{{', '.join(entries)}}}", _ONE
        applied = applied_of(thing)
        own = None if applied is None else self.observations.get(str(applied.of))
        if applied is not None and isinstance(own, OwnMeasure) and own.at(*applied.given) == thing:  # type: ignore[arg-type]
            return f"{own.key}.at({self.text(applied.given[0])})", _ONE
        if applied is not None and applied_again(applied) == thing:
            return self._applied(applied), _ONE
        if type(thing) in _OPERATORS:
            return self._calculated(thing)
        if isinstance(thing, c.Compare):
            return self._compared(thing)
        write = SHORT.get(type(thing))
        text = None if write is None else write(self, thing)
        return text or self._call(thing), _ONE

    def _applied(self, applied: Applied) -> str:
        of = applied.of if isinstance(applied.of, c.Categories) else measures()[str(applied.of)]
        given = [self.text(one) for one in applied.given]
        choices = [f"{name}={self.text(one)}" for name, one in applied.choices]
        return f"{self.asked(of)}.{applied.word}({', '.join((*given, *choices))})"

    def _calculated(self, thing: Any) -> tuple[str, int]:  # noqa: ANN401 - one of four records with two sides
        sign, level = _OPERATORS[type(thing)]
        # Python works out two numbers, adds a number from the right and multiplies by it from the right.
        commutes = isinstance(thing, a.Add | a.Multiply)
        if isinstance(thing.left, a.Constant) and (commutes or isinstance(thing.right, a.Constant)):
            return self._call(thing), _ONE
        return f"{self._side(thing.left, level)} {sign} {self._side(thing.right, level + 1)}", level

    def _compared(self, thing: c.Compare) -> tuple[str, int]:
        if isinstance(thing.left, a.Constant):
            return self._call(thing), _ONE
        if thing.operator == "=":
            return f"{self.asked(thing.left)}.equals({self._side(thing.right, _COMPARISON)})", _ONE
        return f"{self._side(thing.left, _SUM)} {thing.operator} {self._side(thing.right, _SUM)}", _COMPARISON

    def _side(self, thing: object, least: int) -> str:
        """Write one side of a calculation, in parentheses where it holds together less than is needed."""
        text, level = self._level(thing)
        return text if level >= least else f"({text})"

    def _level(self, thing: object) -> tuple[str, int]:
        """Write a value where a plain number says the same."""
        if isinstance(thing, a.Constant) and self.named(thing) is None:
            return _number(thing.number)
        return self._worded(thing)

    def plain(self, thing: object) -> str:
        """Write what is asked where a plain number says the same as a constant."""
        return self._level(thing)[0]

    def asked(self, thing: object) -> str:
        """Write what something is asked of, behind which a dot follows."""
        text, level = self._worded(thing)
        return text if level == _ONE else f"({text})"

    def _call(self, thing: Any) -> str:  # noqa: ANN401 - any record
        given = [
            f"{one.name}={self.text(getattr(thing, one.name))}"
            for one in fields(thing)
            if not at_default(one, getattr(thing, one.name))
        ]
        return f"{type(thing).__name__}({', '.join(given)})"


def _number(number: float) -> tuple[str, int]:
    text = repr(whole(number) if isinstance(number, float) else number)
    return text, _SIGN if text.startswith("-") else _ONE
