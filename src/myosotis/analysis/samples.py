"""The kinds of sample that a protocol can hand to a statistical method, and taking them from a cohort."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import DAYS_PER_YEAR
from myosotis.errors import ProtocolError, StatisticsError
from myosotis.language.criteria import Criterion
from myosotis.language.declaring import check_declared, check_visits
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.statistics.common.method import Sample

__all__ = [
    "KINDS", "AnySample", "Counted", "CountedGroups", "CountedPairs", "EventsInTime", "EventsInTimeInGroups", "Groups",
    "Numbers", "Paired", "Repeated", "RepeatedInGroups", "Taken", "TimeToEvent", "TimeToEventInGroups",
    "kind_of_sample", "parts_of", "take",
]  # fmt: skip

Column = list[float]


class _Checked:
    """Refuse a field of another kind where the sample is written."""

    __slots__ = ()

    def __post_init__(self) -> None:
        check_declared(self)


def _check_repeated(sample: Repeated | RepeatedInGroups) -> None:
    check_declared(sample)
    if len(sample.visits) < 2:
        raise ProtocolError("a repeated sample needs two visits or more; name them")
    check_visits(sample, "of", sample.visits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(_Checked):
    """One number for each patient."""

    of: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(_Checked):
    """How many patients of how many a criterion holds for; those for whom it cannot be told are left out and counted."""

    of: Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired(_Checked):
    """Two numbers for each patient."""

    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPairs(_Checked):
    """Patients counted by two criteria of each, before and after; only those for whom both can be told."""

    before: Criterion
    after: Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(_Checked):
    """One number for each patient at each visit, an expression of `Visit()`; a criterion is 1 and 0."""

    of: Value | Criterion
    visits: tuple[Window, ...]

    def __post_init__(self) -> None:
        _check_repeated(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedInGroups(_Checked):
    """As `Repeated`, in those for whom a criterion holds and those for whom it does not; who cannot be told is left out."""

    of: Value | Criterion
    visits: tuple[Window, ...]
    by: Criterion

    def __post_init__(self) -> None:
        _check_repeated(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups(_Checked):
    """One number for each patient, in those for whom a criterion holds and those for whom it does not."""

    of: Value
    by: Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedGroups(_Checked):
    """Patients counted by group, `by` holding and not, and by a criterion, holding and not."""

    of: Criterion
    by: Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToEvent(_Checked):
    """For each patient the days followed and whether they ended in the event."""

    days: Value
    event: Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToEventInGroups(_Checked):
    """As `TimeToEvent`, in those for whom a criterion holds and those for whom it does not."""

    days: Value
    event: Criterion
    by: Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsInTime(_Checked):
    """How many events each patient had in how many days."""

    events: Value
    days: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsInTimeInGroups(_Checked):
    """As `EventsInTime`, in those for whom a criterion holds and those for whom it does not."""

    events: Value
    days: Value
    by: Criterion


AnySample = (
    Numbers | Counted | Paired | CountedPairs | Repeated | RepeatedInGroups | Groups | CountedGroups | TimeToEvent
    | TimeToEventInGroups | EventsInTime | EventsInTimeInGroups
)  # fmt: skip

KINDS: Mapping[type, Sample] = {
    Numbers: "numbers", Counted: "counted", Paired: "paired", CountedPairs: "counted pairs", Repeated: "repeated",
    RepeatedInGroups: "repeated in groups",
    Groups: "groups", CountedGroups: "counted groups", TimeToEvent: "time to event",
    TimeToEventInGroups: "time to event in groups", EventsInTime: "events in time",
    EventsInTimeInGroups: "events in time in groups",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Hold what a method is called with: its arguments, the patients left out because one part could not be told."""

    arguments: tuple[object, ...]
    patients: int
    left_out: int


def kind_of_sample(sample: AnySample) -> Sample:
    """Name the kind of a sample as the methods do."""
    return KINDS[type(sample)]


def parts_of(sample: AnySample) -> dict[str, Node]:
    """Name the expressions that a sample is taken from, in the order in which they are used."""
    if isinstance(sample, Repeated | RepeatedInGroups):
        visits: dict[str, Node] = {f"at {visit.label}": at_visit(sample.of, visit) for visit in sample.visits}
        return visits | ({"by": sample.by} if isinstance(sample, RepeatedInGroups) else {})
    return {field.name: getattr(sample, field.name) for field in fields(sample)}


def take(sample: AnySample, parts: Sequence[Contribution], totals: bool) -> Taken:
    """Take a sample from what its expressions came to; a missing number is NaN, which the methods count as missing.

    `totals` asks for events and time summed over patients. Raises `StatisticsError` where a time is known and whether it
    ended in the event is not: leaving that patient out would choose the censored ones.
    """
    columns = [[_number(result) for result in part.results.values()] for part in parts]
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
