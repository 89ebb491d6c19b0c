"""Cochran's test of a change over visits in a yes-or-no outcome, exact where that is feasible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arrays import visit_table
from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.permutation.conditional_p import PChoice, Resampling, square_sum_p
from myosotis.statistics.permutation.ranks import complete_rows

__all__ = ["CochranTest", "cochran_q"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CochranTest(HypothesisTest):
    """Record Cochran's test; `statistic` is Q.

    `counts` are the patients with the outcome at each visit; `n_informative` counts those whose outcome changed, the
    only ones that carry evidence.
    """

    counts: tuple[int, ...]
    n_informative: int
    p_asymptotic: float


def cochran_q(
    x: ArrayLike,
    p: PChoice = "auto",
    *,
    seed: int = 1,
    resamples: int = 100_000,
    max_bytes: int = 2**30,
) -> CochranTest:
    """Test whether the proportion with an outcome changes over visits.

    `x` is patients x visits, 1 (or True) for the outcome and 0 for none; patients with a missing visit (NaN) are left
    out and counted. `p` chooses as in `friedman`; the exact p permutes each patient's outcomes over the visits. With
    two visits Q is McNemar's chi-square without continuity correction, and the exact p that of the sign test.

    Raises StatisticsError for a value other than 0 and 1 and as `friedman`; NotEstimableError when no patient is
    complete or no outcome changed.

    >>> test = cochran_q([[0, 1, 1], [0, 0, 1], [0, 1, 1], [1, 1, 1]])
    >>> round(test.statistic, 4), test.counts, test.n_informative
    (4.6667, (1, 3, 4), 3)

    Source: Cochran WG. Biometrika 1950;37:256-266, doi 10.1093/biomet/37.3-4.256.
    """
    from scipy.special import chdtrc

    table, n_missing = complete_rows(visit_table(x))
    if not np.isin(table, (0.0, 1.0)).all():
        raise StatisticsError("the table holds a value other than 0 and 1; expected a yes-or-no outcome")
    outcomes = table.astype(np.int64)
    n, k = outcomes.shape
    changed = np.ptp(outcomes, axis=1) > 0 if n else np.zeros(0, dtype=np.bool_)
    if not changed.any():
        raise NotEstimableError(
            f"none of {n} complete patients ({n_missing} have a visit missing) changed, so that Cochran's Q has no value"
        )
    q = _q(outcomes)
    large_sample = float(chdtrc(k - 1, q))
    least = float(chdtrc(k - 1, _q(np.sort(outcomes, axis=1))))
    resampling = Resampling(seed=seed, resamples=resamples, max_bytes=max_bytes)
    found = square_sum_p(outcomes, p, (large_sample, least), resampling)
    return CochranTest(
        statistic=q,
        df=float(k - 1),
        p_value=found.value,
        p_asymptotic=large_sample,
        p_kind=found.kind,
        p_standard_error=found.standard_error,
        seed=found.seed,
        smallest_p=found.smallest,
        n=n,
        n_missing=n_missing,
        method="Cochran's Q test",
        note=found.reason,
        counts=tuple(int(count) for count in outcomes.sum(axis=0)),
        n_informative=int(changed.sum()),
    )


def _q(outcomes: NDArray[np.int64]) -> float:
    k = outcomes.shape[1]
    visits, patients = outcomes.sum(axis=0), outcomes.sum(axis=1)
    total = int(visits.sum())
    return float((k - 1) * (k * int((visits**2).sum()) - total**2) / (k * total - int((patients**2).sum())))
