"""Reading one cell: as a number, date, truth or text, or refusing it with the reason."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from myosotis.core.spans import date_span, days_in_every
from myosotis.model.findings import Severity
from myosotis.model.layout import Field
from myosotis.sources.cell import Cell, FileError, text_of, trimmed

__all__ = [
    "TWO_DIGITS",
    "Reader",
    "Reading",
    "Refusal",
    "read_choice",
    "read_date",
    "read_date_or_span",
    "read_every",
    "read_number",
    "read_text",
    "read_time",
    "read_truth",
    "read_whole",
    "whole_day",
]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?", re.ASCII)
_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
_TRUTHS = {"yes": True, "no": False, "1": True, "0": False}
# Days between the first and the last date that can be written, 0001-01-01 and 9999-12-31.
_LONGEST = (date.max - date.min).days
# Ends the reason why a date written with two digits of its year was converted; such a date may lie a century off.
TWO_DIGITS = "two digits of the year"
_DAYS_IN = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}


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
    decoded = _decode(cell, field)
    return decoded if isinstance(decoded, Refusal) else Reading(text_of(decoded.value), decoded.reason)


def read_number(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a finite number; `decimal` is the sign between ones and tenths in texts, and no other is read.

    >>> read_number("2,5", Field(), ",").value, read_number("2,5", Field()).rule
    (2.5, 'text in a number column')
    """
    decoded = _decode(cell, field)
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
        if not _NUMBER.fullmatch(plain) or (decimal == "," and "." in text):
            return Refusal(
                "text in a number column",
                "text",
                f"a number with {decimal!r} before its decimals",
                "correct the cells, declare codes or a missing text, or the decimal sign, in the mapping",
            )
        return _finite(float(plain), decoded.reason or ("decimal comma" if plain != text else ""))
    return _finite(float(value), decoded.reason)


def read_time(at: str) -> Reader:
    """Make a reader of a number of days, weeks or months from the index date, no longer than the calendar."""

    def read(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
        number = read_number(cell, field, decimal)
        if isinstance(number, Reading) and abs(whole_day(number.value, at)) > _LONGEST:
            return Refusal(
                "out of range", f"{number.value:g}", f"at most {_LONGEST} days from the index date", "correct the cells"
            )
        return number

    return read


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
    decoded = _decode(cell, field)
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


def read_date(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a calendar date: a workbook's date, ISO text, or text in one of the field's formats.

    A text that two formats read as different dates is refused. A time of day is dropped. A year or year and month alone
    is refused under the rule "partial date"; nothing is ever filled in.

    >>> read_date("2020-03-01", Field()).value, read_date("2020-03", Field()).rule
    (datetime.date(2020, 3, 1), 'partial date')
    """
    del decimal
    decoded = _decode(cell, field)
    if isinstance(decoded, Refusal):
        return decoded
    value = decoded.value
    if isinstance(value, datetime):
        return Reading(value.date(), decoded.reason or ("" if text_of(value) == value.date().isoformat() else "date"))
    if isinstance(value, date):
        return Reading(value, decoded.reason)
    if not isinstance(value, str):
        if not isinstance(value, bool) and _PARTIAL_DATE.fullmatch(text_of(value)):
            return _partial_date()
        return Refusal(
            "not a date",
            "a number or truth",
            "a date",
            "format the cells as dates in the workbook, or correct the column in the mapping",
        )
    return _date_of_formats(trimmed(value), field.date_format)


def read_date_or_span(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a calendar date as `read_date` does, and a year or a year and month alone as the span of its days.

    >>> read_date_or_span("2020-03", Field()).value.latest
    datetime.date(2020, 3, 31)
    """
    found = read_date(cell, field, decimal)
    if isinstance(found, Reading) or found.rule != "partial date":
        return found
    decoded = _decode(cell, field)
    assert isinstance(decoded, Reading)
    text = text_of(decoded.value)
    span = date_span(text, field.date_format)
    if span is None:
        return Refusal("not a date", "a year or month that does not exist", "a date", "correct the cells")
    four_digits = date_span(text, [one for one in field.date_format if "%y" not in one]) == span
    return Reading(span, f"date known to the {span.known_to}" + ("" if four_digits else f", {TWO_DIGITS}"))


def read_every(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read how often a dose is given: `day`, `week`, `month`, or a whole number of them such as `4 weeks`.

    >>> read_every("4 weeks", Field()).value, read_every("month", Field()).value
    ('4 weeks', 'month')
    """
    text = read_text(cell, field, decimal)
    if isinstance(text, Reading) and days_in_every(text.value) is None:
        return Refusal(
            "not an interval between doses",
            "something else",
            "day, week, month, or a number of them such as 4 weeks",
            "correct the cells or declare codes in the mapping",
        )
    return text


def whole_day(time: float, at: str) -> int:
    """Turn days, weeks or months from the index date into a whole day, halves up; a month is 365.25 / 12 days.

    >>> whole_day(3, "month"), whole_day(0.5, "week"), whole_day(-4, "week")
    (91, 4, -28)
    """
    return math.floor(time * _DAYS_IN[at] + 0.5)


def _decode(cell: Cell, field: Field) -> Reading | Refusal:
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


def _date_of_formats(text: str, formats: tuple[str, ...]) -> Reading | Refusal:
    results = [_date_of_text(text, one) for one in formats]
    if _iso_beside(formats):
        results.append(_date_of_text(text, ""))
    readings = [result for result in results if isinstance(result, Reading)]
    if len({reading.value for reading in readings}) > 1:
        return Refusal(
            "ambiguous date",
            "a text that two of the declared formats read as different dates",
            "a date that can be read in one way",
            "write the date as YYYY-MM-DD, or declare the one date_format of this column in the mapping",
        )
    if readings:
        two_digits = any("%y" in one and isinstance(r, Reading) for one, r in zip(formats, results, strict=False))
        return Reading(readings[0].value, f"date format, {TWO_DIGITS}") if two_digits else readings[0]
    refusals = [result for result in results if isinstance(result, Refusal)]
    return next((refusal for refusal in refusals if refusal.rule == "partial date"), refusals[0])


@cache
def _iso_beside(formats: tuple[str, ...]) -> bool:
    """Say whether ISO stays readable beside formats: unless one of them reads ISO's figures in another order."""
    read = [_date_of_text("2001-02-03", one) for one in formats]
    return all(isinstance(one, Refusal) or one.value == date(2001, 2, 3) for one in read)


def _date_of_text(text: str, date_format: str) -> Reading | Refusal:
    if date_format:
        try:
            return Reading(datetime.strptime(text, date_format).date(), "date format")
        except ValueError:
            expected = f"a date written as {date_format}"
    else:
        match = _ISO_DATE.fullmatch(text)
        expected = "an ISO date (YYYY-MM-DD)"
        if match:
            try:
                return Reading(date.fromisoformat(match[1]), "date" if match[2] else "")
            except ValueError:
                return Refusal("not a date", "a day that does not exist", expected, "correct the cells")
    if _PARTIAL_DATE.fullmatch(text) or _is_month(text, date_format):
        return _partial_date()
    return Refusal("not a date", "something else", expected, "correct the cells or declare date_format in the mapping")


def _is_month(text: str, date_format: str) -> bool:
    """Say whether a text is a date in the format but for its day, such as 03.2020 for %d.%m.%Y."""
    without_day = re.sub(r"%d\W?|\W%d$", "", date_format)
    if not date_format or without_day == date_format:
        return False
    try:
        datetime.strptime(text, without_day)
    except ValueError:
        return False
    return True


def _partial_date() -> Refusal:
    return Refusal(
        "partial date",
        "a year, or a year and month, alone",
        "a whole date",
        "look the day up in the chart; a day is never filled in",
        "warning",
    )


def _finite(value: float, reason: str) -> Reading | Refusal:
    return Reading(value, reason) if math.isfinite(value) else _not_finite()


def _not_finite() -> Refusal:
    return Refusal(
        "not a finite number", "NaN or infinity", "a number", "leave a missing value empty or declare a missing text"
    )
