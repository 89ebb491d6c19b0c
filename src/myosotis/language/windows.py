"""Windows: the stretch of days around a planned visit in which a measurement counts for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from myosotis.errors import ProtocolError
from myosotis.language.declared import asked, check_fields, check_not_negative

__all__ = ["Window", "baseline_window", "day_window", "month", "week"]


# Days between the first and the last date that can be written.
_LONGEST = (date.max - date.min).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Span whole days from the index date (day 0), both ends included; of several values the nearest to `target` counts.

    Raises `ProtocolError` unless `first` <= `target` <= `last`.
    """

    label: str
    target: int
    first: int
    last: int

    def __post_init__(self) -> None:
        check_fields(self)
        if self.last < self.first:
            raise ProtocolError(
                f"the window {self.label!r} ends on day {self.last}, before it begins on day {self.first}, so that nothing "
                "could lie in it; give the earlier day as first"
            )
        if max(abs(self.first), abs(self.last)) > _LONGEST:
            raise ProtocolError(
                f"the window {self.label!r} runs from day {self.first} to day {self.last}, beyond the calendar; count days "
                "from the index date"
            )
        if not self.first <= self.target <= self.last:
            raise ProtocolError(
                f"the window {self.label!r} runs from day {self.first} to day {self.last} "
                f"and does not hold its target, day {self.target}; correct one of the three"
            )

    @property
    def week(self) -> float:
        """Give the target in weeks from the index date."""
        return self.target / 7

    def contains(self, day: int) -> bool:
        """Say whether a day lies in the window, its first and last day included."""
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.label} (day {self.first} to day {self.last}, nearest to day {self.target})"


def baseline_window(*, days: int, label: str = "week 0") -> Window:
    """Span the last `days` days up to and including the index date, nearest to the index date.

    >>> baseline_window(days=28).contains(-28), baseline_window(days=28).contains(1)
    (True, False)
    """
    days = asked("baseline_window", "days", days, int)
    check_not_negative("baseline_window", "days", days)
    return Window(label=label, target=0, first=-days, last=0)


def week(number: int, *, give_or_take: int, label: str = "") -> Window:
    """Span `give_or_take` days on either side of a week counted from the index date.

    >>> str(week(4, give_or_take=14))
    'week 4 (day 14 to day 42, nearest to day 28)'
    """
    number = asked("week", "number", number, int)
    return day_window(number * 7, give_or_take=give_or_take, label=label or f"week {number}")


def month(number: float, *, give_or_take: int, label: str = "") -> Window:
    """Span `give_or_take` days on either side of a month counted from the index date.

    A month is 365.25/12 days and the target is rounded half up to a whole day, as `Mapping` does.

    >>> month(3, give_or_take=30).target
    91
    """
    asked("month", "number", number, float)
    if not abs(number) * 28 <= _LONGEST:
        raise ProtocolError(f"month {number:g} lies beyond the calendar; count months from the index date")
    target = int((Decimal(str(number)) * Decimal("365.25") / 12).quantize(Decimal(1), ROUND_HALF_UP))
    return day_window(target, give_or_take=give_or_take, label=label or f"month {number:g}")


def day_window(target: int, *, give_or_take: int, label: str = "") -> Window:
    """Span `give_or_take` days on either side of a day counted from the index date."""
    asked("a window", "its day", target, int)
    check_not_negative("a window", "give_or_take", asked("a window", "give_or_take", give_or_take, int))
    return Window(
        label=label or f"day {target}", target=target, first=target - give_or_take, last=target + give_or_take
    )
