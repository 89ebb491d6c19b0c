"""What rules over rows come to in plain Python, in the form in which the engine answers the same questions."""

from __future__ import annotations

from functools import singledispatch

from myosotis.analysis.adverse_events import ON, AdverseEvents
from myosotis.analysis.cohort import Cohort
from myosotis.analysis.compute_adverse_events import treatment_spans
from myosotis.analysis.compute_laboratory import beside_ck, worst_grades
from myosotis.analysis.compute_taper import first_doses
from myosotis.analysis.courses import NO_REASON, DrugCourse, drug_course
from myosotis.analysis.exposure import INTERRUPTED, STOPPED, Exposure
from myosotis.analysis.glucocorticoid_taper import MG, TIMES, GlucocorticoidTaper
from myosotis.analysis.laboratory_safety import AMINOTRANSFERASES, LaboratorySafety
from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.analysis.safety_events import read_events
from myosotis.core.plain import plain_words
from myosotis.engine_rules.asked import (
    Answers,
    CoursesAsked,
    EventsAsked,
    GradesAsked,
    PausesAsked,
    RowsAsked,
    TaperAsked,
)
from myosotis.language.values import Value
from myosotis.measures.derived.organ_course import course
from myosotis.measures.derived.taper_time import taper_time
from myosotis.measures.derived.worst_grade import LaboratoryTest

__all__ = ["rows_answered", "rows_asked"]


@singledispatch
def rows_asked(analysis: object) -> RowsAsked | None:  # noqa: ARG001 - of the analyses registered below
    """Give the question about rows that an analysis rests on; None where it rests on expressions alone."""
    return None


@rows_asked.register
def _(analysis: AdverseEvents) -> RowsAsked:
    nodes = analysis.nodes()

    def value(what: str) -> Value:
        found = nodes[analysis.name(what)]
        assert isinstance(found, Value)
        return found

    return EventsAsked(
        first_dose=value("first dose"), last_dose=value("last dose"), days=value(ON), until=value("followed until"),
        followed_from=analysis.follow_up.first, followed_to=analysis.follow_up.last,
        emergent_until=analysis.emergent_until, groups=analysis.of_interest, looked_through=analysis.looked_through,
    )  # fmt: skip


@rows_asked.register
def _(analysis: OrganOutcomes) -> RowsAsked:
    return CoursesAsked(conditions=analysis.conditions, baseline=analysis.baseline, visit=analysis.visit)


@rows_asked.register
def _(analysis: GlucocorticoidTaper) -> RowsAsked:
    first = analysis.nodes()[analysis.name(f"{MG} at {analysis.visits[0].label}")]
    assert isinstance(first, Value)
    return TaperAsked(first_dose=first, shares=tuple(TIMES.items()), last_day=analysis.last_day)


@rows_asked.register
def _(analysis: LaboratorySafety) -> RowsAsked | None:
    tests = _asked_tests(analysis)
    if not tests:
        return None
    return GradesAsked(
        tests=tests, baseline=analysis.baseline, follow_up=analysis.follow_up,
        beside_ck=tuple(test.key for test in tests if test.key in AMINOTRANSFERASES),
    )  # fmt: skip


@rows_asked.register
def _(analysis: Exposure) -> RowsAsked:
    return PausesAsked(drugs=analysis.treatment.drugs, last_day=analysis.last_day, unit=analysis.unit)


def _asked_tests(analysis: LaboratorySafety) -> tuple[LaboratoryTest, ...]:
    """List the tests whose grade can be asked of each value: those that look at nothing else."""
    return tuple(test for test in analysis.tests if test.of_its_own_values)


@singledispatch
def rows_answered(analysis: object, cohort: Cohort) -> Answers:  # noqa: ARG001 - of the analyses registered below
    """Answer that question for the patients of the analysis, in plain Python."""
    return {}


@rows_answered.register
def _(analysis: AdverseEvents, cohort: Cohort) -> Answers:
    return {
        patient: [
            (
                event.row["source"], event.row["sheet"] or "", event.row["source_row"], event.grade, event.worsened,
                plain_words(event.term), plain_words(event.row["organ_class"]), event.place, event.judged.serious,
                *(
                    told
                    for group in analysis.of_interest
                    for told in (group.holds(event), group.may_hold(event, analysis.looked_through))
                ),
            )
            for event in read_events(cohort.records[patient], span, analysis.emergent_until)
        ]
        for patient, span in treatment_spans(analysis, cohort).items()
    }  # fmt: skip


@rows_answered.register
def _(analysis: OrganOutcomes, cohort: Cohort) -> Answers:
    found: Answers = {}
    for patient in cohort.patients(analysis.population.key):
        record = cohort.records[patient]
        judged = (course(record, name, analysis.baseline, analysis.visit) for name in analysis.conditions)
        found[patient] = [(one.condition, one.outcome) for one in judged if one is not None]
    return found


@rows_answered.register
def _(analysis: GlucocorticoidTaper, cohort: Cohort) -> Answers:
    found: Answers = {}
    for patient, dose in first_doses(analysis, cohort, analysis.population).items():
        if dose is not None and dose > 0:
            times = (
                (what, taper_time(cohort.records[patient], dose * share, analysis.last_day))
                for what, share in TIMES.items()
            )
            found[patient] = [(what, one.day, one.reached, one.why, one.rose_again) for what, one in times]
    return found


@rows_answered.register
def _(analysis: LaboratorySafety, cohort: Cohort) -> Answers:
    found: Answers = {}
    for test in _asked_tests(analysis):
        for one in worst_grades(analysis, cohort, test):
            muscle = beside_ck(one, cohort.records[one.patient]) if test.key in AMINOTRANSFERASES else None
            found.setdefault(one.patient, []).append(
                (test.key, one.before, one.after, one.low, one.high, one.open, one.day, one.value, muscle)
            )
    return found


@rows_answered.register
def _(analysis: Exposure, cohort: Cohort) -> Answers:
    drugs = analysis.treatment.drugs
    return {
        patient: _course_answered(drug_course(cohort.records[patient], drugs, 0, analysis.last_day), analysis.unit)
        for patient in cohort.patients(analysis.population.key)
    }


def _course_answered(one: DrugCourse, unit: str) -> list[tuple[object, ...]]:
    pauses = [(INTERRUPTED, pause) for pause in one.interruptions]
    pauses += [(STOPPED, one.stopped)] if one.stopped else []
    facts = {
        "taken": one.stretches,
        "overlapping": one.overlapping,
        "inexact": one.inexact,
        "another unit": one.units - {unit},
    }
    return [
        *(
            (what, pause.first_day, pause.last_day, "" if pause.reason == NO_REASON else plain_words(pause.reason))
            for what, pause in pauses
        ),
        *((what, None, None, None) for what, holds in facts.items() if holds),
    ]
