"""A catalogue: definitions found by their keys, with a helpful answer for a key that is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from myosotis.core.definition import Definition
from myosotis.errors import ProtocolError, UnknownNameError

__all__ = ["Catalogue", "nearest_names"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Hold definitions by key, in key order.

    Raises `ProtocolError` when two definitions share a key.
    """

    _by_key: Mapping[str, Definition]

    @classmethod
    def of(cls, *definitions: Definition) -> Catalogue:
        """Make a catalogue of definitions."""
        by_key: dict[str, Definition] = {}
        for definition in definitions:
            if definition.key in by_key:
                raise ProtocolError(f"two definitions have the key {definition.key!r}; rename one of them")
            by_key[definition.key] = definition
        return cls(MappingProxyType(dict(sorted(by_key.items()))))

    def __getitem__(self, key: str) -> Definition:
        """Find a definition; raises `UnknownNameError` naming the nearest keys."""
        if key not in self._by_key:
            raise UnknownNameError(f"the catalogue has no {key!r}; {nearest_names(key, self._by_key)}")
        return self._by_key[key]

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[Definition]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)


def nearest_names(wanted: str, names: Mapping[str, object] | list[str]) -> str:
    """Say which known names come nearest to one that was not found, for use in an error message."""
    close = difflib.get_close_matches(wanted, list(names), n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(repr(name) for name in close) + "?"
    return "known are " + ", ".join(sorted(names)) if names else "none is known"
