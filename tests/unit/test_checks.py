"""Every kind of bad input is told: what was found, where, what was expected, what to do; and nothing is dropped."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.errors import DataError, EmptySourceError, MissingColumnError, ProtocolError
from myosotis.model.ledger import ledger_counts
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset


def observation(key, unit, low, high, *, step=None, type="number", analyte=""):
    return Definition(
        key=key, version="1", kind="observation", label=key.upper(), citations=(Citation(text="A chart"),),
        missing="no value", type=type, unit=unit, range=Range(low=low, high=high, step=step) if unit else None,
        analyte=analyte,
    )  # fmt: skip


CATALOGUE = Catalogue.of(
    observation("cmas", "points", 0, 52, step=1),
    observation("ck", "U/L", 0, None),
    observation("creatinine", "µmol/L", 0, None, analyte="creatinine"),
    observation("weight", "kg", 0, None),
    observation("ulceration", "", None, None, type="yes or no"),
    observation("antibody", "", None, None, type="text"),
)

PATIENTS = "id,sex,born\nAnna-1,female,2010-01-01\nBert-2,male,2011-02-02\n"
VISITS = "id,date,cmas,ck,crea,ulcer,ab\nAnna-1,2020-01-01,40,150,50,yes,Jo-1\nBert-2,2020-01-02,52,99.5,60,no,\n"
TREATMENTS = "id,drug,start,stop\nAnna-1,methotrexate,2019-01-01,2019-06-01\n"
EVENTS = "id,term,start,grade\nAnna-1,cough,2020-02-01,2\n"

MAPPING = """
[missing]
texts = ["NA"]
[[table]]
feeds = "patients"
file = "patients.csv"
patient_id = "id"
columns = { sex = "sex", birth_date = "born" }
[[table]]
feeds = "observations"
layout = "one row per visit"
file = "visits.csv"
patient_id = "id"
date = "date"
[table.observations]
cmas = { column = "cmas", unit = "points" }
ck = { column = "ck", unit = "U/L" }
creatinine = { column = "crea", unit = "µmol/L" }
ulceration = "ulcer"
antibody = "ab"
[[table]]
feeds = "treatments"
file = "treatments.csv"
patient_id = "id"
columns = { drug = "drug", start = "start", stop = "stop" }
[[table]]
feeds = "events"
file = "events.csv"
patient_id = "id"
columns = { term = "term", start = "start", grade = "grade" }
"""


@pytest.fixture
def study(tmp_path):
    def read(mapping=MAPPING, **files):
        contents = {"patients": PATIENTS, "visits": VISITS, "treatments": TREATMENTS, "events": EVENTS, **files}
        for name, content in contents.items():
            if content is not None:
                (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        dataset = read_dataset(tmp_path, parse_mapping(tomllib.loads(mapping)), CATALOGUE)
        for count in ledger_counts(dataset):
            assert count.used + count.converted + count.ignored + count.rejected == count.cells
        for finding in dataset.findings:
            assert "Anna" not in finding.message
            assert "Bert" not in finding.message
        return dataset

    return read


def the_finding(dataset):
    (finding,) = dataset.findings
    return finding


def rejected(dataset):
    return [
        (line["source_row"], line["source_column"], line["reason"], line["found"])
        for line in dataset.ledger.to_pylist()
        if line["fate"] == "rejected"
    ]


def test_good_input_gives_no_finding_and_rejects_nothing(study):
    dataset = study()
    assert dataset.findings == ()
    assert rejected(dataset) == []
    assert [t.num_rows for t in (dataset.patients, dataset.observations, dataset.treatments, dataset.events)] == [
        2, 9, 1, 1,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "rule", "parts"),
    [
        ("53,1", "out of range", ["'visits.csv'", "column 'cmas'", "row 2", "53", "0 to 52", "check the cells"]),
        ("-1,1", "out of range", ["-1", "0 to 52"]),
        ("40.5,1", "off the grid", ["40.5", "in steps of 1"]),
        ("good,1", "text in a number column", ["column 'cmas'", "row 2", "a number", "declare codes"]),
        ("40 points,1", "text in a number column", ["a number"]),
        ("1e999,1", "not a finite number", ["NaN or infinity", "leave a missing value empty"]),
        ("NaN,1", "not a finite number", ["NaN or infinity"]),
        ("-inf,1", "not a finite number", ["NaN or infinity"]),
    ],
)
def test_a_bad_number_is_rejected_and_told(study, cell, rule, parts):
    dataset = study(visits=f"id,date,cmas,ck,crea,ulcer,ab\nAnna-1,2020-01-01,{cell},,,\n")
    finding = the_finding(dataset)
    assert (finding.severity, finding.rule, finding.source_row, finding.source_column) == ("error", rule, 2, "cmas")
    for part in parts:
        assert part in finding.message
    assert rejected(dataset) == [(2, "cmas", rule, "")]
    assert dataset.observations["name"].to_pylist() == ["ck"]


@pytest.mark.parametrize("grade", ["<3", ">= 3"])
def test_a_limit_where_a_number_itself_is_needed_is_named_as_such(study, grade):
    dataset = study(events=f"id,term,start,grade\nAnna-1,cough,2020-02-01,{grade}\n")
    finding = the_finding(dataset)
    assert finding.rule == "text in a number column"
    assert "row 2: found a limit, such as <3, in place of a number, expected the number itself" in finding.message
    assert dataset.events["grade"].to_pylist() == [None]


def test_a_text_that_is_not_a_number_is_never_quoted_since_it_may_name_somebody(study):
    dataset = study(visits="id,date,cmas,ck,crea,ulcer,ab\nAnna-1,2020-01-01,see Anna's chart,1,,,\n")
    assert the_finding(dataset).rule == "text in a number column"


def test_many_bad_cells_of_one_column_are_one_finding_with_its_count(study):
    rows = "".join(f"Anna-1,2020-01-{day:02d},{60 + day},,,,\n" for day in range(1, 9))
    finding = the_finding(study(visits="id,date,cmas,ck,crea,ulcer,ab\n" + rows))
    assert finding.count == 8
    assert "(8 times)" in finding.message
    assert "rows 2, 3, 4, 5, 6, ...: found 61, 62, 63, 64, 65, ...," in finding.message


def test_a_unit_that_cannot_be_converted_is_rejected(study):
    mapping = MAPPING.replace('column = "ck", unit = "U/L"', 'column = "ck", unit = "mg/dL"')
    dataset = study(mapping)
    finding = the_finding(dataset)
    assert (finding.rule, finding.count) == ("wrong unit", 2)
    assert "found mg/dL, expected U/L or a unit that converts into it; correct the unit" in finding.message
    assert "ck" not in dataset.observations["name"].to_pylist()


def test_a_unit_is_read_beside_its_number_and_is_needed_there(study):
    mapping = MAPPING.replace('column = "crea", unit = "µmol/L"', 'column = "crea", unit = { column = "ck" }').replace(
        'ck = { column = "ck", unit = "U/L" }', ""
    )
    visits = "id,date,cmas,ck,crea,ulcer,ab\nAnna-1,2020-01-01,,mg/dL,0.5,,\nBert-2,2020-01-01,,,60,,\n"
    dataset = study(mapping, visits=visits)
    assert dataset.observations.select(["number", "unit"]).to_pylist() == [{"number": 44.2, "unit": "µmol/L"}]
    finding = the_finding(dataset)
    assert (finding.rule, finding.source_row, finding.source_column) == ("unit missing", 3, "crea")
    assert (3, "crea", "unit missing", "") in rejected(dataset)


def test_an_identical_row_is_rejected_once(study):
    dataset = study(visits=VISITS + "Anna-1,2020-01-01,40,150,50,yes,Jo-1\n")
    assert {f.rule for f in dataset.findings} == {"duplicate row"}
    assert {f.source_row for f in dataset.findings} == {4}
    assert "remove the later row" in dataset.findings[0].message
    assert dataset.observations.num_rows == 9
    assert {column for row, column, *_ in rejected(dataset) if row == 4} == {
        "id", "date", "cmas", "ck", "crea", "ulcer", "ab",
    }  # fmt: skip


def test_values_that_disagree_are_both_kept_with_a_warning(study):
    dataset = study(visits="id,date,cmas,ck,crea,ulcer,ab\nAnna-1,2020-01-01,40,,,,\nAnna-1,2020-01-01,41,,,,\n")
    assert dataset.observations["number"].to_pylist() == [40, 41]
    finding = the_finding(dataset)
    assert (finding.severity, finding.rule, finding.source_row) == ("warning", "conflicting values", 3)
    assert "the earlier row is taken" in finding.message
    assert rejected(dataset) == []


def test_an_unknown_patient_is_rejected_with_the_whole_row(study):
    dataset = study(events=EVENTS + "Carl-3,fever,2020-03-01,1\n")
    finding = the_finding(dataset)
    assert (finding.severity, finding.rule, finding.source_row) == ("error", "unknown patient", 3)
    assert "in no patients row" in finding.message
    assert "Carl" not in finding.message
    assert "add the patient" in finding.message
    assert [(row, column) for row, column, *_ in rejected(dataset)] == [
        (3, "id"), (3, "term"), (3, "start"), (3, "grade"),
    ]  # fmt: skip
    assert dataset.events.num_rows == 1


@pytest.mark.parametrize("text", ["01.02.2020", "2020-02-30", "spring 2020", "2020/01/01", "43831"])
def test_a_date_that_cannot_be_read_is_rejected(study, text):
    dataset = study(visits=f"id,date,cmas,ck,crea,ulcer,ab\nAnna-1,{text},40,,,,\n")
    finding = the_finding(dataset)
    assert (finding.severity, finding.rule, finding.source_column) == ("error", "not a date", "date")
    assert "an ISO date (YYYY-MM-DD)" in finding.message
    assert dataset.observations.num_rows == 0
    assert [column for _, column, *_ in rejected(dataset)] == ["id", "date", "cmas"]


def test_values_without_their_date_are_rejected(study):
    dataset = study(visits="id,date,cmas,ck,crea,ulcer,ab\nAnna-1,,40,,,,\n")
    finding = the_finding(dataset)
    assert (finding.rule, finding.source_row, finding.source_column) == ("time missing", 2, "date")
    assert "a date on every row with values" in finding.message
    assert [column for _, column, *_ in rejected(dataset)] == ["id", "cmas"]


YEAR, MARCH = (date(2020, 1, 1), date(2020, 12, 31)), (date(2020, 3, 1), date(2020, 3, 31))


@pytest.mark.parametrize(("text", "days"), [("2020", YEAR), ("2020-03", MARCH)])
def test_a_partial_date_is_kept_as_the_days_it_can_be_and_never_filled_in(study, text, days):
    dataset = study(events=f"id,term,start,grade\nAnna-1,cough,{text},2\n")
    (event,) = dataset.events.to_pylist()
    assert event["start"] is None
    assert (event["start_earliest"], event["start_latest"]) == days
    finding = the_finding(dataset)
    assert (finding.severity, finding.rule) == ("note", "partial date")
    assert "every day it can be" in finding.message
    assert rejected(dataset) == []


@pytest.mark.parametrize(
    ("text", "format", "days"),
    [("03.2020", "%d.%m.%Y", MARCH), ("2020/03", "%Y/%m/%d", MARCH), ("2020", "%d.%m.%Y", YEAR)],
)
def test_a_partial_start_in_a_declared_format_is_known_as_such(study, text, format, days):
    mapping = MAPPING.replace('feeds = "events"', f'feeds = "events"\ndate_format = "{format}"')
    dataset = study(mapping, events=f"id,term,start,grade\nAnna-1,cough,{text},2\n")
    (event,) = dataset.events.to_pylist()
    assert (event["start_earliest"], event["start_latest"]) == days
    assert the_finding(dataset).rule == "partial date"


def test_a_partial_start_of_a_course_bounds_it(study):
    dataset = study(treatments="id,drug,start,stop\nAnna-1,methotrexate,2019-01,2019-06-30\n")
    (course,) = dataset.treatments.select(["drug", "start", "start_earliest", "start_latest", "stop"]).to_pylist()
    assert (course["start"], course["stop"]) == (None, date(2019, 6, 30))
    assert (course["start_earliest"], course["start_latest"]) == (date(2019, 1, 1), date(2019, 1, 31))
    assert rejected(dataset) == []


def test_a_stop_before_its_start_leaves_neither(study):
    dataset = study(treatments="id,drug,start,stop\nAnna-1,methotrexate,2019-06-01,2019-01-01\n")
    (treatment,) = dataset.treatments.to_pylist()
    assert (treatment["drug"], treatment["start"], treatment["stop"]) == ("methotrexate", None, None)
    finding = the_finding(dataset)
    assert (finding.severity, finding.rule, finding.source_row) == ("error", "stop before start", 2)
    assert "on the day of the start or later" in finding.message
    assert [column for _, column, *_ in rejected(dataset)] == ["start", "stop"]


def test_a_stop_on_the_day_of_the_start_is_good(study):
    assert study(treatments="id,drug,start,stop\nAnna-1,methotrexate,2019-06-01,2019-06-01\n").findings == ()


def test_an_observation_before_birth_is_rejected_but_not_one_at_birth(study):
    rows = "Anna-1,2009-12-31,40,,,,\nAnna-1,2010-01-01,41,,,,\n"
    dataset = study(visits="id,date,cmas,ck,crea,ulcer,ab\n" + rows)
    assert dataset.observations["number"].to_pylist() == [41]
    finding = the_finding(dataset)
    assert (finding.severity, finding.rule, finding.source_row) == ("error", "date before birth", 2)
    assert "correct either date" in finding.message


def test_a_diagnosis_before_birth_is_rejected_and_the_patient_stays(study):
    mapping = MAPPING.replace('sex = "sex", birth_date = "born"', 'diagnosis_date = "sex", birth_date = "born"')
    dataset = study(mapping, patients="id,sex,born\nAnna-1,2009-12-31,2010-01-01\nBert-2,2015-01-01,2011-02-02\n")
    assert [x is None for x in dataset.patients["diagnosis_date"].to_pylist()] == [True, False]
    assert the_finding(dataset).rule == "date before birth"


def test_an_event_before_birth_stays_without_its_date(study):
    dataset = study(events="id,term,start,grade\nAnna-1,cough,2000-02-01,2\n")
    assert dataset.events.select(["term", "start", "grade"]).to_pylist() == [
        {"term": "cough", "start": None, "grade": 2}
    ]
    assert rejected(dataset) == [(2, "start", "date before birth", "")]


@pytest.mark.parametrize("blank", ["", "  ", "NA"])
def test_a_row_without_a_patient_id_is_rejected(study, blank):
    dataset = study(events=EVENTS + f"{blank},fever,2020-03-01,1\n")
    finding = the_finding(dataset)
    assert (finding.severity, finding.rule, finding.source_row) == ("error", "patient id missing", 3)
    assert "fill it in or remove the row" in finding.message
    assert [line[:3] for line in rejected(dataset)] == [
        (3, column, "patient id missing") for column in ("term", "start", "grade")
    ]


def test_a_second_row_of_a_patient_is_rejected(study):
    dataset = study(patients=PATIENTS + "Anna-1,male,2010-01-01\nBert-2,male,2011-02-02\n")
    assert [(f.severity, f.rule, f.source, f.source_row) for f in dataset.findings] == [
        ("error", "identifier claimed by two rows", "events.csv", 2),
        ("error", "two rows for one patient", "patients.csv", 4),
        ("warning", "duplicate row", "patients.csv", 5),
        ("error", "identifier claimed by two rows", "treatments.csv", 2),
        ("error", "identifier claimed by two rows", "visits.csv", 2),
    ]
    assert "row 4 of 'patients.csv' with the identifier of row 2 of 'patients.csv'" in dataset.findings[1].message
    assert "declare repeated = true" in dataset.findings[1].message
    assert "row 5 of 'patients.csv' the same as row 3 of 'patients.csv'" in dataset.findings[2].message
    assert dataset.patients["sex"].to_pylist() == ["female", "male"]
    assert len([one for one in rejected(dataset) if one[2] in ("two rows for one patient", "duplicate row")]) == 6
    assert set(dataset.observations["patient_id"].to_pylist()) == {"Bert-2"}
    assert dataset.treatments.num_rows == dataset.events.num_rows == 0


def test_repeated_facts_are_merged_and_a_contradiction_is_rejected(study):
    mapping = MAPPING.replace('feeds = "patients"', 'feeds = "patients"\nrepeated = true')
    dataset = study(mapping, patients=PATIENTS + "Anna-1,male,2010-01-01\nBert-2,male,\n")
    assert dataset.patients["sex"].to_pylist() == ["female", "male"]
    finding = the_finding(dataset)
    assert (finding.rule, finding.source_row, finding.source_column) == ("repeated fact disagrees", 4, "sex")
    assert rejected(dataset) == [(4, "sex", "repeated fact disagrees", "")]


def test_a_text_outside_the_list_is_rejected(study):
    dataset = study(patients="id,sex,born\nAnna-1,f,2010-01-01\nBert-2,male,2011-02-02\n")
    assert "expected female or male" in the_finding(dataset).message
    assert rejected(dataset) == [(2, "sex", "text outside the list", "")]


@pytest.mark.parametrize(
    ("grade", "rule"), [("6", "out of range"), ("0", "out of range"), ("2.5", "not a whole number")]
)
def test_a_grade_is_a_whole_number_from_1_to_5(study, grade, rule):
    dataset = study(events=f"id,term,start,grade\nAnna-1,cough,2020-02-01,{grade}\n")
    assert the_finding(dataset).rule == rule
    assert dataset.events["grade"].to_pylist() == [None]


def test_a_yes_or_no_is_not_guessed(study):
    dataset = study(visits="id,date,cmas,ck,crea,ulcer,ab\nAnna-1,2020-01-01,,,,maybe,\n")
    assert "expected yes, no, 1 or 0" in the_finding(dataset).message


def test_a_column_that_is_not_declared_is_rejected_with_one_warning(study):
    dataset = study(events="id,term,start,grade,note\nAnna-1,cough,2020-02-01,2,mild\nAnna-1,rash,2020-02-01,1,\n")
    finding = the_finding(dataset)
    assert (finding.severity, finding.rule, finding.source_column, finding.count) == (
        "warning", "column not declared", "note", 1,
    )  # fmt: skip
    assert "list it under ignore" in finding.message
    assert rejected(dataset) == [(2, "note", "column not declared", "")]


def test_an_event_without_a_term_is_rejected(study):
    dataset = study(events="id,term,start,grade\nAnna-1,,2020-02-01,2\n")
    assert the_finding(dataset).rule == "term missing"
    assert dataset.events.num_rows == 0
    assert len(rejected(dataset)) == 3


def test_a_missing_file_names_the_nearest(study):
    with pytest.raises(DataError, match=r"no file 'visits.csv'.*put the file there"):
        study(visits=None)


def test_a_missing_column_lists_what_is_there(study):
    with pytest.raises(MissingColumnError) as error:
        study(events="id,trem,start\nAnna-1,cough,2020-02-01\n")
    for part in ("'events.csv'", "no column 'term', did you mean 'trem'", "no column 'grade'", "'id', 'trem', 'start'"):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("content", "match"), [("", "0 bytes"), ("\n\n", "is empty"), ("id,term,start,grade\n", "no rows")]
)
def test_an_empty_file_is_refused(study, content, match):
    with pytest.raises(EmptySourceError, match=match):
        study(events=content)


def test_a_sheet_of_no_events_can_be_declared(study):
    mapping = MAPPING.replace('feeds = "events"', 'feeds = "events"\nmay_be_empty = true')
    assert study(mapping, events="id,term,start,grade\n").events.num_rows == 0


def test_an_observation_that_is_not_in_the_catalogue_is_refused_before_any_row(study):
    with pytest.raises(ProtocolError, match=r"no observation 'cmass'; did you mean 'cmas'"):
        study(MAPPING.replace("cmas = {", "cmass = {"))


def test_a_number_without_a_unit_is_refused_before_any_row(study):
    with pytest.raises(ProtocolError, match="ck has no unit; declare the unit its numbers are in"):
        study(MAPPING.replace('ck = { column = "ck", unit = "U/L" }', 'ck = "ck"'))
