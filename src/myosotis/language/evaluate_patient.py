"""Evaluate an expression for one patient in plain Python, keeping every step and every row behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from myosotis.errors import ProtocolError
from myosotis.language import courses, read_observations
from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.interval import (
    MISSING,
    Interval,
    add,
    banded,
    between,
    compared,
    divide,
    either,
    every,
    exactly,
    extreme,
    first_recorded,
    median,
    multiply,
    open_truths,
    subtract,
    through_function,
    together,
)
from myosotis.language.outcome import Evidence, Outcome
from myosotis.language.record import PatientRecord

__all__ = ["Expression", "evaluate_patient"]

Expression = v.Value | c.Criterion | c.Categories


def evaluate_patient(node: Expression, record: PatientRecord) -> Outcome:
    """Evaluate a value, criterion or set of categories for one patient.

    A missing value is None and makes what needs it None, except where Kleene logic settles a criterion without it. A value
    that is not exactly known is an interval: a criterion is true where it holds for every completion, false where for
    none, else not evaluable.
    This is the reference that the engines are tested against.
    """
    if isinstance(node, c.Categories):
        return _categories(node, record)
    return _value(node, record) if isinstance(node, v.Value) else _criterion(node, record)


def _value(node: v.Value, record: PatientRecord) -> Outcome:
    found = MISSING
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[Outcome, ...] = ()
    match node:
        case v.Constant():
            found = exactly(node.number)
        case v.Missing():
            pass
        case v.Picked():
            found, evidence = read_observations.pick(node, record)
        case v.DayOf():
            found, evidence = read_observations.pick_day(node.of, record)
        case v.LimitOf():
            found, evidence = read_observations.pick_limit(node, record)
        case v.VisitDay():
            found, evidence = read_observations.visit_day(node, record)
        case v.PatientNumber():
            found, evidence = read_observations.patient_number(node, record)
        case v.FollowUpEnd():
            found, evidence = read_observations.follow_up_end(record)
        case v.StartDay():
            found, evidence = courses.start_day(node, record)
        case v.StopDay():
            found, evidence = courses.stop_day(node, record)
        case v.Nearest():
            parts = (_value(node.to, record),)
            found, evidence = read_observations.nearest(node, parts[0].interval, record)
        case v.DoseOn():
            parts = (_value(node.day, record),)
            found, evidence = courses.dose_on(node, parts[0].interval, record)
        case v.CumulativeDose():
            parts = (_value(node.first, record), _value(node.last, record))
            found, evidence = courses.cumulative_dose(node, parts[0].interval, parts[1].interval, record)
        case v.DaysOn():
            parts = (_value(node.first, record), _value(node.last, record))
            found, evidence = courses.days_on(node, parts[0].interval, parts[1].interval, record)
        case v.NamedValue() | v.Rounded() | v.Function() | v.Bands():
            parts = (_value(node.of, record),)
            found = _through(node, parts[0].interval)
        case v.Add() | v.Subtract() | v.Multiply() | v.Divide():
            parts = (_value(node.left, record), _value(node.right, record))
            found = _ARITHMETIC[type(node)](parts[0].interval, parts[1].interval)
        case v.Total() | v.Median() | v.Extreme() | v.FirstRecorded():
            parts = tuple(_value(part, record) for part in node.of)
            found = _several(node, [part.interval for part in parts])
        case v.CountTrue():
            parts = tuple(_criterion(part, record) for part in node.of)
            found = open_truths([_truth_of(part) for part in parts], every([part.evaluable for part in parts]))
        case v.Where():
            return _where(node, record)
        case _:
            raise ProtocolError(f"{type(node).__name__} is no value that this release can evaluate")
    return Outcome(node=node, result=found.number, evidence=evidence, parts=parts, interval=found)


def _where(node: v.Where, record: PatientRecord) -> Outcome:
    """Take one branch; while what is not exactly known leaves the criterion open, the number lies between the two."""
    asked = _criterion(node.criterion, record)
    truth = _truth_of(asked)
    if truth is not None:
        branch = _value(node.then if truth else node.otherwise, record)
        return Outcome(node=node, result=branch.result, parts=(asked, branch), interval=branch.interval)
    if not asked.evaluable:
        return Outcome(node=node, result=None, parts=(asked,), interval=between(None, None, asked.evaluable))
    branches = (_value(node.then, record), _value(node.otherwise, record))
    found = either([branch.interval for branch in branches])
    return Outcome(node=node, result=found.number, parts=(asked, *branches), interval=found)


def _truth_of(outcome: Outcome) -> bool | None:
    assert outcome.result is None or isinstance(outcome.result, bool)
    return outcome.result


_ARITHMETIC = {v.Add: add, v.Subtract: subtract, v.Multiply: multiply, v.Divide: divide}


def _through(node: v.NamedValue | v.Rounded | v.Function | v.Bands, of: Interval) -> Interval:
    match node:
        case v.NamedValue():
            return of
        case v.Rounded():
            low = None if of.low is None else round(of.low, 9)
            return replace(of, low=low, high=None if of.high is None else round(of.high, 9))
        case v.Bands():
            return banded(of, node.edges, node.points)
    return through_function(node.name, of)


def _several(node: v.Total | v.Median | v.Extreme | v.FirstRecorded, parts: Sequence[Interval]) -> Interval:
    match node:
        case v.Total():
            return reduce(add, parts)
        case v.Median():
            return median(parts)
        case v.Extreme():
            return extreme(node.which, parts)
    return first_recorded(parts)


def _criterion(node: c.Criterion, record: PatientRecord) -> Outcome:
    truth: bool | None
    evaluable: bool | None = True
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[Outcome, ...] = ()
    match node:
        case c.Known():
            truth, evaluable = node.truth, False
        case c.Compare():
            parts = (_value(node.left, record), _value(node.right, record))
            truth = compared(parts[0].interval, node.operator, parts[1].interval)
            evaluable = together([part.interval for part in parts])
        case c.Recorded():
            parts = (_value(node.of, record),)
            truth = parts[0].interval.recorded
        case c.TextIs():
            truth, evaluable, evidence = read_observations.pick_text(node, record)
        case c.PatientIs():
            truth, evaluable, evidence = read_observations.patient_is(node, record)
        case c.HasCondition():
            first, last = (None if day is None else _value(day, record).interval for day in (node.first, node.last))
            truth, evaluable, evidence = read_observations.condition(node, first, last, record)
        case c.Started():
            parts = (_value(node.after, record), _value(node.until, record))
            truth, evaluable, evidence = courses.started(node, parts[0].interval, parts[1].interval, record)
        case c.Taking():
            parts = (_value(node.day, record),)
            truth, evaluable, evidence = courses.taking(node, parts[0].interval, record)
        case c.NamedCriterion():
            parts = (_criterion(node.of, record),)
            truth, evaluable = _truth_of(parts[0]), parts[0].evaluable
        case c.Not():
            parts = (_criterion(node.of, record),)
            inner = _truth_of(parts[0])
            truth, evaluable = (None if inner is None else not inner), parts[0].evaluable
        case c.AllOf() | c.AnyOf() | c.AtLeast():
            parts = tuple(_criterion(part, record) for part in node.of)
            truth = kleene(node, [_truth_of(part) for part in parts])
            evaluable = _joined([part.evaluable for part in parts if part.result is None])
        case _:
            raise ProtocolError(f"{type(node).__name__} is no criterion that this release can evaluate")
    if truth is not None:
        evaluable = True
    return Outcome(node=node, result=truth, evidence=evidence, parts=parts, evaluable=evaluable)


def _joined(evaluable: Sequence[bool | None]) -> bool | None:
    """Say whether criteria joined by Kleene logic are settled by every completion, from those that are open.

    A part that is missing leaves the whole open unless another settles it, which some completion of that may do.
    """
    found = set(evaluable)
    return found.pop() if len(found) == 1 else None


def kleene(node: c.AllOf | c.AnyOf | c.AtLeast, truths: Sequence[bool | None]) -> bool | None:
    """Join truths by strong Kleene logic."""
    true, open_ = sum(one is True for one in truths), sum(one is None for one in truths)
    needed = {c.AllOf: len(truths), c.AnyOf: 1}.get(type(node)) or node.count  # type: ignore[union-attr]
    if true >= needed:
        return True
    return False if true + open_ < needed else None


def _categories(node: c.Categories, record: PatientRecord) -> Outcome:
    judged = tuple(_criterion(criterion, record) for _, criterion in node.cases)
    possible: list[str] = []
    for (level, _), truth in zip(node.cases, map(_truth_of, judged), strict=True):
        if truth is not False:
            possible.append(level)
        if truth is True:
            break
    else:
        possible.append(node.otherwise)
    return Outcome(
        node=node,
        result=possible[0] if len(possible) == 1 else None,
        parts=judged,
        possible=tuple(possible),
    )
