"""Whatever the numbers: scores stay in range, better input never harms a state, and units change nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.units import convert
from myosotis.language.criteria import Categories, Known, any_of
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import PatientRecord
from myosotis.measures import (
    cat_bm_activity_from_lesions,
    cmas_from_items,
    das_from_parts,
    find,
    hybrid_mmt8_cmas,
    inactive_disease_almeida_2015,
    inactive_disease_wang_2022,
    inactive_skin,
    jdmai_1_activity,
    loss_of_inactive_disease,
    mdaat_extramuscular,
    names,
    printo_inactive_disease_2013,
    response_wang_2022,
    severe_jdm,
)
from myosotis.measures.course import best_response, loss_of_response, sustained_response
from myosotis.measures.jdm.cmas import CMAS_ITEMS
from myosotis.measures.jdm.response_wang import RECOMMENDED, WANG_2022_LITERAL

# Enough to find a bound that is off by one; the rules have few inputs.
MANY = settings(max_examples=150, deadline=None)
FEW = settings(max_examples=60, deadline=None)


def one_of_grid(key):
    """Draw a value on the grid of an observation, its ends more often than chance would, or nothing."""
    bounds = find(key).definition.range
    high = 1000 if bounds.high is None else bounds.high
    step = bounds.step or 0.1
    whole = st.integers(0, round((high - bounds.low) / step)).map(
        lambda i: float(Fraction(str(step)) * i + Fraction(str(bounds.low)))
    )
    return st.none() | st.sampled_from([float(bounds.low), float(high)]) | whole


def visit_of(*keys):
    return st.fixed_dictionaries({key: one_of_grid(key) for key in keys})


INACTIVE = ("ck", "cmas", "mmt8", "physician_global")
SIGNS = st.sampled_from([True, False, None])


@pytest.mark.parametrize(
    "rule", [printo_inactive_disease_2013, inactive_disease_wang_2022, inactive_disease_almeida_2015]
)
@given(before=visit_of(*INACTIVE), after=visit_of(*INACTIVE))
@MANY
def test_better_values_never_end_inactive_disease(rule, before, after):
    better = {
        key: improved(key, before[key], after[key])
        if before[key] is not None and after[key] is not None
        else before[key]
        for key in INACTIVE
    }
    was, now = rule(visit=before).value, rule(visit=better).value
    assert not (was is True and now is not True)
    assert not (was is not False and now is False)


def improved(key, one, other):
    return max(one, other) if find(key).definition.direction == "higher is better" else min(one, other)


@given(values=visit_of(*INACTIVE), missing=st.sampled_from(INACTIVE))
@MANY
def test_a_verdict_without_a_value_holds_whatever_the_value_is(values, missing):
    """Not evaluable means that the missing value decides; a verdict means that it does not."""
    rule = printo_inactive_disease_2013
    without = rule(visit={**values, missing: None}).value
    if without is not None:
        bounds = find(missing).definition.range
        for extreme in (bounds.low, 1e5 if bounds.high is None else bounds.high):
            assert rule(visit={**values, missing: extreme}).value is without


@given(values=visit_of(*INACTIVE))
@MANY
def test_the_three_readings_are_nested(values):
    """Essential implies the published rule, which implies the looser cut-off."""
    almeida, printo, wang = (
        rule(visit=values).value
        for rule in (inactive_disease_almeida_2015, printo_inactive_disease_2013, inactive_disease_wang_2022)
    )
    assert not (almeida is True and printo is not True)
    assert not (printo is True and wang is not True)
    assert not (wang is False and printo is not False)
    assert not (printo is False and almeida is not False)


@given(
    skin=one_of_grid("skin_das"),
    less=st.integers(0, 9),
    ulcer=SIGNS,
    red=SIGNS,
    healed=st.booleans(),
    pale=st.booleans(),
)
@MANY
def test_better_skin_never_ends_inactive_skin(skin, less, ulcer, red, healed, pale):
    was = inactive_skin(visit={"skin_das": skin, "ulceration": ulcer, "erythema": red}).value
    better = {
        "skin_das": None if skin is None else max(0.0, skin - less),
        "ulceration": False if healed and ulcer is not None else ulcer,
        "erythema": False if pale and red is not None else red,
    }
    now = inactive_skin(visit=better).value
    assert not (was is True and now is not True)
    assert not (was is None and now is False)


def cmas_inputs():
    parts = {}
    for item in CMAS_ITEMS:
        parts[item.score.definition.key] = st.none() | st.integers(0, item.maximum)
        if item.time is not None:
            parts[item.time.definition.key] = st.none() | st.floats(0, 600)
    return st.fixed_dictionaries(parts)


@given(inputs=cmas_inputs())
@MANY
def test_cmas_is_a_whole_number_in_its_range_or_missing_with_an_item(inputs):
    got = cmas_from_items(visit=inputs)
    recorded = [
        inputs[item.score.definition.key] is not None
        or (item.time is not None and inputs[item.time.definition.key] is not None)
        for item in CMAS_ITEMS
    ]
    assert (got.value is None) == (not all(recorded))
    if got.value is not None:
        assert 0 <= got.value <= 52
        assert got.value == round(got.value)
        assert got.value == sum(got.contributions.values())


@given(inputs=cmas_inputs(), which=st.sampled_from(CMAS_ITEMS), more=st.floats(0, 300))
@MANY
def test_a_better_item_never_lowers_cmas(inputs, which, more):
    key = which.score.definition.key if which.time is None else which.time.definition.key
    if inputs[key] is None:
        return
    raised = inputs[key] + more if which.time is not None else min(which.maximum, inputs[key] + round(more))
    before, after = cmas_from_items(visit=inputs).value, cmas_from_items(visit={**inputs, key: raised}).value
    assert (before is None) == (after is None)
    assert before is None or after >= before


@pytest.mark.parametrize(
    ("measure", "keys"),
    [
        (das_from_parts, ("skin_das", "das_muscle")),
        (hybrid_mmt8_cmas, ("mmt8", "cmas_head_elevation", "cmas_sit_ups", "hmc_floor_rise")),
        (cat_bm_activity_from_lesions, ("cat_bm_activity_lesions", "cat_bm_combined_active")),
        (
            mdaat_extramuscular,
            tuple(key for key in names() if key.startswith("mdaat_") and key != "mdaat_extramuscular"),
        ),
    ],
)
@given(data=st.data())
@FEW
def test_a_score_stays_in_its_range(measure, keys, data):
    value = measure(visit=data.draw(visit_of(*keys))).value
    bounds = measure.definition.range
    # A mean of tenths may exceed 1 by rounding in its last digit.
    assert value is None or bounds.low <= value <= bounds.high + 1e-12
    assert value is None or bounds.on_grid(value)


@given(low=st.integers(0, 400), more=st.integers(0, 400))
@MANY
def test_a_higher_index_is_never_a_better_activity_state(low, more):
    one, other = low / 10, min(400, low + more) / 10
    levels = ("inactive", "low", "moderate", "high")
    places = [levels.index(jdmai_1_activity(visit={"jdmai_1": value}).value) for value in (one, other)]
    assert places[0] <= places[1]


FACTS = ("ulcerative_skin_disease", "gastrointestinal_involvement", "cardiac_involvement", "intensive_care")
RESPONSE_KEYS = ("skin_das", "cmas", "mmt8", "ck", "physician_global", "glucocorticoid_dose_per_weight")
NEW_DRUGS = ("new_immunosuppressant", "new_immunoglobulin", "new_glucocorticoid_pulse")
PLACES = {"complete response": 0, "partial response": 1, "no response": 2}
VISITED = {"treatment_source": "visits"}


@pytest.mark.parametrize("preset", [RECOMMENDED, WANG_2022_LITERAL], ids=["recommended", "literal"])
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_better_visit_never_lowers_the_response(preset, data):
    base = data.draw(visit_of("skin_das", "cmas", "mmt8", "glucocorticoid_dose_per_weight")) | {
        "ulceration": data.draw(SIGNS), "muscle_involvement": data.draw(SIGNS),
    }  # fmt: skip
    visit = data.draw(visit_of(*RESPONSE_KEYS)) | {
        key: data.draw(SIGNS) for key in ("ulceration", "erythema", *NEW_DRUGS)
    }
    better = dict(visit)
    for key in RESPONSE_KEYS:
        other = data.draw(one_of_grid(key))
        if visit[key] is not None and other is not None:
            better[key] = improved(key, visit[key], other)
    for key in ("ulceration", "erythema", *NEW_DRUGS):
        if visit[key] is True and data.draw(st.booleans()):
            better[key] = False
    choices = {**preset, **VISITED}
    worst, best = (
        [PLACES[one] for one in response_wang_2022(baseline=base, visit=now, **choices).category.split(" or ")]
        for now in (visit, better)
    )
    assert min(best) <= min(worst)
    assert max(best) <= max(worst)


@given(
    onset=st.none() | st.floats(0.1, 17.0),
    cmas=one_of_grid("cmas"),
    flags=st.fixed_dictionaries(dict.fromkeys(FACTS, SIGNS)),
    conditions=st.sets(st.sampled_from(["ILD", "calcinosis", "MAS"])),
)
@MANY
def test_severe_is_true_exactly_when_a_reason_is(onset, cmas, flags, conditions):
    got = severe_jdm(visit={"age_at_onset": onset, "cmas": cmas, "mmt8": 80, **flags}, conditions=sorted(conditions))
    reasons = list(got.contributions.values())
    assert (got.value is True) == (True in reasons)
    assert (got.value is None) == (True not in reasons and None in reasons)


EMPTY = PatientRecord(
    patient_id="", index_date=None, patient={}, observations=(), treatments=(), conditions=(), events=()
)
LEVELS = ("best", "middle", "worst")


def known_visit(possible):
    """Make the categories of a visit of which it is known only that one of `possible` holds."""
    cases = []
    for level in LEVELS[:-1]:
        open_ = level in possible and level != possible[-1]
        cases.append((level, Known(truth=None if open_ else level in possible)))
    return Categories(key="visit", version="1", label="visit", cases=tuple(cases), otherwise=LEVELS[-1])


@given(visits=st.lists(st.sampled_from(LEVELS), min_size=2, max_size=5), run=st.integers(2, 5))
@MANY
def test_a_course_of_known_visits_is_what_counting_says(visits, run):
    nodes = [known_visit((level,)) for level in visits]
    assert evaluate_patient(best_response(nodes), EMPTY).result == min(visits, key=LEVELS.index)
    good = [level != "worst" for level in visits]
    lost = any(one and not later for i, one in enumerate(good) for later in good[i + 1 :])
    assert evaluate_patient(loss_of_response(nodes, levels=LEVELS[:2]), EMPTY).result is lost
    if run <= len(visits):
        held = any(all(good[i : i + run]) for i in range(len(good) - run + 1))
        assert evaluate_patient(sustained_response(nodes, levels=LEVELS[:2], visits=run), EMPTY).result is held


@given(
    visits=st.lists(
        st.sampled_from([("best",), ("middle",), ("worst",), ("best", "middle"), ("best", "worst"), ("middle", "worst")]),
        min_size=2, max_size=4,
    )
)  # fmt: skip
@MANY
def test_the_best_of_open_visits_holds_every_best_that_is_possible(visits):
    found = evaluate_patient(best_response([known_visit(one) for one in visits]), EMPTY).possible
    every = [[]]
    for one in visits:
        every = [[*chosen, level] for chosen in every for level in one]
    bests = {min(chosen, key=LEVELS.index) for chosen in every}
    assert bests <= set(found)
    # A visit that is the best or the middle, though it is not known which, rules the worst out.
    assert ("worst" in bests) == ("worst" in found)


def test_an_open_course_is_not_a_truth():
    verdict = any_of(Known(truth=None), Known(truth=False))
    assert evaluate_patient(verdict, EMPTY).result is None
    assert loss_of_inactive_disease(baseline={}, visit={}).value is None


@given(creatinine=st.integers(1, 2000))
@FEW
def test_creatinine_in_other_units_comes_back_as_the_same_number(creatinine):
    """A tenth of a µmol/L survives the way to mg/dL and back: the factor is exact."""
    value = creatinine / 10
    there = convert(value, found="µmol/L", wanted="mg/dL", analyte="creatinine")
    back = convert(there, found="mg/dL", wanted="µmol/L", analyte="creatinine")
    assert back == pytest.approx(value, rel=1e-12)


@given(ck=st.integers(1, 30000), others=visit_of("cmas", "mmt8", "physician_global"))
@MANY
def test_creatine_kinase_in_microkatals_gives_the_same_state(ck, others):
    """60 U/L are 1 µkat/L; there and back, whole numbers agree to 9 decimals, far inside the distance to a bound."""
    in_microkatals = convert(float(ck), found="U/L", wanted="µkat/L")
    back = convert(in_microkatals, found="µkat/L", wanted="U/L")
    rule = printo_inactive_disease_2013
    assert rule(visit={**others, "ck": round(back, 9)}).value is rule(visit={**others, "ck": float(ck)}).value
