"""Reading a quantity: an observation, a limit of its normal range or an age, in the unit found and the unit wanted."""

from __future__ import annotations

import re
from dataclasses import replace

from myosotis.core import units
from myosotis.core.definition import Definition
from myosotis.core.spans import NumberLimit, number_limit
from myosotis.errors import DataError
from myosotis.model.cells import Reader, Reading, Refusal, read_number, read_text, read_truth
from myosotis.model.layout import Field
from myosotis.sources.sheet import Cell

__all__ = ["OLDEST", "read_age", "read_limit", "read_value"]


# The longest human life that is documented ended at 122 years; no patient of a study is older than this.
OLDEST = 120
_RANGE = re.compile(r"\d+(?:[.,]\d+)?\s*(?:[-\u2013\u2014~]|to|bis)\s*\d+(?:[.,]\d+)?", re.ASCII)


def read_value(definition: Definition, unit: str | None) -> Reader:
    """Make a reader of an observation: in the unit found, converted to the catalogue's, within its range and grid."""
    if definition.type == "yes or no":
        return read_truth
    if definition.type == "text":
        return read_text

    def read(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
        limit = number_limit(cell, decimal) if isinstance(cell, str) and field.codes is None else None
        if limit is not None:
            return _beyond_limit(limit, definition, unit)
        number = read_number(cell, field, decimal)
        if isinstance(number, Refusal):
            return number
        converted = _to_unit(number, definition, unit)
        if isinstance(converted, Refusal) or definition.range is None:
            return converted
        expected = f"{definition.range} {definition.unit} ({definition.label})"
        advice = "check the cells against the chart, and the unit in the mapping"
        if not definition.range.contains(converted.value):
            return Refusal("out of range", f"{converted.value:g}", expected, advice)
        if not definition.range.on_grid(converted.value):
            return Refusal("off the grid", f"{converted.value:g}", expected, advice)
        return converted

    return read


def _beyond_limit(found: NumberLimit, definition: Definition, unit: str | None) -> Reading | Refusal:
    """Give a number known only to lie beyond a limit, in the definition's unit and within its range."""
    # The limit is converted and its span taken then: the step that tells `<3` from `<=3` is one of the unit compared in.
    converted = _to_unit(Reading(found.bound), definition, unit)
    if isinstance(converted, Refusal):
        return converted
    span = replace(found, bound=converted.value).span
    limit = span.high if found.below else span.low
    lowest, highest = (None, None) if definition.range is None else (definition.range.low, definition.range.high)
    if limit is None or (lowest is not None and limit < lowest) or (highest is not None and limit > highest):
        return Refusal(
            "out of range",
            f"a limit of {converted.value:g}",
            f"{definition.range} {definition.unit} ({definition.label})",
            "check the cells against the chart, and the unit in the mapping",
        )
    kind = "below a limit" if found.below else "above a limit"
    reason = f"{converted.reason}, {kind}" if converted.reason else kind
    bounded = replace(span, low=lowest) if found.below else replace(span, high=highest)
    return Reading(bounded, reason)


def read_limit(definition: Definition, unit: str | None, *, upper: bool) -> Reader:
    """Make a reader of a limit of the normal range, in the unit of its observation.

    An upper limit is above 0, a lower limit 0 or more; another is refused, and so are a limit with a sign (`<170`) and a
    whole range (`40-170`).
    """
    which = "upper" if upper else "lower"

    def read(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
        if isinstance(cell, str) and field.codes is None:
            if number_limit(cell, decimal) is not None:
                return Refusal(
                    "limit not a number",
                    "a limit of normal with a sign, such as <170",
                    f"the {which} limit of normal as a number alone, such as 170",
                    f"take the sign away if the number is the {which} limit of normal, else leave the cell empty",
                )
            if _RANGE.fullmatch(cell.strip()):
                return Refusal(
                    "limit not a number",
                    "a whole range of normal, such as 40-170",
                    f"the {which} limit of normal as a number alone, such as {170 if upper else 40}",
                    "put the two ends of the range into two columns, and declare them as lower_limit and upper_limit",
                )
        number = read_number(cell, field, decimal)
        if isinstance(number, Refusal):
            return number
        if number.value < 0 or (upper and number.value == 0):
            expected = "an upper limit above 0" if upper else "a lower limit of 0 or more"
            return Refusal(
                "limit out of range", f"{number.value:g}", expected, "correct the cells, or leave them empty"
            )
        return _to_unit(number, definition, unit)

    return read


def read_age(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read an age in the field's unit (years, months, weeks or days) and give it in years, 0 to 120, both included."""
    number = read_number(cell, field, decimal)
    if isinstance(number, Refusal):
        return number
    if number.value < 0:
        return Refusal("out of range", f"{number.value:g}", "an age of 0 or more", "check the cells against the chart")
    unit = units.normal(field.unit)
    try:
        years = number.value if unit == "years" else units.convert(number.value, found=unit, wanted="years")
    except DataError:
        return _wrong_unit(unit, "years")
    if years > OLDEST:
        return Refusal(
            "out of range", f"{years:g} years", f"an age of at most {OLDEST} years", "check the cells and their unit"
        )
    return number if unit == "years" else Reading(years, f"{unit} to years")


def _to_unit(number: Reading, definition: Definition, unit: str | None) -> Reading | Refusal:
    if unit is None:
        return Refusal(
            "unit missing", "a number without a unit", f"{definition.unit}", "give the unit beside the number"
        )
    if units.normal(unit) == units.normal(definition.unit):
        return number
    try:
        value = units.convert(number.value, found=unit, wanted=definition.unit, analyte=definition.analyte)
    except DataError:
        return _wrong_unit(unit, definition.unit)
    step = f"{units.normal(unit)} to {units.normal(definition.unit)}"
    return Reading(value, f"{number.reason}, {step}" if number.reason else step)


def _wrong_unit(found: str, wanted: str) -> Refusal:
    shown = units.normal(found) if units.is_known(found) else "a unit that is not known"
    return Refusal(
        "wrong unit", shown, f"{wanted} or a unit that converts into it", "correct the unit in the data or the mapping"
    )
