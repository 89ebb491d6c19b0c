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
from collections.abc import Set
from datetime import date
from pathlib import Path
from typing import Any

from myosotis.core.catalogue import nearest_names
from myosotis.errors import ProtocolError, UnknownNameError
from myosotis.model.layout import LAYOUTS, TIMES, Field, Mapping, ObservationField, TableMapping
from myosotis.model.tables import DATES, REQUIRED, SCHEMAS

__all__ = [
    "Field", "Mapping", "ObservationField", "TableMapping", "mapped_columns", "parse_mapping", "read_mapping",
]  # fmt: skip

_PLACE_COLUMNS = ("patient_id", "source", "sheet", "source_row", "source_column")
_TABLE_KEYS = {
    "feeds", "file", "sheet", "header_row", "patient_id", "ignore", "repeated", "may_be_empty", "decimal", "delimiter",
    "encoding", "date_format",
}  # fmt: skip
_LAYOUT_KEYS = {
    "": {"columns"},
    "one column per condition": {"columns", "conditions"},
    "one row per visit": {*TIMES, "observations"},
    "one row per measurement": {*TIMES, "name", "value", "unit", "lower_limit", "upper_limit"},
    "one column per visit": {"observation", "columns", "at", "unit", "codes", "lower_limit", "upper_limit"},
}
_FIELD_KEYS = {"column", "value", "codes", "ignore", "date_format", "unit"}
_STOP_KEYS = {"ongoing", "unknown"}
_OBSERVATION_KEYS = {"column", "codes", "unit", "lower_limit", "upper_limit"}


def read_mapping(path: Path | str) -> Mapping:
    """Read a mapping from a TOML file.

    Raises `UnknownNameError` when there is no such file, `ProtocolError` for text that is not TOML and for a
    declaration that is incomplete, unknown or contradicts itself, naming the table and the key.
    """
    path = Path(path)
    try:
        content = tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        raise UnknownNameError(f"there is no mapping {path.name!r} in {str(path.parent)!r}; write one") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ProtocolError(f"{path.name!r} is not TOML: {problem}; correct it there") from None
    return parse_mapping(content, file=path.name)


def parse_mapping(content: Map[str, Any], *, file: str = "mapping") -> Mapping:
    """Make a mapping of parsed TOML; `file` is its name in messages. Raises as `read_mapping`."""
    _only(content, {"missing", "table"}, file)
    missing = content.get("missing", {})
    _only(missing, {"texts"}, f"{file}, [missing]")
    texts = missing.get("texts", [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ProtocolError(f'{file}, [missing]: texts must be a list of texts, such as ["NA", "-99"]')
    parts = content.get("table", [])
    if not isinstance(parts, list) or not parts:
        raise ProtocolError(f"{file} has no [[table]]; name at least the table that feeds patients")
    tables = tuple(_table(part, f"{file}, table {i}") for i, part in enumerate(parts, start=1))
    if not any(table.feeds == "patients" for table in tables):
        raise ProtocolError(f'{file}: no table feeds "patients"; a study needs to know who its patients are')
    return Mapping(tables=tables, missing=frozenset(text.strip() for text in texts))


def _table(part: Map[str, Any], label: str) -> TableMapping:
    feeds = part.get("feeds")
    if feeds not in SCHEMAS:
        raise ProtocolError(f"{label}: feeds = {feeds!r}; write one of {', '.join(SCHEMAS)}")
    label = f"{label} (feeds {feeds} from {part.get('file', 'no file')!r})"
    layout = part.get("layout", "")
    if layout not in LAYOUTS[feeds]:
        known = ", ".join(repr(name) for name in LAYOUTS[feeds] if name)
        raise ProtocolError(f"{label}: layout = {layout!r}; write {f'one of {known}' if known else 'no layout'}")
    _only(part, _TABLE_KEYS | {"layout"} | _LAYOUT_KEYS[layout], label)
    common: dict[str, Any] = {
        "label": label,
        "feeds": feeds,
        "file": _get(part, "file", str, label),
        "patient_id": _get(part, "patient_id", str, label),
        "layout": layout,
        "ignore": tuple(_get(part, "ignore", list, label, [])),
        "header_row": _get(part, "header_row", int, label, 1),
    }
    for key, kind in (("sheet", str), ("delimiter", str), ("encoding", str), ("date_format", str), ("decimal", str)):
        if key in part:
            common[key] = _get(part, key, kind, label)
    for key in ("repeated", "may_be_empty"):
        common[key] = _get(part, key, bool, label, False)
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
    given = _get(part, "columns", dict, label, {})
    _only(given, mapped_columns(feeds), f"{label}, columns")
    fields = {
        name: _field(value, f"{label}, {name}", _STOP_KEYS if (feeds, name) == ("treatments", "stop") else set())
        for name, value in given.items()
    }
    for name in REQUIRED[feeds]:
        if name not in fields:
            raise ProtocolError(f"{label}: nothing feeds {name}; the table {feeds} cannot be without it")
    if "dose" in fields and "dose_unit" not in fields:
        raise ProtocolError(f'{label}: dose has no unit; add dose_unit (a column, or {{ value = "mg/kg/day" }})')
    if "age_at_index" in fields and not fields["age_at_index"].unit:
        raise ProtocolError(f'{label}: age_at_index has no unit; write {{ column = ..., unit = "years" }}')
    return {"columns": fields}


def _one_row_per_visit(part: Map[str, Any], label: str, _feeds: str) -> dict[str, Any]:
    given = _get(part, "observations", dict, label)
    observations = {name: _observation(value, f"{label}, {name}") for name, value in given.items()}
    if not observations:
        raise ProtocolError(f"{label}: [table.observations] names no observation")
    return {"times": _times(part, label), "observations": observations}


def _one_row_per_measurement(part: Map[str, Any], label: str, _feeds: str) -> dict[str, Any]:
    name = _field(_get(part, "name", object, label), f"{label}, name")
    unit = part.get("unit")
    per_name = isinstance(unit, dict) and not set(unit) <= {"column", "codes"}
    units = {key: _text(value, f"{label}, unit, {key}") for key, value in unit.items()} if per_name and unit else {}
    value = _field(_get(part, "value", object, label), f"{label}, value")
    if not value.column:
        raise ProtocolError(f"{label}: value must be a column")
    item = ObservationField(
        value=value,
        unit=None if per_name else _optional(unit, f"{label}, unit", str),
        lower_limit=_optional(part.get("lower_limit"), f"{label}, lower_limit", int, float),
        upper_limit=_optional(part.get("upper_limit"), f"{label}, upper_limit", int, float),
    )
    return {"times": _times(part, label), "name": name, "units": units, "observations": {"": item}}


def _one_column_per_visit(part: Map[str, Any], label: str, _feeds: str) -> dict[str, Any]:
    name = _get(part, "observation", str, label)
    visits = _get(part, "columns", dict, label)
    at = _get(part, "at", str, label)
    if at not in ("day", "week", "month"):
        raise ProtocolError(f'{label}: at = {at!r}; write "day", "week" or "month"')
    if not visits:
        raise ProtocolError(f"{label}: columns names no visit")
    for column, time in visits.items():
        if isinstance(time, bool) or not isinstance(time, (int, float)) or not abs(time) < 1e5:
            raise ProtocolError(f"{label}: the time of column {column!r} is {time!r}; write a number of {at}s")
    item = ObservationField(
        value=Field(codes=_codes(part, label)),
        unit=_optional(part.get("unit"), f"{label}, unit", str),
        lower_limit=_optional(part.get("lower_limit"), f"{label}, lower_limit", int, float),
        upper_limit=_optional(part.get("upper_limit"), f"{label}, upper_limit", int, float),
    )
    return {"visits": dict(visits), "at": at, "observations": {name: item}}


def _one_column_per_condition(part: Map[str, Any], label: str, _feeds: str) -> dict[str, Any]:
    given = _get(part, "columns", dict, label, {})
    _only(given, {"date", "day"}, f"{label}, columns")
    conditions = _get(part, "conditions", dict, label)
    if not conditions:
        raise ProtocolError(f"{label}: [table.conditions] names no condition")
    return {
        "columns": {name: _field(value, f"{label}, {name}") for name, value in given.items()},
        "conditions": {name: _field(value, f"{label}, {name}") for name, value in conditions.items()},
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
        raise ProtocolError(f"{label}: no time; give date, day, week or month (a column, or a number for all rows)")
    if len({"date", "day", "month"} & set(given)) > 1:
        raise ProtocolError(f"{label}: {' and '.join(given)} are both given; keep one, with or without week")
    return {
        key: Field(constant=value) if isinstance(value, (int, float)) else _field(value, f"{label}, {key}")
        for key, value in given.items()
    }


def _observation(value: object, label: str) -> ObservationField:
    if isinstance(value, str):
        return ObservationField(value=Field(column=value))
    if not isinstance(value, dict):
        raise ProtocolError(f'{label}: write a column name or {{ column = ..., unit = "..." }}')
    _only(value, _OBSERVATION_KEYS, label)
    return ObservationField(
        value=Field(column=_get(value, "column", str, label), codes=_codes(value, label)),
        unit=_optional(value.get("unit"), f"{label}, unit", str),
        lower_limit=_optional(value.get("lower_limit"), f"{label}, lower_limit", int, float),
        upper_limit=_optional(value.get("upper_limit"), f"{label}, upper_limit", int, float),
    )


def _optional(value: object, label: str, *constants: type) -> Field | None:
    if value is None:
        return None
    return Field(constant=value) if isinstance(value, constants) else _field(value, label)  # type: ignore[arg-type]


def _field(value: object, label: str, more_keys: Set[str] = frozenset()) -> Field:
    if isinstance(value, str) and value:
        return Field(column=value)
    if not isinstance(value, dict):
        raise ProtocolError(f"{label}: found {value!r}; write a column name or {{ column = ..., codes = ... }}")
    _only(value, _FIELD_KEYS | more_keys, label)
    if ("column" in value) == ("value" in value):
        raise ProtocolError(f"{label}: give either column or value (the same for every row)")
    if "value" in value:
        if not isinstance(value["value"], (str, int, float, bool, date)):
            raise ProtocolError(f"{label}: value = {value['value']!r}; write a text, number, date, true or false")
        return Field(constant=value["value"], unit=_get(value, "unit", str, label, ""))
    return Field(
        column=_get(value, "column", str, label),
        codes=_codes(value, label),
        ignore=tuple(_get(value, "ignore", list, label, [])),
        date_format=_get(value, "date_format", str, label, ""),
        unit=_get(value, "unit", str, label, ""),
        ongoing=_texts(value, "ongoing", label),
        unknown=_texts(value, "unknown", label),
    )


def _texts(value: Map[str, Any], key: str, label: str) -> tuple[str, ...]:
    texts = _get(value, key, list, label, [])
    if not all(isinstance(text, str) for text in texts):
        raise ProtocolError(f'{label}: {key} must be a list of texts, such as ["yes", "still taken"]')
    return tuple(text.strip() for text in texts)


def _codes(value: Map[str, Any], label: str) -> Map[str, Any] | None:
    codes = value.get("codes")
    if codes is None:
        return None
    if not isinstance(codes, dict) or not codes:
        raise ProtocolError(f'{label}: codes must say what each text stands for, such as {{ F = "female" }}')
    for key, meaning in codes.items():
        if not isinstance(meaning, (str, int, float, bool)):
            raise ProtocolError(f"{label}: the code {key!r} stands for {meaning!r}; write a text, number or truth")
    return codes


def _text(value: object, label: str) -> str:
    if not isinstance(value, str) or not value:
        raise ProtocolError(f"{label}: found {value!r}, expected a text")
    return value


def _get(part: Map[str, Any], key: str, kind: type, label: str, default: object = None) -> Any:  # noqa: ANN401
    if key not in part and default is not None:
        return default
    value = part.get(key)
    if key not in part or not isinstance(value, kind) or value == "" or (kind is int and isinstance(value, bool)):
        kinds = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}
        found = f"{key} = {value!r}" if key in part else f"no {key}"
        raise ProtocolError(f"{label}: {found}; write {key} as {kinds.get(kind, 'a column')}")
    return value


def _only(part: object, known: set[str], label: str) -> None:
    if not isinstance(part, dict):
        raise ProtocolError(f"{label}: found {part!r}, expected a table of keys")
    for key in part:
        if key not in known:
            raise ProtocolError(f"{label}: no key {key!r} here; {nearest_names(key, sorted(known))}")
