"""Records: what one row of a sheet, read by its mapping, says for a study table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from myosotis.core import units
from myosotis.core.catalogue import Catalogue, nearest_names
from myosotis.core.definition import Definition
from myosotis.errors import ProtocolError
from myosotis.model.cells import (
    Reader,
    Reading,
    Refusal,
    read_age,
    read_choice,
    read_date,
    read_limit,
    read_number,
    read_text,
    read_truth,
    read_value,
    read_whole,
    whole_day,
)
from myosotis.model.ledger import CellPlace, Claim, Notebook
from myosotis.model.mapping import Field, ObservationField, TableMapping
from myosotis.model.tables import REQUIRED, SCHEMAS
from myosotis.sources.sheet import Cell, Row, Sheet, is_blank, text_of

__all__ = ["Record", "read_records"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Hold one row for a study table: its values, and under each column the claims on the cells that gave it.

    `cells` is the whole source row; `repeated` says that the mapping expects the same fact on many rows.
    """

    table: str
    place: CellPlace
    values: Mapping[str, Any]
    claims: Mapping[str, tuple[Claim, ...]]
    cells: tuple[Cell, ...]
    repeated: bool


@dataclass(frozen=True, slots=True)
class _Taken:
    """Hold what a field gave: a value or None, and the claims on its cell; `refused` when the cell was refused."""

    value: Any = None
    claims: tuple[Claim, ...] = ()
    refused: bool = False
    ignored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    table: TableMapping
    sheet: Sheet
    columns: Mapping[str, int]
    missing: frozenset[str]
    notebook: Notebook
    catalogue: Catalogue

    def place(self, row: Row, column: str) -> CellPlace:
        return CellPlace(self.sheet.file, self.sheet.name, row.number, column)

    def take(self, row: Row, field: Field, reader: Reader) -> _Taken:
        """Read a field of a row; a refused cell is noted and gives no value."""
        if not field.column:
            result = reader(field.constant, field, ".")
            if isinstance(result, Refusal):
                raise ProtocolError(
                    f"{self.table.label}: the value {field.constant!r} is refused ({result.rule}); "
                    f"expected {result.expected}"
                )
            return _Taken(result.value)
        cell = row.cells[self.columns[field.column]]
        if is_blank(cell):
            return _Taken()
        place = self.place(row, field.column)
        if (text := text_of(cell)) in self.missing:
            self.notebook.claim(Claim(place, "ignored", "declared missing"))
            return _Taken()
        if text in field.ignore:
            self.notebook.claim(Claim(place, "ignored", "declared as ignored"))
            return _Taken(ignored=True)
        result = reader(cell, field, self.table.decimal)
        if isinstance(result, Refusal):
            self.notebook.refuse(result, place)
            return _Taken(refused=True)
        fate = "converted" if result.reason else "used"
        return _Taken(result.value, (Claim(place, fate, result.reason, _became(result.value)),))

    def close_row(self, row: Row, fate: str, reason: str) -> None:
        """Claim every cell of a row that the mapping uses and that has a value."""
        for column in self.table.source_columns:
            cell = row.cells[self.columns[column]]
            if not is_blank(cell):
                place = self.place(row, column)
                missing = text_of(cell) in self.missing
                self.notebook.claim(
                    Claim(place, "ignored", "declared missing") if missing else Claim(place, fate, reason)
                )


def read_records(
    table: TableMapping, sheet: Sheet, *, missing: frozenset[str], catalogue: Catalogue, notebook: Notebook
) -> list[Record]:
    """Read the records of a sheet, in row order; what cannot be read goes to the notebook with its reason.

    Raises `MissingColumnError` for a declared column that the sheet does not have, `ProtocolError` for an
    observation that is not in the catalogue or a number declared without a unit.
    """
    context = _Context(
        table=table,
        sheet=sheet,
        columns=sheet.columns(*table.source_columns, *table.ignore),
        missing=missing,
        notebook=notebook,
        catalogue=catalogue,
    )
    _check_declared(table, catalogue)
    for column in table.ignore:
        index = context.columns[column]
        notebook.claim(
            *(
                Claim(context.place(row, column), "ignored", "column declared as ignored")
                for row in sheet.rows
                if not is_blank(row.cells[index])
            )
        )
    read_row = _ROW_READERS[table.layout]
    records: list[Record] = []
    for row in sheet.rows:
        identity = context.take(row, Field(column=table.patient_id), read_text)
        if identity.value is None:
            _no_identity(context, row, identity)
            continue
        records += read_row(context, row, identity)
    return records


def _no_identity(context: _Context, row: Row, identity: _Taken) -> None:
    used = [row.cells[context.columns[column]] for column in context.table.source_columns]
    if all(map(is_blank, used)):
        return
    if not identity.refused:
        refusal = Refusal(
            "patient id missing", "no patient id", "a patient id on every row", "fill it in or remove the row"
        )
        context.notebook.problem(refusal, context.place(row, context.table.patient_id))
    context.close_row(row, "rejected", "patient id missing")


def _facts(context: _Context, row: Row, identity: _Taken) -> Iterator[Record]:
    table = context.table.feeds
    values: dict[str, Any] = {"patient_id": identity.value}
    claims = {"patient_id": identity.claims}
    for name, field in context.table.columns.items():
        taken = context.take(
            row, _dated(field, context.table), _FACT_READERS.get((table, name)) or _BY_TYPE[_type(table, name)]
        )
        if taken.refused and (table, name) == ("events", "start"):
            taken = _partial_start(context, row, field, values)
        values[name] = taken.value
        claims[name] = taken.claims
        if taken.value is None and name in REQUIRED[table]:
            if not taken.refused:
                refusal = Refusal(f"{name} missing", "nothing", f"{name} on every row", "fill it in or remove the row")
                context.notebook.problem(refusal, context.place(row, field.column))
            return
    if "dose_unit" in values and values.get("dose_unit"):
        values["dose_unit"] = units.normal(values["dose_unit"])
    yield _record(context, row, context.table.patient_id, values, claims)


def _partial_start(context: _Context, row: Row, field: Field, values: dict[str, Any]) -> _Taken:
    """Keep what was written for a start that is only partly known."""
    cell = row.cells[context.columns[field.column]]
    text = text_of(cell)
    if isinstance(read_date(cell, Field()), Refusal) and len(text) in (4, 7) and text.replace("-", "").isdigit():
        values["start_text"] = text
        return _Taken(None, (Claim(context.place(row, field.column), "used", "kept as text", text),))
    return _Taken(refused=True)


def _visit_row(context: _Context, row: Row, identity: _Taken) -> Iterator[Record]:
    given = {
        name: item
        for name, item in context.table.observations.items()
        if not item.value.column or not is_blank(row.cells[context.columns[item.value.column]])
    }
    time = _time(context, row) if given else None
    if time is None:
        return
    for name, item in given.items():
        definition = context.catalogue[name]
        yield from _observation(context, row, identity, time, definition, item, item.value)


def _measurement_row(context: _Context, row: Row, identity: _Taken) -> Iterator[Record]:
    name_field, item = context.table.name, context.table.observations[""]
    assert name_field is not None
    if is_blank(row.cells[context.columns[item.value.column]]):
        return
    name = context.take(row, name_field, read_text)
    if name.ignored:
        context.close_row(row, "ignored", "observation declared as ignored")
        return
    if name.value is None:
        if not name.refused:
            refusal = Refusal("name missing", "a value without its name", "a name", "fill it in or remove the row")
            context.notebook.problem(refusal, context.place(row, name_field.column))
        return
    if name.value not in context.catalogue:
        refusal = Refusal(
            "unknown observation",
            "a name that is not in the catalogue",
            "the name of an observation",
            "add codes to the name in the mapping, or list the text under its ignore",
        )
        context.notebook.refuse(refusal, context.place(row, name_field.column))
        return
    time = _time(context, row)
    if time is None:
        return
    definition = context.catalogue[name.value]
    unit = Field(constant=context.table.units[name.value]) if name.value in context.table.units else item.unit
    item = ObservationField(value=item.value, unit=unit, lower_limit=item.lower_limit, upper_limit=item.upper_limit)
    for record in _observation(context, row, identity, time, definition, item, item.value):
        yield Record(
            table=record.table,
            place=record.place,
            values=record.values,
            claims={**record.claims, "name": name.claims},
            cells=record.cells,
            repeated=record.repeated,
        )


def _visit_columns(context: _Context, row: Row, identity: _Taken) -> Iterator[Record]:
    ((name, item),) = context.table.observations.items()
    definition, at = context.catalogue[name], context.table.at
    for column, moment in context.table.visits.items():
        values = {"day": whole_day(moment, at), "week": float(moment) if at == "week" else None}
        time = _Time(values, {})
        yield from _observation(
            context, row, identity, time, definition, item, Field(column=column, codes=item.value.codes)
        )


@dataclass(frozen=True, slots=True)
class _Time:
    values: Mapping[str, Any]
    claims: Mapping[str, tuple[Claim, ...]]


def _time(context: _Context, row: Row) -> _Time | None:
    """Read when the row was observed; None, with a finding, when that is not known."""
    values: dict[str, Any] = {}
    claims: dict[str, tuple[Claim, ...]] = {}
    main = next(iter(sorted(context.table.times, key=("date", "day", "month", "week").index)))
    for name, field in context.table.times.items():
        taken = context.take(row, _dated(field, context.table), read_date if name == "date" else read_number)
        if name == main and taken.value is None:
            if not taken.refused:
                refusal = Refusal(
                    "time missing",
                    f"values without their {name}",
                    f"a {name} on every row with values",
                    "fill it in; a nominal week stands in for a date only where the mapping declares week alone",
                )
                context.notebook.problem(refusal, context.place(row, field.column))
            return None
        if name == "date":
            values["date"] = taken.value
        if name == "week" and taken.value is not None:
            values["week"] = taken.value
        if name in ("day", "month", "week") and name == main:
            values["day"] = whole_day(taken.value, name)
        claims[name] = taken.claims
        if name == "month" and taken.claims:
            claims[name] = (
                taken.claims[0]._replace(fate="converted", reason="months to days", became=f"day {values['day']}"),
            )
    return _Time(values, claims)


def _observation(
    context: _Context,
    row: Row,
    identity: _Taken,
    time: _Time,
    definition: Definition,
    item: ObservationField,
    value_field: Field,
) -> Iterator[Record]:
    unit = context.take(row, item.unit, read_text) if item.unit else _Taken()
    taken = context.take(row, value_field, read_value(definition, unit.value))
    claims: dict[str, tuple[Claim, ...]] = {"unit": unit.claims, **time.claims, "value": taken.claims}
    if taken.value is None:
        return
    values: dict[str, Any] = {"patient_id": identity.value, **time.values, "name": definition.key}
    if definition.type == "number":
        values |= {"number": taken.value, "unit": definition.unit}
        for limit, field in (("lower_limit", item.lower_limit), ("upper_limit", item.upper_limit)):
            if field is not None:
                bound = context.take(row, field, read_limit(definition, unit.value))
                values[limit] = bound.value
                claims[limit] = bound.claims
    elif definition.type == "yes or no":
        values |= {"number": float(taken.value), "text": "yes" if taken.value else "no", "unit": definition.unit}
    else:
        values |= {"text": taken.value, "unit": definition.unit}
    yield _record(context, row, value_field.column, values, {"patient_id": identity.claims, **claims})


def _record(
    context: _Context,
    row: Row,
    column: str,
    values: Mapping[str, Any],
    claims: Mapping[str, tuple[Claim, ...]],
) -> Record:
    return Record(
        table=context.table.feeds,
        place=context.place(row, column),
        values=values,
        claims=claims,
        cells=row.cells,
        repeated=context.table.repeated,
    )


def _check_declared(table: TableMapping, catalogue: Catalogue) -> None:
    """Raise `ProtocolError` for observations the catalogue does not know and for numbers without a unit."""
    names = {name for name in table.observations if name} | set(table.units)
    if table.name is not None:
        coded = [table.name.constant] if table.name.codes is None else list(table.name.codes.values())
        names |= {str(name) for name in coded if name is not None}
    keys = [definition.key for definition in catalogue]
    for name in sorted(names):
        if name not in catalogue:
            raise ProtocolError(
                f"{table.label}: the catalogue has no observation {name!r}; {nearest_names(name, keys)}"
            )
        item = table.observations.get(name) or table.observations.get("")
        unit = table.units.get(name) or (item.unit if item else None)
        if catalogue[name].type == "number" and not unit:
            raise ProtocolError(
                f"{table.label}: {name} has no unit; declare the unit its numbers are in "
                f"(the catalogue's is {catalogue[name].unit!r})"
            )


def _dated(field: Field, table: TableMapping) -> Field:
    if field.date_format or not table.date_format:
        return field
    return Field(
        column=field.column, constant=field.constant, codes=field.codes, ignore=field.ignore,
        date_format=table.date_format, unit=field.unit,
    )  # fmt: skip


def _became(value: object) -> str:
    return text_of(value) if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def _type(table: str, name: str) -> pa.DataType:
    return SCHEMAS[table].field(name).type


def _read_grade(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    """Read a grade of severity, 1 to 5 (CTCAE v5.0, U.S. Department of Health and Human Services 2017, page 2)."""
    grade = read_whole(cell, field, decimal)
    if isinstance(grade, Reading) and not 1 <= grade.value <= 5:
        return Refusal("out of range", str(grade.value), "a grade from 1 to 5", "check the cells against the chart")
    return grade


_BY_TYPE: dict[pa.DataType, Reader] = {
    pa.string(): read_text, pa.float64(): read_number, pa.int64(): read_whole, pa.date32(): read_date,
    pa.bool_(): read_truth,
}  # fmt: skip
_FACT_READERS: dict[tuple[str, str], Reader] = {
    ("patients", "sex"): read_choice("female", "male"),
    ("patients", "age_at_index"): read_age,
    ("events", "grade"): _read_grade,
}
_ROW_READERS = {
    "": _facts,
    "one row per visit": _visit_row,
    "one row per measurement": _measurement_row,
    "one column per visit": _visit_columns,
}
