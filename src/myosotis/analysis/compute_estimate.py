"""Compute one statistic of one sample: the answers of the method, the rows they become, and their table."""

from __future__ import annotations

from dataclasses import fields
from inspect import signature
from typing import get_type_hints

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.estimate import Estimate, options_of
from myosotis.analysis.estimators import Keys, counts, not_estimable, rows_of
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.samples import Repeated, RepeatedInGroups, Taken, contributions, take
from myosotis.errors import StatisticsError, UsageError

__all__ = ["compute_estimate"]

# Estimates without the unit of what they are made of.
_WITHOUT_UNIT = (
    "rank_biserial", "standardized_response_mean", "relative_effects", "grouped_relative_effects", "kendall_w",
)  # fmt: skip

_RATES = ("poisson_rate", "negative_binomial_rate", "patient_bootstrap_rate", "first_event_incidence")

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


def _answers(method: str) -> list[str]:
    """Name what a method would have answered: an estimate, a p-value, or both."""
    from myosotis import statistics

    held = {field.name for field in fields(get_type_hints(getattr(statistics, method))["return"])}
    found: list[str] = [name for name in ("estimate", "p_value") if name in held]
    return found or ["estimate"]
