"""Glucocorticoids: maintenance and pulses, and doses as prednisone equivalent."""

from myosotis.measures.glucocorticoids import glucocorticoid as maintenance
from myosotis.measures.glucocorticoids import glucocorticoid_dose_on as dose_on
from myosotis.measures.glucocorticoids import glucocorticoid_dose_per_weight_on as dose_per_weight_on
from myosotis.measures.glucocorticoids import glucocorticoid_pulse as pulse
from myosotis.measures.glucocorticoids import maintenance_prednisone_equivalent, pulse_prednisone_equivalent

__all__ = [
    "dose_on", "dose_per_weight_on", "maintenance", "maintenance_prednisone_equivalent", "pulse",
    "pulse_prednisone_equivalent",
]  # fmt: skip
