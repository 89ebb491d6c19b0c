"""Lay out a whole report: every part of a document printed and placed, ready to be written in any medium."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.presentation.document import Document
from myosotis.presentation.layout import Bar, Cell, Figure, Paragraph, Sentence, StackedBars, Table, Trajectories
from myosotis.report.anchors import Placed, anchors, place_cell, place_text, places
from myosotis.report.figures import caption_of, figure_spec, is_of_patients
from myosotis.report.flow import FlowStep
from myosotis.report.lookup import Lookup, Row
from myosotis.report.tables import TableLayout, lay_out_table
from myosotis.report.trace import SourceRows, TraceEntry, source_rows, trace_entry

__all__ = ["FigureLayout", "Page", "lay_out", "printed_decimals"]


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
class Page:
    """Hold the parts of a report in the order in which they are read, its numbers printed and each at an anchor.

    `persons` says that rows of single patients are shown; `kept_apart` names the figures that are not, since they draw
    single patients.
    """

    document: Document
    findings: tuple[tuple[str, tuple[Placed, ...]], ...]
    populations: tuple[tuple[str, str, Placed], ...]
    flow: tuple[FlowStep, ...]
    tables: tuple[TableLayout, ...]
    figures: tuple[FigureLayout, ...]
    limitations: tuple[Placed, ...]
    definitions: tuple[tuple[str, Row], ...]
    cells: tuple[Row, ...]
    checks: tuple[Row, ...]
    traces: tuple[TraceEntry, ...]
    sources: tuple[SourceRows, ...]
    results_held: int
    withheld: bool
    persons: bool
    kept_apart: tuple[str, ...]


def lay_out(index: Lookup) -> Page:
    """Print and place every part of a document, and trace each result that is printed anywhere.

    Without persons a course over the visits is drawn by its median and quartiles, no figure draws single patients, no
    listing and no source row is shown, and an age or a duration is traced to one decimal. Of a bundle that holds a
    suppressed number nothing patient by patient is shown: no listing, no source row and no figure of single patients.

    Raises `ProtocolError` for a sentence, cell, table or figure that asks for what the bundle does not hold.
    """
    document = index.document
    findings = tuple(_section(i, part, index) for i, part in enumerate(document.findings, 1))
    populations = tuple(
        (one.label, one.sentence, _count(one.result, index, f"population-{i}", "Populations"))
        for i, one in enumerate(document.populations, 1)
    )
    flow = tuple(
        FlowStep(kind=step.kind, label=step.label, count=_count(step.result, index, f"flow-{i}", "Flow of patients"))
        for i, step in enumerate(document.flow, 1)
    )
    tables = _tables(document.tables, index)
    numbered = [(f"Figure {i}", figure) for i, figure in enumerate(document.figures, 1)]
    drawn = [(name, figure) for name, figure in numbered if _may_be_drawn(figure, index)]
    figures = _figures(drawn, index)
    limitations = tuple(
        place_text(one, index, f"limit-{i}", "Limitations") for i, one in enumerate(document.limitations, 1)
    )
    printed = [
        *(sentence for _, sentences in findings for sentence in sentences),
        *(step.count for step in flow),
        *(count for *_, count in populations),
        *(item for table in tables for item in table.printed()),
        *(item for figure in figures for item in _drawn(figure)),
        *limitations,
    ]
    traces, sources = _traces(printed, index)
    shown = {name for name, _ in drawn}
    return Page(
        document=document,
        findings=findings,
        populations=populations,
        flow=flow,
        tables=tables,
        figures=figures,
        limitations=limitations,
        definitions=tuple((name, index.definitions[key]) for key, name in _definition_anchors(index).items()),
        cells=tuple(index.cells),
        checks=tuple(index.checks),
        traces=traces,
        sources=sources,
        results_held=len(index.results),
        withheld=index.withheld,
        persons=index.persons,
        kept_apart=tuple(name for name, _ in numbered if name not in shown),
    )


def _may_be_drawn(figure: Figure, index: Lookup) -> bool:
    if is_of_patients(figure):
        return index.persons
    return not (isinstance(figure, Trajectories) and index.withheld)


def _section(i: int, part: Paragraph, index: Lookup) -> tuple[str, tuple[Placed, ...]]:
    place = f"Findings, {part.heading}"
    return part.heading, tuple(
        place_text(_sentence(told), index, f"finding-{i}-{j}", place) for j, told in enumerate(part.sentences, 1)
    )


def _sentence(told: Sentence | str) -> Sentence:
    """Hold a plain finding to what sentences are held to."""
    return Sentence(template=told) if isinstance(told, str) else told


def _count(key: str, index: Lookup, anchor: str, place: str) -> Placed:
    return place_cell(Cell(format="integer", results=[key]), index, anchor, place)


def _tables(tables: Sequence[Table], index: Lookup) -> tuple[TableLayout, ...]:
    names = anchors([table.key for table in tables], "table")
    return tuple(lay_out_table(table, i, index, names[table.key]) for i, table in enumerate(tables, 1))


def _figures(figures: Sequence[tuple[str, Figure]], index: Lookup) -> tuple[FigureLayout, ...]:
    names = anchors([figure.key for _, figure in figures], "figure")
    laid = []
    for name, figure in figures:
        anchor = names[figure.key]
        columns, cells = _figure_cells(figure, index)
        laid.append(
            FigureLayout(
                key=figure.key,
                anchor=anchor,
                name=name,
                title=place_text(figure.title, index, f"{anchor}:title", name),
                caption=place_text(caption_of(figure, index), index, f"{anchor}:caption", name),
                spec=figure_spec(figure, index),
                columns=tuple(columns),
                rows=tuple(
                    (
                        label,
                        tuple(_placed_or_none(c, index, f"{anchor}:n{i}.{j}", name) for j, c in enumerate(row, 1)),
                    )
                    for i, (label, row) in enumerate(cells, 1)
                ),
            )
        )
    return tuple(laid)


def _placed_or_none(cell: Cell | None, index: Lookup, anchor: str, place: str) -> Placed | None:
    return None if cell is None else place_cell(cell, index, anchor, place)


def _figure_cells(figure: Figure, index: Lookup) -> tuple[list[str], list[tuple[str, list[Cell | None]]]]:
    """Name the results that a figure draws, as the table read in its place by those who cannot see it."""
    if isinstance(figure, StackedBars):
        return [head for level in figure.levels for head in (level, f"{level}, share")], [
            (bar.visit, _bar_cells(figure.levels, bar)) for bar in figure.bars
        ]
    if not isinstance(figure, Trajectories):
        return [], []  # drawn from the rows of single patients, which the listings show
    decimals = printed_decimals(figure, index)
    return ["Median", "First quartile", "Third quartile"], [
        (
            visit.visit,
            [
                Cell(format="number", results=[key], decimals=decimals) if key else None
                for key in (visit.median, visit.q1, visit.q3)
            ],
        )
        for visit in figure.series
    ]


def _bar_cells(levels: Sequence[str], bar: Bar) -> list[Cell | None]:
    parts = {part.level: part for part in bar.parts}
    cells: list[Cell | None] = []
    for level in levels:
        part = parts.get(level)
        cells.append(Cell(format="integer", results=[part.count]) if part else None)
        cells.append(Cell(format="percent", results=[part.proportion]) if part else None)
    return cells


def printed_decimals(figure: Trajectories, index: Lookup) -> int:
    """Find the decimals with which the tables print what a figure draws, so that both print the same text."""
    drawn = {key for visit in figure.series for key in (visit.median, visit.q1, visit.q3) if key}
    for table in index.document.tables:
        for row in table.rows:
            for cell in row.cells:
                if cell is not None and cell.decimals is not None and drawn & set(cell.results):
                    return cell.decimals
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
