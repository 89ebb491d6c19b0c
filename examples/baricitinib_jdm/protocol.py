"""Baricitinib added on in refractory or severe juvenile dermatomyositis: the study of Wang et al. 2022."""

from myosotis import (
    Defaults, Endpoint, Friedman, Population, Protocol, Visit, Window, adverse_events, baseline_window, change,
    column, composite, condition, count, dose_curves, drug_names, example_patient, exclude, exposure, first_dose,
    include, laboratory_safety, mean_sd, median_iqr, new_drugs, on_drugs, organs, patient, patient_table, present,
    recorded, share, swimmer, table_one, taper, treatment_policy, visit_day, week, with_conditions,
)  # fmt: skip
from myosotis.measures.observations import weight
from myosotis.packs import baricitinib, ctcae_5, glucocorticoids, jdm
from myosotis.packs.laboratory import ck

visits = (baseline_window(days=28), week(4, give_or_take=14), week(12, give_or_take=28), week(24, give_or_take=28))
week_0, *later = visits
week_24, visit = later[-1], Visit()
seen_on = visit_day(visit, jdm.skin_das)  # the day of a visit is that of the skin score
background = jdm.immunosuppressants
dose = baricitinib.drug.dose_at(0)
graded = (ctcae_5.alt, ctcae_5.ast, ctcae_5.creatinine, ctcae_5.ck)
graded += (ctcae_5.neutrophils, ctcae_5.lymphocytes, ctcae_5.haemoglobin, ctcae_5.platelets)
organ_conditions = ("ILD", "calcinosis", "MAS", "CADM", "cutaneous ulceration")
muscle = Population(
    key="muscle involvement",
    label="Patients with muscle involvement",
    criterion=jdm.muscle_involvement.at(week_0),
)

# The paper's words leave many questions open; every answer is written down here.
as_printed = {**jdm.RECOMMENDED, "physician_global_at_most": 2.0}
as_published = {**jdm.RECOMMENDED, "physician_global_at_most": 0.2}
intercurrent = (
    treatment_policy(
        "baricitinib stopped after 12 weeks", "the week 24 visit counts whether or not the drug was still taken"
    ),
    treatment_policy(
        "baricitinib interrupted for an infection",
        "the interruption is ignored for the response and counted in the exposure",
    ),
    composite("a new immunosuppressant, immunoglobulin or glucocorticoid pulse", "excludes a partial response"),
)


def responders(key, label, choices):
    of = jdm.response_wang_2022.between(week_0, visit, **choices)
    return Endpoint(
        key=key, label=label, variable=of, at=later, if_not_evaluable="no response", intercurrent=intercurrent
    )


either = {"complete or partial response": ("complete response", "partial response")}
response = responders("response", "Response", as_printed)
strict = responders("response-strict", "Response (physician global at most 0.2)", as_published)
responded = Population(
    key="responders",
    label="Responders at week 24",
    criterion=response.of(week_24).is_in("complete response", "partial response"),
)

protocol = Protocol(
    key="baricitinib-jdm",
    version="1.0",
    title="Baricitinib added on in refractory or severe juvenile dermatomyositis",
    question="Do children with refractory or severe juvenile dermatomyositis improve within 24 weeks of adding baricitinib, "
    "is it safe, and can glucocorticoids be reduced?",
    index=first_dose("baricitinib"),
    windows=visits,
    defaults=Defaults(
        visit_day=seen_on,
        follow_up=Window(label="24 weeks from the first dose", target=0, first=0, last=167),
        weight_within=28,
        quartiles=6,  # as SPSS and Prism compute them, which the paper used
        test=Friedman(p="exact", pairwise="dunn", adjust="bonferroni", against="all"),
        if_not_evaluable=("leave_out", "keep"),
    ),
    eligibility=(
        include(
            "juvenile dermatomyositis (Bohan and Peter, definite or probable)", jdm.bohan_peter_1975_at_least_probable
        ),
        include("refractory or severe disease", jdm.refractory_or_severe_jdm),
        include("at least 12 weeks of baricitinib", baricitinib.drug.days_on(first=0, last=week_24.last) >= 84),
        include(
            "complete clinical data at week 0",
            recorded(jdm.skin_das, ck, jdm.physician_global),
            reason="incomplete clinical data",
        ),
        include("followed to week 24", recorded(jdm.skin_das, at=week_24), reason="lost to follow-up"),
        exclude("overlap with another autoimmune disease", jdm.overlap_syndrome),
        exclude("another infection", jdm.other_infection),
        exclude("history of malignancy", jdm.malignancy),
        exclude("hypersensitivity to baricitinib", jdm.hypersensitivity),
    ),
    populations=(muscle, responded),
    analyses=(
        table_one(
            "Patients at the start of baricitinib",
            patient.female,
            mean_sd(patient.age),
            median_iqr(patient.time_since_diagnosis, key="since_diagnosis"),
            median_iqr(dose / weight.at(week_0), key="baricitinib", label="Baricitinib", unit="mg/kg/day", decimals=2),
            "Disease",
            share(jdm.refractory_jdm, key="refractory", label="Refractory"),
            share(jdm.severe_jdm, key="severe", label="Severe"),
            share(jdm.muscle_involvement, key="muscle"),
            with_conditions("calcinosis", ILD="Interstitial lung disease", MAS="Macrophage activation syndrome"),
            ck,
            "Treatment on the day of the first dose",
            share(glucocorticoids.maintenance.taken_on(0), key="glucocorticoid", label="Glucocorticoid"),
            share(glucocorticoids.pulse.taken_on(0), key="pulse", label="Intravenous methylprednisolone pulse"),
            on_drugs(
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
        patient_table(
            "Patients, one line each",
            column("Sex", patient.female, words=("female", "male")),
            column("Age at onset (years)", patient.age_at_onset, key="onset"),
            column("Age at start (years)", patient.age, key="age"),
            column("Since diagnosis (months)", patient.time_since_diagnosis, key="duration"),
            present("Antibodies", *jdm.antibodies(week_0, positivity="wang_2022")),
            present("Organ involvement", *((name, condition(name).by(0)) for name in organ_conditions), key="organs"),
            drug_names("Earlier drugs", background, "before", key="earlier"),
            drug_names("Drugs at the start", background, "at the start", key="current"),
            drug_names("Added later", background, "later", key="added"),
            column("Baricitinib (mg/kg/day)", dose / weight.nearest(0, within=28), key="dose", decimals=2),
            column("Baricitinib (weeks)", baricitinib.drug.days_on(first=0, last=167) / 7, key="weeks"),
            *(column(f"Response, {one.label}", response.of(one), key=f"response-{one.label}") for one in later),
        ),
        exposure(
            baricitinib.drug,
            below_label=baricitinib.dose_ratio.at(week_0, kidney_rule="halved") < 1,
            note="The label is that for juvenile idiopathic arthritis and atopic dermatitis.",
        ),
        new_drugs(background, title="Concomitant immunosuppressants"),
        count(response, title="Response, physician global at most 2.0 as the paper prints", together=either),
        count(strict, title="Response, physician global at most 0.2 as PRINTO published", together=either),
        count(
            jdm.rash_improved.between(week_0, visit, skin_improvement="one point"),
            key="rash",
            title="Rash improved",
            label="an improved rash (skin-DAS at least one point below week 0)",
            if_not_evaluable="no",
            figure=False,
        ),
        change(jdm.skin_das, key="skin", title="Skin activity"),
        change(jdm.cmas, jdm.mmt8, key="muscle", title="Muscle strength", population=muscle),
        change(
            glucocorticoids.dose_per_weight_on(seen_on, within=28),
            key="glucocorticoid",
            label="Glucocorticoid dose",
            unit="mg/kg/day",
            decimals=2,
            low=0,
            note="Prednisone equivalent on the day of the visit, pulses left out.",
        ),
        taper(subgroups=(responded,)),
        dose_curves(first_day=-28),
        swimmer(baricitinib.drug, glucocorticoids.maintenance, endpoint=response, started=background),
        organs("ILD", "calcinosis", "MAS"),
        adverse_events(baricitinib.drug, emergent_until=30, of_interest=baricitinib.EVENTS_OF_INTEREST),
        laboratory_safety(
            *graded,
            note="The source gives no lower limits of normal, so that grade 0 and grade 1 of the counts are not told apart.",
        ),
    ),
    seed=20220920,
    examples=(
        example_patient(
            "inactive at week 24",
            sex="female",
            born="2010-01-01",
            onset="2018-01-01",
            treatments={"baricitinib": "2020-01-01"},
            observed={
                "2020-06-17": {"ck": 150, "cmas": 48, "mmt8": 78, "skin_das": 1, "ulceration": "no", "erythema": "no"}
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
