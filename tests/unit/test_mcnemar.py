"""Paired yes-or-no outcomes."""

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
from myosotis.statistics.paired.mcnemar import (
    mcnemar,
    mcnemar_exact,
    mcnemar_mid_p,
    paired_difference_newcombe,
    paired_difference_tango,
    paired_table,
)

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "counts.json").read_text())
CELLS = st.tuples(*[st.integers(0, 25)] * 4).filter(any)
INTERVALS = {"newcombe": paired_difference_newcombe, "tango": paired_difference_tango}


def square(cells):
    return [[cells[0], cells[1]], [cells[2], cells[3]]]


@pytest.mark.proof(method="mcnemar", kind="R", source="R 4.2.2, stats::mcnemar.test with and without correction")
@pytest.mark.parametrize("case", R["paired"])
def test_mcnemar_agrees_with_r(case):
    for continuity, key in ((True, "corrected"), (False, "plain")):
        found = mcnemar(case["table"], continuity=continuity)
        if case["table"][0][1] == case["table"][1][0]:
            # Equal discordant counts: R squares |0| - 1; taking 1 from a distance of 0 cannot make it larger.
            assert found.statistic == 0.0
        else:
            assert [found.statistic, found.p_value] == pytest.approx(case[key], rel=1e-10)


@pytest.mark.proof(method="mcnemar_exact", kind="R", source="R 4.2.2, stats::binom.test of the discordant pairs")
@pytest.mark.parametrize("case", R["paired"])
def test_exact_mcnemar_agrees_with_r(case):
    assert mcnemar_exact(case["table"]).p_value == pytest.approx(case["exact"], rel=1e-10)


@pytest.mark.proof(
    method="mcnemar",
    kind="published",
    source="R help of mcnemar.test, approval ratings as 794 86 150 570: 16.8178, p = 4.115e-05",
)
def test_approval_ratings():
    found = mcnemar([[794, 86], [150, 570]])
    assert [found.statistic, found.p_value] == pytest.approx([16.8178, 4.115e-05], rel=1.3e-4)  # printed to 4 digits


@pytest.mark.proof(
    method="paired_difference_newcombe",
    kind="published",
    source="airway hyper-responsiveness before and after transplantation, Fagerland, Lydersen and Laake 2013 and 2014",
)
@pytest.mark.proof(
    method="paired_difference_tango",
    kind="published",
    source="airway hyper-responsiveness before and after transplantation, Fagerland, Lydersen and Laake 2013 and 2014",
)
@pytest.mark.proof(
    method="mcnemar_exact",
    kind="published",
    source="airway hyper-responsiveness before and after transplantation, Fagerland, Lydersen and Laake 2013 and 2014",
)
@pytest.mark.proof(
    method="mcnemar",
    kind="published",
    source="airway hyper-responsiveness before and after transplantation, Fagerland, Lydersen and Laake 2013 and 2014",
)
@pytest.mark.proof(
    method="mcnemar_mid_p", kind="published", source="Fagerland, Lydersen and Laake 2013, airway hyper-responsiveness"
)
def test_airway_hyper_responsiveness():
    table = [[1, 1], [7, 12]]
    found = [mcnemar(table, continuity=False).p_value, mcnemar(table).p_value, mcnemar_exact(table).p_value]
    assert found == pytest.approx([0.034, 0.077, 0.070], abs=5e-4)  # printed to 3 digits
    assert mcnemar_mid_p(table).p_value == pytest.approx(0.039, abs=5e-4)
    for method, low, high in ((paired_difference_newcombe, 0.026, 0.507), (paired_difference_tango, 0.026, 0.517)):
        interval = method(table)
        assert [interval.estimate, interval.low, interval.high] == pytest.approx([0.286, low, high], abs=5e-4)


@pytest.mark.proof(
    method="paired_difference_tango", kind="R", source="R 4.2.2, score inverted with optimize and uniroot"
)
@pytest.mark.parametrize("case", R["paired"])
def test_tango_agrees_with_a_numerical_inversion(case):
    found = paired_difference_tango(case["table"])
    # optimize() finds the nuisance to about 1e-8, and the limits inherit a part of that.
    assert [found.low, found.high] == pytest.approx(case["tango"], abs=2e-7)


@pytest.mark.proof(
    method="paired_difference_newcombe",
    kind="independent",
    source="method 10 written out from Newcombe 1998, without the package's Wilson",
)
@settings(deadline=None)
@given(CELLS)
def test_newcombe_equals_its_formulas(cells):
    e, f, g, h = cells
    n, z = sum(cells), 1.959963984540054

    def wilson(x):
        middle, half = 2 * x + z * z, z * np.sqrt(z * z + 4 * x * (1 - x / n))
        return (middle - half) / (2 * (n + z * z)), (middle + half) / (2 * (n + z * z))

    before, after = (e + f) / n, (e + g) / n
    (l1, u1), (l2, u2) = wilson(e + g), wilson(e + f)
    product = (e + f) * (g + h) * (e + g) * (f + h)
    excess = e * h - f * g
    corrected = max(excess - n / 2, 0) if excess > 0 else excess
    phi = corrected / np.sqrt(product) if product else 0.0
    down = (after - l1) ** 2 - 2 * phi * (after - l1) * (u2 - before) + (u2 - before) ** 2
    up = (u1 - after) ** 2 - 2 * phi * (u1 - after) * (before - l2) + (before - l2) ** 2
    found = paired_difference_newcombe(square(cells))
    difference = after - before
    # A root of a sum that cancels to 1e-16 leaves 1e-8.
    assert [found.low, found.high] == pytest.approx(
        [difference - np.sqrt(max(down, 0)), difference + np.sqrt(max(up, 0))], abs=3e-8
    )


@pytest.mark.proof(method="mcnemar_exact", kind="independent", source="binomial sums in exact fractions")
@pytest.mark.parametrize("lost", range(7))
@pytest.mark.parametrize("gained", range(7))
def test_exact_and_mid_p_equal_binomial_sums(lost, gained):
    size = lost + gained
    mass = [Fraction(comb(size, k), 2**size) for k in range(size + 1)]
    tail = sum(mass[: min(lost, gained) + 1])
    table = [[3, lost], [gained, 2]]
    assert mcnemar_exact(table).p_value == pytest.approx(float(min(Fraction(1), 2 * tail)), rel=1e-13)
    assert mcnemar_exact(table).smallest_p == float(min(Fraction(1), 2 * mass[0]))
    point = mass[gained]
    if lost != gained:
        for centre in ("one", "half", "whole"):
            assert mcnemar_mid_p(table, centre=centre).p_value == pytest.approx(float(2 * tail - point), rel=1e-12)
    elif size:
        assert mcnemar_mid_p(table, centre="one").p_value == 1.0
        assert mcnemar_mid_p(table, centre="half").p_value == pytest.approx(float(1 - point / 2), rel=1e-13)
        assert mcnemar_mid_p(table, centre="whole").p_value == pytest.approx(float(1 - point), rel=1e-13)


@pytest.mark.proof(method="mcnemar_mid_p", kind="independent", source="least mid-p over all splits")
@pytest.mark.parametrize("size", range(1, 9))
def test_least_p_is_the_least_over_all_splits(size):
    splits = [[[0, k], [size - k, 0]] for k in range(size + 1)]
    assert min(mcnemar_exact(t).p_value for t in splits) == mcnemar_exact(splits[0]).smallest_p
    assert min(mcnemar_mid_p(t).p_value for t in splits) == pytest.approx(
        mcnemar_mid_p(splits[0]).smallest_p, rel=1e-12
    )


@pytest.mark.proof(method="paired_difference_newcombe", kind="property", source="range, order, mirror")
@pytest.mark.parametrize("name", INTERVALS)
@pytest.mark.proof(method="paired_difference_tango", kind="property", source="range, order, mirror")
@settings(deadline=None)
@given(cells=CELLS)
def test_intervals_hold_their_estimate_and_mirror(name, cells):
    a, b, c, d = cells
    method = INTERVALS[name]
    found, swapped, wider = method(square(cells)), method([[a, c], [b, d]]), method(square(cells), conf_level=0.99)
    assert -1.0 <= found.low <= found.estimate <= found.high <= 1.0
    assert wider.low <= found.low + 1e-12
    assert wider.high >= found.high - 1e-12
    # The square-and-add limits take the root of a difference, hence 1e-8 where it cancels.
    assert [swapped.low, swapped.high] == pytest.approx([-found.high, -found.low], abs=3e-8)
    if name == "tango":
        assert method([[a + d, b], [c, 0]]).low == pytest.approx(found.low, abs=1e-9)


@pytest.mark.proof(method="paired_difference_newcombe", kind="edge", source="nobody changed, everybody changed, empty")
@pytest.mark.proof(method="paired_difference_tango", kind="edge", source="nobody changed, everybody changed, empty")
@pytest.mark.proof(method="mcnemar_mid_p", kind="edge", source="nobody changed, everybody changed, empty")
@pytest.mark.proof(method="mcnemar", kind="edge", source="nobody changed, everybody changed, empty")
@pytest.mark.proof(method="mcnemar_exact", kind="edge", source="nobody changed, everybody changed, empty")
def test_edges():
    none = mcnemar_exact([[3, 0], [0, 4]])
    assert (none.p_value, none.smallest_p) == (1.0, 1.0)
    assert "no patient changed" in none.note
    for centre in ("one", "half", "whole"):
        unchanged = mcnemar_mid_p([[3, 0], [0, 4]], centre=centre)
        assert (unchanged.p_value, unchanged.note) == (1.0, none.note)
    with pytest.raises(NotEstimableError, match="no discordant pair"):
        mcnemar([[3, 0], [0, 4]])
    for method in INTERVALS.values():
        assert method([[0, 0], [5, 0]]).high == pytest.approx(1.0, abs=1e-12)
        assert method([[0, 5], [0, 0]]).low == pytest.approx(-1.0, abs=1e-12)
        with pytest.raises(NotEstimableError, match="empty"):
            method([[0, 0], [0, 0]])
    # Without discordant pairs the limits are z^2 / (n + z^2) either way.
    z2 = 1.959963984540054**2
    assert paired_difference_tango([[10, 0], [0, 10]]).high == pytest.approx(z2 / (20 + z2), rel=1e-9)


def test_tables_are_built_and_checked():
    assert paired_table([1, 1, 0, 0, np.nan, 1], [1, 0, 1, 0, 1, np.nan]) == ((1, 1), (1, 1))
    with pytest.raises(StatisticsError, match="other than 0, 1"):
        paired_table([2], [1])
    for bad in ([[1, 2]], [[1, -2], [3, 4]], [[1.5, 2], [3, 4]], [["a", "b"], ["c", "d"]], [1, 2, 3, 4]):
        with pytest.raises(StatisticsError, match="two rows of two whole counts"):
            mcnemar_exact(bad)
    with pytest.raises(StatisticsError, match="centre"):
        mcnemar_mid_p([[1, 2], [3, 4]], centre="none")
