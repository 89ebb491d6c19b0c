"""Calls of the package's words with arguments that they do not take, told with the names that there are."""

from __future__ import annotations

import inspect
import re
from types import FrameType
from typing import Any

from myosotis.language.words import loaded, nearest

__all__ = ["miscalled"]

_CALL = re.compile(r"^(?P<word>[\w.]+)\(\) (?P<fault>.+)$", re.DOTALL)
_UNKNOWN = re.compile(r"unexpected keyword argument '(\w+)'")
_TWICE = re.compile(r"multiple values for argument '(\w+)'")
_LACKING = re.compile(r"missing \d+ required (?:keyword-only |positional )?arguments?: (.+)")
_UNNAMED = re.compile(r"takes .*positional arguments? but (\d+) ")
# A parameter's stars, in words.
_MANY: dict[Any, str] = {
    inspect.Parameter.VAR_POSITIONAL: " (any number, without a name)",
    inspect.Parameter.VAR_KEYWORD: " (any number, each with its name)",
}


def miscalled(error: TypeError, theirs: list[FrameType]) -> str | None:
    """Tell a call that Python refused for its arguments; None for a call of anything but a word of this package."""
    call = _CALL.match(str(error))
    if call is None or call["word"].endswith(".__call__"):
        return None
    word = _word(call["word"].removesuffix(".__init__"), theirs)
    if word is None:
        return None
    taken = [one for one in inspect.signature(word).parameters.values() if one.name != "self"]
    name, fault = _named(word, call["word"]), call["fault"]
    names = [one.name for one in taken if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    every = (one.name + _MANY.get(one.kind, "") for one in taken)
    listed = f"{name} takes {', '.join(every) or 'nothing'}"
    if unknown := _UNKNOWN.search(fault):
        return f"{name} has no {unknown[1]!r}; {nearest(unknown[1], names)}{listed}"
    if twice := _TWICE.search(fault):
        return f"{name} was given {twice[1]!r} twice, once without its name; give each once, {_written(name, taken)}"
    if lacking := _LACKING.search(fault):
        missing = re.findall(r"'(\w+)'", lacking[1])
        return f"{name} was not given {', '.join(missing)}; write {_written(name, taken, missing)}: {listed}"
    if unnamed := _UNNAMED.search(fault):
        given = int(unnamed[1]) - ("." in call["word"])
        bare = sum(one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in taken)
        most = f"at most {bare}" if bare else "none"
        return f"{name} was given {given} without a name and takes {most}; write {_written(name, taken)}: {listed}"
    return None


def _word(path: str, theirs: list[FrameType]) -> Any | None:  # noqa: ANN401 - a class or function of this package
    """Find the word that was called, unless the protocol defines one of that name itself."""
    root = path.partition(".")[0]
    for frame in theirs:
        own = {**frame.f_globals, **frame.f_locals}.get(root)
        if own is not None and getattr(own, "__qualname__", "") == root and not own.__module__.startswith("myosotis."):
            return None
    found = [one for one in loaded(path) if callable(one)]
    used = [one for frame in theirs for one in found if frame.f_globals.get(root) is one]
    return next(iter([*used, *found]), None)


def _named(word: Any, path: str) -> str:  # noqa: ANN401 - a class or function of this package
    """Name a word as a protocol writes it: what is asked of something, behind a dot."""
    return f".{word.__name__}" if "." in path and not isinstance(word, type) else str(word.__name__)


def _written(name: str, taken: list[inspect.Parameter], missing: list[str] | None = None) -> str:
    """Write a call with what it needs."""
    parts = []
    for one in taken:
        if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) or one.default is not one.empty:
            continue
        if missing is None or one.name in missing:
            parts.append(one.name if one.kind is not one.KEYWORD_ONLY else f"{one.name}=...")
        elif "..." not in parts:
            parts.append("...")
    return f"{name}({', '.join(parts)})"
