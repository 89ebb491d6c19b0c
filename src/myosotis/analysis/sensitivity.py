"""What missing values could change: one outcome under several ways of treating them, and when the answer turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from myosotis.errors import ProtocolError
from myosotis.language.criteria import Criterion
from myosotis.language.declaring import check_declared, check_once, check_unit, check_visits
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.study.population import EVERYONE, Population

__all__ = ["CHANGE_STRATEGIES", "RESPONSE_STRATEGIES", "TIPPING", "ChangeSensitivity", "ResponseSensitivity"]

# The strategies by the names of their methods, in the order in which they are told.
RESPONSE_STRATEGIES = ("observed_case", "complete_case", "non_responder", "last_observation", "best_case")
CHANGE_STRATEGIES = (
    "observed_case", "complete_case", "last_observation", "multiple_imputation", "worst_case", "best_case",
)  # fmt: skip
TIPPING = "tipping point"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSensitivity:
    """Count who responded at the last visit under each way of treating a response that cannot be told.

    `of` is a criterion of the visit at hand. Told are those observed; those observed at every visit; all, with who cannot
    be told as no response (the worst that can be); with the last response carried forward; and as response (the best).
    The tipping point is how many of the missing must have responded for the lower exact limit to reach `threshold`, a share
    above 0 and below 1. See `myosotis.statistics.responder_tipping_point`.

    Raises `ProtocolError` for fewer than two visits, two of one label, a criterion that is the same at every visit, and a
    threshold that is no share.
    """

    key: str
    title: str
    label: str
    of: Criterion
    visits: tuple[Window, ...]
    threshold: float
    conf_level: float = 0.95
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        _check_over_visits(self)
        if not 0 < self.threshold < 1:
            raise ProtocolError(
                f"the analysis {self.key!r} asks for a lower limit of {self.threshold}; give a share above 0 and below 1"
            )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {self.name(visit): at_visit(self.of, visit) for visit in self.visits}

    def name(self, visit: Window) -> str:
        """Name the expression of a visit."""
        return f"{self.key}: at {visit.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSensitivity:
    """Give the mean change from the first visit to the last under each way of treating missing numbers.

    `of` is a number of the visit at hand; `worst` and `best` are the ends of its scale. Told are patients with both visits;
    those with every visit; the last value carried forward; multiple imputation from the other visits, pooled by Rubin's
    rules; and the worst and the best that can be: a missing first value at one end of the scale, a missing last value at
    the other. The tipping point is the first of `shifts` (which hold 0), added to all imputed values, at which the pooled
    p-value crosses 0.05; without shifts there is none. See `myosotis.statistics.tipping_point`.

    Raises `ProtocolError` for fewer than two visits, two of one label, a number that is the same at every visit, a unit
    that is not its own, equal ends, fewer than two imputations, and shifts without 0.
    """

    key: str
    title: str
    label: str
    unit: str
    of: Value
    visits: tuple[Window, ...]
    worst: float
    best: float
    imputations: int = 20
    shifts: tuple[float, ...] = ()
    decimals: int = 1
    conf_level: float = 0.95
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        _check_over_visits(self)
        check_unit(self, self.unit, cast(Value, at_visit(self.of, self.visits[0])))
        if self.worst == self.best:
            raise ProtocolError(
                f"the analysis {self.key!r} gives {self.worst:g} as the worst and the best; give both ends of the scale"
            )
        if self.imputations < 2:
            raise ProtocolError(f"the analysis {self.key!r} imputes {self.imputations} times; give 2 or more")
        if self.shifts and 0 not in self.shifts:
            raise ProtocolError(f"the analysis {self.key!r} shifts imputed values, but never by 0; add 0 to its shifts")

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {self.name(visit): at_visit(self.of, visit) for visit in self.visits}

    def name(self, visit: Window) -> str:
        """Name the expression of a visit."""
        return f"{self.key}: at {visit.label}"


def _check_over_visits(analysis: ResponseSensitivity | ChangeSensitivity) -> None:
    if len(analysis.visits) < 2:
        raise ProtocolError(f"the analysis {analysis.key!r} needs two visits or more; name them")
    check_once(analysis, "visits", [visit.label for visit in analysis.visits])
    check_visits(analysis, "of", analysis.visits)
