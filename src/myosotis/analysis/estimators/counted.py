"""Patients counted: how many of how many, and the exact interval of their share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myosotis.analysis.estimators.row import count_row, not_estimable, number_row
from myosotis.results.schema import ResultRow

__all__ = ["proportion"]

_METHOD = "Clopper-Pearson"


def proportion(
    count: int,
    total: int,
    keys: Mapping[str, Any],
    *,
    conf_level: float,
    nobody: str,
    count_from: str = "",
    total_from: str = "",
) -> dict[str, ResultRow]:
    """Give the share of a total with its exact interval: rows `count`, `total`, `proportion`, `conf_low`, `conf_high`.

    `keys` are what the rows share, their provenance included; that of the count and of the total may be named apart. Of a
    total of 0 there is no share, and `nobody` says why. See `myosotis.statistics.clopper_pearson` for the interval.
    """
    from myosotis.statistics import clopper_pearson

    counted = {**keys, "provenance_id": count_from or keys["provenance_id"]}
    whole = {**keys, "provenance_id": total_from or keys["provenance_id"]}
    rows = {"count": count_row(counted, "count", count), "total": count_row(whole, "total", total)}
    if total == 0:
        return rows | {name: not_estimable(keys, name, nobody) for name in ("proportion", "conf_low", "conf_high")}
    interval = clopper_pearson(count, total, conf_level)
    exact = {**keys, "method": _METHOD, "conf_level": conf_level}
    return rows | {
        "proportion": count_row(keys, "proportion", count / total),
        "conf_low": number_row(exact, "conf_low", interval.low, interval.note or ""),
        "conf_high": number_row(exact, "conf_high", interval.high, interval.note or ""),
    }
