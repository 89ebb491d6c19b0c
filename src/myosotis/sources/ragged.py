"""Rows of delimited text held against their header: which of them have its number of fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from myosotis.sources.cell import Row, is_blank, text_of

__all__ = ["Fields", "held_against_header"]

_WHOLE = re.compile(r"[+-]?\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Say how the rows below a header fit it.

    `expected` is the number of fields of the header, `whole` the rows that can be used, `ragged` those that have
    another number of fields, with nothing of them to be used. `beyond` holds the numbers of rows in `whole` that have a
    value beyond the last column though nothing on them moved. `one_more` says that every row ends in one delimiter
    more than the header.
    """

    expected: int
    whole: tuple[Row, ...]
    ragged: tuple[Row, ...] = ()
    beyond: tuple[int, ...] = ()
    one_more: bool = False


def held_against_header(head: Row, rows: Sequence[Row], delimiter: str) -> Fields:
    """Part the rows that have the header's number of fields from the others.

    Rows that all end in the same one blank field more, or a header that alone ends in one, keep their columns; but not
    where commas part the fields and two neighbours could on every row be a number cut at its decimal comma. Any other
    number of fields means that a delimiter was lost, or one that belongs to a value was not quoted, and no field of that
    row can be trusted; except where the row's blanks show that it only has a value added at its end.
    """
    expected = len(head.cells)
    counts = {len(row.cells) for row in rows}
    ends = counts == {expected + 1} and all(is_blank(row.cells[-1]) for row in rows)
    if ends and not (delimiter == "," and _cut_numbers(rows)):
        return Fields(expected=expected, whole=tuple(rows), one_more=True)
    if counts == {expected - 1} and is_blank(head.cells[-1]):
        return Fields(expected=expected - 1, whole=tuple(rows))
    regular = [row for row in rows if len(row.cells) == expected]
    added = {row.number for row in rows if len(row.cells) == expected + 1 and _only_added(row, regular)}
    return Fields(
        expected=expected,
        whole=tuple(row for row in rows if len(row.cells) == expected or row.number in added),
        ragged=tuple(row for row in rows if len(row.cells) != expected and row.number not in added),
        beyond=tuple(sorted(added)),
    )


def _cut_numbers(rows: Sequence[Row]) -> bool:
    """Say whether two neighbouring columns hold whole numbers on every row, the second without a sign."""
    columns = list(zip(*(map(text_of, row.cells) for row in rows), strict=True))
    whole = [all(_WHOLE.fullmatch(text) for text in column) for column in columns]
    plain = [all(text.isdecimal() for text in column) for column in columns]
    return any(first and second for first, second in zip(whole, plain[1:], strict=False))


def _only_added(row: Row, regular: Sequence[Row]) -> bool:
    """Say whether a row with one field more has its values in their columns and one more value at its end.

    Told by blanks alone: as it stands the row is filled and blank where every regular row is, and it would not be if
    any two neighbouring fields before the last were the halves of one.
    """
    filled = [not is_blank(cell) for cell in row.cells]
    if not regular or not filled[-1] or filled[-2]:
        return False
    columns = list(zip(*(row.cells for row in regular), strict=True))
    always = [not any(map(is_blank, column)) for column in columns]
    never = [all(map(is_blank, column)) for column in columns]

    def fits(shown: Sequence[bool]) -> bool:
        return all(
            (there or not must) and not (there and no) for there, must, no in zip(shown, always, never, strict=True)
        )

    joined = ([*filled[:i], filled[i] or filled[i + 1], *filled[i + 2 :]] for i in range(len(filled) - 2))
    return fits(filled[:-1]) and not any(map(fits, joined))
