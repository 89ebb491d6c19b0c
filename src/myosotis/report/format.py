"""Turn numbers into printed text: the only place where what is printed is rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from myosotis.core.decimals import decimal_of, rounded
from myosotis.errors import UsageError

__all__ = ["exact", "integer", "number", "p_value", "percent", "percent_decimals", "percent_of"]

MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"


def number(value: float, decimals: int = 1) -> str:
    """Print a number with a fixed count of decimals, rounding half away from zero on the decimal it stands for.

    The median of 8.1 and 8.2 is 8.15 by hand and 8.149999999999999 in binary; it prints as 8.2, as SAS and SPSS print
    it (see `core.decimals`). A value that rounds to zero has no sign. Raises `UsageError` for NaN, an infinity or a
    count of decimals outside 0 to 15, both included.

    >>> number((8.1 + 8.2) / 2, 1), number(2.675, 2), number(-0.04, 1), number(-1.25, 1)
    ('8.2', '2.68', '0.0', '−1.3')
    """
    return _text(decimal_of(value), decimals)


def integer(value: float) -> str:
    """Print a whole number; from 10 000 on its digits are grouped by a narrow space.

    Raises `UsageError` for a number that is not whole, since a rounded count would hide an error.

    >>> integer(20.0), integer(-3)
    ('20', '−3')
    """
    digits = decimal_of(value)
    if digits != digits.to_integral_value():
        raise UsageError(f"{value} is printed as a whole number but is not one; declare the format 'number'")
    whole = int(digits)
    text = f"{abs(whole):,}".replace(",", THIN) if abs(whole) >= 10_000 else str(abs(whole))
    return f"{MINUS}{text}" if whole < 0 else text


def percent(proportion: float, decimals: int = 0) -> str:
    """Print a proportion from 0 to 1, both included, as a percentage without its sign.

    What is neither none nor all is never printed as such: it is `<1` or `>99` (`<0.1`, `>99.9` with one decimal).
    Raises `UsageError` outside 0 to 1.

    >>> percent(0.145), percent(0.999, 0), percent(1.0), percent(0.0004, 1)
    ('15', '>99', '100', '<0.1')
    """
    digits = decimal_of(proportion)
    return _percent(Fraction(digits), Fraction(rounded(digits.scaleb(2), decimals)), decimals)


def percent_of(count: float, total: float) -> str:
    """Print count / total as a percentage: whole below a total of 100, with one decimal from 100 on.

    Fewer than a hundred patients cannot carry a tenth of a percent. Raises `UsageError` when the total is not above
    0 or the count is not between 0 and the total.

    >>> percent_of(15, 20), percent_of(1, 8), percent_of(1, 160)
    ('75', '13', '0.6')
    """
    if total <= 0:
        raise UsageError(f"a percentage of a total of {total:g} does not exist; give a total above 0")
    share, decimals = Fraction(decimal_of(count)) / Fraction(decimal_of(total)), percent_decimals(total)
    # Counts are exact, and so is their quotient: nothing has to be made good before it is rounded.
    return _percent(share, Fraction(int(100 * share * 10**decimals * 2 + 1) // 2, 10**decimals), decimals)


def percent_decimals(total: float) -> int:
    """Say how many decimals a percentage of a total has: none below 100, one from 100 on.

    >>> percent_decimals(99), percent_decimals(100)
    (0, 1)
    """
    return 0 if total < 100 else 1


def p_value(value: float) -> str:
    """Print a p-value: three decimals, `<0.001` below 0.001, `>0.999` when it rounds to 1.

    A value that would print as 0.050 without being 0.05 gets more decimals until the text shows its side of 0.05.
    Raises `UsageError` outside 0 to 1, both included.

    >>> p_value(0.0228), p_value(0.00099), p_value(0.0496), p_value(0.05004), p_value(1.0)
    ('0.023', '<0.001', '0.0496', '0.05004', '>0.999')
    """
    digits = decimal_of(value)
    if not 0 <= digits <= 1:
        raise UsageError(f"{value} is printed as a p-value but lies outside 0 to 1")
    if digits < Decimal("0.001"):
        return "<0.001"
    decimals, side = 3, Decimal("0.05")
    while digits != side and rounded(digits, decimals) == side:
        decimals += 1
    return ">0.999" if rounded(digits, decimals) == 1 else _text(digits, decimals, limit=40)


def exact(value: float) -> str:
    """Print a number as it is stored: the shortest text that reads back as the same float.

    >>> exact(20.0), exact(2.8275)
    ('20', '2.8275')
    """
    text = repr(float(value))
    return text.removesuffix(".0")


def _text(digits: Decimal, decimals: int, limit: int = 15) -> str:
    if not 0 <= decimals <= limit:
        raise UsageError(f"{decimals} decimals are asked for; give 0 to {limit}")
    shown = digits if digits.is_zero() else rounded(digits, decimals)
    text = f"{abs(shown):.{decimals}f}"
    return f"{MINUS}{text}" if shown < 0 else text


def _percent(share: Fraction, rounded: Fraction, decimals: int) -> str:
    """Print a rounded percentage, unless it would say none or all of a share that is neither."""
    if not 0 <= share <= 1:
        raise UsageError(f"{float(share)} is printed as a percentage but lies outside 0 to 1")
    steps, whole = int(rounded * 10**decimals), 100 * 10**decimals
    if steps == 0 and share > 0:
        return "<" + _steps(1, decimals)
    if steps == whole and share < 1:
        return ">" + _steps(whole - 1, decimals)
    return _steps(steps, decimals)


def _steps(steps: int, decimals: int) -> str:
    return f"{Decimal(steps).scaleb(-decimals):.{decimals}f}"
