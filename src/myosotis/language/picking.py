"""Which of several observations a rule picks, also where a day or a number is not exactly known.

A rule sorts candidates by a key; the first one counts. A candidate that is not exactly known has a best and a worst key.
It may be the one unless another, surely there, has a worst key before its best.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from myosotis.language.record import FAR, Row
from myosotis.language.values import Rule

__all__ = ["Candidate", "Choice", "choose", "number_bounds", "place"]

Key = tuple[float | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Hold a row that may lie in an interval of days: the days it can have there, and whether it surely lies there."""

    row: Row
    first: float
    last: float
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Hold the rows one of which is picked, in the order of their best keys; `sure` says that one is for certain."""

    candidates: tuple[Candidate, ...]
    sure: bool


def choose(rows: Iterable[Row], first: float, last: float, target: float, rule: Rule) -> Choice:
    """Find the rows that a rule may pick between two days, both included.

    nearest: least distance to the target, then earlier day; first, last: by day; lowest, highest: by number, then earlier
    day; ties: lower source row, then file, sheet and column by name.
    """
    inside = [
        Candidate(
            row=row,
            first=max(row["day_low"], first),
            last=min(row["day_high"], last),
            sure=row["day_low"] >= first and row["day_high"] <= last,
        )
        for row in rows
        if -FAR < row["day_low"] <= last and row["day_high"] >= first
    ]
    keys = {id(one): _keys(one, target, rule) for one in inside}
    settled = min((one for one in inside if one.sure), key=lambda one: keys[id(one)][1], default=None)
    if settled is None:
        return Choice(candidates=tuple(sorted(inside, key=lambda one: keys[id(one)][0])), sure=False)
    limit = keys[id(settled)][1]
    possible = sorted((one for one in inside if keys[id(one)][0] <= limit), key=lambda one: keys[id(one)][0])
    return Choice(
        candidates=tuple(one if one is settled else _before(one, limit, target, rule) for one in possible), sure=True
    )


def number_bounds(row: Row) -> tuple[float | None, float | None]:
    """Bound the number of a row; None where there is no bound."""
    number = row["number"]
    return (row["number_low"], row["number_high"]) if number is None else (float(number), float(number))


def place(row: Row) -> tuple[int, str, str, str]:
    """Order rows of one day: the lower source row, then the file, the sheet and the column by their names."""
    return (row["source_row"], row["source"], row["sheet"] or "", row.get("source_column") or "")


def _keys(one: Candidate, target: float, rule: Rule) -> tuple[Key, Key]:
    """Give the best and the worst key a candidate can have."""
    where = place(one.row)
    match rule:
        case "nearest":
            near = min(max(target, one.first), one.last)
            far = one.last if one.last - target >= target - one.first else one.first
            return (abs(near - target), near, *where), (abs(far - target), far, *where)
        case "first":
            return (one.first, *where), (one.last, *where)
        case "last":
            return (-one.last, *where), (-one.first, *where)
    low, high = number_bounds(one.row)
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    if rule == "highest":
        low, high = -high, -low
    return (low, one.first, *where), (high, one.last, *where)


def _before(one: Candidate, limit: Key, target: float, rule: Rule) -> Candidate:
    """Leave a candidate the days on which it comes before the one that is settled."""
    first, last = one.first, one.last
    match rule, limit:
        case "nearest", (float() | int() as distance, float() | int() as day, *_):
            # Of two days as far from the target the earlier counts, so the later is none of them.
            first, last = max(first, target - distance), min(last, target + distance - (day < target))
        case "first", (float() | int() as day, *_):
            last = min(last, day)
        case "last", (float() | int() as day, *_):
            first = max(first, -day)
    return Candidate(row=one.row, first=first, last=last, sure=one.sure)
