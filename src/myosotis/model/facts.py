"""Rows of patients, treatments, conditions and events: one fact a row, or one condition a column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pyarrow as pa

from myosotis.core import units
from myosotis.core.spans import DateSpan
from myosotis.model.cells import (
    Reader,
    Reading,
    Refusal,
    read_choice,
    read_day,
    read_every,
    read_number,
    read_text,
    read_truth,
    read_whole,
)
from myosotis.model.claims import CellFate, Record
from myosotis.model.columns import is_day
from myosotis.model.course_ends import EndWord, end_in_words, settle_end
from myosotis.model.dates import read_date_or_span
from myosotis.model.layout import Field
from myosotis.model.quantities import read_age
from myosotis.model.rows import FieldReading, SheetReader
from myosotis.model.tables import REQUIRED, SCHEMAS
from myosotis.sources.sheet import Cell, Row, is_blank

__all__ = ["condition_columns", "fact_row"]


def fact_row(context: SheetReader, row: Row, identity: FieldReading) -> Iterator[Record]:
    """Read one row as one fact; a row that says nothing of the fact is none, and no fault.

    It says nothing when the required column is blank and so is every other column that this table alone reads; where
    the required value is the same for every row, when every column is blank.
    """
    if not _told(context, row):
        return
    read = _values(context, row, identity)
    if read is not None:
        yield context.record(row, context.table.patient_id, *read)


def condition_columns(context: SheetReader, row: Row, identity: FieldReading) -> Iterator[Record]:
    """Read one row as one condition for each column with a status."""
    if all(
        field.column and is_blank(row.cells[context.columns[field.column]])
        for field in context.table.conditions.values()
    ):
        context.note_empty(row)
    read: _Read | None = None
    for name, field in context.table.conditions.items():
        status = context.take(row, field, read_text)
        if status.refused:
            context.lose(row)
        if status.value is not None:
            read = read or _values(context, row, identity)
            if read is not None:
                values, claims = read
                values = {**values, "name": name, "status": status.value}
                yield context.record(row, field.column, values, {**claims, "status": status.claims})


def _told(context: SheetReader, row: Row) -> bool:
    """Say whether a row tells a fact of its table, and settle its cells where it does not."""
    fields = context.table.columns
    given = {f.column for f in fields.values() if f.column and context.given(row, f)}
    required = [fields[name] for name in REQUIRED[context.table.feeds]]
    if not required or not any(field.column for field in fields.values()):
        return True
    if any(field.column in given for field in required if field.column):
        return True
    ignored = [field for field in required if context.take(row, field, read_text).ignored]
    if ignored:
        context.close_row(row, "ignored", f"{REQUIRED[context.table.feeds][0]} declared as ignored")
        return False
    if any(field.column for field in required):
        if given & context.own:
            return True
    elif given:
        return True
    for field in fields.values():
        if field.column and field.column not in given:
            context.take(row, field, read_text)  # a text that means "missing" is claimed as such
    context.note_empty(row)
    return False


_Read: TypeAlias = tuple[dict[str, Any], dict[str, tuple[CellFate, ...]]]


def _values(context: SheetReader, row: Row, identity: FieldReading) -> _Read | None:
    table = context.table.feeds
    values: dict[str, Any] = {"patient_id": identity.value}
    claims = {"patient_id": identity.claims}
    unread: set[str] = set()
    word: EndWord | None = None
    for name, field in context.table.columns.items():
        if name == "stop" and (word := end_in_words(context, row, field)) is not None:
            claims["stop"] = word.claims
            continue
        taken = context.take(row, context.dated(field), _reader(table, name))
        if isinstance(taken.value, DateSpan):
            values |= {f"{name}_earliest": taken.value.earliest, f"{name}_latest": taken.value.latest}
            claims[name] = taken.claims
            continue
        if taken.refused:
            unread.add(name)
        values[name] = taken.value
        claims[name] = taken.claims
        if taken.value is None and name in REQUIRED[table] and not _continues(context, row, taken):
            if not taken.refused:
                refusal = Refusal(f"{name} missing", "nothing", f"{name} on every row", "fill it in or remove the row")
                context.notebook.problem(refusal, context.place(row, field.column))
            context.lose(row)
            return None
    if table == "treatments":
        settle_end(context, values, claims, word=word, unread=unread)
    if unread & {"every", "times_per_day"}:
        values["dose"] = None  # how often it was given could not be read, so no amount a day follows from it
    if values.get("dose_unit"):
        values["dose_unit"] = units.normal(values["dose_unit"])
    return values, claims


def _continues(context: SheetReader, row: Row, taken: FieldReading) -> bool:
    """Say whether a row without a term goes on with an event: what its `event_id` names is known once all rows are."""
    identifier = context.table.columns.get("event_id")
    return not taken.refused and identifier is not None and bool(identifier.column) and context.given(row, identifier)


def _reader(table: str, name: str) -> Reader:
    if is_day(name):
        return read_day
    return _FACT_READERS.get((table, name)) or _BY_TYPE[SCHEMAS[table].field(name).type]


def _read_grade(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a grade of severity, 1 to 5 (CTCAE v5.0, U.S. Department of Health and Human Services 2017, page 2)."""
    grade = read_whole(cell, field, decimal)
    if isinstance(grade, Reading) and not 1 <= grade.value <= 5:
        return Refusal("out of range", str(grade.value), "a grade from 1 to 5", "check the cells against the chart")
    return grade


_BY_TYPE: dict[pa.DataType, Reader] = {
    pa.string(): read_text, pa.float64(): read_number, pa.int64(): read_whole, pa.date32(): read_date_or_span,
    pa.bool_(): read_truth,
}  # fmt: skip


def _read_dose(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a dose, or how often a day it is given: a number of 0 or more."""
    number = read_number(cell, field, decimal)
    if isinstance(number, Reading) and number.value < 0:
        return Refusal(
            "out of range", f"{number.value:g}", "a number of 0 or more", "check the cells against the chart"
        )
    return number


_FACT_READERS: dict[tuple[str, str], Reader] = {
    ("patients", "sex"): read_choice("female", "male"),
    ("patients", "age_at_index"): read_age,
    ("events", "grade"): _read_grade,
    ("treatments", "every"): read_every,
    ("treatments", "dose"): _read_dose,
    ("treatments", "times_per_day"): _read_dose,
}
