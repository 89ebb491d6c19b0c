"""A value that merged cells cover is seen by nobody: no format gives it to a patient, and none loses it unsaid."""

from __future__ import annotations

import importlib.util
import struct
import tempfile
from datetime import date
from pathlib import Path

import pytest

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.model.ledger import ledger_counts
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset

_SPEC = importlib.util.spec_from_file_location("workbooks", Path(__file__).with_name("workbooks.py"))
workbooks = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(workbooks)

CATALOGUE = Catalogue.of(
    Definition(
        key="ck", version="1", kind="observation", label="CK", citations=(Citation(text="A chart"),),
        missing="no value", type="number", unit="U/L", range=Range(low=0),
    )
)  # fmt: skip
TABLE = (("Patient", "Day", "CK"), ("A1", 0.0, 93.0), ("B2", 28.0, 120.0), ("B2", 56.0, 140.0))


def written(suffix, merge, table=TABLE):
    """Write a table as a workbook; `merge` gives first and last row, first and last column of merged cells, from 1."""
    cells = [(i, j, value) for i, row in enumerate(table, 1) for j, value in enumerate(row, 1) if value is not None]
    first, last, left, right = merge
    if suffix == ".xls":
        body = struct.pack("<HHHHH", 1, first - 1, last - 1, left - 1, right - 1)
        return workbooks.xls(cells, end=workbooks._old(0x00E5, body))
    if suffix == ".xlsb":
        return workbooks.xlsb(cells, merged=[(first - 1, last - 1, left - 1, right - 1)])
    name = "ABCDEFGHIJ"
    if suffix == ".ods":
        rows = ""
        for i, row in enumerate(table, 1):
            rows += "<table:table-row>"
            for j, value in enumerate(row, 1):
                under = first <= i <= last and left <= j <= right and (i, j) != (first, left)
                tag = "table:covered-table-cell" if under else "table:table-cell"
                kind = f'float" office:value="{value}' if isinstance(value, float) else "string"
                more = (
                    f' table:number-rows-spanned="{last - first + 1}" table:number-columns-spanned="{right - left + 1}"'
                    if (i, j) == (first, left)
                    else ""
                )
                held = f' office:value-type="{kind}"><text:p>{value}</text:p>' if value is not None else ">"
                rows += f"<{tag}{more}{held}</{tag}>"
            rows += "</table:table-row>"
        return workbooks.ods(rows)
    rows = ""
    for i, row in enumerate(table, 1):
        rows += f'<row r="{i}">'
        for j, value in enumerate(row, 1):
            if value is not None:
                kind = "" if isinstance(value, float) else ' t="str"'
                rows += f'<c r="{name[j - 1]}{i}"{kind}><v>{value}</v></c>'
        rows += "</row>"
    place = f"{name[left - 1]}{first}:{name[right - 1]}{last}"
    return workbooks.xlsx(rows, tail=f'<mergeCells count="1"><mergeCell ref="{place}"/></mergeCells>')


def read(content, suffix, **more):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "p.csv").write_text("id\nA1\nB2\n")
        (Path(folder) / f"v{suffix}").write_bytes(content)
        tables = [
            {"feeds": "patients", "file": "p.csv", "patient_id": "id"},
            {"feeds": "observations", "layout": "one row per visit", "patient_id": "Patient", "day": "Day",
             "file": f"v{suffix}", "observations": {"ck": {"column": "CK", "unit": "U/L"}}, **more},
        ]  # fmt: skip
        return read_dataset(folder, parse_mapping({"table": tables}), CATALOGUE, today=date(2026, 1, 1))


def values(dataset):
    return [(o["patient_id"], o["day"], o["number"]) for o in dataset.observations.to_pylist()]


def fates(dataset, rule="value under merged cells"):
    return [
        (line["source_row"], line["source_column"], line["fate"], line["found"])
        for line in dataset.ledger.to_pylist()
        if line["reason"] == rule
    ]


FORMATS = pytest.mark.parametrize("suffix", [".xlsx", ".xlsb", ".xls", ".ods"])


@FORMATS
def test_a_value_under_merged_cells_is_rejected_and_told_in_every_format(suffix):
    dataset = read(written(suffix, (2, 3, 3, 3)), suffix)
    assert values(dataset) == [("A1", 0, 93), ("B2", 56, 140)]
    assert fates(dataset) == [(3, "CK", "rejected", "")]
    (finding,) = [f for f in dataset.findings if f.rule == "value under merged cells"]
    assert (finding.severity, finding.source_row, finding.source_column, finding.count) == ("error", 3, "CK", 1)
    assert "120" not in finding.message
    assert "take the merge apart" in finding.message
    assert [f.count for f in dataset.findings if f.rule == "merged cells"] == [2]
    (count,) = [count for count in ledger_counts(dataset) if count.source.startswith("v")]
    assert count.cells == 9


@FORMATS
def test_an_identifier_under_merged_cells_names_nobody(suffix):
    dataset = read(written(suffix, (2, 4, 1, 1)), suffix)
    assert values(dataset) == [("A1", 0, 93)]
    assert fates(dataset) == [(3, "Patient", "rejected", ""), (4, "Patient", "rejected", "")]
    assert not any("B2" in finding.message for finding in dataset.findings)


@FORMATS
def test_a_row_that_lies_wholly_under_merged_cells_still_has_its_lines_in_the_ledger(suffix):
    table = (*TABLE, ("B2", 84.0, 150.0), (None, 90.0, 160.0))
    dataset = read(written(suffix, (5, 6, 1, 3), table), suffix)
    assert values(dataset) == [("A1", 0, 93), ("B2", 28, 120), ("B2", 56, 140)]
    assert {row for row, *_ in fates(dataset)} == {5, 6}
    assert len(fates(dataset)) == 4


@FORMATS
def test_what_merged_cells_hide_outside_the_table_is_ignored_as_its_row_is(suffix):
    table = (("Visits", "of", "2020"), *TABLE, ("Total", 3.0, 353.0))
    above = read(written(suffix, (1, 1, 1, 3), table), suffix, header_row=2, last_row=5)
    assert [f.rule for f in above.findings if "merged" in f.rule] == []
    assert fates(above, "above the header")[-2:] == [(1, "Day", "ignored", ""), (1, "CK", "ignored", "")]
    below = read(written(suffix, (6, 6, 1, 3), table), suffix, header_row=2, last_row=5)
    assert [f.rule for f in below.findings if "merged" in f.rule] == []
    assert fates(below, "below the last row")[-2:] == [(6, "Day", "ignored", ""), (6, "CK", "ignored", "")]


@FORMATS
def test_a_name_of_a_column_that_merged_cells_hide_names_none_and_is_told(suffix):
    table = (("Patient", "Day", "CK", "Note"), *((*row, "x") for row in TABLE[1:]))
    dataset = read(written(suffix, (1, 1, 3, 4), table), suffix)
    assert len(values(dataset)) == 3
    told = [(f.source_row, f.source_column) for f in dataset.findings if f.rule == "value under merged cells"]
    assert told == [(1, "column 4")]
    ignored = read(written(suffix, (2, 2, 3, 4), table), suffix, ignore=["Note"])
    assert [f.rule for f in ignored.findings if f.rule == "value under merged cells"] == []
    assert (2, "Note", "ignored", "") in fates(ignored, "column declared as ignored")
