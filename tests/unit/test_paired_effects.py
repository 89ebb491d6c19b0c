"""Effect sizes of a paired change."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.paired.effects import rank_biserial, standardized_response_mean

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "ranks.json").read_text())


@pytest.mark.proof(method="rank_biserial", kind="R", source="R 4.2.2, effectsize 0.8.3, rank_biserial(paired = TRUE)")
@pytest.mark.parametrize("case", R["effects"])
def test_rank_biserial_agrees_with_r(case):
    found = rank_biserial(case["before"], case["after"], zeros="wilcox")
    estimate, low, high = case["rank_biserial"]
    assert found.estimate == pytest.approx(estimate, rel=1e-10)
    sizes = {abs(a - b) for a, b in zip(case["before"], case["after"], strict=True)}
    if len(sizes) == len(case["before"]) and 0 not in sizes:
        # With ties effectsize keeps the standard error without ties, and it does not leave out zero changes from n.
        assert [found.low, found.high] == pytest.approx([low, high], rel=1e-8)


def test_one_case_of_r_has_neither_ties_nor_zeros():
    sizes = [abs(np.subtract(case["before"], case["after"])) for case in R["effects"]]
    assert any(len(set(s)) == len(s) and s.all() for s in sizes)


@pytest.mark.proof(method="rank_biserial", kind="independent", source="pairwise ranks, written out")
@settings(deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12).filter(any))
def test_rank_biserial_is_favourable_minus_unfavourable(changes):
    kept = [d for d in changes if d]
    ranks = [sum(abs(e) < abs(d) for e in kept) + (sum(abs(e) == abs(d) for e in kept) + 1) / 2 for d in kept]
    share = sum(r * np.sign(d) for r, d in zip(ranks, kept, strict=True)) / sum(ranks)
    found = rank_biserial([0] * len(changes), changes, zeros="wilcox")
    assert found.estimate == pytest.approx(share, abs=1e-12)
    mirrored = rank_biserial(changes, [0] * len(changes), zeros="wilcox")
    assert mirrored.estimate == -found.estimate
    if found.low is not None:
        assert -1.0 <= found.low <= found.estimate <= found.high <= 1.0
        reach = 1.959963984540054 * np.sqrt(sum(r * r for r in ranks)) / sum(ranks)
        assert found.high == pytest.approx(np.tanh(np.arctanh(share) + reach), abs=1e-12)
        assert found.low == pytest.approx(-mirrored.high, abs=1e-12)


@pytest.mark.proof(method="rank_biserial", kind="edge", source="all rise, none changes")
def test_rank_biserial_at_its_ends():
    found = rank_biserial([29, 44, 41], [45, 52, 50])
    assert (found.estimate, found.low, found.high) == (1.0, None, None)
    assert "same direction" in found.note
    with pytest.raises(NotEstimableError, match="none of 2 pairs changed"):
        rank_biserial([1, 2], [1, 2])
    with pytest.raises(StatisticsError, match="zeros"):
        rank_biserial([1, 2], [1, 3], zeros="keep")


@pytest.mark.proof(method="standardized_response_mean", kind="R", source="R 4.2.2, stats::pt with ncp, uniroot")
@pytest.mark.parametrize("case", R["effects"])
def test_response_mean_agrees_with_r(case):
    found = standardized_response_mean(case["before"], case["after"])
    estimate, low, high = case["response_mean"]
    assert found.estimate == pytest.approx(estimate, rel=1e-10, abs=1e-14)
    # R's noncentral t is accurate to about 1e-9 here.
    assert [found.low, found.high] == pytest.approx([low, high], rel=1e-8)


@pytest.mark.proof(
    method="standardized_response_mean",
    kind="independent",
    source="noncentral t by numerical integration over the standard deviation",
)
def test_response_mean_limits_solve_the_tail_equations():
    from scipy.integrate import quad
    from scipy.stats import chi, norm

    changes = [9, 16, 5, 15, 8, 7, 6]
    found, size = standardized_response_mean([0] * 7, changes), 7
    t = np.sqrt(size) * found.estimate

    def at_most(effect):
        # T <= t given the standard deviation s / sigma = c / sqrt(df), c of a chi distribution.
        return quad(
            lambda c: chi.pdf(c, 6) * norm.cdf(t * c / np.sqrt(6) - np.sqrt(size) * effect), 0, 20, epsabs=1e-13
        )[0]

    assert 1 - at_most(found.low) == pytest.approx(0.025, abs=1e-9)
    assert at_most(found.high) == pytest.approx(0.025, abs=1e-9)


@pytest.mark.proof(method="standardized_response_mean", kind="property", source="mirror, scale, order")
@settings(deadline=None)
@given(st.lists(st.integers(-30, 30), min_size=2, max_size=15).filter(lambda v: len(set(v)) > 1))
def test_response_mean_mirrors_and_has_no_unit(changes):
    zero = [0] * len(changes)
    found, mirrored = standardized_response_mean(zero, changes), standardized_response_mean(changes, zero)
    scaled = standardized_response_mean(zero, [10 * c for c in changes])
    assert found.low <= found.estimate <= found.high
    assert [mirrored.low, mirrored.high] == pytest.approx([-found.high, -found.low], abs=1e-8)
    assert [scaled.low, scaled.estimate, scaled.high] == pytest.approx(
        [found.low, found.estimate, found.high], abs=1e-9
    )


@pytest.mark.proof(method="standardized_response_mean", kind="edge", source="one pair, equal changes, missing values")
def test_response_mean_edges():
    with pytest.raises(NotEstimableError, match="needs 2"):
        standardized_response_mean([1], [2])
    with pytest.raises(NotEstimableError, match="all 3 changes are equal"):
        standardized_response_mean([0.1, 0.2, 0.3], [0.2, 0.3, 0.4])
    found = standardized_response_mean([0, 0, np.nan], [1, 2, 3])
    assert (found.n, found.n_missing) == (2, 1)
