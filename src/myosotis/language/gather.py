"""Gathering leaves on an engine: one query for each kind of leaf, a row per patient and a column per leaf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.engine import EngineTables
from myosotis.language.gather_courses import gather_courses
from myosotis.language.leaves import ABSENT

if TYPE_CHECKING:
    import ibis

    from myosotis.language.windows import Window

__all__ = ["LEAVES", "days_of", "gather", "with_days"]

LEAVES = (
    v.Picked, v.DayOf, v.LimitOf, v.VisitDay, v.Nearest, v.DoseOn, v.CumulativeDose, v.DaysOn, v.StartDay, v.StopDay,
    c.TextIs, c.HasCondition, c.Started, c.Taking,
)  # fmt: skip
_PICKED = (v.Picked, v.DayOf, v.LimitOf, c.TextIs)

Columns = Mapping[Any, str]  # leaf -> the name of its column
Days = Mapping[v.Value, str]  # day value -> the name of its column


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


def gather(columns: Columns, days: ibis.Table, day_names: Days, tables: EngineTables) -> list[ibis.Table]:
    """Query leaves whose days are known.

    `days` has one row per patient: patient_id and one column per day value, named by `day_names`. Each table that
    comes back has patient_id and columns named in `columns`; a patient without rows may be absent from it.
    """
    picked = [leaf for leaf in columns if isinstance(leaf, _PICKED)]
    gathered = []
    for rule in sorted({_pick(leaf).rule for leaf in picked}):
        for textual in (False, True):
            wanted = [x for x in picked if _pick(x).rule == rule and isinstance(x, c.TextIs) is textual]
            if wanted:
                gathered.append(_picks(wanted, columns, tables))
    visits = [leaf for leaf in columns if isinstance(leaf, v.VisitDay)]
    if visits:
        gathered.append(_visit_days(visits, columns, tables))
    near = [leaf for leaf in columns if isinstance(leaf, v.Nearest)]
    if near:
        gathered.append(_nearest(near, columns, days, day_names, tables))
    conditions = [leaf for leaf in columns if isinstance(leaf, c.HasCondition)]
    if conditions:
        gathered.append(_conditions(conditions, columns, days, day_names, tables))
    return gathered + gather_courses(columns, days, day_names, tables)


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
    truths: dict[tuple[str, ...], Any] = {}
    for leaf in leaves:
        pick = _pick(leaf)
        here = stacked.candidate == f"{windows.index(pick.window)} {pick.name}"
        if isinstance(leaf, c.TextIs):
            if leaf.texts not in truths:
                truths[leaf.texts] = ibis.ifelse(stacked.text.isin(list(leaf.texts)), 1, 0)
            wanted[columns[leaf]] = truths[leaf.texts].max(where=here) == 1
        else:
            wanted[columns[leaf]] = stacked[_column(leaf)].cast("float64").max(where=here)
    return stacked.group_by("patient_id").agg(**wanted)


def _ranked_in_windows(
    windows: Sequence[Window], names: Sequence[str], column: str, rule: str, tables: EngineTables
) -> ibis.Table:
    """Keep the one row per patient, observation and window that the rule picks."""
    rows = tables.observations
    rows = rows.filter(rows.name.isin(list(names)) & rows[column].notnull() & rows.day.notnull())
    parts = []
    for slot, window in enumerate(windows):
        inside = rows.filter(rows.day.between(window.first, window.last))
        key = {
            "nearest": (inside.day - window.target).abs().cast("float64"),
            "first": inside.day.cast("float64"),
            "last": -inside.day.cast("float64"),
            "lowest": inside.number,
            "highest": -inside.number,
        }[rule]
        parts.append(_slot(inside, slot, key))
    return _ranked(parts)


def _slot(rows: ibis.Table, slot: int, sorting: Any) -> ibis.Table:  # noqa: ANN401 - a column
    """Mark rows as candidates for one slot, with the key by which they are sorted."""
    import ibis

    return rows.select(
        "patient_id", "name", "day", "number", "text", "upper_limit", "lower_limit", "source_row", "source", "sheet",
        "source_column", slot=ibis.literal(slot).cast("int64"), sorting=sorting,
    )  # fmt: skip


def _ranked(parts: Sequence[ibis.Table]) -> ibis.Table:
    """Keep the first candidate per patient, observation and slot, by key, then earlier day, then lower source row."""
    import ibis

    stacked = reduce(lambda a, b: a.union(b), parts)
    place = [stacked.source_row, stacked.source, stacked.sheet.fill_null(""), stacked.source_column.fill_null("")]
    order = [stacked.sorting, stacked.day, *place]
    ranked = stacked.mutate(
        place=ibis.row_number().over(group_by=[stacked.patient_id, stacked.name, stacked.slot], order_by=order),
        candidate=stacked.slot.cast("string") + " " + stacked.name,
    )
    return ranked.filter(ranked.place == 0)


def _visit_days(leaves: Sequence[v.VisitDay], columns: Columns, tables: EngineTables) -> ibis.Table:
    """Find visit days: the candidates of all observations of a visit compete, so the name is left out of the ranking."""
    import ibis

    rows = tables.observations
    parts = []
    for slot, leaf in enumerate(leaves):
        window = leaf.window
        inside = rows.filter(rows.name.isin(list(leaf.names)) & rows.day.between(window.first, window.last))
        parts.append(
            _slot(inside.mutate(name=ibis.literal("")), slot, (inside.day - window.target).abs().cast("float64"))
        )
    ranked = _ranked(parts)
    wanted = {
        columns[leaf]: ranked.day.cast("float64").max(where=ranked.slot == slot) for slot, leaf in enumerate(leaves)
    }
    return ranked.group_by("patient_id").agg(**wanted)


def _nearest(
    leaves: Sequence[v.Nearest], columns: Columns, days: ibis.Table, day_names: Days, tables: EngineTables
) -> ibis.Table:
    rows = tables.observations
    rows = rows.filter(
        rows.name.isin(sorted({leaf.name for leaf in leaves})) & rows.number.notnull() & rows.day.notnull()
    )
    rows = with_days(rows, days, day_names, [leaf.to for leaf in leaves])
    parts = []
    for slot, leaf in enumerate(leaves):
        distance = (rows.day.cast("float64") - rows[day_names[leaf.to]]).abs()
        parts.append(_slot(rows.filter((rows.name == leaf.name) & (distance <= leaf.within)), slot, distance))
    ranked = _ranked(parts)
    wanted = {columns[leaf]: ranked.number.max(where=ranked.slot == slot) for slot, leaf in enumerate(leaves)}
    return ranked.group_by("patient_id").agg(**wanted)


def _conditions(
    leaves: Sequence[c.HasCondition], columns: Columns, days: ibis.Table, day_names: Days, tables: EngineTables
) -> ibis.Table:
    import ibis

    bounds = [day for leaf in leaves for day in days_of(leaf)]
    rows = with_days(tables.conditions, days, day_names, bounds)
    day, status = rows.day.cast("float64"), rows.status.fill_null("")
    wanted = {}
    for leaf in leaves:
        inside = rows.name.isin(list(leaf.names))
        inside = inside & (status.isin(list(leaf.statuses)) if leaf.statuses else status != ABSENT)
        if leaf.first is not None:
            inside = inside & (day >= rows[day_names[leaf.first]])
        if leaf.last is not None:
            inside = inside & (day <= rows[day_names[leaf.last]])
        wanted[columns[leaf]] = ibis.ifelse(inside, 1, 0).max() == 1
    return rows.group_by("patient_id").agg(**wanted)


def with_days(rows: ibis.Table, days: ibis.Table, day_names: Days, wanted: Sequence[v.Value]) -> ibis.Table:
    """Give every row the patient's own days, as float columns of the names in `day_names`."""
    names = list(dict.fromkeys(day_names[day] for day in wanted))
    if not names:
        return rows
    own = days.select(day_patient=days.patient_id, **{name: days[name].cast("float64") for name in names})
    return rows.inner_join(own, [("patient_id", "day_patient")]).drop("day_patient")
