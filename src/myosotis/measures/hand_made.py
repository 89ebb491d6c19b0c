"""Rows of a patient that nobody read from a file: those of the calculator and of worked examples."""

from __future__ import annotations

from typing import Any

from myosotis.language.record import Row
from myosotis.model.columns import COLUMNS

__all__ = ["hand_made_row"]


def hand_made_row(table: str, **values: Any) -> Row:  # noqa: ANN401 - as the columns of the table hold them
    """Write a row of a table of the data set; what is not given is missing.

    >>> hand_made_row("conditions", name="ILD", day=0)["status"] is None
    True
    """
    return {**dict.fromkeys(COLUMNS[table]), "source": "given", "sheet": "", "source_row": 0, **values}
