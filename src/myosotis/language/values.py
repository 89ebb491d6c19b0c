"""Values: expressions that give one number, or none, for each patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from myosotis.errors import ProtocolError
from myosotis.language.applied import Applied
from myosotis.language.declared import check_fields, check_not_negative
from myosotis.language.expression import (
    Add,
    Constant,
    Criterion,
    Divide,
    Function,
    Multiply,
    Rounded,
    Subtract,
    Value,
    as_value,
)
from myosotis.language.stretches import check_stretch
from myosotis.language.visit import Visit
from myosotis.language.windows import Window

__all__ = [
    "Add", "AgeAtOnset", "Bands", "Constant", "CountTrue", "CumulativeDose", "DayOf", "DaysOn", "Divide", "DoseOn",
    "Drugs", "Extreme", "FirstRecorded", "FollowUpEnd", "Function", "LimitOf", "Median", "Missing", "Multiply",
    "NamedValue", "Nearest", "PatientNumber", "Picked", "Rounded", "StartDay", "StopDay", "Subtract", "Total",
    "Value", "VisitDay", "Where", "as_value",
]  # fmt: skip

Rule = Literal["nearest", "first", "last", "lowest", "highest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drugs:
    """Name drugs by name or by class, each with a factor by which its dose is multiplied (1 unless said).

    A treatment row belongs when its drug is one of `names` (and its route not one of `except_routes`), or its class
    one of `classes`. `except_names` and `except_classes` take rows out again.
    """

    label: str
    names: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    factors: tuple[tuple[str, float], ...] = ()
    except_names: tuple[str, ...] = ()
    except_classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.names and not self.classes:
            raise ProtocolError(f"the drugs {self.label!r} name neither a drug nor a class; name at least one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Value):
    """A number that nobody has: missing for every patient, whatever was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked(Value):
    """One observation out of a window, picked by a rule that is a total order.

    nearest: least distance to the target, then earlier day, then lower source row; first and last: by day; lowest
    and highest: by number, then earlier day, then lower source row.
    """

    name: str
    label: str
    unit: str
    window: Window | Visit
    rule: Rule = "nearest"

    @property
    def day(self) -> Value:
        """Give the day on which the picked observation was made."""
        return DayOf(of=self)

    @property
    def upper_limit(self) -> Value:
        """Give the laboratory's upper limit that was recorded with the picked observation."""
        return LimitOf(of=self, which="upper")

    @property
    def lower_limit(self) -> Value:
        """Give the laboratory's lower limit that was recorded with the picked observation."""
        return LimitOf(of=self, which="lower")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOf(Value):
    """The day of a picked observation, counted from the index date."""

    of: Picked


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitOf(Value):
    """The laboratory's upper or lower limit recorded with a picked observation, in the observation's unit."""

    of: Picked
    which: Literal["upper", "lower"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDay(Value):
    """The day in a window, nearest to its target, on which any of the named observations was made."""

    window: Window | Visit
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest(Value):
    """The observation nearest in time to a day, at most `within` days away; ties: earlier day, then lower source row."""

    name: str
    label: str
    unit: str
    to: Value
    within: int

    def __post_init__(self) -> None:
        check_fields(self)
        check_not_negative(f"{self.name} nearest to a day", "within", self.within)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientNumber(Value):
    """A number on the patient: `age_at_index`, `age_at_onset` (years) or `time_since_diagnosis` (months) at the index.

    Ages are days / 365.25, held within the completed years: on a birthday a child is exactly that old.
    """

    field: Literal["age_at_index", "age_at_onset", "time_since_diagnosis"]


AgeAtOnset = PatientNumber(field="age_at_onset")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpEnd(Value):
    """The last day on which anything counts: of death or of the last contact; missing where neither is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDay(Value):
    """The first day on any of the drugs."""

    drugs: Drugs


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDay(Value):
    """The last day on any of the drugs; missing while a course is ongoing, or when there was none."""

    drugs: Drugs


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseOn(Value):
    """The total daily dose of the drugs on a day, each times its factor; 0 when no course covers the day.

    A course covers its start day to its stop day, both included; without a stop it is ongoing. Doses are in mg, taken
    as given per administration (unit mg, g, µg: times the times per day) or per day (mg/day, g/day, µg/day). A course
    without a dose, or with one in another unit, makes the value missing.
    """

    drugs: Drugs
    day: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CumulativeDose(Value):
    """The sum of daily doses over the days from `first` to `last`, both included; overlapping courses add up."""

    drugs: Drugs
    first: Value
    last: Value

    def __post_init__(self) -> None:
        check_fields(self)
        check_stretch(f"the cumulative dose of {self.drugs.label}", self.first, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOn(Value):
    """The number of days from `first` to `last`, both included, covered by at least one course of the drugs."""

    drugs: Drugs
    first: Value
    last: Value

    def __post_init__(self) -> None:
        check_fields(self)
        check_stretch(f"the days on {self.drugs.label}", self.first, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Value):
    """The sum of several values; missing when any is."""

    of: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Median(Value):
    """The median of several values (the mean of the middle two for an even count); missing when any is."""

    of: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme(Value):
    """The smallest or largest of those values that are recorded; missing when none is."""

    which: Literal["smallest", "largest"]
    of: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRecorded(Value):
    """The first of several values that is recorded; missing when none is."""

    of: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTrue(Value):
    """How many of several criteria are true; missing when any is not evaluable."""

    of: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands(Value):
    """Points by the band a value lies in: points[i] where i edges lie strictly below the value.

    So each band excludes its lower edge and includes its upper one. The value is rounded to 9 decimals first.
    Raises `ProtocolError` unless edges rise and there is one point more than edges.
    """

    of: Value
    edges: tuple[float, ...]
    points: tuple[float, ...]

    def __post_init__(self) -> None:
        check_fields(self)
        if list(self.edges) != sorted(set(self.edges)) or len(self.points) != len(self.edges) + 1:
            raise ProtocolError(
                f"bands with edges {self.edges} and points {self.points}; give rising edges and one point more than edges"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Where(Value):
    """One value where a criterion is true, another where it is false, none where it is not evaluable."""

    criterion: Criterion
    then: Value
    otherwise: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedValue(Value):
    """A value known by a name of the catalogue, or a named part of one (then `version` is empty)."""

    key: str
    version: str
    label: str
    unit: str
    of: Value
    applied: Applied | None = None
