"""The Hodges-Lehmann estimate of a paired change and its exact interval."""

from __future__ import annotations

import importlib
import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.paired.hodges_lehmann import hodges_lehmann

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "ranks.json").read_text())


def change(values, **options):
    return hodges_lehmann(np.zeros(len(values)), values, **options)


def walsh(values):
    return sorted(Fraction(a + b, 2) for a, b in itertools.combinations_with_replacement(values, 2))


def one_sided_p(values, shift):
    """Give the exact probability of a rank sum of falls as small as observed, zeros after Pratt, over all signs."""
    residuals = [Fraction(v) - shift for v in values]
    ranks = [
        Fraction(2 * sum(abs(e) < abs(r) for e in residuals) + sum(abs(e) == abs(r) for e in residuals) + 1, 2)
        for r in residuals
    ]
    kept = [(k, r) for k, r in zip(ranks, residuals, strict=True) if r != 0]
    observed = sum(k for k, r in kept if r < 0)
    patterns = list(itertools.product((0, 1), repeat=len(kept)))
    hits = sum(sum(k for (k, _), on in zip(kept, p, strict=True) if on) <= observed for p in patterns)
    return Fraction(hits, len(patterns))


def lowest_shift(values, tail):
    """Try every Walsh average and every gap between two, from below."""
    grid = sorted(set(walsh(values)))
    if Fraction(1, 2 ** len(values)) > tail:
        return None
    for here, after in itertools.zip_longest(grid, grid[1:]):
        if one_sided_p(values, here) > tail or after is None or one_sided_p(values, (here + after) / 2) > tail:
            return float(here)
    raise AssertionError


@pytest.mark.proof(
    method="hodges_lehmann", kind="R", source="R 4.2.2, stats::wilcox.test(conf.int = TRUE, exact = TRUE), no ties"
)
@pytest.mark.parametrize("case", R["untied"])
def test_estimate_and_exact_interval_agree_with_r_without_ties(case):
    found = hodges_lehmann(case["before"], case["after"])
    narrower = hodges_lehmann(case["before"], case["after"], conf_level=0.9)
    assert found.estimate == pytest.approx(case["estimate"], rel=1e-10)
    assert [found.low, found.high] == pytest.approx(case["interval"], rel=1e-10)
    assert [narrower.low, narrower.high] == pytest.approx(case["interval_90"], rel=1e-10)


@pytest.mark.proof(
    method="hodges_lehmann", kind="published", source="Hollander and Wolfe, depression scores: -0.46 (-0.786, -0.010)"
)
def test_depression_scores():
    data = R["depression"]
    found = hodges_lehmann(data["first"], data["second"])
    assert [found.estimate, found.low, found.high] == pytest.approx([-0.46, -0.786, -0.010], rel=1e-12)
    assert [found.low, found.high] == pytest.approx(data["interval"], rel=1e-10)


@pytest.mark.proof(
    method="hodges_lehmann",
    kind="independent",
    source="every shift tried, every sign pattern counted, in exact fractions",
)
@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 2, 3, 5, 5],
        [0, 0, 1, 1, 2, 3, 3],
        [-2, 0, 0, 4, 4, 4, 6],
        [1, 2, 3, 4, 5, 6, 7],
        [3, 3, 3, 3, 3, 3],
        [-5, 1, 1, 2, 8, 8, 9, 9],
    ],
)
@pytest.mark.parametrize("level", [0.75, 0.9, 0.95])
def test_exact_interval_inverts_the_conditional_test_with_ties(values, level):
    tail = Fraction(level).limit_denominator(1000)
    tail = (1 - tail) / 2
    found = change(values, conf_level=level)
    mirrored = lowest_shift([-v for v in values], tail)
    assert found.low == lowest_shift(values, tail)
    assert found.high == (None if mirrored is None else -mirrored)


@pytest.mark.proof(
    method="hodges_lehmann", kind="independent", source="random tied data against the same slow inversion"
)
@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-3, 4), min_size=4, max_size=7))
def test_exact_interval_inverts_the_conditional_test_for_any_small_data(values):
    assert change(values, conf_level=0.8).low == lowest_shift(values, Fraction(1, 10))


@pytest.mark.proof(method="hodges_lehmann", kind="independent", source="median of all Walsh averages, listed")
@settings(deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
def test_estimate_is_the_median_of_all_walsh_averages(values):
    assert change(values, interval="asymptotic").estimate == float(np.median([float(w) for w in walsh(values)]))


@pytest.mark.proof(method="hodges_lehmann", kind="property", source="shift, scale and mirror")
@settings(deadline=None)
@given(values=st.lists(st.integers(-20, 20), min_size=6, max_size=14), shift=st.integers(-9, 9))
def test_shift_and_mirror(values, shift):
    found, moved, mirrored = change(values), change([v + shift for v in values]), change([-v for v in values])
    assert found.low <= found.estimate <= found.high
    assert [moved.low, moved.estimate, moved.high] == [found.low + shift, found.estimate + shift, found.high + shift]
    assert [mirrored.low, mirrored.estimate, mirrored.high] == [-found.high, -found.estimate, -found.low]
    wider = change(values, conf_level=0.96)
    assert wider.low <= found.low
    assert wider.high >= found.high


@pytest.mark.proof(
    method="hodges_lehmann", kind="property", source="a shift of 0 lies inside exactly when the test does not reject it"
)
@settings(deadline=None)
@given(st.lists(st.integers(-8, 12), min_size=6, max_size=14, unique_by=abs).filter(lambda v: 0 not in v))
def test_interval_and_test_agree_without_ties(values):
    from myosotis.statistics.paired.signed_rank import signed_rank

    found, p_value = change(values), signed_rank(np.zeros(len(values)), values).p_value
    if p_value > 0.05:
        assert found.low <= 0 <= found.high
    elif 0 not in [float(w) for w in walsh(values)]:
        assert not found.low <= 0 <= found.high


@pytest.mark.proof(
    method="hodges_lehmann", kind="property", source="exact coverage over all outcomes of a tied distribution"
)
def test_exact_interval_covers_at_least_as_often_as_it_says():
    # Six changes, each uniform on -1, 0, 1 about a true shift of 0: the ties are the rule, and all 729 outcomes are tried.
    covered = sum(
        found.low <= 0 <= found.high
        for values in itertools.product((-1, 0, 1), repeat=6)
        if (found := change(values, conf_level=0.9)).low is not None
    )
    assert covered / 3**6 >= 0.9


@pytest.mark.proof(method="hodges_lehmann", kind="property", source="exact and asymptotic limits meet as n grows")
def test_asymptotic_interval_is_near_the_exact_one():
    values = np.random.default_rng(3).normal(1, 2, 100).round(6)
    exact, normal = change(values), change(values, interval="asymptotic")
    # Limits may differ by a place or two among 5050 Walsh averages, a few thousandths of a standard deviation here.
    assert [normal.low, normal.high] == pytest.approx([exact.low, exact.high], abs=0.01)
    assert "asymptotic" in normal.method


@pytest.mark.proof(method="hodges_lehmann", kind="edge", source="too few pairs, one pair, all tied, missing values")
def test_edges():
    five = change([1, 2, 3, 4, 5])
    assert (five.estimate, five.low, five.high) == (3.0, None, None)
    assert "5 pairs are too few" in five.note
    assert change([1, 2, 3, 4, 5, 6]).low == 1.0
    assert change([7]).estimate == 7.0
    tied = change([2] * 8)
    assert (tied.estimate, tied.low, tied.high) == (2.0, 2.0, 2.0)
    found = hodges_lehmann([1, np.nan, 3], [2, 5, np.nan])
    assert (found.n, found.n_missing, found.estimate) == (1, 2, 1.0)
    assert change([1, 2, 3], interval="asymptotic").low is None
    with pytest.raises(NotEstimableError, match="no complete pair"):
        hodges_lehmann([np.nan], [1])
    with pytest.raises(StatisticsError, match="101 pairs"):
        change(range(101))
    with pytest.raises(StatisticsError, match="interval is 'bootstrap'"):
        change([1, 2], interval="bootstrap")


@pytest.mark.proof(method="hodges_lehmann", kind="edge", source="one hundred tied pairs")
def test_one_hundred_tied_pairs_need_few_exact_distributions(monkeypatch):
    """Of about 5,000 shifts that could be the limits; 56 when written, since Hoeffding's bound spares the hopeless ones."""
    module = importlib.import_module("myosotis.statistics.paired.hodges_lehmann")
    real, calls = module.lower_tail, []
    monkeypatch.setattr(module, "lower_tail", lambda *given: calls.append(len(given)) or real(*given))
    values = np.random.default_rng(1).normal(size=100).round(2)
    found = change(values)
    assert 0 < len(calls) <= 112
    assert found.low < found.estimate < found.high
