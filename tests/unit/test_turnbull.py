"""Turnbull's curve for events seen only between visits."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.time_to_event.survival import kaplan_meier
from myosotis.statistics.time_to_event.turnbull import turnbull

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "survival.json").read_text())["turnbull"]
INTERVALS = st.lists(
    st.tuples(st.integers(0, 6), st.one_of(st.just(inf), st.integers(0, 5))), min_size=1, max_size=14
).map(lambda pairs: [(low, low + width) for low, width in pairs])


def ends(values):
    return [inf if value == "Inf" else value for value in values]


def likelihood(pairs, found, mass):
    total = 0.0
    for low, high in pairs:
        chance = 0.0
        for left, right, weight in zip(found.left, found.right, mass, strict=True):
            at_point = left == right == low
            inside = at_point if low == high else left >= low and right <= high and not at_point
            chance += weight * inside
        total += np.log(chance)
    return total


@pytest.mark.proof(method="turnbull", kind="R", source="R 4.2.2, npsurv 0.5-0, npsurv()")
@pytest.mark.parametrize("name", R)
def test_masses_agree_with_npsurv(name):
    case = R[name]
    found = turnbull(ends(case["left"]), ends(case["right"]))
    assert found.log_likelihood == pytest.approx(case["log_likelihood"], rel=1e-10)
    assert found.left == tuple(case["begins"])
    assert found.right == tuple(ends(case["ends"]))
    # The likelihood is flat at its top, so masses agree to the root of the precision reached.
    assert found.mass == pytest.approx(case["mass"], abs=1e-7)


@pytest.mark.proof(
    method="turnbull",
    kind="published",
    source="Finkelstein and Wolfe 1985, breast cosmesis, radiotherapy; Klein and Moeschberger 5.2",
)
def test_breast_cosmesis():
    case = R["cosmesis"]
    found = turnbull(ends(case["left"]), ends(case["right"]))
    assert found.mass == pytest.approx([0.046, 0.033, 0.089, 0.071, 0.093, 0.082, 0.121, 0.466], abs=5.1e-4)
    assert found.survival_bounds(46) == pytest.approx((0.466, 0.466), abs=5.1e-4)


@pytest.mark.proof(
    method="turnbull", kind="independent", source="self-consistency equations run ten thousand times from equal masses"
)
@pytest.mark.parametrize("name", R)
def test_masses_are_the_fixed_point_of_self_consistency(name):
    case = R[name]
    lows, highs = np.array(ends(case["left"])), np.array(ends(case["right"]))
    points = sorted({(a, b) for a in lows for b in highs if a < b} | {(a, a) for a in lows[lows == highs]})
    table = np.array(
        [
            [
                (a >= low and b <= high and not (a == b == low < high)) if low < high else a == b == low
                for a, b in points
            ]
            for low, high in zip(lows, highs, strict=True)
        ],
        dtype=float,
    )
    mass = np.full(len(points), 1 / len(points))
    for _ in range(10_000):
        mass = mass * (table.T @ (1 / (table @ mass))) / lows.size
    reached = np.log(table @ mass).sum()
    found = turnbull(lows, highs)
    # The iteration approaches the top from below, slowly.
    assert reached <= found.log_likelihood + 1e-9
    assert reached == pytest.approx(found.log_likelihood, abs=1e-3)


@pytest.mark.proof(
    method="turnbull", kind="property", source="Karush-Kuhn-Tucker conditions, written out for every interval"
)
@settings(deadline=None)
@given(INTERVALS)
def test_no_mass_elsewhere_would_raise_the_likelihood(pairs):
    lows, highs = zip(*pairs, strict=True)
    found = turnbull(lows, highs)
    assert sum(found.mass) == pytest.approx(1.0, abs=1e-12)
    assert min(found.mass) > 0.0
    assert found.gap <= 1e-11 * len(pairs)
    top = likelihood(pairs, found, found.mass)
    assert top == pytest.approx(found.log_likelihood, abs=1e-9)
    for i in range(len(found.mass)):
        for share in (0.01, 0.3):
            moved = [(1 - share) * m for m in found.mass]
            moved[i] += share
            assert likelihood(pairs, found, moved) <= top + 1e-9


@pytest.mark.proof(method="turnbull", kind="property", source="with exact times it is the Kaplan-Meier curve")
@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.booleans()), min_size=1, max_size=20))
def test_exact_and_censored_times_give_kaplan_meier(pairs):
    times, events = [t for t, _ in pairs], [e for _, e in pairs]
    found = turnbull(times, [t if e else inf for t, e in pairs])
    curve = kaplan_meier(times, events)
    for moment, height in zip(curve.time, curve.survival, strict=True):
        if events[times.index(moment)] or height > 0:
            low, high = found.survival_bounds(moment)
            assert low - 1e-6 <= height <= high + 1e-6
            if any(e and t == moment for t, e in pairs):
                assert high == pytest.approx(height, abs=1e-6)


@pytest.mark.proof(
    method="turnbull", kind="property", source="the unit of time and the order of patients do not matter"
)
@settings(deadline=None)
@given(INTERVALS)
def test_unit_and_order_do_not_matter(pairs):
    lows, highs = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    found, turned = turnbull(lows, highs), turnbull(7 * lows[::-1], 7 * highs[::-1])
    assert turned.log_likelihood == pytest.approx(found.log_likelihood, abs=1e-9)


@pytest.mark.proof(method="turnbull", kind="edge", source="all censored, one patient, equal intervals, flat likelihood")
def test_edges():
    never = turnbull([5, 3], [inf, inf])
    assert (never.left, never.right, never.mass) == ((5.0,), (inf,), (1.0,))
    assert (never.survival_bounds(5), never.survival_bounds(6)) == ((1.0, 1.0), (0.0, 1.0))
    one = turnbull([4], [12])
    assert (one.survival_bounds(4), one.survival_bounds(8), one.survival_bounds(12)) == ((1, 1), (0, 1), (0, 0))
    point = turnbull([2, 5], [5, 5])
    assert (point.left, point.right, point.mass) == ((5.0,), (5.0,), (1.0,))
    assert turnbull([5, 5], [5, 9]).mass == (0.5, 0.5)


@pytest.mark.proof(
    method="turnbull", kind="property", source="full column rank of the incidence of innermost intervals"
)
@settings(deadline=None)
@given(INTERVALS.filter(lambda pairs: all(low < high for low, high in pairs)))
def test_masses_are_unique(pairs):
    lows, highs = zip(*pairs, strict=True)
    cells = [
        (low, high)
        for low in set(lows)
        for high in set(highs)
        if low < high and not any(low < other < high for other in (*lows, *highs))
    ]
    table = np.array([[low <= a and b <= high for a, b in cells] for low, high in pairs], dtype=float)
    assert np.linalg.matrix_rank(table) == len(cells)
    assert set(zip(turnbull(lows, highs).left, turnbull(lows, highs).right, strict=True)) <= set(cells)


@pytest.mark.proof(method="turnbull", kind="edge", source="arguments")
def test_arguments_are_checked():
    with pytest.raises(NotEstimableError, match="no patient"):
        turnbull([], [])
    for lows, highs in (([3], [2]), ([-1], [2]), ([float("nan")], [2]), ([1], [float("nan")]), ([inf], [inf])):
        with pytest.raises(StatisticsError, match="end before they begin"):
            turnbull(lows, highs)
    with pytest.raises(StatisticsError, match="shape"):
        turnbull([1, 2], [3])
    with pytest.raises(StatisticsError, match="tolerance"):
        turnbull([1], [2], tolerance=0)
    with pytest.raises(StatisticsError, match="time is -1"):
        turnbull([1], [2]).survival_bounds(-1)
