"""Every place that data come from gives the same cells, under the row numbers a person sees."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import DataError, EmptySourceError, MissingColumnError
from myosotis.sources.csv import read_csv
from myosotis.sources.parquet import read_parquet
from myosotis.sources.sheet import FileError, Grid, is_blank, text_of
from myosotis.sources.workbook import read_workbook


def written(path, content, encoding="utf-8"):
    path.write_bytes(content.encode(encoding))
    return path


class TestText:
    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            (None, ""), ("  a b ", "a b"), (3, "3"), (3.0, "3"), (-0.5, "-0.5"), (0.1, "0.1"), (1e20, "1e+20"),
            (True, "yes"), (False, "no"), (dt.date(2020, 3, 1), "2020-03-01"),
            (dt.datetime(2020, 3, 1), "2020-03-01"), (dt.datetime(2020, 3, 1, 9, 30), "2020-03-01 09:30:00"),
            (FileError("#N/A"), "#N/A"), (float("nan"), "nan"),
        ],
    )  # fmt: skip
    def test_one_value_has_one_text(self, cell, text):
        assert text_of(cell) == text

    @pytest.mark.parametrize(("cell", "blank"), [(None, True), ("", True), (" \t", True), (0, False), (False, False)])
    def test_nothing_is_blank_and_zero_is_not(self, cell, blank):
        assert is_blank(cell) is blank


class TestGrid:
    def test_rows_keep_their_numbers_and_blank_rows_go(self):
        grid = Grid.of(file="f", name="", rows=[["a", "b"], [], ["1", ""], ["", ""], ["", "2"]])
        sheet = grid.sheet()
        assert [(row.number, row.cells) for row in sheet.rows] == [(3, ("1", "")), (5, ("", "2"))]

    def test_the_header_may_lie_lower(self):
        sheet = Grid.of(file="f", name="", rows=[["Title"], [], ["a", "b"], ["1", "2"]]).sheet(3)
        assert (sheet.header, sheet.rows[0].number, sheet.above[0].cells) == (("a", "b"), 4, ("Title", None))

    def test_a_blank_header_row_is_told(self):
        with pytest.raises(EmptySourceError, match=r"row 1 is blank.*first row with text is 2"):
            Grid.of(file="f", name="", rows=[[], ["a"], ["1"]]).sheet()

    def test_columns_without_a_header_or_with_the_same_one_are_told_apart(self):
        sheet = Grid.of(file="f", name="", rows=[["Date", "", "Date"], ["1", "2", "3", "4"]]).sheet()
        assert sheet.header == ("Date (column 1)", "column 2", "Date (column 3)", "column 4")

    def test_a_shared_header_cannot_be_used_by_its_bare_name(self):
        sheet = Grid.of(file="f", name="", rows=[["Date", "Date"], ["1", "2"]]).sheet()
        with pytest.raises(MissingColumnError, match=r"no column 'Date', known are Date \(column 1\)"):
            sheet.columns("Date")

    def test_blanks_in_a_header_are_one_blank(self):
        assert Grid.of(file="f", name="", rows=[["  CK \n (U/L)"], ["1"]]).sheet().header == ("CK (U/L)",)


class TestCsv:
    def test_a_file_is_read_as_text_with_its_digest(self, tmp_path):
        path = written(tmp_path / "a.csv", "a,b\n01,x\n")
        grid, info = read_csv(path, file="data/a.csv")
        assert [row.cells for row in grid.rows] == [("a", "b"), ("01", "x")]
        assert info.file == "data/a.csv"
        assert (info.sha256, info.bytes) == (hashlib.sha256(b"a,b\n01,x\n").hexdigest(), 9)

    def test_a_byte_order_mark_is_dropped(self, tmp_path):
        grid, _ = read_csv(written(tmp_path / "a.csv", "a\n1\n", "utf-8-sig"), file="a.csv")
        assert grid.rows[0].cells == ("a",)

    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_the_delimiter_is_found(self, tmp_path, mark):
        path = written(tmp_path / "a.csv", f"a{mark}b{mark}c\n1{mark}2{mark}3\n")
        assert read_csv(path, file="a.csv")[0].rows[1].cells == ("1", "2", "3")

    def test_a_comma_inside_quotes_does_not_count(self, tmp_path):
        path = written(tmp_path / "a.csv", '"x, y, z";b\n1,5;2\n')
        assert read_csv(path, file="a.csv")[0].rows[1].cells == ("1,5", "2")

    def test_two_delimiters_alike_are_not_guessed_between(self, tmp_path):
        path = written(tmp_path / "a.csv", "a,b;c\n1,2;3\n")
        with pytest.raises(DataError, match="comma and semicolon both split the first row into 2 fields; declare"):
            read_csv(path, file="a.csv")
        assert read_csv(path, file="a.csv", delimiter=";")[0].rows[0].cells == ("a,b", "c")

    def test_a_line_break_in_quotes_does_not_start_a_row_and_a_blank_line_counts(self, tmp_path):
        path = written(tmp_path / "a.csv", 'a,b\r\n"x\r\ny",1\r\n\r\nz,2\r\n')
        sheet = read_csv(path, file="a.csv")[0].sheet()
        assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("x\r\ny", "1")), (4, ("z", "2"))]

    def test_another_encoding_is_refused_until_declared(self, tmp_path):
        path = written(tmp_path / "a.csv", "Größe\n1\n", "cp1252")
        with pytest.raises(DataError, match="byte 2 is not utf-8; save the file as UTF-8, or declare"):
            read_csv(path, file="a.csv")
        assert read_csv(path, file="a.csv", encoding="cp1252")[0].rows[0].cells == ("Größe",)
        with pytest.raises(DataError, match="encoding 'utf-99' is unknown"):
            read_csv(path, file="a.csv", encoding="utf-99")

    @pytest.mark.parametrize("content", ['a,b\n"1,2\n', 'a,b\n"1"x,2\n'])
    def test_quotes_that_do_not_match_are_refused(self, tmp_path, content):
        with pytest.raises(DataError, match=r"is not delimited text.*check the quotes"):
            read_csv(written(tmp_path / "a.csv", content), file="a.csv")

    def test_a_missing_file_names_the_nearest(self, tmp_path):
        written(tmp_path / "visits.csv", "a\n1\n")
        with pytest.raises(DataError, match=r"no file 'data/visit.csv': did you mean 'visits.csv'"):
            read_csv(tmp_path / "visit.csv", file="data/visit.csv")
        with pytest.raises(DataError, match="its folder is missing or empty"):
            read_csv(tmp_path / "nowhere" / "visit.csv", file="visit.csv")

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.sampled_from([b"a", b"1", b",", b";", b"\t", b'"', b"\n", b"\r", b"\x00", b"\xff"]), min_size=1))
    def test_any_bytes_are_read_or_refused(self, pieces):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.csv"
            path.write_bytes(b"".join(pieces))
            with contextlib.suppress(DataError):
                read_csv(path, file="a.csv")[0].sheet()


class TestWorkbook:
    @pytest.fixture
    def workbook(self, tmp_path):
        path = tmp_path / "a.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("Visits")
        dates = [
            book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "dd.mm.yyyy", "d-mmm-yy", "[$-407]d. mmmm yyyy")
        ]
        sheet.write_row("B3", ["Patient", "Date", "Value", "Flag"])
        for i, style in enumerate(dates):
            sheet.write_number(3 + i, 1, i + 1)
            sheet.write_datetime(3 + i, 2, dt.datetime(2020, 1, 2), style)
            sheet.write_number(3 + i, 3, 2.5)
            sheet.write_boolean(3 + i, 4, i % 2 == 0)
        sheet.write_number(8, 2, 43832)
        book.add_worksheet("Empty")
        hidden = book.add_worksheet("Hidden")
        hidden.write("A1", "x")
        hidden.hide()
        book.close()
        return path

    def test_cells_are_typed_and_numbered_as_seen(self, workbook):
        grids, info = read_workbook(workbook, file="a.xlsx")
        assert [grid.name for grid in grids] == ["Visits", "Empty", "Hidden"]
        assert info.bytes == workbook.stat().st_size
        sheet = grids[0].sheet(3)
        assert sheet.header == ("column 1", "Patient", "Date", "Value", "Flag")
        assert [row.number for row in sheet.rows] == [4, 5, 6, 7, 9]
        assert {row.cells[2] for row in sheet.rows[:4]} == {dt.date(2020, 1, 2)}
        assert sheet.rows[0].cells == (None, 1.0, dt.date(2020, 1, 2), 2.5, True)

    def test_a_date_without_a_date_format_stays_a_number(self, workbook):
        assert read_workbook(workbook, file="a.xlsx")[0][0].sheet(3).rows[4].cells[2] == 43832

    def test_an_empty_sheet_is_refused_when_used(self, workbook):
        with pytest.raises(EmptySourceError, match=r"sheet 'Empty' of 'a.xlsx' is empty"):
            read_workbook(workbook, file="a.xlsx")[0][1].sheet()

    def test_error_values_and_formulas_without_a_result_do_not_vanish(self, tmp_path):
        path = tmp_path / "a.xlsx"
        book = openpyxl.Workbook()
        for row in (["a", "b"], ["#N/A", 1], [2, "=1/0"], ["x", None], [None, "#DIV/0!"]):
            book.active.append(row)
        book.save(path)
        rows = read_workbook(path, file="a.xlsx")[0][0].rows
        assert [row.cells for row in rows[1:]] == [
            (FileError("#N/A"), 1.0),
            (2.0, FileError("formula without a result")),
            ("x", None),
            (None, FileError("#DIV/0!")),
        ]

    def test_a_formula_gives_its_saved_result(self, tmp_path):
        path = tmp_path / "a.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet()
        sheet.write("A1", "a")
        sheet.write_formula("A2", "=1+2", None, 3)
        sheet.write_formula("A3", '="x"&"y"', None, "xy")
        book.close()
        assert [row.cells for row in read_workbook(path, file="a.xlsx")[0][0].rows] == [("a",), (3.0,), ("xy",)]

    @pytest.mark.parametrize("content", [b"not a workbook", b"PK\x03\x04 damaged"])
    def test_what_is_not_a_workbook_is_refused(self, tmp_path, content):
        (tmp_path / "a.xlsx").write_bytes(content)
        with pytest.raises(DataError, match=r"'a.xlsx' cannot be read as a workbook.*save it again"):
            read_workbook(tmp_path / "a.xlsx", file="a.xlsx")

    def test_no_heavy_package_is_loaded_on_the_usual_path(self, workbook):
        code = (
            "import sys; from pathlib import Path; from myosotis.sources.workbook import read_workbook;"
            f"read_workbook(Path({str(workbook)!r}), file='a.xlsx');"
            "print(sorted({'openpyxl', 'pandas', 'pyarrow', 'numpy'} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


class TestParquet:
    def test_typed_columns_come_as_cells(self, tmp_path):
        table = pa.table(
            {
                "id": ["a", None],
                "n": pa.array([1, 2], pa.int64()),
                "x": [0.5, float("nan")],
                "d": [dt.date(2020, 1, 2), None],
                "p": [Decimal("1.50"), None],
                "l": [[1, 2], None],
            }
        )
        pq.write_table(table, tmp_path / "a.parquet")
        sheet, _ = read_parquet(tmp_path / "a.parquet", file="a.parquet")
        assert sheet.header == ("id", "n", "x", "d", "p", "l")
        assert [row.number for row in sheet.rows] == [1, 2]
        assert sheet.rows[0].cells == ("a", 1, 0.5, dt.date(2020, 1, 2), 1.5, "[1, 2]")
        assert text_of(sheet.rows[1].cells[2]) == "nan"

    def test_what_is_not_parquet_or_has_no_rows_is_refused(self, tmp_path):
        (tmp_path / "a.parquet").write_bytes(b"PAR0")
        with pytest.raises(DataError, match="cannot be read as Parquet"):
            read_parquet(tmp_path / "a.parquet", file="a.parquet")
        pq.write_table(pa.table({"a": pa.array([], pa.string())}), tmp_path / "b.parquet")
        with pytest.raises(EmptySourceError, match=r"'b.parquet' has no rows"):
            read_parquet(tmp_path / "b.parquet", file="b.parquet")
        assert read_parquet(tmp_path / "b.parquet", file="b.parquet", may_be_empty=True)[0].rows == ()
