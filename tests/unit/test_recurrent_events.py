"""Recurrent events: the negative binomial rate and the bootstrap of patients."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.rates.recurrent_events import negative_binomial_rate, patient_bootstrap_rate

R = json.loads((Path(__file__).parents[1] / "reference" / "data" / "counts.json").read_text())


@pytest.mark.proof(
    method="negative_binomial_rate", kind="R", source="R 4.2.2, MASS 7.3-58.2, glm.nb(y ~ 1 + offset(log(t)))"
)
@pytest.mark.parametrize("case", R["negative_binomial"])
def test_negative_binomial_agrees_with_r(case):
    found = negative_binomial_rate(case["counts"], case["times"])
    assert found.estimate == pytest.approx(case["rate"], rel=1e-7)
    # glm.nb stops when theta moves by less than the fourth root of machine precision, so it has fewer digits.
    assert found.dispersion == pytest.approx(case["dispersion"], rel=1e-7)
    assert found.standard_error_of_log == pytest.approx(case["error"], rel=1e-7)
    assert found.log_likelihood == pytest.approx(case["log_likelihood"], rel=1e-10)
    assert np.log(found.high / found.low) == pytest.approx(2 * 1.959963984540054 * case["error"], rel=1e-7)


@pytest.mark.proof(
    method="negative_binomial_rate",
    kind="independent",
    source="scipy nbinom likelihood on a fine grid around the estimate",
)
def test_negative_binomial_is_at_the_top_of_the_likelihood():
    from scipy.stats import nbinom

    counts, times = np.array([0, 0, 1, 0, 6, 2, 0, 3]), np.array([1, 0.5, 2, 1, 1.5, 1, 0.7, 1.2])
    found = negative_binomial_rate(counts, times)

    def height(rate, dispersion):
        size = 1 / dispersion
        return nbinom.logpmf(counts, size, size / (size + rate * times)).sum()

    top = height(found.estimate, found.dispersion)
    assert top == pytest.approx(found.log_likelihood, rel=1e-12)
    for up, out in itertools.product((0.999, 1.0, 1.001), repeat=2):
        if (up, out) != (1.0, 1.0):
            assert height(found.estimate * up, found.dispersion * out) < top


@pytest.mark.proof(
    method="negative_binomial_rate", kind="property", source="equal times give the plain mean; units scale"
)
def test_negative_binomial_scales_with_the_unit_of_time():
    counts = [0, 4, 1, 0, 7, 2]
    assert negative_binomial_rate(counts, [2.0] * 6).estimate == pytest.approx(14 / 12, rel=1e-12)
    years, weeks = (
        negative_binomial_rate(counts, [1, 2, 1, 3, 1, 2]),
        negative_binomial_rate(counts, [52, 104, 52, 156, 52, 104]),
    )
    assert [years.estimate, years.low, years.high] == pytest.approx(
        [52 * weeks.estimate, 52 * weeks.low, 52 * weeks.high], rel=1e-10
    )
    assert years.dispersion == pytest.approx(weeks.dispersion, rel=1e-9)


@pytest.mark.proof(method="negative_binomial_rate", kind="edge", source="no overdispersion, no event, one patient")
def test_negative_binomial_refuses_what_has_no_maximum():
    with pytest.raises(NotEstimableError, match="no more than Poisson"):
        negative_binomial_rate([1, 1, 1, 2], [1, 1, 1, 1])
    with pytest.raises(NotEstimableError, match="no event"):
        negative_binomial_rate([0, 0, 0], [1, 1, 1])
    with pytest.raises(NotEstimableError, match="1 patients"):
        negative_binomial_rate([4], [1])


@pytest.mark.proof(method="patient_bootstrap_rate", kind="independent", source="all 27 resamples of three patients")
def test_bootstrap_limits_come_from_the_distribution_of_all_resamples():
    counts, times = np.array([0, 3, 8]), np.array([1.0, 2.0, 1.5])
    every = [counts[list(c)].sum() / times[list(c)].sum() for c in itertools.product(range(3), repeat=3)]
    found = patient_bootstrap_rate(counts, times, conf_level=0.8, resamples=20_000, seed=4)
    # The exact distribution is discrete; at 0.1 and 0.9 its steps are far wider than the Monte Carlo error.
    assert [found.low, found.high] == pytest.approx(np.quantile(every, [0.1, 0.9], method="inverted_cdf"), rel=1e-12)
    assert found.estimate == 11 / 4.5


@pytest.mark.proof(method="patient_bootstrap_rate", kind="property", source="equal seeds, equal limits")
def test_bootstrap_repeats_with_its_seed_only():
    counts, times = [0, 0, 1, 9, 2, 0, 4, 1], [1.0, 0.3, 1.1, 0.7, 1.9, 2.3, 0.9, 1.2]
    first, second, other = (patient_bootstrap_rate(counts, times, seed=seed) for seed in (3, 3, 4))
    assert first == second
    assert (first.low, first.high) != (other.low, other.high)
    assert (first.seed, first.resamples) == (3, 10_000)


@pytest.mark.proof(method="patient_bootstrap_rate", kind="property", source="wider than Poisson for clustered events")
def test_bootstrap_is_wider_than_poisson_where_events_cluster():
    from myosotis.statistics.rates.poisson import poisson_rate

    counts = [0] * 10 + [13, 13]
    clustered, poisson = patient_bootstrap_rate(counts, [1.0] * 12), poisson_rate(26, 12.0)
    assert clustered.high - clustered.low > poisson.high - poisson.low


@pytest.mark.parametrize("method", [negative_binomial_rate, patient_bootstrap_rate])
def test_impossible_numbers_are_refused(method):
    with pytest.raises(StatisticsError, match="counts has 2 values and person_times has 1"):
        method([1, 2], [1])
    with pytest.raises(StatisticsError, match="0 or less"):
        method([1, 2], [1, 0])
    with pytest.raises(StatisticsError, match="negative or fractional"):
        method([1, 2.5], [1, 1])
    with pytest.raises(StatisticsError, match="cannot be used"):
        method([1, float("nan")], [1, 1])
    with pytest.raises(NotEstimableError, match="no event"):
        method([0, 0], [1, 1])


def test_too_few_resamples_are_refused():
    with pytest.raises(StatisticsError, match="resamples is 10"):
        patient_bootstrap_rate([1, 2], [1, 1], resamples=10)


@pytest.mark.proof(
    method="patient_bootstrap_rate", kind="edge", source="equal rates of all patients are named in a note"
)
def test_a_bootstrap_that_cannot_vary_says_so():
    found = patient_bootstrap_rate([1, 1, 2], [1.0, 1.0, 2.0])
    assert found.low == found.high == 1.0
    assert "cannot vary" in found.note
    assert patient_bootstrap_rate([1, 0, 2], [1.0, 1.0, 2.0]).note is None
