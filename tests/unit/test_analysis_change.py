"""Change over visits, response and characteristics on hand-made patients."""

from __future__ import annotations

import importlib.util
import math
import statistics
from itertools import permutations
from pathlib import Path

import pytest

from myosotis.analysis import ChangeOverVisits, Characteristics, Friedman, Number, Outcome, OutcomeOverVisits, Share
from myosotis.errors import ProtocolError
from myosotis.language import Categories, Visit, all_of, any_of, baseline_window, recorded_days, week
from myosotis.language.criteria import Known
from myosotis.measures.jdm.instruments import cmas
from myosotis.model.dataset import Dataset
from myosotis.study import Endpoint

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

VISITS = (baseline_window(days=28, label="week 0"), week(4, give_or_take=14), week(12, give_or_take=28))
DAYS = (0, 28, 84)
# Seven children of the worked example of a Friedman test with ties (four visits there, three here).
TABLE = ((29, 38, 42), (44, 46, 52), (41, 41, 46), (20, 25, 35), (43, 44, 52), (41, 45, 48), (44, 44, 46))


def data_of(table):
    return Dataset.of(
        patients=[{"patient_id": f"p{i}"} for i in range(len(table))],
        observations=[
            {"patient_id": f"p{i}", "name": "cmas", "day": day, "number": float(value)}
            for i, row in enumerate(table)
            for day, value in zip(DAYS, row, strict=True)
            if value is not None
        ],
    )


def change(**test):
    spec = {"p": "exact", "pairwise": "dunn", "adjust": "bonferroni", "against": "all", **test}
    return ChangeOverVisits(
        key="strength", title="Strength", visits=VISITS, quartiles=6, test=Friedman(**spec),
        outcomes=(Outcome(key="cmas", label="CMAS", unit="points", value=cmas.at(Visit()), decimals=1, precision=0),),
    )  # fmt: skip


def computed(table, **test):
    analysis = change(**test)
    return cohorts.section_of(analysis, cohorts.cohort_of(analysis, data_of(table), index=recorded_days()))


def find(section, **keys):
    rows = [row for row in section.rows if all(getattr(row, name) == value for name, value in keys.items())]
    assert len(rows) == 1, rows
    return rows[0]


def ranks(row):
    return [sum(other < one for other in row) + (sum(other == one for other in row) + 1) / 2 for one in row]


def friedman_by_hand(table):
    """Chi-square corrected for ties, from its definition; and its exact p over all arrangements within children."""

    def chi_square(ranked):
        n, k = len(ranked), len(ranked[0])
        sums = [sum(row[j] for row in ranked) for j in range(k)]
        ties = sum(sum(row.count(one) ** 2 - 1 for one in row) for row in ranked)
        spread = sum((one - n * (k + 1) / 2) ** 2 for one in sums)
        return 12 * spread / (n * k * (k + 1) - ties / (k - 1))

    ranked = [ranks(row) for row in table]
    observed = chi_square(ranked)
    states = {(0.0,) * len(table[0]): 1}
    for row in ranked:
        grown: dict[tuple[float, ...], int] = {}
        for state, ways in states.items():
            for order in permutations(row):
                key = tuple(a + b for a, b in zip(state, order, strict=True))
                grown[key] = grown.get(key, 0) + ways
        states = grown
    middle = len(table) * (len(table[0]) + 1) / 2

    def spread(sums):
        return sum((one - middle) ** 2 for one in sums)

    limit = spread([sum(row[j] for row in ranked) for j in range(len(table[0]))])
    extreme = sum(ways for state, ways in states.items() if spread(state) >= limit - 1e-9)
    return observed, extreme / sum(states.values())


def test_each_visit_is_described_and_the_change_is_the_patients_own():
    section = computed(TABLE)
    values = [row[2] for row in TABLE]
    changes = [row[2] - row[0] for row in TABLE]
    assert find(section, visit="week 12", variable="value", statistic="median").number == statistics.median(values)
    assert find(section, visit="week 12", variable="change", statistic="median").number == statistics.median(changes)
    # Seven values: quartiles by definition 6 are the second and the sixth.
    assert find(section, visit="week 0", variable="value", statistic="q1").number == 29
    assert find(section, visit="week 0", variable="value", statistic="q3").number == 44


def test_the_exact_friedman_test_is_that_of_full_enumeration():
    section = computed(TABLE)
    chi_square, p = friedman_by_hand(TABLE)
    assert find(section, variable="test", comparison="", statistic="statistic").number == pytest.approx(
        chi_square, rel=1e-12
    )
    exact = find(
        section, variable="test", comparison="", statistic="p_value", method="Friedman test, exact, corrected for ties"
    )
    assert exact.number == pytest.approx(p, rel=1e-12)


def test_dunn_pairs_are_mean_ranks_on_the_normal_distribution():
    section = computed(TABLE)
    ranked = [ranks(row) for row in TABLE]
    sums = [sum(row[j] for row in ranked) for j in range(3)]
    z = (sums[2] - sums[0]) / len(TABLE) / math.sqrt(3 * 4 / (6 * len(TABLE)))
    p = math.erfc(z / math.sqrt(2))
    row = find(section, comparison="week 12 vs week 0", statistic="p_adjusted", variable="test")
    assert row.number == pytest.approx(min(1.0, 3 * p), rel=1e-10)


def test_a_missing_visit_leaves_the_test_and_is_counted():
    section = computed((*TABLE[:-1], (44, None, 46)))
    assert find(section, variable="test", statistic="n", comparison="").number == 6
    assert find(section, variable="test", statistic="n_missing").number == 1
    assert find(section, visit="week 4", variable="value", statistic="n").number == 6
    assert find(section, visit="week 12", variable="change", statistic="n").number == 7


def test_what_cannot_be_estimated_says_why_and_the_rest_still_comes():
    section = computed(((40, None, 41), (41, None, 43)))
    row = find(section, variable="test", statistic="p_value", comparison="")
    assert (row.number, row.status) == (None, "not_estimable")
    assert row.note
    assert find(section, visit="week 12", variable="value", statistic="median").number == 42


def test_a_failing_comparison_of_pairs_leaves_the_overall_test():
    """In full agreement Conover's variance is zero; the Friedman test has a value."""
    section = computed(((1, 2, 3), (4, 5, 6), (7, 8, 9)), pairwise="conover", adjust="holm")
    assert find(section, variable="test", comparison="", statistic="statistic").number == pytest.approx(6.0, rel=1e-12)
    assert find(section, comparison="week 12 vs week 0", statistic="p_adjusted").status == "not_estimable"


def test_an_empty_population_gives_rows_and_no_error():
    analysis = change()
    cohort = cohorts.cohort_of(analysis, data_of(TABLE), index=recorded_days(), populations={"full analysis": ()})
    section = cohorts.section_of(analysis, cohort)
    assert find(section, visit="week 0", variable="value", statistic="n").number == 0
    assert find(section, visit="week 0", variable="value", statistic="median").status == "not_estimable"


def test_every_number_has_rows_behind_it():
    assert cohorts.untraced(computed(TABLE)) == set()


def test_nemenyi_takes_no_adjustment():
    with pytest.raises(ProtocolError, match='say adjust="none"'):
        Friedman(p="auto", pairwise="nemenyi", adjust="holm", against="all")


def response(complete, partial, if_not_evaluable="no response"):
    def at_every_visit(truth):
        return any_of(Known(truth=truth), all_of(cmas.at(Visit()).recorded(), Known(truth=False)))

    variable = Categories(
        key="response", version="1", label="Response", otherwise="no response",
        cases=(("complete", at_every_visit(complete)), ("partial", at_every_visit(partial))),
    )  # fmt: skip
    endpoint = Endpoint(key="r", label="Response", variable=variable, at=VISITS[2:], if_not_evaluable=if_not_evaluable)
    analysis = OutcomeOverVisits(
        key="r", title="Response", endpoint=endpoint, together=(("either", ("complete", "partial")),)
    )
    section = cohorts.section_of(analysis, cohorts.cohort_of(analysis, data_of(TABLE), index=recorded_days()))
    return {(row.level, row.statistic): row.number for row in section.rows}


@pytest.mark.parametrize(
    ("complete", "partial", "policy", "expected"),
    [
        (True, None, "no response", {"complete": 7, "partial": 0, "no response": 0, "either": 7, "total": 7}),
        (None, True, "no response", {"complete": 0, "partial": 0, "no response": 0, "either": 7, "total": 7}),
        (False, None, "no response", {"complete": 0, "partial": 0, "no response": 7, "either": 0, "total": 7}),
        (False, None, "partial", {"complete": 0, "partial": 7, "no response": 0, "either": 7, "total": 7}),
        (False, None, "leave_out", {"complete": 0, "partial": 0, "no response": 0, "either": 0, "total": 0}),
        (False, False, "leave_out", {"complete": 0, "partial": 0, "no response": 7, "either": 0, "total": 7}),
    ],
)
def test_an_open_outcome_counts_as_declared_but_never_loses_what_is_known(complete, partial, policy, expected):
    found = response(complete, partial, policy)
    counts = {level: found[level, "count"] for level in ("complete", "partial", "no response", "either")}
    assert counts | {"total": found["either", "total"]} == expected
    settled = complete is not None and (complete or partial is not None)
    assert found["", "n_not_evaluable"] == (0 if settled else 7)


def test_an_endpoint_must_say_what_not_evaluable_counts_as():
    with pytest.raises(ProtocolError, match="choose one of leave_out, complete, partial, no response"):
        response(True, True, "failure")


def test_characteristics_count_what_was_known():
    analysis = Characteristics(
        key="c", title="Characteristics", quartiles=6,
        lines=(
            Number(key="cmas", label="CMAS", unit="points", value=cmas.at(VISITS[1]), summary="mean_sd", decimals=1),
            Share(key="strong", label="At least 44", criterion=cmas.at(VISITS[1]) >= 44),
        ),
    )  # fmt: skip
    section = cohorts.section_of(
        analysis, cohorts.cohort_of(analysis, data_of((*TABLE[:-1], (44, None, 46))), index=recorded_days())
    )
    values = [row[1] for row in TABLE[:-1]]
    assert find(section, endpoint="cmas", statistic="mean").number == pytest.approx(statistics.mean(values), rel=1e-12)
    assert find(section, endpoint="cmas", statistic="sd").number == pytest.approx(statistics.stdev(values), rel=1e-12)
    assert find(section, endpoint="strong", statistic="count").number == sum(value >= 44 for value in values)
    assert find(section, endpoint="strong", statistic="total").number == 6
    assert find(section, endpoint="strong", statistic="n_not_evaluable").number == 1
