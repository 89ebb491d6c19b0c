"""Worked examples of laboratory grades: every bound of a table, at it and just beyond it."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.core.definition import Example

__all__ = ["ALT_57_TO_85", "BaselineTable", "edges", "falls", "rise", "rises"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineTable:
    """Hold the multiples beyond which grades 2, 3, 4 begin after a normal and after an abnormal baseline.

    Grade 1 begins above the upper limit, or from `first` times an abnormal baseline (`first_included` or beyond it).
    """

    normal: tuple[float, float, float]
    abnormal: tuple[float, float, float]
    first: float
    first_included: bool


def rise(key: str, limit: float, then: float | None, now: float, grade: float | None, note: str = "") -> Example:
    """Show a value (and a baseline) with the same upper limit."""
    given = {"visit": {key: now, f"{key}_upper_limit": limit}}
    if then is not None:
        given["baseline"] = {key: then, f"{key}_upper_limit": limit}
    return Example(inputs=given, expected=grade, note=note)


def rises(key: str, limit: float | None, *pairs: tuple[float, float]) -> tuple[Example, ...]:
    """Show values with their grades, and with the upper limit where one is needed."""
    limits = {} if limit is None else {f"{key}_upper_limit": limit}
    return tuple(Example(inputs={"visit": {key: now, **limits}}, expected=grade) for now, grade in pairs)


def edges(key: str, table: BaselineTable) -> tuple[Example, ...]:
    """Show every bound of the two branches, at it and just above it; the limit is 40, the baselines 30 and 60."""
    shown = [rise(key, 40, 30, 40, 0.0, "at the limit"), rise(key, 40, 30, 40.5, 1.0)]
    for grade, (normal, abnormal) in enumerate(zip(table.normal, table.abnormal, strict=True), 2):
        shown += [rise(key, 40, 30, 40 * normal, grade - 1.0), rise(key, 40, 30, 40 * normal + 0.5, float(grade))]
        shown += [rise(key, 40, 60, 60 * abnormal, grade - 1.0), rise(key, 40, 60, 60 * abnormal + 0.5, float(grade))]
    at_first = 60 * table.first
    shown += [
        rise(key, 40, 60, at_first - 0.5, 0.0, "abnormal baseline, too small a rise"),
        rise(key, 40, 60, at_first, 1.0 if table.first_included else 0.0, "exactly at the first bound"),
        rise(key, 40, 60, at_first + 0.5, 1.0),
        rise(key, 40, None, 85, None, "no baseline"),
        Example(inputs={"baseline": {key: 57}, "visit": {key: 85}}, expected=None, note="no limits"),
    ]
    return tuple(shown)


ALT_57_TO_85 = (
    rise("alt", 40, 57, 85, 0.0, "57 to 85 is 1.49 times an abnormal baseline; by the limit alone it would be grade 1"),
    rise("alt", 50, 57, 85, 0.0),
    rise("alt", 60, 57, 85, 1.0, "with this limit the baseline was normal"),
)


def falls(key: str, lower: float, *pairs: tuple[float, float]) -> tuple[Example, ...]:
    """Show values with their grades beside a lower limit, and what the lack of that limit does."""
    shown = [Example(inputs={"visit": {key: now, f"{key}_lower_limit": lower}}, expected=grade) for now, grade in pairs]
    highest = max(grade for _, grade in pairs)
    lowest = min(now for now, _ in pairs)
    shown.append(Example(inputs={"visit": {key: lower}}, expected=None, note="the lower limit decides"))
    shown.append(Example(inputs={"visit": {key: lowest}}, expected=highest, note="beyond the limit's say"))
    return tuple(shown)
