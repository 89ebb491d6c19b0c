"""What a bundle holds, in words: every file, every column of every table, every statistic, every key of the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["COLUMNS", "FILES", "MANIFEST_KEYS", "STATISTICS", "STATUSES", "Column", "File"]

ColumnType = Literal["text", "number", "integer", "texts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Say what a column of a table holds: its type and its meaning, which says the unit and what empty or NULL means."""

    name: str
    type: ColumnType
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Say what a file of a bundle is: `name` is its path within the bundle, `*` standing for any text but a slash."""

    name: str
    meaning: str


def _text(name: str, meaning: str) -> Column:
    return Column(name=name, type="text", meaning=meaning)


def _number(name: str, meaning: str) -> Column:
    return Column(name=name, type="number", meaning=meaning)


def _integer(name: str, meaning: str) -> Column:
    return Column(name=name, type="integer", meaning=meaning)


STATISTICS: Mapping[str, str] = {
    "n": "patients with a value or with what `variable` names",
    "n_missing": "patients of the population without a value",
    "n_not_evaluable": "patients for whom the criterion can be neither told to hold nor to fail",
    "count": "patients for whom it holds, or who had at least one event",
    "count_most": "patients for whom it holds or, not being exactly known, could hold",
    "total": "the denominator of `count`: patients",
    "proportion": "a share, 0 to 1",
    "mean": "arithmetic mean",
    "sd": "standard deviation, divided by n - 1",
    "median": "median; `method` names the quantile definition",
    "q1": "lower quartile; `method` names the quantile definition",
    "q3": "upper quartile; `method` names the quantile definition",
    "minimum": "smallest value",
    "maximum": "largest value",
    "statistic": "a test's statistic; `method` names the test",
    "df": "a test's degrees of freedom; of an F, those of its numerator",
    "df_denominator": "the denominator's degrees of freedom of an F",
    "p_value": "p-value, not adjusted for other comparisons",
    "p_adjusted": "p-value adjusted for the comparisons that `method` names",
    "smallest_p": "the smallest p-value that the exact test can give with so many patients",
    "effect_size": "a test's effect size, such as Kendall's W, 0 to 1",
    "estimate": "an estimate that has no statistic of its own; `variable` and `method` name it",
    "conf_low": "lower confidence limit at `conf_level`",
    "conf_high": "upper confidence limit at `conf_level`",
    "events": "events, of which a patient may have several",
    "events_most": "events, with those that may belong: their onset, facts or words are not exactly known",
    "person_time": "time summed over patients, in `unit`; of what is not exactly known the shortest it can be",
    "person_time_most": "the longest that time can be, in `unit`",
    "rate": "events by person-time; what it is per stands in `text`",
    "rate_least": "the rate of the fewest events by the longest time",
    "rate_most": "the rate of the most events by the shortest time",
}

STATUSES: Mapping[str, str] = {
    "ok": "the number stands",
    "not_estimable": "the data give no such number; `note` says why",
    "failed": "the computation ended without a number; `note` says why",
    "suppressed": "the number is withheld because it is about too few patients",
}

_RESULTS = (
    _text("result_id", "identifier of the row: the first 12 hexadecimal digits of the SHA-256 of its keys, which are study, "
        "site, analysis, endpoint, population, groups, variable, level, visit, comparison, method and statistic"),
    _text("study", "the protocol's key"),
    _text("analysis", "key of the analysis; `flow` and `populations` are there in every study"),
    _text("statistic", "what the number is, one of the closed list below"),
    _number(
        "number",
        "the number, not rounded, in `unit`; NULL when there is none, and then `status` and `note` say why; at the root "
        "ages and durations in `years` or `months` are rounded as they are printed",
    ),
    _text("provenance_id", "the row of `provenance` that says how the number came about"),
    _text("site", "site of a study with several, empty otherwise"),
    _text("endpoint", "the outcome, drug, test or line of the table that the number is about"),
    _text("population", "key of the population"),
    _text("groups", "part of the population, as name=level pairs in name order (`sex=F`); empty for all of it"),
    _text("variable", "what of the endpoint the number is about, such as `value`, `change` or `test`"),
    _text("level", "category, term or grade that is counted; empty when nothing is"),
    _text("visit", "label of the visit's window; empty when the number is about no visit"),
    _number("week", "target of the visit's window in weeks from the index date; NULL without a visit"),
    _text("comparison", "the two visits compared, as `week 12 vs week 0`"),
    _text("text", "what stands beside the number in words, such as what a rate is per"),
    _text("unit", "unit of the number; empty for counts, shares, p-values and whatever else has none"),
    _text("method", "the algorithm with every choice that changes the number"),
    _number("conf_level", "confidence level of a limit, above 0 and below 1 (0.95); NULL for what is no limit"),
    _text("status", "whether there is a number, one of the closed list below"),
    _text("note", "why there is no number, or what to know about the one that is there"),
)  # fmt: skip

_PROVENANCE = (
    _text("provenance_id", "identifier of the row"),
    Column(name="definitions", type="texts", meaning="`key@version` of every definition that took part"),
    _text("data_fingerprint", "SHA-256 of the data read"),
    _text("query", "digest of the query, which stands in query.sql; 12 hexadecimal digits"),
    _text("rows_digest", "digest of the contributing rows of `listings`; 12 hexadecimal digits"),
    _text("listing_id", "identifiers, with spaces between them, of those rows in `listings`"),
    _text("sentence", "what was computed, in words"),
    _integer("seed", "seed of whatever was drawn by chance"),
)

_DEFINITIONS = (
    _text("key", "name of the definition in the catalogue"),
    _text("version", "version of the definition"),
    _text("kind", "observation, score, criterion, classification or formula"),
    _text("label", "its name for readers"),
    _text("sentence", "its rule in words; empty for what is read and not computed"),
    _text("unit", "unit of its values; empty for what has none"),
    _text("range", "values it may take, in words; empty where any may be"),
    _text("direction", "which way is better; empty for what is no number"),
    _text("missing", "what happens when something it needs is missing"),
    _text("citation", "its sources"),
    _text("doi", "their digital object identifiers"),
    _text("fingerprint", "digest of all of the definition; definitions.lock holds it to its version"),
)

_CHECKS = (
    _text("severity", "error, warning or note"),
    _text("rule", "the check that found it"),
    _text("message", "what was found, where, and what to do; at the root without what stood in a row"),
    _text("source", "file, as the mapping names it"),
    _text("sheet", "sheet of a workbook; empty for other files"),
    _integer("source_row", "row of the file, the header row counted; NULL at the root, and for what is about no row"),
    _text("source_column", "column header; empty for what is about no column"),
    _integer("count", "how often it was found"),
)

_LISTINGS = (
    _text("listing_id", "the listing that the row belongs to, see `provenance`"),
    _text("patient_id", "patient's identifier in the study"),
    _text("role", "`value`: what entered the statistic; `evidence`: what the value before it was made from"),
    _text("item", "what the value is of"),
    _number("number", "the value in `unit`, yes and no as 1 and 0; NULL when it is a text or missing"),
    _text("text", "the value in words: a category, true or false, or why it is missing"),
    _text("unit", "unit of the number"),
    _integer("day", "day of the value, day 0 being the index date; NULL when it is of no day"),
    _text("date", "its calendar date as YYYY-MM-DD; NULL when it has none"),
    _text("source", "file, as the mapping names it; empty for what was computed of several cells"),
    _text("sheet", "sheet of a workbook; empty for other files"),
    _integer("source_row", "row of the file, the header row counted; NULL for what was computed of several cells"),
    _text("source_column", "column header"),
)

_LEDGER = (
    _text("source", "file, as the mapping names it"),
    _text("sheet", "sheet of a workbook; empty for other files"),
    _integer("source_row", "row of the file, the header row counted"),
    _text("source_column", "column header"),
    _text("fate", "what became of the cell: used, converted, ignored or rejected"),
    _text("reason", "why; empty for a cell that was used as found"),
    _text("found", "what stood in the cell; empty for one that no result uses"),
    _text("became", "what it became; empty for a cell that no result uses"),
)

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "results": _RESULTS,
    "provenance": _PROVENANCE,
    "definitions": _DEFINITIONS,
    "checks": _CHECKS,
    "listings": _LISTINGS,
    "ledger": _LEDGER,
}

_FIGURE = "a figure: SVG, PDF and PNG to print, and its Vega-Lite specification with the numbers drawn"

FILES: tuple[File, ...] = (
    File(name="results.parquet", meaning="every number of the study, one row each"),
    File(name="provenance.parquet", meaning="what made each number"),
    File(name="definitions.parquet", meaning="the definitions that the study uses"),
    File(name="checks.parquet", meaning="what the checks of the data found, without the rows it is about"),
    File(name="query.sql", meaning="the query that evaluated every expression a second time, without patients' identifiers"),
    File(name="protocol.json", meaning="the protocol as a document, without example patients and patients' identifiers"),
    File(name="manifest.json", meaning="what was read and what became of it, and the digest of every other file"),
    File(name="manifest.sha256", meaning="the digest of manifest.json, which `myosotis run` also prints"),
    File(name="report.html", meaning="the report that can be shown"),
    File(name="tables/*.csv", meaning="each table of the report, as printed"),
    File(name="figures/*", meaning=_FIGURE),
    File(name="patient_level/listings.parquet", meaning="the rows behind every number, with the cells they come from"),
    File(name="patient_level/ledger.parquet", meaning="what became of every cell that is not empty"),
    File(name="patient_level/results.parquet", meaning="`results.parquet` with every digit of ages and durations"),
    File(name="patient_level/checks.parquet", meaning="what the checks of the data found, with the rows it is about"),
    File(name="patient_level/persons.json", meaning="the report's listings of patients, and who is in each population"),
    File(name="patient_level/query.sql", meaning="the query as it was sent, if it names a patient"),
    File(name="patient_level/protocol.json", meaning="all of the protocol, if it names a patient or has examples"),
    File(name="patient_level/report.html", meaning="the report with the rows behind every number"),
    File(name="patient_level/figures/*", meaning=f"{_FIGURE}; those that draw single patients"),
    File(name="patient_level/profiles/*.html", meaning="pages of single patients, made after the run by `myosotis profile`"),
    File(name="patient_level/added.json", meaning="digests of pages made after the run"),
)  # fmt: skip

MANIFEST_KEYS: Mapping[str, str] = {
    "schema_version": "version of this layout, `major.minor`; a release reads every minor version of its major one",
    "study": "the protocol's key, version, title, question and fingerprint, and whether its patients are synthetic",
    "software": "versions of whatever can change a number",
    "inputs": "every file read, with size in bytes and SHA-256: the protocol and the mapping first, then the data",
    "files": "SHA-256 of every file of both parts, by its path",
    "ledger": "cells of each sheet: read, used, converted, ignored, rejected; the last four add up to the first",
    "cells": "cells not used as found, counted by column, fate and reason",
    "records": "rows and records of each table of the mapping: kept, empty, ignored, merged, rejected",
    "seed": "the protocol's seed",
}
