"""Kendall's coefficient of concordance: how far judges order the same objects alike."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from myosotis.statistics.common.records import HypothesisTest
from myosotis.statistics.permutation.conditional_p import PChoice
from myosotis.statistics.repeated.friedman import friedman

__all__ = ["ConcordanceTest", "kendall_w"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcordanceTest(HypothesisTest):
    """Record Kendall's concordance; `statistic` is W (0 none, 1 full), `chi_square` its large-sample test.

    `n` counts the judges and `n_objects` what they ordered.
    """

    chi_square: float
    p_asymptotic: float
    n_objects: int


def kendall_w(
    x: ArrayLike,
    p: PChoice = "auto",
    *,
    decimals: int | None = None,
    seed: int = 1,
    resamples: int = 100_000,
    max_bytes: int = 2**30,
) -> ConcordanceTest:
    """Measure how far judges order the same objects alike, and test it against chance.

    `x` is judges x objects (patients x visits, if the patients are the judges of the visits); a judge who left an object
    out (NaN) is left out and counted. W is corrected for ties. `p` and the other arguments are those of `friedman`,
    whose chi-square is n (k - 1) W. Raises as `friedman`.

    >>> test = kendall_w([[1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4]])
    >>> round(test.statistic, 6)
    0.822222

    Source: Kendall MG, Babington Smith B. Ann Math Stat 1939;10:275-287, doi 10.1214/aoms/1177732186; correction for
    ties: Siegel S, Castellan NJ. Nonparametric Statistics for the Behavioral Sciences, 2nd ed, 1988, section 9.5.
    """
    test = friedman(x, p, decimals=decimals, seed=seed, resamples=resamples, max_bytes=max_bytes)
    return ConcordanceTest(
        statistic=test.kendall_w,
        chi_square=test.statistic,
        df=test.df,
        p_value=test.p_value,
        p_asymptotic=test.p_asymptotic,
        p_kind=test.p_kind,
        p_standard_error=test.p_standard_error,
        seed=test.seed,
        smallest_p=test.smallest_p,
        n=test.n,
        n_missing=test.n_missing,
        method="Kendall's coefficient of concordance (corrected for ties)",
        note=test.note,
        n_objects=test.n_visits,
    )
