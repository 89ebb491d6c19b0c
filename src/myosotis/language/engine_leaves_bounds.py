"""What is read from the rows one of which a rule picks: bounds, and whether there is such a row at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myosotis.language import values as v

if TYPE_CHECKING:
    import ibis

__all__ = ["bounds_and_state", "columns_of", "hull", "pick_of", "with_state"]


def pick_of(leaf: Any) -> v.Picked:  # noqa: ANN401 - a leaf made of a pick
    """Give the pick that a leaf is read from."""
    return leaf if isinstance(leaf, v.Picked) else leaf.of


def _rule(leaf: Any) -> str:  # noqa: ANN401 - a leaf read from one observation
    return "nearest" if isinstance(leaf, v.Nearest) else pick_of(leaf).rule


def columns_of(leaf: v.Picked | v.DayOf | v.LimitOf) -> tuple[str, str]:
    """Name the columns that bound what a leaf reads from the row."""
    match leaf:
        case v.DayOf():
            return "first_day", "last_day"
        case v.LimitOf():
            return f"{leaf.which}_limit", f"{leaf.which}_limit"
    return "number_low", "number_high"


def hull(leaf: Any, name: str, here: Any, stacked: ibis.Table) -> dict[str, Any]:  # noqa: ANN401
    """Bound what a leaf reads from the rows one of which is picked."""
    low, high = (stacked[column].cast("float64") for column in columns_of(leaf))
    return {
        f"{name}_rows": stacked.count(where=here),
        f"{name}_lows": low.count(where=here),
        f"{name}_highs": high.count(where=here),
        f"{name}_least": low.min(where=here),
        f"{name}_most": high.max(where=here),
        # Of the lowest and the highest of several intervals one end is bounded by a single one of those surely there.
        f"{name}_inner": (high.min if _rule(leaf) == "lowest" else low.max)(where=here & (stacked.sure == 1)),
        f"{name}_sure": stacked.sure.max(where=here),
    }


def bounds_and_state(leaf: Any, name: str, found: ibis.Table) -> dict[str, Any]:  # noqa: ANN401
    """Give the bounds and the state of a leaf: recorded, perhaps recorded, missing."""
    import ibis

    null = ibis.null("float64")
    rows, sure = found[f"{name}_rows"], found[f"{name}_sure"].fill_null(0) == 1
    whole = (found[f"{name}_lows"] == rows, found[f"{name}_highs"] == rows)
    low = ibis.ifelse(whole[0], found[f"{name}_least"], null)
    high = ibis.ifelse(whole[1], found[f"{name}_most"], null)
    if isinstance(leaf, v.Picked) and leaf.rule == "lowest":
        high = found[f"{name}_inner"]
    if isinstance(leaf, v.Picked) and leaf.rule == "highest":
        low = found[f"{name}_inner"]
    nothing = rows == 0
    if isinstance(leaf, v.LimitOf):
        nothing = nothing | (found[f"{name}_lows"] == 0)
        sure = sure & whole[0]
    state = ibis.cases((nothing, 0), (sure, 2), else_=1)
    there = state == 2
    return {
        name: ibis.ifelse(there, low, null),
        f"{name}_high": ibis.ifelse(there, high, null),
        f"{name}_state": state,
    }


def with_state(name: str, low: Any, high: Any, sure: Any) -> dict[str, Any]:  # noqa: ANN401 - columns
    """Make a leaf's columns of bounds that hold where there is surely a row; `sure` is NULL where there is none."""
    import ibis

    null = ibis.null("float64")
    return {
        name: ibis.ifelse(sure == 1, low, null),
        f"{name}_high": ibis.ifelse(sure == 1, high, null),
        f"{name}_state": ibis.cases((sure == 1, 2), (sure == 0, 1), else_=0),
    }
