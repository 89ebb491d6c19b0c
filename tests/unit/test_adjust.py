"""Adjusted p-values against R, closed testing by definition, and the properties of a step procedure."""

import itertools
import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import StatisticsError
from myosotis.statistics.multiplicity.adjust import adjust_p

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "adjustments.json").read_text(encoding="utf-8"))
METHODS = ("bonferroni", "holm", "hochberg", "hommel", "bh", "none")
families = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=7)


@pytest.mark.proof(method="adjust_p", kind="R", source="R 4.2.2 p.adjust (reference/adjustments.R)")
@pytest.mark.parametrize("name", R["families"])
@pytest.mark.parametrize("method", METHODS)
def test_adjusted_p_values_equal_r(name, method):
    family = R["families"][name]
    assert adjust_p(family["p"], method) == pytest.approx(family["adjusted"][method], rel=1e-12)


@pytest.mark.proof(
    method="adjust_p",
    kind="published",
    source="SPSS pairwise comparisons with six pairs: 0.0225 to 0.023, 0.0056, 0.0114",
)
def test_bonferroni_of_six_pairs():
    found = adjust_p((0.00375, 0.000925, 0.00190, 1.0, 1.0, 1.0), "bonferroni")
    assert found[:3] == pytest.approx((0.0225, 0.00555, 0.0114), rel=1e-12)


def closed(p, local):
    """Adjust by testing every subset that holds a hypothesis: the definition of a closed test."""
    adjusted = [0.0] * len(p)
    for size in range(1, len(p) + 1):
        for subset in itertools.combinations(range(len(p)), size):
            value = local(sorted(p[i] for i in subset))
            for i in subset:
                adjusted[i] = max(adjusted[i], value)
    return [min(1.0, value) for value in adjusted]


@pytest.mark.proof(method="adjust_p", kind="independent", source="closed test of Simes over all subsets (Hommel)")
@given(families)
@settings(deadline=None, max_examples=60)
def test_hommel_closes_simes(p):
    expected = closed(p, lambda q: min(len(q) * value / (i + 1) for i, value in enumerate(q)))
    assert adjust_p(p, "hommel") == pytest.approx(expected, rel=1e-12, abs=1e-300)


@pytest.mark.proof(method="adjust_p", kind="independent", source="closed test of Bonferroni over all subsets (Holm)")
@given(families)
@settings(deadline=None, max_examples=60)
def test_holm_closes_bonferroni(p):
    assert adjust_p(p, "holm") == pytest.approx(closed(p, lambda q: len(q) * q[0]), rel=1e-12, abs=1e-300)


@pytest.mark.proof(
    method="adjust_p", kind="property", source="none <= bh <= hochberg, hommel <= hochberg <= holm <= bonferroni <= 1"
)
@given(families)
@settings(deadline=None)
def test_methods_are_ordered_by_severity(p):
    found = {method: adjust_p(p, method) for method in METHODS}
    slack = 1e-12
    for i in range(len(p)):
        row = [found[m][i] for m in ("none", "hommel", "hochberg", "holm", "bonferroni")]
        assert all(a <= b * (1 + slack) + 1e-300 for a, b in itertools.pairwise([*row, 1.0]))
        assert found["none"][i] <= found["bh"][i] * (1 + slack)
        assert found["bh"][i] <= found["hommel"][i] * (1 + slack) + 1e-300


@pytest.mark.proof(method="adjust_p", kind="property", source="the order of the family does not matter")
@given(st.permutations([0.001, 0.02, 0.02, 0.3, 0.04]), st.sampled_from(METHODS))
def test_order_does_not_matter(p, method):
    expected = dict(zip((0.001, 0.02, 0.02, 0.3, 0.04), adjust_p((0.001, 0.02, 0.02, 0.3, 0.04), method), strict=True))
    assert adjust_p(p, method) == tuple(expected[value] for value in p)


@pytest.mark.proof(method="adjust_p", kind="edge", source="an empty family, one p-value, refusals")
@pytest.mark.parametrize("method", METHODS)
def test_edges(method):
    assert adjust_p((), method) == ()
    assert adjust_p((0.04,), method) == (0.04,)
    assert adjust_p((1.0, 1.0), method) == (1.0, 1.0)
    for wrong in ((0.5, math.nan), (-0.1,), (1.1,)):
        with pytest.raises(StatisticsError, match="0 to 1"):
            adjust_p(wrong, method)
    with pytest.raises(StatisticsError, match="unknown"):
        adjust_p((0.5,), "sidak-like")
