"""Ranking observations on an engine: which row of a patient a rule picks, also where a day or number is not exact."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from myosotis.language.record import FAR

if TYPE_CHECKING:
    import ibis

__all__ = ["meets", "ranked", "slot_of"]

_PLACE = ("source_row", "source", "sheet", "source_column")
_INFINITY = float("inf")


def meets(rows: ibis.Table, first: Any, last: Any, vague: bool) -> Any:  # noqa: ANN401 - days or columns
    """Keep the rows between two days, both included, and where days are vague those that may be."""
    if not vague:
        return rows.day.notnull() & (rows.day >= first) & (rows.day <= last)
    return (rows.day_low > -FAR) & (rows.day_low <= last) & (rows.day_high >= first)


def slot_of(rows: ibis.Table, slot: int, rule: str, days: tuple[Any, Any, Any], exact: bool) -> ibis.Table:
    """Mark rows as candidates for one slot, with the keys by which they are sorted.

    `days` are the first and last day of the interval and its target, as numbers or as columns of the rows.
    """
    import ibis

    columns = {"slot": ibis.literal(slot).cast("int64")}
    if exact:
        day = rows.day.cast("float64")
        columns["best"] = {
            "nearest": (day - days[2]).abs(),
            "first": day,
            "last": -day,
            "lowest": rows.number_low,
            "highest": -rows.number_low,
        }[rule]
    else:
        columns |= _keys(rows, rule, days)
    return rows.select(
        "patient_id",
        "name",
        "day",
        "number_low",
        "number_high",
        "text",
        "upper_limit",
        "lower_limit",
        *_PLACE,
        **columns,
    )


def _keys(rows: ibis.Table, rule: str, days: tuple[Any, Any, Any]) -> dict[str, Any]:
    """Give each candidate the days it can have in the interval, and its best and its worst key."""
    import ibis

    low, high = rows.day_low.cast("float64"), rows.day_high.cast("float64")
    begin, end, target = ((ibis.literal(day) if isinstance(day, int) else day).cast("float64") for day in days)
    first, last = ibis.ifelse(low >= begin, low, begin), ibis.ifelse(high <= end, high, end)
    match rule:
        case "nearest":
            near = ibis.cases((target < first, first), (target > last, last), else_=target)
            far = ibis.ifelse(last - target >= target - first, last, first)
            best, worst = ((near - target).abs(), near), ((far - target).abs(), far)
        case "first":
            best, worst = (first, first), (last, last)
        case "last":
            best, worst = (-last, last), (-first, first)
        case "lowest":
            best = (rows.number_low.fill_null(-_INFINITY), first)
            worst = (rows.number_high.fill_null(_INFINITY), last)
        case _:
            best = (-rows.number_high.fill_null(_INFINITY), first)
            worst = (-rows.number_low.fill_null(-_INFINITY), last)
    return {
        "first_day": first, "last_day": last, "target": target, "best": best[0], "best_day": best[1],
        "worst": worst[0], "worst_day": worst[1],
        "sure": ibis.ifelse((low >= begin) & (high <= end), 1, 0),
    }  # fmt: skip


def ranked(parts: Sequence[ibis.Table], rule: str, exact: bool) -> ibis.Table:
    """Keep the first candidate per patient, observation and slot, by key, then earlier day, then lower source row.

    Where something is not exact, keep every candidate that no other, surely there, comes before whatever the days and
    numbers are; the days of the others are those on which they would come first.
    """
    import ibis

    stacked = reduce(lambda a, b: a.union(b), parts)
    stacked = stacked.mutate(
        candidate=stacked.slot.cast("string") + " " + stacked.name,
        sheet=stacked.sheet.fill_null(""),
        source_column=stacked.source_column.fill_null(""),
    )
    group = [stacked.patient_id, stacked.name, stacked.slot]
    place = [stacked[name] for name in _PLACE]
    if exact:
        order = [stacked.best, stacked.day, *place]
        numbered = stacked.mutate(place=ibis.row_number().over(group_by=group, order_by=order))
        return numbered.filter(numbered.place == 0)
    settled = ibis.window(group_by=group, order_by=[stacked.sure.desc(), stacked.worst, stacked.worst_day, *place])
    names = ("sure", "worst", "worst_day", *_PLACE)
    held = stacked.mutate(**{f"settled_{name}": stacked[name].first().over(settled) for name in names})
    own = (held.best, held.best_day, *(held[name] for name in _PLACE))
    other = (held.settled_worst, held.settled_worst_day, *(held[f"settled_{name}"] for name in _PLACE))
    kept = held.filter((held.settled_sure == 0) | _not_after(own, other))
    return kept.mutate(**_days_before(kept, rule))


def _not_after(own: Sequence[Any], other: Sequence[Any]) -> Any:  # noqa: ANN401 - columns
    """Compare two keys part by part: the first that differs decides."""
    import ibis

    found = ibis.literal(True)
    for a, b in reversed(list(zip(own, other, strict=True))):
        found = (a < b) | ((a == b) & found)
    return found


def _days_before(rows: ibis.Table, rule: str) -> dict[str, Any]:
    """Leave candidates the days on which they come before the one that is settled."""
    import ibis

    mine = reduce(lambda a, b: a & b, [rows[name] == rows[f"settled_{name}"] for name in _PLACE])
    free = (rows.settled_sure == 0) | mine
    first, last = rows.first_day, rows.last_day
    match rule:
        case "nearest":
            # Of two days as far from the target the earlier counts, so the later is none of them.
            later = ibis.ifelse(rows.settled_worst_day < rows.target, 1.0, 0.0)
            begin, end = rows.target - rows.settled_worst, rows.target + rows.settled_worst - later
        case "first":
            begin, end = first, rows.settled_worst
        case "last":
            begin, end = -rows.settled_worst, last
        case _:
            return {}
    return {
        "first_day": ibis.ifelse(free | (first >= begin), first, begin),
        "last_day": ibis.ifelse(free | (last <= end), last, end),
    }
