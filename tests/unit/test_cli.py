"""The command line as a person uses it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from myosotis.cli import main
from myosotis.document import fingerprint_of
from myosotis.loading import load_protocol
from myosotis.protocol import Protocol
from myosotis.results import read_bundle

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "examples" / "rheumatoid_arthritis"


@pytest.fixture
def command(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return call


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "out"
    with pytest.raises(SystemExit):
        main(["run", str(STUDY), "--out", str(folder)])
    return folder


HEAVY = (
    "numpy", "scipy", "pyarrow", "pandas", "ibis", "duckdb", "sqlglot", "altair", "vl_convert", "openpyxl", "jinja2",
)  # fmt: skip
RENDERING = {"numpy", "pyarrow", "jinja2", "vl_convert"}
LOADED = """
import sys
from myosotis.cli import main
try:
    main(sys.argv[2:])
except SystemExit as ended:
    assert not ended.code, ended.code
print("loaded", *(module for module in sys.argv[1].split() if module in sys.modules))
"""


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("--help",), set()),
        (("run", "--help"), set()),
        (("catalogue", "cmas"), set()),
        (("calculate", "printo_inactive_disease_2013", "ck=150", "cmas=48", "mmt8=78"), set()),
        (("explain", STUDY, "--only", "response"), {"numpy", "pyarrow"}),
        (("verify", "OUT"), {"numpy", "pyarrow"}),
        (("trace", "OUT", "RESULT"), {"numpy", "pyarrow"}),
        (("compare", "OUT", "OUT"), {"numpy", "pyarrow"}),
        (("report", "OUT"), RENDERING),
        (("profile", "OUT", "48"), RENDERING),
        (("check", STUDY), {"numpy", "pyarrow", "scipy", "jinja2"}),
        # The engine works in a process of its own, beside the one that imports the statistics.
        (("run", STUDY, "--out", "NEW"), {*RENDERING, "scipy"}),
    ],
)
def test_a_command_imports_no_more_than_it_needs(arguments, allowed, out, tmp_path):
    result = read_bundle(out).results["result_id"][0].as_py()
    places = {"OUT": out, "NEW": tmp_path / "new", "RESULT": result}
    command = [sys.executable, "-c", LOADED, " ".join(HEAVY), *(str(places.get(one, one)) for one in arguments)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    assert set(found.stdout.splitlines()[-1].split()[1:]) <= allowed


def test_a_run_says_where_both_reports_lie_and_the_digest_that_covers_them(command, tmp_path):
    code, text, _ = command("run", STUDY, "--out", tmp_path / "out")
    assert code == 0
    assert f"Report: {tmp_path / 'out' / 'report.html'}\n" in text
    assert str(tmp_path / "out" / "patient_level" / "report.html") in text
    digest = re.search(r"Digest: ([0-9a-f]{64})\n", text)[1]
    assert command("verify", tmp_path / "out", "--digest", digest)[0] == 0


def test_protocol_mapping_and_data_are_among_the_inputs_with_their_digests(out):
    inputs = {one["file"]: one for one in read_bundle(out).manifest["inputs"]}
    assert list(inputs) == ["protocol.py", "protocol.toml", "mapping.toml", "data/ra_data.csv"]
    for name, one in inputs.items():
        content = (STUDY / name).read_bytes()
        assert (one["sha256"], one["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))


def test_trace_shows_patients_values_files_and_rows(command, out):
    page = (out / "report.html").read_text(encoding="utf-8")
    identifier = re.search(r"#trace-([0-9a-f]{12})", page)
    assert identifier is not None
    code, text, _ = command("trace", out, identifier[1])
    assert code == 0
    assert re.search(r"; data/ra_data\.csv, row \d+, column outcome", text)
    assert re.search(r"rows: \d+ values of \d+ patients", text)


def test_compare_tells_equal_from_different(command, out, tmp_path):
    assert command("compare", out, out)[:2] == (0, "The two bundles hold the same results.\n")
    with pytest.raises(SystemExit):
        main(["run", str(ROOT / "examples" / "baricitinib_jdm"), "--out", str(tmp_path / "other")])
    code, text, _ = command("compare", out, tmp_path / "other")
    assert code == 5
    assert "differences." in text


def test_explain_in_words_and_for_one_patient(command):
    code, text, _ = command("explain", STUDY, "--only", "response at month 12")
    assert code == 0
    assert "DAS28 at month 12 is at most 3.2" in text
    code, text, _ = command("explain", STUDY, "--only", "response at month 12", "--patient", "48")
    assert code == 0
    assert "data/ra_data.csv, row" in text
    code, _, err = command("explain", STUDY, "--patient", "nobody at all")
    assert code == 2
    assert "nobody at all" not in err


def test_the_protocol_of_a_run_lies_in_its_bundle_with_its_fingerprint(out):
    text = (out / "patient_level" / "protocol.json").read_text(encoding="utf-8")
    declared = load_protocol(STUDY)
    shown = Protocol.from_json((out / "protocol.json").read_text(encoding="utf-8"))
    assert declared.examples
    assert shown == dataclasses.replace(declared, examples=())
    assert text == declared.to_json()
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["study"]["fingerprint"] == declared.fingerprint == fingerprint_of(json.loads(text))


@pytest.mark.parametrize("form", ["py", "toml", "json"])
def test_a_protocol_in_each_form_runs_to_the_same_bundle(command, out, tmp_path, form):
    code, text, _ = command("protocol", STUDY, "--to", form)
    assert code == 0
    study = tmp_path / "study"
    shutil.copytree(STUDY, study, ignore=shutil.ignore_patterns("protocol.*"))
    (study / f"protocol.{form}").write_text(text, encoding="utf-8")
    assert command("run", study, "--out", tmp_path / "out")[0] == 0
    manifests = [
        json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in (out, tmp_path / "out")
    ]
    # A report lists the files that were read.
    files = [{name: one for name, one in each["files"].items() if "report" not in name} for each in manifests]
    assert files[0] == files[1]
    assert [one["file"] for one in manifests[1]["inputs"]][:2] == [f"protocol.{form}", "mapping.toml"]
    for name in set(manifests[0]) - {"inputs", "files"}:
        assert manifests[0][name] == manifests[1][name], name


def test_a_form_that_there_is_not_is_told(command):
    code, _, told = command("protocol", STUDY, "--to", "xml")
    assert (code, told) == (2, "myosotis: --to 'xml' is no form of a protocol; give toml, json or py\n")


def test_catalogue_lists_searches_and_shows(command):
    assert "printo_inactive_disease_2013" in command("catalogue")[1]
    assert "cmas" in command("catalogue", "childhood myositis")[1].lower()
    code, text, _ = command("catalogue", "printo_inactive_disease_2013")
    assert code == 0
    assert "10.1136/annrheumdis-2012-201483" in text
    assert "at least 3 of these 4 hold" in text


def test_calculate_for_one_child(command):
    code, text, _ = command("calculate", "printo_inactive_disease_2013", "ck=150", "cmas=48", "mmt8=78")
    assert (code, text.splitlines()[0]) == (0, "printo_inactive_disease_2013 = true")
    code, text, _ = command("calculate", "printo_inactive_disease_2013", "ck=150", "cmas=48")
    assert "not evaluable" in text
    assert "missing: visit.mmt8, visit.physician_global" in text
    code, _, err = command("calculate", "printo_inactive_disease_2013", "cmas=53")
    assert code == 2
    assert "0 to 52" in err


def test_calculate_compares_two_visits(command):
    words = [
        "baseline.physician_global=6", "visit.physician_global=1.5", "baseline.parent_global=5", "visit.parent_global=2",
        "baseline.mmt8=52", "visit.mmt8=74", "baseline.chaq=1.5", "visit.chaq=0.5", "baseline.ck=1530", "visit.ck=255",
        "baseline.ck_upper_limit=170", "visit.ck_upper_limit=170", "baseline.extramuscular_global=4",
        "visit.extramuscular_global=1",
    ]  # fmt: skip
    code, text, _ = command("calculate", "total_improvement_score_2016", *words)
    assert code == 0
    assert text.splitlines()[0].startswith("total_improvement_score_2016 = 85")
    assert "major" in text


def test_demo_copies_and_runs_the_example(command, tmp_path):
    code, text, _ = command("demo", "--out", tmp_path / "demo")
    assert code == 0
    assert (tmp_path / "demo" / "results" / "report.html").is_file()
    assert "synthetic" in text


@pytest.mark.parametrize("own", ["protocol.py", "mapping.toml", "data/mine.csv", "notes.txt"])
def test_demo_overwrites_no_study_of_the_user(command, tmp_path, own):
    path = tmp_path / "study" / own
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    code, _, told = command("demo", "--out", tmp_path)
    assert code == 2
    assert own in told
    assert [one.read_text(encoding="utf-8") for one in tmp_path.rglob("*") if one.is_file()] == ["mine"]
