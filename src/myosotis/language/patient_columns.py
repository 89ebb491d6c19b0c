"""What is read from the patient rather than from rows: ages, the end of follow-up, and days that may lie beyond it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myosotis.core.portable import days_between, years_between
from myosotis.language import columns as k
from myosotis.language import values as v
from myosotis.language.columns import Bounds
from myosotis.language.record import FAR

if TYPE_CHECKING:
    import ibis

__all__ = ["follow_up_end", "out_of_sight", "patient_number", "reaching"]

_DAYS_PER_MONTH = 365.25 / 12


def patient_number(node: v.PatientNumber, wide: ibis.Table, exact: bool) -> Bounds:
    """Give an age (years) or a disease duration (months) at the index date; `exact` where no date is partial."""
    import ibis

    (birth_low, birth_high), (onset_low, onset_high), (diagnosis_low, diagnosis_high) = (
        (wide[f"{name}_date"],) * 2
        if exact
        else tuple(ibis.coalesce(wide[f"{name}_date"], wide[f"{name}_date_{end}"]) for end in ("earliest", "latest"))
        for name in ("birth", "onset", "diagnosis")
    )
    given = None
    match node.field:
        case "age_at_index":
            low, high = (years_between(wide.index_date, birth) for birth in (birth_high, birth_low))
            given = wide.age_at_index.cast("float64")
        case "age_at_onset":
            first = ibis.ifelse(onset_low < birth_high, birth_high, onset_low)
            low, high = years_between(first, birth_high), years_between(onset_high, birth_low)
        case _:
            low, high = (
                days_between(wide.index_date, day).cast("float64") / _DAYS_PER_MONTH
                for day in (diagnosis_high, diagnosis_low)
            )
    if given is not None:
        low, high = ibis.coalesce(low, given), ibis.coalesce(high, given)
    return k.exact(high) if exact else Bounds(low=low, high=high, state=ibis.ifelse(low.notnull(), 2, 0))


def follow_up_end(wide: ibis.Table, exact: bool) -> Bounds:
    """Give the day of death or last contact, whichever comes first; missing where neither is recorded."""
    import ibis

    null = ibis.null("float64")
    low = ibis.least(wide.death_low, wide.last_contact_low)
    high = ibis.least(wide.death_high, wide.last_contact_high)
    if exact:
        return k.exact(ibis.ifelse(low < FAR, low.cast("float64"), null))
    return Bounds(
        low=ibis.ifelse((low < FAR) & (low > -FAR), low.cast("float64"), null),
        high=ibis.ifelse(high < FAR, high.cast("float64"), null),
        state=ibis.ifelse(low < FAR, 2, 0),
    )


def out_of_sight(day: Bounds, wide: ibis.Table) -> Any:  # noqa: ANN401 - a column
    """Say where a day may lie beyond the last contact with a patient who may be alive on it: nobody knows then."""
    low, high = (reaching(day) * 2)[:2]
    return ((high > wide.last_contact_low) & (low <= wide.death_high)).fill_null(False)


def reaching(day: Bounds) -> tuple[Any, ...]:
    """Give a day's bounds to the leaves that hang on it; one that is there without a bound reaches as far as days do."""
    import ibis

    if day.is_exact:
        return (day.low,)
    there = day.state == 2
    null = ibis.null("float64")
    return (
        ibis.ifelse(there, day.low.fill_null(float(-FAR)), null),
        ibis.ifelse(there, day.high.fill_null(float(FAR)), null),
    )
