"""Complete, partial and no response as Wang 2022 defines them, with everything it leaves open chosen by the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myosotis.core.definition import Definition, Example
from myosotis.language.criteria import Categories, Criterion, all_of, any_of, not_
from myosotis.language.series import Treatment, condition, drugs, visit_day
from myosotis.language.windows import Window
from myosotis.measures.citations import WANG_2022
from myosotis.measures.declare import part, part_value
from myosotis.measures.jdm.instruments import muscle_involvement, skin_das
from myosotis.measures.jdm.wang_choices import (
    OPEN_QUESTIONS,
    RECOMMENDED,
    STATE_CHOICES,
    WANG_2022_LITERAL,
    WANG_CHOICES,
)
from myosotis.measures.jdm.wang_examples import BASE, BETTER, EXAMPLES, INACTIVE, case, taken
from myosotis.measures.jdm.wang_rules import (
    complete_state,
    muscle_improved_or_waived,
    new_drug_started,
    skin_improved_or_waived,
    tapered_by_half,
)
from myosotis.measures.measure import Choice, Measure

__all__ = [
    "MEASURES", "RECOMMENDED", "RESPONSE_LEVELS", "TABLES", "WANG_2022_LITERAL",
    "complete_response_with_active_organ_disease",
    "complete_response_with_rescue", "complete_state_wang_2022", "off_baricitinib_at_visit", "response_wang_2022",
]  # fmt: skip

baricitinib: Treatment = drugs("baricitinib", names=("baricitinib",))
RESPONSE_LEVELS = ("complete response", "partial response", "no response")
_MISSING = (
    "not evaluable unless what is recorded settles it; a child who may be a complete or a partial responder is neither "
    "until it is known which, but is known to have responded"
)


def _complete(baseline: Window, visit: Window, choices: dict[str, Any]) -> Criterion:
    criteria = [complete_state(visit, muscle_involvement.at(baseline), choices)]
    if choices["complete_response_needs_taper"]:
        criteria.append(_taper(baseline, visit, choices))
    if choices["complete_response_forbids_new_drug"]:
        criteria.append(not_(_new_drug(baseline, visit, choices)))
    return all_of(*criteria)


def _taper(baseline: Window, visit: Window, choices: dict[str, Any]) -> Criterion:
    return part("tapered", "glucocorticoid tapered by at least half", tapered_by_half(baseline, visit, choices))


def _new_drug(baseline: Window, visit: Window, choices: dict[str, Any]) -> Criterion:
    return part("new_drug", "a new immunosuppressive agent was started", new_drug_started(baseline, visit, choices))


def _partial(baseline: Window, visit: Window, choices: dict[str, Any]) -> Criterion:
    return all_of(
        part("muscle_improved", "muscle improved", muscle_improved_or_waived(baseline, visit, choices)),
        part("skin_improved", "skin improved", skin_improved_or_waived(baseline, visit, choices)),
        _taper(baseline, visit, choices),
        not_(_new_drug(baseline, visit, choices)),
    )


def _response(baseline: Window, visit: Window, **choices: Any) -> Categories:  # noqa: ANN401 - one per choice
    return Categories(
        key="response_wang_2022",
        version="3",
        label="response (Wang 2022)",
        cases=(
            ("complete response", _complete(baseline, visit, choices)),
            ("partial response", _partial(baseline, visit, choices)),
        ),
        otherwise="no response",
    )


def _state(visit: Window, **choices: Any) -> Criterion:  # noqa: ANN401 - one per choice
    return complete_state(visit, muscle_involvement.at(visit), choices)


def _with_rescue(baseline: Window, visit: Window, **choices: Any) -> Criterion:  # noqa: ANN401 - one per choice
    return all_of(_complete(baseline, visit, choices), _new_drug(baseline, visit, choices))


def _with_organ_disease(baseline: Window, visit: Window, **choices: Any) -> Criterion:  # noqa: ANN401
    organs = [_active(name, visit) for name in (("calcinosis",), ("ILD", "interstitial lung disease"))]
    return all_of(_complete(baseline, visit, choices), any_of(*organs))


def _active(names: tuple[str, ...], visit: Window) -> Criterion:
    window = Window(label=f"up to {visit.label}", target=visit.last, first=-36_525, last=visit.last)
    resolved = condition(*names).with_status("resolved", window=window)
    return part(
        f"{names[0].lower()}_active",
        f"{names[0]} not resolved",
        all_of(condition(*names).by(visit.last), not_(resolved)),
    )


def _off_drug(baseline: Window, visit: Window, days_tolerated: float) -> Criterion:
    today = visit_day(visit, skin_das)
    days = today - (baseline.target - 1)
    off = days - baricitinib.days_on(first=baseline.target, last=today)
    return part_value("days_off", "days off baricitinib up to the visit day", "days", off) > days_tolerated


response_wang_2022 = Measure(
    definition=Definition(
        key="response_wang_2022",
        version="3",
        kind="classification",
        label="response (Wang 2022)",
        citations=(WANG_2022,),
        missing=_MISSING,
        type="text",
        unit="category",
        examples=EXAMPLES,
        note="Complete before partial before no response; the order and `no response` are implied by the source. What "
        "a drug stopped or interrupted before the visit counts as is an intercurrent event and belongs to the "
        "endpoint; which days make a visit belongs to the windows. The MMT-8 is the one of 0 to 80 and the physician "
        "global the scale from 0 to 10 cm: other scales are other observations and are not converted.",
    ),
    moments=("baseline", "visit"),
    rule=_response,
    choices=WANG_CHOICES,
)

complete_state_wang_2022 = Measure(
    definition=Definition(
        key="complete_state_wang_2022",
        version="2",
        kind="criterion",
        label="inactive disease and skin (Wang 2022)",
        citations=(WANG_2022,),
        missing="not evaluable unless what is recorded settles it",
        type="yes or no",
        examples=(
            Example(inputs={"visit": INACTIVE}, expected=True),
            Example(inputs={"visit": BASE}, expected=False),
            Example(inputs={"visit": {**INACTIVE, "physician_global": None, "ck": None}}, expected=None),
        ),
        note="At baseline it lists children who already are what complete response asks for: mild skin disease and "
        "normal strength. Their response says nothing about the drug. Muscle involvement, where a choice asks for it, is "
        "read at the same visit.",
    ),
    moments=("visit",),
    rule=_state,
    choices=STATE_CHOICES,
)

complete_response_with_rescue = Measure(
    definition=Definition(
        key="complete_response_with_rescue",
        version="2",
        kind="criterion",
        label="complete response with a new drug",
        citations=(WANG_2022,),
        missing="not evaluable unless what is recorded settles it",
        type="yes or no",
        examples=(
            case(True, "", start=INACTIVE, new_immunosuppressant="yes"),
            case(False, "", start=INACTIVE),
            case(None, "", start=INACTIVE, new_immunosuppressant=None),
        ),
        note="The source does not forbid a new drug in complete response; this lists who had one.",
    ),
    moments=("baseline", "visit"),
    rule=_with_rescue,
    choices=WANG_CHOICES,
)

complete_response_with_active_organ_disease = Measure(
    definition=Definition(
        key="complete_response_with_active_organ_disease",
        version="2",
        kind="criterion",
        label="complete response with calcinosis or interstitial lung disease",
        citations=(WANG_2022,),
        missing="not evaluable unless what is recorded settles it; a condition that was never recorded is absent",
        type="yes or no",
        examples=(
            Example(inputs={"baseline": BASE, "visit": INACTIVE, "conditions": ["calcinosis"]}, expected=True),
            Example(inputs={"baseline": BASE, "visit": INACTIVE, "conditions": ["MAS"]}, expected=False),
            Example(inputs={"baseline": BASE, "visit": BETTER, "conditions": ["ILD"]}, expected=False),
        ),
        note="The source's response ignores calcinosis and interstitial lung disease; this lists who still had one "
        "that was not recorded as resolved.",
    ),
    moments=("baseline", "visit"),
    rule=_with_organ_disease,
    choices=WANG_CHOICES,
)


off_baricitinib_at_visit = Measure(
    definition=Definition(
        key="off_baricitinib_at_visit",
        version="1",
        kind="criterion",
        label="off baricitinib by the visit",
        citations=(WANG_2022,),
        missing="not evaluable without a day of the visit",
        type="yes or no",
        examples=(
            taken(False, 0, (0, None)),
            taken(True, 14, (0, 83)),
            taken(True, 11, (0, 50), (63, None)),
            taken(False, 12, (0, 50), (63, None)),
            taken(None, 14, (0, None), skin=None),
        ),
        note="An intercurrent event for an endpoint: stopping early, and an interruption longer than the protocol "
        "tolerates, count alike as days off the drug between baseline and the visit. The source says of neither what "
        "it counts as.",
    ),
    moments=("baseline", "visit"),
    rule=_off_drug,
    choices=(Choice(key="days_tolerated", label="how many days off the drug are tolerated", example=14),),
)

MEASURES: tuple[Measure, ...] = (
    response_wang_2022,
    off_baricitinib_at_visit,
    complete_state_wang_2022,
    complete_response_with_rescue,
    complete_response_with_active_organ_disease,
)

# What the page of this group prints beside the rules.
TABLES: Mapping[str, Mapping[str, object]] = {
    "What the source leaves open, and where it is decided": OPEN_QUESTIONS,
    "WANG_2022_LITERAL: the words of the source as they stand": WANG_2022_LITERAL,
    "RECOMMENDED: what a careful protocol would choose": RECOMMENDED,
}
