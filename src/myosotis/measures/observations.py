"""Observations of any disease: size, laboratory values, global scales and questionnaires."""

from __future__ import annotations

from myosotis.core.definition import Definition
from myosotis.language.series import Flag, Series
from myosotis.measures.citations import (
    BRUCE_FRIES_2003,
    CTCAE_5,
    FRANSEN_2000,
    JOHNSON_2020,
    MCCANN_2018,
    RIDER_1997,
    RIDER_2011,
    SCHWARTZ_2009,
    WANG_2022,
)
from myosotis.measures.declare import measured, told

__all__ = [
    "OBSERVATIONS", "albumin", "aldolase", "alt", "ast", "bilirubin", "bodily_pain", "chaq", "cholesterol", "chq_phs",
    "ck", "creatinine", "crp", "das28", "erythrocyte_sedimentation_rate", "extramuscular_global", "ggt",
    "glucocorticoid_dose", "glucocorticoid_dose_per_weight", "haemoglobin", "haq", "height", "hypersensitivity",
    "initial_glucocorticoid_dose", "initial_glucocorticoid_dose_per_weight", "intensive_care", "ldh", "leucocytes",
    "lymphocytes", "malignancy", "medical_insurance", "neutrophils", "new_antimalarial", "new_glucocorticoid_pulse",
    "new_immunoglobulin", "new_immunosuppressant", "other_infection", "overlap_syndrome", "parent_global",
    "physician_global", "platelets", "radai", "triglycerides", "urea", "weight",
]  # fmt: skip

_ENZYME = (
    "Record the laboratory's own upper limit beside each value: it depends on age, sex and method. ALT, AST and LDH "
    "rise with muscle disease as well as with liver disease."
)
_CELLS = "The normal range depends on age; record the laboratory's limits beside each value."
_SCALE = (
    "A visual analogue scale from 0 to 10 cm. A scale printed from 1 to 10 has no published conversion and must not be "
    "read as this one: its lowest mark is not 0."
)
_DOSE = (
    "As prednisone equivalent, without pulses, as the chart states it at the visit; for charts that record the dose "
    "rather than courses of treatment."
)

weight = measured("weight", "weight", unit="kg", low=0, low_included=False, high=300, source=MCCANN_2018, example=20.5)
height = measured("height", "height", unit="cm", low=20, high=250, source=MCCANN_2018, example=120)

ck = measured(
    "ck", "creatine kinase", unit="U/L", low=0, direction="lower is better", source=RIDER_2011, example=93.5,
    analyte="creatine kinase", note=_ENZYME,
)  # fmt: skip
ldh = measured(
    "ldh", "lactate dehydrogenase", unit="U/L", low=0, direction="lower is better", source=RIDER_2011, example=600,
    analyte="lactate dehydrogenase", note=_ENZYME,
)  # fmt: skip
ast = measured(
    "ast", "aspartate aminotransferase", unit="U/L", low=0, direction="lower is better", source=RIDER_2011, example=44,
    analyte="aspartate aminotransferase", note=_ENZYME,
)  # fmt: skip
alt = measured(
    "alt", "alanine aminotransferase", unit="U/L", low=0, direction="lower is better", source=RIDER_2011, example=57,
    analyte="alanine aminotransferase", note=_ENZYME,
)  # fmt: skip
aldolase = measured(
    "aldolase", "aldolase", unit="U/L", low=0, direction="lower is better", source=RIDER_2011, example=6,
    analyte="aldolase", note=_ENZYME,
)  # fmt: skip
ggt = measured(
    "ggt", "gamma-glutamyl transferase", unit="U/L", low=0, direction="lower is better", source=CTCAE_5, example=20,
    analyte="gamma-glutamyl transferase", note="Not a muscle enzyme: with a raised ALT or AST it points to the liver.",
)  # fmt: skip
creatinine = measured(
    "creatinine", "serum creatinine", unit="µmol/L", low=0, low_included=False, direction="neither",
    source=SCHWARTZ_2009, example=60, analyte="creatinine",
    note="1 mg/dL is 88.4 µmol/L. Low muscle mass lowers creatinine and makes the kidney look better than it is.",
)  # fmt: skip
urea = measured("urea", "serum urea", unit="mmol/L", low=0, source=CTCAE_5, example=4.2, analyte="urea")
bilirubin = measured(
    "bilirubin", "total bilirubin", unit="µmol/L", low=0, source=CTCAE_5, example=9, analyte="bilirubin"
)
albumin = measured("albumin", "serum albumin", unit="g/L", low=0, source=CTCAE_5, example=42, analyte="albumin")
cholesterol = measured(
    "cholesterol", "total cholesterol", unit="mmol/L", low=0, source=CTCAE_5, example=4.1, analyte="cholesterol"
)
triglycerides = measured(
    "triglycerides", "triglycerides", unit="mmol/L", low=0, source=CTCAE_5, example=1.2, analyte="triglycerides"
)
neutrophils = measured(
    "neutrophils", "neutrophil count", unit="10^9/L", low=0, source=CTCAE_5, example=1.5, note=_CELLS
)
lymphocytes = measured(
    "lymphocytes", "lymphocyte count", unit="10^9/L", low=0, source=CTCAE_5, example=0.8, note=_CELLS
)
leucocytes = measured("leucocytes", "white cell count", unit="10^9/L", low=0, source=CTCAE_5, example=6.3, note=_CELLS)
haemoglobin = measured("haemoglobin", "haemoglobin", unit="g/L", low=0, source=CTCAE_5, example=131, note=_CELLS)
platelets = measured("platelets", "platelet count", unit="10^9/L", low=0, source=CTCAE_5, example=247, note=_CELLS)
crp = measured("crp", "C-reactive protein", unit="mg/L", low=0, source=MCCANN_2018, example=4)
erythrocyte_sedimentation_rate = measured(
    "erythrocyte_sedimentation_rate", "erythrocyte sedimentation rate", unit="mm/h", low=0, source=MCCANN_2018,
    example=12,
)  # fmt: skip

physician_global = measured(
    "physician_global", "physician global activity", unit="cm", low=0, high=10, direction="lower is better",
    source=RIDER_1997, note=_SCALE,
)  # fmt: skip
parent_global = measured(
    "parent_global", "parent or patient global assessment", unit="cm", low=0, high=10, direction="lower is better",
    source=RIDER_2011, note=_SCALE + " IMACS asks for disease activity, PRINTO for overall well-being.",
)  # fmt: skip
extramuscular_global = measured(
    "extramuscular_global", "extramuscular global activity", unit="cm", low=0, high=10, direction="lower is better",
    source=RIDER_2011, note=_SCALE + " The global extramuscular scale of the MDAAT, not the sum of its organ scales; "
    "that the response criteria mean this one was not read in print.",
)  # fmt: skip
bodily_pain = measured(
    "bodily_pain", "pain", unit="cm", low=0, high=10, direction="lower is better", source=MCCANN_2018, note=_SCALE
)
chaq = measured(
    "chaq", "Childhood Health Assessment Questionnaire", unit="points", low=0, high=3,
    direction="lower is better", source=RIDER_2011, example=1.375,
)  # fmt: skip
chq_phs = measured(
    "chq_phs", "Child Health Questionnaire, physical summary", unit="points", direction="higher is better",
    source=RIDER_2011, example=50,
    note="A T-score with mean 50 and standard deviation 10 in the reference population: it has no bounds "
    "(observed from −8.6 to 67.2).",
)  # fmt: skip
haq = measured(
    "haq", "Health Assessment Questionnaire disability index", unit="points", low=0, high=3,
    direction="lower is better", source=BRUCE_FRIES_2003, example=1.375, decimals=2,
    note="The mean of eight sections of 0 to 3, so in steps of 0.125 when all eight were answered.",
)  # fmt: skip
das28 = measured(
    "das28", "DAS28", unit="points", low=0, high=10, direction="lower is better", source=JOHNSON_2020, example=2.663,
    decimals=2,
    note="0.56√(tender joints) + 0.28√(swollen joints) + 0.70 ln(ESR) + 0.014 × patient's global (0 to 100). With all "
    "28 joints and a global of 100 the rest is 5.85 + 0.70 ln(ESR), so that 10 needs an ESR above 370 mm/h.",
)  # fmt: skip
radai = measured(
    "radai", "Rheumatoid Arthritis Disease Activity Index", unit="points", low=0, high=10,
    direction="lower is better", source=FRANSEN_2000, example=2.96, decimals=2,
)  # fmt: skip

glucocorticoid_dose = measured(
    "glucocorticoid_dose", "glucocorticoid dose", unit="mg/day", low=0, direction="lower is better", source=WANG_2022,
    example=10, note=_DOSE,
)  # fmt: skip
glucocorticoid_dose_per_weight = measured(
    "glucocorticoid_dose_per_weight", "glucocorticoid dose per kg", unit="mg/kg/day", low=0,
    direction="lower is better", source=WANG_2022, example=0.53, decimals=2, note=_DOSE,
)  # fmt: skip
initial_glucocorticoid_dose = measured(
    "initial_glucocorticoid_dose", "initial glucocorticoid dose", unit="mg/day", low=0, source=WANG_2022, example=30,
    note=_DOSE + " Initial as the protocol means it, such as the highest dose ever given.",
)  # fmt: skip
initial_glucocorticoid_dose_per_weight = measured(
    "initial_glucocorticoid_dose_per_weight", "initial glucocorticoid dose per kg", unit="mg/kg/day", low=0,
    source=WANG_2022, example=2, note=_DOSE + " Initial as the protocol means it, such as the highest dose ever given.",
)  # fmt: skip


def _new(drug: str, key: str) -> Flag:
    return told(
        key,
        f"new {drug} since baseline",
        source=WANG_2022,
        note="As the chart states it at the visit; for charts that do not record courses of treatment.",
    )


new_immunosuppressant = _new("immunosuppressant or biologic", "new_immunosuppressant")
new_immunoglobulin = _new("immunoglobulin", "new_immunoglobulin")
new_glucocorticoid_pulse = _new("glucocorticoid pulse", "new_glucocorticoid_pulse")
new_antimalarial = _new("antimalarial", "new_antimalarial")

intensive_care = told("intensive_care", "need of intensive care", source=WANG_2022)
overlap_syndrome = told("overlap_syndrome", "overlap with another autoimmune disease", source=WANG_2022)
other_infection = told("other_infection", "another acute or chronic infection", source=WANG_2022)
malignancy = told("malignancy", "malignancy, now or before", source=WANG_2022)
hypersensitivity = told("hypersensitivity", "hypersensitivity to the study drug", source=WANG_2022)
medical_insurance = told("medical_insurance", "medical insurance", source=WANG_2022)


def _definitions() -> tuple[Definition, ...]:
    found = (globals()[name] for name in __all__ if name != "OBSERVATIONS")
    return tuple(one.definition for one in found if isinstance(one, Series | Flag))


OBSERVATIONS: tuple[Definition, ...] = _definitions()
