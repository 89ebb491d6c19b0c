"""Westfall-Young max-t permutation of paired changes over several visits and endpoints at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import one_of, whole
from myosotis.statistics.common.arrays import floats
from myosotis.statistics.common.records import PKind
from myosotis.statistics.paired.signed_rank import doubled_signed_ranks

__all__ = ["MaxT", "max_t"]

_Floats = NDArray[np.float64]
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxT:
    """Record one test of many columns of changes, each tuple in the order of `names`.

    A name is the endpoint and the number of its column, from 0. `n` counts the patients with a value in that column,
    `patients` those with any. `flips` is how many sign patterns the p-values rest on. Standard errors and seed are given
    for Monte Carlo only. `smallest_p` is the least p-value that the design could have given.
    """

    names: tuple[tuple[str, int], ...]
    statistic: tuple[float, ...]
    n: tuple[int, ...]
    p_unadjusted: tuple[float, ...]
    p_single_step: tuple[float, ...]
    p_step_down: tuple[float, ...]
    patients: int
    flips: int
    p_kind: PKind
    method: str
    smallest_p: float
    single_step_standard_error: tuple[float, ...] | None = None
    step_down_standard_error: tuple[float, ...] | None = None
    seed: int | None = None


def max_t(
    changes: Mapping[str, ArrayLike] | Sequence[ArrayLike],
    scores: Literal["change", "signed_rank"] = "change",
    exact_up_to: int = 20,
    resamples: int = 100_000,
    seed: int = 0,
    decimals: int = 9,
) -> MaxT:
    """Test many columns of changes at once, with p-values adjusted for their number and their dependence.

    `changes` names (or lists) endpoints; each is an array patients x columns (visits) of changes, or one column, with the
    same patients in the same rows everywhere and NaN where missing. Under the null every patient's whole row of changes
    may change sign, so the signs of patients, not of cells, are flipped. The statistic of a column is the sum of its
    scores over its standard deviation under flipping: `change` scores are the changes rounded to `decimals`,
    `signed_rank` scores their signed ranks with zeros after Pratt. Tests are two-sided. Up to `exact_up_to` patients (at
    most 24) with any change all sign patterns are counted; beyond, `resamples` random ones from `seed` with the observed
    one added, and standard errors are given. Single-step p-values compare with the maximum over all columns, step-down
    ones with the maximum over those not yet rejected. A column in which nobody changed has statistic 0 and p-value 1.
    Raises `StatisticsError` for unequal numbers of rows, `NotEstimableError` for a column without a value.

    >>> result = max_t({"cmas": [[1, 2], [3, 4], [2, 6], [5, 5]]})
    >>> result.p_single_step, result.smallest_p
    ((0.125, 0.125), 0.125)

    Source: Westfall and Young, Resampling-Based Multiple Testing, 1993, algorithms 2.5 and 2.8; the joint flipping
    of signs, Pesarin and Salmaso, Permutation Tests for Complex Data, 2010, doi:10.1002/9780470689516; the added
    observation, Phipson and Smyth, Stat Appl Genet Mol Biol 2010;9:39, doi:10.2202/1544-6115.1585.
    """
    one_of(scores, "scores", ("change", "signed_rank"))
    draws, start = whole(resamples, "resamples", at_least=100), whole(seed, "seed", at_most=None)
    names, table = _columns(changes)
    steps = _whole_scores(table, names, scores, whole(decimals, "decimals", at_most=100))
    moving = steps[np.any(steps != 0.0, axis=1)]
    length = np.sqrt((steps**2).sum(axis=0))
    scale = np.where(length > 0.0, length, 1.0)
    limit = whole(exact_up_to, "exact_up_to")
    if limit > 24:
        raise StatisticsError(f"exact_up_to is {limit}; more than 2^24 sign patterns are not counted, give 24 at most")
    exact = moving.shape[0] <= limit
    if exact:
        blocks, flips = _all_signs(moving.shape[0]), 2 ** max(0, moving.shape[0] - 1)
    else:
        flips = draws
        blocks = _random_signs(moving.shape[0], flips, start)
    statistic = steps.sum(axis=0) / scale
    single, down, alone = _tail_counts(moving, scale, np.abs(statistic), blocks)
    added = 0 if exact else 1
    p_single, p_down, p_alone = ((counts + added) / (flips + added) for counts in (single, down, alone))
    errors = None if exact else (_errors(p_single, flips), _errors(p_down, flips))
    return MaxT(
        names=names,
        statistic=_floats(statistic),
        n=tuple(int(count) for count in (~np.isnan(table)).sum(axis=0)),
        p_unadjusted=_floats(p_alone),
        p_single_step=_floats(p_single),
        p_step_down=_floats(p_down),
        patients=int((~np.isnan(table)).any(axis=1).sum()),
        flips=flips * (2 if exact and moving.shape[0] else 1),
        p_kind="exact" if exact else "monte_carlo",
        method=f"Westfall-Young max-t by flipping the signs of patients, {scores.replace('_', '-')} scores",
        smallest_p=1.0 / flips if exact else 1.0 / (flips + 1),
        single_step_standard_error=errors[0] if errors else None,
        step_down_standard_error=errors[1] if errors else None,
        seed=None if exact else start,
    )


def _columns(changes: Mapping[str, ArrayLike] | Sequence[ArrayLike]) -> tuple[tuple[tuple[str, int], ...], _Floats]:
    """Set all endpoints side by side and name their columns."""
    if not isinstance(changes, Mapping | Sequence | np.ndarray) or isinstance(changes, str | bytes):
        raise StatisticsError(f"changes is a {type(changes).__name__}; give endpoints by name, or a list of them")
    items = changes.items() if isinstance(changes, Mapping) else ((str(i), array) for i, array in enumerate(changes))
    names: list[tuple[str, int]] = []
    parts: list[_Floats] = []
    for name, values in items:
        array = floats(values, name)
        array = array[:, None] if array.ndim == 1 else array
        if array.ndim != 2 or np.isinf(array).any():
            raise StatisticsError(f"{name} is not a table of finite changes, patients x visits, NaN where missing")
        if parts and array.shape[0] != parts[0].shape[0]:
            message = f"{name} has {array.shape[0]} rows and the first endpoint {parts[0].shape[0]}"
            raise StatisticsError(message + "; give the same patients in the same rows")
        names += [(name, column) for column in range(array.shape[1])]
        parts.append(array)
    if not names:
        raise StatisticsError("changes holds no column; give at least one endpoint with one visit")
    return tuple(names), np.hstack(parts)


def _whole_scores(table: _Floats, names: tuple[tuple[str, int], ...], scores: str, decimals: int) -> _Floats:
    """Return scores in whole numbers, so that their sums are exact in any order; a missing cell has 0."""
    empty = [f"{name} column {column}" for i, (name, column) in enumerate(names) if np.isnan(table[:, i]).all()]
    if empty:
        raise NotEstimableError(f"no patient has a change in {', '.join(empty)}; leave it out of the test")
    steps = np.rint(np.nan_to_num(table, nan=0.0) * 10.0**decimals)
    if np.abs(steps).sum(axis=0).max() > 2.0**52:
        raise StatisticsError(f"changes are too large to be summed exactly to {decimals} decimals; give fewer decimals")
    if scores == "signed_rank":
        # A missing cell must not be ranked as a zero change, so ranks are taken among the patients observed.
        for column in range(steps.shape[1]):
            seen = ~np.isnan(table[:, column])
            steps[seen, column] = doubled_signed_ranks(steps[seen, column].astype(np.int64), "pratt")
    return steps


def _all_signs(patients: int) -> Iterator[_Floats]:
    """Yield every sign pattern with the first patient's sign kept, since its mirror has the same absolute sums."""
    free = max(0, patients - 1)
    for start in range(0, 2**free, _BLOCK):
        codes = np.arange(start, min(start + _BLOCK, 2**free))
        signs = np.ones((codes.size, patients))
        signs[:, 1:] -= 2.0 * ((codes[:, None] >> np.arange(free)) & 1)
        yield signs


def _random_signs(patients: int, flips: int, seed: int) -> Iterator[_Floats]:
    generator = np.random.default_rng(seed)
    rows = max(1, _BLOCK * 24 // max(1, patients))
    for start in range(0, flips, rows):
        size = min(rows, flips - start)
        yield 1.0 - 2.0 * generator.integers(0, 2, (size, patients)).astype(np.float64)


def _tail_counts(
    steps: _Floats, scale: _Floats, observed: _Floats, blocks: Iterator[_Floats]
) -> tuple[_Floats, _Floats, _Floats]:
    """Count the sign patterns that reach each observed statistic: by the overall, the stepped and the own column."""
    order = np.argsort(observed, kind="stable")
    # Sums are exact; only columns of different scale compare with a rounding error.
    bound = observed * (1.0 - 1e-12)
    single, down, alone = (np.zeros(observed.size) for _ in range(3))
    for signs in blocks:
        reached = np.abs(signs @ steps) / scale
        alone += (reached >= bound).sum(axis=0)
        single += (reached.max(axis=1)[:, None] >= bound).sum(axis=0)
        stepped = np.maximum.accumulate(reached[:, order], axis=1)
        down[order] += (stepped >= bound[order]).sum(axis=0)
    # A later step may not have a smaller p-value than an earlier one; the largest statistic comes first.
    down[order[::-1]] = np.maximum.accumulate(down[order[::-1]])
    return single, down, alone


def _errors(p_values: _Floats, flips: int) -> tuple[float, ...]:
    return _floats(np.sqrt(p_values * (1.0 - p_values) / flips))


def _floats(values: _Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
