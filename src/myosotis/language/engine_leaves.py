"""Gathering leaves on an engine: one query for each kind of leaf, a row per patient and a column per leaf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.engine import EngineTables
from myosotis.language.engine_leaves_bounds import bounds_and_state, columns_of, hull, pick_of, with_state
from myosotis.language.engine_leaves_courses import gather_courses
from myosotis.language.engine_leaves_days import Days, day_open, days_of, with_days
from myosotis.language.engine_leaves_picks import meets, ranked, slot_of
from myosotis.language.leaf_columns import LeafColumns, columns_of_leaf
from myosotis.language.read_observations import ABSENT
from myosotis.language.visit import window_of

if TYPE_CHECKING:
    import ibis

    from myosotis.language.windows import Window

__all__ = ["LEAVES", "gather"]

LEAVES = (
    v.Picked, v.DayOf, v.LimitOf, v.VisitDay, v.Nearest, v.DoseOn, v.CumulativeDose, v.DaysOn, v.StartDay, v.StopDay,
    c.TextIs, c.HasCondition, c.Started, c.Taking,
)  # fmt: skip
_PICKED = (v.Picked, v.DayOf, v.LimitOf, c.TextIs)

Names = Mapping[Any, str]  # leaf -> the name of its first column


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Hold what leaves are gathered from: the tables, and each patient's own days."""

    tables: EngineTables
    days: ibis.Table
    day_names: Days

    @property
    def vague(self) -> bool:
        """Say whether an observation of these data may lie in more than one window."""
        return "days" in self.tables.inexact

    @property
    def exact(self) -> bool:
        """Say whether every observation of these data has one day and one number."""
        return not {"days", "numbers"} & self.tables.inexact


def gather(
    names: Names, days: ibis.Table, day_names: Days, tables: EngineTables
) -> tuple[list[ibis.Table], dict[Any, LeafColumns]]:
    """Query leaves whose days are known.

    `days` has one row per patient: patient_id and the columns of each day value, named by `day_names`. Each table that
    comes back has patient_id and the columns of some leaves; a patient without rows may be absent from it. The second
    answer says which columns are a leaf's.
    """
    source = _Source(tables=tables, days=days, day_names=day_names)
    picked = [leaf for leaf in names if isinstance(leaf, _PICKED)]
    parts: list[ibis.Table] = []
    for rule in sorted({pick_of(leaf).rule for leaf in picked}):
        for textual in (False, True):
            wanted = [x for x in picked if pick_of(x).rule == rule and isinstance(x, c.TextIs) is textual]
            if wanted:
                parts.append(_picks(wanted, names, source))
    visits = [leaf for leaf in names if isinstance(leaf, v.VisitDay)]
    if visits:
        parts.append(_visit_days(visits, names, source))
    near = [leaf for leaf in names if isinstance(leaf, v.Nearest)]
    if near:
        parts.append(_nearest(near, names, source))
    conditions = [leaf for leaf in names if isinstance(leaf, c.HasCondition)]
    if conditions:
        parts.append(_conditions(conditions, names, source))
    known: dict[Any, LeafColumns] = {
        leaf: columns_of_leaf(names[leaf], source.exact and not day_open(leaf, day_names)) for leaf in (*picked, *near)
    }
    known |= {leaf: columns_of_leaf(names[leaf], not source.vague) for leaf in visits}
    known |= {leaf: _open_condition(leaf, names, source) for leaf in conditions}
    courses, of_courses = gather_courses(names, days, day_names, tables)
    return parts + courses, known | of_courses


def _open_condition(leaf: c.HasCondition, names: Names, source: _Source) -> LeafColumns:
    vague = bool(days_of(leaf)) and ("conditions" in source.tables.inexact or day_open(leaf, source.day_names))
    return LeafColumns(low=names[leaf], state=names[leaf] if vague else None)


def _picks(leaves: Sequence[Any], names: Names, source: _Source) -> ibis.Table:
    column = "text" if isinstance(leaves[0], c.TextIs) else "number"
    rule = pick_of(leaves[0]).rule
    windows = sorted({window_of(pick_of(leaf)) for leaf in leaves}, key=lambda w: (w.target, w.first, w.last, w.label))
    stacked = _ranked_in_windows(windows, sorted({pick_of(leaf).name for leaf in leaves}), column, rule, source)
    wanted: dict[str, Any] = {}
    truths: dict[tuple[str, ...], Any] = {}
    for leaf in leaves:
        pick = pick_of(leaf)
        here = stacked.candidate == f"{windows.index(window_of(pick))} {pick.name}"
        if isinstance(leaf, c.TextIs):
            wanted |= _text(leaf, names[leaf], here, stacked, truths, source)
        elif source.exact:
            read = "day" if isinstance(leaf, v.DayOf) else columns_of(leaf)[0]
            wanted[names[leaf]] = stacked[read].cast("float64").max(where=here)
        else:
            wanted |= hull(leaf, names[leaf], here, stacked)
    found = stacked.group_by("patient_id").agg(**wanted)
    if source.exact or column == "text":
        return found
    return _bounded(leaves, names, found)


def _text(
    leaf: c.TextIs,
    name: str,
    here: Any,  # noqa: ANN401 - a column
    stacked: ibis.Table,
    truths: dict[tuple[str, ...], Any],
    source: _Source,
) -> dict[str, Any]:
    """Say whether the text picked is one of several; open where rows with other texts may be meant too."""
    import ibis

    if leaf.texts not in truths:
        truths[leaf.texts] = ibis.ifelse(stacked.text.isin(list(leaf.texts)), 1, 0)
    most = truths[leaf.texts].max(where=here)
    if source.exact:
        return {name: most == 1}
    sure = stacked.sure.max(where=here)
    settled = (truths[leaf.texts].min(where=here) == most) & (sure == 1)
    state = ibis.cases((sure == 1, 2), (sure == 0, 1), else_=0)
    return {name: ibis.ifelse(settled, most == 1, ibis.null("boolean")), f"{name}_state": state}


def _ranked_in_windows(
    windows: Sequence[Window], names: Sequence[str], column: str, rule: str, source: _Source
) -> ibis.Table:
    """Keep the rows per patient, observation and window of which the rule picks one: a single one where all is exact."""
    rows = source.tables.observations
    there = rows.text.notnull() if column == "text" else rows.number_low.notnull() | rows.number_high.notnull()
    rows = rows.filter(rows.name.isin(list(names)) & there)
    parts = []
    for slot, window in enumerate(windows):
        inside = rows.filter(meets(rows, window.first, window.last, source.vague))
        parts.append(slot_of(inside, slot, rule, (window.first, window.last, window.target), source.exact))
    return ranked(parts, rule, source.exact)


def _visit_days(leaves: Sequence[v.VisitDay], names: Names, source: _Source) -> ibis.Table:
    """Find visit days: the candidates of all observations of a visit compete, so the name is left out of the ranking."""
    import ibis

    rows = source.tables.observations
    parts = []
    for slot, leaf in enumerate(leaves):
        window = window_of(leaf)
        inside = rows.filter(rows.name.isin(list(leaf.names)) & meets(rows, window.first, window.last, source.vague))
        inside = inside.mutate(name=ibis.literal(""))
        days = (window.first, window.last, window.target)
        parts.append(slot_of(inside, slot, "nearest", days, not source.vague))
    found = ranked(parts, "nearest", not source.vague)
    if not source.vague:
        days_ = {
            names[leaf]: found.day.cast("float64").max(where=found.slot == slot) for slot, leaf in enumerate(leaves)
        }
        return found.group_by("patient_id").agg(**days_)
    wanted: dict[str, Any] = {}
    for slot, leaf in enumerate(leaves):
        here, name = found.slot == slot, names[leaf]
        wanted |= {
            f"{name}_low": found.first_day.min(where=here),
            f"{name}_most": found.last_day.max(where=here),
            f"{name}_sure": found.sure.max(where=here),
        }
    told = found.group_by("patient_id").agg(**wanted)
    made: dict[str, Any] = {}
    for leaf in leaves:
        name = names[leaf]
        made |= with_state(name, told[f"{name}_low"], told[f"{name}_most"], told[f"{name}_sure"])
    return told.select("patient_id", **made)


def _nearest(leaves: Sequence[v.Nearest], names: Names, source: _Source) -> ibis.Table:
    exact = source.exact and not any(day_open(leaf, source.day_names) for leaf in leaves)
    rows = source.tables.observations
    rows = rows.filter(
        rows.name.isin(sorted({leaf.name for leaf in leaves}))
        & (rows.number_low.notnull() | rows.number_high.notnull())
    )
    rows = with_days(rows, source.days, source.day_names, [leaf.to for leaf in leaves])
    parts = []
    for slot, leaf in enumerate(leaves):
        to = rows[source.day_names[leaf.to][0]]
        near = rows.filter((rows.name == leaf.name) & meets(rows, to - leaf.within, to + leaf.within, source.vague))
        own = near[source.day_names[leaf.to][0]]
        parts.append(slot_of(near, slot, "nearest", (own - leaf.within, own + leaf.within, own), exact))
    found = ranked(parts, "nearest", exact)
    if exact:
        numbers = {names[leaf]: found.number_low.max(where=found.slot == slot) for slot, leaf in enumerate(leaves)}
        return found.group_by("patient_id").agg(**numbers)
    wanted: dict[str, Any] = {}
    for slot, leaf in enumerate(leaves):
        wanted |= hull(leaf, names[leaf], found.slot == slot, found)
    return _bounded(leaves, names, found.group_by("patient_id").agg(**wanted))


def _bounded(leaves: Sequence[Any], names: Names, hulls: ibis.Table) -> ibis.Table:
    """Give the bounds and the state of every leaf, from what was gathered of the rows that it may mean."""
    made: dict[str, Any] = {}
    for leaf in leaves:
        made |= bounds_and_state(leaf, names[leaf], hulls)
    return hulls.select("patient_id", **made)


def _conditions(leaves: Sequence[c.HasCondition], names: Names, source: _Source) -> ibis.Table:
    """Say whether conditions were recorded: 2 where a row surely says so, 1 where one may, 0 elsewhere."""
    import ibis

    bounds = [day for leaf in leaves for day in days_of(leaf)]
    rows = with_days(source.tables.conditions, source.days, source.day_names, bounds)
    status = rows.status.fill_null("")
    wanted = {}
    for leaf in leaves:
        inside = rows.name.isin(list(leaf.names))
        inside = inside & (status.isin(list(leaf.statuses)) if leaf.statuses else status != ABSENT)
        sure, maybe = inside, inside
        if leaf.first is not None:
            low, high = (rows[name] for name in source.day_names[leaf.first])
            sure, maybe = sure & (rows.day_low >= high), maybe & (rows.day_high >= low)
        if leaf.last is not None:
            low, high = (rows[name] for name in source.day_names[leaf.last])
            sure, maybe = sure & (rows.day_high <= low), maybe & (rows.day_low <= high)
        wanted[names[leaf]] = ibis.cases((sure, 2), (maybe, 1), else_=0).max()
    return rows.group_by("patient_id").agg(**wanted)
