"""Complete, partial and no response: every choice with a patient whose response it decides, on every engine."""

from __future__ import annotations

import pytest

from myosotis.language.record import first_dose, recorded_days
from myosotis.language.windows import baseline_window, week
from myosotis.measures import (
    complete_response_with_active_organ_disease,
    complete_response_with_rescue,
    complete_state_wang_2022,
    off_baricitinib_at_visit,
    response_wang_2022,
)
from myosotis.measures.course import best_response, loss_of_response, sustained_response
from myosotis.measures.jdm.response_wang import RECOMMENDED, WANG_2022_LITERAL
from myosotis.measures.jdm.wang_choices import STATE_CHOICES
from myosotis.model.dataset import Dataset

BASELINE, WEEK_4, WEEK_12, WEEK_24 = (
    baseline_window(days=28), week(4, give_or_take=14), week(12, give_or_take=28), week(24, give_or_take=28),
)  # fmt: skip
CR, PR, NR = "complete response", "partial response", "no response"

START = {
    "skin_das": 6, "ulceration": "no", "erythema": "yes", "cmas": 41, "mmt8": 73, "muscle_involvement": "yes",
    "weight": 20,
}  # fmt: skip
WELL = {
    "skin_das": 1, "ulceration": "no", "erythema": "no", "cmas": 50, "mmt8": 79, "ck": 93, "physician_global": 0.2,
    "weight": 20,
}  # fmt: skip
BETTER = {**WELL, "skin_das": 3, "erythema": "yes", "cmas": 46, "mmt8": 77, "physician_global": 2.5}
HALVED = [("prednisone", -90, 27, 20), ("prednisone", 28, None, 10)]
KEPT = [("prednisone", -90, None, 20)]


def rows_of(patient, day, values):
    for name, value in values.items():
        if isinstance(value, str):
            yield {"patient_id": patient, "day": day, "name": name, "text": value, "number": float(value == "yes")}
        elif value is not None:
            yield {"patient_id": patient, "day": day, "name": name, "number": float(value)}


def courses_of(patient, courses):
    classes = {"methotrexate": "conventional immunosuppressant", "rituximab": "biologic",
               "intravenous immunoglobulin": "immunoglobulin", "hydroxychloroquine": "antimalarial",
               "baricitinib": "JAK inhibitor"}  # fmt: skip
    for drug, start, stop, dose in courses:
        name = drug.removesuffix(" pulse")
        drug_class = "glucocorticoid pulse" if drug != name else classes.get(drug, "glucocorticoid")
        yield {
            "patient_id": patient, "drug": name, "drug_class": drug_class, "start_day": start, "stop_day": stop,
            "dose": float(dose), "dose_unit": "mg", "times_per_day": 1.0,
        }  # fmt: skip


class Table:
    """Patients in, the response expected of each under the choices that are asked for."""

    def __init__(self):
        self.cases, self.rows, self.courses, self.patients = [], [], [], []

    def add(self, expected, why, *, start=START, now=BETTER, drugs=HALVED, patient=None, **choices):
        name = f"{len(self.cases):02d} {why}"
        self.patients.append({"patient_id": name, **(patient or {"age_at_index": 8.0})})
        self.rows += [*rows_of(name, 0, start), *rows_of(name, 168, now)]
        self.courses += courses_of(name, drugs)
        self.cases.append((name, expected, {**RECOMMENDED, **choices}))

    def check(self, run_on):
        data = Dataset.of(patients=self.patients, observations=self.rows, treatments=self.courses)
        nodes, labels = {}, {}
        for _, _, choices in self.cases:
            key = tuple(choices.items())
            if key not in labels:
                labels[key] = f"choices {len(labels)}"
                nodes[labels[key]] = response_wang_2022.between(BASELINE, WEEK_24, **choices)
        found = run_on(nodes, data, recorded_days())
        got = {name: found[labels[tuple(choices.items())]][name] for name, _, choices in self.cases}
        assert got == {name: expected for name, expected, _ in self.cases}


def test_every_choice_decides_some_patient(run_on):
    table = Table()
    add = table.add
    add(PR, "better, dose halved")
    add(CR, "inactive", now=WELL, drugs=KEPT)
    # A1: cut-off of the physician global
    add(NR, "global 2.0 on 0.2", now={**WELL, "physician_global": 2.0, "ck": 151}, drugs=KEPT)
    add(
        CR,
        "global 2.0 on 2.0",
        now={**WELL, "physician_global": 2.0, "ck": 151},
        drugs=KEPT,
        physician_global_at_most=2.0,
    )
    add(
        NR,
        "global not essential",
        now={**WELL, "physician_global": 2.5},
        drugs=KEPT,
        inactive_disease="physician global essential",
    )
    add(CR, "three of four without the global", now={**WELL, "physician_global": 2.5}, drugs=KEPT)
    # A2: which muscle test
    one_worse = {**BETTER, "cmas": 40}
    add(NR, "one worse", now=one_worse)
    add(PR, "one better is enough", now=one_worse, muscle_tests="available")
    add(PR, "either", now=one_worse, muscle_tests="either")
    add(NR, "both", now=one_worse, muscle_tests="both")
    one_missing = {**BETTER, "cmas": None}
    add(PR, "one missing", now=one_missing)
    add(PR, "one missing, either", now=one_missing, muscle_tests="either")
    add(None, "one missing, both", now=one_missing, muscle_tests="both")
    add(NR, "one missing, other not better", now={**one_missing, "mmt8": 73})
    add(None, "one missing, other not better, either", now={**one_missing, "mmt8": 73}, muscle_tests="either")
    add(None, "both missing", now={**one_missing, "mmt8": None})
    # A3: no muscle involvement
    skin_only = {**START, "cmas": 52, "mmt8": 80, "muscle_involvement": "no"}
    strong = {**BETTER, "cmas": 52, "mmt8": 80, "ck": 400}
    add(PR, "no involvement", start=skin_only, now=strong)
    add(NR, "no involvement, required", start=skin_only, now=strong, muscle_arm_without_involvement="required")
    add(NR, "no involvement, new weakness", start=skin_only, now={**strong, "cmas": 51})
    add(PR, "no involvement, not tested", start=skin_only, now={**strong, "cmas": None, "mmt8": None})
    add(
        None,
        "involvement not recorded",
        start={**skin_only, "muscle_involvement": None},
        now=strong,
        muscle_tests="both",
    )
    # A4: tests not recorded in inactive disease
    untested = {**WELL, "cmas": None, "mmt8": None}
    add(None, "untested", now=untested, drugs=KEPT, start={**START, "skin_das": 9})
    add(CR, "untested is met", now=untested, drugs=KEPT, unrecorded_muscle_test="met")
    add(NR, "untested is not met", now=untested, drugs=KEPT, unrecorded_muscle_test="not met")
    add(
        CR,
        "untested without involvement",
        start=skin_only,
        now=untested,
        drugs=KEPT,
        unrecorded_muscle_test="met without muscle involvement",
    )
    add(
        None,
        "untested with involvement",
        now=untested,
        drugs=KEPT,
        unrecorded_muscle_test="met without muscle involvement",
    )
    # A5: how much better the muscle
    little = {**BETTER, "cmas": 43, "mmt8": 73}
    add(PR, "2 points", now=little)
    add(PR, "2 points on 1.5", now=little, cmas_improvement=1.5)
    add(NR, "2 points on 3", now=little, cmas_improvement=3.0)
    add(PR, "3 points on 3", now={**little, "cmas": 44}, cmas_improvement=3.0)
    # A6 and A23: how much better the skin
    add(PR, "a point", now={**BETTER, "skin_das": 5})
    add(NR, "a point of six on 20%", now={**BETTER, "skin_das": 5}, skin_improvement="20 percent")
    # A7: skin inactive at baseline
    mild = {**START, "skin_das": 1, "erythema": "no"}
    still = {**BETTER, "skin_das": 1, "ck": 400}
    add(PR, "skin stays inactive", start=mild, now=still)
    add(NR, "skin cannot improve", start=mild, now=still, skin_inactive_at_baseline="cannot improve")
    add(NR, "skin flares", start=mild, now={**still, "skin_das": 2})
    add(NR, "ulcerated at baseline", start={**mild, "ulceration": "yes"}, now=still)
    table.check(run_on)


def test_every_choice_of_the_taper_and_of_new_drugs_decides_some_patient(run_on):
    table = Table()
    add = table.add
    # A8: which dose the taper is from
    since = {"age_at_index": 8.0, "diagnosis_date": "2020-01-01"}
    high_before = [("prednisone", -400, -91, 40), ("prednisone", -90, None, 20)]
    add(NR, "not below baseline", drugs=high_before)
    add(
        PR,
        "below the stated dose",
        drugs=high_before,
        initial_dose="stated",
        start={**START, "initial_glucocorticoid_dose_per_weight": 2.0},
    )
    add(None, "no stated dose", drugs=high_before, initial_dose="stated")
    add(None, "no date to count from", drugs=high_before, initial_dose="diagnosis", patient=since)
    # A9: per weight or not
    grown = {**BETTER, "weight": 20 * 2}
    add(PR, "halved by growth", now=grown, drugs=KEPT)
    add(NR, "not halved in mg", now=grown, drugs=KEPT, dose_unit="mg/day")
    add(None, "not weighed", now={**BETTER, "weight": None})
    add(PR, "not weighed, in mg", now={**BETTER, "weight": None}, dose_unit="mg/day")
    # A10: exactly half
    add(NR, "exactly half is not enough", taper_of_exactly_half="does not count")
    add(
        PR,
        "more than half",
        drugs=[("prednisone", -90, 27, 20), ("prednisone", 28, None, 9.9)],
        taper_of_exactly_half="does not count",
    )
    add(NR, "just not half", drugs=[("prednisone", -90, 27, 20), ("prednisone", 28, None, 10.1)])
    # equivalents: 16 mg of methylprednisolone is 20 mg of prednisone
    add(PR, "equivalents", drugs=[("methylprednisolone", -90, 27, 16), ("prednisone", 28, None, 10)])
    add(NR, "equivalents the other way", drugs=[("prednisone", -90, 27, 16), ("methylprednisolone", 28, None, 8)])
    add(None, "no known equivalent", drugs=[("prednisone", -90, 27, 16), ("deflazacort", 28, None, 6)])
    # A11: none at baseline
    add(PR, "none before, none now", drugs=[])
    add(NR, "none before, some now", drugs=[("prednisone", 28, None, 5)])
    add(NR, "none before, not met", drugs=[], no_initial_dose="not met")
    add(None, "none before, open", drugs=[], no_initial_dose="open")
    # A12, A13: what complete response asks for
    add(NR, "inactive, not tapered", now=WELL, drugs=KEPT, complete_response_needs_taper=True)
    add(CR, "inactive, tapered", now=WELL, complete_response_needs_taper=True)
    mtx = ("methotrexate", 60, None, 10)
    add(CR, "inactive with a new drug", now=WELL, drugs=[*HALVED, mtx])
    add(NR, "inactive, a new drug forbidden", now=WELL, drugs=[*HALVED, mtx], complete_response_forbids_new_drug=True)
    # The words "new agent", A14
    add(NR, "new agent", drugs=[*HALVED, mtx])
    add(PR, "agent started at baseline", drugs=[*HALVED, ("methotrexate", 0, None, 10)])
    add(NR, "agent started a day later", drugs=[*HALVED, ("methotrexate", 1, None, 10)])
    add(NR, "agent started on the visit day", drugs=[*HALVED, ("methotrexate", 168, None, 10)])
    add(PR, "agent started after the visit", drugs=[*HALVED, ("methotrexate", 169, None, 10)])
    add(PR, "agent started again", drugs=[*HALVED, ("methotrexate", -200, -100, 10), mtx])
    add(
        PR,
        "study drug interrupted",
        drugs=[*HALVED, ("baricitinib", 0, 50, 2), ("baricitinib", 63, None, 2)],
        drug_given_before="counts",
    )
    for drug in ("intravenous immunoglobulin", "methylprednisolone pulse"):
        add(NR, f"{drug}", drugs=[*HALVED, (drug, 60, 60, 600)])
        add(PR, f"{drug} among agents", drugs=[*HALVED, (drug, 60, 60, 600)], new_drugs="agents")
        again = [*HALVED, (drug, -60, -60, 600), (drug, 60, 60, 600)]
        add(PR, f"{drug} again", drugs=again)
        add(NR, f"{drug} again counts", drugs=again, drug_given_before="counts")
    add(PR, "antimalarial", drugs=[*HALVED, ("hydroxychloroquine", 60, None, 100)])
    add(
        NR,
        "antimalarial counts",
        drugs=[*HALVED, ("hydroxychloroquine", 60, None, 100)],
        new_drugs="agents, immunoglobulin, pulses and antimalarials",
    )
    # A18, A20, A22
    signs = {**WELL, "ulceration": None, "erythema": None}
    add(None, "signs not recorded", now=signs, drugs=KEPT)
    add(CR, "signs not recorded are absent", now=signs, drugs=KEPT, unrecorded_skin_signs="absent")
    add(NR, "a recorded sign stays", now={**signs, "erythema": "yes"}, drugs=KEPT, unrecorded_skin_signs="absent")
    young, weak = {"age_at_index": 4.0}, {**WELL, "cmas": 47, "ck": 151}
    add(NR, "under 5, applied", now=weak, drugs=KEPT, patient=young)
    add(None, "under 5, left open", now=weak, drugs=KEPT, patient=young, cmas_under_5_years="leave open")
    add(
        NR,
        "turned 5, not left open",
        now=weak,
        drugs=KEPT,
        patient={"age_at_index": 4.6},
        cmas_under_5_years="leave open",
    )
    add(NR, "over 5, not left open", now=weak, drugs=KEPT, cmas_under_5_years="leave open")
    table.check(run_on)


def test_the_weight_nearest_to_the_visit_counts_even_on_another_day(run_on):
    unweighed = {name: value for name, value in BETTER.items() if name != "weight"}
    weighed = {"same day": (168, 20), "a week before": (161, 20), "lighter then": (161, 19), "long before": (100, 20)}
    data = Dataset.of(
        patients=[{"patient_id": one} for one in weighed],
        observations=[
            row
            for one, (day, kg) in weighed.items()
            for row in (
                *rows_of(one, 0, START),
                *rows_of(one, 168, unweighed),
                {"patient_id": one, "day": day, "name": "weight", "number": float(kg)},
            )
        ],
        treatments=[row for one in weighed for row in courses_of(one, HALVED)],
    )
    found = run_on({"it": response_wang_2022.between(BASELINE, WEEK_24, **RECOMMENDED)}, data, recorded_days())["it"]
    assert found == {"same day": PR, "a week before": PR, "lighter then": NR, "long before": None}


def test_the_laboratory_limit_of_creatine_kinase(run_on):
    data = Dataset.of(
        patients=[{"patient_id": "a"}],
        observations=[
            *rows_of("a", 0, START),
            *rows_of("a", 168, {**WELL, "ck": None, "physician_global": 1.0}),
            {"patient_id": "a", "day": 168, "name": "ck", "number": 180.0, "upper_limit": 190.0},
        ],
        treatments=courses_of("a", KEPT),
    )
    bounds = ("150 U/L", "upper limit")
    nodes = {one: response_wang_2022.between(BASELINE, WEEK_24, **{**RECOMMENDED, "ck_at_most": one}) for one in bounds}
    found = run_on(nodes, data, recorded_days())
    assert [found[one]["a"] for one in bounds] == [NR, CR]


def test_a_responder_who_may_be_complete_or_partial_is_neither_yet_a_responder(run_on):
    now = {**WELL, "ck": None, "physician_global": None}
    data = Dataset.of(
        patients=[{"patient_id": "a"}],
        observations=[*rows_of("a", 0, START), *rows_of("a", 168, now)],
        treatments=courses_of("a", HALVED),
    )
    response = response_wang_2022.between(BASELINE, WEEK_24, **RECOMMENDED)
    nodes = {"response": response, CR: response.is_in(CR), PR: response.is_in(PR), "either": response.is_in(CR, PR)}
    found = run_on(nodes, data, recorded_days())
    assert {name: found[name]["a"] for name in nodes} == {"response": None, CR: None, PR: None, "either": True}


COURSES = {
    # patient -> skin-DAS, physician global at weeks 4, 12, 24; None is a visit without values
    "steady": ([(1, 0.2), (1, 0.2), (1, 0.2)], (CR, True, False)),
    "late": ([(6, 4.0), (6, 4.0), (1, 0.2)], (CR, False, False)),
    "lost": ([(6, 4.0), (1, 0.2), (6, 4.0)], (CR, False, True)),
    "twice": ([(6, 4.0), (1, 0.2), (1, 0.2)], (CR, True, False)),
    "never": ([(6, 4.0), (6, 4.0), (6, 4.0)], (NR, False, False)),
    "gap settled": ([(1, 0.2), None, (1, 0.2)], (CR, None, None)),
    "gap": ([(6, 4.0), None, (6, 4.0)], (None, False, None)),
    "gap first": ([None, (1, 0.2), (1, 0.2)], (CR, True, False)),
}


def test_best_sustained_and_lost_response(run_on):
    rows, courses = [], []
    for patient, (visits, _) in COURSES.items():
        rows += rows_of(patient, 0, START)
        courses += courses_of(patient, KEPT)
        for day, seen in zip((28, 84, 168), visits, strict=True):
            if seen is not None:
                rows += rows_of(patient, day, {**WELL, "ck": 400, "skin_das": seen[0], "physician_global": seen[1]})
    data = Dataset.of(patients=[{"patient_id": one} for one in COURSES], observations=rows, treatments=courses)
    visits = [response_wang_2022.between(BASELINE, one, **RECOMMENDED) for one in (WEEK_4, WEEK_12, WEEK_24)]
    nodes = {
        "best": best_response(visits),
        "sustained": sustained_response(visits, levels=(CR, PR), visits=2),
        "lost": loss_of_response(visits, levels=(CR, PR)),
    }
    found = run_on(nodes, data, recorded_days())
    got = {patient: tuple(found[name][patient] for name in nodes) for patient in COURSES}
    assert got == {patient: expected for patient, (_, expected) in COURSES.items()}


def test_flags_beside_the_response(run_on):
    patients = {
        "rescued": (WELL, [*KEPT, ("rituximab", 60, 60, 500), ("baricitinib", 0, None, 2)], []),
        "with calcinosis": (WELL, [*KEPT, ("baricitinib", 0, 83, 2)], [("calcinosis", 0, "present")]),
        "calcinosis gone": (WELL, [*KEPT, ("baricitinib", 0, 50, 2), ("baricitinib", 63, None, 2)],
                            [("calcinosis", 0, "present"), ("calcinosis", 160, "resolved")]),
        "active": (BETTER, [*KEPT, ("baricitinib", 0, None, 2)], [("ILD", 0, "present")]),
    }  # fmt: skip
    data = Dataset.of(
        patients=[{"patient_id": one} for one in patients],
        observations=[
            row for one, (now, _, _) in patients.items() for row in (*rows_of(one, 0, START), *rows_of(one, 168, now))
        ],
        treatments=[row for one, (_, drugs, _) in patients.items() for row in courses_of(one, drugs)],
        conditions=[
            {"patient_id": one, "name": name, "day": day, "status": status}
            for one, (_, _, seen) in patients.items()
            for name, day, status in seen
        ],
    )
    state = {choice.key: RECOMMENDED[choice.key] for choice in STATE_CHOICES}
    nodes = {
        "rescue": complete_response_with_rescue.between(BASELINE, WEEK_24, **RECOMMENDED),
        "organ": complete_response_with_active_organ_disease.between(BASELINE, WEEK_24, **RECOMMENDED),
        "off": off_baricitinib_at_visit.between(BASELINE, WEEK_24, days_tolerated=14),
        "state": complete_state_wang_2022.at(WEEK_24, **state),
        "state at baseline": complete_state_wang_2022.at(BASELINE, **state),
    }
    found = run_on(nodes, data, recorded_days())
    got = {one: tuple(found[name][one] for name in nodes) for one in patients}
    assert got == {
        "rescued": (True, False, False, True, False),
        "with calcinosis": (False, True, True, True, False),
        "calcinosis gone": (False, False, False, True, False),
        "active": (False, False, False, False, False),
    }


@pytest.mark.parametrize("preset", [WANG_2022_LITERAL, RECOMMENDED])
def test_a_preset_makes_every_choice_and_only_those(preset):
    assert set(preset) == {choice.key for choice in response_wang_2022.choices}
    for choice in response_wang_2022.choices:
        choice.checked(preset[choice.key], response_wang_2022.key)


def test_the_taper_from_the_dose_at_diagnosis_counts_calendar_days(run_on):
    """Baricitinib starts on 1 July 2020, day 0; 20 mg at week 24 are half of the 40 mg of the day of diagnosis only."""
    steroid = [("2020-01-01", "2020-03-01", 40.0), ("2020-03-02", None, 20.0)]
    diagnoses = {
        "first day of 40": ("2020-01-01", PR),
        "last day of 40": ("2020-03-01", PR),
        "first day of 20": ("2020-03-02", NR),
        "before any": ("2019-12-31", NR),
        "unknown": (None, None),
    }
    observations, treatments = [], []
    for patient in diagnoses:
        for day, values in (("2020-07-01", START), ("2020-12-16", BETTER)):
            for row in rows_of(patient, 0, values):
                observations.append({**{key: value for key, value in row.items() if key != "day"}, "date": day})
        for start, stop, dose in steroid:
            treatments.append(
                {"patient_id": patient, "drug": "prednisone", "drug_class": "glucocorticoid", "start": start,
                 "stop": stop, "dose": dose, "dose_unit": "mg", "times_per_day": 1.0}
            )  # fmt: skip
        treatments.append(
            {"patient_id": patient, "drug": "baricitinib", "drug_class": "JAK inhibitor", "start": "2020-07-01",
             "dose": 2.0, "dose_unit": "mg", "times_per_day": 1.0}
        )  # fmt: skip
    data = Dataset.of(
        patients=[{"patient_id": one, "diagnosis_date": day} for one, (day, _) in diagnoses.items()],
        observations=observations, treatments=treatments,
    )  # fmt: skip
    choices = {**RECOMMENDED, "initial_dose": "diagnosis", "dose_unit": "mg/day"}
    node = response_wang_2022.between(BASELINE, WEEK_24, **choices)
    found = run_on({"response": node}, data, first_dose("baricitinib"))["response"]
    assert found == {one: expected for one, (_, expected) in diagnoses.items()}
