"""Patients counted after a strategy for missing values: how many of how many, and what the strategy did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from myosotis.analysis.estimators.counted import proportion
from myosotis.analysis.estimators.row import count_row
from myosotis.results.schema import ResultRow

if TYPE_CHECKING:
    from myosotis.statistics import CompletedData

__all__ = ["completed_share"]


def completed_share(found: CompletedData, keys: Mapping[str, Any], conf_level: float) -> list[ResultRow]:
    """Give the share of 1 among the 1 and 0 of the last visit; what is still missing is left out, and said."""
    last = [one for one in found.values[:, -1].tolist() if one == one]
    rows = proportion(int(sum(last)), len(last), keys, conf_level=conf_level, nobody="no patient is left")
    return [count_row({**keys, "note": found.sentence}, "n", len(last)), *rows.values()]
