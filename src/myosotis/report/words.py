"""Name a result in words a clinician reads, from the keys that identify it."""

from __future__ import annotations

from myosotis.report.format import number
from myosotis.report.lookup import Lookup, Row

__all__ = ["describe", "keys_in_words", "subject"]

STATISTIC_WORDS = {
    "n": "number of patients",
    "n_missing": "number of patients with a missing value",
    "n_not_evaluable": "number of patients not evaluable",
    "count": "count",
    "count_most": "count if every patient who is not evaluable counted",
    "total": "total",
    "proportion": "proportion",
    "mean": "mean",
    "sd": "standard deviation",
    "median": "median",
    "q1": "first quartile",
    "q3": "third quartile",
    "minimum": "minimum",
    "maximum": "maximum",
    "statistic": "test statistic",
    "df": "degrees of freedom",
    "df_denominator": "denominator degrees of freedom",
    "p_value": "p-value",
    "p_adjusted": "adjusted p-value",
    "smallest_p": "smallest p-value that these data could have given",
    "effect_size": "effect size",
    "estimate": "estimate",
    "conf_low": "lower confidence limit",
    "conf_high": "upper confidence limit",
    "events": "number of events",
    "events_most": "number of events with those that may belong",
    "person_time": "person-time",
    "person_time_most": "longest person-time",
    "rate": "rate",
    "rate_least": "lowest rate",
    "rate_most": "highest rate",
}

KEY_WORDS = {
    "site": "Site",
    "analysis": "Analysis",
    "endpoint": "Endpoint",
    "population": "Population",
    "groups": "Group",
    "variable": "Variable",
    "level": "Level",
    "visit": "Visit",
    "comparison": "Comparison",
}


def subject(row: Row, index: Lookup) -> str:
    """Say what a result is about, without its statistic: endpoint, variable, visit or comparison, group, population."""
    named = [index.label(row[key]) for key in ("endpoint", "variable") if row[key] and row[key] != "value"]
    first = ", ".join(named or [index.label(row["analysis"])]) + (f" ({row['level']})" if row["level"] else "")
    population = _populations(index).get(row["population"], row["population"])
    parts = [first, row["comparison"] or row["visit"], row["groups"], population, row["site"]]
    return ", ".join(part for part in parts if part)


def describe(row: Row, index: Lookup) -> str:
    """Say in words which number a result is.

    >>> from types import SimpleNamespace
    >>> index = SimpleNamespace(label=lambda key: key.upper(), document=SimpleNamespace(populations=()))
    >>> keys = dict.fromkeys(("endpoint", "analysis", "level", "comparison", "groups", "population", "site"), "")
    >>> describe({**keys, "variable": "cmas", "visit": "week 12", "statistic": "q1"}, index)
    'First quartile: CMAS, week 12'
    """
    words = STATISTIC_WORDS[row["statistic"]]
    return f"{words[0].upper()}{words[1:]}: {subject(row, index)}"


def keys_in_words(row: Row, index: Lookup) -> list[tuple[str, str]]:
    """List the keys of a result as pairs of a word and what it holds, empty keys left out."""
    pairs = []
    populations = _populations(index)
    for key, word in KEY_WORDS.items():
        if row[key]:
            shown = index.label(row[key]) if key in ("variable", "endpoint") else row[key]
            if key == "population":
                shown = populations.get(shown, shown)
            if key == "visit" and row["week"] is not None:
                shown = f"{shown} (target: {number(row['week'], 1).removesuffix('.0')} weeks after the index date)"
            pairs.append((word, shown))
    return pairs


def _populations(index: Lookup) -> dict[str, str]:
    return {population.key: population.label for population in index.document.populations}
