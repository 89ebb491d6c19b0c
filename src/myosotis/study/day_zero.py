"""Patients without a day 0 though their first dose is on record: its date, or that of a course before it, is not exact."""

from __future__ import annotations

from collections.abc import Iterable

from myosotis.language.record import IndexDate, PatientRecord, matches
from myosotis.model.findings import Finding

__all__ = ["unknown_day_zero"]


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
    first = min(undated, key=lambda row: (row["source"], row["sheet"] or "", row["source_row"]))
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
            source=first["source"],
            sheet=first["sheet"] or "",
            source_row=first["source_row"],
            count=len(undated),
        ),
    )
