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
    """Copy an example study's protocol, mapping, data and description to a folder, replacing an earlier copy.

    Raises `UsageError` when the folder holds something else.
    """
    source = example_folder(name)
    if target.exists() and any(target.iterdir()) and not (target / "protocol.py").is_file():
        raise UsageError(f"{target} holds files that are no study; give another folder, nothing was changed")
    target.mkdir(parents=True, exist_ok=True)
    for file in ("protocol.py", "mapping.toml", "README.md"):
        if (source / file).is_file():
            shutil.copyfile(source / file, target / file)
    shutil.copytree(source / "data", target / "data", dirs_exist_ok=True)
    return target
