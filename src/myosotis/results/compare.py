"""Compare two bundles number by number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from myosotis.errors import UsageError
from myosotis.results.bundle import Bundle

__all__ = ["Difference", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Record one result that two bundles do not share: `kind` is added, removed or changed."""

    kind: str
    result_id: str
    label: str
    first: float | str | None
    second: float | str | None


def compare(first: Bundle, second: Bundle, *, tolerance: float = 0.0) -> list[Difference]:
    """List the results that differ between two bundles, in id order.

    Numbers are equal when they differ by at most `tolerance` (absolute, in the unit of each number, the bound
    included); 0 asks for the same bits. Text and status must be the same. Raises `UsageError` for a negative or
    non-finite tolerance.
    """
    if not math.isfinite(tolerance) or tolerance < 0:
        raise UsageError(f"tolerance is {tolerance}; give a number of 0 or more")
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
        elif not _same(a[key], b[key], tolerance):
            differences.append(
                Difference(
                    kind="changed",
                    result_id=key,
                    label=_label(a[key]),
                    first=_shown(a[key]),
                    second=_shown(b[key]),
                )
            )
    return differences


def _same(a: dict[str, Any], b: dict[str, Any], tolerance: float) -> bool:
    if (a["number"] is None) != (b["number"] is None):
        return False
    close = a["number"] is None or abs(a["number"] - b["number"]) <= tolerance
    return bool(close and a["text"] == b["text"] and a["status"] == b["status"])


def _shown(row: dict[str, Any]) -> float | str | None:
    shown: float | str = row["number"] if row["number"] is not None else (row["text"] or row["status"])
    return shown


def _label(row: dict[str, Any]) -> str:
    names = (
        "analysis",
        "endpoint",
        "variable",
        "population",
        "groups",
        "level",
        "visit",
        "comparison",
        "method",
    )
    return " · ".join([row[name] for name in names if row[name]] + [row["statistic"]])
