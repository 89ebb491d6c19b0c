"""Written expressions: text in the words of the language, read into the same objects and never executed.

The text is parsed as Python's grammar has it, and each part is then made by the words of `myosotis` alone: a name that the
protocol or the package knows, something asked of it behind a dot, a call, a number, a text, `+ - * /`, one comparison, a
list. Whatever else the grammar knows is refused, with the word to write instead.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from types import FunctionType, MethodType, ModuleType
from typing import Any

from myosotis.core.catalogue import nearest_names
from myosotis.core.toml_places import Place
from myosotis.document.placing import Placing
from myosotis.errors import ProtocolError
from myosotis.language.miscalled import miscalled
from myosotis.language.misnamed import not_offered

__all__ = ["Names", "evaluated"]

_JOINED = "join criteria with all_of, any_of, none_of or at_least, as in all_of(a <= 150, b >= 48)"
_REFUSED: dict[type[ast.AST], str] = {
    ast.BoolOp: _JOINED,
    ast.IfExp: "choose between two values with Where(criterion=..., then=..., otherwise=...)",
    ast.Lambda: "write what is asked of the visit at hand with Visit(), as in cmas.at(Visit())",
    ast.ListComp: "write each of them",
    ast.GeneratorExp: "write each of them",
    ast.SetComp: "write each of them",
    ast.DictComp: "write each of them",
    ast.JoinedStr: "write the text as it is, without f",
    ast.NamedExpr: "give it a name under [names]",
    ast.Set: "write a list, in brackets",
    ast.Await: "leave it out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Look up the names that an expression may use; `find` raises `KeyError` for one that is not known."""

    find: Callable[[str], object]
    known: Callable[[], list[str]]


def evaluated(text: str, names: Names, place_of: Callable[[int], Place], placing: Placing) -> Any:  # noqa: ANN401
    """Make what a written expression says; `place_of` gives the place in the file of each of its characters.

    Raises `ProtocolError` with line and column for text that is no expression, uses what is not allowed, names what is not
    known (with the nearest name), or says what the language refuses.
    """
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def place(line: int, column: int) -> Place:
        return place_of(min(starts[max(line - 1, 0)] + column, len(text)) if line <= len(lines) else len(text))

    if not text.strip():
        with placing.at(place(1, 0)):
            raise ProtocolError("this is no expression, since nothing is written; write it as in cmas.at(week_4) >= 48")
    try:
        with warnings.catch_warnings():
            # What Python only warns of, such as 3and, is no expression either.
            warnings.simplefilter("error")
            # In parentheses of its own, so that it may run over several lines.
            tree = ast.parse(f"(\n{text}\n)", mode="eval").body
    except (SyntaxError, SyntaxWarning, ValueError, MemoryError, RecursionError) as error:
        at_line: int = getattr(error, "lineno", None) or 2
        at_column: int = getattr(error, "offset", None) or 1
        with placing.at(place(at_line - 1, at_column - 1)):
            what = error.msg if isinstance(error, SyntaxError) else "it cannot be read"
            raise ProtocolError(f"this is no expression ({what}); write it as in cmas.at(week_4) >= 48") from error
    return _Evaluation(names, lines, place, placing).made(tree)


class _Evaluation:
    """Make the parts of one expression."""

    def __init__(self, names: Names, lines: list[str], place: Callable[[int, int], Place], placing: Placing) -> None:
        self._names, self._lines, self._place, self._placing = names, lines, place, placing

    def made(self, part: ast.expr) -> Any:  # noqa: ANN401 - whatever is written
        with self._placing.at(self._place_of(part)):
            make = _MAKE.get(type(part))
            if make is None:
                told = _REFUSED.get(type(part), "write it in the words of docs/protocol.md")
                raise ProtocolError(f"{_short(part)} cannot stand in an expression; {told}")
            return make(self, part)

    def _place_of(self, part: ast.expr) -> Place:
        # The grammar counts bytes, a reader characters; and the first line is the parenthesis.
        line = part.lineno - 1
        before = self._lines[line - 1].encode()[: part.col_offset] if 1 <= line <= len(self._lines) else b""
        return self._place(line, len(before.decode(errors="replace")))

    def constant(self, part: ast.Constant) -> object:
        if not isinstance(part.value, str | int | float | None):
            raise ProtocolError(f"{part.value!r} is no number, text, True, False or None")
        return part.value

    def name(self, part: ast.Name) -> object:
        try:
            return self._names.find(part.id)
        except KeyError:
            known = self._names.known()
            raise ProtocolError(f"{part.id!r} is not known; {_near(part.id, known)}") from None

    def attribute(self, part: ast.Attribute) -> object:
        of = self.made(part.value)
        if _is_record(of) and not part.attr.startswith("_") and hasattr(of, part.attr):
            found = getattr(of, part.attr)
            if not isinstance(found, FunctionType):
                return found
        if isinstance(of, ModuleType):
            return self._of_pack(of, part.attr)
        raise ProtocolError(not_offered(part.attr, of) or f"{_short(part.value)} offers nothing behind a dot")

    def _of_pack(self, pack: ModuleType, name: str) -> object:
        offered: list[str] = list(pack.__all__)
        if name not in offered:
            raise ProtocolError(
                f"the pack {pack.__name__.rpartition('.')[2]} has no {name!r}; {nearest_names(name, offered)}"
            )
        return getattr(pack, name)

    def call(self, part: ast.Call) -> object:
        word = self.made(part.func)
        given = self._several(part.args)
        named: dict[str, object] = {}
        for one in part.keywords:
            more = {one.arg: self.made(one.value)} if one.arg is not None else self._entries(one.value)
            twice = next((name for name in more if name in named), None)
            if twice is not None:
                raise ProtocolError(f"{_short(part.func)} is given {twice} twice; keep one")
            named |= more
        if not _is_word(word):
            raise ProtocolError(f"{_short(part.func)} cannot be called; leave the parentheses out")
        try:
            return word(*given, **named)
        except TypeError as error:
            raise ProtocolError(miscalled(error, []) or f"{_short(part.func)} cannot be called so: {error}") from error

    def two(self, part: ast.BinOp) -> object:
        calculate = _CALCULATE.get(type(part.op))
        if calculate is None:
            joins = isinstance(part.op, ast.BitAnd | ast.BitOr)
            told = _JOINED if joins else "calculate with + - * /"
            raise ProtocolError(f"{_short(part)} cannot be calculated; {told}")
        return self._worked_out(part, calculate, part.left, part.right)

    def minus(self, part: ast.UnaryOp) -> object:
        if isinstance(part.op, ast.Not):
            raise ProtocolError("'not' cannot stand in an expression; write not_(criterion)")
        if not isinstance(part.op, ast.USub):
            raise ProtocolError(f"{_short(part)} cannot be calculated; calculate with + - * /")
        return self._worked_out(part, lambda of: -of, part.operand)

    def comparison(self, part: ast.Compare) -> object:
        if len(part.ops) > 1:
            raise ProtocolError(f"{_short(part)} compares twice; write all_of(value > 3, value < 5)")
        compare = _COMPARE.get(type(part.ops[0]))
        if compare is None:
            raise ProtocolError(
                f"{_short(part)} is no comparison with <, <=, > or >=; write .is_in(...) for categories, .equals(...) for "
                "values and not_(...) for what must not be"
            )
        return self._worked_out(part, compare, part.left, part.comparators[0])

    def _worked_out(self, part: ast.expr, work: Callable[..., object], *sides: ast.expr) -> object:
        made = [self.made(side) for side in sides]
        for side, written in zip(made, sides, strict=True):
            _check_side(side, written)
        try:
            return work(*made)
        except ZeroDivisionError:
            raise ProtocolError(f"{_short(part)} divides by 0") from None
        except TypeError as error:
            raise ProtocolError(f"{_short(part)} cannot be calculated or compared: {error}") from error

    def several(self, part: ast.Tuple | ast.List) -> tuple[object, ...]:
        return tuple(self._several(part.elts))

    def dictionary(self, part: ast.Dict) -> dict[str, object]:
        found: dict[str, object] = {}
        written: set[str] = set()
        for key, value in zip(part.keys, part.values, strict=True):
            if key is None:
                found |= self._entries(value)
                continue
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                raise ProtocolError('each entry in braces needs a name, as in {"methylprednisolone": 1.25}')
            if key.value in written:
                raise ProtocolError(f"{key.value!r} is there twice; keep one")
            written.add(key.value)
            found[key.value] = self.made(value)
        return found

    def _entries(self, part: ast.expr) -> dict[str, object]:
        """Give what stands behind two asterisks."""
        many = self.made(part)
        if not isinstance(many, Mapping) or not all(isinstance(name, str) for name in many):
            raise ProtocolError(f"{_short(part)} holds no arguments with their names; leave the ** out")
        return dict(many)

    def item(self, part: ast.Subscript) -> object:
        of = self.made(part.value)
        if not isinstance(of, tuple):
            raise ProtocolError(f"{_short(part.value)} is no list, so that nothing can be taken out of it with [...]")
        if isinstance(part.slice, ast.Slice):
            ends = [None if end is None else self._whole(end) for end in (part.slice.lower, part.slice.upper)]
            if part.slice.step is not None:
                raise ProtocolError("a part of a list has a first and a last place, as in visits[1:]")
            return of[ends[0] : ends[1]]
        place = self._whole(part.slice)
        if not -len(of) <= place < len(of):
            raise ProtocolError(f"{_short(part.value)} has {len(of)} entries, counted from 0, and none at {place}")
        return of[place]

    def _whole(self, part: ast.expr) -> int:
        found = self.made(part)
        if not isinstance(found, int) or isinstance(found, bool):
            raise ProtocolError(f"{_short(part)} is no whole number")
        return found

    def _several(self, parts: list[ast.expr]) -> list[object]:
        found: list[object] = []
        for part in parts:
            if isinstance(part, ast.Starred):
                many = self.made(part.value)
                if not isinstance(many, tuple):
                    raise ProtocolError(f"{_short(part.value)} is no list; leave the * out")
                found += many
            else:
                found.append(self.made(part))
        return found


def _is_word(word: object) -> bool:
    """Say whether something is a word of the language: a kind of record, a function it offers, or asked of a record."""
    if isinstance(word, MethodType):
        return _is_record(word.__self__)
    ours = getattr(word, "__module__", "").startswith("myosotis.")
    return ours and (isinstance(word, FunctionType) or (isinstance(word, type) and is_dataclass(word)))


def _is_record(of: object) -> bool:
    return is_dataclass(of) and not isinstance(of, type) and type(of).__module__.startswith("myosotis.")


def _check_side(side: object, part: ast.expr) -> None:
    """Let numbers be calculated and compared, and whatever says itself why it is not."""
    if not _is_record(side) and (isinstance(side, bool) or not isinstance(side, int | float)):
        raise ProtocolError(f"{_short(part)} is no number and no value, so that it cannot be calculated or compared")


def _near(wanted: str, known: list[str]) -> str:
    near = nearest_names(wanted, known)
    return (
        near
        if near.startswith("did you mean")
        else "docs/protocol.md lists the words, [names] holds the protocol's own"
    )


def _short(part: ast.expr) -> str:
    return repr(ast.unparse(part)[:60])


_CALCULATE: Mapping[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
}
_MAKE: Mapping[type[ast.AST], Callable[[_Evaluation, Any], object]] = {
    ast.Constant: _Evaluation.constant,
    ast.Name: _Evaluation.name,
    ast.Attribute: _Evaluation.attribute,
    ast.Call: _Evaluation.call,
    ast.BinOp: _Evaluation.two,
    ast.UnaryOp: _Evaluation.minus,
    ast.Compare: _Evaluation.comparison,
    ast.Tuple: _Evaluation.several,
    ast.List: _Evaluation.several,
    ast.Dict: _Evaluation.dictionary,
    ast.Subscript: _Evaluation.item,
}
