"""Gathering what is read from courses of treatment: doses, days, starts and stops, all leaves in a few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.engine import EngineTables, belongs
from myosotis.language.engine_leaves_days import Days, day_open, days_of, with_days
from myosotis.language.leaf_columns import LeafColumns, columns_of_leaf
from myosotis.language.record import FAR

if TYPE_CHECKING:
    import ibis

__all__ = ["gather_courses"]

Names = Mapping[Any, str]
_SIMPLE = (v.DoseOn, v.CumulativeDose, v.StartDay, v.StopDay, c.Taking)
_COURSES = (*_SIMPLE, c.Started, v.DaysOn)


def gather_courses(
    names: Names, days: ibis.Table, day_names: Days, tables: EngineTables
) -> tuple[list[ibis.Table], dict[Any, LeafColumns]]:
    """Query the leaves that are read from courses; tables and columns as `gather` gives them.

    A leaf that sums over courses comes with a further column, `NAME_rows`: how many courses there were.
    """
    leaves = [leaf for leaf in names if isinstance(leaf, _COURSES)]
    exact = {leaf for leaf in leaves if _is_exact(leaf, day_names, tables)}
    parts: list[ibis.Table] = []
    simple = [leaf for leaf in leaves if isinstance(leaf, _SIMPLE)]
    if simple:
        parts.append(_simple(simple, names, days, day_names, tables, exact))
    started = [leaf for leaf in leaves if isinstance(leaf, c.Started)]
    if started:
        parts.append(_started(started, names, days, day_names, tables))
    parts += [
        _days_on(leaf, names[leaf], days, day_names, tables, leaf in exact)
        for leaf in leaves
        if isinstance(leaf, v.DaysOn)
    ]
    return parts, {leaf: columns_of_leaf(names[leaf], leaf in exact) for leaf in leaves}


def _is_exact(leaf: Any, day_names: Days, tables: EngineTables) -> bool:  # noqa: ANN401 - any leaf
    return "courses" not in tables.inexact and not day_open(leaf, day_names)


def _courses(
    leaves: Sequence[Any], wanted: Sequence[v.Value], days: ibis.Table, day_names: Days, tables: EngineTables
) -> ibis.Table:
    """Give every course the patient's own days, and a mark and a daily dose for each set of drugs."""
    rows = with_days(tables.treatments, days, day_names, wanted)
    sets = list(dict.fromkeys(leaf.drugs for leaf in leaves))
    marks = {f"set_{i}": belongs(rows, drugs) for i, drugs in enumerate(sets)}
    doses = {f"daily_{i}": rows.dose * rows.per_day * _factor(rows, drugs) for i, drugs in enumerate(sets)}
    return rows.mutate(**marks, **doses)


def _marks(rows: ibis.Table, leaves: Sequence[Any], leaf: Any) -> tuple[Any, Any]:  # noqa: ANN401 - columns
    i = list(dict.fromkeys(one.drugs for one in leaves)).index(leaf.drugs)
    return rows[f"set_{i}"], rows[f"daily_{i}"]


def _factor(rows: ibis.Table, drugs: v.Drugs) -> Any:  # noqa: ANN401 - a column
    import ibis

    factor = ibis.literal(1.0)
    for drug, one in drugs.factors:
        factor = ibis.ifelse(rows.drug == drug, ibis.literal(one), factor)
    return factor


def _simple(
    leaves: Sequence[Any],
    names: Names,
    days: ibis.Table,
    day_names: Days,
    tables: EngineTables,
    exact: set[Any],
) -> ibis.Table:
    rows = _courses(leaves, [day for leaf in leaves for day in days_of(leaf)], days, day_names, tables)
    aggregates: dict[str, Any] = {}
    for leaf in leaves:
        aggregates |= _aggregates(leaf, names[leaf], rows, _marks(rows, leaves, leaf), day_names, leaf in exact)
    found = rows.group_by("patient_id").agg(**aggregates)
    if any(isinstance(leaf, v.StopDay) for leaf in leaves):
        alive = tables.patients.select(who=tables.patients.patient_id, alive=tables.patients.death_low == FAR)
        found = found.inner_join(alive, [("patient_id", "who")]).drop("who")
    return found.select(
        "patient_id", **{key: one for leaf in leaves for key, one in _result(leaf, names[leaf], found, leaf in exact)}
    )


def _aggregates(
    leaf: Any,  # noqa: ANN401 - any leaf
    name: str,
    rows: ibis.Table,
    marks: tuple[Any, Any],
    day_names: Days,
    exact: bool,
) -> dict[str, Any]:
    """Aggregate over the courses of one leaf: what is certain, and where something is inexact what may be."""
    import ibis

    inside, daily = marks
    match leaf:
        case v.StartDay():
            made = {name: rows.start_low.cast("float64").min(where=inside)}
            return made if exact else {**made, f"{name}_most": rows.start_high.cast("float64").min(where=inside)}
        case v.StopDay():
            made = {
                name: rows.stop_low.cast("float64").max(where=inside),
                f"{name}_ongoing": rows.count(where=inside & rows.ongoing),
            }
            return made if exact else {**made, f"{name}_most": rows.stop_high.cast("float64").max(where=inside)}
        case v.DoseOn() | c.Taking():
            low, high = (rows[one] for one in day_names[leaf.day])
            sure = inside & (rows.start_high <= low) & (high <= rows.stop_low)
            maybe = sure if exact else inside & (rows.start_low <= high) & (low <= rows.stop_high)
            least = ibis.ifelse(sure, 1.0, 0.0)
            return _summed(name, rows, maybe, daily, least, ibis.literal(1.0), exact)
    assert isinstance(leaf, v.CumulativeDose)
    least, most = _overlap(rows, day_names[leaf.first], day_names[leaf.last], exact)
    return _summed(name, rows, inside & (most > 0), daily, least, most, exact)


def _summed(
    name: str,
    rows: ibis.Table,
    where: Any,  # noqa: ANN401 - columns
    daily: Any,  # noqa: ANN401
    least: Any,  # noqa: ANN401
    most: Any,  # noqa: ANN401
    exact: bool,
) -> dict[str, Any]:
    """Sum doses over the courses that count, with how many there are and of how many no dose is known."""
    made = {
        f"{name}_total": (daily * least).sum(where=where),
        f"{name}_rows": rows.count(where=where),
        f"{name}_lost": rows.count(where=where & daily.isnull() & (least > 0)),
    }
    if exact:
        return made
    return {
        **made,
        f"{name}_most": (daily * most).sum(where=where),
        f"{name}_maybe": rows.count(where=where & daily.isnull()),
        f"{name}_sure": rows.count(where=where & (least > 0)),
    }


def _result(leaf: Any, name: str, found: ibis.Table, exact: bool) -> list[tuple[str, Any]]:  # noqa: ANN401
    import ibis

    null = ibis.null("float64")
    match leaf:
        case v.StartDay() | v.StopDay():
            there = found[name].notnull()
            if isinstance(leaf, v.StopDay):
                there = there & ((found[f"{name}_ongoing"] == 0) | ~found.alive)
            if exact:
                return [(name, ibis.ifelse(there & (found[name].abs() < FAR), found[name], null))]
            low, high = (
                ibis.ifelse(there & (found[one].abs() < FAR), found[one], null) for one in (name, f"{name}_most")
            )
            return [(name, low), (f"{name}_high", high), (f"{name}_state", ibis.ifelse(there, 2, 0))]
        case c.Taking():
            rows = found[f"{name}_rows"]
            if exact:
                return [(name, ibis.ifelse(rows > 0, 2, 0))]
            return [(name, ibis.cases((found[f"{name}_sure"] > 0, 2), (rows > 0, 1), else_=0))]
    rows, lost = found[f"{name}_rows"], found[f"{name}_lost"]
    if exact:
        return [(name, ibis.ifelse(lost == 0, found[f"{name}_total"], null)), (f"{name}_rows", rows)]
    known = found[f"{name}_maybe"] == 0
    return [
        (name, ibis.ifelse(known, found[f"{name}_total"], null)),
        (f"{name}_high", ibis.ifelse(known, found[f"{name}_most"], null)),
        (f"{name}_state", ibis.cases((lost > 0, 0), (known, 2), else_=1)),
        (f"{name}_rows", rows),
    ]


def _overlap(rows: ibis.Table, first: tuple[str, str], last: tuple[str, str], exact: bool) -> tuple[Any, Any]:
    """Count the least and the most days that each course can share with an interval of days."""
    import ibis

    (first_low, first_high), (last_low, last_high) = ((rows[a], rows[b]) for a, b in (first, last))
    zero = ibis.literal(0.0)

    def days(begin: Any, end: Any) -> Any:  # noqa: ANN401 - columns
        count = end - begin + 1
        return ibis.ifelse(count > 0, count, zero)

    if exact:
        shared = days(_later(rows.start_low, first_low), _sooner(rows.stop_high, last_high))
        return shared, shared
    least = days(_later(rows.start_high, first_high), _sooner(rows.stop_low, last_low))
    most = days(_later(rows.start_low, first_low), _sooner(rows.stop_high, last_high))
    # Known to have lasted a day somewhere within the interval, though not on which.
    somewhere = (_later(rows.start_low, rows.stop_low) >= first_high) & (
        _sooner(rows.start_high, rows.stop_high) <= last_low
    )
    return ibis.ifelse((least == 0) & somewhere & (most > 0), 1.0, least), most


def _later(a: Any, b: Any) -> Any:  # noqa: ANN401 - columns
    import ibis

    a, b = a.cast("float64"), b.cast("float64")
    return ibis.cases((a >= b, a), (a < b, b), else_=ibis.null("float64"))


def _sooner(a: Any, b: Any) -> Any:  # noqa: ANN401 - columns
    import ibis

    a, b = a.cast("float64"), b.cast("float64")
    return ibis.cases((a <= b, a), (a > b, b), else_=ibis.null("float64"))


def _started(
    leaves: Sequence[c.Started], names: Names, days: ibis.Table, day_names: Days, tables: EngineTables
) -> ibis.Table:
    """Look for starts drug by drug first, since a drug that was given before is no new one."""
    import ibis

    rows = _courses(leaves, [day for leaf in leaves for day in (leaf.after, leaf.until)], days, day_names, tables)
    by_drug: dict[str, Any] = {}
    for leaf in leaves:
        inside, _ = _marks(rows, leaves, leaf)
        name = names[leaf]
        (after_low, after_high), (until_low, until_high) = (
            (rows[a], rows[b]) for a, b in (day_names[leaf.after], day_names[leaf.until])
        )
        begun = inside & (rows.start_low > after_high) & (rows.start_high <= until_low)
        maybe = inside & (rows.start_high > after_low) & (rows.start_low <= until_high)
        by_drug |= {
            f"{name}_begun": rows.count(where=begun),
            f"{name}_maybe": rows.count(where=maybe),
            f"{name}_before": rows.count(where=inside & (rows.start_high <= after_low)),
            f"{name}_perhaps": rows.count(where=inside & (rows.start_low <= after_high)),
        }
    drugs = rows.group_by(["patient_id", "drug"]).agg(**by_drug)
    counted = {}
    for leaf in leaves:
        name = names[leaf]
        begun, maybe = drugs[f"{name}_begun"] > 0, drugs[f"{name}_maybe"] > 0
        if leaf.new_only:
            begun, maybe = begun & (drugs[f"{name}_perhaps"] == 0), maybe & (drugs[f"{name}_before"] == 0)
        counted[name] = ibis.cases((begun, 2), (maybe, 1), else_=0).max()
    return drugs.group_by("patient_id").agg(**counted)


def _days_on(
    leaf: v.DaysOn, name: str, days: ibis.Table, day_names: Days, tables: EngineTables, exact: bool
) -> ibis.Table:
    rows = _courses([leaf], [leaf.first, leaf.last], days, day_names, tables).filter(lambda t: t.set_0)
    first, last = day_names[leaf.first], day_names[leaf.last]
    least, most = _overlap(rows, first, last, exact)
    rows = rows.mutate(least=least, most=most).filter(lambda t: t.most > 0)
    wide = _covered(rows, rows.start_low, rows.stop_high, first[0], last[-1], name if exact else f"{name}_high")
    if exact:
        return wide
    narrow = _covered(rows, rows.start_high, rows.stop_low, first[-1], last[0], name)
    touched = rows.group_by("patient_id").agg(touched=rows.least.max(), **{f"{name}_any": rows.count()})
    joined = touched.left_join(wide, "patient_id").drop("patient_id_right")
    joined = joined.left_join(narrow.drop(f"{name}_rows"), "patient_id").drop("patient_id_right")
    import ibis

    sure = joined[name].fill_null(0.0)
    sure = ibis.ifelse((joined.touched > 0) & (sure < 1), 1.0, sure)
    return joined.select(
        "patient_id",
        **{name: sure, f"{name}_high": joined[f"{name}_high"], f"{name}_state": ibis.literal(2),
           f"{name}_rows": joined[f"{name}_any"]},
    )  # fmt: skip


def _covered(rows: ibis.Table, start: Any, stop: Any, first: str, last: str, name: str) -> ibis.Table:  # noqa: ANN401
    """Count covered days: each course adds the days that lie beyond every earlier one."""
    import ibis

    since, until = _later(start, rows[first].ceil()), _sooner(stop, rows[last].floor())
    rows = rows.mutate(since=since, until=until).filter(lambda t: t.until >= t.since)
    order = [rows.since, rows.until, rows.source_row]
    earlier = ibis.window(group_by=rows.patient_id, order_by=order, preceding=(None, 1))
    rows = rows.mutate(covered_until=rows.until.max().over(earlier))
    begin = ibis.greatest(rows.since, (rows.covered_until + 1).fill_null(rows.since))
    rows = rows.mutate(gained=ibis.greatest(rows.until - begin + 1, ibis.literal(0.0)))
    return rows.group_by("patient_id").agg(
        **{name: rows.gained.sum(), f"{name.removesuffix('_high')}_rows": rows.count()}
    )
