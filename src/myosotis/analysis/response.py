"""Outcomes by category over visits: how many patients reached what, with exact intervals."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared, check_once
from myosotis.language.structure import Node
from myosotis.language.windows import Window
from myosotis.study.endpoint import Endpoint

__all__ = ["LEAVE_OUT", "OutcomeOverVisits"]

LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeOverVisits:
    """Count an endpoint's levels at each of its visits.

    Every level gets its count, the denominator, the proportion and its exact interval; so does each group of levels
    in `together`, for example responders of either kind. `figure` asks for the bars of all levels over the visits.

    Raises `ProtocolError` for a group named like another or like a level, and for a member that is no level.
    """

    key: str
    title: str
    endpoint: Endpoint
    together: tuple[tuple[str, tuple[str, ...]], ...] = ()
    conf_level: float = 0.95
    figure: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        levels = self.endpoint.levels
        check_once(self, "levels and groups", [*levels, *(label for label, _ in self.together)])
        for label, members in self.together:
            unknown = [member for member in members if member not in levels]
            if unknown or not members:
                raise ProtocolError(
                    f"the group {label!r} of {self.key!r} names {', '.join(map(repr, unknown)) or 'no level'}; the levels "
                    f"are {', '.join(map(repr, levels))}"
                )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {self.name(visit): self.endpoint.of(visit) for visit in self.endpoint.at}

    @property
    def levels(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Give what is counted, each with the levels that belong to it: every level by itself, and the groups of levels."""
        return (*((level, (level,)) for level in self.endpoint.levels), *self.together)

    def name(self, visit: Window) -> str:
        """Name the expression of the endpoint at a visit."""
        return f"{self.endpoint.key} at {visit.label}"
