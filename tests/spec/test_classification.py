"""Bohan and Peter for every answer, EULAR/ACR 2017 against sums typed from the paper, on every engine."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from myosotis.language.record import recorded_days
from myosotis.language.windows import Window
from myosotis.measures.jdm import classification as cl
from myosotis.model.dataset import Dataset

VISIT = Window(label="visit", target=0, first=0, last=0)
BOHAN_PETER = ("typical_rash", "proximal_weakness", "muscle_biopsy", "raised_enzymes", "emg")


def answer(patient, name, yes):
    return {"patient_id": patient, "day": 0, "name": name, "text": "yes" if yes else "no", "number": float(yes)}


def grades(rash, items):
    """Say what the rule of 1975 gives for one full set of answers."""
    count = sum(items)
    if rash:
        return {3: "definite", 4: "definite", 2: "probable", 1: "possible"}.get(count, "none"), "none"
    return "none", {4: "definite", 3: "probable", 2: "possible"}.get(count, "none")


def settled(answers, which):
    """Fill in what is not recorded in every way: the grade is known when all ways agree."""
    open_ = [i for i, one in enumerate(answers) if one is None]
    found = set()
    for filled in itertools.product((True, False), repeat=len(open_)):
        full = list(answers)
        for i, one in zip(open_, filled, strict=True):
            full[i] = one
        found.add(which(full))
    return found.pop() if len(found) == 1 else None


def test_bohan_and_peter_for_every_answer(run_on):
    patients = {
        "".join({True: "y", False: "n", None: "?"}[one] for one in answers): answers
        for answers in itertools.product((True, False, None), repeat=5)
    }
    rows = [
        answer(patient, name, one)
        for patient, answers in patients.items()
        for name, one in zip(BOHAN_PETER, answers, strict=True)
        if one is not None
    ]
    data = Dataset.of(patients=[{"patient_id": patient} for patient in patients], observations=rows)
    nodes = {
        "dm": cl.bohan_peter_1975.at(VISIT),
        "pm": cl.bohan_peter_1975_polymyositis.at(VISIT),
        "probable": cl.bohan_peter_1975_at_least_probable.at(VISIT),
        "in": cl.bohan_peter_1975.at(VISIT).is_in("definite", "probable"),
    }
    found = run_on(nodes, data, recorded_days())
    assert found["dm"] == {p: settled(a, lambda full: grades(full[0], full[1:])[0]) for p, a in patients.items()}
    assert found["pm"] == {p: settled(a, lambda full: grades(full[0], full[1:])[1]) for p, a in patients.items()}
    at_least = {
        p: settled(a, lambda full: grades(full[0], full[1:])[0] in ("definite", "probable"))
        for p, a in patients.items()
    }
    assert found["probable"] == at_least
    assert found["in"] == at_least
    assert at_least["ynnnn"] is False  # clinically amyopathic: a rash and nothing else


# Ann Rheum Dis 2017;76:1955-64: points without and with biopsy.
ITEMS = {
    "weakness_of_upper_limbs": ("0.7", "0.7"),
    "weakness_of_lower_limbs": ("0.8", "0.5"),
    "neck_flexor_weakness": ("1.9", "1.6"),
    "proximal_leg_weakness": ("0.9", "1.2"),
    "heliotrope_rash": ("3.1", "3.2"),
    "gottron_papules": ("2.1", "2.7"),
    "gottron_sign": ("3.3", "3.7"),
    "dysphagia": ("0.7", "0.6"),
    "anti_jo1_positive": ("3.9", "3.8"),
    "elevated_ck_ldh_ast_or_alt": ("1.3", "1.4"),
    "biopsy_endomysial_infiltrate": ("0", "1.7"),
    "biopsy_perimysial_infiltrate": ("0", "1.2"),
    "biopsy_perifascicular_atrophy": ("0", "1.9"),
    "biopsy_rimmed_vacuoles": ("0", "3.1"),
}
CUTS = {0: (("7.5", "definite"), ("5.5", "probable"), ("5.3", "possible")),
        1: (("8.7", "definite"), ("6.7", "probable"), ("6.5", "possible"))}  # fmt: skip
ONSET = date(2010, 6, 1)


def expected(yes, biopsy, age):
    from decimal import Decimal

    points = sum((Decimal(ITEMS[name][biopsy]) for name in yes), Decimal(0))
    points += Decimal({0: ("1.3", "2.1"), 1: ("1.5", "2.2")}[biopsy][age >= 40]) if age >= 18 else Decimal(0)
    level = next((level for cut, level in CUTS[biopsy] if points >= Decimal(cut)), None)
    return float(points), level or "not an idiopathic inflammatory myopathy"


def test_eular_acr_2017_sums_and_classes(run_on):
    """Try all pairs and triples of items and two larger sets, which hold sums on and beside every cut-off.

    Two more ages at onset go with each item alone.
    """
    patients = {}
    for size, age in ((2, 7), (3, 7), (1, 30), (1, 50)):
        for yes in itertools.combinations(ITEMS, size):
            patients[f"{age} {' '.join(yes)}"] = (yes, age)
    more = ("gottron_papules", "dysphagia")
    patients["7.4"] = ((*more, "gottron_sign", "elevated_ck_ldh_ast_or_alt"), 7)
    patients["7.5"] = ((*more, "heliotrope_rash", "weakness_of_upper_limbs", "proximal_leg_weakness"), 7)
    rows = [answer(patient, name, name in yes) for patient, (yes, _) in patients.items() for name in ITEMS]
    data = Dataset.of(
        patients=[
            {"patient_id": p, "onset_date": ONSET, "birth_date": ONSET - timedelta(days=round(age * 365.25))}
            for p, (_, age) in patients.items()
        ],
        observations=rows,
    )
    nodes = {}
    for biopsy, measure in enumerate((cl.eular_acr_2017, cl.eular_acr_2017_biopsy)):
        nodes[f"score {biopsy}"] = measure.at(VISIT)
        nodes[f"class {biopsy}"] = measure.category(VISIT)
    found = run_on(nodes, data, recorded_days())
    seen = set()
    for biopsy in (0, 1):
        for patient, (yes, age) in patients.items():
            points, level = expected(yes, biopsy, age)
            assert abs(found[f"score {biopsy}"][patient] - points) < 1e-9, (patient, biopsy)
            assert found[f"class {biopsy}"][patient] == level, (patient, biopsy)
            seen.add((biopsy, points))
    # Sums of exactly these tenths occur, so that each bound was met from both sides.
    assert {(0, 5.2), (0, 5.3), (0, 5.4), (0, 5.5), (0, 7.4), (0, 7.5)} <= seen
    assert {(1, 6.4), (1, 6.5), (1, 6.6), (1, 6.7), (1, 8.6), (1, 8.7)} <= seen


def test_eular_acr_2017_with_items_not_recorded(run_on):
    """The class is known once what is missing could not change it; the score needs every item."""
    known = {
        "nothing": ({}, None),
        "skin alone is definite": (
            dict.fromkeys(("heliotrope_rash", "gottron_papules", "gottron_sign"), True), "definite",
        ),
        "all but dysphagia, 5.2": (
            {**dict.fromkeys(ITEMS, False), "heliotrope_rash": True, "gottron_papules": True, "dysphagia": None}, None,
        ),
        "all but dysphagia, 3.1": (
            {**dict.fromkeys(ITEMS, False), "heliotrope_rash": True, "dysphagia": None},
            "not an idiopathic inflammatory myopathy",
        ),
    }  # fmt: skip
    data = Dataset.of(
        patients=[{"patient_id": p, "onset_date": ONSET, "birth_date": date(2004, 1, 1)} for p in known],
        observations=[
            answer(p, n, yes) for p, (given, _) in known.items() for n, yes in given.items() if yes is not None
        ],
    )
    nodes = {"class": cl.eular_acr_2017.category(VISIT), "score": cl.eular_acr_2017.at(VISIT)}
    found = run_on(nodes, data, recorded_days())
    assert found["class"] == {p: level for p, (_, level) in known.items()}
    assert found["score"] == dict.fromkeys(known)


# Hand-computed from 1/(1 + exp(midpoint - score)) with the midpoints 5.33 and 6.49: what the rounded cut-offs come to.
PROBABILITIES = {
    (5.3, 5.33): 49.25, (5.5, 5.33): 54.24, (7.5, 5.33): 89.75, (8.5, 5.33): 96.0, (6.4, 5.33): 74.5, (5.4, 5.33): 51.8,
    (5.2, 5.33): 46.8, (13.2, 5.33): 99.96, (6.5, 6.49): 50.25, (6.7, 6.49): 55.23, (8.7, 6.49): 90.11, (7.7, 6.49): 77.0,
}  # fmt: skip


def test_the_probability_of_a_score(run_on):
    """A probability needs every item; the score is that of items which add up to it."""
    for biopsy, rule in enumerate((cl.eular_acr_2017_probability, cl.eular_acr_2017_biopsy_probability)):
        midpoint = (5.33, 6.49)[biopsy]
        wanted = {score: percent for (score, m), percent in PROBABILITIES.items() if m == midpoint}
        sums = {}
        for size in range(1, 8):
            for yes in itertools.combinations(ITEMS, size):
                sums.setdefault(expected(yes, biopsy, 7)[0], yes)
        reached = {score: sums[score] for score in wanted if score in sums}
        assert len(reached) >= len(wanted) - 1
        rows = [answer(str(score), name, name in yes) for score, yes in reached.items() for name in ITEMS]
        people = [
            {"patient_id": str(score), "onset_date": ONSET, "birth_date": ONSET - timedelta(days=7 * 365)}
            for score in reached
        ]
        data = Dataset.of(patients=people, observations=rows)
        found = run_on({"p": rule.at(VISIT, midpoint=midpoint)}, data, recorded_days())["p"]
        for score in reached:
            # As many digits as were worked out by hand.
            assert abs(found[str(score)] - wanted[score]) < 0.051, score
