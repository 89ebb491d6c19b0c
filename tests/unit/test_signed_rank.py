"""Wilcoxon's signed-rank test and the sign test, exact with ties and zeros."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.paired.changes import paired_changes, sign_test
from myosotis.statistics.paired.signed_rank import signed_rank

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "ranks.json").read_text())
SIDES = ["two-sided", "greater", "less"]
CHANGES = st.lists(st.integers(-6, 6), min_size=1, max_size=25)


def by_enumeration(changes, zeros, alternative):
    """Rank by pairwise comparison in exact fractions, then go through every pattern of signs."""
    ranked = [d for d in changes if zeros == "pratt" or d != 0]
    ranks = []
    for d in ranked:
        below = sum(abs(e) < abs(d) for e in ranked)
        equal = sum(abs(e) == abs(d) for e in ranked)
        ranks.append(Fraction(2 * below + equal + 1, 2))
    signed = [(r, d) for r, d in zip(ranks, ranked, strict=True) if d != 0]
    observed = sum(r for r, d in signed if d > 0)
    middle = sum(r for r, _ in signed) / 2 if signed else Fraction(0)
    hits = total = 0
    for pattern in itertools.product((0, 1), repeat=len(signed)):
        value = sum((r for (r, _), up in zip(signed, pattern, strict=True) if up), Fraction(0))
        far = {
            "two-sided": abs(value - middle) >= abs(observed - middle),
            "greater": value >= observed,
            "less": value <= observed,
        }[alternative]
        hits, total = hits + far, total + 1
    return float(observed), hits / total


@pytest.mark.proof(
    method="signed_rank", kind="independent", source="all 2^n sign patterns in exact fractions, by itertools"
)
@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("zeros", ["pratt", "wilcox"])
@pytest.mark.parametrize(
    "changes",
    [
        [3],
        [0, 2],
        [1, 1, 1],
        [1, -1, 2, -2],
        [0, 0, 1, -3, 3, 3],
        [5, 3, -1, 0, 2, 2, 2],
        [-1, -1, 0, 0, 0, 4, 4, 4, -2],
        [7, 1, -2, 3, 3, -3, 0, 8, 8, 1, -1],
        [2, 4, 4, 0, 0, 1, -4, 3, -2, -1, 6, 6],
    ],
)
def test_exact_p_equals_enumeration(changes, zeros, alternative):
    statistic, p_value = by_enumeration(changes, zeros, alternative)
    found = signed_rank(np.zeros(len(changes)), changes, zeros=zeros, alternative=alternative)
    assert found.statistic == statistic
    assert found.p_value == pytest.approx(p_value, rel=1e-13)
    assert found.p_kind == "exact"


@pytest.mark.proof(method="signed_rank", kind="independent", source="all 2^n sign patterns, random ties and zeros")
@settings(deadline=None)
@given(changes=st.lists(st.integers(-3, 3), min_size=1, max_size=8), zeros=st.sampled_from(["pratt", "wilcox"]))
def test_exact_p_equals_enumeration_for_any_small_data(changes, zeros):
    _, p_value = by_enumeration(changes, zeros, "two-sided")
    assert signed_rank([0] * len(changes), changes, zeros=zeros).p_value == pytest.approx(p_value, rel=1e-13)


@pytest.mark.proof(
    method="signed_rank", kind="R", source="R 4.2.2, coin 1.4-2, wilcoxsign_test with Pratt and Wilcoxon zeros"
)
@pytest.mark.parametrize("case", R["signed"])
@pytest.mark.parametrize(("zeros", "key"), [("pratt", "pratt"), ("wilcox", "wilcoxon")])
def test_exact_and_asymptotic_p_agree_with_coin(case, zeros, key):
    for side in SIDES:
        found = signed_rank(case["before"], case["after"], zeros=zeros, alternative=side)
        # coin stores exact p-values to about 1e-9.
        assert found.p_value == pytest.approx(case[key][side.replace("-", "_")], rel=1e-8)
    normal = signed_rank(case["before"], case["after"], zeros=zeros, p="asymptotic")
    assert normal.p_value == pytest.approx(case[key]["asymptotic"], rel=1e-10)
    assert normal.smallest_p is None


@pytest.mark.proof(method="signed_rank", kind="R", source="R 4.2.2, stats::wilcox.test(exact = TRUE), no ties")
@pytest.mark.parametrize("case", R["untied"])
def test_exact_p_agrees_with_wilcox_test_without_ties(case):
    found = signed_rank(case["before"], case["after"])
    assert found.statistic == case["statistic"]
    assert found.p_value == pytest.approx(case["p"], rel=1e-12)


@pytest.mark.proof(
    method="signed_rank", kind="published", source="Hollander and Wolfe, depression scores: V = 40, p = 0.01953"
)
def test_depression_scores():
    data = R["depression"]
    found = signed_rank(data["second"], data["first"], alternative="greater")
    assert found.statistic == 40
    assert found.p_value == pytest.approx(0.01953125, rel=1e-12)
    assert found.p_value == pytest.approx(data["p_greater"], rel=1e-12)


@pytest.mark.proof(
    method="signed_rank", kind="published", source="Cushny and Peebles, sleep: V = 0, p = 0.009091 with correction"
)
def test_sleep():
    data = R["sleep"]
    found = signed_rank(data["second"], data["first"], zeros="wilcox", p="asymptotic", continuity=True)
    assert (found.statistic, found.n, found.n_zero) == (0.0, 10, 1)
    assert found.p_value == pytest.approx(data["p"], rel=1e-10)
    assert found.p_value == pytest.approx(0.009091, abs=5e-7)  # printed to 6 digits
    assert "with continuity correction" in found.method


@pytest.mark.proof(method="signed_rank", kind="published", source="seven pairs, all rising: 2 in 128")
def test_seven_pairs_cannot_go_below_two_in_128():
    # CMAS of seven children at weeks 0 and 24.
    before, after = [29, 44, 41, 20, 43, 41, 44], [45, 52, 50, 45, 52, 51, 50]
    found = signed_rank(before, after)
    assert (found.statistic, found.negative) == (28.0, 0.0)
    assert found.p_value == found.smallest_p == 0.015625
    assert sign_test(before, after).p_value == sign_test(before, after).smallest_p == 0.015625


@pytest.mark.proof(method="signed_rank", kind="edge", source="decimal scores whose differences are unequal in binary")
def test_equal_recorded_changes_are_tied_though_binary_differs():
    assert 4.0 - 3.9 != 5.5 - 5.4
    changes = paired_changes([3.9, 5.4, 5.7], [4.0, 5.5, 5.6])
    assert changes.steps.tolist() == [10**8, 10**8, -(10**8)]
    # Three changes of equal size: every rank is 2, and one fall of three is as near to the middle as can be.
    assert signed_rank([3.9, 5.4, 5.7], [4.0, 5.5, 5.6]).p_value == 1.0


@pytest.mark.proof(method="signed_rank", kind="property", source="swapping before and after mirrors the test")
@settings(deadline=None)
@given(CHANGES)
def test_swapping_before_and_after_mirrors(changes):
    before = list(range(len(changes)))
    after = [b + c for b, c in zip(before, changes, strict=True)]
    for zeros in ("pratt", "wilcox"):
        found, swapped = signed_rank(before, after, zeros=zeros), signed_rank(after, before, zeros=zeros)
        assert (found.positive, found.negative) == (swapped.negative, swapped.positive)
        assert found.p_value == swapped.p_value
        upper = signed_rank(before, after, zeros=zeros, alternative="greater")
        assert upper.p_value == signed_rank(after, before, zeros=zeros, alternative="less").p_value


@pytest.mark.proof(method="signed_rank", kind="property", source="the p-value never falls below the least one")
@settings(deadline=None)
@given(CHANGES)
def test_p_is_between_the_least_p_and_one(changes):
    found = signed_rank([0] * len(changes), changes)
    assert found.smallest_p <= found.p_value <= 1.0
    assert found.smallest_p == min(1.0, 2.0 ** (1 - sum(c != 0 for c in changes)))


@pytest.mark.proof(method="signed_rank", kind="scipy", source="scipy.stats.wilcoxon(method='exact'), no ties or zeros")
def test_exact_p_agrees_with_scipy_without_ties():
    from scipy.stats import wilcoxon

    changes = np.random.default_rng(5).permutation(np.arange(1, 41)) * np.where(np.arange(40) % 3 == 0, -1, 1)
    assert signed_rank(np.zeros(40), changes).p_value == pytest.approx(
        wilcoxon(changes, method="exact").pvalue, rel=1e-9
    )


@pytest.mark.proof(method="signed_rank", kind="property", source="exact and normal p-values meet as n grows")
def test_exact_and_normal_p_meet_for_many_pairs():
    changes = np.random.default_rng(8).integers(-9, 11, 800)
    exact, normal = (signed_rank(np.zeros(800), changes, p=p).p_value for p in ("exact", "asymptotic"))
    assert exact == pytest.approx(normal, rel=0.01)  # the next term of the expansion is of order 1/n


@pytest.mark.proof(method="signed_rank", kind="edge", source="no pair, no change, missing values")
def test_edges():
    found = signed_rank([1, 2, np.nan, 4], [1, 2, 3, np.nan])
    assert (found.n, found.n_missing, found.n_zero) == (2, 2, 2)
    assert (found.statistic, found.p_value, found.smallest_p) == (0.0, 1.0, 1.0)
    assert found.note == "no pair changed"
    assert signed_rank([1, 2], [1, 2], p="asymptotic").p_value == 1.0
    assert signed_rank([1], [4]).p_value == 1.0
    for test in (signed_rank, sign_test):
        with pytest.raises(NotEstimableError, match="1 pairs lack a value"):
            test([np.nan], [1.0])
        with pytest.raises(NotEstimableError, match="no complete pair"):
            test([], [])


def test_arguments_are_checked():
    with pytest.raises(StatisticsError, match="before has 2 values and after has 1"):
        signed_rank([1, 2], [1])
    with pytest.raises(StatisticsError, match="zeros is 'drop'"):
        signed_rank([1], [2], zeros="drop")
    with pytest.raises(StatisticsError, match="p is 'auto'"):
        signed_rank([1], [2], p="auto")
    with pytest.raises(StatisticsError, match="alternative"):
        signed_rank([1], [2], alternative="up")
    with pytest.raises(StatisticsError, match="cannot be used"):
        signed_rank([1], [np.inf])
    with pytest.raises(StatisticsError, match="vanish"):
        signed_rank([0, 0], [1e-11, 1])
    with pytest.raises(StatisticsError, match="fewer decimals"):
        signed_rank([0], [1e8])
    with pytest.raises(StatisticsError, match="decimals is 13"):
        signed_rank([0], [1], decimals=13)
    with pytest.raises(StatisticsError, match="1001 pairs changed"):
        signed_rank(np.zeros(1001), np.ones(1001))


@pytest.mark.proof(method="sign_test", kind="R", source="R 4.2.2, stats::binom.test(9, 12), entered by hand")
def test_sign_test_equals_the_binomial_test():
    found = sign_test([0] * 14, [1] * 9 + [-1] * 3 + [0] * 2)
    assert found.p_value == pytest.approx(0.14599609375, rel=1e-12)
    assert (found.statistic, found.negative, found.n_zero, found.n) == (9.0, 3.0, 2, 14)


@pytest.mark.proof(method="sign_test", kind="independent", source="all 2^n sign patterns, by itertools")
@pytest.mark.parametrize("alternative", SIDES)
@settings(deadline=None)
@given(changes=st.lists(st.integers(-2, 2), min_size=1, max_size=8))
def test_sign_test_equals_enumeration(alternative, changes):
    size, ups = sum(c != 0 for c in changes), sum(c > 0 for c in changes)
    counts = [sum(pattern) for pattern in itertools.product((0, 1), repeat=size)]
    far = {
        "two-sided": [abs(2 * c - size) >= abs(2 * ups - size) for c in counts],
        "greater": [c >= ups for c in counts],
        "less": [c <= ups for c in counts],
    }[alternative]
    found = sign_test([0] * len(changes), changes, alternative=alternative)
    assert found.p_value == pytest.approx(sum(far) / len(counts), rel=1e-12)


@pytest.mark.proof(method="sign_test", kind="edge", source="nobody changed")
def test_sign_test_without_change():
    found = sign_test([1, 2], [1, 2])
    assert (found.p_value, found.note) == (1.0, "no pair changed")


@pytest.mark.proof(
    method="signed_rank",
    kind="published",
    source="datarium selfesteem, three visits: exact p 0.001953, 0.001953, 0.003906",
)
def test_self_esteem_over_three_visits():
    data = Path(__file__).parents[1] / "reference" / "data" / "rank_tests.json"
    visits = list(zip(*json.loads(data.read_text())["data"]["self_esteem"]["x"], strict=True))
    for first, second, printed in ((0, 1, 0.001953), (0, 2, 0.001953), (1, 2, 0.003906)):
        found = signed_rank(visits[first], visits[second])
        assert found.p_value == pytest.approx(printed, abs=5e-7)
        assert found.smallest_p == 2 / 2**10
