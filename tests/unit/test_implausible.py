"""Dates, ages, limits and rows that cannot be meant are told and not used."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.core.spans import DateSpan
from myosotis.errors import ProtocolError
from myosotis.model.cells import Reading
from myosotis.model.dates import read_date, read_date_or_span
from myosotis.model.layout import Field
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset

CATALOGUE = Catalogue.of(
    *(
        Definition(
            key=key, version="1", kind="observation", label=key, citations=(Citation(text="A chart"),),
            missing="no value", type="number", unit="U/L", range=Range(low=0),
        )
        for key in ("ck", "ldh")
    )
)  # fmt: skip
TODAY = date(2026, 11, 26)
PEOPLE = {
    "feeds": "patients", "file": "p.csv", "patient_id": "id",
    "columns": {"sex": "sex", "birth_date": "born", "onset_date": "onset"},
}  # fmt: skip
VISITS = {
    "feeds": "observations", "layout": "one row per visit", "file": "v.csv", "patient_id": "id", "date": "when",
    "observations": {"ck": {"column": "ck", "unit": "U/L"}},
}  # fmt: skip
DRUGS = {
    "feeds": "treatments",
    "file": "t.csv",
    "patient_id": "id",
    "columns": {"drug": "d", "start": "a", "stop": "b"},
}


@pytest.fixture
def study(tmp_path):
    def read(people="", visits=None, drugs=None, today=TODAY, people_keys=None, visits_keys=None):
        (tmp_path / "p.csv").write_text("id,sex,born,onset\nA1,female,2010-01-01,\n" + people, encoding="utf-8")
        tables = [PEOPLE | (people_keys or {})]
        if visits is not None:
            (tmp_path / "v.csv").write_text("id,when,ck\n" + visits, encoding="utf-8")
            tables.append(VISITS | (visits_keys or {}))
        if drugs is not None:
            (tmp_path / "t.csv").write_text("id,d,a,b\n" + drugs, encoding="utf-8")
            tables.append(DRUGS)
        return read_dataset(tmp_path, parse_mapping({"table": tables}), CATALOGUE, today=today)

    return read


def rules(dataset):
    return [(f.severity, f.rule, f.source_row, f.source_column) for f in dataset.findings]


def fates(dataset, row):
    return {x["source_column"]: x["fate"] for x in dataset.ledger.to_pylist() if x["source_row"] == row}


class TestDates:
    @pytest.mark.parametrize("when", ["0020-01-29", "1899-12-31", "2028-01-01", "9999-12-31"])
    def test_a_visit_in_another_century_is_rejected_with_its_row(self, study, when):
        dataset = study(visits=f"A1,2020-01-01,90\nA1,{when},80\n")
        assert dataset.observations["number"].to_pylist() == [90]
        assert rules(dataset) == [("error", "implausible date", 3, "when")]
        assert set(fates(dataset, 3).values()) == {"rejected"}

    @pytest.mark.parametrize("when", ["2010-01-01", "2026-11-27", "2027-12-31"])
    def test_a_date_up_to_the_end_of_next_year_is_taken(self, study, when):
        dataset = study(visits=f"A1,{when},80\n")
        assert (dataset.observations.num_rows, dataset.findings) == (1, ())

    def test_one_cell_that_dates_many_values_is_told_once(self, study):
        keys = {"observations": {name: {"column": "ck", "unit": "U/L"} for name in ("ck", "ldh")}}
        dataset = study(visits="A1,0020-01-01,90\nA1,0021-01-01,80\n", visits_keys=keys)
        (finding,) = dataset.findings
        assert (finding.count, "rows 2, 3" in finding.message) == (2, True)

    def test_a_treatment_stays_without_the_stop_that_cannot_be(self, study):
        dataset = study(drugs="A1,x,2020-01-01,9999-12-31\n")
        assert dataset.treatments.select(["start", "stop"]).to_pylist() == [{"start": date(2020, 1, 1), "stop": None}]
        assert rules(dataset) == [("error", "implausible date", 2, "b")]
        assert fates(dataset, 2)["b"] == "rejected"
        assert dataset.treatments["stop_known"].to_pylist() == [False]

    @pytest.mark.parametrize("stop", ["9999-12-31", "9999", "9999-12", "1022", "soon", "2020-13", "2009-12-31", "2009"])
    def test_a_stop_that_is_rejected_is_not_known_and_no_course_that_goes_on(self, study, stop):
        dataset = study(drugs=f"A1,x,2020-01-01,{stop}\nA1,y,2020-01-01,\n")
        assert dataset.treatments.select(["stop", "stop_earliest", "stop_latest", "stop_known"]).to_pylist() == [
            {"stop": None, "stop_earliest": None, "stop_latest": None, "stop_known": known} for known in (False, None)
        ]
        assert fates(dataset, 2)["b"] == "rejected"
        ((severity, _, row, column), (_, open_, open_row, _)) = sorted(rules(dataset), key=lambda one: one[2])
        assert (severity in ("error", "warning"), row, column) == (True, 2, "b")
        assert (open_, open_row) == ("course without a stop", 3)

    @pytest.mark.parametrize("born", ["2026-11-27", "1899-12-31"])
    def test_a_birth_to_come_or_long_ago_is_rejected_and_the_patient_stays(self, study, born):
        dataset = study(people=f"B2,male,{born},\n")
        assert dataset.patients["birth_date"].to_pylist() == [date(2010, 1, 1), None]
        assert rules(dataset) == [("error", "implausible date", 3, "born")]

    @pytest.mark.parametrize(("born", "old"), [("1899-06-01", True), ("1900-06-01", True), ("1901-06-01", False)])
    def test_a_birth_that_makes_a_patient_too_old_on_another_date_is_rejected(self, study, born, old):
        dataset = study(people=f"B2,male,{born},\n", visits="B2,2021-03-01,90\n")
        assert (dataset.patients["birth_date"].to_pylist()[1] is None) is old
        assert bool(dataset.findings) is old
        assert dataset.observations.num_rows == 1

    def test_two_digits_of_a_year_that_lead_into_the_future_are_told(self, study):
        keys = {"date_format": "%d.%m.%y"}
        dataset = study("B2,male,16.07.68,\nC3,male,16.07.69,01.12.26\n", people_keys=keys)
        assert dataset.patients["birth_date"].to_pylist() == [date(2010, 1, 1), None, date(1969, 7, 16)]
        assert rules(dataset) == [
            ("error", "implausible date", 3, "born"), ("error", "implausible date", 4, "onset"),
        ]  # fmt: skip

    @pytest.mark.parametrize(("onset", "told"), [("12.26", True), ("11.26", False), ("12.25", False)])
    def test_two_digits_of_a_year_that_lead_a_month_into_the_future_are_told(self, study, onset, told):
        dataset = study(f"B2,male,,{onset}\n", people_keys={"date_format": "%d.%m.%y"})
        assert [f.rule for f in dataset.findings] == ["implausible date" if told else "partial date"]
        assert (dataset.patients["onset_date_earliest"].to_pylist()[1] is None) is told

    @pytest.mark.parametrize("when", ["2012", "2012-05"])
    def test_a_stop_after_the_last_contact_leaves_the_course_ongoing_until_then(self, tmp_path, when):
        (tmp_path / "p.csv").write_text(f"id,seen,died\na,{when},\nb,,{when}\n")
        (tmp_path / "t.csv").write_text("id,d,a,b\na,x,2010-01-01,2020-01-01\nb,x,2010-01-01,2020-01-01\n")
        people = {
            "feeds": "patients", "file": "p.csv", "patient_id": "id", "columns": {"last_contact": "seen", "death": "died"},
        }  # fmt: skip
        dataset = read_dataset(tmp_path, parse_mapping({"table": [people, DRUGS]}), CATALOGUE, today=TODAY)
        assert dataset.treatments.select(["stop", "stop_known"]).to_pylist() == [
            {"stop": None, "stop_known": True}, {"stop": None, "stop_known": False},
        ]  # fmt: skip
        assert "course without a stop" not in {f.rule for f in dataset.findings}

    @settings(deadline=None, max_examples=30)
    @given(today=st.dates(date(2024, 6, 1), date(2040, 1, 1)))
    def test_the_day_of_reading_changes_nothing_else(self, tmp_path_factory, today):
        folder = tmp_path_factory.mktemp("study")
        (folder / "p.csv").write_text("id,sex,born,onset\nA1,female,2010-01-01,0020-01-01\nB2,male,2070-01-01,\n")
        mapping = parse_mapping({"table": [PEOPLE]})
        first, second = (read_dataset(folder, mapping, CATALOGUE, today=day) for day in (TODAY, today))
        assert (first.fingerprint, first.findings) == (second.fingerprint, second.findings)
        assert first.ledger.equals(second.ledger)


class TestFormats:
    @pytest.mark.parametrize(
        "format_",
        ["%B %Y", "%d.%m.", "%Y", "%m/%Y", "%d", "%Y-%m", "%H:%M", "%", "%Q", "text", "%d.%d.%Y", "%y%d", "%a %Y"],
    )
    def test_a_format_without_day_month_or_year_is_refused_in_the_mapping(self, format_):
        for place in ({"date_format": format_}, {"date_format": ["%d.%m.%Y", format_]}):
            with pytest.raises(ProtocolError, match="does not hold a whole date; write its day"):
                parse_mapping({"table": [PEOPLE | place]})
        with pytest.raises(ProtocolError, match="birth_date: date_format"):
            parse_mapping({"table": [PEOPLE | {"columns": {"birth_date": {"column": "born", "date_format": format_}}}]})

    @pytest.mark.parametrize(
        ("format_", "whole", "month"),
        [("%m/%Y", "%d/%m/%Y", "03/2020"), ("%Y-%m", "%Y-%m-%d", "2020-03"), ("%b%Y", "%d%b%Y", "Mar2020")],
    )
    def test_a_format_of_months_is_answered_with_the_one_that_reads_them(self, format_, whole, month):
        with pytest.raises(
            ProtocolError, match=f"{format_!r} does not hold a whole date.*write date_format = {whole!r}"
        ):
            parse_mapping({"table": [PEOPLE | {"date_format": format_}]})
        read = read_date_or_span(month, Field(date_format=(whole,)))
        assert read.value == DateSpan(earliest=date(2020, 3, 1), latest=date(2020, 3, 31))

    def test_a_format_of_years_is_answered_with_how_a_year_is_written(self):
        with pytest.raises(ProtocolError, match=r"'%Y' does not hold a whole date.*needs no format.* 2018 or 2020-03"):
            parse_mapping({"table": [PEOPLE | {"date_format": "%Y"}]})

    @pytest.mark.parametrize(
        ("text", "format_", "days"),
        [
            ("202011", "%Y%m%d", (date(2020, 11, 1), date(2020, 11, 30))),  # no 1 January
            ("112020", "%d%m%Y", (date(2020, 11, 1), date(2020, 11, 30))),
            ("20201101", "%Y%m%d", date(2020, 11, 1)),
            ("2020111", "%Y%m%d", None),  # 11 January, or 1 November
            ("20201", "%Y%m%d", None),
            ("1Nov2020", "%d%b%Y", date(2020, 11, 1)),
        ],
    )
    def test_figures_that_touch_are_read_only_where_each_is_written_in_full(self, text, format_, days):
        read = read_date_or_span(text, Field(date_format=(format_,)))
        if days is None:
            assert read.rule == "not a date"
        else:
            assert (read.value if isinstance(days, date) else (read.value.earliest, read.value.latest)) == days

    @pytest.mark.parametrize("format_", [3, [], [3], {}, [["%d.%m.%Y"]], "", [""], True])
    def test_what_is_no_format_names_the_key(self, format_):
        with pytest.raises(ProtocolError, match="date_format"):
            parse_mapping({"table": [PEOPLE | {"date_format": format_}]})

    @pytest.mark.parametrize(
        "format_", ["%d.%m.%Y", "%d/%m/%y", "%d %B %Y", "%b %d, %Y", "%Y%m%d", "%d.%m.%Y %H:%M", "%Y-%j"]
    )
    def test_a_format_with_all_three_is_taken(self, format_):
        mapping = parse_mapping({"table": [PEOPLE | {"date_format": format_}]})
        assert mapping.tables[0].date_format == (format_,)

    @pytest.mark.parametrize(
        ("text", "formats", "found"),
        [
            ("05.03.2020", ("%d.%m.%Y", "%d/%m/%Y"), date(2020, 3, 5)),
            ("05/03/2020", ("%d.%m.%Y", "%d/%m/%Y"), date(2020, 3, 5)),
            ("2020-03-05", ("%d.%m.%Y",), date(2020, 3, 5)),
            ("2020-03-05 00:00:00", ("%d.%m.%Y",), date(2020, 3, 5)),
            ("05/03/2020", ("%d/%m/%Y", "%m/%d/%Y"), "ambiguous date"),
            ("05/05/2020", ("%d/%m/%Y", "%m/%d/%Y"), date(2020, 5, 5)),
            ("25/03/2020", ("%d/%m/%Y", "%m/%d/%Y"), date(2020, 3, 25)),
            ("2020-03-05", ("%Y-%d-%m",), date(2020, 5, 3)),
            ("2020-03-25", ("%Y-%d-%m",), "not a date"),
            ("25/6/15", ("%d/%m/%Y",), "not a date"),
            ("03.2020", ("%d.%m.%Y", "%d/%m/%Y"), "partial date"),
            ("2020", ("%d.%m.%Y",), "partial date"),
            ("soon", ("%d.%m.%Y",), "not a date"),
            ("\u00a005.03.2020\u200b", ("%d.%m.%Y",), date(2020, 3, 5)),
        ],
    )
    def test_a_text_is_read_in_one_way_or_refused(self, text, formats, found):
        result = read_date(text, Field(date_format=formats))
        assert (result.value if isinstance(result, Reading) else result.rule) == found


class TestAges:
    @pytest.mark.parametrize(
        ("age", "unit", "used"),
        [("120", "years", True), ("120.1", "years", False), ("999", "years", False), ("1440", "months", True),
         ("1500", "months", False), ("-1", "years", False)],
    )  # fmt: skip
    def test_an_age_above_120_years_is_rejected(self, tmp_path, age, unit, used):
        (tmp_path / "p.csv").write_text(f"id,age\na,{age}\n")
        table = {
            "feeds": "patients",
            "file": "p.csv",
            "patient_id": "id",
            "columns": {"age_at_index": {"column": "age", "unit": unit}},
        }
        dataset = read_dataset(tmp_path, parse_mapping({"table": [table]}), CATALOGUE)
        assert (dataset.patients["age_at_index"].to_pylist() != [None]) is used
        assert [f.rule for f in dataset.findings] == ([] if used else ["out of range"])


class TestLimits:
    @pytest.mark.parametrize(
        "limits",
        [{"upper_limit": 0}, {"upper_limit": -1}, {"lower_limit": -1}, {"lower_limit": 5, "upper_limit": 4},
         {"upper_limit": float("nan")}, {"upper_limit": float("inf")}, {"upper_limit": True}, {"lower_limit": float("nan")},
         {"upper_limit": {"value": 0}}],
    )  # fmt: skip
    def test_a_constant_that_can_be_no_limit_is_refused_in_the_mapping(self, limits):
        for table in (
            VISITS | {"observations": {"ck": {"column": "ck", "unit": "U/L", **limits}}},
            {"feeds": "observations", "layout": "one row per measurement", "file": "v.csv", "patient_id": "id", "day": 0,
             "name": "n", "value": "v", "unit": "U/L", **limits},
            {"feeds": "observations", "layout": "one column per visit", "file": "v.csv", "patient_id": "id", "at": "day",
             "observation": "ck", "columns": {"a": 0}, "unit": "U/L", **limits},
        ):  # fmt: skip
            with pytest.raises(ProtocolError, match="limit"):
                parse_mapping({"table": [PEOPLE, table]})

    def test_a_lower_limit_of_zero_is_one(self):
        limits = {"lower_limit": 0, "upper_limit": 170}
        parse_mapping({"table": [PEOPLE, VISITS | {"observations": {"ck": {"column": "ck", "unit": "U/L", **limits}}}]})

    @pytest.mark.parametrize(
        ("low", "high", "kept", "rule", "rejected"),
        [("0", "170", (0, 170), None, set()), ("", "0", (None, None), "limit out of range", {"high"}),
         ("-5", "170", (None, 170), "limit out of range", {"low"}),
         ("10", "-170", (10, None), "limit out of range", {"high"}),
         ("10", "<170", (10, None), "limit not a number", {"high"}),
         ("> 5", "170", (None, 170), "limit not a number", {"low"}),
         ("", "40 - 170", (None, None), "limit not a number", {"high"}),
         ("200", "170", (None, None), "limits crossed", {"low", "high"})],
    )  # fmt: skip
    def test_a_cell_that_can_be_no_limit_is_rejected_and_its_value_stays(
        self, tmp_path, low, high, kept, rule, rejected
    ):
        (tmp_path / "p.csv").write_text("id\nA1\n")
        (tmp_path / "v.csv").write_text(f"id,when,ck,low,high\nA1,2020-01-01,90,{low},{high}\n")
        ck = {"column": "ck", "unit": "U/L", "lower_limit": "low", "upper_limit": "high"}
        people = {"feeds": "patients", "file": "p.csv", "patient_id": "id"}
        mapping = parse_mapping({"table": [people, VISITS | {"observations": {"ck": ck}}]})
        dataset = read_dataset(tmp_path, mapping, CATALOGUE)
        (row,) = dataset.observations.to_pylist()
        assert (row["number"], row["lower_limit"], row["upper_limit"]) == (90, *kept)
        assert [f.rule for f in dataset.findings] == ([rule] if rule else [])
        if rule == "limit not a number":
            (finding,) = dataset.findings
            assert f"column '{next(iter(rejected))}', row 2: found a" in finding.message
            assert re.search("expected the (upper|lower) limit of normal as a number alone", finding.message)
            assert ("two columns" if "-" in high else "take the sign away") in finding.message
        lines = [x for x in dataset.ledger.to_pylist() if x["source"] == "v.csv"]
        assert {x["source_column"] for x in lines if x["fate"] == "rejected"} == rejected


def ids_with_conditions(layout, constant):
    """Map a sheet whose patients table reads the id alone, and whose conditions may be blank."""
    common = {"file": "p.csv", "patient_id": "id"}
    fields = {"conditions": {"ILD": "ild"}} if layout else {"columns": {"name": {"value": "ILD"}, "status": "ild"}}
    keys = {"layout": layout} if layout else {}
    tables = [
        {"feeds": "patients", **common, "ignore": ["note"]}, {"feeds": "conditions", **common, **keys, **fields},
    ]  # fmt: skip
    jdm = {"feeds": "conditions", **common, "columns": {"name": {"value": "JDM"}}}
    return [*tables, jdm] if constant else tables


class TestStrayRows:
    @pytest.mark.parametrize("text", ["* F: female", "Legend", "red = not yet confirmed", "备注：红色为待确认", "x"])
    def test_a_row_with_nothing_but_an_id_is_no_patient_and_told(self, study, text):
        dataset = study(people=f"B2,male,2011-01-01,\n{text},,,\n")
        assert dataset.patients["patient_id"].to_pylist() == ["A1", "B2"]
        assert rules(dataset) == [("error", "patient id alone", 4, "id")]
        assert fates(dataset, 4) == {"id": "rejected"}
        assert text not in "".join(f.message for f in dataset.findings) or len(text) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "Total",
            "TOTAL:",
            "Sum",
            "Mean",
            "Mean ± SD",
            "合计",
            "合计：2例",
            "平均值",
            "Total (n=2)",
            "Gesamt",
            "Grand total",
        ],
    )
    def test_a_row_that_sums_up_others_is_no_patient_whatever_it_holds(self, study, text):
        dataset = study(people=f"{text},female,2011-01-01,\nB2,male,2011-01-01,\n")
        assert dataset.patients["patient_id"].to_pylist() == ["A1", "B2"]
        assert rules(dataset) == [("error", "total row", 3, "id")]

    @pytest.mark.parametrize(
        "text", ["Max", "Min Li", "N", "SD", "Sumner", "Meaney", "Total-7", "A 12", "王小明", "O'Neill, Ann"]
    )
    def test_what_may_be_a_patient_is_one(self, study, text):
        dataset = study(people=f'"{text}",male,2011-01-01,\n')
        assert (dataset.patients.num_rows, dataset.findings) == (2, ())

    def test_an_id_like_a_sentence_with_facts_stays_with_a_warning(self, study):
        dataset = study(people="* values in bold were corrected,male,,\n")
        assert dataset.patients.num_rows == 2
        assert rules(dataset) == [("warning", "patient id like a sentence", 3, "id")]

    def test_a_patient_of_whom_only_visits_are_known_stays_with_a_warning(self, study):
        dataset = study(people="B2,,,\n", visits="B2,2020-01-01,90\n")
        assert (dataset.patients.num_rows, dataset.observations.num_rows) == (2, 1)
        assert rules(dataset) == [("warning", "patient without facts", 3, "id")]

    def test_a_legend_is_no_patient_though_a_table_gives_every_row_the_same_drug(self, tmp_path):
        (tmp_path / "p.csv").write_text("id,sex\nA1,female\nRed: drug stopped,\n")
        common = {"file": "p.csv", "patient_id": "id"}
        people = {"feeds": "patients", **common, "columns": {"sex": "sex"}}
        drugs = {"feeds": "treatments", **common, "columns": {"drug": {"value": "x"}}}
        dataset = read_dataset(tmp_path, parse_mapping({"table": [people, drugs]}), CATALOGUE)
        assert (dataset.patients.num_rows, dataset.treatments.num_rows) == (1, 1)
        assert [f.rule for f in dataset.findings] == ["patient id alone"]
        reasons = {(x["fate"], x["reason"]) for x in dataset.ledger.to_pylist() if x["source_row"] == 3}
        assert reasons == {("rejected", "patient id alone")}
        assert [count.rows_rejected for count in dataset.record_counts] == [1, 1]

    @pytest.mark.parametrize("constant", [False, True])
    @pytest.mark.parametrize("layout", ["", "one column per condition"])
    def test_an_id_alone_on_a_sheet_asked_for_ids_is_a_patient_and_noted(self, tmp_path, layout, constant):
        (tmp_path / "p.csv").write_text("id,ild,note\na,present,\nb,,\nc,,seen\nd,,\n")
        dataset = read_dataset(tmp_path, parse_mapping({"table": ids_with_conditions(layout, constant)}), CATALOGUE)
        assert dataset.patients["patient_id"].to_pylist() == ["a", "b", "c", "d"]
        assert [(f.severity, f.rule, f.count) for f in dataset.findings] == [("note", "patient without facts", 2)]
        if constant:
            assert [c["patient_id"] for c in dataset.conditions.to_pylist() if c["name"] == "JDM"] == [*"abcd"]

    @pytest.mark.parametrize("constant", [False, True])
    @pytest.mark.parametrize(
        ("below", "rows"),
        [
            ("* ILD by CT,,\n", [4]),
            ("Red = drug stopped,,\n", [4]),
            ("Legend,,\n", [4]),
            ("备注：红色为待确认,,\n", [4]),
            (",,\nred,,\nyellow,,\n", [5, 6]),
            ("Total,2,\n,,\nred,,\n", [4, 6]),
            (",,\nTotal,2,\nred,,\n", [5, 6]),
        ],
    )
    def test_a_footnote_or_legend_below_a_sheet_asked_for_ids_is_no_patient(self, tmp_path, below, rows, constant):
        (tmp_path / "p.csv").write_text("id,ild,note\na,present,\nb,,\n" + below)
        tables = ids_with_conditions("one column per condition", constant)
        dataset = read_dataset(tmp_path, parse_mapping({"table": tables}), CATALOGUE)
        assert dataset.patients["patient_id"].to_pylist() == ["a", "b"]
        assert {c["patient_id"] for c in dataset.conditions.to_pylist()} <= {"a", "b"}
        errors = [f for f in dataset.findings if f.severity == "error"]
        assert {f.rule for f in errors} <= {"patient id alone", "total row"}
        assert sum(f.count for f in errors) == len(rows)
        ids = [x for x in dataset.ledger.to_pylist() if x["source_column"] == "id" and x["source_row"] in rows]
        assert {x["fate"] for x in ids} == {"rejected"}

    def test_a_footnote_below_a_list_of_ids_is_no_patient(self, tmp_path):
        (tmp_path / "p.csv").write_text("id\na\nb\n* as of January\n")
        people = {"feeds": "patients", "file": "p.csv", "patient_id": "id"}
        dataset = read_dataset(tmp_path, parse_mapping({"table": [people]}), CATALOGUE)
        assert dataset.patients["patient_id"].to_pylist() == ["a", "b"]
        assert rules(dataset) == [("error", "patient id alone", 4, "id")]

    def test_ids_that_all_begin_with_a_sign_are_patients(self, tmp_path):
        (tmp_path / "p.csv").write_text("id\n#1\n#2\n")
        people = {"feeds": "patients", "file": "p.csv", "patient_id": "id"}
        dataset = read_dataset(tmp_path, parse_mapping({"table": [people]}), CATALOGUE)
        assert dataset.patients["patient_id"].to_pylist() == ["#1", "#2"]
        assert [(f.rule, f.count) for f in dataset.findings] == [("patient id like a sentence", 2)]

    def test_a_sheet_that_is_a_list_of_ids_is_one(self, tmp_path):
        (tmp_path / "p.csv").write_text("id\na\nb\n")
        people = {"feeds": "patients", "file": "p.csv", "patient_id": "id"}
        dataset = read_dataset(tmp_path, parse_mapping({"table": [people]}), CATALOGUE)
        assert (dataset.patients.num_rows, dataset.findings) == (2, ())

    @pytest.mark.parametrize("same", ["a1", "A 1", "Ａ1", "A-1", "A_1"])
    def test_ids_that_differ_in_case_blanks_or_signs_alone_are_told(self, study, same):
        dataset = study(people=f"{same},male,2011-01-01,\n")
        assert dataset.patients.num_rows == 2
        assert rules(dataset) == [("warning", "nearly the same identifier", 3, "id")]
        (finding,) = dataset.findings
        assert ("row 3:" in finding.message, "that on row 2 of 'p.csv'" in finding.message) == (True, True)

    @pytest.mark.parametrize("written", ["Bo\u0308hm", "\u00a0Böhm\u2003", "\ufeffBöhm\u200b", "Böhm "])
    def test_an_id_is_the_same_however_it_is_composed_and_surrounded(self, study, written):
        dataset = study(people="Böhm,male,2011-01-01,\n", visits=f"{written},2020-01-01,90\n")
        assert dataset.observations["patient_id"].to_pylist() == ["Böhm"]
        assert dataset.findings == ()

    @pytest.mark.parametrize("blank", ["\u00a0", "\u200b", "\u3000\u00a0", "\ufeff", "\u2028"])
    def test_a_cell_of_blanks_of_any_kind_is_blank(self, study, blank):
        dataset = study(visits=f"A1,2020-01-01,90\nA1,2020-01-02,{blank}\n")
        assert dataset.observations.num_rows == 1
        assert [f.rule for f in dataset.findings] == ["row without a value"]
        assert "ck" not in fates(dataset, 3)
