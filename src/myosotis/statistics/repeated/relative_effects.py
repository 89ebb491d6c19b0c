"""Relative treatment effects: the chance that a visit's value exceeds a value drawn from all visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import level_of
from myosotis.statistics.common.arrays import labels
from myosotis.statistics.common.records import HypothesisTest, IntervalEstimate
from myosotis.statistics.repeated.rank_means import (
    Floats,
    anova_type_test,
    box_of,
    covariance_of_means,
    effects_of,
    matrix_of,
    note_of,
    ranks_of,
    wald_type_test,
)

__all__ = ["GroupedRelativeEffects", "RelativeEffects", "grouped_relative_effects", "relative_effects"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeEffects:
    """Record one group's relative effects by visit, in the order of the columns, with the tests of no change.

    `effects` holds one interval estimate a visit, `mean_ranks` the mean of the overall ranks behind it. `wald_type`
    and `anova_type` test that all visits have the same distribution.
    """

    effects: tuple[IntervalEstimate, ...]
    mean_ranks: tuple[float, ...]
    wald_type: HypothesisTest
    anova_type: HypothesisTest
    n: int
    n_missing: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedRelativeEffects:
    """Record relative effects of groups by visits, with tests of the group, the visits, and their interaction.

    `effects[g][v]` belongs to `groups[g]` and visit `v`. `group_box` is the ANOVA-type test of the group with finite
    denominator degrees of freedom, to be read instead of `group_anova_type` in small samples.
    """

    groups: tuple[Any, ...]
    effects: tuple[tuple[IntervalEstimate, ...], ...]
    group_wald_type: HypothesisTest
    group_anova_type: HypothesisTest
    group_box: HypothesisTest
    visit_wald_type: HypothesisTest
    visit_anova_type: HypothesisTest
    interaction_wald_type: HypothesisTest
    interaction_anova_type: HypothesisTest
    n: int
    n_missing: int
    method: str


def relative_effects(x: ArrayLike, *, conf_level: float = 0.95) -> RelativeEffects:
    """Estimate the relative effect of every visit and test that the visits do not differ (LD-F1 design).

    `x` is patients × visits, any ordinal or metric unit; NaN marks a missing visit, assumed missing completely at
    random. A patient without any value is left out and counted in `n_missing`. The relative effect of visit s is
    p_s = P(Z < X_s) + P(Z = X_s)/2 with Z drawn from all visits together, inside (0, 1); 0.5 means no tendency.
    Intervals use the logit of the effect shrunk to its attainable range [1/(2k), 1 - 1/(2k)] for k visits and need
    complete data; with missing visits the limits are None and the note says so.

    Raises StatisticsError for fewer than 2 visits, a conf_level outside (0, 1) or a visit without two values, and
    NotEstimableError when fewer than 2 patients remain or all values are tied.

    >>> r = relative_effects([[8, 3, 1], [7, 5, 2], [9, 4, 4], [6, 6, 1]])
    >>> [round(e.estimate, 3) for e in r.effects]
    [0.823, 0.479, 0.198]

    Source: Brunner E, Domhof S, Langer F. Nonparametric Analysis of Longitudinal Data in Factorial Experiments.
    Wiley 2002, sections 5.4, 5.8, 7.2; Noguchi K et al. J Stat Softw 2012;50(12), doi:10.18637/jss.v050.i12.
    """
    values, kept = matrix_of(x)
    n_dropped = int((~kept).sum())
    conf_level = level_of(conf_level)
    present = ~np.isnan(values)
    n, k = values.shape
    total = int(present.sum())
    ranks = ranks_of(values)
    means = np.nansum(ranks, axis=0) / present.sum(axis=0)
    effect = (means - 0.5) / total
    covariance = n / total**2 * covariance_of_means(ranks, present, means)
    contrast = np.eye(k) - 1.0 / k
    note = note_of(values)
    wald = wald_type_test(contrast, effect, covariance, n, "Wald-type test of equal visits", n_dropped, note)
    anova = anova_type_test(contrast, effect, covariance, n, "ANOVA-type test of equal visits", n_dropped, note)
    return RelativeEffects(
        effects=effects_of([values], effect, conf_level)[0],
        mean_ranks=tuple(float(m) for m in means),
        wald_type=wald,
        anova_type=anova,
        n=n,
        n_missing=n_dropped,
        method="nonparametric relative effects, LD-F1 design",
    )


def grouped_relative_effects(x: ArrayLike, group: ArrayLike, *, conf_level: float = 0.95) -> GroupedRelativeEffects:
    """Estimate relative effects of two or more groups by visits and test group, visits and interaction (F1-LD-F1).

    `x` is patients × visits, NaN where a visit is missing (completely at random), `group` one label a patient. Groups
    may differ in size; each needs two values at every visit. Limits of the effects need complete data. A patient
    without any value is left out and counted. Effects refer to the distribution of all values of all groups together,
    so an effect can only be read as a distance between groups when the groups are of about equal size.

    Raises StatisticsError for fewer than 2 visits or 2 groups or labels that do not fit the patients, and
    NotEstimableError for a group with fewer than 2 values at a visit or a test whose variance is zero.

    >>> r = grouped_relative_effects([[1, 2], [2, 4], [1, 3], [5, 5], [6, 7], [7, 6]], [0, 0, 0, 1, 1, 1])
    >>> round(r.group_anova_type.statistic, 3)
    25.043

    Source: Brunner, Domhof and Langer 2002, chapter 8 (equations 8.10, 8.11, 8.18, 8.20, 8.21, 8.26); Noguchi K et al.
    J Stat Softw 2012;50(12), doi:10.18637/jss.v050.i12.
    """
    values, kept = matrix_of(x)
    conf_level = level_of(conf_level)
    group_of, n_dropped = labels(group, "group", kept.size)[kept], int((~kept).sum())
    levels = np.unique(group_of)
    if len(levels) < 2:
        raise StatisticsError(f"group holds {len(levels)} level, expected at least 2")
    members = [group_of == g for g in levels]
    fewest = min(int((~np.isnan(values[m])).sum(axis=0).min()) for m in members)
    if fewest < 2:
        raise NotEstimableError(f"some group has {fewest} values at some visit; a variance needs at least 2")
    a, k, n, total = len(levels), values.shape[1], len(values), int((~np.isnan(values)).sum())
    ranks = ranks_of(values)
    blocks = [ranks[m] for m in members]
    effect = (np.concatenate([np.nanmean(b, axis=0) for b in blocks]) - 0.5) / total
    covariance = np.zeros((a * k, a * k))
    for i, block in enumerate(blocks):
        part = slice(i * k, (i + 1) * k)
        own = covariance_of_means(block, ~np.isnan(block), np.nanmean(block, axis=0))
        covariance[part, part] = n / total**2 * own
    center_a, center_k = np.eye(a) - 1.0 / a, np.eye(k) - 1.0 / k
    by_group = np.kron(center_a, np.full((1, k), 1.0 / k))
    by_visit = np.kron(np.full((1, a), 1.0 / a), center_k)
    both = np.kron(center_a, center_k)
    note = note_of(values)

    def wald(contrast: Floats, what: str) -> HypothesisTest:
        return wald_type_test(contrast, effect, covariance, n, f"Wald-type test of {what}", n_dropped, note)

    def anova(contrast: Floats, what: str) -> HypothesisTest:
        return anova_type_test(contrast, effect, covariance, n, f"ANOVA-type test of {what}", n_dropped, note)

    group_anova = anova(by_group, "equal groups")
    return GroupedRelativeEffects(
        groups=tuple(levels.tolist()),
        effects=tuple(effects_of([values[m] for m in members], effect, conf_level)),
        group_wald_type=wald(by_group, "equal groups"),
        group_anova_type=group_anova,
        group_box=box_of(group_anova, covariance, [len(b) for b in blocks]),
        visit_wald_type=wald(by_visit, "equal visits"),
        visit_anova_type=anova(by_visit, "equal visits"),
        interaction_wald_type=wald(both, "interaction"),
        interaction_anova_type=anova(both, "interaction"),
        n=n,
        n_missing=n_dropped,
        method="nonparametric relative effects, F1-LD-F1 design",
    )
