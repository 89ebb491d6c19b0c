"""Merged cells: only the first of them is shown, and what lies under the others is no value of the table."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from myosotis.sources.cell import Cell, is_blank

__all__ = ["Merge", "take_hidden"]

# First and last row, first and last column, from 1, all included.
Merge: TypeAlias = tuple[int, int, int, int]


def take_hidden(
    filled: Mapping[int, list[Cell]], merged: Iterable[Merge], covered: AbstractSet[tuple[int, int]] = frozenset()
) -> tuple[tuple[int, int], ...]:
    """Blank the cells of a sheet that a spreadsheet never shows, and give row and column of those that held a value.

    They are those of each merge but its first, and those that the file itself calls `covered`. Programs keep such values:
    typed before the cells were merged, or written by a program that fills every cell.

    >>> filled = {2: ["A1", 5.0], 3: ["B2", 7.0]}
    >>> take_hidden(filled, [(2, 3, 1, 1)]), filled[3]
    (((3, 1),), [None, 7.0])
    """
    numbers = sorted(filled)
    places = set(covered)
    for first, last, left, right in merged:
        for number in numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]:
            row = filled[number]
            columns = range(left, min(right, len(row)) + 1)
            places |= {(number, at) for at in columns if row[at - 1] is not None and (number, at) != (first, left)}
    hidden = []
    for number, column in sorted(places):
        row = filled.get(number, [])
        if column <= len(row):
            if not is_blank(row[column - 1]):
                hidden.append((number, column))
            row[column - 1] = None
    return tuple(hidden)
