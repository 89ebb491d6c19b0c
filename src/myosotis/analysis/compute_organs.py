"""Compute organ outcomes: the course of each condition from baseline to a visit, counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution, evidence_row
from myosotis.analysis.estimators import count_row, counts, proportion
from myosotis.analysis.organ_listing import course_line, course_rows
from myosotis.analysis.organ_outcomes import OrganOutcomes, lines_key
from myosotis.analysis.output import AnalysisOutput
from myosotis.measures.derived.organ_course import (
    AT_BASELINE,
    BASELINE_OPEN,
    NEW,
    OUTCOMES,
    Course,
    course,
)
from myosotis.results.listing import PatientLines
from myosotis.results.schema import ResultRow

__all__ = ["compute_organs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """Hold the results of one condition by outcome and statistic, with their sources."""

    rows: Mapping[str, ResultRow]
    parts: tuple[Contribution, ...]
    provenance: tuple[Mapping[str, Any], ...]


def compute_organs(analysis: OrganOutcomes, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    patients = cohort.patients(analysis.population.key)
    courses = {name: _courses(analysis, cohort, patients, name) for name in analysis.conditions}
    counted = {name: _count(analysis, cohort, name, patients, found) for name, found in courses.items()}
    return AnalysisOutput(
        rows=tuple(row for one in counted.values() for row in one.rows.values()),
        contributions=tuple(part for one in counted.values() for part in one.parts),
        provenance=tuple(row for one in counted.values() for row in one.provenance),
        listings_shown=(_listing(analysis, [one for found in courses.values() for one in found]),),
    )


def _courses(analysis: OrganOutcomes, cohort: Cohort, patients: Sequence[str], name: str) -> list[Course]:
    judged = (course(cohort.records[patient], name, analysis.baseline, analysis.visit) for patient in patients)
    return [one for one in judged if one is not None]


def _count(
    analysis: OrganOutcomes, cohort: Cohort, name: str, patients: Sequence[str], courses: Sequence[Course]
) -> _Counted:
    shared: dict[str, Any] = {
        "study": cohort.study, "analysis": analysis.key, "endpoint": name, "population": analysis.population.key,
    }  # fmt: skip
    present = [one for one in courses if one.outcome in AT_BASELINE]
    with_it = _part(analysis, cohort, name, "at baseline", present)
    everyone = _everyone(analysis, cohort, name, patients, courses)
    found_by = {"variable": "at baseline", "provenance_id": with_it.id if present else everyone.id}
    rows = counts({**shared, **found_by}, n=len(present))
    parts, provenance = [with_it, everyone], []
    for outcome in OUTCOMES:
        members = [one for one in present if one.outcome == outcome]
        part = _part(analysis, cohort, name, outcome, members)
        joint = cohort.joint(
            [part, with_it if present else everyone],
            f"{name} {outcome} at {analysis.visit.label} among those with it at baseline",
        )
        keys = {
            **shared,
            "variable": "outcome",
            "level": outcome,
            "visit": analysis.visit.label,
            "week": analysis.visit.week,
        }
        rows |= {
            f"{outcome} {statistic}": row
            for statistic, row in _share(analysis, members, present, keys, part, with_it, joint).items()
        }
        parts.append(part)
        provenance.append(joint)
    for outcome in (NEW, BASELINE_OPEN):
        members = [one for one in courses if one.outcome == outcome]
        part = _part(analysis, cohort, name, outcome, members)
        own = {**shared, "variable": outcome, "provenance_id": part.id if members else everyone.id}
        rows[outcome] = count_row(own, "count", len(members))
        parts.append(part)
    return _Counted(rows=rows, parts=tuple(parts), provenance=tuple(provenance))


def _share(
    analysis: OrganOutcomes,
    members: Sequence[Course],
    present: Sequence[Course],
    keys: Mapping[str, Any],
    part: Contribution,
    with_it: Contribution,
    joint: Mapping[str, Any],
) -> dict[str, ResultRow]:
    return proportion(
        len(members),
        len(present),
        {**keys, "provenance_id": joint["provenance_id"]},
        conf_level=analysis.conf_level,
        nobody="no patient had it at baseline",
        # A count of nothing leads to the patients in whom nothing was found.
        count_from=part.id if members else "",
        total_from=with_it.id if present else "",
    )


def _everyone(
    analysis: OrganOutcomes, cohort: Cohort, name: str, patients: Sequence[str], courses: Sequence[Course]
) -> Contribution:
    """List what was found in each patient of the population."""
    found = {one.patient: f"{one.outcome}: {one.rule}" for one in courses}
    return cohort.of_rows(
        f"{analysis.key}: {analysis.population.key}: {name}: everyone",
        [
            evidence_row(patient, "value", {"item": name, "text": found.get(patient, "no record"), "source_row": None})
            for patient in patients
        ],
        f"Every patient of the population and what is recorded of {name}",
    )


def _part(analysis: OrganOutcomes, cohort: Cohort, name: str, what: str, courses: Sequence[Course]) -> Contribution:
    return cohort.of_rows(
        f"{analysis.key}: {analysis.population.key}: {name}: {what}",
        [row for one in courses for row in course_rows(one)],
        f"Patients with {name}: {what}",
    )


def _listing(analysis: OrganOutcomes, courses: Sequence[Course]) -> PatientLines:
    return PatientLines(
        key=lines_key(analysis),
        columns=["patient", "condition", "at_baseline", "at_visit", "outcome", "rule", "source"],
        rows=[course_line(one) for one in sorted(courses, key=lambda one: (one.condition, one.patient))],
    )
