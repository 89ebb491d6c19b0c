"""Stretches of days that a protocol declares: one that surely ends before it begins would silently hold nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from myosotis.errors import ProtocolError

if TYPE_CHECKING:
    from myosotis.language.values import Value

__all__ = ["check_not_negative", "check_stretch"]


def check_stretch(
    word: str, first: Value, last: Value, *, names: tuple[str, str] = ("first", "last"), least: int = 0
) -> None:
    """Refuse two days that are surely less than `least` days apart: numbers, or days counted from the same day.

    Raises `ProtocolError` naming both; days that differ from patient to patient pass.
    """
    apart = _days_apart(first, last)
    if apart is not None and apart < least:
        from myosotis.language.sentences import sentence

        raise ProtocolError(
            f"{word}: {names[0]} is {sentence(first)} and {names[1]} is {sentence(last)}, and no day lies from one to the "
            f"other, so that nothing could ever be counted; give the earlier day as {names[0]}, the later as {names[1]}"
        )


def check_not_negative(word: str, name: str, days: float) -> None:
    """Refuse a distance in days below 0, within which nothing lies; raises `ProtocolError`."""
    if days < 0:
        raise ProtocolError(f"{word}: {name} is {days:g}, within which no day lies; give the days as a number from 0")


def _days_apart(first: Value, last: Value) -> float | None:
    """Count the days from one day to another where that is the same for every patient."""
    from myosotis.language.structure import canonical

    (begin, earlier), (end, later) = _counted_from(first), _counted_from(last)
    if (begin is None) != (end is None) or (begin is not None and canonical(begin) != canonical(end)):
        return None
    return later - earlier


def _counted_from(day: Value) -> tuple[Value | None, float]:
    """Split a day into the day of the patient it is counted from, None for day 0, and the days between them."""
    from myosotis.language.values import Add, Constant, Subtract

    if isinstance(day, Constant):
        return None, day.number
    if isinstance(day, Add | Subtract) and isinstance(day.right, Constant):
        begin, days = _counted_from(day.left)
        return begin, days + day.right.number if isinstance(day, Add) else days - day.right.number
    return day, 0.0
