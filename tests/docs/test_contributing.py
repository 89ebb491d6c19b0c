"""What a second developer is told is so: the layers are those of the contract, the files are there, the versions agree."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def first_line(module):
    """Read the first line of a module's docstring, without importing it."""
    path = ROOT / "src" / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").splitlines()[0]


def test_the_table_of_layers_is_the_import_contract_and_says_what_each_says_of_itself():
    (layers,) = [one["layers"] for one in CONTRACTS if one.get("containers") == ["myosotis"]]
    expected = [
        (str(number), module, first_line(f"myosotis.{module}"))
        for number, layer in enumerate(layers, 1)
        for module in layer.split(" | ")
    ]
    assert re.findall(r"^\| (\d+) \| `(\w+)` \| (.+) \|$", PAGE, flags=re.MULTILINE) == expected


def test_every_other_import_contract_is_named():
    listed = re.search(r"^Eight further contracts:\n\n((?:- .*\n)+)", PAGE, flags=re.MULTILINE)
    assert listed is not None
    assert listed[1].splitlines() == [f"- {one['name']}" for one in CONTRACTS if one.get("containers") != ["myosotis"]]
    assert len(listed[1].splitlines()) == 8


def test_every_module_stands_in_the_table():
    (contract,) = [one for one in CONTRACTS if one.get("containers") == ["myosotis"]]
    assert contract["exhaustive"]
    known = {module for layer in contract["layers"] for module in layer.split(" | ")}
    there = {path.stem for path in (ROOT / "src" / "myosotis").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert known == {one for one in there if one not in ("__init__", "__pycache__")}


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w./]+(?:/|\.(?:py|toml|md|txt|lock)))`", PAGE))))
def test_every_file_and_folder_named_is_there(path):
    assert (ROOT / path).exists() or (ROOT / "src" / "myosotis" / path).exists()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("measured", "src/myosotis/measures/declare.py"),
        ("told", "src/myosotis/measures/declare.py"),
        ("MODULES", "src/myosotis/measures/modules.py"),
        ("METHODS", "src/myosotis/statistics/paired/methods.py"),
        ("ANSWERS", "tests/unit/test_statistics_names.py"),
        ("CALLS", "tests/unit/test_statistics_arguments.py"),
        ("ROLES", "tests/unit/test_statistics_arguments.py"),
        ("check_declared", "src/myosotis/language/declaring.py"),
        ("AnalysisOutput", "src/myosotis/analysis/output.py"),
        ("Presentation", "src/myosotis/presentation/presented.py"),
        ("read_bytes", "src/myosotis/sources/files.py"),
        ("_read_sheets", "src/myosotis/model/read.py"),
        ("evaluate", "src/myosotis/language/evaluate.py"),
        ("ENGINES", "tests/spec/engines.py"),
    ],
)
def test_every_name_that_is_to_be_used_or_extended_is_where_the_page_says(name, file):
    assert f"`{name}`" in PAGE
    assert re.search(rf"^(def |class )?{name}\b", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_commands_of_make_exist():
    for target in set(re.findall(r"^make (\w+)|`make (\w+)", PAGE, flags=re.MULTILINE)):
        assert re.search(rf"^{''.join(target)}:", MAKEFILE, flags=re.MULTILINE)


def test_the_hooks_before_a_commit_are_the_checks_of_make_and_need_no_network():
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", MAKEFILE, flags=re.MULTILINE)
    assert recipe is not None
    commands = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe[1].splitlines()]
    assert re.findall(r"^ +entry: (.*)$", hooks, flags=re.MULTILINE) == commands
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
    assert set(re.findall(r"language: (\S+)", hooks)) == {"system"}


def test_the_citation_is_of_this_version_and_by_the_authors_of_the_project():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    told = dict(re.findall(r'^([\w-]+): "?(.*?)"?$', citation, flags=re.MULTILINE))
    project = PROJECT["project"]
    assert told["cff-version"] == "1.2.0"
    assert {"message", "title"} <= set(told)
    assert told["version"] == project["version"]
    assert (told["title"], told["license"], told["abstract"]) == (
        project["name"], project["license"], project["description"],
    )  # fmt: skip
    assert re.findall(r'^  - name: "(.*)"$', citation, flags=re.MULTILINE) == [
        one["name"] for one in project["authors"]
    ]
    assert re.findall(r'^  - "(.*)"$', citation, flags=re.MULTILINE) == project["keywords"]
