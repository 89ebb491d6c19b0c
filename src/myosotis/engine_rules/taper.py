"""How long a taper took, answered on the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myosotis.core.portable import as_number, least, round_9
from myosotis.engine_rules.asked import TaperAsked
from myosotis.engine_rules.each_row import asked_day, day_observed, each_row
from myosotis.language.compile import compile_bounds, compile_table
from myosotis.language.engine import EngineTables, belongs
from myosotis.language.record import FAR
from myosotis.measures.glucocorticoids import glucocorticoid, glucocorticoid_dose_on

if TYPE_CHECKING:
    import ibis

__all__ = ["taper_table"]


def taper_table(asked: TaperAsked, tables: EngineTables) -> ibis.Table:
    """Build a table with a row for each patient with a first dose and each share of it that is asked for.

    Its columns are patient_id, what, day, reached, why and rose_again, as `taper_time` gives them.
    """
    import ibis

    started = _started(asked, tables)
    doses = _doses(started, tables)
    parts = [_reached(started, doses, what, share) for what, share in asked.shares]
    found: ibis.Table = ibis.union(*parts)
    return found


def _started(asked: TaperAsked, tables: EngineTables) -> ibis.Table:
    """List the patients with a dose above 0 at the first visit, with the last day on which they are observed."""
    import ibis

    first = compile_bounds({"first": asked.first_dose}, tables)
    known = first.first_recorded & (first.first_low == first.first_high) & (first.first_low > 0)
    first = first.filter(known).select(owner=first.patient_id, first_dose=first.first_low)
    seen = _last_recorded(tables)
    rows = first.left_join(seen, [("owner", "seen_patient")])
    last = rows.seen.fill_null(0)
    whole = last >= asked.last_day
    return rows.select(
        "owner",
        "first_dose",
        until=ibis.ifelse(whole, asked.last_day, ibis.greatest(last, 0)),
        ends=ibis.ifelse(whole, "end of follow-up", "last record"),
    )


def _last_recorded(tables: EngineTables) -> ibis.Table:
    """Find the last day on which anything was recorded of each patient, of a day not exactly known the earliest."""
    import ibis

    courses, events, patients = tables.treatments, tables.events, tables.patients
    ends = patients.mutate(end=least(patients.death_low, patients.last_contact_low))
    told = [
        (tables.observations, tables.observations.day_low),
        (tables.conditions, tables.conditions.day_low),
        (courses, courses.start_low),
        (courses, ibis.ifelse(courses.stop_told, courses.stop_low, FAR)),
        (events, events.start_low),
        (events, ibis.ifelse(events.stop_low == events.stop_high, events.stop_low, FAR)),
        (ends, ends.end),
    ]
    days = ibis.union(*(rows.select(seen_patient=rows.patient_id, day=day.cast("int64")) for rows, day in told))
    days = days.filter((days.day > -FAR) & (days.day < FAR))
    return days.group_by("seen_patient").agg(seen=days.day.max())


def _doses(started: ibis.Table, tables: EngineTables) -> ibis.Table:
    """Give the dose on each day on which it may change, from day 1 to the last day observed."""
    import ibis

    courses = tables.treatments.filter(belongs(tables.treatments, glucocorticoid.drugs))
    turns = (courses.start_low, courses.start_high, courses.stop_low + 1, courses.stop_high + 1)
    days = [started.select("owner", asked_day=ibis.literal(1).cast("int64"))]
    days += [courses.select(owner=courses.patient_id, asked_day=turn.cast("int64")) for turn in turns]
    every = ibis.union(*days, distinct=True).rename(day_owner="owner")
    rows = started.inner_join(every, [("owner", "day_owner")])
    rows = rows.filter((rows.asked_day >= 1) & (rows.asked_day <= rows.until))
    rows = rows.select("owner", "asked_day", row_id=rows.owner + " day " + rows.asked_day.cast("string"))
    apart = each_row(rows, tables, observations=day_observed(rows, tables), treatments=tables.treatments)
    dosed = compile_table({"dose": glucocorticoid_dose_on(asked_day())}, apart)
    return rows.inner_join(dosed, [("row_id", "patient_id")]).select("owner", "asked_day", "dose")


def _reached(started: ibis.Table, doses: ibis.Table, what: str, share: float) -> ibis.Table:
    """Find the first day on a share of the first dose, no further than the day before one whose dose is unknown."""
    import ibis

    rows = doses.rename(dose_owner="owner").inner_join(started, [("dose_owner", "owner")])
    unknown = rows.group_by("owner").agg(unknown=rows.asked_day.min(where=rows.dose.isnull()))
    rows = rows.left_join(unknown.rename(unknown_owner="owner"), [("owner", "unknown_owner")])
    rows = rows.filter(rows.unknown.isnull() | (rows.asked_day < rows.unknown))
    low = round_9(rows.dose) <= round_9(rows.first_dose * share)
    rows = rows.mutate(low=low)
    first = rows.group_by("owner").agg(first_low=rows.asked_day.min(where=rows.low))
    rows = rows.left_join(first.rename(low_owner="owner"), [("owner", "low_owner")])
    rose = rows.group_by("owner").agg(
        first_day=rows.first_low.min(),
        rose=as_number((rows.asked_day > rows.first_low) & ~rows.low).max() == 1,
    )
    found = started.left_join(rose.rename(rose_owner="owner"), [("owner", "rose_owner")])
    found = found.left_join(unknown.rename(unknown_owner="owner"), [("owner", "unknown_owner")])
    reached: Any = found.first_day.notnull()
    doubt = found.unknown.notnull()
    return found.select(
        patient_id=found.owner,
        what=ibis.literal(what),
        day=ibis.cases((reached, found.first_day), (doubt, found.unknown - 1), else_=found.until).cast("int64"),
        reached=reached,
        why=ibis.cases((reached, "reached"), (doubt, "dose unknown"), else_=found.ends),
        rose_again=reached & found.rose.fill_null(False),
    )
