"""The lock: every definition's version and fingerprint, so that no rule changes under an unchanged version."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from myosotis.errors import DataError
from myosotis.measures.catalogue import fingerprints

__all__ = ["broken", "lock_text", "main", "read_lock"]

_HEADER = "# key version fingerprint; written by `python -m myosotis.measures.lock definitions.lock`"
Locked = Mapping[str, tuple[str, str]]


def lock_text() -> str:
    """Write the lock of the catalogue as it is now: one line a definition, in key order."""
    lines = [f"{key} {version} {digest}" for key, (version, digest) in fingerprints().items()]
    return "\n".join([_HEADER, *lines, ""])


def read_lock(text: str) -> Locked:
    """Read a lock; raises `DataError` for a line that is not a key, a version and a fingerprint."""
    found: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#") or not line.strip():
            continue
        parts = line.split()
        if len(parts) != 3:
            raise DataError(f"the lock, line {number}: found {line!r}, expected key, version and fingerprint")
        found[parts[0]] = (parts[1], parts[2])
    return found


def broken(locked: Locked, now: Locked) -> list[str]:
    """Say what in the catalogue disagrees with the lock, one sentence each; empty when all agree."""
    problems = []
    for key in sorted({*locked, *now}):
        if key not in now:
            problems.append(f"{key} is in the lock and no longer in the catalogue; a released definition is kept")
        elif key not in locked:
            problems.append(f"{key} is not in the lock; add it")
        elif locked[key] != now[key]:
            (old_version, _), (version, _) = locked[key], now[key]
            word = "give it a new version" if version == old_version else "the lock is older; write it anew"
            problems.append(f"{key} changed (version {old_version} in the lock, {version} now); {word}")
    return problems


def main(arguments: list[str]) -> int:
    """Write the lock to a file, unless a rule changed under an unchanged version; 0 when it was written."""
    if len(arguments) != 1:
        sys.stderr.write("give the file to write, such as definitions.lock\n")
        return 2
    path, now = Path(arguments[0]), fingerprints()
    locked = read_lock(path.read_text(encoding="utf-8")) if path.exists() else {}
    stuck = [key for key, entry in locked.items() if key in now and now[key] != entry and now[key][0] == entry[0]]
    if stuck:
        sys.stderr.write(f"changed under an unchanged version, so not written: {', '.join(sorted(stuck))}\n")
        return 1
    path.write_text(lock_text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
