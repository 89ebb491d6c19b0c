"""One patient's record: every row that belongs to the patient, on the clock of the index date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from myosotis.core.fatal import is_fatal
from myosotis.errors import ProtocolError
from myosotis.language.declared import asked, check_fields
from myosotis.language.values import Drugs

if TYPE_CHECKING:
    from myosotis.model.dataset import Dataset

__all__ = [
    "FAR",
    "Days",
    "FollowUp",
    "IndexDate",
    "PatientRecord",
    "Row",
    "course_on",
    "date_of",
    "first_dose",
    "matches",
    "observed_on",
    "recorded_days",
    "records",
]

# A day further away than any two dates of the calendar: the bound of a day of which nothing is known.
FAR = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDate:
    """Say what day 0 is for each patient.

    `first dose`: the first start of any of the drugs. `date on the patient`: a date column of the patients table.
    `days as recorded`: the source counts days from an index date of its own and no calendar date is used.
    A first dose known to the month only, or a course that may have begun earlier, gives a patient no index date.
    """

    rule: Literal["first dose", "date on the patient", "days as recorded"]
    drugs: Drugs | None = None
    field: str = ""

    def __post_init__(self) -> None:
        check_fields(self)

    def __str__(self) -> str:
        if self.drugs is not None:
            return f"the first dose of {self.drugs.label}"
        return f"the {self.field.replace('_', ' ')}" if self.field else "the day that the source counts from"


def first_dose(*names: str) -> IndexDate:
    """Count days from the first start of any of the drugs."""
    asked("first_dose", "the names of drugs", names, tuple[str, ...])
    return IndexDate(rule="first dose", drugs=Drugs(label=" or ".join(names), names=names))


def date_of(field: str) -> IndexDate:
    """Count days from a date of the patients table: `diagnosis_date`, `onset_date` or `birth_date`."""
    if field not in ("diagnosis_date", "onset_date", "birth_date"):
        raise ProtocolError(f"{field!r} is no date of the patients table; use diagnosis_date, onset_date or birth_date")
    return IndexDate(rule="date on the patient", field=field)


def recorded_days() -> IndexDate:
    """Use the days that the source recorded, whose day 0 is its own."""
    return IndexDate(rule="days as recorded")


Row = dict[str, Any]
Days = tuple[int, int]  # the earliest and the latest day it can be, both included; FAR without a bound


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Bound the day of a patient's death and of the last contact, from the index date; FAR where there is none.

    Death is the patient's own date, else that of a fatal event: its stop, or, without one, some day from its onset.
    """

    death: Days
    last_contact: Days

    @property
    def end(self) -> Days:
        """Give the last day on which anything counts: that of death or of the last contact, whichever comes first."""
        return min(self.death[0], self.last_contact[0]), min(self.death[1], self.last_contact[1])


ALIVE = FollowUp(death=(FAR, FAR), last_contact=(FAR, FAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRecord:
    """Hold one patient's rows, on the clock of the index date.

    Each carries `day` (or `start_day`, `stop_day`), None unless exactly known, and its bounds `day_low`, `day_high` (or
    `start_low`, `start_high`, `stop_low`, `stop_high`), FAR where there is none. A course ends with follow-up at the
    latest; `ongoing` says that it has no stop because it was still taken. `index_date` is None for a patient who has no
    index date (then no row has a day) or on the source's own clock.
    """

    patient_id: str
    index_date: date | None
    patient: Row
    observations: tuple[Row, ...]
    treatments: tuple[Row, ...]
    conditions: tuple[Row, ...]
    events: tuple[Row, ...]
    follow_up: FollowUp = ALIVE


def observed_on(row: Row) -> Row:
    """Place an observation or a condition by the day it carries, on the source's own clock."""
    return _Clock(day_zero=None, own=True).placed(row, "date")


def course_on(row: Row) -> Row:
    """Place a course by the days it carries, on the source's own clock, of a patient who is followed without end."""
    return _course(
        _Clock(day_zero=None, own=True).placed({"stop_known": None, "every": None, **row}, "start", "stop"), ALIVE
    )


def records(data: Dataset, index: IndexDate) -> Iterator[PatientRecord]:
    """Yield the record of every patient, in the order of the patients table.

    An observation, condition or event after the patient's death or last contact does not count and is left out.
    """
    grouped: dict[str, dict[str, list[Row]]] = {}
    for table in ("observations", "treatments", "conditions", "events"):
        for row in getattr(data, table).to_pylist():
            grouped.setdefault(row["patient_id"], {}).setdefault(table, []).append(row)
    for patient in data.patients.to_pylist():
        rows = grouped.get(patient["patient_id"], {})
        clock = _Clock(
            day_zero=_index_date(index, patient, rows.get("treatments", [])), own=index.rule == "days as recorded"
        )
        events = [clock.placed(row, "start", "stop") for row in rows.get("events", [])]
        follow_up = FollowUp(
            death=_death(patient, events, clock), last_contact=_days(patient, "last_contact", "last_contact_day", clock)
        )
        until = follow_up.end[1]
        courses = [_course(clock.placed(row, "start", "stop"), follow_up) for row in rows.get("treatments", [])]
        yield PatientRecord(
            patient_id=patient["patient_id"],
            index_date=clock.day_zero,
            patient=patient,
            observations=tuple(_by(until, (clock.placed(row, "date") for row in rows.get("observations", [])))),
            treatments=tuple(row for row in courses if row["start_low"] <= row["stop_high"]),
            conditions=tuple(_by(until, (clock.placed(row, "date") for row in rows.get("conditions", [])))),
            events=tuple(_onset(row, until) for row in events if row["start_low"] <= until),
            follow_up=follow_up,
        )


def matches(drugs: Drugs, row: Row) -> bool:
    """Say whether a treatment row is of the named drugs."""
    if row["drug"] in drugs.except_names or row["drug_class"] in drugs.except_classes:
        return False
    return row["drug"] in drugs.names or row["drug_class"] in drugs.classes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """Count days from a patient's day 0, or as the source counted them itself."""

    day_zero: date | None
    own: bool

    def placed(self, row: Row, *dates: str) -> Row:
        """Give a row the day of each of its dates: from the date where there is one, else the day recorded."""
        made = dict(row)
        for name in dates:
            column, prefix = ("day", "day") if name == "date" else (f"{name}_day", name)
            low, high = self.days(row, name, column)
            made[column] = low if low == high else None
            made[f"{prefix}_low"], made[f"{prefix}_high"] = low, high
        return made

    def days(self, row: Row, name: str, column: str) -> Days:
        """Bound the day of a date of a row; from -FAR to FAR where nothing is known."""
        recorded: int | None = row[column]
        if self.own:
            return (-FAR, FAR) if recorded is None else (recorded, recorded)
        if self.day_zero is None:
            return -FAR, FAR
        earliest, latest = row[name] or row[f"{name}_earliest"], row[name] or row[f"{name}_latest"]
        if earliest is not None and latest is not None:
            return (earliest - self.day_zero).days, (latest - self.day_zero).days
        return (-FAR, FAR) if recorded is None else (recorded, recorded)


def _days(row: Row, name: str, column: str, clock: _Clock) -> Days:
    """Bound a date of the patient that may not have come: FAR where nothing is known."""
    low, high = clock.days(row, name, column)
    return (FAR, FAR) if (low, high) == (-FAR, FAR) else (low, high)


def _death(patient: Row, events: Iterable[Row], clock: _Clock) -> Days:
    own = _days(patient, "death", "death_day", clock)
    if own != (FAR, FAR):
        return own
    fatal = [row for row in events if is_fatal(row)]
    stops = [
        (row["stop_low"], row["stop_high"]) if row["stop_low"] > -FAR else (row["start_low"], FAR) for row in fatal
    ]
    return min((low for low, _ in stops), default=FAR), min((high for _, high in stops), default=FAR)


def _by(until: int, rows: Iterable[Row]) -> list[Row]:
    """Keep the rows that can have happened by a day."""
    return [row if row["day_high"] <= until else {**row, "day_high": until} for row in rows if row["day_low"] <= until]


def _onset(row: Row, until: int) -> Row:
    """Bound an event's onset by its end and by the end of follow-up."""
    return {**row, "start_high": min(row["start_high"], max(row["start_low"], row["stop_high"]), until)}


def _course(row: Row, follow_up: FollowUp) -> Row:
    """Bound a course's start and stop by each other and by the end of follow-up."""
    unwritten = row["stop_low"] == -FAR
    ongoing = unwritten and row["stop_known"] is not False
    low, high = (FAR, FAR) if ongoing else (row["stop_low"], row["stop_high"])
    low, high = min(low, follow_up.end[0]), min(high, follow_up.end[1])
    return {
        **row,
        "ongoing": ongoing,
        "stop_low": max(low, row["start_low"]) if high >= row["start_low"] else low,
        "stop_high": high,
        "start_high": min(row["start_high"], high),
    }


def _index_date(index: IndexDate, patient: Row, treatments: list[Row]) -> date | None:
    if index.rule == "date on the patient":
        found: date | None = patient[index.field]
        return found
    if index.rule == "first dose":
        assert index.drugs is not None
        rows = [row for row in treatments if matches(index.drugs, row)]
        first = min((row["start"] for row in rows if row["start"] is not None), default=None)
        return first if first is not None and all(_begins(row) >= first for row in rows) else None
    return None


def _begins(row: Row) -> date:
    """Give the earliest day on which a course can have begun."""
    begin: date = row["start"] or row["start_earliest"] or date.min
    return begin
