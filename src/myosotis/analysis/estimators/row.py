"""One result row of a number, or of the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myosotis.results.schema import ResultRow

__all__ = ["count_row", "counts", "not_estimable", "number_row"]


def counts(keys: Mapping[str, Any], **numbers: float) -> dict[str, ResultRow]:
    """Make a row for each count, by its statistic: `counts(keys, n=20, n_missing=1)`; `keys` are what the rows share."""
    return {name: count_row(keys, name, number) for name, number in numbers.items()}


def count_row(keys: Mapping[str, Any], statistic: str, number: float) -> ResultRow:
    """Make the row of one count, or of one sum of times."""
    return ResultRow(**keys, statistic=statistic, number=float(number))


def number_row(keys: Mapping[str, Any], statistic: str, number: float | None, why: str) -> ResultRow:
    """Make the row of a number; where there is none, `why` says so."""
    if number is None:
        return not_estimable(keys, statistic, why)
    return ResultRow(**keys, statistic=statistic, number=number)


def not_estimable(keys: Mapping[str, Any], statistic: str, why: str) -> ResultRow:
    """Make the row of a number that the data do not give, and say why."""
    return ResultRow(**keys, statistic=statistic, number=None, status="not_estimable", note=why)
