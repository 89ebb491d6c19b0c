"""Compute the table of patients: one listing row of each, with every cell led to its source."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.patient_table import NOTHING, UNKNOWN, Column, DrugNames, PatientTable, Present, When
from myosotis.language.record import PatientRecord, matches
from myosotis.language.series import Treatment
from myosotis.results.listing import ListedNumber, PatientLines

__all__ = ["compute_patient_table"]

_NOT_RECORDED = "–"


def compute_patient_table(analysis: PatientTable, cohort: Cohort) -> AnalysisOutput:
    """Read every patient's line."""
    patients = sorted(cohort.patients(analysis.population.key), key=_natural)
    parts = [cohort.contribution(name, analysis.population.key, item=name) for name, _ in analysis.expressions()]
    listing = PatientLines(
        key=analysis.key,
        columns=["patient", *(column.label for column in analysis.columns)],
        rows=[
            [patient, *(_cell(analysis, column, cohort, patient) for column in analysis.columns)]
            for patient in patients
        ],
        one_line_per_patient=True,
    )
    return AnalysisOutput(
        contributions=tuple(parts),
        listings_shown=(listing,),
    )


def _cell(
    analysis: PatientTable, column: Column | Present | DrugNames, cohort: Cohort, patient: str
) -> str | ListedNumber:
    if isinstance(column, DrugNames):
        return ", ".join(_drug_names(cohort.records[patient], column.treatment, column.when)) or NOTHING
    if isinstance(column, Present):
        found = {label: cohort.results[f"{analysis.key}: {column.key}: {label}"][patient] for label, _ in column.of}
        return _named(found)
    name = f"{analysis.key}: {column.key}"
    result = cohort.results[name][patient]
    if result is None:
        return " or ".join(cohort.outcomes[name][patient].possible) or _NOT_RECORDED
    if isinstance(result, bool):
        return column.words[0] if result else column.words[1]
    return result if isinstance(result, str) else ListedNumber(number=float(result), decimals=column.decimals)


def _named(found: Mapping[str, object]) -> str:
    true = [label for label, result in found.items() if result is True]
    open_ = sum(result is None for result in found.values())
    if open_ == len(found):
        return UNKNOWN
    return (", ".join(true) or NOTHING) + (f" ({open_} {UNKNOWN})" if open_ else "")


def _drug_names(record: PatientRecord, treatment: Treatment, when: When) -> list[str]:
    """Name the drugs first taken before, on or after day 0; a drug of which that is not known is marked in each."""
    rows = [row for row in record.treatments if matches(treatment.drugs, row)]
    current = {row["drug"] for row in rows if row["start_high"] <= 0 <= row["stop_low"]}
    perhaps = {row["drug"] for row in rows if row["start_low"] <= 0 <= row["stop_high"]} - current
    before = {row["drug"] for row in rows if row["start_high"] < 0} - current - perhaps
    later = {row["drug"] for row in rows if row["start_low"] > 0} - current - before - perhaps
    named = {"before": before, "at the start": current, "later": later}[when]
    return sorted([*named, *(f"{drug} ({UNKNOWN})" for drug in perhaps)])


def _natural(text: str) -> tuple[str, list[int], str]:
    """Sort P2 before P10."""
    digits = "".join(letter if letter.isdecimal() else " " for letter in text).split()
    return (text.rstrip("0123456789"), [int(one) for one in digits], text)
