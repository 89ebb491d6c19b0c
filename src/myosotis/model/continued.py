"""Rows that go on with an event told before: without a term, under the identifier of the event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from myosotis.model.cells import Refusal
from myosotis.model.claims import Record
from myosotis.model.ledger import LedgerBuilder

__all__ = ["with_terms"]

_WORDS = ("preferred_term", "organ_class")
_CONTINUED = Refusal(
    "term of another row of the event",
    "no term, on a row of an event that another row with its event_id names",
    "a term on every row",
    "the row is read as one of that event, under its term; fill the term in, or correct the event_id if it is another event",
    "note",
)
_MISSING = Refusal(
    "term missing",
    "nothing, and no other row of the patient with this event_id has a term",
    "a term on one row of each event at least",
    "fill it in or remove the row",
)


def with_terms(events: Iterable[Record], notebook: LedgerBuilder) -> list[Record]:
    """Give rows without a term that of their event: of the nearest row before with the same patient and `event_id`.

    Where no row before has one, it is that of the first behind. The coded term and the organ class come along where the row
    has none of its own. A row whose event has no term anywhere is rejected.
    """
    records = list(events)
    before: dict[tuple[str, str], Record] = {}
    behind: dict[tuple[str, str], Record] = {}
    for record in records:
        if record.values["term"] is not None:
            behind.setdefault(_event(record), record)
    kept: list[Record] = []
    for record in records:
        if record.values["term"] is not None:
            before[_event(record)] = record
            kept.append(record)
            continue
        named = before.get(_event(record)) or behind.get(_event(record))
        if named is None:
            notebook.refuse_record(record, _MISSING)
            continue
        notebook.problem(_CONTINUED, record.place)
        values = dict(record.values) | {"term": named.values["term"]}
        values |= {name: named.values[name] for name in _WORDS if named.values.get(name) and not values.get(name)}
        kept.append(replace(record, values=values))
    return kept


def _event(record: Record) -> tuple[str, str]:
    return record.values["patient_id"], record.values.get("event_id") or ""
