"""Checks between records: each takes the records and the notebook, and gives back the records that stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from myosotis.model.cells import Refusal
from myosotis.model.ledger import Claim, Notebook
from myosotis.model.rows import Record
from myosotis.sources.sheet import text_of

__all__ = ["distinct_rows", "known_patients", "one_record_per_patient", "possible_dates"]

_DATED = {
    "observations": ("date",),
    "treatments": ("start", "stop"),
    "conditions": ("date",),
    "events": ("start", "stop"),
    "patients": ("onset_date", "diagnosis_date"),
}


def one_record_per_patient(records: Iterable[Record], notebook: Notebook) -> list[Record]:
    """Merge the patients rows of one id where the mapping says `repeated`, else reject all but the first.

    Where repeated rows disagree on a fact, the first row's stands and the later cell is rejected.
    """
    first: dict[str, Record] = {}
    for record in records:
        known = first.get(record.values["patient_id"])
        if known is None:
            first[record.values["patient_id"]] = record
        elif record.repeated:
            first[record.values["patient_id"]] = _merged(known, record, notebook)
        else:
            same = _facts(known) == _facts(record)
            _refuse(
                record,
                Refusal(
                    "duplicate row" if same else "two rows for one patient",
                    "the same patient on an earlier row" + ("" if same else ", with other facts"),
                    "one row per patient",
                    "remove the later row, or declare repeated = true in the mapping",
                    "warning" if same else "error",
                ),
                notebook,
            )
    return list(first.values())


def known_patients(records: Iterable[Record], patients: Iterable[Record], notebook: Notebook) -> list[Record]:
    """Reject records of a patient whom no patients row names."""
    known = {record.values["patient_id"] for record in patients}
    unknown = Refusal(
        "unknown patient",
        "a patient id that is in no patients row",
        "the id of a patient",
        "correct the id or add the patient",
    )
    kept: list[Record] = []
    for record in records:
        if record.values["patient_id"] in known:
            kept.append(record)
        else:
            _refuse(record, unknown, notebook)
    return kept


def distinct_rows(records: Iterable[Record], notebook: Notebook) -> list[Record]:
    """Reject a record that repeats an earlier one, and warn of observations that disagree.

    An observation repeats another when patient, time, name and value are equal; any other record when its whole source
    row is equal to an earlier one of the same sheet. Observations of one patient, time and name with different values
    both stand. Where the mapping says `repeated`, the later one counts as used and is not kept twice.
    """
    seen: dict[object, Record] = {}
    moments: dict[object, Record] = {}
    kept: list[Record] = []
    for record in records:
        earlier = seen.setdefault(_identity(record), record)
        if earlier is not record:
            _repeat(record, notebook)
            continue
        if record.table == "observations":
            moment = _moment(record)
            if moments.setdefault(moment, record) is not record:
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
        _refuse(record, refusal, notebook)
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


def _merged(known: Record, record: Record, notebook: Notebook) -> Record:
    values, claims = dict(known.values), dict(known.claims)
    for name, value in record.values.items():
        if values.get(name) is None or values[name] == value:
            values[name] = value if values.get(name) is None else values[name]
            claims[name] = (*claims.get(name, ()), *record.claims.get(name, ()))
        elif value is not None:
            for claim in record.claims.get(name, ()):
                notebook.refuse(_DISAGREES, claim.place)
    return replace(known, values=values, claims=claims)


_DISAGREES = Refusal(
    "repeated fact disagrees",
    "another value than on the patient's first row",
    "the same fact on every row of a patient",
    "decide in the data which is right",
)


def _repeat(record: Record, notebook: Notebook) -> None:
    if record.repeated:
        notebook.claim(*(claim for claims in record.claims.values() for claim in claims))
        return
    _refuse(
        record,
        Refusal(
            "duplicate row",
            "the same as an earlier row",
            "each fact once",
            "remove the later row, or, if both happened, add a column that tells them apart",
            "warning",
        ),
        notebook,
    )


def _refuse(record: Record, refusal: Refusal, notebook: Notebook) -> None:
    notebook.claim(
        *(Claim(claim.place, "rejected", refusal.rule) for claims in record.claims.values() for claim in claims)
    )
    notebook.problem(refusal, record.place)


def _facts(record: Record) -> dict[str, object]:
    return {name: value for name, value in record.values.items() if value is not None}


def _moment(record: Record) -> object:
    return tuple(record.values.get(name) for name in ("patient_id", "date", "day", "name"))


def _identity(record: Record) -> object:
    if record.table == "observations":
        return (_moment(record), record.values.get("number"), record.values.get("text"))
    return (
        record.table,
        record.place.source,
        record.place.sheet,
        record.place.column,
        tuple(map(text_of, record.cells)),
    )
