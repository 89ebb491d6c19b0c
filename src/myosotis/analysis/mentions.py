"""Names that a protocol writes and the data do not hold, so that nobody could ever be counted under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from typing import Any

from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.language.criteria import Categories, HasCondition, NamedCriterion, PatientIs
from myosotis.language.series import Treatment
from myosotis.language.structure import Node, operands
from myosotis.language.values import Drugs, NamedValue
from myosotis.measures import glucocorticoids
from myosotis.measures.catalogue import measures
from myosotis.model.dataset import Dataset
from myosotis.model.findings import Finding

__all__ = ["unheld_names"]

_ALIKE = 0.9
_NAMED = (Categories, NamedCriterion, NamedValue)
# Drugs that the package names on its own account; a study need not have them.
_OF_THE_PACKAGE = tuple(one.drugs for one in vars(glucocorticoids).values() if isinstance(one, Treatment))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """Hold names of which at least one should be in a column, and what a reader calls such a name."""

    what: str
    table: str
    column: str
    names: tuple[str, ...]


def unheld_names(nodes: Mapping[str, Node], declared: Sequence[object], data: Dataset) -> tuple[Finding, ...]:
    """Find the drugs, classes, conditions and sites that a protocol names and no row of the data has.

    `nodes` are the expressions of the protocol, `declared` its analyses and whatever else may name drugs. Looked at
    are the names that the protocol itself writes, not those within a definition of the catalogue. A name that a row
    has in almost the same spelling is a warning with that row; where none of several names is in the data it is a note.
    """
    mentions = dict.fromkeys([*_of_nodes(nodes.values()), *(one for thing in declared for one in _of_declared(thing))])
    found = (
        finding for mention in mentions for finding in _findings(mention, getattr(data, mention.table).to_pylist())
    )
    return tuple(dict.fromkeys(found))


def _of_nodes(nodes: Any) -> Iterator[_Mention]:  # noqa: ANN401 - expressions, one after the other
    for node in nodes:
        if isinstance(node, _NAMED) and node.key.partition(".")[0] in measures():
            continue
        if isinstance(node, HasCondition):
            yield _condition(node.names)
        elif isinstance(node, PatientIs) and node.field == "site":
            yield _Mention(what="site", table="patients", column="site", names=node.texts)
        drugs = getattr(node, "drugs", None)
        if isinstance(drugs, Drugs):
            yield from _drugs(drugs)
        yield from _of_nodes(operands(node))


def _of_declared(thing: object) -> Iterator[_Mention]:
    """Look for drugs and conditions in the fields of a declaration, such as the treatment of an analysis."""
    if isinstance(thing, Drugs):
        yield from _drugs(thing)
    elif isinstance(thing, tuple):
        yield from (one for part in thing for one in _of_declared(part))
    elif is_dataclass(thing) and not isinstance(thing, (*_NAMED, type)):
        if isinstance(thing, OrganOutcomes):
            yield from (_condition((name,)) for name in thing.conditions)
        yield from (one for field in fields(thing) for one in _of_declared(getattr(thing, field.name)))


def _drugs(drugs: Drugs) -> Iterator[_Mention]:
    if drugs in _OF_THE_PACKAGE:
        return
    if drugs.names:
        yield _Mention(what="drug", table="treatments", column="drug", names=drugs.names)
    if drugs.classes:
        yield _Mention(what="class of drugs", table="treatments", column="drug_class", names=drugs.classes)


def _condition(names: tuple[str, ...]) -> _Mention:
    return _Mention(what="condition", table="conditions", column="name", names=names)


def _findings(mention: _Mention, rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    first: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        first.setdefault(row[mention.column] or "", row)
    plain = {" ".join(text.split()).casefold(): text for text in first if text not in ("", *mention.names)}
    rule = "name that no row has"
    for name in mention.names:
        near = get_close_matches(name.casefold(), plain, n=1, cutoff=_ALIKE) if name not in first else []
        if near:
            row = first[plain[near[0]]]
            yield Finding(
                severity="warning",
                rule=rule,
                message=f"the protocol names the {mention.what} {name!r}, which no row of the {mention.table} has; a row "
                "spells it almost so: write it alike in the protocol or give codes in the mapping",
                source=row["source"],
                sheet=row["sheet"] or "",
                source_row=row["source_row"],
            )
    if not set(mention.names) & set(first):
        names = " or ".join(map(repr, mention.names))
        yield Finding(
            severity="note",
            rule=rule,
            message=f"the protocol names the {mention.what} {names}; no row of the {mention.table} has such a name, so that "
            "it is counted in nobody",
            source="protocol.py",
        )
