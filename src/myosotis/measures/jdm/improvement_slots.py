"""The six slots of the total improvement score: the points of each core set measure, and the most a baseline allows."""

from __future__ import annotations

from myosotis.language.series import Series
from myosotis.language.values import Constant, FirstRecorded, Multiply, Value
from myosotis.language.windows import Window
from myosotis.measures.jdm.core_sets import attainable_muscle_tests, muscle_tests
from myosotis.measures.jdm.instruments import das_total
from myosotis.measures.muscle_enzymes import ENZYMES, by_index_enzyme, limit_of
from myosotis.measures.observations import chaq, chq_phs, extramuscular_global, haq, parent_global, physician_global
from myosotis.measures.response import percent_of_range, points_for

__all__ = [
    "LABELS", "Slots", "adult_slots", "attainable_slots", "imacs_slots", "printo_slots",
]  # fmt: skip

MUSCLE_FIRST = "MMT, else CMAS"
BY_LIMIT = "upper limit"
VAS_RANGE = 10.0
CHAQ_RANGE = 3.0
DAS_RANGE = 20.0

# Slot of the points table, key of the contribution, and what it is called.
LABELS = {
    "physician_global": ("physician_global", "physician global activity"),
    "parent_global": ("parent_global", "parent or patient global"),
    "muscle": ("muscle", "muscle strength"),
    "function": ("function", "physical function"),
    "enzyme": ("enzyme", "most abnormal muscle enzyme"),
    "chq_phs": ("chq_phs", "CHQ physical summary"),
    "extramuscular": ("extramuscular_global", "extramuscular activity"),
    "das": ("das_total", "DAS"),
}

Slots = dict[str, Value]


def _lower_is_better(series: Series, span: float, slot: str, baseline: Window, visit: Window) -> Value:
    return points_for(slot, percent_of_range(series.at(baseline), series.at(visit), span, better="lower"))


def _muscle(baseline: Window, visit: Window, muscle_test: object) -> Value:
    tests = muscle_tests(baseline, visit, muscle_test)
    points = tuple(
        points_for("muscle", percent_of_range(test.before, test.now, test.maximum, better="higher")) for test in tests
    )
    return points[0] if len(points) == 1 else FirstRecorded(of=points)


def _enzyme(baseline: Window, visit: Window, most_abnormal_by: object) -> Value:
    """Follow the enzyme that was most abnormal at baseline, by the upper limit recorded there (else at the visit)."""
    points = []
    for one in ENZYMES:
        before, now = one.series.at(baseline), one.series.at(visit)
        span = Multiply(left=limit_of(before, now), right=Constant(number=one.range_in_upper_limits))
        points.append(points_for("enzyme", percent_of_range(before, now, span, better="lower")))
    return by_index_enzyme(tuple(points), baseline, visit, by=most_abnormal_by)


def _common(baseline: Window, visit: Window, muscle_test: object) -> Slots:
    return {
        "physician_global": _lower_is_better(physician_global, VAS_RANGE, "physician_global", baseline, visit),
        "parent_global": _lower_is_better(parent_global, VAS_RANGE, "parent_global", baseline, visit),
        "muscle": _muscle(baseline, visit, muscle_test),
        "function": _lower_is_better(chaq, CHAQ_RANGE, "function", baseline, visit),
    }


def imacs_slots(
    baseline: Window, visit: Window, muscle_test: object = MUSCLE_FIRST, most_abnormal_by: object = BY_LIMIT
) -> Slots:
    """Give the points of the IMACS core set."""
    return {
        **_common(baseline, visit, muscle_test),
        "enzyme": _enzyme(baseline, visit, most_abnormal_by),
        "extramuscular": _lower_is_better(extramuscular_global, VAS_RANGE, "extramuscular", baseline, visit),
    }


def adult_slots(baseline: Window, visit: Window) -> Slots:
    """Give the points of the IMACS core set with HAQ before CHAQ."""
    slots = imacs_slots(baseline, visit)
    of_haq = _lower_is_better(haq, CHAQ_RANGE, "function", baseline, visit)
    return {**slots, "function": FirstRecorded(of=(of_haq, slots["function"]))}


def printo_slots(baseline: Window, visit: Window, chq_phs_range: object) -> Slots:
    """Give the points of the PRINTO core set."""
    assert isinstance(chq_phs_range, int | float)
    percent = percent_of_range(chq_phs.at(baseline), chq_phs.at(visit), float(chq_phs_range), better="higher")
    return {
        **_common(baseline, visit, MUSCLE_FIRST),
        "chq_phs": points_for("chq_phs", percent),
        "das": _lower_is_better(das_total, DAS_RANGE, "das", baseline, visit),
    }


def attainable_slots(baseline: Window, visit: Window, lowest_enzyme: object) -> Slots:
    """Let every measure of the baseline become the best there is; the visit is not looked at."""
    del visit

    def gone(series: Series, span: float, slot: str) -> Value:
        return points_for(slot, percent_of_range(series.at(baseline), Constant(number=0.0), span, better="lower"))

    tests = attainable_muscle_tests(baseline)
    muscle = tuple(
        points_for("muscle", percent_of_range(test.before, test.maximum, test.maximum, better="higher"))
        for test in tests
    )
    enzymes = []
    for one in ENZYMES:
        value = one.series.at(baseline)
        floor: Value = value.upper_limit if lowest_enzyme == "upper limit" else Constant(number=0.0)
        span = Multiply(left=value.upper_limit, right=Constant(number=one.range_in_upper_limits))
        enzymes.append(points_for("enzyme", percent_of_range(value, floor, span, better="lower")))
    return {
        "physician_global": gone(physician_global, VAS_RANGE, "physician_global"),
        "parent_global": gone(parent_global, VAS_RANGE, "parent_global"),
        "muscle": FirstRecorded(of=muscle),
        "function": gone(chaq, CHAQ_RANGE, "function"),
        "enzyme": by_index_enzyme(tuple(enzymes), baseline, by=BY_LIMIT),
        "extramuscular": gone(extramuscular_global, VAS_RANGE, "extramuscular"),
    }
