"""A record is one person's: what two persons may both claim is nobody's until the data say whose it is."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset

CATALOGUE = Catalogue.of(
    Definition(
        key="cmas", version="1", kind="observation", label="CMAS", citations=(Citation(text="A chart"),),
        missing="no value", type="number", unit="points", range=Range(low=0, high=52),
    )
)  # fmt: skip
WIDE = {"file": "p.csv", "patient_id": "id"}
PATIENTS = {"feeds": "patients", **WIDE, "columns": {"sex": "sex", "birth_date": "born"}}
SCORES = {
    "feeds": "observations", **WIDE, "layout": "one column per visit", "observation": "cmas", "unit": "points",
    "columns": {"w0": 0, "w4": 4}, "at": "week",
}  # fmt: skip
DRUGS = {"feeds": "treatments", "file": "d.csv", "patient_id": "id", "columns": {"drug": "drug", "start": "start"}}
EVENTS = {"feeds": "events", **WIDE, "columns": {"term": "ae"}}
UNREAD = ("w0", "w4", "ae", "note")
HEADER = "id,sex,born,w0,w4,ae,note\n"
FIRST, OTHER = "LQ,male,2011-02-03,21,,cough,\n", "LQ,female,2014-05-06,24,32,rash,\n"
GIVEN = "id,drug,start\nLQ,mtx,2020-01-01\nWJ,mtx,2020-01-02\n"


def read(people, *tables, ignore=("note",), repeated=False, **files):
    patients = {**PATIENTS, "ignore": list(ignore), "repeated": repeated}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"p": HEADER + people, **files}.items():
            (Path(folder) / f"{name}.csv").write_text(text, encoding="utf-8")
        dataset = read_dataset(folder, parse_mapping({"table": [patients, *tables]}), CATALOGUE)
    for finding in dataset.findings:
        for name in ("LQ", "WJ", "lq", "Zoë"):
            assert name not in finding.message
    return dataset


def told(dataset):
    return [(f.severity, f.rule, f.source, f.source_row) for f in findings(dataset)]


def findings(dataset):
    return [f for f in dataset.findings if f.severity != "note" and f.rule != "column not declared"]


def values(dataset):
    return sorted((o["patient_id"], o["day"], o["number"]) for o in dataset.observations.to_pylist())


def test_two_children_with_the_same_initials_are_never_mixed():
    dataset = read(FIRST + "WJ,female,2012-01-01,30,40,,\n" + OTHER, SCORES, EVENTS, DRUGS, d=GIVEN)
    assert values(dataset) == [("LQ", 0, 21), ("WJ", 0, 30), ("WJ", 28, 40)]
    assert dataset.events["term"].to_pylist() == ["cough"]
    assert dataset.treatments["patient_id"].to_pylist() == ["WJ"]
    assert dataset.patients.select(["patient_id", "sex"]).to_pylist() == [
        {"patient_id": "LQ", "sex": "male"}, {"patient_id": "WJ", "sex": "female"},
    ]  # fmt: skip
    assert told(dataset) == [
        ("error", "identifier claimed by two rows", "d.csv", 2),
        ("error", "two rows for one patient", "p.csv", 4),
    ]
    claimed, two = (f.message for f in dataset.findings if f.severity == "error")
    assert "row 4 of 'p.csv' with the identifier of row 2 of 'p.csv' and other facts" in two
    assert "give the second person an identifier of its own" in two
    assert "decide whose row it is" in claimed
    lines = [x for x in dataset.ledger.to_pylist() if x["source"] == "p.csv" and x["source_row"] == 4]
    assert {x["fate"] for x in lines} == {"rejected"}
    assert {x["reason"] for x in lines} == {"two rows for one patient"}


@pytest.mark.parametrize("tables", [(SCORES, EVENTS), (EVENTS, SCORES)])
def test_every_record_of_a_refused_row_is_counted_as_rejected(tables):
    dataset = read(FIRST + OTHER, *tables)
    lost = {count.feeds: (count.records, count.records_rejected) for count in dataset.record_counts}
    assert lost == {"patients": (2, 1), "observations": (3, 2), "events": (2, 1)}


def test_rows_that_differ_only_in_what_the_study_reads_elsewhere_are_two_persons():
    dataset = read("LQ,male,,21,,,\nLQ,male,,,32,,\n", SCORES)
    assert told(dataset) == [("error", "two rows for one patient", "p.csv", 3)]
    assert values(dataset) == [("LQ", 0, 21)]


def test_rows_that_differ_only_in_what_nobody_reads_are_one_person_with_a_warning():
    dataset = read("LQ,male,2011-02-03,21,,,seen twice\nLQ,male,2011-02-03,21,,,\n", SCORES)
    assert ("warning", "second row for one patient", "p.csv", 3) in told(dataset)
    assert "row 3 of 'p.csv' with the identifier of row 2 of 'p.csv' and the same facts" in dataset.findings[0].message
    assert dataset.patients.num_rows == 1
    assert dataset.record_counts[0].records_merged == 1


def test_a_row_that_is_equal_throughout_is_a_duplicate_in_every_table():
    dataset = read(FIRST + FIRST, SCORES, EVENTS, DRUGS, d=GIVEN.replace("WJ", "LQ"))
    assert {rule for _, rule, *_ in told(dataset)} == {"duplicate row"}
    assert values(dataset) == [("LQ", 0, 21)]
    assert dataset.treatments.num_rows == 2


def test_a_second_sheet_of_patients_that_tells_other_facts_needs_to_be_declared():
    births = {"feeds": "patients", "file": "b.csv", "patient_id": "id", "columns": {"site": "site"}}
    text = "id,site\nLQ,Xian\n"
    assert told(read(FIRST, SCORES, births, b=text)) == [("error", "two rows for one patient", "b.csv", 2)]
    dataset = read(FIRST, SCORES, {**births, "repeated": True}, b=text)
    assert told(dataset) == []
    assert dataset.patients["site"].to_pylist() == ["Xian"]


def test_facts_of_one_row_that_two_tables_read_are_one_patient():
    again = {"feeds": "patients", **WIDE, "columns": {"site": "note"}}
    dataset = read("LQ,male,2011-02-03,21,,,Xian\n", SCORES, again, ignore=())
    assert dataset.findings == ()
    assert dataset.patients.select(["sex", "site"]).to_pylist() == [{"sex": "male", "site": "Xian"}]


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("births", "exact", "bounds"),
    [
        (("2011", "2011-02-03"), date(2011, 2, 3), (None, None)),
        (("2011-02", "2011-02-03"), date(2011, 2, 3), (None, None)),
        (("2011", "2011-02"), None, (date(2011, 2, 1), date(2011, 2, 28))),
        (("2011", "2011"), None, (date(2011, 1, 1), date(2011, 12, 31))),
        (("", "2011"), None, (date(2011, 1, 1), date(2011, 12, 31))),
    ],
)
def test_a_birth_told_more_or_less_exactly_is_one_and_the_more_exact_stands(births, exact, bounds, order):
    dataset = read("".join(f"LQ,male,{born},,,,\n" for born in births[::order]), repeated=True, ignore=UNREAD)
    (patient,) = dataset.patients.to_pylist()
    assert (patient["birth_date"], (patient["birth_date_earliest"], patient["birth_date_latest"])) == (exact, bounds)
    assert findings(dataset) == []
    fates = {x["fate"] for x in dataset.ledger.to_pylist() if x["source_column"] == "born"}
    assert fates <= {"used", "converted"}


@pytest.mark.parametrize(
    "births", [("2011", "2012"), ("2011", "2012-02-03"), ("2011-02", "2011-03"), ("2011-02-03", "2012")]
)
def test_a_birth_in_another_month_or_year_is_another_person(births):
    rows = "".join(f"LQ,male,{born},{i},,,\n" for i, born in enumerate(births))
    dataset = read(rows, {**SCORES, "columns": {"w0": 0}}, repeated=True, ignore=("w4", "ae", "note"))
    assert told(dataset) == [("error", "repeated fact disagrees", "p.csv", 3)]
    assert values(dataset) == [("LQ", 0, 0)]
    lines = {x["source_column"]: x["reason"] for x in dataset.ledger.to_pylist() if x["source_row"] == 3}
    assert lines["born"] == "repeated fact disagrees"


def test_a_repeated_fact_that_cannot_be_is_told_on_each_of_its_rows():
    seen = {"feeds": "patients", **WIDE, "columns": {"last_contact": "note"}, "repeated": True}
    dataset = read("LQ,male,2011-02-03,,,,2010\n" * 2, seen, ignore=("w0", "w4", "ae"), repeated=True)
    (finding,) = findings(dataset)
    assert (finding.rule, finding.count, "rows 2, 3:" in finding.message) == ("date before birth", 2, True)


def test_where_rows_are_repeated_one_with_another_sex_or_birth_date_is_nobodys():
    rows = FIRST + "LQ,,,,30,,\n" + OTHER + "LQ,male,,,31,,\n"
    dataset = read(rows, SCORES, EVENTS, DRUGS, repeated=True, d=GIVEN.replace("WJ", "LQ"))
    assert {rule for _, rule, *_ in told(dataset)} == {"repeated fact disagrees", "conflicting values"}
    assert values(dataset) == [("LQ", 0, 21), ("LQ", 28, 30), ("LQ", 28, 31)]
    assert dataset.events["term"].to_pylist() == ["cough"]
    assert dataset.treatments.num_rows == 2  # the mapping says that rows of one identifier are one patient
    message = next(f.message for f in dataset.findings if f.rule == "repeated fact disagrees")
    assert "row 4 of 'p.csv' with the identifier of row 2 of 'p.csv' and another sex or birth date" in message


def test_a_contradicting_row_fills_no_gap_of_the_patient():
    rows = "LQ,male,,21,,,\nLQ,female,2014-05-06,,32,,\n"
    dataset = read(rows, SCORES, repeated=True)
    assert dataset.patients["birth_date"].to_pylist() == [None]
    fates = {x["source_column"]: (x["fate"], x["reason"]) for x in dataset.ledger.to_pylist() if x["source_row"] == 3}
    assert fates["born"] == fates["sex"] == fates["w4"] == ("rejected", "repeated fact disagrees")
    assert values(dataset) == [("LQ", 0, 21)]


@pytest.mark.parametrize("other", ["lq", "L Q", "L\u00a0Q", "ＬＱ", "L\u200bQ", "L-Q", "L_Q", "L.Q"])
def test_identifiers_that_the_eye_takes_for_one_are_told_with_both_rows(other):
    dataset = read(FIRST + f"{other},male,2011-02-03,22,,,\n", SCORES)
    assert told(dataset) == [("warning", "nearly the same identifier", "p.csv", 3)]
    assert (
        "that on row 2 of 'p.csv' only in case, blanks, signs, Unicode form or letters" in findings(dataset)[0].message
    )
    assert dataset.patients.num_rows == 2


CYRILLIC_P, GREEK_P, CYRILLIC_O, CYRILLIC_SMALL_P = "\u0420", "\u03a1", "\u041e", "\u0440"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("P1", f"{CYRILLIC_P}1"), (f"{GREEK_P}1", "P1"), (f"{GREEK_P}1", f"{CYRILLIC_P}1"), ("p-1", f"{CYRILLIC_P}1"),
        ("p1", f"{CYRILLIC_SMALL_P}1"), ("PO", f"P{CYRILLIC_O}"), ("P10", "P1O"), ("PI1", "Pl1"), ("P0", f"P{CYRILLIC_O}"),
        ("\u0431\u0412-7", "\u0431\u0432-7"),  # a letter that looks Latin as a capital alone
    ],
)  # fmt: skip
def test_identifiers_whose_letters_look_the_same_are_told_with_both_rows(one, other):
    dataset = read(FIRST.replace("LQ", one) + f"{other},male,2011-02-03,22,,,\n", SCORES)
    assert told(dataset) == [("warning", "nearly the same identifier", "p.csv", 3)]
    assert "letters that look alike" in findings(dataset)[0].message
    assert one not in findings(dataset)[0].message
    assert dataset.patients.num_rows == 2


@pytest.mark.parametrize(("one", "other"), [("L1", "I1"), ("L1", "11"), ("B1", "D1"), ("\u0413\u0418", "LQ")])
def test_identifiers_that_do_not_look_the_same_are_not_told(one, other):
    assert told(read(FIRST.replace("LQ", one) + f"{other},male,2011-02-03,22,,,\n", SCORES)) == []


def test_a_row_of_another_sheet_with_a_look_alike_of_a_patients_identifier_is_told():
    dataset = read(FIRST.replace("LQ", "P1"), DRUGS, d=f"id,drug,start\n{CYRILLIC_P}1,mtx,2020-01-01\n")
    assert told(dataset) == [
        ("warning", "nearly the same identifier", "d.csv", 2),
        ("error", "unknown patient", "d.csv", 2),
    ]


@pytest.mark.parametrize(
    ("identifier", "mixed"),
    [(f"{CYRILLIC_P}A1", True), (f"{CYRILLIC_P}1", False), ("Zo\u00eb", False), ("\u60a3A", False)],
)
def test_an_identifier_of_two_alphabets_is_noted(identifier, mixed):
    dataset = read(FIRST.replace("LQ", identifier), SCORES)
    assert ("identifier of two alphabets" in [f.rule for f in dataset.findings]) is mixed
    assert findings(dataset) == []


@pytest.mark.parametrize("other", ["lq", "L Q", "ＬＱ", "L-Q"])
def test_a_row_of_another_sheet_with_nearly_a_patients_identifier_is_told_with_both_rows(other):
    dataset = read(FIRST, DRUGS, d=f"id,drug,start\n{other},mtx,2020-01-01\n")
    assert told(dataset) == [
        ("warning", "nearly the same identifier", "d.csv", 2),
        ("error", "unknown patient", "d.csv", 2),
    ]
    for finding in findings(dataset):
        assert "row 2:" in finding.message
        assert "that on row 2 of 'p.csv'" in finding.message
    assert dataset.treatments.num_rows == 0


def test_a_composed_and_a_decomposed_identifier_are_one_patient():
    composed, decomposed = "Zo\u00eb", "Zoe\u0308"
    drugs = f"id,drug,start\n{decomposed},mtx,2020-01-01\n"
    dataset = read(FIRST.replace("LQ", composed), DRUGS, d=drugs)
    assert findings(dataset) == []
    assert dataset.treatments["patient_id"].to_pylist() == [composed]
    (line,) = (x for x in dataset.ledger.to_pylist() if (x["source"], x["source_column"]) == ("d.csv", "id"))
    assert (line["fate"], line["found"], line["became"]) == ("converted", decomposed, composed)
    twice = read(FIRST.replace("LQ", composed) + OTHER.replace("LQ", decomposed), DRUGS, d=drugs)
    assert ("error", "two rows for one patient", "p.csv", 3) in told(twice)


def test_a_patient_of_the_patients_table_alone_stays():
    dataset = read("LQ,male,,,,,\n", SCORES, EVENTS)
    assert dataset.findings == ()
    assert dataset.patients.num_rows == 1


PERSON = st.tuples(
    st.sampled_from(["LQ", "WJ", "GL"]), st.sampled_from(["male", "female"]), st.sampled_from(["2011-02-03", "2014-05-06"])
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(people=st.lists(PERSON, min_size=1, max_size=7), repeated=st.booleans())
def test_no_value_lands_on_a_patient_of_another_sex_or_birth_date(people, repeated):
    """Every row has a value of its own, so that each value read tells whose row it came from."""
    rows = "".join(f"{name},{sex},{born},{i},,,\n" for i, (name, sex, born) in enumerate(people))
    dataset = read(rows, {**SCORES, "columns": {"w0": 0}, "ignore": ["w4", "ae"]}, repeated=repeated)
    facts = {p["patient_id"]: (p["sex"], str(p["birth_date"])) for p in dataset.patients.to_pylist()}
    for patient, _, number in values(dataset):
        name, sex, born = people[int(number)]
        assert (name, (sex, born)) == (patient, facts[patient])
    assert set(facts) == {name for name, *_ in people}
