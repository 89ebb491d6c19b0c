"""Core set measures of juvenile dermatomyositis: the muscle test that is followed, and what is missing of it."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.language.criteria import Criterion, all_of, any_of, not_
from myosotis.language.series import Series
from myosotis.language.values import Constant, FirstRecorded, NamedValue, Value, Where
from myosotis.language.windows import Window
from myosotis.measures.jdm.instruments import cmas, mmt8, mmt8_bilateral, mmt24, mmt_max
from myosotis.measures.measure import Choice
from myosotis.measures.relative_change import CoreMeasure
from myosotis.measures.response import only_where

__all__ = [
    "CMAS_MAXIMUM",
    "MUSCLE_TEST",
    "MuscleTest",
    "attainable_muscle_tests",
    "mmt8_maximum",
    "mmt8_of_80",
    "muscle_measure",
    "muscle_tests",
]

CMAS_MAXIMUM = 52.0
MMT8_MAXIMUM = 80.0
MMT8_BILATERAL_MAXIMUM = 150.0
MMT24_MAXIMUM = 260.0

MUSCLE_TEST = Choice(
    key="muscle_test",
    label="which muscle test is followed",
    example="MMT, else CMAS",
    options=(
        ("MMT, else CMAS", "manual muscle testing where both visits have it, else CMAS"),
        ("CMAS, else MMT", "CMAS where both visits have it, else manual muscle testing"),
        ("MMT", "manual muscle testing only"),
        ("CMAS", "CMAS only"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MuscleTest:
    """Hold a muscle test of two visits and its maximum; each value is missing where it must not be used."""

    before: Value
    now: Value
    maximum: Value


def mmt8_maximum(*windows: Window) -> Value:
    """Give the maximum recorded with the muscle test in the first of several windows that has one, else 80."""
    return FirstRecorded(of=(*(mmt_max.at(window) for window in windows), Constant(number=MMT8_MAXIMUM)))


def mmt8_of_80(visit: Window) -> Value:
    """Give `mmt8` where `mmt_max` is 80 or was not recorded; a total on another scale has no place on this one."""
    maximum = mmt_max.at(visit)
    usable = any_of(not_(maximum.recorded()), maximum.equals(MMT8_MAXIMUM))
    score = only_where(usable, mmt8.at(visit))
    return NamedValue(key="mmt8_of_80", version="1", label="MMT-8 of 80", unit="points", of=score)


def _mmt8(baseline: Window, visit: Window) -> MuscleTest:
    """Take `mmt8` on the scale that `mmt_max` names; missing when two visits name two scales or a value exceeds it."""
    before, now = mmt8.at(baseline), mmt8.at(visit)
    then, later = mmt8_maximum(baseline, visit), mmt8_maximum(visit, baseline)
    usable: Criterion = all_of(then.equals(later), before <= then, now <= then)
    return MuscleTest(before=only_where(usable, before), now=now, maximum=then)


def _plain(series: Series, maximum: float, baseline: Window, visit: Window) -> MuscleTest:
    return MuscleTest(before=series.at(baseline), now=series.at(visit), maximum=Constant(number=maximum))


def muscle_tests(baseline: Window, visit: Window, muscle_test: object) -> tuple[MuscleTest, ...]:
    """List the muscle tests that may be used, in the order of the choice; the first that is complete counts.

    Manual muscle testing is `mmt8` (0 to 80, or to `mmt_max`), then both sides (0 to 150), then MMT-24 (0 to 260).
    """
    manual = (
        _mmt8(baseline, visit),
        _plain(mmt8_bilateral, MMT8_BILATERAL_MAXIMUM, baseline, visit),
        _plain(mmt24, MMT24_MAXIMUM, baseline, visit),
    )
    functional = (_plain(cmas, CMAS_MAXIMUM, baseline, visit),)
    return _ordered(manual, functional, muscle_test)


def attainable_muscle_tests(baseline: Window) -> tuple[MuscleTest, ...]:
    """List the muscle tests of a baseline alone, manual testing first; `now` is their maximum."""
    before, maximum = mmt8.at(baseline), mmt8_maximum(baseline)
    first = MuscleTest(before=only_where(before <= maximum, before), now=maximum, maximum=maximum)
    return (
        first,
        _ceiling(mmt8_bilateral, MMT8_BILATERAL_MAXIMUM, baseline),
        _ceiling(mmt24, MMT24_MAXIMUM, baseline),
        _ceiling(cmas, CMAS_MAXIMUM, baseline),
    )


def _ceiling(series: Series, maximum: float, baseline: Window) -> MuscleTest:
    best = Constant(number=maximum)
    return MuscleTest(before=series.at(baseline), now=best, maximum=best)


def _ordered(
    manual: tuple[MuscleTest, ...], functional: tuple[MuscleTest, ...], muscle_test: object
) -> tuple[MuscleTest, ...]:
    return {
        "MMT, else CMAS": (*manual, *functional),
        "CMAS, else MMT": (*functional, *manual),
        "MMT": manual,
        "CMAS": functional,
    }[str(muscle_test)]


def muscle_measure(baseline: Window, visit: Window, muscle_test: object = "MMT, else CMAS") -> CoreMeasure:
    """Give the muscle test as a core set measure: the first of the choice that both visits have."""
    tests = muscle_tests(baseline, visit, muscle_test)
    complete = tuple(all_of(test.before.recorded(), test.now.recorded()) for test in tests)
    before, now = tests[-1].before, tests[-1].now
    for test, has_both in zip(tests[-2::-1], complete[-2::-1], strict=True):
        before = Where(criterion=has_both, then=test.before, otherwise=before)
        now = Where(criterion=has_both, then=test.now, otherwise=now)
    return CoreMeasure(key="muscle", label="muscle strength", before=before, now=now, better="higher")
