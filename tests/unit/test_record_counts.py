"""No record is lost unsaid: what each table of the mapping read is kept, merged or rejected, and the counts add up."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.errors import MyosotisError
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset
from myosotis.model.record_counts import RecordCount

CATALOGUE = Catalogue.of(
    *(
        Definition(
            key=key, version="1", kind="observation", label=key, citations=(Citation(text="A chart"),),
            missing="no value", type="number", unit="points", range=Range(low=0, high=52),
        )
        for key in ("cmas", "mmt8")
    )
)  # fmt: skip
COMMON = {"file": "p.csv", "patient_id": "id", "delimiter": ","}
PATIENTS = {"feeds": "patients", **COMMON, "columns": {"sex": "sex"}}
FACTS = ("patients", "observations", "treatments", "conditions", "events")


def read(tables, **files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / f"{name}.csv").write_text(text, encoding="utf-8")
        return read_dataset(folder, parse_mapping({"missing": {"texts": ["NA"]}, "table": tables}), CATALOGUE)


def course(drug, columns, **more):
    return {"feeds": "treatments", **COMMON, "columns": {"drug": drug, **columns}, **more}


def rows_of(count):
    return (count.rows, count.rows_kept, count.rows_merged, count.rows_rejected, count.rows_ignored, count.rows_empty)


def records_of(count):
    return count.records, count.records_kept, count.records_merged, count.records_rejected


def rules(dataset):
    return [(finding.severity, finding.rule) for finding in dataset.findings if finding.severity != "note"]


# --- many facts on one row ---

TWO_DRUGS = "id,sex,steroid,dose,mtx,mdose\na,female,2020-01-01,20,2020-02-01,10\nb,male,2020-01-05,15,2020-02-03,12\n"
STEROID = course({"value": "prednisone"}, {"start": "steroid", "dose": "dose", "dose_unit": {"value": "mg/day"}})
MTX = course({"value": "methotrexate"}, {"start": "mtx", "dose": "mdose", "dose_unit": {"value": "mg/day"}})


@pytest.mark.parametrize("repeated", [False, True])
def test_two_drugs_on_the_row_of_each_patient_are_two_courses(repeated):
    tables = [PATIENTS, {**STEROID, "repeated": repeated}, {**MTX, "repeated": repeated}]
    dataset = read(tables, p=TWO_DRUGS)
    courses = dataset.treatments.select(["patient_id", "drug", "dose"]).to_pylist()
    assert sorted((c["patient_id"], c["drug"], c["dose"]) for c in courses) == [
        ("a", "methotrexate", 10), ("a", "prednisone", 20), ("b", "methotrexate", 12), ("b", "prednisone", 15),
    ]  # fmt: skip
    assert rules(dataset) == []


def test_two_conditions_told_by_one_column_are_both_read():
    conditions = {
        "feeds": "conditions", **COMMON, "layout": "one column per condition",
        "conditions": {
            "dead": {"column": "status", "codes": {"dead": "present", "alive": "absent", "moved": "absent"}},
            "moved": {"column": "status", "codes": {"dead": "absent", "alive": "absent", "moved": "present"}},
        },
    }  # fmt: skip
    dataset = read([PATIENTS, conditions], p="id,sex,status\na,female,dead\nb,male,alive\nc,female,moved\n")
    found = {(c["patient_id"], c["name"]): c["status"] for c in dataset.conditions.to_pylist()}
    assert (found["a", "dead"], found["c", "moved"], found["c", "dead"]) == ("present", "present", "absent")
    assert len(found) == 6
    assert dataset.findings == ()


def test_one_value_that_two_tables_read_is_no_duplicate():
    table = {"feeds": "observations", **COMMON, "layout": "one row per visit", "day": 0}
    one = {**table, "observations": {"cmas": {"column": "score", "unit": "points"}}}
    dataset = read([PATIENTS, one, {**one, "day": 7}], p="id,sex,score\na,female,40\n")
    assert [(o["day"], o["number"]) for o in dataset.observations.to_pylist()] == [(0, 40), (7, 40)]
    assert dataset.findings == ()


def test_equal_values_on_rows_that_differ_are_both_kept_and_no_conflict():
    visits = {
        "feeds": "observations", "file": "v.csv", "patient_id": "id", "layout": "one row per visit", "date": "date",
        "observations": {"cmas": {"column": "cmas", "unit": "points"}}, "ignore": ["by"],
    }  # fmt: skip
    text = "id,date,cmas,by\na,2020-01-01,40,x\na,2020-01-01,40,y\na,2020-01-01,41,z\n"
    dataset = read([PATIENTS, visits], p="id,sex\na,female\n", v=text)
    assert dataset.observations["number"].to_pylist() == [40, 40, 41]
    assert rules(dataset) == [("warning", "conflicting values")]
    assert [(f.source_row, f.count) for f in dataset.findings] == [(4, 1)]


def test_an_equal_row_of_the_same_table_is_a_duplicate_and_counted():
    events = {"feeds": "events", "file": "e.csv", "patient_id": "id", "columns": {"term": "term", "event_id": "n"}}
    text = "id,term,n\na,cough,1\na,cough,1\na,cough,2\n"
    dataset = read([PATIENTS, events], p="id,sex\na,female\n", e=text)
    assert dataset.events["event_id"].to_pylist() == ["1", "2"]
    assert rules(dataset) == [("warning", "duplicate row")]
    assert records_of(dataset.record_counts[1]) == (3, 2, 0, 1)
    assert rows_of(dataset.record_counts[1]) == (3, 2, 0, 1, 0, 0)


def test_facts_declared_as_repeated_are_merged_and_counted():
    drugs = {**course("drug", {"start": "start"}), "file": "v.csv", "repeated": True, "ignore": ["visit"]}
    text = "id,visit,drug,start\na,1,mtx,2020-01-01\na,2,mtx,2020-01-01\na,3,mtx,2020-06-01\n"
    dataset = read([{**PATIENTS, "repeated": True}, drugs], p="id,sex\na,female\na,\n", v=text)
    assert dataset.treatments.num_rows == 2
    assert [records_of(count) for count in dataset.record_counts] == [(2, 1, 1, 0), (3, 2, 1, 0)]
    assert [rows_of(count) for count in dataset.record_counts] == [(2, 1, 1, 0, 0, 0), (3, 2, 1, 0, 0, 0)]
    assert rules(dataset) == []


# --- rows that say nothing of a fact ---


def event(number):
    return {"feeds": "events", **COMMON, "columns": {"term": f"ae{number}", "grade": f"g{number}"}}


def test_an_empty_cell_of_a_second_event_is_no_event_and_no_fault():
    dataset = read(
        [PATIENTS, event(1), event(2)], p="id,sex,ae1,g1,ae2,g2\na,female,fever,1,rash,2\nb,male,cough,1,,\n"
    )
    assert sorted(dataset.events["term"].to_pylist()) == ["cough", "fever", "rash"]
    assert dataset.findings == ()
    assert rows_of(dataset.record_counts[2]) == (2, 1, 0, 0, 0, 1)


@pytest.mark.parametrize("blank", ["", " ", "NA"])
def test_an_event_with_a_grade_and_no_term_is_told(blank):
    dataset = read([PATIENTS, event(1), event(2)], p=f"id,sex,ae1,g1,ae2,g2\na,female,fever,1,{blank},2\n")
    assert rules(dataset) == [("error", "term missing")]
    assert rows_of(dataset.record_counts[2]) == (1, 0, 0, 1, 0, 0)
    assert records_of(dataset.record_counts[2]) == (1, 0, 0, 1)


CONTINUED = {
    "feeds": "events", "file": "e.csv", "patient_id": "id",
    "columns": {"term": "term", "preferred_term": "pt", "event_id": "n", "grade": "grade"},
}  # fmt: skip


def continued(lines, **more):
    return read([PATIENTS, {**CONTINUED, **more}], p="id,sex\na,female\nb,male\n", e="id,term,pt,n,grade\n" + lines)


def test_a_row_without_a_term_goes_on_with_the_event_that_its_identifier_names():
    dataset = continued("a,cough,Cough,1,1\na,rash,Rash,2,1\na,,,1,3\nb,,,2,2\nb,fever,Pyrexia,2,1\n")
    rows = [
        (e["patient_id"], e["event_id"], e["term"], e["preferred_term"], e["grade"]) for e in dataset.events.to_pylist()
    ]
    assert rows[2:4] == [("a", "1", "cough", "Cough", 3), ("b", "2", "fever", "Pyrexia", 2)]
    (note,) = dataset.findings
    assert (note.severity, note.rule, note.count) == ("note", "term of another row of the event", 2)
    assert "rows 4, 5" in note.message
    assert records_of(dataset.record_counts[1]) == (5, 5, 0, 0)


def test_a_row_that_goes_on_with_an_event_has_the_term_of_the_nearest_row_before_and_keeps_its_own_code():
    dataset = continued("a,cough,Cough,1,1\na,pneumonia,Pneumonia,1,2\na,,Sepsis,1,4\n")
    assert dataset.events["term"].to_pylist() == ["cough", "pneumonia", "pneumonia"]
    assert dataset.events["preferred_term"].to_pylist() == ["Cough", "Pneumonia", "Sepsis"]


@pytest.mark.parametrize("lines", ["a,cough,,1,1\na,,,2,2\n", "a,cough,,1,1\nb,,,1,2\n", "a,cough,,1,1\na,,,,2\n"])
def test_a_row_without_a_term_of_no_event_that_is_known_is_rejected_and_told(lines):
    dataset = continued(lines)
    assert rules(dataset) == [("error", "term missing")]
    assert dataset.events["term"].to_pylist() == ["cough"]
    assert rows_of(dataset.record_counts[1]) == (2, 1, 0, 1, 0, 0)
    assert records_of(dataset.record_counts[1]) == (2, 1, 0, 1)


def test_a_date_that_two_events_of_a_row_share_does_not_make_a_second_event():
    tables = [
        PATIENTS,
        *({"feeds": "events", **COMMON, "columns": {"term": f"ae{i}", "start": "seen"}} for i in (1, 2)),
    ]
    dataset = read(tables, p="id,sex,seen,ae1,ae2\na,female,2020-01-01,fever,\n")
    assert dataset.events["term"].to_pylist() == ["fever"]
    assert dataset.findings == ()


def test_a_drug_named_by_the_mapping_is_given_only_where_its_columns_say_so():
    dataset = read(
        [PATIENTS, STEROID, MTX], p="id,sex,steroid,dose,mtx,mdose\na,female,2020-01-01,20,NA,\nb,male,,,,10\n"
    )
    assert sorted((c["patient_id"], c["drug"]) for c in dataset.treatments.to_pylist()) == [
        ("a", "prednisone"), ("b", "methotrexate"),
    ]  # fmt: skip
    assert rules(dataset) == []
    (line,) = (x for x in dataset.ledger.to_pylist() if (x["source_row"], x["source_column"]) == (2, "mtx"))
    assert (line["fate"], line["reason"], line["found"]) == ("ignored", "declared missing", "")


def test_a_fact_that_the_mapping_states_of_everyone_is_of_everyone():
    jdm = {"feeds": "conditions", **COMMON, "columns": {"name": {"value": "JDM"}}}
    dataset = read([PATIENTS, jdm], p="id,sex\na,female\nb,male\n")
    assert dataset.conditions["patient_id"].to_pylist() == ["a", "b"]
    ids = {"feeds": "patients", **COMMON, "ignore": ["note"]}
    dataset = read([ids, jdm], p="id,note\na,seen\nb,\n")
    assert dataset.conditions["patient_id"].to_pylist() == ["a", "b"]


def test_a_fact_of_everyone_makes_nobody_a_patient():
    jdm = {"feeds": "conditions", **COMMON, "columns": {"name": {"value": "JDM"}}}
    dataset = read([PATIENTS, jdm], p="id,sex\na,female\nb,\n")
    assert (dataset.patients.num_rows, dataset.conditions["patient_id"].to_pylist()) == (1, ["a"])
    assert rules(dataset) == [("error", "patient id alone")]
    assert [rows_of(count) for count in dataset.record_counts] == [(2, 1, 0, 1, 0, 0)] * 2


def test_a_row_of_a_sheet_of_its_own_without_any_value_is_noted():
    events = {"feeds": "events", "file": "e.csv", "patient_id": "id", "columns": {"term": "term", "grade": "g"}}
    dataset = read([PATIENTS, events], p="id,sex\na,female\n", e="id,term,g\na,cough,1\na,,\n")
    assert [(f.severity, f.rule, f.source_row) for f in dataset.findings] == [("note", "row without a value", 3)]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (
            {"feeds": "conditions", "columns": {"name": {"column": "x", "ignore": ["none"]}, "date": "d"}},
            "id,x,d\na,none,2020-01-01\na,ILD,2020-01-01\n",
        ),
        (
            {"feeds": "observations", "layout": "one row per visit", "week": {"column": "d", "ignore": ["none"]},
             "observations": {"cmas": {"column": "x", "unit": "points"}}},
            "id,x,d\na,40,none\na,40,4\n",
        ),
    ],
)  # fmt: skip
def test_a_row_whose_name_or_time_is_declared_as_ignored_is_ignored_and_no_error(table, text):
    dataset = read([PATIENTS, {**table, "file": "v.csv", "patient_id": "id"}], p="id,sex\na,female\n", v=text)
    assert rules(dataset) == []
    assert rows_of(dataset.record_counts[1]) == (2, 1, 0, 0, 1, 0)
    assert {x["fate"] for x in dataset.ledger.to_pylist() if x["source_row"] == 2 and x["source"] == "v.csv"} == {
        "ignored"
    }


def test_values_that_could_not_be_read_are_counted_as_rejected():
    visits = {
        "feeds": "observations", "file": "v.csv", "patient_id": "id", "layout": "one row per visit", "date": "date",
        "observations": {key: {"column": key, "unit": "points"} for key in ("cmas", "mmt8")},
    }  # fmt: skip
    text = "id,date,cmas,mmt8\na,2020-01-01,40,99\na,,40,41\n,2020-01-01,40,41\na,2020-01-02,,\nx,2020-01-02,1,\n"
    dataset = read([PATIENTS, visits], p="id,sex\na,female\n", v=text)
    assert rows_of(dataset.record_counts[1]) == (5, 1, 0, 3, 0, 1)
    assert records_of(dataset.record_counts[1]) == (5, 1, 0, 4)  # the row without an identifier has nobody's values


def test_counts_that_do_not_add_up_are_a_fault_and_end_the_reading():
    good = {
        "table": 1, "feeds": "events", "source": "e.csv", "sheet": "", "rows": 2, "rows_kept": 1, "rows_merged": 0,
        "rows_rejected": 0, "rows_ignored": 0, "rows_empty": 1, "records": 1, "records_kept": 1, "records_merged": 0,
        "records_rejected": 0,
    }  # fmt: skip
    RecordCount(**good)
    for name in ("rows", "records"):
        with pytest.raises(MyosotisError, match=r"not every row and record of 'e\.csv' is accounted for"):
            RecordCount(**{**good, name: 3})


# --- whatever the sheet holds ---

CELL = st.sampled_from(["", "", " ", "NA", "40", "99", "x", "none", "2020-01-01", "2020-01-02", "2019-05", "female"])
IDENTIFIER = st.sampled_from(["a", "a", "b", "B", "c", "", "NA"])
HEADER = ["id", "sex", "u", "v", "w", "x", "y"]
TABLES = [
    {**PATIENTS, "columns": {"sex": "sex", "birth_date": "u"}},
    course("v", {"start": "w"}),
    course({"value": "mtx"}, {"start": "x", "dose": "y", "dose_unit": {"value": "mg"}}, repeated=True),
    {"feeds": "events", **COMMON, "columns": {"term": {"column": "v", "ignore": ["none"]}, "start": "x"}},
    {"feeds": "conditions", **COMMON, "layout": "one column per condition", "conditions": {"p": "v", "q": "v", "r": "y"}},
    {"feeds": "conditions", **COMMON, "columns": {"name": "y", "date": "w"}},
    {"feeds": "observations", **COMMON, "layout": "one row per visit", "date": {"column": "w", "ignore": ["x"]},
     "observations": {"cmas": {"column": "x", "unit": "points"}, "mmt8": {"column": "y", "unit": "points"}}},
    {"feeds": "observations", **COMMON, "layout": "one column per visit", "observation": "cmas", "unit": "points",
     "columns": {"x": 0, "y": 4}, "at": "week", "repeated": True},
    {"feeds": "observations", **COMMON, "layout": "one row per measurement", "day": "y", "name": "v", "value": "x",
     "unit": "points"},
]  # fmt: skip
LINES = st.lists(st.tuples(IDENTIFIER, *[CELL] * 6).map(list), min_size=1, max_size=8)


def sheet(lines):
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *lines])
    return text.getvalue()


def told_something(lines):
    return any(cell.strip() for line in lines for cell in line)


@settings(deadline=None, max_examples=150)
@given(lines=LINES.filter(told_something), also=LINES.filter(told_something), repeated=st.booleans())
def test_every_row_and_record_is_counted_once(lines, also, repeated):
    tables = [{**TABLES[0], "repeated": repeated}, *TABLES[1:], *({**one, "file": "q.csv"} for one in TABLES[1:])]
    dataset = read(tables, p=sheet(lines), q=sheet(also))
    assert [count.table for count in dataset.record_counts] == list(range(1, len(tables) + 1))
    for name in FACTS:
        kept = sum(count.records_kept for count in dataset.record_counts if count.feeds == name)
        assert getattr(dataset, name).num_rows == kept
    for count in dataset.record_counts:
        here = lines if count.source == "p.csv" else also
        assert count.rows == sum(told_something([line]) for line in here)
        assert count.rows == sum(rows_of(count)[1:])
        assert count.records == sum(records_of(count)[1:])


@settings(deadline=None, max_examples=60)
@given(lines=LINES.filter(told_something), order=st.permutations(range(1, len(TABLES))))
def test_the_order_of_the_tables_in_the_mapping_changes_no_count(lines, order):
    def counted(tables):
        dataset = read(tables, p=sheet(lines))
        return {
            tables[count.table - 1]["tag"]: (rows_of(count), records_of(count)) for count in dataset.record_counts
        }, {(f.severity, f.rule, f.source_row, f.source_column, f.count) for f in dataset.findings}

    tagged = [Tagged(one, tag=i) for i, one in enumerate(TABLES)]
    assert counted(tagged) == counted([tagged[0], *(tagged[i] for i in order)])


class Tagged(dict):
    """Carry a name that the mapping does not see."""

    def __init__(self, content, tag):
        super().__init__(content)
        self.tag = tag

    def __getitem__(self, key):
        return self.tag if key == "tag" else super().__getitem__(key)


DRUGS = [f"drug {i}" for i in range(4)]


@settings(deadline=None, max_examples=60)
@given(
    filled=st.lists(
        st.lists(st.sampled_from(["", "x", "2020-01-01", "2020-02-02"]), min_size=4, max_size=4), min_size=1, max_size=6
    ),
    repeated=st.booleans(),
)
def test_a_wide_sheet_gives_as_many_courses_as_it_has_filled_cells(filled, repeated):
    """A cell that is no date still says that the drug was given; the course stays without its start."""
    columns = [f"start {i}" for i in range(4)]
    text = "\n".join(
        [",".join(["id", "sex", *columns]), *(f"p{i},female,{','.join(cells)}" for i, cells in enumerate(filled))]
    )
    tables = [course({"value": DRUGS[i]}, {"start": columns[i]}, repeated=repeated) for i in range(4)]
    dataset = read([PATIENTS, *tables], p=text + "\n")
    expected = sorted((f"p{i}", DRUGS[j]) for i, cells in enumerate(filled) for j, cell in enumerate(cells) if cell)
    assert sorted((c["patient_id"], c["drug"]) for c in dataset.treatments.to_pylist()) == expected
    assert not any(finding.rule == "duplicate row" for finding in dataset.findings)


@settings(deadline=None, max_examples=60)
@given(
    filled=st.lists(st.lists(st.sampled_from(["", "", "mtx", "ivig"]), min_size=4, max_size=4), min_size=1, max_size=6)
)
def test_drug_names_side_by_side_on_a_row_are_a_course_each(filled):
    columns = [f"drug {i}" for i in range(4)]
    text = "\n".join(
        [",".join(["id", "sex", *columns]), *(f"p{i},female,{','.join(cells)}" for i, cells in enumerate(filled))]
    )
    dataset = read([PATIENTS, *(course(column, {}) for column in columns)], p=text + "\n")
    assert dataset.treatments.num_rows == sum(cell != "" for cells in filled for cell in cells)
    assert dataset.findings == ()
