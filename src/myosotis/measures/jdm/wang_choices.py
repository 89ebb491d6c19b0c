"""What the response definition of Wang 2022 leaves open, each as a choice that the protocol must make."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from myosotis.measures.jdm.skin import SKIN_IMPROVEMENT
from myosotis.measures.measure import Choice

__all__ = ["OPEN_QUESTIONS", "RECOMMENDED", "STATE_CHOICES", "WANG_2022_LITERAL", "WANG_CHOICES"]

_NO_YES = ((False, "no"), (True, "yes"))

# What complete response asks for at one visit.
STATE_CHOICES: tuple[Choice, ...] = (
    Choice(
        key="physician_global_at_most",
        label="cut-off of the physician global (cm) for inactive disease",
        example=0.2,
        options=((0.2, "as PRINTO published"), (2.0, "as Wang 2022 prints")),
    ),
    Choice(
        key="inactive_disease",
        label="which criteria make the disease inactive",
        example="three of four",
        options=(
            ("three of four", "any three of CK, CMAS, MMT-8 and physician global, as PRINTO published"),
            ("physician global essential", "the physician global and two of the other three, as Almeida 2015"),
        ),
    ),
    Choice(
        key="ck_at_most",
        label="bound of creatine kinase for inactive disease",
        example="150 U/L",
        options=(("150 U/L", "the published number"), ("upper limit", "the laboratory's own upper limit")),
    ),
    Choice(
        key="unrecorded_muscle_test",
        label="what a CMAS or MMT-8 that was not recorded is in the criteria of inactive disease",
        example="open",
        options=(
            ("open", "left open; the result is not evaluable unless settled without it"),
            ("met", "met"),
            ("met without muscle involvement", "met where muscle involvement at baseline is recorded as absent"),
            ("not met", "not met"),
        ),
    ),
    Choice(
        key="cmas_under_5_years",
        label="what CMAS at least 48 asks of a child under 5 years, of whom many healthy ones do not reach it",
        example="apply",
        options=(
            ("apply", "the same as of any child; cmas_decides_under_5 lists who is affected"),
            ("leave open", "nothing; the criterion stays open and the other three decide"),
        ),
    ),
    Choice(
        key="unrecorded_skin_signs",
        label="what ulceration or erythema is when it was not recorded",
        example="open",
        options=(
            ("open", "left open; complete response is not evaluable unless settled without it"),
            ("absent", "absent: skin-DAS alone decides"),
        ),
    ),
)

_CHANGE_CHOICES: tuple[Choice, ...] = (
    Choice(
        key="muscle_tests",
        label="which of CMAS and MMT-8 must improve",
        example="available, none worse",
        options=(
            ("both", "both"),
            ("either", "one of the two; open when one did not improve and the other is missing"),
            ("available", "one of those recorded at both visits"),
            ("available, none worse", "one of those recorded at both visits, and none of these lower than before"),
        ),
    ),
    Choice(
        key="muscle_arm_without_involvement",
        label="what improvement of muscle means for a child without muscle involvement at baseline",
        example="no new weakness",
        options=(
            ("required", "the same as for any child, so that partial response is out of reach at normal strength"),
            ("no new weakness", "nothing but that no recorded test is lower than before"),
        ),
    ),
    Choice(
        key="cmas_improvement",
        label="by how much CMAS must rise to count as improved (MMT-8: any rise, no smaller bound being published)",
        example="any rise",
        options=(
            ("any rise", "any rise"),
            (1.5, "1.5 points or more, the lower end of the published important difference"),
            (3.0, "3 points or more, its upper end"),
        ),
    ),
    SKIN_IMPROVEMENT,
    Choice(
        key="skin_inactive_at_baseline",
        label="what improvement of skin means for a child whose skin-DAS was at most 1 without ulceration at baseline",
        example="stays inactive",
        options=(
            ("cannot improve", "the same as for any child"),
            ("stays inactive", "that skin-DAS is still at most 1"),
        ),
    ),
    Choice(
        key="treatment_source",
        label="where doses and new drugs are read",
        example="visits",
        options=(
            ("treatments", "courses in the treatments table; the dose is the one running on the visit day"),
            ("visits", "what the chart states at each visit: glucocorticoid_dose, new_immunosuppressant and so on"),
        ),
    ),
    Choice(
        key="initial_dose",
        label="which glucocorticoid dose the taper is measured from",
        example="baseline",
        options=(
            ("baseline", "the dose at baseline"),
            ("diagnosis", "the dose on the day of diagnosis (treatments only; with visits it is the stated one)"),
            ("stated", "what the chart states as initial, such as the highest ever: initial_glucocorticoid_dose"),
        ),
    ),
    Choice(
        key="dose_unit",
        label="the unit in which the taper is measured",
        example="mg/kg/day",
        options=(
            ("mg/kg/day", "per kg of the weight at the time; a growing child tapers without a change of tablets"),
            ("mg/day", "the dose itself"),
        ),
    ),
    Choice(
        key="taper_of_exactly_half",
        label="whether a fall by exactly 50% is a taper of at least 50%",
        example="counts",
        options=(("counts", "it is"), ("does not count", "it must be more than 50%")),
    ),
    Choice(
        key="no_initial_dose",
        label="what the taper is for a child whose initial dose was 0",
        example="met if still none",
        options=(
            ("met if still none", "met when there is still none"),
            ("not met", "not met"),
            ("open", "left open"),
        ),
    ),
    Choice(
        key="complete_response_needs_taper",
        label="whether complete response asks for the taper too",
        example=False,
        options=_NO_YES,
    ),
    Choice(
        key="complete_response_forbids_new_drug",
        label="whether complete response forbids a new drug",
        example=False,
        options=_NO_YES,
    ),
    Choice(
        key="new_drugs",
        label="what counts as a new immunosuppressive agent (a higher dose never does)",
        example="agents, immunoglobulin and pulses",
        options=(
            ("agents", "conventional immunosuppressants, immunomodulators, biologics and JAK inhibitors"),
            ("agents, immunoglobulin and pulses", "these, immunoglobulin and glucocorticoid pulses"),
            ("agents, immunoglobulin, pulses and antimalarials", "these and antimalarials"),
        ),
    ),
    Choice(
        key="drug_given_before",
        label="whether immunoglobulin, a pulse or an antimalarial given before baseline counts when it is started again "
        "(an agent given before never does: an interruption is no new drug)",
        example="does not count",
        options=(("does not count", "it does not"), ("counts", "it does")),
    ),
)

WANG_CHOICES: tuple[Choice, ...] = (*STATE_CHOICES, *_CHANGE_CHOICES)

# The words of the paper read as they stand. Where they give no reading at all, the case is left open or asks for
# nothing beyond the words.
WANG_2022_LITERAL: Mapping[str, object] = MappingProxyType(
    {
        "physician_global_at_most": 2.0,
        "inactive_disease": "three of four",
        "ck_at_most": "150 U/L",
        "unrecorded_muscle_test": "open",
        "cmas_under_5_years": "apply",
        "unrecorded_skin_signs": "open",
        "muscle_tests": "either",
        "muscle_arm_without_involvement": "required",
        "cmas_improvement": "any rise",
        "skin_improvement": "any fall",
        "skin_inactive_at_baseline": "cannot improve",
        "treatment_source": "treatments",
        "initial_dose": "baseline",
        "dose_unit": "mg/kg/day",
        "taper_of_exactly_half": "counts",
        "no_initial_dose": "open",
        "complete_response_needs_taper": False,
        "complete_response_forbids_new_drug": False,
        "new_drugs": "agents",
        "drug_given_before": "does not count",
    }
)

# What a careful protocol would choose; the physician global of 2.0 belongs beside it as a sensitivity analysis.
RECOMMENDED: Mapping[str, object] = MappingProxyType(
    {
        **WANG_2022_LITERAL,
        "physician_global_at_most": 0.2,
        "muscle_tests": "available, none worse",
        "muscle_arm_without_involvement": "no new weakness",
        "skin_improvement": "one point",
        "skin_inactive_at_baseline": "stays inactive",
        "no_initial_dose": "met if still none",
        "new_drugs": "agents, immunoglobulin and pulses",
    }
)

# What the source leaves open, and where it is decided: a choice, a definition beside the response, or the protocol.
OPEN_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "the cut-off of the physician global": "choice physician_global_at_most",
        "whether the physician global is essential": "choice inactive_disease",
        "CMAS/MMT-8: both, one, or those recorded": "choice muscle_tests",
        "a child without muscle involvement": "choice muscle_arm_without_involvement",
        "CMAS or MMT-8 not recorded when disease is judged inactive": "choice unrecorded_muscle_test",
        "how much muscle must improve": "choice cmas_improvement",
        "how much skin must improve": "choice skin_improvement",
        "skin that was inactive at baseline": "choice skin_inactive_at_baseline",
        "the initial glucocorticoid dose": "choice initial_dose",
        "dose or dose per kg": "choice dose_unit",
        "a fall by exactly half": "choice taper_of_exactly_half",
        "no glucocorticoid at baseline": "choice no_initial_dose",
        "whether complete response needs a taper": "choice complete_response_needs_taper",
        "whether complete response forbids a new drug": "choice complete_response_forbids_new_drug; those who had one: "
        "definition complete_response_with_rescue",
        "what a new immunosuppressive agent is": "choice new_drugs; choice drug_given_before",
        "children who took the drug for a part of the time": "definition off_baricitinib_at_visit, as an intercurrent event",
        "interruptions of the drug": "definition off_baricitinib_at_visit, whose choice days_tolerated says how long",
        "which days make a visit": "the windows of the protocol",
        "erythema and ulceration apart from skin-DAS": "observations erythema and ulceration; choice "
        "unrecorded_skin_signs",
        "a physician global printed from 1 to 10": "observation physician_global, 0 to 10 only; nothing is converted",
        "creatine kinase against the laboratory's limit": "choice ck_at_most",
        "MMT-8 of one side or both": "observation mmt8, 0 to 80 only; mmt8_bilateral is another",
        "CMAS under 5 years of age": "choice cmas_under_5_years; those affected: definition cmas_decides_under_5",
        "what an improved rash is": "definition rash_improved, with choice skin_improvement",
        "response at the visit, best, sustained or lost": "best_response, sustained_response, loss_of_response",
        "children who are in complete response at baseline": "definition complete_state_wang_2022, at baseline",
        "calcinosis or lung disease in complete response": "definition complete_response_with_active_organ_disease",
        "where doses and new drugs are read": "choice treatment_source",
    }
)
