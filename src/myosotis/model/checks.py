"""Checks between records: each takes the records and the notebook, and gives back the records that stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from myosotis.model.cells import Refusal
from myosotis.model.ledger import Claim, Notebook
from myosotis.model.rows import Record
from myosotis.sources.sheet import text_of

__all__ = ["distinct_rows", "possible_dates"]

_DATED = {
    "observations": ("date",),
    "treatments": ("start", "stop"),
    "conditions": ("date",),
    "events": ("start", "stop"),
    "patients": ("onset_date", "diagnosis_date"),
}


def distinct_rows(records: Iterable[Record], notebook: Notebook) -> list[Record]:
    """Reject a record that repeats an earlier one, and warn of observations that disagree.

    A record repeats another when the same table of the mapping read it from an equal row and it says the same: an
    observation, from the same column, patient, time, name and value; any other record, all its values. Where the
    mapping says `repeated` the rest of the row may differ, and the later record is merged: its cells count as used.
    Observations of one patient, time and name with different values both stand.
    """
    seen: dict[object, Record] = {}
    moments: dict[object, Record] = {}
    rows = _EqualRows()
    kept: list[Record] = []
    for record in records:
        earlier = seen.setdefault(_identity(record, rows), record)
        if earlier is not record:
            _repeat(record, notebook)
            continue
        if record.table == "observations":
            at_once = moments.setdefault(_moment(record), record)
            if _told(at_once) != _told(record):
                notebook.problem(
                    Refusal(
                        "conflicting values",
                        "another value for the same patient, time and observation on an earlier row",
                        "one value",
                        "decide in the data which is right; until then the earlier row is taken",
                        "warning",
                    ),
                    record.place,
                )
        kept.append(record)
    return kept


def possible_dates(records: Iterable[Record], patients: Iterable[Record], notebook: Notebook) -> list[Record]:
    """Reject dates before birth, and starts after their stops.

    A record that needs its date (an observation) goes with it; any other stays without the dates. Of a start after
    its stop, neither date can be trusted and both are rejected.
    """
    births = {record.values["patient_id"]: record.values.get("birth_date") for record in patients}
    kept: list[Record] = []
    for record in records:
        birth = births.get(record.values["patient_id"])
        early = [c for c in _DATED[record.table] if birth and record.values.get(c) and record.values[c] < birth]
        checked: Record | None = record
        if early:
            checked = _without(record, early, _BEFORE_BIRTH, notebook)
        for start, stop in (("start", "stop"), ("start_day", "stop_day")):
            if checked is not None and _reversed(checked, start, stop):
                checked = _without(checked, [start, stop], _REVERSED, notebook)
        if checked is not None:
            kept.append(checked)
    return kept


_BEFORE_BIRTH = Refusal(
    "date before birth", "a date before the patient's birth", "a date after birth", "correct either date"
)
_REVERSED = Refusal(
    "stop before start", "a stop before its start", "a stop on the day of the start or later", "correct either date"
)


def _reversed(record: Record, start: str, stop: str) -> bool:
    a, b = record.values.get(start), record.values.get(stop)
    return a is not None and b is not None and b < a


def _without(record: Record, columns: list[str], refusal: Refusal, notebook: Notebook) -> Record | None:
    if record.table == "observations":
        notebook.reject(record, refusal.rule)
        notebook.problem(refusal, record.place)
        return None
    for claim in (claim for column in columns for claim in record.claims.get(column, ())):
        notebook.claim(Claim(claim.place, "rejected", refusal.rule))
    places = [claim.place for column in columns for claim in record.claims.get(column, ())] or [record.place]
    notebook.problem(refusal, places[-1])
    return replace(
        record,
        values={k: v for k, v in record.values.items() if k not in columns},
        claims={k: v for k, v in record.claims.items() if k not in columns},
    )


def _repeat(record: Record, notebook: Notebook) -> None:
    if record.repeated:
        notebook.claim(*(claim for claims in record.claims.values() for claim in claims))
        notebook.count(record.table_number, record.place.row, "merged")
        return
    notebook.reject(record, _DUPLICATE.rule)
    notebook.problem(_DUPLICATE, record.place)


_DUPLICATE = Refusal(
    "duplicate row",
    "the same as an earlier row",
    "each fact once",
    "remove the later row, or, if both happened, add a column that tells them apart",
    "warning",
)


def _moment(record: Record) -> object:
    return tuple(record.values.get(name) for name in ("patient_id", "date", "day", "name"))


def _told(record: Record) -> object:
    return (record.values.get("number"), record.values.get("text"))


class _EqualRows:
    """Number rows so that those equal in every cell have one number; each row is written out once."""

    def __init__(self) -> None:
        self._by_place: dict[object, int] = {}
        self._by_text: dict[tuple[str, ...], int] = {}

    def number(self, record: Record) -> int:
        place = record.place[:3]
        if place not in self._by_place:
            texts = tuple(map(text_of, record.cells))
            self._by_place[place] = self._by_text.setdefault(texts, len(self._by_text))
        return self._by_place[place]


def _identity(record: Record, rows: _EqualRows) -> object:
    """Give what two records share that are one fact read twice: the mapping's table, what they say, and their row.

    Where the mapping says that the same fact stands on many rows, the row may differ.
    """
    says = (_moment(record), _told(record)) if record.table == "observations" else tuple(sorted(record.values.items()))
    column = record.place.column if record.table == "observations" else ""
    row = None if record.repeated else rows.number(record)
    return (record.table_number, column, says, row)
