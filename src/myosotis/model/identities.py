"""Who records belong to: rows that claim one patient, identifiers that are nearly the same, and rows of nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from myosotis.model.cells import Refusal
from myosotis.model.claims import CellPlace, Record
from myosotis.model.identity import plain_identities
from myosotis.model.ledger import LedgerBuilder
from myosotis.model.look_alikes import mixes_alphabets
from myosotis.model.tellings import agree, columns_of, fact_of, narrower, told_of

__all__ = ["People", "ReadCells", "RowPlace", "identify_patients", "of_known_patients", "row_of"]

# What cannot change: two values of one of these are two persons, or a row that is not the patient's.
_UNCHANGING = ("sex", "birth_date")

ReadCells: TypeAlias = Mapping[tuple[str, str], tuple[int, ...]]


class RowPlace(NamedTuple):
    """Name a row by file, sheet and row."""

    source: str
    sheet: str
    row: int

    def __str__(self) -> str:
        return f"row {self.row} of {self.source!r}" + (f", sheet {self.sheet!r}" if self.sheet else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Hold the patients that stand, and what tells whose the other rows are.

    `refused` are rows that claimed a patient and were refused, with the reason; `contested` maps an identifier that
    two rows claim with other facts to the rows that stay with the first of them.
    """

    patients: tuple[Record, ...]
    refused: Mapping[RowPlace, str]
    contested: Mapping[str, frozenset[RowPlace]]


def identify_patients(
    records: Iterable[Record],
    read_cells: ReadCells,
    notebook: LedgerBuilder,
    *,
    strays: Mapping[RowPlace, str],
) -> People:
    """Decide which patients rows are one person, and refuse those that claim somebody else's identifier.

    `read_cells` gives, by file and sheet, the positions of the cells that any table of the mapping reads; `strays` are
    the rows that are no patient, with the reason. A row is
    the patient of an earlier one when every cell that is read is equal (a whole row that is equal is a duplicate), or
    when the mapping says `repeated` and neither sex nor birth date differs. Any other second row is refused. Facts of
    rows that are one person are merged; where they disagree the first stands and the later cell is rejected. A date and
    the same date to its month or year agree, and the more exact one stands.

    A refused row of a table that is not `repeated` makes its identifier contested; where rows are `repeated` only the
    row that contradicts the patient's sex or birth date is nobody's.
    """
    first: dict[str, Record] = {}
    patients: dict[str, Record] = {}
    rows: dict[str, set[RowPlace]] = {}
    refused: dict[RowPlace, str] = dict(strays)
    contested: set[str] = set()
    for record in records:
        identifier, place = record.values["patient_id"], row_of(record)
        if identifier not in patients:
            first[identifier] = patients[identifier] = record
            rows[identifier] = {place}
            continue
        known = patients[identifier]
        if place not in rows[identifier] and record.repeated and _contradicts(known, record):
            refused[place] = _DISAGREES.rule
            _refuse_contradiction(known, record, notebook)
            continue
        why = _why_not_one(first[identifier], record, rows[identifier], read_cells)
        if why is None or why.severity == "warning":
            rows[identifier].add(place)
        else:
            refused[place] = why.rule
            contested.add(identifier)
        if why is not None:
            notebook.problem(why, record.place)
        if why is None or why.rule == _SAME_FACTS:
            patients[identifier] = _merged(known, record, notebook)
            notebook.count(record.table_number, record.place.row, "merged")
        else:
            notebook.reject(record, why.rule)
    _note_nearly_the_same(first.values(), notebook)
    return People(
        patients=tuple(patients.values()),
        refused=refused,
        contested={identifier: frozenset(rows[identifier]) for identifier in contested},
    )


def of_known_patients(records: Iterable[Record], people: People, notebook: LedgerBuilder) -> list[Record]:
    """Keep the records that are known to be a patient's; reject those of nobody, or of one of two persons."""
    known = {record.values["patient_id"] for record in people.patients}
    nearly = _Nearly()
    for record in people.patients:
        nearly.add(record)
    told: set[RowPlace] = set()
    kept: list[Record] = []
    for record in records:
        identifier, place = record.values["patient_id"], row_of(record)
        rows = people.contested.get(identifier)
        if place in people.refused:
            # The finding on the patients row has told it.
            notebook.reject(record, people.refused[place])
            continue
        if identifier in known and (rows is None or place in rows):
            kept.append(record)
            continue
        near = None if identifier in known else nearly.find(identifier)
        why = _CONTESTED if identifier in known else _unknown(near)
        notebook.reject(record, why.rule)
        if place not in told:
            told.add(place)
            notebook.problem(why, _identifier_place(record))
            if near is not None:
                notebook.problem(_nearly(near), _identifier_place(record))
    return kept


_SAME_FACTS = "second row for one patient"
_ADVICE = (
    "give the second person an identifier of its own, or remove the row that is wrong; for one person whose facts "
    "stand on many rows declare repeated = true in the mapping; until then nothing of the second row is used, nor any "
    "row of another sheet with this identifier"
)
_CONTESTED = Refusal(
    "identifier claimed by two rows",
    "an identifier that two patients rows claim with other facts",
    "the identifier of one person",
    "decide whose row it is: give each person an identifier of its own here and in the patients table, or correct the "
    "patients table (its finding 'two rows for one patient' names the rows); until then the row is nobody's",
)


def _why_not_one(first: Record, record: Record, rows: set[RowPlace], read_cells: ReadCells) -> Refusal | None:
    """Say why a row is not simply the known patient's again: None when it is, a warning where it adds nothing."""
    place, pair = row_of(record), f"{row_of(record)} with the identifier of {row_of(first)}"
    if place in rows or record.repeated:
        return None
    same_table = record.table_number == first.table_number
    before, again = first.texts, record.texts
    if same_table and before == again:
        return Refusal(
            "duplicate row",
            f"{row_of(record)} the same as {row_of(first)}",
            "each fact once",
            "remove the later row, or declare repeated = true in the mapping",
            "warning",
        )
    positions = read_cells[place.source, place.sheet]
    if all(before[i] == again[i] for i in positions) if same_table else _facts(record) in ({}, _facts(first)):
        return Refusal(
            _SAME_FACTS,
            f"{pair} and the same facts",
            "one row per patient",
            "remove the later row, or declare repeated = true in the mapping; if they are two persons, give each an "
            "identifier of its own",
            "warning",
        )
    return Refusal("two rows for one patient", f"{pair} and other facts", "one row per patient", _ADVICE)


def _contradicts(known: Record, record: Record) -> bool:
    pairs = [(told_of(known.values, name), told_of(record.values, name)) for name in _UNCHANGING]
    return any(one is not None and other is not None and not agree(one, other) for one, other in pairs)


def _refuse_contradiction(known: Record, record: Record, notebook: LedgerBuilder) -> None:
    """Reject a row of somebody else: what differs is told, what is equal was read, and nothing else is taken."""
    notebook.count(record.table_number, record.place.row, "rejected")
    pair = f"{row_of(record)} with the identifier of {row_of(known)} and another sex or birth date"
    refusal = replace(_DISAGREES, found=pair, advice=_NOT_THE_PATIENT)
    for name, claims in record.claims.items():
        mine, theirs = told_of(known.values, name), told_of(record.values, name)
        for claim in claims:
            if mine is not None and theirs is not None and agree(mine, theirs):
                notebook.claim(claim)
            elif name in _UNCHANGING and mine is not None:
                notebook.refuse(refusal, claim.place)
            else:
                notebook.claim(claim._replace(fate="rejected", reason=refusal.rule, became=""))


_NOT_THE_PATIENT = (
    "decide in the data which is right, or give the second person an identifier of its own; until then nothing of the "
    "later row is used"
)
_DISAGREES = Refusal(
    "repeated fact disagrees",
    "another value",
    "the same fact on every row of a patient",
    "decide in the data which is right",
)


def _merged(known: Record, record: Record, notebook: LedgerBuilder) -> Record:
    values, claims = dict(known.values), dict(known.claims)
    for name in dict.fromkeys(map(fact_of, record.values)):
        mine, theirs = told_of(values, name), told_of(record.values, name)
        if theirs is None:
            continue
        if mine is None or agree(mine, theirs):
            if mine is None or narrower(theirs, mine):
                values |= {column: record.values.get(column) for column in columns_of(name)}
            claims[name] = (*claims.get(name, ()), *record.claims.get(name, ()))
        else:
            for claim in record.claims.get(name, ()):
                found = f"another value on {row_of(record)} than on {row_of(known)}"
                notebook.refuse(replace(_DISAGREES, found=found), claim.place)
    return replace(known, values=values, claims=claims)


def _note_nearly_the_same(patients: Iterable[Record], notebook: LedgerBuilder) -> None:
    seen = _Nearly()
    for record in patients:
        earlier = seen.find(record.values["patient_id"])
        if earlier is not None:
            notebook.problem(_nearly(earlier), record.place)
        elif mixes_alphabets(record.values["patient_id"]):
            notebook.problem(_MIXED, record.place)
        seen.add(record)


class _Nearly:
    """Find the first row whose identifier is nearly the same as another."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str], RowPlace] = {}

    def add(self, record: Record) -> None:
        for kind in enumerate(plain_identities(record.values["patient_id"])):
            self._rows.setdefault(kind, row_of(record))

    def find(self, identifier: str) -> RowPlace | None:
        found = (self._rows.get(kind) for kind in enumerate(plain_identities(identifier)))
        return next((row for row in found if row is not None), None)


_WAYS = "case, blanks, signs, Unicode form or letters that look alike (as in Latin and Cyrillic, or O and 0)"
_MIXED = Refusal(
    "identifier of two alphabets",
    "an identifier with letters of more than one of the Latin, Cyrillic and Greek alphabets",
    "letters of one alphabet",
    "type it again if a letter was meant that only looks so; rows that write it in one alphabet are another patient's",
    "note",
)


def _nearly(place: RowPlace) -> Refusal:
    return Refusal(
        "nearly the same identifier",
        f"an identifier that differs from that on {place} only in {_WAYS}",
        "one spelling for one person",
        "write the identifier alike on both rows if they are one person; they are read as two",
        "warning",
    )


def _unknown(near: RowPlace | None) -> Refusal:
    return Refusal(
        "unknown patient",
        "a patient id that is in no patients row"
        + ("" if near is None else f" (that on {near} differs only in {_WAYS})"),
        "the id of a patient",
        "correct the id or add the patient",
    )


def row_of(record: Record) -> RowPlace:
    """Name the row that a record was read from."""
    return RowPlace(record.place.source, record.place.sheet, record.place.row)


def _identifier_place(record: Record) -> CellPlace:
    claims = record.claims.get("patient_id", ())
    return claims[0].place if claims else record.place


def _facts(record: Record) -> dict[str, object]:
    return {name: value for name, value in record.values.items() if value is not None and name != "patient_id"}
