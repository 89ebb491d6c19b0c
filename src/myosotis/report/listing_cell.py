"""Print a cell of a patient listing: its text, or a number with the decimals that its column declares."""

from __future__ import annotations

from myosotis.report.format import number
from myosotis.results.listing import ListedNumber

__all__ = ["listing_cell"]


def listing_cell(cell: str | ListedNumber) -> str:
    """Print a cell of a listing.

    >>> listing_cell("methotrexate"), listing_cell(ListedNumber(number=7.85, decimals=1))
    ('methotrexate', '7.9')
    """
    return cell if isinstance(cell, str) else number(cell.number, cell.decimals)
