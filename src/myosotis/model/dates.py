"""Reading one cell as a date: a workbook's date, ISO text, text in a declared format, or a year or month alone."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache

from myosotis.core.spans import date_span, written_date
from myosotis.model.cells import Reading, Refusal, decode
from myosotis.model.layout import Field
from myosotis.sources.cell import Cell, text_of, trimmed

__all__ = ["TWO_DIGITS", "read_date", "read_date_or_span"]

_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?", re.ASCII)
_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
# Ends the reason why a date written with two digits of its year was converted; such a date may lie a century off.
TWO_DIGITS = "two digits of the year"


def read_date(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a calendar date: a workbook's date, ISO text, or text in one of the field's formats.

    A text that two formats read as different dates is refused. A time of day is dropped. A year or year and month alone
    is refused under the rule "partial date"; nothing is ever filled in.

    >>> read_date("2020-03-01", Field()).value, read_date("2020-03", Field()).rule
    (datetime.date(2020, 3, 1), 'partial date')
    """
    del decimal
    decoded = decode(cell, field)
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
    decoded = decode(cell, field)
    assert isinstance(decoded, Reading)
    text = text_of(decoded.value)
    span = date_span(text, field.date_format)
    if span is None:
        return Refusal("not a date", "a year or month that does not exist", "a date", "correct the cells")
    four_digits = date_span(text, [one for one in field.date_format if "%y" not in one]) == span
    return Reading(span, f"date known to the {span.known_to}" + ("" if four_digits else f", {TWO_DIGITS}"))


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
            return Reading(written_date(text, date_format).date(), "date format")
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
    if _PARTIAL_DATE.fullmatch(text) or date_span(text, (date_format,)) is not None:
        return _partial_date()
    return Refusal("not a date", "something else", expected, "correct the cells or declare date_format in the mapping")


def _partial_date() -> Refusal:
    return Refusal(
        "partial date",
        "a year, or a year and month, alone",
        "a whole date",
        "look the day up in the chart; a day is never filled in",
        "warning",
    )
