"""Reading leaves for one patient in plain Python: which row counts, and what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from myosotis.language.criteria import HasCondition, PatientIs, TextIs
from myosotis.language.interval import MISSING, Interval, between, either, exactly, extreme, together
from myosotis.language.outcome import Evidence
from myosotis.language.picking import Choice, choose, number_bounds, place
from myosotis.language.record import FAR, PatientRecord, Row
from myosotis.language.values import LimitOf, Nearest, PatientNumber, Picked, VisitDay
from myosotis.language.visit import window_of

__all__ = [
    "ABSENT",
    "Found",
    "Judged",
    "condition",
    "follow_up_end",
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
# A truth, whether every completion of what is not exactly known settles it, and the rows it was read from.
Judged = tuple[bool | None, bool | None, tuple[Evidence, ...]]

ABSENT = "absent"
_DAYS_PER_YEAR = 365.25
_DAYS_PER_MONTH = 365.25 / 12


def pick(node: Picked, record: PatientRecord) -> Found:
    """Find the number that a `Picked` means."""
    chosen = _chosen(node, _numeric(record))
    found = [between(*number_bounds(one.row)) for one in chosen.candidates]
    bounds = _one_of(found, chosen)
    if node.rule in ("lowest", "highest") and bounds.recorded:
        # Whichever row it is, the lowest number is at most the least upper bound of those surely there.
        sure = [one for one, candidate in zip(found, chosen.candidates, strict=True) if candidate.sure]
        bounds = extreme("smallest" if node.rule == "lowest" else "largest", [bounds, *sure])
    return bounds, _evidences(chosen, f"{node.label} at {node.window.label}")


def pick_day(node: Picked, record: PatientRecord) -> Found:
    """Find the day of the observation that a `Picked` means."""
    chosen = _chosen(node, _numeric(record))
    bounds = _one_of([between(one.first, one.last) for one in chosen.candidates], chosen)
    return bounds, _evidences(chosen, f"{node.label} at {node.window.label}")


def pick_limit(node: LimitOf, record: PatientRecord) -> Found:
    """Find the laboratory's limit recorded with the observation that a `Picked` means."""
    chosen = _chosen(node.of, _numeric(record))
    limits = [exactly(one.row[f"{node.which}_limit"]) for one in chosen.candidates]
    return _one_of(limits, chosen), _evidences(chosen, f"{node.of.label} at {node.of.window.label}")


def pick_text(node: TextIs, record: PatientRecord) -> Judged:
    """Say whether the text that a `Picked` means is one of several."""
    chosen = _chosen(node.of, [row for row in record.observations if row["text"] is not None])
    if not chosen.candidates:
        return None, False, ()
    evidence = _evidences(chosen, f"{node.of.label} at {node.of.window.label}")
    truths = {one.row["text"] in node.texts for one in chosen.candidates}
    if len(truths) == 1 and chosen.sure:
        return truths.pop(), True, evidence
    return None, chosen.sure or None, evidence


def visit_day(node: VisitDay, record: PatientRecord) -> Found:
    """Find the day nearest to a window's target on which any of the named observations was made."""
    window = window_of(node)
    named = [row for row in record.observations if row["name"] in node.names]
    chosen = choose(named, window.first, window.last, window.target, "nearest")
    bounds = _one_of([between(one.first, one.last) for one in chosen.candidates], chosen)
    return bounds, _evidences(chosen, "visit")


def nearest(node: Nearest, to: Interval, record: PatientRecord) -> Found:
    """Find the observation nearest to a day."""
    if not to.recorded:
        return between(None, None, to.recorded), ()
    if to.number is None:
        return between(None, None, None), ()
    rows = [row for row in _numeric(record) if row["name"] == node.name]
    chosen = choose(rows, to.number - node.within, to.number + node.within, to.number, "nearest")
    found = [between(*number_bounds(one.row)) for one in chosen.candidates]
    return _one_of(found, chosen), _evidences(chosen, node.label)


def _chosen(node: Picked, rows: Iterable[Row]) -> Choice:
    window = window_of(node)
    named = (row for row in rows if row["name"] == node.name)
    return choose(named, window.first, window.last, window.target, node.rule)


def _one_of(found: list[Interval], chosen: Choice) -> Interval:
    """Bound what one of several rows says; perhaps missing where there may be none of them."""
    if not found:
        return MISSING
    bounds = either(found)
    return bounds if chosen.sure or bounds.recorded is False else between(None, None, None)


def _evidences(chosen: Choice, item: str) -> tuple[Evidence, ...]:
    return tuple(_evidence(one.row, item) for one in chosen.candidates)


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
        low, high = ((index - day).days / _DAYS_PER_MONTH for day in (diagnosis[1], diagnosis[0]))
        number = between(low, high)
    return number, (_patient_evidence(record, node.field.replace("_", " "), number.number),)


def follow_up_end(record: PatientRecord) -> Found:
    """Find the day of death or last contact."""
    low, high = record.follow_up.end
    if low >= FAR:
        return MISSING, ()
    bounds = between(None if low <= -FAR else low, None if high >= FAR else high)
    return bounds, (_patient_evidence(record, "death or last contact", bounds.number),)


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
    there = together([day for day in (first, last) if day is not None])
    if not there:
        return None, there, ()
    rows = [
        row
        for row in record.conditions
        if row["name"] in node.names and (row["status"] in node.statuses if node.statuses else row["status"] != ABSENT)
    ]
    sure = [row for row in rows if _after(first, row)[0] and _before(last, row)[0]]
    maybe = [row for row in rows if _after(first, row)[1] and _before(last, row)[1]]
    evidence = tuple(_evidence(row, row["name"]) for row in (sure or maybe))
    if sure:
        return True, True, evidence
    return (None, True, evidence) if maybe else (False, True, ())


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


def _numeric(record: PatientRecord) -> list[Row]:
    columns = ("number", "number_low", "number_high")
    return [row for row in record.observations if any(row[column] is not None for column in columns)]


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
