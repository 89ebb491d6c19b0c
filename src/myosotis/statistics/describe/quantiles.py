"""Sample quantiles by a named rule, since programs differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arrays import floats

__all__ = [
    "QuantileDefinition",
    "Quartiles",
    "observed_values",
    "quantile",
    "quartiles",
    "resolved_definition",
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
    rule = resolved_definition(definition)
    values, _ = observed_values(x)
    if values.size == 0:
        raise NotEstimableError("a quantile was asked of a sample without any value; give at least one value")
    wanted = floats(probs, "probs")
    if wanted.ndim > 1:
        raise StatisticsError(f"probs has {wanted.ndim} axes; expected one number or one axis")
    asked = tuple(wanted.ravel().tolist())
    for p in asked:
        if not 0.0 <= p <= 1.0:
            raise StatisticsError(f"probability {p!r} was asked of a quantile; expected a number from 0 to 1")
    found = tuple(_hinge(values, p) if rule == "tukey" else _quantile(values, p, int(rule)) for p in asked)
    return found[0] if wanted.ndim == 0 else found


def quartiles(x: ArrayLike, definition: QuantileDefinition = 6) -> Quartiles:
    """Compute the lower quartile, the median and the upper quartile by a named definition.

    `x` has one axis; NaN is left out and counted. All three follow the definition, so that types 1, 3 and 4 give a
    median that is not always the middle of the sample. Raises as `quantile` does.

    >>> quartiles(range(1, 21), "spss").q1, quartiles(range(1, 21), "r").q1
    (5.25, 5.75)

    Source: as `quantile`.
    """
    values, n_missing = observed_values(x)
    q1, median, q3 = quantile(values, (0.25, 0.5, 0.75), definition)
    return Quartiles(
        q1=q1, median=median, q3=q3, n=values.size, n_missing=n_missing, definition=resolved_definition(definition)
    )


def observed_values(x: ArrayLike) -> tuple[NDArray[np.float64], int]:
    """Sort the values that are there and count those that are missing (NaN).

    Raises StatisticsError for more than one axis or an infinite value.

    >>> values, n_missing = observed_values([2.0, float("nan"), 1.0])
    >>> values.tolist(), n_missing
    ([1.0, 2.0], 1)
    """
    values = floats(x, "the sample")
    if values.ndim != 1:
        raise StatisticsError(f"a sample with {values.ndim} axes was given; expected one axis")
    kept = np.sort(values[~np.isnan(values)])
    if kept.size and not (np.isfinite(kept[0]) and np.isfinite(kept[-1])):
        raise StatisticsError("the sample holds an infinite value; expected finite numbers, NaN for missing")
    return kept, int(values.size - kept.size)


def resolved_definition(definition: int | str) -> int | str:
    """Name the Hyndman-Fan type (or "tukey") that a definition or a program's name stands for.

    Raises StatisticsError for an unknown one.

    >>> resolved_definition("sas")
    2
    """
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
