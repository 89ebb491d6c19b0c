"""Worked examples of the total improvement score, each percentage and sum checked by hand with exact fractions."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.core.definition import Example

__all__ = [
    "ADULT", "ATTAINABLE", "CASES", "CHOSEN", "IMACS", "LOWER", "PRINTO", "PRINTO_LOWER", "PRINTO_UPPER", "SETTLED", "UPPER",
    "case",
]  # fmt: skip

Inputs = Mapping[str, float]

_SHORT = {
    "phga": "physician_global",
    "parent": "parent_global",
    "extramuscular": "extramuscular_global",
    "das": "das_total",
}
_LIMITS = ("ck", "aldolase", "ldh", "ast", "alt")


def case(upper_limit: float | None = None, **measures: tuple[float, float] | float) -> dict[str, dict[str, float]]:
    """Write a course as `name=(baseline, visit)`; `upper_limit` belongs to the enzyme, `mmt_max` to both visits."""
    moments: dict[str, dict[str, float]] = {"baseline": {}, "visit": {}}
    for short, values in measures.items():
        name = _SHORT.get(short, short)
        pair = values if isinstance(values, tuple) else (values, values)
        for moment, value in zip(moments, pair, strict=True):
            moments[moment][name] = value
            if name in _LIMITS and upper_limit is not None:
                moments[moment][f"{name}_upper_limit"] = upper_limit
    return moments


# Course, score, category for a child, category for an adult.
CASES: Mapping[str, tuple[dict[str, dict[str, float]], float, str, str]] = {
    "E1": (
        case(
            phga=(6.0, 1.5), parent=(5.0, 2.0), mmt8=(52, 74), chaq=(1.5, 0.5), ck=(1530, 255), upper_limit=170,
            extramuscular=(4.0, 1.0),
        ),
        85.0, "major", "major",
    ),
    "E2": (
        case(
            phga=(5.0, 4.5), parent=(5.0, 3.5), mmt8=(120, 123), mmt_max=150, chaq=(1.25, 0.5), ck=(1500, 300),
            upper_limit=200, extramuscular=(5.0, 2.5),
        ),
        30.0, "minimal", "minimal",
    ),
    "E3": (
        case(
            phga=(4.0, 1.0), parent=(4.0, 2.0), mmt8=(80, 80), chaq=(0.125, 0.0), ck=(90, 80), upper_limit=170,
            extramuscular=(3.5, 0.5),
        ),
        37.5, "minimal", "minimal",
    ),
    "E4": (
        case(
            phga=(3.0, 5.0), parent=(4.0, 3.0), mmt8=(70, 72), chaq=(1.0, 1.5), ldh=(600, 450), upper_limit=250,
            extramuscular=(2.0, 1.0),
        ),
        25.0, "none", "minimal",
    ),
    "E6": (
        case(
            phga=(6.0, 3.0), parent=(5.0, 4.0), mmt8=(100, 131), mmt_max=150, chaq=(1.0, 0.25), ck=(500, 500),
            upper_limit=170, extramuscular=(3.0, 1.5),
        ),
        62.5, "moderate", "major",
    ),
    "E7": (
        case(
            phga=(6.5, 2.0), parent=(6.0, 3.0), mmt8=(114, 144), mmt_max=150, chaq=(0.5, 0.375), ck=(1870, 340),
            upper_limit=170, extramuscular=(4.5, 1.5),
        ),
        70.0, "major", "major",
    ),
    "E7, parent global to 3.5": (
        case(
            phga=(6.5, 2.0), parent=(6.0, 3.5), mmt8=(114, 144), mmt_max=150, chaq=(0.5, 0.375), ck=(1870, 340),
            upper_limit=170, extramuscular=(4.5, 1.5),
        ),
        67.5, "moderate", "major",
    ),
    "E8": (
        case(
            phga=(5.0, 2.0), parent=(2.0, 1.5), cmas=(38, 46), chaq=(0.25, 0.125), ast=(44, 40), upper_limit=40,
            extramuscular=(2.5, 1.0),
        ),
        45.0, "moderate", "moderate",
    ),
    "E9": (
        case(
            phga=(5.0, 3.0), parent=(4.0, 3.0), cmas=(40, 45), chaq=(1.0, 1.0), ast=(100, 80), upper_limit=40,
            extramuscular=(2.0, 1.0),
        ),
        40.0, "minimal", "moderate",
    ),
}  # fmt: skip
E5 = case(
    phga=(7.0, 4.0), parent=(6.0, 5.0), cmas=(30, 42), chaq=(2.0, 1.25), chq_phs=(25, 45), das=(14, 7)
)  # fmt: skip
_CMAS_ONLY = case(cmas=(41, 46))
_NORMAL_MUSCLE = {
    "physician_global": 10.0, "parent_global": 10.0, "mmt8": 80, "chaq": 0.0, "ck": 160, "ck_upper_limit": 170,
    "extramuscular_global": 10.0,
}  # fmt: skip


def _without(course: Mapping[str, Inputs], *names: str) -> dict[str, dict[str, float]]:
    return {
        moment: {name: value for name, value in given.items() if name not in names} for moment, given in course.items()
    }


def _with_haq() -> dict[str, dict[str, float]]:
    course = CASES["E1"][0]
    return {moment: {**course[moment], "haq": haq} for moment, haq in (("baseline", 1.5), ("visit", 0.125))}


IMACS = (
    *(Example(inputs=course, expected=score, note=name) for name, (course, score, _, _) in CASES.items()),
    *(Example(inputs=course, expected=child, note=name) for name, (course, _, child, _) in CASES.items()),
    Example(inputs=_CMAS_ONLY, expected=None, note="only one of six measures"),
)
_BOTH = {
    moment: {**CASES["E1"][0][moment], "cmas": cmas, "alt": alt, "alt_upper_limit": 40}
    for moment, cmas, alt in (("baseline", 30, 240), ("visit", 31, 240))
}
CHOSEN = (
    Example(
        inputs={**_BOTH, "choices": {"muscle_test": "MMT, else CMAS", "most_abnormal_by": "upper limit"}},
        expected=85.0,
        note="E1: CK 9 times its limit is more than ALT 6 times",
    ),
    Example(
        inputs={**_BOTH, "choices": {"muscle_test": "CMAS, else MMT", "most_abnormal_by": "upper limit"}},
        expected=57.5,
        note="CMAS 30 to 31 is 1.9% and earns nothing",
    ),
    Example(
        inputs={**_BOTH, "choices": {"muscle_test": "MMT", "most_abnormal_by": "range"}},
        expected=77.5,
        note="ALT 6 of 3 is more than CK 9 of 15, and did not change",
    ),
    Example(
        inputs={**_without(_BOTH, "cmas"), "choices": {"muscle_test": "CMAS", "most_abnormal_by": "range"}},
        expected=None,
    ),
)
ADULT = (
    *(Example(inputs=course, expected=score, note=name) for name, (course, score, _, _) in CASES.items()),
    *(Example(inputs=course, expected=adult, note=name) for name, (course, _, _, adult) in CASES.items()),
    Example(inputs=_with_haq(), expected=87.5, note="E1 with HAQ 1.5 to 0.125, which comes before CHAQ"),
)
_RANGE_100 = {"choices": {"chq_phs_range": 100.0}}
PRINTO = (
    Example(inputs={**E5, **_RANGE_100}, expected=75.0, note="E5, with a range of 100"),
    Example(inputs={**E5, **_RANGE_100}, expected="major", note="E5"),
    Example(inputs={**_without(E5, "das_total"), **_RANGE_100}, expected=None),
)
_E1 = CASES["E1"][0]
LOWER = (
    Example(inputs=_E1, expected=85.0, note="complete: both bounds are the score"),
    Example(inputs=_without(_E1, "chaq"), expected=77.5, note="without the 7.5 points of CHAQ"),
    Example(inputs=_CMAS_ONLY, expected=10.0, note="CMAS 41 to 46 is 9.62% of 52"),
    Example(inputs=case(cmas=(41, 50)), expected=20.0, note="CMAS 41 to 50 is 17.31% of 52"),
    Example(inputs=case(mmt8=(73, 79)), expected=10.0, note="MMT-8 73 to 79 is 7.5% of 80"),
    Example(inputs={"baseline": {}, "visit": {}}, expected=0.0),
)
UPPER = (
    Example(inputs=_E1, expected=85.0),
    Example(inputs=_without(_E1, "chaq"), expected=87.5, note="with the 10 points that CHAQ could earn"),
    Example(inputs=_CMAS_ONLY, expected=77.5, note="10 for CMAS and 67.5 for the rest"),
    Example(inputs={"baseline": {}, "visit": {}}, expected=100.0),
)
SETTLED = (
    *(Example(inputs=course, expected=child, note=name) for name, (course, _, child, _) in CASES.items()),
    Example(inputs=_without(_E1, "chaq"), expected="major", note="77.5 to 87.5"),
    Example(inputs=_without(_E1, "physician_global"), expected=None, note="65 to 85: moderate or major"),
    Example(inputs=_without(CASES["E4"][0], "ldh"), expected="none", note="20 to 27.5"),
    Example(inputs={"baseline": {}, "visit": {}}, expected=None),
)
PRINTO_LOWER = (
    Example(inputs={**E5, **_RANGE_100}, expected=75.0),
    Example(inputs={**_without(E5, "das_total"), **_RANGE_100}, expected=60.0),
)
PRINTO_UPPER = (
    Example(inputs={**E5, **_RANGE_100}, expected=75.0),
    Example(inputs={**_without(E5, "das_total"), **_RANGE_100}, expected=80.0),
)
_TO_LIMIT = {"choices": {"lowest_enzyme": "upper limit"}}
ATTAINABLE = (
    Example(inputs={"baseline": _NORMAL_MUSCLE, "visit": {}, **_TO_LIMIT}, expected=50.0, note="normal muscle"),
    Example(
        inputs={"baseline": _NORMAL_MUSCLE, "visit": {}, "choices": {"lowest_enzyme": "zero"}}, expected=52.5,
        note="CK 160 of 170 to 0 would be 6.3% of its range",
    ),
    Example(
        inputs={"baseline": CASES["E3"][0]["baseline"], "visit": {}, **_TO_LIMIT}, expected=40.0,
        note="E3: 40% of 10 cm earns 17.5 and 7.5, 35% earns 15, CHAQ 4.17% nothing",
    ),
    Example(
        inputs={
            "baseline": {
                "physician_global": 10.0, "parent_global": 10.0, "cmas": 0, "chaq": 3.0, "ck": 17000,
                "ck_upper_limit": 170, "extramuscular_global": 10.0,
            },
            "visit": {}, **_TO_LIMIT,
        },
        expected=100.0,
    ),
    Example(inputs={"baseline": {"cmas": 40}, "visit": {}, **_TO_LIMIT}, expected=None),
)  # fmt: skip
