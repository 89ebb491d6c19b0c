"""RAPPORT: disease activity and function in rheumatoid arthritis over one year."""

from myosotis import (
    Defaults, Friedman, Protocol, Visit, all_of, any_of, change, count, example_patient, include, mean_sd, month, outcome,
    patient, recorded_days, table_one,
)  # fmt: skip
from myosotis.measures.observations import das28, haq, radai

months = tuple(month(number, give_or_take=30) for number in (0, 3, 6, 9, 12))
start, visit = months[0], Visit()

# A cut-off that this protocol declares, not a published response criterion: the change by which a DAS28
# is said to have improved, and the level that is said to be low.
FALL, LOW = 0.6, 3.2
responder = all_of(das28.at(start).change_from(das28.at(visit)) >= FALL, das28.at(visit) <= LOW)

protocol = Protocol(
    key="rheumatoid-arthritis",
    version="1.0",
    title="Disease activity and function in rheumatoid arthritis over one year",
    question="Did disease activity, function and self-reported activity change over a year of routine care?",
    index=recorded_days(),
    windows=months,
    defaults=Defaults(
        quartiles=6,
        test=Friedman(p="asymptotic", pairwise="dunn", adjust="holm", against="first"),
        if_not_evaluable=("leave_out", "keep"),
    ),
    eligibility=(
        include(
            "at least one score at inclusion",
            any_of(*(score.at(start).recorded() for score in (das28, haq, radai))),
            reason="no score at inclusion",
        ),
    ),
    analyses=(
        table_one("Patients at inclusion", patient.female, mean_sd(patient.age), das28),
        change(
            outcome(das28, precision=10),  # the scores were stored with ten decimals and more
            outcome(haq, label="HAQ", precision=10),
            outcome(radai, label="RADAI", precision=10),
            key="scores",
            title="Scores over one year",
        ),
        count(
            responder,
            key="response",
            title="Responders",
            label="a DAS28 response as declared",
            if_not_evaluable="leave_out",
            summary="proportion of patients with DAS28 at both visits, with its exact interval",
            note=f"Response: DAS28 at least {FALL} lower than at inclusion and at most {LOW}, as this protocol declares.",
        ),
    ),
    seed=20261122,
    examples=(
        example_patient(
            "improved and low",
            sex="female",
            observed={0: {"das28": 3.8}, 91: {"das28": 3.2}},
            expects={"at least one score at inclusion": True, "response at month 3": True, "response at month 6": None},
        ),
    ),
    notes=("The cut-off for a response was declared for this example; it is not the EULAR response criterion.",),
)
