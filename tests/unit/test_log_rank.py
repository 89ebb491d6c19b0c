"""The log-rank test."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.time_to_event.log_rank import log_rank

DATA = json.loads((Path(__file__).parents[1] / "reference" / "data" / "survival.json").read_text())
PATIENTS = st.lists(st.tuples(st.integers(1, 8), st.booleans(), st.booleans()), min_size=3, max_size=9).filter(
    lambda rows: len({g for _, _, g in rows}) == 2 and any(e for _, e, _ in rows)
)


def excess(times, events, chosen):
    """Give observed less expected events of the chosen patients in exact fractions."""
    total = Fraction(0)
    for moment in {t for t, e in zip(times, events, strict=True) if e}:
        risk = [i for i, t in enumerate(times) if t >= moment]
        dying = [i for i in risk if times[i] == moment and events[i]]
        total += sum(i in chosen for i in dying) - Fraction(len(dying) * sum(i in chosen for i in risk), len(risk))
    return total


@pytest.mark.proof(method="log_rank", kind="R", source="R 4.2.2, survival 3.5-3, survdiff, two to four groups")
@pytest.mark.parametrize("name", DATA["log_rank"])
def test_chi_square_agrees_with_r(name):
    case = DATA["log_rank"][name]
    found = log_rank(case["time"], case["event"], case["group"])
    assert [found.statistic, found.df, found.p_value] == pytest.approx(
        [case["statistic"], case["df"], case["p"]], rel=1e-9
    )


@pytest.mark.proof(method="log_rank", kind="published", source="Freireich 1963, 6-MP in leukaemia: chi-square 16.79")
def test_leukaemia():
    case = DATA["log_rank"]["leukaemia"]
    found = log_rank(case["time"], case["event"], case["group"])
    assert found.statistic == pytest.approx(16.79, abs=5e-3)  # printed to 2 digits


@pytest.mark.proof(
    method="log_rank", kind="R", source="R 4.2.2, coin 1.4-2, logrank_test(distribution = 'exact'), no ties"
)
@pytest.mark.parametrize("name", DATA["exact"])
def test_exact_p_agrees_with_coin(name):
    case = DATA["exact"][name]
    if len(case["time"]) > 20:
        found = log_rank(case["time"], case["event"], case["group"], p="monte_carlo", resamples=20_000)
        assert abs(found.p_value - case["p"]) < 4.5 * found.p_standard_error
    else:
        assert log_rank(case["time"], case["event"], case["group"], p="exact").p_value == pytest.approx(
            case["p"], rel=1e-8
        )


@pytest.mark.proof(
    method="log_rank", kind="independent", source="observed less expected of every division, in exact fractions"
)
@settings(deadline=None, max_examples=60)
@given(PATIENTS)
def test_exact_p_equals_enumeration(rows):
    times, events, groups = (list(column) for column in zip(*rows, strict=True))
    chosen = {i for i, g in enumerate(groups) if g}
    sums = [abs(excess(times, events, set(c))) for c in itertools.combinations(range(len(rows)), len(chosen))]
    if not any(sums):
        with pytest.raises(NotEstimableError):
            log_rank(times, events, groups, p="exact")
        return
    found = log_rank(times, events, groups, p="exact")
    assert found.p_value == pytest.approx(
        sum(s >= abs(excess(times, events, chosen)) for s in sums) / len(sums), rel=1e-12
    )
    assert found.smallest_p == pytest.approx(sum(s == max(sums) for s in sums) / len(sums), rel=1e-12)


@pytest.mark.proof(method="log_rank", kind="property", source="labels and the unit of time do not matter")
@settings(deadline=None)
@given(PATIENTS)
def test_labels_and_units_do_not_matter(rows):
    times, events, groups = (np.array(column) for column in zip(*rows, strict=True))
    try:
        found = log_rank(times, events, groups)
    except NotEstimableError:
        return
    renamed = log_rank(30 * times, events, np.where(groups, "a", "z"))
    assert renamed.statistic == pytest.approx(found.statistic, rel=1e-9, abs=1e-12)


@pytest.mark.proof(
    method="log_rank",
    kind="independent",
    source="Monte Carlo against the exact value; three groups against all labellings",
)
def test_monte_carlo_is_near_the_exact_value():
    times, events = [3, 5, 7, 2, 18, 16, 20, 11, 9], [1, 1, 1, 0, 1, 0, 1, 1, 1]
    two, three = [1, 1, 1, 1, 1, 2, 2, 2, 2], [1, 1, 1, 2, 2, 2, 3, 3, 3]
    exact = log_rank(times, events, two, p="exact").p_value
    drawn = log_rank(times, events, two, p="monte_carlo", resamples=20_000, seed=5)
    assert abs(drawn.p_value - exact) < 4.5 * drawn.p_standard_error
    assert drawn == log_rank(times, events, two, p="monte_carlo", resamples=20_000, seed=5)
    scores = np.array([float(excess(times, events, {i})) for i in range(9)])

    def spread(labels):
        return sum(scores[np.array(labels) == g].sum() ** 2 / 3 for g in (1, 2, 3))

    values = np.array([spread(labels) for labels in set(itertools.permutations(three))])
    truth = (values >= spread(three) - 1e-9).mean()
    found = log_rank(times, events, three, p="monte_carlo", resamples=20_000, seed=6)
    assert abs(found.p_value - truth) < 4.5 * found.p_standard_error
    assert found.statistic == pytest.approx(spread(three) / scores.var(ddof=1), rel=1e-9)


@pytest.mark.proof(method="log_rank", kind="edge", source="one group, no event, too large, missing labels")
def test_edges():
    with pytest.raises(NotEstimableError, match="one label"):
        log_rank([1, 2], [1, 1], ["a", "a"])
    with pytest.raises(NotEstimableError, match="none of 2"):
        log_rank([1, 2], [0, 0], ["a", "b"])
    with pytest.raises(NotEstimableError, match="no event fell"):
        log_rank([1, 2], [0, 1], ["a", "b"])
    with pytest.raises(NotEstimableError, match="same log-rank score"):
        log_rank([2, 2], [1, 1], ["a", "b"], p="exact")
    with pytest.raises(StatisticsError, match="the exact test is for 2"):
        log_rank([1, 2, 3], [1, 1, 1], ["a", "b", "c"], p="exact")
    with pytest.raises(StatisticsError, match="counts up to 2000000"):
        log_rank(range(40), [1] * 40, [0, 1] * 20, p="exact")
    with pytest.raises(StatisticsError, match="missing labels"):
        log_rank([1, 2], [1, 1], [1.0, float("nan")])
    with pytest.raises(StatisticsError, match="missing labels"):
        log_rank([1, 2], [1, 1], ["a", None])
    with pytest.raises(StatisticsError, match="group has shape"):
        log_rank([1, 2], [1, 1], ["a"])
    # A group that is never at risk at an event costs its degree of freedom.
    assert log_rank([1, 2, 3, 0.5], [1, 1, 1, 0], ["a", "b", "a", "c"]).df == 1.0
