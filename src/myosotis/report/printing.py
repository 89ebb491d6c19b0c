"""Print drawings as PDF and PNG in a process of its own, while this one lays out the page."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from myosotis.core.subprocess_worker import STORAGE_REFUSED, Worker, start_worker

__all__ = ["start_printing"]


def start_printing(drawings: Mapping[Path, str]) -> Worker:
    """Start writing a PDF and a PNG (300 dpi) of every SVG drawing, named as its path with the ending added.

    The files are there when the `answer` of what comes back has been waited for.
    """
    content = json.dumps({str(path): svg for path, svg in drawings.items()}).encode()
    return start_worker("myosotis.report.printing", content, what="printing the figures")


def _print(drawings: Mapping[str, str]) -> None:
    from myosotis.report.figures import to_pdf, to_png

    for name, svg in drawings.items():
        for ending, printed in ((".pdf", to_pdf(svg)), (".png", to_png(svg))):
            try:
                Path(name + ending).write_bytes(printed)
            except OSError as error:
                sys.stderr.write(f"{error}\n{error.errno or 0}\n")
                sys.exit(STORAGE_REFUSED)


if __name__ == "__main__":
    _print(json.load(sys.stdin))
