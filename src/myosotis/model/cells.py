"""Reading one cell: as a number, date, truth or text, or refusing it with the reason."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from myosotis.core.spans import days_in_every, number_limit
from myosotis.model.findings import Severity
from myosotis.model.layout import Field
from myosotis.sources.cell import Cell, FileError, text_of

__all__ = [
    "DAY_UNITS",
    "Reader",
    "Reading",
    "Refusal",
    "decode",
    "read_choice",
    "read_every",
    "read_number",
    "read_text",
    "read_time",
    "read_truth",
    "read_day",
    "read_whole",
    "whole_day",
]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_TRUTHS = {"yes": True, "no": False, "1": True, "0": False}
# Days between the first and the last date that can be written, 0001-01-01 and 9999-12-31.
_LONGEST = (date.max - date.min).days
_DAYS_IN = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
# How a mapping names them where a column of days is counted otherwise.
DAY_UNITS = {"days": "day", "weeks": "week", "months": "month", "years": "year"}


@dataclass(frozen=True, slots=True)
class Reading:
    """Give the value of a cell; `reason` is empty when it was taken as it stands, else says how it was converted."""

    value: Any
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Refuse a cell: `rule` is the short key, `found` says what is there without quoting it, `advice` what to do."""

    rule: str
    found: str
    expected: str
    advice: str
    severity: Severity = "error"


Reader: TypeAlias = Callable[[Cell, Field, str], Reading | Refusal]


def read_text(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a text; a number or date in the cell becomes its text."""
    del decimal
    decoded = decode(cell, field)
    return decoded if isinstance(decoded, Refusal) else Reading(text_of(decoded.value), decoded.reason)


def read_number(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a finite number; `decimal` is the sign between ones and tenths in texts, and no other is read.

    >>> read_number("2,5", Field(), ",").value, read_number("2,5", Field()).rule
    (2.5, 'text in a number column')
    """
    decoded = decode(cell, field)
    if isinstance(decoded, Refusal):
        return decoded
    value = decoded.value
    if isinstance(value, (bool, date)):
        kind = "a truth (yes or no)" if isinstance(value, bool) else "a date"
        return Refusal("not a number", kind, "a number", "correct the cells, or the column in the mapping")
    if isinstance(value, str):
        text = value.strip()
        plain = text.replace(",", ".") if decimal == "," and text.count(",") == 1 and "." not in text else text
        if _NOT_FINITE.fullmatch(text):
            return _not_finite()
        if number_limit(text, decimal) is not None:
            return _INEXACT
        if not _NUMBER.fullmatch(plain) or (decimal == "," and "." in text):
            return Refusal(
                "text in a number column",
                "text",
                f"a number with {decimal!r} before its decimals",
                "correct the cells, declare codes or a missing text, or the decimal sign, in the mapping",
            )
        return _finite(float(plain), decoded.reason or ("decimal comma" if plain != text else ""))
    return _finite(float(value), decoded.reason)


_INEXACT = Refusal(
    "text in a number column",
    "a limit, such as <3, in place of a number",
    "the number itself",
    "write the number without its sign where that is what is meant; a limit in place of a number is read as the value of an "
    "observation alone",
)


def read_time(at: str) -> Reader:
    """Make a reader of a number of days, weeks, months or years from the index date, no longer than the calendar."""

    def read(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
        number = read_number(cell, field, decimal)
        if isinstance(number, Reading) and abs(whole_day(number.value, at)) > _LONGEST:
            return Refusal(
                "out of range", f"{number.value:g}", f"at most {_LONGEST} days from the index date", "correct the cells"
            )
        return number

    return read


def read_day(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a day counted from the index date: a whole number, or weeks, months or years where the field's unit says so."""
    at = DAY_UNITS[field.unit or "days"]
    if at == "day":
        return read_whole(cell, field, decimal)
    number = read_time(at)(cell, field, decimal)
    return number if isinstance(number, Refusal) else Reading(whole_day(number.value, at), f"{at}s to days")


def read_whole(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a whole number, no larger than the days of the calendar."""
    number = read_number(cell, field, decimal)
    if isinstance(number, Reading):
        if number.value != int(number.value):
            return Refusal("not a whole number", f"{number.value:g}", "a whole number", "correct the cells")
        if abs(number.value) > _LONGEST:
            return Refusal("out of range", f"{number.value:g}", f"at most {_LONGEST}", "correct the cells")
        return Reading(int(number.value), number.reason)
    return number


def read_truth(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a truth: yes, no, 1, 0, a workbook's TRUE or FALSE, or a code that stands for one of these."""
    del decimal
    decoded = decode(cell, field)
    if isinstance(decoded, Refusal):
        return decoded
    truth = _TRUTHS.get(text_of(decoded.value).lower())
    if truth is None:
        return Refusal(
            "not a yes or no", "something else", "yes, no, 1 or 0", "correct the cells or declare codes in the mapping"
        )
    return Reading(truth, decoded.reason)


def read_choice(*choices: str) -> Reader:
    """Make a reader of texts from a closed list."""

    def read(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
        text = read_text(cell, field, decimal)
        if isinstance(text, Reading) and text.value not in choices:
            return Refusal(
                "text outside the list",
                "something else",
                " or ".join(choices),
                "correct the cells or declare codes in the mapping",
            )
        return text

    return read


def read_every(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read how often a dose is given: `day`, `week`, `month`, or a whole number of them such as `4 weeks`.

    >>> read_every("4 weeks", Field()).value, read_every("month", Field()).value
    ('4 weeks', 'month')
    """
    text = read_text(cell, field, decimal)
    if isinstance(text, Reading):
        text = Reading(" ".join(text.value.casefold().split()), text.reason)
    if isinstance(text, Reading) and days_in_every(text.value) is None:
        return Refusal(
            "not an interval between doses",
            "something else",
            "day, week, month, or a number of them such as 4 weeks",
            "correct the cells or declare codes in the mapping",
        )
    return text


def whole_day(time: float, at: str) -> int:
    """Turn days, weeks, months or years from the index date into a whole day, halves up.

    A year is 365.25 days and a month a twelfth of it.

    >>> whole_day(3, "month"), whole_day(0.5, "week"), whole_day(-4, "week"), whole_day(1, "year")
    (91, 4, -28, 365)
    """
    return math.floor(time * _DAYS_IN[at] + 0.5)


def decode(cell: Cell, field: Field) -> Reading | Refusal:
    """Put a cell through the codes of its field; an error value of the file is refused."""
    if isinstance(cell, FileError):
        return Refusal(
            "error value in the workbook",
            "an error value or a formula without a result",
            "a value",
            "correct the formula and save the workbook again",
        )
    if field.codes is None:
        return Reading(cell)
    text = text_of(cell)
    if text not in field.codes:
        return Refusal(
            "text outside the code list",
            "something else",
            "one of " + ", ".join(map(repr, field.codes)),
            "correct the cells or add the code to the mapping",
        )
    meaning = field.codes[text]
    return Reading(meaning, "" if text_of(meaning) == text else "code")


def _finite(value: float, reason: str) -> Reading | Refusal:
    return Reading(value, reason) if math.isfinite(value) else _not_finite()


def _not_finite() -> Refusal:
    return Refusal(
        "not a finite number", "NaN or infinity", "a number", "leave a missing value empty or declare a missing text"
    )
