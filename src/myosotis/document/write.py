"""A protocol as plain data: every record by its kind and fields, what the catalogue holds by its key and version."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from numbers import Integral, Real
from typing import Any

from myosotis.core.definition import Definition, fingerprint
from myosotis.document.kinds import kinds_of
from myosotis.document.shared import KIND, USE, shared_once
from myosotis.errors import MyosotisError, ProtocolError
from myosotis.language.applied import Applied
from myosotis.language.criteria import Categories
from myosotis.measures.catalogue import fingerprint_of_measure, measures
from myosotis.measures.measure import CriterionOfVisit, Measure, ValueOfVisit
from myosotis.measures.modules import observations

__all__ = [
    "APPLIED",
    "FORMAT",
    "MEASURE",
    "OBSERVATION",
    "applied_again",
    "applied_of",
    "at_default",
    "to_document",
    "whole",
]

FORMAT = "myosotis protocol 1"
# Beyond this not every integer is a number of its own.
_EXACT = 2**53
# What stands in a document by its key, or by what was applied, and not by its fields.
OBSERVATION, MEASURE, APPLIED = "observation", "measure", "applied"


def to_document(declared: object) -> dict[str, Any]:
    """Give a declaration as plain data, which `from_document` reads back as an equal one.

    A field at its default is left out; what is there more than once stands under `shared`. Definitions of the catalogue
    stand by key, version and fingerprint; those of the study's own in full.

    Raises `ProtocolError` for what no document can hold: a function, a number that is not one, a record of a kind that
    myosotis does not have.
    """
    kinds = kinds_of(type(declared))  # type: ignore[arg-type]  # a class can be hashed
    protocol, shared = shared_once(_Writing(kinds).plain(declared, type(declared).__name__))
    return {"format": FORMAT, "protocol": protocol, "shared": shared}


def applied_of(node: object) -> Applied | None:
    """Tell the words that made an expression of the catalogue, or None where it was made of others."""
    if isinstance(node, ValueOfVisit | CriterionOfVisit):
        return None if getattr(node, "level", "") else node.of.applied
    found = getattr(node, "applied", None)
    return found if isinstance(found, Applied) else None


def applied_again(applied: Applied) -> object:
    """Make an expression again by the words that made it; None where the catalogue knows them no more."""
    try:
        if isinstance(applied.of, Categories):
            return applied.of.is_in(*(str(level) for level in applied.given))
        measure = measures().get(str(applied.of))
        return None if measure is None else measure.apply(applied)
    except MyosotisError:
        return None


class _Writing:
    """Write the records of one declaration, of the kinds that can be read again."""

    def __init__(self, kinds: Mapping[str, type]) -> None:
        self._kinds = kinds

    def plain(self, thing: Any, where: str) -> Any:  # noqa: ANN401 - whatever a field holds
        if thing is None or isinstance(thing, bool | str):
            return thing
        if isinstance(thing, Integral):
            return int(thing)
        if isinstance(thing, Real):
            return _number(float(thing), where)
        if isinstance(thing, date):
            return {KIND: "date", "day": thing.isoformat()}
        if isinstance(thing, tuple | list):
            return [self.plain(one, f"{where}, {place}") for place, one in enumerate(thing, start=1)]
        if isinstance(thing, Mapping):
            _check_keys(thing, where)
            return {key: self.plain(one, f"{where}, {key}") for key, one in thing.items()}
        if isinstance(thing, Measure):
            return _measure(thing, where)
        if isinstance(thing, Definition) and observations().get(thing.key) == thing:
            return {KIND: OBSERVATION, **_reference(thing, fingerprint(thing, ""))}
        return self._record(thing, where)

    def _record(self, thing: Any, where: str) -> dict[str, Any]:  # noqa: ANN401 - checked here
        kind = type(thing)
        if self._kinds.get(kind.__name__) is not kind:
            raise ProtocolError(
                f"{where} holds a {kind.__name__}, which no document can hold; declare it with the words of the language"
            )
        applied = applied_of(thing)
        if applied is not None and applied_again(applied) == thing:
            return self._applied(applied, where)
        changed = [one for one in fields(kind) if not at_default(one, getattr(thing, one.name))]
        return {KIND: kind.__name__} | {
            one.name: self.plain(getattr(thing, one.name), f"{where}, {one.name}") for one in changed
        }

    def _applied(self, applied: Applied, where: str) -> dict[str, Any]:
        of = applied.of if isinstance(applied.of, Categories) else measures()[str(applied.of)]
        written = {
            KIND: APPLIED,
            "of": self.plain(of, where),
            "word": applied.word,
            "given": self.plain(applied.given, where),
        }
        return written | ({"choices": self.plain(dict(applied.choices), where)} if applied.choices else {})


def _number(number: float, where: str) -> float:
    if not math.isfinite(number):
        raise ProtocolError(f"{where} is {number}, which is no number; give one, or leave the field out")
    return whole(number)


def _check_keys(thing: Mapping[Any, Any], where: str) -> None:
    strange = [key for key in thing if not isinstance(key, str) or key in (KIND, USE)]
    if strange:
        raise ProtocolError(f"{where} has the key {strange[0]!r}, which no document can hold; give another name")


def _measure(thing: Measure, where: str) -> dict[str, str]:
    if measures().get(thing.key) is not thing:
        raise ProtocolError(f"{where} holds the measure {thing.key!r}, which is not in the catalogue")
    return {KIND: MEASURE, **_reference(thing.definition, fingerprint_of_measure(thing.key))}


def _reference(definition: Definition, digest: str) -> dict[str, str]:
    return {"key": definition.key, "version": definition.version, "fingerprint": digest}


def whole(number: float) -> float:
    """Give a whole number as an integer, so that equal numbers are written alike.

    >>> whole(150.0), whole(0.2)
    (150, 0.2)
    """
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def at_default(field: Field[Any], held: object) -> bool:
    """Say whether a field holds what it would hold if it were left out."""
    if field.default is not MISSING:
        return type(field.default) is type(held) and field.default == held
    if field.default_factory is not MISSING:
        made = field.default_factory()
        return type(made) is type(held) and made == held
    return False
