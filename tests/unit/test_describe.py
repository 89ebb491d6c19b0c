"""Quantiles, summaries and the interval of a median against R, numpy, worked examples and their definitions."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.describe.summary import describe, median_interval, quantile, quartiles

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "quantiles.json").read_text(encoding="utf-8"))
NUMPY_METHODS = {
    1: "inverted_cdf",
    2: "averaged_inverted_cdf",
    3: "closest_observation",
    4: "interpolated_inverted_cdf",
    5: "hazen",
    6: "weibull",
    7: "linear",
    8: "median_unbiased",
    9: "normal_unbiased",
}
SAMPLES = [pytest.param(sample, id=name) for name, sample in R["samples"].items()]
whole_samples = st.lists(st.integers(-50, 50), min_size=1, max_size=25)


@pytest.mark.proof(method="quantile", kind="R", source="R 4.2.2 quantile, types 1 to 9 (reference/quantiles.R)")
@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("definition", range(1, 10))
def test_quantiles_equal_r(sample, definition):
    # 15 significant digits were written.
    assert quantile(sample["x"], R["probs"], definition) == pytest.approx(
        sample["quantiles"][definition - 1], rel=1e-13
    )


@pytest.mark.proof(
    method="quantile", kind="scipy", source="numpy.quantile, its nine methods by the names of Hyndman and Fan"
)
@pytest.mark.parametrize("definition", range(1, 10))
def test_quantiles_equal_numpy(definition):
    rng = np.random.default_rng(11)
    for n in range(1, 40):
        x = rng.normal(size=n)
        for p in (0.0, 0.01, 0.1, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 0.9, 1.0):
            assert quantile(x, p, definition) == pytest.approx(
                float(np.quantile(x, p, method=NUMPY_METHODS[definition])), rel=1e-10, abs=1e-12
            )


@pytest.mark.proof(method="quantile", kind="R", source="R 4.2.2 fivenum (reference/quantiles.R)")
@pytest.mark.parametrize("sample", SAMPLES)
def test_tukey_hinges_equal_r(sample):
    assert quantile(sample["x"], (0, 0.25, 0.5, 0.75, 1), "tukey") == pytest.approx(sample["fivenum"], rel=1e-13)


@pytest.mark.proof(
    method="quantile", kind="independent", source="hinges as medians of the halves, the middle value in both"
)
@given(whole_samples)
@settings(deadline=None)
def test_tukey_hinges_are_medians_of_halves(x):
    ordered, half = sorted(x), (len(x) + 1) // 2
    assert quantile(x, (0.25, 0.75), "tukey") == (float(np.median(ordered[:half])), float(np.median(ordered[-half:])))


@pytest.mark.proof(
    method="quartiles",
    kind="published",
    source="SPSS HAVERAGE and Prism: position (n + 1) p; R: 1 + (n - 1) p, by hand",
)
@pytest.mark.parametrize(
    ("n", "definition", "expected"),
    [
        (7, "spss", (2.0, 4.0, 6.0)),
        (7, "prism", (2.0, 4.0, 6.0)),
        (7, "r", (2.5, 4.0, 5.5)),
        (7, "sas", (2.0, 4.0, 6.0)),
        (20, "spss", (5.25, 10.5, 15.75)),
        (20, "r", (5.75, 10.5, 15.25)),
        (20, "sas", (5.5, 10.5, 15.5)),
        (20, "tukey", (5.5, 10.5, 15.5)),
    ],
)
def test_programs_differ_as_documented(n, definition, expected):
    found = quartiles(range(1, n + 1), definition)
    assert (found.q1, found.median, found.q3) == expected
    assert found.n == n


@pytest.mark.proof(method="quartiles", kind="edge", source="the name of a program stands for its type")
def test_alias_is_recorded_as_the_type():
    assert [quartiles([1, 2, 3], name).definition for name in ("sas", "spss", "prism", "r", "tukey", 8)] == [
        2,
        6,
        6,
        7,
        "tukey",
        8,
    ]


@pytest.mark.proof(
    method="quantile", kind="property", source="quantiles lie within the sample and do not fall as p grows"
)
@given(whole_samples, st.sampled_from(range(1, 10)))
@settings(deadline=None)
def test_quantiles_are_ordered_and_within_range(x, definition):
    found = quantile(x, [i / 24 for i in range(25)], definition)
    assert all(a <= b + 1e-12 for a, b in itertools.pairwise(found))
    assert min(x) <= found[0]
    assert found[-1] == max(x)


@pytest.mark.proof(method="quantile", kind="edge", source="a position that is whole but for rounding")
def test_rounding_of_a_position_does_not_move_a_step():
    # 100 x 0.07 is 7.000000000000001 in binary: type 1 must still give the seventh value.
    assert quantile(range(1, 101), 0.07, 1) == 7.0
    assert quantile(range(1, 101), 0.07, 2) == 7.5


@pytest.mark.proof(method="quantile", kind="edge", source="refusals")
@pytest.mark.parametrize(
    ("x", "p", "definition", "words"),
    [
        ([1, 2], 1.01, 6, "from 0 to 1"),
        ([1, 2], 0.5, 10, "definition 10"),
        ([1, 2], 0.5, "excel", "excel"),
        ([1, 2], 0.1, "tukey", "hinges"),
        ([1, math.inf], 0.5, 6, "infinite"),
        ([[1, 2]], 0.5, 6, "one axis"),
        (["high", 2], 0.5, 6, "not a number"),
    ],
)
def test_quantile_refuses(x, p, definition, words):
    with pytest.raises(StatisticsError, match=words):
        quantile(x, p, definition)


@pytest.mark.proof(method="quantile", kind="edge", source="n = 0 and all missing")
@pytest.mark.parametrize("x", [[], [math.nan, math.nan]])
def test_no_value_has_no_quantile(x):
    with pytest.raises(NotEstimableError):
        quantile(x, 0.5)
    with pytest.raises(NotEstimableError):
        median_interval(x)


@pytest.mark.proof(method="describe", kind="R", source="R 4.2.2 mean, sd, quantile type 6 (reference/quantiles.R)")
@pytest.mark.parametrize("sample", SAMPLES)
def test_description_equals_r(sample):
    found = describe([*sample["x"], math.nan])
    probs = R["probs"]
    type_6 = dict(zip(probs, sample["quantiles"][5], strict=True))
    assert found.n == len(sample["x"])
    assert found.n_missing == 1
    assert found.mean == pytest.approx(sample["mean"], rel=1e-13)
    assert (found.sd is None) == (sample["sd"] is None)
    if found.sd is not None:
        assert found.sd == pytest.approx(sample["sd"], rel=1e-13)
    assert (found.q1, found.median, found.q3) == pytest.approx((type_6[0.25], type_6[0.5], type_6[0.75]), rel=1e-13)
    assert (found.minimum, found.maximum) == (min(sample["x"]), max(sample["x"]))


@pytest.mark.proof(method="describe", kind="edge", source="n = 0, n = 1, all missing")
def test_small_samples_leave_out_what_they_cannot_give():
    nothing = describe([math.nan])
    assert (nothing.n, nothing.n_missing, nothing.mean, nothing.median, nothing.minimum) == (0, 1, None, None, None)
    one = describe([3.5])
    assert (one.mean, one.sd, one.q1, one.median, one.q3) == (3.5, None, 3.5, 3.5, 3.5)
    tied = describe([0.1, 0.1, 0.1])
    assert (tied.sd, tied.q1, tied.q3) == (0.0, 0.1, 0.1)


@pytest.mark.proof(method="describe", kind="property", source="the order of the patients changes no digit")
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=15), st.randoms())
@settings(deadline=None)
def test_order_changes_no_digit(x, random):
    shuffled = list(x)
    random.shuffle(shuffled)
    assert describe(shuffled) == describe(x)


@pytest.mark.proof(method="median_interval", kind="R", source="R 4.2.2 qbinom, pbinom (reference/quantiles.R)")
@pytest.mark.parametrize("sample", SAMPLES)
def test_median_interval_equals_r(sample):
    for expected in sample["median_interval"]:
        found = median_interval(sample["x"], expected["level"])
        assert (found.low, found.high) == (expected.get("low"), expected.get("high"))
        assert found.attained_level == pytest.approx(expected["attained"], rel=1e-12, abs=1e-12)


@pytest.mark.proof(
    method="median_interval", kind="published", source="binomial table of intervals for the median, 2 to 20 values"
)
@pytest.mark.parametrize(
    ("n", "level", "low", "high", "per_cent"),
    [
        (9, 0.96, 2, 8, 96.1),
        (10, 0.95, 2, 9, 97.9),
        (14, 0.98, 3, 12, 98.7),
        (14, 0.94, 4, 11, 94.3),
        (17, 0.95, 5, 13, 95.1),
    ],
)
def test_median_interval_equals_printed_table(n, level, low, high, per_cent):
    found = median_interval(range(1, n + 1), level)
    assert (found.low_rank, found.high_rank) == (low, high)
    assert round(100 * found.attained_level, 1) == per_cent


@pytest.mark.proof(method="median_interval", kind="independent", source="all 2^n signs around the median, counted")
@pytest.mark.parametrize("n", range(2, 12))
def test_attained_level_is_the_coverage(n):
    found = median_interval(range(n), 0.5)
    low, high = found.low_rank, found.high_rank
    below = [sum(signs) for signs in itertools.product((0, 1), repeat=n)]
    covered = sum(low <= count <= high - 1 for count in below)
    assert found.attained_level == covered / 2**n
    # One rank further in would not hold the level.
    inner = sum(low + 1 <= count <= high - 2 for count in below)
    assert inner / 2**n < 0.5


@pytest.mark.proof(method="median_interval", kind="edge", source="n too small, a level attained exactly, a large n")
def test_median_interval_at_the_edges():
    small = median_interval([1, 2, 3, 4, 5])
    assert (small.low, small.high, small.attained_level) == (None, None, 0.9375)
    assert "too small" in small.note
    exact = median_interval(range(6), 0.96875)
    assert (exact.low_rank, exact.high_rank) == (1, 6)
    # The change of arithmetic at n = 1000 must not change the answer's kind.
    for n in (999, 1000, 1001, 1002):
        assert 0.95 <= median_interval(range(n)).attained_level < 0.9565
    with pytest.raises(StatisticsError):
        median_interval([1, 2], 1.0)
