"""A whole report before it is printed: what is said and shown of a study, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from myosotis.presentation.layout import Cell, Figure, Paragraph, Sentence, Step, Table
from myosotis.presentation.listings import ListingTable

__all__ = ["Document", "FileRead", "PopulationShown", "SheetRead", "StudyShown", "WindowShown", "decimals_printed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyShown:
    """Name a study; `synthetic` says of invented data that they are and how they were made, and is empty for real ones."""

    key: str
    title: str
    version: str = ""
    question: str = ""
    synthetic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowShown:
    """Hold a visit's window in days from the index date, both ends included, and the same in words."""

    label: str
    first_day: int
    target_day: int
    last_day: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationShown:
    """Name a population, say who belongs to it, and refer to the number of its patients."""

    key: str
    label: str
    sentence: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """Name a file that was read, with its size in bytes and its SHA-256."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRead:
    """Count what became of the cells of a sheet; used, converted, ignored and rejected add up to those read."""

    source: str
    sheet: str
    read: int
    used: int
    converted: int
    ignored: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Hold what a report says and shows of a study; it refers to results and holds no number of its own.

    Tables and figures are numbered in their order. `listings` are lines about single patients, none for a reader who may
    not see them. `index_date` says what day 0 is.
    """

    study: StudyShown
    index_date: str = ""
    seed: int | None = None
    windows: tuple[WindowShown, ...] = ()
    populations: tuple[PopulationShown, ...] = ()
    flow: tuple[Step, ...] = ()
    findings: tuple[Paragraph, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    methods: tuple[Paragraph, ...] = ()
    limitations: tuple[Sentence | str, ...] = ()
    inputs: tuple[FileRead, ...] = ()
    sheets: tuple[SheetRead, ...] = ()
    listings: tuple[ListingTable, ...] = ()
    software: Mapping[str, str] = field(default_factory=dict)


def decimals_printed(document: Document) -> dict[str, int]:
    """Give the decimals with which a document prints results, by their identifiers; the most where it prints one twice."""
    printed: dict[str, int] = {}
    for cell in _cells(document):
        for key in cell.results:
            printed[key] = max(printed.get(key, 0), 1 if cell.decimals is None else cell.decimals)
    return printed


def _cells(document: Document) -> Iterator[Cell]:
    for table in document.tables:
        for row in table.rows:
            yield from (cell for cell in row.cells if cell is not None)
    for told in (*(one for part in document.findings for one in part.sentences), *document.limitations):
        if isinstance(told, Sentence):
            yield from told.values.values()
