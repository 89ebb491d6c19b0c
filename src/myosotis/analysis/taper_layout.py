"""The layout of the glucocorticoid taper: its tables, sentences and methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from myosotis.analysis.glucocorticoid_taper import MG, MG_PER_KG, GlucocorticoidTaper
from myosotis.analysis.output import cell, table
from myosotis.language.structure import Node, observed, walk
from myosotis.language.values import CumulativeDose, DoseOn
from myosotis.measures.glucocorticoids import PREDNISONE_EQUIVALENTS
from myosotis.results.layout import Cell, Sentence, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow
from myosotis.study.population import Population

__all__ = ["circular_limit", "taper_methods", "taper_sentences", "taper_table", "times_table"]

Rows = Mapping[str, Mapping[str, ResultRow]]


def taper_table(analysis: GlucocorticoidTaper, by_population: Rows) -> Table:
    """Lay out doses, both kinds of reduction and patients off glucocorticoids by visit, population by population."""
    visits = analysis.visits
    lines: list[TableRow] = []
    for population in analysis.populations:
        rows = by_population[population.key]

        def line(label: str, cells: Sequence[Cell | None]) -> TableRow:
            return TableRow(label=label, indent=1, cells=cells)

        def median(key: str, decimals: int, of: Mapping[str, ResultRow] = rows) -> Cell:
            return cell("median_iqr", *(of[f"{key} {name}"] for name in ("median", "q1", "q3")), decimals=decimals)

        lines.append(TableRow(label=population.label, heading=True, cells=[None] * len(visits)))
        lines.append(line("n", [cell("integer", rows[f"{MG_PER_KG} {visit.label} n"]) for visit in visits]))
        lines.append(line("mg/day, median [Q1, Q3]", [median(f"{MG} {visit.label}", 1) for visit in visits]))
        lines.append(line("mg/kg/day, median [Q1, Q3]", [median(f"{MG_PER_KG} {visit.label}", 2) for visit in visits]))
        for unit in (MG, MG_PER_KG):
            own = [median(f"{unit} own {visit.label}", 0) for visit in visits[1:]]
            lines.append(line(f"own reduction of {unit}, %, median [Q1, Q3]", [None, *own]))
            changes = [cell("number", rows[f"{unit} medians {visit.label}"], decimals=1) for visit in visits[1:]]
            lines.append(line(f"reduction by change of medians of {unit}, %", [None, *changes]))
        names = ("count", "total", "conf_low", "conf_high")
        off = [cell("n_of_total_interval", *(rows[f"off {visit.label} {name}"] for name in names)) for visit in visits]
        lines.append(line("off glucocorticoids", list(off)))
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=visit.label, sub="") for visit in visits],
        rows=lines,
        note="Prednisone equivalent on the day of the visit, pulses left out. Own reduction: median of the patients’ own "
        "percent reductions; change of medians: the percent by which the median at the visit is below the first, which is "
        f"not a reduction that any patient had. n/N (%; exact {analysis.conf_level:.0%} interval). Quartiles by definition "
        f"{analysis.quartiles}. {analysis.note}".strip(),
    )


def times_table(analysis: GlucocorticoidTaper, by_population: Rows) -> Table:
    """Lay out cumulative doses and times to taper, one column per population."""
    populations = [by_population[population.key] for population in analysis.populations]

    def line(label: str, cells: Sequence[Cell | None], indent: int = 1) -> TableRow:
        return TableRow(label=label, indent=indent, cells=cells)

    def median(key: str, decimals: int) -> list[Cell]:
        names = ("median", "q1", "q3")
        return [
            cell("median_iqr", *(rows[f"{key} {name}"] for name in names), decimals=decimals) for rows in populations
        ]

    nothing: list[None] = [None] * len(populations)
    lines: list[TableRow] = [
        TableRow(label=f"Day 1 to day {analysis.last_day}", heading=True, cells=list(nothing)),
        line("cumulative dose, mg, median [Q1, Q3]", median("cumulative dose", 0)),
        line("cumulative dose, mg/kg, median [Q1, Q3]", median("cumulative dose per kg", 1)),
        line(
            "patients with a pulse",
            [cell("n_of_total", rows["pulsed count"], rows["pulsed total"]) for rows in populations],
        ),
    ]
    for what in ("half dose", "no dose"):
        lines += [
            TableRow(label=f"Time to {what}", heading=True, cells=list(nothing)),
            line(
                "patients on glucocorticoids at the start", [cell("integer", rows[f"{what} n"]) for rows in populations]
            ),
            line("reached", [cell("integer", rows[f"{what} events"]) for rows in populations]),
            *(
                line(
                    f"reached by {visit.label}, % (interval)",
                    [
                        cell(
                            "percent_interval",
                            *(rows[f"{what} {visit.label} {name}"] for name in ("proportion", "conf_low", "conf_high")),
                        )
                        for rows in populations
                    ],
                )
                for visit in analysis.visits[1:]
            ),
            line("reached, later above it again", [cell("integer", rows[f"{what} rose"]) for rows in populations]),
            line(
                "median days (interval)",
                [
                    cell(
                        "interval",
                        *(rows[f"{what} {name}"] for name in ("estimate", "conf_low", "conf_high")),
                        decimals=0,
                    )
                    for rows in populations
                ],
            ),
        ]
    return table(
        f"{analysis.key}-times",
        f"{analysis.title}: cumulative dose and time to taper",
        columns=[TableColumn(label=population.label, sub="") for population in analysis.populations],
        rows=lines,
        note=f"Kaplan-Meier estimates with log-log {analysis.conf_level:.0%} intervals. Patients without a dose at "
        f"{analysis.visits[0].label} are not counted in times.",
    )


def taper_sentences(analysis: GlucocorticoidTaper, by_population: Rows) -> list[Sentence]:
    """Say both reductions to the last visit, whole cohort and populations apart."""
    first, last = analysis.visits[0].label, analysis.visits[-1].label
    sentences = []
    for population in analysis.populations:
        rows = by_population[population.key]
        values = {
            "first": cell("median_iqr", *_median(rows, f"{MG_PER_KG} {first}"), decimals=2),
            "last": cell("median_iqr", *_median(rows, f"{MG_PER_KG} {last}"), decimals=2),
            "own": cell("median_iqr", *_median(rows, f"{MG_PER_KG} own {last}"), decimals=0),
            "n": cell("integer", rows[f"{MG_PER_KG} own {last} n"]),
            "change": cell("number", rows[f"{MG_PER_KG} medians {last}"], decimals=1),
            "off": cell("n_of_total", rows[f"off {last} count"], rows[f"off {last} total"]),
        }
        template = (
            f"{population.label}: {{first}} mg/kg/day at {first} and {{last}} at {last}. The patients’ own reductions had a "
            f"median of {{own}} percent (n = {{n}}); the medians differ by {{change}} percent. Off them at {last}: "
            "{off}."
        )
        sentences.append(Sentence(template=template, values=values))
    return sentences


def taper_methods(analysis: GlucocorticoidTaper) -> list[str]:
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


def _median(rows: Mapping[str, ResultRow], key: str) -> list[ResultRow]:
    return [rows[f"{key} {name}"] for name in ("median", "q1", "q3")]


def circular_limit(population: Population) -> list[Sentence]:
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
