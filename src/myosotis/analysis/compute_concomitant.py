"""Compute concomitant drugs: who took each at the start and at the visits, and who began one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.concomitant import ConcomitantDrugs
from myosotis.analysis.courses import course_evidence
from myosotis.analysis.estimators import count_row
from myosotis.analysis.output import AnalysisOutput, cell, table
from myosotis.analysis.result_set import ResultSet
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import matches
from myosotis.language.sentences import sentence
from myosotis.language.series import Treatment, drugs
from myosotis.results.layout import Paragraph, Sentence, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

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
            _judged(analysis, made, of, f"{drug_class}: all", drug_class, "any of the class")
    return AnalysisOutput(
        rows=tuple(made.rows.values()),
        contributions=tuple(made.parts),
        tables=(_table(analysis, made.rows, found),),
        findings=(Paragraph(heading=analysis.title, sentences=_sentences(analysis, made.rows)),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("clopper_pearson",),
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
        "endpoint": "new drug" if visit else "at the start",
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


def _table(analysis: ConcomitantDrugs, rows: Mapping[str, ResultRow], found: Mapping[str, Sequence[str]]) -> Table:
    moments = _moments(analysis)

    def line(label: str, key: str, indent: int) -> TableRow:
        cells = [cell("n_of_total", rows[f"{key} {m} count"], rows[f"{key} {m} total"]) for m in moments]
        return TableRow(label=label, indent=indent, cells=cells)

    label = analysis.treatment.drugs.label
    lines = [line(f"Any {label}", label, 0)]
    for drug_class, names in found.items():
        title = drug_class[:1].upper() + drug_class[1:]
        if len(names) > 1:
            lines.append(line(title, f"{drug_class}: all", 0))
        else:
            lines.append(TableRow(label=title, heading=True, cells=[None] * len(moments)))
        lines += [line(name, f"{drug_class}: {name}", 1) for name in names]
    columns = [("At the start", ""), *((f"New by {visit.label}", "") for visit in analysis.visits)]
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=one, sub=sub) for one, sub in columns],
        rows=lines,
        note="n/N (%) of the patients seen. New: first started after day 0; changes of dose and drugs taken up again "
        f"are not new. {analysis.note}".strip(),
    )


def _sentences(analysis: ConcomitantDrugs, rows: Mapping[str, ResultRow]) -> list[Sentence]:
    label, last = analysis.treatment.drugs.label, analysis.visits[-1].label
    new = f"{label} new by {last}"
    values = {
        "new": cell("n_of_total_interval", *(rows[f"{new} {s}"] for s in ("count", "total", "conf_low", "conf_high")))
    }
    return [Sentence(template=f"By {last}, {{new}} had newly started one of them.", values=values)]


def _methods(analysis: ConcomitantDrugs) -> list[str]:
    node = analysis.new(analysis.treatment, analysis.visits[-1])
    return [
        f"Concomitant drugs are those of the treatments table: {analysis.treatment.drugs.label} taken on day 0, or, as new "
        f"by {analysis.visits[-1].label}, {sentence(node)}."
    ]
