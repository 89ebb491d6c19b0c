"""Present one statistic of one sample: its table and its methods."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.estimate import Estimate
from myosotis.analysis.samples import Design, Repeated, RepeatedInGroups, Studies, parts_of
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
        line = lines.setdefault((row.variable, row.groups, row.visit, row.level), {})
        # Of two adjustments of one p-value the table prints the sharper one, which steps down.
        if row.statistic not in line or row.method.endswith("step-down"):
            line[row.statistic] = row
    sample = analysis.sample
    over = sample.visits if isinstance(sample, Repeated | RepeatedInGroups) else ()
    visits = ["", *(visit.label for visit in over)]

    def place(where: Where) -> tuple[bool, bool, str, str, int, int, str]:
        """Put the answer first, then what was estimated, then what was tested; visits in their order, levels by number."""
        variable, groups, visit, level = where
        estimated = "estimate" in lines[where] or "median" in lines[where]
        number = int(level) if level.isdecimal() else 0
        return (variable != "", not estimated, variable, groups, visits.index(visit), number, level)

    adjusted = any("p_adjusted" in line for line in lines.values())
    heads = ("Patients", "Estimate (limits)", "Statistic", "p", *(("adjusted p",) if adjusted else ()))
    labels = [TableColumn(label=one, sub="") for one in heads]
    return table(
        analysis.key,
        analysis.title,
        columns=labels,
        rows=[
            TableRow(label=_label(analysis, where), cells=cells)
            for where in sorted(lines, key=place)
            if any(cells := _cells(analysis, lines[where])[: len(heads)])
        ],
        note=analysis.note,
    )


def _cells(analysis: Estimate, found: Mapping[str, ResultRow]) -> list[Cell | None]:
    return [
        cell("integer", found["n"]) if "n" in found else None,
        _estimate(analysis, found),
        cell("number", found["statistic"], decimals=2) if "statistic" in found else None,
        cell("p_value", found["p_value"]) if "p_value" in found else None,
        cell("p_value", found["p_adjusted"]) if "p_adjusted" in found else None,
    ]


def _estimate(analysis: Estimate, found: Mapping[str, ResultRow]) -> Cell | None:
    """Print an estimate with its limits, a median with its quartiles, or what there is of either."""
    for format_, names in _WITH_ENDS:
        if all(name in found for name in names):
            return cell(format_, *(found[name] for name in names), decimals=analysis.decimals)
    if "proportion" in found:
        shares = [found[name] for name in ("count", "total", "conf_low", "conf_high") if name in found]
        return cell("n_of_total_interval", *shares) if len(shares) == 4 else cell("percent", found["proportion"])
    if "conf_low" in found and "conf_high" in found:
        return cell("range", found["conf_low"], found["conf_high"], decimals=analysis.decimals)
    alone = next((found[name] for name in ("estimate", "median", "conf_low") if name in found), None)
    return None if alone is None else cell("number", alone, decimals=analysis.decimals)


def _methods(analysis: Estimate) -> list[str]:
    from myosotis.statistics.methods import METHODS

    chosen = ", ".join(f"{name} = {one}" for name, one in analysis.choices.items())
    told = [f"{METHODS[analysis.method].label}{f' ({chosen})' if chosen else ''}."]
    told += [f"{name}: {sentence(node)}." for name, node in parts_of(analysis.sample).items()]
    if isinstance(analysis.sample, Studies):
        told += [f"{one.label}: {one.count} of {one.total} ({one.citation})." for one in analysis.sample.published]
    if isinstance(analysis.sample, Design):
        told.append(f"{analysis.sample.patients} patients at {analysis.sample.visits} visits.")
    return told


def _label(analysis: Estimate, where: Where) -> str:
    if analysis.method == "responder_tipping_point":
        return f"lower limit with {where[-1]} of the missing" if where[-1] else "missing who must have responded"
    words = (_GROUPS.get(part, part) for part in where if part)
    return ", ".join(words) or "All patients"
