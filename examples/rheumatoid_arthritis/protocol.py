"""RAPPORT: disease activity and function in rheumatoid arthritis over one year."""

from myosotis.analysis import (
    ChangeOverVisits,
    Characteristics,
    Friedman,
    Number,
    Outcome,
    OutcomeOverVisits,
    Share,
)
from myosotis.language import Visit, all_of, any_of, month, recorded_days
from myosotis.language.criteria import PatientIs
from myosotis.language.values import PatientNumber
from myosotis.measures.observations import das28, haq, radai
from myosotis.protocol import ExamplePatient, Protocol
from myosotis.study import Eligibility, Endpoint, Rule

months = tuple(month(number, give_or_take=30) for number in (0, 3, 6, 9, 12))
start, *later = months

# A cut-off that this protocol declares, not a published response criterion: the change by which a DAS28
# is said to have improved, and the level that is said to be low.
FALL, LOW = 0.6, 3.2


visit = Visit()  # each of the visits that an analysis names
responder = all_of(das28.at(start).change_from(das28.at(visit)) >= FALL, das28.at(visit) <= LOW)

protocol = Protocol(
    key="rheumatoid-arthritis",
    version="1.0",
    title="Disease activity and function in rheumatoid arthritis over one year",
    question="Did disease activity, function and self-reported activity change over a year of routine care?",
    index=recorded_days(),
    windows=months,
    eligibility=Eligibility(
        include=(
            Rule(
                name="at least one score at inclusion",
                criterion=any_of(*(score.at(start).recorded() for score in (das28, haq, radai))),
                if_not_evaluable="leave_out",
                reason="no score at inclusion",
            ),
        ),
    ),
    analyses=(
        Characteristics(
            key="characteristics",
            title="Patients at inclusion",
            quartiles=6,
            lines=(
                Share(key="female", label="Female", criterion=PatientIs(field="sex", texts=("female",))),
                Number(
                    key="age",
                    label="Age",
                    unit="years",
                    value=PatientNumber(field="age_at_index"),
                    summary="mean_sd",
                    decimals=1,
                ),
                Number(
                    key="das28", label="DAS28", unit="points", value=das28.at(start), summary="median_iqr", decimals=2
                ),
            ),
        ),
        ChangeOverVisits(
            key="scores",
            title="Scores over one year",
            outcomes=(
                Outcome(
                    key="das28",
                    label="DAS28",
                    unit="points",
                    value=das28.at(visit),
                    decimals=2,
                    precision=10,
                    low=0,
                    high=10,
                ),
                Outcome(
                    key="haq", label="HAQ", unit="points", value=haq.at(visit), decimals=2, precision=10, low=0, high=3
                ),
                Outcome(
                    key="radai",
                    label="RADAI",
                    unit="points",
                    value=radai.at(visit),
                    decimals=2,
                    precision=10,
                    low=0,
                    high=10,
                ),
            ),
            visits=months,
            test=Friedman(p="asymptotic", pairwise="dunn", adjust="holm", against="first"),
            quartiles=6,
        ),
        OutcomeOverVisits(
            key="response",
            title="Responders",
            endpoint=Endpoint(
                key="response",
                label="a DAS28 response as declared",
                variable=responder,
                at=tuple(later),
                if_not_evaluable="leave_out",
                summary="proportion of patients with DAS28 at both visits, with its exact interval",
            ),
            note=f"Response: DAS28 at least {FALL} lower than at inclusion and at most {LOW}, as this protocol declares.",
        ),
    ),
    seed=20261122,
    examples=(
        ExamplePatient(
            label="improved and low",
            tables={
                "patients": ({"sex": "female"},),
                "observations": (
                    {"name": "das28", "day": 0, "number": 3.8},
                    {"name": "das28", "day": 91, "number": 3.2},
                ),
            },
            expects={"at least one score at inclusion": True, "response at month 3": True, "response at month 6": None},
        ),
    ),
    notes=("The cut-off for a response was declared for this example; it is not the EULAR response criterion.",),
)
