"""Gather the result rows of an analysis by short names, and the contributions behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import proportion, summarise
from myosotis.results.schema import ResultRow

__all__ = ["ResultSet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSet:
    """Collect rows by a short name that the layout of the analysis looks them up with; `base` are keys all rows share."""

    cohort: Cohort
    base: Mapping[str, Any]
    rows: dict[str, ResultRow] = field(default_factory=dict)
    parts: list[Contribution] = field(default_factory=list)
    provenance: list[Mapping[str, Any]] = field(default_factory=list)

    def part(self, name: str, population: str, unit: str, item: str) -> Contribution:
        """Take an expression's contribution in a population."""
        part = self.cohort.contribution(name, population, unit=unit, item=item)
        self.parts.append(part)
        return part

    def joint(self, parts: list[Contribution], what: str) -> str:
        """Make the provenance of a number made of several contributions, and give its identifier."""
        made = self.cohort.joint(parts, what)
        self.provenance.append(made)
        return str(made["provenance_id"])

    def add(self, name: str, row: ResultRow) -> ResultRow:
        """Keep a row under a name."""
        self.rows[name] = row
        return row

    def describe(self, name: str, part: Contribution, quartiles: int | str, unit: str, **keys: object) -> None:
        """Describe a contribution's numbers under `"NAME STATISTIC"`; a missing number is counted as missing."""
        found = summarise(part.numbers, quartiles, {**self.base, "provenance_id": part.id}, unit=unit, **keys)
        self.keep(name, found)

    def share(self, name: str, count: int, total: int, keys: Mapping[str, Any], conf_level: float, nobody: str) -> None:
        """Count patients of a total with the exact interval; `nobody` says why there is none when the total is 0."""
        found = proportion(count, total, keys, conf_level=conf_level, nobody=nobody)
        self.keep(name, found)

    def keep(self, name: str, rows: Mapping[str, ResultRow]) -> None:
        """Keep rows by statistic under `"NAME STATISTIC"`."""
        for statistic, row in rows.items():
            self.add(f"{name} {statistic}", row)
