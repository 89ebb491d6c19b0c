"""What figures of single patients share: the rows of a listing by patient, patients in order, an axis of weeks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from myosotis.report.lookup import Lookup, Row

__all__ = ["DAYS_PER_WEEK", "natural", "values_of", "weeks_axis"]

DAYS_PER_WEEK = 7

Spec = dict[str, Any]


def values_of(listing_id: str, patients: Sequence[str], index: Lookup) -> list[Row]:
    """List the value rows of a listing that belong to these patients.

    An empty listing is not in the bundle, so that an unknown one cannot be told from it and gives no rows.
    """
    shown = set(patients)
    return [row for row in index.listings.get(listing_id, ()) if row["role"] == "value" and row["patient_id"] in shown]


def natural(text: str) -> tuple[Any, ...]:
    """Sort P2 before P10.

    >>> sorted(["P10", "P2"], key=natural)
    ['P2', 'P10']
    """
    digits = "".join(letter if letter.isdecimal() else " " for letter in text).split()
    return (text.rstrip("0123456789"), [int(one) for one in digits], text)


def weeks_axis(last_day: int, *, every: int, first_day: int = 0, title: str = "Weeks since the index date") -> Spec:
    """Make the horizontal encoding of days printed as weeks, with a tick every so many weeks from week 0."""
    ticks: Sequence[int] = range(0, last_day + 1, every * DAYS_PER_WEEK)
    return {
        "field": "day",
        "type": "quantitative",
        "scale": {"domain": [first_day, last_day], "nice": False, "zero": False},
        "axis": {
            "title": title,
            "values": list(ticks),
            "labelExpr": f"datum.value / {DAYS_PER_WEEK}",
            "grid": True,
        },
    }
