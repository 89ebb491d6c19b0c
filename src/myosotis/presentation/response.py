"""Present response over visits: a table and bars of the levels, what could not be judged, and how it was counted."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.response import LEAVE_OUT, OutcomeOverVisits
from myosotis.language.sentences import sentence
from myosotis.language.windows import Window
from myosotis.presentation.cells import begin_lower, begin_upper, cell, table
from myosotis.presentation.layout import (
    Bar,
    BarPart,
    Cell,
    Paragraph,
    Sentence,
    StackedBars,
    Table,
    TableColumn,
    TableRow,
)
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

__all__ = ["present_response"]

# By visit, level and statistic.
Rows = Mapping[tuple[str, ...], ResultRow]


def present_response(analysis: OutcomeOverVisits, results: Results) -> Presentation:
    """Give the table, the bars, the sentences and the methods of the analysis."""
    rows = results.where(analysis=analysis.key).by("visit", "level", "statistic")
    return Presentation(
        tables=(_table(analysis, rows),),
        figures=(_figure(analysis, rows),) if analysis.figure else (),
        findings=(Paragraph(heading=analysis.title, sentences=_sentences(analysis, rows)),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("clopper_pearson",),
    )


def _shown(analysis: OutcomeOverVisits) -> tuple[str, ...]:
    """Name the levels that the table and the text print: of yes and no, yes."""
    labels = tuple(label for label, _ in analysis.levels)
    return tuple(label for label in labels if label != "no") if analysis.endpoint.levels == ("yes", "no") else labels


def _share(rows: Rows, visit: Window, label: str) -> Cell:
    names = ("count", "total", "conf_low", "conf_high")
    return cell("n_of_total_interval", *(rows[visit.label, label, name] for name in names))


def _table(analysis: OutcomeOverVisits, rows: Rows) -> Table:
    visits = analysis.endpoint.at
    lines: list[TableRow] = [
        TableRow(label=label.capitalize(), cells=[_share(rows, visit, label) for visit in visits])
        for label in _shown(analysis)
    ]
    open_ = [cell("integer", rows[visit.label, "", "n_not_evaluable"]) for visit in visits]
    lines.append(TableRow(label="Not evaluable", cells=open_))
    level = f"{analysis.conf_level:.0%}"
    counted = (
        "left out"
        if analysis.endpoint.if_not_evaluable == LEAVE_OUT
        else f"counted as {analysis.endpoint.if_not_evaluable}"
    )
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=visit.label, sub="") for visit in visits],
        rows=lines,
        note=f"n/N (%; exact {level} interval). Not evaluable patients are {counted}. {analysis.note}".strip(),
    )


def _figure(analysis: OutcomeOverVisits, rows: Rows) -> StackedBars:
    levels = analysis.endpoint.levels
    bars = [
        Bar(
            visit=visit.label,
            week=visit.week,
            parts=[
                BarPart(
                    level=level,
                    count=rows[visit.label, level, "count"].id,
                    proportion=rows[visit.label, level, "proportion"].id,
                )
                for level in levels
                if (visit.label, level, "count") in rows
            ],
        )
        for visit in analysis.endpoint.at
    ]
    return StackedBars(
        key=f"{analysis.key}-bars",
        title=begin_upper(analysis.endpoint.label),
        caption=f"By visit ({analysis.endpoint.population.label.lower()}).",
        levels=levels,
        bars=bars,
    )


def _sentences(analysis: OutcomeOverVisits, rows: Rows) -> list[Sentence]:
    last = analysis.endpoint.at[-1]
    shown = _shown(analysis)
    values = {f"level_{i}": _share(rows, last, label) for i, label in enumerate(shown)}
    open_ = _open_sentence(analysis, rows, last)
    if shown == ("yes",):
        template = f"At {last.label}, {{level_0}} had {begin_lower(analysis.endpoint.label)}."
        return [Sentence(template=template, values=values), *open_]
    words = "; ".join(f"{label} {{level_{i}}}" for i, label in enumerate(shown))
    return [Sentence(template=f"At {last.label}: {words}.", values=values), *open_]


def _open_sentence(analysis: OutcomeOverVisits, rows: Rows, visit: Window) -> list[Sentence]:
    """Say how far the counts go if the patients who could not be judged counted; nothing where there are none."""
    most = [label for label in _shown(analysis) if (visit.label, label, "count_most") in rows]
    if not most:
        return []
    values = {f"most_{i}": cell("integer", rows[visit.label, label, "count_most"]) for i, label in enumerate(most)}
    values["open"] = cell("integer", rows[visit.label, "", "n_not_evaluable"])
    what = [begin_lower(analysis.endpoint.label)] if _shown(analysis) == ("yes",) else most
    words = "; ".join(f"{label} {{most_{i}}}" for i, label in enumerate(what))
    return [
        Sentence(template=f"Not evaluable at {visit.label}: {{open}}. With each that may be, counts are up to: {words}.",
         values=values)
    ]  # fmt: skip


def _methods(analysis: OutcomeOverVisits) -> list[str]:
    endpoint = analysis.endpoint
    missing = (
        "left out of the denominator and counted"
        if endpoint.if_not_evaluable == LEAVE_OUT
        else f"counted as {endpoint.if_not_evaluable}"
    )
    events = [
        f"Intercurrent event: {event.name}; strategy: {event.strategy} ({event.how})."
        for event in endpoint.intercurrent
    ]
    rule = sentence(endpoint.of(endpoint.at[-1]))
    return [
        f"{begin_upper(endpoint.label)}, in {begin_lower(endpoint.population.label)}, "
        f"at {endpoint.at[-1].label}: {rule}.",
        f"A patient for whom it is not evaluable was {missing}.",
        *events,
        f"Summary: {endpoint.summary}.",
    ]
