"""The choice between an exact, a Monte Carlo and a large-sample p-value, and the words that give the reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from myosotis.errors import StatisticsError
from myosotis.statistics.common.arguments import number, whole
from myosotis.statistics.common.records import PKind
from myosotis.statistics.permutation.effort import square_sum_effort
from myosotis.statistics.permutation.monte_carlo import monte_carlo_p, sampling_work
from myosotis.statistics.permutation.within_patient import smallest_square_sum_p, square_sum_test

__all__ = ["PChoice", "PValue", "Resampling", "square_sum_p"]

PChoice = Literal["auto", "exact", "monte_carlo", "asymptotic"]
Integers = NDArray[np.int64]

# Bounds of the automatic choice: about five seconds of exact work, about twenty of drawing.
_AUTO_COMPARISONS = 6e8
_AUTO_DRAWN = 2e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """Declare how many arrangements a Monte Carlo p draws from which seed, and the memory an exact p may take."""

    seed: int
    resamples: int
    max_bytes: int = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class PValue:
    """Record a p-value, how it was got and why, and the least that it could have been."""

    value: float
    kind: PKind
    smallest: float
    reason: str
    standard_error: float | None = None
    seed: int | None = None


def square_sum_p(scores: Integers, choice: str, large_sample: tuple[float, float], resampling: Resampling) -> PValue:
    """Compute the p-value of a statistic that increases with the sum of squared column sums.

    `scores` are whole numbers, patients x visits, none missing. `large_sample` holds the large-sample p and the least
    that it could be. `"auto"` takes the exact p where memory and an estimated five seconds allow, else Monte Carlo,
    else (drawing would take longer than some twenty seconds) the large-sample p.

    Raises StatisticsError for an unknown choice or an exact run beyond the memory declared.
    """
    resampling = replace(
        resampling,
        resamples=whole(resampling.resamples, "resamples", at_least=1),
        seed=whole(resampling.seed, "seed", at_most=None),
    )
    number(resampling.max_bytes, "max_bytes", "a number of bytes")
    kind, reason = _kind(scores, choice, resampling)
    if kind == "exact":
        return PValue(
            value=square_sum_test(scores).p_value,
            kind=kind,
            smallest=smallest_square_sum_p(scores),
            reason=reason,
        )
    if kind == "asymptotic":
        return PValue(value=large_sample[0], kind=kind, smallest=large_sample[1], reason=reason)
    observed = int((scores.sum(axis=0) ** 2).sum())
    drawn = monte_carlo_p(
        scores,
        np.ones(scores.shape, dtype=np.bool_),
        lambda sums: (sums**2).sum(axis=1) >= observed,
        resampling.seed,
        resampling.resamples,
    )
    return PValue(
        value=drawn.p_value,
        kind=kind,
        smallest=max(smallest_square_sum_p(scores), 1.0 / (1 + drawn.resamples)),
        reason=reason,
        standard_error=drawn.standard_error,
        seed=drawn.seed,
    )


def _kind(scores: Integers, choice: str, resampling: Resampling) -> tuple[PKind, str]:
    if not isinstance(choice, str) or choice not in ("auto", "exact", "monte_carlo", "asymptotic"):
        raise StatisticsError(f'p={choice!r} is unknown; expected "auto", "exact", "monte_carlo" or "asymptotic"')
    drawing = f"Monte Carlo p from {resampling.resamples} permutations within patients"
    if choice == "asymptotic":
        return "asymptotic", "large-sample p, as asked"
    if choice == "monte_carlo":
        return "monte_carlo", f"{drawing}, as asked"
    effort = square_sum_effort(scores)
    size = (
        f"at most {effort.states:.0f} states and {effort.bytes / 2**20:.0f} MiB"
        if math.isfinite(effort.bytes)
        else "more combinations of rank sums than can be numbered"
    )
    fits = effort.bytes <= resampling.max_bytes
    if choice == "exact":
        if not fits:
            raise StatisticsError(
                f"the exact p needs {size}, beyond max_bytes = {resampling.max_bytes}; raise max_bytes or ask for "
                'p="monte_carlo"'
            )
        return "exact", f"exact conditional p, as asked ({size})"
    if fits and effort.comparisons <= _AUTO_COMPARISONS:
        return "exact", f"exact conditional p, since it is feasible ({size})"
    why = "time" if fits else "memory"
    if sampling_work(scores, np.ones(scores.shape, dtype=np.bool_), resampling.resamples) <= _AUTO_DRAWN:
        return "monte_carlo", f"{drawing}, since an exact p would take too much {why} ({size})"
    return "asymptotic", f"large-sample p, since an exact and a Monte Carlo p would both take too long ({size})"
