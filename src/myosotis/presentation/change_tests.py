"""Present the tests of change over visits: the overall test, the pairs, and what so few patients cannot show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from myosotis.analysis.change import ASYMPTOTIC, LEAST_OF_PAIRS, ChangeOverVisits, Outcome, compared_visits
from myosotis.presentation.cells import cell, table
from myosotis.presentation.layout import Sentence, Table, TableColumn, TableRow
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow

__all__ = ["ADJUSTMENTS", "PAIRWISE", "Tested", "pairs_table", "reach_limit", "tested", "tests_table"]

# The methods as a reader knows them.
PAIRWISE = {
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

_ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Hold the results of one outcome's tests: the overall one, the p-value of its chi-square, the pairs.

    `pairs` are by comparison and statistic. `least` is the smallest p that a pair can give and `least_of_all` that after
    adjustment; both are absent where nothing was tested.
    """

    overall: Mapping[str, ResultRow]
    asymptotic: ResultRow
    pairs: Mapping[tuple[str, ...], ResultRow]
    least: ResultRow | None
    least_of_all: ResultRow | None


def tested(results: Results) -> Tested:
    """Sort the results of one outcome's tests by what they are of."""
    smallest = [row for row in results.rows if row.statistic == "smallest_p" and row.method.startswith(LEAST_OF_PAIRS)]
    least = {row.method == LEAST_OF_PAIRS: row for row in smallest}
    own = Results.of((row for row in results.rows if row not in smallest), results.fingerprint)
    by_method = own.where(comparison="").by("statistic", "method")
    exact = {name: row for (name, method), row in by_method.items() if method != ASYMPTOTIC}
    asymptotic = {name: row for (name, method), row in by_method.items() if method == ASYMPTOTIC}
    overall = {**asymptotic, **exact}
    pairs = Results.of((row for row in own.rows if row.comparison), own.fingerprint)
    return Tested(
        overall=overall,
        # A test that gave nothing, or that chose the chi-square itself, stands in both columns.
        asymptotic=asymptotic.get("p_value", overall["p_value"]),
        pairs=pairs.by("comparison", "statistic"),
        least=least.get(True),
        least_of_all=least.get(False),
    )


def tests_table(analysis: ChangeOverVisits, by_outcome: Mapping[str, Tested]) -> Table:
    """Lay out the overall tests, one line per outcome."""
    second = analysis.test.p != "asymptotic"

    def line(outcome: Outcome) -> TableRow:
        found = by_outcome[outcome.key]
        return TableRow(
            label=outcome.label,
            cells=[
                cell("integer", found.overall["n"]),
                cell("number", found.overall["statistic"], decimals=2),
                cell("integer", found.overall["df"]),
                cell("p_value", found.overall["p_value"]),
                *([cell("p_value", found.asymptotic)] if second else []),
                cell("number", found.overall["effect_size"], decimals=2),
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


def pairs_table(analysis: ChangeOverVisits, by_outcome: Mapping[str, Tested]) -> Table:
    """Lay out the adjusted p-values of all pairs of visits compared, one column per outcome."""
    return table(
        f"{analysis.key}-pairs",
        f"{analysis.title}: adjusted p-values of pairs of visits",
        columns=[TableColumn(label=outcome.label, sub="") for outcome in analysis.outcomes],
        rows=[
            TableRow(label=pair, cells=[cell("p_value", one.pairs[pair, "p_adjusted"]) for one in by_outcome.values()])
            for pair in compared_visits([visit.label for visit in analysis.visits], analysis.test)
        ],
        note=f"Compared by {PAIRWISE[analysis.test.pairwise]}; {ADJUSTMENTS[analysis.test.adjust]}.",
    )


def reach_limit(analysis: ChangeOverVisits, outcome: Outcome, found: Tested) -> tuple[Sentence, ...]:
    """Say when so few patients were seen at every visit that no exact comparison of two can reach 0.05 after adjustment."""
    if found.least is None or found.least_of_all is None or analysis.test.adjust == "none":
        return ()
    if (found.least_of_all.number or 0) <= _ALPHA:
        return ()
    template = (
        f"{outcome.label}: {{n}} patients were seen at every visit. The smallest two-sided p that an exact comparison of "
        "two visits can give is {least}, after adjustment {adjusted}: an adjusted p below the usual threshold rests on the "
        "normal approximation of mean ranks."
    )
    values = {
        "n": cell("integer", found.overall["n"]),
        "least": cell("p_value", found.least),
        "adjusted": cell("p_value", found.least_of_all),
    }
    return (Sentence(template=template, values=values),)
