"""Paired differences at the precision at which they were recorded, and the sign test on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import one_of, whole
from myosotis.statistics.common.arrays import paired_numbers
from myosotis.statistics.common.records import HypothesisTest

__all__ = ["Alternative", "PairedChanges", "PairedTest", "paired_changes", "sign_test"]

Alternative = Literal["two-sided", "greater", "less"]
ALTERNATIVES = ("two-sided", "greater", "less")


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTest(HypothesisTest):
    """Record a test of paired differences, after minus before.

    `n` counts complete pairs, `n_zero` those of them without a change. `positive` and `negative` are the two parts of
    the statistic: rank sums in the signed-rank test, counts in the sign test; `statistic` is the positive one.
    """

    positive: float
    negative: float
    n_zero: int
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairedChanges:
    """Hold differences as whole steps of 10 to the power of -`decimals`: equal recorded changes are equal."""

    steps: NDArray[np.int64]
    n_missing: int
    decimals: int

    @property
    def values(self) -> NDArray[np.float64]:
        """Return the differences in the unit of the data."""
        return self.steps / 10.0**self.decimals


def paired_changes(before: ArrayLike, after: ArrayLike, decimals: int = 9) -> PairedChanges:
    """Return after minus before, rounded to `decimals`, with NaN pairs left out and counted.

    Two changes that are equal on paper can differ in binary (4.0 - 3.9 and 5.5 - 5.4), and would then be ranked as
    untied; hence differences are whole multiples of 10 to the power of minus `decimals` (0 to 12). Raises
    `NotEstimableError` when no complete pair is left, `StatisticsError` when shapes differ, when values are infinite,
    or when the rounding does not fit the size of the differences.

    >>> paired_changes([3.9, 5.4], [4.0, 5.5]).steps.tolist()
    [100000000, 100000000]
    """
    first, second, n_missing = paired_numbers(before, after)
    places = whole(decimals, "decimals", at_most=12)
    if first.size == 0:
        raise NotEstimableError(f"no complete pair is left; {n_missing} pairs lack a value")
    scaled = (second - first) * 10.0**places
    # Beyond this the sum of two differences would leave the range in which float64 holds every whole number.
    if (np.abs(scaled) > 2.0**52).any():
        raise StatisticsError(f"differences are too large to be held to {places} decimals; give fewer decimals")
    lost = (np.rint(scaled) == 0) & (np.abs(second - first) > 1e-9 * np.maximum(np.abs(first), np.abs(second)))
    if lost.any():
        message = f"{int(lost.sum())} differences vanish when rounded to {places} decimals; give more decimals"
        raise StatisticsError(message)
    return PairedChanges(steps=np.rint(scaled).astype(np.int64), n_missing=n_missing, decimals=places)


def sign_test(
    before: ArrayLike, after: ArrayLike, alternative: Alternative = "two-sided", decimals: int = 9
) -> PairedTest:
    """Test whether increases and decreases are equally likely, by the exact binomial distribution.

    `before` and `after` hold one value each for a patient; pairs with NaN are left out and counted, pairs without a
    change carry no sign and are dropped from the test, as is usual. `greater` means that values rise. With no change
    anywhere the p-value is 1 and the note says so. Raises `NotEstimableError` without a complete pair.

    >>> sign_test([1, 2, 3, 4, 5, 6, 7], [2, 3, 4, 5, 6, 7, 8]).p_value
    0.015625

    Source: Dixon and Mood, J Am Stat Assoc 1946;41:557-566, doi:10.1080/01621459.1946.10501898.
    """
    from scipy.special import bdtr

    one_of(alternative, "alternative", ALTERNATIVES)
    changes = paired_changes(before, after, decimals)
    rises, falls = int((changes.steps > 0).sum()), int((changes.steps < 0).sum())
    size = rises + falls
    at_least, at_most = float(bdtr(falls, size, 0.5)), float(bdtr(rises, size, 0.5))
    p_value = {"greater": at_least, "less": at_most, "two-sided": min(1.0, 2 * min(at_least, at_most))}
    return PairedTest(
        statistic=float(rises),
        p_value=p_value[alternative],
        n=int(changes.steps.size),
        n_missing=changes.n_missing,
        method="Sign test",
        p_kind="exact",
        alternative=alternative,
        smallest_p=least_p(size, alternative),
        note=None if size else "no pair changed",
        positive=float(rises),
        negative=float(falls),
        n_zero=int(changes.steps.size) - size,
        decimals=changes.decimals,
    )


def least_p(signs: int, alternative: Alternative) -> float:
    """Return the least p-value that `signs` equally likely signs can give."""
    return min(1.0, (2.0 if alternative == "two-sided" else 1.0) * 0.5**signs)
