"""Compute times to an event: the curve, its median, and the share that had the event by each visit."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.estimators import counts, median_time, reached_by
from myosotis.analysis.event_times import EventTimes
from myosotis.analysis.output import AnalysisOutput, begin_upper, cell, table
from myosotis.analysis.samples import contributions, parts_of, take
from myosotis.errors import StatisticsError
from myosotis.language.sentences import sentence
from myosotis.results.layout import Paragraph, Sentence, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = ["compute_event_times"]

Rows = Mapping[str, Mapping[str, ResultRow]]


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
        tables=(_table(analysis, counted, median, by_visit),),
        findings=(Paragraph(heading=analysis.title, sentences=(_sentence(analysis, by_visit),)),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("kaplan_meier", "kaplan_meier_median"),
    )


def _table(
    analysis: EventTimes, counted: Mapping[str, ResultRow], median: Mapping[str, ResultRow], by_visit: Rows
) -> Table:
    level = f"{analysis.conf_level:.0%}"
    lines = [
        ("patients with a time", cell("integer", counted["n"]) if "n" in counted else None),
        ("patients without one", cell("integer", counted["n_missing"])),
        (analysis.label, cell("integer", counted["events"]) if "events" in counted else None),
        *(
            (f"{analysis.label} by {label}, % ({level} interval)", cell("percent_interval", *rows.values()))
            for label, rows in by_visit.items()
        ),
        (f"median days ({level} interval)", cell("interval", *median.values(), decimals=0)),
    ]
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=analysis.population.label, sub="")],
        rows=[TableRow(label=begin_upper(label), cells=[shown]) for label, shown in lines],
        note=f"Kaplan-Meier estimates with log-log intervals. {analysis.note}".strip(),
    )


def _sentence(analysis: EventTimes, by_visit: Rows) -> Sentence:
    last = analysis.visits[-1].label
    share = cell("percent_interval", *by_visit[last].values())
    template = f"{begin_upper(analysis.label)} by {last}: {{share}}, by the Kaplan-Meier curve."
    return Sentence(template=template, values={"share": share})


def _methods(analysis: EventTimes) -> list[str]:
    told = [f"{begin_upper(name)}: {sentence(node)}." for name, node in parts_of(analysis.times).items()]
    return [*told, "The share that had the event is that of the curve on the planned day of each visit."]
