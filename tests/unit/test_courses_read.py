"""Courses of one drug that overlap are told, since their doses add up, and courses without a stop are counted."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.catalogue import Catalogue
from myosotis.language import drugs
from myosotis.language.evaluate import evaluate
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import recorded_days, records
from myosotis.model.dataset import Dataset
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset

PATIENTS = {"feeds": "patients", "file": "p.csv", "patient_id": "id"}
COLUMNS = {"drug": "drug", "start": "start", "stop": "stop", "dose": "dose", "dose_unit": {"value": "mg/day"}}


def read(rows, columns=COLUMNS, header="id,drug,start,stop,dose,route\n"):
    named = [field.get("column") if isinstance(field, dict) else field for field in columns.values()]
    unread = [name for name in header.strip().split(",")[1:] if name not in named]
    table = {"feeds": "treatments", "file": "t.csv", "patient_id": "id", "columns": columns, "ignore": unread}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "p.csv").write_text("id\na\nb\n", encoding="utf-8")
        Path(folder, "t.csv").write_text(header + rows, encoding="utf-8")
        return read_dataset(folder, parse_mapping({"table": [PATIENTS, table]}), Catalogue.of())


def overlaps(dataset):
    return [(f.severity, f.source_row, f.count) for f in dataset.findings if f.rule == "overlapping courses"]


def test_a_course_that_starts_while_another_of_the_drug_runs_is_told_with_both_rows():
    dataset = read("a,mtx,2020-01-01,2020-03-01,10,\na,mtx,2020-02-01,2020-06-01,15,\n")
    assert overlaps(dataset) == [("warning", 3, 1)]
    message = dataset.findings[0].message
    assert "on row 3 a course that starts while the one of row 2 still covers the day" in message
    assert "the doses add up" in message
    assert "let the earlier course stop on the day before the later one starts" in message
    assert dataset.treatments.num_rows == 2


def test_several_overlaps_are_one_finding_with_its_count():
    rows = "a,mtx,2020-01-01,,10,\na,mtx,2020-02-01,2020-06-01,15,\nb,mtx,2020-01-01,2020-01-01,10,\nb,mtx,2020-01-01,,15,\n"
    dataset = read(rows)
    assert overlaps(dataset) == [("warning", 3, 2)]
    assert "the one of row 2, which has no stop, still covers" in next(
        f.message for f in dataset.findings if f.rule == "overlapping courses"
    )


def test_of_several_running_courses_the_one_that_runs_longest_is_named():
    rows = "a,mtx,2020-01-01,2020-03-01,10,\na,mtx,2020-02-01,2020-06-01,15,\na,mtx,2020-02-15,2020-02-20,5,\n"
    message = next(f.message for f in read(rows).findings if f.rule == "overlapping courses")
    assert "on row 4 a course that starts while the one of row 3 still covers the day" in message


@pytest.mark.parametrize(
    "second",
    [
        "a,mtx,2020-03-02,2020-06-01,15,",  # starts on the day after the stop
        "a,ivig,2020-02-01,2020-06-01,15,",
        "b,mtx,2020-02-01,2020-06-01,15,",
        "a,mtx,2020-02-01,2020-06-01,,",  # without a dose nothing adds up
        "a,mtx,,2020-06-01,15,",
        "a,mtx,2019-06-01,2019-12-31,15,",
    ],
)
def test_courses_that_share_no_day_with_doses_are_not_told(second):
    assert overlaps(read(f"a,mtx,2020-01-01,2020-03-01,10,\n{second}\n")) == []


def test_a_stop_on_the_day_of_the_next_start_shares_that_day():
    assert overlaps(read("a,mtx,2020-01-01,2020-03-01,10,\na,mtx,2020-03-01,2020-06-01,15,\n")) == [("warning", 3, 1)]


def test_another_route_is_given_beside_it_on_purpose():
    columns = {**COLUMNS, "route": "route"}
    assert overlaps(read("a,mp,2020-01-01,,10,oral\na,mp,2020-02-01,2020-02-03,500,iv\n", columns)) == []
    assert overlaps(read("a,mp,2020-01-01,,10,oral\na,mp,2020-02-01,2020-02-03,500,\n", columns)) != []


def test_courses_without_a_stop_are_counted_in_a_note():
    dataset = read("a,mtx,2020-01-01,,10,\na,ivig,2020-01-01,2020-02-01,10,\nb,mtx,2020-02-01,,15,\nb,old,,,1,\n")
    (note,) = dataset.findings
    assert (note.severity, note.rule, note.source_row, note.count) == ("note", "course without a stop", 2, 2)
    assert "2 courses have no stop and are taken as ongoing: 't.csv', rows 2, 4;" in note.message


DAYS = st.integers(0, 9)
COURSE = st.tuples(DAYS, st.one_of(st.none(), DAYS)).map(lambda one: (one[0], None if one[1] is None else sum(one)))


@settings(deadline=None, max_examples=100)
@given(st.lists(COURSE, max_size=5))
def test_an_overlap_is_told_exactly_where_some_day_has_more_than_one_dose(courses):
    columns = {
        "drug": "drug",
        "start_day": "start",
        "stop_day": "stop",
        "dose": "dose",
        "dose_unit": {"value": "mg/day"},
    }
    # A cell that nobody reads keeps equal courses from being one row written twice.
    rows = "".join(f"a,mtx,{first},{'' if last is None else last},1,{i}\n" for i, (first, last) in enumerate(courses))
    dataset = read(rows + "b,other,0,0,1,\n", columns)
    record = next(records(dataset, recorded_days()))
    mtx = drugs("mtx", names=("mtx",))
    highest = max((evaluate_patient(mtx.dose_at(day), record).result for day in range(25)), default=0)
    assert bool(overlaps(dataset)) == (highest > 1)


FREQUENT = {"drug": "drug", "start": "start", "dose": "dose", "dose_unit": "unit", "every": "every"}


def first_course(rows, columns=FREQUENT, header="id,drug,start,dose,unit,every\n"):
    dataset = read(rows, columns, header)
    [row] = dataset.treatments.to_pylist()
    [record] = [one for one in records(dataset, recorded_days()) if one.patient_id == "a"]
    node = drugs("mtx", names=("mtx",)).dose_at(0)
    return row, evaluate_patient(node, record).result, {f.rule for f in dataset.findings if f.severity == "error"}


def test_how_often_a_dose_is_given_may_be_written_in_any_case():
    row, _, errors = first_course("a,mtx,2020-01-01,14,mg,  Week \n")
    assert (row["every"], row["dose"], errors) == ("week", 14.0, set())


def test_where_how_often_cannot_be_read_there_is_no_dose_a_day():
    row, _, errors = first_course("a,mtx,2020-01-01,14,mg/day,whenever\n")
    assert (row["every"], row["dose"], errors) == (None, None, {"not an interval between doses"})


def test_a_dose_below_nothing_is_refused():
    row, _, errors = first_course("a,mtx,2020-01-01,-14,mg,week\n")
    assert (row["dose"], errors) == (None, {"out of range"})


@pytest.mark.parametrize(
    "course", [{"dose_unit": "mg/day", "every": "week"}, {"dose_unit": "mg", "every": "week", "times_per_day": 1.0}]
)
def test_two_words_for_how_often_leave_no_dose_a_day(course):
    data = Dataset.of(
        patients=[{"patient_id": "a"}],
        treatments=[{"patient_id": "a", "drug": "mtx", "start_day": 0, "dose": 14.0, **course}],
    )
    node = drugs("mtx", names=("mtx",)).dose_at(0)
    [record] = records(data, recorded_days())
    assert evaluate_patient(node, record).result is None
    assert evaluate({"dose": node}, data, recorded_days()).of("dose") == {"a": None}


ENDS = {"drug": "drug", "start": "start", "stop": {"column": "stop", "ongoing": ["ongoing"], "unknown": ["?"]},
        "stop_day": "day", "stop_known": "known", "stop_reason": "why"}  # fmt: skip


def ended(stop="", day="", known="", why="", **columns):
    dataset = read(
        f"a,mtx,2020-01-01,{stop},{day},{known},{why}\n", ENDS | columns, "id,drug,start,stop,day,known,why\n"
    )
    (course,) = dataset.treatments.to_pylist()
    cells = {line["source_column"]: line["fate"] for line in dataset.ledger.to_pylist()}
    rules = [(f.severity, f.rule, f.source_column) for f in dataset.findings if f.rule != "course without a stop"]
    return course, rules, cells


@pytest.mark.parametrize(
    ("told", "rejected", "day_known", "still_known"),
    [
        ({"stop": "2020-02-01", "known": "no"}, "known", True, None),
        ({"day": "31", "known": "no"}, "known", True, None),
        ({"stop": "ongoing", "day": "31"}, "stop", True, None),
        ({"stop": "?", "day": "31"}, "stop", True, None),
        ({"stop": "ongoing", "known": "no"}, "stop", False, False),
        ({"stop": "?", "known": "yes"}, "known", False, False),
    ],
)
def test_an_end_that_two_cells_tell_otherwise_is_told_and_the_one_not_taken_is_rejected(
    told, rejected, day_known, still_known
):
    course, rules, cells = ended(**told)
    assert rules == [("warning", "contradicting end of a course", rejected)]
    assert {column for column, fate in cells.items() if fate == "rejected"} == {rejected}
    assert (course["stop"] is not None or course["stop_day"] is not None) is day_known
    assert course["stop_known"] is still_known


def test_the_order_of_the_columns_in_the_mapping_decides_nothing():
    first = {"stop_known": "known", **{name: field for name, field in ENDS.items() if name != "stop_known"}}
    dataset = read("a,mtx,2020-01-01,ongoing,,no,\n", first, "id,drug,start,stop,day,known,why\n")
    assert dataset.treatments["stop_known"].to_pylist() == [False]


def test_a_stop_that_is_said_to_be_known_and_stands_nowhere_is_told():
    course, rules, _ = ended(known="yes")
    assert rules == [("warning", "contradicting end of a course", "known")]
    assert course["stop_known"] is True


@pytest.mark.parametrize(
    "told",
    [
        {"stop": "2020-02-01", "known": "yes"}, {"stop": "ongoing", "known": "yes"}, {"stop": "?", "known": "no"},
        {"known": "no", "why": "rash"}, {"stop": "?", "why": "rash"}, {"stop": "2020-02-01", "why": "rash"}, {},
        {"stop": "2020-02-01", "stop_known": {"value": False}},
    ],
)  # fmt: skip
def test_ends_that_agree_or_that_a_default_of_the_mapping_gives_are_not_told(told):
    assert ended(**told)[1] == []


def test_a_reason_to_stop_a_course_that_never_stops_is_told():
    assert ended(why="rash")[1] == [("warning", "reason to stop without a stop", "why")]
