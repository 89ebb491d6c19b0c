"""A finding: what is wrong or worth knowing about the data, where, and what to do, without naming a patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Severity"]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Report one kind of problem at one place.

    `rule` is a short key such as "text in a number column". `message` says what was found, where, what was expected
    and what to do; it holds counts and places, never a patient's identity. `source_row` is the first row concerned,
    None when it is about a whole sheet; `count` the number of cells or rows.
    """

    severity: Severity
    rule: str
    message: str
    source: str
    sheet: str = ""
    source_row: int | None = None
    source_column: str = ""
    count: int = 1
