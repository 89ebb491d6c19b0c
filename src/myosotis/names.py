"""Names of a protocol held against the data: a drug, condition, site or term that no row has is told, not counted as 0."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from myosotis.asked import Mention, Name, mentioned
from myosotis.model.dataset import Dataset
from myosotis.model.findings import Finding
from myosotis.protocol import Protocol

__all__ = ["names_without_rows"]

_PLACES_SHOWN, _NAMES_SHOWN, _NEAR = 3, 8, 0.6
_WORDS = 5  # a longer text is no name but a sentence, and may say who somebody is
_TABLES = {
    "drug": "treatments", "drug class": "treatments", "condition": "conditions", "status": "conditions",
    "sex": "patients", "site": "patients", "observation": "observations", "event": "events",
}  # fmt: skip


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
    asked_for, written = mentioned(protocol)
    whole: dict[_Missed, dict[str, None]] = {}
    alarming: set[_Missed] = set()
    beside: dict[str, dict[Name, _Asked]] = {}
    lists: dict[tuple[str, ...], list[Mention]] = {}
    for mention, places in asked_for.items():
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
                missed = (mention.label, missing)
                whole.setdefault(missed, {}).update(places)
                if mention in written:
                    alarming.add(missed)
    fed = {count.feeds for count in data.record_counts}
    found = [
        *((*_of_list(*missed, list(places), known), missed in alarming) for missed, places in whole.items()),
        *((*_of_alternatives(kind, names, known), False) for kind, names in beside.items()),
        *((*_of_events(mentions, places, known), False) for places, mentions in lists.items()),
    ]
    return tuple(
        Finding(
            severity="warning" if alarms and _TABLES[kind] in fed else "note",
            rule="name without rows",
            message=f"name without rows: {what}{'' if _TABLES[kind] in fed else _UNFED.format(table=_TABLES[kind])}; "
            + (_ADVICE_EVENTS if kind == "event" else _ADVICE),
            source="protocol",
            count=count,
        )
        for kind, what, count, alarms in sorted(found, key=lambda one: one[1])
    )


_UNFED = " (the mapping feeds no {table})"
_ADVICE = "correct the name in the protocol or the codes in the mapping, or leave it if there was none"
_ADVICE_EVENTS = "nothing counted is right only if the lists have the words of the data; add them, or leave it so"
_Known = Mapping[tuple[str, str], frozenset[str]]
_Missed = tuple[str, tuple[Name, ...]]  # the label of a list, and its names that no row has


def _of_list(label: str, names: tuple[Name, ...], places: list[str], known: _Known) -> tuple[str, str, int]:
    kind, within = names[0].kind, f" of {label!r}" if label else ""
    told = ", ".join(f"{name.text!r}{_near(name, known)}" for name in names)
    what = f"no row of {_TABLES[kind]} has the {kind}{within} {told}, asked for by {_shown(places)}"
    return kind, what, len(names)


def _of_alternatives(kind: str, names: Mapping[Name, _Asked], known: _Known) -> tuple[str, str, int]:
    told = "; ".join(
        f"{name.text!r}{_near(name, known, asked.beside)}, asked for by {_shown(list(asked.places))}"
        for name, asked in names.items()
    )
    what = (
        f"no row of {_TABLES[kind]} has these names of a {kind}, beside which others of their lists have rows: {told}"
    )
    return kind, what, len(names)


def _of_events(mentions: list[Mention], places: tuple[str, ...], known: _Known) -> tuple[str, str, int]:
    words = known["event", ""]
    close = sorted({one for mention in mentions for name in mention.names for one in _alike(name.text, words)})
    near = f"; nearest in the data are {_listed(close[:_NAMES_SHOWN])}" if close else ""
    labels = _listed(mention.label for mention in mentions)
    return (
        "event",
        f"no event of the data has a term or organ class of the lists {labels}{near}, asked for by {_shown(list(places))}",
        len(mentions),
    )


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


def _has(known: _Known, name: Name) -> bool:
    if name.kind == "status" and name.of not in known["condition", ""]:
        return True  # the condition itself is told
    text = _plain(name.text) if name.kind == "event" else name.text
    return text in known[name.kind, name.of]


def _near(name: Name, known: _Known, beside: Collection[str] = ()) -> str:
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
