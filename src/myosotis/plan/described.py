"""What a definition says of an expression: its key, label, unit, range, and how many decimals it is told with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from myosotis.core.definition import Definition
from myosotis.errors import ProtocolError
from myosotis.language.criteria import Categories, Criterion, NamedCriterion, Recorded, TextIs
from myosotis.language.series import Flag, Series
from myosotis.language.values import NamedValue, PatientNumber, Picked, Value
from myosotis.language.visit import Visit
from myosotis.language.windows import Window
from myosotis.measures.catalogue import measures
from myosotis.measures.measure import CriterionOfVisit, Measure, ValueOfVisit
from myosotis.measures.modules import observations

__all__ = ["Asked", "Described", "described", "key_of", "placed"]

# What a protocol names where a table or a test asks something: of a patient, or of a visit that is still to be named.
Asked = Value | Criterion | Categories | Series | Flag | Measure

# Values are compared to 9 decimals, so that finer differences are none.
_COMPARED = 9
_PATIENT = {
    "age_at_index": ("age", "Age", "years"),
    "age_at_onset": ("age_at_onset", "Age at onset", "years"),
    "time_since_diagnosis": ("time_since_diagnosis", "Time since diagnosis", "months"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Hold what a definition says; empty or None where none says it."""

    key: str = ""
    label: str = ""
    unit: str = ""
    decimals: int | None = None
    precision: int = _COMPARED
    low: float | None = None
    high: float | None = None
    direction: str = "neither"


def placed(asked: object, window: Window | Visit, baseline: Window | None = None) -> Value | Criterion | Categories:
    """Ask an observation or a measure at a visit, or between a baseline and it; an expression comes back as it is."""
    if isinstance(asked, Series | Flag):
        return asked.at(window)
    if isinstance(asked, Measure):
        if len(asked.moments) == 1:
            return asked.at(window)
        if baseline is None:
            raise ProtocolError(f"{asked.key} compares two visits; write {asked.key}.between(baseline, visit)")
        return asked.between(baseline, window)
    if isinstance(asked, Value | Criterion | Categories):
        return asked
    raise ProtocolError(
        f"a {type(asked).__name__} was given where an observation, a measure or an expression is asked, such as cmas or "
        "cmas.at(week_4)"
    )


def described(asked: object) -> Described:
    """Find what the catalogue, or an observation of the study's own, says of an expression.

    Medians are told with a decimal more than the scale has steps; a definition without steps with those that it names,
    else with one.
    """
    definition = _definition(asked)
    if definition is not None:
        return _of(definition)
    if isinstance(asked, PatientNumber):
        key, label, unit = _PATIENT[asked.field]
        return Described(key=key, label=label, unit=unit, decimals=1)
    if isinstance(asked, NamedValue | NamedCriterion | Categories | Picked):
        key = getattr(asked, "key", getattr(asked, "name", ""))
        return Described(key=key, label=asked.label, unit=getattr(asked, "unit", ""))
    if isinstance(asked, TextIs | Recorded):
        return described(asked.of)
    return Described()


def key_of(label: str) -> str:
    """Make a key of a label.

    >>> key_of("Intravenous immunoglobulin")
    'intravenous_immunoglobulin'
    """
    return "_".join(label.lower().split())


def _definition(asked: object) -> Definition | None:
    if isinstance(asked, Series | Flag | Measure):
        return asked.definition
    if isinstance(asked, ValueOfVisit | CriterionOfVisit):
        return asked.of.measure.definition
    key = getattr(asked, "key", getattr(asked, "name", ""))
    if isinstance(asked, NamedValue | NamedCriterion | Categories) and key in measures():
        return measures()[key].definition
    if isinstance(asked, Picked) and key in observations():
        return observations()[key]
    return None


def _of(definition: Definition) -> Described:
    limits = definition.range
    step = None if limits is None else limits.step
    digits = None if step is None else max(0, -int(Decimal(str(step)).normalize().as_tuple().exponent))
    decimals = definition.decimals if definition.decimals is not None else 1 if digits is None else digits + 1
    return Described(
        key=definition.key,
        label=definition.label,
        unit=definition.unit,
        decimals=decimals,
        precision=_COMPARED if digits is None else digits,
        low=None if limits is None else limits.low,
        high=None if limits is None else limits.high,
        direction=definition.direction,
    )
