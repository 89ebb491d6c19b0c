"""Reading leaves for one patient in plain Python: which row counts, and what it says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from myosotis.language.criteria import HasCondition, PatientIs, TextIs
from myosotis.language.interval import MISSING, Interval, between, either, exactly, extreme
from myosotis.language.outcome import Evidence
from myosotis.language.record import PatientRecord, Row
from myosotis.language.values import LimitOf, Nearest, PatientNumber, Picked, VisitDay
from myosotis.language.windows import Window

__all__ = [
    "ABSENT",
    "Found",
    "Judged",
    "condition",
    "nearest",
    "patient_is",
    "patient_number",
    "pick",
    "pick_day",
    "pick_limit",
    "pick_text",
    "place",
    "visit_day",
]

Found = tuple[Interval, tuple[Evidence, ...]]
# A truth, whether it is open only because something is not exactly known, and the rows it was read from.
Judged = tuple[bool | None, bool, tuple[Evidence, ...]]

ABSENT = "absent"
_DAYS_PER_YEAR = 365.25
_DAYS_PER_MONTH = 365.25 / 12


def pick(node: Picked, record: PatientRecord) -> Found:
    """Find the number that a `Picked` means."""
    candidates = _candidates(node.name, _numeric(record), node.window)
    return _one_of(candidates, node, _number)


def pick_day(node: Picked, record: PatientRecord) -> Found:
    """Find the day of the observation that a `Picked` means."""
    candidates = _candidates(node.name, _numeric(record), node.window)
    first, last = node.window.first, node.window.last
    return _one_of(candidates, node, lambda row: (max(row["day_low"], first), min(row["day_high"], last)))


def pick_limit(node: LimitOf, record: PatientRecord) -> Found:
    """Find the laboratory's limit recorded with the observation that a `Picked` means."""
    candidates = _candidates(node.of.name, _numeric(record), node.of.window)
    column = f"{node.which}_limit"
    return _one_of(candidates, node.of, lambda row: None if row[column] is None else (row[column], row[column]))


def pick_text(node: TextIs, record: PatientRecord) -> Judged:
    """Say whether the text that a `Picked` means is one of several."""
    rows = [row for row in record.observations if row["text"] is not None]
    candidates = _candidates(node.of.name, rows, node.of.window)
    reached, evidence = candidates.reached(node.of)
    if not reached:
        return None, False, ()
    truths = {row["text"] in node.texts for row in reached}
    if len(truths) == 1 and candidates.certain_to_exist:
        return truths.pop(), False, evidence
    return None, True, evidence


def visit_day(node: VisitDay, record: PatientRecord) -> Found:
    """Find the day nearest to a window's target on which any of the named observations was made."""
    window = node.window
    named = [row for row in record.observations if row["name"] in node.names]
    exact = [row for row in named if row["day"] is not None and window.contains(row["day"])]
    vague = [row for row in named if row["day"] is None and _meets(row, window)]
    rows = sorted(exact, key=lambda row: (abs(row["day"] - window.target), row["day"], *place(row)))
    if vague:
        inside = bool(exact) or any(_lies_in(row, window) for row in vague)
        spans = [(max(r["day_low"], window.first), min(r["day_high"], window.last)) for r in (*rows[:1], *vague)]
        bounds = between(float(min(a for a, _ in spans)), float(max(b for _, b in spans)), inside or None)
        return bounds, tuple(_evidence(row, "visit") for row in (*rows[:1], *vague))
    return (exactly(rows[0]["day"]), (_evidence(rows[0], "visit"),)) if rows else (MISSING, ())


def nearest(node: Nearest, to: Interval, record: PatientRecord) -> Found:
    """Find the observation nearest to a day."""
    if not to.recorded:
        return between(None, None, to.recorded), ()
    if to.number is None:
        return between(None, None, None), ()
    day, within = to.number, node.within
    rows = [row for row in _numeric(record) if row["name"] == node.name]
    exact = [row for row in rows if row["day"] is not None and abs(row["day"] - day) <= within]
    exact = sorted(exact, key=lambda row: (abs(row["day"] - day), row["day"], *place(row)))[:1]
    vague = [
        row for row in rows if row["day"] is None and row["day_low"] <= day + within and row["day_high"] >= day - within
    ]
    if not vague:
        return (_number_of(exact[0]), (_evidence(exact[0], node.label),)) if exact else (MISSING, ())
    reached = (*exact, *vague)
    sure = bool(exact) or any(row["day_low"] >= day - within and row["day_high"] <= day + within for row in vague)
    found = either([_number_of(row) for row in reached])
    return between(found.low, found.high, sure or None), tuple(_evidence(row, node.label) for row in reached)


def patient_number(node: PatientNumber, record: PatientRecord) -> Found:
    """Work out an age (years) or a disease duration (months) at the index date."""
    patient, index = record.patient, record.index_date
    birth, onset, diagnosis = (_bounds_of(patient, f"{name}_date") for name in ("birth", "onset", "diagnosis"))
    number = MISSING
    if node.field == "age_at_index":
        if birth is not None and index is not None:
            number = between(_age(birth[1], index), _age(birth[0], index))
        else:
            number = exactly(patient["age_at_index"])
    elif node.field == "age_at_onset":
        if birth is not None and onset is not None:
            number = between(_age(birth[1], max(onset[0], birth[1])), _age(birth[0], onset[1]))
        else:
            number = exactly(patient.get("age_at_onset"))
    elif diagnosis is not None and index is not None:
        number = between(*((index - day).days / _DAYS_PER_MONTH for day in reversed(diagnosis)))
    return number, (_patient_evidence(record, node.field.replace("_", " "), number.number),)


def _bounds_of(patient: Row, name: str) -> tuple[date, date] | None:
    """Bound a date of the patient; None where nothing is known of it."""
    exact, earliest, latest = patient[name], patient[f"{name}_earliest"], patient[f"{name}_latest"]
    if exact is not None:
        return exact, exact
    return None if earliest is None or latest is None else (earliest, latest)


def _age(birth: date, on: date) -> float:
    """Give the age in years: days / 365.25, held within the completed years, so that a birthday is the full year."""
    completed = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    return max(float(completed), min((on - birth).days / _DAYS_PER_YEAR, completed + 1 - 1 / _DAYS_PER_YEAR))


def patient_is(node: PatientIs, record: PatientRecord) -> Judged:
    """Compare a field of the patient with the texts asked for."""
    text = record.patient[node.field]
    return (
        (None if text is None else text in node.texts),
        False,
        (_patient_evidence(record, node.field, None, text or ""),),
    )


def condition(node: HasCondition, first: Interval | None, last: Interval | None, record: PatientRecord) -> Judged:
    """Say whether a condition was recorded in an interval; a record whose day is not exactly known may lie in it."""
    days = [day for day in (first, last) if day is not None]
    if not all(day.recorded for day in days):
        return None, all(day.recorded is not False for day in days), ()
    rows = [
        row
        for row in record.conditions
        if row["name"] in node.names and (row["status"] in node.statuses if node.statuses else row["status"] != ABSENT)
    ]
    sure = [row for row in rows if _after(first, row)[0] and _before(last, row)[0]]
    maybe = [row for row in rows if _after(first, row)[1] and _before(last, row)[1]]
    evidence = tuple(_evidence(row, row["name"]) for row in (sure or maybe))
    if sure:
        return True, False, evidence
    return (None, True, evidence) if maybe else (False, False, ())


def _after(first: Interval | None, row: Row) -> tuple[bool, bool]:
    """Say whether a row lies on or after a day for certain, and whether it may."""
    if first is None:
        return True, True
    return (
        first.high is not None and row["day_low"] >= first.high,
        first.low is None or row["day_high"] >= first.low,
    )


def _before(last: Interval | None, row: Row) -> tuple[bool, bool]:
    if last is None:
        return True, True
    return last.low is not None and row["day_high"] <= last.low, last.high is None or row["day_low"] <= last.high


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidates:
    """Hold the rows of one observation that lie in a window, and those that may."""

    exact: tuple[Row, ...]
    vague: tuple[Row, ...]
    certain_to_exist: bool

    def reached(self, node: Picked) -> tuple[list[Row], tuple[Evidence, ...]]:
        """Give the rows one of which the rule picks, with the evidence."""
        first = sorted(self.exact, key=lambda row: (*_rank(node, row), *place(row)))
        rows = first[:1]
        if node.rule in ("lowest", "highest") and any(row["number"] is None for row in self.exact):
            rows = first
        rows = [*rows, *self.vague]
        return rows, tuple(_evidence(row, f"{node.label} at {node.window.label}") for row in rows)


def _candidates(name: str, rows: Iterable[Row], window: Window) -> _Candidates:
    named = [row for row in rows if row["name"] == name]
    exact = tuple(row for row in named if row["day"] is not None and window.contains(row["day"]))
    vague = tuple(row for row in named if row["day"] is None and _meets(row, window))
    sure = bool(exact) or any(_lies_in(row, window) for row in vague)
    return _Candidates(exact=exact, vague=vague, certain_to_exist=sure)


def _one_of(
    candidates: _Candidates, node: Picked, read: Callable[[Row], tuple[float | None, float | None] | None]
) -> Found:
    """Read something from the row that a rule picks: one number, or bounds where one of several rows is meant."""
    rows, evidence = candidates.reached(node)
    found = [read(row) for row in rows]
    if not found or (len(found) == 1 and found[0] is None):
        return MISSING if not found or candidates.certain_to_exist else between(None, None, None), evidence
    spans = [between(*span) if span is not None else between(None, None, None) for span in found]
    bounds = either(spans)
    if node.rule in ("lowest", "highest") and read is _number and not candidates.vague:
        bounds = extreme("smallest" if node.rule == "lowest" else "largest", spans)
    sure = True if candidates.certain_to_exist and bounds.recorded else None
    return between(bounds.low, bounds.high, sure), evidence


def _number(row: Row) -> tuple[float | None, float | None]:
    number = row["number"]
    return (row["number_low"], row["number_high"]) if number is None else (float(number), float(number))


def _number_of(row: Row) -> Interval:
    return between(*_number(row))


def _numeric(record: PatientRecord) -> list[Row]:
    columns = ("number", "number_low", "number_high")
    return [row for row in record.observations if any(row[column] is not None for column in columns)]


def _meets(row: Row, window: Window) -> bool:
    return bool(row["day_low"] <= window.last and row["day_high"] >= window.first)


def _lies_in(row: Row, window: Window) -> bool:
    return bool(row["day_low"] >= window.first and row["day_high"] <= window.last)


def _rank(node: Picked, row: Row) -> tuple[float, ...]:
    match node.rule:
        case "nearest":
            return (abs(row["day"] - node.window.target), row["day"])
        case "first":
            return (row["day"],)
        case "last":
            return (-row["day"],)
        case "lowest":
            return (_at(row["number"], row["number_low"], -math.inf), row["day"])
        case "highest":
            return (-_at(row["number"], row["number_high"], math.inf), row["day"])


def _at(number: float | None, bound: float | None, without: float) -> float:
    return number if number is not None else bound if bound is not None else without


def place(row: Row) -> tuple[int, str, str]:
    """Order rows of one day: the lower source row, then the file, then the sheet."""
    return (row["source_row"], row["source"], row["sheet"] or "")


def _evidence(row: Row, item: str) -> Evidence:
    return Evidence(
        item=item,
        number=row.get("number"),
        text=row.get("text") or row.get("status") or "",
        unit=row.get("unit") or "",
        day=row["day"],
        date=row["date"],
        source=row["source"],
        sheet=row["sheet"] or "",
        source_row=row["source_row"],
        source_column=row.get("source_column") or "",
    )


def _patient_evidence(record: PatientRecord, item: str, number: float | None, text: str = "") -> Evidence:
    patient = record.patient
    return Evidence(
        item=item,
        number=number,
        text=text,
        unit="",
        day=0,
        date=record.index_date,
        source=patient["source"],
        sheet=patient["sheet"] or "",
        source_row=patient["source_row"],
        source_column="",
    )
