"""The worst grade of one patient's laboratory test after baseline, and what it was at baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.outcome import Outcome
from myosotis.language.picking import place
from myosotis.language.record import FAR, PatientRecord
from myosotis.language.series import Series
from myosotis.language.structure import Node, operands, walk
from myosotis.language.values import Constant, DayOf, Missing, Nearest, Picked
from myosotis.language.windows import Window
from myosotis.measures.measure import Measure

__all__ = [
    "NORMAL",
    "NOT_EVALUABLE",
    "NOT_MEASURED",
    "OUT_OF_REACH",
    "RAISED",
    "LaboratoryTest",
    "WorstGrade",
    "worst_grade",
]

_HIGHEST = 4
NORMAL, RAISED = "not above the upper limit", "above the upper limit"
NOT_MEASURED, NOT_EVALUABLE = "not measured", "not evaluable"
# Limits below and above any laboratory value, between which grades by a limit of normal must lie: they rise with the
# value and fall with the limit.
OUT_OF_REACH = (1e-9, 1e12)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryTest:
    """Join a laboratory test with the measure that grades it, for example `alt` with `ctcae_5_alt`.

    Raises `ProtocolError` for a measure that looks at something else than one visit, or baseline and one visit.
    """

    series: Series
    grade: Measure

    def __post_init__(self) -> None:
        check_declared(self)
        if self.grade.moments not in (("visit",), ("baseline", "visit")):
            raise ProtocolError(f"{self.grade.key} looks at {', '.join(self.grade.moments)}; a grade needs a visit")

    @property
    def key(self) -> str:
        """Give the key of the test."""
        return self.series.definition.key

    @property
    def label(self) -> str:
        """Give the name of the test."""
        return self.series.definition.label

    @property
    def compares(self) -> bool:
        """Say whether the grade depends on the patient's baseline."""
        return len(self.grade.moments) == 2

    @property
    def highest(self) -> int:
        """Give the highest grade there is."""
        scale = self.grade.definition.range
        return _HIGHEST if scale is None else int(scale.high or _HIGHEST)

    def at(self, baseline: Window, visit: Window) -> Node:
        """Give the grade at a visit."""
        return self.grade.between(baseline, visit) if self.compares else self.grade.at(visit)

    def before(self, baseline: Window) -> Node:
        """Give what is told of the baseline: its grade, or for a grade by baseline whether it was above the limit."""
        if not self.compares:
            return self.grade.at(baseline)
        value = self.series.at(baseline)
        return value > value.upper_limit

    @property
    def of_its_own_values(self) -> bool:
        """Say whether the grade is made of the test's values and limits alone, by no day and of nothing else recorded."""
        moments = (Window(label=label, target=day, first=day, last=day) for label, day in (("before", 0), ("after", 1)))
        parts = tuple(walk(self.at(*moments)))
        leaves = (part for part in parts if not operands(part))
        return not any(isinstance(part, DayOf | Nearest) for part in parts) and all(
            isinstance(leaf, Constant | Missing) or (isinstance(leaf, Picked) and leaf.name == self.key)
            for leaf in leaves
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstGrade:
    """Record a patient's worst grade of a test.

    The worst grade lies between `low` and `high`, both included; both are None where nothing was measured. `before` and
    `after` name the baseline and the worst grade that could be told, `day` and `value` are its own; `open` counts the
    values after baseline that could not be graded. `baseline` and `outcome` hold the rows behind both.
    """

    patient: str
    before: str
    after: str
    low: int | None
    high: int | None
    day: int | None
    value: float | None
    open: int
    baseline: Outcome
    outcome: Outcome | None

    def at_least(self, grade: int) -> bool | None:
        """Say whether the worst grade reaches a grade; None where that cannot be told."""
        if self.low is None or self.high is None:
            return None
        if self.low >= grade:
            return True
        return False if self.high < grade else None


def worst_grade(
    record: PatientRecord, test: LaboratoryTest, baseline: Window, follow_up: Window, before: Outcome
) -> WorstGrade:
    """Grade every value in the days of follow-up, planned or not, and keep the worst; of equals the earliest.

    Each of several values of one day is graded. A value that lacks its limit of normal still bounds its grade: it is
    graded once with a limit out of reach on either side. So does one given as a limit (`>210`), or whose date is known to
    the month; one that may lie outside follow-up only says how bad the worst can have been. Where the worst that can be
    told is grade 0, or less than another value is known to have, and that could have been worse, `after` is not evaluable.
    """
    rows = [
        row
        for row in record.observations
        if row["name"] == test.key
        and any(row[column] is not None for column in ("number", "number_low", "number_high"))
        and -FAR < row["day_low"] <= follow_up.last
        and row["day_high"] >= follow_up.first
    ]
    rows.sort(key=lambda row: (row["day_low"], *place(row), row["day_high"]))
    judged = [_bounded(record, row, test, baseline, follow_up) for row in rows]
    known = [(row, outcome) for row, outcome, low, high in judged if outcome.result is not None and low == high]
    shared: dict[str, Any] = {
        "patient": record.patient_id,
        "before": _before(before, test, record, baseline),
        "baseline": before,
        "open": len(judged) - len(known),
        "low": max((low for *_, low, _ in judged), default=None),
        "high": max((high for *_, high in judged), default=None),
    }
    row, outcome = max(known, key=lambda one: _number(one[1]), default=(None, None))  # of equals the earliest
    worse = row is not None and outcome is not None and _number(outcome) < shared["low"]
    if row is None or outcome is None or worse or (_number(outcome) == 0 and shared["high"] > 0):
        after = NOT_EVALUABLE if rows else NOT_MEASURED
        return WorstGrade(**shared, after=after, day=None, value=None, outcome=None)
    return WorstGrade(**shared, after=f"grade {_number(outcome)}", day=row["day"], value=row["number"], outcome=outcome)


def _bounded(
    record: PatientRecord, row: Mapping[str, Any], test: LaboratoryTest, baseline: Window, follow_up: Window
) -> tuple[Mapping[str, Any], Outcome, int, int]:
    """Grade one row; of one that may lie outside follow-up the grade only bounds the worst from above."""
    outcome, low, high = _graded(record, row, test, baseline, follow_up.first)
    sure = row["day_low"] >= follow_up.first and row["day_high"] <= follow_up.last
    return row, outcome, low if sure else 0, high


def _graded(
    record: PatientRecord, row: Mapping[str, Any], test: LaboratoryTest, baseline: Window, first: int
) -> tuple[Outcome, int, int]:
    """Grade one row, without the other rows of its test on the same day, and bound the grade from both sides."""
    outcome = _judged(record, row, test, baseline, first)
    if outcome.result is not None:
        return outcome, _number(outcome), _number(outcome)
    found = outcome.interval
    if found.recorded and found.low is not None and found.high is not None:
        return outcome, round(found.low), round(found.high)
    bounds = []
    for limit in OUT_OF_REACH:
        limits = {name: limit for name in ("lower_limit", "upper_limit") if row[name] is None}
        bound = _judged(record, {**row, **limits}, test, baseline, first)
        if bound.result is None:
            return outcome, 0, test.highest
        bounds.append(_number(bound))
    return outcome, min(bounds), max(bounds)


def _judged(
    record: PatientRecord, row: Mapping[str, Any], test: LaboratoryTest, baseline: Window, first: int
) -> Outcome:
    """Grade a row as the only one of its test on its day: the earliest in follow-up that it can be of."""
    day = max(row["day_low"], first)
    visit = Window(label=f"day {day}", target=day, first=day, last=day)
    kept = tuple(one for one in record.observations if not _meets(one, row["name"], day))
    alone = {**row, **_closed(row), "day": day, "day_low": day, "day_high": day}
    return evaluate_patient(test.at(baseline, visit), replace(record, observations=(*kept, alone)))


def _closed(row: Mapping[str, Any]) -> dict[str, float]:
    """Close the open end of a value given as a limit: no laboratory value is below 0 or out of reach above."""
    low, high = row["number_low"], row["number_high"]
    if row["number"] is not None or (low is None) == (high is None):
        return {}
    return {"number_low": 0.0 if low is None else low, "number_high": max(OUT_OF_REACH) if high is None else high}


def _meets(row: Mapping[str, Any], name: str, day: int) -> bool:
    return bool(row["name"] == name and row["day_low"] <= day <= row["day_high"])


def _before(before: Outcome, test: LaboratoryTest, record: PatientRecord, baseline: Window) -> str:
    if before.result is None:
        measured = evaluate_patient(test.series.at(baseline).recorded(), record).result
        return NOT_EVALUABLE if measured else NOT_MEASURED
    if test.compares:
        return RAISED if before.result is True else NORMAL
    return f"grade {_number(before)}"


def _number(outcome: Outcome) -> int:
    assert isinstance(outcome.result, float)
    return round(outcome.result)
