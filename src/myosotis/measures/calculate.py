"""Calculate a measure for one child from named numbers, without a data set."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from myosotis.core.catalogue import Catalogue, nearest_names
from myosotis.errors import UsageError
from myosotis.language.criteria import Categories, NamedCriterion, TextIs
from myosotis.language.judge import judge
from myosotis.language.record import PatientRecord, Row
from myosotis.language.structure import Node, walk
from myosotis.language.values import LimitOf, NamedValue, PatientNumber, Picked
from myosotis.measures.measure import BASELINE, VISIT, Measure

__all__ = ["Calculation", "calculate"]

Given = Mapping[str, float | int | bool | str | None]
_DAYS = {"baseline": BASELINE.target, "visit": VISIT.target}
_LIMITS = {"_upper_limit": "upper_limit", "_lower_limit": "lower_limit"}
_PATIENT_INPUTS = ("age_at_index", "age_at_onset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """Record what a measure came to for one child.

    `value` is a number, a truth or a category, None when it cannot be told; then `missing` lists the inputs that
    were not given, as `moment.name`. `category` is the category of a value, or the categories still possible joined
    by "or". `contributions` holds the named parts, such as the points of each core set measure.
    """

    key: str
    value: float | bool | str | None
    unit: str
    category: str | None
    contributions: Mapping[str, float | bool | str | None]
    missing: tuple[str, ...]
    sentence: str


def calculate(
    measure: Measure, moments: Mapping[str, Given], choices: Mapping[str, object], catalogue: Catalogue
) -> Calculation:
    """Evaluate a measure for one child.

    `moments` maps `baseline` and `visit`, as far as the measure looks at them, to inputs by observation name, in the
    catalogue's unit; a laboratory's limit is `NAME_upper_limit`; ages are given as `age_at_onset` and `age_at_index`
    (years). A yes-or-no observation takes True, False, "yes" or "no". An input that is None or absent is missing.

    Raises `UsageError` for a moment or name that is not known, a number outside the observation's range, or text
    where a number is due.
    """
    unknown = sorted(set(moments) - set(measure.moments))
    if unknown:
        raise UsageError(f"{measure.key} does not look at {', '.join(unknown)}; give {' and '.join(measure.moments)}")
    record = _record(measure, moments, catalogue)
    node = measure.example_node(**choices)
    outcome = judge(node, record)
    categories = measure.example_categories(**choices)
    category = None
    if categories is not None:
        category = " or ".join(judge(categories, record).possible)
    elif isinstance(node, Categories):
        category = " or ".join(outcome.possible)
    parts = {
        one.key: judge(one.of, record).result
        for one in walk(node)
        if isinstance(one, NamedValue | NamedCriterion) and not one.version
    }
    return Calculation(
        key=measure.key,
        value=outcome.result,
        unit=measure.definition.unit,
        category=category,
        contributions=parts,
        missing=() if outcome.result is not None else _missing(node, record),
        sentence=outcome.sentence,
    )


def _record(measure: Measure, moments: Mapping[str, Given], catalogue: Catalogue) -> PatientRecord:
    rows: list[Row] = []
    patient: Row = {
        "sex": None, "site": None, "birth_date": None, "onset_date": None, "diagnosis_date": None,
        "age_at_index": None, "age_at_onset": None, "source": "given", "sheet": "", "source_row": 0,
    }  # fmt: skip
    for moment, given in moments.items():
        for name, value in given.items():
            stem = name
            for ending in _LIMITS:
                stem = stem.removesuffix(ending)
            if name in _PATIENT_INPUTS:
                patient[name] = _number(name, value)
            elif stem != name and stem in catalogue:
                continue
            elif name in catalogue:
                if value is not None:
                    rows.append(_row(name, value, moment, given, catalogue))
            else:
                known = [definition.key for definition in catalogue if definition.kind == "observation"]
                raise UsageError(f"{measure.key}: there is no observation {name!r}; {nearest_names(name, known)}")
    return PatientRecord(
        patient_id="",
        index_date=None,
        patient=patient,
        observations=tuple(rows),
        treatments=(),
        conditions=(),
        events=(),
    )


def _row(name: str, value: float | bool | str, moment: str, given: Given, catalogue: Catalogue) -> Row:
    definition = catalogue[name]
    row: Row = {
        "name": name, "number": None, "text": None, "unit": definition.unit, "day": _DAYS[moment], "date": None,
        "source": "given", "sheet": "", "source_row": 0, "source_column": name, "upper_limit": None, "lower_limit": None,
    }  # fmt: skip
    if definition.type == "yes or no":
        if value not in (True, False, "yes", "no"):
            raise UsageError(f"{name} is {value!r}; give yes or no")
        row["text"] = "yes" if value in (True, "yes") else "no"
        row["number"] = float(row["text"] == "yes")
    elif definition.type == "text":
        row["text"] = str(value)
    else:
        row["number"] = _number(name, value)
        if definition.range is not None and not definition.range.contains(row["number"]):
            raise UsageError(f"{name} is {value}; {definition.label} runs from {definition.range} ({definition.unit})")
    for ending, column in _LIMITS.items():
        if given.get(name + ending) is not None:
            row[column] = _number(name + ending, given[name + ending])
    return row


def _number(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UsageError(f"{name} is {value!r}; give a number")
    return float(value)


def _missing(node: Node, record: PatientRecord) -> tuple[str, ...]:
    names = []
    for one in walk(node):
        if isinstance(one, Picked | TextIs | LimitOf) and judge(one, record).result is None:
            pick = one if isinstance(one, Picked) else one.of
            ending = f"_{one.which}_limit" if isinstance(one, LimitOf) else ""
            names.append(f"{'baseline' if pick.window == BASELINE else 'visit'}.{pick.name}{ending}")
        elif isinstance(one, PatientNumber) and judge(one, record).result is None:
            names.append(one.field)
    return tuple(dict.fromkeys(names))
