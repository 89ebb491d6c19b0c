"""One number of each patient described: how many, missing, mean and standard deviation, median and quartiles, range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.estimators.row import number_row
from myosotis.results.schema import ResultRow

__all__ = ["summarise"]

_NAMES = ("n", "n_missing", "mean", "sd", "median", "q1", "q3", "minimum", "maximum")


def summarise(
    numbers: Sequence[float | None], quartiles: int | str, keys: Mapping[str, Any], **more: object
) -> dict[str, ResultRow]:
    """Describe numbers, None being missing, as rows by statistic; a statistic without a value says why.

    `keys` and `more` are what the rows share; `quartiles` names the definition. See `myosotis.statistics.describe`.
    """
    from myosotis.statistics import describe

    found = describe([math.nan if number is None else number for number in numbers], quartiles)  # type: ignore[arg-type]
    why = f"{found.n} observed value{'s' if found.n != 1 else ''}"
    rows: dict[str, ResultRow] = {}
    for name in _NAMES:
        number = getattr(found, name)
        own = {"method": f"quantile definition {quartiles}"} if name in ("median", "q1", "q3") else {}
        rows[name] = number_row({**keys, **more, **own}, name, None if number is None else float(number), why)
    return rows
