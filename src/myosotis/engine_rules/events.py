"""Where adverse events stand, how serious they are and of what interest, answered on the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from myosotis.core.plain import plain_words
from myosotis.core.portable import as_number
from myosotis.engine_rules.asked import EventsAsked
from myosotis.engine_rules.records import by_event, joined
from myosotis.engine_rules.seriousness import criteria_met, criteria_open, serious
from myosotis.language.compile import compile_bounds
from myosotis.language.engine import EngineTables
from myosotis.language.record import FAR
from myosotis.measures.derived.events_of_interest import EventsOfInterest
from myosotis.measures.derived.treatment_emergent import AFTER, BEFORE, EMERGENT, NOT_EVALUABLE, OUTSIDE, UNTREATED

if TYPE_CHECKING:
    import ibis

__all__ = ["events_table"]


def events_table(asked: EventsAsked, tables: EngineTables) -> ibis.Table:
    """Build a table with a row for each event: where it stands in the source and in time, and what it is.

    Its columns are patient_id, source, sheet, source_row, term, organ_class, grade, place, serious, worsened, and for each
    group of interest whether the event is of it and whether it may be.
    """
    import ibis

    spans = _spans(asked, tables)
    rows = by_event(tables.events).left_join(spans, [("patient_id", "span_patient")])
    rows = rows.mutate(place=_place(rows, rows.start_low, rows.start_high, asked))
    events = joined(rows)
    later = _worse(rows)
    events = events.left_join(later, [("patient_id", "worse_patient"), ("event", "worse_event")])
    worsened = events.worse_low.notnull()
    events = events.mutate(
        worsened=worsened,
        onset_low=ibis.ifelse(worsened, events.worse_low, events.onset_low),
        onset_high=ibis.ifelse(worsened, events.worse_high, events.onset_high),
    ).left_join(spans, [("patient_id", "span_patient")])
    # What several columns are made of becomes a column first, so that it is written once.
    term = ibis.ifelse(events.preferred_term_plain != "", events.preferred_term_plain, events.term_plain)
    met = criteria_met(events)
    events = events.mutate(term=term, **{f"met_{name}": column for name, column in met.items()})
    met = {name: events[f"met_{name}"] for name in met}
    open_ = criteria_open(events, met)
    events = events.mutate(judged=serious(events, met), **{f"open_{name}": column for name, column in open_.items()})
    met, open_ = ({name: events[f"{kind}_{name}"] for name in of} for kind, of in (("met", met), ("open", open_)))
    named = {f"of_{i}": _named(group, events, met) for i, group in enumerate(asked.groups)}
    events = events.mutate(**named)
    told: dict[str, Any] = {}
    for i, group in enumerate(asked.groups):
        told[f"of_{i}"] = (
            events[f"of_{i}"] & events.judged.fill_null(False) if group.serious_only else events[f"of_{i}"]
        )
        told[f"may_{i}"] = _may(group, events[f"of_{i}"], events, open_, asked.looked_through)
    return events.select(
        "patient_id", "source", "sheet", "source_row", "grade", "worsened", "term", organ_class=events.organ_class_plain,
        place=_place(events, events.onset_low, events.onset_high, asked), serious=events.judged, **told,
    )  # fmt: skip


def _spans(asked: EventsAsked, tables: EngineTables) -> ibis.Table:
    """Bound each patient's doses and follow-up; a patient without a day on treatment has no first dose."""
    import ibis

    found = compile_bounds(
        {"first": asked.first_dose, "last": asked.last_dose, "days": asked.days, "until": asked.until}, tables
    )
    treated = found.first_recorded & (found.days_high.fill_null(0.0) != 0)

    def ends(name: str) -> tuple[Any, Any]:
        low, high = found[f"{name}_low"].round().cast("int64"), found[f"{name}_high"].round().cast("int64")
        return low.fill_null(-FAR), high.fill_null(FAR)

    until = ends("until")
    return found.select(
        span_patient=found.patient_id,
        treated=treated,
        first_low=ends("first")[0],
        first_high=ends("first")[1],
        stopped=found.last_recorded,
        last_low=ends("last")[0] + asked.emergent_until,
        last_high=ends("last")[1] + asked.emergent_until,
        until_low=ibis.ifelse(found.until_recorded, until[0], asked.followed_to),
        until_high=ibis.ifelse(found.until_recorded, until[1], asked.followed_to),
    )


def _place(rows: ibis.Table, low: Any, high: Any, asked: EventsAsked) -> Any:  # noqa: ANN401 - columns
    """Say where an onset between two days stands: the one place that it can have, else that this cannot be told."""
    import ibis

    start = asked.followed_from
    last_low = ibis.ifelse(rows.stopped, rows.last_low, 2 * FAR)
    last_high = ibis.ifelse(rows.stopped, rows.last_high, 2 * FAR)
    # The days on which the onset can be neither before the first dose nor after the window.
    inner_low, inner_high = ibis.greatest(low, rows.first_low), ibis.least(high, last_high)
    inside = inner_low <= inner_high
    can_be = {
        BEFORE: low < rows.first_high,
        AFTER: (high >= rows.first_low) & (high > last_low),
        EMERGENT: ibis.greatest(inner_low, start) <= ibis.least(inner_high, rows.until_high),
        OUTSIDE: inside & ((inner_low < start) | (inner_high > rows.until_low)),
    }
    places: Any = ibis.literal(0)
    for possible in can_be.values():
        places = places + as_number(possible)
    one = places == 1
    branches = [(one & possible, ibis.literal(name)) for name, possible in can_be.items()]
    untreated = ~rows.treated.fill_null(False)
    return ibis.cases((untreated, ibis.literal(UNTREATED)), *branches, else_=NOT_EVALUABLE)


def _worse(rows: ibis.Table) -> ibis.Table:
    """Find for each event the first record in the treatment-emergent window of a higher grade than before it."""
    each = ["patient_id", "event"]
    before = rows.filter(rows.place == BEFORE).group_by(each).agg(graded=lambda t: t.grade_known.max())
    before = before.rename({"before_patient": "patient_id", "before_event": "event"})
    emergent = rows.filter(rows.place == EMERGENT)
    worse = emergent.inner_join(before, [("patient_id", "before_patient"), ("event", "before_event")])
    worse = worse.filter(worse.grade_known > worse.graded)
    order = [worse.start_high, worse.source_row, worse.own]
    import ibis

    worse = worse.mutate(nth=ibis.row_number().over(group_by=each, order_by=order))
    worse = worse.filter(worse.nth == 0)
    return worse.select(
        worse_patient=worse.patient_id, worse_event=worse.event, worse_low=worse.start_low, worse_high=worse.start_high
    )


def _named(group: EventsOfInterest, events: ibis.Table, met: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Say which events are of a group by their term, the beginnings of its words, their class or a criterion."""
    import ibis

    found: Any = ibis.literal(False)
    if group.terms:
        found = found | events.term.isin([plain_words(one) for one in group.terms])
    if group.stems:
        begins = _begins(events.term, group.stems)
        found = found | (begins & ~_begins(events.term, group.but_not) if group.but_not else begins)
    if group.organ_classes:
        found = found | events.organ_class_plain.isin([plain_words(one) for one in group.organ_classes])
    for criterion in group.criteria:
        found = found | met[criterion]
    return found


def _may(
    group: EventsOfInterest,
    named: Any,  # noqa: ANN401 - columns
    events: ibis.Table,
    open_: Mapping[str, Any],
    looked_through: bool,
) -> Any:  # noqa: ANN401
    """Say which events are or may be of a group: by words that nobody has coded or read, or by an open fact."""
    import ibis

    found = named
    if (group.terms or group.stems or group.organ_classes) and not looked_through:
        found = found | (events.preferred_term_plain == "")
    for criterion in group.criteria:
        found = found | open_.get(criterion, ibis.literal(False))
    return found & events.judged.fill_null(True) if group.serious_only else found


def _begins(term: Any, stems: tuple[str, ...]) -> Any:  # noqa: ANN401 - columns
    """Say in which terms a word begins with one of the stems."""
    words = "|".join(re.escape(plain_words(stem)) for stem in stems)
    return term.re_search(rf"(^|[^\p{{L}}\p{{N}}_])({words})")
