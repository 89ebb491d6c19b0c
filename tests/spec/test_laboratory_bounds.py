"""Kidney function, CTCAE grades, drug doses, antibodies and the interferon score at their bounds, on every engine."""

from __future__ import annotations

import pytest

from myosotis.language.record import recorded_days
from myosotis.language.windows import Window
from myosotis.measures import baricitinib, laboratory, safety_grades
from myosotis.measures.jdm import antibodies, interferon
from myosotis.model.dataset import Dataset

BASELINE = Window(label="baseline", target=0, first=0, last=0)
VISIT = Window(label="visit", target=168, first=168, last=168)


def row(patient, name, number, day=168, *, upper=None, lower=None):
    return {
        "patient_id": patient, "day": day, "name": name, "number": float(number), "upper_limit": upper,
        "lower_limit": lower,
    }  # fmt: skip


def dataset(patients, **more):
    """Write patients as {patient: rows without the patient}."""
    rows = [{**one, "patient_id": patient} for patient, given in patients.items() for one in given]
    return Dataset.of(patients=[{"patient_id": patient} for patient in patients], observations=rows, **more)


def same(got, expected):
    """Compare numbers to 12 digits, and what is missing with None."""
    assert [one is None for one in got] == [one is None for one in expected]
    pairs = [pair for pair in zip(got, expected, strict=True) if pair[0] is not None]
    assert [one for one, _ in pairs] == pytest.approx([one for _, one in pairs], rel=1e-12)


def test_kidney_function_at_its_bounds(run_on):
    patients = {
        f"{height} cm {creatinine} µmol/L": (height, creatinine)
        for height, creatinine in ((180, 73), (180, 73.01), (120, 73), (120, 73.01), (60, 73), (60, 73.01), (120, 4.99))
    }
    data = dataset({p: [row(p, "height", h), row(p, "creatinine", c)] for p, (h, c) in patients.items()})
    nodes = {
        "rate": laboratory.egfr_schwartz_2009.at(VISIT),
        "stage": laboratory.egfr_schwartz_2009.category(VISIT),
        "90": laboratory.egfr_below_90.at(VISIT),
        "60": laboratory.egfr_below_60.at(VISIT),
        "30": laboratory.egfr_below_30.at(VISIT),
    }
    found = run_on(nodes, data, recorded_days())
    same([found["rate"][p] for p in patients], [90.0, 6570 / 73.01, 60.0, 4380 / 73.01, 30.0, 2190 / 73.01, None])
    assert [found["stage"][p] for p in patients] == [
        "90 or more", "60 to below 90", "60 to below 90", "30 to below 60", "30 to below 60", "below 30", None,
    ]  # fmt: skip
    assert [found["90"][p] for p in patients] == [False, True, True, True, True, True, None]
    assert [found["60"][p] for p in patients] == [False, False, False, True, True, True, None]
    assert [found["30"][p] for p in patients] == [False, False, False, False, False, True, None]


# Limits, then (baseline, value, grade): at each bound and a little beyond it.
BRANCHES = {
    "alt": (safety_grades.ctcae_5_alt, 1.5, (1, 3, 5, 20), (3, 5, 20), True),
    "ast": (safety_grades.ctcae_5_ast, 1.5, (1, 3, 5, 20), (3, 5, 20), True),
    "ggt": (safety_grades.ctcae_5_ggt, 2.0, (1, 2.5, 5, 20), (2.5, 5, 20), True),
    "bilirubin": (safety_grades.ctcae_5_bilirubin, 1.0, (1, 1.5, 3, 10), (1.5, 3, 10), False),
}
LIMIT = 40.0


@pytest.mark.parametrize("name", BRANCHES)
def test_both_baseline_branches(run_on, name):
    measure, first, normal, abnormal, included = BRANCHES[name]
    cases = {}
    for grade, multiple in enumerate(normal):
        cases[f"normal at {multiple}"] = (LIMIT, LIMIT * multiple, grade)
        cases[f"normal above {multiple}"] = (LIMIT, LIMIT * multiple + 0.01, grade + 1)
    for grade, multiple in enumerate(abnormal, 1):
        cases[f"abnormal at {multiple}"] = (50.0, 50 * multiple, grade)
        cases[f"abnormal above {multiple}"] = (50.0, 50 * multiple + 0.01, grade + 1)
    cases["abnormal below the first"] = (50.0, 50 * first - 0.01, 0)
    cases["abnormal at the first"] = (50.0, 50 * first, int(included))
    cases["abnormal above the first"] = (50.0, 50 * first + 0.01, 1)
    cases["just abnormal"] = (LIMIT + 0.01, (LIMIT + 0.01) * 1.2, 0 if first > 1.2 else 1)
    rows = {
        patient: [row(patient, name, before, 0, upper=LIMIT), row(patient, name, now, upper=LIMIT)]
        for patient, (before, now, _) in cases.items()
    }
    rows["no baseline"] = [row("", name, 100, upper=LIMIT)]
    rows["no limit at baseline"] = [row("", name, 30, 0), row("", name, 100, upper=LIMIT)]
    rows["no limit at the visit"] = [row("", name, 30, 0, upper=LIMIT), row("", name, 100)]
    rows["no value"] = [row("", name, 30, 0, upper=LIMIT)]
    found = run_on({"grade": measure.between(BASELINE, VISIT)}, dataset(rows), recorded_days())["grade"]
    unknown = dict.fromkeys(("no baseline", "no limit at baseline", "no limit at the visit", "no value"))
    assert found == {**{patient: float(grade) for patient, (_, _, grade) in cases.items()}, **unknown}


def test_a_transaminase_of_a_published_child_depends_on_the_branch(run_on):
    """ALT 57 to 85 is 1.49 times its baseline: grade 0 when 57 was abnormal, though 85 is 2.1 times a limit of 40."""
    rows = {
        f"{limit:g}": [row("", "alt", 57, 0, upper=limit), row("", "alt", 85, upper=limit)]
        for limit in (40.0, 50.0, 57.0)
    }
    found = run_on({"it": safety_grades.ctcae_5_alt.between(BASELINE, VISIT)}, dataset(rows), recorded_days())["it"]
    assert found == {"40": 0.0, "50": 0.0, "57": 1.0}


def test_creatinine_takes_the_higher_of_two_grades(run_on):
    cases = {  # limit, baseline, value, grade
        "60 to 71 within the limit": (80, 60, 71, 0),
        "60 to 71 above the limit": (70, 60, 71, 1),
        "1.5 times the baseline": (200, 60, 90, 0),
        "beyond it": (200, 60, 90.01, 2),
        "3 times the baseline": (200, 60, 180, 2),
        "beyond that": (200, 60, 180.01, 3),
        "6 times the limit": (20, 60, 120, 3),
        "beyond 6 times": (20, 60, 120.01, 4),
    }
    rows = {
        patient: [row("", "creatinine", before, 0), row("", "creatinine", now, upper=float(limit))]
        for patient, (limit, before, now, _) in cases.items()
    }
    node = safety_grades.ctcae_5_creatinine.between(BASELINE, VISIT)
    assert run_on({"it": node}, dataset(rows), recorded_days())["it"] == {
        p: float(case[-1]) for p, case in cases.items()
    }


FALLS = {
    "neutrophils": (safety_grades.ctcae_5_neutrophils, (1.5, 1.0, 0.5)),
    "lymphocytes": (safety_grades.ctcae_5_lymphocytes, (0.8, 0.5, 0.2)),
    "leucocytes": (safety_grades.ctcae_5_leucocytes, (3.0, 2.0, 1.0)),
    "platelets": (safety_grades.ctcae_5_platelets, (75, 50, 25)),
    "haemoglobin": (safety_grades.ctcae_5_anaemia, (100, 80)),
}


def test_low_counts_at_their_bounds(run_on):
    nodes, rows, expected = {}, {}, {}
    for name, (measure, bounds) in FALLS.items():
        nodes[name] = measure.at(VISIT)
        lower = bounds[0] * 2
        cases = {"at the limit": (lower, 0), "below the limit": (lower * 0.999, 1)}
        for grade, bound in enumerate(bounds, 1):
            cases |= {f"at {bound}": (bound, grade), f"below {bound}": (bound * 0.999, grade + 1)}
        for label, (value, grade) in cases.items():
            rows[f"{name} {label}"] = [row("", name, value, lower=float(lower))]
            expected[f"{name} {label}"] = float(grade)
        rows[f"{name} without a limit"] = [row("", name, lower)]
        expected[f"{name} without a limit"] = None
        rows[f"{name} low without a limit"] = [row("", name, bounds[0] * 0.999)]
        expected[f"{name} low without a limit"] = 2.0
    found = run_on(nodes, dataset(rows), recorded_days())
    assert {patient: found[patient.split()[0]][patient] for patient in rows} == expected


def test_the_dose_of_a_course_in_the_share_of_the_label(run_on):
    """0.05 mg/kg/day reaches the label's dose only at 80 kg."""
    weights = {"10": 10.0, "29.99": 29.99, "30": 30.0, "80": 80.0, "9.99": 9.99, "no course": 40.0}
    courses = [
        {
            "patient_id": patient, "drug": "baricitinib", "drug_class": "JAK inhibitor", "start_day": 0,
            "stop_day": 168, "dose": 0.05 * weight / 2, "dose_unit": "mg", "times_per_day": 2.0,
        }
        for patient, weight in weights.items() if patient != "no course"
    ]  # fmt: skip
    data = dataset({patient: [row("", "weight", weight)] for patient, weight in weights.items()}, treatments=courses)
    nodes = {
        "label": baricitinib.baricitinib_label_dose.at(VISIT, kidney_rule="weight only"),
        "ratio": baricitinib.baricitinib_dose_ratio.at(VISIT, kidney_rule="weight only"),
        "per_kg": baricitinib.baricitinib_dose_per_weight.at(VISIT),
    }
    found = run_on(nodes, data, recorded_days())
    assert [found["label"][p] for p in weights] == [2.0, 2.0, 4.0, 4.0, None, 4.0]
    same([found["ratio"][p] for p in weights], [0.25, 0.05 * 29.99 / 2, 0.375, 1.0, None, None])
    same([found["per_kg"][p] for p in weights], [0.05, 0.05, 0.05, 0.05, 0.05, None])


def test_antibodies_and_two_specific_ones(run_on):
    panel = [antigen.definition.key for one in antibodies.SPECIFIC for antigen in one.antigens]
    cases = {  # intensities, anti-Mi-2, count, two
        "none": ({}, False, 0.0, False),
        "at the bound": ({"antibody_mi2a": 15.0, "antibody_mi2b": 15.0}, False, 0.0, False),
        "just above": ({"antibody_mi2b": 15.001}, True, 1.0, False),
        "alpha and beta": ({"antibody_mi2a": 50.0, "antibody_mi2b": 60.0}, True, 1.0, False),
        "two": ({"antibody_mda5": 50.0, "antibody_srp": 16.0}, False, 2.0, True),
    }
    rows = {patient: [row("", key, given.get(key, 0.0)) for key in panel] for patient, (given, *_) in cases.items()}
    rows["two of an incomplete panel"] = [row("", "antibody_mda5", 50.0), row("", "antibody_srp", 50.0)]
    nodes = {
        "mi2": antibodies.anti_mi2_positive.at(VISIT, positivity="wang_2022"),
        "count": antibodies.count_of_specific_antibodies.at(VISIT, positivity="wang_2022"),
        "two": antibodies.two_specific_antibodies.at(VISIT, positivity="wang_2022"),
    }
    found = run_on(nodes, dataset(rows), recorded_days())
    assert found["mi2"] == {**{p: case[1] for p, case in cases.items()}, "two of an incomplete panel": None}
    assert found["count"] == {**{p: case[2] for p, case in cases.items()}, "two of an incomplete panel": None}
    assert found["two"] == {**{p: case[3] for p, case in cases.items()}, "two of an incomplete panel": True}


def test_the_interferon_score_at_its_bound(run_on):
    genes = [gene.definition.key for gene in interferon.SIX_GENES]
    cases = {
        "published vector": ((3.1, 12.0, 8.5, 5.0, 9.4, 2.2), 6.75, True),
        "at the bound": ((1, 2, 2.466, 2.466, 9, 9), 2.466, False),
        "just above": ((1, 2, 2.466, 2.468, 9, 9), 2.467, True),
    }
    rows = {
        p: [row("", gene, value) for gene, value in zip(genes, values, strict=True)]
        for p, (values, *_) in cases.items()
    }
    rows["five genes"] = [row("", gene, 9) for gene in genes[:5]]
    nodes = {
        "score": interferon.interferon_score_rice_2013.at(VISIT),
        "raised": interferon.interferon_score_raised_rice_2013.at(VISIT),
    }
    found = run_on(nodes, dataset(rows), recorded_days())
    same([found["score"][p] for p in rows], [6.75, 2.466, 2.467, None])
    assert [found["raised"][p] for p in rows] == [True, False, True, None]
