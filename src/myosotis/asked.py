"""The names that a protocol asks the data for: of drugs, conditions, observations, sites and events, with their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import NamedTuple

from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.core.definition import Definition
from myosotis.language.criteria import Categories, HasCondition, NamedCriterion, PatientIs
from myosotis.language.series import Condition, Flag, Series
from myosotis.language.values import Drugs, NamedValue, Nearest, Picked, VisitDay
from myosotis.measures.derived.events_of_interest import EventsOfInterest
from myosotis.protocol import Protocol
from myosotis.study.population import Population

__all__ = ["Mention", "Name", "mentioned"]


class Name(NamedTuple):
    """Hold one name that the data are asked for, of a kind; of a status, `of` is its condition."""

    kind: str
    text: str
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Hold the names of one list of a protocol; any row with one of `enough` shows that the list meets the data.

    With `together` the list is missed only as a whole; else each of its names that no row has is.
    """

    names: tuple[Name, ...]
    enough: tuple[Name, ...]
    label: str = ""
    together: bool = False


def mentioned(protocol: Protocol) -> tuple[dict[Mention, dict[str, None]], set[Mention]]:
    """Give every list of names of a protocol with the places that ask for it, and which it writes itself."""
    found: dict[Mention, dict[str, None]] = {}
    written: set[Mention] = set()
    for place, things in _places(protocol):
        for mention, own in _mentions(things):
            found.setdefault(mention, {})[place] = None
            if own:
                written.add(mention)
    return found, written


def _places(protocol: Protocol) -> Iterator[tuple[str, object]]:
    yield "the index date", protocol.index
    for rule in protocol.eligibility.rules:
        yield f"the rule {rule.name!r}", rule.criterion
    for population in protocol.populations:
        yield f"the population {population.key!r}", population.criterion
    for analysis in protocol.analyses:
        yield f"the analysis {analysis.key!r}", (analysis, tuple(analysis.nodes().values()))


def _mentions(things: object) -> Iterator[tuple[Mention, bool]]:
    """Yield what a declaration asks the data for, and whether it says so itself or by a definition of the catalogue.

    A part that stands in several places is looked at once for each.
    """
    seen: dict[tuple[int, bool], object] = {}
    waiting = [(things, True)]
    while waiting:
        thing, own = waiting.pop()
        if (id(thing), own) in seen:
            continue
        seen[id(thing), own] = thing
        yield from ((mention, own) for mention in _asked(thing))
        parts: list[object] = []
        if isinstance(thing, tuple | list):
            parts = list(reversed(thing))
        elif isinstance(thing, Mapping):
            parts = list(thing.values())
        elif is_dataclass(thing) and not isinstance(thing, type | Definition | Population):
            parts = [getattr(thing, field.name) for field in reversed(fields(thing))]
            own = own and not (isinstance(thing, _DEFINED) and thing.version)
        waiting += [(part, own) for part in parts]


_DEFINED = (NamedCriterion, NamedValue, Categories)


def _asked(thing: object) -> Iterator[Mention]:
    match thing:
        case Drugs():
            enough = (*_names("drug", thing.names), *_names("drug class", thing.classes))
            left_out = (*_names("drug", thing.except_names), *_names("drug class", thing.except_classes))
            yield Mention(names=(*enough, *left_out), enough=enough, label=thing.label)
        case Condition():
            yield _alternatives("condition", thing.names)
        case HasCondition():
            yield _alternatives("condition", thing.names)
            for name in thing.names:
                of_one = tuple(Name("status", status, name) for status in thing.statuses)
                yield Mention(names=of_one, enough=of_one, label=name)
        case OrganOutcomes():
            yield from (_alternatives("condition", (name,)) for name in thing.conditions)
        case PatientIs():
            yield _alternatives(thing.field, thing.texts)
        case Picked() | Nearest():
            yield _alternatives("observation", (thing.name,))
        case VisitDay():
            yield _alternatives("observation", thing.names)
        case Series() | Flag():
            yield _alternatives("observation", (thing.definition.key,))
        case EventsOfInterest() if (thing.terms or thing.organ_classes) and not thing.stems:
            words = _names("event", (*thing.terms, *thing.organ_classes))
            yield Mention(names=words, enough=words, label=thing.label, together=True)


def _alternatives(kind: str, texts: tuple[str, ...]) -> Mention:
    names = _names(kind, texts)
    return Mention(names=names, enough=names)


def _names(kind: str, texts: tuple[str, ...]) -> tuple[Name, ...]:
    return tuple(Name(kind, text) for text in texts)
