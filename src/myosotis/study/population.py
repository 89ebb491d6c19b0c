"""A population: the patients an analysis speaks of."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.errors import ProtocolError
from myosotis.language.criteria import Criterion
from myosotis.language.declared import check_fields

__all__ = ["EVERYONE", "Population"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Name a set of included patients: those for whom `criterion` is true, or all of them without one.

    A patient for whom the criterion is not evaluable is not in the population; the report counts them.
    """

    key: str
    label: str
    criterion: Criterion | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.key.strip() or not self.label.strip():
            raise ProtocolError(f"the population {self.key!r}, {self.label!r} lacks a key or a label; give both")


EVERYONE = Population(key="full analysis", label="All included patients")
