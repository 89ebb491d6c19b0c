"""Location and spread of one sample, with the quantile rule always named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError

__all__ = [
    "Description",
    "MedianInterval",
    "QuantileDefinition",
    "Quartiles",
    "describe",
    "median_interval",
    "quantile",
    "quartiles",
]

QuantileDefinition = Literal[1, 2, 3, 4, 5, 6, 7, 8, 9, "tukey", "sas", "spss", "prism", "r"]

# SAS QNTLDEF=5 and R type=7 are the defaults of those programs; SPSS means HAVERAGE of EXAMINE and FREQUENCIES.
_ALIASES: dict[str, int | str] = {"sas": 2, "spss": 6, "prism": 6, "r": 7, "tukey": "tukey"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quartiles:
    """Record the quartiles of a sample and the quantile definition (1 to 9, or "tukey") that gave them."""

    q1: float
    median: float
    q3: float
    n: int
    definition: int | str
    n_missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Record the summary of a sample; what the sample is too small for is None."""

    n: int
    n_missing: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None
    definition: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianInterval:
    """Record a median with the order statistics that bound it and the confidence that they attain.

    `low_rank` and `high_rank` count from 1. Limits are None where even the whole range of the sample does not reach
    `conf_level`; `attained_level` is then the confidence of that range.
    """

    estimate: float
    low: float | None
    high: float | None
    conf_level: float
    attained_level: float
    low_rank: int | None
    high_rank: int | None
    n: int
    method: str
    n_missing: int = 0
    note: str | None = None


@overload
def quantile(x: ArrayLike, probs: float, definition: QuantileDefinition = 6) -> float: ...
@overload
def quantile(x: ArrayLike, probs: Sequence[float], definition: QuantileDefinition = 6) -> tuple[float, ...]: ...
def quantile(
    x: ArrayLike, probs: float | Sequence[float], definition: QuantileDefinition = 6
) -> float | tuple[float, ...]:
    """Compute sample quantiles by a named definition.

    `x` has one axis; NaN marks a missing value and is left out. `probs` lie in [0, 1], both edges included; one
    number gives one float, a sequence a tuple. `definition` is a type of Hyndman and Fan (1 to 9), `"tukey"` for
    Tukey's hinges (probabilities 0, 0.25, 0.5, 0.75 and 1 only), or the default of a program: `"sas"` (QNTLDEF=5,
    type 2), `"spss"` (HAVERAGE, type 6), `"prism"` (type 6), `"r"` (type 7). A position that lies within rounding
    error of a whole number is taken as that number.

    Raises StatisticsError for infinite values, a probability outside [0, 1] or an unknown definition, and
    NotEstimableError when no value is left.

    >>> quantile([1, 2, 3, 4, 5, 6, 7], (0.25, 0.5, 0.75))
    (2.0, 4.0, 6.0)
    >>> quantile([1, 2, 3, 4, 5, 6, 7], 0.25, definition="r")
    2.5

    Source: Hyndman RJ, Fan Y. Am Stat 1996;50:361-365, definitions 1 to 9, doi 10.1080/00031305.1996.10473566;
    hinges: Tukey JW. Exploratory Data Analysis. Addison-Wesley 1977, section 2D.
    """
    rule = _resolve(definition)
    values, _ = _observed(x)
    if values.size == 0:
        raise NotEstimableError("a quantile was asked of a sample without any value; give at least one value")
    asked = tuple(float(p) for p in np.atleast_1d(np.asarray(probs, dtype=np.float64)))
    for p in asked:
        if not 0.0 <= p <= 1.0:
            raise StatisticsError(f"probability {p!r} was asked of a quantile; expected a number from 0 to 1")
    found = tuple(_hinge(values, p) if rule == "tukey" else _quantile(values, p, int(rule)) for p in asked)
    return found[0] if np.ndim(probs) == 0 else found


def quartiles(x: ArrayLike, definition: QuantileDefinition = 6) -> Quartiles:
    """Compute the lower quartile, the median and the upper quartile by a named definition.

    `x` has one axis; NaN is left out and counted. All three follow the definition, so that types 1, 3 and 4 give a
    median that is not always the middle of the sample. Raises as `quantile` does.

    >>> quartiles(range(1, 21), "spss").q1, quartiles(range(1, 21), "r").q1
    (5.25, 5.75)

    Source: as `quantile`.
    """
    values, n_missing = _observed(x)
    q1, median, q3 = quantile(values, (0.25, 0.5, 0.75), definition)
    return Quartiles(q1=q1, median=median, q3=q3, n=values.size, n_missing=n_missing, definition=_resolve(definition))


def describe(x: ArrayLike, definition: QuantileDefinition = 6) -> Description:
    """Summarise a sample: size, mean, standard deviation, quartiles and range.

    `x` has one axis; NaN is left out and counted in `n_missing`. The standard deviation divides by n - 1 and is None
    for n = 1; everything but the counts is None for n = 0. Results are in the unit of `x`. Raises StatisticsError for
    infinite values or an unknown definition.

    >>> summary = describe([2.0, 4.0, float("nan"), 9.0])
    >>> summary.n, summary.n_missing, summary.mean, summary.median
    (3, 1, 5.0, 4.0)

    Source: quartiles as `quantile`.
    """
    rule = _resolve(definition)
    values, n_missing = _observed(x)
    n = values.size
    if n == 0:
        return Description(
            n=0,
            n_missing=n_missing,
            mean=None,
            sd=None,
            median=None,
            q1=None,
            q3=None,
            minimum=None,
            maximum=None,
            definition=rule,
        )
    # fsum rounds once, so that the order of the patients cannot change a digit.
    mean = math.fsum(values) / n
    sd = math.sqrt(math.fsum((values - mean) ** 2) / (n - 1)) if n > 1 else None
    q1, median, q3 = quantile(values, (0.25, 0.5, 0.75), definition)
    return Description(
        n=n,
        n_missing=n_missing,
        mean=mean,
        sd=sd,
        median=median,
        q1=q1,
        q3=q3,
        minimum=float(values[0]),
        maximum=float(values[-1]),
        definition=rule,
    )


def median_interval(x: ArrayLike, conf_level: float = 0.95) -> MedianInterval:
    """Bound the median by two order statistics, and say what confidence they attain.

    `x` has one axis; NaN is left out and counted. The limits are the r-th smallest and the r-th largest value, with
    the largest r whose confidence 1 - 2 P(B <= r - 1), B binomial(n, 1/2), is at least `conf_level` (strictly
    between 0 and 1). The confidence holds for any continuous distribution and is a lower bound when values tie. Below
    the size that can reach `conf_level` (n = 6 for 0.95) the limits are None and `note` says so.

    Raises StatisticsError for infinite values or a `conf_level` outside (0, 1), and NotEstimableError when no value
    is left.

    >>> interval = median_interval([1, 2, 3, 4, 5, 6, 7])
    >>> interval.low, interval.high, interval.attained_level
    (1.0, 7.0, 0.984375)

    Source: Thompson WR. Ann Math Stat 1936;7:122-128, doi 10.1214/aoms/1177732502.
    """
    if not 0.0 < conf_level < 1.0:
        raise StatisticsError(f"conf_level was {conf_level!r}; expected a number between 0 and 1, such as 0.95")
    values, n_missing = _observed(x)
    n = values.size
    if n == 0:
        raise NotEstimableError("a median was asked of a sample without any value; give at least one value")
    rank, attained = _interval_rank(n, conf_level)
    reached = rank > 0
    note = None if reached else f"n = {n} is too small: even the range of the sample has confidence {attained:.6g} only"
    return MedianInterval(
        estimate=_quantile(values, 0.5, 6),
        low=float(values[rank - 1]) if reached else None,
        high=float(values[n - rank]) if reached else None,
        conf_level=conf_level,
        attained_level=attained,
        low_rank=rank if reached else None,
        high_rank=n - rank + 1 if reached else None,
        n=n,
        n_missing=n_missing,
        method="order statistics (binomial)",
        note=note,
    )


def _interval_rank(n: int, conf_level: float) -> tuple[int, float]:
    """Find the rank of the lower limit and the confidence attained; rank 0 and that of the whole range if none."""
    low, high = 0, n // 2  # rank `low` is known to be enough, or is 0
    while low < high:
        middle = (low + high + 1) // 2
        if _central_probability(n, middle) >= conf_level:
            low = middle
        else:
            high = middle - 1
    return low, _central_probability(n, max(low, 1))


def _central_probability(n: int, rank: int) -> float:
    """Compute the confidence of the interval from the rank-th smallest to the rank-th largest of n values."""
    if 2 * rank > n:
        return 0.0
    if n <= 1000:  # whole numbers, so that a level which is attained exactly is seen to be
        tail = sum(math.comb(n, i) for i in range(rank))
        return ((1 << n) - 2 * tail) / (1 << n)
    from scipy.special import bdtr

    return 1.0 - 2.0 * float(bdtr(rank - 1, n, 0.5))


def _observed(x: ArrayLike) -> tuple[NDArray[np.float64], int]:
    """Sort the values that are there and count those that are not."""
    values = np.asarray(x, dtype=np.float64)
    if values.ndim != 1:
        raise StatisticsError(f"a sample with {values.ndim} axes was given; expected one axis")
    kept = np.sort(values[~np.isnan(values)])
    if kept.size and not (np.isfinite(kept[0]) and np.isfinite(kept[-1])):
        raise StatisticsError("the sample holds an infinite value; expected finite numbers, NaN for missing")
    return kept, int(values.size - kept.size)


def _resolve(definition: int | str) -> int | str:
    if isinstance(definition, str) and definition in _ALIASES:
        return _ALIASES[definition]
    if isinstance(definition, int) and 1 <= definition <= 9:
        return int(definition)
    raise StatisticsError(
        f"quantile definition {definition!r} is unknown; expected 1 to 9, "
        + ", ".join(f'"{name}"' for name in sorted(_ALIASES))
    )


def _quantile(values: NDArray[np.float64], p: float, rule: int) -> float:
    n = values.size
    shift = (0.0, 0.0, -0.5, 0.0, 0.5, p, 1.0 - p, (p + 1.0) / 3.0, p / 4.0 + 0.375)[rule - 1]
    position = n * p + shift
    nearest = round(position)
    if abs(position - nearest) <= 8 * np.finfo(np.float64).eps * max(1.0, abs(position)):
        position = float(nearest)
    lower = math.floor(position)
    rest = position - lower
    if rule == 1:
        weight = float(rest > 0)
    elif rule == 2:
        weight = 1.0 if rest > 0 else 0.5
    elif rule == 3:
        weight = 0.0 if rest == 0 and lower % 2 == 0 else 1.0
    else:
        weight = rest
    return _between(float(values[min(max(lower, 1), n) - 1]), float(values[min(max(lower + 1, 1), n) - 1]), weight)


def _hinge(values: NDArray[np.float64], p: float) -> float:
    n = values.size
    depth = ((n + 1) // 2 + 1) / 2  # of the hinge, counted from its end of the sample
    depths = {0.0: 1.0, 0.25: depth, 0.5: (n + 1) / 2, 0.75: n + 1 - depth, 1.0: float(n)}
    if p not in depths:
        raise StatisticsError(
            f"probability {p!r} was asked of Tukey's hinges; they exist for 0, 0.25, 0.5, 0.75 and 1 only"
        )
    at = depths[p]
    return _between(float(values[math.floor(at) - 1]), float(values[math.ceil(at) - 1]), at - math.floor(at))


def _between(low: float, high: float, weight: float) -> float:
    # Equal neighbours must give themselves: interpolation in floating point could leave them by one unit.
    if low == high or weight == 0.0:
        return low
    return high if weight == 1.0 else (1.0 - weight) * low + weight * high
