"""The page of the library: every public name of the packages that others build on, with its call and what it does."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from collections.abc import Collection, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
PACKAGES = ("statistics", "language", "analysis", "study", "results", "measures", "report")
HEAD = """# The library: every public name

What a package lists in `__all__` is public, can be imported from the package, and is on this page; whatever else a
module holds may change without notice. Each name stands under the file that defines it: a function with its call, a
record with its fields, and what it does in one sentence. `help(name)` shows the rest: shapes, units, ranges and whether
their ends are included, what missing values do, and the errors raised.

What a protocol may say is told at more length in [protocol.md](protocol.md), what each statistic assumes and how it was
proved in [statistics.md](statistics.md), and what a results bundle holds in [bundle.md](bundle.md).
"""
MEASURES = """Every definition of the [catalogue](catalogue/index.md) can be imported from here by its key as well:
`from myosotis.measures import cmas`.
"""


def pages() -> dict[str, str]:
    """Give the page by its path under docs/."""
    parts = [HEAD, "## Packages\n"]
    modules = {name: import_module(f"myosotis.{name}") for name in PACKAGES}
    parts += [f"- [`myosotis.{name}`](#myosotis{name}): {_first(module)}" for name, module in modules.items()]
    parts.append("")
    for name, module in modules.items():
        parts.append(f"## `myosotis.{name}`\n\n{_first(module)}\n")
        parts += [MEASURES] if name == "measures" else []
        parts += _package(module)
    return {"api.md": "\n".join(parts).rstrip() + "\n"}


def _package(package: ModuleType) -> Iterator[str]:
    by_file: dict[Path, list[str]] = {}
    for name in package.__all__:
        by_file.setdefault(_file(package, name), []).append(name)
    for file in sorted(by_file):
        path = file.relative_to(ROOT).as_posix()
        shown = path.removeprefix(f"src/myosotis/{package.__name__.rpartition('.')[2]}/")
        yield f"### [{shown}](../{path})\n"
        yield from (f"- {_entry(package, file, name)}" for name in sorted(by_file[file], key=str.casefold))
        yield ""


def _entry(package: ModuleType, file: Path, name: str) -> str:
    value = getattr(package, name)
    if dataclasses.is_dataclass(value):
        fields = ", ".join(f"`{one.name}`" for one in dataclasses.fields(value))
        return f"`{name}`: {_first(value)}" + (f" Fields: {fields}." if fields else "")
    if inspect.isfunction(value) or inspect.isclass(value):
        return f"`{name}{_call(value)}`: {_first(value)}"
    told = _bound(file)[name]
    if told:
        return f"`{name}`: {told}"
    if isinstance(value, int | float | str):
        return f"`{name}`: {value!r}."
    if isinstance(value, Collection):
        return f"`{name}`: {len(value)} entries."
    return f"`{name}`: a choice of {_choice(value)}."


def _choice(value: object) -> str:
    words = getattr(value, "__args__", ())
    return ", ".join(f"`{word!r}`" if isinstance(word, str | int) else f"`{word}`" for word in words)


def _call(value: object) -> str:
    """Give a call without types, which the source and an editor show; nothing for what is made by other means."""
    try:
        found = inspect.signature(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""
    plain = [one.replace(annotation=inspect.Parameter.empty) for one in found.parameters.values()]
    return str(found.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def _first(value: object) -> str:
    """Give the first sentence of a docstring; raises `ValueError` for what has none of its own."""
    told = (inspect.getdoc(value) or "").strip().partition("\n\n")[0].replace("\n", " ")
    if not told:
        raise ValueError(f"{value!r} is public and has no docstring; write one")
    return told


def _file(package: ModuleType, name: str) -> Path:
    """Find the file of a package that defines a name, whichever way the package gives it."""
    value = getattr(package, name)
    if inspect.isfunction(value) or inspect.isclass(value):
        return Path(inspect.getfile(inspect.unwrap(value))).resolve()
    folder = Path(str(package.__file__)).resolve().parent
    for where in (folder, folder.parent):
        found = [file for file in sorted(where.rglob("*.py")) if name in _bound(file)]
        if found:
            return found[0]
    raise ValueError(f"no module defines {name} of {package.__name__}")


@cache
def _bound(file: Path) -> dict[str, str]:
    """Read which names a module assigns at its top, each with the comment above it, without running it."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = {}
    for node in ast.parse(text).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = _above(lines, node.lineno)
    return found


def _above(lines: list[str], number: int) -> str:
    told: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not line.startswith("# "):
            break
        told.insert(0, line.removeprefix("# "))
    return " ".join(told)
