"""Courses and times: the course of an organ condition, the worst grade of a test, the time to a dose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from myosotis.core.definition import Definition, Example, Range
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import PatientRecord, Row, course_on, observed_on
from myosotis.language.windows import Window
from myosotis.measures.citations import CTCAE_5, WANG_2022
from myosotis.measures.derived.derivation import Answer, Derivation
from myosotis.measures.derived.organ_course import STATUS_WORDS, course
from myosotis.measures.derived.taper_time import taper_time
from myosotis.measures.derived.worst_grade import LaboratoryTest, worst_grade
from myosotis.measures.hand_made import hand_made_row
from myosotis.measures.observations import alt
from myosotis.measures.safety_grades import ctcae_5_alt

__all__ = ["DERIVATIONS", "organ_course", "time_to_taper", "worst_grade_after"]

# The windows of the worked examples.
_BASELINE = Window(label="baseline", target=0, first=-28, last=0)
_VISIT = Window(label="the visit", target=168, first=154, last=182)
_AFTER = Window(label="follow-up", target=1, first=1, last=182)
Given = Mapping[str, Any]


def _record(
    *, observations: Iterable[Row] = (), conditions: Iterable[Row] = (), treatments: Iterable[Row] = ()
) -> PatientRecord:
    return PatientRecord(
        patient_id="", index_date=None, patient=hand_made_row("patients"),
        observations=tuple(observations), treatments=tuple(treatments), conditions=tuple(conditions), events=(),
    )  # fmt: skip


def _organ(records: Sequence[Given]) -> Answer:
    rows = [
        observed_on(hand_made_row("conditions", name="it", source_row=place, **given))
        for place, given in enumerate(records)
    ]
    found = course(_record(conditions=rows), "it", _BASELINE, _VISIT)
    if found is None or found.outcome in ("not evaluable", "baseline not evaluable"):
        return None
    return found.outcome


def _records(*told: tuple[int, str]) -> dict[str, Any]:
    return {"records": tuple({"day": day, "status": status} for day, status in told)}


def _every_course() -> Iterable[Given]:
    few = ("present", "absent", "improved", "Stable", "resolved", "worse", "odd", "")
    for before, after in product((*few, None), repeat=2):
        told = [(0, before), (168, after)]
        yield {"records": tuple({"day": day, "status": word} for day, word in told if word is not None)}
    for word in (one for words in STATUS_WORDS.values() for one in words):
        yield _records((0, "present"), (168, word))
        yield _records((0, word), (168, "improved"))
    for days in product((-29, -28, 0, 1), (153, 154, 182, 183)):
        yield {"records": tuple({"day": day, "status": "stable"} for day in days)}


organ_course = Derivation(
    definition=Definition(
        key="organ_course", version="1", kind="classification", label="course of an organ condition", type="text",
        citations=(WANG_2022,),
        missing="no record in the visit's window is not assessed; none at all is nothing to follow, and not evaluable",
        examples=(
            Example(inputs=_records((-1, "present"), (168, "improved")), expected="improved"),
            Example(inputs=_records((-1, "present"), (160, "worse"), (168, "stable")), expected="stable",
                    note="the latest day of the window"),
            Example(inputs=_records((-1, "present"), (168, "improved"), (168, "stable")), expected=None,
                    note="two statuses of one day"),
            Example(inputs=_records((-1, "present")), expected="not assessed"),
            Example(inputs=_records((-29, "present"), (168, "improved")), expected=None, note="baseline too early"),
            Example(inputs=_records((-1, "absent"), (168, "present")), expected="first recorded after baseline"),
            Example(inputs=_records((-1, "absent")), expected="absent at baseline"),
            Example(inputs=_records((-1, "present"), (168, "present")), expected=None,
                    note="present says nothing of the course"),
        ),
        note="The paper tells outcomes of organs in these words and no rule for them; the rule is this package's. The "
        "examples have a baseline of days -28 to 0 and a visit of days 154 to 182.",
    ),
    sentence="the status recorded on the latest day of the visit's window, of a condition that the latest record in the "
    "baseline's window does not call absent or resolved",
    derive=_organ,
    cases=_every_course,
)  # fmt: skip


def _alt_row(day: int, given: Given, place: int) -> Row:
    row = hand_made_row(
        "observations", name="alt", unit=alt.definition.unit, day=day, number=given["alt"],
        upper_limit=given.get("upper_limit"), source_row=place,
    )  # fmt: skip
    return observed_on(row)


def _worst(baseline: Given, values: Sequence[Given]) -> Answer:
    rows = [_alt_row(given["day"], given, place) for place, given in enumerate(values, 1)]
    record = _record(observations=[*([_alt_row(0, baseline, 0)] if baseline else []), *rows])
    test = LaboratoryTest(series=alt, grade=ctcae_5_alt)
    before = evaluate_patient(test.before(_BASELINE), record)
    found = worst_grade(record, test, _BASELINE, _AFTER, before)
    return float(found.low or 0) if found.low is not None and found.low == found.high else None


def _every_worst() -> Iterable[Given]:
    for before, one, other in product((None, 30, 80), (None, 39, 121, 900), (None, 60, 300)):
        baseline = {} if before is None else {"alt": before, "upper_limit": 40}
        values = [(1, one, 40), (182, other, None), (183, 2000, 40)]
        yield {
            "baseline": baseline,
            "values": tuple(
                {"day": day, "alt": number, "upper_limit": limit} for day, number, limit in values if number is not None
            ),
        }


def _values(*told: tuple[int, float, float | None]) -> dict[str, Any]:
    values = tuple({"day": day, "alt": number, "upper_limit": limit} for day, number, limit in told)
    return {"baseline": {"alt": 30, "upper_limit": 40}, "values": values}


worst_grade_after = Derivation(
    definition=Definition(
        key="worst_grade_after_baseline", version="1", kind="score", label="worst grade after baseline", unit="grade",
        range=Range(low=0, high=5, step=1), direction="lower is better", citations=(CTCAE_5,),
        missing="not evaluable without a value after baseline, and where a value that cannot be graded could be worse",
        examples=(
            Example(inputs=_values((7, 130, 40), (14, 50, 40)), expected=2.0, note="the worst of all, planned or not"),
            Example(inputs=_values((7, 40, 40)), expected=0.0),
            Example(inputs=_values(), expected=None, note="nothing was measured"),
            Example(inputs=_values((7, 130, 40), (14, 410, None)), expected=None,
                    note="a value without its limit could be worse"),
            Example(inputs=_values((0, 900, 40)), expected=None, note="day 0 is baseline"),
            Example(inputs=_values((183, 900, 40), (182, 60, 40)), expected=1.0, note="the last day of follow-up counts"),
        ),
        note="Which measure grades a test is the protocol's to say; the examples grade ALT by CTCAE 5.0, with a baseline of "
        "days -28 to 0 and follow-up on days 1 to 182.",
    ),
    sentence="the highest grade among all values of a test in the days of follow-up, planned or not",
    derive=_worst,
    cases=_every_worst,
)  # fmt: skip


def _taper(courses: Sequence[Given], bound: Given, follow_up: Given) -> Answer:
    daily = {"drug_class": "glucocorticoid", "times_per_day": 1.0}
    rows = [course_on(hand_made_row("treatments", **daily, **given)) for given in courses]
    found = taper_time(_record(treatments=rows), bound["dose"], follow_up["last"])
    return float(found.day) if found.reached else None


def _prednisone(*told: tuple[int, int | None, float | None]) -> tuple[Given, ...]:
    return tuple(
        {"drug": "prednisone", "start_day": a, "stop_day": b, "dose": dose, "dose_unit": "mg"} for a, b, dose in told
    )


def _every_taper() -> Iterable[Given]:
    for turn, low, bound, last in product((1, 2, 28, 168, 169), (0, 10, 11, None), (0, 10), (27, 168)):
        courses = _prednisone((-30, turn - 1, 20.0), (turn, 200, low))
        yield {"courses": courses, "bound": {"dose": bound}, "follow_up": {"last": last}}


def _tapered(
    expected: float | None, bound: float, *told: tuple[int, int | None, float | None], note: str = ""
) -> Example:
    inputs = {"courses": _prednisone(*told), "bound": {"dose": bound}, "follow_up": {"last": 168}}
    return Example(inputs=inputs, expected=expected, note=note)


time_to_taper = Derivation(
    definition=Definition(
        key="time_to_taper", version="1", kind="formula", label="time to a glucocorticoid dose", unit="days",
        range=Range(low=1, step=1), direction="lower is better", citations=(WANG_2022,),
        missing="censored at the end of follow-up, at the last day with any record, or on the day before a dose that is not "
        "known; then there is no time",
        examples=(
            _tapered(29.0, 10, (-30, 28, 20.0), (29, 200, 10.0), note="the bound itself is reached"),
            _tapered(None, 10, (-30, 28, 20.0), (29, 200, 10.5)),
            _tapered(101.0, 0, (-30, 100, 20.0), (150, 200, 5.0), note="also where the dose rises again"),
            _tapered(1.0, 10, (-30, 0, 20.0), (1, 200, 5.0), note="day 1 is the first that counts"),
            _tapered(None, 10, (-30, 28, 20.0), (29, 60, None), (61, 200, 5.0), note="a dose that is not known ends it"),
            _tapered(None, 10, (-30, 168, 20.0), (169, 200, 5.0), note="after follow-up"),
        ),
        note="The paper reports tapers by half and to none; the bound is the protocol's. Doses are mg/day of prednisone, "
        "pulses left out.",
    ),
    sentence="the first day from day 1 on which the daily glucocorticoid dose is at or below a bound, whether or not it "
    "rises again",
    derive=_taper,
    cases=_every_taper,
)  # fmt: skip

DERIVATIONS = (organ_course, worst_grade_after, time_to_taper)
