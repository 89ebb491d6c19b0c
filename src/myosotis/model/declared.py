"""One key of a mapping, held against the type it must have, so that the message can name it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping as Map
from datetime import date, datetime
from typing import Any

from myosotis.core.catalogue import nearest_names
from myosotis.core.spans import date_span
from myosotis.errors import ProtocolError
from myosotis.model.layout import Field, ObservationField

__all__ = [
    "date_formats",
    "get",
    "get_codes",
    "get_texts",
    "limits",
    "only",
    "optional",
    "to_field",
    "to_observation",
    "within_64_bits",
]

_FIELD_KEYS = {"column", "value", "codes", "ignore", "date_format", "unit"}
_END_KEYS = {"ongoing", "unknown"}
_OBSERVATION_KEYS = {"column", "codes", "unit", "lower_limit", "upper_limit"}
# Days that no two orders of day, month and year share, in two centuries; a format that keeps them has all three.
_PROOF = (datetime(2003, 11, 25), datetime(1987, 6, 14))


def get(part: Map[str, Any], key: str, kind: type, label: str, default: object = None) -> Any:  # noqa: ANN401
    """Give the value of a key; raises `ProtocolError` for a wrong type, and for a missing key without a default."""
    if key not in part and default is not None:
        return default
    value = part.get(key)
    if key not in part or not isinstance(value, kind) or value == "" or (kind is int and isinstance(value, bool)):
        kinds = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}
        found = f"{key} = {value!r}" if key in part else f"no {key}"
        raise ProtocolError(f"{label}: {found}; write {key} as {kinds.get(kind, 'a column')}")
    return value


def get_texts(part: Map[str, Any], key: str, label: str) -> tuple[str, ...]:
    """Give a list of texts; none where the key is left out."""
    texts = get(part, key, list, label, [])
    for text in texts:
        if not isinstance(text, str) or not text:
            raise ProtocolError(f'{label}: {key} holds {text!r}; write it as a list of texts, such as ["Comment"]')
    return tuple(texts)


def only(part: object, known: set[str], label: str) -> None:
    """Raise `ProtocolError` for what is not a table, and for a key that is not known."""
    if not isinstance(part, dict):
        raise ProtocolError(f"{label}: found {part!r}, expected a table of keys")
    for key in part:
        if key not in known:
            raise ProtocolError(f"{label}: no key {key!r} here; {nearest_names(str(key), sorted(known))}")


def within_64_bits(value: object, label: str) -> None:
    """Raise `ProtocolError` for a whole number, at any depth, that takes more than 64 bits: no TOML may hold it."""
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value, start=1):
            within_64_bits(item, f"{label}, {key}")
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ProtocolError(f"{label}: a whole number of more than 64 bits; write a number that can be meant")


def date_formats(part: Map[str, Any], label: str) -> tuple[str, ...]:
    """Give the formats of dates written as text: one, or a list of them.

    Raises `ProtocolError` for a format that does not give back the day, month and year of a date written in it.
    """
    given = part.get("date_format", [])
    formats = (given,) if isinstance(given, str) else given
    if not isinstance(formats, (list, tuple)) or ("date_format" in part and not formats):
        raise ProtocolError(f'{label}: date_format = {given!r}; write a text such as "%d.%m.%Y", or a list of them')
    for one in formats:
        if not isinstance(one, str) or not one:
            raise ProtocolError(f'{label}: date_format holds {one!r}; write a text such as "%d.%m.%Y"')
        if not all(_keeps(day, one) for day in _PROOF):
            raise ProtocolError(
                f"{label}: date_format = {one!r} does not hold a whole date; write its day (%d), month (%m, %b or %B) "
                f"and year (%Y or %y); {_partial_instead(one)}; a day is never filled in"
            )
    return tuple(formats)


def _partial_instead(date_format: str) -> str:
    """Say how dates of a format without a day are read: by the format of a whole date, without the day."""
    separator = next((sign for sign in re.sub(r"%.", "", date_format) if not sign.isalnum()), "")
    wholes = [f"%d{separator}{date_format}", f"{date_format}{separator}%d"]
    for whole in reversed(wholes) if date_format.startswith("%Y") else wholes:
        month = date(2020, 3, 1).strftime(date_format)
        if all(_keeps(day, whole) for day in _PROOF) and date_span(month, (whole,)) is not None:
            return (
                f"for dates that are known to the month, write date_format = {whole!r}: a text without its day, such as "
                f"{month!r}, is then read as any day of its month"
            )
    return (
        "a date known to the year or month needs no format where it is written as 2018 or 2020-03, and else the format of "
        "the whole date: a text without its day is read as any day of its month"
    )


def _keeps(day: datetime, date_format: str) -> bool:
    try:
        return datetime.strptime(day.strftime(date_format), date_format).date() == day.date()
    except (ValueError, re.error):
        return False


def get_codes(value: Map[str, Any], label: str) -> Map[str, Any] | None:
    """Give what each text stands for, or None."""
    codes = value.get("codes")
    if codes is None:
        return None
    if not isinstance(codes, dict) or not codes:
        raise ProtocolError(f'{label}: codes must say what each text stands for, such as {{ F = "female" }}')
    for key, meaning in codes.items():
        if not isinstance(meaning, (str, int, float, bool)):
            raise ProtocolError(f"{label}: the code {key!r} stands for {meaning!r}; write a text, number or truth")
    return codes


def limits(part: Map[str, Any], label: str) -> dict[str, Field | None]:
    """Give the fields of the limits of the normal range.

    Raises `ProtocolError` for an upper limit that is not above 0, a lower limit below 0, or one above the upper.
    """
    fields = {key: optional(part.get(key), f"{label}, {key}", int, float) for key in ("lower_limit", "upper_limit")}
    constants = {key: field.constant for key, field in fields.items() if field and not field.column}
    for key, number in constants.items():
        usable = isinstance(number, (int, float)) and not isinstance(number, bool) and math.isfinite(number)
        if not usable or number < 0 or (key == "upper_limit" and number == 0):  # type: ignore[operator]
            least = "above 0" if key == "upper_limit" else "of 0 or more"
            raise ProtocolError(f"{label}: {key} = {number!r}; write a limit of the normal range as a number {least}")
    if len(constants) == 2 and constants["lower_limit"] > constants["upper_limit"]:  # type: ignore[operator]
        raise ProtocolError(
            f"{label}: lower_limit = {constants['lower_limit']!r} is above upper_limit = "
            f"{constants['upper_limit']!r}; correct either"
        )
    return fields


def to_observation(value: object, label: str) -> ObservationField:
    """Make the fields of an observation: a column, or a table of column, unit, codes and limits."""
    if isinstance(value, str) and value:
        return ObservationField(value=Field(column=value))
    if not isinstance(value, dict):
        raise ProtocolError(f'{label}: write a column name or {{ column = ..., unit = "..." }}')
    only(value, _OBSERVATION_KEYS, label)
    return ObservationField(
        value=Field(column=get(value, "column", str, label), codes=get_codes(value, label)),
        unit=optional(value.get("unit"), f"{label}, unit", str),
        **limits(value, label),
    )


def optional(value: object, label: str, *constants: type) -> Field | None:
    """Make a field of a constant of one of the types, or of a table with its column; None stays None."""
    if value is None:
        return None
    return Field(constant=value) if isinstance(value, constants) else to_field(value, label)  # type: ignore[arg-type]


def to_field(value: object, label: str, *, ends: bool = False) -> Field:
    """Make a field: a column name, or a table with a column or a value; `ends` allows words for the end of a course."""
    if isinstance(value, str) and value:
        return Field(column=value)
    if not isinstance(value, dict):
        raise ProtocolError(f"{label}: found {value!r}; write a column name or {{ column = ..., codes = ... }}")
    only(value, _FIELD_KEYS | (_END_KEYS if ends else set()), label)
    if ("column" in value) == ("value" in value):
        raise ProtocolError(f"{label}: give either column or value (the same for every row)")
    if "value" in value:
        if not isinstance(value["value"], (str, int, float, bool, date)):
            raise ProtocolError(f"{label}: value = {value['value']!r}; write a text, number, date, true or false")
        return Field(
            constant=value["value"],
            date_format=date_formats(value, label),
            unit=get(value, "unit", str, label, ""),
        )
    return Field(
        column=get(value, "column", str, label),
        codes=get_codes(value, label),
        ignore=get_texts(value, "ignore", label),
        date_format=date_formats(value, label),
        unit=get(value, "unit", str, label, ""),
        ongoing=get_texts(value, "ongoing", label),
        unknown=get_texts(value, "unknown", label),
    )
