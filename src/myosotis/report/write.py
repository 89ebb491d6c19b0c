"""Write a bundle's two reports into a folder: the pages, the figures and the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from myosotis.presentation.document import decimals_printed
from myosotis.presentation.present import present
from myosotis.report.anchors import anchors
from myosotis.report.figures import to_html, to_svg, write_specification
from myosotis.report.flow import flow_alone, flow_svg
from myosotis.report.html import render_html
from myosotis.report.lookup import Lookup, lookup
from myosotis.report.page import Page, lay_out
from myosotis.report.printing import start_printing
from myosotis.report.tables import table_csv
from myosotis.results import Bundle
from myosotis.results.bundle import everyones
from myosotis.results.files import close, patient_folder

FLOW = "flow"

__all__ = ["write_documents", "write_interactive", "indexes_of", "write_interactive_documents", "write_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Hold one of the two reports; `drawings` are all SVGs of its page, `figures` those that are files of its own."""

    page: Page
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

    Raises `BundleError` and `ProtocolError` as `present` and `lay_out` do; nothing is written then.
    """
    return write_documents(*indexes_of(bundle), folder)


def indexes_of(bundle: Bundle) -> tuple[Lookup, Lookup | None]:
    """Present a bundle to everyone, and to those who may see single patients if it has that part."""
    every = present(bundle)
    shown = everyones(bundle, decimals_printed(every))
    return lookup(shown, present(shown)), lookup(bundle, every) if bundle.patient_level else None


def write_documents(shown: Lookup, every: Lookup | None, folder: Path) -> Path:
    """Write the report for everyone, and the one that shows single patients if it is given, as `write_report` does."""
    parts = [_part(shown)]
    parts += [_part(every, beside=parts[0])] if every else []
    folder.mkdir(parents=True, exist_ok=True)
    places = list(zip(parts, (folder, *([patient_folder(folder)] if every else [])), strict=True))
    named = {place / "figures" / name: svg for part, place in places for name, svg in part.figures.items()}
    for path in named:
        path.parent.mkdir(parents=True, exist_ok=True)
    printing = start_printing(named)
    try:
        for part, place in places:
            text = render_html(part.page, part.index, part.drawings)
            (place / "report.html").write_text(text, encoding="utf-8")
            _write_specifications(part, place / "figures")
        for path, svg in named.items():
            path.with_name(f"{path.name}.svg").write_text(svg, encoding="utf-8")
        _write_tables(parts[0].page, folder / "tables")
        printing.answer()
    finally:
        printing.stop()
    close(folder)
    return folder / "report.html"


def _part(index: Lookup, beside: _Part | None = None) -> _Part:
    """Lay out and draw a report: the one for everyone, or beside it the one that shows single patients.

    What the second draws as the first does is neither drawn nor written again.
    """
    page = lay_out(index)
    known = {} if beside is None else {one.key: (one.spec, beside.drawings[one.key]) for one in beside.page.figures}
    drawings, figures = {}, {}
    names = file_names(page)
    for figure in page.figures:
        spec, svg = known.get(figure.key, (None, ""))
        if spec == figure.spec:
            drawings[figure.key] = svg
        else:
            drawings[figure.key] = figures[names[figure.anchor]] = to_svg(figure.spec)
    if beside is None and page.flow:
        figures[FLOW] = flow_alone(flow_svg(page.flow))
    return _Part(page=page, index=index, drawings=drawings, figures=figures)


def _write_specifications(part: _Part, folder: Path) -> None:
    names = file_names(part.page)
    for figure in part.page.figures:
        if names[figure.anchor] in part.figures:
            write_specification(figure.spec, folder / f"{names[figure.anchor]}.vl.json")


def _write_tables(page: Page, folder: Path) -> None:
    if page.tables:  # an empty folder would belong to no bundle
        folder.mkdir(parents=True, exist_ok=True)
    names = file_names(page)
    for table in page.tables:
        # The mark at the start tells spreadsheets that the text is UTF-8; without it they garble the minus sign.
        (folder / f"{names[table.anchor]}.csv").write_text(table_csv(table), encoding="utf-8-sig")


def write_interactive(bundle: Bundle, folder: Path) -> list[Path]:
    """Write each figure as `figures/KEY.html`, to be explored offline with its drawing scripts inside; give the paths.

    Figures that draw single patients go to `patient_level/figures/`. About a second in all and a megabyte a figure, which
    is why `write_report` leaves it out.
    """
    return write_interactive_documents(*indexes_of(bundle), folder)


def write_interactive_documents(for_everyone: Lookup, for_few: Lookup | None, folder: Path) -> list[Path]:
    """Write the interactive figures of both reports, as `write_interactive` does."""
    shown = lay_out(for_everyone)
    every = lay_out(for_few) if for_few else shown
    common = {figure.key: figure.spec for figure in shown.figures}
    own = [figure for figure in every.figures if common.get(figure.key) != figure.spec]
    paths = []
    for page, figures, patients in ((shown, shown.figures, False), (every, own, True)):
        names = file_names(page)
        place = (patient_folder(folder) if patients else folder) / "figures" if figures else folder
        place.mkdir(parents=True, exist_ok=True)
        for figure in figures:
            path = place / f"{names[figure.anchor]}.html"
            path.write_text(to_html(figure.spec), encoding="utf-8")
            paths.append(path)
    close(folder)
    return paths


def file_names(page: Page) -> dict[str, str]:
    """Name the file of each table and figure by its key, free of what a file system refuses; by anchor."""
    named = {}
    for items in (page.tables, page.figures):
        # The flow diagram has taken its name before any key; the sign behind it keeps it apart from a key "flow".
        by_key = anchors([f"{FLOW}!", *(item.key for item in items)], "")
        named.update({item.anchor: by_key[item.key].removeprefix("-") for item in items})
    return named
