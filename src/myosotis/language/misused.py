"""Operators that an expression has no meaning for, each refused with the words to write instead."""

from __future__ import annotations

from numbers import Real
from typing import NoReturn

from myosotis.errors import ProtocolError
from myosotis.language.slips import is_unplaced, placed

__all__ = ["joined", "same", "truth"]

_KINDS = {"Value": "a value", "Criterion": "a criterion", "Categories": "categories"}


def joined(_one: object, _other: object) -> NoReturn:
    """Refuse & and |, which Python reads before a comparison."""
    raise ProtocolError(
        "& and | bind tighter than <=, so that a <= 150 & b >= 48 compares 150 & b; join criteria with all_of, any_of, "
        "none_of or at_least, as in all_of(a <= 150, b >= 48)"
    )


def truth(one: object) -> NoReturn:
    """Refuse to be true or false before a patient is met: if, and, or, not, min, max and chained comparisons ask it."""
    if is_unplaced(one):
        raise ProtocolError(f"{one.definition.key} has no truth of its own; write {placed(one)} and compare that")  # type: ignore[attr-defined]
    kind = _kind(one)
    if kind == "Value":
        raise ProtocolError("a value has no truth of its own; compare it, or ask whether it was recorded")
    if kind == "Categories":
        raise ProtocolError("categories have no truth of their own; ask whether it is one of them, with .is_in")
    raise ProtocolError(
        "a criterion has no truth until it meets a patient; join criteria with all_of, any_of, none_of or at_least, not "
        "with and, or, not; write 3 < value < 5 as all_of(value > 3, value < 5), max(a, b) as "
        'Extreme(which="largest", of=(a, b)), and what an if would choose with Where'
    )


def same(one: object, other: object) -> bool:
    """Say whether two expressions are the same, which is what == means; == with a number or a text is refused.

    Python would call the two different, and so a criterion false for every patient.
    """
    if type(other) is type(one):
        return all(getattr(one, name) == getattr(other, name) for name in type(one).__slots__)  # type: ignore[attr-defined]
    if not isinstance(other, Real | str):
        return NotImplemented  # type: ignore[no-any-return]  # what == answers where the other side may know
    kind = _kind(one)
    if kind == "Categories":
        fix = f".is_in({other!r})"
    elif kind == "Criterion":
        fix = "the criterion alone for true and not_(criterion) for false"
    elif kind == "Value":
        fix = f".equals({other!r})"
    else:
        fix = f"{placed(one)} and ask that"
    raise ProtocolError(
        f"== {other!r} compares the expression itself, before any patient is met, and is always False; write {fix}"
    )


def _kind(one: object) -> str:
    return next((kind.__name__ for kind in type(one).__mro__ if kind.__name__ in _KINDS), "")
