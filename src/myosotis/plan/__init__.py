"""The short words of a protocol: analyses, rules and lines that take from the study and the definitions what these say."""

from myosotis.plan.courses import dose_curves, exposure, new_drugs, swimmer, taper
from myosotis.plan.draft import Defaults, Draft
from myosotis.plan.effects import change, composite, count, endpoint, estimate, outcome, time_to_event, treatment_policy
from myosotis.plan.lines import (
    column,
    drug_names,
    mean_sd,
    median_iqr,
    on_drugs,
    patient,
    present,
    share,
    with_conditions,
)
from myosotis.plan.missing import sensitivity
from myosotis.plan.rules import exclude, include, recorded
from myosotis.plan.safety import adverse_events, laboratory_safety, organs
from myosotis.plan.tables import patient_table, table_one

__all__ = [
    "Defaults", "Draft", "adverse_events", "change", "column", "composite", "count", "dose_curves", "drug_names",
    "endpoint", "estimate", "exclude", "exposure", "include", "laboratory_safety", "mean_sd", "median_iqr", "new_drugs",
    "on_drugs", "organs", "outcome", "patient", "patient_table", "present", "recorded", "sensitivity", "share",
    "swimmer", "table_one", "taper", "time_to_event", "treatment_policy", "with_conditions",
]  # fmt: skip
