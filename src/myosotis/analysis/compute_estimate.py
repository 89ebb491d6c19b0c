"""Compute one statistic of one sample: the answers of the method, the rows they become, and their table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from inspect import signature
from typing import get_type_hints

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.estimate import Estimate, options_of
from myosotis.analysis.estimators import (
    Keys,
    counts,
    endpoint_rows,
    interval_rows,
    not_estimable,
    pooled_rows,
    quantile_rows,
    rows_of,
    tipping_rows,
)
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.samples import OWN_STUDY, Repeated, RepeatedInGroups, Studies
from myosotis.analysis.take_sample import Taken, contributions, take
from myosotis.errors import StatisticsError, UsageError
from myosotis.results.schema import ResultRow

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
    of = f", of {', '.join(part.name for part in parts)}" if parts else ", of the design alone"
    provenance = cohort.joint(parts, f"{analysis.title}: {record.label}{of}")
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
        rows = [*_rows(analysis, taken, found, keys), *left_out.values()]
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
    if "missing" in signature(function).parameters:
        return function(*taken.arguments, taken.left_out, **choices)
    return function(*taken.arguments, **choices)


def _rows(analysis: Estimate, taken: Taken, found: object, keys: Keys) -> Iterable[ResultRow]:
    """Make the rows of an answer: of a record, or of a method that answers for several levels."""
    from myosotis.statistics import MaxT, PooledProportion, TippingPoint, Turnbull

    match found:
        case float() | int() | tuple():
            definition = analysis.choices.get("definition", options_of(analysis.method)["definition"].default)
            return quantile_rows(found, analysis.choices["probs"], definition, keys)  # type: ignore[arg-type]
        case Turnbull():
            return interval_rows(found, keys)
        case MaxT():
            return endpoint_rows(found, keys)
        case PooledProportion():
            assert isinstance(analysis.sample, Studies)
            labels = (OWN_STUDY, *(one.label for one in analysis.sample.published))
            counts_, totals = taken.arguments
            return pooled_rows(found, labels, counts_, totals, keys)  # type: ignore[arg-type]
        case TippingPoint():
            level = analysis.choices.get("conf_level", options_of(analysis.method)["conf_level"].default)
            return tipping_rows(found, keys.base, of="conf_low", unit="", conf_level=float(level))
    return rows_of(found, keys)


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

    answer = get_type_hints(getattr(statistics, method))["return"]
    held = {field.name for field in fields(answer)} if is_dataclass(answer) else set()
    found: list[str] = [name for name in ("estimate", "p_value") if name in held]
    return found or ["estimate"]
