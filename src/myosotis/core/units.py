"""Units: what can be converted into what, by exact factors, and nothing by guess."""

from __future__ import annotations

import math
from fractions import Fraction

from myosotis.errors import DataError

__all__ = ["convert", "is_known", "normal"]

# Spellings seen in charts, and the one this package uses.
_SPELLINGS = {
    "u/l": "U/L", "iu/l": "U/L", "ukat/l": "µkat/L", "µkat/l": "µkat/L",
    "umol/l": "µmol/L", "µmol/l": "µmol/L", "μmol/l": "µmol/L", "mmol/l": "mmol/L", "mg/dl": "mg/dL",
    "g/l": "g/L", "g/dl": "g/dL", "/ul": "/µL", "/µl": "/µL",
    "10^9/l": "10^9/L", "10*9/l": "10^9/L", "x10^9/l": "10^9/L",
    "kg": "kg", "g": "g", "mg": "mg", "cm": "cm", "m": "m", "mm": "mm", "s": "s", "sec": "s", "min": "min",
    "points": "points", "score": "points", "mg/kg/day": "mg/kg/day", "mg/kg/d": "mg/kg/day", "mg/day": "mg/day",
    "mg/d": "mg/day", "day": "days", "days": "days", "week": "weeks", "weeks": "weeks", "month": "months",
    "months": "months", "year": "years", "years": "years", "yes/no": "yes/no", "ml/min/1.73m2": "mL/min/1.73 m²",
    "ml/min/1.73 m²": "mL/min/1.73 m²", "1": "1", "ratio": "1", "%": "%", "intensity": "intensity",
    "× uln": "× ULN", "x uln": "× ULN",
}  # fmt: skip

# G/L is giga (10^9) per litre of cells on many reports, and grams per litre in capitals on others: never guessed.
_AMBIGUOUS = {"G/L"}

# (quantity, factor to the quantity's base unit)
_FACTORS: dict[str, tuple[str, Fraction]] = {
    "kg": ("mass", Fraction(1000)), "g": ("mass", Fraction(1)), "mg": ("mass", Fraction(1, 1000)),
    "m": ("length", Fraction(100)), "cm": ("length", Fraction(1)), "mm": ("length", Fraction(1, 10)),
    "s": ("duration", Fraction(1)), "min": ("duration", Fraction(60)),
    "weeks": ("time", Fraction(7)), "days": ("time", Fraction(1)),
    "years": ("calendar time", Fraction(12)), "months": ("calendar time", Fraction(1)),
    "U/L": ("catalytic activity", Fraction(1)), "µkat/L": ("catalytic activity", Fraction(60)),
    "mmol/L": ("amount", Fraction(1000)), "µmol/L": ("amount", Fraction(1)),
    "g/L": ("mass concentration", Fraction(100)), "g/dL": ("mass concentration", Fraction(1000)),
    "mg/dL": ("mass concentration", Fraction(1)),
    "10^9/L": ("cell count", Fraction(1000)), "/µL": ("cell count", Fraction(1)),
}  # fmt: skip

# µmol/L in 1 mg/dL. Creatinine 88.4: Schwartz 2009, doi:10.1681/ASN.2008030287 (0.413 × 88.4 = 36.5).
# Bilirubin 17.104: AMA Manual of Style, 11th edition, SI units; 10,000 over its molar mass of 584.67 g/mol (C33H36N4O6).
_MICROMOLES_PER_MILLIGRAM_PER_DECILITRE = {"creatinine": Fraction(884, 10), "bilirubin": Fraction(17104, 1000)}


def normal(unit: str) -> str:
    """Give a unit its one spelling here; an unknown unit comes back as it was, without outer blanks.

    >>> normal("umol/l"), normal("IU/L")
    ('µmol/L', 'U/L')
    """
    text = unit.strip()
    return text if text in _AMBIGUOUS else _SPELLINGS.get(text.lower(), text)


def is_known(unit: str) -> bool:
    """Say whether a unit is one that this package can name."""
    return unit.strip().lower() in _SPELLINGS and unit.strip() not in _AMBIGUOUS


def convert(value: float, *, found: str, wanted: str, analyte: str = "") -> float:
    """Convert a number from the unit `found` to the unit `wanted`.

    Equal units give the number back unchanged, bit for bit. Mass and amount concentration convert only for an
    analyte whose molar mass is known here (creatinine, bilirubin). Enzyme activity: 1 µkat/L is 60 U/L by definition.

    Raises `DataError` when the two units measure different things or the analyte's factor is not known, and for a
    number that is NaN, infinite, or too large once converted.

    >>> convert(0.5, found="mg/dL", wanted="µmol/L", analyte="creatinine")
    44.2
    """
    if not math.isfinite(value):
        raise DataError(f"{value} cannot be converted to {wanted!r}; a measurement is a finite number")
    a, b = normal(found), normal(wanted)
    if a == b:
        return value
    exact = Fraction(repr(float(value)))
    if a in _FACTORS and b in _FACTORS:
        (quantity_a, factor_a), (quantity_b, factor_b) = _FACTORS[a], _FACTORS[b]
        if quantity_a == quantity_b:
            return _as_float(exact * factor_a / factor_b, wanted)
        molar = _MICROMOLES_PER_MILLIGRAM_PER_DECILITRE.get(analyte)
        if molar is not None and {quantity_a, quantity_b} == {"amount", "mass concentration"}:
            in_base = exact * factor_a
            crossed = in_base / molar if quantity_a == "amount" else in_base * molar
            return _as_float(crossed / factor_b, wanted)
    substance = f" for {analyte}" if analyte else ""
    raise DataError(
        f"no conversion from {found!r} to {wanted!r} is known{substance}; state the unit the numbers are in"
    )


def _as_float(exact: Fraction, wanted: str) -> float:
    try:
        return float(exact)
    except OverflowError:
        raise DataError(f"the number is too large to be written in {wanted!r}; check it and its unit") from None
