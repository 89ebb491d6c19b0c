"""Present what missing values could change: a line for each strategy, the point at which the answer turns, and the range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from myosotis.analysis.sensitivity import (
    CHANGE_STRATEGIES,
    RESPONSE_STRATEGIES,
    TIPPING,
    ChangeSensitivity,
    ResponseSensitivity,
)
from myosotis.language.sentences import sentence
from myosotis.language.visit import at_visit
from myosotis.presentation.cells import begin_upper, cell, table
from myosotis.presentation.layout import Cell, Paragraph, Sentence, TableColumn, TableRow
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow
from myosotis.statistics.methods import METHODS

__all__ = ["present_change_sensitivity", "present_response_sensitivity"]

Found = Mapping[str, ResultRow]


def present_response_sensitivity(analysis: ResponseSensitivity, results: Results) -> Presentation:
    """Give the table, the sentence and the methods of the analysis."""
    own = results.where(analysis=analysis.key)
    found = {name: own.by_statistic(variable=name, level="") for name in RESPONSE_STRATEGIES}
    last = analysis.visits[-1].label
    level = f"{analysis.conf_level:.0%}"
    lines = [TableRow(label=_label(name), cells=[_patients(one), _share(one)]) for name, one in found.items()]
    lines.append(
        TableRow(
            label=f"Missing who must have responded for the lower limit to reach {analysis.threshold:.0%}",
            cells=[cell("integer", own.by_statistic(variable=TIPPING, level="")["estimate"]), None],
        )
    )
    told = Sentence(
        template=f"{begin_upper(analysis.label)} at {last}: {{observed}} of those observed; {{worst}} if nobody who is "
        "missing responded, {best} if all of them did.",
        values={
            "observed": _share(found["observed_case"]),
            "worst": _share(found["non_responder"]),
            "best": _share(found["best_case"]),
        },
    )
    return Presentation(
        tables=(
            table(
                analysis.key,
                analysis.title,
                columns=[
                    TableColumn(label="Patients", sub=""),
                    TableColumn(label=begin_upper(analysis.label), sub=f"n/N (%; exact {level} interval)"),
                ],
                rows=lines,
                note=f"At {last}. {analysis.note}".strip(),
            ),
        ),
        findings=(Paragraph(heading=analysis.title, sentences=(told,)),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=(*RESPONSE_STRATEGIES, "clopper_pearson", "responder_tipping_point"),
    )


def present_change_sensitivity(analysis: ChangeSensitivity, results: Results) -> Presentation:
    """Give the table, the sentence and the methods of the analysis."""
    own = results.where(analysis=analysis.key)
    found = {name: own.by_statistic(variable=name, level="") for name in CHANGE_STRATEGIES}
    first, last = analysis.visits[0].label, analysis.visits[-1].label
    level = f"{analysis.conf_level:.0%}"
    lines = [
        TableRow(label=_label(name), cells=[_patients(one), _change(analysis, one), cell("p_value", one["p_value"])])
        for name, one in found.items()
    ]
    lines += _turning(analysis, own)
    told = Sentence(
        template=f"The mean change of {analysis.label} from {first} to {last} was {{observed}} in those seen at both, "
        "{imputed} with missing values imputed, and lies between {worst} and {best} whatever the missing values are.",
        values={
            "observed": _change(analysis, found["observed_case"]),
            "imputed": _change(analysis, found["multiple_imputation"]),
            "worst": _mean(analysis, found["worst_case"]),
            "best": _mean(analysis, found["best_case"]),
        },
    )
    unit = "" if analysis.unit in ("points", "", "1") else f", {analysis.unit}"
    return Presentation(
        tables=(
            table(
                analysis.key,
                analysis.title,
                columns=[
                    TableColumn(label="Patients", sub=""),
                    TableColumn(label=f"Mean change{unit}", sub=f"{level} interval"),
                    TableColumn(label="p", sub=""),
                ],
                rows=lines,
                note=f"From {first} to {last}. {analysis.note}".strip(),
            ),
        ),
        findings=(Paragraph(heading=analysis.title, sentences=(told,)),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=(*CHANGE_STRATEGIES, "paired_t", "rubin_pool", *(("tipping_point",) if analysis.shifts else ())),
    )


def _turning(analysis: ChangeSensitivity, own: Results) -> Sequence[TableRow]:
    """Lay out the shift at which the answer turns, and the p-value at each shift."""
    if not analysis.shifts:
        return []
    tipping = own.where(variable=TIPPING)
    lines = [
        TableRow(
            label="Shift of imputed values at which p crosses 0.05",
            cells=[None, cell("number", tipping.by_statistic(level="")["estimate"], decimals=analysis.decimals), None],
        )
    ]
    by_level = tipping.where(statistic="p_value").by("level")
    for shift in analysis.shifts:
        if (f"{shift:g}",) in by_level:
            shown = cell("p_value", by_level[f"{shift:g}",])
            lines.append(TableRow(label=f"shifted by {shift:g}", indent=1, cells=[None, None, shown]))
    return lines


def _label(name: str) -> str:
    return METHODS[name].label


def _patients(found: Found) -> Cell | None:
    return cell("integer", found["n"]) if "n" in found else None


def _share(found: Found) -> Cell:
    names = ("count", "total", "conf_low", "conf_high")
    if "count" not in found:
        return cell("percent", found["proportion"])
    return cell("n_of_total_interval", *(found[name] for name in names))


def _change(analysis: ChangeSensitivity, found: Found) -> Cell:
    shown = (found[name] for name in ("estimate", "conf_low", "conf_high"))
    return cell("interval", *shown, decimals=analysis.decimals)


def _mean(analysis: ChangeSensitivity, found: Found) -> Cell:
    return cell("number", found["estimate"], decimals=analysis.decimals)


def _methods(analysis: ResponseSensitivity | ChangeSensitivity) -> list[str]:
    visit = analysis.visits[-1]
    told = [f"{begin_upper(analysis.label)} at {visit.label}: {sentence(at_visit(analysis.of, visit))}."]
    if isinstance(analysis, ResponseSensitivity):
        return [
            *told,
            "A response that cannot be told was left out; left out with all patients not seen at every visit; counted as no "
            "response; replaced by the last one before it; and counted as response.",
        ]
    return [
        *told,
        "A missing number was left out; left out with all patients not seen at every visit; replaced by the last one before "
        f"it; and imputed {analysis.imputations} times from the other visits. The worst change has missing first values at "
        f"{analysis.best:g} and missing last values at {analysis.worst:g}, the best change the other way round.",
    ]
