"""Every method meets the same bad inputs in every argument, and refuses each with a StatisticsError and no warning."""

from __future__ import annotations

import dataclasses
import inspect
import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from myosotis import statistics
from myosotis.errors import StatisticsError
from myosotis.statistics import METHODS

NAN = math.nan
TABLE = np.array([[1.0, 2, 4], [2, 2, 3], [0, 3, 4], [1, 1, 4], [2, 4, 3], [0, 1, 1], [3, 3, 4], [1, 0, 2]])
BEFORE, AFTER = TABLE[:, 0], TABLE[:, 2]
HOLED = TABLE.copy()
HOLED[0, 1] = NAN
EVENTS = np.array([1.0, 0, 1, 1, 0, 1, 1, 0])
TIMES = np.array([1.0, 2, 3, 4, 4, 6, 7, 9])
GROUP = np.arange(8) % 2
COUNTS, YEARS = np.array([0.0, 3, 1, 7, 0, 2, 0, 4]), np.array([1.0, 1, 1, 2, 1, 1, 2, 1])
PAIRED = np.array([[5, 3], [1, 9]])
IMPUTED = statistics.multiple_imputation(HOLED, seed=1, imputations=2)
CURVE = statistics.kaplan_meier(TIMES, EVENTS)


def change(table):
    steps = table[:, 2] - table[:, 0]
    return steps.mean(), steps.var(ddof=1) / len(steps)


ONE_SAMPLE, PROPORTION, PAIR = {"x": BEFORE}, {"count": 3, "total": 9}, {"before": BEFORE, "after": AFTER}
VISITS, FOLLOWED, TWO = {"x": TABLE}, {"time": TIMES, "event": EVENTS}, {"first": BEFORE, "second": AFTER}
CROSSED, RECURRENT = {"table": PAIRED}, {"counts": COUNTS, "person_times": YEARS}
CALLS = {
    **dict.fromkeys(("quartiles", "describe", "median_interval"), ONE_SAMPLE),
    "quantile": {"x": BEFORE, "probs": [0.25, 0.5]},
    **dict.fromkeys(("clopper_pearson", "wilson", "jeffreys", "mid_p", "binomial_test"), PROPORTION),
    "pooled_proportion": {"counts": [5, 8, 12], "totals": [7, 20, 18]},
    **dict.fromkeys(
        ("signed_rank", "sign_test", "hodges_lehmann", "rank_biserial", "standardized_response_mean", "paired_t"), PAIR
    ),
    **dict.fromkeys(("mcnemar", "mcnemar_exact", "mcnemar_mid_p"), CROSSED),
    **dict.fromkeys(("paired_difference_newcombe", "paired_difference_tango"), CROSSED),
    **dict.fromkeys(("fisher_exact", "boschloo", "barnard", "chi_square"), CROSSED),
    **dict.fromkeys(("rank_sum", "rank_sum_shift"), TWO),
    **dict.fromkeys(("friedman", "kendall_w", "skillings_mack", "durbin", "page_trend", "quade"), VISITS),
    **dict.fromkeys(("friedman_pairwise", "relative_effects", "cumulative_link_mixed_model"), VISITS),
    "mixed_model": {"x": TABLE, "covariance": "random_intercept"},
    **dict.fromkeys(("observed_case", "complete_case", "last_observation"), VISITS),
    "cochran_q": {"x": TABLE > 1},
    "friedman_critical_value": {"n": 5, "n_visits": 3},
    "grouped_relative_effects": {"x": TABLE, "group": GROUP},
    "worst_case": {"x": TABLE, "worst": 0},
    "best_case": {"x": TABLE, "best": 9},
    "non_responder": {"response": EVENTS},
    "multiple_imputation": {"x": HOLED, "seed": 1},
    "rubin_pool": {"estimates": [1.0, 1.4, 1.2], "variances": [0.2, 0.25, 0.3]},
    "tipping_point": {"imputed": IMPUTED, "analyse": change, "shifts": [0, -1]},
    "responder_tipping_point": {"responders": 3, "evaluated": 7, "missing": 2, "threshold": 0.3},
    **dict.fromkeys(("kaplan_meier", "first_event_incidence"), FOLLOWED),
    "kaplan_meier_median": {"curve": CURVE},
    "restricted_mean": {**FOLLOWED, "tau": 5},
    "log_rank": {**FOLLOWED, "group": GROUP},
    "turnbull": {"left": TIMES, "right": TIMES + 2},
    "poisson_rate": {"events": 3, "person_time": 2.0},
    "rate_ratio": {"events_1": 3, "person_time_1": 2.0, "events_2": 1, "person_time_2": 2.0},
    **dict.fromkeys(("negative_binomial_rate", "patient_bootstrap_rate"), RECURRENT),
    "adjust_p": {"p_values": [0.01, 0.2], "method": "holm"},
    "max_t": {"changes": {"strength": AFTER - BEFORE}},
}

# What each argument is, by its name; a new argument of a method must be put here.
MEASURED = (
    "x",
    "before",
    "after",
    "first",
    "second",
    "time",
    "person_times",
    "left",
    "right",
    "estimates",
    "variances",
)
ARRAYS = (*MEASURED, "counts", "totals", "event", "response", "p_values", "categories", "order", "shifts")
ROLES = {
    **dict.fromkeys(ARRAYS, "array"),
    "changes": "endpoints",
    "group": "labels",
    "table": "counts",
    "probs": "probabilities",
    **dict.fromkeys(("count", "total", "events", "events_1", "events_2", "n", "n_visits"), "count"),
    **dict.fromkeys(("responders", "evaluated", "missing"), "count"),
    **dict.fromkeys(("resamples", "seed", "decimals", "exact_up_to", "nodes", "quadrature_points"), "whole"),
    **dict.fromkeys(("imputations", "iterations", "donors"), "whole"),
    **dict.fromkeys(("conf_level", "probability", "person_time", "person_time_1", "person_time_2", "tau"), "number"),
    **dict.fromkeys(("alpha", "threshold", "tolerance", "worst", "best", "null", "complete_df", "max_bytes"), "number"),
    **dict.fromkeys(("p", "alternative", "zeros", "interval", "method", "adjust", "covariance", "df", "link"), "word"),
    **dict.fromkeys(("prediction", "convention", "two_sided", "centre", "scores", "against", "definition"), "word"),
    **dict.fromkeys(("curve", "imputed", "analyse"), "object"),
    **dict.fromkeys(("continuity", "continuity_correction"), "truth"),
}
ARGUMENTS = [(name, given) for name in CALLS for given in inspect.signature(getattr(statistics, name)).parameters]
BAD_SCALARS = ("0.5", 1j, [0.5], np.datetime64("2020-01-01"), date(2020, 1, 1), True, np.ma.masked, {}, 1e151)
BAD = {
    "count": (*BAD_SCALARS, None, 2.5, -1, 2**53 + 1, 10**400, np.float64(3), np.ma.masked_array(3, mask=True)),
    "whole": (*BAD_SCALARS, 2.5, np.float64(3)),
    "number": (*BAD_SCALARS, 10**400, "a", np.array([0.5])),
    "word": ("nonsense", ["exact"], 1.5, {}, np.array(["exact", "holm"])),
    "object": (None, "nonsense", 5, [1, 2]),
    "probabilities": ("a", [[0.5]], None, [0.5, None], 1j, ["0.5"], [0.5, "a"], np.ma.masked, {}, [0.1, [0.2]], 2),
    "truth": (),
}


def test_every_argument_of_every_method_is_met():
    assert set(CALLS) == set(METHODS)
    assert {given for _, given in ARGUMENTS} == set(ROLES)


def bad_arrays(values):
    """Spoil an array that would do in every way that an array can be spoilt."""
    array = np.nan_to_num(np.asarray(values, dtype=float))
    flat = array.ravel().tolist()

    def with_first(value):
        return np.array([value, *flat[1:]], dtype=object).reshape(array.shape)

    yield from (None, 5, "nonsense", b"bytes", {}, {"a": 1}, {1.0, 2.0}, object(), iter([1, 2]))
    yield from (array.astype(str), array.astype(str).tolist(), array.astype(str).astype(object), array.astype(bytes))
    yield from (array + 0j, array.astype(int).astype("M8[D]"), array.astype(int).astype("m8[D]"))
    yield from ([[1, 2], [3]], [1, [2, 3]], array[None, None, None], np.zeros(array.shape, dtype=[("a", float)]))
    yield from (
        with_first(v) for v in ("a", "1", 1j, np.complex128(1), np.str_("1"), {}, (), np.datetime64("2020-01-01"))
    )
    yield from (with_first(v) for v in (date(2020, 1, 1), timedelta(1), np.timedelta64(1), 10**400))
    yield from (with_first(v).astype(float) for v in (1e151, -1e151, 1e300, -math.inf))


def bad_counts(values):
    yield from bad_arrays(values)
    table = np.asarray(values)
    yield from (table > 3, -table, table + 0.5, np.where(table == 3, NAN, table), table[0], table[:1], table * 2**50)
    yield from (np.ma.masked_array(table, mask=table == 3), [[10**17, 3], [5, 10**17]], [[10**400, 3], [5, 1]])


def bad_labels(values):
    yield from (None, 5, "nonsense", {}, [[1, 2], [3]], values[:3], [None, *values[1:]], [NAN, *values[1:]])
    yield from (["a", *values[1:].tolist()[:3], (1, 2), *values[:3]], np.ma.masked_array(values, mask=values == 1))
    yield from (np.array(["a", 1, *"bcdefg"], dtype=object),)


def bad(name, given):
    role = ROLES[given]
    valid = CALLS[name].get(given)
    if role == "array":
        return bad_arrays(TIMES if valid is None else valid)
    if role == "endpoints":
        return [*bad_arrays(valid["strength"]), *({"strength": v} for v in bad_arrays(valid["strength"]))]
    if role in ("counts", "labels"):
        return {"counts": bad_counts, "labels": bad_labels}[role](valid)
    return BAD[role]


def allowed(name, given, value):
    """Tell the values of the lists above that one method does take: an absent option, a number that is a rule."""
    if value is None:
        return inspect.signature(getattr(statistics, name)).parameters[given].default is None
    if isinstance(value, np.ndarray) and value.dtype == float and value.ndim == TABLE.ndim:
        return False
    if given == "changes":
        return isinstance(value, dict) and set(value) == {"strength"} and value["strength"] is None
    return False


@pytest.mark.parametrize(("name", "given"), ARGUMENTS)
def test_a_bad_value_is_refused_with_a_reason_whatever_the_argument(name, given):
    function = getattr(statistics, name)
    for value in bad(name, given):
        if allowed(name, given, value):
            continue
        with pytest.raises(StatisticsError, match=r".{20}"):
            pytest.fail(f"{given}={value!r} gave {function(**{**CALLS[name], given: value})!r}")


def outcome(name, given, value):
    try:
        return repr(getattr(statistics, name)(**{**CALLS[name], given: value}))
    except StatisticsError as error:
        return f"{type(error).__name__}: {error}"


SAMPLES_OF_METHODS = [(name, given) for name, given in ARGUMENTS if given in CALLS[name] and ROLES[given] == "array"]


@pytest.mark.parametrize(("name", "given"), SAMPLES_OF_METHODS)
def test_what_a_mask_hides_is_missing_as_nan_is(name, given):
    values = np.asarray(CALLS[name][given], dtype=float)
    for place in (0, values.size - 1):
        mask = (np.arange(values.size) == place).reshape(values.shape)
        missing = outcome(name, given, np.where(mask, NAN, values))
        hidden = np.ma.masked_array(np.where(mask, 3, values), mask=mask)
        assert outcome(name, given, hidden) == missing
        if not np.isnan(values).any():
            assert outcome(name, given, hidden.astype(int)) == missing
        assert outcome(name, given, hidden.astype(object)) == missing
        assert outcome(name, given, list(hidden)) == missing
        assert outcome(name, given, np.where(mask, None, values.astype(object))) == missing


@pytest.mark.parametrize(("name", "given"), SAMPLES_OF_METHODS)
def test_numbers_of_any_kind_are_the_same_numbers(name, given):
    values = np.asarray(CALLS[name][given], dtype=float)
    plain = outcome(name, given, values)
    assert outcome(name, given, values.tolist()) == plain
    assert outcome(name, given, values.astype(np.longdouble)) == plain
    exact = np.array([Fraction(v) if v == v else NAN for v in values.ravel().tolist()], dtype=object)
    assert outcome(name, given, exact.reshape(values.shape)) == plain


SCALARS = [
    (name, given, CALLS[name].get(given, inspect.signature(getattr(statistics, name)).parameters[given].default))
    for name, given in ARGUMENTS
    if ROLES[given] == "number"
]
SCALARS = [(name, given, value) for name, given, value in SCALARS if isinstance(value, (int, float))]


@pytest.mark.parametrize(("name", "given", "value"), SCALARS)
def test_one_number_of_any_kind_is_the_same_number(name, given, value):
    plain = outcome(name, given, float(value))
    for same in (Fraction(value), Decimal(value), np.float64(value), np.array(float(value)), np.longdouble(value)):
        assert outcome(name, given, same) == plain


def numbers_in(answer):
    if dataclasses.is_dataclass(answer):
        fields = [field.name for field in dataclasses.fields(answer) if field.name != "df"]
        return [number for name in fields for number in numbers_in(getattr(answer, name))]
    if isinstance(answer, (tuple, list)):
        return [number for part in answer for number in numbers_in(part)]
    return np.asarray(answer, dtype=float).ravel().tolist() if isinstance(answer, (float, np.ndarray)) else []


@pytest.mark.parametrize(("name", "given"), [(n, g) for n, g in SAMPLES_OF_METHODS if g in MEASURED])
def test_the_largest_numbers_taken_overflow_nowhere(name, given):
    values = np.asarray(CALLS[name][given], dtype=float)
    try:
        answer = getattr(statistics, name)(**{**CALLS[name], given: values * (9e149 / np.nanmax(values))})
    except StatisticsError:
        return
    # Denominator degrees of freedom, and the right end of an interval of Turnbull's, are infinite by right.
    assert name == "turnbull" or all(math.isfinite(value) for value in numbers_in(answer))


def test_a_mask_in_a_sample_is_read_and_one_in_a_count_refused():
    assert statistics.describe(np.ma.masked_array([1, 2, 99], mask=[0, 0, 1])).mean == 1.5
    with pytest.raises(StatisticsError, match="masked"):
        statistics.clopper_pearson(np.ma.masked, 3)


def test_counts_are_taken_up_to_what_a_float_holds_exactly():
    assert statistics.clopper_pearson(2**52, 2**53).estimate == 0.5
    assert statistics.paired_difference_tango([[10**15, 3], [5, 10**15]]).estimate == pytest.approx(1e-15, rel=1e-9)
    nearly_all_lost = statistics.paired_difference_tango([[1, 2**52], [0, 1]])
    assert -1.0 <= nearly_all_lost.low <= nearly_all_lost.high < -0.999
    with pytest.raises(StatisticsError, match="adds up to more"):
        statistics.patient_bootstrap_rate([2**52, 2**52, 2], [1, 1, 1])
    with pytest.raises(StatisticsError, match="from 0 to 9007199254740992"):
        statistics.clopper_pearson(2**52, 2**53 + 1)
