"""Adverse events: serious by recorded facts, and treatment-emergent by their onset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from myosotis.core.definition import Citation, Definition, Example
from myosotis.core.fatal import FATAL_OUTCOMES
from myosotis.language.record import Days
from myosotis.measures.derived.derivation import Answer, Derivation
from myosotis.measures.derived.seriousness import CRITERIA, NAMED, NOT_SERIOUS, seriousness
from myosotis.measures.derived.treatment_emergent import EMERGENT, NOT_EVALUABLE, Span

__all__ = ["DERIVATIONS", "serious_event", "treatment_emergent"]

_ICH_E2A = Citation(
    text="ICH E2A. Clinical Safety Data Management: Definitions and Standards for Expedited Reporting, step 4 (27 October "
    "1994)",
    place="section II.B",
)
_ICH_E9 = Citation(
    text="ICH E9. Statistical Principles for Clinical Trials, step 4 (5 February 1998)",
    place="Glossary, treatment emergent",
)
Given = Mapping[str, Any]
_NO_FACT: Given = dict.fromkeys(CRITERIA, False)


def _serious(event: Given) -> Answer:
    return seriousness(event).serious


def _every_event() -> Iterable[Given]:
    told = (True, False, None)
    words = (None, "medically important", "hospitalization; no", "none", "odd")
    for facts in product(told, repeat=len(CRITERIA)):
        for serious, grade, outcome, said in product(told, (None, 3, 5), (None, "recovered", "fatal"), words):
            event = dict(zip(CRITERIA, facts, strict=True))
            yield {"event": {**event, "serious": serious, "grade": grade, "outcome": outcome, "seriousness": said}}
    for base in ({}, _NO_FACT, {"serious": False}):
        yield from ({"event": {**base, "grade": grade}} for grade in range(1, 6))
        yield from ({"event": {**base, "outcome": word}} for word in FATAL_OUTCOMES)
        yield from ({"event": {**base, "seriousness": word}} for word in (*NAMED, *NOT_SERIOUS, "no;;"))


serious_event = Derivation(
    definition=Definition(
        key="serious_event", version="1", kind="criterion", label="serious adverse event", type="yes or no",
        citations=(_ICH_E2A,),
        missing="not evaluable unless one criterion is met, all four facts are recorded as no, or the event is recorded as "
        "not serious",
        examples=(
            Example(inputs={"event": {"hospitalised": True, "grade": 1}}, expected=True, note="whatever its grade"),
            Example(inputs={"event": {"hospitalised": True, "serious": False}}, expected=True,
                    note="a criterion outweighs what was ticked"),
            Example(inputs={"event": {"grade": 5}}, expected=True, note="a fatal grade is death"),
            Example(inputs={"event": {"grade": 4}}, expected=None, note="severity is not seriousness"),
            Example(inputs={"event": {"grade": 4, **_NO_FACT}}, expected=False),
            Example(inputs={"event": {"grade": 4, **_NO_FACT, "death": None}}, expected=None, note="one fact is not known"),
            Example(inputs={"event": {"serious": False}}, expected=False),
            Example(inputs={"event": {"seriousness": "medically important"}}, expected=True),
            Example(inputs={"event": {}}, expected=None),
        ),
        note="Severity, which a grade tells, is another axis. Congenital anomaly and medically important are met where the "
        "source names them.",
    ),
    sentence="an adverse event that led to death, was life-threatening, needed or prolonged a stay in hospital, left a "
    "disability, is a congenital anomaly, is named as medically important, is fatal by outcome or grade 5, or was recorded "
    "as serious",
    derive=_serious,
    cases=_every_event,
)  # fmt: skip


def _place(event: Given, treatment: Given, follow_up: Given) -> Answer:
    first, last, until = treatment["first_dose"], treatment["last_dose"], follow_up["last"]
    span = Span(
        first_dose=None if first is None else _days(first),
        last_dose=None if last is None else _days(last),
        followed_from=follow_up["first"],
        followed_until=_days(until),
    )
    found = span.place(_days(event["onset"]), treatment["emergent_until"])
    return None if found == NOT_EVALUABLE else found


def _days(given: int | Days) -> Days:
    return (given, given) if isinstance(given, int) else given


def _every_place() -> Iterable[Given]:
    onsets = [*range(-2, 9), (-2, 0), (-1, 8), (0, 2), (3, 5), (5, 6), (6, 8)]
    doses = (None, 0, 1, (0, 1)), (None, 0, 2, (1, 3))
    for onset, first, last, more, until in product(onsets, *doses, (0, 2), (4, 7, (4, 7))):
        treatment = {"first_dose": first, "last_dose": last, "emergent_until": more}
        yield {"event": {"onset": onset}, "treatment": treatment, "follow_up": {"first": 0, "last": until}}


def _event_at(onset: int | Days, expected: str | None, note: str = "", **other: Any) -> Example:  # noqa: ANN401
    treatment = {"first_dose": 0, "last_dose": 100, "emergent_until": 30, **other}
    inputs = {"event": {"onset": onset}, "treatment": treatment, "follow_up": {"first": 0, "last": 167}}
    return Example(inputs=inputs, expected=expected, note=note)


treatment_emergent = Derivation(
    definition=Definition(
        key="treatment_emergent", version="1", kind="classification", label="treatment-emergent adverse event", type="text",
        citations=(_ICH_E9,),
        missing="not evaluable where an onset, dose or end of follow-up that is not exactly known leaves two places",
        examples=(
            _event_at(0, EMERGENT, "the day of the first dose counts"),
            _event_at(-1, "before the first dose"),
            _event_at(130, EMERGENT, "the last day of the window counts"),
            _event_at(131, "after the treatment-emergent window"),
            _event_at(160, EMERGENT, "an ongoing course has no last dose", last_dose=None),
            _event_at(168, "outside follow-up", last_dose=None),
            _event_at(3, "no dose of the treatment", first_dose=None),
            _event_at((-5, 5), None, "known to the month"),
            _event_at((3, 20), EMERGENT, "known to the month, and within the window on every day of it"),
        ),
        note="How many days after the last dose an event still counts is the protocol's to say. An event that began before "
        "and worsened, as records of one event identifier show, begins anew with the worse record.",
    ),
    sentence="an adverse event with onset from the day of the first dose to the days that the protocol gives after the last "
    "dose, both included, and within follow-up",
    derive=_place,
    cases=_every_place,
)  # fmt: skip

DERIVATIONS = (serious_event, treatment_emergent)
