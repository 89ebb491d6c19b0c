"""Organ outcomes: of the patients with a condition at baseline, how many improved, stayed stable, resolved or worsened."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared
from myosotis.language.structure import Node
from myosotis.language.windows import Window
from myosotis.study.population import EVERYONE, Population

__all__ = ["OrganOutcomes", "lines_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganOutcomes:
    """Count the outcomes at a visit of conditions that were present at baseline, patient by patient.

    `conditions` are names of the conditions table. The outcomes (see `myosotis.measures.derived.organ_course`) add up to the
    patients with the condition at baseline; patients in whom it was first recorded afterwards are counted apart, and
    so are those whose baseline contradicts itself. Raises `ProtocolError` when the visit's window begins before the
    baseline's has ended, or a condition is named twice.

    >>> from myosotis.language import baseline_window, week
    >>> OrganOutcomes(
    ...     key="organs",
    ...     title="Organ outcomes",
    ...     conditions=("ILD", "calcinosis"),
    ...     baseline=baseline_window(days=28),
    ...     visit=week(24, give_or_take=28),
    ... ).nodes()
    {}
    """

    key: str
    title: str
    conditions: tuple[str, ...]
    baseline: Window
    visit: Window
    population: Population = EVERYONE
    conf_level: float = 0.95
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if self.visit.first <= self.baseline.last:
            raise ProtocolError(
                f"in {self.key!r} {self.visit.label} begins on day {self.visit.first}, before {self.baseline.label} has "
                f"ended (day {self.baseline.last}); one record would count for both"
            )
        if not self.conditions or len(set(self.conditions)) != len(self.conditions):
            raise ProtocolError(f"the analysis {self.key!r} needs at least one condition, and each once")

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated: none, since statuses are read from the rows themselves."""
        return {}


def lines_key(analysis: OrganOutcomes) -> str:
    """Name the lines of patients by which a report finds them."""
    return f"{analysis.key}-patients"
