"""Nothing of the current folder, of a study or of a bundle is run but protocol.py, and what it does is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import myosotis
from myosotis.cli import main
from myosotis.core.subprocess_worker import start_worker
from myosotis.errors import ProtocolError
from myosotis.loading import load_protocol
from myosotis.results import read_bundle
from myosotis.run import run_study

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "examples" / "rheumatoid_arthritis"
PACKAGE = Path(myosotis.__file__).parents[1]
# Modules that the package, its libraries or Python's own import by name.
PLANTED = (
    "json",
    "typer",
    "pyarrow",
    "numpy",
    "jinja2",
    "pickle",
    "csv",
    "subprocess",
    "secrets",
    "ibis",
    "vl_convert",
)


@pytest.fixture
def trap(tmp_path):
    """Fill a folder with modules that leave a mark when they run; give the folder and the mark."""
    mark = tmp_path / "ran"
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in PLANTED:
        (folder / f"{name}.py").write_text(f"open({str(mark)!r}, 'a').write(__name__ + ' ')\nraise SystemExit(7)\n")
    return folder, mark


def environment(**changed):
    """The environment of a developer whose PYTHONPATH names the package, plus what is changed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**kept, "PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1", **changed}


@pytest.mark.parametrize("path", [str(PACKAGE), f"{PACKAGE}{os.pathsep}", f"{os.pathsep}{PACKAGE}"])
def test_no_module_beside_a_bundle_or_in_the_current_folder_runs(trap, path):
    folder, mark = trap
    commands = [
        [sys.executable, "-m", "myosotis", "run", str(STUDY), "--out", "out"],
        [sys.executable, "-m", "myosotis", "report", "out"],
        [sys.executable, "-c", "from myosotis.__main__ import main; main()", "verify", "out"],
    ]
    for command in commands:
        found = subprocess.run(
            command, cwd=folder, env=environment(PYTHONPATH=path), capture_output=True, text=True, check=False
        )
        assert not mark.exists(), (command, mark.read_text())
        assert found.returncode == 0, found.stderr


def test_what_the_readme_names_beside_the_command_runs_nothing_of_the_current_folder(trap):
    folder, mark = trap
    (folder / "collections.py").write_text((folder / "json.py").read_text(encoding="utf-8"), encoding="utf-8")
    told = "python -P -m myosotis"
    assert told in (ROOT / "README.md").read_text(encoding="utf-8")
    command = [sys.executable, *told.split()[1:], "--help"]
    found = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    assert not mark.exists()
    assert found.returncode == 0, found.stderr


def test_no_module_in_a_study_folder_runs_but_the_protocol(trap, tmp_path):
    folder, mark = trap
    for name in ("protocol.py", "mapping.toml"):
        (folder / name).write_bytes((STUDY / name).read_bytes())
    shutil.copytree(STUDY / "data", folder / "data")
    run_study(folder, tmp_path / "out")
    assert not mark.exists()


def test_a_second_process_finds_the_folders_that_the_developer_names_and_not_the_current_one(
    trap, tmp_path, monkeypatch
):
    folder, mark = trap
    monkeypatch.chdir(folder)
    named = tmp_path / "named"
    named.mkdir()
    (named / "mine.py").write_text("import sys, os\nprint(sys.path, os.environ['PYTHONPATH'])\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(named), ""]))
    told = start_worker("mine", b"", what="a test").answer().decode()
    assert str(named) in told
    assert str(folder) not in told
    assert "''" not in told
    assert not mark.exists()


def test_the_command_is_the_module_that_leaves_the_current_folder():
    assert 'myosotis = "myosotis.__main__:main"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


# --- protocols --------------------------------------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    for name in ("protocol.py", "mapping.toml"):
        (folder / name).write_bytes((STUDY / name).read_bytes())
    (folder / "data").symlink_to(STUDY / "data")
    return folder


def edit(study, old, new):
    text = (study / "protocol.py").read_text(encoding="utf-8")
    assert old in text
    (study / "protocol.py").write_text(text.replace(old, new, 1), encoding="utf-8")


def codes(capsys, *commands):
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in command])
        told = capsys.readouterr()
        yield ended.value.code, told.out + told.err


@pytest.mark.parametrize("ending", ["import sys; sys.exit(0)", "raise SystemExit", "exit()", "quit(3)"])
def test_a_protocol_that_ends_the_program_is_refused_with_its_line(study, tmp_path, capsys, ending):
    (study / "protocol.py").write_text(f"# a study\n\n{ending}\n", encoding="utf-8")
    for code, told in codes(capsys, ("check", study), ("run", study, "--out", tmp_path / "out"), ("explain", study)):
        assert code == 4
        assert "protocol.py, line 3: the protocol ends the program" in told
    assert not (tmp_path / "out").exists()


def test_a_relative_study_keeps_the_line_of_an_error(study, monkeypatch):
    (study / "protocol.py").write_text("x = 1\n\ny = x / 0\n", encoding="utf-8")
    monkeypatch.chdir(study.parent)
    for folder in (Path("study"), Path("study") / ".." / "study", study, Path()):
        monkeypatch.chdir(study if folder == Path() else study.parent)
        with pytest.raises(ProtocolError, match=r"protocol\.py, line 3: ZeroDivisionError"):
            load_protocol(folder)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('pairwise="dunn"', 'pairwise="dun"', "dun"),
        ('p="asymptotic"', 'p="assymptotic"', "assymptotic"),
        ('adjust="holm"', 'adjust="hollm"', "hollm"),
        ('"leave_out", "keep"', '"leave_uot", "keep"', "leave_uot"),
        ('quartiles=6', 'quartiles=66', "66"),
    ],
)  # fmt: skip
def test_check_refuses_what_run_would_refuse(study, tmp_path, capsys, old, new, told):
    edit(study, old, new)
    (checked, said), (run, _) = codes(capsys, ("check", study), ("run", study, "--out", tmp_path / "out"))
    assert checked == run != 0
    assert told in said
    assert "fault of myosotis" not in said


COUNTED = """
import os, sys
import numpy, pyarrow.parquet
before = set(os.listdir("/proc/self/task"))
from pathlib import Path
from myosotis.cli import main
from myosotis.sources.parquet import read_parquet
read_parquet(Path(sys.argv[2], "results.parquet"), file="results.parquet")
for command in (["trace", sys.argv[2], sys.argv[1]], ["verify", sys.argv[2]], ["compare", sys.argv[2], sys.argv[2]]):
    try:
        main(command)
    except SystemExit as ended:
        assert not ended.code, ended.code
print("started", len(set(os.listdir("/proc/self/task")) - before))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the threads of a process are counted in /proc")
def test_reading_a_bundle_starts_no_thread_that_could_abort_the_process_as_it_ends(tmp_path):
    with pytest.raises(SystemExit):
        main(["run", str(STUDY), "--out", str(tmp_path / "out")])
    result = read_bundle(str(tmp_path / "out")).results["result_id"][0].as_py()
    command = [sys.executable, "-c", COUNTED, result, str(tmp_path / "out")]
    found = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "started 0"
