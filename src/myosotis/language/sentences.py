"""Say an expression in plain English."""

from __future__ import annotations

from myosotis.core.spans import LEAST_STEP
from myosotis.errors import ProtocolError
from myosotis.language import criteria as c
from myosotis.language import values as v

__all__ = ["between_words", "listed", "plain_number", "sentence"]

_OPERATORS = {
    "<=": "is at most",
    "<": "is below",
    ">=": "is at least",
    ">": "is above",
    "=": "equals",
}
_RULES = {
    "nearest": "at {}",
    "first": "first seen in {}",
    "last": "last seen in {}",
    "lowest": "lowest in {}",
    "highest": "highest in {}",
}
_PATIENT = {
    "age_at_index": "age at the index date",
    "age_at_onset": "age at onset",
    "time_since_diagnosis": "time since diagnosis",
}
_PATIENT_UNITS = {"age_at_index": "years", "age_at_onset": "years", "time_since_diagnosis": "months"}


def between_words(low: float | None, high: float | None) -> str:
    """Say between which numbers one lies, both included; a bound that excludes its limit is told by the limit.

    >>> between_words(0.0, 2.999999999), between_words(2000.0, None), between_words(None, None)
    ('from 0 to below 3', 'at least 2000', 'not known')
    """
    if low is None and high is None:
        return "not known"
    least = "" if low is None else _end(low, "above", -1)
    most = "" if high is None else _end(high, "below", 1)
    if low is None or high is None:
        told = least or most
        return told if told.startswith(("above", "below")) else f"{'at least' if least else 'at most'} {told}"
    return f"from {least} to {most}"


def _end(bound: float, word: str, side: int) -> str:
    limit = round(bound + side * LEAST_STEP, 9)
    tidy = limit == round(limit, 6) and bound != round(bound, 6)
    return f"{word} {plain_number(limit)}" if tidy else plain_number(bound)


def sentence(node: v.Value | c.Criterion | c.Categories) -> str:
    """Say a value as a noun phrase, a criterion as a clause, categories as an ordered list."""
    if isinstance(node, c.Categories):
        cases = "; else ".join(f"{level} if {sentence(criterion)}" for level, criterion in node.cases)
        return f"{cases}; otherwise {node.otherwise}"
    return _noun(node) if isinstance(node, v.Value) else _clause(node)


def _known(of: v.Value) -> v.Value:
    """Give what a part is that is missing in some patients and needs no other words."""
    return of.otherwise if isinstance(of, v.Where) and isinstance(of.then, v.Missing) else of


def _noun(node: v.Value) -> str:
    match node:
        case v.Constant():
            return plain_number(node.number)
        case v.Missing():
            return "no number"
        case v.Picked():
            return f"{node.label} {_RULES[node.rule].format(node.window.label)}"
        case v.DayOf():
            return f"the day of {_noun(node.of)}"
        case v.LimitOf():
            return f"the {node.which} limit of normal of {_noun(node.of)}"
        case v.VisitDay():
            return f"the visit day of {node.window.label}"
        case v.Nearest():
            return f"the {node.label} nearest to {_noun(node.to)} (within {node.within} days)"
        case v.PatientNumber():
            return _PATIENT[node.field]
        case v.FollowUpEnd():
            return "the day of death or last contact"
        case v.StartDay():
            return f"the first day on {node.drugs.label}"
        case v.StopDay():
            return f"the last day on {node.drugs.label}"
        case v.DoseOn():
            return f"the daily dose of {node.drugs.label} on {_noun(node.day)}"
        case v.CumulativeDose():
            return f"the cumulative dose of {node.drugs.label} from {_day(node.first)} to {_day(node.last)}"
        case v.DaysOn():
            return f"the days on {node.drugs.label} from {_day(node.first)} to {_day(node.last)}"
        case v.NamedValue():
            return node.label or _noun(_known(node.of))
        case v.Rounded():
            return _noun(node.of)
        case v.Function():
            return f"{node.name}({_noun(node.of)})"
        case v.Bands():
            return f"points for {_noun(node.of)}: {_bands(node)}"
        case v.Add():
            return f"({_noun(node.left)} plus {_noun(node.right)})"
        case v.Subtract():
            return f"({_noun(node.left)} minus {_noun(node.right)})"
        case v.Multiply():
            return _product(node)
        case v.Divide():
            return f"({_noun(node.left)} divided by {_noun(node.right)})"
        case v.Total():
            return f"the sum of {listed([_noun(part) for part in node.of])}"
        case v.Median():
            return f"the median of {listed([_noun(part) for part in node.of])}"
        case v.Extreme():
            return f"the {node.which} recorded of {listed([_noun(part) for part in node.of])}"
        case v.FirstRecorded():
            return "the first recorded of " + ", then ".join(_noun(part) for part in node.of)
        case v.CountTrue():
            return f"how many hold of: {'; '.join(_clause(part) for part in node.of)}"
        case v.Where():
            return f"{_noun(node.then)} where {_clause(node.criterion)}, else {_noun(node.otherwise)}"
    raise ProtocolError(f"{type(node).__name__} is no value that this release can put into words")


def _clause(node: c.Criterion) -> str:
    match node:
        case c.Known():
            return {True: "always", False: "never", None: "not evaluable"}[node.truth]
        case c.Compare():
            return f"{_noun(node.left)} {_OPERATORS[node.operator]} {_with_unit(node)}"
        case c.Recorded():
            return f"{_noun(node.of)} is recorded"
        case c.TextIs():
            return f"{_noun(node.of)} is {listed(list(node.texts), 'or')}"
        case c.PatientIs():
            return f"the patient's {node.field} is {listed(list(node.texts), 'or')}"
        case c.HasCondition():
            status = f" with status {listed(list(node.statuses), 'or')}" if node.statuses else ""
            return f"{listed(list(node.names), 'or')} is recorded{status}{_span(node.first, node.last)}"
        case c.Started():
            new = "a new course" if not node.new_only else "a drug not given before"
            return f"{new} of {node.drugs.label} started after {_day(node.after)} and up to {_day(node.until)}"
        case c.Taking():
            return f"{node.drugs.label} is taken on {_day(node.day)}"
        case c.NamedCriterion():
            return node.label
        case c.Not():
            if isinstance(node.of, c.AnyOf):
                return f"none of these holds: {_several(node.of.of)}"
            return f"it is not so that {_clause(node.of)}"
        case c.AllOf():
            return _clause(node.of[0]) if len(node.of) == 1 else f"all of these hold: {_several(node.of)}"
        case c.AnyOf():
            return _clause(node.of[0]) if len(node.of) == 1 else f"any of these holds: {_several(node.of)}"
        case c.AtLeast():
            return f"at least {node.count} of these {len(node.of)} hold: {_several(node.of)}"
    raise ProtocolError(f"{type(node).__name__} is no criterion that this release can put into words")


def listed(words: list[str], joint: str = "and") -> str:
    """Join words as English does: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


def plain_number(number: float) -> str:
    """Write a number as it was written in the protocol, without a trailing `.0`."""
    return repr(number).removesuffix(".0").replace("-", "−")


def _several(parts: tuple[c.Criterion, ...]) -> str:
    return "(" + "; ".join(f"({i}) {_clause(part)}" for i, part in enumerate(parts, 1)) + ")"


def _unit_of(node: v.Value) -> str:
    match node:
        case v.Picked() | v.Nearest() | v.NamedValue():
            return node.unit
        case v.PatientNumber():
            return _PATIENT_UNITS[node.field]
        case v.Rounded():
            return _unit_of(node.of)
        case v.Subtract() | v.Add():
            return _unit_of(node.left)
        case v.DaysOn():
            return "days"
    return ""


def _with_unit(node: c.Compare) -> str:
    unit = _unit_of(node.left) if isinstance(node.right, v.Constant) else ""
    shown = "" if unit in ("", "1", "points", "yes/no") else f" {unit}"
    return _noun(node.right) + shown


def _product(node: v.Multiply) -> str:
    if isinstance(node.right, v.Constant):
        return f"{plain_number(node.right.number)} times {_noun(node.left)}"
    return f"({_noun(node.left)} times {_noun(node.right)})"


def _bands(node: v.Bands) -> str:
    parts = [f"{plain_number(node.points[0])} up to {plain_number(node.edges[0])}"]
    for i, point in enumerate(node.points[1:-1], 1):
        parts.append(f"{plain_number(point)} above that up to {plain_number(node.edges[i])}")
    return ", ".join([*parts, f"{plain_number(node.points[-1])} beyond"])


def _day(node: v.Value) -> str:
    return f"day {plain_number(node.number)}" if isinstance(node, v.Constant) else _noun(node)


def _span(first: v.Value | None, last: v.Value | None) -> str:
    if first is None and last is None:
        return ""
    if first is None and last is not None:
        return f" up to {_day(last)}"
    if last is None and first is not None:
        return f" from {_day(first)} on"
    assert first is not None
    assert last is not None
    return f" from {_day(first)} to {_day(last)}"
