"""Kidney function of children: the bedside estimate from height and creatinine, with its units guarded."""

from __future__ import annotations

from functools import partial

from myosotis.core.definition import Definition, Example, Range
from myosotis.core.units import convert, normal
from myosotis.errors import DataError
from myosotis.language.criteria import Categories, Criterion
from myosotis.language.values import Rounded, Value
from myosotis.language.windows import Window
from myosotis.measures.citations import SCHWARTZ_2009
from myosotis.measures.declare import part_value
from myosotis.measures.measure import Measure
from myosotis.measures.observations import creatinine, height
from myosotis.measures.response import only_where

__all__ = [
    "MEASURES", "OBSERVATIONS", "bedside_schwartz", "egfr_below_30", "egfr_below_60", "egfr_below_90",
    "egfr_schwartz_2009", "estimated_filtration",
]  # fmt: skip

FACTOR_MICROMOLES = 36.5
FACTOR_MILLIGRAMS = 0.413
LOWEST_MICROMOLES = 5.0
HIGHEST_MILLIGRAMS = 15.0
_HEIGHT = height.definition.range


def bedside_schwartz(height: float, creatinine: float, *, height_unit: str, creatinine_unit: str) -> float:
    """Estimate a child's glomerular filtration rate (mL/min/1.73 m²) from height and serum creatinine.

    0.413 × height in cm / creatinine in mg/dL, or 36.5 × height in cm / creatinine in µmol/L: the two published
    factors, which differ by 0.025% once converted. For children of about 1 to 18 years in steady state, creatinine
    measured enzymatically and traceable to IDMS. Low muscle mass lowers creatinine, so that the estimate is too high.

    Raises `DataError` for a unit other than mg/dL or µmol/L (of creatinine), a creatinine above 15 mg/dL or below
    5 µmol/L, which is almost surely in the other unit, and a height outside 20 to 250 cm. No height, no estimate: age
    never stands in for it.

    Source: Schwartz 2009, doi:10.1681/ASN.2008030287.

    >>> round(bedside_schwartz(100, 0.4, height_unit="cm", creatinine_unit="mg/dL"), 2)
    103.25
    >>> round(bedside_schwartz(1.2, 60, height_unit="m", creatinine_unit="µmol/L"), 1)
    73.0
    """
    in_centimetres = convert(height, found=height_unit, wanted="cm")
    if _HEIGHT is None or not _HEIGHT.contains(in_centimetres):
        raise DataError(f"a height of {in_centimetres:g} cm was found; a child's lies in {_HEIGHT}: check its unit")
    unit = normal(creatinine_unit)
    if unit not in ("mg/dL", "µmol/L"):
        raise DataError(f"creatinine in {creatinine_unit!r} was found; give it in mg/dL or µmol/L")
    if not creatinine > 0:
        raise DataError(f"a creatinine of {creatinine:g} {unit} was found; it must be above 0")
    if unit == "mg/dL" and creatinine > HIGHEST_MILLIGRAMS:
        raise DataError(f"a creatinine of {creatinine:g} mg/dL was found; above 15 it is almost surely in µmol/L")
    if unit == "µmol/L" and creatinine < LOWEST_MICROMOLES:
        raise DataError(f"a creatinine of {creatinine:g} µmol/L was found; below 5 it is almost surely in mg/dL")
    factor = FACTOR_MILLIGRAMS if unit == "mg/dL" else FACTOR_MICROMOLES
    return factor * in_centimetres / creatinine


def _formula(visit: Window) -> Value:
    value = creatinine.at(visit)
    return only_where(value >= LOWEST_MICROMOLES, height.at(visit) * FACTOR_MICROMOLES / value)


def estimated_filtration(visit: Window) -> Value:
    """Give the bedside estimate at a visit; missing without height or creatinine, or where its unit is in doubt."""
    label = "estimated glomerular filtration rate"
    return part_value("estimated_filtration", label, "mL/min/1.73 m²", _formula(visit))


def _stages(visit: Window) -> Categories:
    value = Rounded(of=estimated_filtration(visit))
    return Categories(
        key="egfr_schwartz_2009.stage",
        version="1",
        label="kidney function by the bedside estimate",
        cases=(("90 or more", value >= 90), ("60 to below 90", value >= 60), ("30 to below 60", value >= 30)),
        otherwise="below 30",
    )


_NOTE = (
    "For children of about 1 to 18 years in steady state, creatinine measured enzymatically. Active myositis and steroid "
    "myopathy lower creatinine, so that the estimate is too high; cystatin C does not depend on muscle. "
)
_GUARD = "A creatinine below 5 µmol/L is almost surely in mg/dL and gives no estimate. "


def _at(
    height_: float | None, creatinine_: float | None, expected: float | bool | str | None, note: str = ""
) -> Example:
    return Example(inputs={"visit": {"height": height_, "creatinine": creatinine_}}, expected=expected, note=note)


egfr_schwartz_2009 = Measure(
    definition=Definition(
        key="egfr_schwartz_2009",
        version="2",
        kind="formula",
        label="estimated glomerular filtration rate (bedside Schwartz)",
        citations=(SCHWARTZ_2009,),
        missing="missing without height or creatinine, and for a creatinine below 5 µmol/L, which is almost surely in "
        "mg/dL (1 mg/dL is 88.4 µmol/L); a height is never taken from the age",
        unit="mL/min/1.73 m²",
        range=Range(low=0, low_included=False),
        direction="higher is better",
        examples=(
            _at(120, 60, 73.0),
            _at(120, 71, 36.5 * 120 / 71, "61.7"),
            _at(100, 36.5, 100.0),
            _at(120, 0.5, None, "0.5 µmol/L is almost surely 0.5 mg/dL"),
            _at(None, 60, None),
            _at(120, None, None),
            _at(180, 73, "90 or more", "exactly 90"),
            _at(180, 73.1, "60 to below 90"),
            _at(120, 73, "60 to below 90", "exactly 60"),
            _at(120, 73.1, "30 to below 60"),
            _at(60, 73, "30 to below 60", "exactly 30"),
            _at(60, 73.1, "below 30"),
        ),
        note=_NOTE + _GUARD + "36.5 × height in cm / creatinine in µmol/L.",
    ),
    moments=("visit",),
    rule=_formula,
    sorting=_stages,
)


def _is_below(bound: float, visit: Window) -> Criterion:
    return Rounded(of=estimated_filtration(visit)) < bound


def _flag(bound: int, note: str) -> Measure:
    exactly = 36.5 * 100 / bound
    return Measure(
        definition=Definition(
            key=f"egfr_below_{bound}",
            version="1",
            kind="criterion",
            label=f"estimated glomerular filtration rate below {bound}",
            citations=(SCHWARTZ_2009,),
            missing="not evaluable without height or creatinine",
            type="yes or no",
            examples=(
                _at(100, round(exactly * 0.99, 6), False),
                _at(2 * bound, 73, False, "exactly at the bound"),
                _at(100, round(exactly * 1.01, 6), True),
                _at(None, 60, None),
            ),
            note=f"{note} The bound itself is not below it. {_NOTE}{_GUARD}",
        ),
        moments=("visit",),
        rule=partial(_is_below, float(bound)),
    )


egfr_below_90 = _flag(90, "Normal is 90 or more.")
egfr_below_60 = _flag(60, "Drug labels reduce doses that the kidney clears from here on.")
egfr_below_30 = _flag(30, "Drug labels advise against baricitinib from here on.")

OBSERVATIONS: tuple[Definition, ...] = ()
MEASURES: tuple[Measure, ...] = (egfr_schwartz_2009, egfr_below_90, egfr_below_60, egfr_below_30)
