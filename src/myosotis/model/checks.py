"""Checks between records: each takes the records and the notebook, and gives back the records that stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from myosotis.model.cells import Refusal
from myosotis.model.claims import CellFate, Record
from myosotis.model.ledger import LedgerBuilder
from myosotis.model.rows import without_dates
from myosotis.model.tables import DATES

__all__ = ["distinct_rows", "possible_dates"]

_DATED = {**DATES, "patients": ("onset_date", "diagnosis_date", "last_contact", "death")}
_ENDS = ("death", "last_contact")
# The date without which a record of a table says nothing that could count.
_MAIN = {"observations": "date", "treatments": "start", "conditions": "date", "events": "start"}


def distinct_rows(records: Iterable[Record], notebook: LedgerBuilder) -> list[Record]:
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


def possible_dates(records: Iterable[Record], patients: Iterable[Record], notebook: LedgerBuilder) -> list[Record]:
    """Reject dates before birth, after death or after the last contact, and starts after their stops.

    A date known to the month or year is rejected only when every day of it is. A record that needs its date (an
    observation) goes with it; any other stays without the dates, save that what began after death or the last contact does
    not count at all. Of a start after its stop, neither date can be trusted and both are rejected. A course whose stop is
    rejected was stopped on a day that is not known; if it lay after the last contact, the course was ongoing until then.
    """
    lives = {record.values["patient_id"]: record.values for record in patients}
    kept: list[Record] = []
    for record in records:
        life = lives.get(record.values["patient_id"], {})
        birth = _bound(life, "birth_date", "earliest")
        early = [c for c in _DATED[record.table] if _lies_before(_bound(record.values, c, "latest"), birth)]
        checked: Record | None = record
        if early:
            checked = _without(record, early, _BEFORE_BIRTH, notebook)
        for end in _ENDS:
            if checked is not None:
                checked = _within_life(checked, life, end, notebook)
        for start, stop in (("start", "stop"), ("start_day", "stop_day")):
            if checked is not None and _reversed(checked, start, stop):
                checked = _without(checked, [start, stop], _REVERSED, notebook)
        if checked is not None:
            kept.append(checked)
    return kept


def _within_life(record: Record, life: Mapping[str, Any], end: str, notebook: LedgerBuilder) -> Record | None:
    """Reject what lies after the end of a patient's follow-up: a stop goes alone, anything else with its record."""
    last = _bound(life, end, "latest")
    late = [
        c for c in _DATED[record.table] if c not in _ENDS and _lies_before(last, _bound(record.values, c, "earliest"))
    ]
    if (
        record.table == "patients"
        and end == "death"
        and _lies_before(last, _bound(record.values, "last_contact", "earliest"))
    ):
        late = ["last_contact"]
    if not late:
        return record
    refusal = _AFTER[end]
    if _MAIN.get(record.table) in late:
        notebook.refuse_record(record, refusal)
        return None
    return _without(record, late, refusal, notebook)


def _bound(values: Mapping[str, Any], name: str, side: str) -> date | None:
    """Give a date, or the earliest or latest day it can be; None where nothing is known."""
    found: date | None = values.get(name) or values.get(f"{name}_{side}")
    return found


def _lies_before(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one < other


_BEFORE_BIRTH = Refusal(
    "date before birth", "a date before the patient's birth", "a date after birth", "correct either date"
)
_AFTER = {
    "death": Refusal(
        "date after death", "a date after the patient's death", "a date up to the day of death", "correct either date"
    ),
    "last_contact": Refusal(
        "date after the last contact",
        "a date after the last contact with the patient",
        "a date up to the last contact",
        "correct either date; what is dated later does not count",
        "warning",
    ),
}
_REVERSED = Refusal(
    "stop before start", "a stop before its start", "a stop on the day of the start or later", "correct either date"
)


def _reversed(record: Record, start: str, stop: str) -> bool:
    if start == "start":
        return _lies_before(_bound(record.values, stop, "latest"), _bound(record.values, start, "earliest"))
    a, b = record.values.get(start), record.values.get(stop)
    return a is not None and b is not None and b < a


def _without(record: Record, columns: list[str], refusal: Refusal, notebook: LedgerBuilder) -> Record | None:
    if record.table == "observations":
        notebook.refuse_record(record, refusal)
        return None
    for claim in (claim for column in columns for claim in record.claims.get(column, ())):
        notebook.claim(CellFate(claim.place, "rejected", refusal.rule))
    places = [claim.place for column in columns for claim in record.claims.get(column, ())] or [record.place]
    for place in {place[:3]: place for place in places}.values():  # a patient's facts may stand on several rows
        notebook.problem(refusal, place)
    return without_dates(record, columns, stop_known=refusal is _AFTER["last_contact"])


def _repeat(record: Record, notebook: LedgerBuilder) -> None:
    if record.repeated:
        notebook.claim(*(claim for claims in record.claims.values() for claim in claims))
        notebook.count(record.table_number, record.place.row, "merged")
        return
    notebook.refuse_record(record, _DUPLICATE)


_DUPLICATE = Refusal(
    "duplicate row",
    "the same as an earlier row",
    "each fact once",
    "remove the later row, or, if both happened, add a column that tells them apart",
    "warning",
)


def _moment(record: Record) -> object:
    return tuple(
        record.values.get(name) for name in ("patient_id", "date", "date_earliest", "date_latest", "day", "name")
    )


def _told(record: Record) -> object:
    return tuple(record.values.get(name) for name in ("number", "number_low", "number_high", "text"))


class _EqualRows:
    """Number rows so that those equal in every cell have one number; each row is written out once."""

    def __init__(self) -> None:
        self._by_place: dict[object, int] = {}
        self._by_text: dict[tuple[str, ...], int] = {}

    def number(self, record: Record) -> int:
        place = record.place[:3]
        if place not in self._by_place:
            self._by_place[place] = self._by_text.setdefault(record.texts, len(self._by_text))
        return self._by_place[place]


def _identity(record: Record, rows: _EqualRows) -> object:
    """Give what two records share that are one fact read twice: the mapping's table, what they say, and their row.

    Where the mapping says that the same fact stands on many rows, the row may differ.
    """
    says = (_moment(record), _told(record)) if record.table == "observations" else tuple(sorted(record.values.items()))
    column = record.place.column if record.table == "observations" else ""
    row = None if record.repeated else rows.number(record)
    return (record.table_number, column, says, row)
