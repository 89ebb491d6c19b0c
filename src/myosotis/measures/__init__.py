"""The clinical catalogue: generic instruments and formulas here, diseases in packages of their own.

Every measure and observation of the catalogue can be imported from here by its key:
`from myosotis.measures import cmas, printo_inactive_disease_2013`. Modules are imported when they are first needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from myosotis.core.definition import Definition
from myosotis.language.series import Flag, Series

__all__ = ["find", "names"]


def names() -> tuple[str, ...]:
    """List what can be imported from here by key, in key order."""
    from myosotis.measures.catalogue import catalogue

    return tuple(one.key for one in catalogue())


def find(key: str) -> Any:  # noqa: ANN401 - a Measure, Derivation, Series, Flag or, for text, a Definition
    """Find the measure, derivation, series or flag with a key; raises `UnknownNameError` naming the nearest keys."""
    # Not `from ... import`: that would ask this module for its attribute first, and so this function again.
    entry = import_module("myosotis.measures.catalogue").find(key)
    if not isinstance(entry, Definition) or entry.type == "text":
        return entry
    return Series(definition=entry) if entry.type == "number" else Flag(definition=entry)


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from myosotis.errors import UnknownNameError

    try:
        return find(name)
    except UnknownNameError as problem:
        raise AttributeError(str(problem)) from None
