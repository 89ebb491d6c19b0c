"""A row on its way into a study table: its values, and the claims on the cells that gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from myosotis.sources.sheet import Cell, text_of

__all__ = ["CellPlace", "CellFate", "Record"]


class CellPlace(NamedTuple):
    """Name a cell by file, sheet, row and column header."""

    source: str
    sheet: str
    row: int
    column: str


class CellFate(NamedTuple):
    """Say what happens to a cell."""

    place: CellPlace
    fate: str
    reason: str = ""
    became: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Hold one row for a study table: its values, and under each column the claims on the cells that gave it.

    `table_number` is the place from 1 of the mapping's table that read it; `cells` is the whole source row; `repeated`
    says that the mapping expects the same fact on many rows.
    """

    table: str
    table_number: int
    place: CellPlace
    values: Mapping[str, Any]
    claims: Mapping[str, tuple[CellFate, ...]]
    cells: tuple[Cell, ...]
    repeated: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """Write the whole source row out as text."""
        return tuple(map(text_of, self.cells))
