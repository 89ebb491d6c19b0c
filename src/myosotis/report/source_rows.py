"""Write the patient rows behind results as HTML tables, each set of rows once however many results share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from markupsafe import Markup

from myosotis.report.format import exact, integer
from myosotis.report.lookup import Row

__all__ = ["LIMIT", "rows_table"]

LIMIT = 5000  # rows of one listing that a page shows; more make a browser slow

COLUMNS = (
    ("item", "Observation"),
    ("unit", "Unit"),
    ("day", "Day"),
    ("date", "Date"),
    ("source", "File"),
    ("sheet", "Sheet"),
    ("source_row", "Row"),
    ("source_column", "Column"),
)


def rows_table(rows: Sequence[Row], *, limit: int = LIMIT) -> Markup:
    """Write the rows of one listing as a table, every patient's value followed by the cells it was made from.

    A column that holds the same text in every row is said once above the table, an empty one is left out. Beyond
    `limit` rows the table stops and says how many more the bundle holds.
    """
    ordered = _by_patient(rows)
    shown = ordered[:limit]
    texts = {name: [_text(row, name) for row in shown] for name, _ in COLUMNS}
    kept = [(name, word) for name, word in COLUMNS if len(set(texts[name])) > 1]
    constant = [
        f"{word.lower()} {texts[name][0]}" for name, word in COLUMNS if len(set(texts[name])) == 1 and texts[name][0]
    ]
    pieces = []
    if constant:
        pieces.append(f'<p class="same">In every row: {escape("; ".join(constant))}.</p>')
    heads = "".join(f'<th scope="col">{word}' for word in ("Patient", "Value", *(word for _, word in kept)))
    pieces.append(f'<table class="source"><thead><tr>{heads}</thead><tbody>')
    for i, row in enumerate(shown):
        evidence = row["role"] != "value"
        patient = "" if evidence else escape(row["patient_id"] or "")
        cells = "".join(f"<td>{escape(texts[name][i])}" for name, _ in kept)
        start = '<tr class="evidence"><td>' if evidence else '<tr><th scope="row">'
        pieces.append(f"{start}{patient}<td>{escape(_value(row))}{cells}")
    pieces.append("</tbody></table>")
    if len(ordered) > len(shown):
        pieces.append(
            f'<p class="same">{integer(len(ordered) - len(shown))} more rows are in listings.parquet beside this page.</p>'
        )
    return Markup("".join(pieces))


def _by_patient(rows: Iterable[Row]) -> list[Row]:
    """Put the evidence of a patient below the patient's values, both in the order of the bundle."""
    grouped: dict[str, tuple[list[Row], list[Row]]] = {}
    for row in rows:
        values, evidence = grouped.setdefault(row["patient_id"] or "", ([], []))
        (values if row["role"] == "value" else evidence).append(row)
    return [row for values, evidence in grouped.values() for row in (*values, *evidence)]


def _text(row: Row, name: str) -> str:
    value = row[name]
    # Day 0 is the index date; a row 0 is none, since rows are counted from 1.
    return "" if value is None or (name == "source_row" and value == 0) else str(value)


def _value(row: Row) -> str:
    text = row["text"] or ""
    if text in ("true", "false"):
        # A verdict is also stored as 1 or 0.
        return text
    number = "" if row["number"] is None else exact(row["number"])
    return " ".join(part for part in (number, text) if part) or "missing"
