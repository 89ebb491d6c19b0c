"""Listings of patients: lines about single patients that a report shows to whoever may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["ListedNumber", "ListingTable", "listing_as_data", "read_listing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNumber:
    """Hold a number of a listing and the decimals that its column declares."""

    number: float
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingTable:
    """Hold lines about single patients, each with a text or a number for every column.

    `one_line_per_patient` says that no patient has two.
    """

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | ListedNumber]]
    one_line_per_patient: bool = False


def listing_as_data(listing: ListingTable) -> dict[str, Any]:
    """Write a listing as plain data; `read_listing` is the way back.

    >>> one = ListingTable(key="l", title="L", columns=("P", "x"), rows=(("P1", ListedNumber(number=1.5, decimals=1)),))
    >>> listing_as_data(one)["rows"]
    [['P1', {'number': 1.5, 'decimals': 1}]]
    >>> read_listing(listing_as_data(one)) == one
    True
    """
    rows = [[cell if isinstance(cell, str) else asdict(cell) for cell in row] for row in listing.rows]
    return {
        "key": listing.key,
        "title": listing.title,
        "columns": list(listing.columns),
        "rows": rows,
        "one_line_per_patient": listing.one_line_per_patient,
    }


def read_listing(data: Mapping[str, Any]) -> ListingTable:
    """Read a listing from the plain data of a bundle."""
    return ListingTable(
        key=data["key"],
        title=data["title"],
        columns=tuple(data["columns"]),
        rows=tuple(
            tuple(cell if isinstance(cell, str) else ListedNumber(**cell) for cell in row) for row in data["rows"]
        ),
        one_line_per_patient=bool(data.get("one_line_per_patient")),
    )
