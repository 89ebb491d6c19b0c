"""The listing of every adverse event: its facts, its place in time, and where it stands in the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.adverse_events import AdverseEvents, lines_key
from myosotis.analysis.safety_events import NOT_RECORDED, SafetyEvent
from myosotis.core.spans import told_date
from myosotis.results.listing import PatientLines

__all__ = ["event_listing"]


def event_listing(analysis: AdverseEvents, events: Sequence[SafetyEvent]) -> PatientLines:
    """List every event with its facts, its place in time and where it stands in the source."""
    return PatientLines(
        key=lines_key(analysis),
        columns=[
            "patient", "event", "term", "organ_class", "onset_day", "onset", "end", "grade", "serious", "relation", "action",
            "outcome", "counted_as", "source",
        ],
        rows=[_listed(event) for event in events],
    )  # fmt: skip


def _listed(event: SafetyEvent) -> list[str]:
    row, judged = event.row, event.judged
    serious = {True: f"yes: {', '.join(judged.criteria)}", False: "no", None: "not evaluable"}[judged.serious]
    remarks = [event.place]
    remarks += ["recorded as not serious"] if judged.contradicted else []
    remarks += [f"of {len(event.records)} rows"] if len(event.records) > 1 else []
    remarks += ["worsened under treatment"] if event.worsened else []
    remarks += ["same term and onset as another event"] if event.alike else []
    return [
        event.patient,
        row["term"],
        event.term,
        event.organ_class,
        "" if event.day is None else str(event.day),
        _date(row, "start") or NOT_RECORDED,
        _date(row, "stop") or "no end recorded",
        "" if event.grade is None else str(event.grade),
        serious,
        event.text("related"),
        event.text("action"),
        event.text("outcome"),
        "; ".join(remarks),
        f"{row['sheet'] or row['source']} row {', '.join(str(one['source_row']) for one in event.records)}",
    ]


def _date(row: Mapping[str, Any], name: str) -> str:
    told = told_date(row[name], row[f"{name}_earliest"], row[f"{name}_latest"])
    if told:
        return told
    return "" if row[f"{name}_day"] is None else f"day {row[f'{name}_day']}"
