"""Inactive disease, skin and severity: a table of patients in, true, false or not evaluable out, on every engine."""

from __future__ import annotations

from myosotis.language.record import recorded_days
from myosotis.language.windows import baseline_window, week
from myosotis.measures import (
    cmas_decides_under_5,
    das_inactive,
    inactive_disease_almeida_2015,
    inactive_disease_wang_2022,
    inactive_skin,
    printo_inactive_disease_2013,
    rash_improved,
    refractory_jdm,
    refractory_or_severe_jdm,
    severe_jdm,
    skin_only_jdm,
)
from myosotis.model.dataset import Dataset

T, F, N = True, False, None
BASELINE, WEEK_24 = baseline_window(days=28), week(24, give_or_take=28)
NAMES = ("ck", "cmas", "mmt8", "physician_global")

# CK, CMAS, MMT-8, physician global -> PRINTO 2013, Wang 2022, Almeida 2015.
INACTIVE = [
    ((150, 48, 78, 0.2), (T, T, T)),
    ((151, 48, 78, 0.2), (T, T, T)),
    ((150, 48, 78, 0.3), (T, T, F)),
    ((151, 48, 78, 0.3), (F, T, F)),
    ((151, 47, 78, 0.2), (F, F, F)),
    ((151, 48, 78, 2.0), (F, T, F)),
    ((151, 48, 78, 2.1), (F, F, F)),
    ((100, N, 80, 0.0), (T, T, T)),
    ((100, N, N, 0.0), (N, N, N)),
    ((100, 52, N, 1.5), (N, T, F)),
    ((200, N, 80, N), (N, N, N)),
    ((200, 40, 80, N), (F, F, F)),
    ((100, 52, 80, N), (T, T, N)),
    # Each bound from its other side, and nothing at all.
    ((150, 47, 77, 0.2), (F, F, F)),
    ((150.5, 48, 77, 0.2), (F, F, F)),
    ((150, 47, 78, 0.2), (T, T, T)),
    ((150, 48, 77, 0.2), (T, T, T)),
    ((N, N, N, N), (N, N, N)),
    ((N, N, N, 0.3), (N, N, F)),
    ((N, 40, 70, 0.1), (F, F, F)),
    ((N, 40, N, 0.1), (N, N, N)),
]


def observed(patient, day, **values):
    rows = []
    for name, value in values.items():
        if isinstance(value, bool):
            rows.append({"text": "yes" if value else "no", "number": float(value), "name": name})
        elif value is not None:
            rows.append({"number": float(value), "name": name})
    return [{"patient_id": patient, "day": day, **row} for row in rows]


def test_inactive_disease(run_on):
    rows = [
        row
        for i, (values, _) in enumerate(INACTIVE)
        for row in observed(f"p{i:02d}", 168, **dict(zip(NAMES, values, strict=True)))
    ]
    data = Dataset.of(patients=[{"patient_id": f"p{i:02d}"} for i in range(len(INACTIVE))], observations=rows)
    rules = (printo_inactive_disease_2013, inactive_disease_wang_2022, inactive_disease_almeida_2015)
    found = run_on({rule.key: rule.at(WEEK_24) for rule in rules}, data, recorded_days())
    got = [tuple(found[rule.key][f"p{i:02d}"] for rule in rules) for i in range(len(INACTIVE))]
    assert got == [expected for _, expected in INACTIVE]


# mmt_max beside a MMT-8 of 79 (or 29), with CK 100 and a physician global of 0.2 -> inactive, severe.
SCALES = {"not recorded": (N, T, T), "80": (80, T, T), "150": (150, N, N), "260": (260, N, N)}


def test_a_muscle_test_on_another_scale_stays_open(run_on):
    rows = []
    for scale, (maximum, _, _) in SCALES.items():
        rows += observed(scale, 168, ck=100, mmt8=79, mmt_max=maximum, physician_global=0.2)
        rows += observed(f"{scale}, weak", 168, mmt8=29, mmt_max=maximum)
    data = Dataset.of(patients=[{"patient_id": name} for s in SCALES for name in (s, f"{s}, weak")], observations=rows)
    rules = (printo_inactive_disease_2013, inactive_disease_wang_2022, inactive_disease_almeida_2015)
    found = run_on({rule.key: rule.at(WEEK_24) for rule in (*rules, severe_jdm)}, data, recorded_days())
    for scale, (_, inactive, severe) in SCALES.items():
        assert [found[rule.key][scale] for rule in rules] == [inactive] * 3
        assert found["severe_jdm"][f"{scale}, weak"] is severe


# skin-DAS, ulceration, erythema -> inactive skin; then skin-DAS at baseline -> improved by any fall, a point, 20%.
SKIN = [
    ((0, F, F), T, 1, (T, T, T)),
    ((1, F, F), T, 1, (F, F, F)),
    ((2, F, F), F, 1, (F, F, F)),
    ((1, T, F), F, 6, (T, T, T)),
    ((1, F, T), F, N, (N, N, N)),
    ((1, N, F), N, 2, (T, T, T)),
    ((1, T, N), F, 0, (F, F, F)),
    ((N, F, F), N, 6, (N, N, N)),
    ((N, T, F), F, 6, (N, N, N)),
    ((5, N, N), F, 6, (T, T, F)),
    ((4, F, T), F, 5, (T, T, T)),
    ((8, F, T), F, 9, (T, T, F)),
    ((0, F, F), T, 0, (F, F, F)),
]


def test_skin(run_on):
    rows = []
    for i, ((skin, ulcer, red), _, before, _) in enumerate(SKIN):
        rows += observed(f"p{i:02d}", 168, skin_das=skin, ulceration=ulcer, erythema=red)
        rows += observed(f"p{i:02d}", 0, skin_das=before)
    data = Dataset.of(patients=[{"patient_id": f"p{i:02d}"} for i in range(len(SKIN))], observations=rows)
    falls = ("any fall", "one point", "20 percent")
    nodes = {fall: rash_improved.between(BASELINE, WEEK_24, skin_improvement=fall) for fall in falls}
    found = run_on({"inactive": inactive_skin.at(WEEK_24), **nodes}, data, recorded_days())
    for i, (_, inactive, _, improved) in enumerate(SKIN):
        assert found["inactive"][f"p{i:02d}"] is inactive, SKIN[i]
        assert tuple(found[fall][f"p{i:02d}"] for fall in falls) == improved, SKIN[i]


def clear(**changes):
    return {
        "cmas": 41, "mmt8": 73, "ulcerative_skin_disease": False, "gastrointestinal_involvement": False,
        "cardiac_involvement": False, "intensive_care": False, "inadequate_response_glucocorticoid": True,
        "inadequate_response_first_line": False, **changes,
    }  # fmt: skip


# facts at baseline, conditions (name, day), months from birth to onset -> severe, refractory, either
SEVERITY = [
    (clear(), [], 60, (F, F, F)),
    (clear(inadequate_response_first_line=True), [], 60, (F, T, T)),
    (clear(inadequate_response_first_line=None), [], 60, (F, N, N)),
    (clear(inadequate_response_glucocorticoid=False, inadequate_response_first_line=None), [], 60, (F, F, F)),
    (clear(cmas=14), [], 60, (T, F, T)),
    (clear(cmas=15), [], 60, (F, F, F)),
    (clear(mmt8=29), [], 60, (T, F, T)),
    (clear(mmt8=30), [], 60, (F, F, F)),
    (clear(mmt8=None), [], 60, (N, F, N)),
    (clear(), [], 11, (T, F, T)),
    (clear(), [], 13, (F, F, F)),
    (clear(), [], None, (N, F, N)),
    (clear(ulcerative_skin_disease=True), [], 60, (T, F, T)),
    (clear(), [("cutaneous ulceration", -5)], 60, (T, F, T)),
    (clear(), [("ILD", -100)], 60, (T, F, T)),
    (clear(), [("ILD", 0)], 60, (T, F, T)),
    (clear(), [("ILD", 1)], 60, (F, F, F)),  # found after baseline
    (clear(), [("calcinosis", -1)], 60, (T, F, T)),
    (clear(), [("MAS", -1)], 60, (F, F, F)),  # not in the source's list
    (clear(gastrointestinal_involvement=True), [], 60, (T, F, T)),
    (clear(cardiac_involvement=True), [], 60, (T, F, T)),
    (clear(intensive_care=True), [], 60, (T, F, T)),
    (clear(intensive_care=None), [("ILD", -1)], 60, (T, F, T)),
]


def test_severity(run_on):
    patients, rows, conditions = [], [], []
    for i, (facts, found, months, _) in enumerate(SEVERITY):
        dates = {} if months is None else {"birth_date": "2010-01-01", "onset_date": onset_after(months)}
        patients.append({"patient_id": f"p{i:02d}", **dates})
        rows += observed(f"p{i:02d}", -3, **facts)
        conditions += [{"patient_id": f"p{i:02d}", "name": name, "day": day} for name, day in found]
    data = Dataset.of(patients=patients, observations=rows, conditions=conditions)
    rules = (severe_jdm, refractory_jdm, refractory_or_severe_jdm)
    found = run_on({rule.key: rule.at(BASELINE) for rule in rules}, data, recorded_days())
    for i, (facts, _, _, expected) in enumerate(SEVERITY):
        assert tuple(found[rule.key][f"p{i:02d}"] for rule in rules) == expected, facts


def onset_after(months):
    return f"{2010 + months // 12}-{months % 12 + 1:02d}-01"


def test_cautions_and_skin_only(run_on):
    patients = [
        {"patient_id": "young", "age_at_index": 4.5},
        {"patient_id": "turns five", "age_at_index": 4.6},
        {"patient_id": "old", "age_at_index": 9.0},
        {"patient_id": "no age"},
    ]
    rows = [
        *observed("young", 168, cmas=47, das_total=3, typical_rash=True, muscle_involvement=False),
        *observed("turns five", 168, cmas=47, das_total=4, typical_rash=True, muscle_involvement=True),
        *observed("old", 168, cmas=47, typical_rash=False),
        *observed("no age", 168, cmas=48, typical_rash=True),
    ]
    nodes = {rule.key: rule.at(WEEK_24) for rule in (cmas_decides_under_5, das_inactive, skin_only_jdm)}
    found = run_on(nodes, Dataset.of(patients=patients, observations=rows), recorded_days())
    assert found["cmas_decides_under_5"] == {"young": T, "turns five": F, "old": F, "no age": F}
    assert found["das_inactive"] == {"young": T, "turns five": F, "old": N, "no age": N}
    assert found["skin_only_jdm"] == {"young": T, "turns five": F, "old": F, "no age": N}
