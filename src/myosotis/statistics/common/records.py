"""The records that every statistic returns: plain floats, how they were got, and what they cannot show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["HypothesisTest", "IntervalEstimate", "PKind"]

PKind = Literal["exact", "asymptotic", "monte_carlo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisTest:
    """Record what a hypothesis test found.

    `n` counts the patients (or blocks) that entered the test, `n_missing` those left out because a value was missing.
    `df` is one number, or a pair for an F statistic, or None where the method has none. `p_kind` says how the
    p-value was got; a Monte Carlo p carries its own standard error and seed. `smallest_p` is the least p-value this
    design could have given, so that a report can say when a threshold was out of reach. `note` says in words what a
    reader must know, for example why a method was chosen.
    """

    statistic: float
    p_value: float
    n: int
    method: str
    p_kind: PKind
    df: float | tuple[float, float] | None = None
    n_missing: int = 0
    alternative: str = "two-sided"
    p_standard_error: float | None = None
    seed: int | None = None
    smallest_p: float | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalEstimate:
    """Record an estimate with its confidence limits; a limit that does not exist is None, and `note` says why."""

    estimate: float | None
    low: float | None
    high: float | None
    conf_level: float
    n: int
    method: str
    n_missing: int = 0
    note: str | None = None
