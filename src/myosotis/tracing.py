"""Write a trace as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from myosotis.results.schema import KEY_FIELDS
from myosotis.results.trace import Trace

__all__ = ["lines_of"]


def lines_of(trace: Trace) -> Iterator[str]:
    """Yield what the number is, how it was got, the definitions, and one line per patient with its cells below."""
    result, provenance = trace.result, trace.provenance
    number = result["text"] if result["number"] is None else repr(result["number"])
    yield f"{result['statistic']} = {number or result['status']}{' ' + result['unit'] if result['unit'] else ''}"
    for name in KEY_FIELDS:
        if result[name] and name != "statistic":
            yield f"  {name}: {result[name]}"
    if result["note"]:
        yield f"  note: {result['note']}"
    yield f"  what: {provenance['sentence']}"
    for definition in trace.definitions:
        doi = f", doi:{definition['doi']}" if definition["doi"] else ""
        yield f"  definition: {definition['key']} version {definition['version']} ({definition['citation']}{doi})"
    if not trace.patient_level:
        yield "  rows: the patient-level part is not there (the folder patient_level of the bundle), and its rows with it"
        return
    patients = len({row["patient_id"] for row in trace.listing})
    yield f"  rows: {sum(row['role'] == 'value' for row in trace.listing)} values of {patients} patients"
    for row in trace.listing:
        yield f"    {_row(row)}" if row["role"] == "value" else f"        ← {_row(row)}"


def _row(row: dict[str, Any]) -> str:
    value = "" if row["number"] is None else f"{row['number']!r} {row['unit'] or ''}".strip()
    shown = " ".join(part for part in (value, row["text"]) if part)
    when = "" if row["day"] is None else f", day {row['day']}"
    when += f" ({row['date']})" if row["date"] else ""
    where = f"; {row['source']}" if row["source"] else ""
    where += f", sheet {row['sheet']}" if row["sheet"] else ""
    where += f", row {row['source_row']}" if row["source_row"] is not None else ""
    where += f", column {row['source_column']}" if row["source_column"] else ""
    return f"{row['patient_id']}  {row['item']}: {shown}{when}{where}"
