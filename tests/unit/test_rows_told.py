"""Whatever a sheet holds, each of its rows is counted once and none is lost without a word."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset

CATALOGUE = Catalogue.of(
    Definition(
        key="ck", version="1", kind="observation", label="CK", citations=(Citation(text="A chart"),),
        missing="no value", type="number", unit="U/L", range=Range(low=0, high=5000),
    )
)  # fmt: skip
TODAY = date(2026, 11, 26)
COLUMNS = {
    "patients": ("sex", "born", "seen"),
    "treatments": ("drug", "start", "stop", "dose"),
    "observations": ("when", "ck"),
}
KEYS = {
    "patients": {"columns": {"sex": "sex", "birth_date": "born", "last_contact": "seen"}},
    "treatments": {
        "columns": {"drug": "drug", "start": "start", "stop": "stop", "dose": "dose", "dose_unit": {"value": "mg/day"}}
    },
    "observations": {
        "layout": "one row per visit", "date": "when", "observations": {"ck": {"column": "ck", "unit": "U/L"}},
    },
}  # fmt: skip
# Findings on what stands as it was written; any other says that something of its rows was not used, or not as it stood.
ON_WHAT_STANDS = {"partial date", "number beyond a limit", "course without a stop", "overlapping courses"}

IDS = st.sampled_from(["a", "a", "b", "c", "A", "x", "Total", "合计", "* F: female", "Red = drug stopped", "", "NA"])
DATES = st.sampled_from(
    ["", "", "NA", "2020-01-01", "2020-02-01", "2019-05", "2018", "9999-12-31", "0020-01-29", "1899", "2019-13", "soon"]
)
NUMBERS = st.sampled_from(["", "NA", "5", "<3", "> 2000", "-1", "high"])
CELLS = {
    "sex": st.sampled_from(["female", "male", "", "NA", "?"]), "drug": st.sampled_from(["mtx", "ivig", "", "NA"]),
    "dose": NUMBERS, "ck": NUMBERS,
}  # fmt: skip


def rows_of(*columns):
    row = st.tuples(IDS, *(CELLS.get(column, DATES) for column in columns))
    # Each row may stand twice; a finding names the first five of its rows.
    twice = st.tuples(st.lists(row, min_size=1, max_size=4), st.booleans()).map(lambda x: x[0] + x[0][:1] * x[1])
    return twice.filter(lambda rows: any(cell for row in rows for cell in row))


def read(sheets, repeated):
    """Read sheets, each given by the tables that it feeds and its rows."""
    tables = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (feeds, rows) in enumerate(sheets):
            text = io.StringIO()
            csv.writer(text).writerows([["id", *(c for one in feeds for c in COLUMNS[one])], *rows])
            Path(folder, f"{number}.csv").write_text(text.getvalue(), encoding="utf-8")
            common = {"file": f"{number}.csv", "patient_id": "id", "delimiter": ",", "repeated": repeated}
            tables += [{"feeds": one, **common, **KEYS[one]} for one in feeds]
        mapping = parse_mapping({"missing": {"texts": ["NA"]}, "table": tables})
        return read_dataset(folder, mapping, CATALOGUE, today=TODAY)


def told_rows(dataset):
    told = set()
    for finding in dataset.findings:
        rows = re.search(r", rows? ([\d, ]+): found ", finding.message)
        if rows and finding.rule not in ON_WHAT_STANDS:
            told |= {(finding.source, int(row)) for row in rows[1].split(", ")}
    return told


def standing_rows(dataset, name):
    table = getattr(dataset, name)
    return set(zip(table["source"].to_pylist(), table["source_row"].to_pylist(), strict=True))


def hold_to_account(sheets, repeated):
    dataset = read(sheets, repeated)
    told = told_rows(dataset)
    fates = {(x["source"], x["source_row"], x["source_column"]): x["fate"] for x in dataset.ledger.to_pylist()}
    read_cells = {}
    for number, (feeds, rows) in enumerate(sheets):
        header = ["id", *(c for one in feeds for c in COLUMNS[one])]
        for row, cells in enumerate(rows, start=2):
            read_cells |= {(f"{number}.csv", row, c): x for c, x in zip(header, cells, strict=True) if x}
    assert set(fates) == set(read_cells)
    assert len(dataset.ledger) == len(fates)

    for count in dataset.record_counts:
        rows = {row for source, row, _ in read_cells if source == count.source}
        parts = (count.rows_kept, count.rows_merged, count.rows_rejected, count.rows_ignored, count.rows_empty)
        assert count.rows == len(rows) == sum(parts)
        assert count.records == count.records_kept + count.records_merged + count.records_rejected
        standing = {row for source, row in standing_rows(dataset, count.feeds) if source == count.source}
        assert count.rows_kept == len(standing)
        for row in rows - standing:
            facts = {c: read_cells.get((count.source, row, c), "") for c in COLUMNS[count.feeds]}
            said = [c for c, text in facts.items() if text not in ("", "NA")]
            merged = repeated and all(fates[count.source, row, c] in ("used", "converted") for c in said)
            assert not said or merged or (count.source, row) in told, (count.feeds, row)

    for (source, row, column), fate in fates.items():
        assert fate != "rejected" or (source, row) in told, (source, row, column)
        assert (fate == "ignored") == (read_cells[source, row, column] == "NA")
    for name in COLUMNS:
        for record in getattr(dataset, name).to_pylist():
            assert read_cells[record["source"], record["source_row"], "id"] == record["patient_id"]
            assert record["patient_id"] not in ("Total", "合计")
    return dataset


@settings(deadline=None, max_examples=200)
@given(
    people=rows_of(*COLUMNS["patients"]), courses=rows_of(*COLUMNS["treatments"]), visits=rows_of(*COLUMNS["observations"]),
    repeated=st.booleans(),
)  # fmt: skip
def test_no_row_of_sheets_of_their_own_is_lost_untold(people, courses, visits, repeated):
    hold_to_account([(["patients"], people), (["treatments"], courses), (["observations"], visits)], repeated)


@settings(deadline=None, max_examples=200)
@given(rows=rows_of(*(c for one in COLUMNS.values() for c in one)), repeated=st.booleans())
def test_no_row_of_one_wide_sheet_is_lost_untold(rows, repeated):
    hold_to_account([(list(COLUMNS), rows)], repeated)


@settings(deadline=None, max_examples=100)
@given(courses=rows_of(*COLUMNS["treatments"]))
def test_a_course_is_ongoing_only_where_no_stop_is_written(courses):
    people = [(one, "female", "", "") for one in ("a", "b", "c", "A", "x")]
    dataset = hold_to_account([(["patients"], people), (["treatments"], courses)], repeated=False)
    for course in dataset.treatments.to_pylist():
        written = courses[course["source_row"] - 2][3] not in ("", "NA")
        known = course["stop"] is not None or course["stop_earliest"] is not None
        assert course["stop_known"] is (False if written and not known else None)


ONCE = ("2020-01-01", "2019-05", "2018")


@settings(deadline=None, max_examples=60)
@given(
    starts=st.lists(st.sampled_from(ONCE), min_size=1, max_size=3), also=st.permutations(["total", "footnote", "alone"])
)
def test_totals_and_footnotes_between_and_below_patients_change_nothing_of_them(starts, also):
    stray = {
        "total": ("Total", "", "2020-01-01", ""),
        "footnote": ("* as of 2020", "", "", ""),
        "alone": ("x", "", "", ""),
    }
    people = [(f"p{i}", "female", start, "") for i, start in enumerate(starts)]
    courses = [(f"p{i}", "mtx", start, "", "<3") for i, start in enumerate(starts)]
    plain, mixed = (
        hold_to_account([(["patients"], rows), (["treatments"], courses)], repeated=False)
        for rows in (people, [*people[:1], stray[also[0]], *people[1:], *(stray[one] for one in also[1:])])
    )
    facts = [name for name in plain.patients.schema.names if not name.startswith("source")]
    assert mixed.patients.select(facts).equals(plain.patients.select(facts))
    assert mixed.treatments.equals(plain.treatments)
    assert [count.rows_rejected for count in mixed.record_counts] == [3, 0]
