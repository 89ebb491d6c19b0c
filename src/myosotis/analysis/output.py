"""What one analysis adds to the bundle: rows, layout and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.results.layout import (
    Cell,
    Figure,
    Format,
    ListingTable,
    Paragraph,
    Sentence,
    Table,
    TableColumn,
    TableRow,
)
from myosotis.results.schema import ResultRow
from myosotis.study.population import Population

__all__ = ["AnalysisOutput", "begin_lower", "begin_upper", "cell", "nobody_to_draw", "table", "text_cell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOutput:
    """Hold an analysis's result rows and where they stand in the report.

    `tables`, `figures`, `findings`, `methods`, `listings_shown` and `limits` are the manifest's entries of those
    names; they refer to numbers by result id and hold none themselves. A limit is a sentence like a finding: what the
    data cannot show. `statistics` names the methods of `myosotis.statistics` that were used; the report tells each once.
    """

    rows: tuple[ResultRow, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    provenance: tuple[Mapping[str, Any], ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    findings: tuple[Paragraph, ...] = ()
    methods: tuple[Paragraph, ...] = ()
    listings_shown: tuple[ListingTable, ...] = ()
    statistics: tuple[str, ...] = ()
    limits: tuple[Sentence, ...] = ()


def cell(format_: Format, *rows: ResultRow, decimals: int | None = None) -> Cell:
    """Refer to result rows in a table cell or a sentence, with the name of the format that prints them."""
    return Cell(format=format_, results=[row.id for row in rows], decimals=decimals)


def text_cell(text: str) -> Cell:
    """Put words into a table cell."""
    return Cell(format="text", text=text, results=[])


def table(key: str, title: str, *, columns: Sequence[TableColumn], rows: Sequence[TableRow], note: str = "") -> Table:
    """Lay out a table; tables are numbered in the order the protocol declares their analyses."""
    return Table(key=key, title=title, note=note, columns=columns, rows=rows)


class _Drawn(Protocol):
    """An analysis that draws the patients of a population."""

    @property
    def title(self) -> str: ...
    @property
    def population(self) -> Population: ...


def nobody_to_draw(analysis: _Drawn, cohort: Cohort) -> tuple[Sentence, ...]:
    """Say that a figure was left out because its population has no patient; nothing where it has one."""
    if cohort.patients(analysis.population.key):
        return ()
    template = f"{analysis.title}: {begin_lower(analysis.population.label)} has no patient, so that no figure is drawn."
    return (Sentence(template=template),)


def begin_upper(label: str) -> str:
    """Begin a label with a capital, as at the start of a sentence."""
    return f"{label[:1].upper()}{label[1:]}"


def begin_lower(label: str) -> str:
    """Begin a label in lower case within a sentence, unless it is an abbreviation."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"
