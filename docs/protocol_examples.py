"""An example of every word of a protocol, as the page shows it; a test evaluates each with the names below."""

from __future__ import annotations

NAMES = {
    "week_0": "baseline_window(days=28)",
    "week_4": "week(4, give_or_take=14)",
    "week_24": "week(24, give_or_take=28)",
    "later": "[week_4, week_24]",
    "mtx": 'drugs("methotrexate", names=["methotrexate"])',
    "seen_on": "visit_day(Visit(), skin_das)",
    "improved": 'rash_improved.between(week_0, Visit(), skin_improvement="one point")',
    "rash": 'Endpoint(key="rash", label="improved rash", variable=improved, at=later, if_not_evaluable="no")',
    "muscle": 'Population(key="muscle", label="Muscle involvement", criterion=muscle_involvement.at(week_0))',
    "friedman": 'Friedman(p="exact", pairwise="dunn", adjust="holm", against="first")',
}

EXAMPLES: dict[str, tuple[str, ...]] = {
    # the study
    "Defaults": (
        'Defaults(visit_day=seen_on, weight_within=28, quartiles=6, test=friedman, if_not_evaluable=["leave_out", "keep"])',
    ),
    "include": ('include("severe disease", severe_jdm)',),
    "exclude": ('exclude("history of malignancy", malignancy, if_not_evaluable="keep")',),
    "recorded": ("recorded(skin_das, ck)", "recorded(skin_das, at=week_24)"),
    "Population": ('Population(key="strong", label="CMAS of 48 or more", criterion=cmas.at(week_0) >= 48)',),
    "Eligibility": (
        'Eligibility(include=[Rule(name="severe", criterion=severe_jdm.at(week_0), if_not_evaluable="leave_out")])',
    ),
    "Rule": ('Rule(name="seen", criterion=ck.at(week_0).recorded(), if_not_evaluable="leave_out", reason="no laboratory")',),
    "ExamplePatient": (
        'ExamplePatient(label="a girl", tables={"patients": [{"sex": "female"}]}, expects={"severe disease": None})',
    ),
    "example_patient": (
        'example_patient("a girl", sex="female", observed={"2020-06-17": {"ck": 150}}, expects={"severe disease": None})',
    ),
    # day 0 and visits
    "first_dose": ('first_dose("baricitinib", "tofacitinib")',),
    "date_of": ('date_of("diagnosis_date")',),
    "recorded_days": ("recorded_days()",),
    "baseline_window": ("baseline_window(days=28)",),
    "week": ("week(12, give_or_take=28)",),
    "month": ("month(3, give_or_take=30)",),
    "day_window": ('day_window(10, give_or_take=3, label="after ten days")',),
    "Window": ('Window(label="first half year", target=0, first=0, last=182)',),
    "visit_day": ("visit_day(week_4, skin_das, ck)",),
    "Visit": ("cmas.at(Visit())", "Visit().last / 7"),
    # what was measured, given and recorded
    "Series": (
        "ck.at(week_4)", "ck.first(week_4)", "ck.last(week_4)", "cmas.worst(week_4)", "cmas.best(week_4)",
        "weight.nearest(mtx.start, within=14)",
    ),
    "Flag": ("ulceration.at(week_0)", "ulceration.recorded_at(week_0)"),
    "measured": (
        'measured("grip", "grip strength", unit="kg", low=0, high=90, step=0.5, source=Citation(text="The ward, 2019"))',
    ),
    "told": ('told("slept", "slept well", source=Citation(text="The ward, 2019"))',),
    "written": ('written("remark", "remark", source=Citation(text="The ward, 2019"))',),
    "defined": (
        'defined("weak", "weak", cmas.at(Visit()) < 40, source=Citation(text="The ward"), examples=[[{"cmas": 39}, True]])',
    ),
    "drugs": (
        'drugs("glucocorticoid", classes=["glucocorticoid"], factors={"dexamethasone": 6.67}, except_names=["budesonide"])',
    ),
    "Treatment": (
        "mtx.dose_at(0)", "mtx.cumulative_dose(first=0, last=84)", "mtx.days_on(first=0, last=84) >= 70", "mtx.taken_on(0)",
        "mtx.started_between(0, 84, new_only=True)", "mtx.start", "mtx.stop",
    ),
    "condition": ('condition("ILD").by(0)',),
    "Condition": (
        'condition("ILD").ever()', 'condition("ILD").by(0)', 'condition("ILD").present(week_24)',
        'condition("ILD").with_status("improved", "resolved", window=week_24)',
    ),
    "PatientIs": ('PatientIs(field="site", texts=["Athens"])',),
    "PatientNumber": ('PatientNumber(field="age_at_index") < 18',),
    "patient": ("patient.female", "patient.male", "patient.age", "patient.age_at_onset", "patient.time_since_diagnosis"),
    # values and criteria
    "Value": (
        "ck.at(week_4).equals(150)", "cmas.at(week_24).change_from(cmas.at(week_0)) >= 3",
        "ck.at(week_24).percent_change_from(ck.at(week_0))", "ck.at(week_24).reduced_by(0.5, from_=ck.at(week_0))",
        "ck.at(week_4).recorded()", "abs(mtx.dose_at(0) - 15) <= 2.5",
    ),
    "all_of": ("all_of(ck.at(week_4) <= 150, cmas.at(week_4) >= 48)",),
    "any_of": ("any_of(ulceration.at(week_0), skin_das.at(week_0) > 1)",),
    "none_of": ("none_of(malignancy.at(week_0), other_infection.at(week_0))",),
    "not_": ("not_(mtx.taken_on(0))",),
    "at_least": ("at_least(3, of=[ck.at(week_4) <= 150, cmas.at(week_4) >= 48, mmt8.at(week_4) >= 78])",),
    "Categories": (
        'Categories(key="level", version="1", label="CMAS", cases=[["high", cmas.at(week_0) >= 48]], otherwise="low")',
        'bohan_peter_1975.at(week_0).is_in("definite", "probable")',
    ),
    "Bands": ("Bands(of=ck.at(week_0), edges=[150, 500], points=[0, 1, 2])",),
    "Where": ("Where(criterion=patient.female, then=haemoglobin.at(week_0), otherwise=haemoglobin.at(week_4))",),
    # tables
    "table_one": ('table_one("Patients", patient.female, mean_sd(patient.age), "Disease", severe_jdm, ck)',),
    "mean_sd": ("mean_sd(patient.age)",),
    "median_iqr": ('median_iqr(mtx.dose_at(0), key="mtx", label="Methotrexate", unit="mg/day", decimals=1)',),
    "share": ('share(refractory_jdm, label="Refractory")',),
    "on_drugs": ('on_drugs("methotrexate", "hydroxychloroquine")',),
    "with_conditions": ('with_conditions("calcinosis", ILD="Interstitial lung disease")',),
    "patient_table": (
        'patient_table("Patients, one line each", column("CK", ck), drug_names("Earlier drugs", mtx, "before"))',
    ),
    "column": ('column("Sex", patient.female, words=["female", "male"])',),
    "present": ('present("Organs", ["ILD", condition("ILD").by(0)], ["calcinosis", condition("calcinosis").by(0)])',),
    "drug_names": ('drug_names("Added later", mtx, "later")',),
    # what is followed and counted
    "change": ("change(cmas, mmt8, population=muscle)",),
    "outcome": ('outcome(das28, label="DAS28", precision=2)',),
    "count": ('count(improved, key="rash", label="improved rash", if_not_evaluable="no")', 'count(rash, title="Rash")'),
    "estimate": (
        'estimate("signed_rank", Paired(before=cmas.at(week_0), after=cmas.at(week_24)), title="CMAS over 24 weeks")',
        'estimate("page_trend", Repeated(of=cmas.at(Visit()), visits=[week_0, week_4, week_24]), title="CMAS rises")',
        'estimate("boschloo", CountedGroups(of=ulceration.at(week_24), by=patient.female), title="Ulcers by sex")',
    ),
    "Numbers": ("Numbers(of=ck.at(week_0))",),
    "Counted": ("Counted(of=ulceration.at(week_0))",),
    "Paired": ("Paired(before=cmas.at(week_0), after=cmas.at(week_24))",),
    "CountedPairs": ("CountedPairs(before=ulceration.at(week_0), after=ulceration.at(week_24))",),
    "Repeated": ("Repeated(of=cmas.at(Visit()), visits=[week_0, week_4, week_24])",),
    "RepeatedInGroups": (
        "RepeatedInGroups(of=cmas.at(Visit()), visits=[week_0, week_4, week_24], by=patient.female)",
    ),
    "Groups": ("Groups(of=ck.at(week_4), by=patient.female)",),
    "CountedGroups": ("CountedGroups(of=ulceration.at(week_4), by=patient.female)",),
    "TimeBetween": ("TimeBetween(after=mtx.start, by=mtx.stop)",),
    "Endpoints": (
        'Endpoints(of={"CMAS": cmas.at(week_24) - cmas.at(week_0), "MMT-8": mmt8.at(week_24) - mmt8.at(week_0)})',
    ),
    "Published": ('Published(label="Ward B", count=5, total=12, citation="Author 2020, Table 2")',),
    "Studies": (
        'Studies(of=ulceration.at(week_24), published=[Published(label="Ward B", count=5, total=12, citation="A 2020")])',
    ),
    "Design": ("Design(patients=7, visits=4)",),
    "TimeToEvent": ("TimeToEvent(days=mtx.stop, event=ulceration.at(week_24))",),
    "TimeToEventInGroups": ("TimeToEventInGroups(days=mtx.stop, event=ulceration.at(week_24), by=patient.female)",),
    "EventsInTime": ("EventsInTime(events=CountTrue(of=[ulceration.at(week_4)]), days=mtx.days_on(first=0, last=84))",),
    "EventsInTimeInGroups": (
        "EventsInTimeInGroups(events=Constant(number=1), days=mtx.days_on(first=0, last=84), by=patient.female)",
    ),
    "time_to_event": ('time_to_event(mtx.stop, ulceration.at(week_24), label="ulceration")',),
    "sensitivity": (
        "sensitivity(cmas, shifts=[0, -2, -4])",
        'sensitivity(ulceration.at(Visit()), key="ulcers", label="ulceration", threshold=0.1)',
    ),
    "endpoint": ('endpoint(improved, key="rash", label="improved rash", if_not_evaluable="leave_out")',),
    "treatment_policy": ('treatment_policy("drug stopped", "the visit counts whether or not it was taken")',),
    "composite": ('composite("rescue drug", "is no response")',),
    "Endpoint": ('Endpoint(key="rash", label="improved rash", variable=improved, at=later, if_not_evaluable="no")',),
    "IntercurrentEvent": (
        'IntercurrentEvent(name="drug stopped", strategy="while on treatment", how="visits after it do not count")',
    ),
    # treatment
    "exposure": ("exposure(mtx, last_day=168)",),
    "new_drugs": ("new_drugs(mtx)",),
    "taper": ("taper(subgroups=[muscle])",),
    "dose_curves": ("dose_curves(first_day=-28)",),
    "swimmer": ("swimmer(mtx, endpoint=rash)",),
    # safety
    "organs": ('organs("ILD", "calcinosis")',),
    "adverse_events": ("adverse_events(mtx, emergent_until=30, of_interest=JAK_INHIBITOR_EVENTS)",),
    "of_interest": ('of_interest("zoster", "Herpes zoster", "herpes zoster", "shingles")',),
    "laboratory_safety": ("laboratory_safety(ctcae_5_alt, ctcae_5_anaemia)",),
}  # fmt: skip
