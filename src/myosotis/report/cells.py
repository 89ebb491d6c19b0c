"""Print a cell of the layout from its results: one function a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.errors import ProtocolError
from myosotis.presentation.layout import Cell, Format
from myosotis.report.format import exact, integer, number, p_value, percent, percent_decimals, percent_of
from myosotis.results.schema import KEY_FIELDS, result_id

__all__ = ["FORMATS", "NOT_OK", "Part", "Rendered", "render_cell"]

NOT_OK = {"not_estimable": "not estimable", "failed": "not estimable", "suppressed": "suppressed"}
SPACE = "\N{NO-BREAK SPACE}"

Row = Mapping[str, Any]
Parts = tuple["Part", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Hold a piece of printed text; `result_id` names the result it prints, `title` that result before rounding."""

    text: str
    result_id: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Hold a printed cell: its parts in reading order, and the worst status of its results with their notes."""

    parts: Parts
    result_ids: tuple[str, ...] = ()
    status: str = "ok"
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Give the cell as one string."""
        return "".join(part.text for part in self.parts)

    @property
    def title(self) -> str:
        """Give the notes of results without a value, else the numbers before rounding."""
        return "; ".join(self.notes) or ", ".join(part.title for part in self.parts if part.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold what a format prints from: its result rows in order, the decimals, and all results of the bundle."""

    rows: Sequence[Row]
    decimals: int
    results: Mapping[str, Row]

    def measured(self, i: int) -> Part:
        """Print the i-th result with the decimals asked for."""
        return _slot(self.rows[i], self.write)

    def counted(self, i: int) -> Part:
        """Print the i-th result as a whole number."""
        return _slot(self.rows[i], integer)

    def write(self, value: float) -> str:
        """Print a number with the decimals asked for."""
        return number(value, self.decimals)


def render_cell(cell: Cell, results: Mapping[str, Row]) -> Rendered:
    """Print one cell of the layout from result rows.

    `results` maps identifiers to rows; measured numbers whose cell asks for no decimals have 1. A result without a value
    prints as "not estimable" or "suppressed"; so does the whole cell when it is the first, or when any is suppressed.
    Raises `ProtocolError` for an unknown result or a wrong number of results.
    """
    name, ids = cell.format, tuple(cell.results)
    for key in ids:
        if key not in results:
            raise ProtocolError(f"a cell of format {name!r} asks for the result {key}, which the bundle does not hold")
    rows = [results[key] for key in ids]
    failed = [row for row in rows if row["status"] != "ok"]
    notes = tuple(dict.fromkeys(row["note"] or NOT_OK[row["status"]] for row in failed))
    status = max((row["status"] for row in failed), key=("failed", "not_estimable", "suppressed").index, default="ok")
    if name == "text" and status != "suppressed":
        text = cell.text or (rows[0]["text"] if rows else "")
        parts: Parts = (Part(text=str(text), result_id=ids[0] if ids else ""),)
        return Rendered(parts=parts, result_ids=ids, status=status, notes=notes)
    counts, layout = FORMATS.get(name, ((len(rows),), _number))
    if len(rows) not in counts:
        expected = " or ".join(map(str, counts))
        raise ProtocolError(f"a cell of format {name!r} takes {expected} results, {len(rows)} are given")
    if status == "suppressed":
        parts = (_slot(next(row for row in failed if row["status"] == "suppressed"), exact),)
    elif rows[0]["status"] != "ok":
        opening = (Part(text="p "),) if name == "p_equals" else ()
        parts = (*opening, _slot(rows[0], exact))
    else:
        parts = layout(Asked(rows=rows, decimals=1 if cell.decimals is None else cell.decimals, results=results))
    return Rendered(parts=parts, result_ids=ids, status=status, notes=notes)


def _slot(row: Row, write: Callable[[float], str]) -> Part:
    """Print one result, or the words for its status."""
    if row["status"] != "ok":
        return Part(text=NOT_OK[row["status"]], result_id=row["result_id"], title=row["note"] or "")
    unit = f" {row['unit']}" if row["unit"] else ""
    return Part(text=write(row["number"]), result_id=row["result_id"], title=exact(row["number"]) + unit)


def _bounds(low: Part, high: Part, *, joint: str = " to ", words: str = "interval ") -> Parts:
    """Print two bounds, or once that neither has a value."""
    if low.text == high.text == NOT_OK["not_estimable"]:
        return (Part(text=words + low.text, result_id=low.result_id, title=low.title),)
    return (low, Part(text=joint), high)


def _share_decimals(asked: Asked) -> int:
    """Choose the decimals of a bare proportion by the total or n that shares its keys, else as the cell says."""
    keys = {name: asked.rows[0].get(name) or "" for name in KEY_FIELDS}
    for statistic in ("total", "n"):
        other = asked.results.get(result_id(**{**keys, "statistic": statistic}))
        if other is not None and other["status"] == "ok":
            return percent_decimals(other["number"])
    return min(asked.decimals, 1)


def _integer(asked: Asked) -> Parts:
    return (asked.counted(0),)


def _count_range(asked: Asked) -> Parts:
    """Print how far a count goes that is not exactly known."""
    return (asked.counted(0), Part(text=" to "), asked.counted(1))


def _number(asked: Asked) -> Parts:
    return (asked.measured(0),)


def _median_iqr(asked: Asked) -> Parts:
    inner = _bounds(asked.measured(1), asked.measured(2), joint=", ", words="quartiles ")
    return (asked.measured(0), Part(text=" ["), *inner, Part(text="]"))


def _mean_sd(asked: Asked) -> Parts:
    return (asked.measured(0), Part(text=" (SD "), asked.measured(1), Part(text=")"))


def _range(asked: Asked) -> Parts:
    return _bounds(asked.measured(0), asked.measured(1), words="range ")


def _n_of_total(asked: Asked) -> Parts:
    count, total = asked.rows[:2]
    parts = (asked.counted(0), Part(text="/"), asked.counted(1))
    if total["status"] != "ok" or total["number"] <= 0:
        return parts
    share = percent_of(count["number"], total["number"])
    return (*parts, Part(text=" ("), Part(text=share + "%", result_id=count["result_id"]), Part(text=")"))


def _n_of_total_open(asked: Asked) -> Parts:
    """Add to a share how far it goes if the patients who could not be judged count too."""
    open_ = int(asked.rows[2]["number"])
    who = {1: "the open patient counts", 2: "both open patients count"}.get(open_, f"all {open_} open patients count")
    return (*_n_of_total(asked), Part(text="; "), asked.counted(3), Part(text=f" if {who}"))


def _n_of_total_interval(asked: Asked) -> Parts:
    parts = _n_of_total(asked)
    if len(parts) == 3:
        return parts
    places = percent_decimals(asked.rows[1]["number"])
    low, high = (_slot(row, lambda p: percent(p, places)) for row in asked.rows[2:4])
    most = (Part(text="; up to "), asked.counted(4)) if len(asked.rows) > 4 else ()
    return (*parts[:-1], Part(text="; "), *_bounds(low, high), parts[-1], *most)


def _percentage(asked: Asked) -> Parts:
    places = _share_decimals(asked)
    return (_slot(asked.rows[0], lambda p: percent(p, places) + "%"),)


def _percent_interval(asked: Asked) -> Parts:
    places = _share_decimals(asked)
    low, high = (_slot(row, lambda p: percent(p, places)) for row in asked.rows[1:])
    return (*_percentage(asked), Part(text=" ("), *_bounds(low, high), Part(text=")"))


def _p_value(asked: Asked) -> Parts:
    return (_slot(asked.rows[0], p_value),)


def _p_equals(asked: Asked) -> Parts:
    slot = _slot(asked.rows[0], p_value)
    sign, digits = (slot.text[0], slot.text[1:]) if slot.text[0] in "<>" else ("=", slot.text)
    return (
        Part(text=f"p{SPACE}{sign}{SPACE}"),
        Part(text=digits, result_id=slot.result_id, title=slot.title),
    )


def _interval(asked: Asked) -> Parts:
    return (asked.measured(0), Part(text=" ("), *_bounds(asked.measured(1), asked.measured(2)), Part(text=")"))


def _rate_interval(asked: Asked) -> Parts:
    """Print a rate with its interval, and how far it goes where events or time are not exactly known."""
    if len(asked.rows) == 3:
        return _interval(asked)
    return (*_interval(asked), Part(text="; possible "), *_bounds(asked.measured(3), asked.measured(4)))


def _count_events(asked: Asked) -> Parts:
    events = Part(text=" event" if asked.rows[0]["number"] == 1 else " events")
    if len(asked.rows) == 1:
        return (asked.counted(0), events)
    patients = Part(text=" patient" if asked.rows[1]["number"] == 1 else " patients")
    return (asked.counted(0), events, Part(text=" in "), asked.counted(1), patients)


FORMATS: dict[Format, tuple[tuple[int, ...], Callable[[Asked], Parts]]] = {
    "integer": ((1,), _integer),
    "count_range": ((2,), _count_range),
    "number": ((1,), _number),
    "median_iqr": ((3,), _median_iqr),
    "mean_sd": ((2,), _mean_sd),
    "range": ((2,), _range),
    "n_of_total": ((2,), _n_of_total),
    "n_of_total_open": ((4,), _n_of_total_open),
    "n_of_total_interval": ((4, 5), _n_of_total_interval),
    "percent": ((1,), _percentage),
    "percent_interval": ((3,), _percent_interval),
    "p_value": ((1,), _p_value),
    "p_equals": ((1,), _p_equals),
    "interval": ((3,), _interval),
    "count_events": ((1, 2), _count_events),
    "rate_interval": ((3, 5), _rate_interval),
}
