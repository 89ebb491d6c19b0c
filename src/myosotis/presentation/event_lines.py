"""Lines of counted events and of rates, found by what they are of and printed alike in every table and sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from myosotis.analysis import event_names as names
from myosotis.presentation.cells import begin_upper, cell
from myosotis.presentation.layout import Cell, TableRow
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

__all__ = [
    "EventLine", "RateFound", "count_cell", "heading", "line_of", "lines_of", "rate_interval", "rate_of", "robust_interval",
    "years_cell",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """Hold the results of one line of events: how many, of how many patients, and their share where it has one."""

    level: str
    rows: Mapping[str, ResultRow]

    @property
    def any(self) -> bool:
        """Say whether there was an event."""
        return bool(self.rows["events"].number)

    @property
    def size(self) -> tuple[float, float]:
        """Give the numbers of events and of patients, by which lines are ranked."""
        return (self.rows["events"].number or 0.0, self.rows["count"].number or 0.0)

    @property
    def events(self) -> Cell:
        """Print the events and the patients who had them."""
        return cell("count_events", self.rows["events"], self.rows["count"])

    @property
    def cells(self) -> list[Cell]:
        """Print the number of events and the patients with their exact interval, and how far each may go."""
        most = [self.rows[name] for name in ("events_most",) if name in self.rows]
        shown = ("count", "total", "conf_low", "conf_high", "count_most")
        return [
            cell("count_range" if most else "integer", self.rows["events"], *most),
            cell("n_of_total_interval", *(self.rows[name] for name in shown if name in self.rows)),
        ]

    def row(self, label: str = "", indent: int = 0) -> TableRow:
        """Lay out the line under a label, its own level unless another is given."""
        return TableRow(label=begin_upper(label or self.level), indent=indent, cells=self.cells)


def heading(label: str) -> TableRow:
    """Lay out a heading between lines of events."""
    return TableRow(label=label, heading=True, cells=[None, None])


def line_of(own: Results, variable: str, level: str = "") -> EventLine:
    """Find one line of events."""
    return EventLine(level=level, rows=own.by_statistic(variable=variable, level=level))


def lines_of(own: Results, variable: str) -> list[EventLine]:
    """Find all lines of one kind, their levels in alphabetical order."""
    return [line_of(own, variable, level) for level in own.where(variable=variable).values("level")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFound:
    """Hold the rate of all events and the incidence of first events of one group in one kind of time."""

    every: Mapping[str, ResultRow]
    first: Mapping[str, ResultRow]

    @property
    def bounded(self) -> bool:
        """Say whether the rate of all events has bounds beside it, since not all of it is exactly known."""
        return "rate_most" in self.every

    @property
    def cells(self) -> list[Cell]:
        """Print events, time and rate of all events, and patients, time and incidence of first events."""
        return [*_rate(self.every, "events"), *_rate(self.first, "count")]


def rate_of(own: Results, time: str, level: str) -> RateFound:
    """Find the rates of a group of events in a kind of time."""
    found = own.where(endpoint=time, level=level)
    robust = (names.BOOTSTRAP, names.NEGATIVE_BINOMIAL)
    every = Results.of(
        (row for row in found.where(variable=names.ALL_EVENTS).rows if row.method not in robust), found.fingerprint
    )
    return RateFound(every=every.by_statistic(), first=found.by_statistic(variable=names.FIRST_EVENT))


def robust_interval(own: Results, time: str, method: str) -> Cell:
    """Print the rate of all events with an interval that allows for several events of one patient."""
    return rate_interval(
        own.by_statistic(endpoint=time, level=names.ALL_LEVEL, variable=names.ALL_EVENTS, method=method)
    )


def count_cell(found: Mapping[str, ResultRow], name: str) -> Cell:
    """Print a number of events or of patients, and how far it may go."""
    most = found.get(f"{name}_most")
    if most is None or most.number == found[name].number:
        return cell("integer", found[name])
    return cell("count_range", found[name], most)


def years_cell(found: Mapping[str, ResultRow]) -> Cell:
    """Print a patient-time, from the shortest to the longest where it is not exactly known."""
    most = found.get("person_time_most")
    if most is None or most.number == found["person_time"].number:
        return cell("number", found["person_time"], decimals=2)
    return cell("range", found["person_time"], most, decimals=2)


def rate_interval(found: Mapping[str, ResultRow]) -> Cell:
    """Print a rate with its interval, and its bounds where it has some."""
    shown = ("rate", "conf_low", "conf_high", "rate_least", "rate_most")
    return cell("rate_interval", *(found[name] for name in shown if name in found), decimals=1)


def _rate(found: Mapping[str, ResultRow], name: str) -> list[Cell]:
    return [count_cell(found, name), years_cell(found), rate_interval(found)]
