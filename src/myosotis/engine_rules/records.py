"""Records of one adverse event joined on the engine, as `myosotis.analysis.event_records` joins them for one patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myosotis.core.portable import as_number

if TYPE_CHECKING:
    import ibis

__all__ = ["FACTS", "by_event", "joined"]

FACTS = ("hospitalised", "disabling", "life_threatening", "death", "serious")
_WORDS = ("term_plain", "preferred_term_plain", "organ_class_plain")


def by_event(events: ibis.Table) -> ibis.Table:
    """Number the records: by the event that they are of, and within it by onset and by grade, the highest first."""
    import ibis

    place = [events.source, events.sheet.fill_null(""), events.source_row, events.term_plain, events.start_low]
    rows = events.mutate(
        own=ibis.row_number().over(group_by="patient_id", order_by=place), grade_known=events.grade.fill_null(0)
    )
    key = ibis.ifelse(
        rows.event_id.isnull(), ibis.literal("row ") + rows.own.cast("string"), ibis.literal("event ") + rows.event_id
    )
    rows = rows.mutate(event=key)
    each = ["patient_id", "event"]
    rows = rows.mutate(
        by_onset=ibis.row_number().over(
            group_by=each, order_by=[rows.start_high, rows.start_low, rows.source_row, rows.own]
        )
    )
    rows = rows.mutate(
        by_grade=ibis.row_number().over(group_by=each, order_by=[ibis.desc(rows.grade_known), rows.by_onset])
    )
    return rows.mutate(word_order=ibis.ifelse(rows.by_grade == 0, -1, rows.by_onset))


def joined(rows: ibis.Table) -> ibis.Table:
    """Join the records of each event to one row: its words, its highest grade, its first onset, its facts."""
    highest = rows.by_grade == 0
    words = {name: rows[name].argmin(rows.word_order, where=rows[name] != "").fill_null("") for name in _WORDS}
    facts = {name: _any_true(rows[name]) for name in FACTS}
    made: ibis.Table = rows.group_by(["patient_id", "event"]).agg(
        source=rows.source.max(where=highest),
        sheet=rows.sheet.fill_null("").max(where=highest),
        source_row=rows.source_row.max(where=highest),
        grade=rows.grade.max(where=highest),
        onset_low=rows.start_low.min(),
        onset_high=rows.start_high.min(),
        outcome_plain=rows.outcome_plain.argmax(rows.by_onset, where=rows.outcome_plain != "").fill_null(""),
        said=rows.seriousness_plain.group_concat(sep=";"),
        **words,
        **facts,
    )
    return made


def _any_true(told: Any) -> Any:  # noqa: ANN401 - a column
    """Say yes where one record does, no where all do, else nothing."""
    import ibis

    yes, open_ = as_number(told).max(), ibis.ifelse(told.isnull(), 1, 0).max()
    return ibis.cases((yes == 1, True), (open_ == 1, ibis.null("boolean")), else_=False)
