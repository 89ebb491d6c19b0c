"""How the tests of change over visits are laid out and worded."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.change import ChangeOverVisits, Outcome
from myosotis.analysis.estimators import ASYMPTOTIC
from myosotis.analysis.output import cell, table
from myosotis.results.layout import Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = ["ADJUSTMENTS", "METHODS", "pairs_table", "tests_table"]

# The methods as a reader knows them.
METHODS = {
    "dunn": "Dunn’s method on mean ranks",
    "nemenyi": "Nemenyi’s method",
    "conover": "Conover’s method",
    "exact": "the exact method of Eisinga",
    "permutation": "exact permutation within patients",
}
ADJUSTMENTS = {
    "bonferroni": "Bonferroni-adjusted",
    "holm": "Holm-adjusted",
    "hochberg": "Hochberg-adjusted",
    "hommel": "Hommel-adjusted",
    "bh": "adjusted for the false discovery rate (Benjamini and Hochberg)",
    "none": "not adjusted",
}


def tests_table(analysis: ChangeOverVisits, rows: Mapping[tuple[str, str, str, str], ResultRow]) -> Table:
    """Lay out the overall tests, one line per outcome."""
    second = analysis.test.p != "asymptotic"

    def line(outcome: Outcome) -> TableRow:
        found = {
            (name, method == ASYMPTOTIC): row
            for (endpoint, versus, name, method), row in rows.items()
            if endpoint == outcome.key and not versus
        }

        def either(name: str) -> ResultRow:
            return found.get((name, False)) or found[name, True]

        # A test that gave nothing, or that chose the chi-square itself, stands in both columns.
        asymptotic = found.get(("p_value", True)) or either("p_value")
        return TableRow(
            label=outcome.label,
            cells=[
                cell("integer", either("n")),
                cell("number", either("statistic"), decimals=2),
                cell("integer", either("df")),
                cell("p_value", either("p_value")),
                *([cell("p_value", asymptotic)] if second else []),
                cell("number", either("effect_size"), decimals=2),
            ],
        )

    first = "p (chi-square)" if analysis.test.p == "asymptotic" else f"p ({analysis.test.p.replace('_', ' ')})"
    columns = ("patients", "χ²", "df", first, *(["p (chi-square)"] if second else []), "Kendall’s W")
    return table(
        f"{analysis.key}-tests",
        f"{analysis.title}: Friedman test across all visits",
        columns=[TableColumn(label=label, sub="") for label in columns],
        rows=[line(outcome) for outcome in analysis.outcomes],
        note="Patients with a value at every visit.",
    )


def pairs_table(analysis: ChangeOverVisits, rows: Mapping[tuple[str, str, str, str], ResultRow]) -> Table:
    """Lay out the adjusted p-values of all pairs of visits compared, one column per outcome."""
    adjusted = {(endpoint, versus): row for (endpoint, versus, name, _), row in rows.items() if name == "p_adjusted"}
    versus = list(dict.fromkeys(pair for _, pair in adjusted))
    return table(
        f"{analysis.key}-pairs",
        f"{analysis.title}: adjusted p-values of pairs of visits",
        columns=[TableColumn(label=outcome.label, sub="") for outcome in analysis.outcomes],
        rows=[
            TableRow(label=pair, cells=[cell("p_value", adjusted[outcome.key, pair]) for outcome in analysis.outcomes])
            for pair in versus
        ],
        note=f"Compared by {METHODS[analysis.test.pairwise]}; {ADJUSTMENTS[analysis.test.adjust]}.",
    )
