"""Hold a declaration to the options that its fields offer, so that a misspelt one is refused where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from myosotis.core.catalogue import nearest_names
from myosotis.errors import ProtocolError

__all__ = ["check_options"]

# Expressions hold themselves to their options when they are built, and there are thousands of them.
_OWN = "myosotis.language."


def check_options(declared: object, where: str) -> None:
    """Check every field of a dataclass, at any depth, that is annotated as one of several literals.

    Raises `ProtocolError` naming the field, what it says and what it may say.
    """
    if isinstance(declared, Mapping):
        declared = tuple(declared.values())
    if isinstance(declared, tuple | list):
        for one in declared:
            check_options(one, where)
    if not is_dataclass(declared) or isinstance(declared, type) or type(declared).__module__.startswith(_OWN):
        return
    offered = _offered(type(declared))
    key = getattr(declared, "key", None)
    inner = f"{where}, {key!r}" if isinstance(key, str) else where
    for field in fields(declared):
        value = getattr(declared, field.name)
        options = offered.get(field.name)
        if options is None:
            check_options(value, inner)
        elif value not in options:
            raise ProtocolError(
                f"{inner}: {field.name} of {type(declared).__name__} is {value!r}; "
                f"{nearest_names(str(value), [str(one) for one in options])}"
            )


@cache
def _offered(kind: type) -> dict[str, tuple[object, ...]]:
    """Give the options of the fields that have nothing but options."""
    try:
        hints = get_type_hints(kind)
    except NameError:
        return {}  # an annotation names what only the type checker imports
    found = {name: tuple(_literals(hint)) for name, hint in hints.items()}
    return {name: options for name, options in found.items() if options and _OPEN not in options}


_OPEN = object()


def _literals(hint: Any) -> Iterator[object]:  # noqa: ANN401 - an annotation is of no type
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    elif get_origin(hint) in (Union, UnionType):
        for one in get_args(hint):
            yield from _literals(one)
    else:
        yield None if hint is type(None) else _OPEN
