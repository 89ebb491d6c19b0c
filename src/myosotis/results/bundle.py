"""A results bundle on disk: Parquet tables and a manifest, whole or not there at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from myosotis.errors import BundleError
from myosotis.results import schema
from myosotis.results.schema import ResultRow, rows_to_table

__all__ = ["SCHEMA_VERSION", "TABLES", "Bundle", "read_bundle", "write_bundle"]

SCHEMA_VERSION = "1"

TABLES = {
    "results": schema.RESULTS,
    "provenance": schema.PROVENANCE,
    "definitions": schema.DEFINITIONS,
    "checks": schema.CHECKS,
    "listings": schema.LISTINGS,
    "ledger": schema.LEDGER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Hold everything a study computed: six tables (see `schema`) and the manifest.

    `manifest` says what was declared (study, windows, eligibility, endpoints, analyses), what was read (file names
    and digests) and with which software; it holds no clock time, so equal inputs give equal bytes.
    """

    results: pa.Table
    provenance: pa.Table
    definitions: pa.Table
    checks: pa.Table
    listings: pa.Table
    ledger: pa.Table
    manifest: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        *,
        rows: Sequence[ResultRow],
        provenance: Sequence[Mapping[str, Any]],
        definitions: Sequence[Mapping[str, Any]],
        checks: Sequence[Mapping[str, Any]],
        listings: Sequence[Mapping[str, Any]],
        ledger: Sequence[Mapping[str, Any]],
        manifest: Mapping[str, Any],
    ) -> Bundle:
        """Build a bundle from records; each record has the columns of its schema, absent ones are NULL."""
        return cls(
            results=rows_to_table(list(rows)),
            provenance=pa.Table.from_pylist([dict(r) for r in provenance], schema=schema.PROVENANCE),
            definitions=pa.Table.from_pylist([dict(r) for r in definitions], schema=schema.DEFINITIONS),
            checks=pa.Table.from_pylist([dict(r) for r in checks], schema=schema.CHECKS),
            listings=pa.Table.from_pylist([dict(r) for r in listings], schema=schema.LISTINGS),
            ledger=pa.Table.from_pylist([dict(r) for r in ledger], schema=schema.LEDGER),
            manifest=manifest,
        )


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Write the tables and `manifest.json` into an existing folder; equal bundles give equal bytes.

    The manifest gains `files`, the SHA-256 of each table, by which `read_bundle` tells a damaged bundle.
    """
    digests = {}
    for name in TABLES:
        path = folder / f"{name}.parquet"
        pq.write_table(getattr(bundle, name), path, compression="zstd", store_schema=False)
        digests[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest = {**bundle.manifest, "schema_version": SCHEMA_VERSION, "files": digests}
    text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle back, checking that it is whole.

    Raises `BundleError` when the folder holds no manifest, a table is missing, a table's digest differs from the
    manifest's, or the schema version is not the one this release writes.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise BundleError(
            f"{folder} holds no manifest.json, so it is no results bundle; "
            "give the folder that `myosotis run --out` wrote"
        )
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if manifest.get("schema_version") != SCHEMA_VERSION:
        raise BundleError(
            f"{folder} was written with bundle schema {manifest.get('schema_version')!r}, "
            f"this release reads {SCHEMA_VERSION!r}; run the study again"
        )
    tables = {}
    for name, expected in TABLES.items():
        file = folder / f"{name}.parquet"
        if not file.is_file():
            raise BundleError(f"{folder} lacks {file.name}; the bundle is not whole, run the study again")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if digest != manifest["files"].get(file.name):
            raise BundleError(
                f"{file} was changed after it was written (its digest is not the manifest's); run the study again"
            )
        tables[name] = pq.read_table(file).cast(expected)
    return Bundle(**tables, manifest=manifest)
