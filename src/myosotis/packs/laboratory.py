"""Laboratory: what is measured in blood, whatever the disease."""

from myosotis.measures.laboratory import egfr_schwartz_2009
from myosotis.measures.muscle_enzymes import most_abnormal_enzyme, raised_muscle_enzyme
from myosotis.measures.observations import (
    albumin,
    aldolase,
    alt,
    ast,
    bilirubin,
    cholesterol,
    ck,
    creatinine,
    crp,
    erythrocyte_sedimentation_rate,
    ggt,
    haemoglobin,
    ldh,
    leucocytes,
    lymphocytes,
    neutrophils,
    platelets,
    triglycerides,
    urea,
)

__all__ = [
    "albumin", "aldolase", "alt", "ast", "bilirubin", "cholesterol", "ck", "creatinine", "crp", "egfr_schwartz_2009",
    "erythrocyte_sedimentation_rate", "ggt", "haemoglobin", "ldh", "leucocytes", "lymphocytes", "most_abnormal_enzyme",
    "neutrophils", "platelets", "raised_muscle_enzyme", "triglycerides", "urea",
]  # fmt: skip
