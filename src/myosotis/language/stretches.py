"""Stretches of days that a protocol declares: one that surely ends before it begins would silently hold nothing."""

from __future__ import annotations

from myosotis.errors import ProtocolError
from myosotis.language.canonical import canonical
from myosotis.language.expression import Add, Constant, Subtract, Value

__all__ = ["check_stretch"]


def check_stretch(
    word: str, first: Value, last: Value, *, names: tuple[str, str] = ("first", "last"), least: int = 0
) -> None:
    """Refuse two days that are surely less than `least` days apart: numbers, or days counted from the same day.

    Raises `ProtocolError` naming both; days that differ from patient to patient pass.
    """
    apart = _days_apart(first, last)
    if apart is not None and apart < least:
        found = f"{names[0]} is {_told(first)} and {names[1]} is {_told(last, again=True)}"
        raise ProtocolError(
            f"{word}: {found}, and no day lies from one to the other, so that nothing could ever be counted; give the "
            f"earlier day as {names[0]}, the later as {names[1]}"
        )


def _days_apart(first: Value, last: Value) -> float | None:
    """Count the days from one day to another where that is the same for every patient."""
    (begin, earlier), (end, later) = _counted_from(first), _counted_from(last)
    if (begin is None) != (end is None) or (begin is not None and canonical(begin) != canonical(end)):
        return None
    return later - earlier


def _counted_from(day: Value) -> tuple[Value | None, float]:
    """Split a day into the day of the patient it is counted from, None for day 0, and the days between them."""
    if isinstance(day, Constant):
        return None, day.number
    if isinstance(day, Add | Subtract) and isinstance(day.right, Constant):
        begin, days = _counted_from(day.left)
        return begin, days + day.right.number if isinstance(day, Add) else days - day.right.number
    return day, 0.0


def _told(day: Value, *, again: bool = False) -> str:
    """Say a day as it is counted; that of the second of two days is the same as that of the first."""
    begin, days = _counted_from(day)
    if begin is None:
        return f"{days:g}"
    own = "the same day" if again else "a day of the patient's own"
    return f"{own} {'plus' if days > 0 else 'minus'} {abs(days):g}" if days else own
