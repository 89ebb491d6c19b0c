"""Compute exposure to a drug: patient-time, doses by weight, interruptions, stops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.courses import DrugCourse, Pause, course_evidence, drug_course
from myosotis.analysis.estimators import DAYS_PER_YEAR, count_row, summarise
from myosotis.analysis.exposure import (
    BELOW_LABEL,
    DOSE,
    INEXACT,
    INTERRUPTED,
    OTHER_UNIT,
    OVERLAPPING,
    PER_KG,
    STOPPED,
    TIME_ON_DRUG,
    WHY,
    Exposure,
    lines_key,
)
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.result_set import ResultSet
from myosotis.results.listing import PatientLines

__all__ = ["compute_exposure"]


def compute_exposure(analysis: Exposure, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    patients = cohort.patients(analysis.population.key)
    drugs = analysis.treatment.drugs
    courses = [drug_course(cohort.records[patient], drugs, 0, analysis.last_day) for patient in patients]
    made = ResultSet(cohort=cohort, base=_base(analysis, cohort))
    _time(analysis, made)
    _doses(analysis, made)
    _pauses(analysis, made, courses)
    _doubts(analysis, made, courses)
    return AnalysisOutput(
        rows=tuple(made.rows.values()),
        contributions=tuple(made.parts),
        listings_shown=(_pauses_listing(analysis, courses),),
    )


def _base(analysis: Exposure, cohort: Cohort) -> dict[str, Any]:
    label = analysis.treatment.drugs.label
    return {
        "study": cohort.study,
        "analysis": analysis.key,
        "endpoint": label,
        "population": analysis.population.key,
    }


def _time(analysis: Exposure, made: ResultSet) -> None:
    part = made.part(
        analysis.name("days"), analysis.population.key, "days", f"days on {analysis.treatment.drugs.label}"
    )
    # Of days that are not exactly known the fewest count, and the most stand beside them.
    days = [part.outcomes[patient].interval.low or 0.0 for patient in part.results]
    most = [part.outcomes[patient].interval.high or 0.0 for patient in part.results]
    keys = {**made.base, "variable": TIME_ON_DRUG, "provenance_id": part.id}
    exposed = [day for day in days if day > 0]
    perhaps = sum(day > 0 for day in most)
    label = analysis.treatment.drugs.label
    named = {**keys, "text": label}
    made.add("exposed", count_row(named, "n", len(exposed)))
    if perhaps > len(exposed):
        made.add("exposed most", count_row(named, "count_most", perhaps))
    for name, per in (("patient-weeks", 7.0), ("patient-years", DAYS_PER_YEAR)):
        shared = {**keys, "unit": name, "method": name}
        made.add(name, count_row(shared, "person_time", sum(days) / per))
        if sum(most) > sum(days):
            made.add(f"{name} most", count_row(shared, "person_time_most", sum(most) / per))
    made.keep("days", summarise(exposed, analysis.quartiles, keys, unit="days", level="days"))


def _doses(analysis: Exposure, made: ResultSet) -> None:
    label = f"dose of {analysis.treatment.drugs.label}"
    part = made.part(analysis.name("dose at the start"), analysis.population.key, f"{analysis.unit}/day", label)
    made.describe("dose at the start", part, analysis.quartiles, f"{analysis.unit}/day", variable=DOSE)
    for when, week, _ in analysis.moments():
        unit = f"{analysis.unit}/kg/day"
        part = made.part(analysis.name(f"dose per kg {when}"), analysis.population.key, unit, f"{label} {when}")
        visit = "" if week == 0.0 and when == "at the start" else when.removeprefix("at ")
        made.describe(f"per kg {when}", part, analysis.quartiles, unit, variable=PER_KG, visit=visit, week=week)
    if analysis.below_label is not None:
        part = made.part(analysis.name("below label"), analysis.population.key, "", "dose below the label’s")
        known = [result for result in part.results.values() if result is not None]
        keys = {**made.base, "variable": BELOW_LABEL, "provenance_id": part.id}
        below = sum(result is True for result in known)
        made.share("below", below, len(known), keys, analysis.conf_level, "no patient’s dose could be compared")
        open_ = len(part.results) - len(known)
        made.add("below open", count_row(keys, "n_not_evaluable", open_))


def _pauses(analysis: Exposure, made: ResultSet, courses: Sequence[DrugCourse]) -> None:
    taken = [one for one in courses if one.stretches]
    kinds: tuple[tuple[str, Callable[[DrugCourse], tuple[Pause, ...]]], ...] = (
        (INTERRUPTED, lambda one: one.interruptions),
        (STOPPED, lambda one: (one.stopped,) if one.stopped else ()),
    )
    for kind, pauses in kinds:
        with_one = [one for one in taken if pauses(one)]
        part = _part(analysis, made.cohort, kind, taken, pauses)
        made.parts.append(part)
        keys = {**made.base, "provenance_id": part.id}
        named = {**keys, "variable": kind}
        made.share(kind, len(with_one), len(taken), named, analysis.conf_level, "no patient took the drug")
        found = [pause for one in with_one for pause in pauses(one)]
        made.add(f"{kind} events", count_row(named, "events", len(found)))
        for reason, count in Counter(pause.reason for pause in found).items():
            own = {**keys, "variable": WHY[kind], "level": reason}
            made.add(f"{WHY[kind]}: {reason}", count_row(own, "events", count))


def _part(
    analysis: Exposure,
    cohort: Cohort,
    kind: str,
    courses: Sequence[DrugCourse],
    pauses: Callable[[DrugCourse], tuple[Pause, ...]],
) -> Contribution:
    label = analysis.treatment.drugs.label
    rows = [
        row
        for one in courses
        for row in course_evidence(
            one.patient,
            one.rows,
            {
                "item": f"{label} {kind}",
                "text": "; ".join(f"{_days_without(pause)}: {pause.reason}" for pause in pauses(one)) or f"not {kind}",
            },
        )
    ]
    return cohort.of_rows(
        f"{analysis.key}: {analysis.population.key}: {kind}",
        rows,
        f"Whether {label} was {kind} by day {analysis.last_day}, in every patient who took it",
    )


def _doubts(analysis: Exposure, made: ResultSet, courses: Sequence[DrugCourse]) -> None:
    """Count the patients whose courses overlap, are not exactly known or were given in another unit; nothing of none."""
    found = (
        (OVERLAPPING, [one for one in courses if one.overlapping]),
        (INEXACT, [one for one in courses if one.inexact]),
        (OTHER_UNIT, [one for one in courses if one.units - {analysis.unit}]),
    )
    for kind, concerned in found:
        if not concerned:
            continue
        what = kind.removeprefix("courses: ")
        rows = [row for one in concerned for row in course_evidence(one.patient, one.rows, {"item": what})]
        part = made.cohort.of_rows(f"{analysis.key}: {analysis.population.key}: {what}", rows, f"Courses: {what}")
        made.parts.append(part)
        keys = {**made.base, "variable": kind, "provenance_id": part.id, "text": analysis.treatment.drugs.label}
        made.add(kind, count_row(keys, "n", len(concerned)))


def _pauses_listing(analysis: Exposure, courses: Sequence[DrugCourse]) -> PatientLines:
    """List every interruption and stop."""
    rows = []
    for one in courses:
        for kind, pause in [
            *((INTERRUPTED, pause) for pause in one.interruptions),
            *(((STOPPED, one.stopped),) if one.stopped else ()),
        ]:
            rows.append([one.patient, kind, _days_without(pause), pause.reason])
    return PatientLines(
        key=lines_key(analysis),
        columns=["patient", "what", "days_without", "reason"],
        rows=rows,
    )


def _days_without(pause: Pause) -> str:
    """Say on which days a drug was not taken."""
    return f"day {pause.first_day} on" if pause.last_day is None else f"day {pause.first_day} to {pause.last_day}"
