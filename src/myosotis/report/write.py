"""Write a bundle's two reports into a folder: the pages, the figures and the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from myosotis.report.anchors import anchors
from myosotis.report.document import Document, lay_out
from myosotis.report.figures import to_html, to_svg, write_specification
from myosotis.report.flow import flow_alone, flow_svg
from myosotis.report.html import render_html
from myosotis.report.lookup import Lookup, lookup
from myosotis.report.printing import start_printing
from myosotis.report.tables import table_csv
from myosotis.results import Bundle
from myosotis.results.bundle import everyones
from myosotis.results.files import close, patient_folder

FLOW = "flow"

__all__ = ["write_interactive", "write_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Hold one of the two reports; `drawings` are all SVGs of its page, `figures` those that are files of its own."""

    document: Document
    index: Lookup
    drawings: Mapping[str, str]
    figures: Mapping[str, str]


def write_report(bundle: Bundle, folder: Path) -> Path:
    """Write the report for everyone, and in `patient_level/` the one that shows single patients; give the first one's path.

    At the root: `report.html`, `figures/` (SVG, PDF, PNG, Vega-Lite JSON) and `tables/` (CSV), all without rows of patients.
    In `patient_level/`, which only its owner may enter and which a bundle without that part is not given: `report.html` with
    the rows behind every number and the patient listings, and the figures that draw single patients.

    Equal bundles give equal bytes. The folder is made when it is absent; files of the same names are replaced.
    Interactive figures take longer and are made on request by `write_interactive`.

    Raises `BundleError` and `ProtocolError` as `lay_out` does; nothing is written then.
    """
    shown = _part(bundle)
    every = _part(bundle, beside=shown) if bundle.patient_level else None
    folder.mkdir(parents=True, exist_ok=True)
    places = [(shown, folder), *([(every, patient_folder(folder))] if every else [])]
    named = {place / "figures" / name: svg for part, place in places for name, svg in part.figures.items()}
    for path in named:
        path.parent.mkdir(parents=True, exist_ok=True)
    printing = start_printing(named)
    try:
        for part, place in places:
            page = render_html(part.document, part.index, part.drawings)
            (place / "report.html").write_text(page, encoding="utf-8")
            _write_specifications(part, place / "figures")
        for path, svg in named.items():
            path.with_name(f"{path.name}.svg").write_text(svg, encoding="utf-8")
        _write_tables(shown.document, folder / "tables")
        printing.answer()
    finally:
        printing.stop()
    close(folder)
    return folder / "report.html"


def _part(bundle: Bundle, beside: _Part | None = None) -> _Part:
    """Lay out and draw a report: the one for everyone, or beside it the one that shows single patients.

    What the second draws as the first does is neither drawn nor written again.
    """
    index = lookup(everyones(bundle) if beside is None else bundle)
    document = lay_out(index)
    known = {} if beside is None else {one.key: (one.spec, beside.drawings[one.key]) for one in beside.document.figures}
    drawings, figures = {}, {}
    names = file_names(document)
    for figure in document.figures:
        spec, svg = known.get(figure.key, (None, ""))
        if spec == figure.spec:
            drawings[figure.key] = svg
        else:
            drawings[figure.key] = figures[names[figure.anchor]] = to_svg(figure.spec)
    if beside is None and document.flow:
        figures[FLOW] = flow_alone(flow_svg(document.flow))
    return _Part(document=document, index=index, drawings=drawings, figures=figures)


def _write_specifications(part: _Part, folder: Path) -> None:
    names = file_names(part.document)
    for figure in part.document.figures:
        if names[figure.anchor] in part.figures:
            write_specification(figure.spec, folder / f"{names[figure.anchor]}.vl.json")


def _write_tables(document: Document, folder: Path) -> None:
    if document.tables:  # an empty folder would belong to no bundle
        folder.mkdir(parents=True, exist_ok=True)
    names = file_names(document)
    for table in document.tables:
        # The mark at the start tells spreadsheets that the text is UTF-8; without it they garble the minus sign.
        (folder / f"{names[table.anchor]}.csv").write_text(table_csv(table), encoding="utf-8-sig")


def write_interactive(bundle: Bundle, folder: Path) -> list[Path]:
    """Write each figure as `figures/KEY.html`, to be explored offline with its drawing scripts inside; give the paths.

    Figures that draw single patients go to `patient_level/figures/`. About a second in all and a megabyte a figure, which
    is why `write_report` leaves it out.
    """
    shown = lay_out(lookup(everyones(bundle)))
    every = lay_out(lookup(bundle)) if bundle.patient_level else shown
    common = {figure.key: figure.spec for figure in shown.figures}
    own = [figure for figure in every.figures if common.get(figure.key) != figure.spec]
    paths = []
    for document, figures, patients in ((shown, shown.figures, False), (every, own, True)):
        names = file_names(document)
        place = (patient_folder(folder) if patients else folder) / "figures" if figures else folder
        place.mkdir(parents=True, exist_ok=True)
        for figure in figures:
            path = place / f"{names[figure.anchor]}.html"
            path.write_text(to_html(figure.spec), encoding="utf-8")
            paths.append(path)
    close(folder)
    return paths


def file_names(document: Document) -> dict[str, str]:
    """Name the file of each table and figure by its key, free of what a file system refuses; by anchor."""
    named = {}
    for items in (document.tables, document.figures):
        # The flow diagram has taken its name before any key; the sign behind it keeps it apart from a key "flow".
        by_key = anchors([f"{FLOW}!", *(item.key for item in items)], "")
        named.update({item.anchor: by_key[item.key].removeprefix("-") for item in items})
    return named
