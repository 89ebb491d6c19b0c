"""The mapping: which source column feeds which column of the study tables, in which unit, with which codes.

A mapping is a TOML file beside the data. Files are named from its folder.

    [missing]
    texts = ["NA", "n.d."]                  # cells with these texts mean "not recorded"

    [[table]]
    feeds = "patients"
    file = "data/cohort.xlsx"
    sheet = "Patients"
    patient_id = "Patient"
    ignore = ["Comment"]
    [table.columns]
    sex = { column = "Sex", codes = { F = "female", M = "male" } }
    birth_date = "Birth date"

    [[table]]
    feeds = "observations"
    layout = "one row per visit"
    file = "data/cohort.xlsx"
    sheet = "Visits"
    patient_id = "Patient"
    date = "Date"
    [table.observations]
    ck = { column = "CK", unit = "U/L", upper_limit = "CK upper limit" }

Every key is described in docs/mapping.md. A key that is not known is refused, so that a typing error cannot pass.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Map
from pathlib import Path
from typing import Any

from myosotis.errors import ProtocolError, UnknownNameError
from myosotis.model.cells import DAY_UNITS
from myosotis.model.columns import is_day
from myosotis.model.declared import (
    date_formats,
    get,
    get_codes,
    get_texts,
    limits,
    only,
    optional,
    to_field,
    to_observation,
    within_64_bits,
)
from myosotis.model.layout import LAYOUTS, TIMES, Field, Mapping, ObservationField, TableMapping
from myosotis.model.tables import DATES, REQUIRED, SCHEMAS
from myosotis.sources.cell import trimmed

__all__ = [
    "Field", "Mapping", "ObservationField", "TableMapping", "mapped_columns", "parse_mapping", "read_mapping",
]  # fmt: skip

_PLACE_COLUMNS = ("patient_id", "source", "sheet", "source_row", "source_column")
_TABLE_KEYS = {
    "feeds", "file", "sheet", "header_row", "last_row", "patient_id", "ignore", "repeated", "may_be_empty", "decimal",
    "delimiter", "encoding", "date_format",
}  # fmt: skip
_LAYOUT_KEYS = {
    "": {"columns"},
    "one column per condition": {"columns", "conditions"},
    "one row per visit": {*TIMES, "observations"},
    "one row per measurement": {*TIMES, "name", "value", "unit", "lower_limit", "upper_limit"},
    "one column per visit": {"observation", "columns", "at", "unit", "codes", "lower_limit", "upper_limit"},
}


def read_mapping(path: Path | str) -> Mapping:
    """Read a mapping from a TOML file.

    Raises `UnknownNameError` when there is no such file, `ProtocolError` for text that is not TOML and for a
    declaration that is incomplete, unknown or contradicts itself, naming the table and the key.
    """
    path = Path(path)
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise UnknownNameError(f"there is no mapping {path.name!r} in {str(path.parent)!r}; write one") from None
    except UnicodeDecodeError as problem:
        raise ProtocolError(f"{path.name!r}: byte {problem.start} is not UTF-8; save the mapping as UTF-8") from None
    except OSError as problem:
        raise ProtocolError(
            f"{path.name!r} cannot be read ({problem.strerror or type(problem).__name__}); correct who may read it"
        ) from None
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise ProtocolError(f"{path.name!r} is not TOML: {problem}; correct it there") from None
    return parse_mapping(content, file=path.name)


def parse_mapping(content: Map[str, Any], *, file: str = "mapping") -> Mapping:
    """Make a mapping of parsed TOML; `file` is its name in messages. Raises as `read_mapping`."""
    only(content, {"missing", "table"}, file)
    within_64_bits(content, file)
    missing = content.get("missing", {})
    only(missing, {"texts"}, f"{file}, [missing]")
    texts = missing.get("texts", [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ProtocolError(f'{file}, [missing]: texts must be a list of texts, such as ["NA", "-99"]')
    parts = content.get("table", [])
    if not isinstance(parts, list) or not parts:
        raise ProtocolError(f"{file} has no [[table]]; name at least the table that feeds patients")
    tables = tuple(_table(part, f"{file}, table {i}") for i, part in enumerate(parts, start=1))
    if not any(table.feeds == "patients" for table in tables):
        raise ProtocolError(f'{file}: no table feeds "patients"; a study needs to know who its patients are')
    return Mapping(tables=tables, missing=frozenset(map(trimmed, texts)))


def _table(part: Map[str, Any], label: str) -> TableMapping:
    if not isinstance(part, dict):
        raise ProtocolError(f"{label}: found {part!r}, expected a table of keys")
    feeds = part.get("feeds")
    if not isinstance(feeds, str) or feeds not in SCHEMAS:
        raise ProtocolError(f"{label}: feeds = {feeds!r}; write one of {', '.join(SCHEMAS)}")
    label = f"{label} (feeds {feeds} from {part.get('file', 'no file')!r})"
    layout = part.get("layout", "")
    if not isinstance(layout, str) or layout not in LAYOUTS[feeds]:
        known = ", ".join(repr(name) for name in LAYOUTS[feeds] if name)
        raise ProtocolError(f"{label}: layout = {layout!r}; write {f'one of {known}' if known else 'no layout'}")
    only(part, _TABLE_KEYS | {"layout"} | _LAYOUT_KEYS[layout], label)
    common: dict[str, Any] = {
        "label": label,
        "feeds": feeds,
        "file": get(part, "file", str, label),
        "patient_id": get(part, "patient_id", str, label),
        "layout": layout,
        "ignore": get_texts(part, "ignore", label),
        "header_row": get(part, "header_row", int, label, 1),
        "last_row": get(part, "last_row", int, label, 0),
        "date_format": date_formats(part, label),
    }
    for key in ("sheet", "delimiter", "encoding", "decimal"):
        if key in part:
            common[key] = get(part, key, str, label)
    for key in ("repeated", "may_be_empty"):
        common[key] = get(part, key, bool, label, False)
    if common["header_row"] < 1:
        raise ProtocolError(f"{label}: header_row = {common['header_row']}; rows are counted from 1")
    if "last_row" in part and common["last_row"] <= common["header_row"]:
        raise ProtocolError(
            f"{label}: last_row = {common['last_row']} is not below header_row = {common['header_row']}; write the number "
            "of the last row that is read"
        )
    if common.get("decimal", ".") not in (".", ","):
        raise ProtocolError(f'{label}: decimal = {common["decimal"]!r}; write "." or ","')
    if common.get("delimiter", ",") not in (",", ";", "\t"):
        raise ProtocolError(f'{label}: delimiter = {common["delimiter"]!r}; write ",", ";" or "\\t"')
    table = TableMapping(**common, **_READERS[layout](part, label, feeds))
    both = sorted(set(table.ignore) & set(table.source_columns))
    if both:
        raise ProtocolError(f"{label}: {', '.join(map(repr, both))} is both used and ignored; decide for one")
    return table


def mapped_columns(feeds: str) -> set[str]:
    """Name the columns of a study table that a mapping may feed; the bounds of a date come with the date."""
    bounds = {f"{name}{end}" for name in DATES[feeds] for end in ("_earliest", "_latest")}
    return set(SCHEMAS[feeds].names) - bounds - set(_PLACE_COLUMNS)


def _columns(part: Map[str, Any], label: str, feeds: str) -> dict[str, Any]:
    given = get(part, "columns", dict, label, {})
    only(given, mapped_columns(feeds), f"{label}, columns")
    fields = {
        name: to_field(value, f"{label}, {name}", ends=(feeds, name) == ("treatments", "stop"))
        for name, value in given.items()
    }
    for name in REQUIRED[feeds]:
        if name not in fields:
            raise ProtocolError(f"{label}: nothing feeds {name}; the table {feeds} cannot be without it")
    if "dose" in fields and "dose_unit" not in fields:
        raise ProtocolError(f'{label}: dose has no unit; add dose_unit (a column, or {{ value = "mg/kg/day" }})')
    if "age_at_index" in fields and not fields["age_at_index"].unit:
        raise ProtocolError(f'{label}: age_at_index has no unit; write {{ column = ..., unit = "years" }}')
    for name, field in fields.items():
        if is_day(name) and (field.unit or "days") not in DAY_UNITS:
            raise ProtocolError(
                f'{label}: {name} has the unit {field.unit!r}; write "days", "weeks", "months" or "years"'
            )
    return {"columns": fields}


def _one_row_per_visit(part: Map[str, Any], label: str, _feeds: str) -> dict[str, Any]:
    given = get(part, "observations", dict, label)
    observations = {name: to_observation(value, f"{label}, {name}") for name, value in given.items()}
    if not observations:
        raise ProtocolError(f"{label}: [table.observations] names no observation")
    return {"times": _times(part, label), "observations": observations}


def _one_row_per_measurement(part: Map[str, Any], label: str, _feeds: str) -> dict[str, Any]:
    name = to_field(get(part, "name", object, label), f"{label}, name")
    unit = part.get("unit")
    per_name = isinstance(unit, dict) and not set(unit) <= {"column", "codes"}
    by_name = unit if isinstance(unit, dict) and per_name else {}
    units = {key: get(by_name, key, str, f"{label}, unit") for key in by_name}
    value = to_field(get(part, "value", object, label), f"{label}, value")
    if not value.column:
        raise ProtocolError(f"{label}: value must be a column")
    item = ObservationField(
        value=value,
        unit=None if per_name else optional(unit, f"{label}, unit", str),
        **limits(part, label),
    )
    return {"times": _times(part, label), "name": name, "units": units, "observations": {"": item}}


def _one_column_per_visit(part: Map[str, Any], label: str, _feeds: str) -> dict[str, Any]:
    name = get(part, "observation", str, label)
    visits = get(part, "columns", dict, label)
    at = get(part, "at", str, label)
    if at not in DAY_UNITS.values():
        raise ProtocolError(f'{label}: at = {at!r}; write "day", "week", "month" or "year"')
    if not visits:
        raise ProtocolError(f"{label}: columns names no visit")
    for column, time in visits.items():
        if isinstance(time, bool) or not isinstance(time, (int, float)) or not abs(time) < 1e5:
            raise ProtocolError(f"{label}: the time of column {column!r} is {time!r}; write a number of {at}s")
    item = ObservationField(
        value=Field(codes=get_codes(part, label)),
        unit=optional(part.get("unit"), f"{label}, unit", str),
        **limits(part, label),
    )
    return {"visits": dict(visits), "at": at, "observations": {name: item}}


def _one_column_per_condition(part: Map[str, Any], label: str, _feeds: str) -> dict[str, Any]:
    given = get(part, "columns", dict, label, {})
    only(given, {"date", "day"}, f"{label}, columns")
    conditions = get(part, "conditions", dict, label)
    if not conditions:
        raise ProtocolError(f"{label}: [table.conditions] names no condition")
    return {
        "columns": {name: to_field(value, f"{label}, {name}") for name, value in given.items()},
        "conditions": {name: to_field(value, f"{label}, {name}") for name, value in conditions.items()},
    }


_READERS = {
    "": _columns,
    "one column per condition": _one_column_per_condition,
    "one row per visit": _one_row_per_visit,
    "one row per measurement": _one_row_per_measurement,
    "one column per visit": _one_column_per_visit,
}


def _times(part: Map[str, Any], label: str) -> dict[str, Field]:
    given = {key: part[key] for key in TIMES if key in part}
    if not given:
        raise ProtocolError(
            f"{label}: no time; give date, day, week, month or year (a column, or a number for all rows)"
        )
    if len({"date", "day", "month", "year"} & set(given)) > 1:
        raise ProtocolError(f"{label}: {' and '.join(given)} are both given; keep one, with or without week")
    return {
        key: Field(constant=value) if isinstance(value, (int, float)) else to_field(value, f"{label}, {key}")
        for key, value in given.items()
    }
