"""Times to an event: how many patients had it by the planned day of each visit, by the Kaplan-Meier curve."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.analysis.samples import TimeToEvent, parts_of
from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared, check_once
from myosotis.language.structure import Node
from myosotis.language.windows import Window
from myosotis.study.population import EVERYONE, Population

__all__ = ["EventTimes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTimes:
    """Tell how long patients were without an event: the share that had it by each visit, and the median time.

    `label` names the event. `times` gives each patient's days from day 0 and whether they ended in the event; a patient
    without it is censored on the last of those days. The share is that of the Kaplan-Meier curve on the planned day of a
    visit, with log-log limits. A patient without a time is left out and counted; where it cannot be told whether a time
    ended in the event, nothing is estimated.

    Raises `ProtocolError` without a visit after day 0, and for two visits of one label.
    """

    key: str
    title: str
    label: str
    times: TimeToEvent
    visits: tuple[Window, ...]
    population: Population = EVERYONE
    conf_level: float = 0.95
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        check_once(self, "visits", [visit.label for visit in self.visits])
        early = [visit.label for visit in self.visits if visit.target <= 0]
        if early:
            raise ProtocolError(
                f"EventTimes {self.key!r}: {', '.join(early)} is planned on day 0 or before, when nobody can have had the "
                "event yet; name later visits"
            )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {f"{self.key}: {name}": node for name, node in parts_of(self.times).items()}
