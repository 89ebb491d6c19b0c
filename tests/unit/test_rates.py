"""Rates of events in person-time: exact intervals, ratios, first events."""

from __future__ import annotations

import json
from math import comb, exp, factorial, log
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.rates.poisson import first_event_incidence, poisson_rate, rate_ratio

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "counts.json").read_text())


def limits(interval):
    return [interval.low, interval.high]


@pytest.mark.proof(method="poisson_rate", kind="R", source="R 4.2.2, stats::poisson.test")
@pytest.mark.parametrize("case", R["rates"])
def test_poisson_rate_agrees_with_r(case):
    found = poisson_rate(case["events"], case["time"])
    assert limits(found) == pytest.approx(case["interval"], rel=1e-10, abs=0)
    assert found.estimate == case["events"] / case["time"]


@pytest.mark.proof(
    method="poisson_rate", kind="published", source="StatsDirect manual, 14 events in 400 person-years; Garwood 1936"
)
@pytest.mark.parametrize(
    ("events", "time", "low", "high"),
    [
        (14, 400, 0.019135, 0.058724),
        (0, 1, 0.0, 3.688879),
        (1, 1, 0.025318, 5.571643),
        (2, 1, 0.242209, 7.224688),
        (3, 1, 0.618672, 8.767273),
        (4, 1, 1.08987, 10.24159),
        (5, 1, 1.623486, 11.668332),
        (10, 1, 4.795389, 18.390356),
        (14, 1, 7.653930, 23.489621),
        (100, 1, 81.363991, 121.626794),
        (137, 24.19893, 4.753125, 6.692709),
    ],
)
def test_poisson_rate_gives_printed_limits(events, time, low, high):
    found = poisson_rate(events, time)
    assert limits(found) == pytest.approx([low, high], abs=5.1e-6)  # printed to 5 or 6 digits
    printed = {(14, 400): 0.035, (137, 24.19893): 5.661407}.get((events, time), events / time)
    assert found.estimate == pytest.approx(printed, abs=5e-7)


@pytest.mark.proof(
    method="poisson_rate", kind="published", source="epitools manual: one-sided limit 2.996 without events"
)
def test_without_events_the_one_sided_limit_is_minus_the_log_of_the_error():
    assert poisson_rate(0, 1).high == pytest.approx(3.689, abs=5e-4)
    assert poisson_rate(0, 1, conf_level=0.90).high == pytest.approx(-log(0.05), rel=1e-12)


@pytest.mark.parametrize(
    ("events", "rate", "low", "high"), [(26, 305.6, 199.6, 447.7), (1, 11.8, 0.3, 65.5), (0, 0.0, 0.0, 43.4)]
)
def test_events_of_twenty_children_per_hundred_patient_years(events, rate, low, high):
    # Seventeen children for 24 weeks and three for 12.
    hundred_years = (17 * 24 + 3 * 12) * 7 / 365.25 / 100
    found = poisson_rate(events, hundred_years)
    assert [found.estimate, found.low, found.high] == pytest.approx([rate, low, high], abs=0.051)


@pytest.mark.proof(method="poisson_rate", kind="independent", source="sums of Poisson probabilities, written out")
@pytest.mark.parametrize("events", [1, 3, 26])
def test_poisson_limits_leave_half_the_error_in_each_tail(events):
    found = poisson_rate(events, 1.0)

    def at_most(count, mean):
        return sum(exp(-mean) * mean**k / factorial(k) for k in range(count + 1))

    assert 1 - at_most(events - 1, found.low) == pytest.approx(0.025, rel=1e-9)
    assert at_most(events, found.high) == pytest.approx(0.025, rel=1e-9)


@pytest.mark.proof(method="poisson_rate", kind="property", source="scaling with time, order, monotone in events")
@settings(deadline=None)
@given(events=st.integers(0, 300), time=st.floats(0.01, 1e4))
def test_poisson_rate_scales_and_grows(events, time):
    found, unit, more = poisson_rate(events, time), poisson_rate(events, 1.0), poisson_rate(events + 1, time)
    assert found.low <= found.estimate <= found.high
    assert limits(found) == pytest.approx([unit.low / time, unit.high / time], rel=1e-12)
    assert more.low > found.low
    assert more.high > found.high


@pytest.mark.proof(method="rate_ratio", kind="R", source="R 4.2.2, stats::poisson.test of two rates")
@pytest.mark.parametrize("case", R["ratios"])
def test_rate_ratio_agrees_with_r(case):
    found = rate_ratio(*case["input"])
    assert found.p_value == pytest.approx(case["p"], rel=1e-9)
    assert found.low == pytest.approx(float(case["interval"][0]), rel=1e-9, abs=0)
    if case["interval"][1] == "Inf":
        assert found.high is None
        assert found.estimate is None
        assert "infinite" in found.note
    else:
        assert found.high == pytest.approx(case["interval"][1], rel=1e-9)
        assert found.estimate == pytest.approx(case["estimate"], rel=1e-12, abs=0)


@pytest.mark.proof(method="rate_ratio", kind="published", source="R help of poisson.test: 11/800 and 21/3011")
def test_rate_ratio_gives_printed_values():
    found = rate_ratio(11, 800, 21, 3011)
    printed = [found.estimate, found.low, found.high, found.p_value]
    assert printed == pytest.approx([1.971488, 0.858426, 4.277266, 0.07967], abs=5e-6)


@pytest.mark.proof(method="rate_ratio", kind="independent", source="binomial sums given the total, written out")
@pytest.mark.parametrize("first", range(7))
def test_rate_ratio_p_equals_binomial_sums(first):
    share = 2 / (2 + 3)
    mass = [comb(6, k) * share**k * (1 - share) ** (6 - k) for k in range(7)]
    likely = sum(m for m in mass if m <= mass[first] * (1 + 1e-12))
    assert rate_ratio(first, 2, 6 - first, 3).p_value == pytest.approx(likely, rel=1e-10)
    central = min(1.0, 2 * min(sum(mass[: first + 1]), sum(mass[first:])))
    assert rate_ratio(first, 2, 6 - first, 3, two_sided="central").p_value == pytest.approx(central, rel=1e-10)
    assert rate_ratio(first, 2, 6 - first, 3).smallest_p == pytest.approx(mass[6], rel=1e-10)


@pytest.mark.proof(method="rate_ratio", kind="property", source="swapping groups inverts; central p agrees with limits")
@settings(deadline=None)
@given(a=st.integers(1, 60), b=st.integers(1, 60), t=st.floats(0.1, 50), u=st.floats(0.1, 50))
def test_rate_ratio_inverts_and_its_central_p_agrees_with_the_interval(a, b, t, u):
    found, swapped = rate_ratio(a, t, b, u, two_sided="central"), rate_ratio(b, u, a, t, two_sided="central")
    assert [found.low, found.estimate, found.high] == pytest.approx(
        [1 / swapped.high, 1 / swapped.estimate, 1 / swapped.low], rel=1e-9
    )
    assert found.p_value == pytest.approx(swapped.p_value, rel=1e-9)
    if min(abs(found.low - 1), abs(found.high - 1)) > 1e-6:
        assert (found.p_value < 0.05) == (found.low > 1 or found.high < 1)


@pytest.mark.proof(method="first_event_incidence", kind="independent", source="Garwood's limits of the summed patients")
def test_first_event_incidence_adds_patients_up():
    found = first_event_incidence([2.0, 5.0, 3.0, 8.0], [True, False, True, False])
    whole = poisson_rate(2, 18.0)
    assert (found.estimate, found.low, found.high) == (whole.estimate, whole.low, whole.high)
    assert (found.events, found.person_time, found.n) == (2, 18.0, 4)


@pytest.mark.proof(method="first_event_incidence", kind="edge", source="no event at all")
def test_first_event_incidence_without_events():
    found = first_event_incidence([4, 6], [0, 0])
    assert (found.estimate, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(-log(0.025) / 10, rel=1e-12)


@pytest.mark.proof(method="poisson_rate", kind="edge", source="no person-time, no event, impossible numbers")
@pytest.mark.proof(method="rate_ratio", kind="edge", source="no person-time, no event, impossible numbers")
def test_impossible_numbers_are_refused():
    with pytest.raises(NotEstimableError, match="person-time is 0"):
        poisson_rate(1, 0)
    for time in (-1.0, float("nan"), float("inf")):
        with pytest.raises(StatisticsError, match="person-time"):
            poisson_rate(1, time)
    with pytest.raises(StatisticsError, match="events is -1"):
        poisson_rate(-1, 2)
    with pytest.raises(StatisticsError, match="events is 0"):
        poisson_rate(0.5, 2)
    with pytest.raises(NotEstimableError, match="neither group"):
        rate_ratio(0, 1, 0, 2)
    with pytest.raises(StatisticsError, match="two_sided"):
        rate_ratio(1, 1, 0, 2, two_sided="both")
    with pytest.raises(NotEstimableError, match="person-time is 0"):
        first_event_incidence([], [])
    with pytest.raises(StatisticsError, match="time has 2 values and event has 1"):
        first_event_incidence([1, 2], [1])
    with pytest.raises(StatisticsError, match="negative"):
        first_event_incidence([1, -2], [1, 0])
    with pytest.raises(StatisticsError, match="other than 0 and 1"):
        first_event_incidence([1, 2], [1, 2])
    with pytest.raises(StatisticsError, match="cannot be used"):
        first_event_incidence([1, float("nan")], [1, 0])
