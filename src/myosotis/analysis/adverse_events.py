"""Adverse events under a treatment: events and patients by organ class, term, grade, relation and seriousness."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared
from myosotis.language.series import Treatment
from myosotis.language.structure import Node
from myosotis.language.values import Constant, Extreme, FollowUpEnd, Value
from myosotis.language.windows import Window
from myosotis.measures.derived.events_of_interest import EventsOfInterest
from myosotis.study.population import EVERYONE, Population

__all__ = ["AT_RISK", "ON", "AdverseEvents", "lines_key"]

ON, AT_RISK = "days on treatment", "days at risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdverseEvents:
    """Count the adverse events of patients who took a treatment.

    Treatment-emergent is an event with onset from the day of the first dose to `emergent_until` days after the last,
    both included, within `follow_up`; the other events are counted apart, and so are those without an onset day.
    `follow_up` bounds events and person-time by its first and last day; `censored_at` ends them earlier for a
    patient whose value is lower (missing: the last day of `follow_up`), and so do death and the last contact. The
    denominators are the patients of `population` with at least one day on the treatment within follow-up. Groups
    `of_interest` are told even when none of their events occurred: as absent only where every event has a coded term, or
    where somebody has `looked_through` the words of those that have none; else the words that are in no group are listed.

    Raises `ProtocolError` for a negative `emergent_until`, or for two groups of interest of one key or label.

    >>> from myosotis.language import drugs
    >>> safety = AdverseEvents(
    ...     key="safety",
    ...     title="Adverse events",
    ...     treatment=drugs("baricitinib", names=("baricitinib",)),
    ...     emergent_until=30,
    ...     follow_up=Window(label="24 weeks", target=0, first=0, last=167),
    ... )
    >>> sorted(safety.nodes())[0]
    'safety: days at risk'
    """

    key: str
    title: str
    treatment: Treatment
    emergent_until: int
    follow_up: Window
    censored_at: Value | None = None
    population: Population = EVERYONE
    of_interest: tuple[EventsOfInterest, ...] = ()
    looked_through: bool = False
    conf_level: float = 0.95
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if self.emergent_until < 0:
            raise ProtocolError(
                f"the analysis {self.key!r} counts events until {self.emergent_until} days after the last dose; give the "
                "days as a number from 0"
            )
        for names in ([group.key for group in self.of_interest], [group.label for group in self.of_interest]):
            if len(set(names)) != len(names):
                raise ProtocolError(
                    f"two groups of events of interest in {self.key!r} share a key or label; rename one"
                )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        until, first, after = self._until, self.treatment.start, self.treatment.stop + float(self.emergent_until)
        start = Constant(number=float(self.follow_up.first))
        since = Extreme(which="largest", of=(first, start))
        at_most = Extreme(which="smallest", of=(after, until))
        return {
            self.name("first dose"): self.treatment.start,
            self.name("last dose"): self.treatment.stop,
            self.name(ON): self.treatment.days_on(first=self.follow_up.first, last=until),
            self.name(AT_RISK): at_most - since + 1.0,
            self.name("followed until"): until,
        }

    @property
    def _until(self) -> Value:
        own = () if self.censored_at is None else (self.censored_at,)
        return Extreme(which="smallest", of=(*own, FollowUpEnd(), Constant(number=float(self.follow_up.last))))

    def name(self, what: str) -> str:
        """Name the expression of a part of the analysis."""
        return f"{self.key}: {what}"


def lines_key(analysis: AdverseEvents) -> str:
    """Name the lines of events by which a report finds them."""
    return f"{analysis.key}-events"
