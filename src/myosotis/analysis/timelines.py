"""Timelines: each patient's treatments, responses and events over the weeks, and each patient's glucocorticoid dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution, Listing, evidence_row
from myosotis.analysis.courses import drug_course, end_of_course
from myosotis.analysis.declaring import check_declared, check_once, check_visits
from myosotis.analysis.event_records import join_records, records_by_event
from myosotis.analysis.patient_days import Stretches
from myosotis.analysis.section import Section, nobody_to_draw
from myosotis.analysis.seriousness import seriousness
from myosotis.analysis.taper_times import dose_steps, last_recorded_day
from myosotis.errors import ProtocolError
from myosotis.language.judge import judge
from myosotis.language.record import PatientRecord, Row, matches
from myosotis.language.series import Treatment
from myosotis.language.structure import Node
from myosotis.language.values import Constant, Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.measures.glucocorticoids import glucocorticoid_dose_per_weight_on, glucocorticoid_pulse
from myosotis.study.endpoint import Endpoint
from myosotis.study.population import EVERYONE, Population

__all__ = ["DoseCurves", "SwimmerPlot"]

_SERIOUS = {True: "serious adverse event", False: "adverse event", None: "adverse event, seriousness open"}
_OPEN = "not evaluable"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwimmerPlot:
    """Draw a lane per patient from day 0 to `last_day`: treatments, an endpoint's levels at its visits, and events.

    Each of `treatments` is a bar over the days that its courses cover, up to the patient's last record: whether a course
    went on after it nobody knows, and the bar says so.
    Levels stand on the day `visit_day` gives for the visit, events on the day of onset; an event without an onset day,
    or outside the days shown, is not drawn. `started` are drugs whose first start after day 0 is marked.
    Raises `ProtocolError` without a treatment and for a `last_day` before day 0.
    """

    key: str
    title: str
    treatments: tuple[Treatment, ...]
    last_day: int
    endpoint: Endpoint
    visit_day: Value
    started: Treatment | None = None
    population: Population = EVERYONE

    def __post_init__(self) -> None:
        check_declared(self)
        if not self.treatments:
            raise ProtocolError(f"the analysis {self.key!r} draws no treatment; name at least one")
        if self.last_day < 0:
            raise ProtocolError(f"the analysis {self.key!r} draws day 0 to day {self.last_day}; give a day from 0")
        check_once(self, "treatments", [treatment.drugs.label for treatment in self.treatments])
        check_visits(self, "visit_day", self.endpoint.at)

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        named: dict[str, Node] = {}
        for visit in self.endpoint.at:
            named[self._level(visit)] = self.endpoint.of(visit)
            named[self._day(visit)] = at_visit(self.visit_day, visit)
        return named

    def compute(self, cohort: Cohort) -> Section:
        """Collect the listings that the figure draws."""
        records = [cohort.records[patient] for patient in cohort.patients(self.population.key)]
        bars = {one.drugs.label: self._bars(cohort, records, one) for one in self.treatments}
        courses = self._part(
            cohort, "courses", [row for one in records for row in _courses(one)], "Courses of treatment"
        )
        responses = self._responses(cohort, records)
        events = self._part(
            cohort, "events", [row for one in records for row in self._events(one)], "Adverse events by day of onset"
        )
        marks = [{"label": self.endpoint.label, "kind": "level", "listing_id": _id(responses),
                  "levels": [*self.endpoint.levels, _OPEN]},
                 {"label": "Adverse events", "kind": "event", "listing_id": _id(events),
                  "levels": list(_SERIOUS.values())}]  # fmt: skip
        parts = [*bars.values(), courses, responses, events]
        if self.started is not None:
            started = self._starts(cohort, records, self.started)
            parts.append(started)
            marks.append({"label": "Drugs", "kind": "start", "listing_id": _id(started),
                          "levels": [f"new {self.started.drugs.label}"]})  # fmt: skip
        figure = {
            "key": self.key,
            "title": self.title,
            "caption": f"One lane for each patient ({self.population.label}), over the weeks since the index "
            "date. An arrow: not known to have stopped by the last record.",
            "kind": "swimmer",
            "last_day": self.last_day,
            "patients": list(cohort.patients(self.population.key)),
            "bars": [{"label": label, "listing_id": _id(part)} for label, part in bars.items()],
            "marks": marks,
            "courses": _id(courses),
        }
        return Section(
            contributions=tuple(parts), figures=(figure,) if records else (), limits=nobody_to_draw(self, cohort)
        )

    def _level(self, visit: Window) -> str:
        return f"{self.endpoint.key} at {visit.label}"

    def _day(self, visit: Window) -> str:
        return f"{self.key}: day of {visit.label}"

    def _part(self, cohort: Cohort, what: str, rows: Sequence[Listing], words: str) -> Contribution:
        return cohort.of_rows(f"{self.key}: {self.population.key}: {what}", rows, words)

    def _bars(self, cohort: Cohort, records: Sequence[PatientRecord], treatment: Treatment) -> Contribution:
        label = treatment.drugs.label
        rows = []
        for record in records:
            until = min(self.last_day, max(0, last_recorded_day(record)))
            course = drug_course(record, treatment.drugs, 0, until)
            rows += [_stretch(record, label, one, course.rows) for one in _ends(course.stretches)]
        return self._part(cohort, label, rows, f"Days on {label} from day 0 to day {self.last_day}")

    def _responses(self, cohort: Cohort, records: Sequence[PatientRecord]) -> Contribution:
        rows = []
        for record in records:
            for visit in self.endpoint.at:
                day = cohort.results[self._day(visit)][record.patient_id]
                level = cohort.results[self._level(visit)][record.patient_id]
                words = {True: "yes", False: "no", None: _OPEN}.get(level, level)  # type: ignore[arg-type]
                mark = {"item": f"{self.endpoint.label} at {visit.label}", "text": str(words), "source_row": None}
                if day is not None:
                    rows.append(evidence_row(record.patient_id, "value", {**mark, "day": int(day)}))
        return self._part(cohort, "levels", rows, f"{self.endpoint.label} on the day of each visit")

    def _events(self, record: PatientRecord) -> list[Listing]:
        return [
            _placed(record, row, {"item": row["preferred_term"] or row["term"], "text": _SERIOUS[seriousness(row).serious],
                                  "number": None if row["grade"] is None else float(row["grade"]),
                                  "unit": "" if row["grade"] is None else "grade"})
            for row in map(join_records, records_by_event(record.events))
            if row["start_day"] is not None and 0 <= row["start_day"] <= self.last_day
        ]  # fmt: skip

    def _starts(self, cohort: Cohort, records: Sequence[PatientRecord], treatment: Treatment) -> Contribution:
        rows = []
        for record in records:
            taken = [row for row in record.treatments if matches(treatment.drugs, row)]
            given = {row["drug"] for row in taken if row["start_low"] <= 0}
            dated = [row for row in taken if row["start_day"] is not None]
            first: dict[str, Row] = {}
            for row in sorted(dated, key=lambda row: (row["start_day"], row["source_row"])):
                if row["drug"] not in given and row["start_day"] <= self.last_day:
                    first.setdefault(row["drug"], row)
            text = f"new {treatment.drugs.label}"
            rows += [_placed(record, row, {"item": drug, "text": text}) for drug, row in first.items()]
        return self._part(cohort, "starts", rows, f"First start of each {treatment.drugs.label} after day 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseCurves:
    """Draw every patient's maintenance glucocorticoid dose as prednisone equivalent per kg, `first_day` to `last_day`.

    The dose changes on the days on which a course starts or has stopped; on each it is divided by the weight nearest
    in time, at most `weight_within` days away. A curve ends with the patient's last record; days whose dose is unknown
    are a gap. Pulses are marks on their first day. Raises `ProtocolError` for a `last_day` before `first_day`.
    """

    key: str
    title: str
    last_day: int
    weight_within: int
    first_day: int = 0
    population: Population = EVERYONE

    def __post_init__(self) -> None:
        check_declared(self)
        if self.last_day < self.first_day:
            raise ProtocolError(
                f"the analysis {self.key!r} draws from day {self.first_day} to day {self.last_day}; give a later last day"
            )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated: none, since the days are each patient's own."""
        return {}

    def compute(self, cohort: Cohort) -> Section:
        """Collect the listings that the figure draws."""
        patients = cohort.patients(self.population.key)
        records = [cohort.records[patient] for patient in patients]
        base = f"{self.key}: {self.population.key}"
        doses = cohort.of_rows(
            f"{base}: doses",
            [row for record in records for row in self._steps(record)],
            "Maintenance glucocorticoid as prednisone, mg/kg/day, from each day on which it changed",
        )
        pulses = cohort.of_rows(
            f"{base}: pulses",
            [row for one in records for row in self._pulses(one)],
            "Glucocorticoid pulses by first day",
        )
        figure = {
            "key": self.key,
            "title": self.title,
            "caption": f"Prednisone equivalent of every patient ({self.population.label}), pulses apart.",
            "kind": "steps",
            "first_day": self.first_day,
            "last_day": self.last_day,
            "y": {"label": "Glucocorticoid dose", "unit": "mg/kg/day"},
            "patients": list(patients),
            "listing_id": _id(doses),
            "pulses": _id(pulses),
        }
        return Section(
            contributions=(doses, pulses), figures=(figure,) if records else (), limits=nobody_to_draw(self, cohort)
        )

    def _steps(self, record: PatientRecord) -> list[Listing]:
        until = min(self.last_day, max(self.first_day, last_recorded_day(record)))
        rows = []
        for day, dose in dose_steps(record, self.first_day, until):
            node = glucocorticoid_dose_per_weight_on(Constant(number=float(day)), within=self.weight_within)
            per_kg = judge(node, record).result
            number = None if per_kg is None else float(per_kg)
            text = "unknown" if dose is None else f"{dose:g} mg/day"
            rows.append(self._row(record, day, number, text))
        return [*rows, self._row(record, until, rows[-1]["number"], "end of the curve")]

    def _row(self, record: PatientRecord, day: int, number: float | None, text: str) -> Listing:
        value = {"item": "glucocorticoid dose", "number": number, "text": text, "unit": "mg/kg/day", "day": day}
        return evidence_row(record.patient_id, "value", {**value, "source_row": None})

    def _reaches(self, row: Row) -> bool:
        return bool(row["start_day"] <= self.last_day and row["stop_high"] >= self.first_day)

    def _pulses(self, record: PatientRecord) -> list[Listing]:
        rows = [row for row in record.treatments if matches(glucocorticoid_pulse.drugs, row)]
        shown = [row for row in rows if row["start_day"] is not None and self._reaches(row)]
        return [
            _placed(record, row, {"item": row["drug"], "text": "pulse", "day": max(self.first_day, row["start_day"])})
            for row in shown
        ]


def _id(part: Contribution) -> str:
    return str(part.provenance["listing_id"])


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
