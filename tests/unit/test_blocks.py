"""Skillings-Mack, Durbin, Page, Quade and Cochran against print, R, scipy and full enumeration."""

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
from myosotis.statistics.permutation.ranks import doubled_ranks
from myosotis.statistics.repeated.cochran_q import cochran_q
from myosotis.statistics.repeated.durbin import durbin
from myosotis.statistics.repeated.friedman import friedman
from myosotis.statistics.repeated.page_trend import page_trend
from myosotis.statistics.repeated.quade import quade
from myosotis.statistics.repeated.skillings_mack import skillings_mack

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "rank_tests.json").read_text(encoding="utf-8"))
TABLES = [pytest.param(entry, id=name) for name, entry in R["data"].items()]
NAN = math.nan

# Skillings and Mack 1981, Table 1: nine assemblers x four methods, four cells missing, one tie.
ASSEMBLERS = [
    (3.2, 4.1, 3.8, 4.2),
    (3.1, 3.9, 3.4, 4.0),
    (4.3, 3.5, 4.6, 4.8),
    (3.5, 3.6, 3.9, 4.0),
    (3.6, 4.2, 3.7, 3.9),
    (4.5, 4.7, 3.7, NAN),
    (NAN, 4.2, 3.4, NAN),
    (4.3, 4.6, 4.4, 4.9),
    (3.5, NAN, 3.7, 3.9),
]

# Conover 1999, p. 391: seven judges rank three of seven kinds of ice cream each.
ICE_CREAM = [
    (2, 3, NAN, 1, NAN, NAN, NAN),
    (NAN, 3, 1, NAN, 2, NAN, NAN),
    (NAN, NAN, 2, 1, NAN, 3, NAN),
    (NAN, NAN, NAN, 1, 2, NAN, 3),
    (3, NAN, 1, NAN, NAN, NAN, 2),
    (NAN, 3, NAN, NAN, NAN, 1, 2),
    (3, NAN, NAN, NAN, 1, 2, NAN),
]

# Five patients of whom two missed a visit, and the same with every visit.
GAPS = [(10, 12, 15, 18), (8, 9, 9.5, NAN), (20, 19, 22, 25), (5, 7, 6, 9), (14, NAN, NAN, 16)]
FULL = [(10, 12, 15, 18), (8, 9, 9.5, 11), (20, 19, 22, 25), (5, 7, 6, 9), (14, 13, 17, 16)]

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


def arrangements_of(x):
    """List every table in which each patient's seen values are permuted over the visits at which they were seen."""
    rows = []
    for row in x:
        seen = [j for j, value in enumerate(row) if not math.isnan(value)]
        permuted = []
        for values in sorted(set(itertools.permutations([row[j] for j in seen]))):
            new = list(row)
            for j, value in zip(seen, values, strict=True):
                new[j] = value
            permuted.append(tuple(new))
        rows.append(permuted)
    return itertools.product(*rows)


def exact_p(x, statistic):
    """Compute the share of all arrangements that are at least as extreme, by brute force."""
    observed = statistic(x)
    found = [statistic(table) for table in arrangements_of(x)]
    return sum(value >= observed - 1e-9 for value in found) / len(found)


# Skillings-Mack


@pytest.mark.proof(
    method="skillings_mack",
    kind="published",
    source="Skillings and Mack 1981, Table 1, p. 173; packages Skillings.Mack and NSM3 in R 4.2.2",
)
def test_assemblers():
    found = skillings_mack(ASSEMBLERS, "asymptotic")
    assert found.statistic == pytest.approx(15.493049, abs=5e-7)
    assert found.df == 3
    assert found.p_value == pytest.approx(0.001440, abs=5e-7)
    assert found.adjusted_sums == pytest.approx((-14.12560, 4.28124, -4.28124, 14.12560), abs=5e-6)
    assert [found.covariance[j][j] for j in range(4)] == [22, 21, 23, 20]
    assert (found.n, found.n_missing, found.n_incomplete) == (9, 0, 3)


@pytest.mark.proof(
    method="skillings_mack",
    kind="published",
    source="Conover 1999, p. 391, ice cream: 12, as Durbin's; Skillings.Mack in R 4.2.2",
)
def test_balanced_design_gives_durbins_statistic():
    assert skillings_mack(ICE_CREAM, "asymptotic").statistic == pytest.approx(12.0, rel=1e-12)


@pytest.mark.proof(
    method="skillings_mack", kind="independent", source="worked by hand from the formulas of Skillings and Mack 1981"
)
def test_five_patients_by_hand():
    found = skillings_mack(GAPS, "asymptotic")
    assert found.adjusted_sums == pytest.approx((-8.1542, -2.3238, 2.5066, 7.9714), abs=5e-5)
    assert found.statistic == pytest.approx(9.5030, abs=5e-5)
    assert found.p_value == pytest.approx(0.02330, abs=5e-6)
    listwise = friedman(GAPS, "asymptotic")
    assert (listwise.n, listwise.statistic) == (3, pytest.approx(7.0, rel=1e-12))
    assert listwise.p_value == pytest.approx(0.0719, abs=5e-5)
    complete = friedman(FULL, "asymptotic")
    assert complete.statistic == pytest.approx(10.92, rel=1e-12)
    assert complete.p_value == pytest.approx(0.01217, abs=5e-6)


def skillings_mack_slowly(x):
    """Follow the published steps cell by cell, with a generalised inverse."""
    from scipy.stats import rankdata

    k = len(x[0])
    sums, covariance = np.zeros(k), np.zeros((k, k))
    for row in x:
        seen = [j for j in range(k) if not math.isnan(row[j])]
        size = len(seen)
        if size < 2:
            continue
        ranks = rankdata([row[j] for j in seen])
        for rank, j in zip(ranks, seen, strict=True):
            sums[j] += math.sqrt(12 / (size + 1)) * (rank - (size + 1) / 2)
        for i, j in itertools.permutations(seen, 2):
            covariance[i, j] -= 1
            covariance[i, i] += 1
    return float(sums @ np.linalg.pinv(covariance) @ sums)


@pytest.mark.proof(
    method="skillings_mack", kind="independent", source="the published steps cell by cell, with a generalised inverse"
)
@pytest.mark.parametrize("seed", range(15))
def test_statistic_equals_a_slow_computation(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 9, size=(12, 4)).astype(float)
    x[rng.uniform(size=x.shape) < 0.25] = NAN
    found = skillings_mack(x, "asymptotic")
    assert found.statistic == pytest.approx(skillings_mack_slowly(x.tolist()), rel=1e-9)
    assert found.n + found.n_missing == 12


@pytest.mark.proof(
    method="skillings_mack", kind="independent", source="Monte Carlo p within four standard errors of full enumeration"
)
@pytest.mark.parametrize(
    "x",
    [
        [(1, 2, NAN), (2, 3, 1), (NAN, 1, 2), (1, 4, 4), (0, 3, 5)],
        [(1, 2, 3), (2, 3, 1), (2, NAN, 2), (1, 1, 2)],
    ],
    ids=["one tie", "ties"],
)
def test_monte_carlo_p_agrees_with_enumeration(x):
    exact = exact_p(x, skillings_mack_slowly)
    found = skillings_mack(x, "monte_carlo", seed=3, resamples=20_000)
    assert abs(found.p_value - exact) < 4 * math.sqrt(exact * (1 - exact) / 20_000)
    assert (found.p_kind, found.seed, found.df) == ("monte_carlo", 3, 2)
    assert found.smallest_p <= found.p_value
    assert skillings_mack(x[::-1], "monte_carlo", seed=3, resamples=20_000).p_value == found.p_value


@pytest.mark.proof(
    method="skillings_mack", kind="property", source="complete data without ties give Friedman's chi-square"
)
@pytest.mark.parametrize("seed", range(5))
def test_complete_data_give_friedman(seed):
    x = np.random.default_rng(seed).normal(size=(8, 5))
    assert skillings_mack(x, "asymptotic").statistic == pytest.approx(friedman(x, "asymptotic").statistic, rel=1e-10)


@pytest.mark.proof(method="skillings_mack", kind="edge", source="patients seen once, unlinked visits, all tied, none")
def test_skillings_mack_edges():
    found = skillings_mack([*GAPS, (NAN, 3, NAN, NAN), (NAN,) * 4], "asymptotic")
    assert (found.n, found.n_missing) == (5, 2)
    assert found.statistic == skillings_mack(GAPS, "asymptotic").statistic
    with pytest.raises(NotEstimableError, match=r"visits 2, 3"):
        skillings_mack([(1, 2, NAN, NAN), (NAN, NAN, 1, 2)])
    with pytest.raises(NotEstimableError, match="visits 2 "):
        skillings_mack([(1, 2, NAN), (2, 3, NAN)])
    with pytest.raises(NotEstimableError, match="nothing to rank"):
        skillings_mack([(1, 1, NAN), (2, 2, 2)])
    with pytest.raises(NotEstimableError, match="1 were seen at fewer"):
        skillings_mack([(1, NAN)])
    with pytest.raises(StatisticsError, match="unknown"):
        skillings_mack(GAPS, "exact")
    with pytest.raises(StatisticsError, match="resamples"):
        skillings_mack(GAPS, resamples=0)
    with pytest.raises(StatisticsError, match="seed"):
        skillings_mack(GAPS, seed=-1)


# Durbin


@pytest.mark.proof(
    method="durbin",
    kind="published",
    source="Conover 1999, p. 391, ice cream: T1 = 12, df 6, p 0.06197; T2 = 8; PMCMRplus in R 4.2.2",
)
def test_ice_cream():
    found = durbin(ICE_CREAM)
    assert (found.statistic, found.df) == (pytest.approx(12.0, rel=1e-12), 6)
    assert found.p_value == pytest.approx(0.06197, abs=5e-6)
    assert found.f == pytest.approx(8.0, rel=1e-12)
    assert found.f_df == (6, 8)
    assert found.rank_sums == (8, 9, 4, 3, 5, 6, 7)


@pytest.mark.proof(
    method="durbin", kind="property", source="a complete table gives Friedman's tie-corrected chi-square and F"
)
@pytest.mark.parametrize("entry", TABLES)
def test_complete_table_gives_friedman(entry):
    plain = friedman(entry["x"], "asymptotic", decimals=entry.get("decimals"))
    found = durbin(entry["x"], decimals=entry.get("decimals"))
    assert found.statistic == pytest.approx(plain.statistic, rel=1e-12)
    assert found.f == pytest.approx(plain.iman_davenport, rel=1e-9)
    assert found.f_df == plain.iman_davenport_df
    assert found.f_p == pytest.approx(plain.iman_davenport_p, rel=1e-8)


@pytest.mark.proof(
    method="durbin", kind="independent", source="Monte Carlo p within four standard errors of full enumeration"
)
def test_durbin_monte_carlo_agrees_with_enumeration():
    x = [(3, 1, NAN, NAN), (2, NAN, 2, NAN), (1, NAN, NAN, 5), (NAN, 1, 3, NAN), (NAN, 2, NAN, 6), (NAN, NAN, 1, 4)]
    exact = exact_p(x, lambda table: durbin(table).statistic)
    found = durbin(x, "monte_carlo", seed=5, resamples=20_000)
    assert abs(found.p_value - exact) < 4 * math.sqrt(exact * (1 - exact) / 20_000)


@pytest.mark.proof(
    method="durbin", kind="independent", source="exact p and its least: every arrangement over the visits seen"
)
@pytest.mark.parametrize(
    "x",
    [
        [(3, 1, NAN, NAN), (2, NAN, 2, NAN), (1, NAN, NAN, 5), (NAN, 1, 3, NAN), (NAN, 2, NAN, 6), (NAN, NAN, 1, 4)],
        [(1, 2, 2, NAN), (1, 4, NAN, 3), (0, NAN, 5, 5), (NAN, 1, 2, 3)],
        [(2, 3, NAN), (NAN, 1, 4), (5, NAN, 9)],
    ],
)
def test_durbin_exact_equals_enumeration_with_ties(x):
    found = durbin(x, "exact")
    assert found.p_kind == "exact"
    assert found.p_value == pytest.approx(exact_p(x, lambda table: durbin(table).statistic), rel=1e-12)
    every = [durbin(table).statistic for table in arrangements_of(x)]
    assert found.smallest_p == pytest.approx(sum(t >= max(every) - 1e-9 for t in every) / len(every), rel=1e-12)


@pytest.mark.proof(method="durbin", kind="property", source="the exact p of a complete table is Friedman's")
def test_durbin_exact_of_a_complete_table_is_friedmans():
    x = np.random.default_rng(8).integers(0, 4, (9, 4))
    found, plain = durbin(x, "exact"), friedman(x, "exact")
    assert found.p_value == pytest.approx(plain.p_value, rel=1e-10)
    assert found.smallest_p == pytest.approx(plain.smallest_p, rel=1e-10)


@pytest.mark.proof(method="durbin", kind="edge", source="an exact p that would need too many rank sums")
def test_durbin_refuses_an_exact_p_that_cannot_be_held():
    for shape in ((40, 6), (40, 12)):
        with pytest.raises(StatisticsError, match=r'too many combinations.*p="monte_carlo"'):
            durbin(np.random.default_rng(8).random(shape), "exact")


@pytest.mark.proof(method="durbin", kind="edge", source="designs that are not balanced, all tied, none")
def test_durbin_edges():
    for x, words in (
        ([(1, 2, NAN), (1, 2, 3)], "visits of a patient"),
        ([(1, 2, NAN), (NAN, 1, 2)], "patients at a visit"),
        ([(1, 2, NAN, NAN), (NAN, NAN, 1, 2)], "both of two visits"),
    ):
        with pytest.raises(StatisticsError, match=words):
            durbin(x)
    with pytest.raises(NotEstimableError, match="no patient"):
        durbin(np.empty((0, 3)))
    with pytest.raises(NotEstimableError, match="nothing to rank"):
        durbin([(1, 1, NAN), (NAN, 1, 1), (2, NAN, 2)])
    with pytest.raises(StatisticsError, match="unknown"):
        durbin(ICE_CREAM, "auto")
    agreed = durbin([(1, 2), (1, 2)])
    assert (agreed.f, agreed.f_p) == (None, None)


# Page


@pytest.mark.proof(
    method="page_trend",
    kind="published",
    source="Sachs 1997 p. 671, reviewers: L = 252, z = 3.06 (corrected), one-sided p 0.001107; PMCMRplus, R 4.2.2",
)
def test_reviewers_follow_an_order():
    found = page_trend(REVIEWERS, "asymptotic", continuity_correction=True)
    assert found.statistic == 252
    assert found.z == pytest.approx(3.06, abs=5e-3)
    assert found.p_value == pytest.approx(0.001107, abs=5e-7)
    assert found.rank_sums == (13, 22, 25, 30)
    # Without the correction: 27 above a mean of 225, variance 75.
    assert page_trend(REVIEWERS).z == pytest.approx(27 / math.sqrt(75), rel=1e-13)
    balanced = page_trend([(1, 2), (2, 1)], "asymptotic", continuity_correction=True)
    assert (balanced.z, balanced.p_value) == (0.0, 0.5)


@pytest.mark.proof(
    method="page_trend",
    kind="R",
    source="R 4.2.2, coin 1.4.2 friedman_test with ordered visits (reference/rank_tests.R)",
)
@pytest.mark.parametrize("entry", TABLES)
def test_standard_score_equals_coin(entry):
    found = page_trend(entry["x"], "asymptotic", decimals=entry.get("decimals"), alternative="two-sided")
    assert abs(found.z) == pytest.approx(abs(entry["page"]["z"]), rel=1e-10, abs=1e-12)
    assert found.p_value == pytest.approx(entry["page"]["p_two_sided"], rel=1e-9)


@pytest.mark.proof(
    method="page_trend", kind="scipy", source="scipy.stats.page_trend_test, exact, ranks without ties only"
)
@pytest.mark.parametrize(("n", "k"), [(3, 3), (5, 4), (9, 4), (4, 6), (12, 3)])
def test_exact_p_without_ties_equals_scipy(n, k):
    from scipy.stats import page_trend_test

    x = np.random.default_rng(n * k).normal(size=(n, k)) + 0.4 * np.arange(k)
    expected = page_trend_test(x, method="exact")
    found = page_trend(x, "exact")
    assert found.statistic == expected.statistic
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-10)


def page_exactly(ranks, places):
    """Compute the exact upper and two-sided p of Page's L in rational arithmetic."""
    states = Counter({0: Fraction(1)})
    for row in ranks:
        following = Counter()
        permuted = [
            sum(p * r for p, r in zip(places, arranged, strict=True)) for arranged in itertools.permutations(row)
        ]
        for total, weight in states.items():
            for value in permuted:
                following[total + value] += weight / len(permuted)
        states = following
    observed = sum(p * r for row in ranks for p, r in zip(places, row, strict=True))
    mean = sum(total * weight for total, weight in states.items())
    upper = sum(w for total, w in states.items() if total >= observed)
    lower = sum(w for total, w in states.items() if total <= observed)
    both = sum(w for total, w in states.items() if abs(total - mean) >= abs(observed - mean))
    return upper, lower, both, states[max(states)]


@pytest.mark.proof(
    method="page_trend",
    kind="independent",
    source="every arrangement of every patient with ties, in rational arithmetic",
)
@pytest.mark.parametrize("seed", range(25))
def test_exact_p_with_ties_equals_rational_enumeration(seed):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(1, 8)), int(rng.integers(2, 6))
    x = rng.integers(0, 4, size=(n, k)).astype(float)
    x[0, 0] += 5
    places = [int(place) for place in rng.permutation(k) + 1]
    upper, lower, both, least = page_exactly(doubled_ranks(x).tolist(), places)
    for alternative, expected in (("greater", upper), ("less", lower), ("two-sided", both)):
        found = page_trend(x, "exact", order=places, alternative=alternative)
        assert found.p_value == pytest.approx(float(expected), rel=1e-12)
    assert page_trend(x, order=places).smallest_p == pytest.approx(float(least), rel=1e-12)


@pytest.mark.proof(method="page_trend", kind="edge", source="choices, orders, missing visits, all tied, none")
def test_page_edges():
    assert "feasible" in page_trend(FULL).note
    wide = page_trend(np.random.default_rng(1).normal(size=(4, 11)))
    assert wide.p_kind == "asymptotic"
    assert "too long" in wide.note
    with pytest.raises(StatisticsError, match="too long"):
        page_trend(np.random.default_rng(1).normal(size=(4, 11)), "exact")
    for order in ((1, 2), (1, 2, 2, 4), (0, 1, 2, 3)):
        with pytest.raises(StatisticsError, match="order"):
            page_trend(FULL, order=order)
    with pytest.raises(StatisticsError, match="alternative"):
        page_trend(FULL, alternative="up")
    with pytest.raises(StatisticsError, match="unknown"):
        page_trend(FULL, "monte_carlo")
    with pytest.raises(NotEstimableError, match="2 have one missing"):
        page_trend([(1, NAN), (NAN, 2)])
    with pytest.raises(NotEstimableError, match="nothing to rank"):
        page_trend([(1, 1), (2, 2)])
    assert page_trend(GAPS).n == 3
    # A rise seen backwards is a fall.
    assert page_trend(FULL, order=(4, 3, 2, 1), alternative="less").p_value == page_trend(FULL).p_value


# Quade


@pytest.mark.proof(
    method="quade",
    kind="published",
    source="Conover 1999, store data: F(4, 24) = 3.8293, p 0.01519; Sachs 1997 p. 675: F(5, 25) = 9.4882, p 3.61e-05",
)
def test_published_quade():
    stores = quade(R["data"]["store_sales"]["x"], "asymptotic")
    assert (stores.statistic, stores.p_value) == (pytest.approx(3.8293, abs=5e-5), pytest.approx(0.01519, abs=5e-6))
    assert stores.df == (4, 24)
    diuretics = quade(R["data"]["sachs_diuretics"]["x"], "asymptotic", decimals=2)
    assert diuretics.statistic == pytest.approx(9.4882, abs=5e-5)
    assert diuretics.p_value == pytest.approx(3.61e-05, abs=5e-8)


@pytest.mark.proof(method="quade", kind="R", source="R 4.2.2 quade.test (reference/rank_tests.R)")
@pytest.mark.parametrize("entry", TABLES)
def test_quade_equals_r(entry):
    found = quade(entry["x"], "asymptotic", decimals=entry.get("decimals"))
    assert found.statistic == pytest.approx(entry["quade"]["statistic"], rel=1e-10)
    assert found.p_value == found.p_asymptotic == pytest.approx(entry["quade"]["p"], rel=1e-9)


def quade_slowly(rows):
    """Follow Conover's steps: ranks of ranges times centred ranks, their squares within and between visits."""
    n, k = len(rows), len(rows[0])

    def ranks(values):
        return [sum(o < v for o in values) + (sum(o == v for o in values) + 1) / 2 for v in values]

    weights = ranks([max(row) - min(row) for row in rows])
    scores = [[w * (r - (k + 1) / 2) for r in ranks(row)] for w, row in zip(weights, rows, strict=True)]
    within = sum(s * s for row in scores for s in row)
    between = sum(sum(column) ** 2 for column in zip(*scores, strict=True)) / n
    return 1e12 if within - between < 1e-9 else (n - 1) * between / (within - between)


@pytest.mark.proof(method="quade", kind="independent", source="every arrangement of every patient, by brute force")
@pytest.mark.parametrize("seed", range(8))
def test_exact_quade_equals_brute_force(seed):
    rng = np.random.default_rng(seed)
    n, k = [(5, 3), (4, 3), (3, 4), (9, 2)][seed % 4]
    x = rng.integers(0, 6, size=(n, k)).astype(float)
    x[0, 0] += 7
    expected = exact_p(x.tolist(), quade_slowly)
    found = quade(x, "exact")
    assert found.p_kind == "exact"
    assert found.p_value == pytest.approx(expected, rel=1e-10)
    assert found.smallest_p <= found.p_value * (1 + 1e-12)


@pytest.mark.proof(
    method="quade", kind="edge", source="full agreement, one patient, all tied, ranges equal but in binary"
)
def test_quade_edges():
    agreed = quade([[1, 2, 3], [2, 3, 4], [1, 2, 3]])
    assert (agreed.statistic, agreed.p_asymptotic) == (math.inf, None)
    assert agreed.p_value == agreed.smallest_p == pytest.approx(1 / 36, rel=1e-13)
    with pytest.raises(NotEstimableError, match="infinite"):
        quade([[1, 2, 3], [2, 3, 4]], "asymptotic")
    # Full agreement of patients with ranges 1, 2 and 3 leaves F finite: (n - 1) 36 / (3 x 14 - 36).
    unequal = quade([[1, 2, 2], [2, 4, 4], [1, 4, 4]])
    assert unequal.statistic == pytest.approx(12.0, rel=1e-12)
    assert unequal.p_value == unequal.smallest_p == pytest.approx(1 / 9, rel=1e-13)
    with pytest.raises(NotEstimableError, match="needs two"):
        quade([[1, 2, 3], [NAN, 1, 2]])
    with pytest.raises(NotEstimableError, match="nothing to rank"):
        quade([[1, 1], [2, 2]])
    close = [[5.2, 5.4, 5.3], [5.4, 5.6, 5.4], [5.0, 5.9, 5.5]]
    with pytest.raises(StatisticsError, match="ranges"):
        quade(close)
    assert quade(close, decimals=1).statistic == quade([[52, 54, 53], [54, 56, 54], [50, 59, 55]]).statistic


# Cochran


def toenail(arm):
    entry = R["toenail"][arm]
    rows = [
        [int(sign) for sign in pattern]
        for pattern, count in zip(entry["patterns"], entry["patients"], strict=True)
        for _ in range(count)
    ]
    return rows, entry


@pytest.mark.proof(
    method="cochran_q",
    kind="R",
    source="toenail trial, weeks 0, 4, 12, 24: R 4.2.2, mice 3.15 data (reference/rank_tests.R)",
)
@pytest.mark.parametrize(("arm", "n", "q"), [("terbinafine", 131, 67.07547), ("itraconazole", 124, 58.78261)])
def test_toenail_trial(arm, n, q):
    rows, entry = toenail(arm)
    found = cochran_q(rows, "asymptotic")
    assert found.n == n
    assert found.statistic == pytest.approx(q, abs=5e-6)
    assert found.statistic == pytest.approx(entry["statistic"], rel=1e-12)
    assert found.p_value == pytest.approx(entry["p"], rel=1e-9)


@pytest.mark.proof(
    method="cochran_q", kind="R", source="R 4.2.2, coin 1.4.2 mh_test, on simulated outcomes (reference/rank_tests.R)"
)
def test_cochran_equals_coin():
    entry = R["cochran"]
    found = cochran_q(entry["x"], "asymptotic")
    assert found.statistic == pytest.approx(entry["statistic"], rel=1e-10)
    assert found.p_value == pytest.approx(entry["p"], rel=1e-9)
    two = cochran_q([[row[0], row[2]] for row in entry["x"]])
    assert two.statistic == pytest.approx(entry["two_visits"]["mcnemar"], rel=1e-12)
    assert two.p_value == pytest.approx(entry["two_visits"]["sign_test"], rel=1e-12)


def cochran_slowly(rows):
    """Measure how far the visits' counts are from their mean, to which Q is proportional for fixed patients."""
    counts = [sum(column) for column in zip(*rows, strict=True)]
    return sum((count - sum(counts) / len(counts)) ** 2 for count in counts)


@pytest.mark.proof(method="cochran_q", kind="independent", source="every arrangement of every patient, by brute force")
@pytest.mark.parametrize("seed", range(8))
def test_exact_cochran_equals_brute_force(seed):
    rng = np.random.default_rng(seed)
    n, k = [(5, 3), (4, 4), (8, 2), (3, 5)][seed % 4]
    x = rng.integers(0, 2, size=(n, k))
    x[0, :2] = (0, 1)
    found = cochran_q(x, "exact")
    assert found.p_value == pytest.approx(exact_p(x.tolist(), cochran_slowly), rel=1e-10)


@pytest.mark.proof(
    method="cochran_q",
    kind="property",
    source="Cochran's Q is Friedman's chi-square of outcomes, with the same exact p",
)
@given(arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(2, 4)), elements=st.integers(0, 1)))
@settings(deadline=None, max_examples=60)
def test_cochran_is_friedman_of_outcomes(x):
    assume((np.ptp(x, axis=1) > 0).any())
    found, other = cochran_q(x, "exact"), friedman(x, "exact")
    assert found.statistic == pytest.approx(other.statistic, rel=1e-12, abs=1e-12)
    assert found.p_value == pytest.approx(other.p_value, rel=1e-12)
    assert found.smallest_p == pytest.approx(other.smallest_p, rel=1e-12)


@pytest.mark.proof(
    method="cochran_q", kind="edge", source="no change, all or none with the outcome, other values, missing visits"
)
def test_cochran_edges():
    for x in ([[1, 1], [0, 0]], [[0, 0, 0]], np.empty((0, 2)), [[NAN, 1]]):
        with pytest.raises(NotEstimableError, match="changed"):
            cochran_q(x)
    with pytest.raises(StatisticsError, match="0 and 1"):
        cochran_q([[0, 2]])
    found = cochran_q([[True, False], [False, True], [1, NAN], [1, 1]])
    assert (found.n, found.n_missing, found.n_informative, found.counts) == (3, 1, 2, (2, 2))
    assert found.p_value == 1.0
    seven = cochran_q([[0, 1]] * 7)
    assert seven.p_value == seven.smallest_p == pytest.approx(2 / 128, rel=1e-13)


blocks = arrays(np.int64, st.tuples(st.integers(2, 6), st.integers(2, 4)), elements=st.integers(0, 5))


@pytest.mark.proof(
    method="skillings_mack", kind="property", source="order of visits and patients and monotone scale do not matter"
)
@pytest.mark.proof(
    method="durbin", kind="property", source="order of visits and patients and monotone scale do not matter"
)
@pytest.mark.proof(method="quade", kind="property", source="order of visits and patients and scale do not matter")
@pytest.mark.proof(
    method="page_trend",
    kind="property",
    source="order of patients and monotone scale do not matter; visits move with their places",
)
@given(blocks, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=50)
def test_order_and_scale_do_not_matter(x, random):
    assume((np.ptp(x, axis=1) > 0).any())
    visits, patients = list(range(x.shape[1])), list(range(x.shape[0]))
    random.shuffle(visits)
    random.shuffle(patients)
    for changed in (x[patients], x[:, visits], x**3):
        for test in (skillings_mack, durbin):
            assert test(changed, "asymptotic").statistic == pytest.approx(
                test(x, "asymptotic").statistic, rel=1e-9, abs=1e-12
            )
    for changed in (x[patients], x[:, visits], 3 * x + 7):
        assert quade(changed).p_value == pytest.approx(quade(x).p_value, rel=1e-12)
    places = [visit + 1 for visit in visits]
    for changed, order in ((x[patients], None), (x**3, None), (x[:, visits], places)):
        assert page_trend(changed, order=order).p_value == pytest.approx(page_trend(x).p_value, rel=1e-12)
    for found in (quade(x, "exact"), page_trend(x, "exact")):
        assert found.smallest_p * (1 - 1e-12) <= found.p_value <= 1.0
