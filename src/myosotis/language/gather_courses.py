"""Gathering what is read from courses of treatment: doses, days, starts and stops, all leaves in a few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.courses import DOSE_UNITS
from myosotis.language.engine import EngineTables, belongs

if TYPE_CHECKING:
    import ibis

__all__ = ["gather_courses"]

Columns = Mapping[Any, str]
Days = Mapping[v.Value, str]
_SIMPLE = (v.DoseOn, v.CumulativeDose, v.StartDay, v.StopDay, c.Taking)


def gather_courses(columns: Columns, days: ibis.Table, day_names: Days, tables: EngineTables) -> list[ibis.Table]:
    """Query the leaves that are read from courses; tables as `gather` gives them.

    A leaf that sums over courses comes with a second column, `NAME_found`: whether there was any course.
    """
    gathered = []
    simple = [leaf for leaf in columns if isinstance(leaf, _SIMPLE)]
    if simple:
        gathered.append(_simple(simple, columns, days, day_names, tables))
    started = [leaf for leaf in columns if isinstance(leaf, c.Started)]
    if started:
        gathered.append(_started(started, columns, days, day_names, tables))
    gathered += [_days_on(leaf, columns, days, day_names, tables) for leaf in columns if isinstance(leaf, v.DaysOn)]
    return gathered


def _courses(
    leaves: Sequence[Any], wanted: Sequence[v.Value], days: ibis.Table, day_names: Days, tables: EngineTables
) -> ibis.Table:
    """Keep the courses that have a start, with the patient's own days beside them and a mark for each set of drugs."""
    from myosotis.language.gather import with_days

    rows = tables.treatments.filter(tables.treatments.start_day.notnull())
    rows = with_days(rows, days, day_names, wanted)
    sets = list(dict.fromkeys(leaf.drugs for leaf in leaves))
    marks = {f"set_{i}": belongs(rows, drugs) for i, drugs in enumerate(sets)}
    doses = {f"daily_{i}": _daily(rows, drugs) for i, drugs in enumerate(sets)}
    return rows.mutate(**marks, **doses)


def _marks(rows: ibis.Table, leaves: Sequence[Any], leaf: Any) -> tuple[Any, Any]:  # noqa: ANN401 - columns
    i = list(dict.fromkeys(one.drugs for one in leaves)).index(leaf.drugs)
    return rows[f"set_{i}"], rows[f"daily_{i}"]


def _daily(rows: ibis.Table, drugs: v.Drugs) -> Any:  # noqa: ANN401 - a column
    import ibis

    factor = ibis.literal(1.0)
    for drug, one in drugs.factors:
        factor = ibis.ifelse(rows.drug == drug, ibis.literal(one), factor)
    missing = ibis.null("float64")
    branches = []
    for unit, (per_dose, per_day) in DOSE_UNITS.items():
        times = rows.times_per_day * per_dose if per_dose is not None else ibis.literal(per_day)
        branches.append((rows.dose_unit == unit, times))
    return rows.dose * ibis.cases(*branches, else_=missing) * factor


def _simple(
    leaves: Sequence[Any], columns: Columns, days: ibis.Table, day_names: Days, tables: EngineTables
) -> ibis.Table:
    from myosotis.language.gather import days_of

    rows = _courses(leaves, [day for leaf in leaves for day in days_of(leaf)], days, day_names, tables)
    aggregates: dict[str, Any] = {}
    for leaf in leaves:
        name = columns[leaf]
        inside, daily = _marks(rows, leaves, leaf)
        match leaf:
            case v.StartDay():
                aggregates[name] = rows.start_day.cast("float64").min(where=inside)
            case v.StopDay():
                aggregates[name] = rows.stop_day.cast("float64").max(where=inside)
                aggregates[f"{name}_ongoing"] = rows.count(where=inside & ~rows.has_stop)
            case v.DoseOn() | c.Taking():
                day = rows[day_names[leaf.day]]
                covering = inside & (rows.start_day <= day) & (~rows.has_stop | (rows.stop_day >= day))
                aggregates |= _summed(name, rows, covering, daily)
            case v.CumulativeDose():
                since, until = _overlap(rows, day_names[leaf.first], day_names[leaf.last])
                aggregates |= _summed(name, rows, inside & (until >= since), daily * (until - since + 1))
    found = rows.group_by("patient_id").agg(**aggregates)
    return found.select(
        "patient_id", **{key: one for leaf in leaves for key, one in _result(leaf, columns[leaf], found)}
    )


def _summed(name: str, rows: ibis.Table, where: Any, doses: Any) -> dict[str, Any]:  # noqa: ANN401 - columns
    """Sum doses over the courses that count, with how many there are and how many of them have a dose."""
    return {
        f"{name}_total": doses.sum(where=where),
        f"{name}_known": doses.count(where=where),
        f"{name}_rows": rows.count(where=where),
    }


def _result(leaf: Any, name: str, found: ibis.Table) -> list[tuple[str, Any]]:  # noqa: ANN401
    import ibis

    missing = ibis.null("float64")
    match leaf:
        case v.StartDay():
            return [(name, found[name])]
        case v.StopDay():
            return [(name, ibis.ifelse(found[f"{name}_ongoing"] == 0, found[name], missing))]
        case c.Taking():
            return [(name, found[f"{name}_rows"] > 0)]
    complete = found[f"{name}_known"] == found[f"{name}_rows"]
    return [
        (name, ibis.ifelse(complete, found[f"{name}_total"], missing)),
        (f"{name}_found", found[f"{name}_rows"] > 0),
    ]


def _overlap(rows: ibis.Table, first: str, last: str) -> tuple[Any, Any]:
    """Cut each course to an interval: the first and last day they share."""
    import ibis

    stop = ibis.ifelse(rows.has_stop, rows.stop_day.cast("float64"), rows[last])
    return ibis.greatest(rows.start_day.cast("float64"), rows[first]), ibis.least(stop, rows[last])


def _started(
    leaves: Sequence[c.Started], columns: Columns, days: ibis.Table, day_names: Days, tables: EngineTables
) -> ibis.Table:
    """Look for starts drug by drug first, since a drug that was given before is no new one."""
    import ibis

    rows = _courses(leaves, [day for leaf in leaves for day in (leaf.after, leaf.until)], days, day_names, tables)
    by_drug: dict[str, Any] = {}
    for leaf in leaves:
        inside, _ = _marks(rows, leaves, leaf)
        after, until = rows[day_names[leaf.after]], rows[day_names[leaf.until]]
        by_drug[f"{columns[leaf]}_begun"] = rows.count(
            where=inside & (rows.start_day > after) & (rows.start_day <= until)
        )
        by_drug[f"{columns[leaf]}_before"] = rows.count(where=inside & (rows.start_day <= after))
    drugs = rows.group_by(["patient_id", "drug"]).agg(**by_drug)
    counted = {}
    for leaf in leaves:
        begun = drugs[f"{columns[leaf]}_begun"] > 0
        new = begun & (drugs[f"{columns[leaf]}_before"] == 0) if leaf.new_only else begun
        counted[columns[leaf]] = ibis.ifelse(new, 1, 0).max() == 1
    return drugs.group_by("patient_id").agg(**counted)


def _days_on(leaf: v.DaysOn, columns: Columns, days: ibis.Table, day_names: Days, tables: EngineTables) -> ibis.Table:
    """Count covered days: each course adds the days that lie beyond every earlier one."""
    import ibis

    name = columns[leaf]
    rows = _courses([leaf], [leaf.first, leaf.last], days, day_names, tables)
    since, until = _overlap(rows, day_names[leaf.first], day_names[leaf.last])
    rows = rows.mutate(since=since, until=until)
    rows = rows.filter(rows.set_0 & (rows.until >= rows.since))
    order = [rows.since, rows.until, rows.source_row]
    earlier = ibis.window(group_by=rows.patient_id, order_by=order, preceding=(None, 1))
    rows = rows.mutate(covered_until=rows.until.max().over(earlier))
    begin = ibis.greatest(rows.since, (rows.covered_until + 1).fill_null(rows.since))
    rows = rows.mutate(gained=ibis.greatest(rows.until - begin + 1, ibis.literal(0.0)))
    return rows.group_by("patient_id").agg(rows.gained.sum().name(name), (rows.count() > 0).name(f"{name}_found"))
