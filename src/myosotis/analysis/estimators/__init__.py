"""One function for each kind of sample: the only place where result rows of an analysis are made."""

from myosotis.analysis.estimators.completed import completed_share
from myosotis.analysis.estimators.counted import proportion
from myosotis.analysis.estimators.numbers import summarise
from myosotis.analysis.estimators.rates import DAYS_PER_YEAR, person_time, rate, rate_bounds
from myosotis.analysis.estimators.records import Keys, rows_of
from myosotis.analysis.estimators.repeated import friedman_rows, least_p_of_pairs
from myosotis.analysis.estimators.row import count_row, counts, not_estimable, number_row
from myosotis.analysis.estimators.several import (
    endpoint_rows,
    interval_rows,
    pooled_rows,
    quantile_rows,
    tipping_rows,
)
from myosotis.analysis.estimators.times import median_time, reached_by

__all__ = [
    "DAYS_PER_YEAR", "Keys", "completed_share", "count_row", "counts", "endpoint_rows", "friedman_rows", "interval_rows",
    "least_p_of_pairs", "median_time", "not_estimable", "number_row", "person_time", "pooled_rows", "proportion",
    "quantile_rows", "rate", "rate_bounds", "reached_by", "rows_of", "summarise", "tipping_rows",
]  # fmt: skip
