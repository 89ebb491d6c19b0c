"""What the shape of a sheet tells: rows of another width, merged cells, a cut end, formulas that may be uncalculated."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from myosotis.model.cells import Refusal
from myosotis.model.claims import CellPlace
from myosotis.model.findings import Finding, Severity
from myosotis.model.ledger import LedgerBuilder
from myosotis.sources.cell import is_blank
from myosotis.sources.sheet import Sheet

__all__ = ["note_shape"]


def note_shape(sheet: Sheet, declared: Mapping[str, bool], notebook: LedgerBuilder) -> None:
    """Note all of it once for a sheet; `declared` holds the columns that the mapping names, and whether as ignored."""
    _note_widths(sheet, notebook)
    _note_merged(sheet, declared, notebook)
    _note_hidden(sheet, declared, notebook)
    if sheet.unended and sheet.rows:
        last = max(row.number for row in (*sheet.rows, *sheet.below, *sheet.ragged))
        text = "has no line end after its last row; if the file was cut off there, its last value is too short"
        _note(sheet, notebook, "note", "no line end", text, "check the last row", row=last)
    cells = sum(not is_blank(cell) for row in sheet.below for cell in row.cells)
    if cells:
        text = f"{cells} cells below the last_row of the mapping are ignored"
        _note(sheet, notebook, "note", "below the last row", text, "", row=sheet.below[0].number, count=cells)
    if sheet.empty_results:
        n, (row, _) = len(sheet.empty_results), sheet.empty_results[0]
        text = f"{n} formulas gave an empty text or were never calculated; their cells are taken as blank"
        advice = "open and save the workbook once if it was written by a program"
        _note(sheet, notebook, "note", "formula with an empty result", text, advice, row=row, count=n)


def _note_widths(sheet: Sheet, notebook: LedgerBuilder) -> None:
    fields = sheet.fields
    if fields is None:
        return
    expected = f"the {fields.expected} of the header"
    for row in fields.ragged:
        refusal = Refusal(
            "another number of fields",
            f"{len(row.cells)} fields",
            expected,
            "put quotes around a value that holds the delimiter, or complete the row; nothing of the row is used",
        )
        notebook.problem(refusal, CellPlace(sheet.file, sheet.name, row.number, ""))
    for number in fields.beyond:
        refusal = Refusal(
            "another number of fields",
            f"{fields.expected + 1} fields",
            expected,
            "remove the value beyond the last column, which is rejected; the others stand in their columns",
        )
        notebook.problem(refusal, CellPlace(sheet.file, sheet.name, number, ""))
    if fields.one_more:
        text = (
            f"every row ends in one delimiter more than the header of {fields.expected} fields; "
            "its values were read in their columns"
        )
        advice = "check that the header does not lack its first column, or remove the last delimiter of each row"
        _note(sheet, notebook, "warning", "one field more on every row", text, advice, row=sheet.rows[0].number)


def _note_merged(sheet: Sheet, declared: Mapping[str, bool], notebook: LedgerBuilder) -> None:
    numbers = [row.number for row in sheet.rows]
    for first, last, left, right in sheet.merged:
        used = [name for name in sheet.header[left - 1 : right] if declared.get(name) is False]
        covered = numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]
        if not used or not covered or (left == right and len(covered) == 1):
            continue
        refusal = Refusal(
            "merged cells",
            "cells merged into one, of which only the first holds the value",
            "a value in every cell",
            "take the merge apart and write the value on every row it is meant for",
            "warning",
        )
        for number in covered:
            notebook.problem(refusal, CellPlace(sheet.file, sheet.name, number, used[0]))


def _note_hidden(sheet: Sheet, declared: Mapping[str, bool], notebook: LedgerBuilder) -> None:
    for number, column in sheet.hidden:
        name = sheet.header[column - 1]
        inside = sheet.header_row <= number and not 0 < sheet.last_row < number
        if inside and declared.get(name) is not True:
            notebook.problem(_HIDDEN, CellPlace(sheet.file, sheet.name, number, name))


_HIDDEN = Refusal(
    "value under merged cells",
    "a value that no spreadsheet shows, since merged cells cover it",
    "a value that can be seen",
    "take the merge apart, and keep the value or delete it; until then it is not read",
)


def _note(
    sheet: Sheet,
    notebook: LedgerBuilder,
    severity: Severity,
    rule: str,
    text: str,
    advice: str,
    *,
    row: int,
    count: int = 1,
) -> None:
    message = f"{rule}: {sheet.place}, row {row}: {text}" + (f"; {advice}" if advice else "")
    notebook.note(
        Finding(
            severity=severity,
            rule=rule,
            message=message,
            source=sheet.file,
            sheet=sheet.name,
            source_row=row,
            count=count,
        )
    )
