"""Present concomitant drugs: a line for each drug and class, at the start and as new by each visit."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.concomitant import ANY_OF_CLASS, AT_THE_START, NEW_DRUG, ConcomitantDrugs
from myosotis.language.sentences import sentence
from myosotis.presentation.cells import begin_upper, cell, table
from myosotis.presentation.layout import Paragraph, Sentence, Table, TableColumn, TableRow
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

__all__ = ["present_concomitant"]


def present_concomitant(analysis: ConcomitantDrugs, results: Results) -> Presentation:
    """Give the table, the sentence and the methods of the analysis."""
    own = results.where(analysis=analysis.key)
    every = own.where(variable=analysis.treatment.drugs.label, level="").by("endpoint", "visit", "statistic")
    by_class = {
        drug_class: own.where(variable=drug_class).by("level", "endpoint", "visit", "statistic")
        for drug_class in _classes(own)
    }
    return Presentation(
        tables=(_table(analysis, every, by_class),),
        findings=(Paragraph(heading=analysis.title, sentences=[_sentence(analysis, every)]),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("clopper_pearson",),
    )


def _classes(own: Results) -> list[str]:
    return sorted({row.variable for row in own.rows if row.level})


def _moments(analysis: ConcomitantDrugs) -> list[tuple[str, str]]:
    return [(AT_THE_START, ""), *((NEW_DRUG, visit.label) for visit in analysis.visits)]


def _table(
    analysis: ConcomitantDrugs,
    every: Mapping[tuple[str, ...], ResultRow],
    by_class: Mapping[str, Mapping[tuple[str, ...], ResultRow]],
) -> Table:
    moments = _moments(analysis)

    def line(label: str, found: Mapping[tuple[str, ...], ResultRow], level: tuple[str, ...], indent: int) -> TableRow:
        cells = [cell("n_of_total", *(found[*level, *moment, one] for one in ("count", "total"))) for moment in moments]
        return TableRow(label=label, indent=indent, cells=cells)

    lines = [line(f"Any {analysis.treatment.drugs.label}", every, (), 0)]
    for drug_class, found in by_class.items():
        names = sorted({level for level, *_ in found} - {ANY_OF_CLASS})
        if len(names) > 1:
            lines.append(line(begin_upper(drug_class), found, (ANY_OF_CLASS,), 0))
        else:
            lines.append(TableRow(label=begin_upper(drug_class), heading=True, cells=[None] * len(moments)))
        lines += [line(name, found, (name,), 1) for name in names]
    columns = [("At the start", ""), *((f"New by {visit.label}", "") for visit in analysis.visits)]
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=one, sub=sub) for one, sub in columns],
        rows=lines,
        note="n/N (%) of the patients seen. New: first started after day 0; changes of dose and drugs taken up again "
        f"are not new. {analysis.note}".strip(),
    )


def _sentence(analysis: ConcomitantDrugs, every: Mapping[tuple[str, ...], ResultRow]) -> Sentence:
    last = analysis.visits[-1].label
    names = ("count", "total", "conf_low", "conf_high")
    new = cell("n_of_total_interval", *(every[NEW_DRUG, last, name] for name in names))
    return Sentence(template=f"By {last}, {{new}} had newly started one of them.", values={"new": new})


def _methods(analysis: ConcomitantDrugs) -> list[str]:
    node = analysis.new(analysis.treatment, analysis.visits[-1])
    return [
        f"Concomitant drugs are those of the treatments table: {analysis.treatment.drugs.label} taken on day 0, or, as new "
        f"by {analysis.visits[-1].label}, {sentence(node)}."
    ]
