"""Compute the characteristics of a population: each line counted or summarised, with its missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myosotis.analysis.characteristics import Characteristics, Heading, Number
from myosotis.analysis.cohort import Cohort
from myosotis.analysis.estimators import counts, summarise
from myosotis.analysis.output import AnalysisOutput
from myosotis.results.schema import ResultRow

__all__ = ["compute_characteristics"]


def compute_characteristics(analysis: Characteristics, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    rows: list[ResultRow] = []
    contributions = []
    for line in analysis.lines:
        if isinstance(line, Heading):
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
    return AnalysisOutput(rows=tuple(rows), contributions=tuple(contributions))


def _share(results: Mapping[str, object], base: Mapping[str, Any]) -> dict[str, ResultRow]:
    known = [result for result in results.values() if result is not None]
    count, open_ = sum(result is True for result in known), len(results) - len(known)
    rows = counts(base, count=count, total=len(known), n=len(known), n_not_evaluable=open_)
    return rows | counts(base, count_most=count + open_) if open_ else rows
