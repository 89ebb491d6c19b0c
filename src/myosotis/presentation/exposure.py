"""Present exposure to a drug: its table, its sentences, how time and doses were counted, and what is not exactly known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from myosotis.analysis.exposure import (
    BELOW_LABEL,
    DOSE,
    INEXACT,
    INTERRUPTED,
    OTHER_UNIT,
    OVERLAPPING,
    PER_KG,
    STOPPED,
    TIME_ON_DRUG,
    WHY,
    Exposure,
    lines_key,
)
from myosotis.language.sentences import sentence
from myosotis.presentation.cells import cell, table
from myosotis.presentation.layout import Cell, Paragraph, Sentence, Table, TableColumn, TableRow
from myosotis.presentation.listings import Listing
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

__all__ = ["present_exposure"]

_WORDS = {INTERRUPTED: "Interrupted and resumed", STOPPED: "Stopped before the end"}
_DOUBTS = {
    OVERLAPPING: "{drug}: courses overlap in {n} patients; their doses were added up, their days counted once.",
    INEXACT: "{drug}: in {n} patients a start or stop is not exactly known; the days from the latest start to the earliest "
    "stop were counted, so that the days given are the fewest, and the longest time stands beside the patient-time.",
    OTHER_UNIT: "{drug}: a dose in another unit than declared, or in none, in {n} patients was taken as it stands.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """Print what was found of exposure, each number by what it is of."""

    analysis: Exposure
    own: Results

    def of(self, variable: str, **keys: str) -> Mapping[str, ResultRow]:
        return self.own.by_statistic(variable=variable, **keys)

    def counted(self, variable: str) -> Cell:
        found = self.of(variable)
        return cell("n_of_total_interval", *(found[name] for name in ("count", "total", "conf_low", "conf_high")))

    def share(self, variable: str) -> Cell:
        found = self.of(variable)
        return cell("n_of_total", found["count"], found["total"])

    def patients(self) -> Cell:
        """Print how many took the drug, and how many may have."""
        found = self.of(TIME_ON_DRUG, level="", unit="")
        most = found.get("count_most")
        return cell("integer", found["n"]) if most is None else cell("count_range", found["n"], most)

    def time(self, unit: str, decimals: int) -> Cell:
        """Print a patient-time, from the shortest to the longest where it is not exactly known."""
        found = self.of(TIME_ON_DRUG, unit=unit)
        most = found.get("person_time_most")
        if most is None:
            return cell("number", found["person_time"], decimals=decimals)
        return cell("range", found["person_time"], most, decimals=decimals)


def present_exposure(analysis: Exposure, results: Results) -> Presentation:
    """Give the table, the sentences, the methods and the limitations of the analysis."""
    shown = _Shown(analysis=analysis, own=results.where(analysis=analysis.key))
    return Presentation(
        listings=(_listing(analysis),),
        tables=(_table(shown),),
        findings=(Paragraph(heading=analysis.title, sentences=_sentences(shown)),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("describe", "clopper_pearson"),
        limitations=tuple(_limitations(shown)),
    )


def _table(shown: _Shown) -> Table:
    analysis = shown.analysis
    unit, level = analysis.unit, f"{analysis.conf_level:.0%}"

    def line(label: str, printed: Cell | None, indent: int = 1) -> TableRow:
        return TableRow(label=label, indent=indent, cells=[printed])

    lines: list[TableRow] = [
        line("Patients exposed", shown.patients()),
        line("Patient-weeks", shown.time("patient-weeks", 1)),
        line("Patient-years", shown.time("patient-years", 2)),
        line("Days on the drug, median [Q1, Q3]", _median(shown.of(TIME_ON_DRUG, level="days"), 0)),
        line(f"Dose at the start, {unit}/day, median [Q1, Q3]", _median(shown.of(DOSE), 1)),
    ]
    for when, *_ in analysis.moments():
        found = shown.of(PER_KG, visit="" if when == "at the start" else when.removeprefix("at "))
        lines.append(line(f"Dose {when}, {unit}/kg/day, median [Q1, Q3]", _median(found, analysis.decimals)))
        lines.append(line("patients with a dose and a weight", cell("integer", found["n"]), indent=2))
    if analysis.below_label is not None:
        lines.append(line("Below the label’s dose", shown.counted(BELOW_LABEL)))
        open_ = cell("integer", shown.of(BELOW_LABEL)["n_not_evaluable"])
        lines.append(line("could not be compared", open_, indent=2))
    for kind, words in _WORDS.items():
        lines.append(line(words, shown.counted(kind)))
        reasons = sorted(shown.own.where(variable=WHY[kind]).rows, key=lambda row: (-(row.number or 0), row.level))
        lines += [line(row.level, cell("integer", row), indent=2) for row in reasons]
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=analysis.population.label, sub="")],
        rows=lines,
        note=f"Day 0 to day {analysis.last_day}, both included. n/N (%; exact {level} interval). Quartiles by definition "
        f"{analysis.quartiles}. {analysis.note}".strip(),
    )


def _median(found: Mapping[str, ResultRow], decimals: int) -> Cell:
    return cell("median_iqr", *(found[name] for name in ("median", "q1", "q3")), decimals=decimals)


def _sentences(shown: _Shown) -> list[Sentence]:
    """Say how long and at what dose the drug was taken."""
    analysis = shown.analysis
    values = {
        "drug": cell("text", shown.of(TIME_ON_DRUG, level="", unit="")["n"]),
        "n": shown.patients(),
        "weeks": shown.time("patient-weeks", 1),
        "years": shown.time("patient-years", 2),
        "dose": _median(shown.of(PER_KG, visit=""), analysis.decimals),
        **{kind: shown.share(kind) for kind in _WORDS},
    }
    template = (
        f"{{n}} patients took {{drug}} for {{weeks}} patient-weeks ({{years}} patient-years) "
        f"within follow-up; the dose at the start was {{dose}} {analysis.unit}/kg/day. It was interrupted in "
        f"{{interrupted}} and stopped before the end of follow-up in {{stopped}}."
    )
    sentences = [Sentence(template=template, values=values)]
    if analysis.below_label is not None:
        below = shown.share(BELOW_LABEL)
        sentences.append(Sentence(template="The dose was below the label’s in {below}.", values={"below": below}))
    return sentences


def _limitations(shown: _Shown) -> list[Sentence]:
    found = {row.variable: row for row in shown.own.rows if row.variable in _DOUBTS}
    return [
        Sentence(template=template, values={"drug": cell("text", found[kind]), "n": cell("integer", found[kind])})
        for kind, template in _DOUBTS.items()
        if kind in found
    ]


def _methods(analysis: Exposure) -> list[str]:
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


def _listing(analysis: Exposure) -> Listing:
    heads = {"patient": "Patient", "what": "What", "days_without": "Days without", "reason": "Reason"}
    title = f"{analysis.treatment.drugs.label.capitalize()}: interruptions and stops"
    return Listing(key=lines_key(analysis), title=title, heads=heads)
