"""The rank-sum test of two groups and its shift."""

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
from myosotis.statistics.groups.rank_sum import rank_sum, rank_sum_shift

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "ranks.json").read_text())
SIDES = ["two-sided", "greater", "less"]
SMALL = st.lists(st.integers(0, 4), min_size=1, max_size=5)


@pytest.mark.proof(
    method="rank_sum",
    kind="published",
    source="Hollander and Wolfe, permeability: W = 35, p = 0.1272 one-sided, 0.2544 two-sided",
)
def test_permeability():
    data = R["permeability"]
    found = rank_sum(data["at_term"], data["early"])
    upper = rank_sum(data["at_term"], data["early"], alternative="greater")
    assert found.statistic == data["statistic"] == 35
    assert [upper.p_value, found.p_value] == pytest.approx([0.1272, 0.2544], abs=5e-5)  # printed to 4 digits
    assert [upper.p_value, found.p_value] == pytest.approx([data["p_greater"], data["p"]], rel=1e-10)


@pytest.mark.proof(
    method="rank_sum_shift", kind="published", source="Hollander and Wolfe, permeability: 0.305 (-0.15, 0.76)"
)
def test_permeability_shift():
    data = R["permeability"]
    found = rank_sum_shift(data["at_term"], data["early"])
    assert [found.estimate, found.low, found.high] == pytest.approx([0.305, -0.15, 0.76], rel=1e-12)
    assert [found.low, found.high] == pytest.approx(data["interval"], rel=1e-10)


@pytest.mark.proof(method="rank_sum", kind="R", source="R 4.2.2, coin 1.4-2, wilcox_test(distribution = 'exact'), ties")
@pytest.mark.parametrize("case", R["two_groups"])
def test_rank_sum_agrees_with_coin(case):
    first, second = case["first"], case["second"]
    assert rank_sum(first, second).p_value == pytest.approx(case["two_sided"], rel=1e-8)
    assert rank_sum(first, second, alternative="greater").p_value == pytest.approx(case["greater"], rel=1e-8)
    assert rank_sum(first, second, p="asymptotic").p_value == pytest.approx(case["asymptotic"], rel=1e-10)


@pytest.mark.proof(method="rank_sum", kind="independent", source="all divisions of exact mid-ranks, by itertools")
@pytest.mark.parametrize("alternative", SIDES)
@settings(deadline=None)
@given(first=SMALL, second=SMALL)
def test_rank_sum_equals_enumeration(alternative, first, second):
    values = first + second
    ranks = [Fraction(2 * sum(e < v for e in values) + sum(e == v for e in values) + 1, 2) for v in values]
    mean, observed = sum(ranks) * len(first) / len(values), sum(ranks[: len(first)])
    sums = [sum(c) for c in itertools.combinations(ranks, len(first))]
    far = {
        "two-sided": lambda s, o: abs(s - mean) >= abs(o - mean),
        "greater": lambda s, o: s >= o,
        "less": lambda s, o: s <= o,
    }[alternative]
    found = rank_sum(first, second, alternative=alternative)
    assert found.p_value == pytest.approx(sum(far(s, observed) for s in sums) / len(sums), rel=1e-12)
    least = min(sum(far(s, o) for s in sums) for o in set(sums)) / len(sums)
    assert found.smallest_p == pytest.approx(least, rel=1e-12)
    pairs = [Fraction(1, 2) if a == b else Fraction(a > b) for a in first for b in second]
    assert found.statistic == float(sum(pairs))


@pytest.mark.proof(method="rank_sum_shift", kind="property", source="swapping groups mirrors")
@pytest.mark.proof(method="rank_sum", kind="property", source="swapping groups mirrors")
@settings(deadline=None)
@given(first=SMALL, second=SMALL)
def test_swapping_groups_mirrors(first, second):
    found, swapped = rank_sum(first, second), rank_sum(second, first)
    assert found.p_value == pytest.approx(swapped.p_value, rel=1e-12)
    assert found.statistic + swapped.statistic == len(first) * len(second)
    here, there = rank_sum_shift(first, second), rank_sum_shift(second, first)
    assert here.estimate == -there.estimate
    if here.low is not None:
        assert [here.low, here.high] == [-there.high, -there.low]


@pytest.mark.proof(method="rank_sum_shift", kind="edge", source="one patient each, empty")
@pytest.mark.proof(
    method="rank_sum_shift", kind="independent", source="differences tried one by one against the exact test, no ties"
)
@settings(deadline=None, max_examples=40)
@given(
    first=st.lists(st.integers(-300, 300), min_size=4, max_size=6),
    second=st.lists(st.integers(-300, 300), min_size=4, max_size=6),
)
def test_shift_interval_holds_the_shifts_that_the_test_does_not_reject(first, second):
    # The added fractions differ in every pair, so that no two differences are equal.
    first = [7 * v + i / 64 for i, v in enumerate(first)]
    second = [7 * v + i / 4096 + 1 / 3 for i, v in enumerate(second)]
    grid = sorted(a - b for a in first for b in second)
    gaps = [(low + high) / 2 for low, high in itertools.pairwise(grid) if high - low > 1e-7]
    kept = [g for g in gaps if rank_sum([a - g for a in first], second).p_value > 0.1]
    found = rank_sum_shift(first, second, conf_level=0.9)
    assert found.low < min(kept)
    assert max(kept) < found.high
    dropped = [g for g in gaps if g not in kept]
    assert not [g for g in dropped if found.low < g < found.high]
    assert found.estimate == pytest.approx(np.median(grid), rel=1e-8, abs=1e-8)


@pytest.mark.proof(method="rank_sum", kind="edge", source="all tied, one patient each, missing, empty")
def test_edges():
    tied = rank_sum([3, 3], [3, 3, 3])
    assert (tied.p_value, tied.smallest_p) == (1.0, 1.0)
    assert rank_sum([3, 3], [3], p="asymptotic").p_value == 1.0
    assert rank_sum([1], [2]).p_value == 1.0
    assert rank_sum([1, np.nan], [2, 4]).n_missing == 1
    assert rank_sum_shift([1], [2]).low is None
    for test in (rank_sum, rank_sum_shift):
        with pytest.raises(NotEstimableError, match="first holds no value"):
            test([np.nan], [2])
    with pytest.raises(StatisticsError, match="kept to 200"):
        rank_sum(range(150), range(60))
    with pytest.raises(StatisticsError, match="fewer decimals"):
        rank_sum([1e9], [2])
