"""PRINTO levels and the IMACS definition: every bound just below, at and just above, and what a missing measure does."""

from __future__ import annotations

import pytest

from myosotis.language.record import recorded_days
from myosotis.language.windows import Window
from myosotis.measures.jdm.imacs_improvement import imacs_improvement_2004
from myosotis.measures.jdm.printo_response import (
    printo_20_2010,
    printo_50_2010,
    printo_70_2010,
    printo_90_2010,
    printo_response_2010,
)
from myosotis.model.dataset import Dataset

BASELINE = Window(label="baseline", target=0, first=0, last=0)
VISIT = Window(label="visit", target=168, first=168, last=168)
LEVELS = {20: printo_20_2010, 50: printo_50_2010, 70: printo_70_2010, 90: printo_90_2010}
PRINTO = ("physician_global", "parent_global", "cmas", "chaq", "chq_phs", "das_total")
IMACS = ("physician_global", "parent_global", "mmt8", "chaq", "extramuscular_global", "ck")


def dataset(names, patients):
    """Write patients as {patient: (baseline values, visit values)}, None being not recorded."""
    rows = [
        {"patient_id": patient, "day": day, "name": name, "number": float(number), "upper_limit": 200.0}
        for patient, moments in patients.items()
        for day, values in zip((0, 168), moments, strict=True)
        for name, number in zip(names, values, strict=True)
        if number is not None
    ]
    return Dataset.of(patients=[{"patient_id": patient} for patient in patients], observations=rows)


BEFORE = (10, 10, 20, 2, 40, 10)
STEP = 1e-6  # far above the rounding to 9 decimals, far below any measurement


def levels():
    """Let three measures of a lower-is-better kind improve by a percent, the others staying as they were."""
    for level in LEVELS:
        for label, percent in (("below", level - STEP), ("at", level), ("above", level + STEP)):
            share = 1 - percent / 100
            yield f"{level} {label}", level, label != "below", (10 * share, 10 * share, 20, 2 * share, 40, 10)


def test_a_level_is_reached_from_its_percent_on(run_on):
    cases = list(levels())
    data = dataset(PRINTO, {name: (BEFORE, now) for name, _, _, now in cases})
    nodes = {
        str(level): measure.between(BASELINE, VISIT, strength_may_worsen="no") for level, measure in LEVELS.items()
    }
    nodes["best"] = printo_response_2010.between(BASELINE, VISIT, strength_may_worsen="no")
    found = run_on(nodes, data, recorded_days())
    assert {name: found[str(level)][name] for name, level, _, _ in cases} == {
        name: reached for name, _, reached, _ in cases
    }
    lower = {20: "none", 50: "PRINTO 20", 70: "PRINTO 50", 90: "PRINTO 70"}
    assert found["best"] == {name: f"PRINTO {level}" if reached else lower[level] for name, level, reached, _ in cases}


IMPROVED = (8, 8, 24)  # physician, parent and CMAS better by exactly 20%


@pytest.mark.parametrize("may", ["no", "yes"])
def test_at_most_one_measure_may_become_worse_by_more_than_30_percent(run_on, may):
    patients = {
        "none worse": ((*IMPROVED, 2, 40, 10), True),
        "two worse by exactly 30%": ((*IMPROVED, 2.6, 28, 10), True),
        "one worse by a little more": ((*IMPROVED, 2.6 + STEP, 28, 10), True),
        "two worse by a little more": ((*IMPROVED, 2.6 + STEP, 28 - STEP, 10), False),
        "strength worse by exactly 30%": ((8, 8, 14, 1.6, 40, 10), True),
        "strength worse by a little more": ((8, 8, 14 - STEP, 1.6, 40, 10), may == "yes"),
        "strength and another": ((8, 8, 13, 1.6, 20, 10), False),
    }
    data = dataset(PRINTO, {name: (BEFORE, now) for name, (now, _) in patients.items()})
    found = run_on({"it": printo_20_2010.between(BASELINE, VISIT, strength_may_worsen=may)}, data, recorded_days())
    assert found["it"] == {name: expected for name, (_, expected) in patients.items()}


def test_a_baseline_of_0_and_missing_measures(run_on):
    patients = {
        "CHAQ 0 stays 0": ((10, 10, 20, 0, 40, 10), (8, 8, 20, 0, 40, 10), False),
        "CHAQ from 0 is worse": ((10, 10, 20, 0, 40, 10), (8, 8, 24, 0.125, 20, 10), False),
        "CHAQ from 0 alone": ((10, 10, 20, 0, 40, 10), (8, 8, 24, 0.125, 40, 10), True),
        "CMAS from 0 improved": ((10, 10, 0, 2, 40, 10), (8, 8, 1, 2, 40, 10), True),
        "CHQ-PhS below 0, not needed": ((10, 10, 20, 2, -5, 10), (8, 8, 24, 2, 40, 10), True),
        "CHQ-PhS below 0 decides": ((10, 10, 20, 2, -5, 10), (8, 8, 20, 2, 40, 10), None),
        "three improved, three unknown": ((10, 10, 20, 2, 40, 10), (8, 8, 24, None, None, None), None),
        "three improved, one unknown": ((10, 10, 20, 2, 40, 10), (8, 8, 24, 2, 40, None), True),
        "strength unknown": ((10, 10, 20, 2, 40, 10), (8, 8, None, 1.6, 40, 10), None),
        "cannot reach three": ((10, 10, 20, 2, 40, 10), (8, 10, 20, 2, None, 10), False),
        "nothing known": ((None,) * 6, (None,) * 6, None),
    }
    data = dataset(PRINTO, {name: moments for name, (*moments, _) in patients.items()})
    found = run_on({"it": printo_20_2010.between(BASELINE, VISIT, strength_may_worsen="no")}, data, recorded_days())
    assert found["it"] == {name: expected for name, (*_, expected) in patients.items()}


def test_relative_is_not_absolute(run_on):
    """CMAS 41 to 50 is 22% of the baseline and counts for PRINTO 20, though it is 17.3% of the range."""
    data = dataset(PRINTO, {"a": ((10, 10, 41, 2, 40, 10), (8, 8, 50, 2, 40, 10))})
    node = printo_20_2010.between(BASELINE, VISIT, strength_may_worsen="no")
    assert run_on({"it": node}, data, recorded_days())["it"]["a"] is True


def test_the_imacs_definition_at_its_bounds(run_on):
    before = (5, 5, 60, 1, 4, 1000)
    patients = {
        "three by exactly 20%": ((4, 4, 72, 1, 4, 1000), True),
        "one a little less": ((4 + STEP, 4, 72, 1, 4, 1000), False),
        "enzyme as the third": ((4, 4, 60, 1, 4, 800), True),
        "two worse by exactly 25%": ((4, 4, 60, 1.25, 5, 800), True),
        "three worse by exactly 25%": ((4, 6.25, 72, 1.25, 5, 800), False),
        "the third worse by a little less": ((4, 6.25 - STEP, 72, 1.25, 5, 800), True),
        "strength worse by exactly 25%": ((4, 4, 45, 1, 4, 800), False),
        "strength worse by a little less": ((4, 4, 45 + STEP, 1, 4, 800), True),
        "enzyme worse by 25% is one of two": ((4, 4, 72, 1.25, 4, 1250), True),
        "strength unknown": ((4, 4, None, 1, 4, 800), None),
    }
    data = dataset(IMACS, {name: (before, now) for name, (now, _) in patients.items()})
    found = run_on({"it": imacs_improvement_2004.between(BASELINE, VISIT)}, data, recorded_days())
    assert found["it"] == {name: expected for name, (_, expected) in patients.items()}
