"""Compute times to an event: the curve, its median, and the share that had the event by each visit."""

from __future__ import annotations

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.estimators import counts, median_time, reached_by
from myosotis.analysis.event_times import EventTimes
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.take_sample import contributions, take
from myosotis.errors import StatisticsError

__all__ = ["compute_event_times"]


def compute_event_times(analysis: EventTimes, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    from myosotis.statistics import kaplan_meier

    parts = contributions(analysis.times, cohort, analysis.key, analysis.population.key, "days")
    joint = cohort.joint(parts, f"{analysis.title}: each patient's days, and whether they ended in the event")
    keys = {
        "study": cohort.study, "analysis": analysis.key, "endpoint": analysis.label, "population": analysis.population.key,
        "provenance_id": joint["provenance_id"],
    }  # fmt: skip
    curve, counted, why = None, {}, "no patient has a time"
    try:
        taken = take(analysis.times, parts, totals=False)
        days, ended = taken.arguments
        counted = counts(keys, n=taken.patients, n_missing=taken.left_out, events=sum(ended))  # type: ignore[call-overload]
        curve = kaplan_meier(days, ended, analysis.conf_level) if taken.patients else None  # type: ignore[arg-type]
    except StatisticsError as error:
        why = str(error)
        counted = counts(keys, n_missing=sum(day is None for day in parts[0].results.values()))
    by_visit = {visit.label: reached_by(visit, curve, keys, why) for visit in analysis.visits}
    median = median_time(curve, keys, why)
    return AnalysisOutput(
        rows=(*counted.values(), *median.values(), *(row for rows in by_visit.values() for row in rows.values())),
        contributions=tuple(parts),
        provenance=(joint,),
    )
