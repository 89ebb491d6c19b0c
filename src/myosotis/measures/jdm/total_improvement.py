"""Total improvement score (ACR/EULAR 2016): points of six core set measures, its bounds, and what a child can attain."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from myosotis.core.definition import Citation, Definition, Direction, Example, Range
from myosotis.language.criteria import Categories, Known, all_of, any_of
from myosotis.language.values import NamedValue, Total, Value
from myosotis.language.windows import Window
from myosotis.measures.declare import part_value
from myosotis.measures.jdm import total_improvement_examples as examples
from myosotis.measures.jdm.core_sets import MUSCLE_TEST
from myosotis.measures.jdm.improvement_slots import (
    LABELS,
    Slots,
    adult_slots,
    attainable_slots,
    imacs_slots,
    printo_slots,
)
from myosotis.measures.measure import Choice, Measure
from myosotis.measures.muscle_enzymes import ABNORMALITY
from myosotis.measures.response import (
    ADULT_THRESHOLDS,
    AGGARWAL_2017,
    JDM_THRESHOLDS,
    POINTS_2016,
    RIDER_2017,
    Thresholds,
    counted_as,
    improvement_category,
)

__all__ = [
    "MEASURES", "OBSERVATIONS", "total_improvement_category_2016", "total_improvement_score_2016",
    "total_improvement_score_2016_adult", "total_improvement_score_2016_attainable",
    "total_improvement_score_2016_chosen", "total_improvement_score_2016_lower",
    "total_improvement_score_2016_printo", "total_improvement_score_2016_printo_lower",
    "total_improvement_score_2016_printo_upper", "total_improvement_score_2016_upper",
]  # fmt: skip

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


def _sum(slots: Callable[..., Slots], missing_as: str, **inputs: object) -> Value:
    """Add the points up; a missing slot leaves the score missing, or counts as nothing or as the most it can earn."""
    parts: list[Value] = []
    for slot, points in slots(**inputs).items():
        counted = points
        if missing_as != "missing":
            counted = counted_as(points, 0.0 if missing_as == "nothing" else POINTS_2016[slot].maximum)
        key, label = LABELS[slot]
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
    "total_improvement_score_2016", "total improvement score (IMACS core set)", imacs_slots, (),
    worked=examples.IMACS, note=_RANGES + _MUSCLE + _ENZYME + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_chosen = _measure(
    "total_improvement_score_2016_chosen", "total improvement score (IMACS core set, muscle test and enzyme as chosen)",
    imacs_slots, _CHOSEN, worked=examples.CHOSEN,
    note=_RANGES + _ENZYME + "As total_improvement_score_2016, but the protocol says which muscle test is followed and "
    "what makes an enzyme the most abnormal. " + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_adult = _measure(
    "total_improvement_score_2016_adult", "total improvement score (IMACS core set, adult levels)", adult_slots,
    (), worked=examples.ADULT, thresholds=ADULT_THRESHOLDS, citations=(AGGARWAL_2017, RIDER_2017),
    note=_RANGES + _MUSCLE + _ENZYME + "Function is HAQ, or CHAQ where there is no HAQ. " + _LEVELS_ADULT,
)  # fmt: skip
total_improvement_score_2016_printo = _measure(
    "total_improvement_score_2016_printo", "total improvement score (PRINTO core set)", printo_slots, _PRINTO_CHOICES,
    worked=examples.PRINTO, note=_RANGES + _MUSCLE + _PRINTO + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_lower = _measure(
    "total_improvement_score_2016_lower", "total improvement score (IMACS core set), lower bound", imacs_slots,
    (), missing=_BOUND.format("no improvement"), missing_as="nothing", worked=examples.LOWER,
    note="What the score is at least. Where the lower and the upper bound fall in one category, the category is known. "
    + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_upper = _measure(
    "total_improvement_score_2016_upper", "total improvement score (IMACS core set), upper bound", imacs_slots,
    (), missing=_BOUND.format("the most points it can earn"), missing_as="all", worked=examples.UPPER,
    note="What the score is at most. Where the lower and the upper bound fall in one category, the category is known. "
    + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_printo_lower = _measure(
    "total_improvement_score_2016_printo_lower", "total improvement score (PRINTO core set), lower bound", printo_slots,
    _PRINTO_CHOICES, missing=_BOUND.format("no improvement"), missing_as="nothing", worked=examples.PRINTO_LOWER,
    note="What the score is at least. " + _PRINTO + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_printo_upper = _measure(
    "total_improvement_score_2016_printo_upper", "total improvement score (PRINTO core set), upper bound", printo_slots,
    _PRINTO_CHOICES, missing=_BOUND.format("the most points it can earn"), missing_as="all",
    worked=examples.PRINTO_UPPER, note="What the score is at most. " + _PRINTO + _LEVELS_JDM,
)  # fmt: skip
total_improvement_score_2016_attainable = _measure(
    "total_improvement_score_2016_attainable", "attainable total improvement score (IMACS core set)", attainable_slots,
    (LOWEST_ENZYME,), worked=examples.ATTAINABLE, direction="neither",
    missing="not evaluable when any of the six measures is missing at baseline; the visit is not looked at",
    note="The score if every measure became the best there is: a child with normal strength, CHAQ 0 and normal enzymes "
    "can gain 50 points at most, so that a major response is out of reach. Derived from the points table; an "
    "enzyme may in truth fall below its upper limit, which `lowest_enzyme` decides. " + _LEVELS_JDM,
)  # fmt: skip


def _settled(baseline: Window, visit: Window) -> Categories:
    """Sort by the two bounds: a level is reached once the lower one reaches it, and not once the upper does not."""
    least, most = (
        part_value(
            key,
            f"the {key.replace('_', ' ')} of the score",
            "points",
            _sum(imacs_slots, how, baseline=baseline, visit=visit),
        )
        for key, how in (("lower_bound", "nothing"), ("upper_bound", "all"))
    )
    levels = (JDM_THRESHOLDS.major, JDM_THRESHOLDS.moderate, JDM_THRESHOLDS.minimal)
    cases = tuple(any_of(least >= level, all_of(most >= level, Known(truth=None))) for level in levels)
    return Categories(
        key=_SETTLED.key,
        version=_SETTLED.version,
        label=_SETTLED.label,
        cases=tuple(zip(("major", "moderate", "minimal"), cases, strict=True)),
        otherwise="none",
    )


_SETTLED = Definition(
    key="total_improvement_category_2016",
    version="1",
    kind="classification",
    label="improvement (ACR/EULAR 2016, IMACS core set)",
    citations=(RIDER_2017,),
    missing="known as soon as a missing measure could not change it: both bounds of the score fall in one category",
    type="text",
    examples=examples.SETTLED,
    note="The category of total_improvement_score_2016 where that is complete. " + _LEVELS_JDM,
)
total_improvement_category_2016 = Measure(definition=_SETTLED, moments=("baseline", "visit"), rule=_settled)

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
    total_improvement_category_2016,
)
