"""Parquet files: typed columns, row numbers counted from 1."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from myosotis.core.parquet import parquet_table
from myosotis.errors import DataError, EmptySourceError
from myosotis.sources.sheet import Cell, InputFile, Row, Sheet, read_bytes

__all__ = ["read_parquet"]


def read_parquet(path: Path, *, file: str, may_be_empty: bool = False) -> tuple[Sheet, InputFile]:
    """Read a Parquet file; its header is its schema and its first row is row 1.

    Decimals become numbers; lists, structs and other nested values become JSON text.

    Raises `DataError` for a file that is not Parquet, `EmptySourceError` for no rows unless `may_be_empty`.
    """
    import pyarrow as pa

    content, info = read_bytes(path, file)
    try:
        table = parquet_table(content)
        header = tuple(table.column_names)
        columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise DataError(f"{file!r} cannot be read as Parquet ({type(problem).__name__}); write it again") from None
    if not table.num_rows and not may_be_empty:
        raise EmptySourceError(f"{file!r} has no rows; add the data, or declare may_be_empty = true in the mapping")
    rows = tuple(Row(i, cells) for i, cells in enumerate(zip(*columns, strict=True), start=1))
    return Sheet(file=file, name="", header=header, rows=rows), info


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, (str, bool, int, float, date)):
        return value
    if isinstance(value, Decimal):
        return float(value)
    return json.dumps(value, default=str, ensure_ascii=False)
