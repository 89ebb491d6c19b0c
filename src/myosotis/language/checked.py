"""Words of a protocol that check what they are given by their annotations, before they do anything with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from inspect import Parameter, signature
from typing import Any, ParamSpec, TypeVar, get_type_hints

from myosotis.errors import ProtocolError
from myosotis.language.declared import asked
from myosotis.language.miscalled import miscalled

__all__ = ["word"]

P = ParamSpec("P")
Made = TypeVar("Made")


def word(function: Callable[P, Made]) -> Callable[P, Made]:
    """Let a function refuse an argument that is not of the kind its annotation names, as a declared record does.

    A list where a tuple is asked is handed on as a tuple. Raises `ProtocolError` naming the word, the argument, what was
    given and how to write it, and for arguments that the word does not take.
    """

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> Made:
        try:
            bound = signature(function).bind(*args, **kwargs)
        except TypeError:
            raise _refusal(function, args, kwargs) from None
        hints = _hints(function)
        for name, given in bound.arguments.items():
            kind = signature(function).parameters[name].kind
            if kind is Parameter.VAR_POSITIONAL:
                bound.arguments[name] = tuple(_asked(function, name, one, hints[name]) for one in given)
            elif kind is Parameter.VAR_KEYWORD:
                bound.arguments[name] = {key: _asked(function, key, one, hints[name]) for key, one in given.items()}
            else:
                bound.arguments[name] = _asked(function, name, given, hints[name])
        return function(*bound.args, **bound.kwargs)

    return checked


def _refusal(function: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object]) -> ProtocolError:
    """Tell Python's own refusal of arguments, with the names that there are."""
    try:
        function(*args, **kwargs)
    except TypeError as error:
        return ProtocolError(miscalled(error, []) or str(error))
    raise AssertionError(f"{function.__name__} takes what it cannot be given")


def _asked(function: Callable[..., Any], name: str, given: object, hint: object) -> object:
    found: object = asked(function.__name__, name, given, hint)
    return found


@cache
def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(function)
