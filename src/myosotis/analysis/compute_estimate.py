"""Compute one statistic of one sample: the answers of the method, the rows they become, and their table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from inspect import signature
from typing import get_type_hints

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.estimate import Estimate, options_of
from myosotis.analysis.estimators import Keys, counts, not_estimable, rows_of
from myosotis.analysis.output import AnalysisOutput, cell, table
from myosotis.analysis.samples import Repeated, RepeatedInGroups, Taken, contributions, parts_of, take
from myosotis.errors import StatisticsError, UsageError
from myosotis.language.sentences import sentence
from myosotis.results.layout import Cell, Format, Paragraph, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = ["compute_estimate"]

# Estimates without the unit of what they are made of.
_WITHOUT_UNIT = (
    "rank_biserial", "standardized_response_mean", "relative_effects", "grouped_relative_effects", "kendall_w",
)  # fmt: skip

_RATES = ("poisson_rate", "negative_binomial_rate", "patient_bootstrap_rate", "first_event_incidence")

# The two groups of a sample, by what a criterion said.
_GROUPS = {"by=yes": "by holds", "by=no": "by does not hold"}

_WITH_ENDS: tuple[tuple[Format, tuple[str, ...]], ...] = (
    ("interval", ("estimate", "conf_low", "conf_high")),
    ("median_iqr", ("median", "q1", "q3")),
)

# Answers that stand on another's: the times are put into a curve first.
_OF_CURVE = ("kaplan_meier_median",)


def compute_estimate(analysis: Estimate, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    from myosotis.statistics.methods import METHODS

    record = METHODS[analysis.method]
    parts = contributions(analysis.sample, cohort, analysis.key, analysis.population.key, analysis.unit)
    provenance = cohort.joint(parts, f"{analysis.title}: {record.label}, of {', '.join(part.name for part in parts)}")
    base = {
        "study": cohort.study, "analysis": analysis.key, "endpoint": analysis.method, "population": analysis.population.key,
        "provenance_id": provenance["provenance_id"],
    }  # fmt: skip
    visits = (
        tuple(visit.label for visit in analysis.sample.visits)
        if isinstance(analysis.sample, Repeated | RepeatedInGroups)
        else ()
    )
    keys = Keys(base=base, unit=_unit(analysis), visits=visits)
    try:
        taken = take(analysis.sample, parts, _totals(analysis))
        found = _found(analysis, taken, cohort.seed)
    except (StatisticsError, UsageError) as error:
        asked = {**base, "method": record.label}
        rows = [not_estimable(asked, statistic, str(error)) for statistic in _answers(analysis.method)]
    else:
        left_out = counts(base, n_not_evaluable=taken.left_out) if taken.left_out else {}
        rows = [*rows_of(found, keys), *left_out.values()]
    return AnalysisOutput(
        rows=tuple(rows),
        contributions=tuple(parts),
        provenance=(provenance,),
        tables=(_table(analysis, rows),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=(analysis.method,),
    )


def _found(analysis: Estimate, taken: Taken, seed: int) -> object:
    from myosotis import statistics

    function = getattr(statistics, analysis.method)
    choices = dict(analysis.choices)
    if "seed" in options_of(analysis.method):
        choices.setdefault("seed", seed)
    if analysis.method in _OF_CURVE:
        return function(statistics.kaplan_meier(*taken.arguments), **choices)  # type: ignore[arg-type]
    return function(*taken.arguments, **choices)


def _totals(analysis: Estimate) -> bool:
    from myosotis import statistics

    return "events" in signature(getattr(statistics, analysis.method)).parameters


def _unit(analysis: Estimate) -> str:
    if analysis.method in _RATES:
        return "per patient-year"
    return "" if analysis.method in _WITHOUT_UNIT else analysis.unit


def _table(analysis: Estimate, rows: list[ResultRow]) -> Table:
    lines: dict[tuple[str, str, str, str], dict[str, ResultRow]] = {}
    for row in rows:
        lines.setdefault((row.variable, row.groups, row.visit, row.level), {})[row.statistic] = row
    labels = [TableColumn(label=one, sub="") for one in ("Patients", "Estimate (limits)", "Statistic", "p")]
    return table(
        analysis.key,
        analysis.title,
        columns=labels,
        rows=[TableRow(label=_label(where), cells=_cells(analysis, found)) for where, found in lines.items()],
        note=analysis.note,
    )


def _cells(analysis: Estimate, found: Mapping[str, ResultRow]) -> list[Cell | None]:
    return [
        cell("integer", found["n"]) if "n" in found else None,
        _estimate(analysis, found),
        cell("number", found["statistic"], decimals=2) if "statistic" in found else None,
        cell("p_value", found["p_value"]) if "p_value" in found else None,
    ]


def _estimate(analysis: Estimate, found: Mapping[str, ResultRow]) -> Cell | None:
    """Print an estimate with its limits, a median with its quartiles, or what there is of either."""
    for format_, names in _WITH_ENDS:
        if all(name in found for name in names):
            return cell(format_, *(found[name] for name in names), decimals=analysis.decimals)
    alone = found.get("estimate") or found.get("median")
    return cell("number", alone, decimals=analysis.decimals) if alone else None


def _methods(analysis: Estimate) -> list[str]:
    from myosotis.statistics.methods import METHODS

    chosen = ", ".join(f"{name} = {one}" for name, one in analysis.choices.items())
    told = [f"{METHODS[analysis.method].label}{f' ({chosen})' if chosen else ''}."]
    return told + [f"{name}: {sentence(node)}." for name, node in parts_of(analysis.sample).items()]


def _answers(method: str) -> list[str]:
    """Name what a method would have answered: an estimate, a p-value, or both."""
    from myosotis import statistics

    held = {field.name for field in fields(get_type_hints(getattr(statistics, method))["return"])}
    found: list[str] = [name for name in ("estimate", "p_value") if name in held]
    return found or ["estimate"]


def _label(where: tuple[str, str, str, str]) -> str:
    words = (_GROUPS.get(part, part) for part in where if part)
    return ", ".join(words) or "All patients"
