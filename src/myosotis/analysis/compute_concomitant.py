"""Compute concomitant drugs: who took each at the start and at the visits, and who began one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.concomitant import ANY_OF_CLASS, AT_THE_START, NEW_DRUG, ConcomitantDrugs
from myosotis.analysis.courses import course_evidence
from myosotis.analysis.estimators import count_row
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.result_set import ResultSet
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import matches
from myosotis.language.series import Treatment, drugs

__all__ = ["compute_concomitant"]


def compute_concomitant(analysis: ConcomitantDrugs, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    base = {"study": cohort.study, "analysis": analysis.key, "population": analysis.population.key}
    made = ResultSet(cohort=cohort, base=base)
    for moment in _moments(analysis):
        part = made.part(
            analysis.name(moment), analysis.population.key, "", f"{analysis.treatment.drugs.label} {moment}"
        )
        _count(analysis, made, analysis.treatment.drugs.label, moment, part.results, part.id)
    found = _found(analysis, cohort)
    for drug_class, names in found.items():
        for name in names:
            of = _of(analysis, cohort, drug_class, (name,))
            _judged(analysis, made, of, f"{drug_class}: {name}", drug_class, name)
        if len(names) > 1:
            of = _of(analysis, cohort, drug_class, names)
            _judged(analysis, made, of, f"{drug_class}: all", drug_class, ANY_OF_CLASS)
    return AnalysisOutput(
        rows=tuple(made.rows.values()),
        contributions=tuple(made.parts),
    )


def _moments(analysis: ConcomitantDrugs) -> list[str]:
    return ["at the start", *(f"new by {visit.label}" for visit in analysis.visits)]


def _found(analysis: ConcomitantDrugs, cohort: Cohort) -> dict[str, list[str]]:
    """List the drugs that any patient of the population has had from day 0 on, by class."""
    found: dict[str, set[str]] = {}
    for patient in cohort.patients(analysis.population.key):
        for row in cohort.records[patient].treatments:
            over = row["stop_high"] < 0
            if matches(analysis.treatment.drugs, row) and not over:
                found.setdefault(row["drug_class"] or "class not recorded", set()).add(row["drug"])
    return {drug_class: sorted(found[drug_class]) for drug_class in sorted(found)}


def _of(analysis: ConcomitantDrugs, cohort: Cohort, drug_class: str, names: Sequence[str]) -> Treatment:
    """Name drugs within one class; the same drug may stand in another, as a pulse does beside maintenance."""
    out = analysis.treatment.drugs
    records = (cohort.records[patient] for patient in cohort.patients(analysis.population.key))
    classes = {row["drug_class"] for record in records for row in record.treatments} - {None, drug_class}
    others = tuple(sorted(classes | set(out.except_classes)))
    label = names[0] if len(names) == 1 else drug_class
    return drugs(label, names=tuple(names), except_names=out.except_names, except_classes=others)


def _judged(analysis: ConcomitantDrugs, made: ResultSet, of: Treatment, key: str, drug_class: str, name: str) -> None:
    """Ask every patient of the population; the drugs are known only once the table is read."""
    cohort = made.cohort
    asked = [("at the start", of.taken_on(0)), *((f"new by {v.label}", analysis.new(of, v)) for v in analysis.visits)]
    for moment, node in asked:
        results, rows = {}, []
        for patient in cohort.patients(analysis.population.key):
            outcome = evaluate_patient(node, cohort.records[patient])
            results[patient] = outcome.result
            concerned = [
                row for row in cohort.records[patient].treatments if outcome.result is True and matches(of.drugs, row)
            ]
            verdict = {True: moment, False: f"not {moment}", None: "not evaluable"}[outcome.result]  # type: ignore[index]
            rows += course_evidence(patient, concerned, {"item": of.drugs.label, "text": verdict})
        part = cohort.of_rows(
            f"{analysis.key}: {analysis.population.key}: {key}: {moment}", rows, f"Patients with {name} {moment}"
        )
        made.parts.append(part)
        _count(analysis, made, key, moment, results, part.id, variable=drug_class, level=name)


def _count(
    analysis: ConcomitantDrugs,
    made: ResultSet,
    key: str,
    moment: str,
    results: Mapping[str, object],
    provenance: str,
    **keys: str,
) -> None:
    visit = next((v for v in analysis.visits if moment == f"new by {v.label}"), None)
    named: dict[str, Any] = {
        "endpoint": NEW_DRUG if visit else AT_THE_START,
        "provenance_id": provenance,
        **keys,
    }
    if visit is not None:
        named |= {"visit": visit.label, "week": visit.week}
    known = [result for result in results.values() if result is not None]
    shared = {**made.base, "variable": analysis.treatment.drugs.label, **named}
    count = sum(result is True for result in known)
    name = f"{key} {moment}"
    made.share(name, count, len(known), shared, analysis.conf_level, "no patient was seen at the visit")
    made.add(f"{name} open", count_row(shared, "n_not_evaluable", len(results) - len(known)))
