"""Every figure the paper prints comes out of the pipeline, or is listed with the reason why it cannot."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from myosotis.presentation.layout import Sentence
from myosotis.presentation.present import present
from myosotis.results.bundle import read_bundle
from myosotis.results.trace import trace
from myosotis.run import run_study

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "examples" / "baricitinib_jdm"

_SPEC = importlib.util.spec_from_file_location("published_pages", ROOT / "docs" / "published_pages.py")
assert _SPEC is not None
assert _SPEC.loader is not None
published_pages = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = published_pages
_SPEC.loader.exec_module(published_pages)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("jdm") / "out"
    run_study(STUDY, folder)
    return folder


@pytest.fixture(scope="module")
def bundle(out):
    return read_bundle(out)


def test_each_printed_figure_beside_the_recomputed_one(bundle):
    rows = list(published_pages.compared(bundle.results.to_pylist()))
    for row in rows:
        sign = "=" if row.agrees else "≠"
        print(f"{row.printed:>6} {sign} {row.recomputed:<8} {row.quote}{' — ' + row.reason if row.reason else ''}")
    assert [row.quote for row in rows if not row.agrees and not row.reason] == []
    # A reason is given only where the figures do differ.
    assert [row.quote for row in rows if row.agrees and row.reason] == []
    assert sum(not row.reason for row in rows) > 75


def test_the_two_children_left_out_and_why(bundle):
    listing = next(one for one in bundle.manifest["listings"] if one["key"] == "eligibility")
    left = {row[0] for row in listing["rows"] if row[1] == "left out"}
    assert left == {"P21", "P22"}
    failed = {
        (row[0], row[2])
        for row in listing["rows"]
        if row[1] == "left out" and row[3] == "false" and "history" not in row[2]
    }
    assert ("P21", "complete clinical data at week 0") in failed
    assert ("P22", "followed to week 24") in failed
    # One line per screened patient and rule.
    assert len(listing["rows"]) == 22 * 9


def test_non_responders_are_those_the_paper_names(bundle):
    rows = {(row["analysis"], row["visit"], row["level"], row["statistic"]): row for row in bundle.results.to_pylist()}
    found = trace(bundle, rows["response", "week 24", "no response", "count"]["result_id"])
    who = {row["patient_id"] for row in found.listing if row["role"] == "value" and row["text"] == "no response"}
    assert who == {"P2", "P5"}


def test_every_number_traces_to_cells_of_the_workbook(bundle):
    for row in bundle.results.to_pylist():
        found = trace(bundle, row["result_id"])
        assert found.listing, row
        for line in found.listing:
            if line["role"] == "evidence" or line["source_row"] is not None:
                assert line["source"] == "data/synthetic_cohort.xlsx"
                assert line["sheet"]
                assert line["source_row"] >= 2


def test_the_report_says_that_the_children_are_invented(out, bundle):
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.lower().count("synthetic") >= 2
    assert "no row describes a real patient" in page
    assert bundle.manifest["study"]["synthetic"]


def test_a_threshold_out_of_reach_is_said(bundle):
    """Seven pairs cannot give an exact two-sided p below 2/128, times six pairs of visits 0.094."""
    templates = [one.template for one in present(bundle).limitations if isinstance(one, Sentence)]
    assert sum("rests on the normal approximation" in one for one in templates) == 2
    least = [
        row["number"]
        for row in bundle.results.to_pylist()
        if row["endpoint"] == "cmas"
        and row["statistic"] == "smallest_p"
        and row["method"].startswith("exact signed-rank")
    ]
    assert sorted(least) == pytest.approx([2 / 128, 12 / 128], rel=1e-12)


def test_running_twice_gives_equal_bytes(out, tmp_path):
    run_study(STUDY, tmp_path / "again")
    for path in sorted(out.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(out)).read_bytes(), path.name
