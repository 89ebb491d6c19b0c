"""Events in patient-time: the rate per 100 patient-years with its interval, and its bounds where not all is exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from myosotis.analysis.estimators.row import counts, not_estimable, number_row
from myosotis.errors import NotEstimableError
from myosotis.results.schema import ResultRow

if TYPE_CHECKING:
    from myosotis.statistics import IntervalEstimate

__all__ = ["DAYS_PER_YEAR", "person_time", "rate", "rate_bounds"]

DAYS_PER_YEAR = 365.25
_PER = 100
_UNIT = "per 100 patient-years"
_YEARS = "patient-years"


def person_time(keys: Mapping[str, Any], years: float) -> dict[str, ResultRow]:
    """Make the row of the time that a rate is of, in patient-years."""
    return counts({**keys, "unit": _YEARS}, person_time=years)


def rate(keys: Mapping[str, Any], estimate: Callable[[], IntervalEstimate], conf_level: float) -> dict[str, ResultRow]:
    """Make rows per 100 patient-years of an estimate per patient-year, or rows that say why there is none."""
    limit: dict[str, Any] = {**keys, "unit": _UNIT, "conf_level": conf_level}
    told = {**limit, "text": _UNIT}
    try:
        found = estimate()
    except NotEstimableError as reason:
        return {name: not_estimable(told, name, str(reason)) for name in ("rate", "conf_low", "conf_high")}
    numbers = {"rate": found.estimate, "conf_low": found.low, "conf_high": found.high}
    return {
        name: number_row(
            told if name == "rate" else limit, name, None if number is None else number * _PER, found.note or ""
        )
        for name, number in numbers.items()
    }


def rate_bounds(
    keys: Mapping[str, Any], *, statistic: str, fewest: int, most: int, shortest: int, longest: int
) -> dict[str, ResultRow]:
    """Make the rows of what is not exactly known: the most events or patients, the longest time, both ends of the rate.

    `statistic` names the most, `events_most` or `count_most`; `shortest` and `longest` are days.
    """
    of_rate: dict[str, Any] = {**keys, "unit": _UNIT, "text": _UNIT}
    rows = counts(keys, **{statistic: most}) | counts(
        {**keys, "unit": _YEARS}, person_time_most=longest / DAYS_PER_YEAR
    )
    rows |= counts(of_rate, rate_least=_PER * fewest * DAYS_PER_YEAR / longest if longest else 0.0)
    if shortest:
        return rows | counts(of_rate, rate_most=_PER * most * DAYS_PER_YEAR / shortest)
    why = "no day of this time is certain, so that the rate has no upper bound"
    return rows | {"rate_most": not_estimable(of_rate, "rate_most", why)}
