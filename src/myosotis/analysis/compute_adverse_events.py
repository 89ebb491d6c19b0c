"""Compute adverse events: spans of treatment, events placed in them, counts, rates, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.adverse_events import AT_RISK, ON, AdverseEvents
from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import count_row
from myosotis.analysis.event_counts import count_everything, counted_words, counting_of
from myosotis.analysis.event_layout import (
    class_table,
    event_limits,
    event_listing,
    event_sentences,
    feature_table,
    inexact_time_limit,
    method_sentences,
    open_course_limit,
)
from myosotis.analysis.event_rates import PatientTime, RateLine
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.patient_days import at_risk, on_treatment
from myosotis.analysis.rate_layout import (
    interest_sentences,
    interest_table,
    rate_methods,
    rate_sentences,
    rate_table,
)
from myosotis.analysis.safety_events import SafetyEvent, read_events
from myosotis.measures.derived.treatment_emergent import EMERGENT, NOT_EVALUABLE, UNTREATED, Span
from myosotis.results.layout import Paragraph

__all__ = ["compute_adverse_events"]


def compute_adverse_events(analysis: AdverseEvents, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    spans = analysis.spans(cohort)
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
    limits, limit_lines = event_limits(counting, events, analysis.of_interest)
    emergent = [event for event in events if event.place == EMERGENT]
    possible = [event for event in events if event.place in (EMERGENT, NOT_EVALUABLE)]
    members = {group.key: [event for event in emergent if group.holds(event)] for group in analysis.of_interest}
    perhaps = {
        group.key: [event for event in possible if group.may_hold(event, analysis.looked_through)]
        for group in analysis.of_interest
    }
    interest = {
        group.key: counting.bounded("of interest", group.label, members[group.key], perhaps[group.key])
        for group in analysis.of_interest
    }
    taken, at_risk_ = _times(analysis, cohort, spans, treated, on, risk, base)
    rates = {time.name: _rates(time, emergent, possible) for time in (taken, at_risk_)}
    # Over the time at risk, in which every event counted above has its onset.
    interest_rates = {
        group.key: at_risk_.line(group.label, members[group.key], perhaps[group.key]) for group in analysis.of_interest
    }
    robust = taken.robust("all", emergent, cohort.seed)
    undenied = counted_words(counting, analysis, events)
    counted = [*(line for group in lines.values() for line in group), *limit_lines, *interest.values()]
    counted += undenied
    rated = [*(line for by in rates.values() for line in by.values()), *interest_rates.values()]
    sentences = [
        *event_sentences(lines),
        *rate_sentences(rates),
        *interest_sentences(analysis, interest, interest_rates, undenied),
    ]
    told = {**base, "provenance_id": on.id}
    without_stop = sum(spans[patient].last_dose is None for patient in treated)
    ongoing = count_row({**told, "variable": "no stop date"}, "n", without_stop)
    unsure = sum(on.outcomes[patient].interval.number is None for patient in treated)
    inexact = count_row({**told, "variable": "time not exactly known"}, "n", unsure)
    return AnalysisOutput(
        rows=(
            *([inexact] if inexact.number else []),
            *(row for line in counted for row in line.rows.values()),
            *(row for line in rated for row in line.rows.values()),
            *robust.values(),
            ongoing,
        ),
        contributions=(
            *(on, risk, counting.every),
            *(part for line in counted for part in line.parts),
            *(part for line in rated for part in line.parts),
        ),
        provenance=(counting.looked, *(one for line in rated for one in line.provenance)),
        tables=(
            class_table(analysis, lines),
            feature_table(analysis, lines),
            rate_table(analysis, rates, robust),
            *([interest_table(analysis, interest, interest_rates)] if analysis.of_interest else []),
        ),
        findings=(Paragraph(heading=analysis.title, sentences=sentences),),
        methods=(Paragraph(heading=analysis.title, sentences=[*method_sentences(analysis), *rate_methods(analysis)]),),
        statistics=(
            "clopper_pearson",
            "poisson_rate",
            "first_event_incidence",
            "patient_bootstrap_rate",
            "negative_binomial_rate",
        ),
        listings_shown=(event_listing(analysis, events),),
        limits=(
            *limits,
            *([open_course_limit(ongoing)] if ongoing.number else []),
            *([inexact_time_limit(inexact)] if inexact.number else []),
        ),
    )


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
        PatientTime(**shared, name=f"time on {drugs.label}", patients=taken, days=on),
        PatientTime(**shared, name="time at risk", patients=exposed, days=risk),
    )


def _rates(time: PatientTime, emergent: Sequence[SafetyEvent], possible: Sequence[SafetyEvent]) -> dict[str, RateLine]:
    serious = [event for event in emergent if event.judged.serious is True]
    perhaps = [event for event in possible if event.judged.serious is not False]
    return {"all": time.line("all", emergent, possible), "serious": time.line("serious", serious, perhaps)}
