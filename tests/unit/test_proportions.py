"""Intervals and the exact test for one proportion."""

from __future__ import annotations

import json
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.proportions.binomial_test import binomial_test
from myosotis.statistics.proportions.intervals import clopper_pearson, jeffreys, mid_p, wilson

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "counts.json").read_text())
METHODS = {"clopper_pearson": clopper_pearson, "wilson": wilson, "jeffreys": jeffreys, "mid_p": mid_p}
COUNTS = st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


def limits(interval):
    return [interval.low, interval.high]


@pytest.mark.proof(method="clopper_pearson", kind="R", source="R 4.2.2, stats::binom.test")
@pytest.mark.parametrize("case", R["proportions"])
def test_clopper_pearson_agrees_with_r(case):
    found = clopper_pearson(case["count"], case["total"])
    assert limits(found) == pytest.approx(case["clopper_pearson"], rel=1e-10, abs=0)
    narrower = clopper_pearson(case["count"], case["total"], conf_level=0.9)
    assert limits(narrower) == pytest.approx(case["clopper_pearson_90"], rel=1e-10, abs=0)


@pytest.mark.proof(method="wilson", kind="R", source="R 4.2.2, stats::prop.test(correct = FALSE)")
@pytest.mark.parametrize("case", R["proportions"])
def test_wilson_agrees_with_r(case):
    # prop.test leaves 1e-17 where the limit is 0, hence the absolute part.
    assert limits(wilson(case["count"], case["total"])) == pytest.approx(case["wilson"], rel=1e-10, abs=1e-15)


@pytest.mark.proof(method="jeffreys", kind="R", source="R 4.2.2, stats::qbeta")
@pytest.mark.parametrize("case", R["proportions"])
def test_jeffreys_agrees_with_r(case):
    assert limits(jeffreys(case["count"], case["total"])) == pytest.approx(case["jeffreys"], rel=1e-10, abs=0)


@pytest.mark.proof(method="mid_p", kind="R", source="R 4.2.2, stats::pbinom and uniroot with tol 1e-15")
@pytest.mark.parametrize("case", R["proportions"])
def test_mid_p_agrees_with_r(case):
    # uniroot stops at 1e-15 absolute, and the smallest limit is of order 1e-3.
    assert limits(mid_p(case["count"], case["total"])) == pytest.approx(case["mid_p"], rel=1e-10, abs=1e-12)


@pytest.mark.proof(method="clopper_pearson", kind="published", source="Newcombe, Stat Med 1998;17:857-872, Table I")
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_clopper_pearson_gives_the_four_cases_of_newcombe(count, total, low, high):
    assert limits(clopper_pearson(count, total)) == pytest.approx([low, high], abs=5e-5)  # printed to 4 digits


@pytest.mark.proof(method="wilson", kind="published", source="Newcombe, Stat Med 1998;17:857-872, Table I")
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_four_cases_of_newcombe(count, total, low, high):
    assert limits(wilson(count, total)) == pytest.approx([low, high], abs=5e-5)  # printed to 4 digits


@pytest.mark.proof(method="mid_p", kind="published", source="Newcombe, Stat Med 1998;17:857-872, Table I")
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2544, 0.3658), (15, 148, 0.0601, 0.1581), (0, 20, 0.0, 0.1391), (1, 29, 0.0017, 0.1585)],
)
def test_mid_p_gives_the_four_cases_of_newcombe(count, total, low, high):
    assert limits(mid_p(count, total)) == pytest.approx([low, high], abs=5e-5)  # printed to 4 digits


@pytest.mark.proof(
    method="clopper_pearson",
    kind="published",
    source="Conover, Practical Nonparametric Statistics, table of limits (5 of 25); the others R 4.2.2 as printed",
)
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (5, 25, 0.068, 0.407),
        (0, 10, 0.0, 0.308497),
        (10, 10, 0.691503, 1.0),
        (11, 15, 0.448997, 0.922128),
        (682, 925, 0.707668, 0.765407),
        (19, 20, 0.7513, 0.9987),
        (15, 20, 0.5090, 0.9134),
        (3, 20, 0.0321, 0.3789),
        (16, 24, 0.4468, 0.8437),
        (24, 25, 0.7965, 0.9990),
        (8, 25, 0.1495, 0.5350),
        (18, 20, 0.683, 0.988),
        (9, 20, 0.231, 0.685),
        (15, 22, 0.451, 0.861),
        (18, 22, 0.597, 0.948),
    ],
)
def test_clopper_pearson_gives_printed_limits(count, total, low, high):
    digits = max(len(str(value)) - 2 for value in (low, high))
    assert limits(clopper_pearson(count, total)) == pytest.approx([low, high], abs=0.51 * 10**-digits)


@pytest.mark.proof(
    method="jeffreys", kind="independent", source="the beta density integrated numerically up to each limit"
)
@pytest.mark.parametrize(("count", "total"), [(1, 7), (15, 20), (6, 7), (40, 90)])
def test_jeffreys_limits_hold_the_middle_of_the_posterior(count, total):
    from scipy.integrate import quad
    from scipy.special import beta

    first, second = count + 0.5, total - count + 0.5
    found = jeffreys(count, total)
    middle = quad(lambda x: x ** (first - 1) * (1 - x) ** (second - 1), found.low, found.high, epsabs=0, epsrel=1e-12)[
        0
    ]
    below = quad(lambda x: x ** (first - 1) * (1 - x) ** (second - 1), 0, found.low, epsabs=0, epsrel=1e-10)[0]
    assert middle / beta(first, second) == pytest.approx(0.95, rel=1e-10)
    assert below / beta(first, second) == pytest.approx(0.025, rel=1e-7)  # the density has a root at 0


@pytest.mark.parametrize(
    ("count", "total", "exact", "score"),
    [
        (15, 20, (0.509, 0.913), (0.531, 0.888)),
        (18, 20, (0.683, 0.988), (0.699, 0.972)),
        (19, 20, (0.751, 0.999), (0.764, 0.991)),
        (9, 20, (0.231, 0.685), (0.258, 0.658)),
    ],
)
def test_response_of_twenty_children_as_a_report_would_print_it(count, total, exact, score):
    assert limits(clopper_pearson(count, total)) == pytest.approx(exact, abs=5.1e-4)
    assert limits(wilson(count, total)) == pytest.approx(score, abs=5.1e-4)


@pytest.mark.proof(method="binomial_test", kind="R", source="R 4.2.2, stats::binom.test")
@pytest.mark.parametrize("case", R["tests"])
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_binomial_test_agrees_with_r(case, alternative):
    found = binomial_test(case["count"], case["total"], case["probability"], alternative=alternative)
    assert found.p_value == pytest.approx(case[alternative.replace("-", "_")], rel=1e-10)


@pytest.mark.proof(method="binomial_test", kind="published", source="Mendel's 682 of 925, R help of binom.test")
def test_binomial_test_of_mendel():
    assert binomial_test(682, 925, 0.75).p_value == pytest.approx(0.3825, abs=5e-5)  # printed to 4 digits


@pytest.mark.proof(method="binomial_test", kind="independent", source="sums of exact fractions")
@pytest.mark.parametrize("count", range(8))
def test_binomial_test_equals_exact_sums(count):
    chance = Fraction(3, 10)
    mass = [comb(7, k) * chance**k * (1 - chance) ** (7 - k) for k in range(8)]
    likely = float(sum(m for m in mass if m <= mass[count]))
    assert binomial_test(count, 7, 0.3).p_value == pytest.approx(likely, rel=1e-12)
    central = float(min(1, 2 * min(sum(mass[: count + 1]), sum(mass[count:]))))
    assert binomial_test(count, 7, 0.3, two_sided="central").p_value == pytest.approx(central, rel=1e-12)
    assert binomial_test(count, 7, 0.3).smallest_p == pytest.approx(float(mass[7]), rel=1e-12)


@pytest.mark.proof(method="clopper_pearson", kind="property", source="the limits solve the two tail equations")
@settings(deadline=None)
@given(COUNTS)
def test_clopper_pearson_limits_leave_half_the_error_in_each_tail(pair):
    from scipy.stats import binom

    count, total = pair
    interval = clopper_pearson(count, total)
    if count > 0:
        assert binom.sf(count - 1, total, interval.low) == pytest.approx(0.025, rel=1e-8)
    if count < total:
        assert binom.cdf(count, total, interval.high) == pytest.approx(0.025, rel=1e-8)


@pytest.mark.proof(method="clopper_pearson", kind="property", source="coverage summed over all counts")
@pytest.mark.parametrize("total", [1, 7, 20])
def test_clopper_pearson_never_covers_less_than_it_says(total):
    intervals = [clopper_pearson(count, total) for count in range(total + 1)]
    for step in range(1, 200):
        truth = step / 200
        covered = sum(
            comb(total, k) * truth**k * (1 - truth) ** (total - k)
            for k, interval in enumerate(intervals)
            if interval.low <= truth <= interval.high
        )
        assert covered >= 0.95 - 1e-12


@pytest.mark.proof(method="wilson", kind="property", source="the limits solve the score equation")
@settings(deadline=None)
@given(COUNTS)
def test_wilson_limits_are_where_the_score_is_at_its_quantile(pair):
    count, total = pair
    interval = wilson(count, total)
    for limit in limits(interval):
        if 0.0 < limit < 1.0:
            squared = (count / total - limit) ** 2 * total / (limit * (1 - limit))
            assert squared == pytest.approx(1.959963984540054**2, rel=1e-7)


@pytest.mark.proof(method="wilson", kind="property", source="order, mirror symmetry and nesting")
@pytest.mark.proof(method="jeffreys", kind="property", source="order, mirror symmetry and nesting")
@pytest.mark.proof(method="mid_p", kind="property", source="order, mirror symmetry and nesting")
@pytest.mark.parametrize("name", METHODS)
@pytest.mark.proof(method="clopper_pearson", kind="property", source="order, mirror symmetry and nesting")
@settings(deadline=None)
@given(pair=COUNTS)
def test_intervals_hold_their_estimate_mirror_and_nest(name, pair):
    count, total = pair
    method = METHODS[name]
    found, mirror, wider = method(count, total), method(total - count, total), method(count, total, 0.99)
    assert 0.0 <= wider.low <= found.low <= found.estimate <= found.high <= wider.high <= 1.0
    assert limits(found) == pytest.approx([1 - mirror.high, 1 - mirror.low], abs=1e-12)
    if count < total:
        more = method(count + 1, total)
        assert more.low > found.low
        assert more.high >= found.high
        assert more.high > found.high or more.high == 1.0


@pytest.mark.proof(method="mid_p", kind="property", source="contained in the Clopper-Pearson interval")
@settings(deadline=None)
@given(COUNTS)
def test_mid_p_lies_inside_clopper_pearson(pair):
    inner, outer = mid_p(*pair), clopper_pearson(*pair)
    assert outer.low <= inner.low
    assert inner.high <= outer.high


@pytest.mark.proof(method="wilson", kind="edge", source="no event, every event, one patient, many patients")
@pytest.mark.proof(method="jeffreys", kind="edge", source="no event, every event, one patient, many patients")
@pytest.mark.proof(method="mid_p", kind="edge", source="no event, every event, one patient, many patients")
@pytest.mark.parametrize("name", METHODS)
@pytest.mark.proof(method="clopper_pearson", kind="edge", source="no event, every event, one patient, many patients")
def test_edges(name):
    method = METHODS[name]
    assert method(0, 20).low == 0.0
    assert method(20, 20).high == 1.0
    assert limits(method(0, 1))[0] == 0.0 < method(0, 1).high < 1.0
    assert method(1, 10_000_000).high == pytest.approx(5e-7, rel=0.2)  # near the Poisson limit, 5.57 for exact
    assert method(0, 20).n == 20


@pytest.mark.parametrize("method", [*METHODS.values(), binomial_test])
@pytest.mark.proof(method="binomial_test", kind="edge", source="no patient, impossible counts")
def test_impossible_numbers_are_refused(method):
    with pytest.raises(NotEstimableError, match="total is 0"):
        method(0, 0)
    with pytest.raises(StatisticsError, match="count is 5 and total is 4"):
        method(5, 4)
    with pytest.raises(StatisticsError, match="count is -1"):
        method(-1, 4)
    with pytest.raises(StatisticsError, match="whole number"):
        method(1.5, 4)
    with pytest.raises(StatisticsError, match="whole number"):
        method(True, 4)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("level", [0.0, 1.0, 95, -0.5, float("nan")])
def test_confidence_levels_outside_are_refused(name, level):
    with pytest.raises(StatisticsError, match="conf_level"):
        METHODS[name](1, 4, level)


def test_a_probability_outside_is_refused():
    with pytest.raises(StatisticsError, match="probability"):
        binomial_test(1, 4, 1.2)
    with pytest.raises(StatisticsError, match="two_sided"):
        binomial_test(1, 4, 0.2, two_sided="blaker")
