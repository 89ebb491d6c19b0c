"""A cohort of hand-made patients, evaluated in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.computing import compute_analysis
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import IndexDate, first_dose, records
from myosotis.model.dataset import Dataset
from myosotis.presentation.dispatch import present_analysis
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

INDEX = first_dose("baricitinib")


def cohort_of(
    analysis: Any, data: Dataset, *, index: IndexDate = INDEX, populations: Mapping[str, Iterable[str]] | None = None
) -> Cohort:
    """Evaluate what an analysis needs; everyone is included and in the full analysis population."""
    found = {record.patient_id: record for record in records(data, index)}
    nodes = analysis.nodes()
    outcomes = {
        name: {patient: evaluate_patient(node, record) for patient, record in found.items()}
        for name, node in nodes.items()
    }
    screened = tuple(sorted(found))
    members = {key: tuple(sorted(patients)) for key, patients in (populations or {}).items()}
    return Cohort(
        study="test",
        fingerprint=data.fingerprint,
        seed=1,
        nodes=nodes,
        results={name: {patient: one.result for patient, one in by.items()} for name, by in outcomes.items()},
        outcomes=outcomes,
        populations={"full analysis": screened, **members},
        screened=screened,
        records=found,
    )


def section_of(analysis: Any, cohort: Cohort) -> SimpleNamespace:
    """Compute an analysis of a cohort, and present what was found: what `AnalysisOutput` and `Presentation` hold."""
    output = compute_analysis(analysis, cohort)
    sizes = [
        ResultRow(study=cohort.study, analysis="populations", population=key, statistic="n", number=float(len(patients)),
                  provenance_id="")
        for key, patients in cohort.populations.items()
    ]  # fmt: skip
    results = Results.of([*output.rows, *sizes], cohort.fingerprint)
    shown = present_analysis(analysis, results)
    return SimpleNamespace(**{one.name: getattr(part, one.name) for part in (output, shown) for one in fields(part)})


def numbers(section: Any, **keys: str) -> dict[tuple[str, str, str], float | None]:
    """Give the results with these keys by variable, level and statistic."""
    rows = [row for row in section.rows if all(getattr(row, name) == value for name, value in keys.items())]
    found = {(row.variable, row.level, row.statistic): row.number for row in rows}
    assert len(found) == len(rows), "two results share variable, level and statistic; name more keys"
    return found


def untraced(section: Any) -> set[str]:
    """Name the results of a section that lead to no listing row; there should be none in a population with patients."""
    rows = {part.provenance["listing_id"]: part.listing for part in section.contributions}
    sources = {one["provenance_id"]: one for one in section.provenance}
    sources |= {part.id: part.provenance for part in section.contributions}
    return {
        f"{row.variable} {row.level} {row.statistic}"
        for row in section.rows
        if not any(rows[listing] for listing in sources[row.provenance_id]["listing_id"].split())
    }
