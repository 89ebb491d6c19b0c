"""The study of real patients comes out as R computed it, and every number of it can be traced."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from myosotis.results.bundle import read_bundle
from myosotis.results.trace import trace
from myosotis.run import run_study

STUDY = Path(__file__).parents[2] / "examples" / "rheumatoid_arthritis"
VISITS = ("month 0", "month 3", "month 6", "month 9", "month 12")

# R 4.2.2 on data set ra_data of package mdhglm 1.8: length, median and friedman.test of the complete cases.
OBSERVED = (155, 146, 137, 119, 118)
MEDIANS = (2.663, 2.8275, 2.482, 2.473, 2.364)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ra") / "out"
    run_study(STUDY, folder)
    return folder


@pytest.fixture(scope="module")
def bundle(out):
    return read_bundle(out)


def number(bundle, **wanted):
    rows = [row for row in bundle.results.to_pylist() if all(row[key] == value for key, value in wanted.items())]
    assert len(rows) == 1, [(row["method"], row["statistic"]) for row in rows]
    return rows[0]["number"]


def test_observed_numbers_and_medians_are_those_of_r(bundle):
    for visit, n, median in zip(VISITS, OBSERVED, MEDIANS, strict=True):
        common = {"analysis": "scores", "endpoint": "das28", "visit": visit, "variable": "value"}
        assert number(bundle, **common, statistic="n") == n
        # The medians are given to three or four decimals.
        assert number(bundle, **common, statistic="median") == pytest.approx(median, abs=5e-5)


def test_the_friedman_test_is_that_of_r(bundle):
    common = {"analysis": "scores", "endpoint": "das28", "variable": "test", "comparison": ""}
    assert number(bundle, **common, statistic="n") == 98
    assert number(bundle, **common, statistic="statistic") == pytest.approx(9.5187, abs=5e-5)
    assert number(bundle, **common, statistic="df") == 4
    assert number(bundle, **common, statistic="p_value") == pytest.approx(0.04937, abs=5e-6)
    # Kendall's W is the chi-square over n (k - 1).
    assert number(bundle, **common, statistic="effect_size") == pytest.approx(9.518650996423096 / (98 * 4), rel=1e-10)


def test_responders_are_counted_as_the_protocol_declares(bundle):
    """Count them again from the file, with no code of the package."""
    scores: dict[str, dict[str, float]] = {}
    with (STUDY / "data" / "ra_data.csv").open() as file:
        for row in csv.DictReader(file):
            if row["X_NAME_"].startswith("das"):
                scores.setdefault(row["id"], {})[row["time"]] = float(row["outcome"])
    both = [one for one in scores.values() if "0" in one and "12" in one]
    expected = sum(round(one["0"] - one["12"], 9) >= 0.6 and one["12"] <= 3.2 for one in both)
    # A DAS28 above the bound settles the question without the first one.
    settled = [one for one in scores.values() if "12" in one and ("0" in one or one["12"] > 3.2)]
    common = {"analysis": "response", "visit": "month 12", "level": "yes"}
    assert number(bundle, **common, statistic="count") == expected
    assert number(bundle, **common, statistic="total") == len(settled)


def test_every_number_traces_to_rows_of_the_file(bundle):
    with (STUDY / "data" / "ra_data.csv").open() as file:
        source = list(csv.DictReader(file))
    checked = 0
    for row in bundle.results.to_pylist():
        found = trace(bundle, row["result_id"])
        assert found.listing
        if row["analysis"] == "scores" and row["statistic"] == "median" and row["variable"] == "value":
            for line in found.listing:
                if line["number"] is not None:
                    cell = source[line["source_row"] - 2]
                    assert float(cell["outcome"]) == line["number"]
                    assert cell["id"] == line["patient_id"]
                    checked += 1
    # DAS28, HAQ and RADAI at five visits, every one of the 2,089 rows of the file.
    assert checked == len(source)


def test_running_twice_gives_equal_bytes(out, tmp_path):
    run_study(STUDY, tmp_path / "again")
    first = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    second = {
        path.relative_to(tmp_path / "again"): path.read_bytes()
        for path in (tmp_path / "again").rglob("*")
        if path.is_file()
    }
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_every_cell_of_the_file_is_accounted_for(bundle):
    for sheet in bundle.manifest["ledger"]:
        assert sheet["read"] == sheet["used"] + sheet["converted"] + sheet["ignored"] + sheet["rejected"]
        assert sheet["rejected"] == 0
    with (STUDY / "data" / "ra_data.csv").open() as file:
        cells = sum(cell.strip() != "" for row in list(csv.reader(file))[1:] for cell in row)
    assert sum(sheet["read"] for sheet in bundle.manifest["ledger"]) == cells
