"""Adjustment of p-values for the number of comparisons made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from myosotis.errors import StatisticsError
from myosotis.statistics.common.arrays import floats

__all__ = ["Adjustment", "adjust_p"]

Adjustment = Literal["bonferroni", "holm", "hochberg", "hommel", "bh", "none"]
Floats = NDArray[np.float64]


def adjust_p(p_values: Sequence[float], method: Adjustment) -> tuple[float, ...]:
    """Adjust a family of p-values, in the order given.

    `p_values` lie in [0, 1], edges included; an empty family gives an empty tuple. `"bonferroni"` and `"holm"` hold the
    familywise error under any dependence, `"hochberg"` and `"hommel"` under independence or positive dependence; `"bh"`
    (Benjamini and Hochberg) holds the false discovery rate, not the familywise error; `"none"` changes nothing.

    Raises StatisticsError for a value outside [0, 1], NaN, or an unknown method: a comparison that could not be made
    must be left out knowingly, since its presence changes the others.

    >>> adjust_p((0.01, 0.04, 0.03), "holm")
    (0.03, 0.06, 0.06)

    Source: Holm S. Scand J Stat 1979;6:65-70; Hochberg Y. Biometrika 1988;75:800-802, doi 10.1093/biomet/75.4.800;
    Hommel G. Biometrika 1988;75:383-386, doi 10.1093/biomet/75.2.383; Benjamini Y, Hochberg Y. J R Stat Soc B
    1995;57:289-300, doi 10.1111/j.2517-6161.1995.tb02031.x.
    """
    p = floats(p_values, "p_values")
    if p.ndim != 1 or not ((p >= 0.0) & (p <= 1.0)).all():
        raise StatisticsError("p-values to adjust must be numbers from 0 to 1 in one sequence, none of them missing")
    if not isinstance(method, str) or method not in _METHODS:
        raise StatisticsError(f"adjustment {method!r} is unknown; expected one of " + ", ".join(sorted(_METHODS)))
    if p.size == 0:
        return ()
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(_METHODS[method](p[order]), 1.0)
    return tuple(float(value) for value in adjusted)


def _none(p: Floats) -> Floats:
    return p


def _bonferroni(p: Floats) -> Floats:
    return p.size * p


def _holm(p: Floats) -> Floats:
    steps: Floats = np.maximum.accumulate(np.arange(p.size, 0, -1) * p)
    return steps


def _hochberg(p: Floats) -> Floats:
    steps: Floats = np.minimum.accumulate((np.arange(p.size, 0, -1) * p)[::-1])[::-1]
    return steps


def _bh(p: Floats) -> Floats:
    steps: Floats = np.minimum.accumulate((p.size * p / np.arange(1, p.size + 1))[::-1])[::-1]
    return steps


def _hommel(p: Floats) -> Floats:
    """Close Simes' test: the hardest subset of m that holds a p-value is that value with the m - 1 largest."""
    n = p.size
    adjusted = np.zeros(n)
    for m in range(1, n + 1):
        simes = m * p[n - m + 1 :] / np.arange(2, m + 1)
        rest = float(simes.min()) if simes.size else np.inf
        # A value among the m largest leaves that subset as it is, whose least member is p[n - m].
        own = m * np.where(np.arange(n) < n - m, p, p[n - m])
        adjusted = np.maximum(adjusted, np.minimum(own, rest))
    return adjusted


_METHODS = {
    "none": _none,
    "bonferroni": _bonferroni,
    "holm": _holm,
    "hochberg": _hochberg,
    "hommel": _hommel,
    "bh": _bh,
}
