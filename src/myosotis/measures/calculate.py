"""Calculate a measure for one child from named numbers, without a data set."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from myosotis.core.catalogue import Catalogue
from myosotis.errors import UsageError
from myosotis.language.criteria import Categories, HasCondition, NamedCriterion, Started, Taking, TextIs
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.outcome import Outcome
from myosotis.language.record import PatientRecord, Row, course_on, observed_on
from myosotis.language.structure import Node, walk
from myosotis.language.values import (
    CumulativeDose,
    DaysOn,
    DoseOn,
    FirstRecorded,
    LimitOf,
    NamedValue,
    Nearest,
    PatientNumber,
    Picked,
    StartDay,
    StopDay,
    VisitDay,
)
from myosotis.measures.calculation import Calculable, Calculation
from myosotis.measures.hand_made import hand_made_row
from myosotis.measures.modules import nearest_keys
from myosotis.measures.moments import BASELINE, VISIT

__all__ = ["calculate"]

Given = Mapping[str, float | int | bool | str | None]
_DAYS = {"baseline": BASELINE.target, "visit": VISIT.target}
_LIMITS = {"_upper_limit": "upper_limit", "_lower_limit": "lower_limit"}
_PATIENT_INPUTS = ("age_at_index", "age_at_onset", "time_since_diagnosis")
_ON_TREATMENT = (StartDay, StopDay, DoseOn, CumulativeDose, DaysOn, Started, Taking)
_DAYS_PER_MONTH = 365.25 / 12
_OLDEST = 120  # years; a larger age is one in months or a birth year
# A date to count back from, where only the time since a diagnosis is known; no result depends on which.
_ANY_DAY = date(2000, 1, 1)
Course = Mapping[str, float | int | str | None]
# One muscle test, three scales: which observation `mmt8` is when `mmt_max` states another maximum than 80.
_MUSCLE_SCALES = {80.0: "mmt8", 150.0: "mmt8_bilateral", 260.0: "mmt24"}


def calculate(
    measure: Calculable,
    moments: Mapping[str, Given],
    choices: Mapping[str, object],
    catalogue: Catalogue,
    *,
    conditions: Sequence[str] = (),
    treatments: Sequence[Course] | None = None,
) -> Calculation:
    """Evaluate a measure for one child.

    `moments` maps `baseline` and `visit`, as far as the measure looks at them, to inputs by observation name, in the
    catalogue's unit; a laboratory's limit is `NAME_upper_limit`; ages are given as `age_at_onset` and `age_at_index`
    (years), the time since diagnosis at the index date as `time_since_diagnosis` (months). A yes-or-no observation
    takes True, False, "yes" or "no". `mmt8` is on 0 to 80; with `mmt_max` 150 or 260 it is read as `mmt8_bilateral`
    or `mmt24`; a maximum given at one moment holds at a moment without one. An input that is None or absent is
    missing. `conditions` names those recorded; others are absent. `treatments` lists courses with `drug`,
    `drug_class`, `start_day`, `stop_day` (None is ongoing), `dose` (mg unless `dose_unit` says otherwise) and
    `times_per_day`, on a clock in which baseline is day 0 and the visit day 168.

    Raises `UsageError` for a moment or name that is not known, a number outside the observation's range, an age or a
    limit that cannot be, text
    where a number is due, a condition whose name is nearly one the measure asks for, and for a measure that reads
    treatments when none were given (an empty list says that there were none); `MissingChoiceError` when a choice is
    left open.
    """
    unknown = sorted(set(moments) - set(measure.moments))
    if unknown:
        raise UsageError(f"{measure.key} does not look at {', '.join(unknown)}; give {' and '.join(measure.moments)}")
    record = _record(measure, moments, catalogue, conditions, treatments or ())
    node = measure.example_node(**measure.chosen(choices))
    if treatments is None and any(isinstance(one, _ON_TREATMENT) for one in walk(node)):
        raise UsageError(
            f"{measure.key} reads courses of treatment; give treatments, an empty list if there were none (as words: "
            "treatments=none, or course=drug:NAME,drug_class:CLASS,start_day:0,dose:20 for each course)"
        )
    _check_conditions(node, conditions)
    outcome = evaluate_patient(node, record)
    categories = measure.example_categories(**choices)
    category = None
    if categories is not None:
        category = " or ".join(evaluate_patient(categories, record).possible)
    elif isinstance(node, Categories):
        category = " or ".join(outcome.possible)
    parts = {
        one.key: evaluate_patient(one.of, record).result
        for one in walk(node)
        if isinstance(one, NamedValue | NamedCriterion) and not one.version
    }
    return Calculation(
        key=measure.key,
        value=outcome.result,
        unit=measure.definition.unit,
        category=category,
        contributions=parts,
        missing=_missing(outcome),
        sentence=outcome.sentence,
    )


def _record(
    measure: Calculable,
    moments: Mapping[str, Given],
    catalogue: Catalogue,
    conditions: Sequence[str],
    treatments: Sequence[Course],
) -> PatientRecord:
    rows: list[Row] = []
    patient = hand_made_row("patients", age_at_onset=None)
    stated: object = next((named["mmt_max"] for named in moments.values() if named.get("mmt_max") is not None), None)
    for moment, named in moments.items():
        given = _on_its_scale(named, stated)
        for name, value in given.items():
            stem = name
            for ending in _LIMITS:
                stem = stem.removesuffix(ending)
            if name == "time_since_diagnosis":
                months = _number(name, value)
                patient["diagnosis_date"] = None if months is None else _ANY_DAY - _days(months)
            elif name in _PATIENT_INPUTS:
                patient[name] = _age(name, value)
            elif stem != name and stem in catalogue:
                _limit(name, value)
            elif name in catalogue:
                if value is not None:
                    rows.append(_row(name, value, moment, given, catalogue))
            else:
                known = [definition.key for definition in catalogue if definition.kind == "observation"]
                raise UsageError(f"{measure.key}: there is no observation {name!r}; {nearest_keys(name, known)}")
    return PatientRecord(
        patient_id="",
        index_date=None if patient["diagnosis_date"] is None else _ANY_DAY,
        patient=patient,
        observations=tuple(rows),
        treatments=tuple(_course(course) for course in treatments),
        conditions=tuple(_condition(name, day) for name in conditions for day in _DAYS.values()),
        events=(),
    )


def _on_its_scale(given: Given, stated: object) -> Given:
    """Name the muscle test by its maximum: that of the moment, else the one `stated` at another."""
    own = given.get("mmt_max")
    maximum = stated if own is None else own
    if maximum is None or given.get("mmt8") is None:
        return given
    if maximum not in _MUSCLE_SCALES:
        raise UsageError(f"mmt_max is {maximum!r}; the muscle tests known here end at 80, 150 or 260")
    series = _MUSCLE_SCALES[float(str(maximum))]
    # The maximum is told by the name then; left beside it, it would speak of a test that was not done.
    rest = {name: value for name, value in given.items() if name not in ("mmt8", "mmt_max")}
    return {**rest, series: given["mmt8"]}


def _row(name: str, value: float | bool | str, moment: str, given: Given, catalogue: Catalogue) -> Row:
    definition = catalogue[name]
    row = hand_made_row("observations", name=name, unit=definition.unit, day=_DAYS[moment], source_column=name)
    if definition.type == "yes or no":
        if value not in (True, False, "yes", "no"):
            raise UsageError(f"{name} is {value!r}; give yes or no")
        row["text"] = "yes" if value in (True, "yes") else "no"
        row["number"] = float(row["text"] == "yes")
    elif definition.type == "text":
        row["text"] = str(value)
    else:
        row["number"] = _number(name, value)
        if definition.range is not None and not definition.range.contains(row["number"]):
            hint = "; give mmt_max=150 for a total of both sides, 260 for the MMT-24" if name == "mmt8" else ""
            found = f"{name} is {value}; {definition.label} runs from {definition.range} ({definition.unit})"
            raise UsageError(found + hint)
    for ending, column in _LIMITS.items():
        if given.get(name + ending) is not None:
            row[column] = _limit(name + ending, given[name + ending])
    return observed_on(row)


def _course(given: Course) -> Row:
    known = {"drug", "drug_class", "start_day", "stop_day", "dose", "dose_unit", "times_per_day"}
    unknown = sorted(set(given) - known)
    if unknown or not given.get("drug"):
        what = f"{', '.join(unknown)} is no part of a course" if unknown else "a course has no drug"
        raise UsageError(f"{what}; give {', '.join(sorted(known))}")
    row: Row = {"drug_class": "", "start_day": None, "stop_day": None, "dose": None, "dose_unit": "mg", **given}
    for name in ("start_day", "stop_day", "dose", "times_per_day"):
        row[name] = _number(name, given.get(name))
    return course_on(hand_made_row("treatments", **row))


def _condition(name: str, day: int) -> Row:
    return observed_on(hand_made_row("conditions", name=name, day=day))


def _check_conditions(node: Node, given: Sequence[str]) -> None:
    """Refuse a name that is nearly one that the measure asks for, or a word of it: it would count as absent."""
    names = [name for one in walk(node) if isinstance(one, HasCondition) for name in one.names]
    asked = {word: name for name in names for word in name.casefold().split() if len(word) >= 4}
    asked |= {name.casefold(): name for name in names}
    for name in given:
        close = difflib.get_close_matches(name.casefold(), asked, n=1, cutoff=0.8)
        if name not in asked.values() and close:
            raise UsageError(f"there is no condition {name!r} in this measure; did you mean {asked[close[0]]!r}?")


def _limit(name: str, value: object) -> float | None:
    limit = _number(name, value)
    if limit is not None and (limit < 0 or (limit == 0 and name.endswith("_upper_limit"))):
        raise UsageError(f"{name} is {limit:g}; a limit of normal is not negative, an upper one not 0")
    return limit


def _age(name: str, value: object) -> float | None:
    years = _number(name, value)
    if years is not None and not 0 <= years <= _OLDEST:
        raise UsageError(f"{name} is {years:g}; give years of age, 0 to {_OLDEST}")
    return years


def _days(months: float) -> timedelta:
    return timedelta(days=round(months * _DAYS_PER_MONTH))


def _number(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UsageError(f"{name} is {value!r}; give a number")
    return float(value)


def _missing(outcome: Outcome) -> tuple[str, ...]:
    """Name the inputs for want of which there is no result, following only parts that have none."""
    if outcome.result is not None:
        return ()
    node = outcome.node
    if isinstance(node, Picked | TextIs | LimitOf):
        pick = node if isinstance(node, Picked) else node.of
        ending = f"_{node.which}_limit" if isinstance(node, LimitOf) else ""
        return (f"{_moment(pick.window == BASELINE)}.{pick.name}{ending}",)
    if isinstance(node, FirstRecorded):
        return min((found for found in map(_missing, outcome.parts) if found), key=len, default=())
    if isinstance(node, PatientNumber):
        return (node.field,)
    if isinstance(node, VisitDay):
        return tuple(f"{_moment(node.window == BASELINE)}.{name}" for name in node.names)
    if isinstance(node, Nearest) and outcome.parts[0].result is not None:
        return (f"{_moment(outcome.parts[0].result == BASELINE.target)}.{node.name}",)
    return tuple(dict.fromkeys(name for part in outcome.parts for name in _missing(part)))


def _moment(is_baseline: bool) -> str:
    return "baseline" if is_baseline else "visit"
