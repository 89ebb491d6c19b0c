"""What missing values could change: every strategy gives the numbers of its own method, and the bounds are bounds."""

from __future__ import annotations

import importlib.util
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis import statistics
from myosotis.analysis.sensitivity import (
    CHANGE_STRATEGIES,
    RESPONSE_STRATEGIES,
    TIPPING,
    ChangeSensitivity,
    ResponseSensitivity,
)
from myosotis.errors import ProtocolError
from myosotis.language import Visit, baseline_window, recorded_days, week
from myosotis.measures.jdm.instruments import cmas, ulceration
from myosotis.measures.jdm.skin import rash_improved
from myosotis.model.dataset import Dataset
from myosotis.plan import Defaults, sensitivity
from myosotis.plan.draft import completed

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

VISITS = (baseline_window(days=3), week(4, give_or_take=3), week(12, give_or_take=3))
DAYS = (0, 28, 84)
CMAS = [
    (30, 34, 41), (28, 28, 33), (35, 31, 44), (41, 46, 45), (22, 30, 38), (44, 45, 50), (39, 36, None), (26, 33, 37),
    (31, 35, None), (None, 29, 30), (33, None, 40), (None, None, None),
]  # fmt: skip
ULCERS = [
    ("no", "no"), ("no", "yes"), ("yes", "no"), (None, "no"), ("yes", None), ("no", None), ("yes", "yes"), ("no", "no"),
    (None, None),
]  # fmt: skip


def dataset(rows, name, days=DAYS):
    field = "number" if name == "cmas" else "text"
    made = [
        {"patient_id": f"p{i:02}", "day": day, "name": name, field: float(value) if field == "number" else value}
        for i, row in enumerate(rows)
        for day, value in zip(days, row, strict=True)
        if value is not None
    ]
    return Dataset.of(patients=[{"patient_id": f"p{i:02}"} for i in range(len(rows))], observations=made)


def change(**more):
    given = {"visits": VISITS, "worst": 0.0, "best": 52.0, "shifts": (0.0, -4.0, -8.0, -30.0), **more}
    return ChangeSensitivity(key="s", title="T", label="CMAS", unit="points", of=cmas.at(Visit()), **given)


def response(**more):
    return ResponseSensitivity(
        key="r", title="T", label="ulcers", of=ulceration.at(Visit()), visits=VISITS[:2], **{"threshold": 0.1, **more}
    )


def rows_of(analysis, data):
    section = cohorts.section_of(analysis, cohorts.cohort_of(analysis, data, index=recorded_days()))
    assert not cohorts.untraced(section)
    return {(row.variable, row.level, row.statistic): row for row in section.rows}, section


TABLE = np.array([[math.nan if one is None else float(one) for one in row] for row in CMAS])
ANSWERS = np.array([[{"yes": 1.0, "no": 0.0, None: math.nan}[one] for one in row] for row in ULCERS])


def test_each_change_is_that_of_its_method_on_the_table_it_leaves():
    rows, _ = rows_of(change(), dataset(CMAS, "cmas"))
    first, last = TABLE[:, 0], TABLE[:, -1]
    expected = {
        "observed_case": (first, last),
        "complete_case": (TABLE[~np.isnan(TABLE).any(axis=1)][:, 0], TABLE[~np.isnan(TABLE).any(axis=1)][:, -1]),
        "last_observation": (
            first,
            np.where(np.isnan(last), [34, 28, 31, 46, 30, 45, 36, 33, 35, 29, 33, np.nan], last),
        ),
        "worst_case": (np.where(np.isnan(first), 52.0, first), np.where(np.isnan(last), 0.0, last)),
        "best_case": (np.where(np.isnan(first), 0.0, first), np.where(np.isnan(last), 52.0, last)),
    }
    for name, (before, after) in expected.items():
        found = statistics.paired_t(before, after)
        for statistic, number in (
            ("estimate", found.estimate), ("conf_low", found.low), ("conf_high", found.high), ("p_value", found.p_value),
            ("n", found.n),
        ):  # fmt: skip
            assert rows[name, "", statistic].number == pytest.approx(number, rel=1e-12, abs=1e-15), (name, statistic)
        assert rows[name, "", "estimate"].unit == "points"


def test_imputed_changes_are_pooled_by_rubins_rules_without_who_has_no_value_at_all():
    rows, _ = rows_of(change(), dataset(CMAS, "cmas"))
    seen = TABLE[:-1]
    imputed = statistics.multiple_imputation(seen, seed=1)
    each = [(one[:, 2] - one[:, 0]) for one in imputed.values]
    pooled = statistics.rubin_pool(
        [one.mean() for one in each], [one.var(ddof=1) / len(one) for one in each], complete_df=len(seen) - 1
    )
    assert rows["multiple_imputation", "", "n"].number == 11
    assert "imputed 20 times" in rows["multiple_imputation", "", "n"].note
    for statistic, number in (("estimate", pooled.estimate), ("conf_low", pooled.low), ("p_value", pooled.p_value)):
        assert rows["multiple_imputation", "", statistic].number == pytest.approx(number, rel=1e-12)
    turning = statistics.tipping_point(
        imputed, lambda one: ((one[:, 2] - one[:, 0]).mean(), (one[:, 2] - one[:, 0]).var(ddof=1) / len(one)),
        shifts=(0.0, -4.0, -8.0, -30.0), complete_df=10,
    )  # fmt: skip
    assert turning.tips_at is not None
    assert (rows[TIPPING, "", "estimate"].number, rows[TIPPING, "", "estimate"].unit) == (turning.tips_at, "points")
    assert [rows[TIPPING, f"{one:g}", "p_value"].number for one in turning.scenarios] == pytest.approx(turning.values)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 4))] * 2), min_size=2, max_size=5))
def test_no_completion_of_the_missing_values_lies_beyond_the_worst_and_the_best_change(table):
    """Every way of filling the holes, one by one: the mean changes they give reach both bounds and pass neither."""
    holes = [(i, j) for i, row in enumerate(table) for j, one in enumerate(row) if one is None]
    means = []
    for ends in itertools.product((0, 4), repeat=len(holes)):  # a mean is at its least and its most at the ends
        filled = [list(row) for row in table]
        for (i, j), end in zip(holes, ends, strict=True):
            filled[i][j] = end
        means.append(np.mean([last - first for first, last in filled]))
    analysis = change(worst=0.0, best=4.0, shifts=(), visits=VISITS[:2])
    rows, _ = rows_of(analysis, dataset(table, "cmas", DAYS[:2]))
    for name, bound in (("worst_case", min(means)), ("best_case", max(means))):
        row = rows[name, "", "estimate"]
        assert row.number == pytest.approx(bound, abs=1e-9) or "changes are equal" in row.note


def test_each_share_is_counted_on_the_answers_that_its_strategy_leaves():
    rows, _ = rows_of(response(), dataset(ULCERS, "ulceration", DAYS[:2]))
    expected = {
        "observed_case": (2, 6), "complete_case": (2, 5), "non_responder": (2, 9), "last_observation": (3, 8),
        "best_case": (5, 9),
    }  # fmt: skip
    assert tuple(expected) == RESPONSE_STRATEGIES
    for name, (count, total) in expected.items():
        interval = statistics.clopper_pearson(count, total)
        assert [rows[name, "", one].number for one in ("count", "total", "conf_low", "conf_high")] == [
            count, total, interval.low, interval.high,
        ]  # fmt: skip
        assert rows[name, "", "n"].note
    turning = statistics.responder_tipping_point(2, 6, 3, threshold=0.1)
    assert (rows[TIPPING, "", "estimate"].number, rows[TIPPING, "", "estimate"].note) == (
        turning.tips_at, turning.sentence,
    )  # fmt: skip
    assert [rows[TIPPING, f"{i}", "conf_low"].number for i in range(4)] == list(turning.values)


@pytest.mark.parametrize("analysis", [change(), response()])
def test_nothing_missing_makes_all_strategies_agree_and_nothing_to_tip(analysis):
    whole = [(30, 34, 41), (28, 28, 33), (35, 31, 44), (22, 30, 38), (44, 45, 50)]
    answers = [("no", "no"), ("no", "yes"), ("yes", "no")]
    numbers = isinstance(analysis, ChangeSensitivity)
    data = dataset(whole, "cmas") if numbers else dataset(answers, "ulceration", DAYS[:2])
    rows, _ = rows_of(analysis, data)
    names = CHANGE_STRATEGIES if numbers else RESPONSE_STRATEGIES
    for statistic in ("estimate" if numbers else "proportion", "conf_low", "conf_high", "n"):
        assert len({rows[name, "", statistic].number for name in names}) == 1, statistic
    assert rows[TIPPING, "", "estimate"].status == "not_estimable"
    assert rows[TIPPING, "", "estimate"].note


@pytest.mark.parametrize("analysis", [change(), response()])
def test_nobody_and_one_patient_give_reasons_and_a_table(analysis):
    for count in (0, 1):
        data = Dataset.of(patients=[{"patient_id": f"p{i}"} for i in range(count)])
        cohort = cohorts.cohort_of(analysis, data, index=recorded_days())
        section = cohorts.section_of(analysis, cohort)
        assert all(row.number is not None or (row.status == "not_estimable" and row.note) for row in section.rows)
        assert len(section.tables[0].rows) >= 6


def test_a_table_has_a_line_for_each_strategy_and_for_where_the_answer_turns():
    _, section = rows_of(change(), dataset(CMAS, "cmas"))
    labels = [row.label for row in section.tables[0].rows]
    assert len(labels) == len(CHANGE_STRATEGIES) + 1 + 4
    assert labels[-1] == "shifted by -30"
    assert set(section.statistics) >= {*CHANGE_STRATEGIES, "rubin_pool", "tipping_point", "paired_t"}
    assert "lies between {worst} and {best}" in section.findings[0].sentences[0].template


IMPROVED = rash_improved.between(VISITS[0], Visit(), skin_improvement="one point")


def test_the_word_takes_the_scale_and_its_direction_from_the_definition():
    made = completed(sensitivity(cmas, shifts=[0, -2]), VISITS, Defaults())
    assert (made.worst, made.best, made.unit, made.visits) == (0.0, 52.0, "points", VISITS)
    assert made.key == "cmas_sensitivity"
    seen = completed(sensitivity(ulceration, threshold=0.3), VISITS, Defaults())
    assert (seen.visits, seen.threshold) == (VISITS[1:], 0.3)
    back = completed(sensitivity(IMPROVED, key="k", label="rash", threshold=0.3), VISITS, Defaults())
    assert (back.visits, back.of) == (VISITS[1:], IMPROVED)


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda: change(worst=5.0, best=5.0), "gives 5 as the worst and the best"),
        (lambda: change(shifts=(1.0, 2.0)), "never by 0"),
        (lambda: change(imputations=1), "imputes 1 times"),
        (lambda: change(visits=VISITS[:1]), "needs two visits or more"),
        (lambda: response(threshold=1.0), "a share above 0 and below 1"),
        (lambda: completed(sensitivity(ulceration), VISITS, Defaults()), "needs threshold="),
        (lambda: completed(sensitivity(cmas.at(Visit()) * 2), VISITS, Defaults()), "give key= and label="),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_is_written(write, told):
    with pytest.raises(ProtocolError) as caught:
        write()
    assert told in str(caught.value)
