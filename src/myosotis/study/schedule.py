"""The schedule: which visit falls into which window, and every conflict, gap and unscheduled visit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from myosotis.errors import ProtocolError
from myosotis.language.record import PatientRecord, Row
from myosotis.language.windows import Window

__all__ = ["ScheduleFinding", "VisitTable", "assign_visits"]

FindingKind = Literal["conflict", "nominal week differs", "gap", "unscheduled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFinding:
    """Record one thing about a patient's visits that a reader should know.

    conflict: several visit days in one window, of which the nearest to its target is used. nominal week differs: a
    row typed with a week whose window does not hold its day. gap: no visit in a window. unscheduled: a visit day in
    no window, which no analysis uses.
    """

    kind: FindingKind
    patient_id: str
    window: str
    day: int | None
    source: str
    sheet: str
    source_row: int | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTable:
    """Hold the day used for each patient and window (`days[patient][window label]`, None for a gap) and the findings."""

    days: dict[str, dict[str, int | None]]
    findings: tuple[ScheduleFinding, ...]


def assign_visits(records: Iterable[PatientRecord], windows: Sequence[Window]) -> VisitTable:
    """Assign each patient's visit days to windows: nearest to the target, the earlier day when two are as near.

    A visit day is a day with at least one observation that has a `day`; observations recorded on day 0 by
    declaration count too. Raises `ProtocolError` when two windows share a day, since a visit would count twice.
    """
    _check_disjoint(windows)
    days: dict[str, dict[str, int | None]] = {}
    findings: list[ScheduleFinding] = []
    for record in records:
        rows = sorted(
            (row for row in record.observations if row["day"] is not None),
            key=lambda row: (row["day"], row["source_row"], row["source"]),
        )
        first_rows = {row["day"]: row for row in reversed(rows)}
        assigned: dict[str, int | None] = {}
        for window in windows:
            inside = sorted((d for d in first_rows if window.contains(d)), key=lambda d: (abs(d - window.target), d))
            assigned[window.label] = inside[0] if inside else None
            findings += _window_findings(record.patient_id, window, inside, first_rows)
        findings += _loose_findings(record.patient_id, windows, first_rows)
        findings += _nominal_findings(record.patient_id, windows, rows)
        days[record.patient_id] = assigned
    return VisitTable(days=days, findings=tuple(findings))


def _check_disjoint(windows: Sequence[Window]) -> None:
    ordered = sorted(windows, key=lambda window: window.first)
    for earlier, later in pairwise(ordered):
        if later.first <= earlier.last:
            raise ProtocolError(
                f"the windows {earlier} and {later} share days, so that one visit would count for both; narrow one of them"
            )


def _window_findings(
    patient: str, window: Window, inside: Sequence[int], first_rows: dict[int, Row]
) -> list[ScheduleFinding]:
    if not inside:
        message = f"no visit between day {window.first} and day {window.last}"
        return [_finding("gap", patient, window.label, None, None, message)]
    return [
        _finding(
            "conflict", patient, window.label, day, first_rows[day],
            f"{len(inside)} visit days lie in the window; day {inside[0]} is nearest to day {window.target}",
        )
        for day in inside[1:]
    ]  # fmt: skip


def _loose_findings(patient: str, windows: Sequence[Window], first_rows: dict[int, Row]) -> list[ScheduleFinding]:
    return [
        _finding("unscheduled", patient, "", day, row, f"day {day} lies in no window and is not used at any visit")
        for day, row in sorted(first_rows.items())
        if not any(window.contains(day) for window in windows)
    ]


def _nominal_findings(patient: str, windows: Sequence[Window], rows: Sequence[Row]) -> list[ScheduleFinding]:
    seen: set[tuple[str, str, int]] = set()
    findings = []
    for row in rows:
        place = (row["source"], row["sheet"] or "", row["source_row"])
        if row["week"] is None or place in seen:
            continue
        seen.add(place)
        typed = [window for window in windows if abs(window.week - row["week"]) < 0.5]
        if typed and not typed[0].contains(row["day"]):
            message = f"typed as week {row['week']:g}, but day {row['day']} is outside {typed[0]}"
            findings.append(_finding("nominal week differs", patient, typed[0].label, row["day"], row, message))
    return findings


def _finding(
    kind: FindingKind, patient: str, window: str, day: int | None, row: Row | None, message: str
) -> ScheduleFinding:
    return ScheduleFinding(
        kind=kind,
        patient_id=patient,
        window=window,
        day=day,
        source="" if row is None else row["source"],
        sheet="" if row is None else row["sheet"] or "",
        source_row=None if row is None else row["source_row"],
        message=message,
    )
