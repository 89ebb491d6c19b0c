"""Pooling over imputations, and how far imputed values must move before a conclusion turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import alpha_of, number, whole
from myosotis.statistics.common.arrays import number_array
from myosotis.statistics.missing.multiple_imputation import ImputedData

__all__ = ["PooledEstimate", "TippingPoint", "responder_tipping_point", "rubin_pool", "tipping_point"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledEstimate:
    """Record an estimate pooled over imputations, with what the missing values cost.

    `within` and `between` are variances; `total` = within + (1 + 1/m) between. `relative_increase` is the increase in
    variance due to missing values, `missing_information` the fraction of information they take away. `rubin_df` are
    Rubin's degrees of freedom, `df` those used: Barnard-Rubin's where the complete-data ones were given.
    """

    estimate: float
    standard_error: float
    df: float
    low: float
    high: float
    conf_level: float
    statistic: float
    p_value: float
    within: float
    between: float
    total: float
    rubin_df: float
    relative_increase: float
    missing_information: float
    n_imputations: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingPoint:
    """Record the p-value (or limit) along a series of scenarios and the first one that turns the conclusion.

    `scenarios` are shifts added to imputed values, or numbers of missing patients counted as responders; `values` what
    was judged in each. `tips_at` is the scenario nearest to the starting one at which the conclusion differs, None if
    none does.
    """

    scenarios: tuple[float, ...]
    values: tuple[float, ...]
    tips_at: float | None
    sentence: str


def rubin_pool(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    complete_df: float | None = None,
    null: float = 0.0,
    conf_level: float = 0.95,
) -> PooledEstimate:
    """Pool one estimate over m imputed data sets by Rubin's rules.

    `estimates` and `variances` (squared standard errors, above 0) hold one number for each of m >= 2 imputations.
    `complete_df` are the degrees of freedom that the analysis of complete data would have had (n minus the number of
    parameters); given, the Barnard-Rubin degrees of freedom for small samples are used, else Rubin's. The test is
    two-sided against `null`. Raises StatisticsError for fewer than 2 imputations or impossible variances.

    >>> p = rubin_pool([1.0, 1.4, 1.2], [0.25, 0.25, 0.25], complete_df=18)
    >>> round(p.estimate, 3), round(p.total, 4), round(p.df, 2)
    (1.2, 0.3033, 11.12)

    Source: Rubin DB. Multiple Imputation for Nonresponse in Surveys. Wiley 1987, section 3.1; Barnard J, Rubin DB.
    Biometrika 1999;86:948-55, doi:10.1093/biomet/86.4.948.
    """
    from scipy.stats import t

    alpha = alpha_of(conf_level)
    q, u = number_array(estimates, "estimates"), number_array(variances, "variances")
    m = len(q)
    if m < 2 or len(u) != m:
        raise StatisticsError(f"found {m} estimates and {len(u)} variances; give one of each for 2 or more imputations")
    if (u <= 0).any():
        raise StatisticsError(f"{int((u <= 0).sum())} variances are zero or negative; give squared standard errors")
    null = number(null, "null", "a number")
    if complete_df is not None:
        complete_df = number(complete_df, "complete_df", "a number above 0, or None", lambda one: one > 0)
    estimate, within, between = float(q.mean()), float(u.mean()), float(q.var(ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    rubin_df = (m - 1) / share**2 if share**2 > 0 else float("inf")
    df = rubin_df if complete_df is None else _barnard_rubin(rubin_df, share, complete_df)
    error = float(np.sqrt(total))
    half = float(t.isf(alpha / 2, df)) * error
    statistic = (estimate - null) / error
    increase = (1 + 1 / m) * between / within
    return PooledEstimate(
        estimate=estimate,
        standard_error=error,
        df=df,
        low=estimate - half,
        high=estimate + half,
        conf_level=float(conf_level),
        statistic=statistic,
        p_value=float(2 * t.sf(abs(statistic), df)),
        within=within,
        between=between,
        total=total,
        rubin_df=rubin_df,
        relative_increase=increase,
        missing_information=(increase + 2 / (df + 3)) / (increase + 1),
        n_imputations=m,
        method="Rubin's rules, " + ("Rubin df" if complete_df is None else "Barnard-Rubin df"),
    )


def tipping_point(
    imputed: ImputedData,
    analyse: Callable[[NDArray[np.float64]], tuple[float, float]],
    *,
    shifts: Sequence[float],
    complete_df: float | None = None,
    null: float = 0.0,
    alpha: float = 0.05,
) -> TippingPoint:
    """Find the shift of all imputed values at which a pooled test changes its verdict.

    `analyse` gives (estimate, variance) of one completed patients × visits table; `shifts` are added to the imputed
    cells only, in the unit of the measurement, and must contain 0, the analysis under missing at random. The verdict
    is p <= alpha of the two-sided pooled test against `null`. Raises StatisticsError when nothing was imputed or
    shifts lack 0.

    >>> from myosotis.statistics import multiple_imputation
    >>> x = [[1, 2], [2, 4], [3, 5], [4, float("nan")], [5, 8], [6, 8], [7, 9]]
    >>> change = lambda v: ((v[:, 1] - v[:, 0]).mean(), (v[:, 1] - v[:, 0]).var(ddof=1) / len(v))
    >>> tipping_point(multiple_imputation(x, seed=1), change, shifts=[0, -2, -4, -6], complete_df=6).tips_at
    -4.0

    Source: Ratitch B, O'Kelly M, Tosiello R. Pharm Stat 2013;12:337-47, doi:10.1002/pst.1549.
    """
    if not isinstance(imputed, ImputedData):
        raise StatisticsError(f"imputed is a {type(imputed).__name__}; give what multiple_imputation returns")
    if not callable(analyse):
        raise StatisticsError(f"analyse is a {type(analyse).__name__}; give a function of one completed table")
    level = number(alpha, "alpha", "a number strictly between 0 and 1, such as 0.05", lambda one: 0 < one < 1)
    if imputed.n_filled == 0:
        raise StatisticsError("no value was imputed, so that no shift can change the conclusion")
    steps = number_array(shifts, "shifts")
    if not (steps == 0).any():
        raise StatisticsError("shifts do not contain 0; the starting point is the analysis without a shift")
    p_values = []
    for shift in steps:
        results = [analyse(np.where(imputed.filled, table + shift, table)) for table in imputed.values]
        pooled = rubin_pool([r[0] for r in results], [r[1] for r in results], complete_df=complete_df, null=null)
        p_values.append(pooled.p_value)
    verdicts = [p <= level for p in p_values]
    tips = _first_turn(steps.tolist(), verdicts, start=0.0)
    word = "significant" if verdicts[int(np.argmax(steps == 0))] else "not significant"
    found = (
        f"it turns when the imputed values are shifted by {tips:g}"
        if tips is not None
        else f"no shift from {steps.min():g} to {steps.max():g} turns it"
    )
    return TippingPoint(
        scenarios=tuple(steps.tolist()),
        values=tuple(p_values),
        tips_at=tips,
        sentence=f"At the level {level:g} the result is {word} under missing at random; {found}.",
    )


def responder_tipping_point(
    responders: int, evaluated: int, missing: int, *, threshold: float, conf_level: float = 0.95
) -> TippingPoint:
    """Find how many missing patients must count as responders before the exact lower limit reaches a threshold.

    `responders` of `evaluated` patients responded, `missing` more could not be evaluated; scenarios count 0, 1, ...
    `missing` of these as responders, starting from none (non-responder imputation). Judged is whether the lower
    Clopper-Pearson limit is at or above `threshold`, a proportion in (0, 1). Raises StatisticsError for impossible
    counts, NotEstimableError when there is no patient at all.

    >>> responder_tipping_point(15, 20, 2, threshold=0.5).tips_at
    2.0

    Source: Campbell G, Pennello G, Yue L. J Biopharm Stat 2011;21:180-95, doi:10.1080/10543406.2011.550094.
    """
    from myosotis.statistics.proportions.intervals import clopper_pearson

    unknown = whole(missing, "missing")
    size = whole(evaluated, "evaluated") + unknown
    hits = whole(responders, "responders")
    if hits > size - unknown:
        raise StatisticsError(f"responders is {hits} and evaluated {size - unknown}; a count cannot exceed its total")
    if size == 0:
        raise NotEstimableError("there is no patient, evaluated or missing")
    threshold = number(threshold, "threshold", "a proportion strictly between 0 and 1", lambda one: 0 < one < 1)
    limits = [clopper_pearson(hits + extra, size, conf_level).low or 0.0 for extra in range(unknown + 1)]
    tips = _first_turn(list(range(unknown + 1)), [low >= threshold for low in limits], start=0)
    reached = "reaches" if limits[0] >= threshold else "does not reach"
    found = (
        f"it does once {tips:g} of {unknown} missing patients count as responders"
        if tips is not None
        else f"this stays so however the {unknown} missing patients are counted"
    )
    return TippingPoint(
        scenarios=tuple(float(s) for s in range(unknown + 1)),
        values=tuple(limits),
        tips_at=tips,
        sentence=f"With missing patients as non-responders the lower limit {reached} {threshold:g}; {found}.",
    )


def _barnard_rubin(rubin_df: float, share: float, complete_df: float) -> float:
    observed = complete_df * (1 - share) * (complete_df + 1) / (complete_df + 3)
    return rubin_df if np.isinf(complete_df) else observed / (1 + observed / rubin_df)


def _first_turn(scenarios: Sequence[float], verdicts: Sequence[bool], *, start: float) -> float | None:
    """Return the scenario nearest to the start whose verdict differs from the start's; ties go to the lower one."""
    initial = verdicts[list(scenarios).index(start)]
    turned = [s for s, verdict in zip(scenarios, verdicts, strict=True) if verdict != initial]
    return float(min(turned, key=lambda s: (abs(s - start), s))) if turned else None
