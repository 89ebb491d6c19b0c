"""The unit that a value has, where its definition tells."""

from __future__ import annotations

from myosotis.core.units import normal
from myosotis.language.values import (
    Add,
    Constant,
    CumulativeDose,
    DaysOn,
    Divide,
    DoseOn,
    Extreme,
    FirstRecorded,
    LimitOf,
    Median,
    Multiply,
    NamedValue,
    Nearest,
    PatientNumber,
    Picked,
    Rounded,
    Subtract,
    Total,
    Value,
    Where,
)

__all__ = ["units_of"]

# Names of a number without a dimension, of which a table prints none.
_BARE = ("points", "", "1")
_AGES = {"age_at_index": "years", "age_at_onset": "years", "time_since_diagnosis": "months"}


def units_of(value: Value) -> tuple[str, ...]:
    """List the names of a value's unit, the usual one first; none where the unit cannot be told.

    Told are measurements and what is picked or added of them, their differences, percent changes, doses without
    factors, ages and values of the catalogue. A product or quotient is not told, save the change in percent.

    >>> from myosotis.language import week
    >>> from myosotis.measures.observations import ck
    >>> units_of(ck.at(week(4, give_or_take=7))), units_of(ck.at(week(4, give_or_take=7)) / 7)
    (('U/L',), ())
    """
    match value:
        case Picked(unit=unit) | Nearest(unit=unit):
            return _named(unit)
        case NamedValue(unit=unit, of=of):
            return _named(unit) if unit else units_of(of)
        case LimitOf(of=of) | Rounded(of=of):
            return units_of(of)
        case PatientNumber(field=field):
            return (_AGES[field],)
        case DaysOn():
            return ("days",)
        case DoseOn(drugs=drugs) if not drugs.factors:
            return ("mg/day", "mg")
        case CumulativeDose(drugs=drugs) if not drugs.factors:
            return ("mg",)
        case Add(left=left, right=right) | Subtract(left=left, right=right):
            return _shared((left, right))
        case Total(of=several) | Median(of=several) | Extreme(of=several) | FirstRecorded(of=several):
            return _shared(several)
        case Where(then=then, otherwise=otherwise):
            return _shared((then, otherwise))
        case Multiply(left=Divide(left=Subtract(left=now, right=before), right=base), right=Constant(number=100)):
            return ("%",) if before == base and units_of(now) == units_of(before) else ()
    return ()


def _named(unit: str) -> tuple[str, ...]:
    bare = unit in _BARE
    return _BARE if bare else (normal(unit), *(("points", "") if unit == "grade" else ()))


def _shared(values: tuple[Value, ...]) -> tuple[str, ...]:
    """Give the unit that several values have in common; a number of the protocol has that of the others."""
    told = {units_of(one) for one in values if not isinstance(one, Constant)}
    return told.pop() if len(told) == 1 else ()
