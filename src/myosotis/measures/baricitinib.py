"""Baricitinib: the dose of the children's label by weight and kidney function, and the dose given in its share."""

from __future__ import annotations

from myosotis.core.definition import Citation, Definition, Example, Range
from myosotis.language.criteria import Criterion, any_of
from myosotis.language.series import drugs, visit_day
from myosotis.language.values import Constant, Divide, FirstRecorded, Rounded, Value, Where
from myosotis.language.windows import Window
from myosotis.measures.declare import measured, part, part_value
from myosotis.measures.laboratory import estimated_filtration
from myosotis.measures.measure import Choice, Measure
from myosotis.measures.observations import (
    creatinine,
    haemoglobin,
    height,
    lymphocytes,
    neutrophils,
    physician_global,
    weight,
)
from myosotis.measures.response import NOT_EVALUABLE

__all__ = [
    "BARICITINIB", "KIDNEY_RULE", "MEASURES", "OBSERVATIONS", "SMPC", "baricitinib_dose", "baricitinib_dose_ratio",
    "baricitinib_dose_per_weight", "baricitinib_label_advises_against_start", "baricitinib_label_dose",
]  # fmt: skip

SMPC = Citation(
    text="Olumiant (baricitinib) film-coated tablets, summary of product characteristics. Eli Lilly",
    place="section 4.2, juvenile idiopathic arthritis and atopic dermatitis from 2 years of age",
)
BARICITINIB = drugs("baricitinib", names=("baricitinib",))

LIGHTEST = 10.0
FULL_DOSE_FROM = 30.0

KIDNEY_RULE = Choice(
    key="kidney_rule",
    label="what the dose becomes at an estimated filtration rate of 30 to below 60 mL/min/1.73 m²",
    example="halved",
    options=(
        ("halved", "half the dose, as the adult label does"),
        ("not halved", "the full dose; below 30 still none"),
        ("weight only", "kidney function is not looked at"),
    ),
)

baricitinib_dose = measured(
    "baricitinib_dose", "baricitinib dose", unit="mg/day", low=0, source=SMPC, example=2,
    note="The daily dose as the chart states it at the visit; for charts that record the dose rather than courses.",
)  # fmt: skip


def _by_weight(visit: Window) -> Value:
    kilograms = weight.at(visit)
    from_10 = Where(criterion=kilograms >= LIGHTEST, then=Constant(number=2.0), otherwise=NOT_EVALUABLE)
    dose = Where(criterion=kilograms >= FULL_DOSE_FROM, then=Constant(number=4.0), otherwise=from_10)
    return part_value("dose_by_weight", "the dose by weight (2 mg from 10 kg, 4 mg from 30 kg)", "mg/day", dose)


def _label_dose(visit: Window, kidney_rule: object) -> Value:
    dose = _by_weight(visit)
    if kidney_rule == "weight only":
        return dose
    rate = Rounded(of=estimated_filtration(visit))
    reduced = dose
    if kidney_rule == "halved":
        reduced = dose * Where(criterion=rate >= 60, then=Constant(number=1.0), otherwise=Constant(number=0.5))
    return Where(criterion=rate >= 30, then=reduced, otherwise=NOT_EVALUABLE)


def _given(visit: Window) -> Value:
    """Give the charted dose, else that of the courses on the visit's day; missing when none is taken."""
    day = visit_day(visit, weight, height, creatinine, physician_global)
    taken = Where(criterion=BARICITINIB.taken_on(day), then=BARICITINIB.dose_at(day), otherwise=NOT_EVALUABLE)
    given = FirstRecorded(of=(baricitinib_dose.at(visit), taken))
    return part_value("dose_given", "the baricitinib dose charted at the visit, else taken then", "mg/day", given)


def _ratio(visit: Window, kidney_rule: object) -> Value:
    label = part_value("label_dose", "the dose of the label", "mg/day", _label_dose(visit, kidney_rule))
    return Divide(left=_given(visit), right=label)


def _per_weight(visit: Window) -> Value:
    return Divide(left=_given(visit), right=weight.at(visit))


def _child(
    expected: float | None, kilograms: float | None, creatinine_: float | None, rule: str = "halved", note: str = ""
) -> Example:
    """Show the label's dose for a child of 120 cm."""
    visit = {"weight": kilograms, "height": 120, "creatinine": creatinine_}
    return Example(inputs={"visit": visit, "choices": {"kidney_rule": rule}}, expected=expected, note=note)


def _dosed(
    expected: float | None, kilograms: float | None, dose: float | None, rule: str | None = None, note: str = ""
) -> Example:
    """Show a charted dose, in a child of 120 cm with a creatinine of 40 µmol/L and no recorded course."""
    visit = {"weight": kilograms, "height": 120, "creatinine": 40, "baricitinib_dose": dose}
    inputs: dict[str, object] = {"visit": visit, "treatments": ()}
    if rule is not None:
        inputs["choices"] = {"kidney_rule": rule}
    return Example(inputs=inputs, expected=expected, note=note)


_OFF_LABEL = "Baricitinib is not licensed for dermatomyositis; this is the dose of the label for other diseases. "

baricitinib_label_dose = Measure(
    definition=Definition(
        key="baricitinib_label_dose",
        version="1",
        kind="formula",
        label="baricitinib dose of the children's label",
        citations=(SMPC,),
        missing="missing without the weight, below 10 kg, without height or creatinine where the kidney rule needs "
        "them, and below 30 mL/min/1.73 m², where the label advises against it",
        unit="mg/day",
        range=Range(low=1, high=4),
        examples=(
            _child(2.0, 10, 40),
            _child(2.0, 29.9, 40),
            _child(4.0, 30, 40),
            _child(None, 9.9, 40, note="no dose below 10 kg"),
            _child(2.0, 30, 74, note="59 mL/min/1.73 m²"),
            _child(1.0, 20, 74),
            _child(4.0, 30, 73, note="exactly 60 is not reduced"),
            _child(2.0, 30, 146, note="exactly 30 is reduced"),
            _child(None, 30, 147, note="below 30 it is not recommended"),
            _child(4.0, 30, 74, "not halved"),
            _child(None, 30, 147, "not halved"),
            _child(4.0, 30, None, "weight only"),
            _child(None, 30, None, note="kidney function unknown"),
            _child(None, None, 40, "weight only"),
        ),
        note=_OFF_LABEL
        + "2 mg once daily from 10 to below 30 kg, 4 mg from 30 kg, from 2 years of age (age is not looked "
        "at). That the dose is halved between 30 and 60 mL/min was read for adults only, so that the protocol "
        "chooses. The label speaks of creatinine clearance; here it is the bedside estimate.",
    ),
    moments=("visit",),
    rule=_label_dose,
    choices=(KIDNEY_RULE,),
)

_MISSING_DOSE = "missing without a dose (no charted dose and no course on the day of the visit), or without the {}"
_SOURCE_OF_DOSE = (
    "The dose is what the chart states at the visit, else the sum of courses on the visit's day (that of weight, height, "
    "creatinine or physician global nearest to the visit). "
)
_COURSE = {
    "drug": "baricitinib", "drug_class": "JAK inhibitor", "start_day": 0, "stop_day": None, "dose": 1.0, "dose_unit": "mg",
    "times_per_day": 2.0,
}  # fmt: skip

baricitinib_dose_ratio = Measure(
    definition=Definition(
        key="baricitinib_dose_ratio",
        version="1",
        kind="formula",
        label="baricitinib dose given in the share of the children's label",
        citations=(SMPC,),
        missing=_MISSING_DOSE.format("label's dose"),
        unit="1",
        range=Range(low=0),
        examples=(
            _dosed(1.0, 20, 2, "halved"),
            _dosed(0.5, 40, 2, "halved"),
            _dosed(0.25, 20, 0.5, "weight only"),
            Example(
                inputs={
                    "visit": {"weight": 20},
                    "treatments": (_COURSE,),
                    "choices": {"kidney_rule": "weight only"},
                },
                expected=1.0,
                note="1 mg twice a day",
            ),
            _dosed(None, 20, None, "weight only", "no dose"),
        ),
        note=_OFF_LABEL + _SOURCE_OF_DOSE + "0.05 mg/kg/day reaches the label's 4 mg only at 80 kg.",
    ),
    moments=("visit",),
    rule=_ratio,
    choices=(KIDNEY_RULE,),
)
baricitinib_dose_per_weight = Measure(
    definition=Definition(
        key="baricitinib_dose_per_weight",
        version="1",
        kind="formula",
        label="baricitinib dose per kg",
        citations=(SMPC,),
        missing=_MISSING_DOSE.format("weight"),
        unit="mg/kg/day",
        range=Range(low=0),
        examples=(
            _dosed(0.05, 40, 2),
            _dosed(0.1, 20, 2),
            _dosed(None, None, 2),
            _dosed(None, 20, None),
        ),
        note=_SOURCE_OF_DOSE,
    ),
    moments=("visit",),
    rule=_per_weight,
)


def _too_low(visit: Window) -> Criterion:
    bounds = {
        "lymphocytes_too_low": (lymphocytes, 0.5), "neutrophils_too_low": (neutrophils, 1.0),
        "haemoglobin_too_low": (haemoglobin, 80.0),
    }  # fmt: skip
    return any_of(
        *(
            part(key, f"{count.definition.label} below {bound:g} {count.definition.unit}", count.at(visit) < bound)
            for key, (count, bound) in bounds.items()
        )
    )


def _counts(
    expected: bool | None, lymphocytes_: float | None, neutrophils_: float | None, haemoglobin_: float | None
) -> Example:
    visit = {"lymphocytes": lymphocytes_, "neutrophils": neutrophils_, "haemoglobin": haemoglobin_}
    return Example(inputs={"visit": visit}, expected=expected)


baricitinib_label_advises_against_start = Measure(
    definition=Definition(
        key="baricitinib_label_advises_against_start",
        version="1",
        kind="criterion",
        label="blood counts below those from which the label starts baricitinib",
        citations=(SMPC,),
        missing="true once one count is below its bound; false only when all three are known not to be",
        type="yes or no",
        examples=(
            _counts(False, 0.5, 1.0, 80),
            _counts(True, 0.49, 1.0, 80),
            _counts(True, 0.5, 0.99, 80),
            _counts(True, 0.5, 1.0, 79),
            _counts(True, 0.49, None, None),
            _counts(None, 0.5, 1.0, None),
        ),
        note="Lymphocytes below 0.5 or neutrophils below 1.0 × 10^9/L, or haemoglobin below 80 g/L. Severe harm to the "
        "liver and a filtration rate below 30, which the label advises against too, are not looked at here.",
    ),
    moments=("visit",),
    rule=_too_low,
)

OBSERVATIONS: tuple[Definition, ...] = (baricitinib_dose.definition,)
MEASURES: tuple[Measure, ...] = (
    baricitinib_label_dose,
    baricitinib_dose_ratio,
    baricitinib_dose_per_weight,
    baricitinib_label_advises_against_start,
)
