"""Proportions pooled by the binomial-normal model."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.proportions.intervals import clopper_pearson
from myosotis.statistics.proportions.pooled import pooled_proportion

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "pooled.json").read_text())["fits"]


def likelihood(counts, totals, logit, tau):
    """Integrate every study by a fine fixed grid, whose error falls off faster than any power for such integrands."""
    from scipy.stats import binom, norm

    u = np.linspace(-10, 10, 4001)
    chance = 1 / (1 + np.exp(-logit - tau * u))
    return sum(
        np.log((binom.pmf(count, size, chance) * norm.pdf(u)).sum() * (u[1] - u[0]))
        for count, size in zip(counts, totals, strict=True)
    )


@pytest.mark.proof(method="pooled_proportion", kind="R", source="R 4.2.2, integrate() of the likelihood and optim()")
@pytest.mark.parametrize("name", [name for name in R if R[name]["exact"]])
def test_estimates_agree_with_the_integrated_likelihood(name):
    case = R[name]
    found, exact = pooled_proportion(case["counts"], case["totals"]), case["exact"]
    assert found.log_likelihood == pytest.approx(exact["log_likelihood"], rel=1e-10)
    # optim() reaches a flat top to about the root of the precision of its likelihood.
    assert [found.logit, found.tau] == pytest.approx([exact["logit"], exact["tau"]], rel=1e-6)
    assert found.standard_error == pytest.approx(exact["error"], rel=1e-5)


@pytest.mark.proof(method="pooled_proportion", kind="R", source="R 4.2.2, lme4 1.1-31, glmer(nAGQ = 25)")
@pytest.mark.parametrize("name", R)
def test_estimates_agree_with_glmer(name):
    case = R[name]
    found, theirs = pooled_proportion(case["counts"], case["totals"]), case["lme4"]
    # glmer takes its Hessian by differences, hence fewer digits in the standard error.
    assert [found.logit, found.standard_error] == pytest.approx([theirs["logit"], theirs["error"]], rel=2e-5)
    assert found.tau == pytest.approx(theirs["tau"], rel=1e-5, abs=1e-6)


@pytest.mark.proof(
    method="pooled_proportion",
    kind="R",
    source="R 4.2.2, metafor 3.8-1, rma.glmm(measure = 'PLO', nAGQ = 7) and predict()",
)
@pytest.mark.parametrize("name", R)
def test_estimates_agree_with_metafor(name):
    case = R[name]
    found = pooled_proportion(case["counts"], case["totals"], prediction="normal")
    theirs = case["metafor"]
    # metafor integrates with 7 nodes; its difference from the exact integral is below 1e-3 on these data.
    assert [found.estimate, found.low, found.high] == pytest.approx([theirs["estimate"], *theirs["interval"]], rel=1e-3)
    assert [found.prediction_low, found.prediction_high] == pytest.approx(theirs["prediction"], rel=1e-3)
    assert found.tau == pytest.approx(theirs["tau"], rel=1e-3, abs=1e-6)


@pytest.mark.proof(
    method="pooled_proportion", kind="independent", source="the likelihood on a fine grid, around the estimate"
)
@pytest.mark.parametrize("name", R)
def test_estimates_are_at_the_top_of_the_likelihood(name):
    case = R[name]
    found = pooled_proportion(case["counts"], case["totals"])
    top = likelihood(case["counts"], case["totals"], found.logit, found.tau)
    assert found.log_likelihood == pytest.approx(top, rel=1e-9)
    for shift, stretch in itertools.product((-0.01, 0.0, 0.01), (-0.01, 0.0, 0.01)):
        if (shift, stretch) != (0.0, 0.0) and found.tau + stretch >= 0:
            assert likelihood(case["counts"], case["totals"], found.logit + shift, found.tau + stretch) < top


@pytest.mark.proof(
    method="pooled_proportion", kind="property", source="equal proportions give tau 0 and the plain share"
)
def test_without_heterogeneity_it_is_the_plain_share():
    found = pooled_proportion([6, 12, 3, 30], [10, 20, 5, 50])
    assert (found.tau, found.estimate) == (0.0, pytest.approx(0.6, rel=1e-10))
    assert found.standard_error == pytest.approx(1 / np.sqrt(85 * 0.6 * 0.4), rel=1e-6)


@pytest.mark.proof(method="pooled_proportion", kind="property", source="counting non-events mirrors; order of studies")
@settings(deadline=None, max_examples=15)
@example([(0, 1), (8, 2)])
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 15)), min_size=2, max_size=6))
def test_non_events_mirror(pairs):
    counts, extra = (np.array(column) for column in zip(*pairs, strict=True))
    totals = counts + extra
    if not counts.any():
        return
    found = pooled_proportion(counts, totals)
    mirrored = pooled_proportion((totals - counts)[::-1], totals[::-1])
    assert found.low <= found.estimate <= found.high
    assert mirrored.estimate == pytest.approx(1 - found.estimate, abs=1e-7)
    assert [mirrored.low, mirrored.high] == pytest.approx([1 - found.high, 1 - found.low], abs=1e-6)
    if found.prediction_low is not None:
        assert found.prediction_low <= found.low
        assert found.high <= found.prediction_high


@pytest.mark.proof(
    method="pooled_proportion", kind="property", source="many Gauss-Hermite nodes give the same integral"
)
@pytest.mark.parametrize("name", R)
def test_two_rules_of_integration_agree(name):
    case = R[name]
    found, nodes = (
        pooled_proportion(case["counts"], case["totals"]),
        pooled_proportion(case["counts"], case["totals"], nodes=101),
    )
    assert nodes.log_likelihood == pytest.approx(found.log_likelihood, rel=1e-11)
    assert nodes.logit == pytest.approx(found.logit, rel=1e-8)


@pytest.mark.proof(method="pooled_proportion", kind="property", source="the prediction interval by its formula")
def test_prediction_interval_adds_the_variance_between_studies():
    from scipy.stats import norm, t

    case = R["spread"]
    for prediction, quantile in (("t", t.ppf(0.975, 6)), ("normal", norm.ppf(0.975))):
        found = pooled_proportion(case["counts"], case["totals"], prediction=prediction)
        reach = quantile * np.sqrt(found.tau**2 + found.standard_error**2)
        expected = 1 / (1 + np.exp(-(found.logit + np.array([-reach, reach]))))
        assert [found.prediction_low, found.prediction_high] == pytest.approx(expected, rel=1e-10)


@pytest.mark.proof(
    method="pooled_proportion", kind="edge", source="two studies, no event, only empty and complete studies"
)
def test_edges():
    two = pooled_proportion([3, 8], [10, 10])
    assert (two.prediction_low, two.n, two.patients) == (None, 2, 20)
    assert "too few" in two.note
    assert pooled_proportion([3, 8], [10, 10], prediction="normal").prediction_low is not None
    assert two.studies == (clopper_pearson(3, 10), clopper_pearson(8, 10))
    with pytest.raises(NotEstimableError, match="no study had an event"):
        pooled_proportion([0, 0], [10, 4])
    with pytest.raises(NotEstimableError, match="every patient of every study"):
        pooled_proportion([10, 4], [10, 4])
    with pytest.raises(NotEstimableError, match="30 and beyond"):
        pooled_proportion([0, 9, 0, 7], [8, 9, 6, 7])
    with pytest.raises(NotEstimableError, match="1 study"):
        pooled_proportion([3], [4])
    with pytest.raises(StatisticsError, match="more events than patients"):
        pooled_proportion([3, 5], [4, 4])
    with pytest.raises(StatisticsError, match="more events than patients"):
        pooled_proportion([0, 2], [0, 4])
    with pytest.raises(StatisticsError, match="counts has 2 values"):
        pooled_proportion([0, 2], [4])
    with pytest.raises(StatisticsError, match="nodes is 200"):
        pooled_proportion([1, 2], [4, 4], nodes=200)
    with pytest.raises(StatisticsError, match="prediction"):
        pooled_proportion([1, 2], [4, 4], prediction="none")
