"""Record counts: what became of every row that a table of the mapping read, and of every record found on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from myosotis.errors import MyosotisError

__all__ = ["Fate", "RecordCount", "Step", "record_count"]

Fate: TypeAlias = Literal["found", "merged", "rejected", "row ignored", "row rejected"]


class Step(NamedTuple):
    """Name a row of one table of the mapping, by the table's place from 1 and the row's number, and a fate there."""

    table: int
    row: int
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCount:
    """Count the rows and the records of one table of the mapping.

    `table` is its place in the mapping, from 1. Every row read is in one category, the first that holds: kept (a
    record of it stands), merged (its records say again what stands), rejected, ignored (declared so), empty (nothing
    of what the table asks for). A record is one fact: a course, a condition, an event, a patient or one value of an
    observation; every record found is kept, merged or rejected. Rows without a patient's identifier are rejected and
    their records not counted.

    Raises `MyosotisError` when the counts do not add up, since then a record was lost.
    """

    table: int
    feeds: str
    source: str
    sheet: str
    rows: int
    rows_kept: int
    rows_merged: int
    rows_rejected: int
    rows_ignored: int
    rows_empty: int
    records: int
    records_kept: int
    records_merged: int
    records_rejected: int

    def __post_init__(self) -> None:
        rows = self.rows_kept + self.rows_merged + self.rows_rejected + self.rows_ignored + self.rows_empty
        if rows != self.rows or self.records_kept + self.records_merged + self.records_rejected != self.records:
            raise MyosotisError(
                f"table {self.table} of the mapping: not every row and record of {self.source!r} is accounted for "
                f"({self}); nothing was computed. This is a fault of myosotis, please report it"
            )


def record_count(
    *,
    table: int,
    feeds: str,
    source: str,
    sheet: str,
    rows: Iterable[int],
    kept: Counter[int],
    steps: Mapping[Step, int],
) -> RecordCount:
    """Count the rows of one table of the mapping; `kept` holds the standing records of each row by its number."""
    categories: Counter[str] = Counter()
    records: Counter[str] = Counter()
    read = list(rows)
    fates: dict[int, set[str]] = {}
    for step, times in steps.items():
        if step.table == table and times:
            records[step.fate] += times
            fates.setdefault(step.row, set()).add(step.fate)
    for row in read:
        categories[_category(row in kept, fates.get(row, set()))] += 1
    return RecordCount(
        table=table,
        feeds=feeds,
        source=source,
        sheet=sheet,
        rows=len(read),
        rows_kept=categories["kept"],
        rows_merged=categories["merged"],
        rows_rejected=categories["rejected"],
        rows_ignored=categories["ignored"],
        rows_empty=categories["empty"],
        records=records["found"],
        records_kept=kept.total(),
        records_merged=records["merged"],
        records_rejected=records["rejected"],
    )


def _category(kept: bool, fates: set[str]) -> str:
    if kept:
        return "kept"
    if "merged" in fates:
        return "merged"
    if fates & {"rejected", "row rejected"}:
        return "rejected"
    return "ignored" if "row ignored" in fates else "empty"
