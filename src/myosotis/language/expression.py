"""Values and criteria as such: what any of them can do, and the expressions that arithmetic and comparison make."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Literal, NoReturn

from myosotis.errors import ProtocolError
from myosotis.language.canonical import canonical
from myosotis.language.declared import asked, check_fields
from myosotis.language.misused import joined, same, truth
from myosotis.language.slips import shown

__all__ = [
    "Add", "Compare", "Constant", "Criterion", "Divide", "Function", "Multiply", "Recorded", "Rounded", "Subtract", "Value",
    "as_value",
]  # fmt: skip


class Value:
    """Give one number or none for each patient; compare it with <, <=, >, >= to make a criterion.

    Calculate with +, -, *, / and abs(), a plain number on either side. Whether it equals a number `equals` asks; `==` with
    one is refused.
    """

    __slots__ = ()
    # numpy would else take a value apart into an array of one object.
    __array_ufunc__ = None
    __bool__ = truth
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = joined

    def __init_subclass__(cls) -> None:
        # A dataclass keeps an == that is there; its own would answer == 5 with False.
        type.__setattr__(cls, "__eq__", same)

    def __post_init__(self) -> None:
        check_fields(self)

    def __le__(self, other: Value | float) -> Compare:
        return _compare(self, "<=", other)

    def __lt__(self, other: Value | float) -> Compare:
        return _compare(self, "<", other)

    def __ge__(self, other: Value | float) -> Compare:
        return _compare(self, ">=", other)

    def __gt__(self, other: Value | float) -> Compare:
        return _compare(self, ">", other)

    def equals(self, other: Value | float) -> Compare:
        """Compare for equality, to 9 decimals (`==` compares the expressions themselves)."""
        return _compare(self, "=", other)

    def __add__(self, other: Value | float) -> Value:
        return Add(left=self, right=as_value(other))

    def __radd__(self, other: float) -> Value:
        return self + other

    def __sub__(self, other: Value | float) -> Value:
        return Subtract(left=self, right=as_value(other))

    def __rsub__(self, other: float) -> Value:
        return as_value(other) - self

    def __mul__(self, other: Value | float) -> Value:
        return Multiply(left=self, right=as_value(other))

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __truediv__(self, other: Value | float) -> Value:
        return Divide(left=self, right=as_value(other))

    def __rtruediv__(self, other: float) -> Value:
        return as_value(other) / self

    def __neg__(self) -> Value:
        return 0 - self

    def __abs__(self) -> Value:
        return Function(name="abs", of=self)

    def change_from(self, earlier: Value) -> Value:
        """Give this value minus an earlier one, to 9 decimals; missing when either is.

        Raises `ProtocolError` for a value and itself, whose change would be 0 whatever was measured.
        """
        _check_two(self, earlier)
        return Rounded(of=Subtract(left=self, right=earlier))

    def percent_change_from(self, earlier: Value) -> Value:
        """Give the change in percent of the earlier value, to 9 decimals; missing when that is 0 or either is missing.

        Raises `ProtocolError` for a value and itself.
        """
        _check_two(self, earlier)
        return Rounded(
            of=Multiply(
                left=Divide(left=Subtract(left=self, right=earlier), right=earlier), right=Constant(number=100.0)
            )
        )

    def reduced_by(self, share: float, *, from_: Value) -> Compare:
        """Ask whether this value is at most (1 - share) of an earlier one, the bound included, to 9 decimals.

        An earlier value of 0 asks whether this one is still 0. Raises `ProtocolError` unless 0 < share <= 1, and for a
        value and itself.
        """
        _check_two(self, from_)
        asked("reduced_by", "share", share, float)
        if not 0 < share <= 1:
            raise ProtocolError(f"a reduction by {share} was asked for; give a share above 0 and up to 1, such as 0.5")
        bound = Multiply(left=from_, right=Constant(number=1 - share))
        return _compare(Rounded(of=self), "<=", Rounded(of=bound))

    def recorded(self) -> Criterion:
        """Ask whether there is a value at all; true or false, never not evaluable."""
        return Recorded(of=self)


class Criterion:
    """Be true, false or not evaluable for each patient; join criteria with all_of, any_of, none_of, at_least."""

    __slots__ = ()
    __bool__ = truth
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = joined

    def __init_subclass__(cls) -> None:
        # A dataclass keeps an == that is there; its own would answer == True with False.
        type.__setattr__(cls, "__eq__", same)

    def __post_init__(self) -> None:
        check_fields(self)

    def __invert__(self) -> NoReturn:
        raise ProtocolError("write none_of(criterion) instead of ~criterion")


def as_value(other: Value | float) -> Value:
    """Turn a plain number into a value; raises `ProtocolError` for anything else."""
    if isinstance(other, Value):
        return other
    if isinstance(other, bool) or not isinstance(other, Real):
        asked("a comparison or calculation", "one side", other, Value)
        raise ProtocolError(f"{shown(other)} is neither a value nor a number; compare values with numbers")
    return Constant(number=float(other))


def _check_two(now: Value, earlier: Value) -> None:
    # Two names for the same days are one moment: what tells rules apart leaves wording out.
    if canonical(now) == canonical(asked("a change", "the earlier value", earlier, Value)):
        raise ProtocolError("a change from a value to itself is 0 whatever was measured; give two visits")


def _compare(left: Value, operator: Literal["<=", "<", ">=", ">", "="], other: Value | float) -> Compare:
    return Compare(left=left, operator=operator, right=as_value(other))


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Value):
    """A number written in the protocol."""

    number: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Add(Value):
    """The sum of two values; missing when either is."""

    left: Value
    right: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtract(Value):
    """The difference of two values; missing when either is."""

    left: Value
    right: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiply(Value):
    """The product of two values; missing when either is."""

    left: Value
    right: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Divide(Value):
    """The quotient of two values; missing when either is, or when the divisor is 0."""

    left: Value
    right: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded(Value):
    """A value rounded to 9 decimals, so that binary residue never decides a bound."""

    of: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Value):
    """A value through a function: `exp`, `ln` (missing at 0 and below), `sqrt` (missing below 0), `floor`, `abs`."""

    name: Literal["exp", "ln", "sqrt", "floor", "abs"]
    of: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Criterion):
    """A comparison of two values; not evaluable when either is missing. `=` compares to 9 decimals."""

    left: Value
    operator: Literal["<=", "<", ">=", ">", "="]
    right: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Criterion):
    """Whether a value was recorded; never not evaluable."""

    of: Value
