"""Relative change of core set measures: improved or worse by a share of the baseline, with a rule for a baseline of 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from myosotis.language.criteria import Criterion, Known, all_of, any_of, not_
from myosotis.language.values import Constant, Multiply, Rounded, Value

__all__ = ["CoreMeasure", "improved_by", "of_positive_baseline", "worse_by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreMeasure:
    """Hold a core set measure at two visits, with the direction that is better and the words for it."""

    key: str
    label: str
    before: Value
    now: Value
    better: Literal["higher", "lower"]


def _share(of: Value, share: float) -> Value:
    return Rounded(of=Multiply(left=of, right=Constant(number=share)))


def improved_by(measure: CoreMeasure, percent: float) -> Criterion:
    """Ask whether a measure improved by at least a percent of its baseline, the bound included, to 9 decimals.

    A baseline of 0 has no relative change: 0 that stays 0 did not improve; a measure that is better when higher and
    rose from 0 did.
    """
    if measure.better == "lower":
        return all_of(
            measure.now < measure.before, Rounded(of=measure.now) <= _share(measure.before, round(1 - percent / 100, 9))
        )
    return all_of(
        measure.now > measure.before, Rounded(of=measure.now) >= _share(measure.before, round(1 + percent / 100, 9))
    )


def worse_by(measure: CoreMeasure, percent: float, *, bound_included: bool) -> Criterion:
    """Ask whether a measure became worse by (at least, or more than) a percent of its baseline, to 9 decimals.

    A baseline of 0 that becomes worse is worse by any percent; 0 that stays 0 is not worse.
    """
    now = Rounded(of=measure.now)
    if measure.better == "lower":
        bound = _share(measure.before, round(1 + percent / 100, 9))
        beyond = now >= bound if bound_included else now > bound
        return all_of(measure.now > measure.before, beyond)
    bound = _share(measure.before, round(1 - percent / 100, 9))
    beyond = now <= bound if bound_included else now < bound
    return all_of(measure.now < measure.before, beyond)


def of_positive_baseline(measure: CoreMeasure, criterion: Criterion) -> Criterion:
    """Leave a criterion not evaluable unless the measure's baseline is above 0, where a percent of it has a meaning."""
    positive = measure.before > 0
    return any_of(all_of(positive, criterion), all_of(not_(positive), Known(truth=None)))
