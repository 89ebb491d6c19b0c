"""The results bundle: one row a number, with what made it, on disk as plain Parquet."""

from myosotis.results.bundle import Bundle, read_bundle, write_bundle
from myosotis.results.compare import Difference, compare
from myosotis.results.schema import STATISTICS, STATUSES, ResultRow, result_id

__all__ = [
    "STATISTICS",
    "STATUSES",
    "Bundle",
    "Difference",
    "ResultRow",
    "compare",
    "read_bundle",
    "result_id",
    "write_bundle",
]
