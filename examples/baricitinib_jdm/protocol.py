"""Baricitinib added on in refractory or severe juvenile dermatomyositis: the study of Wang et al. 2022."""

from myosotis.analysis import (
    JAK_INHIBITOR_EVENTS,
    AdverseEvents,
    ChangeOverVisits,
    Characteristics,
    Column,
    ConcomitantDrugs,
    DoseCurves,
    DrugNames,
    Exposure,
    Friedman,
    GlucocorticoidTaper,
    Heading,
    LaboratorySafety,
    LaboratoryTest,
    Number,
    OrganOutcomes,
    Outcome,
    OutcomeOverVisits,
    PatientTable,
    Present,
    Share,
    SwimmerPlot,
)
from myosotis.language import Visit, Window, all_of, baseline_window, condition, drugs, first_dose, visit_day, week
from myosotis.language.criteria import PatientIs
from myosotis.language.values import PatientNumber
from myosotis.measures.baricitinib import baricitinib_dose_ratio
from myosotis.measures.catalogue import measures
from myosotis.measures.glucocorticoids import glucocorticoid, glucocorticoid_dose_per_weight_on
from myosotis.measures.jdm.antibodies import ASSOCIATED, SPECIFIC
from myosotis.measures.jdm.classification import bohan_peter_1975_at_least_probable
from myosotis.measures.jdm.instruments import cmas, mmt8, muscle_involvement, skin_das
from myosotis.measures.jdm.response_wang import response_wang_2022
from myosotis.measures.jdm.severity import refractory_jdm, refractory_or_severe_jdm, severe_jdm
from myosotis.measures.jdm.skin import rash_improved
from myosotis.measures.jdm.wang_choices import RECOMMENDED
from myosotis.measures.observations import (
    alt,
    ast,
    ck,
    creatinine,
    haemoglobin,
    hypersensitivity,
    lymphocytes,
    malignancy,
    neutrophils,
    other_infection,
    overlap_syndrome,
    physician_global,
    platelets,
    weight,
)
from myosotis.measures.safety_grades import (
    ctcae_5_alt,
    ctcae_5_anaemia,
    ctcae_5_ast,
    ctcae_5_ck,
    ctcae_5_creatinine,
    ctcae_5_lymphocytes,
    ctcae_5_neutrophils,
    ctcae_5_platelets,
)
from myosotis.protocol import ExamplePatient, Protocol
from myosotis.study import Eligibility, Endpoint, IntercurrentEvent, Population, Rule

week_0 = baseline_window(days=28, label="week 0")
week_4, week_12, week_24 = week(4, give_or_take=14), week(12, give_or_take=28), week(24, give_or_take=28)
visits = (week_0, week_4, week_12, week_24)
weeks_24 = Window(label="24 weeks from the first dose", target=0, first=0, last=167)
after_baseline = Window(label="follow-up", target=week_24.target, first=1, last=week_24.last)

baricitinib = drugs("baricitinib", names=("baricitinib",))
quartiles = 6  # as SPSS and Prism compute them, which the paper used

muscle = Population(
    key="muscle involvement", label="Patients with muscle involvement", criterion=muscle_involvement.at(week_0)
)


immunosuppressants = drugs(
    "immunosuppressant",
    classes=("conventional immunosuppressant", "immunomodulator", "biologic", "immunoglobulin", "antimalarial"),
)


visit = Visit()  # each of the visits that an analysis names
seen_on = visit_day(visit, skin_das)  # the day of the visit: that of the skin score
glucocorticoid_per_kg = glucocorticoid_dose_per_weight_on(seen_on, within=28)  # prednisone equivalent, mg/kg/day


def antibody(one):
    """A myositis antibody, positive above the intensity that the paper used."""
    return one.label.removeprefix("anti-"), measures()[one.key].at(week_0, positivity="wang_2022")


# The paper's words leave many questions open; every answer is written down here.
as_printed = {**RECOMMENDED, "physician_global_at_most": 2.0}
as_published = {**RECOMMENDED, "physician_global_at_most": 0.2}

stopped = IntercurrentEvent(
    name="baricitinib stopped after 12 weeks",
    strategy="treatment policy",
    how="the week 24 visit counts whether or not the drug was still taken",
)
interrupted = IntercurrentEvent(
    name="baricitinib interrupted for an infection",
    strategy="treatment policy",
    how="the interruption is ignored for the response and counted in the exposure",
)
rescued = IntercurrentEvent(
    name="a new immunosuppressant, immunoglobulin or glucocorticoid pulse",
    strategy="composite",
    how="excludes a partial response",
)


def responders(key, label, choices):
    return Endpoint(
        key=key,
        label=label,
        variable=response_wang_2022.between(week_0, visit, **choices),
        at=(week_4, week_12, week_24),
        if_not_evaluable="no response",
        intercurrent=(stopped, interrupted, rescued),
    )


either = (("complete or partial response", ("complete response", "partial response")),)
response = responders("response", "Response", as_printed)
responded = Population(
    key="responders",
    label="Responders at week 24",
    criterion=response.of(week_24).is_in("complete response", "partial response"),
)


def on(drug):
    key = drug.replace(" ", "_")
    return Share(key=key, label=drug.capitalize(), criterion=drugs(drug, names=(drug,)).taken_on(0))


def with_condition(name, label):
    return Share(key=name, label=label, criterion=condition(name).by(0))


protocol = Protocol(
    key="baricitinib-jdm",
    version="1.0",
    title="Baricitinib added on in refractory or severe juvenile dermatomyositis",
    question="Do children with refractory or severe juvenile dermatomyositis improve within 24 weeks of adding baricitinib, "
    "is it safe, and can glucocorticoids be reduced?",
    index=first_dose("baricitinib"),
    windows=visits,
    eligibility=Eligibility(
        include=(
            Rule(
                name="juvenile dermatomyositis (Bohan and Peter, definite or probable)",
                criterion=bohan_peter_1975_at_least_probable.at(week_0),
                if_not_evaluable="leave_out",
            ),
            Rule(
                name="refractory or severe disease",
                criterion=refractory_or_severe_jdm.at(week_0),
                if_not_evaluable="leave_out",
            ),
            Rule(
                name="at least 12 weeks of baricitinib",
                criterion=baricitinib.days_on(first=0, last=week_24.last) >= 84,
                if_not_evaluable="leave_out",
            ),
            Rule(
                name="complete clinical data at week 0",
                criterion=all_of(*(score.at(week_0).recorded() for score in (skin_das, ck, physician_global))),
                if_not_evaluable="leave_out",
                reason="incomplete clinical data",
            ),
            Rule(
                name="followed to week 24",
                criterion=skin_das.at(week_24).recorded(),
                if_not_evaluable="leave_out",
                reason="lost to follow-up",
            ),
        ),
        exclude=(
            Rule(
                name="overlap with another autoimmune disease",
                criterion=overlap_syndrome.at(week_0),
                if_not_evaluable="keep",
            ),
            Rule(name="another infection", criterion=other_infection.at(week_0), if_not_evaluable="keep"),
            Rule(name="history of malignancy", criterion=malignancy.at(week_0), if_not_evaluable="keep"),
            Rule(
                name="hypersensitivity to baricitinib", criterion=hypersensitivity.at(week_0), if_not_evaluable="keep"
            ),
        ),
    ),
    populations=(muscle, responded),
    analyses=(
        Characteristics(
            key="characteristics",
            title="Patients at the start of baricitinib",
            quartiles=quartiles,
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
                    key="since_diagnosis",
                    label="Time since diagnosis",
                    unit="months",
                    value=PatientNumber(field="time_since_diagnosis"),
                    summary="median_iqr",
                    decimals=1,
                ),
                Number(
                    key="baricitinib",
                    label="Baricitinib",
                    unit="mg/kg/day",
                    value=baricitinib.dose_at(0) / weight.at(week_0),
                    summary="median_iqr",
                    decimals=2,
                ),
                Heading(label="Disease"),
                Share(key="refractory", label="Refractory", criterion=refractory_jdm.at(week_0)),
                Share(key="severe", label="Severe", criterion=severe_jdm.at(week_0)),
                Share(key="muscle", label="Muscle involvement", criterion=muscle_involvement.at(week_0)),
                with_condition("calcinosis", "Calcinosis"),
                with_condition("ILD", "Interstitial lung disease"),
                with_condition("MAS", "Macrophage activation syndrome"),
                Number(
                    key="ck", label="Creatine kinase", unit="U/L", value=ck.at(week_0), summary="median_iqr", decimals=1
                ),
                Heading(label="Treatment on the day of the first dose"),
                Share(
                    key="glucocorticoid",
                    label="Glucocorticoid",
                    criterion=drugs("glucocorticoid", classes=("glucocorticoid",)).taken_on(0),
                ),
                Share(
                    key="pulse",
                    label="Intravenous methylprednisolone pulse",
                    criterion=drugs("pulse", classes=("glucocorticoid pulse",)).taken_on(0),
                ),
                *map(
                    on,
                    (
                        "intravenous immunoglobulin",
                        "methotrexate",
                        "hydroxychloroquine",
                        "tacrolimus",
                        "mycophenolate mofetil",
                        "cyclosporine",
                        "thalidomide",
                        "infliximab",
                        "tocilizumab",
                    ),
                ),
            ),
        ),
        PatientTable(
            key="patients",
            title="Patients, one line each",
            columns=(
                Column(key="sex", label="Sex", of=PatientIs(field="sex", texts=("female",)), words=("female", "male")),
                Column(key="onset", label="Age at onset (years)", of=PatientNumber(field="age_at_onset")),
                Column(key="age", label="Age at start (years)", of=PatientNumber(field="age_at_index")),
                Column(
                    key="duration", label="Since diagnosis (months)", of=PatientNumber(field="time_since_diagnosis")
                ),
                Present(key="antibodies", label="Antibodies", of=tuple(map(antibody, (*SPECIFIC, *ASSOCIATED)))),
                Present(
                    key="organs",
                    label="Organ involvement",
                    of=tuple(
                        (name, condition(name).by(0))
                        for name in ("ILD", "calcinosis", "MAS", "CADM", "cutaneous ulceration")
                    ),
                ),
                DrugNames(key="earlier", label="Earlier drugs", treatment=immunosuppressants, when="before"),
                DrugNames(key="current", label="Drugs at the start", treatment=immunosuppressants, when="at the start"),
                DrugNames(key="added", label="Added later", treatment=immunosuppressants, when="later"),
                Column(
                    key="dose",
                    label="Baricitinib (mg/kg/day)",
                    of=baricitinib.dose_at(0) / weight.nearest(0, within=28),
                    decimals=2,
                ),
                Column(
                    key="weeks", label="Baricitinib (weeks)", of=baricitinib.days_on(first=0, last=weeks_24.last) / 7
                ),
                *(
                    Column(key=f"response-{one.label}", label=f"Response, {one.label}", of=response.of(one))
                    for one in response.at
                ),
            ),
        ),
        Exposure(
            key="exposure",
            title="Exposure to baricitinib",
            treatment=baricitinib,
            last_day=weeks_24.last,
            weight=weight,
            weight_within=28,
            quartiles=quartiles,
            visits=(week_4, week_12, week_24),
            visit_day=seen_on,
            below_label=baricitinib_dose_ratio.at(week_0, kidney_rule="halved") < 1,
            note="The label is that for juvenile idiopathic arthritis and atopic dermatitis.",
        ),
        ConcomitantDrugs(
            key="concomitant",
            title="Concomitant immunosuppressants",
            treatment=immunosuppressants,
            visits=(week_4, week_12, week_24),
            visit_day=seen_on,
        ),
        OutcomeOverVisits(
            key="response",
            title="Response, physician global at most 2.0 as the paper prints",
            endpoint=response,
            together=either,
        ),
        OutcomeOverVisits(
            key="response-strict",
            title="Response, physician global at most 0.2 as PRINTO published",
            endpoint=responders("response-strict", "Response (physician global at most 0.2)", as_published),
            together=either,
        ),
        OutcomeOverVisits(
            key="rash",
            title="Rash improved",
            endpoint=Endpoint(
                key="rash",
                label="an improved rash (skin-DAS at least one point below week 0)",
                variable=rash_improved.between(week_0, visit, skin_improvement="one point"),
                at=(week_4, week_12, week_24),
                if_not_evaluable="no",
            ),
            draw=False,
        ),
        ChangeOverVisits(
            key="skin",
            title="Skin activity",
            outcomes=(
                Outcome(
                    key="skin_das",
                    label="skin-DAS",
                    unit="points",
                    value=skin_das.at(visit),
                    decimals=1,
                    precision=0,
                    low=0,
                    high=9,
                ),
            ),
            visits=visits,
            test=Friedman(p="exact", pairwise="dunn", adjust="bonferroni", against="all"),
            quartiles=quartiles,
        ),
        ChangeOverVisits(
            key="muscle",
            title="Muscle strength",
            outcomes=(
                Outcome(
                    key="cmas",
                    label="CMAS",
                    unit="points",
                    value=cmas.at(visit),
                    decimals=1,
                    precision=0,
                    low=0,
                    high=52,
                ),
                Outcome(
                    key="mmt8",
                    label="MMT-8",
                    unit="points",
                    value=mmt8.at(visit),
                    decimals=1,
                    precision=0,
                    low=0,
                    high=80,
                ),
            ),
            visits=visits,
            test=Friedman(p="exact", pairwise="dunn", adjust="bonferroni", against="all"),
            quartiles=quartiles,
            population=muscle,
        ),
        ChangeOverVisits(
            key="glucocorticoid",
            title="Glucocorticoid dose",
            outcomes=(
                Outcome(
                    key="glucocorticoid",
                    label="Glucocorticoid dose",
                    unit="mg/kg/day",
                    value=glucocorticoid_per_kg,
                    decimals=2,
                    precision=9,
                    low=0,
                ),
            ),
            visits=visits,
            test=Friedman(p="exact", pairwise="dunn", adjust="bonferroni", against="all"),
            quartiles=quartiles,
            note="Prednisone equivalent on the day of the visit, pulses left out.",
        ),
        GlucocorticoidTaper(
            key="taper",
            title="Glucocorticoid taper",
            visits=visits,
            visit_day=seen_on,
            weight_within=28,
            last_day=week_24.target,
            quartiles=quartiles,
            apart=(responded,),
        ),
        DoseCurves(
            key="curves",
            title="Glucocorticoid dose of every patient",
            first_day=-28,
            last_day=week_24.target,
            weight_within=28,
        ),
        SwimmerPlot(
            key="swimmer",
            title="Treatment, response and adverse events of every patient",
            treatments=(baricitinib, glucocorticoid),
            last_day=week_24.last,
            endpoint=response,
            visit_day=seen_on,
            started=immunosuppressants,
        ),
        OrganOutcomes(
            key="organs",
            title="Organ outcomes",
            conditions=("ILD", "calcinosis", "MAS"),
            baseline=week_0,
            visit=week_24,
        ),
        AdverseEvents(
            key="safety",
            title="Adverse events",
            treatment=baricitinib,
            emergent_until=30,
            follow_up=weeks_24,
            of_interest=JAK_INHIBITOR_EVENTS,
        ),
        LaboratorySafety(
            key="laboratory",
            title="Laboratory safety",
            tests=(
                LaboratoryTest(series=alt, grade=ctcae_5_alt),
                LaboratoryTest(series=ast, grade=ctcae_5_ast),
                LaboratoryTest(series=creatinine, grade=ctcae_5_creatinine),
                LaboratoryTest(series=ck, grade=ctcae_5_ck),
                LaboratoryTest(series=neutrophils, grade=ctcae_5_neutrophils),
                LaboratoryTest(series=lymphocytes, grade=ctcae_5_lymphocytes),
                LaboratoryTest(series=haemoglobin, grade=ctcae_5_anaemia),
                LaboratoryTest(series=platelets, grade=ctcae_5_platelets),
            ),
            baseline=week_0,
            follow_up=after_baseline,
            note="The source gives no lower limits of normal, so that grade 0 and grade 1 of the counts are not told apart.",
        ),
    ),
    seed=20220920,
    examples=(
        ExamplePatient(
            label="inactive at week 24",
            tables={
                "patients": ({"sex": "female", "birth_date": "2010-01-01", "onset_date": "2018-01-01"},),
                "treatments": ({"drug": "baricitinib", "drug_class": "JAK inhibitor", "start": "2020-01-01"},),
                "observations": (
                    {"name": "ck", "date": "2020-06-17", "number": 150.0},
                    {"name": "cmas", "date": "2020-06-17", "number": 48.0},
                    {"name": "mmt8", "date": "2020-06-17", "number": 78.0},
                    {"name": "skin_das", "date": "2020-06-17", "number": 1.0},
                    {"name": "ulceration", "date": "2020-06-17", "number": 0.0, "text": "no"},
                    {"name": "erythema", "date": "2020-06-17", "number": 0.0, "text": "no"},
                ),
            },
            expects={
                "response at week 24": "complete response",
                "response at week 4": None,
                "at least 12 weeks of baricitinib": True,
                "complete clinical data at week 0": False,
            },
        ),
    ),
    synthetic="No patient-level data of the study were published. These 22 children were drawn so that the "
    "published summaries come out; no row describes a real patient, and nothing here is evidence about any drug.",
    notes=(
        "No comparator: a change after starting baricitinib is not an effect of baricitinib.",
        "Requiring 12 weeks of treatment and a visit at week 24 selects those who tolerated the drug and came back.",
    ),
)
