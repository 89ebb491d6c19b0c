"""Concomitant drugs: who took what at the start, and which drugs were newly started up to each visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.courses import course_evidence
from myosotis.analysis.declaring import check_declared, check_once, check_visits
from myosotis.analysis.gathered import Gathered
from myosotis.analysis.section import Section, cell, table
from myosotis.errors import ProtocolError
from myosotis.language.judge import judge
from myosotis.language.record import matches
from myosotis.language.sentences import sentence
from myosotis.language.series import Treatment, drugs
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.results.schema import ResultRow
from myosotis.study.population import EVERYONE, Population

__all__ = ["ConcomitantDrugs"]


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
            self._name("at the start"): self.treatment.taken_on(0),
            **{self._name(f"new by {visit.label}"): self._new(self.treatment, visit) for visit in self.visits},
        }

    def compute(self, cohort: Cohort) -> Section:
        """Compute every number of the analysis."""
        base = {"study": cohort.study, "analysis": self.key, "population": self.population.key}
        made = Gathered(cohort=cohort, base=base)
        for moment in self._moments():
            part = made.part(self._name(moment), self.population.key, "", f"{self.treatment.drugs.label} {moment}")
            self._count(made, self.treatment.drugs.label, moment, part.results, part.id)
        found = self._found(cohort)
        for drug_class, names in found.items():
            for name in names:
                of = self._of(cohort, drug_class, (name,))
                self._judged(made, of, f"{drug_class}: {name}", drug_class, name)
            if len(names) > 1:
                of = self._of(cohort, drug_class, names)
                self._judged(made, of, f"{drug_class}: all", drug_class, "any of the class")
        return Section(
            rows=tuple(made.rows.values()),
            contributions=tuple(made.parts),
            tables=(self._table(made.rows, found),),
            findings=({"heading": self.title, "sentences": self._sentences(made.rows)},),
            methods=({"heading": self.title, "sentences": self._methods()},),
        )

    def _name(self, what: str) -> str:
        return f"{self.key}: {what}"

    def _moments(self) -> list[str]:
        return ["at the start", *(f"new by {visit.label}" for visit in self.visits)]

    def _new(self, treatment: Treatment, visit: Window) -> Node:
        return treatment.started_between(0, at_visit(self.visit_day, visit), new_only=True)

    def _found(self, cohort: Cohort) -> dict[str, list[str]]:
        """List the drugs that any patient of the population has had from day 0 on, by class."""
        found: dict[str, set[str]] = {}
        for patient in cohort.patients(self.population.key):
            for row in cohort.records[patient].treatments:
                over = row["stop_high"] < 0
                if matches(self.treatment.drugs, row) and not over:
                    found.setdefault(row["drug_class"] or "class not recorded", set()).add(row["drug"])
        return {drug_class: sorted(found[drug_class]) for drug_class in sorted(found)}

    def _of(self, cohort: Cohort, drug_class: str, names: Sequence[str]) -> Treatment:
        """Name drugs within one class; the same drug may stand in another, as a pulse does beside maintenance."""
        out = self.treatment.drugs
        records = (cohort.records[patient] for patient in cohort.patients(self.population.key))
        classes = {row["drug_class"] for record in records for row in record.treatments} - {None, drug_class}
        others = tuple(sorted(classes | set(out.except_classes)))
        label = names[0] if len(names) == 1 else drug_class
        return drugs(label, names=tuple(names), except_names=out.except_names, except_classes=others)

    def _judged(self, made: Gathered, of: Treatment, key: str, drug_class: str, name: str) -> None:
        """Ask every patient of the population; the drugs are known only once the table is read."""
        cohort = made.cohort
        asked = [("at the start", of.taken_on(0)), *((f"new by {v.label}", self._new(of, v)) for v in self.visits)]
        for moment, node in asked:
            results, rows = {}, []
            for patient in cohort.patients(self.population.key):
                outcome = judge(node, cohort.records[patient])
                results[patient] = outcome.result
                concerned = [
                    row
                    for row in cohort.records[patient].treatments
                    if outcome.result is True and matches(of.drugs, row)
                ]
                verdict = {True: moment, False: f"not {moment}", None: "not evaluable"}[outcome.result]  # type: ignore[index]
                rows += course_evidence(patient, concerned, {"item": of.drugs.label, "text": verdict})
            part = cohort.of_rows(
                f"{self.key}: {self.population.key}: {key}: {moment}", rows, f"Patients with {name} {moment}"
            )
            made.parts.append(part)
            self._count(made, key, moment, results, part.id, variable=drug_class, level=name)

    def _count(
        self, made: Gathered, key: str, moment: str, results: Mapping[str, object], provenance: str, **keys: str
    ) -> None:
        visit = next((v for v in self.visits if moment == f"new by {v.label}"), None)
        named: dict[str, Any] = {
            "endpoint": "new drug" if visit else "at the start",
            "provenance_id": provenance,
            **keys,
        }
        if visit is not None:
            named |= {"visit": visit.label, "week": visit.week}
        known = [result for result in results.values() if result is not None]
        shared = {**made.base, "variable": self.treatment.drugs.label, **named}
        count = sum(result is True for result in known)
        name = f"{key} {moment}"
        made.share(name, count, len(known), shared, self.conf_level, "no patient was seen at the visit")
        open_ = float(len(results) - len(known))
        made.add(f"{name} open", ResultRow(**shared, statistic="n_not_evaluable", number=open_))

    def _table(self, rows: Mapping[str, ResultRow], found: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        moments = self._moments()

        def line(label: str, key: str, indent: int) -> dict[str, Any]:
            cells = [cell("n_of_total", rows[f"{key} {m} count"], rows[f"{key} {m} total"]) for m in moments]
            return {"label": label, "indent": indent, "cells": cells}

        label = self.treatment.drugs.label
        lines = [line(f"Any {label}", label, 0)]
        for drug_class, names in found.items():
            title = drug_class[:1].upper() + drug_class[1:]
            if len(names) > 1:
                lines.append(line(title, f"{drug_class}: all", 0))
            else:
                lines.append({"label": title, "heading": True, "cells": [None] * len(moments)})
            lines += [line(name, f"{drug_class}: {name}", 1) for name in names]
        columns = [("At the start", ""), *((f"New by {visit.label}", "") for visit in self.visits)]
        return table(
            self.key,
            self.title,
            columns=[{"label": one, "sub": sub} for one, sub in columns],
            rows=lines,
            note="n/N (%) of the patients seen. New: first started after day 0; changes of dose and drugs taken up again "
            f"are not new. {self.note}".strip(),
        )

    def _sentences(self, rows: Mapping[str, ResultRow]) -> list[dict[str, Any]]:
        label, last = self.treatment.drugs.label, self.visits[-1].label
        new = f"{label} new by {last}"
        values = {
            "new": cell(
                "n_of_total_interval", *(rows[f"{new} {s}"] for s in ("count", "total", "conf_low", "conf_high"))
            )
        }
        return [{"template": f"By {last}, {{new}} had newly started one of them.", "values": values}]

    def _methods(self) -> list[str]:
        node = self._new(self.treatment, self.visits[-1])
        return [
            f"Concomitant drugs are those of the treatments table: {self.treatment.drugs.label} taken on day 0, or, as new "
            f"by {self.visits[-1].label}, {sentence(node)}."
        ]
