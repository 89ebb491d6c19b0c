"""A workbook that is damaged, endless, locked or full of errors costs the cells concerned, or is refused in words."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import struct
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.errors import DataError
from myosotis.model.ledger import ledger_counts
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset
from myosotis.sources.cell import FileError
from myosotis.sources.workbook import read_workbook

_SPEC = importlib.util.spec_from_file_location("workbooks", Path(__file__).with_name("workbooks.py"))
workbooks = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(workbooks)
compound, ods, packed = workbooks.compound, workbooks.ods, workbooks.packed
xls, xlsb, xlsx = workbooks.xls, workbooks.xlsb, workbooks.xlsx

CATALOGUE = Catalogue.of(
    Definition(
        key="ck", version="1", kind="observation", label="CK", citations=(Citation(text="A chart"),),
        missing="no value", type="number", unit="U/L", range=Range(low=0),
    )
)  # fmt: skip
TABLE = [["Patient", "Day", "CK"], ["A1", 0.0, 93.5], ["A1", 28.0, 120.0], ["B2", 0.0, 400.0]]
MAPPING = [
    {"feeds": "patients", "file": "p.csv", "patient_id": "id"},
    {"feeds": "observations", "layout": "one row per visit", "patient_id": "Patient", "day": "Day",
     "observations": {"ck": {"column": "CK", "unit": "U/L"}}},
]  # fmt: skip
CODES = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}
NEW = ["#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!", "#PYTHON!", "#GETTING_DATA"]


def read(content, suffix, today=date(2026, 1, 1), **more):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "p.csv").write_text("id\nA1\nB2\n")
        (Path(folder) / f"v{suffix}").write_bytes(content)
        tables = [MAPPING[0], {**MAPPING[1], "file": f"v{suffix}", **more}]
        return read_dataset(folder, parse_mapping({"table": tables}), CATALOGUE, today=today)


def grids(content, suffix=".xlsx"):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"v{suffix}"
        path.write_bytes(content)
        return read_workbook(path, file=f"v{suffix}")[0]


def rows(content, suffix=".xlsx"):
    return {row.number: row.cells for row in grids(content, suffix)[0].rows}


def numbers(dataset):
    return {(r["patient_id"], r["day"], r["number"]) for r in dataset.observations.to_pylist()}


TRUTH = {(row[0], row[1], row[2]) for row in TABLE[1:]}


def as_xlsx(table):
    def cell(value, place):
        if isinstance(value, FileError):
            return f'<c r="{place}" t="e"><v>{value.text}</v></c>'
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{place}"><v>{value}</v></c>'

    return xlsx(
        "".join(
            f'<row r="{i}">'
            + "".join(cell(value, f"{letters(j)}{i}") for j, value in enumerate(row, start=1) if value is not None)
            + "</row>"
            for i, row in enumerate(table, start=1)
        )
    )


def as_ods(table):
    def cell(value):
        if isinstance(value, FileError):
            return (
                '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
                f'calcext:value-type="error"><text:p>{value.text}</text:p></table:table-cell>'
            )
        kind = "string" if isinstance(value, str) else f'float" office:value="{value}'
        return f'<table:table-cell office:value-type="{kind}"><text:p>{value}</text:p></table:table-cell>'

    return ods("".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in table))


def letters(column):
    first, last = divmod(column - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def coded(table, write):
    places = [(i, j, v) for i, row in enumerate(table, start=1) for j, v in enumerate(row, start=1) if v is not None]
    return write([(i, j, bytes([CODES.get(v.text, 0x33)]) if isinstance(v, FileError) else v) for i, j, v in places])


MAKE = {
    ".xlsx": as_xlsx,
    ".xlsm": as_xlsx,
    ".ods": as_ods,
    ".xlsb": lambda table: coded(table, xlsb),
    ".xls": lambda table: coded(table, xls),
}


@pytest.mark.parametrize("suffix", MAKE)
def test_every_format_gives_the_same_numbers(suffix):
    dataset = read(MAKE[suffix](TABLE), suffix)
    assert numbers(dataset) == TRUTH
    assert dataset.findings == ()


@settings(deadline=None, max_examples=60)
@given(
    suffix=st.sampled_from(sorted(MAKE)),
    row=st.integers(1, 3),
    column=st.integers(0, 2),
    error=st.sampled_from([*CODES, *NEW]),
)
def test_an_error_value_anywhere_costs_its_cell_and_is_told(suffix, row, column, error):
    table = [list(line) for line in TABLE]
    table[row][column] = FileError(error)
    dataset = read(MAKE[suffix](table), suffix)
    assert numbers(dataset) == {one for one in TRUTH if one != tuple(TABLE[row])}
    (line,) = [
        x
        for x in dataset.ledger.to_pylist()
        if x["source"] == f"v{suffix}" and (x["source_row"], x["source_column"]) == (row + 1, TABLE[0][column])
    ]
    assert (line["fate"], line["reason"], line["found"]) == ("rejected", "error value in the workbook", "")
    (count,) = [count for count in ledger_counts(dataset) if count.sheet == "Visits"]
    assert count.used + count.converted + count.ignored + count.rejected == count.cells == 9
    (finding,) = [f for f in dataset.findings if f.rule == "error value in the workbook"]
    assert (finding.severity, finding.sheet, finding.source_row) == ("error", "Visits", row + 1)


class TestFormulas:
    def test_one_without_a_result_and_a_chart_sheet_cost_nothing_else(self, tmp_path):
        book = openpyxl.Workbook()
        book.active.title = "Visits"
        for row in TABLE:
            book.active.append(row)
        book.active["C3"] = "=1/0"
        book.create_chartsheet("Chart")
        book.save(tmp_path / "v.xlsx")
        dataset = read((tmp_path / "v.xlsx").read_bytes(), ".xlsx", sheet="Visits")
        assert numbers(dataset) == TRUTH - {("A1", 28, 120)}
        assert [(f.rule, f.source_row) for f in dataset.findings] == [("error value in the workbook", 3)]
        assert [grid.name for grid in grids((tmp_path / "v.xlsx").read_bytes())] == ["Visits"]

    @pytest.mark.parametrize("cell", ['t="str"><f>IF(1,"","x")</f><v></v>', 't="str"><f>A1&amp;""</f>'])
    def test_one_that_gives_an_empty_text_is_blank(self, cell):
        found = rows(xlsx(f'<row r="1"><c r="A1"><v>1</v></c><c r="B1" {cell}</c><c r="C1"><v>2</v></c></row>'))
        assert found == {1: (1.0, None, 2.0)}

    def test_one_that_may_have_given_an_empty_text_is_blank_with_a_note(self, tmp_path):
        book = xlsxwriter.Workbook(tmp_path / "v.xlsx")
        sheet = book.add_worksheet("Visits")
        for i, row in enumerate(TABLE):
            sheet.write_row(i, 0, row)
        sheet.write_formula("C3", '=IF(A3="","","")', None, "")
        book.close()
        dataset = read((tmp_path / "v.xlsx").read_bytes(), ".xlsx")
        assert numbers(dataset) == TRUTH - {("A1", 28, 120)}
        assert ("note", "formula with an empty result", 3) in {
            (f.severity, f.rule, f.source_row) for f in dataset.findings
        }
        assert {f.severity for f in dataset.findings} == {"note"}

    @pytest.mark.parametrize("value", ["<v></v>", "<v/>", ""])
    def test_one_that_cannot_give_an_empty_text_has_no_result(self, value):
        found = rows(xlsx(f'<row r="1"><c r="A1"><f>B1+1</f>{value}</c><c r="B1"><v>1</v></c></row>'))
        assert found == {1: (FileError("formula without a result"), 1.0)}

    def test_an_ods_formula_without_a_result_is_told(self):
        cell = '<table:table-row><table:table-cell table:formula="of:=A2"/></table:table-row>'
        assert rows(ods(cell), ".ods") == {1: (FileError("formula without a result"),)}


class TestSizes:
    @pytest.mark.parametrize(
        ("content", "suffix"),
        [
            (xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), ".xlsx"),
            (xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="B4294967295" t="e"><v>#N/A</v></c></row>'), ".xlsx"),
            (xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="XFD99999" t="str"><f>A1&amp;""</f><v></v></c></row>'), ".xlsx"),
            (xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="XFD99999" t="inlineStr"><is><t></t></is></c></row>'), ".xlsx"),
            (xlsb([(1, 1, 1.0), (1048576, 16384, 1.0)]), ".xlsb"),
            (xlsb([(1, 1, 1.0), (1048576, 16384, b"\x2a")]), ".xlsb"),
            (xls([(1, 1, 1.0), (65536, 65536, 1.0)]), ".xls"),
            (ods('<table:table-row table:number-rows-repeated="1048570"><table:table-cell office:value-type="string" '
                 'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'), ".ods"),
            (ods('<table:table-row table:number-rows-repeated="9999999999"><table:table-cell table:formula="of:=A1"/>'
                 "</table:table-row>"), ".ods"),
        ],
    )  # fmt: skip
    def test_a_cell_too_far_away_is_refused_with_its_place(self, content, suffix):
        with pytest.raises(DataError, match=r"sheet 'Visits' of 'v\.\w+': a cell in row \d+, column \d+ \([A-Z]+\d+\)"):
            grids(content, suffix)

    @settings(deadline=None, max_examples=25)
    @given(row=st.integers(5, 3000), column=st.integers(4, 256), suffix=st.sampled_from([".xlsx", ".xls", ".xlsb"]))
    def test_a_stray_cell_that_is_near_enough_is_told_as_undeclared(self, row, column, suffix):
        table = [*TABLE, *[[]] * (row - 5), [*[None] * (column - 1), "x"]]
        dataset = read(MAKE[suffix](table), suffix)
        assert numbers(dataset) == TRUTH
        assert [(f.rule, f.source_row, f.source_column) for f in dataset.findings] == [
            ("column not declared", row, f"column {column}")
        ]

    def test_rows_without_a_value_are_passed_over(self):
        blank = "".join(f'<row r="{i}"><c r="A{i}" s="1"/></row>' for i in range(3, 60_000))
        assert rows(xlsx(f'<row r="2"><c r="A2"><v>1</v></c></row>{blank}')) == {2: (1.0,)}

    @pytest.mark.parametrize("dimension", ["A1:XFD1048576", "A1:ZZZZ99999999999", "nonsense", "XFD1048576:A1"])
    def test_what_a_sheet_says_of_its_own_size_is_not_believed(self, dimension):
        content = xlsx('<row r="1"><c r="A1"><v>1</v></c></row>', head=f'<dimension ref="{dimension}"/>')
        with contextlib.suppress(DataError):
            assert rows(content) == {1: (1.0,)}

    def test_what_an_old_workbook_says_of_its_size_ends_no_process(self):
        with pytest.raises(DataError, match="sizes are damaged"):
            grids(xls([(1, 1, 1.0)], dimensions=(0, 0xFFFFFFFF, 0, 0xFFFF)), ".xls")

    def test_a_pack_that_unpacks_to_too_much_is_refused(self):
        with pytest.raises(DataError, match=r"holds \d+ bytes that unpack to \d+"):
            grids(xlsx('<row r="1"><c r="A1"><v>1</v></c></row>', tail=" " * (40 * 2**20)))

    def test_a_long_text_that_many_cells_share_is_refused_before_it_is_laid_out(self):
        cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 20_001))
        with pytest.raises(DataError, match="its texts take more than"):
            grids(xlsx(cells, shared=f"<sst><si><t>{'x' * 60_000}</t></si></sst>"))

    def test_one_long_text_among_many_short_ones_is_read(self):
        cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>{int(i == 7)}</v></c></row>' for i in range(1, 20_001))
        shared = f"<sst><si><t>a</t></si><si><t>{'x' * 60_000}</t></si></sst>"
        assert len(rows(xlsx(cells, shared=shared))) == 20_000

    def test_a_count_of_shared_texts_that_is_absurd_is_refused(self):
        shared = '<sst count="4000000000" uniqueCount="4000000000"><si><t>x</t></si></sst>'
        with pytest.raises(DataError, match="4000000000 shared texts are counted and 1 are there"):
            grids(xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared=shared))

    def test_ten_thousand_columns_are_read(self):
        table = [[*TABLE[0], *(f"c{j}" for j in range(9997))]] + [[*line, *[1.0] * 9997] for line in TABLE[1:]]
        dataset = read(coded(table, xlsb), ".xlsb", ignore=[f"c{j}" for j in range(9997)])
        assert numbers(dataset) == TRUTH


class TestForms:
    @pytest.mark.parametrize(
        "change",
        [
            lambda xml: (
                xml.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("xmlns", "xmlns:x")
            ),
            lambda xml: ('<?xml version="1.0" encoding="UTF-16"?>' + xml).encode("utf-16"),
            lambda xml: xml.replace("<sheetData>", "<!-- <c> --><sheetData>"),
            lambda xml: xml.replace('t="e"', "t='e'"),
            lambda xml: xml.replace('t="e"', 't = "e"'),
            lambda xml: xml.replace("><", ">\n <"),
        ],
        ids=["prefix", "utf-16", "comment", "other quotes", "blanks", "lines"],
    )
    def test_a_worksheet_in_an_unusual_form_shows_its_errors_too(self, change):
        first = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#SPILL!</v></c></row>'
        cells = first + '<row r="2"><c r="B2"><v>2</v></c></row>'
        part = "xl/worksheets/sheet1.xml"
        with zipfile.ZipFile(io.BytesIO(xlsx(cells))) as pack:
            parts = {name: pack.read(name) for name in pack.namelist()}
        parts[part] = change(parts[part].decode())
        assert rows(packed(parts)) == {1: (1.0, FileError("#SPILL!")), 2: (None, 2.0)}

    def test_cells_without_their_places_are_counted(self):
        found = rows(xlsx("<row><c><v>1</v></c><c t='e'><v>#N/A</v></c></row><row><c><v>2</v></c></row>"))
        assert found == {1: (1.0, FileError("#N/A")), 2: (2.0,)} or found == {
            1: (1.0, FileError("#N/A")),
            2: (2.0, None),
        }

    @settings(deadline=None, max_examples=60)
    @given(
        at=st.floats(0, 1, exclude_max=True),
        change=st.sampled_from(["cut", "flip", "zero"]),
        suffix=st.sampled_from(sorted(MAKE)),
    )
    def test_a_damaged_workbook_is_read_or_refused(self, at, change, suffix):
        content = bytearray(MAKE[suffix](TABLE))
        i = int(at * len(content))
        if change == "cut":
            content = content[:i]
        else:
            content[i] = content[i] ^ 0x41 if change == "flip" else 0
        with contextlib.suppress(DataError):
            grids(bytes(content), suffix)


class TestLocked:
    @pytest.mark.parametrize(
        ("content", "suffix"),
        [
            (compound("EncryptedPackage", b"x"), ".xlsx"),
            (xls([(1, 1, 1.0)], more=struct.pack("<HHH", 0x2F, 2, 0)), ".xls"),
            (ods("", manifest="<manifest:encryption-data/>"), ".ods"),
        ],
    )
    def test_a_workbook_with_a_password_says_so(self, content, suffix):
        with pytest.raises(DataError, match="needs a password; save a copy without one"):
            grids(content, suffix)

    def test_a_compound_file_that_is_no_workbook_is_refused(self):
        with pytest.raises(DataError, match="cannot be read as a workbook"):
            grids(compound("Letter", b"x"), ".xls")


class TestDates:
    @pytest.mark.parametrize(
        "number", ["123456789012345678", "-1e308", "1e300", "-123456789012345678901", "99999999999"]
    )
    def test_a_huge_number_in_a_date_cell_stays_a_number(self, number):
        found = rows(xlsx(f'<row r="1"><c r="A1" s="1"><v>{number}</v></c><c r="B1"><v>2</v></c></row>'))
        assert found == {1: (float(number), 2.0)}

    @pytest.mark.parametrize("epoch", [False, True])
    def test_both_epochs_give_the_same_dates(self, tmp_path, epoch):
        path = tmp_path / "a.xlsx"
        book = xlsxwriter.Workbook(path, {"date_1904": epoch})
        sheet = book.add_worksheet("Visits")
        style = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["Patient", "Day", "CK"])
        sheet.write(1, 0, "A1")
        sheet.write_datetime(1, 1, datetime(2020, 1, 5), style)
        sheet.write(1, 2, 120)
        book.close()
        table = {key: value for key, value in MAPPING[1].items() if key != "day"} | {"date": "Day", "file": "a.xlsx"}
        (tmp_path / "p.csv").write_text("id\nA1\n")
        dataset = read_dataset(
            tmp_path, parse_mapping({"table": [MAPPING[0], table]}), CATALOGUE, today=date(2026, 1, 1)
        )
        assert dataset.observations["date"].to_pylist() == [date(2020, 1, 5)]
        assert dataset.findings == ()

    @pytest.mark.parametrize(("serial", "used"), [(1, False), (59, False), (60, False), (61, True)])
    def test_a_date_before_march_1900_is_told(self, tmp_path, serial, used):
        head = f'<row r="1">{text("A1", "id")}{text("B1", "b")}</row>'
        cells = head + f'<row r="2">{text("A2", "P")}<c r="B2" s="1"><v>{serial}</v></c></row>'
        (tmp_path / "p.xlsx").write_bytes(xlsx(cells))
        table = {"feeds": "patients", "file": "p.xlsx", "patient_id": "id", "columns": {"birth_date": "b"}}
        dataset = read_dataset(tmp_path, parse_mapping({"table": [table]}), CATALOGUE, today=date(2026, 1, 1))
        assert dataset.patients["birth_date"].to_pylist() == [date(1900, 3, 1) if used else None]
        assert [(f.rule, f.source_column) for f in dataset.findings] == ([] if used else [("implausible date", "b")])


def text(place, value):
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def test_merged_cells_are_told_with_their_rows_and_give_no_value_to_others(tmp_path):
    path = tmp_path / "v.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Visits")
    for i, row in enumerate(TABLE):
        sheet.write_row(i, 1, row[1:])
    sheet.write_column(0, 0, ["Patient", None, None, "B2"])
    sheet.merge_range("A2:A3", "A1")
    book.close()
    dataset = read(path.read_bytes(), ".xlsx")
    assert numbers(dataset) == TRUTH - {("A1", 28, 120)}
    (finding,) = [f for f in dataset.findings if f.rule == "merged cells"]
    assert (finding.severity, finding.source_column, finding.count) == ("warning", "Patient", 2)
    assert "rows 2, 3" in finding.message
    assert {f.rule for f in dataset.findings} == {"merged cells", "patient id missing"}
