"""Change over visits: describe a score at every visit, test it across them, and compare each visit with baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, cast

from myosotis.errors import ProtocolError
from myosotis.language.canonical import canonical
from myosotis.language.declaring import check_declared, check_once, check_unit, check_visits, formerly
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.study.population import EVERYONE, Population

__all__ = ["ASYMPTOTIC", "LEAST_OF_PAIRS", "ChangeOverVisits", "Friedman", "Outcome", "compared_visits"]

# What the results of a Friedman test call their methods, by which they are told apart.
ASYMPTOTIC = "Friedman test, chi-square, corrected for ties"
LEAST_OF_PAIRS = "exact signed-rank or sign test of two visits"


@formerly(at="value")
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Name a number that is followed over visits: `value` of the visit at hand, such as `cmas.at(Visit())`.

    `decimals` is how many its medians are printed with; `precision` to how many decimals it was recorded, so that
    differences that exist only in binary are ties. Raises `ProtocolError` for decimals or precision that is not a whole
    number from 0 to 15, and `low` above `high`.
    """

    key: str
    label: str
    unit: str
    value: Value
    decimals: int
    precision: int
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        check_declared(self)
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ProtocolError(
                f"the outcome {self.key!r} runs from {self.low} to {self.high}; give the lower end as low"
            )

    def at(self, visit: Window) -> Value:
        """Give the number at one visit."""
        return cast(Value, at_visit(self.value, visit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Friedman:
    """Ask for the Friedman test on patients seen at every visit, with comparisons of pairs of visits.

    `p` is how its p-value is got, `pairwise` and `adjust` the method for pairs and its adjustment, `against` which
    pairs: all of them or each visit with the first. See `myosotis.statistics.friedman` and `friedman_pairwise`.
    """

    p: Literal["auto", "exact", "asymptotic", "monte_carlo"]
    pairwise: Literal["dunn", "nemenyi", "conover", "exact", "permutation"]
    adjust: Literal["bonferroni", "holm", "hochberg", "hommel", "bh", "none"]
    against: Literal["all", "first"]

    def __post_init__(self) -> None:
        check_declared(self)
        if self.pairwise == "nemenyi" and self.adjust != "none":
            raise ProtocolError('the Nemenyi method allows for all pairs by itself; say adjust="none"')


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOverVisits:
    """Describe outcomes at each visit (observed n, median, quartiles), their change from the first, and test them.

    `quartiles` names the definition (see `myosotis.statistics.quantile`). Raises `ProtocolError` for fewer than two
    visits or no outcome, two of one label or key, and an outcome whose unit is not that of its value.
    """

    key: str
    title: str
    outcomes: tuple[Outcome, ...]
    visits: tuple[Window, ...]
    test: Friedman
    quartiles: int | str
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if len(self.visits) < 2 or not self.outcomes:
            raise ProtocolError(f"the analysis {self.key!r} needs two visits or more and at least one outcome")
        check_once(self, "visits", [visit.label for visit in self.visits])
        check_once(self, "outcomes", [outcome.key for outcome in self.outcomes])
        for outcome in self.outcomes:
            check_visits(outcome, "value", self.visits)
            check_unit(outcome, outcome.unit, outcome.at(self.visits[0]))
        self._check_apart()

    def _check_apart(self) -> None:
        keys: dict[str, str] = {}
        for outcome in self.outcomes:
            known = keys.setdefault(canonical(tuple(outcome.at(visit) for visit in self.visits)), outcome.key)
            if known != outcome.key:
                raise ProtocolError(
                    f"{self.key!r}: outcomes {known!r} and {outcome.key!r} are the same value at every visit; "
                    "give each its own"
                )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {self.name(outcome, visit): outcome.at(visit) for outcome in self.outcomes for visit in self.visits}

    def name(self, outcome: Outcome, visit: Window) -> str:
        """Name the expression of an outcome at a visit."""
        return f"{outcome.key} at {visit.label}"


def compared_visits(labels: Sequence[str], asked: Friedman) -> list[str]:
    """Name the pairs of visits that are compared, in the order of the visits.

    >>> test = Friedman(p="exact", pairwise="dunn", adjust="holm", against="first")
    >>> compared_visits(["week 0", "week 4", "week 12"], test)
    ['week 4 vs week 0', 'week 12 vs week 0']
    """
    pairs = combinations(labels, 2)
    return [f"{later} vs {first}" for first, later in pairs if asked.against == "all" or first == labels[0]]
