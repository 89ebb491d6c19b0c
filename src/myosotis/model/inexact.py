"""Notes on what stands though it is not exactly known: dates of a month or year, and limits in place of numbers."""

from __future__ import annotations

from collections.abc import Iterable

from myosotis.model.cells import Refusal
from myosotis.model.claims import CellPlace, Record
from myosotis.model.ledger import LedgerBuilder
from myosotis.model.tables import DATES

__all__ = ["note_inexact"]

_PARTIAL_DATE = Refusal(
    "partial date",
    "a year, or a year and month, alone",
    "a whole date",
    "it is kept as every day it can be: what all of them settle is settled, the rest is not evaluable; look the day up",
    "note",
)
_LIMIT = Refusal(
    "number beyond a limit",
    "a limit, such as <3, in place of a number",
    "a number",
    "it is kept as what it can be: what every such number settles is settled, the rest is not evaluable",
    "note",
)


def note_inexact(standing: Iterable[Record], notebook: LedgerBuilder) -> None:
    """Note each cell that gave a standing record a date or number with bounds; one that was rejected is told as such."""
    told: dict[tuple[Refusal, CellPlace], None] = {}
    for record in standing:
        spans = [name for name in DATES[record.table] if record.values.get(f"{name}_earliest") is not None]
        beyond = any(record.values.get(name) is not None for name in ("number_low", "number_high"))
        for note, name in [*((_PARTIAL_DATE, name) for name in spans), *([(_LIMIT, "value")] if beyond else [])]:
            claims = record.claims.get(name, ())
            told |= dict.fromkeys((note, place) for place in [claim.place for claim in claims] or [record.place])
    for note, place in told:
        notebook.problem(note, place)
