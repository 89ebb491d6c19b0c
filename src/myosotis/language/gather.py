"""Gathering leaves on an engine: for each kind of leaf one query that gives a column per leaf, a row per patient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.engine import EngineTables, belongs
from myosotis.language.leaves import ABSENT

if TYPE_CHECKING:
    import ibis

    from myosotis.language.windows import Window

__all__ = ["LEAVES", "Leaf", "days_of", "gather"]

Leaf = (
    v.Picked | v.DayOf | v.LimitOf | v.VisitDay | v.Nearest | v.DoseOn | v.CumulativeDose | v.DaysOn | v.StartDay | v.StopDay
    | c.TextIs | c.HasCondition | c.Started | c.Taking
)  # fmt: skip
LEAVES = (
    v.Picked, v.DayOf, v.LimitOf, v.VisitDay, v.Nearest, v.DoseOn, v.CumulativeDose, v.DaysOn, v.StartDay, v.StopDay,
    c.TextIs, c.HasCondition, c.Started, c.Taking,
)  # fmt: skip

Columns = Mapping[Any, str]  # leaf -> the name of its column


def days_of(leaf: Leaf) -> tuple[v.Value, ...]:
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


def gather(
    columns: Columns, days: ibis.Table, day_names: Mapping[v.Value, str], tables: EngineTables
) -> list[ibis.Table]:
    """Query leaves whose days are known.

    `days` has one row per patient: patient_id and one column per day value, named by `day_names`. Each table that
    comes back has patient_id and the columns named in `columns`; a patient without rows may be absent from it.
    """
    picked = [leaf for leaf in columns if isinstance(leaf, v.Picked | v.DayOf | v.LimitOf | c.TextIs)]
    gathered = []
    for rule in sorted({_pick(leaf).rule for leaf in picked}):
        for textual in (False, True):
            wanted = [x for x in picked if _pick(x).rule == rule and isinstance(x, c.TextIs) is textual]
            if wanted:
                gathered.append(_picks(wanted, columns, tables))
    for leaf, name in columns.items():
        if not isinstance(leaf, v.Picked | v.DayOf | v.LimitOf | c.TextIs):
            gathered.append(_READERS[type(leaf)](leaf, name, days, day_names, tables))
    return gathered


def _pick(leaf: Any) -> v.Picked:  # noqa: ANN401 - a leaf made of a pick
    return leaf if isinstance(leaf, v.Picked) else leaf.of


def _column(leaf: v.Picked | v.DayOf | v.LimitOf) -> str:
    match leaf:
        case v.DayOf():
            return "day"
        case v.LimitOf():
            return f"{leaf.which}_limit"
    return "number"


def _picks(leaves: Sequence[Any], columns: Columns, tables: EngineTables) -> ibis.Table:
    import ibis

    column = "text" if isinstance(leaves[0], c.TextIs) else "number"
    rule = _pick(leaves[0]).rule
    windows = sorted({_pick(leaf).window for leaf in leaves}, key=lambda w: (w.target, w.first, w.last, w.label))
    stacked = _ranked_in_windows(windows, sorted({_pick(leaf).name for leaf in leaves}), column, rule, tables)
    wanted = {}
    for leaf in leaves:
        pick = _pick(leaf)
        here = (stacked.name == pick.name) & (stacked.slot == windows.index(pick.window))
        if isinstance(leaf, c.TextIs):
            truth = ibis.ifelse(stacked.text.isin(list(leaf.texts)), 1, 0)
            wanted[columns[leaf]] = truth.max(where=here) == 1
        else:
            wanted[columns[leaf]] = stacked[_column(leaf)].cast("float64").max(where=here)
    return stacked.group_by("patient_id").agg(**wanted)


def _ranked_in_windows(
    windows: Sequence[Window], names: Sequence[str], column: str, rule: str, tables: EngineTables
) -> ibis.Table:
    """Keep the one row per patient, observation and window that the rule picks."""
    import ibis

    rows = tables.observations
    rows = rows.filter(rows.name.isin(list(names)) & rows[column].notnull() & rows.day.notnull())
    parts = []
    for slot, window in enumerate(windows):
        inside = rows.filter(rows.day.between(window.first, window.last))
        distance = (inside.day - window.target).abs()
        key = {
            "nearest": distance.cast("float64"),
            "first": inside.day.cast("float64"),
            "last": -inside.day.cast("float64"),
            "lowest": inside.number,
            "highest": -inside.number,
        }[rule]
        parts.append(
            inside.select(
                "patient_id", "name", "day", "number", "text", "upper_limit", "lower_limit",
                "source_row", "source", "sheet",
                slot=ibis.literal(slot).cast("int64"), sorting=key,
            )
        )  # fmt: skip
    stacked = reduce(lambda a, b: a.union(b), parts)
    order = [stacked.sorting, stacked.day, stacked.source_row, stacked.source, stacked.sheet.fill_null("")]
    ranked = stacked.mutate(
        place=ibis.row_number().over(group_by=[stacked.patient_id, stacked.name, stacked.slot], order_by=order)
    )
    return ranked.filter(ranked.place == 0)


def _visit_day(
    leaf: v.VisitDay, name: str, _days: ibis.Table, _names: Mapping[v.Value, str], tables: EngineTables
) -> ibis.Table:
    import ibis

    rows = tables.observations
    rows = rows.filter(rows.name.isin(list(leaf.names)) & rows.day.between(leaf.window.first, leaf.window.last))
    distance = (rows.day - leaf.window.target).abs()
    ranked = rows.mutate(place=ibis.row_number().over(group_by=rows.patient_id, order_by=[distance, rows.day]))
    return ranked.filter(ranked.place == 0).select("patient_id", ranked.day.cast("float64").name(name))


def _nearest(
    leaf: v.Nearest, name: str, days: ibis.Table, names: Mapping[v.Value, str], tables: EngineTables
) -> ibis.Table:
    import ibis

    rows = tables.observations
    rows = _with_days(rows.filter((rows.name == leaf.name) & rows.number.notnull()), days, {"to": names[leaf.to]})
    distance = (rows.day.cast("float64") - rows.to).abs()
    rows = rows.filter(distance <= leaf.within)
    distance = (rows.day.cast("float64") - rows.to).abs()
    order = [distance, rows.day, rows.source_row, rows.source, rows.sheet.fill_null("")]
    ranked = rows.mutate(place=ibis.row_number().over(group_by=rows.patient_id, order_by=order))
    return ranked.filter(ranked.place == 0).select("patient_id", ranked.number.name(name))


def _edge_day(
    leaf: v.StartDay | v.StopDay, name: str, _days: ibis.Table, _names: Mapping[v.Value, str], tables: EngineTables
) -> ibis.Table:
    import ibis

    rows = tables.treatments.filter(belongs(tables.treatments, leaf.drugs) & tables.treatments.start_day.notnull())
    if isinstance(leaf, v.StartDay):
        return rows.group_by("patient_id").agg(rows.start_day.min().cast("float64").name(name))
    ongoing = ibis.ifelse(rows.has_stop, 0, 1)
    found = rows.group_by("patient_id").agg(last=rows.stop_day.max().cast("float64"), ongoing=ongoing.max())
    ended = ibis.ifelse(found.ongoing == 0, found["last"], ibis.null("float64"))
    return found.select("patient_id", ended.name(name))


def _dose_on(
    leaf: v.DoseOn, name: str, days: ibis.Table, names: Mapping[v.Value, str], tables: EngineTables
) -> ibis.Table:
    rows = _with_days(_courses(leaf.drugs, tables), days, {"on": names[leaf.day]})
    rows = rows.filter((rows.start_day <= rows.on) & (~rows.has_stop | (rows.stop_day >= rows.on)))
    return _sum_doses(rows, rows.daily, name)


def _cumulative_dose(
    leaf: v.CumulativeDose, name: str, days: ibis.Table, names: Mapping[v.Value, str], tables: EngineTables
) -> ibis.Table:
    rows = _overlapping(leaf.drugs, leaf.first, leaf.last, days, names, tables)
    return _sum_doses(rows, rows.daily * (rows.until - rows.since + 1), name)


def _days_on(
    leaf: v.DaysOn, name: str, days: ibis.Table, names: Mapping[v.Value, str], tables: EngineTables
) -> ibis.Table:
    import ibis

    rows = _overlapping(leaf.drugs, leaf.first, leaf.last, days, names, tables)
    earlier = ibis.window(
        group_by=rows.patient_id, order_by=[rows.since, rows.until, rows.source_row], preceding=(None, 1)
    )
    rows = rows.mutate(covered_until=rows.until.max().over(earlier))
    begin = ibis.greatest(rows.since, (rows.covered_until + 1).fill_null(rows.since))
    rows = rows.mutate(gained=ibis.greatest(rows.until - begin + 1, ibis.literal(0.0)))
    found = ibis.literal(True).name(f"{name}_found")
    return rows.group_by("patient_id").agg(rows.gained.sum().name(name)).mutate(found)


def _started(
    leaf: c.Started, name: str, days: ibis.Table, names: Mapping[v.Value, str], tables: EngineTables
) -> ibis.Table:
    import ibis

    rows = _courses(leaf.drugs, tables)
    rows = _with_days(rows, days, {"after": names[leaf.after], "until": names[leaf.until]})
    rows = rows.mutate(given=ibis.ifelse(rows.start_day <= rows.after, 1, 0))
    before = rows.given.max().over(ibis.window(group_by=[rows.patient_id, rows.drug]))
    begun = (rows.start_day > rows.after) & (rows.start_day <= rows.until)
    rows = rows.mutate(begun=ibis.ifelse(begun, 1, 0), before=before)
    counted = ibis.ifelse((rows.begun == 1) & (rows.before == 0), 1, 0) if leaf.new_only else rows.begun
    return rows.group_by("patient_id").agg((counted.max() == 1).name(name))


def _taking(
    leaf: c.Taking, name: str, days: ibis.Table, names: Mapping[v.Value, str], tables: EngineTables
) -> ibis.Table:
    import ibis

    rows = _with_days(_courses(leaf.drugs, tables), days, {"on": names[leaf.day]})
    covering = (rows.start_day <= rows.on) & (~rows.has_stop | (rows.stop_day >= rows.on))
    return rows.group_by("patient_id").agg((ibis.ifelse(covering, 1, 0).max() == 1).name(name))


def _condition(
    leaf: c.HasCondition, name: str, days: ibis.Table, names: Mapping[v.Value, str], tables: EngineTables
) -> ibis.Table:
    import ibis

    rows = tables.conditions
    rows = rows.filter(rows.name.isin(list(leaf.names)))
    status = rows.status.fill_null("")
    rows = rows.filter(status.isin(list(leaf.statuses)) if leaf.statuses else status != ABSENT)
    bounds = {key: names[day] for key, day in (("since", leaf.first), ("until", leaf.last)) if day is not None}
    rows = _with_days(rows, days, bounds)
    inside = ibis.literal(True)
    if "since" in bounds:
        inside = inside & (rows.day.cast("float64") >= rows.since)
    if "until" in bounds:
        inside = inside & (rows.day.cast("float64") <= rows.until)
    rows = rows.mutate(inside=ibis.ifelse(inside, 1, 0))
    return rows.group_by("patient_id").agg((rows.inside.max() == 1).name(name))


def _with_days(rows: ibis.Table, days: ibis.Table, bounds: Mapping[str, str]) -> ibis.Table:
    """Give every row the patient's own days, as float columns named by `bounds`."""
    if not bounds:
        return rows
    own = days.select(day_patient=days.patient_id, **{key: days[name].cast("float64") for key, name in bounds.items()})
    return rows.inner_join(own, rows.patient_id == own.day_patient).drop("day_patient")


def _courses(drugs: v.Drugs, tables: EngineTables) -> ibis.Table:
    """Keep the courses of some drugs, with the daily dose times the drug's factor."""
    import ibis

    rows = tables.treatments.filter(belongs(tables.treatments, drugs) & tables.treatments.start_day.notnull())
    factor = ibis.literal(1.0)
    for drug, one in drugs.factors:
        factor = ibis.ifelse(rows.drug == drug, ibis.literal(one), factor)
    return rows.mutate(daily=rows.dose * rows.times_per_day * factor)


def _overlapping(
    drugs: v.Drugs,
    first: v.Value,
    last: v.Value,
    days: ibis.Table,
    names: Mapping[v.Value, str],
    tables: EngineTables,
) -> ibis.Table:
    """Keep the courses that share days with an interval, each cut to it (`since` to `until`)."""
    import ibis

    rows = _with_days(_courses(drugs, tables), days, {"first_day": names[first], "last_day": names[last]})
    stop = ibis.ifelse(rows.has_stop, rows.stop_day.cast("float64"), rows.last_day)
    rows = rows.mutate(
        since=ibis.greatest(rows.start_day.cast("float64"), rows.first_day), until=ibis.least(stop, rows.last_day)
    )
    return rows.filter(rows.until >= rows.since)


def _sum_doses(rows: ibis.Table, doses: Any, name: str) -> ibis.Table:  # noqa: ANN401 - a column
    """Add doses up per patient, NULL when one of them is NULL; `NAME_found` tells that from no course at all."""
    import ibis

    rows = rows.mutate(given=doses)
    summed = rows.group_by("patient_id").agg(total=rows.given.sum(), known=rows.given.count(), rows=rows.count())
    complete = ibis.ifelse(summed.known == summed.rows, summed.total, ibis.null("float64"))
    return summed.select("patient_id", complete.name(name), ibis.literal(True).name(f"{name}_found"))


_READERS: Mapping[type, Callable[..., Any]] = {
    v.VisitDay: _visit_day,
    v.Nearest: _nearest,
    v.StartDay: _edge_day,
    v.StopDay: _edge_day,
    v.DoseOn: _dose_on,
    v.CumulativeDose: _cumulative_dose,
    v.DaysOn: _days_on,
    c.Started: _started,
    c.Taking: _taking,
    c.HasCondition: _condition,
}
