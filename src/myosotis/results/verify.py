"""Verify a bundle: whether every file is as the run wrote it, and whether it is the bundle whose digest was printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from myosotis.errors import UsageError
from myosotis.results.files import (
    ADDED,
    DIGEST,
    MANIFEST,
    PATIENT_LEVEL,
    digest_of,
    digest_told,
    files_added,
    read_manifest,
    unnamed_files,
)

__all__ = ["Verified", "verify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Hold what a verification found: the digest that covers the bundle, files as they were, and what is otherwise.

    `changed` and `missing` name files of the run; `foreign` what no run wrote. `patient_level` says whether the part about
    single patients is there; where it is not, its files are not missing.
    """

    digest: str
    files: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    foreign: tuple[str, ...]
    patient_level: bool

    @property
    def whole(self) -> bool:
        """Say whether every file is as it was written and nothing else is there."""
        return not (self.changed or self.missing or self.foreign)


def verify(folder: Path, digest: str = "") -> Verified:
    """Compare every file of a bundle with its manifest, and the manifest with the digest that the run printed.

    Without `digest` the bundle is held to its own manifest alone: whoever changes a file can correct that too. With it
    a bundle whose manifest was changed in any way has `manifest.json` among `changed`.

    Raises `BundleError` for a folder without a manifest, `UsageError` for a digest that is not 64 hexadecimal digits.
    """
    wanted = digest.strip().casefold()
    if wanted and not re.fullmatch("[0-9a-f]{64}", wanted):
        raise UsageError(
            f"a digest has 64 hexadecimal digits, the one given has {len(wanted)} characters; "
            "give the one that `myosotis run` printed"
        )
    manifest, found = read_manifest(folder)
    added = files_added(folder)
    held = (folder / PATIENT_LEVEL).is_dir()
    files = {
        name: one for name, one in {**added, **manifest["files"]}.items()
        if held or not name.startswith(f"{PATIENT_LEVEL}/")
    }  # fmt: skip
    missing = [name for name in files if not (folder / name).is_file()]
    changed = [name for name, one in files.items() if name not in missing and digest_of(folder / name) != one]
    told = digest_told(folder)
    if not told:
        missing.append(DIGEST)
    if (wanted and found != wanted) or (told and told != found):
        changed.append(MANIFEST)
    foreign = [name for name in unnamed_files(folder, manifest["files"], added) if name not in {*files, ADDED}]
    return Verified(
        digest=found,
        files=len(set(files) - {*missing, *changed}),
        changed=tuple(sorted(changed)),
        missing=tuple(sorted(missing)),
        foreign=tuple(foreign),
        patient_level=held,
    )
