"""Times to an event: their median by the Kaplan-Meier curve, and the share that had the event by the day of a visit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from myosotis.analysis.estimators.row import not_estimable, number_row
from myosotis.language.windows import Window
from myosotis.results.schema import ResultRow

if TYPE_CHECKING:
    from myosotis.statistics import KaplanMeier

__all__ = ["median_time", "reached_by"]

_NO_LIMIT = {False: "nobody had reached it by then", True: "everybody had reached it by then"}
_MEDIAN = ("estimate", "conf_low", "conf_high")
_SHARE = ("proportion", "conf_low", "conf_high")


def median_time(curve: KaplanMeier | None, keys: Mapping[str, Any], nobody: str) -> dict[str, ResultRow]:
    """Give the median of a curve in days with its limits, by statistic; without a curve `nobody` says why there is none.

    A median or limit that the curve does not reach is not estimable. See `myosotis.statistics.kaplan_meier_median`.
    """
    from myosotis.statistics import kaplan_meier_median

    of = {**keys, "variable": "median"}
    if curve is None:
        return {name: not_estimable(of, name, nobody) for name in _MEDIAN}
    median = kaplan_meier_median(curve)
    exact = {**of, "unit": "days", "method": median.method, "conf_level": curve.conf_level}
    numbers = zip(_MEDIAN, (median.estimate, median.low, median.high), strict=True)
    return {name: number_row(exact, name, number, "not reached within follow-up") for name, number in numbers}


def reached_by(visit: Window, curve: KaplanMeier | None, keys: Mapping[str, Any], nobody: str) -> dict[str, ResultRow]:
    """Give the share that has reached it by the target day of a visit, by statistic; none beyond the last day observed."""
    of = {**keys, "variable": "reached", "visit": visit.label, "week": visit.week}
    if curve is None:
        return {name: not_estimable(of, name, nobody) for name in _SHARE}
    free = curve.at(visit.target)
    place = bisect_right(curve.time, visit.target) - 1
    # Before the first event the limits of a curve are both 1, which is no statement about where it may lie.
    bounded = free is not None and free < 1
    low, high = (curve.low[place], curve.high[place]) if bounded else (None, None)
    why = "nobody was observed for so long" if free is None else _NO_LIMIT[free < 1]
    exact = {**of, "method": curve.method, "conf_level": curve.conf_level}
    return {
        name: number_row(exact, name, None if still is None else 1 - still, why)
        for name, still in zip(_SHARE, (free, high, low), strict=True)
    }
