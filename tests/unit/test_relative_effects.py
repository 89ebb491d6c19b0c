from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.repeated.relative_effects import grouped_relative_effects, relative_effects

DATA = Path(__file__).parents[1] / "reference" / "data"
R = json.loads((DATA / "relative_effects.json").read_text())
# R writes 15 significant digits; sums of some 100 products lose two more.
REL = 1e-10
# A p-value far in the tail multiplies the relative error of the statistic by about half its size.
REL_TAIL = 1e-8


@pytest.mark.proof(method="relative_effects", kind="published", source="nparLD 2.2 manual, example dental (boys)")
def test_the_manual_of_nparld_prints_these_values_for_the_dental_study():
    result = relative_effects(R["boys"])
    assert result.wald_type.statistic == pytest.approx(94.47718, abs=5e-6)
    assert result.wald_type.df == 3
    assert result.wald_type.p_value == pytest.approx(2.391503e-20, rel=1e-6)
    assert result.anova_type.statistic == pytest.approx(31.48774, abs=5e-6)
    assert result.anova_type.df[0] == pytest.approx(2.700785, abs=5e-7)
    assert result.anova_type.p_value == pytest.approx(1.437729e-18, rel=1e-6)


@pytest.mark.proof(method="relative_effects", kind="R", source="reference/relative_effects.R, pairwise comparisons")
def test_one_group_agrees_with_pairwise_comparisons_in_r():
    result = relative_effects(R["boys"])
    one = R["one"]
    assert [e.estimate for e in result.effects] == pytest.approx(one["effect"], rel=REL)
    assert [[e.low, e.high] for e in result.effects] == [pytest.approx(pair, rel=REL) for pair in one["limits"]]
    assert result.wald_type.statistic == pytest.approx(one["wald"], rel=REL)
    assert result.anova_type.statistic == pytest.approx(one["anova"], rel=REL)
    assert result.anova_type.df == pytest.approx((one["anova_df"], np.inf), rel=REL)
    assert result.anova_type.p_value == pytest.approx(one["anova_p"], rel=REL_TAIL)


@pytest.mark.proof(
    method="grouped_relative_effects", kind="R", source="reference/relative_effects.R, pairwise comparisons"
)
@pytest.mark.parametrize("part", ["group", "visit", "interaction"])
def test_two_unequal_groups_agree_with_pairwise_comparisons_in_r(part):
    result = grouped_relative_effects(R["girls"] + R["boys"], ["F"] * 11 + ["M"] * 16)
    two = R["two"]
    assert result.groups == ("F", "M")
    flat = [e for row in result.effects for e in row]
    assert [e.estimate for e in flat] == pytest.approx(two["effect"], rel=REL)
    assert [[e.low, e.high] for e in flat] == [pytest.approx(pair, rel=REL) for pair in two["limits"]]
    wald, anova = getattr(result, f"{part}_wald_type"), getattr(result, f"{part}_anova_type")
    assert wald.statistic == pytest.approx(two[part]["wald"], rel=1e-9)
    assert wald.df == two[part]["wald_df"]
    assert wald.p_value == pytest.approx(two[part]["wald_p"], rel=REL_TAIL)
    assert anova.statistic == pytest.approx(two[part]["anova"], rel=REL)
    assert anova.df[0] == pytest.approx(two[part]["anova_df"], rel=REL)
    assert anova.p_value == pytest.approx(two[part]["anova_p"], rel=REL_TAIL)


@pytest.mark.proof(method="grouped_relative_effects", kind="property", source="Welch test of the patients' mean ranks")
def test_two_groups_compared_with_box_degrees_of_freedom_are_a_welch_test_of_mean_ranks():
    x = np.array(R["girls"] + R["boys"])
    group = np.array([0] * 11 + [1] * 16)
    means = stats.rankdata(x).reshape(x.shape).mean(axis=1)
    welch = stats.ttest_ind(means[group == 0], means[group == 1], equal_var=False)
    result = grouped_relative_effects(x, group)
    assert result.group_box.statistic == pytest.approx(welch.statistic**2, rel=REL)
    assert result.group_box.df == pytest.approx((1, welch.df), rel=REL)
    assert result.group_box.p_value == pytest.approx(welch.pvalue, rel=REL)


@pytest.mark.proof(
    method="grouped_relative_effects", kind="property", source="ranks only: invariant to increasing transformations"
)
@pytest.mark.proof(
    method="relative_effects", kind="property", source="ranks only: invariant to increasing transformations"
)
def test_an_increasing_transformation_changes_nothing():
    x = np.array(R["boys"])
    assert relative_effects(np.exp(x / 5)) == relative_effects(x)
    group = [0, 1] * 8
    assert grouped_relative_effects(np.exp(x / 5), group) == grouped_relative_effects(x, group)


@pytest.mark.proof(method="relative_effects", kind="property", source="reversal of the scale mirrors effects at 1/2")
def test_reversing_the_scale_mirrors_the_effects_and_keeps_the_tests():
    x = np.array(R["boys"])
    forward, backward = relative_effects(x), relative_effects(-x)
    for up, down in zip(forward.effects, backward.effects, strict=True):
        assert down.estimate == pytest.approx(1 - up.estimate, rel=REL)
        assert (down.low, down.high) == pytest.approx((1 - up.high, 1 - up.low), rel=REL)
    assert backward.anova_type.statistic == pytest.approx(forward.anova_type.statistic, rel=REL)


@pytest.mark.proof(method="relative_effects", kind="property", source="complete data: mean of the effects is 1/2")
def test_the_effects_of_complete_data_average_to_one_half():
    x = np.random.default_rng(3).integers(0, 6, (12, 5))
    assert np.mean([e.estimate for e in relative_effects(x).effects]) == pytest.approx(0.5, rel=REL)


@pytest.mark.proof(method="relative_effects", kind="independent", source="loops over the definition of section 7.2.8")
def test_missing_visits_agree_with_loops_over_the_definition():
    x = np.array(R["boys"][:9])
    x[1, 2] = x[4, 3] = x[7, 0] = x[7, 1] = np.nan
    values = x[~np.isnan(x)]

    def rank(v):
        return sum(values < v) + (sum(values == v) + 1) / 2

    n, k = x.shape
    ranks = [[None if np.isnan(v) else rank(v) for v in row] for row in x]
    columns = [[row[s] for row in ranks if row[s] is not None] for s in range(k)]
    means = [sum(c) / len(c) for c in columns]
    covariance = np.zeros((k, k))
    for s in range(k):
        for t in range(k):
            pairs = [(row[s], row[t]) for row in ranks if row[s] is not None and row[t] is not None]
            product = sum((a - means[s]) * (b - means[t]) for a, b in pairs)
            a, b = len(columns[s]), len(columns[t])
            covariance[s, t] = product / (a * (a - 1) if s == t else (a - 1) * (b - 1) + len(pairs) - 1)
    covariance *= n / len(values) ** 2
    p = (np.array(means) - 0.5) / len(values)
    centre = np.eye(k) - 1 / k
    tv = centre @ covariance
    result = relative_effects(x)
    assert [e.estimate for e in result.effects] == pytest.approx(p, rel=REL)
    assert result.anova_type.statistic == pytest.approx(n * p @ centre @ p / np.trace(tv), rel=REL)
    assert result.anova_type.df[0] == pytest.approx(np.trace(tv) ** 2 / np.trace(tv @ tv), rel=REL)
    assert all(e.low is None and "complete data" in e.note for e in result.effects)
    assert [e.n for e in result.effects] == [8, 8, 8, 8]
    assert "4 missing visits" in result.anova_type.note


@pytest.mark.proof(
    method="grouped_relative_effects", kind="independent", source="loops over the definition of equation 8.18"
)
def test_groups_with_missing_visits_agree_with_loops_over_the_definition():
    x = np.array(R["girls"][:6] + R["boys"][:7])
    x[1, 2] = x[4, 3] = x[7, 0] = x[7, 1] = x[10, 2] = np.nan
    group = ["F"] * 6 + ["M"] * 7
    values = x[~np.isnan(x)]
    k, n, total = 4, 13, len(values)

    def rank(v):
        return sum(values < v) + (sum(values == v) + 1) / 2

    means, covariance = [], np.zeros((2 * k, 2 * k))
    for g, rows in enumerate((x[:6], x[6:])):
        ranks = [[None if np.isnan(v) else rank(v) for v in row] for row in rows]
        columns = [[row[s] for row in ranks if row[s] is not None] for s in range(k)]
        own = [sum(c) / len(c) for c in columns]
        means += own
        for s in range(k):
            for t in range(k):
                pairs = [(row[s], row[t]) for row in ranks if row[s] is not None and row[t] is not None]
                product = sum((a - own[s]) * (b - own[t]) for a, b in pairs)
                a, b = len(columns[s]), len(columns[t])
                divisor = a * (a - 1) if s == t else (a - 1) * (b - 1) + len(pairs) - 1
                covariance[g * k + s, g * k + t] = n / total**2 * product / divisor
    p = (np.array(means) - 0.5) / total
    result = grouped_relative_effects(x, group)
    assert [e.estimate for row in result.effects for e in row] == pytest.approx(p, rel=REL)
    for part, contrast in (
        ("group", np.kron(np.eye(2) - 1 / 2, np.ones((1, k)) / k)),
        ("visit", np.kron(np.ones((1, 2)) / 2, np.eye(k) - 1 / k)),
        ("interaction", np.kron(np.eye(2) - 1 / 2, np.eye(k) - 1 / k)),
    ):
        spread, difference = contrast @ covariance @ contrast.T, contrast @ p
        wald = n * difference @ np.linalg.pinv(spread, rcond=1e-10) @ difference
        onto = contrast.T @ np.linalg.pinv(contrast @ contrast.T) @ contrast
        tv = onto @ covariance
        anova = n * p @ onto @ p / np.trace(tv)
        assert getattr(result, f"{part}_wald_type").statistic == pytest.approx(wald, rel=1e-9)
        assert getattr(result, f"{part}_anova_type").statistic == pytest.approx(anova, rel=REL)
        f = np.trace(tv) ** 2 / np.trace(tv @ tv)
        assert getattr(result, f"{part}_anova_type").df[0] == pytest.approx(f, rel=REL)
    sizes = [covariance[:k, :k].sum(), covariance[k:, k:].sum()]
    assert result.group_box.df[1] == pytest.approx(sum(sizes) ** 2 / (sizes[0] ** 2 / 5 + sizes[1] ** 2 / 6), rel=REL)
    assert "5 missing visits" in result.visit_anova_type.note
    assert all(e.low is None for row in result.effects for e in row)
    more = grouped_relative_effects(np.vstack([np.full((1, 4), np.nan), x]), ["M", *group])
    assert (more.n, more.n_missing) == (13, 1)
    assert more.group_box.p_value == result.group_box.p_value


@pytest.mark.proof(method="relative_effects", kind="property", source="simulated coverage, seed 20121")
def test_intervals_cover_the_true_effect_about_as_often_as_they_say():
    rng = np.random.default_rng(20121)
    # Three visits with the same distribution and a patient effect: every true relative effect is 1/2.
    hits, draws = 0, 400
    for _ in range(draws):
        x = rng.normal(size=(20, 1)) + rng.normal(size=(20, 3))
        hits += sum(e.low <= 0.5 <= e.high for e in relative_effects(x).effects)
    # Asymptotic at n = 20: between 92 % and 97 %; Monte Carlo error of 1200 correlated looks is below 1 %.
    assert 0.92 < hits / (3 * draws) < 0.97


@pytest.mark.proof(method="relative_effects", kind="edge", source="hand")
def test_edges_of_one_group():
    with pytest.raises(NotEstimableError, match="tied"):
        relative_effects([[1, 1], [1, 1]])
    with pytest.raises(NotEstimableError, match="1 patients"):
        relative_effects([[1, 2], [np.nan, np.nan]])
    with pytest.raises(NotEstimableError, match="0 patients"):
        relative_effects(np.full((3, 2), np.nan))
    with pytest.raises(NotEstimableError, match="visit 1 has 1"):
        relative_effects([[1, 2], [2, np.nan], [3, np.nan]])
    with pytest.raises(StatisticsError, match="at least 2 visits"):
        relative_effects([[1], [2]])
    with pytest.raises(StatisticsError, match="conf_level"):
        relative_effects([[1, 2], [3, 5]], conf_level=95)
    with pytest.raises(StatisticsError, match="infinite"):
        relative_effects([[1, 2], [3, np.inf]])
    with pytest.raises(NotEstimableError, match="variance is zero"):
        relative_effects([[1, 2], [1, 2], [1, 2]])


def test_a_patient_without_any_value_is_left_out_and_counted():
    x = np.array(R["boys"] + [[np.nan] * 4])
    result = relative_effects(x)
    assert (result.n, result.n_missing) == (16, 1)
    assert result.anova_type.statistic == relative_effects(R["boys"]).anova_type.statistic


def test_visits_that_never_overlap_have_no_limits_rather_than_infinite_ones():
    result = relative_effects([[1, 11], [2, 10], [3, 13]])
    assert [e.estimate for e in result.effects] == pytest.approx([0.25, 0.75])
    assert all(e.low is None and e.high is None and "end of its range" in e.note for e in result.effects)


def test_two_patients_whose_influence_does_not_vary_have_no_limits_rather_than_exact_ones():
    result = relative_effects([[0, 3, 2], [1, 2, 0]])
    assert result.effects[1].estimate == pytest.approx(19 / 24)
    assert all(e.low is None or e.low < e.estimate < e.high for e in result.effects)
    assert "do not vary" in result.effects[1].note


def test_two_visits_that_no_patient_shares_have_no_covariance():
    nan = np.nan
    result = relative_effects([[1, 0, nan, 2], [1, nan, 0, 2], [1, 0, nan, 1], [nan, nan, 1, 1]])
    assert 0 <= result.anova_type.p_value <= 1


def test_a_singular_covariance_lowers_the_degrees_of_freedom_and_says_so():
    result = relative_effects([[5, 3, 1, 2], [4, 6, 2, 3], [9, 8, 1, 7]])
    assert result.wald_type.df == 2
    assert "2 instead of 3" in result.wald_type.note


@pytest.mark.proof(method="grouped_relative_effects", kind="edge", source="hand")
def test_edges_of_groups():
    x = [[1, 2], [2, 3], [4, 3], [5, 9]]
    with pytest.raises(StatisticsError, match="1 level"):
        grouped_relative_effects(x, [0, 0, 0, 0])
    with pytest.raises(NotEstimableError, match="some group has 1 values"):
        grouped_relative_effects(x, [0, 0, 0, 1])
    with pytest.raises(StatisticsError, match="one label"):
        grouped_relative_effects(x, [0, 0, 1])
