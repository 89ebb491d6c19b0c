"""The five study tables: their columns and types, and how plain records become one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from myosotis.core.catalogue import nearest_names
from myosotis.core.spans import date_span
from myosotis.errors import DataError

__all__ = ["DATES", "LEDGER", "REQUIRED", "SCHEMAS", "table_of"]

_NUMBER, _TEXT, _DATE, _DAY, _TRUTH = pa.float64(), pa.string(), pa.date32(), pa.int64(), pa.bool_()
_PLACE = {"source": pa.string(), "sheet": pa.string(), "source_row": pa.int64()}


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema({"patient_id": pa.string(), **columns, **_PLACE})


# Dates that may be known to the month or year only: then the date itself is missing, and `NAME_earliest` and
# `NAME_latest` bound it, both included.
DATES: dict[str, tuple[str, ...]] = {
    "patients": ("birth_date", "onset_date", "diagnosis_date", "last_contact", "death"),
    "observations": ("date",),
    "treatments": ("start", "stop"),
    "conditions": ("date",),
    "events": ("start", "stop"),
}


def _dates(table: str) -> dict[str, pa.DataType]:
    return {f"{name}{end}": _DATE for name in DATES[table] for end in ("", "_earliest", "_latest")}


# `day` counts from the patient's index date and is given only when the source has no calendar date; `week` is the
# nominal visit week as the source has it, kept for conflict checks; ages are in years; a limit is in the row's unit.
# A number known only to lie beyond a limit (`<3`) is missing and bounded by `number_low` and `number_high`, both
# included; one without a bound on a side is NULL there. `stop_known` is false for a course that was stopped on a day
# nobody wrote down; a course without a stop is otherwise ongoing. `every` is how often a dose is given.
SCHEMAS: dict[str, pa.Schema] = {
    "patients": _schema(
        site=_TEXT, sex=_TEXT, age_at_index=_NUMBER, **_dates("patients"), last_contact_day=_DAY, death_day=_DAY,
        death_cause=_TEXT,
    ),
    "observations": _schema(
        **_dates("observations"), day=_DAY, week=_NUMBER, name=_TEXT, number=_NUMBER, number_low=_NUMBER,
        number_high=_NUMBER, text=_TEXT, unit=_TEXT, lower_limit=_NUMBER, upper_limit=_NUMBER,
    ).append(pa.field("source_column", pa.string())),
    "treatments": _schema(
        drug=_TEXT, drug_class=_TEXT, **_dates("treatments"), stop_known=_TRUTH, start_day=_DAY, stop_day=_DAY,
        dose=_NUMBER, dose_unit=_TEXT, times_per_day=_NUMBER, every=_TEXT, route=_TEXT, indication=_TEXT,
        stop_reason=_TEXT,
    ),
    "conditions": _schema(name=_TEXT, **_dates("conditions"), day=_DAY, status=_TEXT),
    "events": _schema(
        event_id=_TEXT, term=_TEXT, preferred_term=_TEXT, organ_class=_TEXT, **_dates("events"), start_day=_DAY,
        stop_day=_DAY,
        grade=_DAY, hospitalised=_TRUTH, disabling=_TRUTH, life_threatening=_TRUTH, death=_TRUTH, serious=_TRUTH,
        seriousness=_TEXT, related=_TEXT, action=_TEXT, outcome=_TEXT,
    ),
}  # fmt: skip

# Columns without which a row says nothing.
REQUIRED: dict[str, tuple[str, ...]] = {
    "patients": (), "observations": ("name",), "treatments": ("drug",), "conditions": ("name",), "events": ("term",),
}  # fmt: skip

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
