"""What is near to a change: the mapping from changed files to tests."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("quick", ROOT / "tests" / "quick.py")
assert _SPEC is not None
assert _SPEC.loader is not None
quick = importlib.util.module_from_spec(_SPEC)
sys.modules["quick"] = quick
_SPEC.loader.exec_module(quick)

FILES = {
    "src/myosotis/__init__.py": "from myosotis.scores import cmas as cmas\n",
    "src/myosotis/doses.py": "def total(): ...\n",
    "src/myosotis/units.py": "KILOGRAM = 1\n",
    "src/myosotis/scores/__init__.py": "from myosotis.scores.cmas import cmas as cmas\n",
    "src/myosotis/scores/cmas.py": "from myosotis.units import KILOGRAM\ndef cmas(): ...\n",
    "src/myosotis/scores/skin.py": "def skin(): ...\n",
    "src/myosotis/scores/catalogue.py": 'MODULES = ("cmas", "packs.extra")\n',
    "src/myosotis/scores/packs/__init__.py": "",
    "src/myosotis/scores/packs/extra.py": "",
    "src/myosotis/page.py": 'TEMPLATE = "page.j2"\ndef page():\n    from myosotis.doses import total\n',
    "src/myosotis/page.j2": "",
    "tests/conftest.py": "",
    "tests/unit/test_doses_added.py": "",
    "tests/unit/test_measures.py": "from myosotis.scores import cmas\nfrom myosotis.doses import total\n",
    "tests/unit/test_alias.py": "from myosotis import scores as sc\nsc.skin.skin()\n",
    "tests/unit/test_catalogue.py": "import myosotis.scores.catalogue\nhelp_ = 'helper.py'\n",
    "tests/unit/test_pages.py": "from myosotis.page import page\nREADME = 'README.md'\n",
    "tests/unit/test_face.py": "from myosotis import cmas\n",
    "tests/unit/helper.py": "",
    "tests/docs/test_pages.py": "",
    "tests/study/test_whole.py": "from myosotis.scores import cmas\nfrom myosotis.page import page\n",
}


@pytest.fixture
def repository(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return quick.Repository(root=tmp_path)


def near(repository, path):
    return [one.removeprefix("tests/") for one in quick.choose(repository, [path]).tests]


def test_a_changed_test_is_run_itself_even_that_of_a_whole_study(repository):
    assert near(repository, "tests/unit/test_alias.py") == ["unit/test_alias.py"]
    assert near(repository, "tests/study/test_whole.py") == ["study/test_whole.py"]


def test_a_test_named_after_the_module_comes_before_one_that_imports_it(repository):
    assert near(repository, "src/myosotis/doses.py") == ["unit/test_doses_added.py", "unit/test_measures.py"]


def test_a_name_passed_on_by_a_package_leads_to_the_module_that_defines_it(repository):
    assert {"unit/test_measures.py", "unit/test_face.py"} <= set(near(repository, "src/myosotis/scores/cmas.py"))
    assert "unit/test_alias.py" in near(repository, "src/myosotis/scores/skin.py")
    assert "unit/test_alias.py" not in near(repository, "src/myosotis/scores/cmas.py")


def test_without_a_test_of_its_own_those_of_the_modules_that_import_it_are_run(repository):
    assert near(repository, "src/myosotis/units.py") == ["unit/test_face.py", "unit/test_measures.py"]


def test_a_module_that_a_catalogue_imports_by_its_name_is_tested_with_the_catalogue(repository):
    assert near(repository, "src/myosotis/scores/packs/extra.py") == ["unit/test_catalogue.py"]


def test_a_template_is_tested_with_the_module_that_names_it_and_a_helper_with_the_tests_that_do(repository):
    assert near(repository, "src/myosotis/page.j2") == ["unit/test_pages.py"]
    assert near(repository, "tests/unit/helper.py") == ["unit/test_catalogue.py"]


def test_a_page_is_tested_by_the_test_of_all_pages_and_by_those_that_name_it(repository):
    assert near(repository, "README.md") == ["docs/test_pages.py", "unit/test_pages.py"]


def test_a_conftest_is_tested_by_all_below_it(repository):
    assert len(quick._near(repository, "tests/conftest.py")) == sum("/test_" in name for name in FILES)


def test_what_is_left_out_and_what_has_no_test_is_said(repository):
    for i in range(quick.MOST + 2):
        (repository.root / f"tests/unit/test_more_{i}.py").write_text("import myosotis.doses\n", encoding="utf-8")
    chosen = quick.choose(repository, ["src/myosotis/doses.py", "LICENSE"])
    assert len(chosen.tests) == quick.MOST
    assert chosen.left_out == {"src/myosotis/doses.py": 4}
    assert chosen.without == ["LICENSE"]


def test_a_module_that_was_deleted_or_cannot_be_parsed_does_not_stop_the_choice(repository):
    (repository.root / "src/myosotis/units.py").unlink()
    (repository.root / "src/myosotis/scores/skin.py").write_text("def (", encoding="utf-8")
    assert near(repository, "src/myosotis/doses.py") == ["unit/test_doses_added.py", "unit/test_measures.py"]
    assert near(repository, "src/myosotis/units.py") == []


def test_what_git_does_not_know_yet_counts_as_changed_and_what_it_ignores_does_not(repository):
    def git(*arguments):
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=repository.root, check=True, capture_output=True)

    (repository.root / ".gitignore").write_text("*.log\n", encoding="utf-8")
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    for name in ("src/myosotis/new.py", "run.log", "src/myosotis/doses.py"):
        (repository.root / name).write_text("# changed\n", encoding="utf-8")
    assert quick.changed_since(repository.root, "HEAD") == ["src/myosotis/doses.py", "src/myosotis/new.py"]


def test_every_import_that_the_import_contracts_see_is_seen_here():
    grimp = pytest.importorskip("grimp")
    graph = grimp.build_graph("myosotis", cache_dir=None)
    repository = quick.Repository(root=ROOT)
    assert set(graph.modules) == set(repository.modules)
    for module in graph.modules:
        assert graph.find_modules_directly_imported_by(module) <= repository.imports[module], module


def test_every_module_of_the_package_has_a_test_near_it():
    repository = quick.Repository(root=ROOT)
    paths = [path.relative_to(ROOT).as_posix() for path in repository.modules.values()]
    without = set(quick.choose(repository, paths).without)
    # The command `python -m myosotis` is run by its name; a package's own file that only says what it is for does nothing.
    assert without >= {"src/myosotis/__main__.py"}
    for path in without - {"src/myosotis/__main__.py"}:
        (only,) = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        assert path.endswith("/__init__.py"), path
        assert isinstance(only, ast.Expr), path
