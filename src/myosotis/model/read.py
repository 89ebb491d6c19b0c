"""Reading a study: from a folder and its mapping to a data set, with the fate of every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from myosotis.core.catalogue import Catalogue, nearest_names
from myosotis.errors import DataError, ProtocolError
from myosotis.model import checks
from myosotis.model.claims import Record
from myosotis.model.continued import with_terms
from myosotis.model.courses import note_courses
from myosotis.model.dataset import Dataset
from myosotis.model.deaths import note_deaths
from myosotis.model.findings import Finding
from myosotis.model.identities import ReadCells, identify_patients, of_known_patients
from myosotis.model.inexact import note_inexact
from myosotis.model.layout import Mapping as StudyMapping
from myosotis.model.layout import TableMapping
from myosotis.model.ledger import LedgerBuilder, ledger_of
from myosotis.model.plausible import plausible_births, plausible_dates
from myosotis.model.record_counts import RecordCount, record_count
from myosotis.model.records import read_records
from myosotis.model.shape import note_shape
from myosotis.model.strays import without_strays
from myosotis.model.tables import SCHEMAS
from myosotis.sources.csv import read_csv
from myosotis.sources.files import inside
from myosotis.sources.parquet import read_parquet
from myosotis.sources.sheet import Grid, InputFile, Sheet, is_blank
from myosotis.sources.workbook import read_workbook

__all__ = ["read_dataset"]

_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_DELIMITED = (".csv", ".tsv", ".txt")


def read_dataset(
    folder: Path | str, mapping: StudyMapping, catalogue: Catalogue, *, today: date | None = None
) -> Dataset:
    """Read the files that a mapping names, from a folder, into the five study tables.

    Every cell that is not empty ends in the ledger, every problem in the findings. `catalogue` holds the definitions
    of the observations; numbers come out in its units. Order is that of the mapping, then of the rows.
    `today` (the day of reading, unless given) is asked for one thing: a date after the end of the year that follows is
    rejected, and so is a birth after it; it stands in no table and no message, so that equal files give equal data sets.

    Raises `DataError` for a file, sheet or column that is not there, `EmptySourceError` for one without rows,
    `ProtocolError` for a mapping that the files or the catalogue contradict.
    """
    notebook = LedgerBuilder()
    sheets, inputs = _read_sheets(Path(folder), mapping, notebook)
    records: dict[str, list[Record]] = {name: [] for name in SCHEMAS}
    for number, (table, sheet) in enumerate(zip(mapping.tables, sheets, strict=True), start=1):
        sharing = [
            other
            for i, (other, its) in enumerate(zip(mapping.tables, sheets, strict=True), start=1)
            if i != number and (its.file, its.name) == (sheet.file, sheet.name)
        ]
        records[table.feeds] += read_records(
            table,
            sheet,
            number=number,
            sharing=sharing,
            missing=mapping.missing,
            catalogue=catalogue,
            notebook=notebook,
        )
    asked = _patients_sheets(mapping.tables, sheets)
    standing = _check(records, _read_cells(mapping.tables, sheets), asked, today or date.today(), notebook)
    for record in (record for each in standing.values() for record in each):
        notebook.claim(*(claim for claims in record.claims.values() for claim in claims))
    declared = _declared(mapping.tables, sheets)
    for sheet in _once(sheets):
        note_shape(sheet, declared[sheet.file, sheet.name], notebook)
    _note_undeclared(declared, sheets, notebook)
    tables = {name: _table(name, standing[name]) for name in SCHEMAS}
    return Dataset(
        **tables,
        ledger=ledger_of(_once(sheets), declared, notebook, missing=mapping.missing),
        findings=notebook.findings,
        inputs=tuple(inputs),
        record_counts=_record_counts(mapping.tables, sheets, standing, notebook),
    )


def _check(
    read: Mapping[str, list[Record]],
    read_cells: ReadCells,
    asked: AbstractSet[tuple[str, str]],
    today: date,
    notebook: LedgerBuilder,
) -> dict[str, list[Record]]:
    found = {**read, "events": with_terms(read["events"], notebook)}
    records = {name: plausible_dates(found[name], today, notebook) for name in SCHEMAS}
    others = [record for name in SCHEMAS if name != "patients" for record in records[name]]
    rows, strays = without_strays(records["patients"], others, notebook, asked=asked)
    people = identify_patients(plausible_births(rows, others, notebook), read_cells, notebook, strays=strays)
    standing = {"patients": checks.possible_dates(people.patients, people.patients, notebook)}
    for name in SCHEMAS:
        if name != "patients":
            known = of_known_patients(records[name], people, notebook)
            dated = checks.possible_dates(known, people.patients, notebook)
            standing[name] = checks.distinct_rows(dated, notebook)
    note_courses(standing["treatments"], notebook)
    note_deaths(standing["events"], standing["patients"], notebook)
    note_inexact((record for each in standing.values() for record in each), notebook)
    return standing


def _read_cells(tables: Iterable[TableMapping], sheets: Iterable[Sheet]) -> ReadCells:
    """Give, by file and sheet, the positions of the columns that any table of the mapping reads."""
    read: dict[tuple[str, str], set[int]] = {}
    for table, sheet in zip(tables, sheets, strict=True):
        read.setdefault((sheet.file, sheet.name), set()).update(sheet.columns(*table.source_columns).values())
    return {place: tuple(sorted(positions)) for place, positions in read.items()}


def _patients_sheets(tables: Iterable[TableMapping], sheets: Iterable[Sheet]) -> set[tuple[str, str]]:
    """Give file and sheet of the patients tables that read more of a patient than the identifier."""
    return {
        (sheet.file, sheet.name)
        for table, sheet in zip(tables, sheets, strict=True)
        if table.feeds == "patients" and table.source_columns != (table.patient_id,)
    }


def _record_counts(
    tables: Iterable[TableMapping],
    sheets: Iterable[Sheet],
    standing: Mapping[str, list[Record]],
    notebook: LedgerBuilder,
) -> tuple[RecordCount, ...]:
    kept: dict[int, Counter[int]] = {}
    for record in (record for each in standing.values() for record in each):
        kept.setdefault(record.table_number, Counter())[record.place.row] += 1
    return tuple(
        record_count(
            table=number,
            feeds=table.feeds,
            source=sheet.file,
            sheet=sheet.name,
            rows=[row.number for row in sheet.rows],
            kept=kept.get(number, Counter()),
            steps=notebook.steps,
        )
        for number, (table, sheet) in enumerate(zip(tables, sheets, strict=True), start=1)
    )


def _read_sheets(folder: Path, mapping: StudyMapping, notebook: LedgerBuilder) -> tuple[list[Sheet], list[InputFile]]:
    sheets: list[Sheet] = []
    inputs: dict[str, InputFile] = {}
    workbooks: dict[str, tuple[Grid, ...]] = {}
    read: dict[tuple[str, str], tuple[TableMapping, Sheet]] = {}
    for table in mapping.tables:
        suffix = Path(table.file).suffix.lower()
        path = folder / table.file
        if not inside(folder, table.file):
            raise ProtocolError(
                f"{table.label}: the file lies outside the study folder; a study that is passed on reads nothing beside "
                "itself: copy the file into the folder, and name it from there"
            )
        if suffix in _WORKBOOKS:
            if table.file not in workbooks:
                workbooks[table.file], inputs[table.file] = read_workbook(path, file=table.file)
            grid = _pick(workbooks[table.file], table)
        elif table.sheet:
            raise ProtocolError(f"{table.label}: sheet = {table.sheet!r}, but a {suffix} file has no sheets; remove it")
        elif suffix == ".parquet" and table.last_row:
            raise ProtocolError(
                f"{table.label}: last_row = {table.last_row}, but a .parquet file holds nothing below its table; remove it"
            )
        elif suffix == ".parquet":
            sheet, inputs[table.file] = read_parquet(path, file=table.file, may_be_empty=table.may_be_empty)
            sheets.append(sheet)
            continue
        elif suffix in _DELIMITED:
            grid, inputs[table.file] = read_csv(
                path, file=table.file, delimiter=table.delimiter, encoding=table.encoding, header_row=table.header_row
            )
        else:
            known = ", ".join((*_DELIMITED, *_WORKBOOKS, ".parquet"))
            raise ProtocolError(f"{table.label}: files that end in {suffix!r} cannot be read; use one of {known}")
        sheets.append(_sheet(grid, table, read))
    _note_unnamed(workbooks, sheets, notebook)
    return sheets, list(inputs.values())


def _sheet(grid: Grid, table: TableMapping, read: dict[tuple[str, str], tuple[TableMapping, Sheet]]) -> Sheet:
    """Split a grid at its header, once; two tables of one sheet must agree on how it is read."""
    place = (grid.file, grid.name)
    if place not in read:
        read[place] = table, grid.sheet(table.header_row, last_row=table.last_row, may_be_empty=table.may_be_empty)
    first, sheet = read[place]
    for key in ("header_row", "last_row", "delimiter", "encoding", "may_be_empty"):
        if getattr(first, key) != getattr(table, key):
            raise ProtocolError(
                f"{table.label}: {key} = {getattr(table, key)!r}, but another table of the same sheet says "
                f"{getattr(first, key)!r}; write the same in both"
            )
    return sheet


def _pick(grids: tuple[Grid, ...], table: TableMapping) -> Grid:
    names = [grid.name for grid in grids]
    if not table.sheet and len(grids) == 1:
        return grids[0]
    if table.sheet in names:
        return grids[names.index(table.sheet)]
    told = f"no sheet {table.sheet!r}; {nearest_names(table.sheet, names)}" if table.sheet else "no sheet is named"
    raise DataError(
        f"{table.label}: {told}; the workbook holds {', '.join(map(repr, names))}; correct `sheet` in the mapping"
    )


def _note_unnamed(workbooks: Mapping[str, tuple[Grid, ...]], sheets: Iterable[Sheet], notebook: LedgerBuilder) -> None:
    named = {(sheet.file, sheet.name) for sheet in sheets}
    for grid in (grid for grids in workbooks.values() for grid in grids):
        cells = sum(not is_blank(cell) for row in grid.rows for cell in row.cells) + len(grid.hidden)
        if (grid.file, grid.name) not in named and cells:
            notebook.note(
                Finding(
                    severity="note",
                    rule="sheet not named",
                    message=(
                        f"sheet not named: the mapping does not name sheet {grid.name!r} of {grid.file!r} "
                        f"({cells} cells), so nothing of it was read; add a [[table]] if the study needs it"
                    ),
                    source=grid.file,
                    sheet=grid.name,
                    count=cells,
                )
            )


def _declared(tables: Iterable[TableMapping], sheets: Iterable[Sheet]) -> dict[tuple[str, str], dict[str, bool]]:
    """Tell which columns of each sheet the mapping names, and whether one of its tables ignores them."""
    declared: dict[tuple[str, str], dict[str, bool]] = {}
    for table, sheet in zip(tables, sheets, strict=True):
        columns = declared.setdefault((sheet.file, sheet.name), {})
        for column in table.source_columns:
            columns.setdefault(column, False)
        columns.update(dict.fromkeys(table.ignore, True))
    return declared


def _note_undeclared(
    declared: Mapping[tuple[str, str], Mapping[str, bool]], sheets: Iterable[Sheet], notebook: LedgerBuilder
) -> None:
    for sheet in _once(sheets):
        for index, column in enumerate(sheet.header):
            rows = [row.number for row in sheet.rows if not is_blank(row.cells[index])]
            if rows and column not in declared[sheet.file, sheet.name]:
                notebook.note(
                    Finding(
                        severity="warning",
                        rule="column not declared",
                        message=(
                            f"column not declared: {sheet.place}, column {column!r} ({len(rows)} cells) is neither "
                            "used nor ignored; its cells are rejected; use it, or list it under ignore in the mapping"
                        ),
                        source=sheet.file,
                        sheet=sheet.name,
                        source_row=rows[0],
                        source_column=column,
                        count=len(rows),
                    )
                )


def _once(sheets: Iterable[Sheet]) -> list[Sheet]:
    return list({(sheet.file, sheet.name): sheet for sheet in sheets}.values())


def _table(name: str, records: Iterable[Record]) -> pa.Table:
    schema = SCHEMAS[name]
    columns: dict[str, list[Any]] = {column: [] for column in schema.names}
    for record in records:
        place = {"source": record.place.source, "sheet": record.place.sheet, "source_row": record.place.row}
        values = {**record.values, **place, "source_column": record.place.column}
        for column, filled in columns.items():
            filled.append(values.get(column))
    return pa.table(columns, schema=schema)
