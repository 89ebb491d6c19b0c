"""Friedman's test against published examples, R, full enumeration and what it must be by definition."""

import itertools
import json
import math
import tracemalloc
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.permutation.arrangements import counted_rows, distinct_permutations
from myosotis.statistics.permutation.effort import square_sum_effort
from myosotis.statistics.permutation.ranks import doubled_ranks, recorded_ranges, within_patient_ranks
from myosotis.statistics.permutation.within_patient import column_sum_states, square_sum_test
from myosotis.statistics.repeated.friedman import friedman
from myosotis.statistics.repeated.friedman_null import friedman_critical_value, friedman_null
from myosotis.statistics.repeated.kendall_w import kendall_w

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "rank_tests.json").read_text(encoding="utf-8"))
TABLES = [pytest.param(entry, id=name) for name, entry in R["data"].items()]

# Sachs 1997, Angewandte Statistik, p. 671: nine reviewers rank four objects. The rankings are rebuilt from the rank
# sums 13, 22, 25, 30, on which every statistic tested here depends alone.
REVIEWERS = [
    (1, 2, 4, 3),
    (1, 3, 2, 4),
    (3, 1, 4, 2),
    (2, 3, 1, 4),
    (1, 4, 2, 3),
    (2, 3, 1, 4),
    (1, 2, 3, 4),
    (1, 2, 4, 3),
    (1, 2, 4, 3),
]


def table(name):
    return R["data"][name]["x"]


def enumerated(ranks):
    """Compute the exact p and the least exact p in rational arithmetic over every arrangement of every patient."""
    states = Counter({(0,) * len(ranks[0]): Fraction(1)})
    for row in ranks:
        arranged = list(itertools.permutations(row))
        following = Counter()
        for sums, weight in states.items():
            for permuted in arranged:
                following[tuple(a + b for a, b in zip(sums, permuted, strict=True))] += weight / len(arranged)
        states = following
    squares = Counter()
    for sums, weight in states.items():
        squares[sum(s * s for s in sums)] += weight
    observed = sum(sum(column) ** 2 for column in zip(*ranks, strict=True))
    return sum(w for s, w in squares.items() if s >= observed), squares[max(squares)]


@pytest.mark.proof(method="friedman", kind="R", source="R 4.2.2 friedman.test (reference/rank_tests.R)")
@pytest.mark.parametrize("entry", TABLES)
def test_chi_square_and_rank_sums_equal_r(entry):
    found = friedman(entry["x"], "asymptotic", decimals=entry.get("decimals"))
    assert found.statistic == pytest.approx(entry["friedman"]["statistic"], rel=1e-12)
    assert found.df == entry["friedman"]["df"]
    assert found.p_value == found.p_asymptotic == pytest.approx(entry["friedman"]["p"], rel=1e-10)
    assert found.rank_sums == pytest.approx(entry["rank_sums"], rel=1e-13)


@pytest.mark.proof(
    method="friedman", kind="R", source="R 4.2.2 pf, formula of Iman and Davenport (reference/rank_tests.R)"
)
@pytest.mark.parametrize("entry", TABLES)
def test_iman_davenport_equals_r(entry):
    found = friedman(entry["x"], "asymptotic", decimals=entry.get("decimals"))
    assert found.iman_davenport == pytest.approx(entry["iman_davenport"]["statistic"], rel=1e-10)
    assert found.iman_davenport_p == pytest.approx(entry["iman_davenport"]["p"], rel=1e-9)


@pytest.mark.proof(
    method="friedman",
    kind="published",
    source="Hollander and Wolfe 1973 (11.14); Sachs 1997 p. 675; Sprent and Smeeton 6.3.2; R help pages; 4 to 6 digits",
)
@pytest.mark.parametrize(
    ("name", "chi_square", "p"),
    [
        ("rounding_first_base", 11.142857, 0.003805),
        ("sachs_diuretics", 23.3333, 0.0002915),
        ("pulse", 10.571429, 0.005063),
        ("self_esteem", 18.2, 0.0001117),
        ("wine", 2.0, 0.367879),
        ("store_sales", 8.3284, 0.08026),
        ("warpbreaks", 0.33333, 0.5637),
        ("anxiety", 30.76, 0.04288),
        ("assessment_scores", 20.0909, 0.0001625),
    ],
)
def test_published_chi_square(name, chi_square, p):
    entry = R["data"][name]
    found = friedman(entry["x"], "asymptotic", decimals=entry.get("decimals"))
    assert found.statistic == pytest.approx(chi_square, rel=5e-5)
    assert found.p_value == pytest.approx(p, rel=5e-4)


@pytest.mark.proof(method="friedman", kind="published", source="Sachs 1997 p. 675, rank sums of six diuretics")
def test_published_rank_sums():
    assert friedman(table("sachs_diuretics")).rank_sums == (8, 23, 25, 10, 27, 33)
    assert friedman(table("assessment_scores")).rank_sums == (8, 13, 22, 27)


@pytest.mark.proof(
    method="friedman",
    kind="published",
    source="Hollander and Wolfe 1973, rounding times: W 0.25325, F(2, 42) = 7.1217, p 0.002171",
)
def test_published_concordance_and_f():
    found = friedman(table("rounding_first_base"), decimals=2)
    assert found.kendall_w == pytest.approx(0.25325, abs=5e-6)
    assert found.iman_davenport == pytest.approx(7.1217, abs=5e-5)
    assert found.iman_davenport_df == (2, 42)
    assert found.iman_davenport_p == pytest.approx(0.002171, abs=5e-7)
    assert friedman(REVIEWERS, "asymptotic").p_value == pytest.approx(0.01694, abs=5e-6)
    assert friedman(table("self_esteem")).kendall_w == pytest.approx(0.91, abs=5e-3)
    wine = friedman(table("wine"))
    assert (wine.kendall_w, wine.iman_davenport) == pytest.approx((0.083333, 1.0), abs=5e-7)
    # The p printed beside this F is of Kendall's degrees of freedom, 1.8333 and 20.1667, not of Iman and Davenport's.
    assert wine.iman_davenport_df == (2, 22)
    assert stats.f.sf(wine.iman_davenport, 2 - 2 / 12, 11 * (2 - 2 / 12)) == pytest.approx(0.378959, abs=5e-7)


@pytest.mark.proof(
    method="friedman",
    kind="published",
    source="exact p of reviewers (Sachs 1997), pulse (Sprent), selfesteem, by enumeration",
)
@pytest.mark.parametrize(
    ("x", "exact", "chi_square"),
    [
        (REVIEWERS, 0.012882, 10.2),
        (table("pulse"), 0.002722, 10.571429),
        (table("self_esteem"), 2.0838e-06, 18.2),
    ],
    ids=["reviewers", "pulse", "self_esteem"],
)
def test_published_exact_p(x, exact, chi_square):
    found = friedman(x, "exact")
    assert found.p_kind == "exact"
    assert found.statistic == pytest.approx(chi_square, rel=1e-7)
    assert found.p_value == pytest.approx(exact, rel=5e-5)


@pytest.mark.proof(
    method="friedman", kind="independent", source="every arrangement of every patient, in rational arithmetic"
)
@pytest.mark.parametrize("seed", range(60))
def test_exact_p_equals_rational_enumeration(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 5))
    n = int(rng.integers(1, {2: 9, 3: 7, 4: 5}[k]))
    x = rng.integers(0, rng.integers(2, 7), size=(n, k))
    if (np.ptp(x, axis=1) == 0).all():
        x[0, 0] += 1
    exact, least = enumerated(doubled_ranks(x.astype(float)).tolist())
    found = friedman(x, "exact")
    assert found.p_value == pytest.approx(float(exact), rel=1e-13)
    assert found.smallest_p == pytest.approx(float(least), rel=1e-13)


@pytest.mark.proof(
    method="friedman", kind="independent", source="seven patients x four visits with ties, in rational arithmetic"
)
def test_exact_p_of_assessment_scores():
    exact, least = enumerated(doubled_ranks(np.array(table("assessment_scores"), dtype=float)).tolist())
    found = friedman(table("assessment_scores"))
    assert found.p_kind == "exact"
    assert found.p_value == pytest.approx(float(exact), rel=1e-13)
    # These patients agree as fully as their ties allow.
    assert found.p_value == found.smallest_p == pytest.approx(float(least), rel=1e-13)


@pytest.mark.proof(
    method="friedman", kind="independent", source="the sparse index against the dense one, and small blocks"
)
@pytest.mark.parametrize("seed", range(4))
def test_every_path_of_the_recursion_agrees(seed, monkeypatch):
    x = np.random.default_rng(seed).integers(0, 5, size=(9, 4)).astype(float)
    dense = square_sum_test(doubled_ranks(x))
    monkeypatch.setattr("myosotis.statistics.permutation.within_patient.DENSE", 0)
    monkeypatch.setattr("myosotis.statistics.permutation.within_patient.BLOCK", 64)
    monkeypatch.setattr("myosotis.statistics.permutation.within_patient._CACHED", 30)
    sparse = square_sum_test(doubled_ranks(x))
    assert sparse.states == dense.states
    assert sparse.p_value == pytest.approx(dense.p_value, rel=1e-13)


@pytest.mark.proof(
    method="friedman", kind="property", source="probabilities of all states add to one; states within their bound"
)
@pytest.mark.parametrize(("n", "k", "values"), [(20, 4, 6), (8, 5, 9), (6, 6, 3), (12, 3, 2), (30, 2, 4), (15, 4, 40)])
def test_states_are_a_distribution_within_the_bound(n, k, values):
    ranks = doubled_ranks(np.random.default_rng(n).integers(0, values, size=(n, k)).astype(float))
    states, weights = column_sum_states(ranks)
    assert math.fsum(weights) == pytest.approx(1.0, rel=1e-12)
    assert (np.diff(states, axis=0) >= 0).all()
    bound = square_sum_effort(ranks)
    assert square_sum_test(ranks).states <= bound.states
    assert bound.bytes < 2**30


@pytest.mark.proof(
    method="friedman", kind="independent", source="patients counted by pattern: numpy.unique of rows, narrow and wide"
)
@pytest.mark.parametrize(("low", "high", "k"), [(-3, 4, 3), (0, 2**40, 2), (0, 2, 1), (5, 6, 4)])
def test_counted_rows_equal_numpy(low, high, k):
    table = np.random.default_rng(k).integers(low, high, size=(200, k))
    rows, counts = counted_rows(table)
    expected, times = np.unique(table, axis=0, return_counts=True)
    assert (rows == expected).all()
    assert (counts == times).all()
    assert counted_rows(table[:0])[1].size == 0


@pytest.mark.proof(
    method="friedman", kind="property", source="memory measured while running stays below that declared before"
)
@pytest.mark.parametrize(("n", "k", "values"), [(20, 4, 6), (30, 4, 6), (9, 5, 6), (5, 6, 90), (3, 7, 90), (100, 3, 9)])
def test_memory_stays_below_the_estimate(n, k, values):
    ranks = doubled_ranks(np.random.default_rng(n).integers(0, values, size=(n, k)).astype(float))
    declared = square_sum_effort(ranks).bytes
    tracemalloc.start()
    try:
        square_sum_test(ranks)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= declared


@pytest.mark.proof(
    method="friedman", kind="property", source="twenty patients x four visits with ties are exact, and cheap"
)
def test_the_design_it_is_meant_for_is_exact_and_cheap():
    rng = np.random.default_rng(4)
    rows = np.array([[1, 1, 2, 3], [1, 2, 2, 3], [1, 2, 3, 3], [1, 2, 3, 4]] * 5)
    x = rng.permuted(rows, axis=1)
    found = friedman(x)
    assert found.p_kind == "exact"
    assert "feasible" in found.note
    # Ten million comparisons of small whole numbers are a tenth of a second of numpy; the arrangements are 24 to the 19th.
    effort = square_sum_effort(doubled_ranks(x.astype(float)))
    assert effort.comparisons < 2e7
    assert effort.states < 4e4


@pytest.mark.proof(
    method="friedman_critical_value",
    kind="published",
    source="published table of exact critical values, 5 % and 1 %, three visits",
)
@pytest.mark.parametrize(
    ("n", "five", "one"),
    [
        (3, (6.000, 0.02778), None),
        (4, (6.5, 0.04167), (8.0, 0.00463)),
        (5, (6.4, 0.03935), (8.4, 0.00849)),
        (6, (7.0, 0.02894), (9.0, 0.0081)),
        (7, (7.143, 0.02718), (8.857, 0.00842)),
        (8, (6.25, 0.04691), (9.0, 0.0099)),
        (9, (6.222, 0.04755), (9.556, 0.00602)),
        (10, (6.2, 0.04556), (9.6, 0.00747)),
        (15, (6.4, 0.04681), (8.933, 0.00966)),
        (20, (6.3, 0.04455), (9.3, 0.0082)),
    ],
)
def test_critical_values_of_three_visits(n, five, one):
    check_critical(n, 3, five, one)


@pytest.mark.proof(
    method="friedman_critical_value",
    kind="published",
    source="published table of exact critical values, four visits; its n = 17, 1 % (10.050) is a misprint for 11.047",
)
@pytest.mark.parametrize(
    ("n", "five", "one"),
    [
        (2, (6.0, 0.04167), None),
        (3, (7.4, 0.03299), (9.0, 0.00174)),
        (4, (7.8, 0.03639), (9.6, 0.00687)),
        (5, (7.8, 0.04434), (9.96, 0.00874)),
        (6, (7.6, 0.04333), (10.2, 0.00957)),
        (7, (7.8, 0.04129), (10.543, 0.00906)),
        (8, (7.65, 0.0488), (10.5, 0.00939)),
        (9, (7.667, 0.04878), (10.733, 0.00942)),
        (10, (7.68, 0.0471), (10.68, 0.00991)),
        (15, (7.72, 0.04909), (10.92, 0.00981)),
        (17, None, (11.047, None)),
    ],
)
def test_critical_values_of_four_visits(n, five, one):
    check_critical(n, 4, five, one)


@pytest.mark.proof(
    method="friedman_critical_value",
    kind="published",
    source="published table of exact critical values, five visits; its n = 8, 1 % (13.200) is a misprint for 12.300",
)
@pytest.mark.parametrize(
    ("n", "five", "one"),
    [
        (2, (7.6, 0.04167), (8.0, 0.00833)),
        (3, (8.533, 0.04549), (10.133, 0.00778)),
        (4, (8.8, None), (11.2, None)),
        (5, (8.96, None), (11.68, None)),
        (6, (9.067, None), (11.867, None)),
        (7, (9.143, None), (12.114, None)),
        (8, (9.2, 0.04989), (12.3, 0.00989)),
    ],
)
def test_critical_values_of_five_visits(n, five, one):
    check_critical(n, 5, five, one)


def check_critical(n, k, five, one):
    for alpha, expected in ((0.05, five), (0.01, one)):
        if expected is None:
            continue
        found = friedman_critical_value(n, k, alpha)
        assert found.statistic == pytest.approx(expected[0], abs=5.1e-4)
        if expected[1] is not None:
            assert found.p_value == pytest.approx(expected[1], abs=5.1e-6)
    if one is None:
        with pytest.raises(NotEstimableError, match="cannot reach"):
            friedman_critical_value(n, k, 0.01)


@pytest.mark.proof(
    method="friedman_critical_value", kind="property", source="a critical value is the first to reach its level"
)
@pytest.mark.parametrize(("n", "k"), [(7, 3), (17, 4), (8, 5)])
def test_null_distribution_is_a_distribution(n, k):
    statistics, tails = friedman_null(n, k)
    steps = tails - np.append(tails[1:], 0.0)
    assert tails[0] == pytest.approx(1.0, rel=1e-12)
    assert (np.diff(statistics) > 0).all()
    assert statistics[-1] == pytest.approx(n * (k - 1), rel=1e-12)
    # The mean of the chi-square is its degrees of freedom at every n.
    assert float(statistics @ steps) == pytest.approx(k - 1, rel=1e-10)
    assert tails[-1] == pytest.approx(math.factorial(k) ** (1 - n), rel=1e-12)


@pytest.mark.proof(method="friedman_critical_value", kind="edge", source="refusals of the null distribution")
def test_null_distribution_refuses():
    with pytest.raises(StatisticsError, match="minutes"):
        friedman_null(500, 6)
    with pytest.raises(StatisticsError, match="at least"):
        friedman_null(0, 3)
    with pytest.raises(StatisticsError, match="alpha"):
        friedman_critical_value(5, 3, 0.0)


@pytest.mark.proof(method="friedman", kind="scipy", source="scipy.stats.friedmanchisquare, tied data")
@pytest.mark.parametrize("seed", range(10))
def test_chi_square_equals_scipy(seed):
    from scipy.stats import friedmanchisquare

    x = np.random.default_rng(seed).integers(0, 6, size=(11, 4))
    expected = friedmanchisquare(*x.T)
    found = friedman(x, "asymptotic")
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-10)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-10)


@pytest.mark.proof(
    method="friedman", kind="independent", source="Monte Carlo p within four standard errors of the exact p"
)
@pytest.mark.parametrize("name", ["rounding_first_base", "wine", "store_sales", "sachs_diuretics"])
def test_monte_carlo_agrees_with_the_exact_p(name):
    entry = R["data"][name]
    exact = friedman(entry["x"], "exact", decimals=entry["decimals"])
    drawn = friedman(entry["x"], "monte_carlo", decimals=entry["decimals"], seed=7, resamples=40_000)
    assert (drawn.p_kind, drawn.seed) == ("monte_carlo", 7)
    assert drawn.p_standard_error == pytest.approx(math.sqrt(drawn.p_value * (1 - drawn.p_value) / 40_001), rel=1e-12)
    spread = math.sqrt(exact.p_value * (1 - exact.p_value) / 40_000)
    # Four standard errors, and one draw for a p-value of a few in a million.
    assert abs(drawn.p_value - exact.p_value) < 4 * spread + 1.5 / 40_001
    again = friedman(entry["x"][::-1], "monte_carlo", decimals=entry["decimals"], seed=7, resamples=40_000)
    assert again.p_value == drawn.p_value


@pytest.mark.proof(
    method="friedman", kind="edge", source="a Monte Carlo p is never 0: the observed arrangement counts as one"
)
def test_monte_carlo_p_is_never_zero():
    agreed = friedman([[1, 2, 3, 4]] * 15, "monte_carlo", resamples=999)
    assert agreed.p_value == agreed.smallest_p == 1 / 1000
    # Where full agreement is likelier than one draw, it is the least p.
    assert friedman([[1, 2, 3], [3, 1, 2]], "monte_carlo", resamples=999).smallest_p == pytest.approx(1 / 6, rel=1e-13)


@pytest.mark.proof(method="friedman", kind="edge", source="the automatic choice and its reason")
def test_automatic_choice_says_what_it_took_and_why():
    rng = np.random.default_rng(1)
    assert "exact conditional p, since it is feasible" in friedman(rng.normal(size=(20, 4))).note
    large = friedman(rng.normal(size=(100, 4)), resamples=2000)
    assert large.p_kind == "monte_carlo"
    assert "too much time" in large.note
    wide = friedman(rng.normal(size=(12, 10)), resamples=2000)
    assert "too much memory" in wide.note
    many = friedman(rng.normal(size=(3000, 7)))
    assert many.p_kind == "asymptotic"
    assert "too long" in many.note
    assert many.p_value == many.p_asymptotic
    with pytest.raises(StatisticsError, match="max_bytes"):
        friedman(rng.normal(size=(12, 10)), "exact")
    with pytest.raises(StatisticsError, match="max_bytes"):
        friedman(rng.normal(size=(20, 4)), "exact", max_bytes=1000)


@pytest.mark.proof(
    method="friedman", kind="property", source="two visits: the sign test, 7 pairs cannot go below 0.0156"
)
@pytest.mark.parametrize("n", range(1, 15))
def test_two_visits_are_the_sign_test(n):
    from scipy.stats import binomtest

    rises = n // 3
    x = [[0, 1]] * rises + [[1, 0]] * (n - rises)
    found = friedman(x)
    assert found.p_value == pytest.approx(binomtest(rises, n).pvalue, rel=1e-12)
    assert found.smallest_p == pytest.approx(2.0 ** (1 - n), rel=1e-12)


@pytest.mark.proof(method="friedman", kind="edge", source="one patient, full agreement, wholly tied patients")
def test_edges():
    one = friedman([[3, 1, 2]])
    assert (one.p_value, one.smallest_p, one.iman_davenport, one.kendall_w) == (1.0, 1.0, None, 1.0)
    full = friedman([[1, 2, 3]] * 5)
    assert (full.statistic, full.kendall_w, full.iman_davenport, full.iman_davenport_p) == (10.0, 1.0, None, None)
    assert full.p_value == full.smallest_p == pytest.approx(6.0**-4, rel=1e-13)
    tied = friedman([[1, 2, 3], [4, 4, 4], [2, 5, 9]])
    assert tied.statistic == friedman([[1, 2, 3], [2, 5, 9]]).statistic
    assert tied.p_value == pytest.approx(1 / 6, rel=1e-13)
    assert tied.n == 3
    assert "1 of 3 patients had one value at all visits" in tied.note


@pytest.mark.proof(method="friedman", kind="edge", source="n = 0, all missing, all tied, other shapes")
@pytest.mark.parametrize(
    ("x", "error", "words"),
    [
        (np.empty((0, 3)), NotEstimableError, "no patient"),
        ([[1, math.nan], [math.nan, 2]], NotEstimableError, "2 have one missing"),
        ([[1, 1, 1], [2, 2, 2]], NotEstimableError, "nothing to rank"),
        ([[1], [2]], StatisticsError, "at least 2"),
        ([1, 2, 3], StatisticsError, "two"),
        ([[1, math.inf]], StatisticsError, "infinite"),
        ([[1, 2], [3]], StatisticsError, "unequal length"),
        ([["a", 2]], StatisticsError, "not a number"),
    ],
)
def test_refusals(x, error, words):
    with pytest.raises(error, match=words):
        friedman(x)
    with pytest.raises(StatisticsError, match="unknown"):
        friedman([[1, 2]], "guess")


@pytest.mark.proof(method="friedman", kind="edge", source="a patient with a missing visit is left out and counted")
def test_missing_visits_leave_a_patient_out():
    whole = [[1, 2, 3], [2, 1, 3], [1, 3, 2]]
    found = friedman([*whole, [1, math.nan, 0]])
    assert (found.n, found.n_missing) == (3, 1)
    assert found.p_value == friedman(whole).p_value


@pytest.mark.proof(method="friedman", kind="edge", source="decimals that are equal clinically and not in binary")
def test_ties_that_binary_arithmetic_breaks():
    x = np.array([[5.6 - 5.4, 5.4 - 5.2, 0.3], [0.1, 0.2, 0.4], [0.2, 0.1, 0.5]])
    assert x[0, 0] != x[0, 1]
    with pytest.raises(StatisticsError, match="decimals="):
        friedman(x)
    with pytest.raises(StatisticsError, match="decimals="):
        friedman([[0.3 - 0.2 - 0.1, 0.0, 0.5]])
    found = friedman(x, decimals=1)
    assert found.ties
    assert found.rank_sums == (4.5, 4.5, 9.0)
    assert within_patient_ranks([[1234, 1251, math.nan]], decimals=-2).tolist()[0][:2] == [1.0, 2.0]
    assert within_patient_ranks([[1234, 1241, math.nan]], decimals=-2).tolist()[0][:2] == [1.5, 1.5]
    with pytest.raises(StatisticsError, match="ranges"):
        recorded_ranges(np.array([[5.2, 5.4], [5.4, 5.6]]))


tables = arrays(np.int64, st.tuples(st.integers(1, 7), st.integers(2, 4)), elements=st.integers(0, 5))


@pytest.mark.proof(
    method="friedman",
    kind="property",
    source="permuting visits or patients, or a monotone change of scale, changes nothing",
)
@given(tables, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_order_of_visits_and_patients_and_scale_do_not_matter(x, random):
    assume((np.ptp(x, axis=1) > 0).any())
    found = friedman(x)
    visits, patients = list(range(x.shape[1])), list(range(x.shape[0]))
    random.shuffle(visits)
    random.shuffle(patients)
    for changed in (x[:, visits], x[patients], np.exp(x / 2.0), x**3 + x, x + np.arange(x.shape[0])[:, None]):
        other = friedman(changed)
        assert other.p_value == found.p_value
        assert other.statistic == found.statistic
        assert sorted(other.rank_sums) == sorted(found.rank_sums)


@pytest.mark.proof(method="friedman", kind="property", source="the exact p lies between the least attainable p and one")
@given(tables)
@settings(deadline=None, max_examples=100)
def test_exact_p_lies_between_its_least_value_and_one(x):
    assume((np.ptp(x, axis=1) > 0).any())
    found = friedman(x, "exact")
    assert found.smallest_p * (1 - 1e-13) <= found.p_value <= 1.0
    assert 0.0 <= found.kendall_w <= 1.0 + 1e-15
    agreed = friedman(np.sort(x, axis=1), "exact")
    assert agreed.p_value == pytest.approx(found.smallest_p, rel=1e-12)


@pytest.mark.proof(
    method="friedman", kind="property", source="under the null no level is exceeded: P(p <= a) <= a, all arrangements"
)
def test_the_exact_test_holds_its_level():
    rows = [(0, 1, 1), (0, 1, 2), (0, 0, 1), (0, 1, 2)]
    found = Counter()
    for arranged in itertools.product(*(distinct_permutations(row).tolist() for row in rows)):
        weight = Fraction(1, math.prod(len(distinct_permutations(row)) for row in rows))
        found[round(friedman(arranged, "exact").p_value, 12)] += weight
    total = Fraction(0)
    for p in sorted(found):
        total += found[p]
        # Each attained p is met with exactly that probability.
        assert float(total) == pytest.approx(p, rel=1e-10)


@pytest.mark.proof(
    method="kendall_w",
    kind="published",
    source="R package irr, anxiety: W 0.5396569, chi-square 30.76, df 19, p 0.04288",
)
def test_concordance_of_three_raters():
    # The attitudes of Siegel and Castellan 1988 (W 0.6560847, eight objects, three judges) are left out: their ranks
    # are not printed beside that value where it was read.
    found = kendall_w(table("anxiety"), "asymptotic")
    assert found.statistic == pytest.approx(0.5396569, abs=5e-8)
    assert found.chi_square == pytest.approx(30.76, abs=5e-3)
    assert found.df == 19
    assert found.p_value == pytest.approx(0.04288, abs=5e-6)
    assert (found.n, found.n_objects) == (3, 20)


@pytest.mark.proof(
    method="kendall_w", kind="published", source="NAG Library, G08DAF, example: W 0.828, significance 0.008"
)
def test_concordance_of_three_tied_comparisons():
    found = kendall_w(
        [
            (1.0, 4.5, 2.0, 4.5, 3.0, 7.5, 6.0, 9.0, 7.5, 10.0),
            (2.5, 1.0, 2.5, 4.5, 4.5, 8.0, 9.0, 6.5, 10.0, 6.5),
            (2.0, 1.0, 4.5, 4.5, 4.5, 4.5, 8.0, 8.0, 8.0, 10.0),
        ],
        "asymptotic",
    )
    assert found.statistic == pytest.approx(0.828, abs=5e-4)
    assert found.p_value == pytest.approx(0.008, abs=5e-4)


@pytest.mark.proof(
    method="kendall_w",
    kind="independent",
    source="without ties W gives the mean of Spearman's correlations, (n W - 1) / (n - 1)",
)
def test_concordance_is_the_mean_correlation():
    from scipy.stats import spearmanr

    x = np.random.default_rng(3).normal(size=(5, 7))
    mean = np.mean([spearmanr(x[i], x[j]).statistic for i, j in itertools.combinations(range(5), 2)])
    assert (5 * kendall_w(x, "asymptotic").statistic - 1) / 4 == pytest.approx(mean, rel=1e-10)
