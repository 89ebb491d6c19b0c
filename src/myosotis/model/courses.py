"""Courses of treatment that overlap, so that their doses add up, and courses without a stop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from myosotis.model.cells import Refusal
from myosotis.model.claims import Record
from myosotis.model.findings import Finding
from myosotis.model.ledger import LedgerBuilder

__all__ = ["note_courses"]

_SHOWN = 5


def note_courses(treatments: Iterable[Record], notebook: LedgerBuilder) -> None:
    """Warn of courses of one drug whose doses add up on shared days, and note how many courses have no stop.

    A course covers its first to its last day, both included, and every later day without a stop; one that stops on
    the day on which the next starts shares that day with it. Courses whose route or class is recorded and differs
    are given beside each other and not told; nor is a course without a dose, which adds nothing.
    """
    courses = list(treatments)
    alike: dict[object, list[Record]] = {}
    for record in courses:
        if record.values.get("dose") is not None and _day(record, "start") is not None:
            alike.setdefault((record.values["patient_id"], record.values["drug"], _dated(record)), []).append(record)
    for records in alike.values():
        _note_overlaps(sorted(records, key=lambda record: (_day(record, "start"), record.place)), notebook)
    _note_open(courses, notebook)


def _note_overlaps(courses: list[Record], notebook: LedgerBuilder) -> None:
    """Tell each course that starts while an earlier one, the longest of them, still runs."""
    for i, later in enumerate(courses):
        running = [earlier for earlier in courses[:i] if _side_by_side(earlier, later)]
        if running:
            longest = max(running, key=_last_day)
            where = (
                f"row {longest.place.row}"
                if longest.place[:2] == later.place[:2]
                else f"row {longest.place.row} of {longest.place.source!r}"
            )
            still = "" if _stop(longest) is not None else ", which has no stop,"
            notebook.problem(
                Refusal(
                    "overlapping courses",
                    f"on row {later.place.row} a course that starts while the one of {where}{still} still covers the "
                    "day",
                    "one course of a drug at a time; on the days that both cover, the doses add up",
                    "if the dose was changed, let the earlier course stop on the day before the later one starts; if "
                    "both were given, leave them",
                    "warning",
                ),
                later.place,
            )


def _note_open(courses: Iterable[Record], notebook: LedgerBuilder) -> None:
    places: dict[tuple[str, str], list[int]] = {}
    for record in courses:
        if _day(record, "start") is not None and _is_open(record) and record.values.get("stop_known") is None:
            places.setdefault((record.place.source, record.place.sheet), []).append(record.place.row)
    for (source, sheet), rows in places.items():
        n, shown = len(rows), sorted(set(rows))
        where = f"{source!r}" + (f", sheet {sheet!r}" if sheet else "")
        notebook.note(
            Finding(
                severity="note",
                rule="course without a stop",
                message=(
                    f"course without a stop: {n} course{'s have' if n > 1 else ' has'} no stop and "
                    f"{'are' if n > 1 else 'is'} taken as ongoing: {where}, row{'s' if len(shown) > 1 else ''} "
                    f"{', '.join(map(str, shown[:_SHOWN]))}{', ...' if len(shown) > _SHOWN else ''}; fill the stop in "
                    "where the drug was stopped"
                ),
                source=source,
                sheet=sheet,
                source_row=shown[0],
                count=n,
            )
        )


def _side_by_side(earlier: Record, later: Record) -> bool:
    start = _day(later, "start")
    assert start is not None
    same = all(
        one is None or other is None or one == other
        for one, other in ((earlier.values.get(name), later.values.get(name)) for name in ("route", "drug_class"))
    )
    return same and start <= _last_day(earlier)


def _last_day(record: Record) -> float:
    """Give the last day on which a course certainly runs: without an end in sight where it is ongoing."""
    stop = _stop(record)
    if stop is not None:
        return stop
    earliest: date | None = record.values.get("stop_earliest")
    if earliest is not None:
        return float(earliest.toordinal())
    return float("inf") if _is_open(record) else float("-inf")


def _is_open(record: Record) -> bool:
    """Say whether a course has no stop because it was still taken, or because nobody says otherwise."""
    known = _stop(record) is not None or record.values.get("stop_earliest") is not None
    return not known and record.values.get("stop_known") is not False


def _stop(record: Record) -> float | None:
    return _day(record, "stop")


def _day(record: Record, end: str) -> float | None:
    """Give the start or stop as a day: of the calendar where a date is given, else of the source's own count."""
    values: Mapping[str, Any] = record.values
    written: date | None = values.get(end)
    if written is not None:
        return float(written.toordinal())
    counted: int | None = values.get(f"{end}_day")
    return None if counted is None else float(counted)


def _dated(record: Record) -> bool:
    return record.values.get("start") is not None
