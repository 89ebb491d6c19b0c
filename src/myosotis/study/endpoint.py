"""An endpoint with its estimand: population, variable, intercurrent events and summary, all of them stated."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Literal, cast

from myosotis.errors import ProtocolError
from myosotis.language.criteria import Categories, Criterion
from myosotis.language.declared import check_fields
from myosotis.language.visit import asked_of_visit, at_visit, check_asks_visit
from myosotis.language.windows import Window
from myosotis.study.population import EVERYONE, Population

__all__ = ["Endpoint", "IntercurrentEvent"]

PROPORTION = "proportion with its exact 95% interval"
Strategy = Literal["treatment policy", "hypothetical", "composite", "while on treatment", "principal stratum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercurrentEvent:
    """Name an event after the index date that bears on the outcome, and the ICH E9(R1) strategy for it.

    Source of the five strategies: ICH E9(R1), step 4, 20 November 2019, section A.3.2.
    """

    name: str
    strategy: Strategy
    how: str

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Declare what is counted at which visits.

    `variable` is categories or a criterion of the visit at hand, such as `ck.at(Visit()) <= 150`. `if_not_evaluable` has
    no default: `level` counts a patient whose outcome cannot be told as that level (non-responder imputation names the
    worst level), `"leave_out"` takes the patient out of the denominator, and the number left out is reported.

    Raises `ProtocolError` without visits, for two of one label, for a `variable` that is the same at every visit or cannot
    be asked at one of them, and without a choice for the not evaluable.
    """

    key: str
    label: str
    variable: Categories | Criterion
    at: tuple[Window, ...]
    if_not_evaluable: str
    population: Population = EVERYONE
    intercurrent: tuple[IntercurrentEvent, ...] = ()
    summary: str = PROPORTION

    def __post_init__(self) -> None:
        if isinstance(self.variable, partial):  # as the first release asked for it
            object.__setattr__(self, "variable", asked_of_visit(self.variable))
        check_fields(self)
        labels = [visit.label for visit in self.at]
        if not labels or len(set(labels)) != len(labels):
            raise ProtocolError(
                f"the endpoint {self.key!r} has the visits {labels}; name at least one window, each once"
            )
        check_asks_visit(f"the endpoint {self.key!r}", "variable", self.variable)
        for visit in self.at:
            self.of(visit)
        allowed = ("leave_out", *self.levels)
        if self.if_not_evaluable not in allowed:
            near = get_close_matches(self.if_not_evaluable, allowed, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise ProtocolError(
                f"the endpoint {self.key!r} counts a patient it cannot judge as {self.if_not_evaluable!r}; {hint}"
                f"choose one of {', '.join(allowed)}"
            )

    @property
    def levels(self) -> tuple[str, ...]:
        """Name the levels in order: the categories, or yes and no."""
        return self.variable.levels if isinstance(self.variable, Categories) else ("yes", "no")

    def of(self, visit: Window) -> Categories | Criterion:
        """Give the variable at one visit."""
        return cast(Categories | Criterion, at_visit(self.variable, visit))
