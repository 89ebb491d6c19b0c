"""Total improvement score (ACR/EULAR 2016): points of six core set measures, its bounds, and what a child can attain."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from myosotis.core.definition import Citation, Definition, Direction, Example, Range
from myosotis.language.criteria import Categories
from myosotis.language.series import Series
from myosotis.language.values import Constant, FirstRecorded, Multiply, NamedValue, Total, Value
from myosotis.language.windows import Window
from myosotis.measures.jdm import total_improvement_examples as examples
from myosotis.measures.jdm.core_sets import MUSCLE_TEST, attainable_muscle_tests, muscle_tests
from myosotis.measures.jdm.instruments import das_total
from myosotis.measures.measure import Choice, Measure
from myosotis.measures.muscle_enzymes import ABNORMALITY, ENZYMES, by_index_enzyme, limit_of
from myosotis.measures.observations import chaq, chq_phs, extramuscular_global, haq, parent_global, physician_global
from myosotis.measures.response import (
    ADULT_THRESHOLDS,
    AGGARWAL_2017,
    JDM_THRESHOLDS,
    POINTS_2016,
    RIDER_2017,
    Thresholds,
    counted_as,
    improvement_category,
    percent_of_range,
    points_for,
)

__all__ = [
    "MEASURES", "OBSERVATIONS", "total_improvement_score_2016", "total_improvement_score_2016_adult",
    "total_improvement_score_2016_attainable", "total_improvement_score_2016_chosen", "total_improvement_score_2016_lower",
    "total_improvement_score_2016_printo", "total_improvement_score_2016_printo_lower",
    "total_improvement_score_2016_printo_upper", "total_improvement_score_2016_upper",
]  # fmt: skip

MUSCLE_FIRST = "MMT, else CMAS"
BY_LIMIT = "upper limit"
VAS_RANGE = 10.0
CHAQ_RANGE = 3.0
DAS_RANGE = 20.0

CHQ_PHS_RANGE = Choice(
    key="chq_phs_range",
    label="the range by which a change of CHQ-PhS is divided; the summary has no bounds and no range was found in print",
    example=100.0,
)
LOWEST_ENZYME = Choice(
    key="lowest_enzyme",
    label="how far an enzyme can fall",
    example="upper limit",
    options=(
        ("upper limit", "to its upper limit of normal, so that a normal enzyme cannot improve"),
        ("zero", "to zero, which bounds the score whatever happens"),
    ),
)

# Slot of the points table, key of the contribution, and what it is called.
_LABELS = {
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


def _imacs(
    baseline: Window, visit: Window, muscle_test: object = MUSCLE_FIRST, most_abnormal_by: object = BY_LIMIT
) -> Slots:
    return {
        **_common(baseline, visit, muscle_test),
        "enzyme": _enzyme(baseline, visit, most_abnormal_by),
        "extramuscular": _lower_is_better(extramuscular_global, VAS_RANGE, "extramuscular", baseline, visit),
    }


def _adult(baseline: Window, visit: Window) -> Slots:
    slots = _imacs(baseline, visit)
    of_haq = _lower_is_better(haq, CHAQ_RANGE, "function", baseline, visit)
    return {**slots, "function": FirstRecorded(of=(of_haq, slots["function"]))}


def _printo(baseline: Window, visit: Window, chq_phs_range: object) -> Slots:
    assert isinstance(chq_phs_range, int | float)
    percent = percent_of_range(chq_phs.at(baseline), chq_phs.at(visit), float(chq_phs_range), better="higher")
    return {
        **_common(baseline, visit, MUSCLE_FIRST),
        "chq_phs": points_for("chq_phs", percent),
        "das": _lower_is_better(das_total, DAS_RANGE, "das", baseline, visit),
    }


def _attainable(baseline: Window, visit: Window, lowest_enzyme: object) -> Slots:
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


def _sum(slots: Callable[..., Slots], missing_as: str, **inputs: object) -> Value:
    """Add the points up; a missing slot leaves the score missing, or counts as nothing or as the most it can earn."""
    parts: list[Value] = []
    for slot, points in slots(**inputs).items():
        counted = points
        if missing_as != "missing":
            counted = counted_as(points, 0.0 if missing_as == "nothing" else POINTS_2016[slot].maximum)
        key, label = _LABELS[slot]
        parts.append(NamedValue(key=key, version="", label=f"points for {label}", unit="points", of=counted))
    return Total(of=tuple(parts))


def _sort(score: Callable[..., Value], definition: Definition, thresholds: Thresholds, **inputs: object) -> Categories:
    return improvement_category(
        key=f"{definition.key}.category",
        version=definition.version,
        label=f"improvement by {definition.label}",
        score=score(**inputs),
        thresholds=thresholds,
    )


_RANGES = (
    "Absolute percent improvement is the change towards better in percent of the measure's range: 10 cm for the global "
    "scales, 3 for CHAQ, 52 for CMAS, the scale's maximum for manual muscle testing (mmt8 on 80 unless mmt_max says "
    "150 or 260). Bands exclude their lower edge and include their upper one; worsening earns 0, never less. "
)
_MUSCLE = (
    "The muscle slot takes manual muscle testing where both visits have it, else CMAS: a rule of this package for a child "
    "who has both. "
)
_ENZYME = (
    "The enzyme is the one most abnormal at baseline, followed at the visit. Its range, 15 times the upper limit for CK, "
    "6 for aldolase and 3 for LDH, AST and ALT, is that of the reference and unverified in the original: it could not "
    "be read in the papers. The upper limit is the baseline's, else the visit's. Ties go to CK, aldolase, LDH, AST, ALT. "
)
_MISSING = "not evaluable when any of the six measures is; see the lower and the upper bound"
_PRINTO = (
    "CHQ-PhS is a T-score without bounds and no range for it was found in print, so that the protocol must state one. "
    "DAS is divided by 20. "
)
_LEVELS_JDM = "Children: minimal from 30, moderate from 45, major from 70."
_LEVELS_ADULT = "Adults: minimal from 20, moderate from 40, major from 60."
_GRID = Range(low=0, high=100, step=2.5)


def _measure(
    key: str,
    label: str,
    slots: Callable[..., Slots],
    choices: tuple[Choice, ...],
    *,
    note: str,
    missing: str = _MISSING,
    missing_as: str = "missing",
    worked: tuple[Example, ...] = (),
    thresholds: Thresholds = JDM_THRESHOLDS,
    citations: tuple[Citation, ...] = (RIDER_2017,),
    direction: Direction = "higher is better",
) -> Measure:
    definition = Definition(
        key=key, version="1", kind="score", label=label, citations=citations, missing=missing, unit="points",
        range=_GRID, direction=direction, examples=worked, note=note,
    )  # fmt: skip
    score = partial(_sum, slots, missing_as)
    return Measure(
        definition=definition,
        moments=("baseline", "visit"),
        rule=score,
        sorting=partial(_sort, score, definition, thresholds),
        choices=choices,
    )


_CHOSEN = (MUSCLE_TEST, ABNORMALITY)
_PRINTO_CHOICES = (CHQ_PHS_RANGE,)
_BOUND = "always evaluable: a missing measure counts as {}"

total_improvement_score_2016 = _measure(
    "total_improvement_score_2016", "total improvement score (IMACS core set)", _imacs, (),
    worked=examples.IMACS, note=_RANGES + _MUSCLE + _ENZYME + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_chosen = _measure(
    "total_improvement_score_2016_chosen", "total improvement score (IMACS core set, muscle test and enzyme as chosen)",
    _imacs, _CHOSEN, worked=examples.CHOSEN,
    note=_RANGES + _ENZYME + "As total_improvement_score_2016, but the protocol says which muscle test is followed and "
    "what makes an enzyme the most abnormal. " + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_adult = _measure(
    "total_improvement_score_2016_adult", "total improvement score (IMACS core set, adult levels)", _adult,
    (), worked=examples.ADULT, thresholds=ADULT_THRESHOLDS, citations=(AGGARWAL_2017, RIDER_2017),
    note=_RANGES + _MUSCLE + _ENZYME + "Function is HAQ, or CHAQ where there is no HAQ. " + _LEVELS_ADULT,
)  # fmt: skip
total_improvement_score_2016_printo = _measure(
    "total_improvement_score_2016_printo", "total improvement score (PRINTO core set)", _printo, _PRINTO_CHOICES,
    worked=examples.PRINTO, note=_RANGES + _MUSCLE + _PRINTO + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_lower = _measure(
    "total_improvement_score_2016_lower", "total improvement score (IMACS core set), lower bound", _imacs,
    (), missing=_BOUND.format("no improvement"), missing_as="nothing", worked=examples.LOWER,
    note="What the score is at least. Where the lower and the upper bound fall in one category, the category is known. "
    + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_upper = _measure(
    "total_improvement_score_2016_upper", "total improvement score (IMACS core set), upper bound", _imacs,
    (), missing=_BOUND.format("the most points it can earn"), missing_as="all", worked=examples.UPPER,
    note="What the score is at most. Where the lower and the upper bound fall in one category, the category is known. "
    + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_printo_lower = _measure(
    "total_improvement_score_2016_printo_lower", "total improvement score (PRINTO core set), lower bound", _printo,
    _PRINTO_CHOICES, missing=_BOUND.format("no improvement"), missing_as="nothing", worked=examples.PRINTO_LOWER,
    note="What the score is at least. " + _PRINTO + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_printo_upper = _measure(
    "total_improvement_score_2016_printo_upper", "total improvement score (PRINTO core set), upper bound", _printo,
    _PRINTO_CHOICES, missing=_BOUND.format("the most points it can earn"), missing_as="all",
    worked=examples.PRINTO_UPPER, note="What the score is at most. " + _PRINTO + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_attainable = _measure(
    "total_improvement_score_2016_attainable", "attainable total improvement score (IMACS core set)", _attainable,
    (LOWEST_ENZYME,), worked=examples.ATTAINABLE, direction="neither",
    missing="not evaluable when any of the six measures is missing at baseline; the visit is not looked at",
    note="The score if every measure became the best there is: a child with normal strength, CHAQ 0 and normal enzymes "
    "can gain 50 points at most, so that a major response is out of reach. Derived from the points table; an "
    "enzyme may in truth fall below its upper limit, which `lowest_enzyme` decides. " + _LEVELS_JDM,
)  # fmt: skip

OBSERVATIONS: tuple[Definition, ...] = ()
MEASURES: tuple[Measure, ...] = (
    total_improvement_score_2016,
    total_improvement_score_2016_chosen,
    total_improvement_score_2016_adult,
    total_improvement_score_2016_printo,
    total_improvement_score_2016_lower,
    total_improvement_score_2016_upper,
    total_improvement_score_2016_printo_lower,
    total_improvement_score_2016_printo_upper,
    total_improvement_score_2016_attainable,
)
