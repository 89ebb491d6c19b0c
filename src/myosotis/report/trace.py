"""Say of each printed number what it is, how it was made and which rows it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from myosotis.report.anchors import trace_anchor
from myosotis.report.cells import NOT_OK
from myosotis.report.format import exact, integer
from myosotis.report.lookup import Lookup, Row
from myosotis.report.words import describe, keys_in_words, subject

__all__ = ["SourceRows", "TraceEntry", "source_rows", "trace_entry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEntry:
    """Hold the trace of one result.

    `definitions` are (key@version, anchor or ""), `rows` (words, anchor), `printed` (place, anchor).
    """

    result_id: str
    anchor: str
    words: str
    number: str
    unit: str
    status: str
    note: str
    keys: tuple[tuple[str, str], ...]
    method: str
    conf_level: str
    sentence: str
    seed: str
    definitions: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]
    printed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRows:
    """Name one listing: its anchor, what its rows are about, and how many rows and patients it holds."""

    listing_id: str
    anchor: str
    words: str
    count: str


def trace_entry(
    row: Row,
    index: Lookup,
    *,
    definitions: Mapping[str, str],
    listings: Mapping[str, str],
    printed: Sequence[tuple[str, str]],
) -> TraceEntry:
    """Gather the trace of a result row; `definitions` and `listings` map their keys to anchors on the page."""
    provenance = index.provenance.get(row["provenance_id"]) or {}
    ok = row["status"] == "ok"
    return TraceEntry(
        result_id=row["result_id"],
        anchor=trace_anchor(row["result_id"]),
        words=describe(row, index),
        number=exact(row["number"]) if ok else NOT_OK[row["status"]],
        unit=row["unit"] or "",
        status=row["status"],
        note=row["note"] or "",
        keys=tuple(keys_in_words(row, index)),
        method=row["method"] or "",
        conf_level="" if row["conf_level"] is None else exact(row["conf_level"]),
        sentence=provenance.get("sentence") or "",
        seed="" if provenance.get("seed") is None else str(provenance["seed"]),
        definitions=tuple((key, definitions.get(key, "")) for key in provenance.get("definitions") or ()),
        rows=tuple((_counted(index.listings[key]), listings[key]) for key in index.rows_behind(row)),
        printed=tuple(printed),
    )


def source_rows(cited: Sequence[Row], index: Lookup, listings: Mapping[str, str]) -> list[SourceRows]:
    """Name the listings behind the cited results, in the order in which the results first need them."""
    subjects: dict[str, list[str]] = {}
    for row in cited:
        for listing in index.rows_behind(row):
            told = subjects.setdefault(listing, [])
            told.extend([subject(row, index)] if subject(row, index) not in told else [])
    return [
        SourceRows(
            listing_id=listing,
            anchor=listings[listing],
            words=_item(index.listings[listing]) or names[0],
            count=_counted(index.listings[listing]),
        )
        for listing, names in subjects.items()
    ]


def _counted(rows: Sequence[Row]) -> str:
    values = [row for row in rows if row["role"] == "value"]
    missing = sum(row["number"] is None and row["text"] in (None, "", "missing") for row in values)
    patients = len({row["patient_id"] for row in values})
    evidence = len(rows) - len(values)
    text = f"{_many(len(values) - missing, 'value')} of {_many(patients, 'patient')}"
    text += f", {integer(missing)} missing" if missing else ""
    return text + (f", with {_many(evidence, 'cell')} of evidence" if evidence else "")


def _item(rows: Sequence[Row]) -> str:
    """Name a listing by the one thing its values are, if they are one thing said in words."""
    items = {row["item"] for row in rows if row["role"] == "value"}
    item = items.pop() if len(items) == 1 else ""
    return item if item and " " in item else ""


def _many(count: int, noun: str) -> str:
    return f"{integer(count)} {noun}" + ("" if count == 1 else "s")
