"""Comparisons of single visits against published values, R and full enumeration."""

import itertools
import json
import math
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.multiplicity.adjust import adjust_p
from myosotis.statistics.permutation.ranks import doubled_ranks
from myosotis.statistics.repeated.friedman_pairwise import friedman_pairwise
from myosotis.statistics.repeated.rank_sum_difference import difference_tail, rank_sum_difference_p

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "rank_tests.json").read_text(encoding="utf-8"))
ALL_METHODS = ("dunn", "nemenyi", "conover", "exact", "permutation")

# Nine rankings of four objects with the rank sums 13, 22, 25, 30 of Sachs 1997, p. 671.
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


def by_pair(found):
    return {(pair.first, pair.second): pair for pair in found}


def letters(found):
    return {"ABCDEF"[pair.first] + "ABCDEF"[pair.second]: pair for pair in found}


@pytest.mark.proof(
    method="friedman_pairwise",
    kind="published",
    source="Eisinga 2017, p of d = 100 with k = n = 100: 0.8085251 (in the text)",
)
def test_exact_difference_of_a_hundred():
    assert rank_sum_difference_p(100, n_visits=100, n=100) == pytest.approx(0.8085251, abs=5e-8)


@pytest.mark.proof(
    method="friedman_pairwise",
    kind="published",
    source="Eisinga 2017, Table 4, and its function pexactfrsd re-run in R 4.2.2; 3 to 9 digits",
)
@pytest.mark.parametrize(
    ("k", "n", "difference", "expected"),
    [
        (5, 5, 1, 0.922869),
        (5, 5, 5, 0.377634),
        (5, 5, 10, 0.05531),
        (5, 5, 11, 0.0325894),
        (5, 5, 12, 0.0179831),
        (5, 5, 15, 0.00173),
        (5, 5, 20, 6.25e-07),
        (4, 4, 8, 0.036169),
        (4, 4, 9, 0.0143711),
        (4, 4, 10, 0.00434028),
        (4, 4, 12, 9.64506e-05),
        (3, 3, 5, 0.0648148),
        (3, 3, 6, 0.00925926),
        (4, 20, 15, 0.0754459),
        (4, 20, 18, 0.0312307),
        (4, 20, 21, 0.0112218),
        (4, 20, 24, 0.00345784),
        (4, 20, 27, 0.000900481),
        (4, 20, 30, 0.000194642),
    ],
)
def test_exact_differences(k, n, difference, expected):
    # Half a unit of the last digit printed.
    digits = len(f"{expected:.9e}".split("e")[0].rstrip("0").replace(".", ""))
    assert rank_sum_difference_p(difference, k, n) == pytest.approx(expected, rel=0.5 * 10.0 ** (1 - digits))
    assert rank_sum_difference_p(-difference, k, n) == rank_sum_difference_p(difference, k, n)


@pytest.mark.proof(
    method="friedman_pairwise", kind="published", source="Sachs 1997 p. 675, PMCMRplus 1.9.10 in R 4.2.2, unadjusted"
)
@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("exact", {"AF": 1.687791e-05, "DF": 1.312922e-04, "AE": 0.002729092, "AB": 0.02273398, "EF": 0.4037014}),
        ("permutation", {"AF": 1.687791e-05, "DF": 1.312922e-04, "AE": 0.002729092, "AB": 0.02273398, "EF": 0.4037014}),
        ("nemenyi", {"AF": 0.001598505, "DF": 0.005190279, "AE": 0.039508205, "AB": 0.188034457}),
        ("conover", {"AF": 8.006288e-08, "EF": 0.08510738, "AB": 1.426546e-04}),
        ("dunn", {"AF": 0.0001145134, "AB": 0.0206375582}),
    ],
)
def test_six_diuretics(method, expected):
    found = letters(friedman_pairwise(R["data"]["sachs_diuretics"]["x"], method, "none"))
    for pair, p in expected.items():
        assert found[pair].p_value == pytest.approx(p, rel=1e-6)


@pytest.mark.proof(
    method="friedman_pairwise",
    kind="published",
    source="Hollander and Wolfe 1973, rounding times, PMCMRplus 1.9.10 in R 4.2.2; ties ignored by the exact p",
)
@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("exact", (0.4097, 0.001586, 0.02782)),
        ("nemenyi", (0.63743, 0.00441, 0.06137)),
        ("conover", (0.30121, 0.00069145, 0.01228)),
    ],
)
def test_rounding_times(method, expected):
    entry = R["data"]["rounding_first_base"]
    found = by_pair(friedman_pairwise(entry["x"], method, "none", decimals=2))
    pairs = [(0, 1), (0, 2), (1, 2)]
    assert [abs(found[pair].rank_sum_difference) for pair in pairs] == [6, 21, 15]
    # Half a unit of the last digit printed.
    assert [found[pair].p_value for pair in pairs] == pytest.approx(expected, rel=4e-4)


@pytest.mark.proof(
    method="friedman_pairwise",
    kind="published",
    source="Sachs 1997 p. 671, reviewers, exact x Bonferroni, PMCMRplus 1.9.10 in R 4.2.2",
)
def test_reviewers():
    found = friedman_pairwise(REVIEWERS, "exact", "bonferroni")
    by_difference = {pair.rank_sum_difference: pair.p_adjusted for pair in found if pair.first == 0}
    assert by_difference == pytest.approx({9.0: 0.7293428, 12.0: 0.2030156, 17.0: 0.009643555}, rel=1e-6)


@pytest.mark.proof(
    method="friedman_pairwise",
    kind="published",
    source="SPSS pairwise comparisons, seven patients x four visits: Dunn with Bonferroni",
)
def test_dunn_with_bonferroni_as_spss():
    found = by_pair(friedman_pairwise(R["data"]["assessment_scores"]["x"]))
    expected = {(0, 1): 1.0, (0, 2): 0.02251, (0, 3): 0.00050, (1, 2): 0.37462, (1, 3): 0.02251, (2, 3): 1.0}
    for pair, p in expected.items():
        assert found[pair].p_adjusted == pytest.approx(p, abs=5.1e-6)
        assert found[pair].n_comparisons == 6
    assert found[(0, 2)].p_value == pytest.approx(0.00375, abs=5e-6)
    assert found[(0, 2)].statistic == pytest.approx(2.898, abs=5e-4)


@pytest.mark.proof(
    method="friedman_pairwise",
    kind="R",
    source="R 4.2.2 pnorm, ptukey, pt on the published formulas (reference/rank_tests.R)",
)
@pytest.mark.parametrize("name", R["data"])
@pytest.mark.parametrize("method", ["dunn", "nemenyi", "conover"])
def test_large_sample_p_values_equal_r(name, method):
    entry = R["data"][name]
    found = friedman_pairwise(entry["x"], method, "none", decimals=entry.get("decimals"))
    expected = entry["pairwise"]
    assert [pair.rank_sum_difference for pair in found] == pytest.approx(expected["rank_sum_difference"], abs=1e-12)
    # R computes the studentized range to about 1e-10; where p rounds to 1 the two differ by that much.
    tolerance = {"rel": 1e-6, "abs": 1e-9} if method == "nemenyi" else {"rel": 1e-9}
    assert [pair.p_value for pair in found] == pytest.approx(expected[method], **tolerance)


def difference_enumerated(ranks, difference):
    """Compute the exact p of the first two visits in rational arithmetic over every arrangement of every patient."""
    states = Counter({0: Fraction(1)})
    for row in ranks:
        arranged = list(itertools.permutations(row))
        following = Counter()
        for total, weight in states.items():
            for permuted in arranged:
                following[total + permuted[1] - permuted[0]] += weight / len(arranged)
        states = following
    return sum(w for total, w in states.items() if abs(total) >= abs(difference))


@pytest.mark.proof(
    method="friedman_pairwise", kind="independent", source="every arrangement of every patient, in rational arithmetic"
)
@pytest.mark.parametrize("seed", range(25))
def test_permutation_p_equals_rational_enumeration(seed):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(1, 9)), int(rng.integers(2, 6))
    x = rng.integers(0, 4, size=(n, k)).astype(float)
    x[0, 0] += 5
    ranks = doubled_ranks(x)
    for pair in friedman_pairwise(x, "permutation", "none"):
        expected = difference_enumerated(ranks.tolist(), round(2 * pair.rank_sum_difference))
        assert pair.p_value == pytest.approx(float(expected), rel=1e-12)
    widest = int(np.ptp(ranks, axis=1).sum())
    assert pair.smallest_p == pytest.approx(float(difference_enumerated(ranks.tolist(), widest)), rel=1e-12)


@pytest.mark.proof(
    method="friedman_pairwise", kind="independent", source="Eisinga's p equals enumeration where no patient has ties"
)
@pytest.mark.parametrize(("n", "k"), [(1, 2), (3, 3), (6, 4), (4, 5), (9, 2)])
def test_exact_p_without_ties_equals_enumeration(n, k):
    ranks = [[2 * (j + 1) for j in range(k)]] * n
    for difference in range(n * (k - 1) + 2):
        expected = difference_enumerated(ranks, 2 * difference)
        assert rank_sum_difference_p(difference, k, n) == pytest.approx(float(expected), rel=1e-12, abs=0)


@pytest.mark.proof(
    method="friedman_pairwise", kind="property", source="two visits: the exact p is that of the sign test"
)
@pytest.mark.parametrize("n", [1, 5, 6, 7, 20])
def test_two_visits_are_the_sign_test(n):
    from scipy.stats import binomtest

    rises = n // 4
    x = [[0, 1]] * rises + [[1, 0]] * (n - rises)
    (pair,) = friedman_pairwise(x, "exact")
    assert pair.p_value == pytest.approx(binomtest(rises, n).pvalue, rel=1e-12)
    assert pair.smallest_p == pytest.approx(2.0 ** (1 - n), rel=1e-12)


@pytest.mark.proof(
    method="friedman_pairwise", kind="property", source="half a rank is taken up to the next whole difference"
)
def test_half_ranks_are_taken_up():
    assert rank_sum_difference_p(6.5, 4, 7) == rank_sum_difference_p(7, 4, 7)
    assert rank_sum_difference_p(0, 4, 7) == 1.0
    assert rank_sum_difference_p(22, 4, 7) == 0.0


@pytest.mark.proof(
    method="friedman_pairwise", kind="property", source="against one visit: the same p-values, adjusted for fewer"
)
@pytest.mark.parametrize("method", ["dunn", "conover", "exact", "permutation"])
@pytest.mark.parametrize("adjust", ["bonferroni", "holm", "hochberg", "hommel", "bh", "none"])
def test_against_one_visit(method, adjust):
    x = R["data"]["store_sales"]["x"]
    everything = by_pair(friedman_pairwise(x, method, "none"))
    found = friedman_pairwise(x, method, adjust, against=2)
    assert [(pair.first, pair.second) for pair in found] == [(2, 0), (2, 1), (2, 3), (2, 4)]
    for pair in found:
        same = everything[tuple(sorted((pair.first, pair.second)))]
        assert pair.p_value == same.p_value
        sign = 1 if pair.first < pair.second else -1
        assert pair.rank_sum_difference == sign * same.rank_sum_difference
        assert (pair.n_comparisons, pair.adjust) == (4, adjust)
    assert [pair.p_adjusted for pair in found] == list(adjust_p([pair.p_value for pair in found], adjust))


@pytest.mark.proof(
    method="friedman_pairwise", kind="edge", source="n = 0, all tied, full agreement, missing visits, refusals"
)
def test_edges():
    with pytest.raises(NotEstimableError, match="1 have one missing"):
        friedman_pairwise([[1, math.nan]])
    with pytest.raises(NotEstimableError, match="nothing to compare"):
        friedman_pairwise([[1, 1], [2, 2]])
    with pytest.raises(NotEstimableError, match="agree fully"):
        friedman_pairwise([[1, 2, 3], [1, 2, 3]], "conover")
    with pytest.raises(NotEstimableError, match="variance"):
        friedman_pairwise([[1, 2, 3]], "conover")
    found = friedman_pairwise([[1, 2, 3], [3, math.nan, 1], [2, 1, 5]], "exact")
    assert {(pair.n, pair.n_missing) for pair in found} == {(2, 1)}
    for bad in ({"method": "tukey"}, {"adjust": "sidak"}, {"against": 3}, {"against": -1}, {"against": "baseline"}):
        with pytest.raises(StatisticsError, match=r"unknown|against"):
            friedman_pairwise([[1, 2, 3], [2, 1, 3]], **bad)
    with pytest.raises(StatisticsError, match="already"):
        friedman_pairwise([[1, 2, 3], [2, 1, 3]], "nemenyi", "holm")
    with pytest.raises(StatisticsError, match="minutes"):
        difference_tail(np.array([[2, 4, 6, 8]]), np.array([100_000]), 10)
    with pytest.raises(StatisticsError, match="at least"):
        rank_sum_difference_p(1, 1, 5)


@pytest.mark.proof(method="friedman_pairwise", kind="edge", source="ties are named where the method ignores them")
def test_ties_are_named():
    tied, untied = [[1, 1, 2], [1, 2, 3], [3, 1, 1]], [[1, 3, 2], [1, 2, 3], [3, 1, 2]]
    for method in ("dunn", "exact"):
        assert "equal values" in friedman_pairwise(tied, method)[0].note
        assert friedman_pairwise(untied, method)[0].note is None
    assert friedman_pairwise(tied, "permutation")[0].note is None


tables = arrays(np.int64, st.tuples(st.integers(2, 8), st.integers(2, 5)), elements=st.integers(0, 5))


@pytest.mark.proof(
    method="friedman_pairwise", kind="property", source="order of patients and visits and monotone scale do not matter"
)
@given(tables, st.sampled_from(["dunn", "exact", "permutation"]), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_order_and_scale_do_not_matter(x, method, random):
    assume((np.ptp(x, axis=1) > 0).any())
    found = friedman_pairwise(x, method, "holm")
    patients, visits = list(range(x.shape[0])), list(range(x.shape[1]))
    random.shuffle(patients)
    random.shuffle(visits)
    assert friedman_pairwise(x[patients], method, "holm") == found
    assert friedman_pairwise(np.exp(x), method, "holm") == found
    moved = friedman_pairwise(x[:, visits], method, "holm")
    back = {frozenset((visits[pair.first], visits[pair.second])): pair.p_adjusted for pair in moved}
    for pair in found:
        assert back[frozenset((pair.first, pair.second))] == pytest.approx(pair.p_adjusted, rel=1e-12)
        assert pair.p_adjusted >= pair.p_value
        assert pair.smallest_p * (1 - 1e-12) <= pair.p_value <= 1.0


@pytest.mark.proof(
    method="friedman_pairwise",
    kind="property",
    source="every method gives p = 1 for equal rank sums and falls with the difference",
)
@pytest.mark.parametrize("method", ALL_METHODS)
def test_p_falls_as_the_difference_grows(method):
    x = np.array([[1, 2, 3, 4]] * 6 + [[2, 1, 3, 4]] * 6 + [[4, 1, 2, 3]])
    found = sorted(friedman_pairwise(x, method, "none"), key=lambda pair: abs(pair.rank_sum_difference))
    p = [pair.p_value for pair in found]
    assert all(a >= b for a, b in itertools.pairwise(p))
    level = friedman_pairwise([[1, 2, 3], [2, 1, 3], [1, 3, 2], [3, 1, 2]], method, "none")[0]
    assert (level.rank_sum_difference, level.p_value) == (0.0, 1.0)


@pytest.mark.proof(method="friedman_pairwise", kind="edge", source="a visit given as numpy's whole number, or as true")
def test_the_visit_compared_with_is_a_whole_number_of_any_kind_and_no_truth_value():
    x = [[1, 2, 3], [2, 3, 4], [0, 5, 9], [3, 1, 7]]
    found = friedman_pairwise(x, "exact", against=np.int64(1))
    assert found == friedman_pairwise(x, "exact", against=1)
    assert type(found[0].first) is int
    with pytest.raises(StatisticsError, match='"all" or a visit from 0 to 2'):
        friedman_pairwise(x, against=True)
