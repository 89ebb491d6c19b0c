from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.models.ordinal import cumulative_link_mixed_model

DATA = Path(__file__).parents[1] / "reference" / "data"
R = json.loads((DATA / "ordinal.json").read_text())


def data(which):
    return np.array(R[which]["data"], dtype=float)


@pytest.mark.proof(
    method="cumulative_link_mixed_model", kind="R", source="ordinal 2022.11-16 clmm(nAGQ=25): reference/ordinal.R"
)
@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("which", ["verb", "score"])
def test_the_fit_agrees_with_clmm(which, link):
    expected = R[which][link]
    m = cumulative_link_mixed_model(data(which), link=link, quadrature_points=25)
    # clmm searches with a numerical gradient: its likelihood is good to 1e-8, its estimates to 1e-5, its numerical
    # standard errors to 1e-5. Ours must not be a worse maximum.
    assert m.log_likelihood == pytest.approx(expected["loglik"], abs=1e-8)
    assert m.log_likelihood >= expected["loglik"] - 1e-10
    assert [c.estimate for c in m.changes] == pytest.approx(expected["beta"], abs=2e-5)
    assert [c.standard_error for c in m.changes] == pytest.approx(expected["se"], abs=2e-5)
    assert [c.estimate for c in m.thresholds] == pytest.approx(expected["thresholds"], abs=2e-5)
    assert [c.standard_error for c in m.thresholds] == pytest.approx(expected["threshold_se"], abs=2e-5)
    assert m.between_sd == pytest.approx(expected["sd"], abs=1e-5)
    ratio = 2 * (expected["loglik"] - expected["loglik_null"])
    assert m.equal_visits.statistic == pytest.approx(ratio, abs=4e-8)
    assert m.equal_visits.p_value == pytest.approx(stats.chi2.sf(ratio, 3), rel=1e-6)


@pytest.mark.proof(
    method="cumulative_link_mixed_model",
    kind="R",
    source="ordinal 2022.11-16 clmm(nAGQ=25), more thresholds than patients: reference/ordinal.R",
)
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_a_score_of_52_points_in_twenty_children_is_fitted_as_by_clmm(link):
    expected = R["fine"][link]
    m = cumulative_link_mixed_model(data("fine"), link=link, quadrature_points=25)
    assert m.n == 20
    assert len(m.thresholds) == 38
    assert m.log_likelihood == pytest.approx(expected["loglik"], abs=2e-8)
    assert m.log_likelihood >= expected["loglik"] - 1e-10
    assert [c.estimate for c in m.changes] == pytest.approx(expected["beta"], abs=2e-5)
    # Errors of thresholds that one value carries are where clmm's numerical Hessian is least exact.
    assert [c.standard_error for c in m.changes] == pytest.approx(expected["se"], abs=5e-5)
    assert [c.estimate for c in m.thresholds] == pytest.approx(expected["thresholds"], abs=1e-4)
    assert [c.standard_error for c in m.thresholds] == pytest.approx(expected["threshold_se"], abs=5e-4)
    assert m.between_sd == pytest.approx(expected["sd"], abs=2e-5)


@pytest.mark.proof(
    method="cumulative_link_mixed_model", kind="independent", source="trapezoid rule over each patient's intercept"
)
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_the_fit_is_the_maximum_of_a_likelihood_integrated_numerically(link):
    x = data("score")
    cdf = stats.logistic.cdf if link == "logit" else stats.norm.cdf
    m = cumulative_link_mixed_model(x, link=link)

    def log_likelihood(thresholds, effects, sd):
        edges = np.concatenate([[-np.inf], thresholds, [np.inf]])
        effects = np.concatenate([[0.0], effects])
        # The trapezoid rule converges faster than any power for smooth functions that vanish at both ends.
        u = np.linspace(-10 * sd, 10 * sd, 4001)
        total = 0.0
        for row in x:
            density = stats.norm.pdf(u, scale=sd)
            for visit in np.nonzero(~np.isnan(row))[0]:
                at, c = effects[visit] + u, int(row[visit])
                density = density * (cdf(edges[c + 1] - at) - cdf(edges[c] - at))
            total += np.log(density.sum() * (u[1] - u[0]))
        return total

    thresholds = np.array([t.estimate for t in m.thresholds])
    effects = np.array([c.estimate for c in m.changes])
    best = log_likelihood(thresholds, effects, m.between_sd)
    # 51 nodes leave an error below 1e-8 at a standard deviation of 2.5 on the logit scale.
    assert m.log_likelihood == pytest.approx(best, abs=1e-8)
    rng = np.random.default_rng(8)
    for _ in range(3):
        shift = 0.05 * rng.normal(size=7)
        assert log_likelihood(thresholds + shift[:3], effects + shift[3:6], m.between_sd + shift[6]) < best


@pytest.mark.proof(
    method="cumulative_link_mixed_model", kind="independent", source="trapezoid rule, patients far apart"
)
@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("sd", [0.5, 5.0, 15.0])
def test_the_integral_is_right_even_where_patients_are_far_apart(link, sd):
    from myosotis.statistics.models.cumulative_link import likelihood, scores_of

    category = np.random.default_rng(4).integers(-1, 3, (12, 3))
    thresholds, effects = np.array([-1.5, 1.5]), np.array([0.5, -1.0])
    cdf = stats.logistic.cdf if link == "logit" else stats.norm.cdf
    edges, visits = np.concatenate([[-np.inf], thresholds, [np.inf]]), np.concatenate([[0.0], effects])
    u = np.linspace(-12 * sd, 12 * sd, 400001)
    total = 0.0
    for row in category:
        density = stats.norm.pdf(u, scale=sd)
        for visit, c in enumerate(row):
            if c >= 0:
                density = density * (cdf(edges[c + 1] - visits[visit] - u) - cdf(edges[c] - visits[visit] - u))
        total += np.log(density.sum() * (u[1] - u[0]))
    scores = scores_of(category, 3, link, 100, by_visit=True)
    value, gradient = likelihood(scores, np.concatenate([thresholds, effects, [sd]]))
    # A hundred nodes follow a staircase of width 1 under a density of width 15 to three digits.
    assert value == pytest.approx(total, abs=1e-8 if sd < 1 else 5e-3)
    if sd < 1:
        step = np.zeros(5)
        for i in range(5):
            step[:] = 0
            step[i] = 1e-5
            rise = likelihood(scores, np.concatenate([thresholds, effects, [sd]]) + step)[0]
            fall = likelihood(scores, np.concatenate([thresholds, effects, [sd]]) - step)[0]
            assert gradient[i] == pytest.approx((rise - fall) / 2e-5, abs=1e-6)


def test_laplace_is_off_by_two_units_where_quadrature_is_not():
    expected = R["verb"]["logit"]
    assert abs(expected["loglik_laplace"] - expected["loglik"]) > 1.9
    assert cumulative_link_mixed_model(data("verb")).quadrature_error < 1e-5
    few = cumulative_link_mixed_model(data("verb"), quadrature_points=15)
    many = cumulative_link_mixed_model(data("verb"), quadrature_points=60)
    assert few.log_likelihood == pytest.approx(many.log_likelihood, abs=1e-4)
    assert cumulative_link_mixed_model(data("verb")).log_likelihood == pytest.approx(many.log_likelihood, abs=1e-8)


def test_patients_who_differ_strongly_are_estimated_with_the_default_number_of_nodes():
    rows = [[0, 0]] * 9 + [[1, 1]] * 4 + [[2, 2], [1, 2], [0, 2], [0, 1]]
    m = cumulative_link_mixed_model(rows)
    assert m.between_sd > 4
    assert m.quadrature_error < 1e-5
    assert m.log_likelihood == pytest.approx(
        cumulative_link_mixed_model(rows, quadrature_points=100).log_likelihood, abs=1e-5
    )


@pytest.mark.proof(
    method="cumulative_link_mixed_model", kind="property", source="reversing the scale changes the sign of every effect"
)
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_reversing_the_score_reverses_the_effects(link):
    x = data("score")
    up, down = cumulative_link_mixed_model(x, link=link), cumulative_link_mixed_model(3 - x, link=link)
    assert down.log_likelihood == pytest.approx(up.log_likelihood, rel=1e-10)
    assert [c.estimate for c in down.changes] == pytest.approx([-c.estimate for c in up.changes], rel=1e-6)
    assert [t.estimate for t in down.thresholds] == pytest.approx([-t.estimate for t in up.thresholds][::-1], rel=1e-6)


@pytest.mark.proof(method="cumulative_link_mixed_model", kind="property", source="only the order of the scores counts")
def test_only_the_order_of_the_scores_counts():
    x = data("score")
    a = cumulative_link_mixed_model(x, categories=[0, 1, 2, 3])
    b = cumulative_link_mixed_model(10.0**x, categories=[1, 10, 100, 1000])
    assert a.changes == b.changes
    assert b.categories == (1, 10, 100, 1000)


@pytest.mark.proof(
    method="cumulative_link_mixed_model",
    kind="edge",
    source="no variance between patients: closed form of independent visits",
)
def test_without_variance_between_patients_two_categories_give_the_log_odds_ratio():
    # Over the two visits patients disagree more often than independent ones would: the variance is zero.
    x = [[0, 1]] * 6 + [[1, 0]] * 3 + [[1, 1]] * 2 + [[0, 0]]
    m = cumulative_link_mixed_model(x)
    assert m.between_sd == pytest.approx(0, abs=1e-3)
    assert "zero" in m.note
    ratio = np.log((8 / 4) / (5 / 7))
    # The likelihood is flat to fourth order at zero variance, hence the width.
    assert m.changes[0].estimate == pytest.approx(ratio, abs=1e-6)
    assert m.changes[0].standard_error == pytest.approx(np.sqrt(1 / 8 + 1 / 4 + 1 / 5 + 1 / 7), abs=1e-6)


@pytest.mark.proof(method="cumulative_link_mixed_model", kind="edge", source="hand")
def test_data_that_cannot_carry_the_model_are_refused_with_the_reason():
    x = data("score")
    with pytest.raises(NotEstimableError, match="category 4 is never observed"):
        cumulative_link_mixed_model(x, categories=[0, 1, 2, 3, 4])
    with pytest.raises(NotEstimableError, match="separates"):
        cumulative_link_mixed_model([[1, 2, 3]])
    apart = np.where(np.arange(3) < 2, np.random.default_rng(1).integers(0, 2, (20, 3)), 2)
    with pytest.raises(NotEstimableError, match="separates"):
        cumulative_link_mixed_model(apart)
    ceiling = x.copy()
    ceiling[:, 3] = 0
    with pytest.raises(NotEstimableError, match="separates"):
        cumulative_link_mixed_model(ceiling)
    with pytest.raises(NotEstimableError, match="no patient ever changes"):
        cumulative_link_mixed_model([[0, 0, 0]] * 10 + [[1, 1, 1]] * 10)
    with pytest.raises(NotEstimableError, match=r"no bound|differ so strongly"):
        cumulative_link_mixed_model([[0, 0, 0]] * 9 + [[0, 1, 0], [1, 0, 1]] + [[1, 1, 1]] * 9)
    with pytest.raises(NotEstimableError, match="every score is the same"):
        cumulative_link_mixed_model(np.ones((20, 3)))
    with pytest.raises(NotEstimableError, match="visit 1 has no value"):
        cumulative_link_mixed_model([[1, np.nan], [2, np.nan]])
    with pytest.raises(StatisticsError, match="outside categories"):
        cumulative_link_mixed_model(x, categories=[0, 1, 2])
    with pytest.raises(StatisticsError, match="ascending"):
        cumulative_link_mixed_model(x, categories=[3, 2, 1, 0])
    with pytest.raises(StatisticsError, match="quadrature_points"):
        cumulative_link_mixed_model(x, quadrature_points=1)
    with pytest.raises(StatisticsError, match="100 nodes"):
        cumulative_link_mixed_model(x, quadrature_points=400)


def test_fewer_patients_than_parameters_are_no_reason_to_refuse():
    few = [[3, 2, 1, 0], [2, 3, 1, 1], [3, 1, 2, 0], [1, 2, 0, 3], [0, 1, 2, 2], [3, 3, 1, 2]]
    assert len(cumulative_link_mixed_model(few).changes) == 3


def test_counts_of_patients_and_values():
    m = cumulative_link_mixed_model(np.vstack([data("score"), np.full((1, 4), np.nan)]))
    assert (m.n, m.n_missing, m.n_values) == (20, 1, 75)
    assert m.changes[0].df == float("inf")
    assert "small-sample" in m.note
