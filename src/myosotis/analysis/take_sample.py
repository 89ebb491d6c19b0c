"""Taking a sample from a cohort: the arguments of a statistical method, from what the expressions came to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import DAYS_PER_YEAR
from myosotis.analysis.samples import (
    AnySample,
    Counted,
    CountedGroups,
    CountedPairs,
    Design,
    Endpoints,
    EventsInTimeInGroups,
    Groups,
    Numbers,
    Paired,
    Repeated,
    RepeatedInGroups,
    Studies,
    TimeBetween,
    TimeToEvent,
    TimeToEventInGroups,
    parts_of,
)
from myosotis.errors import ProtocolError, StatisticsError
from myosotis.language.values import Value

__all__ = ["Taken", "contributions", "take"]

Column = list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Hold what a method is called with: its arguments, the patients left out because one part could not be told."""

    arguments: tuple[object, ...]
    patients: int
    left_out: int


def take(sample: AnySample, parts: Sequence[Contribution], totals: bool) -> Taken:
    """Take a sample from what its expressions came to; a missing number is NaN, which the methods count as missing.

    `totals` asks for events and time summed over patients. Raises `StatisticsError` where a time is known and whether it
    ended in the event is not: leaving that patient out would choose the censored ones.
    """
    columns = [[_number(result) for result in part.results.values()] for part in parts]
    if isinstance(sample, Design):
        return Taken(arguments=(sample.patients, sample.visits), patients=sample.patients, left_out=0)
    if isinstance(sample, Endpoints):
        changes = dict(zip(sample.of, columns, strict=True))
        return Taken(arguments=(changes,), patients=len(columns[0]), left_out=0)
    if isinstance(sample, TimeBetween):
        return _between(*columns)
    if isinstance(sample, Numbers | Paired):
        return Taken(arguments=tuple(columns), patients=len(columns[0]), left_out=0)
    if isinstance(sample, Repeated):
        rows = [list(row) for row in zip(*columns, strict=True)]
        return Taken(arguments=(rows,), patients=len(rows), left_out=0)
    if isinstance(sample, RepeatedInGroups):
        told = [row for row in zip(*columns, strict=True) if not math.isnan(row[-1])]
        arguments = ([list(row[:-1]) for row in told], ["yes" if row[-1] else "no" for row in told])
        return Taken(arguments=arguments, patients=len(told), left_out=len(columns[0]) - len(told))
    if isinstance(sample, TimeToEvent | TimeToEventInGroups):
        _check_events(columns[0], columns[1])
    known = [row for row in zip(*columns, strict=True) if not any(map(math.isnan, row))]
    left_out = len(columns[0]) - len(known)
    return Taken(arguments=_arguments(sample, known, totals), patients=len(known), left_out=left_out)


def _arguments(sample: AnySample, rows: Sequence[tuple[float, ...]], totals: bool) -> tuple[object, ...]:
    """Give the arguments that the methods of one kind of sample take, from the patients of whom all is known."""
    match sample:
        case Counted():
            return sum(int(one) for (one,) in rows), len(rows)
        case Studies():
            own = sum(int(holds) for (holds,) in rows)
            published = sample.published
            return [own, *(one.count for one in published)], [len(rows), *(one.total for one in published)]
        case CountedPairs():
            return (_table(rows),)
        case CountedGroups():
            # Groups in rows and outcomes in columns, those that hold first.
            return (_table([(by, of) for of, by in rows]),)
        case Groups():
            return [of for of, by in rows if by], [of for of, by in rows if not by]
        case TimeToEvent() | TimeToEventInGroups():
            return tuple([list(column) for column in zip(*rows, strict=True)] or [[] for _ in fields(sample)])
        case EventsInTimeInGroups():
            both = [[row for row in rows if bool(row[2]) is side] for side in (True, False)]
            return tuple(total for group in both for total in _totals(group))
    return _totals(rows) if totals else ([row[0] for row in rows], [row[1] / DAYS_PER_YEAR for row in rows])


def _between(after: Column, by: Column) -> Taken:
    known = [(low, math.inf if math.isnan(high) else high) for low, high in zip(after, by, strict=True) if low == low]
    arguments = tuple(map(list, zip(*known, strict=True))) if known else ([], [])
    return Taken(arguments=arguments, patients=len(known), left_out=len(after) - len(known))


def _totals(rows: Sequence[tuple[float, ...]]) -> tuple[int, float]:
    return int(sum(row[0] for row in rows)), math.fsum(row[1] for row in rows) / DAYS_PER_YEAR


def _table(rows: Sequence[tuple[float, ...]]) -> list[list[int]]:
    return [
        [sum(bool(one) is a and bool(other) is b for one, other in rows) for b in (True, False)] for a in (True, False)
    ]


def _check_events(days: Column, events: Column) -> None:
    untold = sum(math.isnan(event) and not math.isnan(day) for day, event in zip(days, events, strict=True))
    if untold:
        raise StatisticsError(
            f"whether the time ended in the event cannot be told for {untold} patients with a time; they are not left out, "
            "since the others would then be a choice of their own"
        )


def _number(result: float | bool | str | None) -> float:
    if isinstance(result, str):
        raise ProtocolError(
            "a sample is taken of numbers and criteria; ask of categories whether they are one, with .is_in"
        )
    return math.nan if result is None else float(result)


def contributions(sample: AnySample, cohort: Cohort, key: str, population: str, unit: str) -> list[Contribution]:
    """Collect what a sample's expressions came to in a population."""
    return [
        cohort.contribution(f"{key}: {name}", population, unit=unit if isinstance(node, Value) else "", item=name)
        for name, node in parts_of(sample).items()
    ]
