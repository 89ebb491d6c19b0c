"""A population: the patients an analysis speaks of."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.language.criteria import Criterion

__all__ = ["EVERYONE", "Population"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Name a set of included patients: those for whom `criterion` is true, or all of them without one.

    A patient for whom the criterion is not evaluable is not in the population; the report counts them.
    """

    key: str
    label: str
    criterion: Criterion | None = None


EVERYONE = Population(key="full analysis", label="All included patients")
