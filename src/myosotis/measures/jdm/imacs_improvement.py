"""IMACS definition of improvement: three of six core set measures better, at most two worse, strength not among them."""

from __future__ import annotations

from myosotis.core.definition import Citation, Definition, Example
from myosotis.language.criteria import Criterion, NamedCriterion, all_of, at_least, not_
from myosotis.language.values import Constant, Divide, Value
from myosotis.language.windows import Window
from myosotis.measures.citations import RIDER_2011
from myosotis.measures.declare import part
from myosotis.measures.jdm.core_sets import muscle_measure
from myosotis.measures.measure import Measure
from myosotis.measures.muscle_enzymes import ENZYMES, by_index_enzyme
from myosotis.measures.observations import chaq, extramuscular_global, parent_global, physician_global
from myosotis.measures.relative_change import CoreMeasure, improved_by, worse_by

__all__ = ["MEASURES", "OBSERVATIONS", "RIDER_2004", "imacs_improvement_2004"]

RIDER_2004 = Citation(
    text="Rider LG, Giannini EH, Brunner HI, et al. International consensus on preliminary definitions of improvement "
    "in adult and juvenile myositis. Arthritis Rheum 2004;50:2281-90"
)
IMPROVED_PERCENT = 20.0
WORSE_PERCENT = 25.0


def _enzyme(baseline: Window, visit: Window) -> CoreMeasure:
    """Follow the enzyme most abnormal at baseline as a ratio to its own baseline, which is 1 by definition."""
    ratios: tuple[Value, ...] = tuple(
        Divide(left=one.series.at(visit), right=one.series.at(baseline)) for one in ENZYMES
    )
    now = by_index_enzyme(ratios, baseline, visit, by="upper limit")
    return CoreMeasure(
        key="enzyme", label="the most abnormal muscle enzyme", before=Constant(number=1.0), now=now, better="lower"
    )


def _core_set(baseline: Window, visit: Window) -> tuple[CoreMeasure, ...]:
    """List the IMACS core set; muscle strength comes first."""
    lower = (
        ("physician_global", "physician global activity", physician_global),
        ("parent_global", "parent or patient global", parent_global),
        ("chaq", "CHAQ", chaq),
        ("extramuscular_global", "extramuscular activity", extramuscular_global),
    )
    return (
        muscle_measure(baseline, visit),
        *(
            CoreMeasure(key=key, label=label, before=one.at(baseline), now=one.at(visit), better="lower")
            for key, label, one in lower
        ),
        _enzyme(baseline, visit),
    )


def _improved(measure: CoreMeasure) -> NamedCriterion:
    label = f"{measure.label} improved by at least 20%"
    return part(f"{measure.key}_improved", label, improved_by(measure, IMPROVED_PERCENT))


def _worse(measure: CoreMeasure) -> NamedCriterion:
    label = f"{measure.label} became worse by 25% or more"
    return part(f"{measure.key}_worse", label, worse_by(measure, WORSE_PERCENT, bound_included=True))


def _rule(baseline: Window, visit: Window) -> Criterion:
    core = _core_set(baseline, visit)
    worse = tuple(_worse(measure) for measure in core)
    return all_of(
        at_least(3, of=tuple(_improved(measure) for measure in core)), not_(at_least(3, of=worse)), not_(worse[0])
    )


_NAMES = ("physician_global", "parent_global", "mmt8", "chaq", "extramuscular_global", "ck")
_BEFORE = (5, 5, 60, 1, 4, 1000)


def _example(
    now: tuple[float | None, ...], expected: bool | None, note: str = "", before: tuple[float, ...] = _BEFORE
) -> Example:
    limits = {"ck_upper_limit": 200}
    return Example(
        inputs={
            "baseline": {**dict(zip(_NAMES, before, strict=True)), **limits},
            "visit": {**{name: value for name, value in zip(_NAMES, now, strict=True) if value is not None}, **limits},
        },
        expected=expected,
        note=note,
    )


imacs_improvement_2004 = Measure(
    definition=Definition(
        key="imacs_improvement_2004",
        version="1",
        kind="criterion",
        label="improvement by the IMACS definition",
        citations=(RIDER_2004, RIDER_2011),
        missing="a missing measure stays open: true or false once the others settle it, else not evaluable",
        type="yes or no",
        examples=(
            _example((4, 4, 72, 1, 4, 1000), True, "three improved by exactly 20%"),
            _example((4, 4.1, 72, 1, 4, 1000), False, "one by 18%"),
            _example((4, 4, 60, 1.25, 5, 800), True, "three improved, two worse by exactly 25%"),
            _example((4, 6.25, 72, 1.25, 5, 800), False, "three improved, three worse by exactly 25%"),
            _example((4, 6.2, 72, 1.25, 5, 800), True, "the third worse by 24% only"),
            _example((4, 4, 45, 1, 4, 800), False, "strength worse by exactly 25%"),
            _example((4, 4, 46, 1, 4, 800), True, "strength worse by 23%"),
            _example((4, 4, 60, 0, 4, 1000), False, "CHAQ 0 that stays 0 did not improve", (5, 5, 60, 0, 4, 1000)),
            _example((4, 4, None, 1, 4, 800), None, "strength decides and is missing"),
            _example((5, 5, 60, 1, None, None), False, "three cannot be reached any more"),
        ),
        note="Relative to the baseline. At least 3 of 6 improved by 20% or more, at most 2 worse by 25% or more, which "
        "may not include muscle strength (manual muscle testing where both visits have it, else CMAS). The enzyme is "
        "the one most abnormal at baseline by multiples of its upper limit. A baseline of 0 that becomes worse is "
        "worse by any percent; 0 that stays 0 is no change: rules of this package.",
    ),
    moments=("baseline", "visit"),
    rule=_rule,
)

OBSERVATIONS: tuple[Definition, ...] = ()
MEASURES: tuple[Measure, ...] = (imacs_improvement_2004,)
