"""A results bundle on disk: Parquet tables and a manifest in two parts, whole or not there at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from myosotis.core.parquet import parquet_table
from myosotis.errors import BundleError
from myosotis.results import schema
from myosotis.results.files import (
    DIGEST,
    MANIFEST,
    PATIENT_LEVEL,
    SCHEMA_VERSION,
    close,
    digest_told,
    digests,
    is_rendered,
    patient_folder,
    read_manifest,
    seal,
)
from myosotis.results.parts import coarser, joined, parted, unnamed, without_identifiers, without_rows
from myosotis.results.schema import ResultRow, rows_to_table

__all__ = ["PATIENT_TABLES", "SCHEMA_VERSION", "TABLES", "Bundle", "everyones", "read_bundle", "reseal", "write_bundle"]

TABLES = {
    "results": schema.RESULTS,
    "provenance": schema.PROVENANCE,
    "definitions": schema.DEFINITIONS,
    "checks": schema.CHECKS,
}
PATIENT_TABLES = {
    "listings": schema.LISTINGS,
    "ledger": schema.LEDGER,
    "checks": schema.CHECKS,
    "results": schema.RESULTS,
}
QUERY, PROTOCOL, PERSONS = "query.sql", "protocol.json", "persons.json"
NOT_PRINTED: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Hold everything a study computed: six tables (see `schema`) and the manifest.

    On disk checks and results stand in both parts: at the root the checks without the rows that they are about, and the
    results with ages and durations as they are printed (see `everyones`).

    `manifest` says what was declared (the protocol as a document), what was read (file names and digests) and with which
    software; it holds no clock time, so equal inputs give equal bytes, and nothing of where a number is printed.
    `patient_level` is False for a bundle whose part about single patients is not there: its listings and ledger are then
    empty.
    """

    results: pa.Table
    provenance: pa.Table
    definitions: pa.Table
    checks: pa.Table
    listings: pa.Table
    ledger: pa.Table
    manifest: Mapping[str, Any]
    patient_level: bool = True

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


def everyones(bundle: Bundle, printed: Mapping[str, int] = NOT_PRINTED) -> Bundle:
    """Give what of a bundle may be shown to everyone: no row of a patient, no age or duration finer than it is printed.

    `printed` gives the decimals with which a report prints results, by their identifiers; other ages have one.
    """
    shown, _ = parted(bundle.manifest, bundle.ledger)
    if "protocol" in bundle.manifest:
        shown["protocol"] = unnamed(bundle.manifest["protocol"], _identifiers(bundle))
    return replace(
        bundle,
        results=coarser(bundle.results, printed),
        checks=without_rows(bundle.checks),
        listings=schema.LISTINGS.empty_table(),
        ledger=schema.LEDGER.empty_table(),
        manifest=shown,
        patient_level=False,
    )


def _identifiers(bundle: Bundle) -> list[str]:
    found: list[str] = bundle.listings["patient_id"].unique().to_pylist()
    return found


def write_bundle(bundle: Bundle, folder: Path, printed: Mapping[str, int] = NOT_PRINTED) -> str:
    """Write a bundle into an existing folder, and seal it with all that lies there of it; give the digest that covers it.

    `printed` is as for `everyones`. At the root stand what may be shown, the query and `manifest.json`, in
    `patient_level/` (mode 0700) what is about single patients; see `parts`. The manifest gains `files`, the SHA-256 of
    every file of both parts, reports and figures included, and is itself covered by `manifest.sha256`. Equal bundles give
    equal bytes.
    """
    patients = patient_folder(folder)
    for content, tables, place in ((everyones(bundle, printed), TABLES, folder), (bundle, PATIENT_TABLES, patients)):
        for name in tables:
            pq.write_table(getattr(content, name), place / f"{name}.parquet", compression="zstd", store_schema=False)
    shown, persons = parted(bundle.manifest, bundle.ledger)
    (patients / PERSONS).write_text(_json(persons), encoding="utf-8")
    identifiers = _identifiers(bundle)
    if "query" in bundle.manifest:
        query = str(bundle.manifest["query"])
        _write_both(QUERY, f"{without_identifiers(query, identifiers)}\n", f"{query}\n", folder)
    if "protocol" in bundle.manifest:
        protocol = bundle.manifest["protocol"]
        _write_both(PROTOCOL, _json(unnamed(protocol, identifiers)), _json(protocol), folder)
    close(folder)
    return seal(folder, {**shown, "files": digests(folder)})


def _write_both(name: str, shown: str, whole: str, folder: Path) -> None:
    """Write a file without identifiers, and the whole of it where only the owner may enter, if that is another."""
    (folder / name).write_text(shown, encoding="utf-8")
    if shown != whole:
        (folder / PATIENT_LEVEL / name).write_text(whole, encoding="utf-8")


def _json(data: object) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def reseal(folder: Path) -> str | None:
    """Digest the report, figures and tables of a bundle anew after they were rendered again.

    Gives the new digest of the bundle, or None when all bytes are those of the run. What was computed keeps its digests,
    so that nothing that was changed becomes right by it.
    """
    manifest, _ = read_manifest(folder)
    held = (folder / PATIENT_LEVEL).is_dir()
    kept = {
        name: one
        for name, one in manifest["files"].items()
        if not is_rendered(name) or (not held and name.startswith(f"{PATIENT_LEVEL}/"))
    }
    close(folder)
    files = {**digests(folder, is_rendered), **kept}
    return None if files == manifest["files"] else seal(folder, {**manifest, "files": files})


def read_bundle(folder: Path | str) -> Bundle:
    """Read a bundle back, checking that everything read is as it was written; `patient_level/` may be absent as a whole.

    Raises `BundleError` when the folder holds no manifest, its digest is not that of `manifest.sha256`, a file is missing,
    a file's digest differs from the manifest's, or the schema's major version is not the one this release writes.
    """
    folder = Path(folder)
    manifest, digest = read_manifest(folder)
    _check_digest(folder, digest)
    tables = {name: _table(folder, f"{name}.parquet", manifest, expected) for name, expected in TABLES.items()}
    held = _may_enter(folder / PATIENT_LEVEL)
    persons: dict[str, Any] = {}
    for name, expected in PATIENT_TABLES.items():
        file = f"{PATIENT_LEVEL}/{name}.parquet"
        if held:
            tables[name] = _table(folder, file, manifest, expected)
        else:
            tables.setdefault(name, expected.empty_table())
    if held:
        persons = json.loads(_content(folder, f"{PATIENT_LEVEL}/{PERSONS}", manifest))
    whole = joined(manifest, persons)
    for name in (QUERY, PROTOCOL):
        if name in manifest["files"]:
            apart = f"{PATIENT_LEVEL}/{name}"
            text = _content(folder, apart if held and apart in manifest["files"] else name, manifest).decode()
            whole[name.partition(".")[0]] = text.removesuffix("\n") if name == QUERY else json.loads(text)
    return Bundle(**tables, manifest=whole, patient_level=held)


def _may_enter(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)


def _check_digest(folder: Path, digest: str) -> None:
    told = digest_told(folder)
    if told is None:
        raise BundleError(
            f"{folder} lacks {DIGEST}, which covers its manifest; the bundle is not whole, run the study again"
        )
    if told != digest:
        raise BundleError(
            f"{folder / MANIFEST} was changed after it was written (its digest is not that of {DIGEST}); run the study again"
        )


def _content(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """Read a file of a bundle; raises `BundleError` when it is not there or not as it was written."""
    path = folder / name
    if not path.is_file():
        raise BundleError(f"{folder} lacks {name}; the bundle is not whole, run the study again")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != manifest["files"].get(name):
        raise BundleError(
            f"{path} was changed after it was written (its digest is not the manifest's); run the study again"
        )
    return content


def _table(folder: Path, name: str, manifest: Mapping[str, Any], expected: pa.Schema) -> pa.Table:
    return parquet_table(_content(folder, name, manifest)).cast(expected)
