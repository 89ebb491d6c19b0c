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
from myosotis.measures.jdm.wang_choices import RECOMMENDED, STATE_CHOICES, WANG_2022_LITERAL, WANG_CHOICES
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
        version="1",
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


_BASE = {
    "skin_das": 6, "ulceration": "no", "erythema": "yes", "cmas": 41, "mmt8": 73, "muscle_involvement": "yes",
    "glucocorticoid_dose_per_weight": 0.5,
}  # fmt: skip
_INACTIVE = {
    "skin_das": 1, "ulceration": "no", "erythema": "no", "cmas": 50, "mmt8": 79, "ck": 93.5, "physician_global": 0.2,
    "glucocorticoid_dose_per_weight": 0.4, "new_immunosuppressant": "no",
    "new_immunoglobulin": "no", "new_glucocorticoid_pulse": "no",
}  # fmt: skip
_BETTER = {
    **_INACTIVE, "skin_das": 3, "erythema": "yes", "cmas": 46, "mmt8": 77, "physician_global": 2.5,
    "glucocorticoid_dose_per_weight": 0.25,
}  # fmt: skip


def _case(expected: str | bool | None, note: str, *, base: dict[str, Any] | None = None, **changes: Any) -> Example:  # noqa: ANN401
    choices = changes.pop("choices", {})
    start = changes.pop("start", _BETTER)
    inputs = {"baseline": {**_BASE, **(base or {})}, "visit": {**start, **changes}, "choices": choices}
    return Example(inputs=inputs, expected=expected, note=note)


_EXAMPLES = (
    _case("complete response", "inactive disease and skin; the taper is not asked for", start=_INACTIVE),
    _case("complete response", "physician global on the looser bound", start=_INACTIVE, physician_global=2.0,
          ck=151, choices={"physician_global_at_most": 2.0}),
    _case("no response", "the same child on the published bound, not tapered", start=_INACTIVE, physician_global=2.0,
          ck=151),
    _case("partial response", "better muscle and skin, exactly half the dose"),
    _case("no response", "just less than half", glucocorticoid_dose_per_weight=0.2501),
    _case("no response", "exactly half, where more is asked for", choices={"taper_of_exactly_half": "does not count"}),
    _case("no response", "a new drug", new_immunosuppressant="yes"),
    _case("no response", "a pulse", new_glucocorticoid_pulse="yes"),
    _case("partial response", "a pulse, where only agents count", new_glucocorticoid_pulse="yes",
          choices={"new_drugs": "agents"}),
    _case("no response", "skin no better", skin_das=6),
    _case("no response", "CMAS worse although MMT-8 is better", cmas=40),
    _case("partial response", "CMAS worse, one test is enough", cmas=40, choices={"muscle_tests": "either"}),
    _case("no response", "CMAS worse, both are asked for", cmas=40, choices={"muscle_tests": "both"}),
    _case("partial response", "no muscle disease, strength unchanged", base={"cmas": 52, "mmt8": 80,
          "muscle_involvement": "no"}, cmas=52, mmt8=80, erythema="yes"),
    _case("no response", "no muscle disease, and the paper's words taken as they stand", base={"cmas": 52, "mmt8": 80,
          "muscle_involvement": "no"}, cmas=52, mmt8=80, choices={"muscle_arm_without_involvement": "required"}),
    _case("partial response", "no glucocorticoid before or now", base={"glucocorticoid_dose_per_weight": 0},
          glucocorticoid_dose_per_weight=0),
    _case(None, "no glucocorticoid before, left open", base={"glucocorticoid_dose_per_weight": 0},
          glucocorticoid_dose_per_weight=0, choices={"no_initial_dose": "open"}),
    _case(None, "complete or partial: inactive disease cannot be told", start=_INACTIVE, physician_global=None,
          ck=None, glucocorticoid_dose_per_weight=0.2),
    _case(None, "dose not recorded", glucocorticoid_dose_per_weight=None),
    _case("no response", "dose not recorded, but the skin is no better", glucocorticoid_dose_per_weight=None,
          skin_das=6),
)  # fmt: skip

response_wang_2022 = Measure(
    definition=Definition(
        key="response_wang_2022",
        version="1",
        kind="classification",
        label="response (Wang 2022)",
        citations=(WANG_2022,),
        missing=_MISSING,
        type="text",
        unit="category",
        examples=_EXAMPLES,
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
        version="1",
        kind="criterion",
        label="inactive disease and skin (Wang 2022)",
        citations=(WANG_2022,),
        missing="not evaluable unless what is recorded settles it",
        type="yes or no",
        examples=(
            Example(inputs={"visit": _INACTIVE}, expected=True),
            Example(inputs={"visit": _BASE}, expected=False),
            Example(inputs={"visit": {**_INACTIVE, "physician_global": None, "ck": None}}, expected=None),
        ),
        note="At baseline it lists children who already are what complete response asks for: mild skin disease and "
        "normal strength. Their response says nothing about the drug.",
    ),
    moments=("visit",),
    rule=_state,
    choices=STATE_CHOICES,
)

complete_response_with_rescue = Measure(
    definition=Definition(
        key="complete_response_with_rescue",
        version="1",
        kind="criterion",
        label="complete response with a new drug",
        citations=(WANG_2022,),
        missing="not evaluable unless what is recorded settles it",
        type="yes or no",
        examples=(
            _case(True, "", start=_INACTIVE, new_immunosuppressant="yes"),
            _case(False, "", start=_INACTIVE),
            _case(None, "", start=_INACTIVE, new_immunosuppressant=None),
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
        version="1",
        kind="criterion",
        label="complete response with calcinosis or interstitial lung disease",
        citations=(WANG_2022,),
        missing="not evaluable unless what is recorded settles it; a condition that was never recorded is absent",
        type="yes or no",
        examples=(
            Example(inputs={"baseline": _BASE, "visit": _INACTIVE, "conditions": ["calcinosis"]}, expected=True),
            Example(inputs={"baseline": _BASE, "visit": _INACTIVE, "conditions": ["MAS"]}, expected=False),
            Example(inputs={"baseline": _BASE, "visit": _BETTER, "conditions": ["ILD"]}, expected=False),
        ),
        note="The source's response ignores calcinosis and interstitial lung disease; this lists who still had one "
        "that was not recorded as resolved.",
    ),
    moments=("baseline", "visit"),
    rule=_with_organ_disease,
    choices=WANG_CHOICES,
)


def _taken(
    expected: bool | None, days_tolerated: int, *courses: tuple[int, int | None], skin: int | None = 1
) -> Example:
    rows = [
        {
            "drug": "baricitinib", "drug_class": "JAK inhibitor", "start_day": start, "stop_day": stop, "dose": 2,
            "dose_unit": "mg", "times_per_day": 1,
        }
        for start, stop in courses
    ]  # fmt: skip
    inputs = {
        "baseline": {}, "visit": {"skin_das": skin}, "treatments": rows, "choices": {"days_tolerated": days_tolerated}
    }  # fmt: skip
    return Example(inputs=inputs, expected=expected)


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
            _taken(False, 0, (0, None)),
            _taken(True, 14, (0, 83)),
            _taken(True, 11, (0, 50), (63, None)),
            _taken(False, 12, (0, 50), (63, None)),
            _taken(None, 14, (0, None), skin=None),
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
    "WANG_2022_LITERAL: the words of the source as they stand": WANG_2022_LITERAL,
    "RECOMMENDED: what a careful protocol would choose": RECOMMENDED,
}
