from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import permutations, product

import pytest

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics import friedman_critical_value


@pytest.mark.proof(
    method="friedman_critical_value",
    kind="published",
    source="published table of Friedman critical values; where it is a misprint the test of the table says so",
)
@pytest.mark.parametrize(
    ("n", "k", "alpha", "statistic", "p"),
    [
        (3, 3, 0.05, 6.000, 0.02778),
        (4, 3, 0.01, 8.0, 0.00463),
        (7, 3, 0.05, 7.143, 0.02718),
        (20, 3, 0.01, 9.3, 0.0082),
        (4, 4, 0.05, 7.8, 0.03639),
        (7, 4, 0.01, 10.543, 0.00906),
        (3, 5, 0.05, 8.533, 0.04549),
    ],
)
def test_critical_values_are_those_of_the_printed_table(n, k, alpha, statistic, p):
    found = friedman_critical_value(n, k, alpha)
    # The table prints three digits of the statistic and four or five of the probability.
    assert found.statistic == pytest.approx(statistic, abs=5e-4)
    assert found.p_value == pytest.approx(p, abs=5e-6)


@pytest.mark.proof(
    method="friedman_critical_value", kind="independent", source="every arrangement of every patient, in fractions"
)
@pytest.mark.parametrize(("n", "k"), [(2, 4), (3, 3), (4, 3), (5, 3), (3, 4)])
@pytest.mark.parametrize("alpha", [0.2, 0.05, 0.01])
def test_critical_values_agree_with_every_arrangement_counted_in_fractions(n, k, alpha):
    orders = list(permutations(range(1, k + 1)))
    counted: Counter[Fraction] = Counter()
    # Relabelling the visits changes no chi-square, so the first patient may keep one order.
    for others in product(orders, repeat=n - 1):
        sums = [sum(column) for column in zip(orders[0], *others, strict=True)]
        counted[Fraction(12 * sum(s * s for s in sums), n * k * (k + 1)) - 3 * n * (k + 1)] += 1
    total = len(orders) ** (n - 1)
    tail, critical = Fraction(0), None
    for value in sorted(counted, reverse=True):
        tail += Fraction(counted[value], total)
        if tail > alpha:
            break
        critical = (value, tail)
    if critical is None:
        with pytest.raises(NotEstimableError):
            friedman_critical_value(n, k, alpha)
        return
    found = friedman_critical_value(n, k, alpha)
    assert found.statistic == pytest.approx(float(critical[0]), rel=1e-10)
    assert found.p_value == pytest.approx(float(critical[1]), rel=1e-10)


@pytest.mark.proof(method="friedman_critical_value", kind="edge", source="levels out of reach, bounds of arguments")
def test_a_level_out_of_reach_is_refused():
    with pytest.raises(NotEstimableError):
        friedman_critical_value(2, 3, 0.01)
    with pytest.raises(StatisticsError):
        friedman_critical_value(0, 3, 0.05)
    with pytest.raises(StatisticsError):
        friedman_critical_value(5, 1, 0.05)
