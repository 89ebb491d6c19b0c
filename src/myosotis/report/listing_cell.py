"""Print a cell of a patient listing: its text, or a number with the decimals that its column declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myosotis.report.format import number

__all__ = ["listing_cell"]


def listing_cell(cell: str | Mapping[str, Any]) -> str:
    """Print a cell of a listing of the manifest.

    >>> listing_cell("methotrexate"), listing_cell({"number": 7.85, "decimals": 1})
    ('methotrexate', '7.9')
    """
    return cell if isinstance(cell, str) else number(cell["number"], cell["decimals"])
