"""The paired t test: Student's own data, R, the one-sample test of SciPy, and what has no standard error."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError
from myosotis.statistics import paired_t, standardized_response_mean

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "paired_t.json").read_text(encoding="utf-8"))
# Hours of sleep gained by ten patients with each of two drugs.
SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


@pytest.mark.proof(method="paired_t", kind="published", source="Student 1908, p. 20: mean difference 1.58")
def test_the_sleep_of_students_ten_patients():
    found = paired_t(*SLEEP)
    assert found.estimate == pytest.approx(1.58, abs=1e-12)
    # Student gives the odds that the second drug is the better one as 666 to 1 of his z = 1.58 / 1.17.
    assert found.statistic / 3 == pytest.approx(1.58 / 1.17, rel=2e-2)
    one_sided = found.p_value / 2
    assert (1 - one_sided) / one_sided == pytest.approx(666, rel=0.06)


@pytest.mark.proof(method="paired_t", kind="R", source="R 4.2.2 t.test(paired = TRUE) (reference/paired_t.R)")
@pytest.mark.parametrize("case", R["cases"])
def test_r_gives_the_same(case):
    found = paired_t(case["before"], case["after"], case["conf_level"])
    expected = [case[name] for name in ("estimate", "low", "high", "statistic", "df", "p_value", "error")]
    numbers = [found.estimate, found.low, found.high, found.statistic, found.df, found.p_value, found.standard_error]
    assert numbers == pytest.approx(expected, rel=1e-10, abs=1e-13)


@pytest.mark.proof(method="paired_t", kind="independent", source="scipy.stats.ttest_1samp on the differences")
@given(st.lists(st.integers(-40, 40), min_size=2, max_size=25).filter(lambda one: len(set(one)) > 1))
def test_a_second_implementation_gives_the_same(changes):
    from scipy.stats import ttest_1samp

    found, other = paired_t([0] * len(changes), changes), ttest_1samp(changes, 0)
    assert found.statistic == pytest.approx(other.statistic, rel=1e-10, abs=1e-12)
    assert found.p_value == pytest.approx(other.pvalue, rel=1e-9, abs=1e-300)
    limits = other.confidence_interval(0.95)
    assert [found.low, found.high] == pytest.approx([limits.low, limits.high], rel=1e-9, abs=1e-10)


@pytest.mark.proof(method="paired_t", kind="property", source="the limits are the means that the test does not reject")
@given(st.lists(st.integers(-9, 9), min_size=3, max_size=12).filter(lambda one: len(set(one)) > 1))
def test_a_limit_is_the_mean_at_which_the_test_has_its_level(changes):
    found = paired_t([0.0] * len(changes), changes, 0.9)
    for limit in (found.low, found.high):
        shifted = paired_t([0.0] * len(changes), [one - round(limit, 9) for one in changes])
        # The changes are held to 9 decimals, which moves the limit by less than 1e-9 standard errors.
        assert shifted.p_value == pytest.approx(0.1, abs=1e-6)
    standardized = standardized_response_mean([0.0] * len(changes), changes)
    assert found.statistic == pytest.approx(standardized.estimate * math.sqrt(len(changes)), rel=1e-12, abs=1e-12)


@pytest.mark.proof(method="paired_t", kind="edge", source="one pair, equal changes, missing values")
def test_what_has_no_standard_error_is_not_estimable():
    with pytest.raises(NotEstimableError, match="1 complete pair; the standard error"):
        paired_t([1, 2], [2, np.nan])
    with pytest.raises(NotEstimableError, match="all 3 changes are equal"):
        paired_t([0.1, 0.2, 0.3], [0.2, 0.3, 0.4])
    found = paired_t([0, 0, np.nan], [1, 2, 3])
    assert (found.n, found.n_missing, found.df) == (2, 1, 1.0)
