"""Write a report as one HTML page that needs no network, no script and no other file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from myosotis.report.anchors import linked
from myosotis.report.flow import flow_svg
from myosotis.report.format import integer
from myosotis.report.listing_cell import listing_cell
from myosotis.report.lookup import Lookup
from myosotis.report.page import Page
from myosotis.report.source_rows import rows_table

__all__ = ["page_environment", "render_html"]

TEMPLATES = Path(__file__).parent / "templates"


def render_html(page: Page, index: Lookup, drawings: Mapping[str, str]) -> str:
    """Write a laid-out report as HTML; `drawings` maps the key of each figure to its SVG.

    Equal input gives equal text. The only links that leave the page are those of citations (doi.org).
    """
    template = page_environment().get_template("html.j2")
    return template.render(
        page=page,
        document=page.document,
        study=page.document.study,
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        flow=flow_svg(page.flow) if page.flow else "",
        drawings={figure.key: _inline(figure.anchor, drawings[figure.key]) for figure in page.figures},
        sources=[(item, rows_table(index.listings[item.listing_id])) for item in page.sources],
    )


@cache
def page_environment() -> Environment:
    """Give the environment that all pages are written in."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(linked=linked, integer=integer, doi=_doi, cited=_cited, listing_cell=listing_cell)
    return environment


def _doi(doi: str) -> str:
    return "https://doi.org/" + quote(doi.removeprefix("https://doi.org/"), safe="/()._-;:")


def _cited(definition: Mapping[str, Any]) -> str:
    """Give a citation without the DOI at its end, which stands beside it as a link."""
    return re.sub(r",?\s*(?:https://doi\.org/|doi:)\S+$", "", definition["citation"] or "")


def _inline(prefix: str, svg: str) -> Markup:
    """Fit an SVG into the page: no XML head, ids of its own, read by its caption and not mark by mark."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r'\bid="([^"]+)"', lambda m: f'id="{prefix}:{m[1]}"', body)
    body = re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{prefix}:{m[1]})", body)
    body = re.sub(r' (?:role|aria-roledescription|aria-hidden|aria-label|xmlns:xlink)="[^"]*"', "", body)
    return Markup(body.replace("<svg ", '<svg aria-hidden="true" ', 1))
