from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.missing.multiple_imputation import multiple_imputation
from myosotis.statistics.missing.rubin import responder_tipping_point, rubin_pool, tipping_point
from myosotis.statistics.missing.strategies import (
    best_case,
    complete_case,
    last_observation,
    non_responder,
    observed_case,
    worst_case,
)

DATA = Path(__file__).parents[1] / "reference" / "data"
R = json.loads((DATA / "rubin.json").read_text())
NAN = float("nan")
X = np.array([[5, NAN, 3, NAN], [NAN, 4, 4, 2], [NAN, NAN, NAN, NAN], [1, 2, 3, 4]])
STRATEGIES = {
    "observed_case": observed_case,
    "complete_case": complete_case,
    "last_observation": last_observation,
    "worst_case": lambda x: worst_case(x, worst=0),
    "best_case": lambda x: best_case(x, best=9),
}
tables = arrays(float, (5, 3), elements=st.one_of(st.integers(0, 9).map(float), st.just(NAN)))


@pytest.mark.proof(method="observed_case", kind="edge", source="hand")
@pytest.mark.proof(method="complete_case", kind="edge", source="hand")
@pytest.mark.proof(method="last_observation", kind="edge", source="hand")
@pytest.mark.proof(method="worst_case", kind="edge", source="hand")
@pytest.mark.proof(method="best_case", kind="edge", source="hand")
@pytest.mark.parametrize(
    ("name", "expected", "counts", "sentence"),
    [
        ("observed_case", X, (0, 0, 0, 7), "Values were used as observed, none was filled; 7 values still missing."),
        (
            "complete_case",
            X[3:],
            (0, 0, 3, 0),
            "Only patients with a value at every visit were used; 3 of 4 patients left out.",
        ),
        (
            "last_observation",
            [[5, 5, 3, 3], [NAN, 4, 4, 2], [NAN] * 4, [1, 2, 3, 4]],
            (2, 1, 0, 5),
            "A missing value was replaced by the last one before it; 2 values of 1 patient filled; 5 values still missing.",
        ),
        (
            "worst_case",
            [[5, 0, 3, 0], [0, 4, 4, 2], [0] * 4, [1, 2, 3, 4]],
            (7, 3, 0, 0),
            "A missing value was replaced by the worst possible, 0; 7 values of 3 patients filled.",
        ),
        (
            "best_case",
            [[5, 9, 3, 9], [9, 4, 4, 2], [9] * 4, [1, 2, 3, 4]],
            (7, 3, 0, 0),
            "A missing value was replaced by the best possible, 9; 7 values of 3 patients filled.",
        ),
    ],
)
def test_what_each_strategy_does_and_says(name, expected, counts, sentence):
    done = STRATEGIES[name](X)
    assert np.array_equal(done.values, np.asarray(expected, dtype=float), equal_nan=True)
    assert (done.n_filled, done.n_patients_filled, done.n_left_out, done.n_still_missing) == counts
    assert done.sentence == sentence
    assert done.strategy == name
    assert not done.values.flags.writeable


@pytest.mark.proof(method="non_responder", kind="edge", source="hand")
def test_a_missing_response_is_no_response():
    done = non_responder([1, 0, NAN, NAN])
    assert done.values.ravel().tolist() == [1, 0, 0, 0]
    assert done.sentence == "A missing response counted as no response; 2 values of 2 patients filled."
    with pytest.raises(StatisticsError, match="other than 0 and 1"):
        non_responder([[0.5]])


@pytest.mark.proof(method="observed_case", kind="property", source="hypothesis: observed values are never changed")
@pytest.mark.proof(method="complete_case", kind="property", source="hypothesis: observed values are never changed")
@pytest.mark.proof(method="last_observation", kind="property", source="hypothesis: observed values are never changed")
@pytest.mark.proof(method="worst_case", kind="property", source="hypothesis: observed values are never changed")
@pytest.mark.proof(method="best_case", kind="property", source="hypothesis: observed values are never changed")
@settings(deadline=None)
@given(tables)
def test_no_strategy_changes_an_observed_value_and_the_counts_add_up(x):
    for strategy in STRATEGIES.values():
        done = strategy(x)
        kept = x[list(done.patients)]
        seen = ~np.isnan(kept)
        assert np.array_equal(done.values[seen], kept[seen])
        assert done.n_filled + done.n_still_missing == (~seen).sum()
        assert len(done.patients) + done.n_left_out == len(x)
        assert np.array_equal(done.filled, ~seen & ~np.isnan(done.values))


@pytest.mark.proof(method="non_responder", kind="property", source="hypothesis: no completion has fewer responders")
@settings(deadline=None)
@given(arrays(float, (6, 2), elements=st.sampled_from([0.0, 1.0, NAN])), st.integers(0, 2**12 - 1))
def test_no_completion_of_a_response_has_fewer_responders(x, bits):
    draw = np.array([bits >> i & 1 for i in range(12)]).reshape(6, 2)
    least, most = non_responder(x).values.sum(), best_case(x, best=1).values.sum()
    assert least <= np.where(np.isnan(x), draw, x).sum() <= most
    assert np.array_equal(worst_case(x, worst=0).values, non_responder(x).values)


@pytest.mark.proof(method="last_observation", kind="independent", source="loop over visits")
@settings(deadline=None)
@given(tables)
def test_last_observation_agrees_with_a_loop(x):
    expected = x.copy()
    for row in expected:
        for visit in range(1, len(row)):
            if np.isnan(row[visit]):
                row[visit] = row[visit - 1]
    assert np.array_equal(last_observation(x).values, expected, equal_nan=True)


def test_a_bound_that_values_pass_on_both_sides_is_refused():
    with pytest.raises(StatisticsError, match="both sides"):
        worst_case([[1], [5], [NAN]], worst=3)
    with pytest.raises(StatisticsError, match="worst is nan"):
        worst_case([[1], [5], [NAN]], worst=NAN)
    with pytest.raises(StatisticsError, match="infinite"):
        observed_case([[np.inf]])
    assert worst_case([[NAN], [NAN]], worst=3).n_filled == 2
    assert observed_case(np.empty((0, 2))).n_filled == 0


@pytest.mark.proof(method="rubin_pool", kind="R", source="mice 3.15.0 pool() on nhanes: reference/rubin.R")
@pytest.mark.parametrize("row", R["pooled"])
def test_pooling_agrees_with_mice(row):
    p = rubin_pool(row["q"], row["u"], complete_df=row["dfcom"])
    # 15 printed digits of ten values, squared: ten digits are left for the variances between them.
    for ours, theirs in [
        (p.estimate, "estimate"),
        (p.standard_error, "se"),
        (p.df, "df"),
        (p.statistic, "statistic"),
        (p.p_value, "p"),
        (p.low, "low"),
        (p.high, "high"),
        (p.within, "ubar"),
        (p.between, "b"),
        (p.total, "t"),
        (p.relative_increase, "riv"),
        (p.missing_information, "fmi"),
    ]:
        assert ours == pytest.approx(row[theirs], rel=1e-10)


@pytest.mark.proof(method="rubin_pool", kind="R", source="mice 3.15.0 pool.scalar(n = Inf): reference/rubin.R")
@pytest.mark.parametrize(("row", "expected"), list(zip(R["pooled"], R["without_n"], strict=True)))
def test_rubin_degrees_of_freedom_agree_with_mice(row, expected):
    p = rubin_pool(row["q"], row["u"])
    # mice stands in 1e8-like finite numbers for infinite complete-data df, which costs seven digits.
    assert p.df == p.rubin_df == pytest.approx(expected["df"], rel=1e-6)
    assert p.missing_information == pytest.approx(expected["fmi"], rel=1e-6)


@pytest.mark.proof(method="rubin_pool", kind="property", source="equal imputations: the complete-data analysis")
def test_imputations_that_agree_give_the_complete_data_interval_almost():
    p = rubin_pool([2.0, 2.0, 2.0], [0.09, 0.09, 0.09])
    assert (p.between, p.df, p.standard_error) == (0, np.inf, pytest.approx(0.3))
    assert (p.low, p.high) == pytest.approx((2 - 0.3 * stats.norm.ppf(0.975), 2 + 0.3 * stats.norm.ppf(0.975)))
    # Barnard and Rubin's observed df stay below the complete ones: (19/21)·18.
    assert rubin_pool([2.0, 2.0], [1.0, 1.0], complete_df=18).df == pytest.approx(19 / 21 * 18)


@settings(deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=6), st.floats(2, 200))
def test_barnard_rubin_never_exceeds_the_complete_data_nor_rubins_df(q, complete):
    p = rubin_pool(q, [1.0] * len(q), complete_df=complete)
    assert p.df <= complete
    assert p.df <= p.rubin_df


@pytest.mark.proof(method="rubin_pool", kind="edge", source="hand")
def test_pooling_needs_two_imputations_and_positive_variances():
    with pytest.raises(StatisticsError, match="2 or more"):
        rubin_pool([1.0], [1.0])
    with pytest.raises(StatisticsError, match="zero or negative"):
        rubin_pool([1.0, 2.0], [1.0, 0.0])
    with pytest.raises(StatisticsError, match="complete_df"):
        rubin_pool([1.0, 2.0], [1.0, 1.0], complete_df=0)


def _cohort(n=60, seed=6):
    rng = np.random.default_rng(seed)
    first = rng.normal(10, 2, n)
    second = 3 + 0.8 * first + rng.normal(0, 1, n)
    x = np.column_stack([first, second])
    x[rng.random(n) < 0.3, 1] = NAN
    return x


@pytest.mark.proof(
    method="multiple_imputation", kind="independent", source="posterior predictive t distribution of the regression"
)
def test_normal_imputations_follow_the_posterior_predictive_distribution():
    x = _cohort(25)
    holes = np.isnan(x[:, 1])
    known = np.column_stack([np.ones((~holes).sum()), x[~holes, 0]])
    beta, rss = np.linalg.lstsq(known, x[~holes, 1], rcond=None)[:2]
    freedom = len(known) - 2
    design = np.column_stack([np.ones(holes.sum()), x[holes, 0]])
    leverage = np.einsum("ia,ab,ib->i", design, np.linalg.inv(known.T @ known), design)
    spread = np.sqrt(rss[0] / freedom * (1 + leverage))
    draws = multiple_imputation(x, seed=77, method="normal", imputations=4000, iterations=1).values[:, holes, 1]
    for column, centre, scale in zip(draws.T, design @ beta, spread, strict=True):
        # One Kolmogorov-Smirnov test a missing value; a threshold of 1e-4 with a fixed seed fails only if wrong.
        assert stats.kstest((column - centre) / scale, stats.t(freedom).cdf).pvalue > 1e-4


@pytest.mark.proof(
    method="multiple_imputation", kind="property", source="observed cells kept; matching draws observed values"
)
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["normal", "predictive_mean_matching"]))
def test_imputation_keeps_observed_values_and_repeats_with_its_seed(seed, method):
    x = _cohort(30)
    m = multiple_imputation(x, seed=seed, method=method, imputations=2, iterations=2)
    seen = ~np.isnan(x)
    assert all(np.array_equal(table[seen], x[seen]) for table in m.values)
    assert not np.isnan(m.values).any()
    if method == "predictive_mean_matching":
        assert np.isin(m.values[:, ~seen[:, 1], 1], x[seen[:, 1], 1]).all()
    again = multiple_imputation(x, seed=seed, method=method, imputations=2, iterations=2)
    assert np.array_equal(m.values, again.values)


@pytest.mark.proof(
    method="multiple_imputation", kind="property", source="simulation: bias removed that complete cases have, seed 9"
)
@pytest.mark.parametrize("method", ["normal", "predictive_mean_matching"])
def test_imputation_removes_the_bias_of_complete_cases_when_values_are_missing_at_random(method):
    rng = np.random.default_rng(9)
    first = rng.normal(0, 1, 2000)
    second = first + rng.normal(0, 0.5, 2000)
    x = np.column_stack([first, np.where((first > 0) & (rng.random(2000) < 0.6), NAN, second)])
    pooled = multiple_imputation(x, seed=2, method=method, imputations=5).values[:, :, 1].mean()
    assert abs(np.nanmean(x[:, 1]) - second.mean()) > 0.2
    # The standard error of the mean with 2000 patients and 30 % missing is about 0.03.
    assert abs(pooled - second.mean()) < 0.06


def test_several_columns_with_holes_are_imputed_from_each_other():
    rng = np.random.default_rng(3)
    base = rng.normal(size=(40, 1))
    x = base + 0.3 * rng.normal(size=(40, 3))
    x[:6, 0] = x[5:12, 1] = x[20:25, 2] = NAN
    m = multiple_imputation(x, seed=5, imputations=50)
    assert (m.n_filled, m.n_patients_filled) == (18, 17)
    filled = m.values.mean(axis=0)
    # Columns share 92 % of their variance, so imputed means must follow the patient's other columns.
    assert np.corrcoef(filled[m.filled], np.broadcast_to(base, x.shape)[m.filled])[0, 1] > 0.8
    assert "17 patients were imputed 50 times" in m.sentence
    assert "seed 5" in m.sentence


@pytest.mark.proof(method="multiple_imputation", kind="edge", source="hand")
def test_imputation_refuses_what_it_cannot_carry():
    with pytest.raises(NotEstimableError, match="column 1 has 2 observed"):
        multiple_imputation([[1, 2], [2, 3], [3, NAN], [4, NAN]], seed=1, method="normal")
    with pytest.raises(NotEstimableError, match="at least 5"):
        multiple_imputation([[1, 2], [2, 3], [3, 5], [4, NAN]], seed=1)
    with pytest.raises(StatisticsError, match="imputations"):
        multiple_imputation([[1, 2], [2, 3], [3, 5], [4, 4]], seed=1, imputations=1)
    with pytest.raises(StatisticsError, match="two: patients"):
        multiple_imputation([1, NAN], seed=1)
    complete = multiple_imputation([[1, 2], [2, 3]], seed=1)
    assert complete.n_filled == 0


def test_a_column_that_repeats_another_does_not_break_the_regression():
    x = np.array([[i, i, 2 * i + (i % 3)] for i in range(12)], dtype=float)
    x[3, 2] = NAN
    m = multiple_imputation(x, seed=1, method="normal", imputations=30)
    assert 0 < m.values[:, 3, 2].mean() < 15


@pytest.mark.proof(method="tipping_point", kind="property", source="the first shift beyond the turn of the pooled p")
def test_the_tipping_point_is_where_the_pooled_p_crosses_alpha():
    x = _cohort(30)
    imputed = multiple_imputation(x, seed=4, imputations=10)

    def change(v):
        d = v[:, 1] - v[:, 0]
        return d.mean(), d.var(ddof=1) / len(d)

    shifts = np.arange(-12, 2) / 2
    point = tipping_point(imputed, change, shifts=shifts, complete_df=29)
    values = dict(zip(point.scenarios, point.values, strict=True))
    assert values[0.0] <= 0.05 < values[point.tips_at]
    assert values[point.tips_at + 0.5] <= 0.05
    assert f"shifted by {point.tips_at:g}" in point.sentence
    q = [change(v) for v in imputed.values]
    assert values[0.0] == rubin_pool([a for a, _ in q], [b for _, b in q], complete_df=29).p_value
    short = tipping_point(imputed, change, shifts=[0, 0.5], complete_df=29)
    assert short.tips_at is None
    assert "no shift from 0 to 0.5 turns it" in short.sentence


@pytest.mark.proof(method="tipping_point", kind="edge", source="hand")
def test_a_tipping_point_needs_imputed_values_and_a_start():
    x = _cohort(30)
    with pytest.raises(StatisticsError, match="do not contain 0"):
        tipping_point(multiple_imputation(x, seed=4), lambda v: (1.0, 1.0), shifts=[1, 2])
    with pytest.raises(StatisticsError, match="no value was imputed"):
        tipping_point(multiple_imputation([[1, 2], [2, 3]], seed=1), lambda v: (1.0, 1.0), shifts=[0, 2])


@pytest.mark.proof(method="responder_tipping_point", kind="scipy", source="scipy.stats.binomtest at every scenario")
def test_each_scenario_is_a_clopper_pearson_limit():
    point = responder_tipping_point(15, 20, 2, threshold=0.5)
    exact = [stats.binomtest(15 + s, 22).proportion_ci(0.95, "exact").low for s in range(3)]
    # binomtest finds its limits by a root search that stops at 1e-12 in absolute terms.
    assert point.values == pytest.approx(exact, abs=1e-10)
    assert point.tips_at == 2
    assert point.sentence.endswith("it does once 2 of 2 missing patients count as responders.")


@pytest.mark.proof(method="responder_tipping_point", kind="edge", source="hand")
def test_edges_of_the_responder_tipping_point():
    assert responder_tipping_point(20, 20, 0, threshold=0.5).tips_at is None
    assert responder_tipping_point(0, 20, 2, threshold=0.5).tips_at is None
    with pytest.raises(StatisticsError, match="cannot exceed"):
        responder_tipping_point(21, 20, 2, threshold=0.5)
    with pytest.raises(NotEstimableError):
        responder_tipping_point(0, 0, 0, threshold=0.5)
    with pytest.raises(StatisticsError, match="threshold"):
        responder_tipping_point(1, 20, 2, threshold=50)
