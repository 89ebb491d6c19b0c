"""The files of a bundle: sealed as a whole, replaced only when wholly ours, and told when the machine refuses."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path

import pytest

from myosotis.analysis import Characteristics, Number
from myosotis.cli import main
from myosotis.errors import BundleError, MyosotisError, StorageError, UsageError
from myosotis.language import baseline_window, recorded_days, week
from myosotis.language.record import records
from myosotis.measures.jdm.instruments import cmas
from myosotis.model.dataset import Dataset
from myosotis.protocol import Protocol
from myosotis.report import write_report
from myosotis.report.profile import _file_name
from myosotis.results import atomic_folder, read_bundle, trace, verify, write_bundle
from myosotis.results.files import SCHEMA_VERSION, digest_of, foreign_files, seal
from myosotis.run import Study, compute
from myosotis.study import Eligibility, assign_visits

W0, W4 = baseline_window(days=14), week(4, give_or_take=7)


@cache
def computed(number):
    """Compute a study of one patient whose CMAS is `number` at week 0 and one more at week 4."""
    lines = tuple(
        Number(key=f"cmas {at.label}", label="CMAS", unit="points", value=cmas.at(at), summary="median_iqr", decimals=0)
        for at in (W0, W4)
    )
    protocol = Protocol(
        key="s", version="1", title="Small", question="How strong?", index=recorded_days(), windows=(W0, W4),
        eligibility=Eligibility(), analyses=(Characteristics(key="t", title="T", lines=lines, quartiles=6),), seed=1,
    )  # fmt: skip
    data = Dataset.of(
        patients=[{"patient_id": "Anna"}],
        observations=[{"patient_id": "Anna", "name": "cmas", "day": 28 * i, "number": number + i} for i in (0, 1)],
    )
    found = {record.patient_id: record for record in records(data, protocol.index)}
    study = Study(protocol=protocol, data=data, visits=assign_visits(found.values(), protocol.windows), records=found)
    return compute(study)


def made(number=1.0, **manifest):
    bundle = computed(number)
    return dataclasses.replace(bundle, manifest={**bundle.manifest, **manifest})


def median_id(bundle):
    """Give the identifier of the median at week 0."""
    (row,) = (
        row for row in bundle.results.to_pylist() if row["statistic"] == "median" and row["endpoint"] == "cmas week 0"
    )
    return row["result_id"]


def written(folder, number=1.0):
    folder.mkdir(parents=True, exist_ok=True)
    write_report(made(number), folder)
    return write_bundle(made(number), folder)


@pytest.fixture
def out(tmp_path):
    written(tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def command(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return ended.value.code, told.out + told.err

    return call


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


# --- sealed -----------------------------------------------------------------------------------------------------------


def test_the_manifest_holds_the_digest_of_every_file_and_is_covered_by_one(out):
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    every = {name: digest_of(path) for name, path in files_of(out).items()}
    covering = every.pop("manifest.sha256")
    assert every.pop("manifest.json") == (out / "manifest.sha256").read_text().split()[0]
    assert manifest["files"] == every
    assert {"report.html", "patient_level/report.html", "query.sql", "tables/t.csv"} <= set(every)
    assert covering not in every.values()


@pytest.mark.parametrize("name", [
    "results.parquet", "provenance.parquet", "definitions.parquet", "checks.parquet", "query.sql", "manifest.json",
    "patient_level/listings.parquet", "patient_level/checks.parquet", "patient_level/ledger.parquet",
    "patient_level/persons.json",
])  # fmt: skip
def test_every_command_refuses_a_bundle_in_which_a_file_that_it_reads_was_changed(out, command, name):
    path = out / name
    path.write_bytes(path.read_bytes() + b" ")
    result = median_id(made())
    for arguments in (("trace", out, result), ("compare", out, out), ("report", out), ("profile", out, "Anna")):
        code, told = command(*arguments)
        assert code == 2, arguments[0]
        assert "changed after it was written" in told
    assert command("verify", out)[0] == 5


def test_where_a_number_stands_is_in_its_keys_alone(out, command):
    """Nothing in a bundle that could be changed says what is printed where."""
    texts = [path.read_text(encoding="utf-8") for name, path in files_of(out).items() if name.endswith(".json")]
    ids = made().results["result_id"].to_pylist()
    assert not [one for one in ids for text in texts if one in text]
    protocol = (out / "protocol.json").read_text(encoding="utf-8")
    (out / "protocol.json").write_text(protocol.replace("week 0", "?").replace("week 4", "week 0"), encoding="utf-8")
    code, told = command("report", out)
    assert code == 2
    assert "protocol.json was changed" in told
    assert command("verify", out)[1].startswith("changed: protocol.json\n")


def test_a_bundle_changed_with_all_its_digests_is_told_by_the_digest_that_was_printed(out, command):
    printed = (out / "manifest.sha256").read_text().split()[0]
    other = dataclasses.replace(made(), results=made(7.0).results)
    write_bundle(other, out)
    assert verify(out).whole
    found = verify(out, printed)
    assert found.changed == ("manifest.json",)
    assert found.digest != printed
    assert command("verify", out, "--digest", printed)[0] == 5
    code, told = command("verify", out, "--digest", found.digest.upper())
    assert code == 0
    assert "as given" in told
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        verify(out, "abc")


def test_verify_names_what_was_changed_what_is_missing_and_what_no_run_wrote(out, command):
    (out / "report.html").write_text("edited", encoding="utf-8")
    (out / "tables" / "t.csv").unlink()
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    code, told = command("verify", out)
    assert code == 5
    assert told.splitlines()[:3] == ["changed: report.html", "missing: tables/t.csv", "of no run: notes.txt"]


def test_a_bundle_without_its_patient_level_part_is_still_verified_reported_and_traced(out, command):
    page = (out / "report.html").read_bytes()
    shutil.rmtree(out / "patient_level")
    code, told = command("verify", out)
    assert code == 0
    assert "The patient-level part is not there" in told
    (out / "report.html").unlink()
    assert command("report", out)[0] == 0
    assert (out / "report.html").read_bytes() == page
    assert not (out / "patient_level").exists()
    code, told = command("trace", out, median_id(made()))
    assert code == 0
    assert "the patient-level part is not there" in told
    assert "Anna" not in told
    code, told = command("profile", out, "Anna")
    assert code == 2
    assert "the patient-level part is not there" in told
    assert command("compare", out, out)[0] == 0


def test_a_report_rendered_again_keeps_the_digest_of_the_run_or_says_the_new_one(out, command):
    digest = verify(out).digest
    (out / "report.html").write_text("edited", encoding="utf-8")
    assert "new digest" not in command("report", out)[1]
    assert verify(out, digest).whole
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    seal(out, {**manifest, "files": {**manifest["files"], "report.html": "0" * 64}})
    told = command("report", out)[1]
    assert verify(out, re.search(r"new digest: (\w{64})", told)[1]).whole


def test_what_was_computed_keeps_its_digest_when_a_report_is_rendered_again(out, command):
    """Rendering does not make right what was changed in between."""
    bundle = read_bundle(out)
    (out / "results.parquet").write_bytes(b"PAR1")
    write_report(bundle, out)
    assert command("report", out)[0] == 2
    assert verify(out).changed == ("results.parquet",)


def test_a_profile_is_a_file_of_the_bundle(out, command):
    assert command("profile", out, "Anna")[0] == 0
    assert (out / "patient_level" / "profiles" / "Anna.html").stat().st_mode & 0o777 == 0o600
    assert verify(out).whole
    assert foreign_files(out) == []
    (out / "patient_level" / "profiles" / "Anna.html").write_text("edited", encoding="utf-8")
    assert verify(out).changed == ("patient_level/profiles/Anna.html",)


def test_two_patients_whose_identifiers_differ_in_a_sign_have_two_pages():
    names = [_file_name(one) for one in ("a/b", "a_b", "a b", "../a_b", "..", "A-1.2")]
    assert len(set(names)) == len(names)
    assert names[1] == "a_b"
    assert names[-1] == "A-1.2"
    assert not any("/" in name or name.startswith(".") for name in names)


def test_patients_are_parted_from_the_manifest_and_come_back(tmp_path):
    listing = {"key": "l", "title": "L", "columns": ["Patient"], "rows": [["Anna"]]}
    bundle = made(
        members={"all": ["Anna"]}, listings=[listing], query="SELECT 'Anna', 'anna''s', 'ANNA' FROM t WHERE x = 'y'"
    )
    write_bundle(bundle, tmp_path)
    back = read_bundle(tmp_path).manifest
    for name in ("members", "listings", "query", "protocol"):
        assert back[name] == bundle.manifest[name], name
    for name, path in files_of(tmp_path).items():
        assert b"Anna" not in path.read_bytes() or name.startswith("patient_level/"), name
    assert "'anna''s'" in (tmp_path / "query.sql").read_text()
    assert trace(read_bundle(tmp_path), median_id(bundle)).listing == tuple(
        row for row in bundle.listings.to_pylist() if row["patient_id"] == "Anna" and row["number"] == 1.0
    )


def test_a_protocol_that_names_a_patient_is_shown_without_the_name_and_kept_whole_for_its_owner(tmp_path):
    protocol = {"format": "1", "protocol": {"is": "TextIs", "texts": ["ANNA", "yes"], "key": "Anna",
                "examples": [{"is": "ExamplePatient", "born": "2012-03-04"}]}, "shared": {}}  # fmt: skip
    bundle = made(protocol=protocol)
    write_bundle(bundle, tmp_path)
    shown = json.loads((tmp_path / "protocol.json").read_text(encoding="utf-8"))
    assert shown["protocol"]["texts"] == ["identifier of a patient, see patient_level/protocol.json", "yes"]
    assert shown["protocol"]["key"] == "Anna", "a key is what the study calls itself"
    assert "2012-03-04" not in (tmp_path / "protocol.json").read_text(encoding="utf-8")
    assert "protocol" not in json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert read_bundle(tmp_path).manifest["protocol"] == protocol
    shutil.rmtree(tmp_path / "patient_level")
    assert read_bundle(tmp_path).manifest["protocol"] == shown


def test_a_protocol_that_names_no_patient_stands_once(tmp_path):
    protocol = {"format": "1", "protocol": {"is": "Known", "truth": True}, "shared": {}}
    write_bundle(made(protocol=protocol), tmp_path)
    assert not (tmp_path / "patient_level" / "protocol.json").exists()
    assert read_bundle(tmp_path).manifest["protocol"] == protocol


# --- only what is ours is replaced ------------------------------------------------------------------------------------


def test_an_earlier_bundle_is_replaced_even_when_its_report_was_edited(out, command):
    (out / "report.html").write_text("edited", encoding="utf-8")
    command("profile", out, "Anna")
    atomic_folder(out, lambda folder: written(folder, 5.0))
    assert verify(out).whole
    assert 5.0 in read_bundle(out).results["number"].to_pylist()
    assert not (out / "patient_level" / "profiles").exists()


@pytest.mark.parametrize("name", [
    "thesis.docx", ".git/config", "tables/mine.csv", "figures/mine.svg", "patient_level/letter.odt", "empty/",
    "patient_level/profiles/mine.html", "figures/a/b.svg",
])  # fmt: skip
def test_a_bundle_with_a_foreign_file_in_it_is_not_replaced(out, name):
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir() if name.endswith("/") else path.write_text("mine", encoding="utf-8")
    before = {name: one.read_bytes() for name, one in files_of(out).items()}
    with pytest.raises(UsageError, match=re.escape(name.rstrip("/"))):
        atomic_folder(out, lambda folder: pytest.fail("was filled"))
    assert {name: one.read_bytes() for name, one in files_of(out).items()} == before


def test_a_link_within_a_bundle_is_foreign(out, tmp_path):
    (tmp_path / "thesis").mkdir()
    shutil.rmtree(out / "tables")
    (out / "tables").symlink_to(tmp_path / "thesis")
    with pytest.raises(UsageError, match="tables"):
        atomic_folder(out, lambda folder: None)


@pytest.mark.parametrize("manifest", [
    "{}", "not JSON", json.dumps({"name": "an extension", "manifest_version": 3}),
    json.dumps({"schema_version": "1", "files": {"index.html": "0"}}),
    json.dumps({"schema_version": SCHEMA_VERSION, "files": {"index.html": "0" * 64}}),
])  # fmt: skip
def test_another_programs_manifest_makes_no_bundle(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest)
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(UsageError, match=r"index\.html.*nothing was changed"):
        atomic_folder(tmp_path, lambda folder: None)
    assert (tmp_path / "index.html").read_text() == "mine"


def test_an_empty_folder_may_be_filled_and_a_file_may_not(tmp_path):
    (tmp_path / "out").mkdir()
    atomic_folder(tmp_path / "out", written)
    assert verify(tmp_path / "out").whole
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        atomic_folder(tmp_path / "file", written)


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path):
    real, link = tmp_path / "disk" / "real", tmp_path / "out"
    link.symlink_to(real)
    atomic_folder(link, lambda folder: written(folder, 1.0))
    atomic_folder(link, lambda folder: written(folder, 2.0))
    assert link.is_symlink()
    assert read_bundle(real).results["number"].to_pylist()[0] in (2.0, 3.0)
    assert sorted(path.name for path in (tmp_path / "disk").iterdir()) == ["real"]


def test_a_run_at_the_same_time_is_refused_and_the_first_one_ends_well(tmp_path):
    script = textwrap.dedent(
        f"""
        import pathlib, sys
        from myosotis.results.atomic_folder import atomic_folder
        def fill(folder):
            (folder / "tables").mkdir()
            print("ready", flush=True)
            sys.stdin.readline()
            from myosotis.results.files import digests, seal
            (folder / "tables" / "a.csv").write_text("first")
            seal(folder, {{"files": digests(folder)}})
        atomic_folder(pathlib.Path({str(tmp_path / "out")!r}), fill)
        """
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout.readline() == b"ready\n"
        with pytest.raises(UsageError, match="another run is writing"):
            atomic_folder(tmp_path / "out", written)
        atomic_folder(tmp_path / "out2", written)  # another target is free
        first.communicate(b"\n")
    assert first.returncode == 0
    assert (tmp_path / "out" / "tables" / "a.csv").read_text() == "first"
    atomic_folder(tmp_path / "out", written)


# --- what the machine refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "told"), [
    (errno.ENOSPC, "the disk is full"), (errno.EROFS, "can only be read"), (errno.EACCES, "no permission"),
    (errno.EPERM, "no permission"), (errno.EDQUOT, "used up"), (errno.ETXTBSY, "the system says"),
])  # fmt: skip
def test_what_the_machine_refuses_is_no_fault_of_myosotis(out, command, monkeypatch, code, told):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code), "some/file")

    before = {name: path.read_bytes() for name, path in files_of(out).items()}
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StorageError, match=told) as refused:
        atomic_folder(out, written)
    assert isinstance(refused.value, MyosotisError)
    assert isinstance(refused.value, OSError)
    assert "some/file" in str(refused.value)
    assert str(out) in str(refused.value)
    code_, text = command("report", out)
    assert (code_, "fault of myosotis" in text) == (6, False)
    monkeypatch.undo()
    assert {name: path.read_bytes() for name, path in files_of(out).items()} == before


def test_a_file_that_cannot_grow_is_told_by_a_whole_run(tmp_path):
    """The limit stands for a full disk: every write beyond it fails, in the processes of the run as well."""
    study = Path(__file__).parents[2] / "examples" / "rheumatoid_arthritis"
    for limit in (1000, 30_000):
        script = (
            "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
            f"from myosotis.cli import main\nmain(['run', {str(study)!r}, '--out', {str(tmp_path / 'out')!r}])\n"
        )
        found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert found.returncode == 6, found.stderr
        assert "larger than this system allows" in found.stderr
        assert "fault of myosotis" not in found.stderr
        assert list(tmp_path.iterdir()) == []


def test_a_part_of_the_path_that_is_a_file_or_a_name_too_long_is_told(tmp_path, command):
    (tmp_path / "file").write_text("mine")
    study = Path(__file__).parents[2] / "examples" / "rheumatoid_arthritis"
    for out_, told in (
        (tmp_path / "file" / "out", "there is a file where a folder was expected"),
        (tmp_path / ("x" * 300), "shorter"),
    ):
        code, text = command("run", study, "--out", out_)
        assert code == 6, text
        assert told in text


def test_a_bundle_error_is_bad_usage(tmp_path, command):
    with pytest.raises(BundleError):
        verify(tmp_path)
    assert command("verify", tmp_path)[0] == 2
