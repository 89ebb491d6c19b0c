"""Which columns of a query hold what a leaf came to."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LeafColumns", "bounded", "columns_of_leaf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafColumns:
    """Name the columns of a leaf: its number, or its bounds and `state` where it is not exactly known.

    Of a truth `low` is the truth itself. Without a `state` nothing is inexact: what is NULL is missing, or open for that.
    """

    low: str
    high: str = ""
    state: str | None = None


def bounded(name: str) -> LeafColumns:
    """Name the three columns of a leaf with bounds."""
    return LeafColumns(low=name, high=f"{name}_high", state=f"{name}_state")


def columns_of_leaf(name: str, exact: bool) -> LeafColumns:
    """Name the columns of a leaf: one where it is exactly known, else three."""
    return LeafColumns(low=name) if exact else bounded(name)
