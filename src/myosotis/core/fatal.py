"""Which adverse events ended in death, by what their record says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["FATAL_GRADE", "FATAL_OUTCOMES", "is_fatal"]

# What says so beside the event's own column: grade 5 is "Death related to AE" (CTCAE v5.0, 27 November 2017, page 2).
FATAL_GRADE = 5
FATAL_OUTCOMES = ("death", "died", "fatal")


def is_fatal(event: Mapping[str, Any]) -> bool:
    """Say whether a row of the events table is fatal: `death` is true, its grade 5, or its outcome a word for death.

    >>> is_fatal({"outcome": "Fatal"}), is_fatal({"grade": 4, "outcome": "recovered"})
    (True, False)
    """
    outcome = " ".join((event.get("outcome") or "").split()).lower()
    return event.get("death") is True or event.get("grade") == FATAL_GRADE or outcome in FATAL_OUTCOMES
