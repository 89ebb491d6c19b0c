"""One number of each patient described: how many, missing, mean and standard deviation, median and quartiles, range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.results.schema import ResultRow

__all__ = ["estimate_row", "summarise"]

_NAMES = ("n", "n_missing", "mean", "sd", "median", "q1", "q3", "minimum", "maximum")


def summarise(
    numbers: Sequence[float | None], quartiles: int | str, keys: Mapping[str, Any], **more: object
) -> dict[str, ResultRow]:
    """Describe numbers, None being missing, as rows by statistic; a statistic without a value says why.

    `keys` and `more` are what the rows share; `quartiles` names the definition. See `myosotis.statistics.describe`.
    """
    from myosotis.statistics import describe

    found = describe([math.nan if number is None else number for number in numbers], quartiles)  # type: ignore[arg-type]
    rows: dict[str, ResultRow] = {}
    for name in _NAMES:
        number = getattr(found, name)
        missing = number is None
        rows[name] = ResultRow(
            **keys,
            **more,  # type: ignore[arg-type]
            statistic=name,
            number=None if missing else float(number),
            method=f"quantile definition {quartiles}" if name in ("median", "q1", "q3") else "",
            status="not_estimable" if missing else "ok",
            note=f"{found.n} observed value{'s' if found.n != 1 else ''}" if missing else "",
        )
    return rows


def estimate_row(keys: Mapping[str, Any], number: float | None, why: str) -> ResultRow:
    """Make the row of one estimate without limits; where there is no number, `why` says so."""
    if number is None:
        return ResultRow(**keys, statistic="estimate", number=None, status="not_estimable", note=why)
    return ResultRow(**keys, statistic="estimate", number=number)
