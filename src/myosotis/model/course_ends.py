"""How a course ended, where several cells of a row tell it: held against each other, and what contradicts is told."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from myosotis.model.cells import Refusal
from myosotis.model.claims import CellFate
from myosotis.model.layout import Field
from myosotis.model.rows import SheetReader, stop_is_written
from myosotis.sources.sheet import Row, is_blank, text_of

__all__ = ["EndWord", "end_in_words", "settle_end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWord:
    """Hold a word for the end of a course: `known` is true where it is ongoing, false where its stop is not known."""

    known: bool
    claims: tuple[CellFate, ...]


def end_in_words(context: SheetReader, row: Row, field: Field) -> EndWord | None:
    """Read a stop that the mapping's words call ongoing, or not known; None for any other cell."""
    if not field.column or is_blank(row.cells[context.columns[field.column]]):
        return None
    text = text_of(row.cells[context.columns[field.column]])
    for words, known, became in ((field.ongoing, True, "ongoing"), (field.unknown, False, "stop not known")):
        if text in words:
            claim = CellFate(context.place(row, field.column), "converted", "word for the end of a course", became)
            return EndWord(known=known, claims=(claim,))
    return None


_RULE = "contradicting end of a course"
_BESIDE_STOP = Refusal(
    _RULE,
    "a stop, and beside it a word or stop_known that says that there is none or that it is not known",
    "one end of a course",
    "correct either; the stop is taken",
    "warning",
)
_TWO_WORDS = Refusal(
    _RULE,
    "a word for the end of the course, and a stop_known that says otherwise",
    "one end of a course",
    "correct either; until then it was stopped on a day that is not known",
    "warning",
)
_NONE_WRITTEN = Refusal(
    _RULE,
    "yes under stop_known, and no stop",
    "the stop that is known",
    "fill the stop in, or leave stop_known empty if the course goes on; it is taken as ongoing",
    "warning",
)
_REASON_ALONE = Refusal(
    "reason to stop without a stop",
    "a reason to stop, and no stop",
    "the day on which the course was stopped",
    "fill the stop in, or set stop_known to no if nobody knows it; until then the course is taken as ongoing",
    "warning",
)


def settle_end(
    context: SheetReader,
    values: dict[str, Any],
    claims: dict[str, tuple[CellFate, ...]],
    *,
    word: EndWord | None,
    unread: AbstractSet[str],
) -> None:
    """Settle `stop_known` of a course from its stop, the word in place of one, and what its own column says.

    A stop that is written down is known, whatever a default for the sheet says. A stop that could not be read (`unread`) is
    no course that goes on. Of two that contradict each other the one that is not taken is rejected, and both are told.
    """
    told: bool | None = values.get("stop_known")
    column = claims.get("stop_known", ())
    if stop_is_written(values):
        values.pop("stop_known", None)
        if word is not None:
            _reject(context, claims, "stop", _BESIDE_STOP)
        if told is False and column:
            _reject(context, claims, "stop_known", _BESIDE_STOP)
        return
    if unread & {"stop", "stop_day"}:
        values["stop_known"] = False
        return
    if word is not None:
        values["stop_known"] = word.known
        if column and told is not None and told is not word.known:
            values["stop_known"] = False
            _reject(context, claims, "stop" if word.known else "stop_known", _TWO_WORDS)
    elif told and column:
        context.notebook.problem(_NONE_WRITTEN, column[0].place)
    reason = claims.get("stop_reason", ())
    if values.get("stop_reason") and reason and word is None and values.get("stop_known") is not False:
        context.notebook.problem(_REASON_ALONE, reason[0].place)


def _reject(context: SheetReader, claims: dict[str, tuple[CellFate, ...]], name: str, refusal: Refusal) -> None:
    context.notebook.problem(refusal, claims[name][0].place)
    claims[name] = tuple(claim._replace(fate="rejected", reason=refusal.rule, became="") for claim in claims[name])
