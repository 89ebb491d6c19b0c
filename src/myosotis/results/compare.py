"""Compare two bundles number by number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from myosotis.errors import UsageError
from myosotis.results.bundle import Bundle, everyones

__all__ = ["Difference", "compare"]


# What of a result two bundles share or not. Its keys are its identifier; `provenance_id` follows the data and not the
# result, so that two data sets that give the same results hold the same results.
COLUMNS = ("number", "text", "unit", "status", "note", "conf_level", "week")

_LABEL = (
    "analysis", "endpoint", "variable", "population", "groups", "level", "visit", "comparison", "method",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Record one result that two bundles do not share: `kind` is added, removed or changed.

    `columns` names what of a changed result differs; `first` and `second` hold the first of those.
    """

    kind: str
    result_id: str
    label: str
    first: float | str | None
    second: float | str | None
    columns: tuple[str, ...] = ()


def compare(first: Bundle, second: Bundle, *, tolerance: float = 0.0) -> list[Difference]:
    """List the results that differ between two bundles, in id order.

    Numbers are equal when they differ by at most `tolerance` (absolute, in the unit of each number, the bound
    included); 0 asks for the same bits. Text, unit, status, note, confidence level and week must be the same. Where one
    of the two lacks its part about single patients, ages and durations are compared as everyone is told them. Raises
    `UsageError` for a negative or non-finite tolerance.
    """
    if not math.isfinite(tolerance) or tolerance < 0:
        raise UsageError(f"tolerance is {tolerance}; give a number of 0 or more")
    if first.patient_level != second.patient_level:
        first, second = everyones(first), everyones(second)
    a = {row["result_id"]: row for row in first.results.to_pylist()}
    b = {row["result_id"]: row for row in second.results.to_pylist()}
    differences = []
    for key in sorted(a.keys() | b.keys()):
        if key not in b:
            differences.append(
                Difference(kind="removed", result_id=key, label=_label(a[key]), first=_shown(a[key]), second=None)
            )
        elif key not in a:
            differences.append(
                Difference(kind="added", result_id=key, label=_label(b[key]), first=None, second=_shown(b[key]))
            )
        elif columns := _differing(a[key], b[key], tolerance):
            differences.append(
                Difference(
                    kind="changed",
                    result_id=key,
                    label=_label(a[key]),
                    first=_shown(a[key], columns[0]),
                    second=_shown(b[key], columns[0]),
                    columns=columns,
                )
            )
    return differences


def _differing(a: dict[str, Any], b: dict[str, Any], tolerance: float) -> tuple[str, ...]:
    return tuple(name for name in COLUMNS if not _same(a[name], b[name], tolerance if name == "number" else 0.0))


def _same(a: float | str | None, b: float | str | None, tolerance: float) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= tolerance
    if isinstance(a, float) or isinstance(b, float):
        return False
    return (a or "") == (b or "")


def _shown(row: dict[str, Any], column: str = "number") -> float | str | None:
    """Give what a result holds in a column; for one without a number, its text or status."""
    if column != "number":
        told: float | str | None = row[column]
        return told
    shown: float | str = row["number"] if row["number"] is not None else (row["text"] or row["status"])
    return shown


def _label(row: dict[str, Any]) -> str:
    return " · ".join([row[name] for name in _LABEL if row[name]] + [row["statistic"]])
