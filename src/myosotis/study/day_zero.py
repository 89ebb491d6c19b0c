"""What the clock of the index date leaves out: patients without a day 0, and rows after the end of follow-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from myosotis.language.record import IndexDate, PatientRecord, matches
from myosotis.model.dataset import Dataset
from myosotis.model.findings import Finding

__all__ = ["beyond_follow_up", "unknown_day_zero"]


def beyond_follow_up(data: Dataset, records: Iterable[PatientRecord]) -> tuple[Finding, ...]:
    """Warn of rows that lie after a patient's death or last contact by their day or week, and so do not count.

    Those that lie there by their date were rejected when they were read.
    """
    kept = {table: Counter[_Place]() for table in _DAYED}
    for record in records:
        for table in _DAYED:
            kept[table].update(_place(row) for row in getattr(record, table))
    lost = {
        table: sorted((Counter(_place(row) for row in getattr(data, table).to_pylist()) - kept[table]).elements())
        for table in _DAYED
    }
    told = ", ".join(f"{len(places)} of {table}" for table, places in lost.items() if places)
    if not told:
        return ()
    source, sheet, source_row = min(place for places in lost.values() for place in places)
    return (
        Finding(
            severity="warning",
            rule="after the end of follow-up",
            message=(
                f"after the end of follow-up: rows that lie after the patient's death or last contact by their day or week "
                f"do not count: {told}; correct the days, or the dates of death and last contact"
            ),
            source=source,
            sheet=sheet,
            source_row=source_row,
            count=sum(len(places) for places in lost.values()),
        ),
    )


_Place: TypeAlias = tuple[str, str, int]


def _place(row: Mapping[str, Any]) -> _Place:
    return row["source"], row["sheet"] or "", row["source_row"]


_DAYED = ("observations", "treatments", "conditions", "events")


def unknown_day_zero(records: Iterable[PatientRecord], index: IndexDate) -> tuple[Finding, ...]:
    """Warn of patients who have nothing to count days from: no first dose, or no date on them, that is known to the day.

    Nothing on the clock of the index date is known of them, so that rules with a day are not evaluable. Where the days are
    those that the source recorded, warn of rows that have a date and no day, since their dates are not used.
    """
    match index.rule:
        case "first dose":
            return _undated_dose(records, index)
        case "date on the patient":
            return _undated_patients(records, index)
    return _rows_without_day(records)


def _undated_patients(records: Iterable[PatientRecord], index: IndexDate) -> tuple[Finding, ...]:
    every = list(records)
    undated = [record.patient for record in every if record.index_date is None]
    if not undated:
        return ()
    what, lacking = index.field.removesuffix("_date"), len(undated)
    fix = f"map {index.field} of the patients" if lacking == len(every) else "look the day up in the chart"
    return _warned(
        "index date not known",
        f"{lacking} of {len(every)} patients {'have' if lacking > 1 else 'has'} no date of {what} that is known to the day, "
        f"so no day 0 and no visit; {fix}, or count from another day",
        undated,
    )


def _rows_without_day(records: Iterable[PatientRecord]) -> tuple[Finding, ...]:
    lost: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        for table in _DAYED:
            name, day = ("date", "day") if table in ("observations", "conditions") else ("start", "start_day")
            rows = [row for row in getattr(record, table) if row[day] is None]
            dated = [row for row in rows if row[name] is not None or row[f"{name}_earliest"] is not None]
            if dated:
                lost.setdefault(table, []).extend(dated)
    if not lost:
        return ()
    told = ", ".join(f"{len(rows)} of {table}" for table, rows in lost.items())
    return _warned(
        "day not recorded",
        f"rows that have a date and no day count at no visit, since the protocol counts the days that the source recorded: "
        f"{told}; map their day, or let the protocol count from a date with first_dose or date_of",
        [row for rows in lost.values() for row in rows],
    )


def _undated_dose(records: Iterable[PatientRecord], index: IndexDate) -> tuple[Finding, ...]:
    assert index.drugs is not None
    undated = [
        row
        for record in records
        if record.index_date is None
        for row in record.treatments
        if matches(index.drugs, row) and row["start"] is None
    ]
    if not undated:
        return ()
    patients = len({row["patient_id"] for row in undated})
    return _warned(
        "first dose not known",
        f"{patients} patient{'s have' if patients > 1 else ' has'} a course of {index.drugs.label} whose start is not known "
        "to the day and may be the first, so no day 0 and no visit; look the day up in the chart",
        undated,
    )


def _warned(rule: str, message: str, rows: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    source, sheet, source_row = min(map(_place, rows))
    return (
        Finding(
            severity="warning",
            rule=rule,
            message=f"{rule}: {message}",
            source=source,
            sheet=sheet,
            source_row=source_row,
            count=len(rows),
        ),
    )
