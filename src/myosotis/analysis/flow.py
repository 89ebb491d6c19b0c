"""The flow of patients: who was screened, who left by which rule, who remained, and the ledger of every verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution, evidence_row
from myosotis.analysis.estimators import count_row
from myosotis.analysis.output import AnalysisOutput
from myosotis.language.outcome import Evidence
from myosotis.results.listing import PatientLines
from myosotis.results.schema import ResultRow
from myosotis.study.eligibility import Attrition, Eligibility, Rule

__all__ = ["SCREENED", "flow", "rule_name"]

SCREENED = "screened"


def rule_name(rule: Rule) -> str:
    """Name the expression of an eligibility rule."""
    return f"eligibility: {rule.name}"


def flow(cohort: Cohort, eligibility: Eligibility, found: Attrition) -> AnalysisOutput:
    """Count the patients at every step.

    `n_not_evaluable` counts the patients who came to a rule and for whom it is not evaluable, kept or left out. The
    eligibility ledger has one line per patient and rule: the verdict, the values it was read from, their dates and source
    cells. Without a rule everybody is included.
    """
    contributions = {
        rule.name: cohort.contribution(rule_name(rule), SCREENED, item=rule.name) for rule in eligibility.rules
    }
    # Without a rule nothing was asked of anybody; the patients themselves are then what the counts lead to.
    every = tuple(contributions.values()) or (_everybody(cohort),)
    start = cohort.joint(every, "patients of the patients table")
    rows = [_row(cohort, "screened", "n", len(found.screened), start)]
    for step in found.steps:
        part = contributions[step.rule.name]
        rows.append(_row(cohort, step.rule.name, "count", len(step.left), part.provenance))
        rows.append(_row(cohort, step.rule.name, "n_not_evaluable", len(step.not_evaluable), part.provenance))
    end = cohort.joint(every, "patients who met every rule")
    rows.append(_row(cohort, "included", "n", len(found.included), end))
    return AnalysisOutput(
        rows=tuple(rows),
        contributions=every,
        provenance=(start, end),
        listings_shown=(_ledger(eligibility, contributions, found),),
    )


def _everybody(cohort: Cohort) -> Contribution:
    rows = []
    for patient in cohort.screened:
        row = cohort.records[patient].patient
        place = {"source": row["source"], "sheet": row["sheet"] or "", "source_row": row["source_row"]}
        rows.append(evidence_row(patient, "value", {"item": "patient", "text": "screened", **place}))
    return cohort.of_rows("flow: everybody", rows, "Patients of the patients table; no rule was asked of them")


def _row(cohort: Cohort, variable: str, statistic: str, number: int, provenance: Mapping[str, Any]) -> ResultRow:
    keys = {
        "study": cohort.study, "analysis": "flow", "variable": variable, "population": SCREENED,
        "provenance_id": provenance["provenance_id"],
    }  # fmt: skip
    return count_row(keys, statistic, number)


def _ledger(eligibility: Eligibility, contributions: Mapping[str, Contribution], found: Attrition) -> PatientLines:
    words = {True: "true", False: "false", None: "not evaluable"}
    included = set(found.included)
    rows = []
    for patient in found.screened:
        for rule in eligibility.rules:
            outcome = contributions[rule.name].outcomes[patient]
            read = list(outcome.rows())
            rows.append(
                [
                    patient,
                    "included" if patient in included else "left out",
                    rule.name,
                    words[outcome.result],  # type: ignore[index]  # a criterion is true, false or None
                    "; ".join(
                        f"{row.item} {'' if row.number is None else f'{row.number:g} '}{row.text}".strip()
                        for row in read
                    ),
                    "; ".join(dict.fromkeys(row.date.isoformat() for row in read if row.date is not None)),
                    "; ".join(dict.fromkeys(_cell_of(row) for row in read)),
                ]
            )
    return PatientLines(
        key="eligibility",
        columns=["patient", "outcome", "rule", "verdict", "value", "date", "source"],
        rows=rows,
    )


def _cell_of(row: Evidence) -> str:
    sheet = f", sheet {row.sheet}" if row.sheet else ""
    column = f", column {row.source_column}" if row.source_column else ""
    return f"{row.source}{sheet}, row {row.source_row}{column}"
