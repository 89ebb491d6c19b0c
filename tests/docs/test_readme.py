"""The README is a contract: its commands exist, its protocol runs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from typer.main import get_command

from myosotis.cli import app
from myosotis.run import run_study

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_named_exists_and_every_command_is_named():
    named = set(re.findall(r"^\| `myosotis (\w+)", README, flags=re.MULTILINE))
    assert named == set(get_command(app).commands)  # type: ignore[attr-defined]


def test_the_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


def test_the_protocol_shown_is_short_runs_as_it_is_printed_and_is_that_of_the_page_in_toml(tmp_path):
    code = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert code is not None
    said = [line for line in code[1].splitlines() if line and not line.startswith("from ")]
    assert len(said) <= 10
    study = tmp_path / "study"
    shutil.copytree(ROOT / "examples" / "baricitinib_jdm", study)
    (study / "protocol.py").write_text(code[1], encoding="utf-8")
    page = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    in_toml = re.search(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    assert in_toml is not None
    (study / "protocol.toml").write_text(in_toml[1], encoding="utf-8")
    run_study(study, tmp_path / "out")
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "CMAS after starting baricitinib" in report
    assert "Friedman test across all visits" in report
