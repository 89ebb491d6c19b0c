"""Present the glucocorticoid taper: doses and reductions by visit, times to taper, and a circle to warn of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from myosotis.analysis.glucocorticoid_taper import MG, MG_PER_KG, GlucocorticoidTaper
from myosotis.language.structure import Node, observed, walk
from myosotis.language.values import CumulativeDose, DoseOn
from myosotis.measures.glucocorticoids import PREDNISONE_EQUIVALENTS
from myosotis.presentation.cells import cell, table
from myosotis.presentation.event_times import reached_cell
from myosotis.presentation.layout import Cell, Paragraph, Sentence, Table, TableColumn, TableRow
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow
from myosotis.study.population import Population

__all__ = ["present_taper"]

Found = Mapping[str, ResultRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taper:
    """Find the results of one population's taper by what they are of."""

    population: Population
    own: Results

    def dose(self, unit: str, visit: str) -> Found:
        return self.own.by_statistic(endpoint=unit, variable="dose", visit=visit)

    def reduction(self, unit: str, visit: str) -> Found:
        return self.own.by_statistic(endpoint=unit, variable="own reduction", visit=visit)

    def of_medians(self, unit: str, visit: str) -> Cell:
        found = self.own.by_statistic(endpoint=unit, variable="change of medians", visit=visit)
        return cell("number", found["estimate"], decimals=1)

    def of(self, endpoint: str, **keys: str) -> Found:
        return self.own.by_statistic(endpoint=endpoint, **keys)

    def off(self, visit: str) -> Found:
        return self.of("off glucocorticoids", visit=visit)


def present_taper(analysis: GlucocorticoidTaper, results: Results) -> Presentation:
    """Give the tables, the sentences, the methods and the limitations of the analysis."""
    own = results.where(analysis=analysis.key)
    tapers = [_Taper(population=one, own=own.where(population=one.key)) for one in analysis.populations]
    return Presentation(
        tables=(_doses_table(analysis, tapers), _times_table(analysis, tapers)),
        findings=(Paragraph(heading=analysis.title, sentences=[_sentence(analysis, one) for one in tapers]),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("describe", "clopper_pearson", "kaplan_meier", "kaplan_meier_median"),
        limitations=tuple(limit for population in analysis.subgroups for limit in _circular(population)),
    )


def _doses_table(analysis: GlucocorticoidTaper, tapers: Sequence[_Taper]) -> Table:
    """Lay out doses, both kinds of reduction and patients off glucocorticoids by visit, population by population."""
    visits = [visit.label for visit in analysis.visits]
    lines: list[TableRow] = []
    for one in tapers:
        lines.append(TableRow(label=one.population.label, heading=True, cells=[None] * len(visits)))
        lines.append(_line("n", [cell("integer", one.dose(MG_PER_KG, visit)["n"]) for visit in visits]))
        for unit, decimals in ((MG, 1), (MG_PER_KG, 2)):
            doses = [_median(one.dose(unit, visit), decimals) for visit in visits]
            lines.append(_line(f"{unit}, median [Q1, Q3]", doses))
        for unit in (MG, MG_PER_KG):
            own = [_median(one.reduction(unit, visit), 0) for visit in visits[1:]]
            lines.append(_line(f"own reduction of {unit}, %, median [Q1, Q3]", [None, *own]))
            changes = [one.of_medians(unit, visit) for visit in visits[1:]]
            lines.append(_line(f"reduction by change of medians of {unit}, %", [None, *changes]))
        names = ("count", "total", "conf_low", "conf_high")
        off = [cell("n_of_total_interval", *(one.off(visit)[name] for name in names)) for visit in visits]
        lines.append(_line("off glucocorticoids", off))
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=visit, sub="") for visit in visits],
        rows=lines,
        note="Prednisone equivalent on the day of the visit, pulses left out. Own reduction: median of the patients’ own "
        "percent reductions; change of medians: the percent by which the median at the visit is below the first, which is "
        f"not a reduction that any patient had. n/N (%; exact {analysis.conf_level:.0%} interval). Quartiles by definition "
        f"{analysis.quartiles}. {analysis.note}".strip(),
    )


def _times_table(analysis: GlucocorticoidTaper, tapers: Sequence[_Taper]) -> Table:
    """Lay out cumulative doses and times to taper, one column per population."""
    nothing: list[None] = [None] * len(tapers)

    def medians(endpoint: str, decimals: int) -> list[Cell]:
        return [_median(one.of(endpoint), decimals) for one in tapers]

    pulsed = [one.of("patients with a pulse") for one in tapers]
    lines: list[TableRow] = [
        TableRow(label=f"Day 1 to day {analysis.last_day}", heading=True, cells=list(nothing)),
        _line("cumulative dose, mg, median [Q1, Q3]", medians("cumulative dose", 0)),
        _line("cumulative dose, mg/kg, median [Q1, Q3]", medians("cumulative dose per kg", 1)),
        _line("patients with a pulse", [cell("n_of_total", one["count"], one["total"]) for one in pulsed]),
    ]
    for what in ("half dose", "no dose"):
        time = f"time to {what}"
        counted = [one.of(time, variable="") for one in tapers]
        lines += [
            TableRow(label=f"Time to {what}", heading=True, cells=list(nothing)),
            _line("patients on glucocorticoids at the start", [cell("integer", one["n"]) for one in counted]),
            _line("reached", [cell("integer", one["events"]) for one in counted]),
            *(
                _line(
                    f"reached by {visit.label}, % (interval)",
                    [reached_cell(one.of(time, variable="reached", visit=visit.label)) for one in tapers],
                )
                for visit in analysis.visits[1:]
            ),
            _line(
                "reached, later above it again",
                [cell("integer", one.of(time, variable="above it again")["count"]) for one in tapers],
            ),
            _line("median days (interval)", [_median_time(one.of(time, variable="median")) for one in tapers]),
        ]
    return table(
        f"{analysis.key}-times",
        f"{analysis.title}: cumulative dose and time to taper",
        columns=[TableColumn(label=population.label, sub="") for population in analysis.populations],
        rows=lines,
        note=f"Kaplan-Meier estimates with log-log {analysis.conf_level:.0%} intervals. Patients without a dose at "
        f"{analysis.visits[0].label} are not counted in times.",
    )


def _sentence(analysis: GlucocorticoidTaper, one: _Taper) -> Sentence:
    """Say both reductions to the last visit."""
    first, last = analysis.visits[0].label, analysis.visits[-1].label
    values = {
        "first": _median(one.dose(MG_PER_KG, first), 2),
        "last": _median(one.dose(MG_PER_KG, last), 2),
        "own": _median(one.reduction(MG_PER_KG, last), 0),
        "n": cell("integer", one.reduction(MG_PER_KG, last)["n"]),
        "change": one.of_medians(MG_PER_KG, last),
        "off": cell("n_of_total", one.off(last)["count"], one.off(last)["total"]),
    }
    template = (
        f"{one.population.label}: {{first}} mg/kg/day at {first} and {{last}} at {last}. The patients’ own reductions had a "
        f"median of {{own}} percent (n = {{n}}); the medians differ by {{change}} percent. Off them at {last}: "
        "{off}."
    )
    return Sentence(template=template, values=values)


def _line(label: str, cells: Sequence[Cell | None]) -> TableRow:
    return TableRow(label=label, indent=1, cells=cells)


def _median(found: Found, decimals: int) -> Cell:
    return cell("median_iqr", *(found[name] for name in ("median", "q1", "q3")), decimals=decimals)


def _median_time(found: Found) -> Cell:
    return cell("interval", *(found[name] for name in ("estimate", "conf_low", "conf_high")), decimals=0)


def _methods(analysis: GlucocorticoidTaper) -> list[str]:
    """Say how doses, reductions and times were got."""
    first = analysis.visits[0].label
    return [
        "Glucocorticoids are converted to prednisone by the factors of the definition maintenance_prednisone_equivalent "
        "before they are divided by the weight nearest in time "
        f"(at most {analysis.weight_within} days away). Pulses are left out of the dose and counted apart. A course without "
        "a dose, or of a drug without a known equivalent, makes the dose of its days unknown.",
        f"A patient’s own reduction is in percent of the dose at {first}, for patients with a dose above 0 then; the change "
        "of medians compares the medians of the two visits, each of all patients with a dose.",
        f"Cumulative dose: the sum of daily doses from day 1 to day {analysis.last_day}, both included.",
        f"Time to half dose (to no dose) is the first day from day 1 with a maintenance dose of at most half the dose at "
        f"{first} (of 0), in mg/day, whether or not it rose again. A patient is observed to day {analysis.last_day}, or to "
        "the last day with any record if that is earlier, and not beyond a day whose dose is unknown.",
    ]


def _circular(population: Population) -> list[Sentence]:
    """Warn where a population is defined by the dose that is described in it."""
    if population.criterion is None or not _looks_at_dose(population.criterion):
        return []
    template = (
        f"{population.label}: a reduced glucocorticoid dose is part of what puts a patient into this group, so that the "
        "reduction in it is partly true by definition; only the whole cohort can show how far doses fell."
    )
    return [Sentence(template=template)]


def _looks_at_dose(criterion: Node) -> bool:
    drugs = [node.drugs for node in walk(criterion) if isinstance(node, DoseOn | CumulativeDose)]
    by_course = any("glucocorticoid" in one.classes or set(one.names) & set(PREDNISONE_EQUIVALENTS) for one in drugs)
    return by_course or any("glucocorticoid_dose" in name for name in observed(criterion))
