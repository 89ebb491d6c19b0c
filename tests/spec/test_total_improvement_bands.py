"""Every band edge of the points table and every threshold, just below, at and just above, on every engine.

The table is typed a second time here, from the paper and not from the code. A measure alone among six leaves the lower
bound at its own points, which shows one slot at a time.
"""

from __future__ import annotations

import pytest

from myosotis.language.record import recorded_days
from myosotis.language.windows import Window
from myosotis.measures.jdm import total_improvement as tis
from myosotis.model.dataset import Dataset

BASELINE = Window(label="baseline", target=0, first=0, last=0)
VISIT = Window(label="visit", target=168, first=168, last=168)

# Arthritis Rheumatol 2017;69:911-23, Table 3: edges in percent, points up to and including each, points beyond.
TABLE = {
    "physician_global": ((5, 15, 25, 40), (0, 7.5, 15, 17.5, 20)),
    "parent_global": ((5, 15, 25, 40), (0, 2.5, 5, 7.5, 10)),
    "extramuscular_global": ((5, 15, 25, 40), (0, 7.5, 12.5, 15, 20)),
    "chaq": ((5, 15, 25, 40), (0, 5, 7.5, 7.5, 10)),
    "ck": ((5, 15, 25, 40), (0, 2.5, 5, 7.5, 7.5)),
    "aldolase": ((5, 15, 25, 40), (0, 2.5, 5, 7.5, 7.5)),
    "ldh": ((5, 15, 25, 40), (0, 2.5, 5, 7.5, 7.5)),
    "ast": ((5, 15, 25, 40), (0, 2.5, 5, 7.5, 7.5)),
    "alt": ((5, 15, 25, 40), (0, 2.5, 5, 7.5, 7.5)),
    "mmt8": ((2, 10, 20, 30), (0, 10, 20, 27.5, 32.5)),
    "mmt8_bilateral": ((2, 10, 20, 30), (0, 10, 20, 27.5, 32.5)),
    "mmt24": ((2, 10, 20, 30), (0, 10, 20, 27.5, 32.5)),
    "cmas": ((2, 10, 20, 30), (0, 10, 20, 27.5, 32.5)),
    "chq_phs": ((5, 15, 25, 40), (0, 2.5, 5, 7.5, 7.5)),
    "das_total": ((5, 15, 25, 40), (0, 7.5, 12.5, 15, 20)),
}
UPPER_LIMIT = 40.0
RANGES = {
    "physician_global": 10.0, "parent_global": 10.0, "extramuscular_global": 10.0, "chaq": 3.0, "ck": 15 * UPPER_LIMIT,
    "aldolase": 6 * UPPER_LIMIT, "ldh": 3 * UPPER_LIMIT, "ast": 3 * UPPER_LIMIT, "alt": 3 * UPPER_LIMIT, "mmt8": 80.0,
    "mmt8_bilateral": 150.0, "mmt24": 260.0, "cmas": 52.0, "chq_phs": 100.0, "das_total": 20.0,
}  # fmt: skip
HIGHER_IS_BETTER = ("mmt8", "mmt8_bilateral", "mmt24", "cmas", "chq_phs")
ENZYMES = ("ck", "aldolase", "ldh", "ast", "alt")
# A band starts anywhere beyond its edge; a hundredth of a percent is far more than any rounding.
STEP = 0.01


def rows(patient, name, percent):
    """Change a measure by a percent of its range, from a baseline from which every percent can be reached."""
    change = percent / 100 * RANGES[name]
    before, now = (RANGES[name] * 0.2, RANGES[name] * 0.2 + change)
    if name not in HIGHER_IS_BETTER:
        before, now = RANGES[name] * 0.8, RANGES[name] * 0.8 - change
    limit = UPPER_LIMIT if name in ENZYMES else None
    for day, number in ((0, before), (168, now)):
        yield {"patient_id": patient, "day": day, "name": name, "number": number, "upper_limit": limit}


def cases():
    for name, (edges, points) in TABLE.items():
        for i, edge in enumerate(edges):
            for label, percent, expected in (
                ("below", edge - STEP, points[i]),
                ("at", edge, points[i]),
                ("above", edge + STEP, points[i + 1]),
            ):
                yield f"{name} {edge} {label}", name, percent, expected
        yield f"{name} unchanged", name, 0.0, 0.0
        yield f"{name} worse", name, -30.0 if name not in HIGHER_IS_BETTER else -15.0, 0.0


CASES = list(cases())


@pytest.fixture(scope="module")
def data():
    patients = [{"patient_id": patient} for patient, *_ in CASES]
    observations = [row for patient, name, percent, _ in CASES for row in rows(patient, name, percent)]
    return Dataset.of(patients=patients, observations=observations)


def test_every_band_excludes_its_lower_edge_and_includes_its_upper(run_on, data):
    printo = ("chq_phs", "das_total")
    nodes = {
        "imacs": tis.total_improvement_score_2016_lower.between(BASELINE, VISIT),
        "printo": tis.total_improvement_score_2016_printo_lower.between(BASELINE, VISIT, chq_phs_range=100.0),
    }
    found = run_on(nodes, data, recorded_days())
    got = {patient: found["printo" if name in printo else "imacs"][patient] for patient, name, _, _ in CASES}
    assert got == {patient: float(expected) for patient, _, _, expected in CASES}


def test_binary_residue_never_decides_a_band(run_on):
    """Physician global 2.2 to 1.7 is 5% but 5.000000000000003 in binary; 4.1 to 3.6 is a little below 5."""
    pairs = {"a": (2.2, 1.7), "b": (4.1, 3.6), "c": (2.2, 1.699)}
    observations = [
        {"patient_id": patient, "day": day, "name": "physician_global", "number": number}
        for patient, pair in pairs.items()
        for day, number in zip((0, 168), pair, strict=True)
    ]
    data = Dataset.of(patients=[{"patient_id": patient} for patient in pairs], observations=observations)
    node = tis.total_improvement_score_2016_lower.between(BASELINE, VISIT)
    assert run_on({"it": node}, data, recorded_days())["it"] == {"a": 0.0, "b": 0.0, "c": 7.5}


def enzyme(patient, name, before, now, limit=UPPER_LIMIT):
    for day, number in ((0, before), (168, now)):
        if number is not None:
            yield {"patient_id": patient, "day": day, "name": name, "number": number, "upper_limit": limit}


def test_the_enzyme_most_abnormal_at_baseline_is_followed(run_on):
    patients = {
        "the larger multiple": ([*enzyme("p", "ck", 80, 80), *enzyme("p", "alt", 120, 0)], 7.5),
        "not the one that changed": ([*enzyme("p", "ck", 400, 400), *enzyme("p", "alt", 120, 0)], 0.0),
        "a tie goes to CK": ([*enzyme("p", "ck", 120, 120), *enzyme("p", "alt", 120, 0)], 0.0),
        "a tie goes to LDH before AST": ([*enzyme("p", "ast", 120, 120), *enzyme("p", "ldh", 120, 0)], 7.5),
        "never measured again": ([*enzyme("p", "ck", 400, None), *enzyme("p", "alt", 120, 0)], None),
        "without its limit": ([*enzyme("p", "ck", 400, 400, None), *enzyme("p", "alt", 120, 0)], None),
        "another without its limit and less": ([*enzyme("p", "ck", 400, 0), *enzyme("p", "alt", 1, 1, None)], None),
        "none": ([], None),
        "only later": ([*enzyme("p", "ck", None, 100)], None),
    }
    data = Dataset.of(
        patients=[{"patient_id": patient} for patient in patients],
        observations=[{**row, "patient_id": patient} for patient, (rows_, _) in patients.items() for row in rows_],
    )
    score = tis.total_improvement_score_2016.between(BASELINE, VISIT)
    slots = {part.key: part for part in score.of.of}
    found = run_on({"enzyme": slots["enzyme"]}, data, recorded_days())["enzyme"]
    assert found == {patient: expected for patient, (_, expected) in patients.items()}


def strength(patient, *, mmt8=None, cmas=None, maximum=(None, None)):
    for name, pair in (("mmt8", mmt8), ("cmas", cmas), ("mmt_max", maximum)):
        for day, number in zip((0, 168), pair or (None, None), strict=True):
            if number is not None:
                yield {"patient_id": patient, "day": day, "name": name, "number": float(number)}


def test_the_muscle_test_is_never_rescaled_silently(run_on):
    patients = {
        "80 unless said otherwise": ({"mmt8": (50, 60)}, 20.0),  # 12.5%
        "150 at both visits": ({"mmt8": (50, 60), "maximum": (150, 150)}, 10.0),  # 6.7%
        "150 named once": ({"mmt8": (50, 60), "maximum": (150, None)}, 10.0),
        "two scales that would both fit": ({"mmt8": (50, 60), "maximum": (80, 150)}, None),
        "two scales": ({"mmt8": (50, 120), "maximum": (80, 150)}, None),
        "above its scale": ({"mmt8": (50, 120)}, None),
        "above its scale, CMAS instead": ({"mmt8": (50, 120), "cmas": (30, 42)}, 27.5),
        "manual testing before CMAS": ({"mmt8": (60, 60), "cmas": (30, 42)}, 0.0),
        "CMAS where manual testing is incomplete": ({"mmt8": (60, None), "cmas": (30, 42)}, 27.5),
        "neither at both visits": ({"mmt8": (60, None), "cmas": (None, 42)}, None),
    }
    data = Dataset.of(
        patients=[{"patient_id": patient} for patient in patients],
        observations=[row for patient, (given, _) in patients.items() for row in strength(patient, **given)],
    )
    score = tis.total_improvement_score_2016.between(BASELINE, VISIT)
    slots = {part.key: part for part in score.of.of}
    found = run_on({"muscle": slots["muscle"]}, data, recorded_days())["muscle"]
    assert found == {patient: expected for patient, (_, expected) in patients.items()}
