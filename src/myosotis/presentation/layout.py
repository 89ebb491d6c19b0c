"""What a report lays out: tables, sentences and figures that refer to results and hold no number of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Axis", "Bar", "BarPart", "Cell", "Figure", "Format", "Lane", "Mark",
    "Paragraph", "Sentence", "StackedBars", "Step", "Steps", "Swimmer", "Table", "TableColumn", "TableRow",
    "Trajectories", "VisitSummary",
]  # fmt: skip

Format = Literal[
    "integer", "count_range", "number", "median_iqr", "mean_sd", "range", "n_of_total", "n_of_total_open",
    "n_of_total_interval", "percent", "percent_interval", "p_value", "p_equals", "interval", "count_events",
    "rate_interval", "text",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Print results by the identifiers of their rows, in the order that the format asks for; or words, `text`.

    `decimals` are those of measured numbers; None where the format needs none.
    """

    format: Format
    results: Sequence[str]
    decimals: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """Head a column, with a smaller line below."""

    label: str
    sub: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """Hold a line: its label, how deep it stands, and a cell for each column, None for an empty one."""

    label: str
    cells: Sequence[Cell | None]
    indent: int = 0
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Hold a table; tables are numbered in the order in which the protocol declares their analyses."""

    key: str
    title: str
    note: str
    columns: Sequence[TableColumn]
    rows: Sequence[TableRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Tell results: `template` holds a name in braces for each of `values`, and no digit of its own."""

    template: str
    values: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Hold the sentences under a heading; a plain text tells no result."""

    heading: str
    sentences: Sequence[Sentence | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Name what an axis measures, its unit and the ends of its range where they are known."""

    label: str
    unit: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSummary:
    """Refer to the rows of patients at a visit, and to the results that summarise them."""

    visit: str
    week: float
    listing_id: str
    median: str
    q1: str
    q3: str
    n: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectories:
    """Draw a line for each patient over the visits, and one that joins the medians; to everyone the medians alone.

    `caption_of_all` is the caption where no patient is drawn.
    """

    key: str
    title: str
    caption: str
    caption_of_all: str
    y: Axis
    series: Sequence[VisitSummary]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPart:
    """Refer to the count and the share of one level at one visit."""

    level: str
    count: str
    proportion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Hold the parts of one visit's bar."""

    visit: str
    week: float
    parts: Sequence[BarPart]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackedBars:
    """Draw a bar for each visit, parted by level."""

    key: str
    title: str
    caption: str
    levels: Sequence[str]
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Refer to the rows of one treatment, drawn as a bar in the lane of each patient."""

    label: str
    listing_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Refer to rows drawn as marks in a lane, one shape for each level."""

    label: str
    kind: Literal["level", "event", "start"]
    listing_id: str
    levels: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swimmer:
    """Draw a lane for each patient of a population: treatments as bars, responses and events as marks.

    `courses` refers to all courses.
    """

    key: str
    title: str
    caption: str
    last_day: int
    population: str
    bars: Sequence[Lane]
    marks: Sequence[Mark]
    courses: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Draw a curve of steps for each patient of a population, with marks for pulses."""

    key: str
    title: str
    caption: str
    first_day: int
    last_day: int
    y: Axis
    population: str
    listing_id: str
    pulses: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Refer to the count of patients at a step of the flow: at the start, left out for a reason, or remaining."""

    kind: Literal["start", "excluded", "remaining"]
    label: str
    result: str


Figure = Trajectories | StackedBars | Swimmer | Steps
