"""No module of the package imports one that imports it: not at its top, in a function or for its annotations alone."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(find_spec("myosotis").origin).parent


def modules(root, package):
    """Name every module below a folder, with its file."""
    found = {}
    for path in root.rglob("*.py"):
        parts = (package, *path.relative_to(root).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imported(path, known):
    """List the modules that a file imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in known)
        elif isinstance(node, ast.ImportFrom):
            named = [(f"{node.module}.{one.name}", node.module) for one in node.names]
            yield from (inner if inner in known else outer for inner, outer in named if {inner, outer} & known.keys())


def order(root, package):
    """Put the modules in an order in which each imports earlier ones only."""
    known = modules(root, package)
    graph = {name: {one for one in imported(path, known) if one != name} for name, path in known.items()}
    return tuple(TopologicalSorter(graph).static_order())


def test_no_module_imports_one_that_imports_it():
    assert len(order(ROOT, "myosotis")) > 350


@pytest.mark.parametrize(
    "text", ["from circle.one import b", "def f():\n    from circle import one", "if False:\n    import circle.one"]
)
def test_a_circle_is_found_wherever_it_is_written(tmp_path, text):
    (tmp_path / "one.py").write_text("from circle.two import a\n", encoding="utf-8")
    (tmp_path / "two.py").write_text(text, encoding="utf-8")
    with pytest.raises(CycleError):
        order(tmp_path, "circle")
