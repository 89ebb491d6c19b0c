"""Compute adverse events: spans of treatment, events placed in them, counts, rates, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis import event_names as names
from myosotis.analysis.adverse_events import AT_RISK, ON, AdverseEvents
from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import count_row
from myosotis.analysis.event_counts import count_everything, counted_words, counting_of
from myosotis.analysis.event_doubts import count_doubts
from myosotis.analysis.event_listing import event_listing
from myosotis.analysis.event_rates import PatientTime, RateLine
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.patient_days import at_risk, on_treatment
from myosotis.analysis.safety_events import SafetyEvent, read_events
from myosotis.language.interval import Interval
from myosotis.language.record import FAR, Days
from myosotis.measures.derived.treatment_emergent import EMERGENT, NOT_EVALUABLE, UNTREATED, Span
from myosotis.results.schema import ResultRow

__all__ = ["compute_adverse_events", "treatment_spans"]


def compute_adverse_events(analysis: AdverseEvents, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    spans = treatment_spans(analysis, cohort)
    treated = [patient for patient, span in spans.items() if span.first_dose is not None]
    events = [
        event
        for patient, span in spans.items()
        for event in read_events(cohort.records[patient], span, analysis.emergent_until)
    ]
    on, risk = _contribution_of(analysis, cohort, ON), _contribution_of(analysis, cohort, AT_RISK)
    base: dict[str, Any] = {"study": cohort.study, "analysis": analysis.key, "population": analysis.population.key}
    counting = counting_of(cohort, base, on, events, len(treated), analysis.conf_level)
    lines = count_everything(counting, [event for event in events if event.place != UNTREATED])
    emergent = [event for event in events if event.place == EMERGENT]
    possible = [event for event in events if event.place in (EMERGENT, NOT_EVALUABLE)]
    members = {group.key: [event for event in emergent if group.holds(event)] for group in analysis.of_interest}
    perhaps = {
        group.key: [event for event in possible if group.may_hold(event, analysis.looked_through)]
        for group in analysis.of_interest
    }
    interest = [
        counting.bounded(names.OF_INTEREST, group.label, members[group.key], perhaps[group.key])
        for group in analysis.of_interest
    ]
    taken, at_risk_ = _times(analysis, cohort, spans, treated, on, risk, base)
    rated = [line for time in (taken, at_risk_) for line in _rates(time, emergent, possible)]
    # Over the time at risk, in which every event counted above has its onset.
    rated += [at_risk_.line(group.label, members[group.key], perhaps[group.key]) for group in analysis.of_interest]
    robust = taken.robust(names.ALL_LEVEL, emergent, cohort.seed)
    counted = [line for group in lines.values() for line in group]
    counted += [*count_doubts(counting, events, analysis.of_interest), *interest]
    counted += counted_words(counting, analysis, events)
    return AnalysisOutput(
        rows=(
            *(row for line in counted for row in line.rows.values()),
            *(row for line in rated for row in line.rows.values()),
            *robust.values(),
            *_open_times(on, spans, treated, base),
        ),
        contributions=(
            *(on, risk, counting.every),
            *(part for line in counted for part in line.parts),
            *(part for line in rated for part in line.parts),
        ),
        provenance=(counting.looked, *(one for line in rated for one in line.provenance)),
        listings_shown=(event_listing(analysis, events),),
    )


def _open_times(
    on: Contribution, spans: Mapping[str, Span], treated: Sequence[str], base: Mapping[str, Any]
) -> list[ResultRow]:
    """Count the treated without a stop, and those whose time on treatment is not exactly known where there are any."""
    told = {**base, "provenance_id": on.id}
    without_stop = sum(spans[patient].last_dose is None for patient in treated)
    unsure = sum(on.outcomes[patient].interval.number is None for patient in treated)
    rows = [count_row({**told, "variable": names.NO_STOP}, "n", without_stop)]
    return [*rows, count_row({**told, "variable": names.INEXACT_TIME}, "n", unsure)] if unsure else rows


def treatment_spans(analysis: AdverseEvents, cohort: Cohort) -> dict[str, Span]:
    """Bound each patient's treatment and follow-up; a patient without a day on treatment has no dose."""
    found = {}
    for patient in cohort.patients(analysis.population.key):
        first, last, until, days = (
            cohort.outcomes[analysis.name(name)][patient].interval
            for name in ("first dose", "last dose", "followed until", ON)
        )
        found[patient] = Span(
            first_dose=_days(first) if days.high else None,
            last_dose=_days(last),
            followed_from=analysis.follow_up.first,
            followed_until=_days(until) or (analysis.follow_up.last, analysis.follow_up.last),
        )
    return found


def _days(interval: Interval) -> Days | None:
    """Give the earliest and the latest whole day of an interval; None where there is none."""
    if not interval.recorded:
        return None
    low = -FAR if interval.low is None else round(interval.low)
    return low, FAR if interval.high is None else round(interval.high)


def _contribution_of(analysis: AdverseEvents, cohort: Cohort, what: str) -> Contribution:
    item = f"{what.removesuffix(' treatment')} {analysis.treatment.drugs.label}" if what == ON else what
    return cohort.contribution(analysis.name(what), analysis.population.key, unit="days", item=item)


def _times(
    analysis: AdverseEvents,
    cohort: Cohort,
    spans: Mapping[str, Span],
    treated: Sequence[str],
    on: Contribution,
    risk: Contribution,
    base: Mapping[str, Any],
) -> tuple[PatientTime, PatientTime]:
    drugs = analysis.treatment.drugs
    shared: dict[str, Any] = {"cohort": cohort, "base": base, "conf_level": analysis.conf_level}
    taken = {patient: on_treatment(cohort.records[patient], drugs, spans[patient]) for patient in treated}
    exposed = {patient: at_risk(spans[patient], analysis.emergent_until) for patient in treated}
    return (
        PatientTime(**shared, name=names.time_on(drugs.label), patients=taken, days=on),
        PatientTime(**shared, name=names.TIME_AT_RISK, patients=exposed, days=risk),
    )


def _rates(time: PatientTime, emergent: Sequence[SafetyEvent], possible: Sequence[SafetyEvent]) -> list[RateLine]:
    serious = [event for event in emergent if event.judged.serious is True]
    perhaps = [event for event in possible if event.judged.serious is not False]
    return [
        time.line(names.ALL_LEVEL, emergent, possible),
        time.line(names.SERIOUS_LEVEL, serious, perhaps),
    ]
