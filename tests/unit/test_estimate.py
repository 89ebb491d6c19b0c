"""A protocol asks for any method by its name: the numbers are those of the method, on the sample that the words say."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from myosotis import statistics
from myosotis.analysis import (
    Counted,
    CountedGroups,
    CountedPairs,
    Design,
    Endpoints,
    Estimate,
    EventsInTime,
    EventsInTimeInGroups,
    Friedman,
    Groups,
    Numbers,
    Paired,
    Published,
    Repeated,
    RepeatedInGroups,
    Studies,
    TimeBetween,
    TimeToEvent,
    TimeToEventInGroups,
)
from myosotis.analysis.estimate import NOT_ASKED, asked_methods
from myosotis.errors import ProtocolError
from myosotis.language import Visit, Window, baseline_window, not_, recorded_days, week
from myosotis.language.criteria import PatientIs
from myosotis.language.values import Missing, Where
from myosotis.measures.jdm.instruments import cmas, ulceration
from myosotis.measures.observations import ck, das28
from myosotis.model.dataset import Dataset
from myosotis.plan import Defaults, change, estimate, sensitivity, time_to_event
from myosotis.plan.draft import completed
from myosotis.statistics.methods import METHODS

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)
cohort_of, section_of, untraced = cohorts.cohort_of, cohorts.section_of, cohorts.untraced

# A visit at which everybody has a value: the last of the three, or the one before.
WEIGHED = Window(label="last", target=84, first=20, last=90)
W0, W4, W12 = VISITS = baseline_window(days=3), week(4, give_or_take=3), week(12, give_or_take=3)
FEMALE = PatientIs(field="sex", texts=("female",))

# CMAS at the three visits, CK as an event count, DAS28 as days followed, ulcers before and after, sex.
PATIENTS: tuple[tuple[Any, ...], ...] = (
    (30, 34, 41, 0, 100, "no", "no", "female"), (28, 28, 33, 2, 120, "yes", "no", "female"),
    (35, 31, 44, 1, 80, "yes", "yes", "male"), (41, 46, 45, 0, 60, "no", "no", "male"),
    (22, 30, 38, 9, 150, "yes", "no", "female"), (44, 45, 50, 0, 90, "no", "yes", "male"),
    (39, 36, None, 1, 70, "yes", "no", "female"), (26, 33, 37, 0, 130, "no", "no", "male"),
    (31, 35, 40, 6, 110, None, "no", "female"), (None, 29, 30, 0, 95, "yes", "no", "male"),
)  # fmt: skip
DAYS = {W0: 0, W4: 28, W12: 84}


def data():
    rows, people = [], []
    for number, (first, second, third, events, days, before, after, sex) in enumerate(PATIENTS):
        patient = f"p{number}"
        people.append({"patient_id": patient, "sex": sex})
        for window, value in ((W0, first), (W4, second), (W12, third)):
            if value is not None:
                rows.append({"patient_id": patient, "day": DAYS[window], "name": "cmas", "number": float(value)})
        rows.append({"patient_id": patient, "day": 0, "name": "ck", "number": float(events)})
        rows.append({"patient_id": patient, "day": 0, "name": "das28", "number": float(days) / 20})
        for window, answer in ((W0, before), (W4, after)):
            if answer is not None:
                rows.append({"patient_id": patient, "day": DAYS[window], "name": "ulceration", "text": answer})
    return Dataset.of(patients=people, observations=rows)


DATA = data()
TIME, EVENT, EVENTS = das28.at(W0) * 20, ck.at(W0) >= 1, ck.at(W0)
SAMPLES = {
    "numbers": Numbers(of=cmas.at(W0)), "counted": Counted(of=ulceration.at(W0)),
    "paired": Paired(before=cmas.at(W0), after=cmas.at(W4)),
    "counted pairs": CountedPairs(before=ulceration.at(W0), after=ulceration.at(W4)),
    "repeated": Repeated(of=cmas.at(Visit()), visits=VISITS),
    "repeated in groups": RepeatedInGroups(of=cmas.at(Visit()), visits=VISITS, by=FEMALE),
    "groups": Groups(of=cmas.at(W4), by=FEMALE),
    "counted groups": CountedGroups(of=ulceration.at(W4), by=FEMALE), "time to event": TimeToEvent(days=TIME,
        event=EVENT),
    "time to event in groups": TimeToEventInGroups(days=TIME, event=EVENT, by=FEMALE),
    "events in time": EventsInTime(events=EVENTS, days=TIME),
    "events in time in groups": EventsInTimeInGroups(events=EVENTS, days=TIME, by=FEMALE),
    "time between": TimeBetween(after=TIME - 20.0, by=TIME), "design": Design(patients=10, visits=3),
    "several endpoints": Endpoints(of={"first step": cmas.at(W4) - cmas.at(W0), "both": cmas.at(W12) - cmas.at(W0)}),
    "several studies": Studies(of=ulceration.at(W0), published=(
        Published(label="A", count=5, total=12, citation="Author A 2020, Table 2"),
        Published(label="B", count=9, total=14, citation="Author B 2021, Table 1"))),
}  # fmt: skip
CHOICES: dict[str, dict[str, Any]] = {
    "restricted_mean": {"tau": 100.0}, "mixed_model": {"covariance": "random_intercept"},
    "patient_bootstrap_rate": {"resamples": 500}, "skillings_mack": {"resamples": 500},
    "quantile": {"probs": [0.1, 0.9]}, "responder_tipping_point": {"threshold": 0.3},
}  # fmt: skip


def column(place):
    return [math.nan if row[place] is None else float(row[place]) for row in PATIENTS]


def by_hand(method):
    """Call the method on the table above, without any of what lies between."""
    kind, function = METHODS[method].sample, getattr(statistics, method)
    choices = CHOICES.get(method, {}) | ({"seed": 1} if method in ("patient_bootstrap_rate", "skillings_mack") else {})
    sex = [row[7] == "female" for row in PATIENTS]
    answered = [(row[5], row[6], row[7]) for row in PATIENTS if row[5] is not None]
    years, events = [days / 365.25 for days in column(4)], [int(one) for one in column(3)]
    halves = [[place for place, female in enumerate(sex) if female is side] for side in (True, False)]
    match kind:
        case "numbers":
            return function(column(0), **choices)
        case "counted" if method == "responder_tipping_point":
            missing = len(PATIENTS) - len(answered)
            return function(sum(one[0] == "yes" for one in answered), len(answered), missing, **choices)
        case "time between":
            return function([days - 20.0 for days in column(4)], column(4))
        case "design":
            return function(10, 3)
        case "several endpoints":
            first, second, third = (np.array(column(place)) for place in range(3))
            return function({"first step": second - first, "both": third - first}, seed=1)
        case "several studies":
            return function([sum(one[0] == "yes" for one in answered), 5, 9], [len(answered), 12, 14])
        case "counted":
            return function(sum(one[0] == "yes" for one in answered), len(answered), **choices)
        case "paired":
            return function(column(0), column(1), **choices)
        case "counted pairs":
            table = [
                [sum((b, a) == pair for b, a, _ in answered) for pair in ((x, "yes"), (x, "no"))] for x in ("yes", "no")
            ]
            return function(table, **choices)
        case "repeated" if method == "durbin":
            last = [row[1] if row[2] is None else row[2] for row in PATIENTS]
            return function([[float(a), float(b)] for (_, a, *_), b in zip(PATIENTS, last, strict=True)])
        case "repeated":
            return function(
                np.array([column(place) for place in range(3)]).T if method != "cochran_q" else ULCERS, **choices
            )
        case "repeated in groups":
            answers = np.array([column(place) for place in range(3)]).T
            return function(answers, ["yes" if female else "no" for female in sex], **choices)
        case "groups":
            return function(*([column(1)[place] for place in half] for half in halves), **choices)
        case "counted groups":
            counts = [
                [sum(PATIENTS[place][6] == answer for place in half) for answer in ("yes", "no")] for half in halves
            ]
            return function(counts, **choices)
        case "time to event":
            arguments = (column(4), [one >= 1 for one in events])
            return function(statistics.kaplan_meier(*arguments) if method == "kaplan_meier_median" else arguments[0],
                            *(arguments[1:] if method != "kaplan_meier_median" else ()), **choices)  # fmt: skip
        case "time to event in groups":
            return function(column(4), [one >= 1 for one in events], sex, **choices)
        case "events in time":
            return function(sum(events), sum(years)) if method == "poisson_rate" else function(events, years, **choices)
    sums = [part for half in halves for part in (sum(events[p] for p in half), sum(years[p] for p in half))]
    return function(*sums, **choices)


ULCERS = np.array([[row[5] == "yes", row[6] == "yes"] for row in PATIENTS if row[5] is not None], dtype=float)


def asked(method, **more):
    sample = SAMPLES[METHODS[method].sample]
    if method == "durbin":
        sample = Repeated(of=cmas.at(Visit()), visits=(W4, WEIGHED))
    if method == "cochran_q":
        sample = Repeated(of=ulceration.at(Visit()), visits=(W0, W4))
    return estimate(method, sample, title="T", unit="points", **CHOICES.get(method, {}) | more)


# Methods that answer for several levels, each with a test of its own below.
SEVERAL = ("quantile", "turnbull", "max_t", "responder_tipping_point")
NAMES = {"estimate": "estimate", "low": "conf_low", "high": "conf_high", "statistic": "statistic", "p_value": "p_value",
         "median": "median", "q1": "q1", "q3": "q3", "mean": "mean", "n": "n"}  # fmt: skip


@pytest.mark.parametrize("method", asked_methods())
def test_every_method_can_be_asked_for_and_gives_its_own_numbers(method):
    analysis = asked(method)
    section = section_of(analysis, cohort_of(analysis, DATA, index=recorded_days()))
    expected = by_hand(method)
    rows = {row.statistic: row for row in section.rows if not row.variable and not row.visit and not row.level}
    compared = 0
    for name, statistic in NAMES.items():
        if hasattr(expected, name) and method not in SEVERAL and (method, name) != ("pooled_proportion", "n"):
            number = getattr(expected, name)
            found = rows[statistic].number
            # The two add the time in different orders.
            assert found == (number if number is None else pytest.approx(number, rel=1e-9, abs=1e-12)), name
            compared += 1
    assert compared >= 1 or method in SEVERAL
    assert rows or section.rows
    assert not untraced(section) or method == "friedman_critical_value"  # which needs no data
    assert all(row.status == "ok" or row.note for row in section.rows)
    assert section.tables[0].rows
    assert METHODS[method].label in section.methods[0].sentences[0]
    assert section.statistics == (method,)


def test_estimates_of_each_visit_carry_their_visit():
    analysis = asked("relative_effects")
    section = section_of(analysis, cohort_of(analysis, DATA, index=recorded_days()))
    effects = [row for row in section.rows if row.variable == "relative effect" and row.statistic == "estimate"]
    assert [(row.visit, row.number) for row in effects] == [
        (visit.label, pytest.approx(one.estimate)) for visit, one in zip(VISITS, by_hand("relative_effects").effects,
            strict=True)
    ]  # fmt: skip
    model = asked("mixed_model")
    rows = section_of(model, cohort_of(model, DATA, index=recorded_days())).rows
    changes = [
        (row.comparison, row.statistic) for row in rows if row.variable == "change" and row.statistic == "p_value"
    ]
    assert changes == [("week 4 vs week 0", "p_value"), ("week 12 vs week 0", "p_value")]


def test_effects_of_each_group_carry_their_group_and_visit_and_the_tests_their_question():
    analysis = asked("grouped_relative_effects")
    rows = section_of(analysis, cohort_of(analysis, DATA, index=recorded_days())).rows
    expected = by_hand("grouped_relative_effects")
    effects = {
        (row.groups, row.visit): row.number
        for row in rows
        if row.variable == "relative effect" and row.statistic == "estimate"
    }
    assert effects == {
        (f"by={group}", visit.label): one.estimate
        for group, parts in zip(expected.groups, expected.effects, strict=True)
        for visit, one in zip(VISITS, parts, strict=True)
    }
    tested = {row.variable: row.number for row in rows if row.statistic == "p_value"}
    assert tested["groups by visits, ANOVA-type statistic"] == expected.interaction_anova_type.p_value
    assert tested["groups, Box approximation"] == expected.group_box.p_value
    assert len(tested) == 7


@pytest.mark.parametrize(
    ("method", "format_"),
    [
        ("hodges_lehmann", "interval"),
        ("describe", "median_iqr"),
        ("wilson", "interval"),
        ("grouped_relative_effects", "interval"),
    ],
)
def test_limits_are_not_told_as_quartiles(method, format_):
    section = section_of(asked(method), cohort_of(asked(method), DATA, index=recorded_days()))
    shown = [row.cells[1] for row in section.tables[0].rows if row.cells[1] is not None]
    assert {cell.format for cell in shown} == {format_}
    labels = [row.label for row in section.tables[0].rows]
    assert method != "grouped_relative_effects" or "relative effect, by does not hold, week 4" in labels


def test_every_public_method_is_asked_for_or_is_said_why_not():
    assert set(NOT_ASKED) < set(METHODS)
    assert set(asked_methods()) | set(NOT_ASKED) == set(METHODS)
    assert len(asked_methods()) == 50
    kinds = {METHODS[name].sample for name in asked_methods()}
    assert kinds == set(SAMPLES)


def test_every_method_that_is_not_asked_for_by_name_is_used_by_another_analysis():
    windows = (W0, W4, W12)
    friedman = Friedman(p="exact", pairwise="dunn", adjust="holm", against="all")
    others = (
        change(cmas, visits=windows, test=friedman, quartiles=6),
        time_to_event(TIME, EVENT, label="event"),
        sensitivity(cmas, shifts=[0, -1]),
        sensitivity(ulceration, threshold=0.2),
    )
    used = set()
    for other in others:
        analysis = completed(other, windows, Defaults())
        used |= set(section_of(analysis, cohort_of(analysis, DATA, index=recorded_days())).statistics)
    assert set(NOT_ASKED) <= used


def found_of(method, **keys):
    analysis = asked(method)
    section = section_of(analysis, cohort_of(analysis, DATA, index=recorded_days()))
    kept = [row for row in section.rows if all(getattr(row, name) == key for name, key in keys.items())]
    return section, {(row.variable, row.level, row.statistic): row for row in kept}


def test_quantiles_carry_the_share_below_them():
    section, rows = found_of("quantile")
    assert [row.label for row in section.tables[0].rows] == ["quantile, 0.1", "quantile, 0.9"]
    assert {level: row.number for (_, level, _), row in rows.items()} == dict(
        zip(("0.1", "0.9"), by_hand("quantile"), strict=True)
    )
    assert {row.method for row in rows.values()} == {"quantile definition 6"}


def test_intervals_of_time_carry_their_ends_and_their_shares():
    section, rows = found_of("turnbull", variable="event between")
    expected = by_hand("turnbull")
    levels = [f"after {low:g}, up to {high:g}" for low, high in zip(expected.left, expected.right, strict=True)]
    assert {level: row.number for (_, level, _), row in rows.items()} == dict(zip(levels, expected.mass, strict=True))
    assert math.fsum(row.number for row in rows.values()) == pytest.approx(1, abs=1e-9)
    formats = {line.cells[1].format for line in section.tables[0].rows if line.cells[1] is not None}
    assert formats == {"percent"}


def test_an_event_that_was_never_seen_has_no_end():
    by = Where(criterion=not_(EVENT), then=TIME + 20.0, otherwise=Missing())
    never = estimate("turnbull", TimeBetween(after=TIME, by=by), title="T")
    rows = section_of(never, cohort_of(never, DATA, index=recorded_days())).rows
    assert next(row.number for row in rows if row.level == "after 150") > 0


def test_endpoints_carry_their_own_p_and_both_that_are_adjusted_for_all():
    section, rows = found_of("max_t")
    expected = by_hand("max_t")
    adjusted = {
        (row.variable, row.method.rpartition(", ")[2]): row.number
        for row in section.rows
        if row.statistic == "p_adjusted"
    }
    for place, name in enumerate(("first step", "both")):
        assert rows[name, "", "p_value"].number == expected.p_unadjusted[place]
        assert rows[name, "", "n"].number == expected.n[place]
        assert adjusted[name, "step-down"] == expected.p_step_down[place]
        assert adjusted[name, "single-step"] == expected.p_single_step[place]
    table = section.tables[0]
    assert [column.label for column in table.columns][-1] == "adjusted p"
    shown = {line.label: line.cells[-1].results for line in table.rows if line.cells[-1] is not None}
    down = {row.variable: [row.id] for row in section.rows if row.method.endswith("step-down")}
    assert shown == down


def test_a_pooled_share_stands_beside_its_studies_and_what_another_one_would_find():
    section, rows = found_of("pooled_proportion")
    expected = by_hand("pooled_proportion")
    assert rows["", "", "n"].number == expected.patients == 9 + 12 + 14
    assert rows["another study", "", "conf_low"].number == expected.prediction_low
    assert rows["another study", "", "conf_high"].number == expected.prediction_high
    assert (rows["study", "this study", "count"].number, rows["study", "this study", "total"].number) == (5, 9)
    assert (rows["study", "B", "count"].number, rows["study", "B", "total"].number) == (9, 14)
    assert [rows["study", "A", one].number for one in ("conf_low", "conf_high")] == [
        expected.studies[1].low, expected.studies[1].high,
    ]  # fmt: skip
    assert "A: 5 of 12 (Author A 2020, Table 2)." in section.methods[0].sentences


def test_a_tipping_point_says_where_the_verdict_turns_and_what_each_scenario_gives():
    _, rows = found_of("responder_tipping_point")
    expected = by_hand("responder_tipping_point")
    turning = rows["", "", "estimate"]
    assert (turning.number, turning.note) == (expected.tips_at, expected.sentence)
    limits = {level: row.number for (_, level, statistic), row in rows.items() if statistic == "conf_low"}
    section, _ = found_of("responder_tipping_point")
    labels = [row.label for row in section.tables[0].rows]
    assert labels == ["missing who must have responded", *(f"lower limit with {i} of the missing" for i in range(2))]
    assert limits == {f"{one:g}": limit for one, limit in zip(expected.scenarios, expected.values, strict=True)}


def test_who_cannot_be_told_is_counted_and_not_lost():
    analysis = asked("wilson")
    rows = {
        row.statistic: row.number for row in section_of(analysis, cohort_of(analysis, DATA, index=recorded_days())).rows
    }
    assert (rows["n"], rows["n_not_evaluable"]) == (9, 1)


def test_an_event_that_cannot_be_told_is_no_censoring():
    event = ulceration.at(W0)
    analysis = estimate("restricted_mean", TimeToEvent(days=TIME, event=event), title="T", tau=50.0)
    rows = section_of(analysis, cohort_of(analysis, DATA, index=recorded_days())).rows
    assert {row.status for row in rows} == {"not_estimable"}
    assert "cannot be told for 1 patients with a time" in rows[0].note


def test_a_method_without_an_answer_says_why():
    nobody = Dataset.of(patients=[{"patient_id": "a", "sex": "male"}])
    for method in asked_methods():
        analysis = asked(method)
        section = section_of(analysis, cohort_of(analysis, nobody, index=recorded_days()))
        assert all(row.number is not None or (row.status == "not_estimable" and row.note) for row in section.rows), (
            method
        )


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda: estimate("signed_ranks", SAMPLES["paired"], title="T"),
            "there is no method 'signed_ranks'; did you mean 'signed_rank'"),
        (lambda: estimate("kaplan_meier", SAMPLES["time to event"], title="T"),
            "kaplan_meier is a curve; ask for time_to_event, its median"),
        (lambda: estimate("signed_rank", SAMPLES["numbers"], title="T"),
            "signed_rank takes two numbers for each patient"),
        (lambda: estimate("signed_rank", SAMPLES["paired"], title="T", zeroes="pratt"),
            "signed_rank has no 'zeroes'; did you mean 'zeros'"),
        (lambda: estimate("restricted_mean", SAMPLES["time to event"], title="T"), "restricted_mean needs tau"),
        (lambda: Published(label="A", count=5, total=4, citation="c"), "counts 5 of 4 patients"),
        (lambda: Published(label="A", count=5, total=9, citation=""), "has no citation"),
        (lambda: Studies(of=ulceration.at(W0), published=(Published(label="this study", count=1, total=2, citation="c"),)),
            "this study"),
        (lambda: Repeated(of=cmas.at(Visit()), visits=(W0,)), "needs two visits or more"),
        (lambda: Repeated(of=cmas.at(W0), visits=VISITS), "is the same at every visit"),
        (lambda: Estimate(key="k", title="t", method="wilson", sample=3), "sample is 3"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_where_it_is_written(write, told):
    with pytest.raises(ProtocolError) as caught:
        write()
    assert told in str(caught.value)
