"""The words of the package that are loaded: where a name is found, and what kind of thing it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import ModuleType
from typing import Any

__all__ = ["is_own", "kind_of", "loaded", "nearest", "public"]

_KINDS = ("Value", "Criterion", "Categories", "Series", "Flag", "Measure", "Treatment", "Condition", "Window")
# Where a protocol's words are imported from; the first that has a word is told. Measures are in modules of their own.
_FIRST = (
    "myosotis.language", "myosotis.analysis", "myosotis.study", "myosotis.protocol", "myosotis.language.criteria",
    "myosotis.language.values", "myosotis.core.definition", "myosotis.measures",
)  # fmt: skip


def is_own(names: Mapping[str, Any]) -> bool:
    """Say whether the global names of a frame are those of a module of this package."""
    module = str(names.get("__name__", ""))
    return module == "myosotis" or module.startswith("myosotis.")


def loaded(path: str) -> list[Any]:
    """Find what stands under a dotted name, such as `Treatment.days_on`, in any module; each once, public words first."""
    found: list[Any] = []
    modules = _modules()
    first = public().get(path.partition(".")[0], "")
    for name in sorted(modules, key=lambda name: name != first):
        one: Any = modules[name]
        for part in path.split("."):
            one = getattr(one, part, None)
        ours = str(getattr(one, "__module__", "")).startswith("myosotis.")
        if ours and getattr(one, "__qualname__", "") == path and not any(one is other for other in found):
            found.append(one)
    return found


def public() -> dict[str, str]:
    """Map each public name that a protocol may import to the module to import it from."""
    modules = _modules()
    measures = sorted(name for name in modules if name.startswith("myosotis.measures."))
    order = [*(name for name in _FIRST if name in modules), *measures]
    found: dict[str, str] = {}
    for module in order:
        for name in getattr(modules[module], "__all__", ()):
            found.setdefault(name, module)
    return found


def kind_of(kind: type) -> str:
    """Name the kind of thing that a class of the language is, "" where it is none."""
    names = [one.__name__ for one in kind.__mro__ if one.__module__.startswith("myosotis.")]
    return next((name for name in names if name in _KINDS), "")


def nearest(given: str, names: Iterator[str] | list[str]) -> str:
    """Ask whether the nearest of some names was meant; "" where none is near."""
    near = get_close_matches(given, list(names), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}? " if near else ""


def _modules() -> dict[str, ModuleType]:
    return {
        name: module
        for name, module in sys.modules.copy().items()
        if name.startswith("myosotis.") and not any(part.startswith("_") for part in name.split("."))
    }
