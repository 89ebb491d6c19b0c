"""Westfall-Young max-t permutation."""

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
from myosotis.statistics.multiplicity.max_t import max_t
from myosotis.statistics.paired.signed_rank import signed_rank

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "ranks.json").read_text())["max_t"]
TABLES = st.integers(1, 3).flatmap(
    lambda k: st.lists(
        st.lists(st.one_of(st.none(), st.integers(-4, 5)), min_size=k, max_size=k), min_size=2, max_size=6
    )
)


def by_enumeration(rows):
    """Compare squared statistics in exact fractions over every sign pattern of patients; step down by hand."""
    columns = range(len(rows[0]))
    lengths = [sum(r[j] ** 2 for r in rows if r[j] is not None) for j in columns]

    def squared(signs):
        sums = [sum(s * r[j] for s, r in zip(signs, rows, strict=True) if r[j] is not None) for j in columns]
        return [Fraction(v * v, q) if q else Fraction(0) for v, q in zip(sums, lengths, strict=True)]

    observed = squared([1] * len(rows))
    patterns = [squared(signs) for signs in itertools.product((-1, 1), repeat=len(rows))]
    single = [sum(max(p) >= o for p in patterns) / len(patterns) for o in observed]
    order, down, last = sorted(columns, key=lambda j: -observed[j]), [0.0] * len(observed), 0.0
    for place, j in enumerate(order):
        left = order[place:]
        # Columns with equal statistics are one step, whatever their order.
        left = [i for i in columns if observed[i] <= observed[j]] if place else left
        last = max(last, sum(max(p[i] for i in left) >= observed[j] for p in patterns) / len(patterns))
        down[j] = last
    return single, down, [sum(p[j] >= observed[j] for p in patterns) / len(patterns) for j in columns]


@pytest.mark.proof(method="max_t", kind="R", source="R 4.2.2, every sign pattern of 12 patients by expand.grid")
def test_exact_values_agree_with_r():
    found = max_t({"first": np.array(R["changes"])[:, :3], "second": np.array(R["changes"])[:, 3:]})
    assert found.statistic == pytest.approx(R["statistic"], rel=1e-12)
    assert found.p_single_step == pytest.approx(R["single_step"], rel=1e-12)
    assert found.p_step_down == pytest.approx(R["step_down"], rel=1e-12)
    assert (found.p_kind, found.flips, found.smallest_p) == ("exact", 4096, 2 / 4096)
    assert found.names == tuple((name, column) for name in ("first", "second") for column in range(3))


@pytest.mark.proof(
    method="max_t", kind="R", source="R 4.2.2, coin 1.4-2, symmetry_test(teststat = 'maximum'), 200000 resamples"
)
def test_values_agree_with_the_monte_carlo_values_of_coin():
    found = max_t([R["changes"]])
    for ours, theirs in ((found.p_single_step, R["coin_single_step"]), (found.p_step_down, R["coin_step_down"])):
        errors = np.sqrt(np.array(ours) * (1 - np.array(ours)) / 200_000)
        assert (np.abs(np.subtract(ours, theirs)) <= 4 * errors + 1e-12).all()


@pytest.mark.proof(
    method="max_t", kind="independent", source="every sign pattern in exact fractions, with missing visits and ties"
)
@settings(deadline=None)
@given(TABLES.filter(lambda rows: all(any(r[j] is not None for r in rows) for j in range(len(rows[0])))))
def test_exact_values_equal_enumeration(rows):
    single, down, alone = by_enumeration(rows)
    table = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)
    found = max_t({"score": table})
    assert found.p_single_step == pytest.approx(single, rel=1e-12)
    assert found.p_step_down == pytest.approx(down, rel=1e-12)
    assert found.p_unadjusted == pytest.approx(alone, rel=1e-12)


@pytest.mark.proof(method="max_t", kind="property", source="one column of signed ranks is the signed-rank test")
@settings(deadline=None)
@given(st.lists(st.integers(-6, 6), min_size=1, max_size=10))
def test_one_column_of_signed_ranks_is_the_signed_rank_test(changes):
    found = max_t([changes], scores="signed_rank")
    expected = signed_rank([0] * len(changes), changes).p_value
    assert found.p_single_step[0] == pytest.approx(expected, rel=1e-12)
    assert found.p_single_step == found.p_step_down == found.p_unadjusted


@pytest.mark.proof(
    method="max_t", kind="property", source="order of the three p-values; a doubled column costs nothing"
)
@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(-5, 6)] * 3), min_size=3, max_size=8))
def test_adjustment_orders_and_knows_dependence(rows):
    found = max_t([rows])
    for alone, down, single in zip(found.p_unadjusted, found.p_step_down, found.p_single_step, strict=True):
        assert found.smallest_p <= alone <= down <= single <= 1.0
    doubled = max_t([np.hstack([rows, 10 * np.array(rows)])])
    assert doubled.p_single_step[:3] == pytest.approx(found.p_single_step, rel=1e-12)
    mirrored = max_t([-np.array(rows)])
    assert mirrored.p_step_down == found.p_step_down


@pytest.mark.proof(
    method="max_t", kind="independent", source="Monte Carlo against the exact values, within its standard errors"
)
def test_monte_carlo_is_near_the_exact_values_and_repeats():
    exact = max_t([R["changes"]])
    drawn = max_t([R["changes"]], exact_up_to=5, resamples=40_000, seed=11)
    assert (drawn.p_kind, drawn.seed, drawn.flips) == ("monte_carlo", 11, 40_000)
    for p, truth, error in zip(drawn.p_single_step, exact.p_single_step, drawn.single_step_standard_error, strict=True):
        assert abs(p - truth) <= 4.5 * error + 1 / 40_000
    for p, truth, error in zip(drawn.p_step_down, exact.p_step_down, drawn.step_down_standard_error, strict=True):
        assert abs(p - truth) <= 4.5 * error + 1 / 40_000
    assert drawn == max_t([R["changes"]], exact_up_to=5, resamples=40_000, seed=11)
    assert drawn != max_t([R["changes"]], exact_up_to=5, resamples=40_000, seed=12)
    assert drawn.smallest_p == 1 / 40_001


@pytest.mark.proof(method="max_t", kind="property", source="family-wise error over every sign pattern of fixed sizes")
def test_single_step_keeps_the_family_wise_error():
    sizes = np.array([[1, 3], [2, 2], [4, 1], [3, 5], [2, 4], [5, 2]])
    rejected = 0
    for signs in itertools.product((-1, 1), repeat=6):
        found = max_t([sizes * np.array(signs)[:, None]])
        rejected += min(found.p_single_step) <= 0.10
    assert rejected / 64 <= 0.10


@pytest.mark.proof(method="max_t", kind="edge", source="nobody changed, one patient, missing column")
def test_edges():
    still = max_t({"cmas": [[0, 1], [0, 2], [0, 3]]})
    assert (still.statistic[0], still.p_single_step[0], still.p_step_down[0]) == (0.0, 1.0, 1.0)
    assert still.p_single_step[1] == 0.25
    nothing = max_t([[0, 0]])
    assert (nothing.p_single_step, nothing.flips) == ((1.0,), 1)
    assert max_t([[5.0]]).p_single_step == (1.0,)
    gaps = max_t([[[1, np.nan], [2, np.nan], [np.nan, np.nan], [3, 4]]])
    assert (gaps.n, gaps.patients) == ((3, 1), 3)
    with pytest.raises(NotEstimableError, match="cmas column 1"):
        max_t({"cmas": [[1, np.nan], [2, np.nan]]})
    with pytest.raises(StatisticsError, match="has 2 rows and the first endpoint 3"):
        max_t([[1, 2, 3], [1, 2]])
    with pytest.raises(StatisticsError, match="no column"):
        max_t({})
    with pytest.raises(StatisticsError, match="finite changes"):
        max_t([[1, np.inf]])
    with pytest.raises(StatisticsError, match="exact_up_to is 30"):
        max_t([[1, 2]], exact_up_to=30)
    with pytest.raises(StatisticsError, match="scores"):
        max_t([[1, 2]], scores="ranks")
