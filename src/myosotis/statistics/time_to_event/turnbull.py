"""Turnbull's nonparametric curve for events known only to lie between two visits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import number
from myosotis.statistics.common.arrays import floats

__all__ = ["Turnbull", "turnbull"]

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnbull:
    """Record the curve as probabilities of innermost intervals, in order.

    The event falls with probability `mass[i]` after `left[i]` and up to and including `right[i]`; where both are equal,
    exactly then; `right` is infinite where it was never seen. Inside an interval the curve is not determined. `gap` is
    how far the optimality conditions are missed, in log-likelihood. The masses are unique: every innermost interval ends
    where some patient's does, so that going up through them each mass follows from the likelihood and those before it.
    """

    left: tuple[float, ...]
    right: tuple[float, ...]
    mass: tuple[float, ...]
    log_likelihood: float
    gap: float
    n: int
    iterations: int
    method: str

    def survival_bounds(self, time: float) -> tuple[float, float]:
        """Return the least and the largest probability of no event up to and including `time`."""
        time = number(time, "time", "a number of at least 0", lambda one: one >= 0.0)
        edges = list(zip(self.left, self.right, self.mass, strict=True))
        # An interval that has begun by then may already have spent its mass; one that has ended surely has.
        begun = sum(mass for left, right, mass in edges if left < time or right <= time)
        ended = sum(mass for _, right, mass in edges if right <= time)
        return max(0.0, 1.0 - begun), max(0.0, 1.0 - ended)


def turnbull(left: ArrayLike, right: ArrayLike, tolerance: float = 1e-11) -> Turnbull:
    """Estimate the distribution of an event time that is known up to an interval for each patient.

    `left` is the last time (at least 0) at which the patient was known to be free of the event, `right` the first at
    which it was known to have happened: the event lies after `left`, up to and including `right`. Give infinity to
    `right` where it was never seen, and equal numbers where the time is known exactly. Missing values are refused. The
    likelihood is maximised over all masses on innermost intervals, until the optimality (Karush-Kuhn-Tucker) conditions
    hold to `tolerance`, a log-likelihood for each patient. Raises `NotEstimableError` without a patient or when they
    cannot be reached, `StatisticsError` for an interval that ends before it begins.

    >>> curve = turnbull([0, 4, 4, 12], [4, 12, 24, float("inf")])
    >>> curve.left, curve.right, [round(mass, 4) for mass in curve.mass]
    ((0.0, 4.0, 12.0), (4.0, 12.0, 24.0), [0.25, 0.375, 0.375])

    Source: Turnbull, J R Stat Soc B 1976;38:290-295, doi:10.1111/j.2517-6161.1976.tb01597.x; optimality and
    uniqueness, Gentleman and Geyer, Biometrika 1994;81:618-623, doi:10.1093/biomet/81.3.618; the constrained Newton
    steps, Wang, J R Stat Soc B 2007;69:185-198, doi:10.1111/j.1467-9868.2007.00583.x.
    """
    all_lows, all_highs = _intervals(left, right)
    tolerance = number(tolerance, "tolerance", "a small positive number", lambda one: 0.0 < one < 1.0)
    # Patients with the same interval are one row with a weight.
    distinct, counts = np.unique(np.column_stack([all_lows, all_highs]), axis=0, return_counts=True)
    lows, highs = distinct[:, 0], distinct[:, 1]
    begins, ends = _innermost(lows, highs)
    rows, weights = _incidence(lows, highs, begins, ends).astype(np.float64), counts.astype(np.float64)
    mass, iterations = _maximise(rows, weights, tolerance)
    chance = rows @ mass
    used = mass > 0.0
    return Turnbull(
        left=tuple(begins[used].tolist()),
        right=tuple(ends[used].tolist()),
        mass=tuple(mass[used].tolist()),
        log_likelihood=float((weights * np.log(chance)).sum()),
        gap=_gap(rows, weights, chance),
        n=int(all_lows.size),
        iterations=iterations,
        method="Turnbull estimate by constrained Newton steps",
    )


def _intervals(left: ArrayLike, right: ArrayLike) -> tuple[_Floats, _Floats]:
    lows, highs = floats(left, "left"), floats(right, "right")
    if lows.ndim != 1 or lows.shape != highs.shape:
        raise StatisticsError(f"left has shape {lows.shape} and right {highs.shape}; give one of each for a patient")
    if lows.size == 0:
        raise NotEstimableError("left holds no patient; a curve needs at least one")
    bad = ~np.isfinite(lows) | np.isnan(highs) | (lows < 0) | (highs < lows)
    if bad.any():
        message = f"{int(bad.sum())} of {lows.size} intervals are missing, negative, or end before they begin"
        raise StatisticsError(message + "; give 0 <= left <= right, with infinity only as right")
    return lows, highs


def _innermost(lows: _Floats, highs: _Floats) -> tuple[_Floats, _Floats]:
    """Return the intervals between a left end and the right end that directly follows it."""
    exact = lows == highs
    # An open left end lies just after its time, a closed one at it; at one place left ends come before right ends.
    ends = [(low, 0 if known else 1, 0) for low, known in zip(lows.tolist(), exact.tolist(), strict=True)]
    ends += [(high, 0, 1) for high in highs.tolist()]
    ends = sorted(set(ends))
    pairs = [(first[0], second[0]) for first, second in pairwise(ends) if first[2] == 0 and second[2] == 1]
    table = np.array(pairs, dtype=np.float64)
    return table[:, 0], table[:, 1]


def _incidence(lows: _Floats, highs: _Floats, begins: _Floats, ends: _Floats) -> NDArray[np.bool_]:
    """Tell for every patient which innermost intervals lie inside the patient's own."""
    point = begins == ends
    inside = (begins >= lows[:, None]) & (ends <= highs[:, None])
    # A point at the open left end of a patient's interval lies outside it, unless the patient's time is that point.
    at_open_end = point & (begins == lows[:, None]) & (lows < highs)[:, None]
    result: NDArray[np.bool_] = inside & ~at_open_end
    return result


def _maximise(rows: _Floats, weights: _Floats, tolerance: float) -> tuple[_Floats, int]:
    """Climb by quadratic steps over all masses that are not negative, halving a step that does not climb."""
    from scipy.optimize import nnls

    size = rows.shape[1]
    mass = np.full(size, 1.0 / size)
    root, total = np.sqrt(weights)[:, None], float(weights.sum())
    for iteration in range(1, 501):
        chance = rows @ mass
        if _gap(rows, weights, chance) <= tolerance * total:
            return mass, iteration
        scaled = root * rows / chance[:, None]
        # The heavy last row holds the sum at 1; what is left of its violation is divided out.
        heavy = 1e4 * np.sqrt(total)
        target = np.append(2.0 * root[:, 0], heavy)
        step, _ = nnls(np.vstack([scaled, np.full(size, heavy)]), target, maxiter=50 * size)
        mass = _climb(rows, weights, mass, step / step.sum())
    gap = _gap(rows, weights, rows @ mass) / total
    message = (
        f"optimality is missed by {gap:.1e} after 500 steps, and {tolerance:.1e} was asked; give a larger tolerance"
    )
    raise NotEstimableError(message)


def _climb(rows: _Floats, weights: _Floats, mass: _Floats, aim: _Floats) -> _Floats:
    def height(at: _Floats) -> float:
        chance = rows @ at
        return -np.inf if (chance <= 0.0).any() else float((weights * np.log(chance)).sum())

    slope = float((weights * (rows @ (aim - mass)) / (rows @ mass)).sum())
    start, length = height(mass), 1.0
    while length > 1e-12:
        trial = (1.0 - length) * mass + length * aim
        if height(trial) >= start + 1e-4 * length * slope - 1e-13 * abs(start):
            # Masses that a full step set to 0 stay 0; others become exactly 0 only by a full step.
            return _normed(trial)
        length /= 2.0
    # Newton can stall where the optimum is flat; one self-consistency step always climbs.
    consistent = mass * (rows.T @ (weights / (rows @ mass))) / weights.sum()
    return _normed(consistent)


def _normed(mass: _Floats) -> _Floats:
    result: _Floats = mass / mass.sum()
    return result


def _gap(rows: _Floats, weights: _Floats, chance: _Floats) -> float:
    """Return the bound on how much log-likelihood any other masses could add."""
    gradient = rows.T @ (weights / chance) - float(weights.sum())
    return max(0.0, float(gradient.max()))
