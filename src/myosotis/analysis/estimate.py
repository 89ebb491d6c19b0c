"""Any statistical method of the package, asked for by its name and given the kind of sample that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from inspect import Parameter, signature
from typing import Any, get_type_hints

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.declaring import check_declared
from myosotis.analysis.estimating import Keys, rows_of
from myosotis.analysis.samples import AnySample, Repeated, Taken, contributions, kind_of_sample, parts_of, take
from myosotis.analysis.section import Section, cell, table
from myosotis.core.catalogue import nearest_names
from myosotis.errors import ProtocolError, StatisticsError, UsageError
from myosotis.language.sentences import sentence
from myosotis.language.structure import Node
from myosotis.results.schema import ResultRow
from myosotis.study.population import EVERYONE, Population

__all__ = ["NOT_ASKED", "Estimate", "asked_methods"]

# Methods that a protocol asks for otherwise, or that are no answer by themselves.
NOT_ASKED: Mapping[str, str] = {
    "quantile": "one quantile; ask for quartiles or describe",
    "friedman_critical_value": "is of a design and needs no data",
    "friedman_pairwise": "compares pairs of visits after the test; ask for a change over visits",
    "grouped_relative_effects": "gives effects by group and visit, for which the bundle has no table yet",
    "kaplan_meier": "is a curve; ask for its median or the restricted mean",
    "turnbull": "is a curve between visits, for which the bundle has no table yet",
    "pooled_proportion": "pools several studies, and a protocol is of one",
    "observed_case": "fills values for another method",
    "complete_case": "fills values for another method",
    "non_responder": "fills values for another method; an endpoint says what the not evaluable count as",
    "last_observation": "fills values for another method",
    "worst_case": "fills values for another method",
    "best_case": "fills values for another method",
    "multiple_imputation": "fills values for another method",
    "rubin_pool": "pools estimates of imputed data",
    "tipping_point": "follows an estimate of imputed data",
    "responder_tipping_point": "follows a count whose missing are shifted",
    "adjust_p": "adjusts the p-values of other methods; a change over visits names its adjustment",
    "max_t": "tests several endpoints together, for which the bundle has no table yet",
}
# Estimates without the unit of what they are made of.
_WITHOUT_UNIT = ("rank_biserial", "standardized_response_mean", "relative_effects", "kendall_w")
_RATES = ("poisson_rate", "negative_binomial_rate", "patient_bootstrap_rate", "first_event_incidence")
# Answers that stand on another's: the times are put into a curve first.
_OF_CURVE = ("kaplan_meier_median",)


def asked_methods() -> tuple[str, ...]:
    """Name the methods that `Estimate` can be asked for."""
    from myosotis.statistics.methods import METHODS

    return tuple(name for name in METHODS if name not in NOT_ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Apply one method of `myosotis.statistics` (see docs/statistics.md) to a sample.

    `method` is its name, `sample` the kind that it takes, and `choices` its options by name, such as `zeros`; those left
    out stay as the method has them. `unit` is that of the numbers, and `decimals` how many the table prints.

    Raises `ProtocolError` for a method that there is not or that a protocol cannot ask for, a sample of another kind, and an
    option that the method does not take or allow.
    """

    key: str
    title: str
    method: str
    sample: AnySample
    choices: Mapping[str, float | bool | str] = field(default_factory=dict)
    unit: str = ""
    decimals: int = 2
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        from myosotis.statistics.methods import METHODS

        if self.method in NOT_ASKED:
            raise ProtocolError(f"Estimate {self.key!r}: {self.method} {NOT_ASKED[self.method]}")
        if self.method not in METHODS:
            raise ProtocolError(
                f"Estimate {self.key!r}: there is no method {self.method!r}; "
                f"{nearest_names(self.method, list(asked_methods()))}"
            )
        wanted, found = METHODS[self.method].sample, kind_of_sample(self.sample)
        if wanted != found:
            from myosotis.statistics import SAMPLES

            raise ProtocolError(
                f"Estimate {self.key!r}: {self.method} takes {SAMPLES[wanted]}, and was given {SAMPLES[found]}"
            )
        options = _options(self.method)
        unknown = [name for name in self.choices if name not in options]
        if unknown:
            raise ProtocolError(
                f"Estimate {self.key!r}: {self.method} has no {unknown[0]!r}; {nearest_names(unknown[0], list(options))}"
            )
        lacking = [name for name, one in options.items() if one.default is one.empty and name not in self.choices]
        if lacking:
            raise ProtocolError(f"Estimate {self.key!r}: {self.method} needs {lacking[0]}; give it among choices")

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {f"{self.key}: {name}": node for name, node in parts_of(self.sample).items()}

    def compute(self, cohort: Cohort) -> Section:
        """Compute every number of the analysis."""
        from myosotis.statistics.methods import METHODS

        record = METHODS[self.method]
        parts = contributions(self.sample, cohort, self.key, self.population.key, self.unit)
        provenance = cohort.joint(parts, f"{self.title}: {record.label}, of {', '.join(part.name for part in parts)}")
        base = {
            "study": cohort.study, "analysis": self.key, "endpoint": self.method, "population": self.population.key,
            "provenance_id": provenance["provenance_id"],
        }  # fmt: skip
        visits = tuple(visit.label for visit in self.sample.visits) if isinstance(self.sample, Repeated) else ()
        keys = Keys(base=base, unit=self._unit(), visits=visits)
        try:
            taken = take(self.sample, parts, self._totals())
            found = self._found(taken, cohort.seed)
        except (StatisticsError, UsageError) as error:
            rows = [_none(statistic, base, record.label, str(error)) for statistic in _answers(self.method)]
        else:
            rows = [*rows_of(found, keys), *_left_out(taken, base)]
        return Section(
            rows=tuple(rows),
            contributions=tuple(parts),
            provenance=(provenance,),
            tables=(self._table(rows),),
            methods=({"heading": self.title, "sentences": self._methods()},),
        )

    def _found(self, taken: Taken, seed: int) -> object:
        from myosotis import statistics

        function = getattr(statistics, self.method)
        choices = dict(self.choices)
        if "seed" in _options(self.method):
            choices.setdefault("seed", seed)
        if self.method in _OF_CURVE:
            return function(statistics.kaplan_meier(*taken.arguments), **choices)  # type: ignore[arg-type]
        return function(*taken.arguments, **choices)

    def _totals(self) -> bool:
        from myosotis import statistics

        return "events" in signature(getattr(statistics, self.method)).parameters

    def _unit(self) -> str:
        if self.method in _RATES:
            return "per patient-year"
        return "" if self.method in _WITHOUT_UNIT else self.unit

    def _table(self, rows: list[ResultRow]) -> dict[str, Any]:
        lines: dict[tuple[str, str, str], dict[str, ResultRow]] = {}
        for row in rows:
            lines.setdefault((row.variable, row.visit, row.level), {})[row.statistic] = row
        labels = [{"label": one, "sub": ""} for one in ("Patients", "Estimate [limits]", "Statistic", "p")]
        return table(
            self.key,
            self.title,
            columns=labels,
            rows=[{"label": _label(where), "cells": self._cells(found)} for where, found in lines.items()],
            note=self.note,
        )

    def _cells(self, found: Mapping[str, ResultRow]) -> list[dict[str, Any] | None]:
        of = found.get("estimate") or found.get("median")
        low, high = found.get("conf_low") or found.get("q1"), found.get("conf_high") or found.get("q3")
        return [
            cell("integer", found["n"]) if "n" in found else None,
            cell("median_iqr", of, low, high, decimals=self.decimals) if of and low and high
            else cell("number", of, decimals=self.decimals) if of else None,
            cell("number", found["statistic"], decimals=2) if "statistic" in found else None,
            cell("p_value", found["p_value"]) if "p_value" in found else None,
        ]  # fmt: skip

    def _methods(self) -> list[str]:
        from myosotis.statistics.methods import METHODS

        record = METHODS[self.method]
        chosen = ", ".join(f"{name} = {one}" for name, one in self.choices.items())
        told = [
            f"{record.label}{f' ({chosen})' if chosen else ''}. It assumes {record.assumes}. Source: {record.source}."
        ]
        told += [f"{name}: {sentence(node)}." for name, node in parts_of(self.sample).items()]
        return told


def _options(method: str) -> dict[str, Parameter]:
    """Give what may be chosen: the parameters that are not the sample."""
    from myosotis import statistics

    taken = {
        "x", "count", "total", "before", "after", "table", "first", "second", "time", "event", "group", "curve", "events",
        "person_time", "counts", "person_times", "events_1", "person_time_1", "events_2", "person_time_2",
    }  # fmt: skip
    return {name: one for name, one in signature(getattr(statistics, method)).parameters.items() if name not in taken}


def _answers(method: str) -> list[str]:
    """Name what a method would have answered: an estimate, a p-value, or both."""
    from myosotis import statistics

    held = {field.name for field in fields(get_type_hints(getattr(statistics, method))["return"])}
    found: list[str] = [name for name in ("estimate", "p_value") if name in held]
    return found or ["estimate"]


def _left_out(taken: Taken, base: Mapping[str, Any]) -> list[ResultRow]:
    if not taken.left_out:
        return []
    return [ResultRow(**base, statistic="n_not_evaluable", number=float(taken.left_out))]


def _none(statistic: str, base: Mapping[str, Any], method: str, reason: str) -> ResultRow:
    return ResultRow(**base, statistic=statistic, number=None, status="not_estimable", note=reason, method=method)


def _label(where: tuple[str, str, str]) -> str:
    return ", ".join(part for part in where if part) or "All patients"
