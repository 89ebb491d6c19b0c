"""The two parts of a bundle: what a colleague may be shown, and what is about single patients.

Kept apart are the rows behind the results, the cells, the patient listings, the patients of a figure, the row and the
value that a finding of the checks is about, and the name of a patient in a query. Statistics are not: a smallest or
largest value, or a median of one, is one patient's value, but it stands alone, with no date and no second value of the
patient beside it. An age is the exception: with every digit it is known to the day, and gives a birth date to whoever
knows the day of one visit. So statistics of ages and of times since an onset or a diagnosis are told to everyone as they
are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from myosotis.core.decimals import decimal_of, rounded

__all__ = [
    "HELD_BACK",
    "coarser",
    "joined",
    "ledger_counts",
    "parted",
    "unnamed",
    "without_identifiers",
    "without_rows",
]

HELD_BACK = "identifier of a patient, see patient_level/query.sql"
HELD_BACK_PROTOCOL = "identifier of a patient, see patient_level/protocol.json"
# What a document says of itself: kinds, keys and versions, which may look like a short identifier.
_OWN = ("is", "use", "key", "version", "fingerprint", "word", "format")
# Units of ages and of times since a day in a patient's life, and the statistics that give them in these units.
AGES = ("years", "months")
MEASURED = ("mean", "sd", "median", "q1", "q3", "minimum", "maximum", "estimate", "conf_low", "conf_high")
# What of a manifest is about single patients: lines of listings, and who is in which population.
PERSONS = ("listings", "members")
_PLACE = ["source", "sheet", "source_column", "fate", "reason"]


def parted(manifest: Mapping[str, Any], ledger: pa.Table) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part a manifest into what may be shown and what is about single patients; `joined` is the way back.

    The first gains `cells`: the cells that were not used as found, counted by column, fate and reason.
    """
    shown = {name: value for name, value in manifest.items() if name not in (*PERSONS, "query", "protocol")}
    shown["cells"] = manifest["cells"] if "cells" in manifest else ledger_counts(ledger)
    return shown, {name: manifest[name] for name in PERSONS if name in manifest}


def joined(shown: Mapping[str, Any], persons: Mapping[str, Any]) -> dict[str, Any]:
    """Put the two parts of a manifest together again."""
    return {**shown, **{name: persons[name] for name in PERSONS if name in persons}}


def ledger_counts(ledger: pa.Table) -> list[dict[str, Any]]:
    """Count the cells that were not used as found, by where they stood, what became of them and why."""
    counted = ledger.group_by(_PLACE, use_threads=False).aggregate([([], "count_all")]).to_pylist()
    told = [{name: row[name] for name in (*_PLACE, "count_all")} for row in counted if row["fate"] != "used"]
    return sorted(told, key=lambda row: tuple(row[name] or "" for name in _PLACE))


def without_rows(checks: pa.Table) -> pa.Table:
    """Leave out of the findings of the checks which rows they are about and what stood there, which may be a number to call.

    What a finding is, in which column and how often, stays; a finding that is about no row stays as it is.
    """
    return pa.Table.from_pylist(
        [
            row
            if row["source_row"] is None
            else {
                **row,
                "source_row": None,
                "message": f"{row['rule']}; which rows and what was found is in patient_level",
            }
            for row in checks.to_pylist()
        ],
        schema=checks.schema,
    )


def coarser(results: pa.Table, printed: Mapping[str, int]) -> pa.Table:
    """Round ages and durations to the decimals with which a report prints them, to one where it prints none.

    `printed` gives the decimals by the identifiers of results. What is printed of them stays the same, to the letter, but
    where a report prints one number in two ways.
    """
    rows = [
        {**row, "number": float(rounded(decimal_of(row["number"]), printed.get(row["result_id"], 1)))}
        if row["number"] is not None and row["unit"] in AGES and row["statistic"] in MEASURED
        else row
        for row in results.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=results.schema)


def unnamed(document: Mapping[str, Any], identifiers: Iterable[str]) -> dict[str, Any]:
    """Give a protocol's document without its example patients, and without texts that are a patient's identifier.

    An example may be a child of the ward with the name left out, and holds dates. Keys and versions stay as they are.

    >>> declared = {"is": "Protocol", "examples": [{"label": "a girl"}], "texts": ["P3", "yes"]}
    >>> unnamed({"protocol": declared}, ["P3"])["protocol"]["texts"]
    ['identifier of a patient, see patient_level/protocol.json', 'yes']
    """
    known = {one.casefold() for one in identifiers}

    def told(part: Any) -> Any:  # noqa: ANN401 - plain data
        if isinstance(part, dict):
            return {name: one if name in _OWN else told(one) for name, one in part.items()}
        if isinstance(part, list):
            return [told(one) for one in part]
        return HELD_BACK_PROTOCOL if isinstance(part, str) and part.casefold() in known else part

    protocol = {name: one for name, one in document["protocol"].items() if name != "examples"}
    return {name: told(protocol if name == "protocol" else one) for name, one in document.items()}


def without_identifiers(query: str, identifiers: Iterable[str]) -> str:
    """Replace every text of a query that is a patient's identifier.

    >>> without_identifiers("SELECT * FROM t WHERE id <> 'P3' AND sex = 'female'", ["P3"])
    "SELECT * FROM t WHERE id <> 'identifier of a patient, see patient_level/query.sql' AND sex = 'female'"
    """
    known = {one.casefold() for one in identifiers}

    def told(text: re.Match[str]) -> str:
        return f"'{HELD_BACK}'" if text[1].replace("''", "'").casefold() in known else text[0]

    return re.sub(r"'((?:[^']|'')*)'", told, query)
