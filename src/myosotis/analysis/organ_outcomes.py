"""Organ outcomes: of the patients with a condition at baseline, how many improved, stayed stable, resolved or worsened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution, evidence_row
from myosotis.analysis.declaring import check_declared
from myosotis.analysis.organ_course import (
    AT_BASELINE,
    BASELINE_OPEN,
    NEW,
    OUTCOMES,
    STATUS_WORDS,
    Course,
    course,
    course_line,
    course_rows,
)
from myosotis.analysis.section import Section, cell, table
from myosotis.errors import ProtocolError
from myosotis.language.structure import Node
from myosotis.language.windows import Window
from myosotis.results.schema import ResultRow
from myosotis.study.population import EVERYONE, Population

__all__ = ["OrganOutcomes"]

_METHOD = "Clopper-Pearson"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganOutcomes:
    """Count the outcomes at a visit of conditions that were present at baseline, patient by patient.

    `conditions` are names of the conditions table. The outcomes (see `myosotis.analysis.organ_course`) add up to the
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

    def compute(self, cohort: Cohort) -> Section:
        """Compute every number of the analysis."""
        patients = cohort.patients(self.population.key)
        courses = {name: self._courses(cohort, patients, name) for name in self.conditions}
        counted = {name: self._count(cohort, name, patients, found) for name, found in courses.items()}
        return Section(
            rows=tuple(row for one in counted.values() for row in one.rows.values()),
            contributions=tuple(part for one in counted.values() for part in one.parts),
            provenance=tuple(row for one in counted.values() for row in one.provenance),
            tables=(self._table(counted),),
            findings=({"heading": self.title, "sentences": [self._sentence(n, c) for n, c in counted.items()]},),
            methods=({"heading": self.title, "sentences": self._methods()},),
            listings_shown=(self._listing([one for found in courses.values() for one in found]),),
            limits=tuple(limit for name, one in counted.items() for limit in self._limits(name, one)),
        )

    def _courses(self, cohort: Cohort, patients: Sequence[str], name: str) -> list[Course]:
        judged = (course(cohort.records[patient], name, self.baseline, self.visit) for patient in patients)
        return [one for one in judged if one is not None]

    def _count(self, cohort: Cohort, name: str, patients: Sequence[str], courses: Sequence[Course]) -> _Counted:
        shared: dict[str, Any] = {
            "study": cohort.study, "analysis": self.key, "endpoint": name, "population": self.population.key,
        }  # fmt: skip
        present = [one for one in courses if one.outcome in AT_BASELINE]
        with_it = self._part(cohort, name, "at baseline", present)
        everyone = self._everyone(cohort, name, patients, courses)
        rows = {
            "n": ResultRow(
                **shared,
                variable="at baseline",
                statistic="n",
                number=float(len(present)),
                provenance_id=with_it.id if present else everyone.id,
            )
        }
        parts, provenance = [with_it, everyone], []
        for outcome in OUTCOMES:
            members = [one for one in present if one.outcome == outcome]
            part = self._part(cohort, name, outcome, members)
            joint = cohort.joint(
                [part, with_it if present else everyone],
                f"{name} {outcome} at {self.visit.label} among those with it at baseline",
            )
            keys = {
                **shared,
                "variable": "outcome",
                "level": outcome,
                "visit": self.visit.label,
                "week": self.visit.week,
            }
            rows |= {
                f"{outcome} {statistic}": row
                for statistic, row in self._share(members, present, keys, part, with_it, joint).items()
            }
            parts.append(part)
            provenance.append(joint)
        for outcome in (NEW, BASELINE_OPEN):
            members = [one for one in courses if one.outcome == outcome]
            part = self._part(cohort, name, outcome, members)
            rows[outcome] = ResultRow(
                **shared,
                variable=outcome,
                statistic="count",
                number=float(len(members)),
                provenance_id=part.id if members else everyone.id,
            )
            parts.append(part)
        return _Counted(rows=rows, parts=tuple(parts), provenance=tuple(provenance))

    def _share(
        self,
        members: Sequence[Course],
        present: Sequence[Course],
        keys: Mapping[str, Any],
        part: Contribution,
        with_it: Contribution,
        joint: Mapping[str, Any],
    ) -> dict[str, ResultRow]:
        from myosotis.statistics import clopper_pearson

        count, total = len(members), len(present)
        shared: dict[str, Any] = {**keys, "provenance_id": joint["provenance_id"]}
        # A count of nothing leads to the patients in whom nothing was found.
        counted: dict[str, Any] = {**keys, "provenance_id": part.id} if members else shared
        whole: dict[str, Any] = {**keys, "provenance_id": with_it.id} if present else shared
        rows = {
            "count": ResultRow(**counted, statistic="count", number=float(count)),
            "total": ResultRow(**whole, statistic="total", number=float(total)),
        }
        if total == 0:
            nobody: dict[str, Any] = {**shared, "status": "not_estimable", "note": "no patient had it at baseline"}
            return rows | {
                name: ResultRow(**nobody, statistic=name, number=None)
                for name in ("proportion", "conf_low", "conf_high")
            }
        interval = clopper_pearson(count, total, self.conf_level)
        exact: dict[str, Any] = {**shared, "method": _METHOD, "conf_level": self.conf_level}
        return rows | {
            "proportion": ResultRow(**shared, statistic="proportion", number=count / total),
            "conf_low": ResultRow(**exact, statistic="conf_low", number=interval.low),
            "conf_high": ResultRow(**exact, statistic="conf_high", number=interval.high),
        }

    def _everyone(self, cohort: Cohort, name: str, patients: Sequence[str], courses: Sequence[Course]) -> Contribution:
        """List what was found in each patient of the population."""
        found = {one.patient: f"{one.outcome}: {one.rule}" for one in courses}
        return cohort.of_rows(
            f"{self.key}: {self.population.key}: {name}: everyone",
            [
                evidence_row(
                    patient, "value", {"item": name, "text": found.get(patient, "no record"), "source_row": None}
                )
                for patient in patients
            ],
            f"Every patient of the population and what is recorded of {name}",
        )

    def _part(self, cohort: Cohort, name: str, what: str, courses: Sequence[Course]) -> Contribution:
        return cohort.of_rows(
            f"{self.key}: {self.population.key}: {name}: {what}",
            [row for one in courses for row in course_rows(one)],
            f"Patients with {name}: {what}",
        )

    def _table(self, counted: Mapping[str, _Counted]) -> dict[str, Any]:
        heads = [(f"At {self.baseline.label}", "patients"), *((one[:1].upper() + one[1:], "") for one in OUTCOMES)]
        return table(
            self.key,
            self.title,
            columns=[{"label": label, "sub": sub} for label, sub in (*heads, (NEW[:1].upper() + NEW[1:], "apart"))],
            rows=[
                {
                    "label": name,
                    "cells": [
                        cell("integer", one.rows["n"]),
                        *(cell("n_of_total", one.rows[f"{o} count"], one.rows[f"{o} total"]) for o in OUTCOMES),
                        cell("integer", one.rows[NEW]),
                    ],
                }
                for name, one in counted.items()
            ],
            note=f"At {self.visit.label}, n/N (%) of the patients with the condition at {self.baseline.label}; the outcomes "
            f"add up to them. {self.note}".strip(),
        )

    def _sentence(self, name: str, one: _Counted) -> dict[str, Any]:
        shown = [outcome for outcome in OUTCOMES if one.rows[f"{outcome} count"].number]
        values = {
            f"o{i}": cell("n_of_total", one.rows[f"{outcome} count"], one.rows[f"{outcome} total"])
            for i, outcome in enumerate(shown)
        }
        words = "; ".join(f"{outcome} {{o{i}}}" for i, outcome in enumerate(shown)) or "no one to follow"
        template = f"Patients with {name} at {self.baseline.label}: {{n}}. At {self.visit.label}: {words}. "
        template += f"{NEW[:1].upper()}{NEW[1:]}: {{new}}."
        values |= {"n": cell("integer", one.rows["n"]), "new": cell("integer", one.rows[NEW])}
        return {"template": template, "values": values}

    def _limits(self, name: str, one: _Counted) -> list[dict[str, Any]]:
        if not one.rows[BASELINE_OPEN].number:
            return []
        template = (
            f"{name}: patients whose status at {self.baseline.label} contradicts itself or was recorded only earlier, "
        )
        template += "counted neither as present nor as absent: {n}; the listing names them."
        return [{"template": template, "values": {"n": cell("integer", one.rows[BASELINE_OPEN])}}]

    def _methods(self) -> list[str]:
        words = "; ".join(f"{outcome}: {', '.join(statuses)}" for outcome, statuses in STATUS_WORDS.items())
        return [
            f"Conditions: {', '.join(self.conditions)}. One was present at baseline if the latest record in {self.baseline} "
            "does not say that it was absent or resolved.",
            f"The outcome is the status on the latest day in {self.visit} ({words}). No record is not assessed; different "
            "statuses on that day, or one that says nothing of the course, are not evaluable. A patient without any record "
            "of a condition is taken not to have it.",
        ]

    def _listing(self, courses: Sequence[Course]) -> dict[str, Any]:
        return {
            "key": f"{self.key}-patients",
            "title": f"{self.title}, patient by patient",
            "columns": [
                "Patient",
                "Condition",
                f"At {self.baseline.label}",
                f"At {self.visit.label}",
                "Outcome",
                "Rule",
                "Source",
            ],
            "rows": [course_line(one) for one in sorted(courses, key=lambda one: (one.condition, one.patient))],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """Hold the results of one condition by outcome and statistic, with their sources."""

    rows: Mapping[str, ResultRow]
    parts: tuple[Contribution, ...]
    provenance: tuple[Mapping[str, Any], ...]
