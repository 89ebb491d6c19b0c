"""Evaluate an expression for one patient in plain Python, keeping every step and every row behind it."""

from __future__ import annotations

import math
import statistics as stdlib_statistics
from collections.abc import Sequence

from myosotis.errors import ProtocolError
from myosotis.language import courses, leaves
from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.outcome import Evidence, Outcome
from myosotis.language.record import PatientRecord

__all__ = ["Expression", "judge"]

Expression = v.Value | c.Criterion | c.Categories


def judge(node: Expression, record: PatientRecord) -> Outcome:
    """Evaluate a value, criterion or set of categories for one patient.

    A missing value is None and makes what needs it None, except where Kleene logic settles a criterion without it.
    This is the reference that the engines are tested against.
    """
    if isinstance(node, c.Categories):
        return _categories(node, record)
    return _value(node, record) if isinstance(node, v.Value) else _criterion(node, record)


def _number(node: v.Value, record: PatientRecord) -> tuple[float | None, Outcome]:
    outcome = _value(node, record)
    assert outcome.result is None or isinstance(outcome.result, float)
    return outcome.result, outcome


def _truth(node: c.Criterion, record: PatientRecord) -> tuple[bool | None, Outcome]:
    outcome = _criterion(node, record)
    assert outcome.result is None or isinstance(outcome.result, bool)
    return outcome.result, outcome


def _value(node: v.Value, record: PatientRecord) -> Outcome:
    number: float | None
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[Outcome, ...] = ()
    match node:
        case v.Constant():
            number = float(node.number)
        case v.Picked():
            row, evidence = leaves.pick(node, record)
            number = None if row is None else float(row["number"])
        case v.DayOf():
            row, evidence = leaves.pick(node.of, record)
            number = None if row is None else float(row["day"])
        case v.LimitOf():
            row, evidence = leaves.pick(node.of, record)
            limit = None if row is None else row[f"{node.which}_limit"]
            number = None if limit is None else float(limit)
        case v.VisitDay():
            number, evidence = leaves.visit_day(node, record)
        case v.PatientNumber():
            number, evidence = leaves.patient_number(node, record)
        case v.StartDay():
            number, evidence = courses.start_day(node, record)
        case v.StopDay():
            number, evidence = courses.stop_day(node, record)
        case v.Nearest():
            to, part = _number(node.to, record)
            number, evidence = leaves.nearest(node, to, record)
            parts = (part,)
        case v.DoseOn():
            day, part = _number(node.day, record)
            number, evidence = courses.dose_on(node, day, record)
            parts = (part,)
        case v.CumulativeDose() | v.DaysOn():
            first, part_1 = _number(node.first, record)
            last, part_2 = _number(node.last, record)
            read = courses.cumulative_dose if isinstance(node, v.CumulativeDose) else courses.days_on
            number, evidence = read(node, first, last, record)  # type: ignore[arg-type]
            parts = (part_1, part_2)
        case v.NamedValue() | v.Rounded() | v.Function() | v.Bands():
            inner, part = _number(node.of, record)
            number = None if inner is None else _through(node, inner)
            parts = (part,)
        case v.Add() | v.Subtract() | v.Multiply() | v.Divide():
            left, part_1 = _number(node.left, record)
            right, part_2 = _number(node.right, record)
            number = None if left is None or right is None else _arithmetic(node, left, right)
            parts = (part_1, part_2)
        case v.Total() | v.Median() | v.Extreme() | v.FirstRecorded():
            found = [_number(part, record) for part in node.of]
            number = _several(node, [one for one, _ in found])
            parts = tuple(part for _, part in found)
        case v.CountTrue():
            judged = [_truth(part, record) for part in node.of]
            truths = [one for one, _ in judged]
            number = None if None in truths else float(sum(one is True for one in truths))
            parts = tuple(part for _, part in judged)
        case v.Where():
            truth, part = _truth(node.criterion, record)
            if truth is None:
                return Outcome(node=node, result=None, parts=(part,))
            number, branch = _number(node.then if truth else node.otherwise, record)
            parts = (part, branch)
        case _:
            raise ProtocolError(f"{type(node).__name__} is no value that this release can evaluate")
    return Outcome(node=node, result=number, evidence=evidence, parts=parts)


def _through(node: v.NamedValue | v.Rounded | v.Function | v.Bands, number: float) -> float | None:
    match node:
        case v.NamedValue():
            return number
        case v.Rounded():
            return round(number, 9)
        case v.Bands():
            rounded = round(number, 9)
            return float(node.points[sum(edge < rounded for edge in node.edges)])
    if node.name == "exp":
        return math.exp(number)
    if node.name == "ln":
        return math.log(number) if number > 0 else None
    if node.name == "sqrt":
        return math.sqrt(number) if number >= 0 else None
    return float(math.floor(number)) if node.name == "floor" else abs(number)


def _arithmetic(node: v.Add | v.Subtract | v.Multiply | v.Divide, left: float, right: float) -> float | None:
    match node:
        case v.Add():
            return left + right
        case v.Subtract():
            return left - right
        case v.Multiply():
            return left * right
    return left / right if right != 0 else None


def _several(node: v.Total | v.Median | v.Extreme | v.FirstRecorded, numbers: Sequence[float | None]) -> float | None:
    recorded = [number for number in numbers if number is not None]
    match node:
        case v.FirstRecorded():
            return recorded[0] if recorded else None
        case v.Extreme():
            return (min(recorded) if node.which == "smallest" else max(recorded)) if recorded else None
    if len(recorded) < len(numbers):
        return None
    return sum(recorded) if isinstance(node, v.Total) else float(stdlib_statistics.median(recorded))


def _criterion(node: c.Criterion, record: PatientRecord) -> Outcome:
    truth: bool | None
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[Outcome, ...] = ()
    match node:
        case c.Known():
            truth = node.truth
        case c.Compare():
            left, part_1 = _number(node.left, record)
            right, part_2 = _number(node.right, record)
            truth = None if left is None or right is None else _compared(left, node.operator, right)
            parts = (part_1, part_2)
        case c.Recorded():
            number, part = _number(node.of, record)
            truth, parts = number is not None, (part,)
        case c.TextIs():
            row, evidence = leaves.pick_text(node.of, record)
            truth = None if row is None else row["text"] in node.texts
        case c.PatientIs():
            truth, evidence = leaves.patient_is(node, record)
        case c.HasCondition():
            first, last = (None if day is None else _number(day, record)[0] for day in (node.first, node.last))
            truth, evidence = leaves.condition(node, first, last, record)
        case c.Started():
            after, part_1 = _number(node.after, record)
            until, part_2 = _number(node.until, record)
            truth, evidence = courses.started(node, after, until, record)
            parts = (part_1, part_2)
        case c.Taking():
            day, part = _number(node.day, record)
            truth, evidence = courses.taking(node, day, record)
            parts = (part,)
        case c.NamedCriterion():
            truth, part = _truth(node.of, record)
            parts = (part,)
        case c.Not():
            inner, part = _truth(node.of, record)
            truth, parts = (None if inner is None else not inner), (part,)
        case c.AllOf() | c.AnyOf() | c.AtLeast():
            judged = [_truth(part, record) for part in node.of]
            truth = kleene(node, [one for one, _ in judged])
            parts = tuple(part for _, part in judged)
        case _:
            raise ProtocolError(f"{type(node).__name__} is no criterion that this release can evaluate")
    return Outcome(node=node, result=truth, evidence=evidence, parts=parts)


def kleene(node: c.AllOf | c.AnyOf | c.AtLeast, truths: Sequence[bool | None]) -> bool | None:
    """Join truths by strong Kleene logic."""
    true, open_ = sum(one is True for one in truths), sum(one is None for one in truths)
    needed = {c.AllOf: len(truths), c.AnyOf: 1}.get(type(node)) or node.count  # type: ignore[union-attr]
    if true >= needed:
        return True
    return False if true + open_ < needed else None


def _compared(left: float, operator: str, right: float) -> bool:
    if operator == "=":
        return round(left, 9) == round(right, 9)
    return {"<=": left <= right, "<": left < right, ">=": left >= right, ">": left > right}[operator]


def _categories(node: c.Categories, record: PatientRecord) -> Outcome:
    judged = [_truth(criterion, record) for _, criterion in node.cases]
    possible: list[str] = []
    for (level, _), (truth, _) in zip(node.cases, judged, strict=True):
        if truth is not False:
            possible.append(level)
        if truth is True:
            break
    else:
        possible.append(node.otherwise)
    return Outcome(
        node=node,
        result=possible[0] if len(possible) == 1 else None,
        parts=tuple(part for _, part in judged),
        possible=tuple(possible),
    )
