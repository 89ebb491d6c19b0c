"""A data set: the five study tables with the fate of every cell, what was noticed, and the files they came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from myosotis.errors import DataError
from myosotis.model.findings import Finding
from myosotis.model.record_counts import RecordCount
from myosotis.model.tables import LEDGER, SCHEMAS, table_of
from myosotis.sources.sheet import InputFile

__all__ = ["Dataset", "InputFile"]

_Records = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Hold the study tables (schemas in `myosotis.model.tables`), the ledger, the findings and the inputs.

    `record_counts` holds what became of the rows and records of each table of the mapping, in its order; it is empty
    for a data set made of plain records.

    `fingerprint` digests the five tables, not the files: equal tables in any row order have equal fingerprints.

    Raises `DataError` when a table does not have its schema.
    """

    patients: pa.Table
    observations: pa.Table
    treatments: pa.Table
    conditions: pa.Table
    events: pa.Table
    ledger: pa.Table
    findings: tuple[Finding, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    record_counts: tuple[RecordCount, ...] = ()

    def __post_init__(self) -> None:
        for name, schema in {**SCHEMAS, "ledger": LEDGER}.items():
            found = getattr(self, name).schema
            if not found.equals(schema):
                raise DataError(
                    f"the table {name} has the columns {found.names}; expected {schema.names} in their types"
                )

    @classmethod
    def of(
        cls,
        *,
        patients: _Records = (),
        observations: _Records = (),
        treatments: _Records = (),
        conditions: _Records = (),
        events: _Records = (),
    ) -> Dataset:
        """Make a data set of plain records, with an empty ledger; see `table_of` for defaults and errors.

        >>> Dataset.of(patients=[{"patient_id": "a", "sex": "female"}]).patients.num_rows
        1
        """
        return cls(
            patients=table_of("patients", patients),
            observations=table_of("observations", observations),
            treatments=table_of("treatments", treatments),
            conditions=table_of("conditions", conditions),
            events=table_of("events", events),
            ledger=LEDGER.empty_table(),
        )

    @property
    def fingerprint(self) -> str:
        """Digest the content of the five tables into 64 hexadecimal digits."""
        digest = hashlib.sha256()
        for name, schema in SCHEMAS.items():
            columns = getattr(self, name).to_pydict()
            lines = sorted(
                json.dumps(row, ensure_ascii=False, default=_as_text) for row in zip(*columns.values(), strict=True)
            )
            digest.update("\n".join([name, *schema.names, *lines, ""]).encode())
        return digest.hexdigest()


def _as_text(value: date) -> str:
    return value.isoformat()
