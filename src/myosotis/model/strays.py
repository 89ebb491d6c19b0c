"""Rows of a patients sheet that may be no patient: totals, legends, and identifiers alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from myosotis.model.cells import Refusal
from myosotis.model.identities import RowPlace, row_of
from myosotis.model.ledger import Notebook
from myosotis.model.rows import Record
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
    records: Iterable[Record], others: Iterable[Record], notebook: Notebook
) -> tuple[list[Record], dict[RowPlace, str]]:
    """Reject patients rows that sum up others, and those that hold an id and nothing else; the rest, and these, come back.

    An id alone stays, with a warning, where another row of this or another table (`others`) holds more than the id of
    that patient, and without one where no row of its sheet holds anything else: then the sheet is a list of ids. An id
    that reads like a sentence stays with a warning.
    """
    records = list(records)
    full = {(record.place.source, record.place.sheet) for record in records if not _alone(record)}
    known = {record.values["patient_id"] for record in (*records, *others) if not _alone(record)}
    kept: list[Record] = []
    strays: dict[RowPlace, str] = {}
    for record in records:
        patient = record.values["patient_id"]
        alone = _alone(record) and (record.place.source, record.place.sheet) in full
        sentence = _like_a_sentence(patient)
        stray = _TOTAL if _SUMMARY.fullmatch(patient) else _ALONE if alone and patient not in known else None
        if stray is not None:
            strays[row_of(record)] = stray.rule
            notebook.reject(record, stray.rule)
            notebook.problem(stray, record.place)
            continue
        if sentence or alone:
            notebook.problem(_SENTENCE if sentence else _NO_FACTS, record.place)
        kept.append(record)
    return kept, strays


def _alone(record: Record) -> bool:
    return sum(not is_blank(cell) for cell in record.cells) == 1


def _like_a_sentence(text: str) -> bool:
    return len(text) > _LETTERS or len(text.split()) >= _WORDS or _LEGEND.fullmatch(text) is not None
