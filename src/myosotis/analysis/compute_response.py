"""Compute response over visits: each level counted with an exact interval, open outcomes bounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import counts, proportion
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.response import LEAVE_OUT, OutcomeOverVisits
from myosotis.language.windows import Window
from myosotis.results.schema import ResultRow

__all__ = ["compute_response"]


def compute_response(analysis: OutcomeOverVisits, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    parts = {
        visit: cohort.contribution(
            analysis.name(visit), analysis.endpoint.population.key, item=f"{analysis.endpoint.label} at {visit.label}"
        )
        for visit in analysis.endpoint.at
    }
    rows: dict[tuple[str, str, str], ResultRow] = {}
    for visit, part in parts.items():
        rows |= _count(analysis, cohort, visit, part)
    return AnalysisOutput(
        rows=tuple(rows.values()),
        contributions=tuple(parts.values()),
    )


def _count(
    analysis: OutcomeOverVisits, cohort: Cohort, visit: Window, part: Contribution
) -> dict[tuple[str, str, str], ResultRow]:
    policy = analysis.endpoint.if_not_evaluable
    counted: list[tuple[str, ...]] = []
    judged: list[tuple[str, ...]] = []
    open_ = 0
    for patient, result in part.results.items():
        possible = _possible(part, patient, result)
        open_ += len(possible) > 1
        judged.append(possible)
        if len(possible) > 1 and policy != LEAVE_OUT and not _settled(analysis, possible):
            possible = (policy,)
        if len(possible) == 1 or policy != LEAVE_OUT:
            counted.append(possible)
    total = len(counted)
    common: dict[str, Any] = {
        "study": cohort.study, "analysis": analysis.key, "endpoint": analysis.endpoint.key,
        "population": analysis.endpoint.population.key, "visit": visit.label, "week": visit.week, "provenance_id": part.id,
    }  # fmt: skip
    rows = {(visit.label, "", name): row for name, row in counts(common, n_not_evaluable=open_, n=total).items()}
    for label, members in analysis.levels:
        count = sum(set(possible) <= set(members) for possible in counted)
        one: dict[str, Any] = {**common, "level": label}
        found = proportion(count, total, one, conf_level=analysis.conf_level, nobody="no patient could be judged")
        most = sum(bool(set(may_be) & set(members)) for may_be in judged)
        if open_ and most > count:
            found |= counts(one, count_most=most)
        rows |= {(visit.label, label, statistic): row for statistic, row in found.items()}
    return rows


def _possible(part: Contribution, patient: str, result: object) -> tuple[str, ...]:
    if isinstance(result, bool):
        return ("yes",) if result else ("no",)
    return part.outcomes[patient].possible or ("yes", "no")


def _settled(analysis: OutcomeOverVisits, possible: Sequence[str]) -> bool:
    """Say whether an open outcome is at least known to lie in one of the groups of levels."""
    return any(set(possible) <= set(members) for _, members in analysis.together)
