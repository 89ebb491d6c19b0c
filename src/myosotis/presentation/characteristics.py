"""Present the characteristics of a population: the table, and how each line was got."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.characteristics import Characteristics, Heading, Number, Share
from myosotis.language.sentences import sentence
from myosotis.presentation.cells import cell, table
from myosotis.presentation.layout import Paragraph, TableColumn, TableRow
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

__all__ = ["present_characteristics"]


def present_characteristics(analysis: Characteristics, results: Results) -> Presentation:
    """Give the table and the methods of the analysis."""
    own = results.where(analysis=analysis.key)
    lines = [
        TableRow(label=line.label, heading=True, cells=[None, None])
        if isinstance(line, Heading)
        else _line(line, own.by_statistic(endpoint=line.key))
        for line in analysis.lines
    ]
    described = table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=analysis.population.label, sub=""), TableColumn(label="known for", sub="patients")],
        rows=lines,
        note=f"Mean (SD), median [Q1, Q3] (quartile definition {analysis.quartiles}), or n/N (%). {analysis.note}".strip(),
    )
    return Presentation(
        tables=(described,),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("describe",),
    )


def _line(line: Number | Share, found: Mapping[str, ResultRow]) -> TableRow:
    if isinstance(line, Share):
        shown = cell("n_of_total", found["count"], found["total"])
        if "count_most" in found:
            open_ = ("count", "total", "n_not_evaluable", "count_most")
            shown = cell("n_of_total_open", *(found[name] for name in open_))
        label = line.label
    else:
        names = ("mean", "sd") if line.summary == "mean_sd" else ("median", "q1", "q3")
        shown = cell(line.summary, *(found[name] for name in names), decimals=line.decimals)
        label = f"{line.label}, {line.unit}" if line.unit not in ("", "1", "points") else line.label
    return TableRow(label=label, indent=1, cells=[shown, cell("integer", found["n"])])


def _methods(analysis: Characteristics) -> list[str]:
    told = []
    for line in analysis.lines:
        if not isinstance(line, Heading):
            told.append(f"{line.label}: {sentence(line.value if isinstance(line, Number) else line.criterion)}.")
    return told
