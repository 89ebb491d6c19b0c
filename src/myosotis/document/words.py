"""The words of a written expression: what the language, the analyses and the study offer, and definitions by their keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from myosotis import analysis, language, plan, study
from myosotis.core.definition import Definition
from myosotis.document.kinds import kinds_of
from myosotis.language.declared import asked
from myosotis.language.series import Flag, Series
from myosotis.language.values import Value
from myosotis.measures.catalogue import measures
from myosotis.measures.declare import measured, told, written
from myosotis.measures.modules import observations
from myosotis.measures.own import OwnMeasure, defined
from myosotis.packs import packs

__all__ = ["observed", "own_measures", "own_observations", "words_of"]

_OFFERED = (language, analysis, study, plan)
# Offered by the language to who computes with it; a protocol only declares.
_COMPUTING = ("Criterion", "Draft", "Value", "at_visit", "explain")


def observed(definition: Definition) -> Series | Flag | Definition:
    """Give what a protocol asks of an observation: a series of numbers, a flag of yes and no, or the texts as they are."""
    if definition.type == "number":
        return Series(definition=definition)
    return Flag(definition=definition) if definition.type == "yes or no" else definition


def _size(value: Value) -> Value:
    """Give a value without its sign."""
    given: Value = asked("abs", "its value", value, Value)
    return abs(given)


def own_observations(declared: object) -> dict[str, Series | Flag | Definition]:
    """Give what is asked of the study's own observations, by their keys."""
    every = (getattr(one, "definition", one) for one in getattr(declared, "observations", ()))
    return {one.key: observed(one) for one in every if isinstance(one, Definition)}


def own_measures(declared: object) -> dict[str, OwnMeasure]:
    """Give the study's own measures by their keys."""
    return {one.key: one for one in getattr(declared, "measures", ())}


@cache
def words_of(root: type) -> Mapping[str, object]:
    """Give every word that an expression in a document of one kind may use, by its name.

    These are the records that `kinds_of` knows; the functions and lists that `myosotis.language`, `myosotis.analysis`,
    `myosotis.study` and `myosotis.plan` offer to declare with; `abs`; `measured`, `told` and `written` for observations of
    the study's own; the packs; and the observations and measures of the catalogue by their keys.
    """
    found: dict[str, object] = dict(kinds_of(root))
    for module in _OFFERED:
        found |= {name: getattr(module, name) for name in module.__all__ if name not in _COMPUTING}
    found |= {"measured": measured, "told": told, "written": written, "defined": defined, "abs": _size}
    found |= packs()
    found |= {key: observed(one) for key, one in observations().items()}
    return MappingProxyType({**found, **measures()})
