"""Myositis antibodies: positive by a named scheme, specific against associated, and two specific ones in one child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from myosotis.core.definition import Citation, Definition, Example, Range
from myosotis.language.criteria import Criterion, any_of, at_least
from myosotis.language.series import Series
from myosotis.language.values import CountTrue, Value
from myosotis.language.windows import Window
from myosotis.measures.citations import WANG_2022
from myosotis.measures.declare import part
from myosotis.measures.jdm import antibody_panel as panel
from myosotis.measures.measure import Choice, Measure

__all__ = [
    "ASSOCIATED", "MEASURES", "OBSERVATIONS", "POSITIVITY", "SCHEMES", "SPECIFIC", "Specificity", "anti_ej_positive",
    "anti_jo1_intensity_positive", "anti_ku_positive", "anti_mda5_positive", "anti_mi2_positive",
    "anti_nxp2_positive", "anti_oj_positive", "anti_pl12_positive", "anti_pl7_positive", "anti_pm_scl_positive",
    "anti_ro52_positive", "anti_sae1_positive", "anti_srp_positive", "anti_tif1g_positive",
    "count_of_associated_antibodies", "count_of_specific_antibodies", "two_specific_antibodies",
]  # fmt: skip

TANSLEY_2017 = Citation(
    text="Tansley SL, Simou S, Shaddick G, et al. Autoantibodies in juvenile-onset myositis: their diagnostic value and "
    "associated clinical phenotype in a large UK cohort. J Autoimmun 2017;84:55-64",
    doi="10.1016/j.jaut.2017.06.007",
)
LI_TANSLEY_2019 = Citation(
    text="Li D, Tansley SL. Juvenile dermatomyositis: clinical phenotypes. Curr Rheumatol Rep 2019;21:74"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Specificity:
    """Hold what counts as one antibody: its name, its class, and the antigens of the panel that stand for it."""

    key: str
    label: str
    kind: Literal["specific", "associated"]
    antigens: tuple[Series, ...]


def _one(kind: Literal["specific", "associated"], key: str, label: str, *antigens: Series) -> Specificity:
    return Specificity(key=key, label=label, kind=kind, antigens=antigens)


SPECIFIC: tuple[Specificity, ...] = (
    _one("specific", "anti_mi2_positive", "anti-Mi-2", panel.antibody_mi2a, panel.antibody_mi2b),
    _one("specific", "anti_tif1g_positive", "anti-TIF1γ", panel.antibody_tif1g),
    _one("specific", "anti_mda5_positive", "anti-MDA5", panel.antibody_mda5),
    _one("specific", "anti_nxp2_positive", "anti-NXP2", panel.antibody_nxp2),
    _one("specific", "anti_sae1_positive", "anti-SAE1", panel.antibody_sae1),
    _one("specific", "anti_jo1_intensity_positive", "anti-Jo-1", panel.antibody_jo1),
    _one("specific", "anti_srp_positive", "anti-SRP", panel.antibody_srp),
    _one("specific", "anti_pl7_positive", "anti-PL-7", panel.antibody_pl7),
    _one("specific", "anti_pl12_positive", "anti-PL-12", panel.antibody_pl12),
    _one("specific", "anti_ej_positive", "anti-EJ", panel.antibody_ej),
    _one("specific", "anti_oj_positive", "anti-OJ", panel.antibody_oj),
)
ASSOCIATED: tuple[Specificity, ...] = (
    _one("associated", "anti_ku_positive", "anti-Ku", panel.antibody_ku),
    _one("associated", "anti_pm_scl_positive", "anti-PM-Scl", panel.antibody_pm_scl75, panel.antibody_pm_scl100),
    _one("associated", "anti_ro52_positive", "anti-Ro-52", panel.antibody_ro52),
)

# The intensity above which each named scheme calls a band positive.
SCHEMES: dict[str, float] = {"wang_2022": 15.0}
POSITIVITY = Choice(
    key="positivity",
    label="by which scheme an intensity is positive",
    example="wang_2022",
    options=tuple((name, f"intensity above {bound:g}") for name, bound in SCHEMES.items()),
)


def _positive(one: Specificity, visit: Window, positivity: object) -> Criterion:
    bound = SCHEMES[str(positivity)]
    return any_of(*(antigen.at(visit) > bound for antigen in one.antigens))


def _positives(several: tuple[Specificity, ...], visit: Window, positivity: object) -> tuple[Criterion, ...]:
    return tuple(part(one.key, f"{one.label} is positive", _positive(one, visit, positivity)) for one in several)


def _two_specific(visit: Window, positivity: object) -> Criterion:
    return at_least(2, of=_positives(SPECIFIC, visit, positivity))


def _count(several: tuple[Specificity, ...], visit: Window, positivity: object) -> Value:
    return CountTrue(of=_positives(several, visit, positivity))


_WANG = {"choices": {"positivity": "wang_2022"}}


def _example(expected: float | bool | None, intensities: Mapping[str, float], note: str = "") -> Example:
    given = {f"antibody_{key}": value for key, value in intensities.items()}
    return Example(inputs={"visit": given, **_WANG}, expected=expected, note=note)


def _panel(several: tuple[Specificity, ...], **positive: float) -> dict[str, float]:
    """Write a whole panel at intensity 0, but for those named."""
    empty = {antigen.definition.key.removeprefix("antibody_"): 0.0 for one in several for antigen in one.antigens}
    return {**empty, **positive}


_OWN_RULE = "The manufacturer's bands could not be read; a further scheme would be one more named choice. "


def _measure(one: Specificity) -> Measure:
    names = [antigen.definition.key.removeprefix("antibody_") for antigen in one.antigens]
    both = dict.fromkeys(names, 0.0)
    examples = [
        _example(False, {**both, names[0]: 15.0}, "exactly 15 is negative"),
        _example(True, {**both, names[0]: 15.5}),
        _example(True, {**both, names[-1]: 16.0}),
        _example(None, {}),
    ]
    note = "Raw intensities are kept; positive is strictly above the bound of the scheme. " + _OWN_RULE
    if len(names) > 1:
        examples += [_example(True, {names[0]: 80.0}, "one is enough"), _example(None, {names[0]: 3.0})]
        note += "The antigens of the panel count as one antibody, a rule of this package. "
    return Measure(
        definition=Definition(
            key=one.key, version="1", kind="criterion", label=f"{one.label} positive",
            citations=(WANG_2022, LI_TANSLEY_2019),
            missing="not evaluable without an intensity, unless another antigen of the same antibody is positive",
            type="yes or no", examples=tuple(examples), note=f"A myositis-{one.kind} antibody. {note}",
        ),
        moments=("visit",),
        rule=partial(_positive, one),
        choices=(POSITIVITY,),
    )  # fmt: skip


(
    anti_mi2_positive,
    anti_tif1g_positive,
    anti_mda5_positive,
    anti_nxp2_positive,
    anti_sae1_positive,
    anti_jo1_intensity_positive,
    anti_srp_positive,
    anti_pl7_positive,
    anti_pl12_positive,
    anti_ej_positive,
    anti_oj_positive,
) = _SPECIFIC_MEASURES = tuple(_measure(one) for one in SPECIFIC)
anti_ku_positive, anti_pm_scl_positive, anti_ro52_positive = _ASSOCIATED_MEASURES = tuple(
    _measure(one) for one in ASSOCIATED
)


def _counting(key: str, label: str, several: tuple[Specificity, ...], examples: tuple[Example, ...]) -> Measure:
    return Measure(
        definition=Definition(
            key=key, version="1", kind="score", label=label, citations=(WANG_2022, LI_TANSLEY_2019),
            missing="not evaluable when an antibody of the panel is",
            unit="1", range=Range(low=0, high=len(several), step=1), examples=examples,
            note="Mi-2α and Mi-2β count as one antibody, and so do PM-Scl75 and PM-Scl100. " + _OWN_RULE,
        ),
        moments=("visit",),
        rule=partial(_count, several),
        choices=(POSITIVITY,),
    )  # fmt: skip


count_of_specific_antibodies = _counting(
    "count_of_specific_antibodies", "myositis-specific antibodies", SPECIFIC,
    (
        _example(0.0, _panel(SPECIFIC)),
        _example(1.0, _panel(SPECIFIC, mi2a=40, mi2b=60), "Mi-2α and Mi-2β are one"),
        _example(2.0, _panel(SPECIFIC, mda5=40, nxp2=16)),
        _example(1.0, _panel(SPECIFIC, mda5=40, nxp2=15), "15 is not positive"),
        _example(None, {"mda5": 40}),
    ),
)  # fmt: skip
count_of_associated_antibodies = _counting(
    "count_of_associated_antibodies", "myositis-associated antibodies", ASSOCIATED,
    (
        _example(0.0, _panel(ASSOCIATED)),
        _example(1.0, _panel(ASSOCIATED, pm_scl75=40, pm_scl100=60), "PM-Scl75 and PM-Scl100 are one"),
        _example(2.0, _panel(ASSOCIATED, ku=40, ro52=16)),
        _example(None, {"ku": 40}),
    ),
)  # fmt: skip
two_specific_antibodies = Measure(
    definition=Definition(
        key="two_specific_antibodies",
        version="1",
        kind="criterion",
        label="two or more myositis-specific antibodies",
        citations=(TANSLEY_2017, LI_TANSLEY_2019),
        missing="true once two are positive, false once two cannot be, else not evaluable",
        type="yes or no",
        examples=(
            _example(True, {"mda5": 40, "nxp2": 16}),
            _example(False, _panel(SPECIFIC, mi2a=40, mi2b=60), "one antibody"),
            _example(False, _panel(SPECIFIC, mda5=40, ro52=90), "associated ones do not count"),
            _example(None, {"mda5": 40}),
        ),
        note="Myositis-specific antibodies are almost mutually exclusive: two in one child are a reason to look at the "
        "data, or at the assay, again. " + _OWN_RULE,
    ),
    moments=("visit",),
    rule=_two_specific,
    choices=(POSITIVITY,),
)

OBSERVATIONS: tuple[Definition, ...] = ()
MEASURES: tuple[Measure, ...] = (
    *_SPECIFIC_MEASURES,
    *_ASSOCIATED_MEASURES,
    count_of_specific_antibodies,
    count_of_associated_antibodies,
    two_specific_antibodies,
)
