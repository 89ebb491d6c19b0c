"""Order statistics, ranks and a seeded search: the tools with which printed summaries are met.

Floats are added with fsum: sum rounds otherwise from Python 3.12 on, and one bit can turn a search elsewhere.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from random import Random
from typing import TypeVar

State = TypeVar("State")


class SearchError(RuntimeError):
    """No state met the constraints within the allowed steps."""


def printed(value: float, decimals: int) -> float:
    """Round half away from zero, as statistical packages print (values here are never negative)."""
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def quartile(ordered: Sequence[float], q: float) -> float:
    """Interpolate at position (n + 1) q: Hyndman and Fan 1996, definition 6, doi 10.1080/00031305.1996.10473566."""
    position = (len(ordered) + 1) * q
    below = min(max(math.floor(position), 1), len(ordered))
    above = min(below + 1, len(ordered))
    return ordered[below - 1] + (position - below) * (ordered[above - 1] - ordered[below - 1])


def miss(value: float, target: float, decimals: int) -> float:
    """Measure, in units of the last printed digit, how far a value lies outside what prints as the target."""
    return max(0.0, abs(value - target) * 10**decimals - 0.48)


def quartile_miss(values: Sequence[float], target: Sequence[float | None], decimals: int) -> float:
    """Add up the misses of median, first and third quartile."""
    ordered = sorted(values)
    pairs = zip((0.5, 0.25, 0.75), target, strict=True)
    return math.fsum(miss(quartile(ordered, q), wanted, decimals) for q, wanted in pairs if wanted is not None)


def pin(
    n: int, target: Sequence[float | None], decimals: int, spread: int, rng: Random, scale: float = 1.0
) -> dict[int, int]:
    """Choose whole-number order statistics (1-based) whose interpolated quartiles print as the target.

    `scale` divides the whole numbers before they are printed (days into months, say).
    """
    pins: dict[int, int] = {}
    for q, wanted in zip((0.5, 0.25, 0.75), target, strict=True):
        if wanted is None:
            continue
        position = (n + 1) * q
        below, share = math.floor(position), (n + 1) * q - math.floor(position)
        centre = round(wanted * scale)
        near = range(max(0, centre - spread), centre + spread + 1)
        pairs = [
            (a, b)
            for a in near
            for b in near
            if a <= b and miss((a + share * (b - a)) / scale, wanted, decimals) == 0 and (share > 0 or a == b)
        ]
        if not pairs:
            raise SearchError(f"no whole numbers within {spread} of {centre} print as {wanted}")
        pins[below], upper = rng.choice(pairs)
        if share > 0:
            pins[below + 1] = upper
    return pins


def fill(n: int, pins: Mapping[int, int], low: int, high: int, rng: Random) -> list[int]:
    """Complete pinned order statistics into a sorted vector of n whole numbers from low to high inclusive."""
    fixed = {0: low, **pins, n + 1: high}
    places = sorted(fixed)
    if any(fixed[left] > fixed[right] for left, right in itertools.pairwise(places)):
        raise SearchError("the pinned order statistics do not ascend")
    values: list[int] = []
    for left, right in itertools.pairwise(places):
        values += sorted(rng.randint(fixed[left], fixed[right]) for _ in range(right - left - 1))
        if right <= n:
            values.append(fixed[right])
    return values


@lru_cache(maxsize=4096)
def ranks(row: tuple[float, ...]) -> tuple[float, ...]:
    """Rank a row from 1; ties share their average rank. Kept, since a search asks for the same rows again and again."""
    ordered = sorted(row)
    return tuple((bisect_left(ordered, value) + 1 + bisect_right(ordered, value)) / 2 for value in row)


def rank_sums(rows: Sequence[Sequence[float]]) -> list[float]:
    """Add up the within-row ranks of each column."""
    return [sum(column) for column in zip(*(ranks(tuple(row)) for row in rows), strict=True)]


@cache
def largest_insignificant(n: int, columns: int = 4) -> float:
    """Give the rank-sum difference whose Dunn-Bonferroni p is 0.05 (z from doi 10.1080/00401706.1964.10490181)."""
    pairs = columns * (columns - 1) / 2
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erfc(middle / math.sqrt(2)) * pairs > 0.05 else (low, middle)
    return low * math.sqrt(columns * (columns + 1) * n / 6)


def search(
    start: State,
    propose: Callable[[State], State],
    penalty: Callable[[State], float],
    rng: Random,
    steps: int,
    slack: float,
) -> State:
    """Walk from a start to a state of penalty 0, tolerating rises that shrink to none (threshold accepting).

    Dueck and Scheuer 1990, doi 10.1016/0021-9991(90)90201-B. No exponential is taken, so that every machine walks
    the same way.
    """
    state, cost = start, penalty(start)
    for step in range(steps):
        if cost == 0:
            return state
        candidate = propose(state)
        new = penalty(candidate)
        if new <= cost + slack * rng.random() * (1 - step / steps):
            state, cost = candidate, new
    if cost == 0:
        return state
    raise SearchError(f"penalty {cost:.3f} left after {steps} steps")


def first_success(attempt: Callable[[], State], tries: int) -> State:
    """Repeat a randomised attempt until it succeeds."""
    error: SearchError | None = None
    for _ in range(tries):
        try:
            return attempt()
        except SearchError as caught:
            error = caught
    raise SearchError(f"{tries} attempts failed; the last: {error}")


def swapped(values: Sequence[State], rng: Random) -> list[State]:
    """Exchange two entries."""
    result = list(values)
    i, j = rng.sample(range(len(result)), 2)
    result[i], result[j] = result[j], result[i]
    return result
