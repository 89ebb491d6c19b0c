"""Glucocorticoids: prednisone equivalents, and maintenance kept apart from pulses."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.core.definition import Citation, Definition, Example, Range
from myosotis.language.criteria import Criterion
from myosotis.language.series import Series, Treatment, drugs
from myosotis.language.values import Missing, Value, Where
from myosotis.language.windows import Window
from myosotis.measures.citations import WANG_2022
from myosotis.measures.declare import part_value
from myosotis.measures.measure import Measure
from myosotis.measures.observations import weight

__all__ = [
    "DRUG_CLASSES", "MEASURES", "PREDNISONE_EQUIVALENTS", "PULSE_NAMES", "TABLES", "glucocorticoid",
    "glucocorticoid_dose_on",
    "glucocorticoid_dose_per_weight_on", "glucocorticoid_pulse", "maintenance_prednisone_equivalent",
    "pulse_prednisone_equivalent",
]  # fmt: skip

EQUIVALENCE = Citation(
    text="Prednisolone, prescribing information (US Food and Drug Administration)",
    place="15 mg of prednisolone equals prednisone 15 mg, methylprednisolone 12 mg, hydrocortisone 60 mg, cortisone "
    "75 mg, triamcinolone 12 mg, dexamethasone 2.25 mg, betamethasone 2.25 mg",
)

# Milligrams of prednisone that one milligram of a drug stands for: 5 divided by the equivalent of 5 mg of prednisone.
PREDNISONE_EQUIVALENTS: dict[str, float] = {
    "prednisone": 1.0,
    "prednisolone": 1.0,
    "methylprednisolone": 5 / 4,
    "hydrocortisone": 5 / 20,
    "cortisone acetate": 5 / 25,
    "triamcinolone": 5 / 4,
    "dexamethasone": 5 / 0.75,
    "betamethasone": 5 / 0.75,
}

PULSE_NAMES = ("methylprednisolone pulse", "intravenous methylprednisolone pulse")

# The words of the treatments table's class column; a mapping translates a source's own words into these.
DRUG_CLASSES: dict[str, str] = {
    "glucocorticoid": "daily or alternate-day maintenance, by mouth or injected",
    "glucocorticoid pulse": "high dose over one to five days, such as methylprednisolone 30 mg/kg",
    "conventional immunosuppressant": "methotrexate, azathioprine, mycophenolate, ciclosporin, tacrolimus, "
    "cyclophosphamide, leflunomide",
    "immunomodulator": "thalidomide and the like",
    "immunoglobulin": "intravenous or subcutaneous immunoglobulin",
    "biologic": "antibodies and receptor constructs, such as rituximab, infliximab, tocilizumab",
    "antimalarial": "hydroxychloroquine, chloroquine",
    "JAK inhibitor": "baricitinib, tofacitinib, ruxolitinib, upadacitinib",
}

glucocorticoid: Treatment = drugs(
    "glucocorticoid",
    classes=("glucocorticoid",),
    factors=PREDNISONE_EQUIVALENTS,
    except_names=PULSE_NAMES,
)
_PULSE_FACTORS = {**PREDNISONE_EQUIVALENTS, **dict.fromkeys(PULSE_NAMES, PREDNISONE_EQUIVALENTS["methylprednisolone"])}
glucocorticoid_pulse: Treatment = drugs(
    "glucocorticoid pulse", names=PULSE_NAMES, classes=("glucocorticoid pulse",), factors=_PULSE_FACTORS
)

# A drug without a factor would count one to one; a day on such a drug has no dose in prednisone equivalents instead.
_UNCONVERTED: Treatment = drugs(
    "a glucocorticoid without a known equivalent",
    classes=("glucocorticoid",),
    except_names=(*PREDNISONE_EQUIVALENTS, *PULSE_NAMES),
)

_UNCONVERTED_PULSE: Treatment = drugs(
    "a glucocorticoid pulse without a known equivalent",
    classes=("glucocorticoid pulse",),
    except_names=tuple(_PULSE_FACTORS),
)

_MISSING = (
    "missing when a course has no dose or is of a glucocorticoid without a known equivalent; 0 when there is no course"
)


def glucocorticoid_dose_on(day: Value) -> Value:
    """Give the maintenance dose on a day as prednisone equivalent (mg/day), pulses left out; 0 without a course.

    Missing when a course on that day has no dose, or is of a glucocorticoid whose equivalent is not known here.
    """
    return _unless(_UNCONVERTED.taken_on(day), glucocorticoid.dose_at(day), "mg/day")


def glucocorticoid_dose_per_weight_on(day: Value, *, weighed: Series = weight, within: int) -> Value:
    """Give the maintenance dose on a day as prednisone equivalent per kg (mg/kg/day).

    The weight is the one nearest to the day, at most `within` days away; without one the value is missing. Drugs are
    converted to prednisone first and divided by the weight then.
    """
    return glucocorticoid_dose_on(day) / weighed.nearest(day, within=within)


def _unless(doubt: Criterion, dose: Value, unit: str) -> Value:
    known = Where(criterion=doubt, then=Missing(), otherwise=dose)
    return part_value("glucocorticoid_dose", "", unit, known)


def _pulse(visit: Window) -> Value:
    unknown = _UNCONVERTED_PULSE.days_on(first=visit.first, last=visit.last) > 0
    return _unless(unknown, glucocorticoid_pulse.cumulative_dose(first=visit.first, last=visit.last), "mg")


def _course(drug: str, dose: float, drug_class: str, times: float = 1.0) -> dict[str, object]:
    return {
        "drug": drug, "drug_class": drug_class, "start_day": 168, "stop_day": 168, "dose": dose, "dose_unit": "mg",
        "times_per_day": times,
    }  # fmt: skip


def _maintenance(visit: Window) -> Value:
    unknown = _UNCONVERTED.days_on(first=visit.first, last=visit.last) > 0
    return _unless(unknown, glucocorticoid.cumulative_dose(first=visit.first, last=visit.last), "mg")


maintenance_prednisone_equivalent = Measure(
    definition=Definition(
        key="maintenance_prednisone_equivalent",
        version="2",
        kind="formula",
        label="maintenance glucocorticoid as prednisone",
        citations=(EQUIVALENCE, WANG_2022),
        missing=_MISSING,
        unit="mg",
        range=Range(low=0),
        examples=(
            Example(
                inputs={"treatments": [_course("methylprednisolone", 8, "glucocorticoid", 2)]},
                expected=20.0,
                note="8 mg twice a day × 1.25",
            ),
            Example(inputs={"treatments": [_course("hydrocortisone", 20, "glucocorticoid")]}, expected=5.0),
            Example(inputs={"treatments": [_course("cortisone acetate", 75, "glucocorticoid")]}, expected=15.0),
            Example(inputs={"treatments": [_course("methylprednisolone", 900, "glucocorticoid pulse")]}, expected=0.0),
            Example(
                inputs={"treatments": [_course("deflazacort", 6, "glucocorticoid")]},
                expected=None,
                note="no verified equivalent",
            ),
            Example(inputs={"treatments": []}, expected=0.0),
        ),
        note="Summed over the days of the window. Deflazacort is not converted: no verified equivalent is at hand; "
        "betamethasone is taken as 0.75 mg, some tables print 0.6 mg.",
    ),
    moments=("visit",),
    rule=_maintenance,
)
pulse_prednisone_equivalent = Measure(
    definition=Definition(
        key="pulse_prednisone_equivalent",
        version="2",
        kind="formula",
        label="glucocorticoid pulses as prednisone",
        citations=(EQUIVALENCE, WANG_2022),
        missing=_MISSING,
        unit="mg",
        range=Range(low=0),
        examples=(
            Example(
                inputs={"treatments": [_course("methylprednisolone", 900, "glucocorticoid pulse")]},
                expected=1125.0,
                note="30 mg/kg in a child of 30 kg is 37.5 mg/kg of prednisone",
            ),
            Example(inputs={"treatments": [_course("prednisone", 20, "glucocorticoid")]}, expected=0.0),
        ),
        note="Summed over the days of the window; never part of the maintenance dose.",
    ),
    moments=("visit",),
    rule=_pulse,
)

MEASURES: tuple[Measure, ...] = (maintenance_prednisone_equivalent, pulse_prednisone_equivalent)

# What the page of this group prints beside the rules.
TABLES: Mapping[str, Mapping[str, object]] = {
    "Milligrams of prednisone that one milligram stands for": PREDNISONE_EQUIVALENTS,
    "Classes of drugs in the treatments table": DRUG_CLASSES,
}
