"""Concomitant drugs: who took what at the start, and which drugs were newly started up to each visit."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared, check_once, check_visits
from myosotis.language.series import Treatment
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.study.population import EVERYONE, Population

__all__ = ["ANY_OF_CLASS", "AT_THE_START", "NEW_DRUG", "ConcomitantDrugs"]

# What the results are of: drugs on day 0 and drugs begun later; and the line of a class with several drugs.
AT_THE_START, NEW_DRUG, ANY_OF_CLASS = "at the start", "new drug", "any of the class"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcomitantDrugs:
    """Count, per drug and class found in the treatments table, patients on it on day 0 and patients who newly start it.

    `treatment` names the classes or drugs looked at. A drug is new at a visit when a course of it started after day 0
    and up to the day that `visit_day` gives for the visit, that day included, and none had started on or before day 0;
    so a drug that is taken up again, or whose dose changes, is not new. Patients without the visit are left out of its
    column and counted. A patient who starts several drugs counts once in the line of each and once in the line of all.
    Raises `ProtocolError` without a visit.
    """

    key: str
    title: str
    treatment: Treatment
    visits: tuple[Window, ...]
    visit_day: Value
    population: Population = EVERYONE
    conf_level: float = 0.95
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if not self.visits:
            raise ProtocolError(f"the analysis {self.key!r} has no visit up to which drugs could be new; name one")
        check_once(self, "visits", [visit.label for visit in self.visits])
        check_visits(self, "visit_day", self.visits)

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {
            self.name("at the start"): self.treatment.taken_on(0),
            **{self.name(f"new by {visit.label}"): self.new(self.treatment, visit) for visit in self.visits},
        }

    def name(self, what: str) -> str:
        """Name the expression of a part of the analysis."""
        return f"{self.key}: {what}"

    def new(self, treatment: Treatment, visit: Window) -> Node:
        """Ask whether a treatment was new at a visit."""
        return treatment.started_between(0, at_visit(self.visit_day, visit), new_only=True)
