"""The page of the library names everything that is public, under the file that defines it."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def api_pages():
    spec = importlib.util.spec_from_file_location("api_pages", ROOT / "docs" / "api_pages.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["api_pages"] = module
    spec.loader.exec_module(module)
    return module


def entries(package):
    """Read the page of a package: public name -> the file under which it stands."""
    section = re.search(rf"^## `myosotis\.{package}`\n(.*?)(?=^## |\Z)", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert section is not None
    found = {}
    for file, text in re.findall(
        r"^### \[[^]]*\]\(\.\./([^)]*)\)\n(.*?)(?=^### |\Z)", section[1], flags=re.DOTALL | re.MULTILINE
    ):
        for name in re.findall(r"^- `(\w+)", text, flags=re.MULTILINE):
            assert name not in found
            found[name] = ROOT / file
    return found


def defined_in(file):
    names = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def test_every_public_name_stands_once_on_the_page_and_no_other(api_pages):
    for package in api_pages.PACKAGES:
        assert set(entries(package)) == set(import_module(f"myosotis.{package}").__all__), package


def test_every_name_stands_under_the_file_that_defines_it(api_pages):
    for package in api_pages.PACKAGES:
        for name, file in entries(package).items():
            assert name in defined_in(file), (name, file)


def test_a_public_name_without_a_docstring_is_refused(api_pages):
    def told():
        """Say something."""

    def silent(): ...

    assert api_pages._first(told) == "Say something."
    with pytest.raises(ValueError, match="has no docstring"):
        api_pages._first(silent)


def test_a_call_shows_names_and_defaults_and_no_types(api_pages):
    def asked(x: list[float], *, level: float = 0.95) -> float: ...

    assert api_pages._call(asked) == "(x, *, level=0.95)"
