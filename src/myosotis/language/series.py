"""Series: many values per patient, and the words that make one value of them."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.core.definition import Definition
from myosotis.errors import ProtocolError
from myosotis.language.criteria import Criterion, HasCondition, Recorded, Started, Taking, TextIs
from myosotis.language.declared import asked, check_fields
from myosotis.language.misused import same, truth
from myosotis.language.slips import unplaced
from myosotis.language.values import (
    CumulativeDose,
    DaysOn,
    DoseOn,
    Drugs,
    Nearest,
    Picked,
    Rule,
    StartDay,
    StopDay,
    Value,
    VisitDay,
    as_value,
)
from myosotis.language.visit import Visit
from myosotis.language.windows import Window

__all__ = ["Condition", "Flag", "Series", "Treatment", "condition", "drugs", "visit_day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Hold all measurements of one observation, in the unit of its definition."""

    definition: Definition

    __lt__ = __le__ = __gt__ = __ge__ = unplaced
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = unplaced
    __and__ = __rand__ = __or__ = __ror__ = __neg__ = __abs__ = unplaced
    __eq__ = same
    __bool__ = truth

    def __post_init__(self) -> None:
        check_fields(self)
        if self.definition.kind != "observation" or self.definition.type != "number":
            raise ProtocolError(f"{self.definition.key!r} is not an observation with numbers; a series needs one")

    def at(self, window: Window | Visit) -> Picked:
        """Pick the measurement nearest to the window's target; ties: earlier day, then lower source row."""
        return self._picked(window, "nearest")

    def first(self, window: Window | Visit) -> Picked:
        """Pick the earliest measurement in the window."""
        return self._picked(window, "first")

    def last(self, window: Window | Visit) -> Picked:
        """Pick the latest measurement in the window."""
        return self._picked(window, "last")

    def worst(self, window: Window | Visit) -> Picked:
        """Pick the worst measurement in the window; raises `ProtocolError` where neither direction is better."""
        return self._picked(window, self._extreme("lowest", "highest"))

    def best(self, window: Window | Visit) -> Picked:
        """Pick the best measurement in the window; raises `ProtocolError` where neither direction is better."""
        return self._picked(window, self._extreme("highest", "lowest"))

    def nearest(self, to: Value | float, *, within: int) -> Nearest:
        """Pick the measurement nearest to a day of the patient's own, at most `within` days away."""
        definition = self.definition
        return Nearest(
            name=definition.key, label=definition.label, unit=definition.unit, to=as_value(to), within=within
        )

    def _picked(self, window: Window | Visit, rule: Rule) -> Picked:
        definition = self.definition
        return Picked(name=definition.key, label=definition.label, unit=definition.unit, window=window, rule=rule)

    def _extreme(self, higher_is_better: Rule, lower_is_better: Rule) -> Rule:
        if self.definition.direction == "neither":
            raise ProtocolError(f"{self.definition.label} has no better direction; ask for first, last or at instead")
        return higher_is_better if self.definition.direction == "higher is better" else lower_is_better


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Hold all answers to one yes-or-no observation."""

    definition: Definition

    __and__ = __rand__ = __or__ = __ror__ = __invert__ = unplaced
    __lt__ = __le__ = __gt__ = __ge__ = unplaced
    __eq__ = same
    __bool__ = truth

    def __post_init__(self) -> None:
        check_fields(self)
        if self.definition.kind != "observation" or self.definition.type != "yes or no":
            raise ProtocolError(f"{self.definition.key!r} is not a yes-or-no observation; a flag needs one")

    def at(self, window: Window | Visit) -> Criterion:
        """Ask for the answer nearest to the window's target; not evaluable when none was recorded."""
        return TextIs(of=self._picked(window), texts=("yes",))

    def recorded_at(self, window: Window | Visit) -> Criterion:
        """Ask whether either answer was recorded in the window; true or false, never not evaluable."""
        return Recorded(of=self._picked(window))

    def _picked(self, window: Window | Visit) -> Picked:
        definition = self.definition
        return Picked(name=definition.key, label=definition.label, unit=definition.unit, window=window)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """Hold all courses of some drugs."""

    drugs: Drugs

    def __post_init__(self) -> None:
        check_fields(self)

    def dose_at(self, day: Value | float) -> DoseOn:
        """Give the total daily dose on a day, 0 when no course covers it."""
        return DoseOn(drugs=self.drugs, day=as_value(day))

    def cumulative_dose(self, *, first: Value | float, last: Value | float) -> CumulativeDose:
        """Sum the daily doses from one day to another, both included."""
        return CumulativeDose(drugs=self.drugs, first=as_value(first), last=as_value(last))

    def days_on(self, *, first: Value | float, last: Value | float) -> DaysOn:
        """Count the days from one day to another, both included, on which a course was taken."""
        return DaysOn(drugs=self.drugs, first=as_value(first), last=as_value(last))

    def taken_on(self, day: Value | float) -> Criterion:
        """Ask whether a course covers a day."""
        return Taking(drugs=self.drugs, day=as_value(day))

    def started_between(self, after: Value | float, until: Value | float, *, new_only: bool = False) -> Criterion:
        """Ask whether a course started after one day and up to another; `new_only` leaves out drugs given before."""
        return Started(drugs=self.drugs, after=as_value(after), until=as_value(until), new_only=new_only)

    @property
    def start(self) -> StartDay:
        """Give the first day on the drugs."""
        return StartDay(drugs=self.drugs)

    @property
    def stop(self) -> StopDay:
        """Give the last day on the drugs, missing while a course is ongoing."""
        return StopDay(drugs=self.drugs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Hold all records of some conditions; a condition that was never recorded counts as absent."""

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        check_fields(self)
        self.ever()

    def ever(self) -> Criterion:
        """Ask whether it was recorded at any time."""
        return HasCondition(names=self.names)

    def by(self, day: Value | float) -> Criterion:
        """Ask whether it was recorded on or before a day."""
        return HasCondition(names=self.names, last=as_value(day))

    def present(self, window: Window | Visit) -> Criterion:
        """Ask whether it was recorded within a window."""
        asked("present", "window", window, Window | Visit)
        return HasCondition(names=self.names, first=as_value(window.first), last=as_value(window.last))

    def with_status(self, *statuses: str, window: Window | Visit) -> Criterion:
        """Ask whether it was recorded within a window with one of several statuses."""
        asked("with_status", "window", window, Window | Visit)
        if not statuses:
            raise ProtocolError(f"with_status names no status of {' or '.join(self.names)}; name one, or ask present")
        first, last = as_value(window.first), as_value(window.last)
        return HasCondition(names=self.names, statuses=statuses, first=first, last=last)


def drugs(
    label: str,
    *,
    names: tuple[str, ...] = (),
    classes: tuple[str, ...] = (),
    factors: dict[str, float] | None = None,
    except_names: tuple[str, ...] = (),
    except_classes: tuple[str, ...] = (),
) -> Treatment:
    """Name drugs by name or class; `factors` multiplies a drug's dose, for example to prednisone equivalents."""
    if factors is not None and not (isinstance(factors, dict) and all(isinstance(name, str) for name in factors)):
        raise ProtocolError('drugs: factors is no dictionary of names; give one, such as {"methylprednisolone": 1.25}')
    return Treatment(
        drugs=Drugs(
            label=label,
            names=names,
            classes=classes,
            factors=tuple(sorted((factors or {}).items(), key=lambda item: item[0])),
            except_names=except_names,
            except_classes=except_classes,
        )
    )


def condition(*names: str) -> Condition:
    """Name conditions as the conditions table does."""
    return Condition(names=names)


def visit_day(window: Window | Visit, *of: Series | Flag) -> VisitDay:
    """Give the day nearest to the window's target on which any of the observations was made."""
    asked("visit_day", "window", window, Window | Visit)
    asked("visit_day", "the observations that make a visit", of, tuple[Series | Flag, ...])
    if not of:
        raise ProtocolError(
            f"the visit day of {window.label} needs the observations that make a visit; name at least one"
        )
    return VisitDay(window=window, names=tuple(series.definition.key for series in of))
