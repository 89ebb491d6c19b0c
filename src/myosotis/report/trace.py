"""Say of each printed number what it is, how it was made and which rows it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from myosotis.report.cells import NOT_OK
from myosotis.report.format import exact, integer
from myosotis.report.lookup import Lookup, Row
from myosotis.report.placed import trace_anchor
from myosotis.report.words import describe, keys_in_words, subject

__all__ = ["SourceRows", "TraceEntry", "source_rows", "trace_entry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEntry:
    """Hold the trace of one result; `definitions` are (key@version, anchor or ""), `printed` (place, anchor)."""

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
    rows_anchor: str
    rows_words: str
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
    listing = provenance.get("listing_id") or ""
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
        rows_anchor=listings.get(listing, ""),
        rows_words=_counted(index.listings[listing]) if listing in listings else "",
        printed=tuple(printed),
    )


def source_rows(cited: Sequence[Row], index: Lookup, listings: Mapping[str, str]) -> list[SourceRows]:
    """Name the listings behind the cited results, in the order in which the results first need them."""
    subjects: dict[str, list[str]] = {}
    for row in cited:
        listing = (index.provenance.get(row["provenance_id"]) or {}).get("listing_id") or ""
        if listing in listings and subject(row, index) not in subjects.setdefault(listing, []):
            subjects[listing].append(subject(row, index))
    return [
        SourceRows(
            listing_id=listing,
            anchor=listings[listing],
            words=names[0] + (f", and {len(names) - 1} more" if len(names) > 1 else ""),
            count=_counted(index.listings[listing]),
        )
        for listing, names in subjects.items()
    ]


def _counted(rows: Sequence[Row]) -> str:
    values = [row for row in rows if row["role"] == "value"]
    patients = len({row["patient_id"] for row in values})
    evidence = len(rows) - len(values)
    text = f"{_many(len(values), 'value')} of {_many(patients, 'patient')}"
    return text + (f", with {_many(evidence, 'cell')} of evidence" if evidence else "")


def _many(count: int, noun: str) -> str:
    return f"{integer(count)} {noun}" + ("" if count == 1 else "s")
