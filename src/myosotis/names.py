"""Names of a protocol held against the data: a drug, condition, site or term that no row has is told, not counted as 0."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, NamedTuple

from myosotis.analysis.events_of_interest import EventsOfInterest
from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.core.definition import Definition
from myosotis.language.criteria import Categories, HasCondition, NamedCriterion, PatientIs
from myosotis.language.series import Condition, Flag, Series
from myosotis.language.values import Drugs, NamedValue, Nearest, Picked, VisitDay
from myosotis.model.dataset import Dataset
from myosotis.model.findings import Finding
from myosotis.protocol import Protocol
from myosotis.study.population import Population

__all__ = ["names_without_rows"]

_PLACES_SHOWN, _NAMES_SHOWN, _NEAR = 3, 8, 0.6
_WORDS = 5  # a longer text is no name but a sentence, and may say who somebody is
_TABLES = {
    "drug": "treatments", "drug class": "treatments", "condition": "conditions", "status": "conditions",
    "sex": "patients", "site": "patients", "observation": "observations", "event": "events",
}  # fmt: skip


class _Name(NamedTuple):
    """Hold one name that the data are asked for, of a kind; of a status, `of` is its condition."""

    kind: str
    text: str
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """Hold the names of one list of a protocol; any row with one of `enough` shows that the list meets the data.

    With `together` the list is missed only as a whole; else each of its names that no row has is.
    """

    names: tuple[_Name, ...]
    enough: tuple[_Name, ...]
    label: str = ""
    together: bool = False


@dataclass(slots=True, kw_only=True)
class _Asked:
    """Gather where a name is asked for, and the names of the lists that hold it."""

    places: dict[str, None] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)


def names_without_rows(protocol: Protocol, data: Dataset) -> tuple[Finding, ...]:
    """Tell every name of the protocol that no row of the data has, with the nearest names and where it is asked for.

    Names are those of drugs and classes (left out ones among them), conditions and their statuses, sexes, sites,
    observations, and the lists of terms of events of interest. Each list that meets no row at all is a finding of its
    own; names beside which others of their list have rows, such as a synonym, share one finding for each kind.

    A list that the protocol itself writes and that meets no row is a warning. The rest are notes: synonyms, lists within
    definitions of the catalogue, lists of events, and what would stand in a table that the mapping feeds nothing to.
    """
    known = _known_names(data)
    whole: dict[tuple[str, tuple[_Name, ...]], dict[str, None]] = {}
    written = {mention for _, things in _places(protocol) for mention, own in _mentions(things) if own}
    alarming: set[str] = set()
    beside: dict[str, dict[_Name, _Asked]] = {}
    lists: dict[tuple[str, ...], list[_Mention]] = {}
    for mention, places in _mentioned(protocol).items():
        if mention.together:
            if not any(_has(known, name) for name in mention.names):
                lists.setdefault(tuple(places), []).append(mention)
            continue
        for kind in dict.fromkeys(name.kind for name in mention.names):
            missing = tuple(n for n in mention.names if n.kind == kind and not _has(known, n))
            if missing and any(_has(known, name) for name in mention.enough):
                for name in missing:
                    asked = beside.setdefault(kind, {}).setdefault(name, _Asked())
                    asked.places.update(places)
                    asked.beside.update(one.text for one in mention.names)
            elif missing:
                whole.setdefault((mention.label, missing), {}).update(places)
                if mention in written:
                    alarming.add(_told(mention.label, missing, known))
    fed = {count.feeds for count in data.record_counts}
    found = [
        *(_of_list(label, names, list(places), known) for (label, names), places in whole.items()),
        *(_of_alternatives(kind, names, known) for kind, names in beside.items()),
        *(_of_events(mentions, places, known) for places, mentions in lists.items()),
    ]
    return tuple(
        Finding(
            severity="warning" if _TABLES[kind] in fed and any(what.startswith(one) for one in alarming) else "note",
            rule="name without rows",
            message=f"name without rows: {what}{'' if _TABLES[kind] in fed else _UNFED.format(table=_TABLES[kind])}; "
            + (_ADVICE_EVENTS if kind == "event" else _ADVICE),
            source="protocol.py",
            count=count,
        )
        for kind, what, count in sorted(found, key=lambda one: one[1])
    )


_UNFED = " (the mapping feeds no {table})"
_ADVICE = "correct the name in the protocol or the codes in the mapping, or leave it if there was none"
_ADVICE_EVENTS = "nothing counted is right only if the lists have the words of the data; add them, or leave it so"
_Known = Mapping[tuple[str, str], frozenset[str]]


def _of_list(label: str, names: tuple[_Name, ...], places: list[str], known: _Known) -> tuple[str, str, int]:
    return names[0].kind, f"{_told(label, names, known)}, asked for by {_shown(places)}", len(names)


def _told(label: str, names: tuple[_Name, ...], known: _Known) -> str:
    kind, within = names[0].kind, f" of {label!r}" if label else ""
    told = ", ".join(f"{name.text!r}{_near(name, known)}" for name in names)
    return f"no row of {_TABLES[kind]} has the {kind}{within} {told}"


def _of_alternatives(kind: str, names: Mapping[_Name, _Asked], known: _Known) -> tuple[str, str, int]:
    told = "; ".join(
        f"{name.text!r}{_near(name, known, asked.beside)}, asked for by {_shown(list(asked.places))}"
        for name, asked in names.items()
    )
    what = (
        f"no row of {_TABLES[kind]} has these names of a {kind}, beside which others of their lists have rows: {told}"
    )
    return kind, what, len(names)


def _of_events(mentions: list[_Mention], places: tuple[str, ...], known: _Known) -> tuple[str, str, int]:
    words = known["event", ""]
    close = sorted({one for mention in mentions for name in mention.names for one in _alike(name.text, words)})
    near = f"; nearest in the data are {_listed(close[:_NAMES_SHOWN])}" if close else ""
    labels = _listed(mention.label for mention in mentions)
    return (
        "event",
        f"no event of the data has a term or organ class of the lists {labels}{near}, asked for by {_shown(list(places))}",
        len(mentions),
    )


def _mentioned(protocol: Protocol) -> dict[_Mention, dict[str, None]]:
    """Give every list of names of a protocol with the places that ask for it."""
    mentioned: dict[_Mention, dict[str, None]] = {}
    for place, things in _places(protocol):
        for mention, _ in _mentions(things):
            mentioned.setdefault(mention, {})[place] = None
    return mentioned


def _places(protocol: Protocol) -> Iterator[tuple[str, object]]:
    yield "the index date", protocol.index
    for rule in protocol.eligibility.rules:
        yield f"the rule {rule.name!r}", rule.criterion
    for population in protocol.populations:
        yield f"the population {population.key!r}", population.criterion
    for analysis in protocol.analyses:
        yield f"the analysis {analysis.key!r}", (analysis, tuple(analysis.nodes().values()))


def _mentions(things: object) -> Iterator[tuple[_Mention, bool]]:
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


def _asked(thing: object) -> Iterator[_Mention]:
    match thing:
        case Drugs():
            enough = (*_names("drug", thing.names), *_names("drug class", thing.classes))
            left_out = (*_names("drug", thing.except_names), *_names("drug class", thing.except_classes))
            yield _Mention(names=(*enough, *left_out), enough=enough, label=thing.label)
        case Condition():
            yield _alternatives("condition", thing.names)
        case HasCondition():
            yield _alternatives("condition", thing.names)
            for name in thing.names:
                of_one = tuple(_Name("status", status, name) for status in thing.statuses)
                yield _Mention(names=of_one, enough=of_one, label=name)
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
            yield _Mention(names=words, enough=words, label=thing.label, together=True)


def _alternatives(kind: str, texts: tuple[str, ...]) -> _Mention:
    names = _names(kind, texts)
    return _Mention(names=names, enough=names)


def _names(kind: str, texts: tuple[str, ...]) -> tuple[_Name, ...]:
    return tuple(_Name(kind, text) for text in texts)


def _known_names(data: Dataset) -> _Known:
    """Give the names that rows have, by kind; of a status, by condition too."""
    columns = {
        "drug": (data.treatments, "drug"), "drug class": (data.treatments, "drug_class"),
        "condition": (data.conditions, "name"), "sex": (data.patients, "sex"), "site": (data.patients, "site"),
        "observation": (data.observations, "name"),
    }  # fmt: skip
    known = {(kind, ""): _texts(table, column) for kind, (table, column) in columns.items()}
    known["event", ""] = _event_words(data)
    pairs = data.conditions.select(["name", "status"]).to_pylist()
    for name in known["condition", ""]:
        known["status", name] = frozenset(row["status"] for row in pairs if row["name"] == name and row["status"])
    return known


def _has(known: _Known, name: _Name) -> bool:
    if name.kind == "status" and name.of not in known["condition", ""]:
        return True  # the condition itself is told
    text = _plain(name.text) if name.kind == "event" else name.text
    return text in known[name.kind, name.of]


def _near(name: _Name, known: _Known, beside: Collection[str] = ()) -> str:
    """Say which names of the data are near; of a list that meets the data, those that the list does not hold."""
    names = [one for one in known[name.kind, name.of] if len(one.split()) <= _WORDS]
    close = [one for one in _close(name.text, names) if one not in beside]
    if close and name.kind != "sex":
        return f" (did you mean {' or '.join(map(repr, close))}?)"
    if beside or not known[name.kind, name.of]:
        return ""
    if 0 < len(names) <= _NAMES_SHOWN:
        return f" (the data have {_listed(sorted(names))})"
    return f" (none of the {len(known[name.kind, name.of])} in the data is near)"


def _close(wanted: str, names: Iterable[str]) -> list[str]:
    """Give up to three names that are near in spelling, or hold or are held by the name wanted, whatever the capitals."""
    word = _plain(wanted)
    within = [
        one
        for one in sorted(names)
        if len(min(one, word, key=len)) > 2 and (_plain(one) in word or word in _plain(one))
    ]
    return list(dict.fromkeys([*_alike(wanted, names), *within]))[:3]


def _alike(wanted: str, names: Iterable[str]) -> list[str]:
    plain = {_plain(name): name for name in sorted(names) if len(name.split()) <= _WORDS}
    return [plain[one] for one in difflib.get_close_matches(_plain(wanted), plain, n=3, cutoff=_NEAR)]


def _shown(places: list[str]) -> str:
    more = f" and {len(places) - _PLACES_SHOWN} more" if len(places) > _PLACES_SHOWN else ""
    return ", ".join(places[:_PLACES_SHOWN]) + more


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _texts(table: Any, column: str) -> frozenset[str]:  # noqa: ANN401 - an Arrow table
    return frozenset(text for text in table[column].unique().to_pylist() if text)


def _event_words(data: Dataset) -> frozenset[str]:
    """Give the terms by which events are grouped, and their organ classes, in lower case."""
    words = data.events.select(["term", "preferred_term", "organ_class"]).to_pylist()
    named = {row["preferred_term"] or row["term"] for row in words} | {row["organ_class"] for row in words}
    return frozenset(_plain(word) for word in named if word)
