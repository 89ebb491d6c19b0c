"""Present the table of patients: how its columns were got, and that it can identify a child."""

from __future__ import annotations

from myosotis.analysis.patient_table import Column, PatientTable, Present
from myosotis.language.sentences import sentence
from myosotis.language.values import Value
from myosotis.presentation.layout import Paragraph, Sentence
from myosotis.presentation.listings import Listing
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results

__all__ = ["present_patient_table"]


def present_patient_table(analysis: PatientTable, results: Results) -> Presentation:  # noqa: ARG001 - it makes no result
    """Give the methods and the limitation of the analysis; its lines are a listing of patients."""
    return Presentation(
        listings=(Listing(key=analysis.key, title=analysis.title, heads={"patient": "Patient"}),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        limitations=(
            Sentence(
                template=f"{analysis.title}: a line that joins age, sex, antibodies and organ disease can identify a "
                "child whose name it does not hold; it is for the investigators, not for publication as it stands.",
            ),
        ),
    )


def _methods(analysis: PatientTable) -> list[str]:
    told = []
    for column in analysis.columns:
        if isinstance(column, Column) and isinstance(column.of, Value):
            told.append(f"{column.label}: {sentence(column.of)}.")
        elif isinstance(column, Present):
            told.append(f"{column.label}: those that are true; the number of others that are not known is added.")
    return [*told, analysis.note] if analysis.note else told
