"""Print drawings as PDF and PNG in a process of its own, while this one lays out the page."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from myosotis.core.beside import Beside, start_beside

__all__ = ["start_printing"]


def start_printing(drawings: Mapping[str, str], folder: Path) -> Beside:
    """Start writing `NAME.pdf` and `NAME.png` (300 dpi) of every SVG drawing into an existing folder.

    The files are there when the `answer` of what comes back has been waited for.
    """
    content = json.dumps(dict(drawings)).encode()
    return start_beside("myosotis.report.printing", content, str(folder), what="printing the figures")


def _print(drawings: Mapping[str, str], folder: Path) -> None:
    from myosotis.report.figures import to_pdf, to_png

    for name, svg in drawings.items():
        (folder / f"{name}.pdf").write_bytes(to_pdf(svg))
        (folder / f"{name}.png").write_bytes(to_png(svg))


if __name__ == "__main__":
    _print(json.load(sys.stdin), Path(sys.argv[1]))
