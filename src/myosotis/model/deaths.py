"""Fatal events held against the patient's own day of death: one that is missing, another, or contradicted is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from myosotis.core.fatal import is_fatal
from myosotis.model.cells import Refusal
from myosotis.model.claims import CellPlace, Record
from myosotis.model.ledger import LedgerBuilder

__all__ = ["note_deaths"]

_RULE = "fatal event without a day of death"
_EXPECTED = "the day of death, in the patients table (death or death_day)"
_NO_DAY = Refusal(
    _RULE,
    "a fatal event without a stop, of a patient without a death",
    _EXPECTED,
    "fill the death in, or the stop of the event; until then the patient died on some day from its start on, and what "
    "depends on the day is not evaluable",
    "warning",
)
_STOP_ALONE = Refusal(
    _RULE,
    "a fatal event with a stop, of a patient without a death",
    _EXPECTED,
    "fill the death in; until then the stop of the event is taken as the day of death",
    "note",
)
_ANOTHER_DAY = Refusal(
    "fatal event and death differ",
    "a fatal event that stopped on another day than the patient died",
    "the day of death as the stop of a fatal event",
    "correct either, or the outcome of the event if the patient died of something else; until then the patient's own death "
    "is taken",
    "warning",
)
_EVENTS_DIFFER = Refusal(
    "fatal event and death differ",
    "fatal events of one patient that stopped on different days",
    "one day of death",
    "fill in the patient's own death, or correct the events; until then the first of the days is taken",
    "warning",
)
_NO_DEATH = Refusal(
    "fatal event that says no death",
    "no under death, on an event whose grade or outcome is fatal",
    "the same in all of them",
    "correct the death, the grade (5 is death) or the outcome; until then the event is fatal",
    "warning",
)


def note_deaths(events: Iterable[Record], patients: Iterable[Record], notebook: LedgerBuilder) -> None:
    """Tell each fatal event whose patient has no death, or died on another day than the event stopped.

    Days that may be the same, such as a month and a day of it, do not differ; calendar dates are held against calendar
    dates, days against days.
    """
    lives = {record.values["patient_id"]: record.values for record in patients}
    first: dict[str, Record] = {}
    for record in (event for event in events if is_fatal(event.values)):
        place = _place(record)
        if record.values.get("death") is False:
            notebook.problem(_NO_DEATH, place)
        life = lives.get(record.values["patient_id"], {})
        if _told(life, "death"):
            if _differ(record.values, "stop", life, "death"):
                notebook.problem(_ANOTHER_DAY, place)
            continue
        notebook.problem(_STOP_ALONE if _told(record.values, "stop") else _NO_DAY, place)
        earlier = first.setdefault(record.values["patient_id"], record)
        if _differ(record.values, "stop", earlier.values, "stop"):
            notebook.problem(_EVENTS_DIFFER, place)


def _place(record: Record) -> CellPlace:
    claims = [claim for name in ("death", "outcome", "grade") for claim in record.claims.get(name, ())]
    return claims[0].place if claims else record.place


def _told(values: Mapping[str, Any], name: str) -> bool:
    return any(values.get(column) is not None for column in (name, f"{name}_earliest", f"{name}_day"))


def _differ(one: Mapping[str, Any], its: str, other: Mapping[str, Any], others: str) -> bool:
    """Say whether two days cannot be the same."""
    a, b = _span(one, its), _span(other, others)
    if a is not None and b is not None:
        return a[1] < b[0] or b[1] < a[0]
    day, day_of_other = one.get(f"{its}_day"), other.get(f"{others}_day")
    return day is not None and day_of_other is not None and day != day_of_other


def _span(values: Mapping[str, Any], name: str) -> tuple[date, date] | None:
    first = values.get(name) or values.get(f"{name}_earliest")
    last = values.get(name) or values.get(f"{name}_latest")
    return None if first is None or last is None else (first, last)
