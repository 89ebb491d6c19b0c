"""Records of one adverse event: rows that share the identifier which the source gave the event, joined to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["begun_with", "join_records", "records_by_event"]

Row = Mapping[str, Any]

_FACTS = ("hospitalised", "disabling", "life_threatening", "death", "serious")
_WORDS = ("term", "preferred_term", "organ_class", "related", "action")
_ONSET = ("start", "start_earliest", "start_latest", "start_day")
_END = ("stop", "stop_earliest", "stop_latest", "stop_day", "stop_low", "stop_high")


def records_by_event(rows: Iterable[Row]) -> list[tuple[Row, ...]]:
    """Group one patient's rows by event, in order of source row; a row without an event identifier is an event."""
    events: dict[object, list[Row]] = {}
    ordered = sorted(rows, key=lambda row: (row["source"], row["sheet"] or "", row["source_row"]))
    for position, row in enumerate(ordered):
        identifier = row["event_id"]
        events.setdefault(position if identifier is None else (identifier,), []).append(row)
    return [tuple(records) for records in events.values()]


def join_records(records: Sequence[Row]) -> dict[str, Any]:
    """Join the records of one event to one row of the events table.

    The grade is the highest recorded; words and place in the source are those of the record with it, the earliest of
    several. The onset is the first: between the earliest days and the latest days that the records' onsets can be. The
    end is that of the latest record. A fact such as `death` is true where one record says so, false where all say no, else
    missing; all words for seriousness are kept.

    >>> rows = [
    ...     {"grade": g, "start_day": d, "start_low": d, "start_high": d, "source": "e", "sheet": "", "source_row": d}
    ...     for d, g in ((3, 1), (9, 3))
    ... ]
    >>> joined = join_records(rows)
    >>> joined["grade"], joined["start_low"], joined["start_high"], joined["source_row"]
    (3, 3, 3, 9)
    >>> join_records(rows[:1]) == rows[0]
    True
    """
    if len(records) == 1:
        return dict(records[0])
    by_onset = sorted(records, key=lambda row: (row["start_high"], row["start_low"], row["source_row"]))
    highest = min(by_onset, key=lambda row: -(row["grade"] or 0))
    onset = min(row["start_low"] for row in records), min(row["start_high"] for row in records)
    first = next((row for row in by_onset if (row["start_low"], row["start_high"]) == onset), {})
    joined = dict(highest)
    joined |= {name: first.get(name) for name in _ONSET}
    joined |= {"start_low": onset[0], "start_high": onset[1]}
    joined |= {name: by_onset[-1].get(name) for name in _END}
    joined |= {name: _any_true([row.get(name) for row in records]) for name in _FACTS}
    for name in _WORDS:
        told = [row[name] for row in (highest, *by_onset) if row.get(name)]
        joined[name] = told[0] if told else None
    outcomes = [row["outcome"] for row in by_onset if row.get("outcome")]
    joined["outcome"] = outcomes[-1] if outcomes else None
    joined["seriousness"] = "; ".join(dict.fromkeys(row["seriousness"] for row in by_onset if row.get("seriousness")))
    return joined


def begun_with(row: Row, record: Row) -> dict[str, Any]:
    """Let an event begin with one of its records."""
    return {**row, **{name: record.get(name) for name in (*_ONSET, "start_low", "start_high")}}


def _any_true(told: Sequence[bool | None]) -> bool | None:
    if True in told:
        return True
    return None if None in told else False
