"""Juvenile idiopathic arthritis: joints, JADAS and its states, clinically inactive disease."""

from myosotis.measures.jia.arthritis import (
    active_joints,
    active_joints_27,
    active_uveitis,
    jia_polyarthritis,
    jia_systemic_features,
    morning_stiffness,
    raised_markers_not_from_jia,
)
from myosotis.measures.jia.jadas import (
    cjadas10,
    cjadas10_state_acr_2021,
    cjadas27,
    cjadas71,
    jadas10,
    jadas10_crp,
    jadas10_state_acr_2021,
    jadas27,
    jadas27_crp,
    jadas71,
    jadas71_crp,
)
from myosotis.measures.jia.wallace import inactive_disease_wallace_2004, inactive_disease_wallace_2011
from myosotis.measures.observations import crp, erythrocyte_sedimentation_rate, parent_global, physician_global

__all__ = [
    "active_joints", "active_joints_27", "active_uveitis", "cjadas10", "cjadas10_state_acr_2021", "cjadas27", "cjadas71",
    "crp", "erythrocyte_sedimentation_rate", "inactive_disease_wallace_2004", "inactive_disease_wallace_2011", "jadas10",
    "jadas10_crp", "jadas10_state_acr_2021", "jadas27", "jadas27_crp", "jadas71", "jadas71_crp", "jia_polyarthritis",
    "jia_systemic_features", "morning_stiffness", "parent_global", "physician_global", "raised_markers_not_from_jia",
]  # fmt: skip
