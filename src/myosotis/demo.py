"""The example studies that come with the package."""

from __future__ import annotations

import shutil
from pathlib import Path

from myosotis.errors import UnknownNameError, UsageError

__all__ = ["copy_example", "example_folder"]


def example_folder(name: str) -> Path:
    """Find an example study: beside the package where it was installed, or in the source tree.

    Raises `UnknownNameError` naming the examples there are.
    """
    package = Path(__file__).parent
    roots = [package / "examples", package.parent.parent / "examples"]
    for root in roots:
        if (root / name / "protocol.py").is_file():
            return root / name
    known = sorted({path.parent.name for root in roots for path in root.glob("*/protocol.py")})
    raise UnknownNameError(f"there is no example study {name!r}; there are {', '.join(known) or 'none'}")


def copy_example(name: str, target: Path) -> Path:
    """Copy an example study's protocol, mapping, data and description to a folder; an unchanged copy stays as it is.

    Raises `UsageError` when the folder holds something else, or a copy that was changed since.
    """
    source = example_folder(name)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; give a folder for the study")
    inside = [path for path in target.rglob("*") if not path.is_dir()] if target.is_dir() else []
    own = [path.relative_to(target).as_posix() for path in inside if not _same(path, source / path.relative_to(target))]
    if own:
        raise UsageError(
            f"{target} holds files that are not those of the example, or were changed: {', '.join(sorted(own)[:5])}; "
            "give another folder, nothing was changed"
        )
    target.mkdir(parents=True, exist_ok=True)
    for file in ("protocol.py", "protocol.toml", "mapping.toml", "README.md"):
        if (source / file).is_file():
            shutil.copyfile(source / file, target / file)
    shutil.copytree(source / "data", target / "data", dirs_exist_ok=True)
    return target


def _same(path: Path, original: Path) -> bool:
    return original.is_file() and path.read_bytes() == original.read_bytes()
