"""Write a bundle's report into a folder: the page, the figures and the tables."""

from __future__ import annotations

from pathlib import Path

from myosotis.report.document import Document, lay_out
from myosotis.report.figures import to_html, to_svg, write_specification
from myosotis.report.flow import flow_alone, flow_svg
from myosotis.report.html import render_html
from myosotis.report.lookup import lookup
from myosotis.report.placed import anchors
from myosotis.report.printing import start_printing
from myosotis.report.tables import table_csv
from myosotis.results import Bundle

FLOW = "flow"

__all__ = ["write_interactive", "write_report"]


def write_report(bundle: Bundle, folder: Path) -> Path:
    """Write `report.html`, `figures/` (SVG, PDF, PNG, Vega-Lite JSON) and `tables/` (CSV), and give the page's path.

    Equal bundles give equal bytes. The folder is made when it is absent; files of the same names are replaced.
    Interactive figures take longer and are made on request by `write_interactive`.

    Raises `BundleError` and `ProtocolError` as `lay_out` does; nothing is written then.
    """
    index = lookup(bundle)
    document = lay_out(index)
    names = file_names(document)
    drawings = {figure.key: to_svg(figure.spec) for figure in document.figures}
    figures, tables = folder / "figures", folder / "tables"
    for place in (figures, tables):
        place.mkdir(parents=True, exist_ok=True)
    named = {names[figure.anchor]: drawings[figure.key] for figure in document.figures}
    if document.flow:
        named[FLOW] = flow_alone(flow_svg(document.flow))
    printing = start_printing(named, figures)
    try:
        page = render_html(document, index, drawings)
        for name, svg in named.items():
            (figures / f"{name}.svg").write_text(svg, encoding="utf-8")
        for figure in document.figures:
            write_specification(figure.spec, figures / f"{names[figure.anchor]}.vl.json")
        for table in document.tables:
            # The mark at the start tells spreadsheets that the text is UTF-8; without it they garble the minus sign.
            (tables / f"{names[table.anchor]}.csv").write_text(table_csv(table), encoding="utf-8-sig")
        report = folder / "report.html"
        report.write_text(page, encoding="utf-8")
        printing.answer()
    finally:
        printing.stop()
    return report


def write_interactive(bundle: Bundle, folder: Path) -> list[Path]:
    """Write each figure as `figures/KEY.html`, to be explored offline with its drawing scripts inside; give the paths.

    About a second in all and a megabyte a figure, which is why `write_report` leaves it out.
    """
    document = lay_out(lookup(bundle))
    names = file_names(document)
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    paths = []
    for figure in document.figures:
        path = folder / "figures" / f"{names[figure.anchor]}.html"
        path.write_text(to_html(figure.spec), encoding="utf-8")
        paths.append(path)
    return paths


def file_names(document: Document) -> dict[str, str]:
    """Name the file of each table and figure by its key, free of what a file system refuses; by anchor."""
    named = {}
    for items in (document.tables, document.figures):
        # The flow diagram has taken its name before any key; the sign behind it keeps it apart from a key "flow".
        by_key = anchors([f"{FLOW}!", *(item.key for item in items)], "")
        named.update({item.anchor: by_key[item.key].removeprefix("-") for item in items})
    return named
