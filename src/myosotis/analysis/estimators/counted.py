"""Patients and events counted: how many, of how many, and the exact interval of their share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myosotis.results.schema import ResultRow

__all__ = ["count_row", "counts", "proportion"]

_METHOD = "Clopper-Pearson"


def counts(keys: Mapping[str, Any], **numbers: float) -> dict[str, ResultRow]:
    """Make a row for each count, by its statistic: `counts(keys, n=20, n_missing=1)`; `keys` are what the rows share."""
    return {name: ResultRow(**keys, statistic=name, number=float(number)) for name, number in numbers.items()}


def count_row(keys: Mapping[str, Any], statistic: str, number: float) -> ResultRow:
    """Make the row of one count, or of one sum of times, as `counts` does."""
    return counts(keys, **{statistic: number})[statistic]


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
    exact: dict[str, Any] = {**keys, "method": _METHOD, "conf_level": conf_level}
    rows = counts(counted, count=count) | counts(whole, total=total)
    if total == 0:
        gone: dict[str, Any] = {**keys, "number": None, "status": "not_estimable", "note": nobody}
        return rows | {name: ResultRow(**gone, statistic=name) for name in ("proportion", "conf_low", "conf_high")}
    interval = clopper_pearson(count, total, conf_level)
    return rows | {
        "proportion": ResultRow(**keys, statistic="proportion", number=count / total),
        "conf_low": ResultRow(**exact, statistic="conf_low", number=interval.low),
        "conf_high": ResultRow(**exact, statistic="conf_high", number=interval.high),
    }
