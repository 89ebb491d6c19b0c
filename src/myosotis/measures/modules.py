"""What adds to the catalogue: the modules of the package and of installed packs, and the observations they declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType

from myosotis.core.catalogue import Catalogue, nearest_names
from myosotis.core.definition import Definition
from myosotis.core.packs import installed_packs
from myosotis.errors import ProtocolError

__all__ = ["MODULES", "by_key", "modules", "nearest_keys", "observation_catalogue", "observations"]

# Every module that adds to the catalogue, in the order in which its pages are printed.
MODULES: tuple[str, ...] = (
    "observations",
    "glucocorticoids",
    "muscle_enzymes",
    "laboratory",
    "safety_grades",
    "baricitinib",
    "baricitinib_other",
    "course",
    "derived.events",
    "derived.courses",
    "derived.jak_events",
    "jdm.instruments",
    "jdm.manual_muscle",
    "jdm.cmas",
    "jdm.das",
    "jdm.indices",
    "jdm.skin",
    "jdm.states",
    "jdm.response_wang",
    "jdm.severity",
    "jdm.contradictions",
    "jdm.total_improvement",
    "jdm.printo_response",
    "jdm.imacs_improvement",
    "jdm.classification",
    "jdm.antibody_panel",
    "jdm.antibodies",
    "jdm.interferon",
    "jia.arthritis",
    "jia.jadas",
    "jia.wallace",
)


@cache
def modules() -> Mapping[str, object]:
    """Import the modules that add to the catalogue, by the last part of their names; installed packs by theirs."""
    shipped = {name.rpartition(".")[2]: import_module(f"myosotis.measures.{name}") for name in MODULES}
    return {**shipped, **{f"pack {name}": module for name, module in installed_packs().items()}}


@cache
def observations() -> Mapping[str, Definition]:
    """Hold every observation by key, in key order."""
    return by_key(one for module in modules().values() for one in getattr(module, "OBSERVATIONS", ()))


@cache
def observation_catalogue() -> Catalogue:
    """Hold the definitions of all observations: the names that a mapping may use."""
    return Catalogue.of(*observations().values())


def nearest_keys(wanted: str, keys: Sequence[str]) -> str:
    """Say which keys come nearest to one that was not found, whatever its case, or how to search for more."""
    near = nearest_names(wanted.casefold(), list(keys))
    return near if near.startswith("did you mean") else "search with `myosotis catalogue WORD`"


def by_key(definitions: Iterable[Definition]) -> Mapping[str, Definition]:
    """Hold definitions by key, in key order; raises `ProtocolError` for two of one key."""
    found: dict[str, Definition] = {}
    for one in definitions:
        if one.key in found:
            raise ProtocolError(f"two definitions have the key {one.key!r}; rename one of them")
        found[one.key] = one
    return MappingProxyType(dict(sorted(found.items())))
