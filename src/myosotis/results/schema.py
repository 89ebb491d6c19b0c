"""What a result row is: the keys that name a number, the number, and how it came about."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pyarrow as pa

from myosotis.errors import UsageError
from myosotis.results.contents import COLUMNS, STATISTICS, STATUSES

__all__ = [
    "CHECKS",
    "DEFINITIONS",
    "KEY_FIELDS",
    "LEDGER",
    "LISTINGS",
    "PROVENANCE",
    "RESULTS",
    "STATISTICS",
    "STATUSES",
    "ResultRow",
    "digest",
    "listing_id",
    "result_id",
    "rows_of_table",
    "rows_to_table",
]

KEY_FIELDS = (
    "study", "site", "analysis", "endpoint", "population", "groups", "variable", "level", "visit", "comparison",
    "method", "statistic",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """Record one number of a study.

    The key fields name it; two rows of a bundle never share them all. `number` is None when the statistic has no
    value, and then `status` and `note` say why; nothing is rounded. `groups` holds name=level pairs in name order,
    such as `"sex=F"`. `visit` is the window's label and `week` its target in weeks from the index date.
    `comparison` names two visits as `"week 12 vs week 0"`. `method` names the algorithm with every choice that
    changes the number. `provenance_id` points into the provenance table.

    Raises `UsageError` for a statistic or status outside the closed lists, for a number that is NaN or infinite,
    and for a number missing without a reason.
    """

    study: str
    analysis: str
    statistic: str
    number: float | None
    provenance_id: str
    site: str = ""
    endpoint: str = ""
    population: str = ""
    groups: str = ""
    variable: str = ""
    level: str = ""
    visit: str = ""
    week: float | None = None
    comparison: str = ""
    text: str = ""
    unit: str = ""
    method: str = ""
    conf_level: float | None = None
    status: str = "ok"
    note: str = ""

    def __post_init__(self) -> None:
        where = f"{self.analysis}/{self.endpoint or self.variable}/{self.visit or self.comparison}"
        if self.statistic not in STATISTICS:
            raise UsageError(
                f"{where}: statistic {self.statistic!r} is not in the closed list; use one of {', '.join(STATISTICS)}"
            )
        if self.status not in STATUSES:
            raise UsageError(f"{where}: status {self.status!r} is unknown; use one of {', '.join(STATUSES)}")
        if self.number is not None and not math.isfinite(self.number):
            raise UsageError(
                f"{where}: {self.statistic} is {self.number}; record it as missing, with a status and a note"
            )
        if self.number is None and self.status == "ok":
            raise UsageError(f"{where}: {self.statistic} has no number; give the status and a note that says why")

    @property
    def id(self) -> str:
        """Name the row by the digest of its keys: equal keys, equal id, in every run and on every machine."""
        return result_id(**{name: getattr(self, name) for name in KEY_FIELDS})


def result_id(**keys: str) -> str:
    """Digest the key fields of a result row into 12 hexadecimal digits.

    Missing keys count as empty. Raises `UsageError` for a name that is not a key field.

    >>> result_id(study="s", analysis="a", statistic="n") == result_id(statistic="n", analysis="a", study="s")
    True
    """
    unknown = sorted(set(keys) - set(KEY_FIELDS))
    if unknown:
        raise UsageError(f"{', '.join(unknown)} is not a key of a result row; the keys are {', '.join(KEY_FIELDS)}")
    text = json.dumps([keys.get(name, "") for name in KEY_FIELDS], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def listing_id(fingerprint: str, name: str, of: str) -> str:
    """Digest what a listing is of into 12 hexadecimal digits: the data, the name of an expression, and its population.

    `of` is `"rows"` for rows that no expression picked.
    """
    return digest([fingerprint, name, of])


def digest(content: object) -> str:
    """Digest plain content (text, numbers, lists, dictionaries, dates) into 12 hexadecimal digits."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=_as_text)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


_TYPES = {"text": pa.string(), "number": pa.float64(), "integer": pa.int64(), "texts": pa.list_(pa.string())}


def _schema(table: str) -> pa.Schema:
    return pa.schema([pa.field(column.name, _TYPES[column.type]) for column in COLUMNS[table]])


RESULTS = _schema("results")
PROVENANCE = _schema("provenance")
DEFINITIONS = _schema("definitions")
CHECKS = _schema("checks")
LISTINGS = _schema("listings")
LEDGER = _schema("ledger")


def rows_of_table(results: pa.Table) -> list[ResultRow]:
    """Read the rows of a table of results, the inverse of `rows_to_table`."""
    names = [one.name for one in fields(ResultRow)]
    return [ResultRow(**{name: row[name] for name in names}) for row in results.to_pylist()]


def rows_to_table(rows: list[ResultRow]) -> pa.Table:
    """Turn result rows into a table in id order; raises `UsageError` when two rows share all their keys."""
    records: dict[str, dict[str, Any]] = {}
    for row in rows:
        record = {"result_id": row.id, **{f.name: getattr(row, f.name) for f in fields(row)}}
        if row.id in records:
            names = ", ".join(f"{k}={getattr(row, k)!r}" for k in KEY_FIELDS if getattr(row, k))
            raise UsageError(
                f"two results share the keys {names}; give one of them a population, method or level of its own"
            )
        records[row.id] = record
    return pa.Table.from_pylist([records[key] for key in sorted(records)], schema=RESULTS)
