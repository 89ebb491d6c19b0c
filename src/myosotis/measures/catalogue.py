"""The catalogue of the package: every observation and measure by its key, found by words, described in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import NoReturn

from myosotis.core.catalogue import Catalogue, nearest_names
from myosotis.core.definition import Definition, fingerprint
from myosotis.core.packs import installed_packs
from myosotis.errors import ProtocolError, UnknownNameError
from myosotis.measures.measure import Measure

__all__ = [
    "MODULES",
    "catalogue",
    "find",
    "fingerprint_of_measure",
    "fingerprints",
    "measures",
    "modules",
    "nearest_keys",
    "observation_catalogue",
    "observations",
]

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
    return _by_key(one for module in modules().values() for one in getattr(module, "OBSERVATIONS", ()))


class _Rules(dict[str, Measure]):
    """Answer a key that is not there with the nearest ones."""

    def __missing__(self, key: object) -> NoReturn:
        raise UnknownNameError(f"there is no measure {key!r}; {nearest_names(str(key), self)}")


@cache
def measures() -> Mapping[str, Measure]:
    """Hold every measure by key, in key order; raises `UnknownNameError` for another key, naming the nearest."""
    found = [one for module in modules().values() for one in getattr(module, "MEASURES", ())]
    by_definition = _by_key(one.definition for one in found)
    rules = {one.key: one for one in found}
    return MappingProxyType(_Rules({key: rules[key] for key in by_definition}))


@cache
def catalogue() -> Catalogue:
    """Hold the definitions of all observations and measures."""
    return Catalogue.of(*observations().values(), *(one.definition for one in measures().values()))


@cache
def observation_catalogue() -> Catalogue:
    """Hold the definitions of all observations: the names that a mapping may use."""
    return Catalogue.of(*observations().values())


def find(key: str) -> Definition | Measure:
    """Find a measure, or the definition of an observation; raises `UnknownNameError` naming the nearest keys."""
    if key in measures():
        return measures()[key]
    if key in observations():
        return observations()[key]
    raise UnknownNameError(f"the catalogue has no {key!r}; {nearest_keys(key, [one.key for one in catalogue()])}")


def nearest_keys(wanted: str, keys: Sequence[str]) -> str:
    """Say which keys come nearest to one that was not found, whatever its case, or how to search for more."""
    near = nearest_names(wanted.casefold(), list(keys))
    return near if near.startswith("did you mean") else "search with `myosotis catalogue WORD`"


@cache
def fingerprint_of_measure(key: str) -> str:
    """Digest a measure of the catalogue, its rule and every option of its choices, once in a process."""
    return measures()[key].fingerprint


def fingerprints() -> Mapping[str, tuple[str, str]]:
    """Give the version and fingerprint of every definition, in key order."""
    found = {key: (one.version, fingerprint(one, "")) for key, one in observations().items()}
    found |= {key: (one.definition.version, fingerprint_of_measure(key)) for key, one in measures().items()}
    return dict(sorted(found.items()))


def _by_key(definitions: Iterator[Definition]) -> Mapping[str, Definition]:
    found: dict[str, Definition] = {}
    for one in definitions:
        if one.key in found:
            raise ProtocolError(f"two definitions have the key {one.key!r}; rename one of them")
        found[one.key] = one
    return MappingProxyType(dict(sorted(found.items())))


def __getattr__(name: str) -> object:
    """Make `CATALOGUE`, `MEASURES` and `OBSERVATIONS` when they are first asked for."""
    made = {"CATALOGUE": catalogue, "MEASURES": measures, "OBSERVATIONS": observations}
    if name not in made:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return made[name]()
