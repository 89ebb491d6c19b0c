"""Baricitinib outside the children's label: the adult label by kidney function, and the emergency dose by age."""

from __future__ import annotations

from myosotis.core.definition import Citation, Definition, Example, Range
from myosotis.language.values import Constant, PatientNumber, Value, Where
from myosotis.language.windows import Window
from myosotis.measures.baricitinib import SMPC
from myosotis.measures.declare import measured
from myosotis.measures.measure import Choice, Measure
from myosotis.measures.response import only_where

__all__ = [
    "MEASURES", "OBSERVATIONS", "baricitinib_adult_label_dose", "baricitinib_emergency_dose", "creatinine_clearance",
]  # fmt: skip

_EMERGENCY = Citation(
    text="Baricitinib, emergency use authorization for COVID-19. US Food and Drug Administration",
    place="dose by age, up to 14 days",
)
creatinine_clearance = measured(
    "creatinine_clearance", "creatinine clearance", unit="mL/min", low=0, source=SMPC, example=60,
    note="As the laboratory or the chart states it; the formula is not looked at.",
)  # fmt: skip
_LABEL = Choice(
    key="label",
    label="which adult label",
    example="EU",
    options=(
        ("EU", "4 mg, 2 mg at a clearance of 30 to below 60 mL/min"),
        ("US rheumatoid arthritis", "2 mg, 1 mg at a clearance of 30 to below 60 mL/min"),
    ),
)


def _adult(visit: Window, label: object) -> Value:
    clearance = creatinine_clearance.at(visit)
    full = 4.0 if label == "EU" else 2.0
    by_kidney = Where(criterion=clearance >= 60, then=Constant(number=full), otherwise=Constant(number=full / 2))
    return only_where(clearance >= 30, by_kidney)


def _emergency(visit: Window) -> Value:
    age = PatientNumber(field="age_at_index") + visit.target / 365.25
    by_age = Where(criterion=age >= 9, then=Constant(number=4.0), otherwise=Constant(number=2.0))
    return only_where(age >= 2, by_age)


def _at(clearance: float | None, **choices: object) -> dict[str, dict[str, object]]:
    return {"visit": {"creatinine_clearance": clearance}, **({"choices": choices} if choices else {})}


baricitinib_adult_label_dose = Measure(
    definition=Definition(
        key="baricitinib_adult_label_dose",
        version="1",
        kind="formula",
        label="baricitinib dose of the adult label",
        citations=(SMPC,),
        missing="missing without the clearance, and below 30 mL/min, where the label advises against the drug",
        unit="mg/day",
        range=Range(low=1, high=4),
        examples=(
            Example(inputs=_at(90), expected=4.0),
            Example(inputs=_at(60), expected=4.0),
            Example(inputs=_at(59.9), expected=2.0),
            Example(inputs=_at(30), expected=2.0),
            Example(inputs=_at(29.9), expected=None),
            Example(inputs=_at(90, label="US rheumatoid arthritis"), expected=2.0),
            Example(inputs=_at(59.9, label="US rheumatoid arthritis"), expected=1.0),
            Example(inputs=_at(None), expected=None),
        ),
        note="The lower dose for listed risk groups is not looked at. A clearance of exactly 60 is not reduced and one of "
        "exactly 30 is, which the label leaves open.",
    ),
    moments=("visit",),
    rule=_adult,
    choices=(_LABEL,),
)
baricitinib_emergency_dose = Measure(
    definition=Definition(
        key="baricitinib_emergency_dose",
        version="1",
        kind="formula",
        label="baricitinib dose of the emergency use for COVID-19",
        citations=(_EMERGENCY,),
        missing="missing without an age, and below 2 years",
        unit="mg/day",
        range=Range(low=2, high=4),
        examples=(
            Example(inputs={"visit": {"age_at_index": 5}}, expected=2.0),
            Example(inputs={"visit": {"age_at_index": 12}}, expected=4.0),
            Example(inputs={"visit": {"age_at_index": 1}}, expected=None),
            Example(inputs={"visit": {}}, expected=None),
        ),
        note="Up to 14 days; not a dose for juvenile dermatomyositis. The age is that on the target day of the visit.",
    ),
    moments=("visit",),
    rule=_emergency,
)

OBSERVATIONS: tuple[Definition, ...] = (creatinine_clearance.definition,)
MEASURES: tuple[Measure, ...] = (baricitinib_adult_label_dose, baricitinib_emergency_dose)
