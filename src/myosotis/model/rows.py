"""A sheet read row by row: what a field of a row gives, and which cells it was taken from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from myosotis.core.catalogue import Catalogue
from myosotis.errors import ProtocolError
from myosotis.model.cells import Reader, Refusal
from myosotis.model.claims import CellFate, CellPlace, Record
from myosotis.model.layout import Field, TableMapping
from myosotis.model.ledger import LedgerBuilder
from myosotis.sources.sheet import Row, Sheet, is_blank, text_of

__all__ = ["SheetReader", "FieldReading", "stop_is_written", "without_dates"]


@dataclass(frozen=True, slots=True)
class FieldReading:
    """Hold what a field gave: a value or None, and the claims on its cell; `refused` says why the cell was refused."""

    value: Any = None
    claims: tuple[CellFate, ...] = ()
    refused: Refusal | None = None
    ignored: bool = False


_NO_VALUE = Refusal(
    "row without a value",
    "a patient and no value",
    "at least one value",
    "fill in what is missing; the rest of the row is not used",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReader:
    """Read the rows of one sheet by one table of the mapping; problems and refused cells go to the notebook.

    `number` is the table's place in the mapping, from 1; `own` are the columns that no other table of the mapping
    reads, and `alone` says that no other table reads the sheet.
    """

    table: TableMapping
    number: int
    own: frozenset[str]
    alone: bool
    sheet: Sheet
    columns: Mapping[str, int]
    missing: frozenset[str]
    notebook: LedgerBuilder
    catalogue: Catalogue

    def place(self, row: Row, column: str) -> CellPlace:
        """Name a cell of a row."""
        return CellPlace(self.sheet.file, self.sheet.name, row.number, column)

    def given(self, row: Row, field: Field) -> bool:
        """Say whether a field's cell says something: it is not blank, nor a text declared as missing or ignored."""
        cell = row.cells[self.columns[field.column]]
        return not is_blank(cell) and (text := text_of(cell)) not in self.missing and text not in field.ignore

    def lose(self, row: Row, records: int = 1) -> None:
        """Count records that were found on a row and could not be read."""
        self.notebook.count(self.number, row.number, "found", records)
        self.notebook.count(self.number, row.number, "rejected", records)

    def take(self, row: Row, field: Field, reader: Reader) -> FieldReading:
        """Read a field of a row; a refused cell is noted and gives no value."""
        if not field.column:
            result = reader(field.constant, field, ".")
            if isinstance(result, Refusal):
                raise ProtocolError(
                    f"{self.table.label}: the value {field.constant!r} is refused ({result.rule}); "
                    f"expected {result.expected}"
                )
            return FieldReading(result.value)
        cell = row.cells[self.columns[field.column]]
        if is_blank(cell):
            return FieldReading()
        place = self.place(row, field.column)
        if (text := text_of(cell)) in self.missing:
            self.notebook.claim(CellFate(place, "ignored", "declared missing"))
            return FieldReading()
        if text in field.ignore:
            self.notebook.claim(CellFate(place, "ignored", "declared as ignored"))
            return FieldReading(ignored=True)
        result = reader(cell, field, self.table.decimal)
        if isinstance(result, Refusal):
            self.notebook.refuse(result, place)
            return FieldReading(refused=result)
        fate = "converted" if result.reason else "used"
        return FieldReading(result.value, (CellFate(place, fate, result.reason, _became(result.value)),))

    def close_row(self, row: Row, fate: str, reason: str) -> None:
        """Claim every cell of a row that the mapping uses and that has a value; the row as a whole has that fate."""
        self.notebook.count(self.number, row.number, "row ignored" if fate == "ignored" else "row rejected")
        for column in self.table.source_columns:
            cell = row.cells[self.columns[column]]
            if not is_blank(cell):
                place = self.place(row, column)
                missing = text_of(cell) in self.missing
                self.notebook.claim(
                    CellFate(place, "ignored", "declared missing") if missing else CellFate(place, fate, reason)
                )

    def note_empty(self, row: Row) -> None:
        """Note a row that has a patient and no value, unless all it holds may be there for another table."""
        own = self.own - {self.table.patient_id}
        if self.alone or any(self.given(row, Field(column=column)) for column in own):
            self.notebook.problem(_NO_VALUE, self.place(row, self.table.patient_id))

    def record(
        self, row: Row, column: str, values: Mapping[str, Any], claims: Mapping[str, tuple[CellFate, ...]]
    ) -> Record:
        """Make a record of this sheet; `column` is the one its value lies in."""
        return Record(
            table=self.table.feeds,
            table_number=self.number,
            place=self.place(row, column),
            values=values,
            claims=claims,
            cells=row.cells,
            repeated=self.table.repeated,
        )

    def dated(self, field: Field) -> Field:
        """Give a field the table's date format, unless it has its own."""
        if field.date_format or not self.table.date_format:
            return field
        return replace(field, date_format=self.table.date_format)


def without_dates(record: Record, names: Iterable[str], *, stop_known: bool = False) -> Record:
    """Take dates that cannot be trusted, with their bounds, out of a record.

    A course whose stop goes was stopped on a day that is not known, unless `stop_known` says that it was still taken:
    a stop was written, and taking its course as ongoing would make up days on the drug.
    """
    names = tuple(names)
    gone = {f"{name}{end}" for name in names for end in ("", "_earliest", "_latest")}
    values = {name: value for name, value in record.values.items() if name not in gone}
    if record.table == "treatments" and {"stop", "stop_day"} & set(names) and not stop_is_written(values):
        values["stop_known"] = stop_known
    claims = {name: claims for name, claims in record.claims.items() if name not in names}
    return replace(record, values=values, claims=claims)


def stop_is_written(values: Mapping[str, Any]) -> bool:
    """Say whether a course's values hold its stop, as a day or as bounds."""
    return any(values.get(name) is not None for name in ("stop", "stop_earliest", "stop_day"))


def _became(value: object) -> str:
    return text_of(value) if isinstance(value, (str, int, float, bool)) or value is None else str(value)
