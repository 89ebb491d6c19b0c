"""Checks that the declarations of analyses share: kinds of fields, keys, decimals, levels, quartiles, units, visits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from difflib import get_close_matches
from functools import wraps
from typing import TypeVar

from myosotis.core.units import normal
from myosotis.errors import ProtocolError
from myosotis.language.declared import check_fields, record_name
from myosotis.language.slips import shown
from myosotis.language.value_unit import units_of
from myosotis.language.values import Value
from myosotis.language.visit import asked_of_visit, at_visit, check_asks_visit
from myosotis.language.windows import Window

__all__ = ["check_declared", "check_once", "check_unit", "check_visits", "formerly"]

Record = TypeVar("Record")

_MOST_DECIMALS = 15
# As `myosotis.statistics.quantile` knows them; a test holds the two together.
QUARTILES = (1, 2, 3, 4, 5, 6, 7, 8, 9, "tukey", "sas", "spss", "prism", "r")


def check_declared(declared: object) -> None:
    """Refuse a field of the wrong kind, an empty key, decimals, a level or quartiles that do not exist.

    Raises `ProtocolError` naming the record, the field, what was given and what to give.
    """
    check_fields(declared)
    for name in [field.name for field in fields(declared)]:  # type: ignore[arg-type]  # only records are declared
        rule = _RULES.get(name)
        if rule is not None:
            given = getattr(declared, name)
            fault = rule(given)
            if fault:
                raise ProtocolError(f"{record_name(declared)}: {name} is {shown(given)}; {fault}")


def check_once(declared: object, what: str, names: Sequence[str]) -> None:
    """Refuse names that stand twice, of which one would hide the other, and a list without any."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ProtocolError(
            f"{record_name(declared)}: {what} {', '.join(map(repr, twice))} stand twice; give each its own"
        )
    if not names:
        raise ProtocolError(f"{record_name(declared)} has no {what}; give at least one")


def check_unit(declared: object, unit: str, value: Value) -> None:
    """Refuse a unit that is not the value's, where the value's can be told: a label converts nothing."""
    told = units_of(value)
    if told and normal(unit) not in {normal(one) for one in told}:
        raise ProtocolError(
            f"{record_name(declared)}: unit is {unit!r}, but the value is in {told[0]!r}; write unit={told[0]!r}, since "
            "a label converts nothing"
        )


def check_visits(declared: object, name: str, visits: Sequence[Window]) -> None:
    """Refuse an expression that is the same at every visit, or cannot be asked at one of them."""
    expression = getattr(declared, name)
    check_asks_visit(record_name(declared), name, expression)
    for visit in visits:
        at_visit(expression, visit)


def formerly(**names: str) -> Callable[[type[Record]], type[Record]]:
    """Let a record be written with the names that its fields had in the first release, each before the one of today.

    Those held functions of a visit, which are asked for their expression at once. The record keeps, shows and documents
    the names of today alone.
    """

    def rename(kind: type[Record]) -> type[Record]:
        made = kind.__init__

        @wraps(made)
        def written_as_before(self: object, *args: object, **given: object) -> None:
            for was, now in names.items():
                if was in given and now not in given:
                    given[now] = asked_of_visit(given.pop(was))
            made(self, *args, **given)

        kind.__init__ = written_as_before  # type: ignore[method-assign]
        return kind

    return rename


def _key(given: object) -> str:
    return "" if str(given).strip() else "give a key, a short text that no other has"


def _decimals(given: object) -> str:
    assert isinstance(given, int)
    return "" if 0 <= given <= _MOST_DECIMALS else f"give a whole number from 0 to {_MOST_DECIMALS}"


def _within(given: object) -> str:
    assert isinstance(given, int)
    return "" if given >= 0 else "give the days as a number from 0"


def _level(given: object) -> str:
    assert isinstance(given, int | float)
    return "" if 0 < given < 1 else "give a number between 0 and 1, such as 0.95"


def _quartiles(given: object) -> str:
    if given in QUARTILES:
        return ""
    near = get_close_matches(str(given), [str(one) for one in QUARTILES[9:]], n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}give a definition of quantiles: 1 to 9, {', '.join(repr(one) for one in QUARTILES[9:])}"


_RULES: dict[str, Callable[[object], str]] = {
    "key": _key,
    "decimals": _decimals,
    "precision": _decimals,
    "conf_level": _level,
    "quartiles": _quartiles,
    "weight_within": _within,
}
