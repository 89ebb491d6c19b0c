"""Glucocorticoid taper: dose at each visit, two kinds of percent reduction, cumulative dose, and time to taper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared, check_once, check_visits
from myosotis.language.structure import Node
from myosotis.language.values import Constant, Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.measures.glucocorticoids import (
    glucocorticoid_dose_on,
    glucocorticoid_dose_per_weight_on,
    maintenance_prednisone_equivalent,
    pulse_prednisone_equivalent,
)
from myosotis.measures.observations import weight
from myosotis.study.population import EVERYONE, Population

if TYPE_CHECKING:
    pass

__all__ = ["MG", "MG_PER_KG", "TIMES", "GlucocorticoidTaper"]

MG, MG_PER_KG = "mg/day", "mg/kg/day"
TIMES = {"half dose": 0.5, "no dose": 0.0}  # what is waited for, as a share of the first visit's dose


@dataclass(frozen=True, slots=True, kw_only=True)
class GlucocorticoidTaper:
    """Follow the maintenance glucocorticoid dose, as prednisone equivalent, from the first visit to the last.

    The dose of a visit is that of the courses on the day that `visit_day` gives for it, pulses left out; per kg it is
    divided by the weight nearest in time, at most `weight_within` days away. A patient's own reduction is in percent of
    the first visit's dose, and does not exist when that is 0; the change of medians compares the medians of a visit and
    the first. Cumulative doses run from day 1 to `last_day`, and so do times to half the first visit's dose and to no
    dose. Each of `subgroups` is described beside the whole `population`.

    Raises `ProtocolError` for fewer than two visits and for a `last_day` before day 1.
    """

    key: str
    title: str
    visits: tuple[Window, ...]
    visit_day: Value
    weight_within: int
    last_day: int
    quartiles: int | str
    population: Population = EVERYONE
    subgroups: tuple[Population, ...] = ()
    conf_level: float = 0.95
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if len(self.visits) < 2 or self.last_day < 1:
            raise ProtocolError(
                f"the analysis {self.key!r} has {len(self.visits)} visits and ends on day {self.last_day}; give two visits "
                "or more and a last day from 1"
            )
        check_once(self, "visits", [visit.label for visit in self.visits])
        check_once(self, "populations", [population.key for population in self.populations])
        check_visits(self, "visit_day", self.visits)

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        interval = Window(label=f"day 1 to day {self.last_day}", target=1, first=1, last=self.last_day)
        maintenance = maintenance_prednisone_equivalent.at(interval)
        assert isinstance(maintenance, Value)
        kilograms = weight.nearest(Constant(number=0.0), within=self.weight_within)
        named: dict[str, Node] = {
            self.name("cumulative dose"): maintenance,
            self.name("cumulative dose per kg"): maintenance / kilograms,
            self.name("pulses"): pulse_prednisone_equivalent.at(interval),
        }
        for visit in self.visits:
            day = at_visit(self.visit_day, visit)
            named[self.name(f"{MG} at {visit.label}")] = glucocorticoid_dose_on(day)
            named[self.name(f"{MG_PER_KG} at {visit.label}")] = glucocorticoid_dose_per_weight_on(
                day, within=self.weight_within
            )
        return named

    @property
    def populations(self) -> tuple[Population, ...]:
        """Give the whole population first, then those shown apart."""
        return (self.population, *self.subgroups)

    def name(self, what: str) -> str:
        """Name an expression of the analysis."""
        return f"{self.key}: {what}"
