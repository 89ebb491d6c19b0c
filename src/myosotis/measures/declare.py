"""Short words to declare observations and the named parts of a rule."""

from __future__ import annotations

from myosotis.core.definition import Citation, Definition, Direction, Example, Range
from myosotis.language.criteria import Criterion, Known, NamedCriterion, all_of, any_of, not_
from myosotis.language.series import Flag, Series
from myosotis.language.values import NamedValue, Value

__all__ = ["MISSING", "measured", "open_where", "part", "part_value", "told", "written"]

MISSING = "stays missing; whatever needs it is not evaluable unless it is settled without it"


def measured(
    key: str,
    label: str,
    *,
    unit: str,
    source: Citation | tuple[Citation, ...],
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    low_included: bool = True,
    direction: Direction = "neither",
    analyte: str = "",
    example: float | None = None,
    decimals: int | None = None,
    note: str = "",
) -> Series:
    """Declare an observation that is a number; both ends of its range are included unless said otherwise.

    `decimals` is how many decimals its summaries are told with, where `step` does not say it.

    Its worked examples are the ends of its range (or `example`), which read back as they were given, and no value,
    which stays missing.
    """
    shown = [number for number in (example, low if low_included else None, high) if number is not None]
    examples = [Example(inputs={"visit": {key: number}}, expected=number) for number in dict.fromkeys(shown)]
    return Series(
        definition=Definition(
            key=key,
            version="1",
            kind="observation",
            label=label,
            citations=source if isinstance(source, tuple) else (source,),
            missing=MISSING,
            unit=unit,
            range=Range(low=low, high=high, step=step, low_included=low_included),
            direction=direction,
            analyte=analyte,
            examples=(*examples, Example(inputs={"visit": {}}, expected=None)),
            note=note,
            decimals=decimals,
        )
    )


def told(key: str, label: str, *, source: Citation | tuple[Citation, ...], note: str = "") -> Flag:
    """Declare an observation that is yes or no; not recorded is neither."""
    return Flag(
        definition=Definition(
            key=key,
            version="1",
            kind="observation",
            label=label,
            citations=source if isinstance(source, tuple) else (source,),
            missing="not recorded is neither yes nor no; what needs it is not evaluable unless settled without it",
            type="yes or no",
            unit="yes/no",
            examples=(
                Example(inputs={"visit": {key: "yes"}}, expected=True),
                Example(inputs={"visit": {key: "no"}}, expected=False),
                Example(inputs={"visit": {}}, expected=None),
            ),
            note=note,
        )
    )


def written(key: str, label: str, *, source: Citation | tuple[Citation, ...], note: str = "") -> Definition:
    """Declare an observation that is text, kept as the chart has it."""
    return Definition(
        key=key,
        version="1",
        kind="observation",
        label=label,
        citations=source if isinstance(source, tuple) else (source,),
        missing=MISSING,
        type="text",
        unit="text",
        examples=(Example(inputs={"visit": {key: "as written"}}, expected="as written"),),
        note=note,
    )


def part(key: str, label: str, criterion: Criterion) -> NamedCriterion:
    """Name a part of a rule, so that a contribution and a sentence show it."""
    return NamedCriterion(key=key, version="", label=label, of=criterion)


def part_value(key: str, label: str, unit: str, value: Value) -> NamedValue:
    """Name a number within a rule, so that a contribution and a sentence show it."""
    return NamedValue(key=key, version="", label=label, unit=unit, of=value)


def open_where(doubt: Criterion, criterion: Criterion) -> Criterion:
    """Leave a criterion not evaluable where there is a doubt, and as it is where there is none."""
    return any_of(all_of(not_(doubt), criterion), all_of(doubt, Known(truth=None)))
