"""Kaplan-Meier curve, median and restricted mean."""

from __future__ import annotations

import json
from fractions import Fraction
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.time_to_event.survival import kaplan_meier, kaplan_meier_median, restricted_mean

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "survival.json").read_text())["curves"]
FOLLOW_UP = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=20)


def split(pairs):
    return [t for t, _ in pairs], [int(e) for _, e in pairs]


def number(value):
    return None if value in ("NA", "NaN", "Inf") else value


@pytest.mark.proof(method="kaplan_meier", kind="R", source="R 4.2.2, survival 3.5-3, survfit(conf.type = 'log-log')")
@pytest.mark.parametrize("name", R)
def test_curve_and_band_agree_with_r(name):
    case = R[name]
    found = kaplan_meier(case["time"], case["event"])
    assert found.time == tuple(case["at"])
    assert found.survival == pytest.approx(case["survival"], rel=1e-10, abs=1e-15)
    for i, (low, high, error) in enumerate(zip(case["low"], case["high"], case["error"], strict=True)):
        if found.survival[i] == 1.0:
            continue  # R gives no limits before the first event; both are 1 here.
        if number(low) is None:
            assert (found.low[i], found.high[i]) == (None, None)
        else:
            assert [found.low[i], found.high[i]] == pytest.approx([low, high], rel=1e-9)
            assert found.standard_error[i] == pytest.approx(error, rel=1e-10)


@pytest.mark.proof(
    method="kaplan_meier_median",
    kind="R",
    source="R 4.2.2, survival 3.5-3, print of survfit: midpoint where exactly one half",
)
@pytest.mark.parametrize("name", R)
def test_median_agrees_with_r(name):
    case = R[name]
    found = kaplan_meier_median(kaplan_meier(case["time"], case["event"]))
    assert [found.estimate, found.low, found.high] == [number(value) for value in case["median"]]


@pytest.mark.proof(method="restricted_mean", kind="R", source="R 4.2.2, survival 3.5-3, summary(survfit, rmean = tau)")
@pytest.mark.parametrize("name", R)
def test_restricted_mean_agrees_with_r(name):
    case = R[name]
    found = restricted_mean(case["time"], case["event"], case["tau"])
    assert found.estimate == pytest.approx(case["mean"], rel=1e-10)
    reach = 1.959963984540054 * case["mean_error"]
    expected = [max(0, case["mean"] - reach), min(case["tau"], case["mean"] + reach)]
    assert [found.low, found.high] == pytest.approx(expected, rel=1e-9)


@pytest.mark.proof(
    method="kaplan_meier",
    kind="published",
    source="Freireich 1963, 6-MP in leukaemia; Collett and many: 0.857, 0.807, 0.753, 0.690",
)
def test_leukaemia():
    case = R["leukaemia"]
    found = kaplan_meier(case["time"], case["event"])
    drops = [s for s, d in zip(found.survival, found.events, strict=True) if d]
    assert drops == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)  # printed to 3 digits
    assert kaplan_meier_median(found).estimate == 23


@pytest.mark.proof(
    method="kaplan_meier", kind="independent", source="product limit in exact fractions, patient by patient"
)
@settings(deadline=None)
@given(FOLLOW_UP)
def test_curve_equals_the_product_in_fractions(pairs):
    times, events = split(pairs)
    found = kaplan_meier(times, events)
    survival, variance = Fraction(1), Fraction(0)
    for i, moment in enumerate(sorted(set(times))):
        at_risk, deaths = sum(t >= moment for t in times), sum(t == moment and e for t, e in pairs)
        survival *= 1 - Fraction(deaths, at_risk)
        assert found.survival[i] == pytest.approx(float(survival), rel=1e-12, abs=1e-15)
        assert (found.at_risk[i], found.events[i]) == (at_risk, deaths)
        if survival and survival < 1:
            variance += Fraction(deaths, at_risk * (at_risk - deaths))
            theta = 1.959963984540054 * sqrt(variance) / log(survival)
            limits = sorted([float(survival) ** exp(theta), float(survival) ** exp(-theta)])
            assert [found.low[i], found.high[i]] == pytest.approx(limits, rel=1e-9)


@pytest.mark.proof(
    method="kaplan_meier", kind="property", source="without censoring it is one minus the empirical distribution"
)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=25))
def test_without_censoring_it_is_the_share_still_free(times):
    found = kaplan_meier(times, np.ones(len(times)))
    for moment, value in zip(found.time, found.survival, strict=True):
        assert value == pytest.approx(np.mean(np.array(times) > moment), abs=1e-12)
    assert restricted_mean(times, np.ones(len(times)), tau=20).estimate == pytest.approx(np.mean(times), abs=1e-10)


@pytest.mark.proof(method="kaplan_meier", kind="property", source="falling curve inside its band; scale of time")
@settings(deadline=None)
@given(FOLLOW_UP)
def test_curve_falls_inside_its_band(pairs):
    times, events = split(pairs)
    found, weeks = kaplan_meier(times, events), kaplan_meier([7 * t for t in times], events)
    assert list(found.survival) == sorted(found.survival, reverse=True)
    assert found.survival == weeks.survival
    for low, value, high in zip(found.low, found.survival, found.high, strict=True):
        assert low is None or 0.0 <= low <= value <= high <= 1.0
    medians = [kaplan_meier_median(found, convention) for convention in ("first", "midpoint")]
    assert (medians[0].estimate is None) == (medians[1].estimate is None)
    if medians[0].estimate is not None:
        assert medians[0].estimate <= medians[1].estimate


@pytest.mark.proof(method="restricted_mean", kind="independent", source="area of the curve read off step by step")
@settings(deadline=None)
@given(FOLLOW_UP)
def test_restricted_mean_is_the_area_under_the_curve(pairs):
    times, events = split(pairs)
    tau = max(times)
    curve = kaplan_meier(times, events)
    area = sum(curve.at(step + 0.5) for step in range(tau))
    assert restricted_mean(times, events, tau).estimate == pytest.approx(area, rel=1e-10)


@pytest.mark.proof(
    method="kaplan_meier_median", kind="edge", source="exactly one half, by both conventions; never reached"
)
def test_median_conventions():
    curve = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    assert kaplan_meier_median(curve, "midpoint").estimate == 2.5
    assert kaplan_meier_median(curve, "first").estimate == 2.0
    flat = kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0])
    assert kaplan_meier_median(flat).estimate == 2.0
    never = kaplan_meier_median(kaplan_meier([1, 2, 3, 4], [0, 1, 0, 0]))
    assert never.estimate is None
    assert "median" in never.note
    # 0.7 x 0.714... is one half only up to rounding.
    tenths = kaplan_meier(range(1, 11), [1] * 10)
    assert kaplan_meier_median(tenths).estimate == 5.5
    with pytest.raises(StatisticsError, match="convention"):
        kaplan_meier_median(curve, "last")


@pytest.mark.proof(method="restricted_mean", kind="edge", source="a horizon beyond the last time, a horizon of 0")
@pytest.mark.proof(method="kaplan_meier", kind="edge", source="no event, one patient, time 0, reading the curve")
def test_edges():
    nobody = kaplan_meier([3, 5], [0, 0])
    assert (nobody.survival, nobody.low, nobody.high) == ((1.0, 1.0), (1.0, 1.0), (1.0, 1.0))
    one = kaplan_meier([4], [1])
    assert (one.survival, one.low, one.high, one.standard_error) == ((0.0,), (None,), (None,), (0.0,))
    assert (one.at(3.9), one.at(4), one.at(99)) == (1.0, 0.0, 0.0)
    assert nobody.at(6) is None
    assert kaplan_meier([0, 2], [1, 1]).survival == (0.5, 0.0)
    with pytest.raises(StatisticsError, match="time is -1"):
        one.at(-1)
    with pytest.raises(NotEstimableError, match="no patient"):
        kaplan_meier([], [])
    with pytest.raises(StatisticsError, match="negative"):
        kaplan_meier([-1], [1])
    with pytest.raises(StatisticsError, match="other than 0 and 1"):
        kaplan_meier([1], [2])
    with pytest.raises(StatisticsError, match="cannot be used"):
        kaplan_meier([float("nan")], [1])
    with pytest.raises(StatisticsError, match="time has 1 values and event has 2"):
        kaplan_meier([1], [1, 0])
    with pytest.raises(NotEstimableError, match="observation ended at 5"):
        restricted_mean([3, 5], [1, 0], tau=6)
    with pytest.raises(StatisticsError, match="tau is 0"):
        restricted_mean([3, 5], [1, 0], tau=0)


@pytest.mark.proof(method="restricted_mean", kind="edge", source="no event, or all at one time: no variance, no limits")
@pytest.mark.parametrize("case", [([1, 2, 3], [0, 0, 0], 2, 2.0), ([2, 2, 2], [1, 1, 1], 4, 2.0), ([3], [1], 2, 2.0)])
def test_a_restricted_mean_without_variance_has_no_limits(case):
    *follow_up, estimate = case
    found = restricted_mean(*follow_up)
    assert (found.estimate, found.low, found.high) == (estimate, None, None)
    assert "no interval" in found.note
    assert restricted_mean([1, 2, 3], [1, 0, 0], 2).note is None
