"""Clinically inactive disease in juvenile idiopathic arthritis: Wallace 2004, and the ACR criteria of 2011."""

from __future__ import annotations

from typing import Any

from myosotis.core.definition import Definition, Example
from myosotis.language.criteria import Criterion, all_of, any_of, none_of, not_
from myosotis.language.series import Series
from myosotis.language.windows import Window
from myosotis.measures.declare import open_where, part
from myosotis.measures.jia.arthritis import (
    WALLACE_2004,
    WALLACE_2011,
    active_joints,
    active_uveitis,
    jia_systemic_features,
    morning_stiffness,
    raised_markers_not_from_jia,
)
from myosotis.measures.measure import Choice, Measure
from myosotis.measures.observations import crp, erythrocyte_sedimentation_rate, physician_global

__all__ = ["MARKERS", "MEASURES", "inactive_disease_wallace_2004", "inactive_disease_wallace_2011"]

MARKERS = Choice(
    key="markers",
    label="whether ESR and CRP must both be normal where both were measured",
    example="both",
    options=(
        ("both", "each that was measured must be normal, one being enough where one was measured"),
        ("either", "one that is normal is enough"),
    ),
)
_ATTRIBUTION = Choice(
    key="unrecorded_attribution",
    label="what a raised ESR or CRP is of which the chart does not say whether arthritis raised it",
    example="open",
    options=(
        ("open", "left open; the result is not evaluable unless settled without it"),
        ("from arthritis", "raised by arthritis"),
    ),
)


def _markers(visit: Window, markers: str) -> Criterion:
    """Ask for normal markers by each laboratory's own upper limit; not evaluable when neither was measured."""
    esr, protein = _normal(erythrocyte_sedimentation_rate, visit), _normal(crp, visit)
    if markers == "either":
        return any_of(esr, protein)
    measured = [series.at(visit).recorded() for series in (erythrocyte_sedimentation_rate, crp)]
    both = all_of(any_of(not_(measured[0]), esr), any_of(not_(measured[1]), protein))
    return open_where(none_of(*measured), both)


def _normal(series: Series, visit: Window) -> Criterion:
    value = series.at(visit)
    return value <= value.upper_limit


def _always(visit: Window) -> tuple[Criterion, ...]:
    return (
        part("no_active_joints", "no active joint", active_joints.at(visit) <= 0),
        part("no_systemic_features", "no systemic feature of arthritis", not_(jia_systemic_features.at(visit))),
        part("no_active_uveitis", "no active uveitis", not_(active_uveitis.at(visit))),
        part("physician_global_best", "physician global at its best", physician_global.at(visit) <= 0),
    )


def _of_2004(visit: Window, markers: str) -> Criterion:
    return all_of(*_always(visit), part("normal_markers", "normal ESR or CRP", _markers(visit, markers)))


def _of_2011(visit: Window, markers: str, unrecorded_attribution: str) -> Criterion:
    answered = raised_markers_not_from_jia
    elsewhere = answered.at(visit)
    if unrecorded_attribution == "from arthritis":
        elsewhere = all_of(answered.recorded_at(visit), elsewhere)
    normal = any_of(_markers(visit, markers), elsewhere)
    return all_of(
        *_always(visit),
        part("markers_normal_or_elsewhere", "normal ESR or CRP, or raised by something else", normal),
        part("short_stiffness", "morning stiffness of at most 15 minutes", morning_stiffness.at(visit) <= 15),
    )


_BEST = {
    "active_joints": 0, "jia_systemic_features": "no", "active_uveitis": "no", "physician_global": 0,
    "erythrocyte_sedimentation_rate": 20, "erythrocyte_sedimentation_rate_upper_limit": 20,
}  # fmt: skip
_CRP: dict[str, Any] = {"crp": 5, "crp_upper_limit": 5}
_RAISED: dict[str, Any] = {"crp": 5.1, "crp_upper_limit": 5}


def _examples(best: dict[str, object], choices: dict[str, object]) -> tuple[Example, ...]:
    """Work out the bound of every criterion, one step beside it, and what is missing."""

    def case(expected: bool | None, note: str = "", without: str = "", **changed: object) -> Example:
        visit = {name: one for name, one in {**best, **changed}.items() if not without or not name.startswith(without)}
        return Example(inputs={"visit": visit, "choices": choices}, expected=expected, note=note)

    return (
        case(True),
        case(False, active_joints=1),
        case(False, jia_systemic_features="yes"),
        case(False, active_uveitis="yes"),
        case(False, physician_global=0.1),
        case(True, "both measured and at their limits", **_CRP),
        case(None, "no limit was recorded with the ESR", without="erythrocyte_sedimentation_rate_upper_limit"),
        case(None, "neither was measured", without="erythrocyte"),
        case(False, "open markers do not matter with an active joint", without="erythrocyte", active_joints=2),
        case(None, without="active_joints"),
        case(None, without="jia_systemic_features"),
        case(None, without="active_uveitis"),
        case(None, without="physician_global"),
    )


def _case_2004(expected: bool | None, note: str, markers: str, **changed: object) -> Example:
    return Example(
        inputs={"visit": {**_BEST, **changed}, "choices": {"markers": markers}}, expected=expected, note=note
    )


_BEST_2011 = {**_BEST, "morning_stiffness": 15}


def _case_2011(expected: bool | None, note: str, attribution: str = "open", **changed: object) -> Example:
    visit = {name: one for name, one in {**_BEST_2011, **changed}.items() if one is not None}
    choices = {"markers": "both", "unrecorded_attribution": attribution}
    return Example(inputs={"visit": visit, "choices": choices}, expected=expected, note=note)


_LIMIT = (
    "Normal is at most the laboratory's own upper limit, which must be recorded with the value; the physician global is 0 "
    "on its scale. Remission on and off medication (6 and 12 months of inactive disease) is not defined here."
)

inactive_disease_wallace_2004 = Measure(
    definition=Definition(
        key="inactive_disease_wallace_2004",
        version="1",
        kind="criterion",
        label="clinically inactive arthritis (Wallace 2004)",
        citations=(WALLACE_2004,),
        missing="a missing criterion stays open; one that does not hold settles the rest",
        type="yes or no",
        examples=(
            *_examples(_BEST, {"markers": "both"}),
            _case_2004(False, "one of two is raised", "both", **_RAISED),
            _case_2004(True, "one of two is normal", "either", **_RAISED),
        ),
        note=_LIMIT,
    ),
    moments=("visit",),
    rule=_of_2004,
    choices=(MARKERS,),
)
inactive_disease_wallace_2011 = Measure(
    definition=Definition(
        key="inactive_disease_wallace_2011",
        version="1",
        kind="criterion",
        label="clinically inactive arthritis (ACR 2011)",
        citations=(WALLACE_2011,),
        missing="a missing criterion stays open; one that does not hold settles the rest",
        type="yes or no",
        examples=(
            *_examples(_BEST_2011, {"markers": "both", "unrecorded_attribution": "open"}),
            _case_2011(False, "a minute too long", morning_stiffness=16),
            _case_2011(None, "stiffness not recorded", morning_stiffness=None),
            _case_2011(True, "raised by something else", raised_markers_not_from_jia="yes", **_RAISED),
            _case_2011(False, "raised by arthritis", raised_markers_not_from_jia="no", **_RAISED),
            _case_2011(None, "the chart does not say", **_RAISED),
            _case_2011(False, "the chart does not say", "from arthritis", **_RAISED),
        ),
        note=_LIMIT,
    ),
    moments=("visit",),
    rule=_of_2011,
    choices=(MARKERS, _ATTRIBUTION),
)

MEASURES: tuple[Measure, ...] = (inactive_disease_wallace_2004, inactive_disease_wallace_2011)
