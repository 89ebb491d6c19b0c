"""The five study tables: the types of their columns, and how plain records become one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from myosotis.core.catalogue import nearest_names
from myosotis.core.spans import date_span
from myosotis.errors import DataError
from myosotis.model.columns import COLUMNS, DATES, REQUIRED, Kind

__all__ = ["DATES", "LEDGER", "REQUIRED", "SCHEMAS", "table_of"]

_TEXT, _NUMBER, _DATE, _DAY, _TRUTH = pa.string(), pa.float64(), pa.date32(), pa.int64(), pa.bool_()
_TYPES: dict[Kind, pa.DataType] = {
    "text": _TEXT, "number": _NUMBER, "date": _DATE, "day": _DAY, "truth": _TRUTH
}  # fmt: skip
SCHEMAS: dict[str, pa.Schema] = {
    table: pa.schema({name: _TYPES[kind] for name, kind in columns.items()}) for table, columns in COLUMNS.items()
}

# The same columns as the ledger of a results bundle; the two layers do not import each other.
LEDGER = pa.schema(
    {
        "source": pa.string(),
        "sheet": pa.string(),
        "source_row": pa.int64(),
        "source_column": pa.string(),
        "fate": pa.string(),  # used, converted, ignored or rejected
        "reason": pa.string(),
        "found": pa.string(),
        "became": pa.string(),
    }
)


def table_of(name: str, records: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Make a study table of plain records.

    A column that a record leaves out is missing. `source` is "memory", `sheet` is "" and `source_row` the record's
    position from 1 unless given. Dates are `datetime.date` or ISO text; a text such as `2020-03` or `2018` bounds the
    date by its days.

    Raises `DataError` for a column the table does not have, a blank patient id, a missing required column, a value
    of the wrong type, and NaN or an infinity, with the position of the record.

    >>> table_of("observations", [{"patient_id": "a", "day": 0, "name": "cmas", "number": 40}]).num_rows
    1
    """
    schema = SCHEMAS[name]
    columns: dict[str, list[Any]] = {column: [] for column in schema.names}
    types = {field.name: field.type for field in schema}
    for position, record in enumerate(records, start=1):
        where = f"{name}, record {position}"
        for column in record:
            if column not in columns:
                raise DataError(f"{where}: no column {column!r}; {nearest_names(column, list(columns))}")
        row = {"source": "memory", "sheet": "", "source_row": position, **record}
        for column in ("patient_id", *REQUIRED[name]):
            if not isinstance(row.get(column), str) or not row[column].strip():
                raise DataError(f"{where}: {column} is missing, blank or not text; every record needs it")
        for column in DATES[name]:
            row |= _bounded(column, row.get(column))
        for column, values in columns.items():
            values.append(_typed(row.get(column), types[column], f"{where}, {column}"))
    return pa.table(columns, schema=schema)


def _bounded(column: str, value: object) -> dict[str, Any]:
    """Turn a year, or a year and month, into the bounds of the date."""
    span = date_span(value) if isinstance(value, str) else None
    if span is None:
        return {}
    return {column: None, f"{column}_earliest": span.earliest, f"{column}_latest": span.latest}


def _typed(value: object, wanted: pa.DataType, where: str) -> object:
    if value is None:
        return None
    if wanted in (_NUMBER, _DAY) and isinstance(value, (int, float)) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise DataError(f"{where}: {value} is not a number that can be used; write None for a missing value")
        if wanted == _NUMBER:
            return float(value)
        if value == int(value):
            return int(value)
    if wanted == _TRUTH and isinstance(value, bool):
        return value
    if wanted == _TEXT and isinstance(value, str):
        return value
    if wanted == _DATE:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise DataError(f"{where}: not an ISO date (YYYY-MM-DD)") from None
    expected = {_NUMBER: "a number", _DAY: "a whole number", _TRUTH: "True or False", _TEXT: "text", _DATE: "a date"}
    raise DataError(f"{where}: found {type(value).__name__}, expected {expected[wanted]} or None")
