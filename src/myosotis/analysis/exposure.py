"""Exposure to a drug: patient-time with interruptions, dose by weight, doses below the label, and why it was stopped."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.core.units import normal
from myosotis.errors import ProtocolError
from myosotis.language.criteria import Criterion
from myosotis.language.declaring import check_declared, check_once, check_visits
from myosotis.language.series import Series, Treatment
from myosotis.language.structure import Node
from myosotis.language.values import Constant, Missing, Value, Where
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.study.population import EVERYONE, Population

__all__ = [
    "BELOW_LABEL", "DOSE", "INEXACT", "INTERRUPTED", "OTHER_UNIT", "OVERLAPPING", "PER_KG", "STOPPED", "TIME_ON_DRUG", "WHY",
    "Exposure", "lines_key",
]  # fmt: skip

# What the results are of, by which they are found again.
TIME_ON_DRUG, DOSE, PER_KG, BELOW_LABEL = "time on drug", "daily dose", "daily dose per kg", "below the label’s dose"
INTERRUPTED, STOPPED = "interrupted", "stopped"
WHY = {INTERRUPTED: "reason for interrupting", STOPPED: "reason for stopping"}
OVERLAPPING, INEXACT, OTHER_UNIT = "courses: overlapping", "courses: inexact", "courses: other unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Describe how much of a drug the patients of a population took from day 0 to `last_day`, both included.

    A course covers its start to its stop day, both included, and runs to `last_day` without a stop; days that several
    courses cover count once, days between two courses do not count. The daily dose is dose times times per day, summed
    over the courses of the day; per kg it is divided by the weight nearest in time, at most `weight_within` days away
    (ties: earlier day, then lower source row). It is described on day 0 and on the day `visit_day` gives for each of
    `visits`, for patients who take the drug on that day. `below_label` is asked of each patient where it is given.

    Raises `ProtocolError` for a `last_day` before day 0.
    """

    key: str
    title: str
    treatment: Treatment
    last_day: int
    weight: Series
    weight_within: int
    quartiles: int | str
    visits: tuple[Window, ...] = ()
    visit_day: Value | None = None
    below_label: Criterion | None = None
    unit: str = "mg"
    decimals: int = 2
    conf_level: float = 0.95
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if self.last_day < 0:
            raise ProtocolError(f"the analysis {self.key!r} follows exposure to day {self.last_day}; give a day from 0")
        if normal(self.unit) != "mg" and not self.treatment.drugs.factors:
            raise ProtocolError(
                f"the analysis {self.key!r} says {self.unit!r}, but doses are counted in mg; write unit='mg'"
            )
        if self.visits and self.visit_day is None:
            raise ProtocolError(f"the analysis {self.key!r} has visits but no visit_day; say on which day a visit is")
        if self.visit_day is not None and self.visits:
            check_once(self, "visits", [visit.label for visit in self.visits])
            check_visits(self, "visit_day", self.visits)

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        named: dict[str, Node] = {
            self.name("days"): self.treatment.days_on(first=0, last=self.last_day),
            self.name("dose at the start"): self._dose(Constant(number=0.0)),
            **{self.name(f"dose per kg {when}"): self._per_kg(day) for when, _, day in self.moments()},
        }
        if self.below_label is not None:
            named[self.name("below label")] = self.below_label
        return named

    def name(self, what: str) -> str:
        """Name the expression of a part of the analysis."""
        return f"{self.key}: {what}"

    def moments(self) -> list[tuple[str, float | None, Value]]:
        """List the moments at which the dose per kg is described: words, week and day."""
        found: list[tuple[str, float | None, Value]] = [("at the start", 0.0, Constant(number=0.0))]
        if self.visit_day is not None:
            found += [(f"at {visit.label}", visit.week, at_visit(self.visit_day, visit)) for visit in self.visits]
        return found

    def _dose(self, day: Value) -> Value:
        """Give the dose on a day on which the drug is taken, else nothing: a pause is not a low dose."""
        taken = self.treatment.taken_on(day)
        return Where(criterion=taken, then=self.treatment.dose_at(day), otherwise=Missing())

    def _per_kg(self, day: Value) -> Value:
        return self._dose(day) / self.weight.nearest(day, within=self.weight_within)


def lines_key(analysis: Exposure) -> str:
    """Name the interruptions and stops by which a report finds them."""
    return f"{analysis.key}-pauses"
