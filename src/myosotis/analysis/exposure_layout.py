"""The layout of exposure: its table, sentences, methods and the listing of interruptions and stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from myosotis.analysis.courses import DrugCourse, Pause
from myosotis.analysis.exposure import Exposure
from myosotis.analysis.output import cell, table
from myosotis.language.sentences import sentence
from myosotis.results.layout import Cell, ListingTable, Sentence, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = ["exposure_methods", "exposure_sentences", "exposure_table", "pauses_listing", "told"]


def exposure_table(analysis: Exposure, rows: Mapping[str, ResultRow]) -> Table:
    """Lay out the numbers of exposure, one line each."""
    unit, level = analysis.unit, f"{analysis.conf_level:.0%}"

    def line(label: str, shown: Cell | None, indent: int = 1) -> TableRow:
        return TableRow(label=label, indent=indent, cells=[shown])

    def median(key: str, decimals: int) -> Cell:
        return cell("median_iqr", *(rows[f"{key} {name}"] for name in ("median", "q1", "q3")), decimals=decimals)

    def counted(key: str) -> Cell:
        names = ("count", "total", "conf_low", "conf_high")
        return cell("n_of_total_interval", *(rows[f"{key} {name}"] for name in names))

    lines: list[TableRow] = [
        line("Patients exposed", _patients(rows)),
        line("Patient-weeks", _time(rows, "patient-weeks", 1)),
        line("Patient-years", _time(rows, "patient-years", 2)),
        line("Days on the drug, median [Q1, Q3]", median("days", 0)),
        line(f"Dose at the start, {unit}/day, median [Q1, Q3]", median("dose at the start", 1)),
    ]
    for when, _, _ in analysis.moments():
        n = cell("integer", rows[f"per kg {when} n"])
        lines.append(line(f"Dose {when}, {unit}/kg/day, median [Q1, Q3]", median(f"per kg {when}", analysis.decimals)))
        lines.append(line("patients with a dose and a weight", n, indent=2))
    if analysis.below_label is not None:
        lines.append(line("Below the label’s dose", counted("below")))
        lines.append(line("could not be compared", cell("integer", rows["below open"]), indent=2))
    for kind, why, words in (
        ("interrupted", "reason for interrupting", "Interrupted and resumed"),
        ("stopped", "reason for stopping", "Stopped before the end"),
    ):
        lines.append(line(words, counted(kind)))
        reasons = [key for key in rows if key.startswith(f"{why}: ")]
        lines += [line(key.removeprefix(f"{why}: "), cell("integer", rows[key]), indent=2) for key in reasons]
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=analysis.population.label, sub="")],
        rows=lines,
        note=f"Day 0 to day {analysis.last_day}, both included. n/N (%; exact {level} interval). Quartiles by definition "
        f"{analysis.quartiles}. {analysis.note}".strip(),
    )


def _patients(rows: Mapping[str, ResultRow]) -> Cell:
    """Print how many took the drug, and how many may have."""
    most = rows.get("exposed most")
    return cell("integer", rows["exposed"]) if most is None else cell("count_range", rows["exposed"], most)


def _time(rows: Mapping[str, ResultRow], name: str, decimals: int) -> Cell:
    """Print a patient-time, from the shortest to the longest where it is not exactly known."""
    most = rows.get(f"{name} most")
    if most is None:
        return cell("number", rows[name], decimals=decimals)
    return cell("range", rows[name], most, decimals=decimals)


def exposure_sentences(analysis: Exposure, rows: Mapping[str, ResultRow]) -> list[Sentence]:
    """Say how long and at what dose the drug was taken."""
    values = {
        "drug": cell("text", rows["exposed"]),
        "n": _patients(rows),
        "weeks": _time(rows, "patient-weeks", 1),
        "years": _time(rows, "patient-years", 2),
        "dose": cell(
            "median_iqr",
            *(rows[f"per kg at the start {name}"] for name in ("median", "q1", "q3")),
            decimals=analysis.decimals,
        ),
        **{
            kind: cell("n_of_total", rows[f"{kind} count"], rows[f"{kind} total"])
            for kind in ("interrupted", "stopped")
        },
    }
    template = (
        f"{{n}} patients took {{drug}} for {{weeks}} patient-weeks ({{years}} patient-years) "
        f"within follow-up; the dose at the start was {{dose}} {analysis.unit}/kg/day. It was interrupted in "
        f"{{interrupted}} and stopped before the end of follow-up in {{stopped}}."
    )
    sentences = [Sentence(template=template, values=values)]
    if analysis.below_label is not None:
        below = cell("n_of_total", rows["below count"], rows["below total"])
        sentences.append(Sentence(template="The dose was below the label’s in {below}.", values={"below": below}))
    return sentences


def exposure_methods(analysis: Exposure) -> list[str]:
    """Say how time, dose and pauses were counted."""
    told = [
        f"Time on {analysis.treatment.drugs.label} is the number of days from day 0 to day {analysis.last_day} that "
        "at least one course covers, start and stop day included; a course without a stop runs to the end, days "
        "between courses do not count. A year has 365.25 days.",
        f"The daily dose is dose times times per day, divided by the weight nearest in time (at most "
        f"{analysis.weight_within} days away; ties: earlier day, then lower source row), in patients who take the drug on "
        "that day.",
        "An interruption is a stretch of days between two courses, a stop the days after the last one; reasons are "
        "those written on the course that ended.",
    ]
    if analysis.below_label is not None:
        told.append(f"Below the label’s dose: {sentence(analysis.below_label)}.")
    return told


def pauses_listing(analysis: Exposure, courses: Sequence[DrugCourse]) -> ListingTable:
    """List every interruption and stop."""
    rows = []
    for one in courses:
        for kind, pause in [
            *(("interrupted", pause) for pause in one.interruptions),
            *((("stopped", one.stopped),) if one.stopped else ()),
        ]:
            rows.append([one.patient, kind, told(pause), pause.reason])
    return ListingTable(
        key=f"{analysis.key}-pauses",
        title=f"{analysis.treatment.drugs.label.capitalize()}: interruptions and stops",
        columns=["Patient", "What", "Days without", "Reason"],
        rows=rows,
    )


def told(pause: Pause) -> str:
    """Say on which days a drug was not taken."""
    return f"day {pause.first_day} on" if pause.last_day is None else f"day {pause.first_day} to {pause.last_day}"
