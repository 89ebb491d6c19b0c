"""The catalogue of the package: every observation and measure by its key, found by words, described in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NoReturn

from myosotis.core.catalogue import Catalogue, nearest_names
from myosotis.core.definition import Definition, fingerprint
from myosotis.errors import UnknownNameError
from myosotis.measures.derived.derivation import Derivation
from myosotis.measures.measure import Measure
from myosotis.measures.modules import MODULES, by_key, modules, nearest_keys, observation_catalogue, observations

# The catalogue is one thing to whoever asks it: what the modules hold can be had from here as well.
__all__ = [
    "MODULES", "catalogue", "derivations", "find", "fingerprint_of_measure", "fingerprints", "measures", "modules",
    "nearest_keys", "observation_catalogue", "observations",
]  # fmt: skip


class _Rules(dict[str, Measure]):
    """Answer a key that is not there with the nearest ones."""

    def __missing__(self, key: object) -> NoReturn:
        raise UnknownNameError(f"there is no measure {key!r}; {nearest_names(str(key), self)}")


@cache
def measures() -> Mapping[str, Measure]:
    """Hold every measure by key, in key order; raises `UnknownNameError` for another key, naming the nearest."""
    return MappingProxyType(_Rules(_added("MEASURES")))


@cache
def derivations() -> Mapping[str, Derivation]:
    """Hold what is derived from several rows of a patient, by key, in key order."""
    return MappingProxyType(_added("DERIVATIONS"))


def _added(attribute: str) -> dict[str, Any]:
    """Collect the rules that the modules hold under a name, by key, in key order."""
    rules = [one for module in modules().values() for one in getattr(module, attribute, ())]
    found = {one.key: one for one in rules}
    return {key: found[key] for key in by_key(one.definition for one in rules)}


@cache
def catalogue() -> Catalogue:
    """Hold the definitions of all observations, measures and derivations."""
    rules = [one.definition for one in measures().values()]
    return Catalogue.of(*observations().values(), *rules, *(one.definition for one in derivations().values()))


def find(key: str) -> Definition | Measure | Derivation:
    """Find a measure, a derivation or an observation's definition; raises `UnknownNameError` naming the nearest keys."""
    if key in measures():
        return measures()[key]
    if key in derivations():
        return derivations()[key]
    if key in observations():
        return observations()[key]
    raise UnknownNameError(f"the catalogue has no {key!r}; {nearest_keys(key, [one.key for one in catalogue()])}")


@cache
def fingerprint_of_measure(key: str) -> str:
    """Digest a measure of the catalogue, its rule and every option of its choices, once in a process."""
    return measures()[key].fingerprint


def fingerprints() -> Mapping[str, tuple[str, str]]:
    """Give the version and fingerprint of every definition, in key order."""
    found = {key: (one.version, fingerprint(one, "")) for key, one in observations().items()}
    found |= {key: (one.definition.version, fingerprint_of_measure(key)) for key, one in measures().items()}
    found |= {key: (one.definition.version, one.fingerprint) for key, one in derivations().items()}
    return dict(sorted(found.items()))


def __getattr__(name: str) -> object:
    """Make `CATALOGUE`, `MEASURES` and `OBSERVATIONS` when they are first asked for."""
    made = {"CATALOGUE": catalogue, "MEASURES": measures, "OBSERVATIONS": observations}
    if name not in made:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return made[name]()
