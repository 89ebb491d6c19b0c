"""The visit at hand: an expression that is asked of one visit after another, and what it is at one of them."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from types import FunctionType, MethodType
from typing import Any, Literal, Protocol

from myosotis.errors import ProtocolError
from myosotis.language.expression import Add, Constant, Divide, Multiply, Rounded, Subtract, Value
from myosotis.language.windows import Window

_ASK = "name the visit, as in cmas.at(week_4)"

__all__ = [
    "Visit", "VisitEdge", "asked_of_visit", "at_visit", "check_asked", "check_asks_visit", "of_every_visit", "window_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Stand for the visit at hand, wherever an expression names a window.

    An outcome, an endpoint and the day of a visit are declared once, of `Visit()`, and asked of every visit that the
    analysis names: `cmas.at(Visit())` is `cmas.at(week_4)` at week 4.

    >>> from myosotis.language import week
    >>> at_visit(Visit().last / 7, week(4, give_or_take=14))
    Constant(number=6.0)
    """

    @property
    def label(self) -> str:
        """Name it in words."""
        return "the visit"

    @property
    def target(self) -> Value:
        """Give the day for which the visit is planned."""
        return VisitEdge(edge="target")

    @property
    def first(self) -> Value:
        """Give the first day of the visit's window."""
        return VisitEdge(edge="first")

    @property
    def last(self) -> Value:
        """Give the last day of the visit's window."""
        return VisitEdge(edge="last")


class _InWindow(Protocol):
    """Something that is read in a window."""

    @property
    def window(self) -> Window | Visit: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEdge(Value):
    """The planned, first or last day of the visit at hand."""

    edge: Literal["target", "first", "last"]


def at_visit(expression: Any, window: Window) -> Any:  # noqa: ANN401 - gives back the kind that it was given
    """Ask an expression of the visit at hand at one visit.

    What a measure of the catalogue says of the visit is worked out anew, with its own rules for a baseline. Days of the
    visit become numbers, and so does what is calculated from them alone. An expression that names no visit at hand
    comes back as it is.

    Raises `ProtocolError` where a value would be compared with itself, as a change from baseline at the baseline is.
    """
    if isinstance(expression, Visit):
        return window
    if isinstance(expression, VisitEdge):
        return Constant(number=float(getattr(window, expression.edge)))
    if isinstance(expression, tuple):
        parts = tuple(at_visit(part, window) for part in expression)
        return expression if all(a is b for a, b in zip(parts, expression, strict=True)) else parts
    deferred = getattr(expression, "of_visit", None)
    if deferred is not None:
        return deferred(window)
    if not is_dataclass(expression) or isinstance(expression, type):
        return expression
    found = {field.name: getattr(expression, field.name) for field in fields(expression)}
    made = {name: at_visit(part, window) for name, part in found.items()}
    if all(made[name] is part for name, part in found.items()):
        return expression
    _check_two(found, made, window)
    return _calculated(replace(expression, **made))


def asked_of_visit(asked: object) -> object:
    """Ask a function of a visit for its expression of the visit at hand; anything else comes back as it is.

    Protocols of the first release gave functions, such as `cmas.at`, where an expression is kept.

    >>> from myosotis.measures.jdm.instruments import cmas
    >>> asked_of_visit(cmas.at) == cmas.at(Visit())
    True
    """
    return asked(Visit()) if isinstance(asked, FunctionType | MethodType | partial) else asked


def window_of(read: _InWindow) -> Window:
    """Give the window that a value is read in; raises `ProtocolError` while it is that of the visit at hand."""
    if isinstance(read.window, Visit):
        raise ProtocolError(f"a value of the visit at hand was asked without a visit; {_ASK}")
    return read.window


def check_asked(word: str, expression: object) -> None:
    """Refuse an expression that still names the visit at hand where one visit after another is not asked."""
    if of_every_visit(expression):
        raise ProtocolError(f"{word} is asked once, but names the visit at hand; {_ASK}")


def of_every_visit(expression: object) -> bool:
    """Say whether an expression names the visit at hand."""
    if isinstance(expression, Visit | VisitEdge) or hasattr(expression, "of_visit"):
        return True
    if isinstance(expression, tuple):
        return any(map(of_every_visit, expression))
    if not is_dataclass(expression) or isinstance(expression, type):
        return False
    return any(of_every_visit(getattr(expression, field.name)) for field in fields(expression))


def check_asks_visit(word: str, name: str, expression: object) -> None:
    """Refuse an expression that is the same at every visit, since it does not name the visit at hand."""
    if not of_every_visit(expression):
        raise ProtocolError(
            f"{word}: {name} is the same at every visit; name the visit at hand where it names a window, as in "
            "cmas.at(Visit())"
        )


def _calculated(made: object) -> object:
    """Work out what is calculated from two numbers, as Python does where the days are written as numbers."""
    if not isinstance(made, Add | Subtract | Multiply | Divide):
        return made
    if not (isinstance(made.left, Constant) and isinstance(made.right, Constant)):
        return made
    left, right = made.left.number, made.right.number
    match made:
        case Add():
            return Constant(number=left + right)
        case Subtract():
            return Constant(number=left - right)
        case Multiply():
            return Constant(number=left * right)
    return Constant(number=left / right) if right else made


def _check_two(found: dict[str, Any], made: dict[str, Any], window: Window) -> None:
    """Refuse two sides that were of two moments and have become one."""
    if not {"left", "right"} <= made.keys() or _read(found["left"]) == _read(found["right"]):
        return
    if not isinstance(_read(made["left"]), Constant) and _read(made["left"]) == _read(made["right"]):
        raise ProtocolError(
            f"at {window.label} a value would be compared with itself, so that nothing could ever have changed; leave "
            "that visit out, or compare with another"
        )


def _read(side: Any) -> Any:  # noqa: ANN401 - an expression
    """Give what one side reads, without rounding and without a number that it is multiplied by."""
    while True:
        if isinstance(side, Rounded):
            side = side.of
        elif isinstance(side, Multiply | Divide) and isinstance(side.right, Constant):
            side = side.left
        else:
            return side
