"""Present times to an event: who was followed, the share that had it by each visit, and the median."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.event_times import EventTimes
from myosotis.analysis.samples import parts_of
from myosotis.language.sentences import sentence
from myosotis.presentation.cells import begin_upper, cell, table
from myosotis.presentation.layout import Cell, Paragraph, Sentence, Table, TableColumn, TableRow
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

__all__ = ["present_event_times", "reached_cell"]


def present_event_times(analysis: EventTimes, results: Results) -> Presentation:
    """Give the table, the sentence and the methods of the analysis."""
    own = results.where(analysis=analysis.key)
    reached = {
        visit.label: reached_cell(own.by_statistic(variable="reached", visit=visit.label)) for visit in analysis.visits
    }
    return Presentation(
        tables=(_table(analysis, own, reached),),
        findings=(Paragraph(heading=analysis.title, sentences=(_sentence(analysis, reached),)),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("kaplan_meier", "kaplan_meier_median"),
    )


def reached_cell(found: Mapping[str, ResultRow]) -> Cell:
    """Print the share that reached something by a visit, with its limits."""
    return cell("percent_interval", *(found[name] for name in ("proportion", "conf_low", "conf_high")))


def _table(analysis: EventTimes, own: Results, reached: Mapping[str, Cell]) -> Table:
    level = f"{analysis.conf_level:.0%}"
    counted, median = own.by_statistic(variable=""), own.by_statistic(variable="median")
    lines = [
        ("patients with a time", cell("integer", counted["n"]) if "n" in counted else None),
        ("patients without one", cell("integer", counted["n_missing"])),
        (analysis.label, cell("integer", counted["events"]) if "events" in counted else None),
        *((f"{analysis.label} by {label}, % ({level} interval)", shown) for label, shown in reached.items()),
        (
            f"median days ({level} interval)",
            cell("interval", *(median[name] for name in ("estimate", "conf_low", "conf_high")), decimals=0),
        ),
    ]
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=analysis.population.label, sub="")],
        rows=[TableRow(label=begin_upper(label), cells=[shown]) for label, shown in lines],
        note=f"Kaplan-Meier estimates with log-log intervals. {analysis.note}".strip(),
    )


def _sentence(analysis: EventTimes, reached: Mapping[str, Cell]) -> Sentence:
    last = analysis.visits[-1].label
    template = f"{begin_upper(analysis.label)} by {last}: {{share}}, by the Kaplan-Meier curve."
    return Sentence(template=template, values={"share": reached[last]})


def _methods(analysis: EventTimes) -> list[str]:
    told = [f"{begin_upper(name)}: {sentence(node)}." for name, node in parts_of(analysis.times).items()]
    return [*told, "The share that had the event is that of the curve on the planned day of each visit."]
