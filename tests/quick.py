"""Run the tests nearest to what changed since a commit, in seconds; `make test` runs all of them.

python tests/quick.py                what differs from HEAD, files that git does not know yet included
python tests/quick.py main           what differs from another commit
python tests/quick.py --list         name the tests and why, and run none

Near a module is a test that is named after it or imports it, directly or from a package that passes its names on; if there
is none, the tests of the modules that import it, and so on upwards. Of many the most focused are taken: those that import
fewest modules. Whole studies (tests/study) run only when they changed themselves. Near a template is what is near to the
module that names it, near any other file a test that does. What was left out is said.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

MOST = 6
SLOW = "tests/study/"
PAGES = "tests/docs/test_pages.py"


@dataclass(frozen=True, kw_only=True)
class Repository:
    """Read the modules and tests below a folder, without importing any of them."""

    root: Path
    package: str = "myosotis"

    @cached_property
    def modules(self) -> Mapping[str, Path]:
        """Give every module of the package by its dotted name; a package is its `__init__.py`."""
        source = self.root / "src"
        return {_dotted(path.relative_to(source)): path for path in sorted((source / self.package).rglob("*.py"))}

    @cached_property
    def tests(self) -> Mapping[str, str]:
        """Give the text of every file of tests by its path below the root."""
        found = sorted((self.root / "tests").rglob("test_*.py"))
        return {path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8") for path in found}

    @cached_property
    def _trees(self) -> Mapping[str, ast.Module]:
        return {name: _parsed(path.read_text(encoding="utf-8")) for name, path in self.modules.items()}

    @cached_property
    def _defined(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(_defined(tree)) for name, tree in self._trees.items()}

    @cached_property
    def imports(self) -> Mapping[str, frozenset[str]]:
        """Give the modules that each module imports, inside functions too."""
        return {name: frozenset(self._imported(tree)) - {name} for name, tree in self._trees.items()}

    @cached_property
    def registers(self) -> Mapping[str, frozenset[str]]:
        """Give the modules beside or below it that a module names in a text, to import them by it, as a catalogue does."""
        found = {}
        for name, tree in self._trees.items():
            texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
            below = {f"{name.rpartition('.')[0]}.{text}" for text in texts if isinstance(text, str)}
            found[name] = frozenset(below & self.modules.keys()) - {name}
        return found

    @cached_property
    def tested(self) -> Mapping[str, frozenset[str]]:
        """Give the modules that each file of tests imports."""
        return {path: frozenset(self._imported(_parsed(text))) for path, text in self.tests.items()}

    def _imported(self, tree: ast.Module) -> Iterator[str]:
        aliases: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (one.name for one in node.names if one.name in self.modules)
            elif isinstance(node, ast.ImportFrom) and node.module in self.modules and not node.level:
                yield node.module
                for one in node.names:
                    found = self.origin(node.module, one.name)
                    yield found
                    aliases[one.asname or one.name] = found
        for node in ast.walk(tree):
            # `st.friedman` after `from myosotis import statistics as st`
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
                yield self.origin(aliases[node.value.id], node.attr)

    def origin(self, module: str, name: str) -> str:
        """Find the module that a name taken from a module comes from: itself, one below it, or one that it passes on."""
        below = f"{module}.{name}"
        if below in self.modules:
            return below
        if name in self._defined[module]:
            return module
        for node in ast.walk(self._trees[module]):
            if isinstance(node, ast.ImportFrom) and node.module in self.modules and node.module != module:
                taken = [one.name for one in node.names if (one.asname or one.name) == name]
                if taken:
                    return self.origin(node.module, taken[0])
        within = [one for one in self.modules if one.startswith(f"{module}.") and name in self._defined[one]]
        return within[0] if self.modules[module].name == "__init__.py" and within else module


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Hold the tests to run with the changed file that each is for, and what was left out of which."""

    tests: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)


def choose(repository: Repository, changed: Sequence[str]) -> Chosen:
    """Choose the tests that are near to changed files, given by their paths below the root."""
    chosen = Chosen()
    for path in changed:
        near = _near(repository, path)
        for test in near[:MOST]:
            chosen.tests.setdefault(test, path)
        if len(near) > MOST:
            chosen.left_out[path] = len(near) - MOST
        if not near:
            chosen.without.append(path)
    return chosen


def _near(repository: Repository, path: str) -> list[str]:
    """List the tests near to a file, nearest first."""
    if path in repository.tests:
        return [path]
    place = Path(path)
    if place.name == "conftest.py" and path.startswith("tests/"):
        return [test for test in repository.tests if Path(test).is_relative_to(place.parent)]
    if path.startswith(f"src/{repository.package}/") and place.suffix == ".py":
        return _near_module(repository, _dotted(Path(*place.parts[1:])))
    if path.startswith("src/"):
        readers = [name for name, file in repository.modules.items() if place.name in file.read_text(encoding="utf-8")]
        return list(dict.fromkeys(test for name in readers for test in _near_module(repository, name)))
    return _mentioning(repository, place)


def _near_module(repository: Repository, module: str) -> list[str]:
    last = module.rpartition(".")[2]
    name = re.compile(rf"test_(\w+_)?{re.escape(last)}(_\w+)?\.py")
    named = [path for path in repository.tests if name.fullmatch(Path(path).name)]
    level = {module, *(one for one, registered in repository.registers.items() if module in registered)}
    seen = set(level)
    while level:
        found = [
            path for path, imported in repository.tested.items()
            if (imported & level or path in named) and not path.startswith(SLOW)
        ]  # fmt: skip
        if found:
            tested = repository.tested
            return sorted(
                found, key=lambda path: (path not in named, module not in tested[path], len(tested[path]), path)
            )
        level = {one for one, imported in repository.imports.items() if imported & level} - seen
        seen |= level
    return []


def _mentioning(repository: Repository, place: Path) -> list[str]:
    # A helper of tests or docs is imported by its name without `.py`.
    name = re.escape(place.stem) + r"(\.py)?" if place.suffix == ".py" else re.escape(place.name)
    word = re.compile(rf"(?<![\w.-]){name}(?![\w-])")
    found = [path for path, text in repository.tests.items() if word.search(text) and not path.startswith(SLOW)]
    if place.suffix == ".md" and PAGES in repository.tests:
        found = [PAGES, *(path for path in found if path != PAGES)]
    return found


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _parsed(text: str) -> ast.Module:
    """Parse a file; one that cannot be parsed imports nothing, and its own test says why."""
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name)) if target is not None else ()


def changed_since(root: Path, commit: str) -> list[str]:
    """List the files that differ from a commit, with those that git does not know and does not ignore."""
    asked = (["diff", "--name-only", "--no-renames", commit, "--"], ["ls-files", "--others", "--exclude-standard"])
    found = [
        subprocess.run(["git", "-C", str(root), *one], capture_output=True, text=True, check=True).stdout.splitlines()
        for one in asked
    ]
    return sorted({path for one in found for path in one})


def main(arguments: Sequence[str]) -> int:
    """Choose the tests, say which and why, and run them."""
    root = Path(__file__).parents[1]
    commits = [one for one in arguments if not one.startswith("-")]
    changed = changed_since(root, commits[0] if commits else "HEAD")
    chosen = choose(Repository(root=root), changed)
    for test, path in chosen.tests.items():
        print(f"{test}  (for {path})")
    for path, more in chosen.left_out.items():
        print(f"{path}: {more} more files of tests are near; `make test` runs them")
    for path in chosen.without:
        print(f"{path}: no test is near; `make test` runs all")
    if not chosen.tests or "--list" in arguments:
        return 0
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *chosen.tests], cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
