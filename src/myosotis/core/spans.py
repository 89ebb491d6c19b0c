"""What is not exactly known: a date known to its month or year, and a number known to lie beyond a limit."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

__all__ = [
    "LEAST_STEP",
    "DateSpan",
    "NumberLimit",
    "NumberSpan",
    "date_span",
    "days_in_every",
    "number_limit",
    "told_date",
    "written_date",
]

# Numbers are compared after rounding to 9 decimals, so this is the least by which two of them can differ.
LEAST_STEP = 1e-9

_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_LIMIT = re.compile(r"(<=|>=|<|>|≤|≥|⩽|⩾)\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_BELOW = ("<", "<=", "≤", "⩽")
_EVERY = re.compile(r"(?:(\d+) )?(day|week|month)s?", re.ASCII)
_DAYS_IN = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}
_DAY_OF_FORMAT = re.compile(r"%d[^\w%]?|[^\w%]%d$")
_FIGURES_TOUCH = re.compile(r"%[dmyY]%[dmyY]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """Bound a date by the earliest and the latest day it can be, both included."""

    earliest: date
    latest: date

    @property
    def known_to(self) -> str:
        """Say how exactly the date is known: `month` or `year`."""
        return "month" if self.earliest.month == self.latest.month else "year"

    def __str__(self) -> str:
        return told_date(None, self.earliest, self.latest)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLimit:
    """Hold a limit as it was found: the number lies `below` or above its bound, which is itself excluded or not."""

    bound: float
    below: bool
    excluded: bool

    @property
    def span(self) -> NumberSpan:
        """Bound the number by the last number of 9 decimals on the near side of the limit."""
        step = LEAST_STEP if self.excluded else 0.0
        if self.below:
            return NumberSpan(low=None, high=round(self.bound - step, 9))
        return NumberSpan(low=round(self.bound + step, 9), high=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSpan:
    """Bound a number, both ends included; None where there is no bound.

    A limit that is itself excluded (`<3`) is stored as the last number of 9 decimals on its near side (2.999999999).
    """

    low: float | None
    high: float | None

    def __str__(self) -> str:
        bounds = (("at least", self.low), ("at most", self.high))
        return " and ".join(f"{words} {bound!r}" for words, bound in bounds if bound is not None)


def date_span(text: str, date_formats: Sequence[str] = ()) -> DateSpan | None:
    """Read a year (`2018`) or a year and month (`2020-03`, or a date format without its day) as a span of days.

    None for any other text; a month that does not exist is none either.

    >>> date_span("2020-02").latest, date_span("02.2020", ("%d.%m.%Y",)).earliest, date_span("2020-13")
    (datetime.date(2020, 2, 29), datetime.date(2020, 2, 1), None)
    """
    match = _YEAR_OR_MONTH.fullmatch(text.strip())
    if match:
        return _span(int(match[1]), int(match[2]) if match[2] else None)
    for date_format in date_formats:
        without_day = _DAY_OF_FORMAT.sub("", date_format)
        if without_day == date_format:
            continue
        try:
            found = written_date(text.strip(), without_day)
        except ValueError:
            continue
        return _span(found.year, found.month)
    return None


def written_date(text: str, date_format: str) -> datetime:
    """Read a text in a format as `strptime` does; raises `ValueError` where it is not written so.

    Where a format has no sign between its figures, each must be written in full: `202011` is no 1 January 2020.

    >>> written_date("1.3.2020", "%d.%m.%Y").date()
    datetime.date(2020, 3, 1)
    """
    found = datetime.strptime(text, date_format)
    if _FIGURES_TOUCH.search(date_format) and found.strftime(date_format) != text:
        raise ValueError(f"not written in full as {date_format}")
    return found


def number_limit(text: str, decimal: str = ".") -> NumberLimit | None:
    """Read a number given as a limit: `<3`, `> 2000`, `<= 0,5` with a decimal comma; None for any other text.

    >>> number_limit("<3").span, number_limit("≥ 2000").span
    (NumberSpan(low=None, high=2.999999999), NumberSpan(low=2000.0, high=None))
    """
    plain = text.strip()
    if decimal == ",":
        if "." in plain:
            return None
        plain = plain.replace(",", ".", 1)
    match = _LIMIT.fullmatch(plain)
    if not match:
        return None
    return NumberLimit(bound=float(match[2]), below=match[1] in _BELOW, excluded=match[1] in "<>")


def days_in_every(text: str) -> float | None:
    """Give the days between two doses of `day`, `week`, `month` or a number of them; a month is 365.25 / 12 days.

    >>> days_in_every("week"), days_in_every("4 weeks"), days_in_every("often")
    (7.0, 28.0, None)
    """
    match = _EVERY.fullmatch(" ".join(text.split()))
    if not match or match[1] == "0":
        return None
    return int(match[1] or 1) * _DAYS_IN[match[2]]


def told_date(exact: date | None, earliest: date | None, latest: date | None) -> str:
    """Write a date as exactly as it is known: `2020-03-01`, `2020-03`, `2020`; empty when nothing is.

    >>> told_date(None, date(2020, 1, 1), date(2020, 12, 31)), told_date(date(2020, 3, 1), None, None)
    ('2020', '2020-03-01')
    """
    if exact is not None:
        return exact.isoformat()
    if earliest is None or latest is None:
        return ""
    if _span(earliest.year, None) == DateSpan(earliest=earliest, latest=latest):
        return f"{earliest.year:04d}"
    if _span(earliest.year, earliest.month) == DateSpan(earliest=earliest, latest=latest):
        return f"{earliest.year:04d}-{earliest.month:02d}"
    return f"{earliest.isoformat()} to {latest.isoformat()}"


def _span(year: int, month: int | None) -> DateSpan | None:
    if not 1 <= year <= date.max.year or (month is not None and not 1 <= month <= 12):
        return None
    last = month or 12
    return DateSpan(earliest=date(year, month or 1, 1), latest=date(year, last, calendar.monthrange(year, last)[1]))
