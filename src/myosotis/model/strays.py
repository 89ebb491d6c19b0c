"""Rows of a patients sheet that may be no patient: totals, legends, and identifiers alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TypeAlias

from myosotis.model.cells import Refusal
from myosotis.model.claims import Record
from myosotis.model.identities import RowPlace, row_of
from myosotis.model.ledger import LedgerBuilder
from myosotis.sources.cell import is_blank

__all__ = ["without_strays"]

_SUMMARY = re.compile(
    r"(?:grand |sub)?"
    r"(?:totals?|sums?|mean|average|median|standard deviation|gesamt|insgesamt|summe|mittelwert|somme|moyenne|médiane"
    r"|итого|всего|合计|总计|小计|总数|平均|平均值|均值|中位数|标准差|合計|総計|小計|중앙값|합계|평균)"
    r"(?:\s*[:：=≈±,(（\[].*|\s+(?:n\b.*|\d+)|\s*\d+\s*[例人名])?[\s.:：]*",
    re.IGNORECASE,
)
_LEGEND = re.compile(
    r"[*†‡§¶#※•–—].*|.*[:：=].*\s.*|.*[。；!?？].*|(?:note|notes|legend|source|注|备注|说明|注释)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_WORDS, _LETTERS = 6, 60
_SheetPlace: TypeAlias = tuple[str, str]

_TOTAL = Refusal(
    "total row",
    "a row that sums up others, in the column of the patient id",
    "one patient a row",
    "remove the row, or declare last_row in the mapping; it is not made a patient",
)
_ALONE = Refusal(
    "patient id alone",
    "a row with nothing but a text in the column of the patient id, such as a footnote or legend",
    "one patient a row, with its facts",
    "remove the row, declare last_row in the mapping, or fill in the patient's facts; it is not made a patient",
)
_NO_FACTS = Refusal(
    "patient without facts",
    "a patient of whom this sheet holds the id alone",
    "the patient's facts",
    "fill them in, or remove the row if it is no patient",
    "warning",
)
_SENTENCE = Refusal(
    "patient id like a sentence",
    "an id that reads like a footnote or legend",
    "a patient's id",
    "remove the row if it is no patient, or declare last_row in the mapping; until then it is one",
    "warning",
)


def without_strays(
    records: Iterable[Record], others: Iterable[Record], notebook: LedgerBuilder, *, asked: AbstractSet[_SheetPlace]
) -> tuple[list[Record], dict[RowPlace, str]]:
    """Reject patients rows that sum up others, and those that hold an id and nothing else; the rest, and these, come back.

    An id alone stays where another row of this or another table (`others`) holds more than the id of that patient. Else
    it depends on its sheet. Where the patients table asks for facts (`asked` gives file and sheet), a row without any is
    no patient. Where it asks for the id alone, what else the sheet has, such as conditions, may be blank for a patient:
    the id is one, unless it reads like a sentence where others do not, or stands under the table behind a blank row. An id
    alone on a sheet with other facts is told; on a sheet that is a list of ids, none is. An id with facts that reads
    like a sentence stays with a warning.
    """
    records = list(records)
    sheets = _sheets(records, asked)
    known = {record.values["patient_id"] for record in (*records, *others) if not _alone(record)}
    kept: list[Record] = []
    strays: dict[RowPlace, str] = {}
    for record in records:
        sheet = sheets[record.place[:2]]
        stray = _stray(record, sheet, known)
        if stray is not None:
            strays[row_of(record)] = stray.rule
            notebook.refuse_record(record, stray)
            continue
        if _like_a_sentence(record.values["patient_id"]):
            notebook.problem(_SENTENCE, record.place)
        elif _alone(record) and sheet.full and record.values["patient_id"] not in sheet.full:
            notebook.problem(_NO_FACTS if sheet.asked else replace(_NO_FACTS, severity="note"), record.place)
        kept.append(record)
    return kept, strays


@dataclass(frozen=True, slots=True, kw_only=True)
class _PatientsSheet:
    """Hold what a sheet says of the ids that stand alone on it.

    `asked` says whether the patients table reads more than the id; `full` are the patients with more than an id; `plain`
    says whether any id does not read like a sentence; `under` is the first row behind a blank one under the last full
    row, None where there is none.
    """

    asked: bool
    full: frozenset[str]
    plain: bool
    under: int | None


def _sheets(records: Iterable[Record], asked: AbstractSet[_SheetPlace]) -> dict[_SheetPlace, _PatientsSheet]:
    by_place: dict[_SheetPlace, list[Record]] = {}
    for record in records:
        by_place.setdefault(record.place[:2], []).append(record)
    return {
        place: _PatientsSheet(
            asked=place in asked,
            full=frozenset(record.values["patient_id"] for record in here if _full(record)),
            plain=any(not _like_a_sentence(record.values["patient_id"]) for record in here),
            under=_under(here),
        )
        for place, here in by_place.items()
    }


def _under(records: Sequence[Record]) -> int | None:
    rows = {record.place.row for record in records}
    last = max((record.place.row for record in records if _full(record)), default=None)
    return None if last is None else min((row for row in rows if row > last and row - 1 not in rows), default=None)


def _stray(record: Record, sheet: _PatientsSheet, known: AbstractSet[str]) -> Refusal | None:
    patient = record.values["patient_id"]
    if _SUMMARY.fullmatch(patient):
        return _TOTAL
    if not _alone(record) or patient in known:
        return None
    footnote = sheet.plain and _like_a_sentence(patient)
    under = sheet.under is not None and record.place.row >= sheet.under
    return _ALONE if footnote or under or (sheet.asked and sheet.full) else None


def _full(record: Record) -> bool:
    return not _alone(record) and _SUMMARY.fullmatch(record.values["patient_id"]) is None


def _alone(record: Record) -> bool:
    return sum(not is_blank(cell) for cell in record.cells) == 1


def _like_a_sentence(text: str) -> bool:
    return len(text) > _LETTERS or len(text.split()) >= _WORDS or _LEGEND.fullmatch(text) is not None
