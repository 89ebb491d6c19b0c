"""Dates that cannot be meant: outside the years of studies, read a century off, or giving ages that nobody has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePath

from myosotis.model.cells import Refusal
from myosotis.model.claims import CellFate, CellPlace, Record
from myosotis.model.dates import TWO_DIGITS
from myosotis.model.ledger import LedgerBuilder
from myosotis.model.quantities import OLDEST
from myosotis.model.rows import without_dates
from myosotis.model.tables import DATES

__all__ = ["plausible_births", "plausible_dates"]

_FIRST = date(1900, 1, 1)
# A workbook of the 1900 date system counts a 29 February 1900, which never was: earlier dates are a day off.
_FIRST_IN_WORKBOOK = date(1900, 3, 1)
_COUNTED_FROM_1900 = (".xlsx", ".xlsm", ".xlsb", ".xls")
_EXPECTED = "a date from 1900 to the end of next year"


def plausible_dates(records: Iterable[Record], today: date, notebook: LedgerBuilder) -> list[Record]:
    """Reject dates before 1900 or after the end of the year that follows `today`, and births after today.

    So are dates before March 1900 in a workbook, and dates after today whose year was written with two digits. A record
    that needs its date (an observation) goes with it; any other stays without, a course then with a stop that is not known.
    """
    kept: list[Record] = []
    told: set[tuple[CellPlace, str]] = set()
    for record in records:
        bounds = {name: _bounds(record, name) for name in DATES[record.table]}
        refused = {
            name: refusal
            for name, days in bounds.items()
            if days is not None and (refusal := _implausible(record, name, *days, today))
        }
        checked = _without(record, refused, notebook, told) if refused else record
        if checked is not None:
            kept.append(checked)
    return kept


def plausible_births(patients: Iterable[Record], others: Iterable[Record], notebook: LedgerBuilder) -> list[Record]:
    """Reject a birth date that makes its patient older than `OLDEST` years on the last of the patient's own dates."""
    patients = list(patients)
    last: dict[str, date] = {}
    for record in (*patients, *others):
        dates = [value for value in record.values.values() if isinstance(value, date)]
        patient = record.values["patient_id"]
        last[patient] = max([*dates, last.get(patient, date.min)])
    told: set[tuple[CellPlace, str]] = set()
    kept: list[Record] = []
    for record in patients:
        birth = _bounds(record, "birth_date")
        old = birth is not None and last[record.values["patient_id"]].year - birth[1].year > OLDEST
        checked = _without(record, {"birth_date": _TOO_OLD}, notebook, told) if old else record
        kept += [checked] if checked is not None else []
    return kept


def _bounds(record: Record, name: str) -> tuple[date, date] | None:
    """Give the earliest and the latest day that a date can be."""
    exact = record.values.get(name)
    first, last = record.values.get(f"{name}_earliest", exact), record.values.get(f"{name}_latest", exact)
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def _implausible(record: Record, name: str, value: date, last: date, today: date) -> Refusal | None:
    if last < _FIRST:
        return _refusal("a date before 1900")
    if last < _FIRST_IN_WORKBOOK and PurePath(record.place.source).suffix.lower() in _COUNTED_FROM_1900:
        return _refusal("a date before March 1900, which workbooks count a day off")
    if value > date(today.year + 1, 12, 31):
        return _refusal("a date after the end of next year")
    if value > today and any(claim.reason.endswith(TWO_DIGITS) for claim in record.claims.get(name, ())):
        return _refusal("a date to come, read from two digits of a year")
    if value > today and name == "birth_date":
        return _refusal("a birth to come")
    return None


def _refusal(found: str) -> Refusal:
    return Refusal(
        "implausible date", found, _EXPECTED, "look the date up in the chart, and write its year with four digits"
    )


_TOO_OLD = Refusal(
    "implausible age",
    f"a birth date that gives an age above {OLDEST} years on another date of the patient",
    f"an age of 0 to {OLDEST} years",
    "look both dates up in the chart, and write years with four digits",
)


def _without(
    record: Record, refused: Mapping[str, Refusal], notebook: LedgerBuilder, told: set[tuple[CellPlace, str]]
) -> Record | None:
    for name, refusal in refused.items():
        claims = record.claims.get(name, ())
        for place in [claim.place for claim in claims] or [record.place]:
            if (place, refusal.rule) not in told:
                told.add((place, refusal.rule))
                notebook.problem(refusal, place)
        if record.table == "observations":
            notebook.reject(record, refusal.rule)
            return None  # it has one date, and says nothing without it
        notebook.claim(*(CellFate(claim.place, "rejected", refusal.rule) for claim in claims))
    return without_dates(record, refused)
