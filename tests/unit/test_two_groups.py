"""Yes-or-no outcomes and categories in independent groups."""

from __future__ import annotations

import json
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.groups.contingency import chi_square
from myosotis.statistics.groups.two_groups import barnard, boschloo, fisher_exact

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "counts.json").read_text())
SIDES = ["two-sided", "greater", "less"]
CELLS = st.tuples(*[st.integers(0, 6)] * 4).filter(lambda c: c[0] + c[1] > 0 and c[2] + c[3] > 0)
GROUPS = [(3, 4), (5, 5), (2, 7), (6, 3)]


def square(cells):
    return [[cells[0], cells[1]], [cells[2], cells[3]]]


def fisher_in_fractions(a, b, first, second, side):
    events, size = a + b, first + second

    def mass(k):
        return Fraction(comb(first, k) * comb(second, events - k), comb(size, events))

    possible = range(max(0, events - second), min(first, events) + 1)
    keep = {
        "two-sided": lambda k: mass(k) <= mass(a),
        "greater": lambda k: k >= a,
        "less": lambda k: k <= a,
    }[side]
    return sum(mass(k) for k in possible if keep(k))


def squared_score(a, b, first, second):
    pooled = Fraction(a + b, first + second)
    variance = pooled * (1 - pooled) * (Fraction(1, first) + Fraction(1, second))
    difference = Fraction(a, first) - Fraction(b, second)
    score = Fraction(0) if variance == 0 else difference**2 / variance
    return score if difference >= 0 else -score


def largest_chance(outcomes, first, second):
    """Add every outcome of the region over a fine grid of common proportions."""
    grid = np.linspace(0, 1, 20_001)
    total = sum(
        comb(first, a) * comb(second, b) * grid ** (a + b) * (1 - grid) ** (first + second - a - b) for a, b in outcomes
    )
    return float(np.max(total))


@pytest.mark.proof(method="fisher_exact", kind="R", source="R 4.2.2, stats::fisher.test")
@pytest.mark.parametrize("case", R["groups"])
def test_fisher_agrees_with_r(case):
    for side in SIDES:
        found = fisher_exact(case["table"], alternative=side)
        assert found.p_value == pytest.approx(case[side.replace("-", "_")], rel=1e-9)
    pairs = zip(
        (found.odds_ratio, found.odds_ratio_low, found.odds_ratio_high),
        (case["odds_ratio"], *case["interval"]),
        strict=True,
    )
    for value, key in pairs:
        if key == "Inf":
            assert value is None
        else:
            # fisher.test finds a ratio, or its inverse above 1, with uniroot to the default 1.2e-4.
            scale = max(1.0, key)
            assert value / scale**2 == pytest.approx(key / scale**2, abs=1.3e-4)


@pytest.mark.proof(
    method="fisher_exact",
    kind="published",
    source="Fisher's tea; MRC streptomycin 1948; indomethacin trial, Elmunzer 2012",
)
@pytest.mark.parametrize(
    ("table", "side", "p_value", "digits"),
    [
        ([[3, 1], [1, 3]], "greater", 0.2429, 4),
        ([[3, 1], [1, 3]], "two-sided", 0.4857, 4),
        ([[28, 27], [4, 48]], "two-sided", 6.777e-07, 10),
        ([[4, 51], [14, 38]], "two-sided", 0.008993, 6),
        ([[27, 268], [52, 255]], "two-sided", 0.005339, 6),
    ],
)
def test_fisher_gives_printed_values(table, side, p_value, digits):
    assert fisher_exact(table, alternative=side).p_value == pytest.approx(p_value, abs=0.51 * 10**-digits)


@pytest.mark.proof(method="fisher_exact", kind="independent", source="hypergeometric sums in exact fractions")
@pytest.mark.parametrize("side", SIDES)
@settings(deadline=None)
@given(cells=CELLS)
def test_fisher_equals_exact_sums(side, cells):
    a, b, c, d = cells
    exact = fisher_in_fractions(a, c, a + b, c + d, side)
    found = fisher_exact(square(cells), alternative=side)
    assert found.p_value == pytest.approx(float(exact), rel=1e-10)
    events = a + c
    possible = range(max(0, events - c - d), min(a + b, events) + 1)
    least = min(fisher_in_fractions(k, events - k, a + b, c + d, side) for k in possible)
    assert found.smallest_p == pytest.approx(float(least), rel=1e-10)


@pytest.mark.proof(
    method="fisher_exact", kind="property", source="odds ratio solves its likelihood equation, limits their tails"
)
@pytest.mark.parametrize("table", [[[7, 3], [2, 8]], [[5, 9], [6, 4]]])
def test_fisher_odds_ratio_is_conditional(table):
    first, second, events = sum(table[0]), sum(table[1]), table[0][0] + table[1][0]
    possible = np.arange(max(0, events - second), min(first, events) + 1)
    weight = np.array([comb(first, int(k)) * comb(second, events - int(k)) for k in possible], dtype=float)
    found = fisher_exact(table)

    def chances(ratio):
        mass = weight * ratio ** possible.astype(float)
        return mass / mass.sum()

    assert (chances(found.odds_ratio) * possible).sum() == pytest.approx(table[0][0], rel=1e-8)
    assert chances(found.odds_ratio_low)[possible >= table[0][0]].sum() == pytest.approx(0.025, rel=1e-6)
    assert chances(found.odds_ratio_high)[possible <= table[0][0]].sum() == pytest.approx(0.025, rel=1e-6)


@pytest.mark.proof(
    method="boschloo",
    kind="independent",
    source="all outcomes ordered by Fisher's p in exact fractions, fine grid of proportions",
)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("first", "second"), GROUPS)
def test_boschloo_equals_enumeration(first, second, side):
    p_values = {
        (a, b): fisher_in_fractions(a, b, first, second, side) for a in range(first + 1) for b in range(second + 1)
    }
    for (a, b), observed in list(p_values.items())[::3]:
        region = [cell for cell, p in p_values.items() if p <= observed]
        found = boschloo([[a, first - a], [b, second - b]], alternative=side)
        # The grid of the enumeration misses the top by at most its curvature times (5e-5)^2.
        assert found.p_value == pytest.approx(largest_chance(region, first, second), abs=1e-6)
        assert found.statistic == pytest.approx(float(observed), rel=1e-9)


@pytest.mark.proof(
    method="barnard", kind="independent", source="all outcomes ordered by exact score, fine grid of proportions"
)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("first", "second"), GROUPS)
def test_barnard_equals_enumeration(first, second, side):
    scores = {(a, b): squared_score(a, b, first, second) for a in range(first + 1) for b in range(second + 1)}
    turn = {"two-sided": abs, "greater": lambda s: s, "less": lambda s: -s}[side]
    for (a, b), observed in list(scores.items())[::3]:
        region = [cell for cell, score in scores.items() if turn(score) >= turn(observed)]
        found = barnard([[a, first - a], [b, second - b]], alternative=side)
        assert found.p_value == pytest.approx(largest_chance(region, first, second), abs=1e-6)


@pytest.mark.proof(method="barnard", kind="scipy", source="scipy.stats.barnard_exact, whose columns are the groups")
@pytest.mark.parametrize("cells", [(7, 3, 2, 8), (4, 51, 14, 38), (1, 4, 6, 2)])
def test_barnard_agrees_with_scipy(cells):
    from scipy.stats import barnard_exact

    for side in SIDES:
        theirs = barnard_exact(np.transpose(square(cells)), alternative=side, n=64).pvalue
        assert barnard(square(cells), alternative=side).p_value == pytest.approx(theirs, rel=1e-8)


@pytest.mark.proof(
    method="boschloo", kind="scipy", source="scipy.stats.boschloo_exact, one-sided, whose columns are the groups"
)
@pytest.mark.parametrize("cells", [(7, 3, 2, 8), (4, 51, 14, 38), (7, 12, 8, 3), (1, 4, 6, 2)])
def test_one_sided_boschloo_agrees_with_scipy(cells):
    from scipy.stats import boschloo_exact

    for side in ("greater", "less"):
        theirs = boschloo_exact(np.transpose(square(cells)), alternative=side, n=64).pvalue
        assert boschloo(square(cells), alternative=side).p_value == pytest.approx(theirs, rel=1e-8)


@pytest.mark.proof(
    method="barnard",
    kind="independent",
    source="7 of 19 against 8 of 11, where scipy 1.17 finds 0.0598: exact order, fine grid",
)
def test_barnard_counts_outcomes_tied_in_score():
    scores = {(a, b): abs(squared_score(a, b, 19, 11)) for a in range(20) for b in range(12)}
    region = [cell for cell, score in scores.items() if score >= scores[7, 8]]
    assert barnard([[7, 12], [8, 3]]).p_value == pytest.approx(largest_chance(region, 19, 11), abs=1e-7)


@pytest.mark.proof(method="boschloo", kind="property", source="never above Fisher's p; mirror; level kept")
@settings(deadline=None, max_examples=50)
@given(cells=CELLS)
def test_boschloo_is_never_above_fisher(cells):
    a, b, c, d = cells
    for side, other in (("two-sided", "two-sided"), ("greater", "less")):
        found = boschloo(square(cells), alternative=side)
        assert found.p_value <= fisher_exact(square(cells), alternative=side).p_value * (1 + 1e-9)
        assert found.p_value == pytest.approx(boschloo([[c, d], [a, b]], alternative=other).p_value, rel=1e-8)
        assert found.smallest_p <= found.p_value * (1 + 1e-9)


@pytest.mark.proof(
    method="barnard", kind="property", source="probability of rejection at 0.05, summed over all outcomes"
)
@pytest.mark.parametrize("test", [boschloo, barnard])
def test_unconditional_tests_keep_their_level(test):
    reject = [(a, b) for a in range(8) for b in range(6) if test([[a, 7 - a], [b, 5 - b]]).p_value <= 0.05]
    assert 0 < largest_chance(reject, 7, 5) <= 0.05


@pytest.mark.proof(method="chi_square", kind="R", source="R 4.2.2, vcd 1.4-11 Arthritis, stats::chisq.test")
def test_chi_square_agrees_with_r():
    case = R["arthritis"]
    found = chi_square(case["table"])
    assert [found.statistic, found.df, found.p_value] == pytest.approx(
        [case["statistic"], case["df"], case["p"]], rel=1e-10
    )


@pytest.mark.proof(method="chi_square", kind="published", source="vcd Arthritis: 13.055, df 2, p = 0.00146")
def test_chi_square_of_arthritis():
    found = chi_square([[29, 7, 7], [13, 7, 21]])
    assert [found.statistic, found.p_value] == pytest.approx([13.055, 0.00146], abs=5e-4)
    assert found.p_value == pytest.approx(0.00146, abs=5e-6)


@pytest.mark.proof(method="chi_square", kind="edge", source="empty rows, small expected counts")
def test_chi_square_edges():
    assert chi_square([[5, 0, 9], [8, 0, 3], [0, 0, 0]]).df == 1.0
    assert chi_square([[50, 60], [70, 40]]).note is None
    assert "least expected count is 0.57" in chi_square([[1, 4], [1, 1]]).note
    with pytest.raises(NotEstimableError, match="fewer than two"):
        chi_square([[5, 0], [8, 0]])
    with pytest.raises(StatisticsError, match="whole counts"):
        chi_square([[5, 0.5], [8, 0]])


@pytest.mark.proof(method="fisher_exact", kind="edge", source="no event, all events, empty group")
def test_edges():
    found = fisher_exact([[0, 5], [0, 7]])
    assert (found.p_value, found.smallest_p, found.odds_ratio) == (1.0, 1.0, None)
    assert "same outcome" in found.note
    assert fisher_exact([[5, 0], [0, 6]]).odds_ratio is None
    for test in (fisher_exact, boschloo, barnard):
        with pytest.raises(NotEstimableError, match="no patient"):
            test([[0, 0], [1, 2]])
        with pytest.raises(StatisticsError, match="two rows of two whole counts"):
            test([[1, 2, 3], [4, 5, 6]])
        with pytest.raises(StatisticsError, match="alternative"):
            test([[1, 2], [3, 4]], alternative="both")
    assert boschloo([[0, 3], [0, 4]]).p_value == 1.0
    assert barnard([[0, 3], [0, 4]]).p_value == 1.0
    with pytest.raises(StatisticsError, match="kept to 100"):
        boschloo([[60, 60], [1, 2]])


@pytest.mark.proof(
    method="fisher_exact", kind="property", source="two million patients: near the chi-square test and Woolf's interval"
)
def test_fisher_holds_for_a_registry():
    table = [[400_000, 600_000], [401_000, 599_000]]
    found = fisher_exact(table)
    # The exact p-value is that of the corrected chi-square to the order of one in a thousand here.
    assert found.p_value == pytest.approx(chi_square(table).p_value, rel=0.01)
    spread = 1.959963984540054 * np.sqrt(sum(1 / cell for row in table for cell in row))
    ratio = 400_000 * 599_000 / (600_000 * 401_000)
    assert found.odds_ratio == pytest.approx(ratio, rel=1e-8)
    assert [found.odds_ratio_low, found.odds_ratio_high] == pytest.approx(
        [ratio * np.exp(-spread), ratio * np.exp(spread)], rel=1e-5
    )
