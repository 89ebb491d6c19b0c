"""Every kind of record that a protocol can be made of, by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from myosotis import analysis
from myosotis.core.definition import Definition
from myosotis.language.criteria import Criterion
from myosotis.language.values import Value
from myosotis.measures.measure import CriterionOfVisit, Measure, ValueOfVisit

__all__ = ["kinds_of"]

# What stands in a document by its key alone, and so is no kind of its own.
_BY_KEY = (Measure,)


@cache
def kinds_of(root: type) -> Mapping[str, type]:
    """Name every record that can be reached from one through its fields, expressions and analyses of every kind too."""
    waiting: list[Any] = [root, ValueOfVisit, CriterionOfVisit, Definition]
    waiting += [getattr(analysis, name) for name in analysis.__all__]
    found: dict[str, type] = {}
    met: set[object] = set()
    while waiting:
        hint = waiting.pop()
        if hint in met:
            continue
        met.add(hint)
        waiting += get_args(hint)
        if hint in (Value, Criterion):
            waiting += list(_below(hint))
        if not isinstance(hint, type) or not is_dataclass(hint) or hint in _BY_KEY:
            continue
        if found.setdefault(hint.__name__, hint) is not hint:
            raise AssertionError(f"two kinds of record are called {hint.__name__}")
        hints = get_type_hints(hint)
        waiting += [hints[field.name] for field in fields(hint)]
    return MappingProxyType(dict(sorted(found.items())))


def _below(base: type) -> Iterator[type]:
    kind: type
    for kind in base.__subclasses__():
        # A class with slots is made anew; the one it was made from lingers, and has no slots.
        if is_dataclass(kind) and "__slots__" in vars(kind):
            yield kind
        yield from _below(kind)
