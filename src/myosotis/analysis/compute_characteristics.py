"""Compute the characteristics of a population: each line counted or summarised, with its missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myosotis.analysis.characteristics import Characteristics, Heading, Number, Share
from myosotis.analysis.cohort import Cohort
from myosotis.analysis.estimators import counts, summarise
from myosotis.analysis.output import AnalysisOutput, cell, table
from myosotis.language.sentences import sentence
from myosotis.results.layout import Paragraph, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = ["compute_characteristics"]


def compute_characteristics(analysis: Characteristics, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    rows: list[ResultRow] = []
    contributions, layout = [], []
    for line in analysis.lines:
        if isinstance(line, Heading):
            layout.append(TableRow(label=line.label, heading=True, cells=[None, None]))
            continue
        unit = line.unit if isinstance(line, Number) else ""
        part = cohort.contribution(f"{analysis.key}: {line.key}", analysis.population.key, unit=unit, item=line.label)
        base = {
            "study": cohort.study, "analysis": analysis.key, "endpoint": line.key, "population": analysis.population.key,
            "provenance_id": part.id,
        }  # fmt: skip
        made = (
            summarise(part.numbers, analysis.quartiles, base, unit=line.unit)
            if isinstance(line, Number)
            else _share(part.results, base)
        )
        rows += made.values()
        contributions.append(part)
        layout.append(_line(line, made))
    return AnalysisOutput(
        rows=tuple(rows),
        contributions=tuple(contributions),
        tables=(_table(analysis, layout),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("describe",),
    )


def _table(analysis: Characteristics, layout: list[TableRow]) -> Table:
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=analysis.population.label, sub=""), TableColumn(label="known for", sub="patients")],
        rows=layout,
        note=f"Mean (SD), median [Q1, Q3] (quartile definition {analysis.quartiles}), or n/N (%). {analysis.note}".strip(),
    )


def _methods(analysis: Characteristics) -> list[str]:
    told = []
    for line in analysis.lines:
        if not isinstance(line, Heading):
            told.append(f"{line.label}: {sentence(line.value if isinstance(line, Number) else line.criterion)}.")
    return told


def _share(results: Mapping[str, object], base: Mapping[str, Any]) -> dict[str, ResultRow]:
    known = [result for result in results.values() if result is not None]
    count, open_ = sum(result is True for result in known), len(results) - len(known)
    rows = counts(base, count=count, total=len(known), n=len(known), n_not_evaluable=open_)
    return rows | counts(base, count_most=count + open_) if open_ else rows


def _line(line: Number | Share, made: Mapping[str, ResultRow]) -> TableRow:
    if isinstance(line, Share):
        shown = cell("n_of_total", made["count"], made["total"])
        if "count_most" in made:
            open_ = ("count", "total", "n_not_evaluable", "count_most")
            shown = cell("n_of_total_open", *(made[name] for name in open_))
        label = line.label
    else:
        names = ("mean", "sd") if line.summary == "mean_sd" else ("median", "q1", "q3")
        shown = cell(line.summary, *(made[name] for name in names), decimals=line.decimals)
        label = f"{line.label}, {line.unit}" if line.unit not in ("", "1", "points") else line.label
    return TableRow(label=label, indent=1, cells=[shown, cell("integer", made["n"])])
