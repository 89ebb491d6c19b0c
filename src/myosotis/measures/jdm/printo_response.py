"""PRINTO 20, 50, 70 and 90: how many core set measures improved relative to baseline, and how many became worse."""

from __future__ import annotations

from functools import partial

from myosotis.core.definition import Citation, Definition, Example
from myosotis.language.criteria import Categories, Criterion, NamedCriterion, all_of, at_least, not_
from myosotis.language.windows import Window
from myosotis.measures.declare import part
from myosotis.measures.jdm.core_sets import muscle_measure
from myosotis.measures.jdm.instruments import das_total
from myosotis.measures.measure import Choice, Measure
from myosotis.measures.observations import chaq, chq_phs, parent_global, physician_global
from myosotis.measures.relative_change import CoreMeasure, improved_by, of_positive_baseline, worse_by

__all__ = [
    "MEASURES", "OBSERVATIONS", "RUPERTO_2010", "STRENGTH_MAY_WORSEN", "printo_20_2010", "printo_50_2010",
    "printo_70_2010", "printo_90_2010", "printo_response_2010",
]  # fmt: skip

RUPERTO_2010 = Citation(
    text="Ruperto N, Pistorio A, Ravelli A, et al. The Paediatric Rheumatology International Trials Organisation "
    "provisional criteria for the evaluation of response to therapy in juvenile dermatomyositis. "
    "Arthritis Care Res 2010;62:1533-41",
    doi="10.1002/acr.20280",
)
STRENGTH_MAY_WORSEN = Choice(
    key="strength_may_worsen",
    label="whether the one measure that may become worse by more than 30% may be muscle strength",
    example="no",
    options=(
        ("no", "a child whose muscle strength became worse by more than 30% did not respond"),
        ("yes", "any one of the six may become worse by more than 30%"),
    ),
)
LEVELS = (20, 50, 70, 90)
WORSE_PERCENT = 30.0


def _core_set(baseline: Window, visit: Window) -> tuple[CoreMeasure, ...]:
    """List the PRINTO core set; muscle strength comes first."""
    lower = (
        ("physician_global", "physician global activity", physician_global),
        ("parent_global", "parent or patient global", parent_global),
        ("chaq", "CHAQ", chaq),
        ("das_total", "DAS", das_total),
    )
    return (
        muscle_measure(baseline, visit),
        *(
            CoreMeasure(key=key, label=label, before=one.at(baseline), now=one.at(visit), better="lower")
            for key, label, one in lower
        ),
        CoreMeasure(
            key="chq_phs", label="CHQ physical summary", before=chq_phs.at(baseline), now=chq_phs.at(visit),
            better="higher",
        ),
    )  # fmt: skip


def _improved(measure: CoreMeasure, level: int) -> NamedCriterion:
    criterion = improved_by(measure, level)
    if measure.key == "chq_phs":
        criterion = of_positive_baseline(measure, criterion)
    return part(f"{measure.key}_improved", f"{measure.label} improved by at least {level}%", criterion)


def _worse(measure: CoreMeasure) -> NamedCriterion:
    criterion = worse_by(measure, WORSE_PERCENT, bound_included=False)
    if measure.key == "chq_phs":
        criterion = of_positive_baseline(measure, criterion)
    return part(f"{measure.key}_worse", f"{measure.label} became worse by more than 30%", criterion)


def _responded(baseline: Window, visit: Window, level: int, strength_may_worsen: object) -> Criterion:
    core = _core_set(baseline, visit)
    worse = tuple(_worse(measure) for measure in core)
    rules = [at_least(3, of=tuple(_improved(measure, level) for measure in core)), not_(at_least(2, of=worse))]
    if strength_may_worsen == "no":
        rules.append(not_(worse[0]))
    return all_of(*rules)


def _rule(level: int, baseline: Window, visit: Window, strength_may_worsen: object) -> Criterion:
    return _responded(baseline, visit, level, strength_may_worsen)


def _best_level(baseline: Window, visit: Window, strength_may_worsen: object) -> Categories:
    definition = _BEST
    return Categories(
        key=definition.key,
        version=definition.version,
        label=definition.label,
        cases=tuple(
            (f"PRINTO {level}", _responded(baseline, visit, level, strength_may_worsen)) for level in reversed(LEVELS)
        ),
        otherwise="none",
    )


_NAMES = ("physician_global", "parent_global", "cmas", "chaq", "chq_phs", "das_total")
_BASELINE = (10, 10, 20, 2, 40, 10)


def _example(
    now: tuple[float | None, ...],
    expected: bool | str | None,
    note: str = "",
    may: str = "no",
    before: tuple[float, ...] = _BASELINE,
) -> Example:
    return Example(
        inputs={
            "baseline": dict(zip(_NAMES, before, strict=True)),
            "visit": {name: value for name, value in zip(_NAMES, now, strict=True) if value is not None},
            "choices": {"strength_may_worsen": may},
        },
        expected=expected,
        note=note,
    )


def _examples(level: int) -> tuple[Example, ...]:
    """Improve three measures exactly by the level, then by a little less, then let others become worse."""
    share = level / 100
    globals_ = (round(10 * (1 - share), 9), round(10 * (1 - share), 9))
    strong = round(20 * (1 + share), 9)
    just = (*globals_, strong, 2, 40, 10)
    return (
        _example(just, True, f"three improved by exactly {level}%"),
        _example((globals_[0], globals_[1] + 0.1, strong, 2, 40, 10), False, "one a little less"),
        _example((*globals_, strong, 2.5, 40, 13), True, "others worse by 25% and by exactly 30%"),
        _example((*globals_, strong, 2, 40, 14), True, "one worse by 40%"),
        _example((*globals_, strong, 2.75, 40, 14), False, "two worse by more than 30%"),
        _example((None, globals_[1], strong, 2, 40, 10), None, "the physician's global decides and is missing"),
        _example((None, globals_[1], 20, 2, 40, 10), False, "three cannot be reached any more"),
    )


_STRENGTH = (
    _example((8, 8, 13, 1.5, 40, 10), False, "three improved, strength worse by 35%"),
    _example((8, 8, 13, 1.5, 40, 10), True, "three improved, strength worse by 35%", may="yes"),
    _example((8, 8, 14, 1.5, 40, 10), True, "strength worse by exactly 30%"),
    _example(
        (8, 8, 20, 0, 40, 10), False, "CHAQ 0 that stays 0 did not improve", before=(10, 10, 20, 0, 40, 10)
    ),
    _example(
        (8, 8, 41, 0.125, 20, 8), False, "CHAQ from 0 and CHQ-PhS are worse by more than 30%",
        before=(10, 10, 30, 0, 40, 10),
    ),
)  # fmt: skip
_NOTE = (
    "Improvement is relative to the baseline, not to the range. At least 3 of 6 improved, at most 1 worse by more than "
    "30%. That it may not be muscle strength is stated from memory of the paper and left to the protocol. A baseline of "
    "0 has no relative change: 0 that stays 0 is no change, 0 that becomes worse is worse by more than 30%. CHQ-PhS at or "
    "below 0 at baseline is not evaluable. Muscle strength is manual muscle testing where both visits have it, else CMAS."
)
_MISSING = "a missing measure stays open: true or false once the others settle it, else not evaluable"


def _level(level: int) -> Measure:
    return Measure(
        definition=Definition(
            key=f"printo_{level}_2010",
            version="1",
            kind="criterion",
            label=f"PRINTO {level} response",
            citations=(RUPERTO_2010,),
            missing=_MISSING,
            type="yes or no",
            examples=(*_examples(level), *(_STRENGTH if level == 20 else ())),
            note=_NOTE,
        ),
        moments=("baseline", "visit"),
        rule=partial(_rule, level),
        choices=(STRENGTH_MAY_WORSEN,),
    )


printo_20_2010 = _level(20)
printo_50_2010 = _level(50)
printo_70_2010 = _level(70)
printo_90_2010 = _level(90)

_BEST = Definition(
    key="printo_response_2010",
    version="1",
    kind="classification",
    label="PRINTO response",
    citations=(RUPERTO_2010,),
    missing=_MISSING,
    type="text",
    examples=(
        _example((1, 1, 38, 2, 40, 10), "PRINTO 90"),
        _example((1, 1.5, 38, 2, 40, 10), "PRINTO 70"),
        _example((5, 5, 30, 2, 40, 10), "PRINTO 50"),
        _example((8, 8, 24, 2, 40, 10), "PRINTO 20"),
        _example((8, 8, 23, 2, 40, 10), "none"),
        _example((None, None, 24, 2, 40, 10), None),
    ),
    note="The highest level reached. " + _NOTE,
)
printo_response_2010 = Measure(
    definition=_BEST, moments=("baseline", "visit"), rule=_best_level, choices=(STRENGTH_MAY_WORSEN,)
)

OBSERVATIONS: tuple[Definition, ...] = ()
MEASURES: tuple[Measure, ...] = (
    printo_20_2010,
    printo_50_2010,
    printo_70_2010,
    printo_90_2010,
    printo_response_2010,
)
