"""Multiple imputation of missing visits by chained equations, with a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arguments import one_of, whole
from myosotis.statistics.common.arrays import visit_table

__all__ = ["ImputedData", "multiple_imputation"]

Floats = NDArray[np.float64]
ImputationMethod = Literal["normal", "predictive_mean_matching"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImputedData:
    """Record several completed copies of a visits table, which cells were filled, and a sentence that says so.

    `values` is imputations × patients × visits and read-only, `filled` is patients × visits.
    """

    strategy: str
    values: Floats
    filled: NDArray[np.bool_]
    n_imputations: int
    n_iterations: int
    n_filled: int
    n_patients_filled: int
    seed: int
    sentence: str


def multiple_imputation(
    x: ArrayLike,
    *,
    seed: int,
    method: ImputationMethod = "predictive_mean_matching",
    imputations: int = 20,
    iterations: int = 10,
    donors: int = 5,
) -> ImputedData:
    """Impute each visit from all others by chained Bayesian linear regressions.

    `x` is patients × variables: the visits of one measurement, and any complete covariates as further columns; NaN
    where missing, taken as missing at random. `normal` draws from the posterior predictive distribution;
    `predictive_mean_matching` takes the observed value of one of the `donors` patients whose predicted mean is
    nearest, so that imputed values are always possible ones. Equal arguments and seed give equal values. A patient
    without any value is imputed too; drop such patients first if that is not meant.

    Raises StatisticsError for arguments that do not fit and NotEstimableError when a column to impute has too few
    observed values for its regression (columns + 1 are needed, for matching also as many as donors).

    >>> m = multiple_imputation([[1, 2], [2, 3], [3, 5], [4, float("nan")], [5, 8], [6, 8], [7, 9]], seed=1)
    >>> m.n_filled, m.values.shape
    (1, (20, 7, 2))

    Source: van Buuren S. Flexible Imputation of Missing Data, 2nd ed. CRC 2018, algorithms 3.1, 3.3 and 4.3,
    doi:10.1201/9780429492259; Rubin DB. Multiple Imputation for Nonresponse in Surveys. Wiley 1987, p. 167.
    """
    one_of(method, "method", ("normal", "predictive_mean_matching"))
    copies, cycles = whole(imputations, "imputations", at_least=2), whole(iterations, "iterations", at_least=1)
    pool = whole(donors, "donors", at_least=1)
    seed = whole(seed, "seed", at_most=None)
    values = visit_table(x, "x")
    holes = np.isnan(values)
    _check_support(holes, pool if method == "predictive_mean_matching" else 0)
    completed = np.stack(
        [_one(values, holes, method, cycles, pool, stream) for stream in np.random.default_rng(seed).spawn(copies)]
    )
    completed.flags.writeable = holes.flags.writeable = False
    n_filled, n_patients = int(holes.sum()), int(holes.any(axis=1).sum())
    words = method.replace("_", " ") if method != "normal" else "normal regression"
    return ImputedData(
        strategy="multiple_imputation",
        values=completed,
        filled=holes,
        n_imputations=copies,
        n_iterations=cycles,
        n_filled=n_filled,
        n_patients_filled=n_patients,
        seed=seed,
        sentence=(
            f"{n_filled} missing values of {n_patients} patients were imputed {copies} times by chained equations "
            f"({words}, {cycles} iterations, seed {seed}), assuming values missing at random."
        ),
    )


def _check_support(holes: NDArray[np.bool_], donors: int) -> None:
    observed = (~holes).sum(axis=0)
    for column in np.nonzero(holes.any(axis=0))[0]:
        needed = max(holes.shape[1] + 1, donors)
        if observed[column] < needed:
            raise NotEstimableError(
                f"column {int(column)} has {int(observed[column])} observed values; to impute it from the others "
                f"at least {needed} are needed: leave out columns or choose another strategy"
            )


def _one(
    values: Floats,
    holes: NDArray[np.bool_],
    method: ImputationMethod,
    cycles: int,
    donors: int,
    rng: np.random.Generator,
) -> Floats:
    filled = values.copy()
    columns = np.nonzero(holes.any(axis=0))[0]
    for column in columns:
        absent = holes[:, column]
        filled[absent, column] = rng.choice(values[~absent, column], absent.sum())
    for _ in range(cycles):
        for column in columns:
            absent = holes[:, column]
            others = np.delete(filled, column, axis=1)
            draw = _draw(others, values[:, column], absent, method, donors, rng)
            filled[absent, column] = draw
    return filled


def _draw(
    predictors: Floats,
    target: Floats,
    absent: NDArray[np.bool_],
    method: ImputationMethod,
    donors: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw regression parameters from their posterior under a flat prior, then values given them."""
    centre, scale = predictors.mean(axis=0), predictors.std(axis=0)
    design = np.column_stack([np.ones(len(target)), (predictors - centre) / np.where(scale > 0, scale, 1.0)])
    known, y = design[~absent], target[~absent]
    left, singular, right = np.linalg.svd(known, full_matrices=False)
    # Columns that repeat others carry nothing new: their direction is dropped instead of inverted.
    kept = singular > singular[0] * 1e-8
    inverse = np.where(kept, 1 / np.where(kept, singular, 1.0), 0.0)
    fitted = right.T @ (inverse * (left.T @ y))
    residual = y - known @ fitted
    freedom = max(len(y) - int(kept.sum()), 1)
    sd = np.sqrt(float(residual @ residual) / rng.chisquare(freedom))
    drawn = fitted + sd * (right.T @ (inverse * rng.standard_normal(len(singular))))
    predicted = design[absent] @ drawn
    if method == "normal":
        return np.asarray(predicted + sd * rng.standard_normal(len(predicted)), dtype=np.float64)
    # Donors are shuffled, so that among equally near ones the order of the rows carries no weight.
    shuffled = rng.permutation(len(y))
    distance = np.abs(predicted[:, None] - (known @ fitted)[shuffled][None, :])
    nearest = np.argpartition(distance, donors - 1, axis=1)[:, :donors]
    chosen = rng.integers(0, donors, len(predicted))
    return np.asarray(y[shuffled[nearest[np.arange(len(predicted)), chosen]]], dtype=np.float64)
