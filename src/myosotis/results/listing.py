"""Lines about single patients, which a report shows as listings to whoever may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["ListedNumber", "PatientLines", "lines_as_data", "read_lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNumber:
    """Hold a number of a listing and the decimals that its column declares."""

    number: float
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientLines:
    """Hold lines about single patients, each with a text or a number for every column.

    `columns` are names; a report has its own heads for them, and a title. `one_line_per_patient` says that no patient has
    two.
    """

    key: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | ListedNumber]]
    one_line_per_patient: bool = False


def lines_as_data(lines: PatientLines) -> dict[str, Any]:
    """Write lines as plain data; `read_lines` is the way back.

    >>> one = PatientLines(key="l", columns=("patient", "x"), rows=(("P1", ListedNumber(number=1.5, decimals=1)),))
    >>> lines_as_data(one)["rows"]
    [['P1', {'number': 1.5, 'decimals': 1}]]
    >>> read_lines(lines_as_data(one)) == one
    True
    """
    rows = [[cell if isinstance(cell, str) else asdict(cell) for cell in row] for row in lines.rows]
    return {
        "key": lines.key,
        "columns": list(lines.columns),
        "rows": rows,
        "one_line_per_patient": lines.one_line_per_patient,
    }


def read_lines(data: Mapping[str, Any]) -> PatientLines:
    """Read lines from the plain data of a bundle."""
    return PatientLines(
        key=data["key"],
        columns=tuple(data["columns"]),
        rows=tuple(
            tuple(cell if isinstance(cell, str) else ListedNumber(**cell) for cell in row) for row in data["rows"]
        ),
        one_line_per_patient=bool(data.get("one_line_per_patient")),
    )
