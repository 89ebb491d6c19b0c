"""Records of a sheet: every row read by its layout, once the mapping has been held against the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from myosotis.core.catalogue import Catalogue, nearest_names
from myosotis.errors import ProtocolError
from myosotis.model.cells import Refusal
from myosotis.model.claims import Record
from myosotis.model.facts import condition_columns, fact_row
from myosotis.model.identity import read_identity
from myosotis.model.layout import Field, TableMapping
from myosotis.model.ledger import LedgerBuilder
from myosotis.model.observations import measurement_row, visit_columns, visit_row
from myosotis.model.rows import FieldReading, SheetReader
from myosotis.sources.sheet import Row, Sheet, is_blank

__all__ = ["read_records"]

_ROW_READERS = {
    "": fact_row,
    "one column per condition": condition_columns,
    "one row per visit": visit_row,
    "one row per measurement": measurement_row,
    "one column per visit": visit_columns,
}


def read_records(
    table: TableMapping,
    sheet: Sheet,
    *,
    number: int,
    sharing: Sequence[TableMapping],
    missing: frozenset[str],
    catalogue: Catalogue,
    notebook: LedgerBuilder,
) -> list[Record]:
    """Read the records of a sheet, in row order; what cannot be read goes to the notebook with its reason.

    `number` is the table's place in the mapping, from 1; `sharing` are the other tables that read the sheet.

    Raises `MissingColumnError` for a declared column that the sheet does not have, `ProtocolError` for an
    observation that is not in the catalogue or a number declared without a unit.
    """
    context = SheetReader(
        table=table,
        number=number,
        own=frozenset(table.source_columns) - {column for other in sharing for column in other.source_columns},
        alone=not sharing,
        sheet=sheet,
        columns=sheet.columns(*table.source_columns, *table.ignore),
        missing=missing,
        notebook=notebook,
        catalogue=catalogue,
    )
    _check_declared(table, catalogue)
    read_row = _ROW_READERS[table.layout]
    records: list[Record] = []
    for row in sheet.rows:
        identity = context.take(row, Field(column=table.patient_id), read_identity)
        if identity.value is None:
            _no_identity(context, row, identity)
            continue
        found = list(read_row(context, row, identity))
        if found:
            notebook.count(number, row.number, "found", len(found))
        records += found
    return records


def _no_identity(context: SheetReader, row: Row, identity: FieldReading) -> None:
    used = [row.cells[context.columns[column]] for column in context.table.source_columns]
    if all(map(is_blank, used)):
        return
    if not identity.refused:
        refusal = Refusal(
            "patient id missing", "no patient id", "a patient id on every row", "fill it in or remove the row"
        )
        context.notebook.problem(refusal, context.place(row, context.table.patient_id))
    context.close_row(row, "rejected", "patient id missing")


def _check_declared(table: TableMapping, catalogue: Catalogue) -> None:
    """Raise `ProtocolError` for observations the catalogue does not know and for numbers without a unit."""
    names = {name for name in table.observations if name} | set(table.units)
    if table.name is not None:
        coded = [table.name.constant] if table.name.codes is None else list(table.name.codes.values())
        names |= {str(name) for name in coded if name is not None}
    keys = [definition.key for definition in catalogue]
    for name in sorted(names):
        if name not in catalogue:
            raise ProtocolError(f"{table.label}: there is no observation {name!r}; {_nearest(name, keys)}")
        item = table.observations.get(name) or table.observations.get("")
        own = table.units.get(name) or (table.observations[name].unit if name in table.observations else None)
        unit = own or (item.unit if item else None)
        if catalogue[name].type != "number" and own and own != Field(constant="yes/no"):
            raise ProtocolError(f"{table.label}: {name} is {catalogue[name].type}, which has no unit; remove it")
        if catalogue[name].type == "number" and not unit:
            raise ProtocolError(
                f"{table.label}: {name} has no unit; declare the unit its numbers are in "
                f"(the catalogue's is {catalogue[name].unit!r})"
            )


def _nearest(name: str, keys: list[str]) -> str:
    near = nearest_names(name, keys)
    own = "declare one of the study's own at the top of protocol.py (`measured(...)`, `told(...)` or `written(...)`)"
    return f"{near} Or {own}" if near.startswith("did you mean") else own
