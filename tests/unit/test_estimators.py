"""The functions that make result rows: equal to the methods they ask, and the only place that makes rows of an analysis."""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest

from myosotis import statistics
from myosotis.analysis.estimators import count_row, least_p_of_pairs, median_time, proportion, rate_bounds, reached_by
from myosotis.language.windows import week
from myosotis.presentation.present import present
from myosotis.run import compute, open_study
from myosotis.statistics.methods import METHODS

ANALYSIS = Path(find_spec("myosotis.analysis").origin).parent
SOURCE = ANALYSIS.parent
KEYS = {"study": "s", "analysis": "a", "population": "p", "provenance_id": "all"}


def test_no_row_is_made_but_where_all_are():
    apart = (ANALYSIS / "estimators", SOURCE / "results")
    made = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if not any(path.is_relative_to(folder) for folder in apart)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ResultRow"
    ]
    assert made == []


@pytest.mark.parametrize(("count", "total"), [(0, 5), (3, 8), (20, 20)])
def test_a_share_has_the_exact_interval_and_the_source_of_each_number(count, total):
    rows = proportion(count, total, KEYS, conf_level=0.9, nobody="nobody", count_from="those", total_from="asked")
    exact = statistics.clopper_pearson(count, total, 0.9)
    assert [rows[name].number for name in rows] == [count, total, count / total, exact.low, exact.high]
    assert [row.provenance_id for row in rows.values()] == ["those", "asked", "all", "all", "all"]
    assert {name for name, row in rows.items() if row.conf_level == 0.9} == {"conf_low", "conf_high"}


def test_a_share_of_nobody_says_why_and_keeps_its_counts():
    rows = proportion(0, 0, KEYS, conf_level=0.95, nobody="nobody took it")
    assert [rows["count"].number, rows["total"].number] == [0, 0]
    gone = [rows[name] for name in ("proportion", "conf_low", "conf_high")]
    assert {(row.number, row.status, row.note) for row in gone} == {(None, "not_estimable", "nobody took it")}


def test_the_least_p_of_a_pair_is_that_of_all_differences_of_one_sign():
    for n in (3, 5, 9):
        exact = statistics.signed_rank([0.0] * n, [float(i + 1) for i in range(n)], p="exact")
        rows = least_p_of_pairs(n, 6, KEYS)
        assert rows["pair", "smallest_p"].number == pytest.approx(exact.p_value, abs=1e-15)  # both are powers of 2
        assert rows["pairs", "smallest_p"].number == min(1.0, 6 * exact.p_value)


def test_what_has_been_reached_turns_the_limits_of_the_curve_round():
    curve = statistics.kaplan_meier([7, 14, 14, 30, 40], [True, True, False, False, True], 0.95)
    rows = reached_by(week(2, give_or_take=3), curve, KEYS, "nobody")
    place = curve.time.index(14)
    assert rows["proportion"].number == 1 - curve.survival[place]
    assert rows["conf_low"].number == 1 - curve.high[place] < rows["conf_high"].number == 1 - curve.low[place]
    before = reached_by(week(0, give_or_take=3), curve, KEYS, "nobody")
    assert before["proportion"].number == 0
    assert before["conf_low"].note == before["conf_high"].note == "nobody had reached it by then"
    late = reached_by(week(52, give_or_take=3), statistics.kaplan_meier([7, 9], [True, False]), KEYS, "nobody")
    assert late["proportion"].note == "nobody was observed for so long"


def test_a_median_that_is_not_reached_is_not_a_number():
    rows = median_time(statistics.kaplan_meier([7, 9, 11], [True, False, False]), KEYS, "nobody")
    assert (rows["estimate"].status, rows["estimate"].note) == ("not_estimable", "not reached within follow-up")
    assert {row.note for row in median_time(None, KEYS, "nobody took it").values()} == {"nobody took it"}


def test_bounds_of_a_rate_hold_it_and_a_time_of_no_certain_day_has_no_upper_one():
    rows = rate_bounds(KEYS, statistic="events_most", fewest=2, most=3, shortest=1461, longest=2922)
    # 1,461 days are 4 years, 2,922 are 8: 2 in 8 and 3 in 4, per 100.
    assert (rows["rate_least"].number, rows["rate_most"].number) == (25, 75)
    assert (rows["person_time_most"].number, rows["events_most"].number) == (8, 3)
    open_ = rate_bounds(KEYS, statistic="count_most", fewest=0, most=1, shortest=0, longest=0)
    assert (open_["rate_least"].number, open_["rate_most"].status) == (0, "not_estimable")


def test_a_count_is_a_number_whatever_it_is_of():
    assert (count_row(KEYS, "n", 3).number, count_row(KEYS, "n", 3).statistic) == (3.0, "n")


# Which method gives the numbers that a row of results names.
ROW_METHODS = {
    "Clopper-Pearson": "clopper_pearson",
    "Garwood": "poisson_rate",
    "Friedman test": "friedman",
    "dunn on Friedman ranks": "friedman_pairwise",
    "percentile interval from bootstrap samples of patients": "patient_bootstrap_rate",
    "negative binomial": "negative_binomial_rate",
    "quantile definition": "describe",
}


@pytest.mark.parametrize("name", ["baricitinib_jdm", "rheumatoid_arthritis"])
def test_every_method_that_a_result_names_is_told_once_with_its_source(request, name):
    bundle = compute(open_study(request.config.rootpath / "examples" / name))
    (told,) = [one.sentences for one in present(bundle).methods if one.heading == "Statistical methods"]
    assert len(told) == len(set(told))
    methods = {row["method"] for row in bundle.results.to_pylist()}
    named = {ROW_METHODS[text] for text in ROW_METHODS for method in methods if method.startswith(text)}
    assert named
    assert {METHODS[method].sentence for method in named} <= set(told)
    assert set(told) <= {method.sentence for method in METHODS.values()}
