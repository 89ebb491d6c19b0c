"""Interruptions and stops of a drug, answered on the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myosotis.engine_rules.asked import PausesAsked
from myosotis.language.engine import EngineTables, belongs

if TYPE_CHECKING:
    import ibis

__all__ = ["pauses_table"]


def pauses_table(asked: PausesAsked, tables: EngineTables) -> ibis.Table:
    """Build a table with a row for each interruption and stop of a patient's drug, and for each doubt about the courses.

    Its columns are patient_id, what, first_day, last_day and reason; of what is no pause, the days and the reason are NULL.
    """
    import ibis

    rows = _courses(asked, tables)
    pauses = _pauses(rows)
    return ibis.union(_with_reasons(pauses, rows), _facts(rows, asked))


def _courses(asked: PausesAsked, tables: EngineTables) -> ibis.Table:
    """List the courses of the drug with the last day on which each patient is followed."""
    import ibis

    patients = tables.patients
    ends = patients.select(
        owner=patients.patient_id,
        until=ibis.least(asked.last_day, patients.death_low, patients.last_contact_low),
    )
    rows = tables.treatments.filter(belongs(tables.treatments, asked.drugs)).inner_join(ends, [("patient_id", "owner")])
    return rows.mutate(
        begin=ibis.greatest(rows.start_low, 0),
        end=ibis.least(rows.stop_high, rows.until),
        sure_begin=ibis.greatest(rows.start_high, 0),
        sure_end=ibis.least(rows.stop_low, rows.until),
        within=(rows.start_low <= rows.until) & (rows.stop_high >= 0),
    )


def _earlier(last: Any, order: list[Any]) -> Any:  # noqa: ANN401 - columns
    """Give the latest last day of the rows before each."""
    import ibis

    before = ibis.window(group_by="owner", order_by=order, preceding=(None, 1))
    return last.max().over(before)


def _pauses(rows: ibis.Table) -> ibis.Table:
    """Find the days that no course can cover: between two courses, and after the last while follow-up goes on."""
    import ibis

    possible = rows.filter(rows.begin <= rows.end)
    possible = possible.mutate(reach=_earlier(possible.end, [possible.begin, possible.end]))
    between = possible.filter(possible.begin > possible.reach + 1)
    between = between.select(
        "owner", what=ibis.literal("interrupted"), first_day=between.reach + 1, last_day=between.begin - 1
    )
    last = possible.group_by("owner").agg(reach=possible.end.max(), until=possible.until.max())
    last = last.filter(last.reach < last.until)
    stopped = last.select("owner", what=ibis.literal("stopped"), first_day=last.reach + 1, last_day=ibis.null("int64"))
    return ibis.union(between, stopped)


def _with_reasons(pauses: ibis.Table, rows: ibis.Table) -> ibis.Table:
    """Give each pause the reason written on the course that ended the day before, the first in the source that has one."""
    import ibis

    told = rows.filter(~rows.ongoing & (rows.stop_reason_plain != ""))
    place = [told.source_row, told.source, told.sheet.fill_null("")]
    told = told.mutate(
        order=ibis.row_number().over(group_by=["owner", "stop_high"], order_by=[*place, told.stop_reason_plain])
    )
    told = told.filter(told.order == 0).select(told_of="owner", ended="stop_high", reason="stop_reason_plain")
    pauses = pauses.mutate(day_before=pauses.first_day - 1)
    found = pauses.left_join(told, [("owner", "told_of"), ("day_before", "ended")])
    found = found.mutate(reason=found.reason.fill_null(""))
    return found.select("owner", "what", "first_day", "last_day", "reason").rename(patient_id="owner")


def _facts(rows: ibis.Table, asked: PausesAsked) -> ibis.Table:
    """Say of whom the drug was taken for certain, whose courses overlap, are not exactly known or in another unit."""
    import ibis

    spans = rows.filter(rows.within & (rows.stop_low >= rows.start_high))
    spans = spans.mutate(reach=_earlier(spans.stop_low, [spans.start_high, spans.stop_low]))
    vague = (rows.begin != rows.sure_begin) | (ibis.least(rows.stop_low, rows.until) != rows.end)
    kinds = {
        "taken": rows.filter(rows.sure_begin <= rows.sure_end),
        "overlapping": spans.filter(spans.start_high <= spans.reach),
        "inexact": rows.filter(rows.within & vague),
        "another unit": rows.filter(rows.within & (rows.dose_unit.fill_null("") != asked.unit)),
    }
    return ibis.union(
        *(
            found.select(
                patient_id="owner",
                what=ibis.literal(what),
                first_day=ibis.null("int64"),
                last_day=ibis.null("int64"),
                reason=ibis.null("string"),
            ).distinct()
            for what, found in kinds.items()
        )
    )
