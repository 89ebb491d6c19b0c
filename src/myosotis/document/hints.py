"""What an annotation asks of a field: a text or an expression, one record or one of several, entries of which kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, Literal, get_args, get_origin

__all__ = ["alternatives", "can_be", "each", "of_mapping", "takes_text"]


def alternatives(hint: Any) -> Iterator[Any]:  # noqa: ANN401 - an annotation
    """Give the annotations of which one is enough; none stands for any record."""
    origin = get_origin(hint)
    if origin is None or origin in (tuple, Literal) or of_mapping(hint) is not None:
        yield hint
        return
    for one in get_args(hint):
        yield from alternatives(one)


def can_be(kind: type[Any], hint: Any) -> bool:  # noqa: ANN401 - an annotation
    """Say whether a record of some kind is what an annotation asks."""
    if hint is None or hint is Any or hint is object:
        return True
    if getattr(hint, "_is_protocol", False):
        return hasattr(kind, "nodes") and is_dataclass(kind)
    return isinstance(hint, type) and issubclass(kind, hint)


def takes_text(hint: Any) -> bool:  # noqa: ANN401 - an annotation
    """Say whether a text is asked, or one of some texts, and not an expression."""
    return any(
        part is str
        or part is Any
        or (get_origin(part) is Literal and any(isinstance(one, str) for one in get_args(part)))
        for part in alternatives(hint)
    )


def each(hint: Any, count: int) -> list[Any]:  # noqa: ANN401 - an annotation
    """Give the annotation of each entry of a list."""
    for part in alternatives(hint):
        if part is Any:
            return [Any] * count
        if get_origin(part) is tuple:
            inner = get_args(part)
            if inner[-1] is Ellipsis:
                return [inner[0]] * count
            return [*inner, *[None] * count][:count]
    return [None] * count


def of_mapping(hint: Any) -> Any:  # noqa: ANN401 - an annotation
    """Give the annotation of the entries of a mapping; None where no mapping is asked."""
    if hint is Any:
        return Any
    origin = get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return get_args(hint)[1]
    return None
