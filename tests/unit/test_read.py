"""A study folder becomes the tables it describes, the same from every kind of file."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.errors import DataError, ProtocolError
from myosotis.model.cells import whole_day
from myosotis.model.dataset import Dataset
from myosotis.model.ledger import ledger_counts
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset
from myosotis.model.tables import LEDGER, SCHEMAS

REAL = Path(__file__).parents[2] / "examples" / "rheumatoid_arthritis"


def observation(key, unit="", *, type="number", high=None):
    return Definition(
        key=key, version="1", kind="observation", label=key, citations=(Citation(text="A chart"),), missing="no value",
        type=type, unit=unit, range=Range(low=0, high=high) if unit else None,
    )  # fmt: skip


CATALOGUE = Catalogue.of(
    observation("cmas", "points", high=52), observation("das28", "points", high=10),
    observation("haq", "points", high=3), observation("radai", "points", high=10), observation("weight", "kg"),
    observation("ulceration", type="yes or no"), observation("antibody", type="text"),
)  # fmt: skip
PATIENTS = {"feeds": "patients", "file": "p.csv", "patient_id": "id", "ignore": ["note"]}


def read(folder, *tables, missing=(), **files):
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    if "p" not in files and not (folder / "p.csv").exists():
        (folder / "p.csv").write_text("id,note\na,\nb,\n", encoding="utf-8")
    mapping = parse_mapping({"missing": {"texts": list(missing)}, "table": [PATIENTS, *tables]})
    return read_dataset(folder, mapping, CATALOGUE)


def columns(table, *names):
    return [tuple(row[name] for name in names) for row in table.to_pylist()]


VISITS = {"feeds": "observations", "file": "v.csv", "patient_id": "id", "layout": "one row per visit"}
LONG = {**VISITS, "layout": "one row per measurement"}
WIDE = {**VISITS, "layout": "one column per visit"}


class TestRealPatients:
    """The cohort of examples/rheumatoid_arthritis: observed numbers as counted in R 4.2.2, see its ORIGIN.md."""

    def mapping(self):
        names = {"das": "das28", "haq": "haq", "radai": "radai"}
        codes = {f"{short}{month}": name for short, name in names.items() for month in (0, 3, 6, 9, 12)}
        people = {
            "feeds": "patients", "file": "data/ra_data.csv", "patient_id": "id", "repeated": True,
            "columns": {"sex": {"column": "sex", "codes": {"V": "female", "M": "male"}},
                        "age_at_index": {"column": "age", "unit": "years"}},
            "ignore": ["yearsRA", "ethnic", "edu"],
        }  # fmt: skip
        scores = {
            "feeds": "observations", "layout": "one row per measurement", "file": "data/ra_data.csv",
            "patient_id": "id", "month": "time", "name": {"column": "X_NAME_", "codes": codes}, "value": "outcome",
            "unit": "points", "ignore": ["X_LABEL_", "outno", "outbin", "outlabel"],
        }  # fmt: skip
        return parse_mapping({"table": [people, scores]})

    def test_every_score_is_where_it_was_observed(self):
        dataset = read_dataset(REAL, self.mapping(), CATALOGUE)
        das28 = [day for name, day in columns(dataset.observations, "name", "day") if name == "das28"]
        assert {day: das28.count(day) for day in sorted(set(das28))} == {0: 155, 91: 146, 183: 137, 274: 119, 365: 118}
        assert dataset.patients.num_rows == 159
        (count,) = ledger_counts(dataset)
        with (REAL / "data" / "ra_data.csv").open(encoding="utf-8", newline="") as file:
            cells = sum(bool(cell.strip()) for row in list(csv.reader(file))[1:] for cell in row)
        assert count.used + count.converted + count.ignored + count.rejected == count.cells == cells
        assert count.rejected == 0
        assert dataset.findings == ()
        assert set(dataset.observations["source"].to_pylist()) == {"data/ra_data.csv"}

    def test_reading_it_twice_gives_the_same_to_the_last_bit(self):
        first, second = (read_dataset(REAL, self.mapping(), CATALOGUE) for _ in range(2))
        assert first.fingerprint == second.fingerprint
        assert first.ledger.equals(second.ledger)
        assert first.findings == second.findings
        assert first.inputs == second.inputs


class TestTime:
    @pytest.mark.parametrize(
        ("time", "at", "day"),
        [(0, "month", 0), (3, "month", 91), (6, "month", 183), (9, "month", 274), (12, "month", 365),
         (24, "month", 731), (1, "year", 365), (2, "year", 731), (0.525681743511116, "year", 192), (1, "week", 7),
             (-4, "week", -28), (0.5, "week", 4), (-0.5, "week", -3), (2.4, "day", 2)],
    )  # fmt: skip
    def test_months_and_weeks_become_whole_days_halves_up(self, time, at, day):
        assert whole_day(time, at) == day

    def test_a_calendar_date_leaves_the_day_missing(self, tmp_path):
        table = {**VISITS, "date": "d", "week": "w", "observations": {"ulceration": "u"}}
        dataset = read(tmp_path, table, v="id,d,w,u\na,2020-01-05,4,yes\nb,2020-01-06,,no\n")
        assert columns(dataset.observations, "date", "day", "week") == [
            (dt.date(2020, 1, 5), None, 4.0), (dt.date(2020, 1, 6), None, None),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("time", "expected"),
        [({"day": "t"}, (3, None)), ({"week": "t"}, (21, 3.0)), ({"month": "t"}, (91, None)), ({"year": "t"}, (1096,
            None)), ({"day": 0}, (0, None)),
         ({"day": "t", "week": 0}, (3, 0.0))],
    )  # fmt: skip
    def test_each_way_to_say_when(self, tmp_path, time, expected):
        table = {**VISITS, **time, "observations": {"ulceration": "u"}, "ignore": [] if "t" in time.values() else ["t"]}
        dataset = read(tmp_path, table, v="id,t,u\na,3,yes\n")
        assert columns(dataset.observations, "date", "day", "week") == [(None, *expected)]
        assert dataset.findings == ()

    @pytest.mark.parametrize("at", ["day", "week", "month", "year"])
    def test_a_time_beyond_the_calendar_is_rejected(self, tmp_path, at):
        table = {**VISITS, at: "t", "observations": {"ulceration": "u"}}
        dataset = read(tmp_path, table, v="id,t,u\na,1e300,yes\na,-4000000,no\n")
        assert dataset.observations.num_rows == 0
        assert [(f.rule, f.count) for f in dataset.findings] == [("out of range", 2)]

    def test_a_date_with_a_time_of_day_is_the_date(self, tmp_path):
        table = {**VISITS, "date": "d", "observations": {"ulceration": "u"}}
        dataset = read(tmp_path, table, v="id,d,u\na,2020-01-05T23:59,yes\nb,2020-01-05 00:01:00,no\n")
        assert columns(dataset.observations, "date") == [(dt.date(2020, 1, 5),)] * 2
        assert [x["fate"] for x in dataset.ledger.to_pylist() if x["source_column"] == "d"] == ["converted"] * 2


class TestLayouts:
    def test_one_row_per_measurement_with_units_by_name(self, tmp_path):
        name = {"column": "n", "codes": {"W": "weight", "C": "cmas"}, "ignore": ["Na"]}
        table = {**LONG, "day": "t", "name": name, "value": "v", "unit": {"weight": "g", "cmas": "points"}}
        dataset = read(tmp_path, table, v="id,t,n,v\na,0,W,3500\na,0,C,40\na,0,Na,140\nb,1,K,4\nb,1,W,\nb,1,,7\n")
        assert columns(dataset.observations, "name", "number", "unit", "source_row", "source_column") == [
            ("weight", 3.5, "kg", 2, "v"), ("cmas", 40, "points", 3, "v"),
        ]  # fmt: skip
        assert [(f.severity, f.rule, f.source_row) for f in dataset.findings] == [
            ("error", "text outside the code list", 5), ("note", "row without a value", 6), ("error", "name missing", 7),
        ]  # fmt: skip
        ignored = {
            x["source_column"] for x in dataset.ledger.to_pylist() if x["source_row"] == 4 and x["fate"] == "ignored"
        }
        assert ignored == {"id", "t", "n", "v"}

    def test_a_name_outside_the_catalogue_is_rejected(self, tmp_path):
        table = {**LONG, "day": "t", "name": "n", "value": "v", "unit": "points"}
        dataset = read(tmp_path, table, v="id,t,n,v\na,0,cmas,40\na,0,sodium,140\n")
        assert columns(dataset.observations, "name") == [("cmas",)]
        assert [(f.rule, f.source_row) for f in dataset.findings] == [("unknown observation", 3)]

    def test_one_column_per_visit(self, tmp_path):
        table = {
            **WIDE,
            "observation": "cmas",
            "unit": "points",
            "columns": {"c0": 0, "c4": 4, "c12": 12},
            "at": "week",
        }
        dataset = read(tmp_path, table, v="id,c0,c4,c12\na,30,,52\nb,,,\n")
        assert columns(dataset.observations, "patient_id", "day", "week", "number", "source_column") == [
            ("a", 0, 0.0, 30, "c0"), ("a", 84, 12.0, 52, "c12"),
        ]  # fmt: skip
        assert [(f.severity, f.rule) for f in dataset.findings] == [("note", "row without a value")]

    def test_columns_counted_in_days_have_no_week(self, tmp_path):
        table = {**WIDE, "observation": "cmas", "unit": "points", "columns": {"c0": 0, "c4": 28}, "at": "day"}
        dataset = read(tmp_path, table, v="id,c0,c4\na,30,40\n")
        assert columns(dataset.observations, "day", "week") == [(0, None), (28, None)]

    def test_the_unit_of_a_dose_gets_its_one_spelling(self, tmp_path):
        drugs = {"drug": "t", "dose": "x", "dose_unit": {"column": "u"}}
        table = {"feeds": "treatments", "file": "t.csv", "patient_id": "id", "columns": drugs}
        dataset = read(tmp_path, table, t="id,t,x,u\na,prednisolone,0.5,mg/kg/d\na,methotrexate,15,mg/week\n")
        assert columns(dataset.treatments, "dose", "dose_unit") == [(0.5, "mg/kg/day"), (15, "mg/week")]

    def test_one_column_per_condition(self, tmp_path):
        table = {
            "feeds": "conditions", "file": "c.csv", "patient_id": "id", "layout": "one column per condition",
            "columns": {"date": "seen"},
            "conditions": {"ILD": "ild", "calcinosis": {"column": "calc", "codes": {"1": "present", "0": "absent"}}},
        }  # fmt: skip
        dataset = read(tmp_path, table, c="id,seen,ild,calc\na,2020-01-01,mild,1\nb,,,0\n")
        assert columns(dataset.conditions, "patient_id", "name", "status", "date") == [
            ("a", "ILD", "mild", dt.date(2020, 1, 1)), ("a", "calcinosis", "present", dt.date(2020, 1, 1)),
            ("b", "calcinosis", "absent", None),
        ]  # fmt: skip
        assert dataset.findings == ()

    def test_texts_and_truths_keep_both_columns(self, tmp_path):
        observations = {"ulceration": {"column": "u", "codes": {"+": 1, "-": 0}}, "antibody": "ab"}
        dataset = read(tmp_path, {**VISITS, "day": 0, "observations": observations}, v="id,u,ab\na,+,Jo-1\nb,-,\n")
        assert columns(dataset.observations, "name", "number", "text") == [
            ("ulceration", 1.0, "yes"), ("antibody", None, "Jo-1"), ("ulceration", 0.0, "no"),
        ]  # fmt: skip

    def test_digits_of_other_scripts_are_not_read_as_numbers(self, tmp_path):
        table = {**VISITS, "day": 0, "observations": {"cmas": {"column": "c", "unit": "points"}}}
        dataset = read(tmp_path, table, v="id,c\na,٣\n")
        assert [f.rule for f in dataset.findings] == ["text in a number column"]

    def test_a_unit_of_a_yes_or_no_is_refused(self, tmp_path):
        table = {**VISITS, "day": 0, "observations": {"ulceration": {"column": "u", "unit": "points"}}}
        with pytest.raises(ProtocolError, match="ulceration is yes or no, which has no unit; remove it"):
            read(tmp_path, table, v="id,u\na,yes\n")

    def test_limits_are_converted_with_their_value(self, tmp_path):
        weight = {"column": "w", "unit": "g", "lower_limit": 2500, "upper_limit": "up"}
        dataset = read(tmp_path, {**VISITS, "day": 0, "observations": {"weight": weight}}, v="id,w,up\na,3000,4000\n")
        assert columns(dataset.observations, "number", "lower_limit", "upper_limit", "unit") == [(3.0, 2.5, 4.0, "kg")]

    def test_an_age_in_months_becomes_years(self, tmp_path):
        people = {**PATIENTS, "columns": {"age_at_index": {"column": "age", "unit": "months"}}}
        (tmp_path / "p.csv").write_text("id,age,note\na,90,\nb,-1,\n")
        dataset = read_dataset(tmp_path, parse_mapping({"table": [people]}), CATALOGUE)
        assert dataset.patients["age_at_index"].to_pylist() == [7.5, None]
        assert [f.rule for f in dataset.findings] == ["out of range"]

    @pytest.mark.parametrize(("unit", "day"), [("days", 2), ("weeks", 14), ("months", 61), ("years", 731)])
    def test_a_day_may_be_counted_in_another_unit(self, tmp_path, unit, day):
        people = {**PATIENTS, "columns": {"last_contact_day": {"column": "until", "unit": unit}}}
        (tmp_path / "p.csv").write_text("id,until,note\na,2,\n")
        dataset = read_dataset(tmp_path, parse_mapping({"table": [people]}), CATALOGUE)
        assert dataset.patients["last_contact_day"].to_pylist() == [day]
        fate = [one["fate"] for one in dataset.ledger.to_pylist() if one["source_column"] == "until"]
        assert fate == ["used" if unit == "days" else "converted"]

    def test_a_day_in_a_unit_that_there_is_not_is_refused(self, tmp_path):
        people = {**PATIENTS, "columns": {"last_contact_day": {"column": "until", "unit": "hours"}}}
        with pytest.raises(
            ProtocolError, match=r"last_contact_day has the unit 'hours'; write .days., .weeks., .months. or .years."
        ):
            parse_mapping({"table": [people]})

    def test_events_keep_flags_that_were_not_recorded_missing(self, tmp_path):
        table = {
            "feeds": "events", "file": "e.csv", "patient_id": "id",
            "columns": {"term": "t", "start_day": "d", "death": "x",
                        "serious": {"column": "s", "codes": {"SAE": True, "AE": False}}},
        }  # fmt: skip
        dataset = read(tmp_path, table, e="id,t,d,x,s\na,cough,5,no,AE\na,fever,-2,,SAE\n")
        assert columns(dataset.events, "term", "start_day", "death", "serious", "disabling") == [
            ("cough", 5, False, False, None), ("fever", -2, None, True, None),
        ]  # fmt: skip


class TestPlaces:
    ROWS = (("a", dt.date(2020, 1, 5), 40), ("b", dt.date(2020, 2, 6), 52))

    def dataset(self, folder, file, **more):
        table = {
            **VISITS,
            "file": file,
            "date": "d",
            "observations": {"cmas": {"column": "c", "unit": "points"}},
            **more,
        }
        return read(folder, table)

    def workbook(self, path, *sheets, blank=()):
        book = xlsxwriter.Workbook(path)
        style = book.add_format({"num_format": "dd.mm.yyyy"})
        for name in sheets:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["id", "d", "c"])
            for i, (patient, date, cmas) in enumerate(self.ROWS, start=1):
                sheet.write(i, 0, patient)
                sheet.write_datetime(i, 1, dt.datetime(date.year, date.month, date.day), style)
                sheet.write_number(i, 2, cmas)
        for name in blank:
            book.add_worksheet(name)
        book.close()

    def test_csv_workbook_and_parquet_give_the_same_values(self, tmp_path):
        (tmp_path / "v.csv").write_text("id,d,c\n" + "".join(f"{p},{d},{c}\n" for p, d, c in self.ROWS))
        self.workbook(tmp_path / "v.xlsx", "Visits")
        pq.write_table(
            pa.table(list(map(list, zip(*self.ROWS, strict=True))), names=["id", "d", "c"]), tmp_path / "v.parquet"
        )
        read_from = [self.dataset(tmp_path, f"v.{kind}") for kind in ("csv", "xlsx", "parquet")]
        expected = [
            ("a", dt.date(2020, 1, 5), "cmas", 40.0, "points"),
            ("b", dt.date(2020, 2, 6), "cmas", 52.0, "points"),
        ]
        for dataset in read_from:
            assert columns(dataset.observations, "patient_id", "date", "name", "number", "unit") == expected
            assert dataset.findings == ()
        assert [columns(d.observations, "source", "sheet", "source_row") for d in read_from] == [
            [("v.csv", "", 2), ("v.csv", "", 3)],
            [("v.xlsx", "Visits", 2), ("v.xlsx", "Visits", 3)],
            [("v.parquet", "", 1), ("v.parquet", "", 2)],
        ]

    def test_a_sheet_that_is_not_named_gives_a_note_unless_it_is_blank(self, tmp_path):
        self.workbook(tmp_path / "v.xlsx", "Visits", "Scratch", blank=["Blank"])
        (finding,) = self.dataset(tmp_path, "v.xlsx", sheet="Visits").findings
        assert (finding.severity, finding.rule, finding.sheet, finding.count) == (
            "note",
            "sheet not named",
            "Scratch",
            9,
        )

    def test_a_sheet_that_is_not_there_lists_those_that_are(self, tmp_path):
        self.workbook(tmp_path / "v.xlsx", "Visits", "Scratch")
        with pytest.raises(DataError, match=r"no sheet 'Visit'; did you mean 'Visits'.*holds 'Visits', 'Scratch'"):
            self.dataset(tmp_path, "v.xlsx", sheet="Visit")
        with pytest.raises(DataError, match=r"no sheet is named; the workbook holds 'Visits', 'Scratch'"):
            self.dataset(tmp_path, "v.xlsx")

    def test_a_number_is_not_taken_for_a_date(self, tmp_path):
        book = xlsxwriter.Workbook(tmp_path / "v.xlsx")
        book.add_worksheet("Visits").write_row(0, 0, ["id", "d", "c"])
        book.get_worksheet_by_name("Visits").write_row(1, 0, ["a", 43835, 40])
        book.close()
        (finding,) = self.dataset(tmp_path, "v.xlsx").findings
        assert finding.rule == "not a date"
        assert "format the cells as dates in the workbook" in finding.message

    def test_a_year_typed_as_a_number_is_the_span_of_its_days(self, tmp_path):
        book = xlsxwriter.Workbook(tmp_path / "e.xlsx")
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "t", "d"])
        sheet.write_row(1, 0, ["a", "cough", 2020])
        book.close()
        columns_ = {"term": "t", "start": "d"}
        dataset = read(tmp_path, {"feeds": "events", "file": "e.xlsx", "patient_id": "id", "columns": columns_})
        assert columns(dataset.events, "start", "start_earliest", "start_latest") == [
            (None, dt.date(2020, 1, 1), dt.date(2020, 12, 31))
        ]
        assert [(f.severity, f.rule) for f in dataset.findings] == [("note", "partial date")]
        (line,) = (x for x in dataset.ledger.to_pylist() if x["source_column"] == "d")
        assert (line["fate"], line["found"], line["became"]) == ("converted", "2020", "2020")

    def test_a_sheet_of_a_csv_and_an_unknown_kind_of_file_are_refused(self, tmp_path):
        (tmp_path / "v.csv").write_text("id,d,c\na,2020-01-01,40\n")
        with pytest.raises(ProtocolError, match="has no sheets; remove it"):
            self.dataset(tmp_path, "v.csv", sheet="Visits")
        with pytest.raises(ProtocolError, match=r"end in '.docx' cannot be read; use one of .csv"):
            self.dataset(tmp_path, "v.docx")

    def test_two_tables_of_one_sheet_must_read_it_alike(self, tmp_path):
        (tmp_path / "p.csv").write_text("id,note,d,c\na,,2020-01-01,40\n")
        with pytest.raises(ProtocolError, match="header_row = 2, but another table of the same sheet says 1"):
            self.dataset(tmp_path, "p.csv", header_row=2)

    def test_the_inputs_are_digested_once_each(self, tmp_path):
        (tmp_path / "v.csv").write_text("id,d,c\na,2020-01-01,40\n")
        assert [(i.file, i.bytes) for i in self.dataset(tmp_path, "v.csv").inputs] == [("p.csv", 14), ("v.csv", 23)]


class TestDataset:
    def test_plain_records_become_tables_with_their_place(self):
        dataset = Dataset.of(
            patients=[{"patient_id": "a", "birth_date": "2010-01-01"}],
            observations=[{"patient_id": "a", "day": 0, "name": "cmas", "number": 40, "unit": "points"}] * 2,
        )
        assert columns(dataset.observations, "source", "sheet", "source_row", "number") == [
            ("memory", "", 1, 40.0), ("memory", "", 2, 40.0),
        ]  # fmt: skip
        assert dataset.patients["birth_date"].to_pylist() == [dt.date(2010, 1, 1)]
        for name, schema in {**SCHEMAS, "ledger": LEDGER}.items():
            assert getattr(dataset, name).schema.equals(schema)

    @pytest.mark.parametrize(
        ("record", "message"),
        [
            ({"patient_id": "a", "name": "cmas", "numbr": 3}, "record 1: no column 'numbr'; did you mean 'number'"),
            ({"patient_id": "a", "name": "cmas", "number": math.nan}, "number: nan is not a number that can be used"),
            ({"patient_id": "a", "name": "cmas", "number": math.inf}, "write None for a missing value"),
            ({"patient_id": "a", "name": "cmas", "number": "3"}, "number: found str, expected a number"),
            ({"patient_id": "a", "name": "cmas", "number": True}, "found bool, expected a number"),
            ({"patient_id": "a", "name": "cmas", "day": 1.5}, "day: found float, expected a whole number"),
            ({"patient_id": "a", "name": "cmas", "day": math.nan}, "day: nan"),
            ({"patient_id": "a", "name": "cmas", "date": "1 May"}, "date: not an ISO date"),
            ({"patient_id": "a", "name": "cmas", "date": dt.datetime(2020, 1, 1)}, "found datetime, expected a date"),
            ({"patient_id": "a", "number": 3}, "name is missing"),
            ({"patient_id": " ", "name": "cmas"}, "patient_id is missing"),
            ({"patient_id": 7, "name": "cmas"}, "patient_id is missing, blank or not text"),
        ],
    )
    def test_a_record_that_does_not_fit_is_refused(self, record, message):
        with pytest.raises(DataError) as error:
            Dataset.of(observations=[record])
        assert message in str(error.value)

    def test_the_fingerprint_is_of_the_content(self):
        records = [
            {"patient_id": p, "day": 0, "name": "cmas", "number": 40, "source_row": i} for i, p in enumerate("ab")
        ]
        first = Dataset.of(observations=records).fingerprint
        assert Dataset.of(observations=records[::-1]).fingerprint == first
        assert len(first) == 64
        others = [
            Dataset.of(observations=[{**records[0], **change}, records[1]]).fingerprint
            for change in (
                {"number": math.nextafter(40, 41)},
                {"number": None},
                {"day": 1},
                {"patient_id": "c"},
                {"text": ""},
            )
        ]
        assert len({first, *others}) == 6

    def test_a_table_without_its_schema_is_refused(self):
        dataset = Dataset.of()
        with pytest.raises(DataError, match="the table patients has the columns"):
            Dataset(
                patients=dataset.events, observations=dataset.observations, treatments=dataset.treatments,
                conditions=dataset.conditions, events=dataset.events, ledger=dataset.ledger,
            )  # fmt: skip
