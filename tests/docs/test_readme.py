"""The README is a contract: its commands exist, its files are there, its protocol runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from myosotis.cli import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_named_exists_and_every_command_is_named():
    named = set(re.findall(r"^\| `myosotis (\w+)", README, flags=re.MULTILINE))
    assert named == set(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_link_leads_to_a_file(target):
    assert (ROOT / target).exists()


def test_the_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


def test_the_protocol_shown_is_short_and_can_be_declared():
    code = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert code is not None
    assert len(code[1].strip().splitlines()) <= 10
    names: dict[str, object] = {}
    preamble = (
        "from myosotis.analysis import *\nfrom myosotis.language import *\nfrom myosotis.protocol import *\n"
        "from myosotis.study import *\nfrom myosotis.measures.jdm.instruments import cmas\n"
        "from myosotis.measures.jdm.severity import severe_jdm\n"
    )
    exec(preamble + code[1], names)
    assert names["protocol"].title == "CMAS after starting baricitinib"  # type: ignore[attr-defined]
