"""Every cell that is not empty has exactly one fate, whatever the sheet holds."""

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
from myosotis.model.ledger import FATES, ledger_counts
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset
from myosotis.model.tables import LEDGER


def observation(key, unit="", *, type="number", high=None):
    return Definition(
        key=key, version="1", kind="observation", label=key, citations=(Citation(text="A chart"),), missing="no value",
        type=type, unit=unit, range=Range(low=0, high=high, step=1 if high else None) if unit else None,
    )  # fmt: skip


CATALOGUE = Catalogue.of(
    observation("cmas", "points", high=52), observation("weight", "kg"), observation("ulceration", type="yes or no")
)
CELL = st.sampled_from(
    ["", "", " ", "a", "b", "c", "1", "40", "53", "2.5", "3,5", "x", "NA", "NaN", "inf", "yes", "no", "2020-01-01",
     "2020-01-02", "2019-12-31", "2020-02", "2020", "31.01.2020", "kg", "g", "mm", "female", "cmas", "weight"]
)  # fmt: skip
COLUMNS = ["id", "when", "u", "v", "w", "x", "y", "z"]
ROWS = st.lists(
    st.builds(
        lambda patient, when, rest: [patient, when, *rest],
        st.sampled_from(["a", "a", "b", "c", "", "NA"]),
        st.sampled_from(["2020-01-01", "2020-01-01", "2019-01-01", "2020-01", "", "x"]),
        st.lists(CELL, min_size=6, max_size=6),
    ),
    min_size=1,
    max_size=8,
).filter(lambda rows: any(cell.strip() for row in rows for cell in row))

COMMON = {"patient_id": "id", "delimiter": ","}
PATIENTS = {"feeds": "patients", "file": "p.csv", **COMMON, "columns": {"sex": "u", "birth_date": "v"}, "ignore": ["w"]}
VISITS = {
    "feeds": "observations", "layout": "one row per visit", "file": "v.csv", **COMMON, "date": "when", "ignore": ["z"],
    "observations": {
        "cmas": {"column": "u", "unit": "points", "upper_limit": "w"},
        "weight": {"column": "v", "unit": {"column": "x"}},
        "ulceration": {"column": "y"},
    },
}  # fmt: skip
LONG = {
    "feeds": "observations", "layout": "one row per measurement", "file": "v.csv", **COMMON, "day": "u",
    "name": {"column": "x", "ignore": ["a"]}, "value": "v", "unit": "kg",
}  # fmt: skip
WIDE = {
    "feeds": "observations", "layout": "one column per visit", "file": "w.csv", **COMMON, "observation": "cmas",
    "unit": "points", "columns": {"u": 0, "v": 4, "w": 12}, "at": "week", "upper_limit": "x",
}  # fmt: skip
DRUGS = {"feeds": "treatments", "file": "t.csv", **COMMON, "columns": {"drug": "u", "start": "when", "stop": "v"}}
CONDITIONS = {
    "feeds": "conditions", "layout": "one column per condition", "file": "t.csv", **COMMON, "columns": {"date": "v"},
    "conditions": {"ILD": "x", "calcinosis": {"column": "y", "codes": {"yes": "present", "no": "absent"}}},
}  # fmt: skip
EVENTS = {
    "feeds": "events",
    "file": "e.csv",
    **COMMON,
    "columns": {"term": "u", "start": "when", "grade": "v", "death": "y"},
}


def written(rows):
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    return text.getvalue()


def read(folder, tables, **files):
    for name, rows in files.items():
        (Path(folder) / f"{name}.csv").write_text(written(rows), encoding="utf-8")
    return read_dataset(folder, parse_mapping({"missing": {"texts": ["NA"]}, "table": tables}), CATALOGUE)


@settings(deadline=None, max_examples=100)
@given(p=ROWS, v=ROWS, w=ROWS, t=ROWS, e=ROWS, repeated=st.booleans())
def test_the_four_counts_add_up_to_the_cells_that_are_not_empty(p, v, w, t, e, repeated):
    tables = [{**PATIENTS, "repeated": repeated}, VISITS, LONG, WIDE, DRUGS, CONDITIONS, EVENTS]
    with tempfile.TemporaryDirectory() as folder:
        dataset = read(folder, tables, p=p, v=v, w=w, t=t, e=e)
    counts = {count.source: count for count in ledger_counts(dataset)}
    for name, rows in {"p": p, "v": v, "w": w, "t": t, "e": e}.items():
        cells = sum(1 for row in rows for cell in row if cell.strip())
        count = counts[f"{name}.csv"]
        assert count.used + count.converted + count.ignored + count.rejected == count.cells == cells
    lines = dataset.ledger.to_pylist()
    places = {(x["source"], x["source_row"], x["source_column"]) for x in lines}
    assert len(places) == len(lines)
    assert {x["fate"] for x in lines} <= set(FATES)
    assert all(x["reason"] for x in lines if x["fate"] in ("rejected", "ignored", "converted"))
    used = {place for place, x in zip(map(place_of, lines), lines, strict=True) if x["fate"] in ("used", "converted")}
    for table in ("observations",):
        for row in getattr(dataset, table).to_pylist():
            assert (row["source"], row["source_row"], row["source_column"]) in used
            assert (row["source"], row["source_row"], "id") in used
    known = set(dataset.patients["patient_id"].to_pylist())
    for table in (dataset.observations, dataset.treatments, dataset.conditions, dataset.events):
        assert set(table["patient_id"].to_pylist()) <= known


def place_of(line):
    return line["source"], line["source_row"], line["source_column"]


def fates(dataset, source):
    return {
        (x["source_row"], x["source_column"]): (x["fate"], x["reason"], x["found"], x["became"])
        for x in dataset.ledger.to_pylist()
        if x["source"] == source
    }


def test_each_fate_is_told_and_only_what_was_used_is_kept(tmp_path):
    rows = [["a", "2020-01-01", "40", "3500", "NA", "g", "", "note"]]
    visits = {**VISITS, "observations": {key: VISITS["observations"][key] for key in ("cmas", "weight")}}
    dataset = read(tmp_path, [PATIENTS, visits], p=[["a", "", "female", "", "gone", "more", "", ""]], v=rows)
    assert dataset.ledger.schema == LEDGER
    assert fates(dataset, "v.csv") == {
        (2, "id"): ("used", "", "a", "a"),
        (2, "when"): ("used", "", "2020-01-01", "2020-01-01"),
        (2, "u"): ("used", "", "40", "40"),
        (2, "v"): ("converted", "g to kg", "3500", "3.5"),
        (2, "w"): ("ignored", "declared missing", "", ""),
        (2, "x"): ("used", "", "g", "g"),
        (2, "z"): ("ignored", "column declared as ignored", "", ""),
    }
    assert fates(dataset, "p.csv")[2, "w"] == ("ignored", "column declared as ignored", "", "")
    assert fates(dataset, "p.csv")[2, "x"] == ("rejected", "column not declared", "", "")


def test_a_cell_that_feeds_two_tables_has_one_line_and_the_better_fate(tmp_path):
    drugs = {**DRUGS, "file": "p.csv", "columns": {"drug": "u", "dose": "v", "dose_unit": {"value": "mg/day"}}}
    rows = [["a", "", "female", "2010-01-01", "", "", "", ""]]
    dataset = read(tmp_path, [PATIENTS, drugs], p=rows)
    assert fates(dataset, "p.csv")[2, "v"] == ("used", "", "2010-01-01", "2010-01-01")
    assert [finding.rule for finding in dataset.findings] == ["text in a number column"]
    assert dataset.ledger.num_rows == 3


def test_of_two_reasons_to_reject_a_cell_the_first_table_s_stays(tmp_path):
    drugs = {**DRUGS, "file": "p.csv", "columns": {"drug": "u", "dose": "v", "dose_unit": {"value": "mg/day"}}}
    rows = [["a", "", "female", "soon", "", "", "", ""]]
    assert fates(read(tmp_path, [PATIENTS, drugs], p=rows), "p.csv")[2, "v"][:2] == ("rejected", "not a date")
    assert fates(read(tmp_path, [drugs, PATIENTS], p=rows), "p.csv")[2, "v"][:2] == (
        "rejected", "text in a number column",
    )  # fmt: skip


@pytest.mark.parametrize("order", [1, -1])
def test_a_cell_that_one_table_ignores_and_another_rejects_is_rejected(tmp_path, order):
    drugs = {**DRUGS, "file": "p.csv", "columns": {"drug": "u"}, "ignore": ["v"]}
    dataset = read(tmp_path, [PATIENTS, drugs][::order], p=[["a", "", "female", "soon", "", "", "", ""]])
    assert fates(dataset, "p.csv")[2, "v"][:2] == ("rejected", "not a date")


def test_cells_above_the_header_are_ignored_and_counted(tmp_path):
    (tmp_path / "p.csv").write_text("Our cohort\nid,u,v,w\na,female,,\n", encoding="utf-8")
    mapping = parse_mapping({"table": [{**PATIENTS, "header_row": 2}]})
    (count,) = ledger_counts(read_dataset(tmp_path, mapping, CATALOGUE))
    assert (count.cells, count.used, count.ignored) == (3, 2, 1)
