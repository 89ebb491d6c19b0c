"""Result rows, the bundle on disk, comparison, tracing, and replacing a folder whole."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from myosotis.errors import BundleError, UnknownNameError, UsageError
from myosotis.results import (
    Bundle,
    ResultRow,
    atomic_folder,
    compare,
    read_bundle,
    result_id,
    trace,
    verify,
    write_bundle,
)
from myosotis.results.compare import COLUMNS
from myosotis.results.files import SCHEMA_VERSION
from myosotis.results.schema import KEY_FIELDS, RESULTS
from myosotis.results.trace import rows_digest

LISTING = {
    "listing_id": "l1", "patient_id": "a", "role": "value", "item": "CMAS", "number": 41.0, "text": "", "unit": "points",
    "day": 0, "date": "2020-01-01", "source": "x.csv", "sheet": "", "source_row": 2, "source_column": "CMAS",
}  # fmt: skip


def row(number=1.0, **keys):
    return ResultRow(**{"study": "s", "analysis": "a", "statistic": "n", "provenance_id": "p1", **keys}, number=number)


def bundle(*rows, listing=LISTING, digest=None):
    provenance = {
        "provenance_id": "p1", "definitions": ["cmas@1"], "data_fingerprint": "f", "query": "q", "seed": 1,
        "rows_digest": digest or rows_digest([LISTING]), "listing_id": "l1", "sentence": "CMAS at week 0",
    }  # fmt: skip
    definition = {"key": "cmas", "version": "1", "label": "CMAS"}
    return Bundle.of(
        rows=rows,
        provenance=[provenance],
        definitions=[definition],
        checks=[],
        listings=[listing],
        ledger=[],
        manifest={},
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"statistic": "average"}, "not in the closed list"),
        ({"number": float("nan")}, "record it as missing"),
        ({"number": float("inf")}, "record it as missing"),
        ({"number": None}, "give the status and a note"),
        ({"status": "perhaps"}, "status 'perhaps' is unknown"),
    ],
)
def test_a_row_that_cannot_be_printed_is_refused(change, told):
    with pytest.raises(UsageError, match=told):
        row(**change)


def test_an_identifier_depends_on_the_keys_alone():
    assert row(1.0, visit="week 4").id == row(2.0, visit="week 4", note="x", provenance_id="p2").id
    assert row(visit="week 4").id != row(visit="week 12").id
    assert row().id == result_id(study="s", analysis="a", statistic="n")
    with pytest.raises(UsageError, match="wek is not a key"):
        result_id(wek="4")


def test_two_rows_with_the_same_keys_are_refused():
    with pytest.raises(UsageError, match="two results share the keys study='s', analysis='a', statistic='n'"):
        bundle(row(1.0), row(2.0))


def test_a_bundle_comes_back_as_it_was_and_equal_bundles_are_equal_bytes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_bundle(bundle(row(), row(2.5, visit="week 4")), tmp_path / name)
    assert read_bundle(tmp_path / "one").results.equals(bundle(row(2.5, visit="week 4"), row()).results)
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"results.parquet", "listings.parquet", "manifest.json", "manifest.sha256"}
    for path in files:
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes(), path.name


@pytest.mark.parametrize(("damage", "told"), [
    (lambda f: (f / "results.parquet").unlink(), "lacks results.parquet"),
    (lambda f: (f / "results.parquet").write_bytes(b"PAR1"), "was changed after it was written"),
    (lambda f: (f / "manifest.json").unlink(), "holds no manifest.json"),
    (lambda f: (f / "manifest.json").write_text(json.dumps({"schema_version": "0"})), "bundle schema '0'"),
    (lambda f: (f / "manifest.json").write_text("not JSON"), "is no JSON"),
    (lambda f: (f / "manifest.json").write_text("[]"), "bundle schema None"),
    (lambda f: (f / "manifest.json").write_text(json.dumps({"schema_version": SCHEMA_VERSION})), "names no files"),
    (lambda f: (f / "manifest.sha256").unlink(), "lacks manifest.sha256"),
    (lambda f: (f / "patient_level" / "ledger.parquet").unlink(), "lacks patient_level/ledger.parquet"),
    (lambda f: (f / "patient_level" / "persons.json").write_text("{}"), "was changed after it was written"),
])  # fmt: skip
def test_a_damaged_bundle_is_refused(tmp_path, damage, told):
    write_bundle(bundle(row()), tmp_path)
    damage(tmp_path)
    with pytest.raises(BundleError, match=told):
        read_bundle(tmp_path)


def test_compare_names_what_was_added_removed_and_changed():
    first = bundle(row(1.0), row(1.0, visit="week 4"), row(3.0, visit="week 12"))
    second = bundle(row(1.0), row(1.25, visit="week 4"), row(4.0, visit="week 24"))
    kinds = {one.label: one.kind for one in compare(first, second)}
    assert kinds == {"a · week 4 · n": "changed", "a · week 12 · n": "removed", "a · week 24 · n": "added"}
    assert {one.kind for one in compare(first, second, tolerance=0.25)} == {"removed", "added"}  # the bound is included
    assert compare(first, first) == []
    with pytest.raises(UsageError, match="tolerance is -1"):
        compare(first, second, tolerance=-1)


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ({"number": 2.0}, ("number",)),
        ({"text": "about 1"}, ("text",)),
        ({"unit": "mg"}, ("unit",)),
        ({"note": "by simulation"}, ("note",)),
        ({"conf_level": 0.9}, ("conf_level",)),
        ({"week": 5.0}, ("week",)),
        ({"number": None, "status": "failed", "note": "x"}, ("number", "status", "note")),
    ],
)
def test_two_results_that_differ_in_anything_but_where_they_come_from_differ(change, columns):
    (found,) = compare(bundle(row(1.0)), bundle(dataclasses.replace(row(1.0), **change)), tolerance=0.5)
    assert (found.kind, found.columns) == ("changed", columns)
    assert found.first != found.second
    # A number that is 0 is not a missing one.
    assert compare(bundle(row(0.0)), bundle(row(None, status="failed", note="x")))[0].columns[0] == "number"


def test_two_results_without_a_number_differ_by_their_status_alone():
    first, second = (bundle(row(None, status=status, note="few")) for status in ("not_estimable", "suppressed"))
    (found,) = compare(first, second)
    assert (found.columns, found.first, found.second) == (("status",), "not_estimable", "suppressed")


def test_every_column_of_a_result_is_a_key_compared_or_says_where_it_comes_from():
    assert set(RESULTS.names) == {*KEY_FIELDS, *COLUMNS, "result_id", "provenance_id"}
    elsewhere = row(1.0, provenance_id="p2")
    assert compare(bundle(row(1.0)), bundle(elsewhere)) == []


def test_trace_shows_the_rows_behind_a_number():
    found = trace(bundle(row()), row().id[:6])
    assert found.listing == (LISTING,)
    assert found.definitions[0]["key"] == "cmas"


def test_trace_refuses_rows_that_are_not_those_that_were_computed_on():
    with pytest.raises(BundleError, match="are not those the result was computed from"):
        trace(bundle(row(), listing={**LISTING, "number": 42.0}), row().id)


@pytest.mark.parametrize("wanted", ["", "zzz"])
def test_trace_of_an_unknown_result(wanted):
    with pytest.raises(UnknownNameError, match="of this bundle begin with"):
        trace(bundle(row(), row(visit="week 4")), wanted)


def test_an_error_while_filling_leaves_the_previous_folder_whole(tmp_path):
    target = tmp_path / "out"
    atomic_folder(target, lambda folder: write_bundle(bundle(row(1.0)), folder))

    def fail(folder):
        write_bundle(bundle(row(2.0)), folder)
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        atomic_folder(target, fail)
    assert read_bundle(target).results["number"].to_pylist() == [1.0]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_something_else_is_not_replaced(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(UsageError, match="nothing was changed"):
        atomic_folder(tmp_path, lambda folder: None)
    assert (tmp_path / "thesis.docx").read_text() == "mine"


def test_a_kill_at_any_moment_leaves_a_whole_folder(tmp_path):
    """Replace a folder without end in a second process, kill it again and again, and look each time."""
    target = tmp_path / "out"
    script = textwrap.dedent(
        f"""
        import itertools, pathlib
        from myosotis.results.files import digests, seal
        from myosotis.results.atomic_folder import atomic_folder
        def fill(folder, i):
            (folder / "tables").mkdir()
            for name in ("a", "b"):
                (folder / "tables" / f"{{name}}.csv").write_text(str(i))
            seal(folder, {{"files": digests(folder)}})
        print("ready", flush=True)
        for i in itertools.count():
            atomic_folder(pathlib.Path({str(target)!r}), lambda folder: fill(folder, i))
        """
    )
    for attempt in range(6):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.05 + 0.013 * attempt)
            os.kill(process.pid, signal.SIGKILL)
        whole = {(target / "tables" / f"{name}.csv").read_text() for name in ("a", "b")}
        assert len(whole) == 1
        assert verify(target).whole
    atomic_folder(target, lambda folder: write_bundle(bundle(row()), folder))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]  # what a kill left behind is gone
