"""Compute timelines: the bars of a swimmer plot and the steps of dose curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution, Listing, evidence_row
from myosotis.analysis.courses import drug_course, end_of_course
from myosotis.analysis.event_records import join_records, records_by_event
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.patient_days import Stretches
from myosotis.analysis.timelines import (
    COURSES,
    DOSES,
    EVENTS,
    LEVELS,
    OPEN_LEVEL,
    PULSES,
    SERIOUSNESS,
    STARTS,
    DoseCurves,
    SwimmerPlot,
)
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import PatientRecord, Row, matches
from myosotis.language.series import Treatment
from myosotis.language.values import Constant
from myosotis.measures.derived.seriousness import seriousness
from myosotis.measures.derived.taper_time import dose_steps, last_recorded_day
from myosotis.measures.glucocorticoids import glucocorticoid_dose_per_weight_on, glucocorticoid_pulse

__all__ = ["compute_curves", "compute_swimmer"]


def compute_swimmer(analysis: SwimmerPlot, cohort: Cohort) -> AnalysisOutput:
    """Collect the listings that the figure draws."""
    records = [cohort.records[patient] for patient in cohort.patients(analysis.population.key)]
    bars = {one.drugs.label: _bars(analysis, cohort, records, one) for one in analysis.treatments}
    courses = _part(
        analysis, cohort, COURSES, [row for one in records for row in _courses(one)], "Courses of treatment"
    )
    responses = _responses(analysis, cohort, records)
    events = _part(
        analysis,
        cohort,
        EVENTS,
        [row for one in records for row in _events(analysis, one)],
        "Adverse events by day of onset",
    )
    parts = [*bars.values(), courses, responses, events]
    if analysis.started is not None:
        parts.append(_starts(analysis, cohort, records, analysis.started))
    return AnalysisOutput(contributions=tuple(parts))


def compute_curves(analysis: DoseCurves, cohort: Cohort) -> AnalysisOutput:
    """Collect the listings that the figure draws."""
    patients = cohort.patients(analysis.population.key)
    records = [cohort.records[patient] for patient in patients]
    doses = cohort.of_rows(
        analysis.listing(DOSES),
        [row for record in records for row in _steps(analysis, record)],
        "Maintenance glucocorticoid as prednisone, mg/kg/day, from each day on which it changed",
    )
    pulses = cohort.of_rows(
        analysis.listing(PULSES),
        [row for one in records for row in _pulses(analysis, one)],
        "Glucocorticoid pulses by first day",
    )
    return AnalysisOutput(contributions=(doses, pulses))


def _part(analysis: SwimmerPlot, cohort: Cohort, what: str, rows: Sequence[Listing], words: str) -> Contribution:
    return cohort.of_rows(analysis.listing(what), rows, words)


def _bars(
    analysis: SwimmerPlot, cohort: Cohort, records: Sequence[PatientRecord], treatment: Treatment
) -> Contribution:
    label = treatment.drugs.label
    rows = []
    for record in records:
        until = min(analysis.last_day, max(0, last_recorded_day(record)))
        course = drug_course(record, treatment.drugs, 0, until)
        rows += [_stretch(record, label, one, course.rows) for one in _ends(course.stretches)]
    return _part(analysis, cohort, label, rows, f"Days on {label} from day 0 to day {analysis.last_day}")


def _responses(analysis: SwimmerPlot, cohort: Cohort, records: Sequence[PatientRecord]) -> Contribution:
    rows = []
    for record in records:
        for visit in analysis.endpoint.at:
            day = cohort.results[analysis.day(visit)][record.patient_id]
            level = cohort.results[analysis.level(visit)][record.patient_id]
            words = {True: "yes", False: "no", None: OPEN_LEVEL}.get(level, level)  # type: ignore[arg-type]
            mark = {"item": f"{analysis.endpoint.label} at {visit.label}", "text": str(words), "source_row": None}
            if day is not None:
                rows.append(evidence_row(record.patient_id, "value", {**mark, "day": int(day)}))
    return _part(analysis, cohort, LEVELS, rows, f"{analysis.endpoint.label} on the day of each visit")


def _events(analysis: SwimmerPlot, record: PatientRecord) -> list[Listing]:
    return [
        _placed(record, row, {"item": row["preferred_term"] or row["term"], "text": SERIOUSNESS[seriousness(row).serious],
                              "number": None if row["grade"] is None else float(row["grade"]),
                              "unit": "" if row["grade"] is None else "grade"})
        for row in map(join_records, records_by_event(record.events))
        if row["start_day"] is not None and 0 <= row["start_day"] <= analysis.last_day
    ]  # fmt: skip


def _starts(
    analysis: SwimmerPlot, cohort: Cohort, records: Sequence[PatientRecord], treatment: Treatment
) -> Contribution:
    rows = []
    for record in records:
        taken = [row for row in record.treatments if matches(treatment.drugs, row)]
        given = {row["drug"] for row in taken if row["start_low"] <= 0}
        dated = [row for row in taken if row["start_day"] is not None]
        first: dict[str, Row] = {}
        for row in sorted(dated, key=lambda row: (row["start_day"], row["source_row"])):
            if row["drug"] not in given and row["start_day"] <= analysis.last_day:
                first.setdefault(row["drug"], row)
        text = f"new {treatment.drugs.label}"
        rows += [_placed(record, row, {"item": drug, "text": text}) for drug, row in first.items()]
    return _part(analysis, cohort, STARTS, rows, f"First start of each {treatment.drugs.label} after day 0")


def _steps(analysis: DoseCurves, record: PatientRecord) -> list[Listing]:
    until = min(analysis.last_day, max(analysis.first_day, last_recorded_day(record)))
    rows = []
    for day, dose in dose_steps(record, analysis.first_day, until):
        node = glucocorticoid_dose_per_weight_on(Constant(number=float(day)), within=analysis.weight_within)
        per_kg = evaluate_patient(node, record).result
        number = None if per_kg is None else float(per_kg)
        text = "unknown" if dose is None else f"{dose:g} mg/day"
        rows.append(_row(record, day, number, text))
    return [*rows, _row(record, until, rows[-1]["number"], "end of the curve")]


def _row(record: PatientRecord, day: int, number: float | None, text: str) -> Listing:
    value = {"item": "glucocorticoid dose", "number": number, "text": text, "unit": "mg/kg/day", "day": day}
    return evidence_row(record.patient_id, "value", {**value, "source_row": None})


def _reaches(analysis: DoseCurves, row: Row) -> bool:
    return bool(row["start_day"] <= analysis.last_day and row["stop_high"] >= analysis.first_day)


def _pulses(analysis: DoseCurves, record: PatientRecord) -> list[Listing]:
    rows = [row for row in record.treatments if matches(glucocorticoid_pulse.drugs, row)]
    shown = [row for row in rows if row["start_day"] is not None and _reaches(analysis, row)]
    return [
        _placed(record, row, {"item": row["drug"], "text": "pulse", "day": max(analysis.first_day, row["start_day"])})
        for row in shown
    ]


def _ends(stretches: Stretches) -> list[tuple[int, int]]:
    return [(int(first), int(last)) for first, last in stretches]


def _stretch(record: PatientRecord, label: str, days: tuple[int, int], rows: Sequence[Row]) -> Listing:
    """Make the row of a stretch: its first day, and its last as the number; the first course in it is its source."""
    first, last = days
    inside = [row for row in rows if row["start_high"] <= last]
    source = max(inside, key=lambda row: (row["start_high"] <= first, row["start_high"], -row["source_row"]))
    open_ = any(row["stop_high"] > last for row in inside)
    value = {"item": label, "number": float(last), "unit": "last day", "day": first, "text": "ongoing" if open_ else ""}
    return _placed(record, source, value)


def _courses(record: PatientRecord) -> list[Listing]:
    """List every course of a patient with its dose and days, as text without dates."""
    made = []
    for row in record.treatments:
        times = _times(row["times_per_day"])
        text = "; ".join(part for part in (times, end_of_course(row), row["stop_reason"] or "") if part)
        value = {"item": row["drug"] or "", "number": row["dose"], "unit": row["dose_unit"] or "", "text": text}
        made.append(_placed(record, row, {**value, "day": row["start_day"]}))
    return made


def _times(per_day: float | None) -> str:
    if per_day is None:
        return ""
    return {1.0: "once a day", 2.0: "twice a day"}.get(float(per_day), f"{per_day:g} times a day")


def _placed(record: PatientRecord, row: Row, value: dict[str, Any]) -> Listing:
    place = {
        "day": row["start_day"], "date": row["start"], "source": row["source"], "sheet": row["sheet"] or "",
        "source_row": row["source_row"],
    }  # fmt: skip
    return evidence_row(record.patient_id, "value", {**place, **value})
