"""Worked examples of the response of Wang 2022: one child, told again with one fact or choice changed at a time."""

from __future__ import annotations

from typing import Any

from myosotis.core.definition import Example

__all__ = ["BASE", "BETTER", "EXAMPLES", "INACTIVE", "case", "taken"]

BASE = {
    "skin_das": 6, "ulceration": "no", "erythema": "yes", "cmas": 41, "mmt8": 73, "muscle_involvement": "yes",
    "glucocorticoid_dose_per_weight": 0.5,
}  # fmt: skip
INACTIVE = {
    "skin_das": 1, "ulceration": "no", "erythema": "no", "cmas": 50, "mmt8": 79, "ck": 93.5, "physician_global": 0.2,
    "glucocorticoid_dose_per_weight": 0.4, "new_immunosuppressant": "no",
    "new_immunoglobulin": "no", "new_glucocorticoid_pulse": "no",
}  # fmt: skip
BETTER = {
    **INACTIVE, "skin_das": 3, "erythema": "yes", "cmas": 46, "mmt8": 77, "physician_global": 2.5,
    "glucocorticoid_dose_per_weight": 0.25,
}  # fmt: skip


def case(expected: str | bool | None, note: str, *, base: dict[str, Any] | None = None, **changes: Any) -> Example:  # noqa: ANN401
    """Tell the child again with other values (`base`, `start` and single names) or choices."""
    choices = changes.pop("choices", {})
    start = changes.pop("start", BETTER)
    inputs = {"baseline": {**BASE, **(base or {})}, "visit": {**start, **changes}, "choices": choices}
    return Example(inputs=inputs, expected=expected, note=note)


EXAMPLES = (
    case("complete response", "inactive disease and skin; the taper is not asked for", start=INACTIVE),
    case("complete response", "physician global on the looser bound", start=INACTIVE, physician_global=2.0,
          ck=151, choices={"physician_global_at_most": 2.0}),
    case("no response", "the same child on the published bound, not tapered", start=INACTIVE, physician_global=2.0,
          ck=151),
    case("partial response", "better muscle and skin, exactly half the dose"),
    case("no response", "just less than half", glucocorticoid_dose_per_weight=0.2501),
    case("no response", "exactly half, where more is asked for", choices={"taper_of_exactly_half": "does not count"}),
    case("no response", "a new drug", new_immunosuppressant="yes"),
    case("no response", "a pulse", new_glucocorticoid_pulse="yes"),
    case("partial response", "a pulse, where only agents count", new_glucocorticoid_pulse="yes",
          choices={"new_drugs": "agents"}),
    case("no response", "skin no better", skin_das=6),
    case("no response", "CMAS worse although MMT-8 is better", cmas=40),
    case("partial response", "CMAS worse, one test is enough", cmas=40, choices={"muscle_tests": "either"}),
    case("no response", "CMAS worse, both are asked for", cmas=40, choices={"muscle_tests": "both"}),
    case("partial response", "no muscle disease, strength unchanged", base={"cmas": 52, "mmt8": 80,
          "muscle_involvement": "no"}, cmas=52, mmt8=80, erythema="yes"),
    case("no response", "no muscle disease, and the paper's words taken as they stand", base={"cmas": 52, "mmt8": 80,
          "muscle_involvement": "no"}, cmas=52, mmt8=80, choices={"muscle_arm_without_involvement": "required"}),
    case("partial response", "no glucocorticoid before or now", base={"glucocorticoid_dose_per_weight": 0},
          glucocorticoid_dose_per_weight=0),
    case(None, "no glucocorticoid before, left open", base={"glucocorticoid_dose_per_weight": 0},
          glucocorticoid_dose_per_weight=0, choices={"no_initial_dose": "open"}),
    case(None, "complete or partial: inactive disease cannot be told", start=INACTIVE, physician_global=None,
          ck=None, glucocorticoid_dose_per_weight=0.2),
    case(None, "dose not recorded", glucocorticoid_dose_per_weight=None),
    case("no response", "dose not recorded, but the skin is no better", glucocorticoid_dose_per_weight=None,
          skin_das=6),
)  # fmt: skip


def taken(
    expected: bool | None, days_tolerated: int, *courses: tuple[int, int | None], skin: int | None = 1
) -> Example:
    """Tell from which day to which baricitinib was taken."""
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
