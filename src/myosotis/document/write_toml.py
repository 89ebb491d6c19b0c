"""A protocol as TOML: records as tables, expressions as text in the words of the language, shared parts by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, get_type_hints

from myosotis.document.hints import alternatives, each, takes_text
from myosotis.document.layout import wrapped
from myosotis.document.naming import Naming
from myosotis.document.read_toml import IS, NAMES, NOT_EVALUABLE, from_toml
from myosotis.document.wording import Wording
from myosotis.document.words import own_measures, own_observations, words_of
from myosotis.document.write import at_default, whole
from myosotis.errors import MyosotisError, ProtocolError
from myosotis.study import Population

__all__ = ["to_toml"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 118
_INLINE = 190
# Records of these layers are tables; those of the language are expressions.
_TABLES = ("myosotis.analysis.", "myosotis.plan.", "myosotis.study.", "myosotis.protocol")
_NO_LITERAL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def to_toml(declared: object) -> str:
    """Write a declaration as TOML, which `from_toml` reads back as an equal one.

    Raises `ProtocolError` for what no protocol can hold, such as a number that is not one.
    """
    own = {**own_observations(declared), **own_measures(declared)}
    naming = Naming(declared, words_of(type(declared)), own)  # type: ignore[arg-type]  # a class can be hashed
    wording = Wording(naming.find, own)
    lines = list(_Writing(wording).table(declared, (), first=_names(naming.parts, wording)))
    text = "\n".join(lines).strip("\n") + "\n"
    if from_toml(text, type(declared)) != declared:
        raise MyosotisError(
            "the protocol as TOML says something else; this is a fault of myosotis, please report it with the protocol"
        )
    return text


def _names(named: Mapping[str, object], wording: Wording) -> list[str]:
    """Write the table of the protocol's own names."""
    if not named:
        return []
    return ["", f"[{NAMES}]", *(_entry(name, wording.written_out(part)) for name, part in named.items())]


def _entry(name: str, expression: str) -> str:
    return f"{_key(name)} = {_expression(expression, before=len(name) + 5)}"


class _Writing:
    """Write tables with what they hold: first what fits a line, then the tables within."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def _declaring(self, name: str, record: object) -> _Writing:
        """Write out what the study declares of its own, which elsewhere stands by its key."""
        if name == "observations":
            return _Writing(Wording(lambda _: None, {}))
        return _Writing(Wording(lambda _: None, own_observations(record))) if name == "measures" else self

    def table(self, record: Any, path: tuple[str, ...], first: list[str] | None = None) -> Iterator[str]:  # noqa: ANN401
        """Write the fields of a record; `first` stands before the tables within it."""
        hints, kind = get_type_hints(type(record)), type(record)
        later: list[tuple[str, object]] = []
        for field in fields(kind):
            held = getattr(record, field.name)
            if at_default(field, held):
                continue
            inline = self._inline(hints[field.name], held) if _are_tables(held) else None
            if inline is not None:
                yield f"{field.name} = {inline}"
            elif _stands_below(held):
                later.append((field.name, held))
            else:
                writing = self._declaring(field.name, record)
                yield f"{field.name} = {writing._value(hints[field.name], held, len(field.name) + 3)}"
        yield from first or []
        for name, held in later:
            yield from self._within((*path, name), held, hints[name])

    def _inline(self, hint: Any, held: Any) -> str | None:  # noqa: ANN401 - some records
        """Write records a line each, where each of them fits one; None where one does not."""
        lines = []
        for one, asked in zip(held, each(hint, len(held)), strict=True):
            if any(_stands_below(getattr(one, field.name)) for field in fields(one)):
                return None
            kind = [f"{IS} = {_text(type(one).__name__)}"] if list(alternatives(asked)) != [type(one)] else []
            line = f"{{{', '.join((*kind, *self.table(one, ())))}}}"
            if "\n" in line or len(line) > _INLINE:
                return None
            lines.append(f"    {line},")
        return "\n".join(["[", *lines, "]"])

    def _within(self, path: tuple[str, ...], held: Any, hint: Any) -> Iterator[str]:  # noqa: ANN401
        head = ".".join(map(_key, path))
        if isinstance(held, Mapping):
            yield from ("", f"[{head}]")
            for name, one in held.items():
                yield f"{_key(name)} = {self._value(Any, one, len(name) + 3)}"
            return
        several = isinstance(held, tuple)
        hints = each(hint, len(held)) if several else [hint]
        for one, asked in zip(held if several else (held,), hints, strict=True):
            yield from ("", f"[[{head}]]" if several else f"[{head}]")
            if list(alternatives(asked)) != [type(one)]:
                yield f"{IS} = {_text(type(one).__name__)}"
            yield from self.table(one, path)

    def _value(self, hint: Any, held: object, before: int) -> str:  # noqa: ANN401 - whatever a field holds
        if held is None:
            return f"{{{IS} = {_text(NOT_EVALUABLE)}}}"
        if isinstance(held, bool):
            return "true" if held else "false"
        if isinstance(held, int | float):
            return _number(held)
        if isinstance(held, date):
            return held.isoformat()
        if isinstance(held, str) and takes_text(hint):
            return _text(held)
        if isinstance(held, tuple | list):
            return self._several(hint, tuple(held), before)
        if isinstance(held, Mapping):
            entries = (f"{_key(name)} = {self._value(Any, one, 0)}" for name, one in held.items())
            return f"{{{', '.join(entries)}}}"
        return _expression(self._wording.text(held), before=before)

    def _several(self, hint: Any, held: tuple[object, ...], before: int) -> str:  # noqa: ANN401
        parts = [self._value(*one, 4) for one in zip(each(hint, len(held)), held, strict=True)]
        line = f"[{', '.join(parts)}]"
        if before + len(line) <= _WIDTH and "\n" not in line:
            return line
        return "\n".join(["[", *(f"    {part}," for part in parts), "]"])


def _is_table(held: object) -> bool:
    kind = type(held)
    return is_dataclass(kind) and kind.__module__.startswith(_TABLES) and not isinstance(held, Population)


def _are_tables(held: object) -> bool:
    return isinstance(held, tuple) and bool(held) and all(map(_is_table, held))


def _stands_below(held: object) -> bool:
    return _is_table(held) or _are_tables(held) or isinstance(held, Mapping)


def _expression(text: str, *, before: int) -> str:
    lines = wrapped(text, before=before)
    if "\n" not in lines:
        return _text(lines)
    if "'''" in lines or _NO_LITERAL.search(lines.replace("\n", "")):
        return _text(text)
    return f"'''\n{lines}'''"


def _text(text: str) -> str:
    if '"' in text and "'" not in text and not _NO_LITERAL.search(text):
        return f"'{text}'"
    # What JSON escapes TOML reads alike, but for the one sign that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def _number(number: float) -> str:
    if number != number or number in (float("inf"), float("-inf")):
        raise ProtocolError(f"{number} is no number; give one, or leave the field out")
    return repr(whole(float(number)) if isinstance(number, float) else number)
