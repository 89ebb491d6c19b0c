from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from myosotis import statistics
from myosotis.statistics.methods import METHODS, PREPARATIONS

FOLDER = Path(statistics.__file__).parent
# Parts that several methods share and no reader calls: reached by their module, not by the package.
MACHINERY = {
    "arrangements",
    "conditional_p",
    "effort",
    "monte_carlo",
    "rank_sum_difference",
    "ranks",
    "within_patient",
}
MODULES = sorted(p.stem for p in FOLDER.glob("[a-z]*.py") if p.stem not in MACHINERY)
FUNCTIONS = {name for name in statistics.__all__ if inspect.isfunction(getattr(statistics, name))}


def test_the_machinery_named_here_exists():
    assert {p.stem for p in FOLDER.glob("*.py")} >= MACHINERY


@pytest.mark.parametrize("module", MODULES)
def test_every_name_a_module_offers_can_be_taken_from_the_package(module):
    loaded = importlib.import_module(f"myosotis.statistics.{module}")
    assert loaded.__all__, "a module says what it offers"
    for name in loaded.__all__:
        assert name in statistics.__all__
        assert name in dir(statistics)
        assert getattr(statistics, name) is getattr(loaded, name)


def test_the_names_that_a_type_checker_sees_are_the_names_offered():
    tree = ast.parse((FOLDER / "__init__.py").read_text())
    block = next(n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    seen = {(node.module, alias.name) for node in block.body for alias in node.names}
    assert sorted(name for _, name in seen) == sorted(statistics.__all__)
    for module, name in seen:
        assert getattr(importlib.import_module(module), name) is getattr(statistics, name)
    assert len(set(statistics.__all__)) == len(statistics.__all__)


def test_a_name_that_does_not_exist_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'friedmann'"):
        statistics.friedmann  # noqa: B018


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_the_package_and_all_its_modules_import_without_heavy_ones():
    modules = [p.stem for p in FOLDER.glob("[a-z]*.py")]
    imports = "; ".join(f"import myosotis.statistics.{m}" for m in modules)
    heavy = "[m for m in ('scipy.stats', 'numba', 'pandas', 'pyarrow', 'ibis') if m in sys.modules]"
    assert run(f"import sys, myosotis.statistics; print(*{heavy})") == []
    assert run(f"import sys; {imports}; print(*{heavy})") == []


def test_asking_for_one_method_loads_no_other():
    code = "import sys; from myosotis.statistics import wilson; print(*sys.modules)"
    loaded = {m for m in run(code) if m.startswith("myosotis.statistics.")}
    assert "myosotis.statistics.proportions" in loaded
    assert "myosotis.statistics.friedman" not in loaded


def test_a_module_of_the_same_name_never_hides_the_method():
    code = (
        "import myosotis.statistics.friedman; from myosotis.statistics import friedman, durbin; "
        "import myosotis.statistics.durbin, myosotis.statistics as s; "
        "print(type(friedman).__name__, type(s.friedman).__name__, type(s.durbin).__name__)"
    )
    assert run(code) == ["function"] * 3


def test_every_public_function_is_described_as_a_method_or_a_preparation():
    assert FUNCTIONS - set(METHODS) - set(PREPARATIONS) == set()
    assert (set(METHODS) | set(PREPARATIONS)) - FUNCTIONS == set()
    assert set(METHODS) & set(PREPARATIONS) == set()


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_method_says_what_a_reader_needs(name):
    method = METHODS[name]
    assert method.label[0].isupper() or method.label[0].isdigit()
    for text in (method.assumes, method.meant_for):
        assert text
        assert not text.endswith(".")
    # A year, and a DOI unless the source is a book, a guideline or a journal without any.
    assert any(str(year) in method.source for year in range(1900, 2030)) or "doi:" in method.source
    assert any(mark in method.source for mark in ("doi:10.", "Wiley", "ICH", "ISBN")), method.source


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_public_function_says_what_it_does_first(name):
    text = inspect.getdoc(getattr(statistics, name))
    assert text
    assert text.splitlines()[0].endswith(".")
    if name in METHODS:
        assert "Source" in text
        assert ">>>" in text
