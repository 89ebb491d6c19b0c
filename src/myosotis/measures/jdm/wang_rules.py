"""The arms of the response definition of Wang 2022: inactive disease and skin, muscle, skin, taper and new drugs."""

from __future__ import annotations

from typing import Any

from myosotis.language.criteria import Criterion, Known, all_of, any_of, none_of, not_
from myosotis.language.series import Flag, Series, drugs, visit_day
from myosotis.language.values import (
    Constant,
    FirstRecorded,
    Multiply,
    PatientNumber,
    Rounded,
    Value,
    Where,
    as_value,
)
from myosotis.language.windows import Window
from myosotis.measures.declare import open_where, part
from myosotis.measures.glucocorticoids import (
    PULSE_NAMES,
    glucocorticoid_dose_on,
    glucocorticoid_dose_per_weight_on,
)
from myosotis.measures.jdm.instruments import cmas, erythema, mmt8, muscle_involvement, skin_das, ulceration
from myosotis.measures.jdm.skin import skin_improved
from myosotis.measures.jdm.states import inactive_parts, physician_essential, three_of_four
from myosotis.measures.observations import (
    ck,
    glucocorticoid_dose,
    glucocorticoid_dose_per_weight,
    initial_glucocorticoid_dose,
    initial_glucocorticoid_dose_per_weight,
    new_antimalarial,
    new_glucocorticoid_pulse,
    new_immunoglobulin,
    new_immunosuppressant,
)

__all__ = [
    "AGENTS", "complete_state", "inactive_disease", "muscle_improved_or_waived", "new_drug_started", "skin_inactive",
    "skin_improved_or_waived", "tapered_by_half", "under_5_at",
]  # fmt: skip

AGENTS = ("conventional immunosuppressant", "immunomodulator", "biologic", "JAK inhibitor")
_DAYS_PER_MONTH = 365.25 / 12  # as the patient's time since diagnosis is counted
_ADDED = {
    "agents": (),
    "agents, immunoglobulin and pulses": ("immunoglobulin", "glucocorticoid pulse"),
    "agents, immunoglobulin, pulses and antimalarials": ("immunoglobulin", "glucocorticoid pulse", "antimalarial"),
}
_STATED: dict[str, Flag] = {
    "immunoglobulin": new_immunoglobulin,
    "glucocorticoid pulse": new_glucocorticoid_pulse,
    "antimalarial": new_antimalarial,
}

_TESTS: dict[str, Series] = {"cmas": cmas, "mmt8": mmt8}

Choices = dict[str, Any]


def under_5_at(visit: Window) -> Criterion:
    """Ask whether the child is under 5 years on the target day of the visit; not evaluable without an age."""
    return PatientNumber(field="age_at_index") < 5 - visit.target / 365.25


def inactive_disease(
    visit: Window,
    *,
    involvement: Criterion,
    physician_global_at_most: float,
    inactive_disease: str,
    ck_at_most: str,
    unrecorded_muscle_test: str,
    cmas_under_5_years: str,
) -> Criterion:
    """Ask whether the disease is inactive at the visit; `involvement` is muscle involvement at baseline."""
    parts: dict[str, Criterion] = dict(inactive_parts(visit, physician_global_at_most))
    if ck_at_most == "upper limit":
        picked = ck.at(visit)
        parts["ck"] = part("ck_inactive", "creatine kinase is at most its upper limit", picked <= picked.upper_limit)
    for name, test in _TESTS.items():
        parts[name] = _when_unrecorded(parts[name], test.at(visit), unrecorded_muscle_test, involvement)
    if cmas_under_5_years == "leave open":
        parts["cmas"] = open_where(under_5_at(visit), parts["cmas"])
    rule = three_of_four if inactive_disease == "three of four" else physician_essential
    return rule(parts)


def _when_unrecorded(criterion: Criterion, value: Value, choice: str, involvement: Criterion) -> Criterion:
    missing = not_(value.recorded())
    if choice == "met":
        return any_of(missing, criterion)
    if choice == "not met":
        return all_of(value.recorded(), criterion)
    if choice == "met without muscle involvement":
        return any_of(criterion, all_of(missing, not_(involvement)))
    return criterion


def skin_inactive(visit: Window, unrecorded_skin_signs: str) -> Criterion:
    """Ask whether the skin is inactive at the visit."""
    signs = [_sign(flag, visit, unrecorded_skin_signs) for flag in (ulceration, erythema)]
    return all_of(skin_das.at(visit) <= 1, none_of(*signs))


def _sign(flag: Flag, visit: Window, unrecorded: str) -> Criterion:
    seen = flag.at(visit)
    if unrecorded == "open":
        return seen
    told_so = FirstRecorded(of=(Where(criterion=seen, then=as_value(1), otherwise=as_value(0)), as_value(0)))
    return part(f"{flag.definition.key}_recorded", f"{flag.definition.label} is recorded as present", told_so >= 1)


def complete_state(visit: Window, involvement: Criterion, choices: Choices) -> Criterion:
    """Ask whether disease and skin are both inactive at the visit."""
    skin_signs = choices["unrecorded_skin_signs"]
    keys = ("physician_global_at_most", "inactive_disease", "ck_at_most", "unrecorded_muscle_test")
    disease = inactive_disease(
        visit,
        involvement=involvement,
        cmas_under_5_years=choices["cmas_under_5_years"],
        **{key: choices[key] for key in keys},
    )
    return all_of(
        part("inactive_disease", "clinically inactive disease", disease),
        part("inactive_skin", "inactive skin", skin_inactive(visit, skin_signs)),
    )


def muscle_improved_or_waived(baseline: Window, visit: Window, choices: Choices) -> Criterion:
    """Ask whether muscle improved, or need not because it was not involved."""
    gained = {
        "cmas": _gained(cmas, baseline, visit, choices["cmas_improvement"]),
        "mmt8": _gained(mmt8, baseline, visit, "any rise"),
    }
    lower = _lower(baseline, visit)
    rule = choices["muscle_tests"]
    if rule == "both":
        improved = all_of(*gained.values())
    elif rule == "either":
        improved = any_of(*gained.values())
    else:
        improved = _improved_as_far_as_seen(baseline, visit, gained)
        if rule == "available, none worse":
            improved = all_of(improved, not_(lower))
    if choices["muscle_arm_without_involvement"] == "required":
        return improved
    involved = part("muscle_involved", "muscle involvement at baseline", muscle_involvement.at(baseline))
    return any_of(improved, all_of(not_(involved), not_(lower)))


def _improved_as_far_as_seen(baseline: Window, visit: Window, gained: dict[str, Criterion]) -> Criterion:
    """Ask for one improved test among those done twice; a test that was not settles nothing, none done leaves it open."""
    seen = [
        part(
            f"{name}_seen_higher",
            f"{test.definition.label} recorded at both visits and improved",
            all_of(_recorded_twice(test, baseline, visit), gained[name]),
        )
        for name, test in _TESTS.items()
    ]
    none = part(
        "no_muscle_test",
        "neither muscle test recorded at both visits",
        none_of(*(_recorded_twice(test, baseline, visit) for test in _TESTS.values())),
    )
    return any_of(*seen, all_of(none, Known(truth=None)))


def _lower(baseline: Window, visit: Window) -> Criterion:
    lower = [
        all_of(_recorded_twice(test, baseline, visit), test.at(visit) < test.at(baseline)) for test in _TESTS.values()
    ]
    return part("muscle_test_lower", "a muscle test recorded at both visits is lower than before", any_of(*lower))


def _gained(test: Series, baseline: Window, visit: Window, least: object) -> Criterion:
    before, now = test.at(baseline), test.at(visit)
    higher = now > before if least == "any rise" else now - before >= float(str(least))
    key = "cmas" if test is cmas else "mmt8"
    return part(f"{key}_higher", f"{test.definition.label} improved", higher)


def _recorded_twice(test: Series, baseline: Window, visit: Window) -> Criterion:
    return all_of(test.at(baseline).recorded(), test.at(visit).recorded())


def skin_improved_or_waived(baseline: Window, visit: Window, choices: Choices) -> Criterion:
    """Ask whether the skin improved, or stayed inactive where it was so at baseline."""
    improved = skin_improved(baseline, visit, choices["skin_improvement"])
    if choices["skin_inactive_at_baseline"] == "cannot improve":
        return improved
    inactive_before = all_of(skin_das.at(baseline) <= 1, none_of(ulceration.at(baseline)))
    still = all_of(inactive_before, skin_das.at(visit) <= 1)
    return any_of(
        improved, part("skin_stays_inactive", "skin-DAS at most 1 before, without ulceration, and now", still)
    )


def tapered_by_half(baseline: Window, visit: Window, choices: Choices) -> Criterion:
    """Ask whether the maintenance glucocorticoid fell by at least half of its initial dose."""
    initial, now = _initial_dose(baseline, choices), _dose(visit, choices)
    bound = Rounded(of=initial * 0.5)
    fell = Rounded(of=now) <= bound if choices["taper_of_exactly_half"] == "counts" else Rounded(of=now) < bound
    without = {
        "met if still none": now.equals(0),
        "not met": Known(truth=False),
        "open": Known(truth=None),
    }[choices["no_initial_dose"]]
    return any_of(all_of(initial > 0, fell), all_of(initial.equals(0), without))


def _dose(window: Window, choices: Choices) -> Value:
    per_weight = choices["dose_unit"] == "mg/kg/day"
    if choices["treatment_source"] == "visits":
        return (glucocorticoid_dose_per_weight if per_weight else glucocorticoid_dose).at(window)
    return _dose_on(visit_day(window, skin_das), window, per_weight)


def _dose_on(day: Value, window: Window, per_weight: bool) -> Value:
    if not per_weight:
        return glucocorticoid_dose_on(day)
    return glucocorticoid_dose_per_weight_on(day, within=window.last - window.first)


def _initial_dose(baseline: Window, choices: Choices) -> Value:
    per_weight = choices["dose_unit"] == "mg/kg/day"
    if choices["initial_dose"] == "baseline":
        return _dose(baseline, choices)
    if choices["initial_dose"] == "diagnosis" and choices["treatment_source"] == "treatments":
        since = PatientNumber(field="time_since_diagnosis")
        day = Rounded(of=Multiply(left=since, right=Constant(number=-_DAYS_PER_MONTH)))
        return _dose_on(day, baseline, per_weight)
    return (initial_glucocorticoid_dose_per_weight if per_weight else initial_glucocorticoid_dose).at(baseline)


def new_drug_started(baseline: Window, visit: Window, choices: Choices) -> Criterion:
    """Ask whether a new drug was started after the baseline day and up to the visit day."""
    added = _ADDED[choices["new_drugs"]]
    if choices["treatment_source"] == "visits":
        return any_of(new_immunosuppressant.at(visit), *(_STATED[one].at(visit) for one in added))
    after, until = baseline.target, visit_day(visit, skin_das)
    agents = drugs("an immunosuppressive agent", classes=AGENTS, except_names=PULSE_NAMES)
    started = agents.started_between(after, until, new_only=True)
    if not added:
        return started
    rescue = drugs("another rescue drug", names=PULSE_NAMES, classes=added)
    again = choices["drug_given_before"] == "counts"
    return any_of(started, rescue.started_between(after, until, new_only=not again))
