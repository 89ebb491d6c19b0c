"""The kinds of sample that a protocol can hand to a statistical method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from myosotis.errors import ProtocolError
from myosotis.language.criteria import Criterion
from myosotis.language.declaring import check_declared, check_once, check_visits
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.statistics.common.method import Sample

__all__ = [
    "KINDS", "OWN_STUDY", "AnySample", "Counted", "CountedGroups", "CountedPairs", "Design", "Endpoints", "EventsInTime",
    "EventsInTimeInGroups", "Groups", "Numbers", "Paired", "Published", "Repeated", "RepeatedInGroups", "Studies",
    "TimeBetween", "TimeToEvent", "TimeToEventInGroups", "kind_of_sample", "parts_of",
]  # fmt: skip

OWN_STUDY = "this study"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBetween(_Checked):
    """For each patient the last day known without the event, and the first known with it; none if it was never seen.

    A patient without the first is left out and counted.
    """

    after: Value
    by: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints(_Checked):
    """Changes of several endpoints of the same patients, by their labels."""

    of: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(_Checked):
    """How many patients of how many another study counted; `citation` says which and where."""

    label: str
    count: int
    total: int
    citation: str

    def __post_init__(self) -> None:
        check_declared(self)
        if not 0 <= self.count <= self.total or self.total < 1:
            raise ProtocolError(
                f"the study {self.label!r} counts {self.count} of {self.total} patients; give a count from 0 to its total"
            )
        if not self.citation:
            raise ProtocolError(f"the study {self.label!r} has no citation; say where its numbers stand")


@dataclass(frozen=True, slots=True, kw_only=True)
class Studies(_Checked):
    """Patients of this study for whom a criterion holds, beside those of published ones that counted the same."""

    of: Criterion
    published: tuple[Published, ...]

    def __post_init__(self) -> None:
        check_declared(self)
        check_once(self, "published", [OWN_STUDY, *(one.label for one in self.published)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Design(_Checked):
    """How many patients at how many visits, without data."""

    patients: int
    visits: int


AnySample = (
    Numbers | Counted | Paired | CountedPairs | Repeated | RepeatedInGroups | Groups | CountedGroups | TimeToEvent
    | TimeToEventInGroups | EventsInTime | EventsInTimeInGroups | TimeBetween | Endpoints | Studies | Design
)  # fmt: skip

KINDS: Mapping[type, Sample] = {
    Numbers: "numbers", Counted: "counted", Paired: "paired", CountedPairs: "counted pairs", Repeated: "repeated",
    RepeatedInGroups: "repeated in groups",
    Groups: "groups", CountedGroups: "counted groups", TimeToEvent: "time to event",
    TimeToEventInGroups: "time to event in groups", EventsInTime: "events in time",
    EventsInTimeInGroups: "events in time in groups", TimeBetween: "time between", Endpoints: "several endpoints",
    Studies: "several studies", Design: "design",
}  # fmt: skip


def kind_of_sample(sample: AnySample) -> Sample:
    """Name the kind of a sample as the methods do."""
    return KINDS[type(sample)]


def parts_of(sample: AnySample) -> dict[str, Node]:
    """Name the expressions that a sample is taken from, in the order in which they are used."""
    if isinstance(sample, Repeated | RepeatedInGroups):
        visits: dict[str, Node] = {f"at {visit.label}": at_visit(sample.of, visit) for visit in sample.visits}
        return visits | ({"by": sample.by} if isinstance(sample, RepeatedInGroups) else {})
    if isinstance(sample, Endpoints):
        return dict(sample.of)
    held = {field.name: getattr(sample, field.name) for field in fields(sample)}
    return {name: node for name, node in held.items() if isinstance(node, Value | Criterion)}
