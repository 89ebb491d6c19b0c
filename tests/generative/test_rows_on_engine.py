"""Rules over rows, asked of the engine and of plain Python: the same of every event, condition, course and value."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from myosotis.analysis import (
    JAK_INHIBITOR_EVENTS,
    AdverseEvents,
    EventsOfInterest,
    Exposure,
    GlucocorticoidTaper,
    LaboratorySafety,
    LaboratoryTest,
    OrganOutcomes,
)
from myosotis.analysis.cohort import Cohort
from myosotis.analysis.rows_answered import rows_answered, rows_asked
from myosotis.engine_rules.answered import answer_rows
from myosotis.language import Visit, Window, drugs, first_dose, visit_day
from myosotis.language.engine import connect
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import records
from myosotis.measures.jdm.instruments import cmas
from myosotis.measures.observations import alt, ck, creatinine, haemoglobin, neutrophils, weight
from myosotis.measures.safety_grades import (
    ctcae_5_alt,
    ctcae_5_anaemia,
    ctcae_5_ck,
    ctcae_5_creatinine,
    ctcae_5_neutrophils,
)
from myosotis.model.dataset import Dataset

START = date(2020, 3, 1)
TERMS = (
    "Herpes zoster", " herpes  ZOSTER", "DVT", "post-zoster pain", "Éthrombose", "x_thrombosis", "Fever", "fever",
    "arterial thrombosis", "Zoster vaccination", "Lymphoma of skin", "Insuﬃciency", "sepsis", "Straße",
)  # fmt: skip
CLASSES = (None, "", "Infections", "infections and infestations", "Blood", " Infections ")
WORDS = (None, "", "no", "not serious", "hospitalisation", "Medically important; odd", "disability,  ", "odd", "Fatal")
OUTCOMES = (None, "", "recovered", "Fatal", " died ", "ongoing")
TRUTHS = (True, False, None)
STATUSES = (None, "", "present", "improved", "Better", "stable", "resolved", "absent", "worse", "odd", " No ")
NAMES = ("ILD", "MAS", "calcinosis")
OWN_GROUP = EventsOfInterest(
    key="hospital", label="Hospital", criteria=("hospitalisation", "as recorded", "death"), stems=("fev",),
    but_not=("vaccin",), serious_only=True,
)  # fmt: skip
SAFETY = AdverseEvents(
    key="safety", title="Safety", treatment=drugs("baricitinib", names=("baricitinib",)), emergent_until=10,
    follow_up=Window(label="60 days", target=0, first=0, last=59), of_interest=(*JAK_INHIBITOR_EVENTS, OWN_GROUP),
)  # fmt: skip
ORGANS = OrganOutcomes(
    key="organs", title="Organs", conditions=NAMES, baseline=Window(label="week 0", target=0, first=-10, last=3),
    visit=Window(label="week 8", target=56, first=40, last=59),
)  # fmt: skip


STEROIDS = (
    ("prednisone", "glucocorticoid"), ("prednisone", "glucocorticoid"), ("methylprednisolone", "glucocorticoid"),
    ("deflazacort", "glucocorticoid"), ("methylprednisolone", "glucocorticoid pulse"), ("methotrexate", "antimetabolite"),
)  # fmt: skip
TAPER = GlucocorticoidTaper(
    key="taper", title="Taper", visits=(ORGANS.baseline, ORGANS.visit), visit_day=visit_day(Visit(), cmas), last_day=59,
    weight_within=28, quartiles=6,
)  # fmt: skip


STEROID = drugs("a glucocorticoid", names=("prednisone", "methylprednisolone"))
EXPOSURE = Exposure(
    key="exposure", title="Exposure", treatment=STEROID, last_day=59, weight=weight, weight_within=28, quartiles=6,
)  # fmt: skip
REASONS = (None, "", "  ", "Remission", "REMISSION ", "adverse  event", "Straße")
TESTS = (
    LaboratoryTest(series=alt, grade=ctcae_5_alt), LaboratoryTest(series=ck, grade=ctcae_5_ck),
    LaboratoryTest(series=creatinine, grade=ctcae_5_creatinine),
    LaboratoryTest(series=neutrophils, grade=ctcae_5_neutrophils),
    LaboratoryTest(series=haemoglobin, grade=ctcae_5_anaemia),
)  # fmt: skip
LIMITS = {"alt": (0, 40), "ck": (30, 200), "creatinine": (20, 60), "neutrophils": (1.5, 8), "haemoglobin": (115, 150)}
GRADES = LaboratorySafety(
    key="grades", title="Grades", tests=TESTS, baseline=Window(label="week 0", target=0, first=-10, last=3),
    follow_up=Window(label="60 days", target=30, first=4, last=59),
)  # fmt: skip


def when(rng, name, *, lowest=-30, highest=80):
    """Draw a date known to the day, to an interval, by its recorded day, or not at all."""
    day, kind = rng.randint(lowest, highest), rng.random()
    if kind < 0.55:
        return {name: START + timedelta(days=day)}
    if kind < 0.85:
        width = rng.choice((1, 3, 29))
        return {f"{name}_earliest": START + timedelta(days=day), f"{name}_latest": START + timedelta(days=day + width)}
    return {}


def steroids(rng, patient, row, *, careful):
    """Draw courses of glucocorticoids and visits, of a chart kept with care or with anything in it."""
    courses, day, dose = [], rng.choice((-20, -3, 0)), rng.choice((10, 20, 30, 60))
    for j in range(rng.randint(1, 6) if careful else 0):
        length = rng.randint(1, 25)
        stop = {} if rng.random() < 0.1 else {"stop": START + timedelta(days=day + length - 1)}
        courses.append(
            {
                "patient_id": patient, "drug": rng.choice(("prednisone", "prednisone", "methylprednisolone")),
                "drug_class": "glucocorticoid", "source": "t", "source_row": row + j, "times_per_day": 1.0,
                "start": START + timedelta(days=day), **stop, "dose": float(dose), "dose_unit": "mg",
                "stop_reason": rng.choice(REASONS),
            }
        )  # fmt: skip
        if rng.random() < 0.3:  # a second drug for the same days, with a reason of its own
            courses.append({**courses[-1], "source_row": row + 20 + j, "stop_reason": rng.choice(REASONS)})
        day += length + rng.choice((0, 0, 0, 0, 1, 9))
        dose = max(0, round(dose * rng.choice((0.5, 0.75, 0.9, 0.0, 1.4)), 1))
    for j in range(rng.choice((0, 0, 0, 1)) if careful else rng.randint(0, 4)):
        drug, drug_class = rng.choice(STEROIDS)
        known = {"dose": float(rng.choice((0, 5, 10, 20, 30))), "dose_unit": rng.choice(("mg", "mg", "mg/week"))}
        stop = when(rng, "stop", lowest=-10, highest=90) if rng.random() < 0.7 else {}
        courses.append(
            {
                "patient_id": patient, "drug": drug, "drug_class": drug_class, "source": "t", "source_row": row + 50 + j,
                "stop_reason": rng.choice(REASONS),
                "times_per_day": rng.choice((None, 1.0, 2.0)), **(known if rng.random() < 0.9 else {}),
                **when(rng, "start", highest=60), **stop,
            }
        )  # fmt: skip
    days = {0, rng.choice((30, 58, 70))} if careful else {rng.choice((-3, 0, 30, 58, 70))}
    seen = [
        {"patient_id": patient, "name": "cmas", "number": 40.0, "date": START + timedelta(days=one)} for one in days
    ]
    return courses, seen


def laboratory(rng, patient, row, *, careful):
    """Draw laboratory values about their limits: whole, given as a limit, or without the laboratory's own limits."""
    # A chart kept with care has blood taken on a few days, several tests at once.
    values, visits = [], [START + timedelta(days=day) for day in (-3, *rng.sample(range(-8, 63), 4))]
    for name, (lower, upper) in LIMITS.items():
        about = upper if name in ("alt", "ck", "creatinine") else lower
        for j in range(rng.choice((0, 1, 2, 3, 5))):
            number = round(about * rng.choice((0.2, 0.6, 0.9, 1.0, 1.0, 1.2, 1.5, 2.0, 3.1, 6.5, 21)), 4)
            kind = 0 if careful else rng.random()
            given = {"number": number}
            if kind > 0.7:
                given = rng.choice(({"number_low": number}, {"number_high": number}))
                given = given if kind < 0.9 else {"number_low": number, "number_high": round(number * 1.4, 4)}
            limits = {
                side: float(limit)
                for side, limit in (("lower_limit", lower), ("upper_limit", upper))
                if rng.random() < 0.85
            }
            day = {"date": visits[j]} if careful else when(rng, "date")
            place = {"source": "l", "source_row": row + j // 2, "source_column": f"{name} {j}"}
            values.append({"patient_id": patient, "name": name, **given, **limits, **day, **place})
    return values


def dataset(seed, *, patients=12, share_careful=0.5):
    rng = random.Random(seed)
    people, treatments, events, conditions, observations = [], [], [], [], []
    for i in range(patients):
        patient = f"p{i:02}"
        careful = rng.random() < share_careful
        ends = {}
        if rng.random() < 0.25:
            ends |= when(rng, "death", lowest=5, highest=70)
        if rng.random() < 0.25:
            ends |= when(rng, "last_contact", lowest=10, highest=90)
        people.append({"patient_id": patient, **ends})
        for j in range(1 if careful else rng.choice((0, 1, 1, 2))):
            start = (
                {"start": START}
                if j == 0 and (careful or rng.random() < 0.8)
                else when(rng, "start", lowest=0, highest=40)
            )
            stop = when(rng, "stop", lowest=1, highest=70) if rng.random() < 0.6 else {}
            known = {} if stop or rng.random() < 0.6 else {"stop_known": False}
            treatments.append({"patient_id": patient, "drug": "baricitinib", **start, **stop, **known})
        courses, seen = steroids(rng, patient, 100 * i, careful=careful)
        treatments += courses
        observations += seen
        observations += laboratory(rng, patient, 100 * i, careful=careful)
        for j in range(rng.randint(0, 6)):
            identifier = rng.choice((None, None, "a", "b"))
            quiet = rng.random() < 0.5  # an event of which every fact is denied
            stop = when(rng, "stop", lowest=-10, highest=90) if rng.random() < 0.5 else {}
            events.append(
                {
                    "patient_id": patient, "term": rng.choice(TERMS), "event_id": identifier,
                    "preferred_term": rng.choice((None, None, "", rng.choice(TERMS))),
                    "organ_class": rng.choice(CLASSES), "grade": rng.choice((None, 1, 2, 3, 5 if rng.random() < 0.2 else 4)),
                    "outcome": rng.choice(OUTCOMES if rng.random() < 0.3 else OUTCOMES[:3]),
                    "seriousness": None if quiet else rng.choice(WORDS), "source": "e", "source_row": 100 * i + j,
                    **{
                        name: False if quiet else rng.choice(TRUTHS)
                        for name in ("hospitalised", "disabling", "life_threatening", "serious")
                    },
                    "death": rng.choice((None, False, False, True if rng.random() < 0.2 else None)),
                    **when(rng, "start"), **stop,
                }
            )  # fmt: skip
        plain = rng.random() < 0.6  # a chart with whole dates and one status a visit
        for j, name in enumerate(rng.choices((*NAMES, "other"), k=rng.randint(0, 4))):
            row = {"patient_id": patient, "name": name, "source": "c", "source_row": 100 * i + 10 * j}
            for k, (low, high) in enumerate(((-10, 3), (40, 59)) if plain else ((-30, 80), (-30, 80), (-30, 80))):
                day = {"date": START + timedelta(days=rng.randint(low, high))} if plain else when(rng, "date")
                status = rng.choice(("present", "absent") if plain and k == 0 else STATUSES)
                conditions.append({**row, **day, "status": status, "source_row": row["source_row"] + k})
    return Dataset.of(
        patients=people, treatments=treatments, events=events, conditions=conditions, observations=observations
    )


def both(analysis, data, index):
    found = {record.patient_id: record for record in records(data, index)}
    outcomes = {
        name: {patient: evaluate_patient(node, record) for patient, record in found.items()}
        for name, node in analysis.nodes().items()
    }
    cohort = Cohort(
        study="s", fingerprint="", seed=1, nodes=analysis.nodes(), outcomes=outcomes,
        results={name: {patient: one.result for patient, one in by.items()} for name, by in outcomes.items()},
        populations={"full analysis": tuple(sorted(found))}, screened=tuple(sorted(found)), records=found,
    )  # fmt: skip
    on_engine = answer_rows(rows_asked(analysis), connect(data, index))[0]
    plain = rows_answered(analysis, cohort)
    return {patient: (Counter(on_engine.get(patient, [])), Counter(answers)) for patient, answers in plain.items()}


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize(
    ("analysis", "least"),
    [(SAFETY, 6), (ORGANS, 6), (TAPER, 2), (EXPOSURE, 6)],
    ids=lambda one: getattr(one, "key", ""),
)
def test_the_engine_and_plain_python_say_the_same_of_every_row(analysis, least, seed):
    held = 0
    for patient, (on_engine, plain) in both(analysis, dataset(seed, patients=16), first_dose("baricitinib")).items():
        assert on_engine == plain, f"{patient}: {on_engine - plain} on the engine, {plain - on_engine} in plain Python"
        held += sum(plain.values())
    assert held >= least


# The text of this query is long where something is not exactly known, so that few charts would cost what many do.
@pytest.mark.parametrize(("seed", "share_careful"), [(0, 0.5), (1, 0.5), (2, 1.0), (3, 1.0)])
def test_the_engine_and_plain_python_find_the_same_worst_grades(seed, share_careful):
    data = dataset(seed, patients=120, share_careful=share_careful)
    worst, beside_ck = Counter(), Counter()
    for patient, (on_engine, plain) in both(GRADES, data, first_dose("baricitinib")).items():
        assert on_engine == plain, f"{patient}: {on_engine - plain} on the engine, {plain - on_engine} in plain Python"
        worst.update(after for _, _, after, *_ in plain.elements())
        beside_ck.update(verdict for *_, verdict in plain.elements())
    told = {f"grade {number}" for number in range(5)} | {"not measured"}
    assert told <= set(worst), "grades that no chart had were not tested"
    assert set(beside_ck) == {True, False, None}
