"""The days of a patient's own that leaves hang on, and how rows get them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from myosotis.language import criteria as c
from myosotis.language import values as v

if TYPE_CHECKING:
    import ibis

__all__ = ["Days", "day_open", "days_of", "with_days"]

Days = Mapping[v.Value, tuple[str, str]]  # day value -> the columns of its bounds; one column twice where it is exact


def days_of(leaf: Any) -> tuple[v.Value, ...]:  # noqa: ANN401 - any leaf
    """List the days a leaf depends on that must be worked out first."""
    match leaf:
        case v.Nearest():
            return (leaf.to,)
        case v.DoseOn() | c.Taking():
            return (leaf.day,)
        case v.CumulativeDose() | v.DaysOn():
            return (leaf.first, leaf.last)
        case c.Started():
            return (leaf.after, leaf.until)
        case c.HasCondition():
            return tuple(day for day in (leaf.first, leaf.last) if day is not None)
    return ()


def day_open(leaf: Any, day_names: Days) -> bool:  # noqa: ANN401 - any leaf
    """Say whether a leaf depends on a day that is not exactly known."""
    return any(len(set(day_names[day])) > 1 for day in days_of(leaf))


def with_days(rows: ibis.Table, days: ibis.Table, day_names: Days, wanted: Sequence[v.Value]) -> ibis.Table:
    """Give every row the patient's own days, as float columns of the names in `day_names`."""
    names = list(dict.fromkeys(name for day in wanted for name in day_names[day]))
    if not names:
        return rows
    own = days.select(day_patient=days.patient_id, **{name: days[name].cast("float64") for name in names})
    return rows.inner_join(own, [("patient_id", "day_patient")]).drop("day_patient")
