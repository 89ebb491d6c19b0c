"""What the clock of the index date leaves out: patients without a day 0, and rows after the end of follow-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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
    """Warn of patients whose first dose cannot be dated to the day; none where the index date is another one.

    Nothing on the clock of the index date is known of them, so that rules with a day are not evaluable.
    """
    if index.drugs is None:
        return ()
    undated = [
        row
        for record in records
        if record.index_date is None
        for row in record.treatments
        if matches(index.drugs, row) and row["start"] is None
    ]
    if not undated:
        return ()
    source, sheet, source_row = min(map(_place, undated))
    patients = len({row["patient_id"] for row in undated})
    return (
        Finding(
            severity="warning",
            rule="first dose not known",
            message=(
                f"first dose not known: {patients} patient{'s have' if patients > 1 else ' has'} a course of "
                f"{index.drugs.label} whose start is not known to the day and may be the first, so no day 0 and no visit; "
                "look the day up in the chart"
            ),
            source=source,
            sheet=sheet,
            source_row=source_row,
            count=len(undated),
        ),
    )
