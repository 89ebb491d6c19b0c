"""Explain an expression in words, and for one patient as a tree of values, dates, rows and verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from myosotis.errors import UnknownNameError
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.outcome import Evidence, Outcome
from myosotis.language.record import IndexDate, records
from myosotis.language.sentences import between_words, plain_number, sentence
from myosotis.language.structure import Node
from myosotis.language.values import Constant

if TYPE_CHECKING:
    from myosotis.model.dataset import Dataset

__all__ = ["explain", "tree_of"]


def explain(
    node: Node, patient_id: str | None = None, data: Dataset | None = None, index: IndexDate | None = None
) -> str:
    """Say what an expression means; with a patient, a data set and an index date, say what it came to and why.

    The sentence is English without a full stop. The tree has one line per step: its result, the step in words, and
    for a step read from the data the value, day, file, sheet, row and column.

    Raises `UnknownNameError` when the data hold no such patient (the message does not repeat who was asked for).
    """
    if patient_id is None:
        return sentence(node)
    if data is None or index is None:
        raise UnknownNameError("to explain one patient, give the data set and the index date too")
    for record in records(data, index):
        if record.patient_id == patient_id:
            return "\n".join(tree_of(evaluate_patient(node, record)))
    raise UnknownNameError("no patient of that identifier is in the data; the patients table lists those there are")


def tree_of(outcome: Outcome, indent: int = 0) -> Iterator[str]:
    """Yield the lines of an outcome's tree."""
    margin = "  " * indent
    yield f"{margin}{_shown(outcome)}  {outcome.sentence}"
    for row in outcome.evidence:
        yield f"{margin}    ← {_place(row)}"
    for part in outcome.parts:
        if part.sentence != outcome.sentence and not _is_constant(part):
            yield from tree_of(part, indent + 1)
        elif part.parts or part.evidence:
            # A step that only renames or rounds its operand says nothing new; show what it was made of.
            for below in part.parts:
                yield from tree_of(below, indent + 1)
            for row in part.evidence:
                yield f"{margin}    ← {_place(row)}"


def _shown(outcome: Outcome) -> str:
    result = outcome.result
    if result is None and outcome.possible:
        return f"not evaluable ({' or '.join(outcome.possible)})"
    if result is None and outcome.interval.recorded is not False:
        return f"not exactly known ({between_words(outcome.interval.low, outcome.interval.high)})"
    if result is None:
        return "none"
    if isinstance(result, bool):
        return "true " if result else "false"
    return plain_number(result) if isinstance(result, float) else result


def _place(row: Evidence) -> str:
    value = "" if row.number is None else f"{plain_number(row.number)} {row.unit}".strip()
    shown = ", ".join(part for part in (value, row.text) if part)
    when = f"day {row.day}" if row.day is not None else "no day"
    if row.date is not None:
        when += f" ({row.date.isoformat()})"
    sheet = f", sheet {row.sheet}" if row.sheet else ""
    column = f", column {row.source_column}" if row.source_column else ""
    return f"{row.item}: {shown or 'recorded'}, {when}; {row.source}{sheet}, row {row.source_row}{column}"


def _is_constant(part: Outcome) -> bool:
    return not part.parts and not part.evidence and part.sentence == _constant_text(part)


def _constant_text(part: Outcome) -> str:
    return sentence(Constant(number=part.result)) if isinstance(part.result, float) else ""
