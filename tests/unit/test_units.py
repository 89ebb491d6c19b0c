"""A unit converts by an exact factor with a source, or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.units import convert, is_known, normal
from myosotis.errors import DataError
from myosotis.measures import haemoglobin
from myosotis.model.layout import Field
from myosotis.model.quantities import read_value

# Each factor is a definition of the SI or of calendar time; the one of creatinine is 0.413 x 88.4 = 36.5 in
# Schwartz et al. 2009, doi:10.1681/ASN.2008030287, which gives the bedside formula in both units.
FACTORS = [
    (1, "kg", 1000, "g", ""), (1, "g", 1000, "mg", ""), (1, "m", 100, "cm", ""), (1, "cm", 10, "mm", ""),
    (1, "min", 60, "s", ""), (1, "week", 7, "days", ""), (1, "year", 12, "months", ""),
    (1, "µkat/L", 60, "U/L", ""), (1, "mmol/L", 1000, "µmol/L", ""), (1, "g/dL", 10, "g/L", ""),
    (1, "g/L", 100, "mg/dL", ""), (1, "10^9/L", 1000, "/µL", ""), (1, "mg/dL", 88.4, "µmol/L", "creatinine"),
    (1, "mg/dL", 17.104, "µmol/L", "bilirubin"), (10000 / 17.104, "µmol/L", 10000 / 17.104**2, "mg/dL", "bilirubin"),
    (1, "g/L", 8.84, "mmol/L", "creatinine"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "found", "result", "wanted", "analyte"), FACTORS)
def test_the_factor_holds_both_ways(value, found, result, wanted, analyte):
    assert convert(value, found=found, wanted=wanted, analyte=analyte) == result
    assert convert(result, found=wanted, wanted=found, analyte=analyte) == value


def test_a_decimal_number_converts_exactly_and_not_by_binary_products():
    assert convert(0.1, found="kg", wanted="g") == 100.0
    assert convert(1.1, found="m", wanted="cm") == 110.0
    assert 1.1 * 100 != 110.0


@pytest.mark.parametrize(
    ("spelling", "unit"),
    [("u/l", "U/L"), ("IU/L", "U/L"), ("umol/l", "µmol/L"), ("μmol/L", "µmol/L"), (" mg/dl ", "mg/dL"),
     ("score", "points"), ("x10^9/L", "10^9/L"), ("ratio", "1")],
)  # fmt: skip
def test_spellings_of_a_unit_are_one_unit(spelling, unit):
    assert normal(spelling) == unit
    assert is_known(spelling)


def test_an_unknown_unit_comes_back_and_is_not_known():
    assert normal(" furlongs ") == "furlongs"
    assert not is_known("furlongs")


def test_capital_g_per_litre_is_giga_or_gram_and_is_never_guessed():
    assert not is_known("G/L")
    assert normal("G/L") == "G/L"
    for wanted in ("g/L", "10^9/L"):
        with pytest.raises(DataError, match="no conversion from 'G/L'"):
            convert(5.0, found="G/L", wanted=wanted)


@pytest.mark.parametrize(
    ("found", "wanted", "analyte"),
    [("kg", "cm", ""), ("U/L", "mg/dL", ""), ("mg/dL", "µmol/L", ""), ("mg/dL", "µmol/L", "glucose"),
     ("points", "U/L", ""), ("months", "days", ""), ("mg/kg/day", "mg/day", ""), ("furlongs", "m", "")],
)  # fmt: skip
def test_what_measures_something_else_is_refused_with_both_units(found, wanted, analyte):
    with pytest.raises(DataError) as error:
        convert(1.0, found=found, wanted=wanted, analyte=analyte)
    for part in (repr(found), repr(wanted), analyte, "state the unit"):
        assert part in str(error.value)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_equal_units_give_the_number_back_bit_for_bit(value):
    result = convert(value, found="u/l", wanted="U/L")
    assert (result, np.signbit(result)) == (value, np.signbit(value))


@settings(deadline=None)
@given(st.floats(min_value=1e-6, max_value=1e9))
def test_there_and_back_is_the_number_again(value):
    there = convert(value, found="mg/dL", wanted="µmol/L", analyte="creatinine")
    # Two roundings to the nearest double, each of at most half a unit in the last place.
    assert convert(there, found="µmol/L", wanted="mg/dL", analyte="creatinine") == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused(value):
    for wanted in ("kg", "g"):
        with pytest.raises(DataError, match="finite"):
            convert(value, found="kg", wanted=wanted)


def test_a_number_too_large_once_converted_is_refused():
    with pytest.raises(DataError, match="too large"):
        convert(1e308, found="kg", wanted="mg")


def test_integers_and_numpy_numbers_convert_like_floats():
    assert convert(2, found="kg", wanted="g") == 2000.0
    assert convert(np.float64(0.5), found="kg", wanted="g") == 500.0


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@pytest.mark.parametrize("bound", ["0.123456789", "3", "12.5", "250"])
@pytest.mark.parametrize("unit", ["g/dL", "g/L", "mg/dL"])
def test_a_limit_is_converted_as_a_number_is_and_keeps_whether_it_is_excluded(sign, bound, unit):
    """The least step of a comparison belongs to the unit compared in, never to the one found."""
    definition = haemoglobin.definition
    found = read_value(definition, unit)(f"{sign}{bound}", Field(column="Hb")).value
    limit = convert(float(bound), found=unit, wanted=definition.unit)
    step = 1e-9 * {"<": -1, ">": 1}.get(sign, 0)
    lowest, highest = (definition.range.low, definition.range.high) if definition.range else (None, None)
    expected = (lowest, round(limit + step, 9)) if "<" in sign else (round(limit + step, 9), highest)
    assert (found.low, found.high) == expected
