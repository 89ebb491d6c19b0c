"""Juvenile idiopathic arthritis as charts record it: joints, systemic features, uveitis, morning stiffness."""

from __future__ import annotations

from myosotis.core.definition import Citation, Definition
from myosotis.measures.declare import measured, told

__all__ = [
    "CONSOLARO_2009", "OBSERVATIONS", "WALLACE_2004", "WALLACE_2011", "active_joints", "active_joints_27",
    "active_uveitis", "jia_polyarthritis", "jia_systemic_features", "morning_stiffness", "raised_markers_not_from_jia",
]  # fmt: skip

CONSOLARO_2009 = Citation(
    text="Consolaro A, Ruperto N, Bazso A, et al. Development and validation of a composite disease activity score for "
    "juvenile idiopathic arthritis. Arthritis Rheum 2009;61:658-66",
    doi="10.1002/art.24516",
)
WALLACE_2004 = Citation(
    text="Wallace CA, Ruperto N, Giannini E. Preliminary criteria for clinical remission for select categories of "
    "juvenile idiopathic arthritis. J Rheumatol 2004;31:2290-4",
)
WALLACE_2011 = Citation(
    text="Wallace CA, Giannini EH, Huang B, et al. American College of Rheumatology provisional criteria for defining "
    "clinical inactive disease in select categories of juvenile idiopathic arthritis. "
    "Arthritis Care Res (Hoboken) 2011;63:929-36",
    doi="10.1002/acr.20497",
)
_ACTIVE = (
    "A joint is active when it is swollen, or when it cannot move as it should and is painful or tender; not for bony "
    "enlargement, an injury or damage that stayed behind."
)

active_joints = measured(
    "active_joints", "active joints of 71", unit="joints", low=0, high=71, step=1, direction="lower is better",
    source=(CONSOLARO_2009, WALLACE_2004), note=_ACTIVE,
)  # fmt: skip
active_joints_27 = measured(
    "active_joints_27", "active joints of the reduced count of 27", unit="joints", low=0, high=27, step=1,
    direction="lower is better", source=CONSOLARO_2009,
    note=_ACTIVE + " The 27 are those that the source selects; they cannot be told from a count of all joints.",
)  # fmt: skip
morning_stiffness = measured(
    "morning_stiffness", "duration of morning stiffness", unit="min", low=0, direction="lower is better",
    source=WALLACE_2011, example=15,
)  # fmt: skip
jia_systemic_features = told(
    "jia_systemic_features", "fever, rash, serositis, splenomegaly or generalised lymphadenopathy from arthritis",
    source=(WALLACE_2004, WALLACE_2011), note="Any of them, attributable to juvenile idiopathic arthritis.",
)  # fmt: skip
active_uveitis = told(
    "active_uveitis", "active uveitis", source=(WALLACE_2011, WALLACE_2004),
    note="The criteria of 2011 mean active by the Standardization of Uveitis Nomenclature; those of 2004 do not say.",
)  # fmt: skip
raised_markers_not_from_jia = told(
    "raised_markers_not_from_jia", "raised ESR or CRP not attributable to arthritis", source=WALLACE_2011,
)  # fmt: skip
jia_polyarthritis = told(
    "jia_polyarthritis", "course of polyarthritis",
    source=Citation(
        text="Trincianti C, Van Dijkhuizen EHP, Alongi A, et al. Definition and validation of the American College of "
        "Rheumatology 2021 Juvenile Arthritis Disease Activity Score cutoffs for disease activity states in juvenile "
        "idiopathic arthritis. Arthritis Rheumatol 2021;73:1966-75",
        doi="10.1002/art.41879",
    ),
    note="Yes for polyarthritis without rheumatoid factor, no for oligoarthritis; the cut-offs were made for these two.",
)  # fmt: skip

OBSERVATIONS: tuple[Definition, ...] = tuple(
    one.definition
    for one in (
        active_joints, active_joints_27, morning_stiffness, jia_systemic_features, active_uveitis,
        raised_markers_not_from_jia, jia_polyarthritis,
    )
)  # fmt: skip
