"""Check what a protocol declares, field by field, where it is written: each of the kind that it says, or how to write it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from difflib import get_close_matches
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from myosotis.errors import ProtocolError
from myosotis.language.slips import how, like, shown

__all__ = ["asked", "check_fields", "check_not_negative", "record_name"]

# Gives the value back as it is kept, or None where it is of another kind.
Fit = Callable[[object], object]


class _UnfitError(Exception):
    """Say what was expected and how to write it; never leaves this module."""


def check_fields(declared: object) -> None:
    """Refuse a field of a declared record that is not of the kind its annotation names.

    A list where a tuple is asked is kept as a tuple, a whole float where a whole number is asked as an integer, and an
    integer where a number is asked as a float.
    Raises `ProtocolError` naming the record, the field, what was given, what was expected and how to write it.
    """
    for name, fit in _fits(type(declared)):
        given = getattr(declared, name)
        try:
            kept = fit(given)
        except _UnfitError as unfit:
            raise ProtocolError(f"{record_name(declared)}: {name} is {shown(given)}; {unfit}") from None
        if kept is not given:
            object.__setattr__(declared, name, kept)


def asked(word: str, name: str, given: object, kind: object) -> Any:  # noqa: ANN401 - of the kind asked
    """Give an argument of a word of the language back if it is of a kind; raises `ProtocolError` as `check_fields` does.

    >>> asked("week", "give_or_take", 14, int)
    14
    """
    try:
        return _fit(kind)(given)
    except _UnfitError as unfit:
        raise ProtocolError(f"{word}: {name} is {shown(given)}; {unfit}") from None


def check_not_negative(word: str, name: str, days: float) -> None:
    """Refuse a distance in days below 0, within which nothing lies; raises `ProtocolError`."""
    if days < 0:
        raise ProtocolError(f"{word}: {name} is {days:g}, within which no day lies; give the days as a number from 0")


def record_name(declared: object) -> str:
    """Name a declared record by its class and its key, name, label or title."""
    for name in ("key", "name", "label", "title"):
        word = getattr(declared, name, None)
        if isinstance(word, str) and word:
            return f"{type(declared).__name__} {word!r}"
    return type(declared).__name__


_KNOWN: dict[type, tuple[tuple[str, Fit], ...]] = {}


def _fits(kind: type) -> tuple[tuple[str, Fit], ...]:
    if kind not in _KNOWN:
        hints = get_type_hints(kind)
        _KNOWN[kind] = tuple((field.name, _fit(hints[field.name])) for field in fields(kind) if field.init)
    return _KNOWN[kind]


def _fit(hint: Any) -> Fit:  # noqa: ANN401 - an annotation
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any or hint is object:
        return _anything
    if origin is Literal:
        return lambda given: _choice(given, arguments)
    if origin in (Union, UnionType):
        return _either(arguments)
    if origin is tuple:
        return _several(arguments)
    if origin is not None:
        return _of_class(origin)
    if hint in (int, float):
        return _whole if hint is int else _number
    if getattr(hint, "_is_protocol", False):
        return _shaped(hint)
    return _of_class(hint)


def _anything(given: object) -> object:
    return given


def _choice(given: object, allowed: tuple[object, ...]) -> object:
    if any(type(given) is type(one) and given == one for one in allowed):
        return given
    near = get_close_matches(str(given), [str(one) for one in allowed], n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise _UnfitError(f"{hint}give one of {', '.join(map(repr, allowed))}")


def _either(kinds: tuple[Any, ...]) -> Fit:
    fits = [_fit(kind) for kind in kinds]
    wanted = [kind for kind in kinds if kind is not NoneType]

    def check(given: object) -> object:
        for kind, fit in zip(kinds, fits, strict=True):
            if kind is NoneType and given is None:
                return None
            try:
                return fit(given)
            except _UnfitError as unfit:
                if wanted == [kind]:
                    words = str(unfit) + ", or leave it out"
        if len(wanted) > 1:
            words = f"give {' or '.join(like(kind) for kind in wanted)}{how(wanted, given)}"
        raise _UnfitError(words)

    return check


def _several(arguments: tuple[Any, ...]) -> Fit:
    fixed = arguments[-1] is not Ellipsis
    each = [_fit(kind) for kind in arguments if kind is not Ellipsis]

    def check(given: object) -> object:
        if isinstance(given, str) and not fixed:
            raise _UnfitError(f"one text in a tuple needs a comma: ({given!r},)")
        if not isinstance(given, tuple | list):
            one = f"write one alone with a comma, as in (…,): give a tuple of {like(arguments[0], many=True)}"
            raise _UnfitError(one if not fixed else f"give a tuple of {len(arguments)}{how(arguments, given)}")
        if fixed and len(given) != len(arguments):
            raise _UnfitError(f"give {len(arguments)}: ({', '.join(like(kind) for kind in arguments)})")
        fits = each if fixed else each * len(given)
        kept = []
        for position, (fit, one) in enumerate(zip(fits, given, strict=True), start=1):
            try:
                kept.append(fit(one))
            except _UnfitError as unfit:
                raise _UnfitError(f"its {_ordinal(position)} is {shown(one)}; {unfit}") from None
        same = isinstance(given, tuple) and all(a is b for a, b in zip(kept, given, strict=True))
        return given if same else tuple(kept)

    return check


def _ordinal(position: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth")
    return words[position - 1] if position <= len(words) else f"number {position}"


def _whole(given: object) -> object:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, Integral) and not isinstance(given, bool):
        return int(given)
    if isinstance(given, float) and given.is_integer():
        return int(given)
    raise _UnfitError(f"give a whole number{how((int,), given)}")


def _number(given: object) -> object:
    if isinstance(given, Real) and not isinstance(given, bool) and math.isfinite(given):
        # Kept alike however it is written, so that equal declarations are also written alike.
        return given if isinstance(given, float) else float(given)
    raise _UnfitError(f"give a finite number{how((float,), given)}")


def _shaped(shape: Any) -> Fit:  # noqa: ANN401 - a typing.Protocol
    names = [name for name in vars(shape) if not name.startswith("_")]

    def check(given: object) -> object:
        if isinstance(given, type) or not all(hasattr(given, name) for name in names):
            raise _UnfitError(f"give an {shape.__name__.lower()}, such as ChangeOverVisits(...)")
        return given

    return check


def _of_class(kind: type) -> Fit:
    def check(given: object) -> object:
        if isinstance(given, kind):
            return given
        raise _UnfitError(f"give {like(kind)}{how((kind,), given)}")

    return check
