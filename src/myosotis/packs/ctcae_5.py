"""Grades of laboratory values by CTCAE 5.0, under the names of what is measured."""

from myosotis.measures.safety_grades import ctcae_5_alt as alt
from myosotis.measures.safety_grades import ctcae_5_anaemia as haemoglobin
from myosotis.measures.safety_grades import ctcae_5_ast as ast
from myosotis.measures.safety_grades import ctcae_5_bilirubin as bilirubin
from myosotis.measures.safety_grades import ctcae_5_ck as ck
from myosotis.measures.safety_grades import ctcae_5_creatinine as creatinine
from myosotis.measures.safety_grades import ctcae_5_ggt as ggt
from myosotis.measures.safety_grades import ctcae_5_lymphocytes as lymphocytes
from myosotis.measures.safety_grades import ctcae_5_neutrophils as neutrophils
from myosotis.measures.safety_grades import ctcae_5_platelets as platelets

__all__ = [
    "alt", "ast", "bilirubin", "ck", "creatinine", "ggt", "haemoglobin", "lymphocytes", "neutrophils", "platelets",
]  # fmt: skip
