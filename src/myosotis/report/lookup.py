"""Find the rows of a results bundle by the ids that point at them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.presentation.document import Document
from myosotis.presentation.layout import Steps, Trajectories
from myosotis.results import Bundle
from myosotis.results.parts import ledger_counts

__all__ = ["Lookup", "Row", "lookup"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Hold a document, and the tables it refers to as dictionaries: results, provenance, definitions, listings by id.

    `members` names the patients of each population. `definitions` is keyed by `key@version`; `listings` holds, for each id,
    the rows in the order of the bundle. `withheld` says that patient-level rows are kept back: beside them a suppressed
    number would be no secret. `persons` says that what is about single patients is shown here; of what may be shown to
    everyone `listings` is empty. `labels` are the texts that may hold digits, the longest first. `cells` counts the cells
    that were not used as found.
    """

    document: Document
    results: Mapping[str, Row]
    provenance: Mapping[str, Row]
    definitions: Mapping[str, Row]
    listings: Mapping[str, list[Row]]
    members: Mapping[str, Sequence[str]]
    labels: tuple[str, ...]
    cells: list[Row]
    checks: list[Row]
    withheld: bool
    persons: bool

    def rows_behind(self, row: Row) -> list[str]:
        """List the ids of the listings that a result was made from; a result of several outcomes has several.

        A bundle with a suppressed number lists none.
        """
        if self.withheld:
            return []
        provenance = self.provenance.get(row["provenance_id"]) or {}
        return [key for key in (provenance.get("listing_id") or "").split() if key in self.listings]

    def label(self, key: str) -> str:
        """Give the clinicians' name of a variable or endpoint: its definition's label, else the key in words."""
        for row in self.definitions.values():
            if row["key"] == key and row["label"]:
                return str(row["label"])
        return key.replace("_", " ")


def lookup(bundle: Bundle, document: Document) -> Lookup:
    """Index a bundle for its document; the order of its rows is kept."""
    listings: dict[str, list[Row]] = {}
    for row in bundle.listings.to_pylist():
        listings.setdefault(row["listing_id"], []).append(row)
    results = {row["result_id"]: row for row in bundle.results.to_pylist()}
    definitions = {f"{row['key']}@{row['version']}": row for row in bundle.definitions.to_pylist()}
    labels = set(_labels(document, results.values(), definitions.values()))
    withheld = any(row["status"] == "suppressed" for row in results.values())
    return Lookup(
        document=document,
        results=results,
        provenance={row["provenance_id"]: row for row in bundle.provenance.to_pylist()},
        definitions=definitions,
        listings=listings,
        members=bundle.manifest.get("members", {}),
        labels=tuple(sorted(labels, key=lambda text: (-len(text), text))),
        cells=list(bundle.manifest.get("cells") or ledger_counts(bundle.ledger)),
        checks=bundle.checks.to_pylist(),
        withheld=withheld,
        persons=bundle.patient_level and not withheld,
    )


def _labels(document: Document, results: Iterable[Row], definitions: Iterable[Row]) -> Iterator[str]:
    """Yield the texts that may hold digits; only those that do, the longest of a definition with its range."""
    known: list[str] = [window.label for window in document.windows]
    known += [population.label for population in document.populations]
    for row in results:
        known += [row[name] for name in ("endpoint", "variable", "level", "visit", "comparison", "groups")]
    for row in definitions:
        for name in (row["key"], row["label"]):
            if name:
                known.append(name)
                if row["range"]:
                    known += [f"{name} {row['range']}", f"{name} ({row['range']})", f"{name}, {row['range']}"]
    for figure in document.figures:
        known += [figure.title, *([figure.y.label] if isinstance(figure, Trajectories | Steps) else [])]
    known += [row.label for table in document.tables for row in table.rows]
    for text in known:
        if not isinstance(text, str):
            continue
        if text and re.search(r"\d", text) and not re.fullmatch(r"[\d\W]+", text):
            yield text
