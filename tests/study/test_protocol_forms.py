"""The two example studies are declared twice, in Python and in TOML, and both declarations give the same bundle."""

from __future__ import annotations

from pathlib import Path

import pytest

from myosotis.loading import load_protocol
from myosotis.protocol import Protocol
from myosotis.run import run_study

EXAMPLES = Path(__file__).parents[2] / "examples"
# They name the files that were read, and digest each other.
TOLD = {"report.html", "manifest.json", "manifest.sha256"}


@pytest.mark.parametrize("name", ["rheumatoid_arthritis", "baricitinib_jdm"])
def test_both_forms_of_an_example_declare_the_same(name):
    in_python, in_toml = (load_protocol(EXAMPLES / name / f"protocol.{form}") for form in ("py", "toml"))
    assert in_python == in_toml
    assert in_python.fingerprint == in_toml.fingerprint
    assert Protocol.from_json(in_toml.to_json()) == in_python


def test_both_forms_of_the_juvenile_dermatomyositis_study_give_the_same_bundle(tmp_path):
    for form in ("py", "toml"):
        run_study(EXAMPLES / "baricitinib_jdm" / f"protocol.{form}", tmp_path / form)
    files = [path.relative_to(tmp_path / "py") for path in (tmp_path / "py").rglob("*") if path.is_file()]
    assert len(files) > 80
    for path in (path for path in files if path.name not in TOLD):
        assert (tmp_path / "py" / path).read_bytes() == (tmp_path / "toml" / path).read_bytes(), path
