"""Named strategies for missing visits, applied before a statistic and recorded with what they filled."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import StatisticsError
from myosotis.statistics.common.arguments import number
from myosotis.statistics.common.arrays import visit_table

__all__ = [
    "CompletedData",
    "best_case",
    "complete_case",
    "last_observation",
    "non_responder",
    "observed_case",
    "worst_case",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompletedData:
    """Record the values after a strategy, which of them it filled, and a sentence that says so.

    `values` is patients × visits and read-only; `filled` marks the cells that were missing and now hold a value;
    `patients` gives the row of the input behind each row of `values`. `n_filled` values were filled for
    `n_patients_filled` patients, `n_left_out` patients were dropped and `n_still_missing` values remain NaN.
    """

    strategy: str
    values: Floats
    filled: NDArray[np.bool_]
    patients: tuple[int, ...]
    n_filled: int
    n_patients_filled: int
    n_left_out: int
    n_still_missing: int
    sentence: str


def observed_case(x: ArrayLike) -> CompletedData:
    """Use what was observed and fill nothing, so that each visit has its own number of patients.

    `x` is patients × visits in any unit (or one column of patients), NaN where missing. Raises StatisticsError for
    other shapes and infinite values, as all strategies here do.

    >>> observed_case([[3, float("nan")], [2, 1]]).n_still_missing
    1

    Source: ICH E9(R1), section A.5; Little RJA et al. N Engl J Med 2012;367:1355-60, doi:10.1056/NEJMsr1203730.
    """
    values = _matrix(x)
    return _record("observed_case", values, values, range(len(values)), "Values were used as observed, none was filled")


def complete_case(x: ArrayLike) -> CompletedData:
    """Keep the patients who have every visit and leave out the others.

    `x` as in `observed_case`. Unbiased only if being complete has nothing to do with the outcome.

    >>> complete_case([[3, float("nan")], [2, 1]]).patients
    (1,)

    Source: Little RJA et al. N Engl J Med 2012;367:1355-60, doi:10.1056/NEJMsr1203730.
    """
    values = _matrix(x)
    kept = np.nonzero(~np.isnan(values).any(axis=1))[0]
    return _record(
        "complete_case", values, values[kept], kept.tolist(), "Only patients with a value at every visit were used"
    )


def non_responder(response: ArrayLike) -> CompletedData:
    """Count every missing response as no response.

    `response` is patients × visits (or one column) of 1 (response) and 0 (none), NaN where not evaluable.
    Raises StatisticsError for any other value.

    >>> non_responder([[1], [float("nan")]]).values.tolist()
    [[1.0], [0.0]]

    Source: composite strategy of ICH E9(R1), section A.3.2.
    """
    values = _matrix(response)
    if not np.isin(values[~np.isnan(values)], (0.0, 1.0)).all():
        raise StatisticsError(
            "response holds values other than 0 and 1; give 1 for response, 0 for none, NaN if unknown"
        )
    return _record(
        "non_responder",
        values,
        np.where(np.isnan(values), 0.0, values),
        range(len(values)),
        "A missing response counted as no response",
    )


def last_observation(x: ArrayLike) -> CompletedData:
    """Carry each patient's last earlier value forward; a visit before the first value stays missing.

    `x` as in `observed_case`, visits in order of time. It assumes that nothing changes after the last value, which
    is rarely so; offered because readers ask for it beside a better analysis.

    >>> last_observation([[5, float("nan"), 3, float("nan")]]).values.tolist()
    [[5.0, 5.0, 3.0, 3.0]]

    Source: Molenberghs G et al. Biostatistics 2004;5:445-64, doi:10.1093/biostatistics/5.3.445.
    """
    values = _matrix(x)
    seen = ~np.isnan(values)
    source = np.maximum.accumulate(np.where(seen, np.arange(values.shape[1]), -1), axis=1)
    carried = np.where(source >= 0, np.take_along_axis(values, np.maximum(source, 0), axis=1), np.nan)
    return _record(
        "last_observation",
        values,
        carried,
        range(len(values)),
        "A missing value was replaced by the last one before it",
    )


def worst_case(x: ArrayLike, *, worst: float) -> CompletedData:
    """Fill every missing value with the worst the instrument allows, one end of what the data can say.

    `x` as in `observed_case`; `worst` in its unit, for example 0 for CMAS, 10 for a visual analogue scale of pain,
    0 for a response. No observed value may lie on both sides of it: a bound that is passed is no bound.

    >>> worst_case([[1], [float("nan")]], worst=0).values.tolist()
    [[1.0], [0.0]]

    Source: Horowitz JL, Manski CF. J Am Stat Assoc 2000;95:77-84, doi:10.1080/01621459.2000.10473902.
    """
    return _bound(x, worst, "worst")


def best_case(x: ArrayLike, *, best: float) -> CompletedData:
    """Fill every missing value with the best the instrument allows, the other end of what the data can say.

    `x`, errors and source as in `worst_case`; together the two bound every possible completion.

    >>> best_case([[1], [float("nan")]], best=1).values.tolist()
    [[1.0], [1.0]]

    Source: Horowitz JL, Manski CF. J Am Stat Assoc 2000;95:77-84, doi:10.1080/01621459.2000.10473902.
    """
    return _bound(x, best, "best")


def _matrix(x: ArrayLike) -> Floats:
    return visit_table(x, "x", at_least=1, column=True)


def _bound(x: ArrayLike, bound: float, name: str) -> CompletedData:
    values = _matrix(x)
    bound = number(bound, name, f"the {name} value that the instrument allows", math.isfinite)
    observed = values[~np.isnan(values)]
    if len(observed) and observed.min() < bound < observed.max():
        raise StatisticsError(
            f"{name} is {bound:g}, but observed values lie on both sides of it (from {observed.min():g} to "
            f"{observed.max():g}); give the end of the instrument's range"
        )
    return _record(
        f"{name}_case",
        values,
        np.where(np.isnan(values), bound, values),
        range(len(values)),
        f"A missing value was replaced by the {name} possible, {bound:g}",
    )


def _record(strategy: str, before: Floats, after: Floats, patients: range | list[int], sentence: str) -> CompletedData:
    rows = tuple(patients)
    filled = np.isnan(before[list(rows)]) & ~np.isnan(after)
    left_out, remaining = len(before) - len(rows), int(np.isnan(after).sum())
    after, filled = after.copy(), filled.copy()
    after.flags.writeable = filled.flags.writeable = False
    n_filled, n_patients = int(filled.sum()), int(filled.any(axis=1).sum())
    parts = [sentence]
    if n_filled:
        parts.append(f"{_count(n_filled, 'value')} of {_count(n_patients, 'patient')} filled")
    if left_out:
        parts.append(f"{left_out} of {_count(len(before), 'patient')} left out")
    if remaining:
        parts.append(f"{_count(remaining, 'value')} still missing")
    return CompletedData(
        strategy=strategy,
        values=after,
        filled=filled,
        patients=rows,
        n_filled=n_filled,
        n_patients_filled=n_patients,
        n_left_out=left_out,
        n_still_missing=remaining,
        sentence="; ".join(parts) + ".",
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
