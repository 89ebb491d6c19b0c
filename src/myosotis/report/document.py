"""Lay out a whole report: every part of a bundle printed and placed, ready to be written in any medium."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.errors import BundleError
from myosotis.report.anchors import Placed, anchors, place_cell, place_text, places
from myosotis.report.figures import PATIENT_LEVEL, figure_spec, of_all_patients
from myosotis.report.flow import FlowStep
from myosotis.report.lookup import Lookup, Row
from myosotis.report.tables import TableLayout, lay_out_table
from myosotis.report.trace import SourceRows, TraceEntry, source_rows, trace_entry

__all__ = ["Document", "FigureLayout", "lay_out", "printed_decimals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLayout:
    """Hold a figure: its specification and the numbers it draws, as rows of (label, cells) under `columns`."""

    key: str
    anchor: str
    name: str
    title: Placed
    caption: Placed
    spec: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Placed | None, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Hold the parts of a report in the order in which they are read.

    `persons` says that rows of single patients are shown; `kept_apart` names the figures that are not, since they draw
    single patients.
    """

    manifest: Mapping[str, Any]
    findings: tuple[tuple[str, tuple[Placed, ...]], ...]
    populations: tuple[tuple[str, str, Placed], ...]
    flow: tuple[FlowStep, ...]
    tables: tuple[TableLayout, ...]
    figures: tuple[FigureLayout, ...]
    limits: tuple[Placed, ...]
    definitions: tuple[tuple[str, Row], ...]
    ledger: tuple[Row, ...]
    checks: tuple[Row, ...]
    traces: tuple[TraceEntry, ...]
    sources: tuple[SourceRows, ...]
    results_held: int
    withheld: bool
    persons: bool
    kept_apart: tuple[str, ...]


def lay_out(index: Lookup) -> Document:
    """Print and place every part of a bundle, and trace each result that is printed anywhere.

    Without persons a course over the visits is drawn by its median and quartiles, no figure draws single patients, no
    listing and no source row is shown, and an age or a duration is traced to one decimal. Of a bundle that holds a
    suppressed number nothing patient by patient is shown: no listing, no source row and no figure of single patients.

    Raises `BundleError` when the manifest lacks the study, and `ProtocolError` for a sentence, cell, table or figure
    that asks for what the bundle does not hold.
    """
    manifest = index.manifest
    if not manifest.get("study"):
        raise BundleError("the manifest names no study; run the study again with this release")
    findings = tuple(_section(i, section, index) for i, section in enumerate(manifest.get("findings", ())))
    populations = tuple(
        (p["label"], p.get("sentence") or "", _count(p["result"], index, f"population-{i + 1}", "Populations"))
        for i, p in enumerate(manifest.get("populations", ()))
    )
    flow = tuple(
        FlowStep(
            kind=s["kind"], label=s["label"], count=_count(s["result"], index, f"flow-{i + 1}", "Flow of patients")
        )
        for i, s in enumerate((manifest.get("flow") or {}).get("steps", ()))
    )
    tables = _tables(manifest.get("tables", ()), index)
    declared = [f if index.persons else of_all_patients(f) for f in manifest.get("figures", ())]
    drawn = [f for f in declared if index.persons or f.get("kind") not in PATIENT_LEVEL]
    if index.withheld:
        drawn = [f for f in drawn if f.get("kind") != "course"]
    figures = _figures(drawn, index)
    limits = tuple(
        place_text(limit, index, f"limit-{i + 1}", "Limits") for i, limit in enumerate(manifest.get("limits", ()))
    )
    printed = [
        *(sentence for _, sentences in findings for sentence in sentences),
        *(step.count for step in flow),
        *(count for *_, count in populations),
        *(item for table in tables for item in table.printed()),
        *(item for figure in figures for item in _drawn(figure)),
        *limits,
    ]
    traces, sources = _traces(printed, index)
    return Document(
        manifest=manifest,
        findings=findings,
        populations=populations,
        flow=flow,
        tables=tables,
        figures=figures,
        limits=limits,
        definitions=tuple((name, index.definitions[key]) for key, name in _definition_anchors(index).items()),
        ledger=tuple(index.cells),
        checks=tuple(index.checks),
        traces=traces,
        sources=sources,
        results_held=len(index.results),
        withheld=index.withheld,
        persons=index.persons,
        kept_apart=tuple(f"Figure {f['number']}" for f in declared if f not in drawn),
    )


def _section(i: int, section: Mapping[str, Any], index: Lookup) -> tuple[str, tuple[Placed, ...]]:
    sentences = tuple(
        place_text(
            {"template": sentence} if isinstance(sentence, str) else sentence,
            index,
            f"finding-{i + 1}-{j + 1}",
            f"Findings, {section['heading']}",
        )
        for j, sentence in enumerate(section["sentences"])
    )
    return section["heading"], sentences


def _count(key: str, index: Lookup, anchor: str, place: str) -> Placed:
    return place_cell({"format": "integer", "results": [key]}, index, anchor, place)


def _tables(tables: Sequence[Mapping[str, Any]], index: Lookup) -> tuple[TableLayout, ...]:
    names = anchors([table["key"] for table in tables], "table")
    return tuple(lay_out_table(table, index, names[table["key"]]) for table in tables)


def _figures(figures: Sequence[Mapping[str, Any]], index: Lookup) -> tuple[FigureLayout, ...]:
    names = anchors([figure["key"] for figure in figures], "figure")
    laid = []
    for figure in figures:
        anchor, name = names[figure["key"]], f"Figure {figure['number']}"
        columns, cells = _figure_cells({"decimals": printed_decimals(figure, index), **figure})
        laid.append(
            FigureLayout(
                key=figure["key"],
                anchor=anchor,
                name=name,
                title=place_text(figure["title"], index, f"{anchor}:title", name),
                caption=place_text(figure.get("caption") or "", index, f"{anchor}:caption", name),
                spec=figure_spec({**figure, "title": _plain_title(figure, index)}, index),
                columns=tuple(columns),
                rows=tuple(
                    (
                        label,
                        tuple(_placed_or_none(c, index, f"{anchor}:n{i + 1}.{j + 1}", name) for j, c in enumerate(row)),
                    )
                    for i, (label, row) in enumerate(cells)
                ),
            )
        )
    return tuple(laid)


def _plain_title(figure: Mapping[str, Any], index: Lookup) -> str:
    return place_text(figure["title"], index, "title", "").rendered.text


def _placed_or_none(cell: Mapping[str, Any] | None, index: Lookup, anchor: str, place: str) -> Placed | None:
    return None if cell is None else place_cell(cell, index, anchor, place)


def _figure_cells(figure: Mapping[str, Any]) -> tuple[list[str], list[tuple[str, list[dict[str, Any] | None]]]]:
    """Name the results that a figure draws, as the table read in its place by those who cannot see it."""
    if figure["kind"] == "stacked_bars":
        rows = []
        for bar in figure["bars"]:
            parts = {part["level"]: part for part in bar["parts"]}
            cells: list[dict[str, Any] | None] = []
            for level in figure["levels"]:
                part = parts.get(level, {})
                cells.append({"format": "integer", "results": [part["count"]]} if part.get("count") else None)
                cells.append({"format": "percent", "results": [part["proportion"]]} if part.get("proportion") else None)
            rows.append((bar["visit"], cells))
        return [head for level in figure["levels"] for head in (level, f"{level}, share")], rows
    if figure["kind"] not in ("trajectories", "course"):
        return [], []  # drawn from the rows of single patients, which the listings show
    decimals = figure["decimals"]
    return ["Median", "First quartile", "Third quartile"], [
        (
            visit["visit"],
            [
                {"format": "number", "results": [visit[name]], "decimals": decimals} if visit.get(name) else None
                for name in ("median", "q1", "q3")
            ],
        )
        for visit in figure["series"]
    ]


def printed_decimals(figure: Mapping[str, Any], index: Lookup) -> int:
    """Find the decimals with which the tables print what a figure draws, so that both print the same text."""
    drawn = {visit[name] for visit in figure.get("series", ()) for name in ("median", "q1", "q3") if visit.get(name)}
    for table in index.manifest.get("tables", ()):
        for row in table["rows"]:
            for cell in row.get("cells") or ():
                if cell and "decimals" in cell and drawn & set(cell["results"]):
                    return int(cell["decimals"])
    return 1


def _drawn(figure: FigureLayout) -> Iterable[Placed]:
    yield figure.title
    yield figure.caption
    for _, cells in figure.rows:
        yield from (cell for cell in cells if cell is not None)


def _definition_anchors(index: Lookup) -> dict[str, str]:
    return anchors(list(index.definitions), "definition")


def _traces(printed: Sequence[Placed], index: Lookup) -> tuple[tuple[TraceEntry, ...], tuple[SourceRows, ...]]:
    where = places(printed)
    cited = [index.results[key] for key in where]
    needed = {key for row in cited for key in index.rows_behind(row)}
    listings = anchors([key for key in index.listings if key in needed], "rows")
    definitions = _definition_anchors(index)
    traces = tuple(
        trace_entry(row, index, definitions=definitions, listings=listings, printed=where[row["result_id"]])
        for row in cited
    )
    return traces, tuple(source_rows(cited, index, listings))
