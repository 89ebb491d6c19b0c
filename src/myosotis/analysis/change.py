"""Change over visits: describe a score at every visit, test it across them, and compare each visit with baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, cast

from myosotis.analysis.change_layout import ADJUSTMENTS, METHODS, pairs_table, tests_table
from myosotis.analysis.change_tests import describe_changes, describe_visits, test_visits
from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.declaring import check_declared, check_once, check_unit, check_visits
from myosotis.analysis.section import Section, begin_lower, begin_upper, cell, nobody_to_draw, table
from myosotis.errors import ProtocolError
from myosotis.language.structure import Node, canonical
from myosotis.language.values import Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.results.schema import ResultRow
from myosotis.study.population import EVERYONE, Population

__all__ = ["ChangeOverVisits", "Friedman", "Outcome"]


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
                    f"{self.key!r}: outcomes {known!r} and {outcome.key!r} are the same value at every visit; give each its "
                    "own. A lambda in a loop looks at the loop's variable only when the loop is over: write at=series.at"
                )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {self._name(outcome, visit): outcome.at(visit) for outcome in self.outcomes for visit in self.visits}

    def compute(self, cohort: Cohort) -> Section:
        """Compute every number of the analysis."""
        parts = [self._outcome(outcome, cohort) for outcome in self.outcomes]
        rows = [row for part in parts for row in part.rows]
        described = table(
            self.key,
            self.title,
            columns=[{"label": visit.label, "sub": ""} for visit in self.visits],
            rows=[line for part in parts for line in part.tables],
            note=self._table_note(),
        )
        by_key = {
            (row.endpoint, row.comparison, row.statistic, row.method): row for row in rows if row.variable == "test"
        }
        return Section(
            rows=tuple(rows),
            contributions=tuple(one for part in parts for one in part.contributions),
            provenance=tuple(one for part in parts for one in part.provenance),
            tables=(described, tests_table(self, by_key), pairs_table(self, by_key)),
            figures=tuple(one for part in parts for one in part.figures),
            findings=({"heading": self.title, "sentences": [s for part in parts for s in part.findings]},),
            methods=({"heading": self.title, "sentences": self._methods()},),
            limits=(*(one for part in parts for one in part.limits), *nobody_to_draw(self, cohort)),
        )

    def _name(self, outcome: Outcome, visit: Window) -> str:
        return f"{outcome.key} at {visit.label}"

    def _outcome(self, outcome: Outcome, cohort: Cohort) -> Section:
        contributions = [
            cohort.contribution(
                self._name(outcome, visit),
                self.population.key,
                unit=outcome.unit,
                item=f"{outcome.label} at {visit.label}",
            )
            for visit in self.visits
        ]
        base = {"study": cohort.study, "analysis": self.key, "endpoint": outcome.key, "population": self.population.key}
        described = describe_visits(self, outcome, contributions, base)
        changed, change_provenance = describe_changes(self, outcome, contributions, base, cohort)
        tested = test_visits(self, outcome, contributions, base, cohort)
        return Section(
            rows=(*described.values(), *changed.values(), *tested.rows),
            contributions=tuple(contributions),
            provenance=(*change_provenance, *tested.provenance),
            tables=tuple(self._lines(outcome, described, changed, tested.by_key)),
            # Of nobody there is nothing to draw; a figure of no lines would only look like one that went wrong.
            figures=(self._figure(outcome, contributions, described),) if contributions[0].results else (),
            findings=tuple(self._sentences(outcome, described, tested.by_key)),
            limits=tested.limits,
        )

    def _lines(
        self,
        outcome: Outcome,
        described: Mapping[tuple[str, str], ResultRow],
        changed: Mapping[tuple[str, str], ResultRow],
        tested: Mapping[tuple[str, str], ResultRow],
    ) -> list[dict[str, Any]]:
        first = self.visits[0]
        unit = "" if outcome.unit in ("points", "", "1") else f", {outcome.unit}"
        heading = {"label": f"{outcome.label}{unit}", "heading": True, "cells": [None] * len(self.visits)}

        def line(label: str, cells: Sequence[dict[str, Any] | None]) -> dict[str, Any]:
            return {"label": label, "indent": 1, "cells": list(cells)}

        medians = [
            cell(
                "median_iqr",
                *(described[(visit.label, name)] for name in ("median", "q1", "q3")),
                decimals=outcome.decimals,
            )
            for visit in self.visits
        ]
        changes = [None] + [
            cell(
                "median_iqr",
                *(changed[(visit.label, name)] for name in ("median", "q1", "q3")),
                decimals=outcome.decimals,
            )
            for visit in self.visits[1:]
        ]
        adjusted = [None] + [
            cell("p_value", tested[(f"{visit.label} vs {first.label}", "p_adjusted")]) for visit in self.visits[1:]
        ]
        return [
            heading,
            line("n", [cell("integer", described[(visit.label, "n")]) for visit in self.visits]),
            line("median [Q1, Q3]", medians),
            line(f"change from {first.label}, median [Q1, Q3]", changes),
            line(f"adjusted p against {first.label}", adjusted),
        ]

    def _figure(
        self, outcome: Outcome, contributions: Sequence[Contribution], described: Mapping[tuple[str, str], ResultRow]
    ) -> dict[str, Any]:
        series = [
            {
                "visit": visit.label,
                "week": visit.week,
                "listing_id": part.provenance["listing_id"],
                **{name: described[(visit.label, name)].id for name in ("median", "q1", "q3", "n")},
            }
            for visit, part in zip(self.visits, contributions, strict=True)
        ]
        patients = begin_lower(self.population.label)
        return {
            "key": f"{self.key}-{outcome.key}",
            "title": outcome.label,
            "caption": f"Every line is a patient ({patients}); the heavy line joins the medians.",
            "caption_of_all": f"The line joins the medians ({patients}); the band spans the quartiles.",
            "kind": "trajectories",
            "y": {"label": outcome.label, "unit": outcome.unit, "low": outcome.low, "high": outcome.high},
            "series": series,
        }

    def _sentences(
        self,
        outcome: Outcome,
        described: Mapping[tuple[str, str], ResultRow],
        tested: Mapping[tuple[str, str], ResultRow],
    ) -> list[dict[str, Any]]:
        first, last = self.visits[0], self.visits[-1]
        summaries = {
            name: cell(
                "median_iqr",
                *(described[(visit.label, one)] for one in ("median", "q1", "q3")),
                decimals=outcome.decimals,
            )
            for name, visit in (("first", first), ("last", last))
        }
        values = {
            **summaries,
            "n_first": cell("integer", described[(first.label, "n")]),
            "n_last": cell("integer", described[(last.label, "n")]),
            "p": cell("p_equals", tested[("", "p_value")]),
            "n": cell("integer", tested[("", "n")]),
            "pair": cell("p_equals", tested[(f"{last.label} vs {first.label}", "p_adjusted")]),
        }
        template = (
            f"{begin_upper(outcome.label)} was {{first}} at {first.label} (n = {{n_first}}) and {{last}} at {last.label} "
            f"(n = {{n_last}}). Across all visits the Friedman test gave {{p}} on {{n}} patients seen at each of them; "
            f"{last.label} against {first.label}, adjusted: {{pair}}."
        )
        return [{"template": template, "values": values}]

    def _table_note(self) -> str:
        test = self.test
        pairs = "all pairs of visits" if test.against == "all" else f"each visit against {self.visits[0].label}"
        text = (
            f"{self.population.label}. Quartiles by definition {self.quartiles}. "
            f"Pairs by {METHODS[test.pairwise]}, {ADJUSTMENTS[test.adjust]}, over {pairs}."
        )
        return f"{text} {self.note}".strip()

    def _methods(self) -> list[str]:
        from myosotis.language.sentences import sentence

        test = self.test
        many = len(list(combinations(self.visits, 2))) if test.against == "all" else len(self.visits) - 1
        named = "; ".join(f"{outcome.label}: {sentence(outcome.at(self.visits[0]))}" for outcome in self.outcomes)
        return [
            f"Followed were, in {self.population.label.lower()}, {named}.",
            f"Each visit is described by the number observed, the median and the quartiles (definition {self.quartiles}).",
            "Patients with a value at every visit entered the Friedman test (complete cases); others were left out of it "
            "and are counted.",
            f"Pairs of visits were compared by {METHODS[test.pairwise]}; {ADJUSTMENTS[test.adjust]}, over {many} "
            "comparisons.",
        ]
