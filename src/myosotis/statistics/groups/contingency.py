"""The chi-square test of a table of counts, groups by categories."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from myosotis.errors import NotEstimableError
from myosotis.statistics.common.arrays import count_table
from myosotis.statistics.common.records import HypothesisTest

__all__ = ["chi_square"]


def chi_square(table: ArrayLike) -> HypothesisTest:
    """Test by Pearson's chi-square, without continuity correction, whether rows share one distribution over columns.

    `table` holds whole counts from 0, at least 2 x 2; rows and columns without a patient are left out. The approximation
    wants expected counts of 5 in most cells; the note gives the least where it is smaller. Raises `NotEstimableError`
    when fewer than two rows or columns hold a patient, `StatisticsError` for anything but counts.

    >>> test = chi_square([[29, 7, 7], [13, 7, 21]])
    >>> round(test.statistic, 3), test.df, round(test.p_value, 5)
    (13.055, 2.0, 0.00146)

    Source: Pearson, Philos Mag 1900;50:157-175, doi:10.1080/14786440009463897; expected counts, Cochran, Biometrics
    1954;10:417-451, doi:10.2307/3001616.
    """
    from scipy.special import chdtrc

    words = "a table holds whole counts from 0 in at least two rows and two columns"
    counts = count_table(table, words, two_by_two=False)
    filled = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(np.float64)
    if min(filled.shape) < 2:
        raise NotEstimableError("fewer than two rows or columns hold a patient; there is nothing to compare")
    size = float(filled.sum())
    expected = np.outer(filled.sum(axis=1), filled.sum(axis=0)) / size
    statistic = float(((filled - expected) ** 2 / expected).sum())
    df = (filled.shape[0] - 1) * (filled.shape[1] - 1)
    least = float(expected.min())
    return HypothesisTest(
        statistic=statistic,
        p_value=float(chdtrc(df, statistic)),
        df=float(df),
        n=int(size),
        method="Pearson chi-square test without continuity correction",
        p_kind="asymptotic",
        note=f"the least expected count is {least:.2g}, below 5" if least < 5.0 else None,
    )
