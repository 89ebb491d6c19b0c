"""The files of a bundle: their names, their digests, who may read them, and what in a folder is not a bundle's."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from myosotis.errors import BundleError

__all__ = [
    "DIGEST",
    "MANIFEST",
    "PATIENT_LEVEL",
    "SCHEMA_VERSION",
    "add_file",
    "close",
    "digest_of",
    "digest_told",
    "digests",
    "files_added",
    "foreign_files",
    "is_rendered",
    "patient_folder",
    "read_manifest",
    "seal",
    "unnamed_files",
]

SCHEMA_VERSION = "3.0"
MANIFEST, DIGEST, PATIENT_LEVEL = "manifest.json", "manifest.sha256", "patient_level"
ADDED = f"{PATIENT_LEVEL}/added.json"

_FIGURES = r"figures/[^/]+\.(svg|pdf|png|vl\.json)"
_WRITTEN = re.compile(
    rf"(results|provenance|definitions|checks)\.parquet|query\.sql|protocol\.json|report\.html|{_FIGURES}|tables/[^/]+\.csv"
    rf"|patient_level/((listings|ledger|checks|results)\.parquet|persons\.json|query\.sql|protocol\.json|report\.html|{_FIGURES})"
)
_ADDED = re.compile(r"(patient_level/)?figures/[^/]+\.html|patient_level/profiles/[^/]+\.html")


def patient_folder(folder: Path) -> Path:
    """Make the folder of what is about single patients, which nobody but its owner may enter."""
    made = folder / PATIENT_LEVEL
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    made.chmod(0o700)
    return made


def close(folder: Path) -> None:
    """Let nobody but the owner read what is about single patients: folders 0700, files 0600."""
    root = folder / PATIENT_LEVEL
    for path in [root, *root.rglob("*")] if root.is_dir() else []:
        path.chmod(0o700 if path.is_dir() else 0o600)


def digest_of(path: Path) -> str:
    """Digest a file's bytes by SHA-256 into 64 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(folder: Path, wanted: Callable[[str], bool] = bool) -> dict[str, str]:
    """Digest the files of a folder that a run writes, by their paths within it, all or those wanted by their path.

    The manifest is not among them.
    """
    names = [name for name in _names(folder) if _WRITTEN.fullmatch(name) and wanted(name)]
    return {name: digest_of(folder / name) for name in names}


def is_rendered(name: str) -> bool:
    """Say whether a file of a bundle is made from its other files, as reports, figures and tables are."""
    return not name.endswith((".parquet", ".sql", "persons.json", "protocol.json"))


def seal(folder: Path, manifest: Mapping[str, Any]) -> str:
    """Write the manifest with the digests of all other files, and the digest that covers it; give that digest.

    Equal files give equal bytes. Each key has lines of its own, so that two manifests can be compared line by line.
    """
    lines = []
    for name, value in sorted({**manifest, "schema_version": SCHEMA_VERSION}.items()):
        lines.append(f"{_text(name)}: {_lines(value)}")
    content = ("{\n" + ",\n".join(lines) + "\n}\n").encode()
    (folder / MANIFEST).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    # The form that `sha256sum --check` reads.
    (folder / DIGEST).write_text(f"{digest}  {MANIFEST}\n", encoding="utf-8")
    return digest


def digest_told(folder: Path) -> str | None:
    """Give the digest of the manifest that `manifest.sha256` names: None without that file, "" where it is empty."""
    path = folder / DIGEST
    if not path.is_file():
        return None
    return next(iter(path.read_text(encoding="utf-8", errors="replace").split()), "")


def read_manifest(folder: Path) -> tuple[dict[str, Any], str]:
    """Read the manifest of a bundle as it stands, with the digest of its bytes.

    Raises `BundleError` when there is none, it is no manifest, or it was written with a schema of another major version.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise BundleError(
            f"{folder} holds no manifest.json, so it is no results bundle; "
            "give the folder that `myosotis run --out` wrote"
        )
    content = path.read_bytes()
    try:
        manifest = json.loads(content)
    except ValueError as error:
        raise BundleError(
            f"{path} is no JSON, so it is no results bundle or was damaged; run the study again"
        ) from error
    version = manifest.get("schema_version") if isinstance(manifest, dict) else None
    if not isinstance(version, str) or version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        raise BundleError(
            f"{folder} was written with bundle schema {version!r}, "
            f"this release reads {SCHEMA_VERSION.partition('.')[0]!r}; run the study again"
        )
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(isinstance(one, str) for one in files.values()):
        raise BundleError(f"{path} names no files with their digests; it was changed, run the study again")
    return manifest, hashlib.sha256(content).hexdigest()


def add_file(folder: Path, path: Path) -> None:
    """Note a page that was made of a bundle after its run, with its digest, beside what the manifest holds."""
    added = {**files_added(folder), path.relative_to(folder).as_posix(): digest_of(path)}
    (folder / ADDED).write_text(json.dumps(added, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    close(folder)


def files_added(folder: Path) -> dict[str, str]:
    """Give the pages made of a bundle after its run, with their digests; none when nothing readable says so."""
    try:
        added = json.loads((folder / ADDED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    known = added.items() if isinstance(added, dict) else ()
    return {name: one for name, one in known if _ADDED.fullmatch(name) and isinstance(one, str)}


def foreign_files(folder: Path) -> list[str]:
    """Name what in a folder no run wrote: everything that its own manifest does not name, and every link.

    A folder without a manifest of a bundle is foreign as a whole. What was written by a run and edited since is not.
    """
    try:
        manifest, _ = read_manifest(folder)
    except BundleError:
        return _names(folder)
    return unnamed_files(folder, manifest["files"], files_added(folder))


def unnamed_files(folder: Path, files: Iterable[str], added: Iterable[str]) -> list[str]:
    """Name what is neither among the files of a run nor among the pages `added` since, and every link."""
    pages = set(added)
    own = {name for name in files if _WRITTEN.fullmatch(name)} | pages | {MANIFEST, DIGEST}
    own |= {ADDED} if pages else set()
    folders = {parent.as_posix() for name in own for parent in Path(name).parents} | {f"{PATIENT_LEVEL}/profiles"}
    return [
        name for name in _names(folder)
        if (folder / name).is_symlink() or name not in (folders if (folder / name).is_dir() else own)
    ]  # fmt: skip


def _names(folder: Path) -> list[str]:
    """Name every file of a folder at any depth, every link, and every folder that holds nothing."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            inner = _names(path)
            found += [f"{path.name}/{one}" for one in inner] or [path.name]
        else:
            found.append(path.name)
    return found


def _lines(value: object) -> str:
    if isinstance(value, dict) and value:
        return "{\n" + ",\n".join(f" {_text(name)}: {_text(one)}" for name, one in sorted(value.items())) + "\n}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f" {_text(one)}" for one in value) + "\n]"
    return _text(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(", ", ": "))
