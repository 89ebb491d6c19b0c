"""The results bundle: one row a number, with what made it, on disk as plain Parquet."""

from myosotis.results.atomic_folder import atomic_folder
from myosotis.results.bundle import Bundle, read_bundle, write_bundle
from myosotis.results.compare import Difference, compare
from myosotis.results.schema import STATISTICS, STATUSES, ResultRow, result_id
from myosotis.results.trace import Trace, trace
from myosotis.results.verify import Verified, verify

__all__ = [
    "STATISTICS",
    "STATUSES",
    "Bundle",
    "Difference",
    "ResultRow",
    "Trace",
    "Verified",
    "compare",
    "read_bundle",
    "atomic_folder",
    "result_id",
    "trace",
    "verify",
    "write_bundle",
]
