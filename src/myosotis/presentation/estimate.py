"""Present one statistic of one sample: its table and its methods."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.estimate import Estimate
from myosotis.analysis.samples import parts_of
from myosotis.language.sentences import sentence
from myosotis.presentation.cells import cell, table
from myosotis.presentation.layout import Cell, Format, Paragraph, Table, TableColumn, TableRow
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

__all__ = ["present_estimate"]

# The two groups of a sample, by what a criterion said.
_GROUPS = {"by=yes": "by holds", "by=no": "by does not hold"}

_WITH_ENDS: tuple[tuple[Format, tuple[str, ...]], ...] = (
    ("interval", ("estimate", "conf_low", "conf_high")),
    ("median_iqr", ("median", "q1", "q3")),
)

Where = tuple[str, str, str, str]


def present_estimate(analysis: Estimate, results: Results) -> Presentation:
    """Give the table and the methods of the analysis."""
    return Presentation(
        tables=(_table(analysis, results.where(analysis=analysis.key)),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=(analysis.method,),
    )


def _table(analysis: Estimate, results: Results) -> Table:
    lines: dict[Where, dict[str, ResultRow]] = {}
    for row in results.rows:
        lines.setdefault((row.variable, row.groups, row.visit, row.level), {})[row.statistic] = row
    visits = ["", *(visit.label for visit in getattr(analysis.sample, "visits", ()))]

    def place(where: Where) -> tuple[bool, bool, str, str, int, int, str]:
        """Put the answer first, then what was estimated, then what was tested; visits in their order, levels by number."""
        variable, groups, visit, level = where
        estimated = "estimate" in lines[where] or "median" in lines[where]
        number = int(level) if level.isdecimal() else 0
        return (variable != "", not estimated, variable, groups, visits.index(visit), number, level)

    labels = [TableColumn(label=one, sub="") for one in ("Patients", "Estimate (limits)", "Statistic", "p")]
    return table(
        analysis.key,
        analysis.title,
        columns=labels,
        rows=[
            TableRow(label=_label(where), cells=_cells(analysis, lines[where])) for where in sorted(lines, key=place)
        ],
        note=analysis.note,
    )


def _cells(analysis: Estimate, found: Mapping[str, ResultRow]) -> list[Cell | None]:
    return [
        cell("integer", found["n"]) if "n" in found else None,
        _estimate(analysis, found),
        cell("number", found["statistic"], decimals=2) if "statistic" in found else None,
        cell("p_value", found["p_value"]) if "p_value" in found else None,
    ]


def _estimate(analysis: Estimate, found: Mapping[str, ResultRow]) -> Cell | None:
    """Print an estimate with its limits, a median with its quartiles, or what there is of either."""
    for format_, names in _WITH_ENDS:
        if all(name in found for name in names):
            return cell(format_, *(found[name] for name in names), decimals=analysis.decimals)
    alone = found.get("estimate") or found.get("median")
    return cell("number", alone, decimals=analysis.decimals) if alone else None


def _methods(analysis: Estimate) -> list[str]:
    from myosotis.statistics.methods import METHODS

    chosen = ", ".join(f"{name} = {one}" for name, one in analysis.choices.items())
    told = [f"{METHODS[analysis.method].label}{f' ({chosen})' if chosen else ''}."]
    return told + [f"{name}: {sentence(node)}." for name, node in parts_of(analysis.sample).items()]


def _label(where: Where) -> str:
    words = (_GROUPS.get(part, part) for part in where if part)
    return ", ".join(words) or "All patients"
