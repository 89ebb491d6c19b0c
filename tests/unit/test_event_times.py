"""Times to an event: numbers of a worked curve, censoring, what is not known, and a declaration that cannot be answered."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import pytest

from myosotis import Protocol, statistics
from myosotis.analysis import EventTimes, TimeToEvent
from myosotis.errors import ProtocolError
from myosotis.language import recorded_days, week
from myosotis.language.criteria import PatientIs
from myosotis.language.values import Constant, PatientNumber
from myosotis.language.windows import Window
from myosotis.measures.observations import ck
from myosotis.model.dataset import Dataset
from myosotis.plan import time_to_event
from myosotis.study import Eligibility

_SPEC = importlib.util.spec_from_file_location("cohorts", Path(__file__).with_name("cohorts.py"))
cohorts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(cohorts)

WHOLE = Window(label="follow-up", target=0, first=0, last=400)
# The remission times of the 21 children on 6-mercaptopurine, in weeks (Freireich and others, Blood 1963;21:699-716), which
# textbooks print with their curve: 0.857 by week 6, 0.807 by week 7, 0.753 by week 10, 0.627 by week 16, 0.448 by week 23.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
ANALYSIS = EventTimes(
    key="relapse",
    title="Time to relapse",
    label="relapse",
    times=TimeToEvent(days=ck.first(WHOLE), event=PatientIs(field="sex", texts=("female",))),
    visits=tuple(week(n, give_or_take=3) for n in (6, 7, 10, 16, 23)),
)


def cohort_of(times, ended, analysis=ANALYSIS):
    """Write each time as a first creatine kinase, and each event as a sex: any number and any truth will do."""
    names = [f"p{i:02d}" for i in range(len(times))]
    sexes = {1: "female", 0: "male", None: None}
    data = Dataset.of(
        patients=[{"patient_id": name, "sex": sexes[end]} for name, end in zip(names, ended, strict=True)],
        observations=[
            {"patient_id": name, "day": 1, "name": "ck", "number": float(time), "unit": "U/L"}
            for name, time in zip(names, times, strict=True)
            if time is not None
        ],
    )
    return cohorts.cohort_of(analysis, data, index=recorded_days())


def rows_of(times, ended, analysis=ANALYSIS):
    section = cohorts.section_of(analysis, cohort_of(times, ended, analysis))
    return {(row.variable, row.visit, row.statistic): row for row in section.rows}, section


def test_a_published_curve_comes_out_at_each_visit():
    rows, section = rows_of([7 * one for one in WEEKS], ENDED)
    published = {"week 6": 0.857, "week 7": 0.807, "week 10": 0.753, "week 16": 0.627, "week 23": 0.448}
    for visit, free in published.items():
        assert rows["reached", visit, "proportion"].number == pytest.approx(1 - free, abs=5e-4)  # printed to 3 decimals
    assert rows["median", "", "estimate"].number == 7 * 23
    assert [rows["", "", name].number for name in ("n", "n_missing", "events")] == [21, 0, 9]
    curve = statistics.kaplan_meier([7 * one for one in WEEKS], ENDED)
    assert rows["reached", "week 10", "conf_low"].number == 1 - curve.high[curve.time.index(70)]
    assert [row.label for row in section.tables[0].rows][:3] == [
        "Patients with a time",
        "Patients without one",
        "Relapse",
    ]


def test_a_patient_without_a_time_is_left_out_and_counted():
    rows, _ = rows_of([10, 20, None], [1, 0, 1])
    assert [rows["", "", name].number for name in ("n", "n_missing", "events")] == [2, 1, 1]
    assert rows["reached", "week 6", "proportion"].note == "nobody was observed for so long"


def test_nothing_is_estimated_where_it_cannot_be_told_whether_a_time_ended_in_the_event():
    times = TimeToEvent(days=ck.first(WHOLE), event=PatientNumber(field="age_at_index") > 3.0)
    analysis = EventTimes(key="k", title="T", label="relapse", times=times, visits=ANALYSIS.visits)
    rows, section = rows_of([10, 20], [1, 0], analysis)
    assert rows["median", "", "estimate"].status == "not_estimable"
    assert "cannot be told for 2 patients" in rows["reached", "week 6", "proportion"].note
    assert section.tables[0].rows[0].cells == [None]


def test_nobody_has_no_curve():
    rows, _ = rows_of([None, None], [1, 0])
    assert {row.note for key, row in rows.items() if key[0]} == {"no patient has a time"}
    assert rows["", "", "n_missing"].number == 2


@pytest.mark.parametrize(
    ("visits", "told"),
    [
        ((week(0, give_or_take=3),), "week 0 is planned on day 0 or before"),
        ((), "no visits"),
        ((week(4, give_or_take=3), week(4, give_or_take=3)), "stand twice"),
    ],
)
def test_visits_that_cannot_be_answered_are_refused(visits, told):
    with pytest.raises(ProtocolError, match=told):
        EventTimes(key="k", title="T", label="relapse", times=ANALYSIS.times, visits=visits)


def test_the_word_takes_the_visits_of_the_study():
    protocol = Protocol(
        key="s", version="1", title="S", question="q", index=recorded_days(), eligibility=Eligibility(),
        windows=(week(0, give_or_take=3), week(4, give_or_take=3)),
        analyses=(time_to_event(ck.first(WHOLE), Constant(number=1.0) > 0.0, label="first relapse"),), seed=1,
    )  # fmt: skip
    (analysis,) = protocol.analyses
    assert (analysis.key, analysis.title) == ("first_relapse", "Time to first relapse")
    assert [visit.label for visit in analysis.visits] == ["week 4"]
    assert math.isclose(analysis.conf_level, 0.95)
