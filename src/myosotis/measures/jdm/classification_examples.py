"""Worked examples of the classification criteria."""

from __future__ import annotations

import math

from myosotis.core.definition import Example

__all__ = [
    "AT_LEAST_PROBABLE", "BIOPSY", "BIOPSY_PROBABILITY", "CHILD", "DERMATOMYOSITIS", "NO_BIOPSY", "POLYMYOSITIS",
    "PROBABILITY", "classified",
]  # fmt: skip

_BOHAN_PETER = ("typical_rash", "proximal_weakness", "muscle_biopsy", "raised_enzymes", "emg")
_YES_NO = {"y": "yes", "n": "no"}


def _items(answers: str, expected: str | bool | None, note: str = "") -> Example:
    """Answer rash, weakness, biopsy, enzymes and EMG in order: y, n, or ? for not recorded."""
    given = {name: _YES_NO[one] for name, one in zip(_BOHAN_PETER, answers, strict=True) if one in _YES_NO}
    return Example(inputs={"visit": given}, expected=expected, note=note)


DERMATOMYOSITIS = (
    _items("yyyyy", "definite"),
    _items("yyyyn", "definite", "rash and 3"),
    _items("yynyn", "probable", "rash and 2"),
    _items("ynnyn", "possible", "rash and 1"),
    _items("ynnnn", "none", "clinically amyopathic: rash only"),
    _items("nyyyy", "none", "no rash"),
    _items("yyyy?", "definite", "3 already"),
    _items("yyy??", None, "definite or probable"),
    _items("?nnnn", "none", "whatever the rash"),
    _items("?yyyy", None),
)
POLYMYOSITIS = (
    _items("nyyyy", "definite"),
    _items("nyyyn", "probable"),
    _items("nyynn", "possible"),
    _items("nynnn", "none"),
    _items("yyyyy", "none", "a rash makes it dermatomyositis"),
    _items("nyyy?", None, "definite or probable"),
    _items("?yyyy", None),
)
AT_LEAST_PROBABLE = (
    _items("yyyyy", True),
    _items("yyynn", True),
    _items("yynnn", False),
    _items("nyyyy", False),
    _items("yyy??", True, "definite or probable, either way"),
    _items("yy?nn", None),
)

CHILD: dict[str, float | str] = {
    "age_at_onset": 7.0, "weakness_of_upper_limbs": "no", "weakness_of_lower_limbs": "no",
    "neck_flexor_weakness": "no", "proximal_leg_weakness": "no", "heliotrope_rash": "no", "gottron_papules": "no",
    "gottron_sign": "no", "dysphagia": "no", "anti_jo1_positive": "no", "elevated_ck_ldh_ast_or_alt": "no",
    "biopsy_endomysial_infiltrate": "no", "biopsy_perimysial_infiltrate": "no",
    "biopsy_perifascicular_atrophy": "no", "biopsy_rimmed_vacuoles": "no",
}  # fmt: skip
_BIOPSY_ITEMS = tuple(name for name in CHILD if name.startswith("biopsy_"))


def classified(*yes: str, age: float = 7.0) -> dict[str, float | str]:
    """Write a patient with all items recorded, those named being present."""
    return {**CHILD, "age_at_onset": age, **dict.fromkeys(yes, "yes")}


def _scored(expected: float, *yes: str, age: float = 7.0, biopsy: bool = False, note: str = "") -> Example:
    given = classified(*yes, age=age)
    if not biopsy:
        given = {name: value for name, value in given.items() if name not in _BIOPSY_ITEMS}
    return Example(inputs={"visit": given}, expected=expected, note=note)


_NOT = "not an idiopathic inflammatory myopathy"


def _classed(expected: str, tenths: int, *yes: str, biopsy: bool = False) -> Example:
    given = _scored(0.0, *yes, biopsy=biopsy).inputs
    return Example(inputs=given, expected=expected, note=f"{tenths} tenths")


def _settled(expected: str, *yes: str, no: tuple[str, ...] = (), note: str = "") -> Example:
    """Record only some items; the class may be known all the same."""
    given = {"age_at_onset": 7.0, **dict.fromkeys(no, "no"), **dict.fromkeys(yes, "yes")}
    return Example(inputs={"visit": given}, expected=expected, note=note)


_SKIN = ("heliotrope_rash", "gottron_papules", "gottron_sign")
_FULL = (
    "weakness_of_upper_limbs", "weakness_of_lower_limbs", "neck_flexor_weakness", *_SKIN, "elevated_ck_ldh_ast_or_alt",
)  # fmt: skip
_WITH_BIOPSY = (
    "weakness_of_upper_limbs", "weakness_of_lower_limbs", "heliotrope_rash", "elevated_ck_ldh_ast_or_alt",
    "biopsy_perifascicular_atrophy",
)  # fmt: skip
NO_BIOPSY = (
    _scored(8.5, *_SKIN, note="definite"),
    _scored(6.4, "heliotrope_rash", "gottron_sign", note="probable"),
    _scored(5.4, "gottron_papules", "gottron_sign", note="possible"),
    _scored(5.2, "heliotrope_rash", "gottron_papules", note="not an idiopathic inflammatory myopathy"),
    _scored(13.2, *_FULL),
    _scored(0.0, age=17.9),
    _scored(1.3, age=18.1),
    _scored(1.3, age=39.9),
    _scored(2.1, age=40.1),
    Example(inputs={"visit": {"heliotrope_rash": "yes"}}, expected=None),
    _classed(_NOT, 52, "heliotrope_rash", "gottron_papules"),
    _classed("possible", 53, "heliotrope_rash", "elevated_ck_ldh_ast_or_alt", "proximal_leg_weakness"),
    _classed("possible", 54, "gottron_papules", "gottron_sign"),
    _classed("probable", 55, "gottron_sign", "elevated_ck_ldh_ast_or_alt", "proximal_leg_weakness"),
    _classed("probable", 74, "gottron_sign", "gottron_papules", "elevated_ck_ldh_ast_or_alt", "dysphagia"),
    _classed(
        "definite",
        75,
        "heliotrope_rash",
        "gottron_papules",
        "weakness_of_upper_limbs",
        "dysphagia",
        "proximal_leg_weakness",
    ),
    _settled("definite", *_SKIN, note="8.5 whatever else there is"),
)
BIOPSY = (
    _scored(7.7, *_WITH_BIOPSY, biopsy=True, note="probable"),
    _scored(1.5, age=18.1, biopsy=True),
    _scored(2.2, age=40.1, biopsy=True),
    _scored(6.3, "heliotrope_rash", "biopsy_rimmed_vacuoles", biopsy=True),
    Example(inputs={"visit": {"heliotrope_rash": "yes"}}, expected=None),
    _classed(_NOT, 64, "gottron_sign", "gottron_papules", biopsy=True),
    _classed("possible", 65, "heliotrope_rash", "gottron_papules", "dysphagia", biopsy=True),
    _classed(
        "possible", 66, "gottron_sign", "biopsy_endomysial_infiltrate", "biopsy_perimysial_infiltrate", biopsy=True
    ),
    _classed("probable", 67, "gottron_sign", "neck_flexor_weakness", "elevated_ck_ldh_ast_or_alt", biopsy=True),
    _classed("probable", 86, "gottron_sign", "heliotrope_rash", "biopsy_endomysial_infiltrate", biopsy=True),
    _classed("definite", 87, "anti_jo1_positive", "gottron_sign", "proximal_leg_weakness", biopsy=True),
)


def _percent(score: float, midpoint: float) -> float:
    return round(100 / (1 + math.exp(midpoint - score)), 9)


def _probable(score: float, midpoint: float, *yes: str, biopsy: bool, note: str) -> Example:
    given = _scored(score, *yes, biopsy=biopsy).inputs
    inputs = {**given, "choices": {"midpoint": midpoint}}
    return Example(inputs=inputs, expected=_percent(score, midpoint), note=note)


PROBABILITY = (
    _probable(8.5, 5.33, *_SKIN, biopsy=False, note="0.960"),
    _probable(6.4, 5.33, "heliotrope_rash", "gottron_sign", biopsy=False, note="0.745"),
    _probable(5.4, 5.33, "gottron_papules", "gottron_sign", biopsy=False, note="0.518"),
    _probable(5.2, 5.33, "heliotrope_rash", "gottron_papules", biopsy=False, note="0.468"),
    _probable(13.2, 5.33, *_FULL, biopsy=False, note="0.9996"),
)
BIOPSY_PROBABILITY = (_probable(7.7, 6.49, *_WITH_BIOPSY, biopsy=True, note="0.770"),)
