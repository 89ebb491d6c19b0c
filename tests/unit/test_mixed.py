from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.models import restricted_likelihood
from myosotis.statistics.models.mixed import mixed_model

DATA = Path(__file__).parents[1] / "reference" / "data"
R = json.loads((DATA / "mixed.json").read_text())
# lme4 stops its search at a relative change of about 1e-8 in the variance ratio; standard errors and df inherit it.
SEARCH = 1e-6


def data(which):
    return np.array(R[which]["data"], dtype=float)


def close(estimate, expected):
    assert estimate.estimate == pytest.approx(expected["estimate"], rel=SEARCH)
    assert estimate.standard_error == pytest.approx(expected["se"], rel=SEARCH)
    assert estimate.df == pytest.approx(expected["df"], rel=SEARCH)
    assert (estimate.low, estimate.high) == pytest.approx((expected["low"], expected["high"]), rel=SEARCH)
    if estimate.p_value is not None:
        assert estimate.p_value == pytest.approx(expected["p"], rel=1e-5)


@pytest.mark.proof(
    method="mixed_model", kind="R", source="lme4 1.1-31, lmerTest 3.1-3 and pbkrtest 0.5.2: reference/mixed.R"
)
@pytest.mark.parametrize("which", ["complete", "gappy"])
@pytest.mark.parametrize(("df", "short"), [("satterthwaite", "sat"), ("kenward_roger", "kr")])
def test_random_intercept_agrees_with_lmertest_and_pbkrtest(which, df, short):
    expected = R[which]["random_intercept"]
    m = mixed_model(data(which), covariance="random_intercept", df=df)
    assert m.log_likelihood == pytest.approx(expected["reml"], rel=1e-10)
    assert m.covariance[0][1] == pytest.approx(expected["between"], rel=SEARCH)
    assert m.covariance[0][0] - m.covariance[0][1] == pytest.approx(expected["within"], rel=SEARCH)
    for estimate, row in zip(m.means, expected[f"means_{short}"], strict=True):
        close(estimate, row)
    for estimate, row in zip(m.changes, expected[f"change_{short}"], strict=True):
        close(estimate, row)
    f, df1, df2, p = expected[f"f_{short}"]
    assert m.equal_visits.statistic == pytest.approx(f, rel=SEARCH)
    assert m.equal_visits.df == pytest.approx((df1, df2), rel=SEARCH)
    assert m.equal_visits.p_value == pytest.approx(p, rel=1e-5)


@pytest.mark.proof(method="mixed_model", kind="R", source="nlme 3.1-162 gls(corSymm, varIdent): reference/mixed.R")
@pytest.mark.parametrize("which", ["complete", "gappy"])
def test_unstructured_agrees_with_nlme(which):
    expected = R[which]["unstructured"]
    m = mixed_model(data(which), covariance="unstructured", df="satterthwaite")
    # gls stops earlier than lme4: its likelihood is flat to 1e-9 where its estimates still move by 1e-6.
    assert m.log_likelihood == pytest.approx(expected["reml"], rel=1e-10)
    assert m.log_likelihood >= expected["reml"] - 1e-9
    assert [e.estimate for e in m.means] == pytest.approx(expected["means"], rel=1e-6)
    assert [e.standard_error for e in m.means] == pytest.approx(expected["se"], rel=1e-5)


@pytest.mark.proof(method="mixed_model", kind="property", source="complete data: paired t test; Hotelling's T squared")
@pytest.mark.parametrize("df", ["satterthwaite", "kenward_roger"])
def test_unstructured_and_complete_is_the_paired_t_test_of_each_change(df):
    x = data("complete")
    m = mixed_model(x, covariance="unstructured", df=df)
    for visit, change in enumerate(m.changes, start=1):
        t = stats.ttest_rel(x[:, visit], x[:, 0])
        assert change.statistic == pytest.approx(t.statistic, rel=1e-9)
        assert change.df == pytest.approx(len(x) - 1, rel=1e-9)
        assert change.p_value == pytest.approx(t.pvalue, rel=1e-8)
        limits = t.confidence_interval(0.95)
        assert (change.low, change.high) == pytest.approx((limits.low, limits.high), rel=1e-8)


@pytest.mark.proof(method="mixed_model", kind="property", source="Hotelling's T squared, exact for complete data")
def test_unstructured_and_complete_with_kenward_roger_is_hotellings_test():
    x = data("complete")
    n, k = x.shape
    change = x[:, 1:] - x[:, :1]
    mean, spread = change.mean(axis=0), np.cov(change, rowvar=False) / n
    hotelling = mean @ np.linalg.solve(spread, mean) * (n - k + 1) / ((n - 1) * (k - 1))
    m = mixed_model(x, covariance="unstructured")
    assert m.equal_visits.statistic == pytest.approx(hotelling, rel=1e-9)
    assert m.equal_visits.df == pytest.approx((k - 1, n - k + 1), rel=1e-9)
    assert m.covariance == pytest.approx(np.cov(x, rowvar=False), rel=1e-9)


@pytest.mark.proof(
    method="mixed_model", kind="property", source="balanced compound symmetry: two-way analysis of variance"
)
def test_compound_symmetry_and_complete_is_the_analysis_of_variance():
    x = data("complete")
    n, k = x.shape
    residual = x - x.mean(axis=0) - x.mean(axis=1, keepdims=True) + x.mean()
    error = (residual**2).sum() / ((n - 1) * (k - 1))
    between = k * ((x.mean(axis=1) - x.mean()) ** 2).sum() / (n - 1)
    f = n * ((x.mean(axis=0) - x.mean()) ** 2).sum() / (k - 1) / error
    m = mixed_model(x, covariance="compound_symmetry")
    assert m.equal_visits.statistic == pytest.approx(f, rel=1e-9)
    assert m.equal_visits.df == pytest.approx((k - 1, (n - 1) * (k - 1)), rel=1e-9)
    assert m.covariance[0][1] == pytest.approx((between - error) / k, rel=1e-9)


@pytest.mark.proof(method="mixed_model", kind="independent", source="restricted likelihood with full n·k matrices")
@pytest.mark.parametrize("covariance", ["compound_symmetry", "unstructured"])
def test_the_fit_is_the_maximum_of_the_likelihood_written_out_with_full_matrices(covariance):
    x = data("gappy")
    m = mixed_model(x, covariance=covariance, df="satterthwaite")
    seen = ~np.isnan(x)
    y, visits, patients = x[seen], np.nonzero(seen)[1], np.nonzero(seen)[0]
    design = np.eye(x.shape[1])[visits]

    def likelihood(spread):
        v = spread[np.ix_(visits, visits)] * (patients[:, None] == patients[None, :])
        inverse = np.linalg.inv(v)
        information = design.T @ inverse @ design
        beta = np.linalg.solve(information, design.T @ inverse @ y)
        r = y - design @ beta
        logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]
        return -0.5 * ((len(y) - len(beta)) * np.log(2 * np.pi) + logs + r @ inverse @ r), beta

    spread = np.array(m.covariance)
    best, beta = likelihood(spread)
    assert m.log_likelihood == pytest.approx(best, rel=1e-12)
    assert [e.estimate for e in m.means] == pytest.approx(beta, rel=1e-10)
    rng = np.random.default_rng(5)
    for _ in range(20):
        if covariance == "unstructured":
            shift = rng.normal(size=spread.shape)
            shift = shift + shift.T
        else:
            shift = rng.normal() * np.ones(spread.shape) + rng.normal() * np.eye(len(spread))
        assert likelihood(spread + 1e-3 * shift)[0] < best


@pytest.mark.proof(
    method="mixed_model", kind="independent", source="Kenward and Roger 1997 written out with full n·k matrices"
)
@pytest.mark.parametrize("covariance", ["compound_symmetry", "unstructured"])
def test_kenward_roger_with_missing_visits_agrees_with_the_paper_written_out(covariance):
    x = data("gappy")
    m = mixed_model(x, covariance=covariance)
    seen = ~np.isnan(x)
    k = x.shape[1]
    y, visits, patients = x[seen], np.nonzero(seen)[1], np.nonzero(seen)[0]
    same = patients[:, None] == patients[None, :]

    def spread(matrix):
        return np.asarray(matrix)[np.ix_(visits, visits)] * same

    units = []
    if covariance == "unstructured":
        for i in range(k):
            for j in range(i, k):
                unit = np.zeros((k, k))
                unit[i, j] = unit[j, i] = 1
                units.append(unit)
    else:
        units = [np.eye(k), np.ones((k, k))]
    design = np.eye(k)[visits]
    inverse = np.linalg.inv(spread(m.covariance))
    slopes = [-inverse @ spread(u) @ inverse for u in units]
    phi = np.linalg.inv(design.T @ inverse @ design)
    projection = inverse - inverse @ design @ phi @ design.T @ inverse
    p = [design.T @ s @ design for s in slopes]
    information = [[np.trace(projection @ spread(a) @ projection @ spread(b)) / 2 for b in units] for a in units]
    w = np.linalg.inv(information)
    pairs = [(i, j) for i in range(len(units)) for j in range(len(units))]
    v = spread(m.covariance)
    bias = sum(w[i, j] * (design.T @ slopes[i] @ v @ slopes[j] @ design - p[i] @ phi @ p[j]) for i, j in pairs)
    adjusted = phi + 2 * phi @ bias @ phi
    beta = phi @ design.T @ inverse @ y
    # The fit is the maximum to about 1e-9, and the adjustment is a small difference of large products.
    close_to = {"rel": 1e-6}
    assert [e.standard_error for e in m.means] == pytest.approx(np.sqrt(np.diag(adjusted)), **close_to)
    contrast = np.hstack([-np.ones((k - 1, 1)), np.eye(k - 1)])
    rank = k - 1
    theta = contrast.T @ np.linalg.inv(contrast @ phi @ contrast.T) @ contrast
    a1 = sum(w[i, j] * np.trace(theta @ phi @ p[i] @ phi) * np.trace(theta @ phi @ p[j] @ phi) for i, j in pairs)
    a2 = sum(w[i, j] * np.trace(theta @ phi @ p[i] @ phi @ theta @ phi @ p[j] @ phi) for i, j in pairs)
    b = (a1 + 6 * a2) / (2 * rank)
    g = ((rank + 1) * a1 - (rank + 4) * a2) / ((rank + 2) * a2)
    base = 3 * rank + 2 * (1 - g)
    c1, c2, c3 = g / base, (rank - g) / base, (rank + 2 - g) / base
    mean = 1 / (1 - a2 / rank)
    variance = 2 / rank * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
    df = 4 + (rank + 2) / (rank * variance / (2 * mean**2) - 1)
    scale = df / (mean * (df - 2))
    change = contrast @ beta
    f = scale * change @ np.linalg.inv(contrast @ adjusted @ contrast.T) @ change / rank
    assert m.equal_visits.statistic == pytest.approx(f, **close_to)
    assert m.equal_visits.df == pytest.approx((rank, df), **close_to)


@pytest.mark.proof(method="mixed_model", kind="property", source="equivariance under shift and change of unit")
@pytest.mark.parametrize("covariance", ["random_intercept", "unstructured"])
def test_a_change_of_unit_changes_estimates_and_nothing_else(covariance):
    x = data("gappy")
    a, b = mixed_model(x, covariance=covariance), mixed_model(1000 * x + 7, covariance=covariance)
    assert b.equal_visits.p_value == pytest.approx(a.equal_visits.p_value, rel=1e-7)
    assert [e.estimate for e in b.changes] == pytest.approx([1000 * e.estimate for e in a.changes], rel=1e-8)
    assert [e.df for e in b.changes] == pytest.approx([e.df for e in a.changes], rel=1e-7)


@pytest.mark.proof(method="mixed_model", kind="edge", source="patients alike: variance between them is zero")
def test_a_negative_variance_between_patients_is_zero_for_a_random_intercept_and_said():
    x = np.array([[1.0, 2.0, 6.0], [2.0, 4.0, 3.0], [3.0, 3.0, 4.5], [2.0, 1.0, 5.0]])
    symmetric = mixed_model(x, covariance="compound_symmetry")
    assert symmetric.covariance[0][1] < 0
    m = mixed_model(x, covariance="random_intercept")
    assert "zero" in m.note
    assert m.covariance[0][1] == 0
    pooled = ((x - x.mean(axis=0)) ** 2).sum() / 9
    assert m.covariance[0][0] == pytest.approx(pooled, rel=1e-9)
    assert m.changes[0].standard_error == pytest.approx(np.sqrt(2 * pooled / 4), rel=1e-9)
    assert m.changes[0].df == pytest.approx(9, rel=1e-9)


@pytest.mark.proof(method="mixed_model", kind="edge", source="hand")
def test_data_that_cannot_carry_the_model_are_refused_with_the_reason():
    with pytest.raises(NotEstimableError, match="more than 3 patients"):
        mixed_model([[1, 2, 3], [2, 4, 3], [5, 4, 6]], covariance="unstructured")
    with pytest.raises(NotEstimableError, match="no patient differs"):
        mixed_model([[1, 2], [1, 2], [1, 2]], covariance="random_intercept")
    with pytest.raises(NotEstimableError, match="parallel"):
        mixed_model([[1, 2], [3, 4], [7, 8]], covariance="random_intercept")
    with pytest.raises(NotEstimableError, match="visit 1 has 1"):
        mixed_model([[1, 2], [3, np.nan]], covariance="random_intercept")
    nan = np.nan
    with pytest.raises(NotEstimableError, match="no patient has two visits"):
        mixed_model([[1, nan], [3, nan], [nan, 2], [nan, 5]], covariance="random_intercept")
    x = [[1, 2, nan], [3, 5, nan], [nan, 2, 4], [nan, 5, 2], [2, 3, nan], [nan, 4, 4]]
    with pytest.raises(NotEstimableError, match="no information"):
        mixed_model(x, covariance="unstructured")
    with pytest.raises(StatisticsError, match="covariance is"):
        mixed_model([[1, 2], [3, 4]], covariance="ar1")
    with pytest.raises(StatisticsError, match="infinite"):
        mixed_model([[1, 2], [3, np.inf]], covariance="random_intercept")


@pytest.mark.proof(method="mixed_model", kind="edge", source="paired t test and analysis of variance, df from 3 to 6")
@pytest.mark.parametrize(("n", "k"), [(4, 2), (5, 2), (6, 2), (2, 4), (3, 3), (2, 5), (3, 4)])
def test_few_degrees_of_freedom_where_the_general_formula_divides_by_zero(n, k):
    x = np.random.default_rng(n * 10 + k).normal(size=(n, k))
    m = mixed_model(x, covariance="compound_symmetry")
    residual = x - x.mean(axis=0) - x.mean(axis=1, keepdims=True) + x.mean()
    error = (residual**2).sum() / ((n - 1) * (k - 1))
    f = n * ((x.mean(axis=0) - x.mean()) ** 2).sum() / (k - 1) / error
    assert m.equal_visits.statistic == pytest.approx(f, rel=1e-7)
    assert m.equal_visits.df == pytest.approx((k - 1, (n - 1) * (k - 1)), rel=1e-7)


def test_patients_without_values_are_counted_apart():
    x = np.vstack([data("complete"), np.full((2, 4), np.nan)])
    m = mixed_model(x, covariance="random_intercept")
    assert (m.n, m.n_missing, m.n_values) == (16, 2, 64)


def test_a_few_hundred_patients_with_holes_need_few_evaluations_of_the_likelihood(monkeypatch):
    """Nine when written; each goes once over the patterns of missing visits, of which there are 39 for 300 patients."""
    real, calls = restricted_likelihood._evaluate, []
    monkeypatch.setattr(restricted_likelihood, "_evaluate", lambda *given: calls.append(len(given)) or real(*given))
    rng = np.random.default_rng(11)
    x = rng.normal(size=(300, 1)) + rng.normal(size=(300, 6)) + np.arange(6)
    x[rng.random(x.shape) < 0.2] = np.nan
    m = mixed_model(x, covariance="unstructured")
    assert m.equal_visits.p_value < 1e-10
    assert 0 < len(calls) <= 18
    assert len(restricted_likelihood.Patterns.of(x).masks) == 39
