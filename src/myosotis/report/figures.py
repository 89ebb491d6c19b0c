"""Make each figure of a bundle from one specification: SVG for the page, PDF and PNG for print, HTML to explore."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from myosotis.presentation.layout import Figure, StackedBars, Steps, Swimmer, Trajectories
from myosotis.report.bars import stacked_bars
from myosotis.report.lookup import Lookup
from myosotis.report.steps import steps
from myosotis.report.swimmer import swimmer
from myosotis.report.trajectories import course, trajectories

__all__ = [
    "caption_of",
    "figure_spec",
    "is_of_patients",
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


def figure_spec(figure: Figure, index: Lookup) -> dict[str, Any]:
    """Build the Vega-Lite specification of a figure; without persons lines of patients become their median and quartiles.

    A line is a patient's row, even without a name: with few patients whoever knows one value reads off the others.

    Raises `ProtocolError` for what its kind refuses.
    """
    if isinstance(figure, Trajectories):
        return trajectories(figure, index) if index.persons else course(figure, index)
    if isinstance(figure, StackedBars):
        return stacked_bars(figure, index)
    patients = index.members.get(figure.population, ())
    return swimmer(figure, patients, index) if isinstance(figure, Swimmer) else steps(figure, patients, index)


def is_of_patients(figure: Figure) -> bool:
    """Say whether a figure draws single patients and nothing else, so that not everyone may see it."""
    return isinstance(figure, Swimmer | Steps)


def caption_of(figure: Figure, index: Lookup) -> str:
    """Give the caption of a figure as it is drawn, see `figure_spec`."""
    if isinstance(figure, Trajectories) and not index.persons:
        return figure.caption_of_all or "Medians and quartiles."
    return figure.caption


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
