"""What a result row is: the keys that name a number, the number, and how it came about."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, fields
from typing import Any

import pyarrow as pa

from myosotis.errors import UsageError

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
    "result_id",
]

STATISTICS = (
    "n", "n_missing", "n_not_evaluable", "count", "count_most", "total", "proportion", "mean", "sd", "median", "q1", "q3",
    "minimum", "maximum", "statistic", "df", "df_denominator", "p_value", "p_adjusted", "smallest_p", "effect_size",
    "estimate", "conf_low", "conf_high", "events", "person_time", "rate",
)  # fmt: skip
STATUSES = ("ok", "not_estimable", "failed", "suppressed")

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


_TEXT = {"week": pa.float64(), "number": pa.float64(), "conf_level": pa.float64()}
_COLUMNS = ["result_id", *(f.name for f in fields(ResultRow))]

RESULTS = pa.schema([pa.field(name, _TEXT.get(name, pa.string())) for name in _COLUMNS])

PROVENANCE = pa.schema(
    {
        "provenance_id": pa.string(),
        "definitions": pa.list_(pa.string()),  # key@version of every definition that took part
        "data_fingerprint": pa.string(),
        "query": pa.string(),  # digest of the SQL that was sent, which stands in query.sql
        "rows_digest": pa.string(),  # digest of the contributing rows, see listings
        "listing_id": pa.string(),
        "sentence": pa.string(),  # what was computed, in words
        "seed": pa.int64(),
    }
)

DEFINITIONS = pa.schema(
    {
        "key": pa.string(),
        "version": pa.string(),
        "kind": pa.string(),
        "label": pa.string(),
        "sentence": pa.string(),
        "unit": pa.string(),
        "range": pa.string(),
        "direction": pa.string(),
        "missing": pa.string(),
        "citation": pa.string(),
        "doi": pa.string(),
        "fingerprint": pa.string(),
    }
)

CHECKS = pa.schema(
    {
        "severity": pa.string(),  # error, warning or note
        "rule": pa.string(),
        "message": pa.string(),
        "source": pa.string(),
        "sheet": pa.string(),
        "source_row": pa.int64(),
        "source_column": pa.string(),
        "count": pa.int64(),
    }
)

LISTINGS = pa.schema(
    {
        "listing_id": pa.string(),
        "patient_id": pa.string(),
        "role": pa.string(),  # value: what entered the statistic; evidence: what the value was made from
        "item": pa.string(),
        "number": pa.float64(),
        "text": pa.string(),
        "unit": pa.string(),
        "day": pa.int64(),
        "date": pa.string(),
        "source": pa.string(),
        "sheet": pa.string(),
        "source_row": pa.int64(),
        "source_column": pa.string(),
    }
)

LEDGER = pa.schema(
    {
        "source": pa.string(),
        "sheet": pa.string(),
        "source_row": pa.int64(),
        "source_column": pa.string(),
        "fate": pa.string(),  # used, converted, ignored or rejected
        "reason": pa.string(),
        "found": pa.string(),
        "became": pa.string(),
    }
)


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
