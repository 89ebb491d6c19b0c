"""What two rows tell of one fact of a patient, and whether they agree: a date may be told more or less exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from myosotis.model.tables import DATES

__all__ = ["agree", "columns_of", "fact_of", "narrower", "told_of"]


@dataclass(frozen=True, slots=True)
class _Days:
    """Bound a date by the days that it can be; both the same where it is known to the day."""

    first: date
    last: date


def fact_of(column: str) -> str:
    """Name the fact that a column of the patients table is of: a date and its bounds are one fact.

    >>> fact_of("birth_date_latest"), fact_of("sex")
    ('birth_date', 'sex')
    """
    return next((name for name in DATES["patients"] if column in columns_of(name)), column)


def columns_of(name: str) -> tuple[str, ...]:
    """Name the columns that hold a fact: one, or a date and its two bounds."""
    return (name, f"{name}_earliest", f"{name}_latest") if name in DATES["patients"] else (name,)


def told_of(values: Mapping[str, Any], name: str) -> object:
    """Give what values say of a fact, None where nothing; a date as the days that it can be."""
    if name not in DATES["patients"]:
        return values.get(name)
    exact, first, last = (values.get(column) for column in columns_of(name))
    if exact is not None:
        return _Days(exact, exact)
    return None if first is None or last is None else _Days(first, last)


def agree(one: object, other: object) -> bool:
    """Say whether two tellings of a fact do not contradict: they are equal, or one date is the other less exactly."""
    return one == other or narrower(one, other) or narrower(other, one)


def narrower(one: object, other: object) -> bool:
    """Say whether both are dates and the first is the second, known more exactly."""
    if not isinstance(one, _Days) or not isinstance(other, _Days):
        return False
    return one != other and other.first <= one.first and one.last <= other.last
