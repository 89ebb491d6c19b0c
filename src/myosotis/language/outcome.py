"""What evaluating an expression for one patient gives: the result, the rows behind it, and the parts it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from myosotis.language.interval import MISSING, Interval
from myosotis.language.sentences import sentence
from myosotis.language.structure import Node

__all__ = ["Evidence", "Outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Point at one source cell (or row) that a result was read from."""

    item: str
    number: float | None
    text: str
    unit: str
    day: int | None
    date: date | None
    source: str
    sheet: str
    source_row: int
    source_column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Record what an expression came to for one patient.

    `result` is a number, a truth, a category, or None for missing or not evaluable. `evidence` holds the rows that a
    leaf was read from; `parts` the outcomes of its operands; `possible` the categories that remain open. `interval`
    bounds a value that is not exactly known. `evaluable` says of a criterion whether it is settled by every completion of
    what is not exactly known: True also where these differ, False where something missing leaves it open, None between.
    """

    node: Node
    result: float | bool | str | None
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[Outcome, ...] = ()
    possible: tuple[str, ...] = ()
    interval: Interval = MISSING
    evaluable: bool | None = True

    @property
    def sentence(self) -> str:
        """Say the expression in words."""
        return sentence(self.node)

    def rows(self) -> Iterator[Evidence]:
        """Yield the evidence of this outcome and of all its parts, each source cell once, in order of appearance."""
        seen: set[tuple[str, str, int, str]] = set()
        stack = [self]
        while stack:
            outcome = stack.pop()
            for row in outcome.evidence:
                place = (row.source, row.sheet, row.source_row, row.source_column)
                if place not in seen:
                    seen.add(place)
                    yield row
            stack.extend(reversed(outcome.parts))
