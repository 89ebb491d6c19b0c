"""A mapping means what docs/mapping.md says, and one that is incomplete or contradicts itself is refused."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.errors import ProtocolError, UnknownNameError
from myosotis.model.layout import LAYOUTS
from myosotis.model.ledger import ledger_counts
from myosotis.model.mapping import mapped_columns, parse_mapping, read_mapping
from myosotis.model.read import read_dataset

DOCUMENT = Path(__file__).parents[2] / "docs" / "mapping.md"

PATIENTS = {"feeds": "patients", "file": "p.csv", "patient_id": "id"}
VISITS = {
    "feeds": "observations", "layout": "one row per visit", "file": "v.csv", "patient_id": "id", "date": "d",
    "observations": {"ck": {"column": "CK", "unit": "U/L"}},
}  # fmt: skip
LONG = {
    "feeds": "observations", "layout": "one row per measurement", "file": "v.csv", "patient_id": "id", "day": "d",
    "name": "n", "value": "v", "unit": "U/L",
}  # fmt: skip
WIDE = {
    "feeds": "observations", "layout": "one column per visit", "file": "v.csv", "patient_id": "id", "at": "week",
    "observation": "ck", "unit": "U/L", "columns": {"a": 0, "b": 4},
}  # fmt: skip
DRUGS = {"feeds": "treatments", "file": "t.csv", "patient_id": "id", "columns": {"drug": "Drug"}}


def without(part, key):
    return {k: v for k, v in part.items() if k != key}


def observation(key, unit="", *, type="number", analyte=""):
    return Definition(
        key=key, version="1", kind="observation", label=key, citations=(Citation(text="A chart"),), missing="no value",
        type=type, unit=unit, range=Range(low=0) if unit else None, analyte=analyte,
    )  # fmt: skip


class TestDocument:
    @pytest.fixture
    def dataset(self, tmp_path):
        text = DOCUMENT.read_text(encoding="utf-8")
        for name, content in re.findall(r"```csv (\S+)\n(.*?)```", text, flags=re.DOTALL):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        (mapping,) = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
        catalogue = Catalogue.of(
            observation("skin_das", "points"),
            observation("ck", "U/L"),
            observation("creatinine", "µmol/L", analyte="creatinine"),
            observation("ulceration", type="yes or no"),
        )
        return read_dataset(tmp_path, read_mapping(tmp_path / "mapping.toml"), catalogue)

    def test_the_example_gives_the_tables_it_promises(self, dataset):
        assert [(f.severity, f.rule, f.source_row) for f in dataset.findings] == [("note", "course without a stop", 2)]
        assert dataset.patients.select(["patient_id", "sex", "birth_date", "diagnosis_date"]).to_pylist() == [
            {"patient_id": "P1", "sex": "female", "birth_date": date(2012, 5, 3), "diagnosis_date": date(2020, 1, 12)},
            {"patient_id": "P2", "sex": "male", "birth_date": date(2014, 11, 17), "diagnosis_date": None},
        ]
        rows = dataset.observations.to_pylist()
        assert [
            (r["patient_id"], r["date"].isoformat(), r["week"], r["name"], r["number"], r["unit"]) for r in rows
        ] == [
            ("P1", "2020-03-02", 0, "skin_das", 6, "points"),
            ("P1", "2020-03-02", 0, "ck", 412.5, "U/L"),
            ("P1", "2020-03-02", 0, "creatinine", 44.2, "µmol/L"),
            ("P1", "2020-03-02", 0, "ulceration", 1, ""),
            ("P1", "2020-03-30", 4, "skin_das", 3, "points"),
            ("P1", "2020-03-30", 4, "ck", 150, "U/L"),
            ("P1", "2020-03-30", 4, "creatinine", 48, "µmol/L"),
            ("P1", "2020-03-30", 4, "ulceration", 0, ""),
            ("P2", "2020-03-09", 0, "skin_das", 7, "points"),
            ("P2", "2020-03-09", 0, "ulceration", 0, ""),
        ]
        assert [(r["upper_limit"], r["lower_limit"]) for r in rows if r["name"] == "ck"] == [(170, None), (170, None)]
        assert [r["text"] for r in rows if r["name"] == "ulceration"] == ["yes", "no", "no"]
        (first, second) = dataset.treatments.to_pylist()
        assert (first["drug"], first["drug_class"], first["start"], first["stop"], first["dose"], first["dose_unit"]) == (
            "baricitinib", "JAK inhibitor", date(2020, 3, 2), None, 4, "mg/day",
        )  # fmt: skip
        assert second["stop"] == date(2020, 6, 1)

    def test_the_ledger_keeps_both_values_of_a_conversion(self, dataset):
        lines = {(x["source"], x["source_row"], x["source_column"]): x for x in dataset.ledger.to_pylist()}
        line = lines["data/visits.csv", 2, "Creatinine"]
        assert (line["fate"], line["found"], line["became"], line["reason"]) == (
            "converted", "0,5", "44.2", "decimal comma, mg/dL to µmol/L",
        )  # fmt: skip
        assert lines["data/visits.csv", 4, "CK upper limit"]["reason"] == "nothing on its row uses it"
        assert [(c.source, c.cells) for c in ledger_counts(dataset)] == [
            ("data/patients.csv", 9), ("data/visits.csv", 25), ("data/drugs.csv", 9),
        ]  # fmt: skip

    def test_it_lists_every_column_and_layout(self):
        text = DOCUMENT.read_text(encoding="utf-8")
        for name in ("patients", "treatments", "conditions", "events"):
            for column in mapped_columns(name):
                assert f"`{column}`" in text, column
        for layout in (layout for layouts in LAYOUTS.values() for layout in layouts if layout):
            assert f'layout = "{layout}"' in text

    def test_its_fragments_are_toml(self):
        for fragment in re.findall(r"```text\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), flags=re.DOTALL):
            assert tomllib.loads(fragment)


class TestRefusals:
    @pytest.mark.parametrize(
        ("parts", "message"),
        [
            ([], "has no [[table]]"),
            ([VISITS], 'no table feeds "patients"'),
            ([{**PATIENTS, "feeds": "patient"}], "feeds = 'patient'; write one of patients, observations"),
            ([without(PATIENTS, "file")], "no file; write file as a text"),
            ([without(PATIENTS, "patient_id")], "no patient_id; write patient_id as a text"),
            ([{**PATIENTS, "headerrow": 2}], "no key 'headerrow' here; did you mean 'header_row'"),
            ([{**PATIENTS, "header_row": "2"}], "header_row = '2'; write header_row as a whole number"),
            ([{**PATIENTS, "header_row": True}], "header_row = True"),
            ([{**PATIENTS, "repeated": "yes"}], "repeated = 'yes'; write repeated as true or false"),
            ([{**PATIENTS, "decimal": "·"}], 'decimal = \'·\'; write "." or ","'),
            ([{**PATIENTS, "delimiter": "|"}], "delimiter = '|'"),
            ([{**PATIENTS, "layout": "one row per visit"}], "write no layout"),
            ([{**PATIENTS, "columns": {"sexx": "Sex"}}], "no key 'sexx' here; did you mean 'sex'"),
            ([{**PATIENTS, "columns": {"sex": 3}}], "found 3; write a column name"),
            ([{**PATIENTS, "columns": {"sex": {"column": "S", "value": "female"}}}], "either column or value"),
            ([{**PATIENTS, "columns": {"sex": {"codes": {"F": "female"}}}}], "either column or value"),
            ([{**PATIENTS, "columns": {"sex": {"column": "S", "codes": {}}}}], "codes must say"),
            ([{**PATIENTS, "columns": {"sex": {"column": "S", "codes": {"F": ["f"]}}}}], "the code 'F' stands for ['f']"),
            ([{**PATIENTS, "columns": {"age_at_index": "Age"}}], "age_at_index has no unit"),
            ([{**PATIENTS, "columns": {"sex": "Sex"}, "ignore": ["Sex"]}], "'Sex' is both used and ignored"),
            ([PATIENTS, {**DRUGS, "columns": {}}], "nothing feeds drug"),
            ([PATIENTS, {**DRUGS, "columns": {"drug": "D", "dose": "X"}}], "dose has no unit; add dose_unit"),
            ([PATIENTS, without(VISITS, "layout")], "layout = ''; write one of 'one row per visit'"),
            ([PATIENTS, without(VISITS, "date")], "no time; give date, day, week, month or year"),
            ([PATIENTS, {**VISITS, "day": 0}], "date and day are both given; keep one"),
            ([PATIENTS, {**VISITS, "observations": {}}], "names no observation"),
            ([PATIENTS, {**VISITS, "observations": {"ck": 3}}], "write a column name or"),
            ([PATIENTS, {**VISITS, "name": "n"}], "no key 'name' here"),
            ([PATIENTS, without(LONG, "name")], "no name"),
            ([PATIENTS, {**LONG, "value": {"value": 3}}], "value must be a column"),
            ([PATIENTS, {**LONG, "unit": {"ck": 3}}], "unit: ck = 3; write ck as a text"),
            ([PATIENTS, without(WIDE, "at")], "no at"),
            ([PATIENTS, {**WIDE, "at": "visit"}], 'at = \'visit\'; write "day", "week", "month" or "year"'),
            ([PATIENTS, {**WIDE, "columns": {"a": "0"}}], "the time of column 'a' is '0'"),
            ([PATIENTS, {**WIDE, "columns": {}}], "names no visit"),
        ],
    )  # fmt: skip
    def test_it_says_where_and_what_to_write(self, parts, message):
        with pytest.raises(ProtocolError, match=re.escape(message)) as error:
            parse_mapping({"table": parts})
        assert str(error.value).startswith("mapping")

    def test_missing_texts_are_texts(self):
        with pytest.raises(ProtocolError, match="texts must be a list of texts"):
            parse_mapping({"missing": {"texts": [-99]}, "table": [PATIENTS]})

    def test_a_file_that_is_not_there_or_not_toml(self, tmp_path):
        with pytest.raises(UnknownNameError, match=r"no mapping 'mapping.toml'"):
            read_mapping(tmp_path / "mapping.toml")
        (tmp_path / "mapping.toml").write_text("[[table]\n")
        with pytest.raises(ProtocolError, match=r"'mapping.toml' is not TOML.*line 1"):
            read_mapping(tmp_path / "mapping.toml")


def test_a_good_mapping_names_every_source_column_it_uses():
    mapping = parse_mapping({"table": [PATIENTS, VISITS, LONG, WIDE, DRUGS]})
    assert [table.source_columns for table in mapping.tables] == [
        ("id",), ("id", "d", "CK"), ("id", "d", "n", "v"), ("id", "a", "b"), ("id", "Drug"),
    ]  # fmt: skip
