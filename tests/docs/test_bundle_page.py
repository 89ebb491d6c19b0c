"""The page of a results bundle says all that a bundle holds and nothing else, and what it shows to run runs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from myosotis.report.write import write_interactive
from myosotis.results import STATISTICS, STATUSES, ResultRow, read_bundle
from myosotis.results.contents import COLUMNS, FILES, MANIFEST_KEYS
from myosotis.run import run_study

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "bundle.md").read_text(encoding="utf-8")
R = re.findall(r"```r\n(.*?)```", PAGE, flags=re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
PRINTED = re.findall(r"```text\n(.*?)```", PAGE, flags=re.DOTALL)
OUT = "out/baricitinib_jdm"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a folder in which the example study has been run as the page says."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "out").mkdir()
    run_study(ROOT / "examples" / "baricitinib_jdm", folder / OUT)
    return folder


def run(command, home):
    found = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout


def one_file(name):
    """Say which names of the page fit a file; a star stands for any text but a slash."""
    return [one.name for one in FILES if fnmatchcase(name, one.name) and name.count("/") == one.name.count("/")]


def test_every_file_of_a_bundle_is_on_the_page_once_and_every_file_of_the_page_is_in_a_bundle(home, tmp_path):
    shutil.copytree(home / OUT, tmp_path / "out")
    write_interactive(read_bundle(tmp_path / "out"), tmp_path / "out")
    written = [
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    ]
    assert {name: len(one_file(name)) for name in written} == dict.fromkeys(written, 1)
    # The query names a patient only if a patient's identifier stands in it; the pages of patients are made when asked.
    not_in_every = {"patient_level/query.sql", "patient_level/profiles/*.html", "patient_level/added.json"}
    assert {one.name for one in FILES} - {one_file(name)[0] for name in written} <= not_in_every


def test_every_key_of_the_manifest_is_on_the_page_and_no_other(home):
    manifest = json.loads((home / OUT / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest) == set(MANIFEST_KEYS)


def test_the_columns_of_the_results_are_the_fields_of_a_result_row():
    assert [one.name for one in COLUMNS["results"]] == ["result_id", *(one.name for one in fields(ResultRow))]


def test_every_table_of_the_page_has_the_columns_and_types_that_are_on_disk(home):
    types = {"text": pa.string(), "double": pa.float64(), "int64": pa.int64(), "list of text": pa.list_(pa.string())}
    bundle = read_bundle(home / OUT)
    sections = dict(re.findall(r"^## The table `(\w+)`\n(.*?)(?=^## )", PAGE, flags=re.DOTALL | re.MULTILINE))
    assert set(sections) == set(COLUMNS)
    for name, text in sections.items():
        told = re.findall(r"^\| `(\w+)` \| ([\w ]+) \| (.+) \|$", text, flags=re.MULTILINE)
        schema = getattr(bundle, name).schema
        assert [(column, types[kind]) for column, kind, _ in told] == [(one.name, one.type) for one in schema]
        assert all(meaning.strip() for *_, meaning in told)


def test_every_statistic_and_status_has_a_meaning_on_the_page():
    for name, meaning in {**STATISTICS, **STATUSES}.items():
        assert f"| `{name}` | {meaning} |" in PAGE


def test_counts_of_the_manifest_add_up_as_the_page_says(home):
    manifest = json.loads((home / OUT / "manifest.json").read_text(encoding="utf-8"))
    for sheet in manifest["ledger"]:
        assert sheet["read"] == sheet["used"] + sheet["converted"] + sheet["ignored"] + sheet["rejected"]


def test_the_python_of_the_page_prints_what_the_page_says(home):
    printed = [run([sys.executable, "-c", code], home) for code in PYTHON]
    assert len(printed) == 3
    assert printed[:2] == PRINTED
    assert printed[2] == ""


def test_the_python_of_the_page_names_a_file_that_was_changed_and_one_that_is_gone(home, tmp_path):
    shutil.copytree(home / "out", tmp_path / "out")
    (tmp_path / OUT / "query.sql").write_text("SELECT 1\n", encoding="utf-8")
    (tmp_path / OUT / "checks.parquet").unlink()
    assert run([sys.executable, "-c", PYTHON[2]], tmp_path) == "not there: checks.parquet\nchanged: query.sql\n"


def test_the_r_of_the_page_names_columns_that_exist_and_asks_for_what_the_example_study_has(home):
    code = "\n".join(R)
    results = read_bundle(home / OUT).results
    known = {column.name for table in ("results", "provenance") for column in COLUMNS[table]}
    chosen = re.findall(r"\[.*?, c\(([^)]*)\)\]", code) + re.findall(r'by = ("\w+")', code)
    named = {name for group in chosen for name in re.findall(r'"(\w+)"', group)}
    named |= set(re.findall(r"skin\$(\w+)", code)) | set(re.findall(r"(\w+) (?:==|%in%)", code))
    assert len(named) > 10
    assert named <= known
    for column, value in re.findall(r'(\w+) == "([^"]+)"', code):
        assert value in results[column].to_pylist()
    for group in re.findall(r"statistic %in% c\(([^)]*)\)", code):
        assert set(re.findall(r'"(\w+)"', group)) <= set(STATISTICS)
    for file in re.findall(rf'"{OUT}/([^"]+)"', code):
        assert (home / OUT / file).is_file()
    for key in re.findall(r"manifest\$(\w+)", code):
        assert key in MANIFEST_KEYS
    assert pc.sum(pc.equal(results["status"], "not_estimable")).as_py() > 0


@pytest.mark.skipif(
    shutil.which("Rscript") is None
    or subprocess.run(
        ["Rscript", "-e", "stopifnot(requireNamespace('arrow'), requireNamespace('jsonlite'))"], capture_output=True
    ).returncode,
    reason="R with the packages arrow and jsonlite is not installed",
)
def test_the_r_of_the_page_runs(home):
    printed = run(["Rscript", "-e", "\n".join(R)], home)
    assert "week 24" in printed
    assert "skin-DAS at week 4" in printed
