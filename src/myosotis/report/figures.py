"""Make each figure of a bundle from one specification: SVG for the page, PDF and PNG for print, HTML to explore."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myosotis.errors import ProtocolError
from myosotis.report.bars import stacked_bars
from myosotis.report.lookup import Lookup
from myosotis.report.steps import steps
from myosotis.report.swimmer import swimmer
from myosotis.report.trajectories import course, trajectories

__all__ = [
    "KINDS",
    "PATIENT_LEVEL",
    "figure_spec",
    "of_all_patients",
    "to_html",
    "to_pdf",
    "to_png",
    "to_svg",
    "write_specification",
]

VEGA_LITE = "6.1"
DOTS_PER_INCH = 300
# A figure is laid out in CSS pixels, 96 to the inch; the converter counts 72 to the inch.
SCALE = 72 / 96

KINDS: dict[str, Callable[[Mapping[str, Any], Lookup], dict[str, Any]]] = {
    "trajectories": trajectories,
    "stacked_bars": stacked_bars,
    "swimmer": swimmer,
    "steps": steps,
    "course": course,
}

# Figures that show single patients.
PATIENT_LEVEL = ("trajectories", "swimmer", "steps")


def of_all_patients(figure: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make a figure of lines of patients one of their median and quartiles; any other stays as it is.

    A line is a patient's row, even without a name: with few patients whoever knows one value reads off the others.
    """
    if figure.get("kind") != "trajectories":
        return figure
    return {**figure, "kind": "course", "caption": figure.get("caption_of_all") or "Medians and quartiles."}


def figure_spec(figure: Mapping[str, Any], index: Lookup) -> dict[str, Any]:
    """Build the Vega-Lite specification of a figure of the manifest.

    Raises `ProtocolError` for an unknown kind and for what its kind refuses.
    """
    kind = figure.get("kind")
    if kind not in KINDS:
        raise ProtocolError(f"the figure {figure.get('key')!r} is of kind {kind!r}; use one of {', '.join(KINDS)}")
    return KINDS[kind](figure, index)


def to_svg(spec: Mapping[str, Any]) -> str:
    """Draw a specification as SVG; equal specifications give equal text."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(dict(spec), vl_version=VEGA_LITE)
    return svg


def to_pdf(svg: str) -> bytes:
    """Print an SVG as PDF with its fonts inside; equal SVG gives equal bytes, as no clock is written.

    The names of shared resources come in no fixed order from the converter and are put in order here.
    """
    import vl_convert

    pdf: bytes = vl_convert.svg_to_pdf(svg)
    return re.sub(
        rb"(<<\n)((?:[ ]+/[a-z]+\d+ \d+ 0 R\n)+)", lambda m: m[1] + b"".join(sorted(m[2].splitlines(True))), pdf
    )


def to_png(svg: str) -> bytes:
    """Print an SVG as PNG at 300 dots per inch, the density noted in the file."""
    import vl_convert

    png: bytes = vl_convert.svg_to_png(svg, scale=SCALE, ppi=DOTS_PER_INCH)
    return png


def to_html(spec: Mapping[str, Any]) -> str:
    """Make a specification a page of its own with the drawing scripts inside, to be explored offline."""
    import vl_convert

    html: str = vl_convert.vegalite_to_html(dict(spec), bundle=True, vl_version=VEGA_LITE)
    return html


def write_specification(spec: Mapping[str, Any], path: Path) -> None:
    """Write a specification as JSON with its keys in order."""
    path.write_text(json.dumps(spec, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
