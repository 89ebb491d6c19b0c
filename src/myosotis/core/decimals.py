"""Rounding on the decimal that a computed number stands for."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from myosotis.errors import UsageError

__all__ = ["decimal_of", "rounded"]


def decimal_of(value: float) -> Decimal:
    """Read a number as the shortest decimal that is stored as the same float; raises `UsageError` for NaN and infinity."""
    digits = Decimal(repr(float(value)))
    if not digits.is_finite():
        raise UsageError(f"{value} cannot be printed as a number; give the result a status and a note")
    return digits


def rounded(digits: Decimal, decimals: int) -> Decimal:
    """Round half away from zero, on the decimal that a computed number stands for.

    >>> rounded(decimal_of((8.1 + 8.2) / 2), 1)
    Decimal('8.2')
    """
    return _half_away(_stands_for(digits, decimals), decimals)


def _stands_for(digits: Decimal, decimals: int) -> Decimal:
    """Give the decimal that a computed number stands for, free of what binary arithmetic added to it.

    Nine decimals, as everywhere in this package: recorded values have few, and the residue of sums and differences is
    absolute (100000.35 − 100000.3 has lost ten of its significant digits, not its ninth decimal). From ten thousand on
    a float no longer carries nine decimals, so that thirteen significant digits count there. Either way a thousandth of
    the printed step is kept, so that only a value next to a half moves.
    """
    if digits.is_zero():
        return digits
    kept = max(min(9, 12 - digits.adjusted()), decimals + 3)
    return digits if kept >= -int(digits.as_tuple().exponent) else _half_away(digits, kept)


def _half_away(digits: Decimal, decimals: int) -> Decimal:
    # Quantizing fails beyond the context's 28 digits, which a large float with decimals can reach.
    sign, scaled = (-1 if digits < 0 else 1), Fraction(abs(digits)) * 10**decimals
    return sign * Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-decimals)
