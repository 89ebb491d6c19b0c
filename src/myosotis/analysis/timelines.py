"""Timelines: each patient's treatments, responses and events over the weeks, and each patient's glucocorticoid dose."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared, check_once, check_visits
from myosotis.language.series import Treatment
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.study.endpoint import Endpoint
from myosotis.study.population import EVERYONE, Population

__all__ = [
    "COURSES", "DOSES", "EVENTS", "LEVELS", "OPEN_LEVEL", "PULSES", "SERIOUSNESS", "STARTS", "DoseCurves", "SwimmerPlot",
]  # fmt: skip

# The listings that the figures draw, and the words of their marks.
COURSES, EVENTS, LEVELS, STARTS, DOSES, PULSES = "courses", "events", "levels", "starts", "doses", "pulses"
SERIOUSNESS = {True: "serious adverse event", False: "adverse event", None: "adverse event, seriousness open"}
OPEN_LEVEL = "not evaluable"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwimmerPlot:
    """Draw a lane per patient from day 0 to `last_day`: treatments, an endpoint's levels at its visits, and events.

    Each of `treatments` is a bar over the days that its courses cover, up to the patient's last record: whether a course
    went on after it nobody knows, and the bar says so.
    Levels stand on the day `visit_day` gives for the visit, events on the day of onset; an event without an onset day,
    or outside the days shown, is not drawn. `started` are drugs whose first start after day 0 is marked.
    Raises `ProtocolError` without a treatment and for a `last_day` before day 0.
    """

    key: str
    title: str
    treatments: tuple[Treatment, ...]
    last_day: int
    endpoint: Endpoint
    visit_day: Value
    started: Treatment | None = None
    population: Population = EVERYONE

    def __post_init__(self) -> None:
        check_declared(self)
        if not self.treatments:
            raise ProtocolError(f"the analysis {self.key!r} draws no treatment; name at least one")
        if self.last_day < 0:
            raise ProtocolError(f"the analysis {self.key!r} draws day 0 to day {self.last_day}; give a day from 0")
        check_once(self, "treatments", [treatment.drugs.label for treatment in self.treatments])
        check_visits(self, "visit_day", self.endpoint.at)

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        named: dict[str, Node] = {}
        for visit in self.endpoint.at:
            named[self.level(visit)] = self.endpoint.of(visit)
            named[self.day(visit)] = at_visit(self.visit_day, visit)
        return named

    def listing(self, what: str) -> str:
        """Name the listing of a kind of bar or mark."""
        return f"{self.key}: {self.population.key}: {what}"

    def level(self, visit: Window) -> str:
        """Name the expression of the endpoint at a visit."""
        return f"{self.endpoint.key} at {visit.label}"

    def day(self, visit: Window) -> str:
        """Name the expression of the day of a visit."""
        return f"{self.key}: day of {visit.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseCurves:
    """Draw every patient's maintenance glucocorticoid dose as prednisone equivalent per kg, `first_day` to `last_day`.

    The dose changes on the days on which a course starts or has stopped; on each it is divided by the weight nearest
    in time, at most `weight_within` days away. A curve ends with the patient's last record; days whose dose is unknown
    are a gap. Pulses are marks on their first day. Raises `ProtocolError` for a `last_day` before `first_day`.
    """

    key: str
    title: str
    last_day: int
    weight_within: int
    first_day: int = 0
    population: Population = EVERYONE

    def __post_init__(self) -> None:
        check_declared(self)
        if self.last_day < self.first_day:
            raise ProtocolError(
                f"the analysis {self.key!r} draws from day {self.first_day} to day {self.last_day}; give a later last day"
            )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated: none, since the days are each patient's own."""
        return {}

    def listing(self, what: str) -> str:
        """Name the listing of the doses or the pulses."""
        return f"{self.key}: {self.population.key}: {what}"
