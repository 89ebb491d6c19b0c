"""Ask an expression of a day of each row's own: what may be of that day is moved to where the expression looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from myosotis.engine_rules.each_row import ASKED, each_row
from myosotis.language.engine import EngineTables
from myosotis.language.engine_leaves_picks import meets
from myosotis.language.structure import Node, observed

if TYPE_CHECKING:
    import ibis

__all__ = ["on_day"]


def on_day(rows: ibis.Table, tables: EngineTables, node: Node) -> EngineTables:
    """Make every row a patient to whom the observations of `asked_day` that `node` reads belong, at `ASKED`."""
    seen = tables.observations.filter(tables.observations.name.isin(observed(node)))
    met = rows.inner_join(seen, [("owner", "patient_id")])
    met = met.filter(meets(met, met.asked_day, met.asked_day, vague=True))
    moved = ASKED.target - met.asked_day
    met = met.mutate(
        patient_id=met.row_id, day=met.day + moved, day_low=met.day_low + moved, day_high=met.day_high + moved
    )
    return each_row(rows, tables, observations=met.select(*tables.observations.columns))
