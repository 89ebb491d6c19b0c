"""Paired yes-or-no outcomes: McNemar's tests and intervals for the difference of two paired proportions."""

from __future__ import annotations

from math import sqrt
from typing import Literal

from numpy.typing import ArrayLike

from myosotis.errors import NotEstimableError, StatisticsError
from myosotis.statistics.common.arguments import alpha_of, one_of
from myosotis.statistics.common.arrays import count_table, paired_numbers
from myosotis.statistics.common.records import HypothesisTest, IntervalEstimate

__all__ = [
    "mcnemar",
    "mcnemar_exact",
    "mcnemar_mid_p",
    "paired_difference_newcombe",
    "paired_difference_tango",
    "paired_table",
]

Table = tuple[tuple[int, int], tuple[int, int]]


def paired_table(before: ArrayLike, after: ArrayLike) -> Table:
    """Cross two yes-or-no outcomes of the same patients.

    `before` and `after` hold 1 (yes), 0 (no) or NaN for each patient; pairs with NaN are left out. Rows are before,
    columns after, yes first: ((yes-yes, yes-no), (no-yes, no-no)). Other values raise `StatisticsError`.

    >>> paired_table([1, 1, 0, 0, 0], [1, 0, 1, 1, 0])
    ((1, 1), (2, 1))
    """
    first, second, _ = paired_numbers(before, after)
    for values, name in ((first, "before"), (second, "after")):
        if not ((values == 0) | (values == 1)).all():
            raise StatisticsError(f"{name} holds something other than 0, 1 and NaN; give 1 for yes and 0 for no")
    both, lost = int(((first == 1) & (second == 1)).sum()), int(((first == 1) & (second == 0)).sum())
    gained, neither = int(((first == 0) & (second == 1)).sum()), int(((first == 0) & (second == 0)).sum())
    return (both, lost), (gained, neither)


def mcnemar_exact(table: ArrayLike) -> HypothesisTest:
    """Test exactly whether gains and losses of an outcome are equally likely.

    `table` holds four counts as `paired_table` gives them. Only the discordant pairs enter; their split is binomial with
    probability one half, and the two-sided p-value doubles the smaller tail, at most 1. The statistic is the number of
    gains (no before, yes after). Without discordant pairs the p-value is 1 and the note says so. Raises
    `NotEstimableError` for an empty table, `StatisticsError` for one that does not hold four counts.

    >>> mcnemar_exact([[1, 1], [7, 12]]).p_value
    0.0703125

    Source: McNemar, Psychometrika 1947;12:153-157, doi:10.1007/BF02295996; the exact form, Fagerland, Lydersen and
    Laake, BMC Med Res Methodol 2013;13:91, doi:10.1186/1471-2288-13-91.
    """
    lost, gained, size = _discordant(table)
    return _test(lost, gained, size, _doubled_tail(lost, gained), "McNemar exact test")


def mcnemar_mid_p(table: ArrayLike, centre: Literal["one", "half", "whole"] = "half") -> HypothesisTest:
    """Test as `mcnemar_exact`, counting only half the probability of what was observed.

    Off the centre the mid-p value is the exact p-value less the point probability. Where gains equal losses three
    conventions exist, named by what they give: `one` is 1 (the formula left as it stands), `half` is 1 less half the
    point probability (Fagerland and others), `whole` is 1 less the whole of it. Without discordant pairs the p-value is
    1 by each of them, and the note says so. Errors are those of `mcnemar_exact`. The test can exceed its level slightly;
    `p_kind` is exact because the distribution is.

    >>> round(mcnemar_mid_p([[1, 1], [7, 12]]).p_value, 10)
    0.0390625

    Source: Fagerland, Lydersen and Laake, BMC Med Res Methodol 2013;13:91, doi:10.1186/1471-2288-13-91.
    """
    from scipy.stats import binom

    one_of(centre, "centre", ("one", "half", "whole"))
    lost, gained, size = _discordant(table)
    point = float(binom.pmf(gained, lost + gained, 0.5))
    if lost != gained:
        p_value = _doubled_tail(lost, gained) - point
    else:
        p_value = 1.0 - {"one": 0.0, "half": 0.5, "whole": 1.0}[centre] * (point if lost + gained else 0.0)
    method = f"McNemar mid-p test ({centre} at the centre)"
    return _test(lost, gained, size, p_value, method, least=0.5)


def mcnemar(table: ArrayLike, continuity: bool = True) -> HypothesisTest:
    """Test as `mcnemar_exact`, by the chi-square approximation with one degree of freedom.

    `continuity=True` takes 1 from the absolute difference of the discordant counts, at least to 0. The approximation
    wants at least 10 discordant pairs; below that prefer the exact test. Without discordant pairs raises
    `NotEstimableError`.

    >>> test = mcnemar([[794, 86], [150, 570]])
    >>> round(test.statistic, 4)
    16.8178

    Source: McNemar, Psychometrika 1947;12:153-157, doi:10.1007/BF02295996; the correction, Edwards, Psychometrika
    1948;13:185-187, doi:10.1007/BF02289261.
    """
    from scipy.special import chdtrc

    lost, gained, size = _discordant(table)
    if lost + gained == 0:
        raise NotEstimableError("no discordant pair; the chi-square of McNemar divides by their number")
    statistic = max(0.0, abs(gained - lost) - (1.0 if continuity else 0.0)) ** 2 / (lost + gained)
    return HypothesisTest(
        statistic=statistic,
        p_value=float(chdtrc(1, statistic)),
        df=1.0,
        n=size,
        method=f"McNemar chi-square test, {'with' if continuity else 'without'} continuity correction",
        p_kind="asymptotic",
    )


def paired_difference_newcombe(table: ArrayLike, conf_level: float = 0.95) -> IntervalEstimate:
    """Give the difference of paired proportions, after minus before, with Newcombe's square-and-add interval.

    `table` holds four counts as `paired_table` gives them. Wilson limits of both proportions are joined through their
    correlation, itself corrected for continuity (method 10). Limits lie in [-1, 1]. Raises `NotEstimableError` for an
    empty table.

    >>> interval = paired_difference_newcombe([[1, 1], [7, 12]])
    >>> round(interval.estimate, 3), round(interval.low, 3), round(interval.high, 3)
    (0.286, 0.026, 0.507)

    Source: Newcombe, Stat Med 1998;17:2635-2650,
    doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C, method 10.
    """
    from myosotis.statistics.proportions.intervals import wilson

    both, lost, gained, neither = _cells(table)
    size = both + lost + gained + neither
    before, after = wilson(both + lost, size, conf_level), wilson(both + gained, size, conf_level)
    below, above = _distances(after), _distances(before)
    phi = _corrected_correlation(both, lost, gained, neither)
    estimate = (gained - lost) / size
    down = below[0] ** 2 - 2 * phi * below[0] * above[1] + above[1] ** 2
    up = below[1] ** 2 - 2 * phi * below[1] * above[0] + above[0] ** 2
    return IntervalEstimate(
        estimate=estimate,
        low=estimate - sqrt(max(0.0, down)),
        high=estimate + sqrt(max(0.0, up)),
        conf_level=float(conf_level),
        n=size,
        method="Difference of paired proportions, Newcombe square-and-add interval",
    )


def paired_difference_tango(table: ArrayLike, conf_level: float = 0.95) -> IntervalEstimate:
    """Give the difference of paired proportions, after minus before, with Tango's score interval.

    `table` holds four counts as `paired_table` gives them. Limits are the differences at which the score test, its
    variance estimated under that difference, is just significant; they lie in [-1, 1]. Raises `NotEstimableError` for an
    empty table.

    >>> interval = paired_difference_tango([[1, 1], [7, 12]])
    >>> round(interval.estimate, 3), round(interval.low, 3), round(interval.high, 3)
    (0.286, 0.026, 0.517)

    Source: Tango, Stat Med 1998;17:891-908, doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtri

    both, lost, gained, neither = _cells(table)
    size = both + lost + gained + neither
    z = -float(ndtri(alpha_of(conf_level) / 2))
    estimate = (gained - lost) / size

    def distance(difference: float) -> float:
        # Multiplied out, so that the score stays finite where its variance is 0, at differences of -1 and 1.
        spread = sqrt(max(0.0, _tango_variance(lost, gained, size, difference)))
        return (gained - lost - size * difference) - (z if difference < estimate else -z) * spread

    def limit(edge: float) -> float:
        if estimate == edge:
            return edge
        # Score and spread are both 0 at the estimate of a table without discordant pairs, hence the root is sought
        # beside it; thousands of millions of pairs put the limit itself nearer than the first step.
        for places in range(12, 18):
            beside = estimate + edge * 10.0**-places
            if abs(beside) < 1.0 and edge * distance(beside) >= 0.0:
                return float(brentq(distance, min(edge, beside), max(edge, beside), xtol=1e-15))
        return estimate

    return IntervalEstimate(
        estimate=estimate,
        low=limit(-1.0),
        high=limit(1.0),
        conf_level=float(conf_level),
        n=size,
        method="Difference of paired proportions, Tango score interval",
    )


def _tango_variance(lost: int, gained: int, size: int, difference: float) -> float:
    """Return the variance of gains minus losses when their probabilities differ by `difference`."""
    # The likelihood under that difference is maximal at the larger root of this quadratic in the loss probability.
    linear = -lost - gained + (2 * size - gained + lost) * difference
    constant = -lost * difference * (1 - difference)
    loss = (sqrt(max(0.0, linear**2 - 8 * size * constant)) - linear) / (4 * size)
    return size * (2 * loss + difference * (1 - difference))


def _cells(table: ArrayLike) -> tuple[int, int, int, int]:
    expected = "a paired table holds two rows of two whole counts from 0: yes-yes, yes-no; no-yes, no-no"
    cells = count_table(table, expected, two_by_two=True)
    both, lost, gained, neither = (int(cell) for cell in cells.ravel())
    if both + lost + gained + neither == 0:
        raise NotEstimableError("the paired table is empty; it needs at least one patient")
    return both, lost, gained, neither


def _discordant(table: ArrayLike) -> tuple[int, int, int]:
    both, lost, gained, neither = _cells(table)
    return lost, gained, both + lost + gained + neither


def _doubled_tail(lost: int, gained: int) -> float:
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(lost, gained), lost + gained, 0.5)))


def _test(lost: int, gained: int, size: int, p_value: float, method: str, least: float = 1.0) -> HypothesisTest:
    discordant = lost + gained
    return HypothesisTest(
        statistic=float(gained),
        p_value=p_value,
        n=size,
        method=method,
        p_kind="exact",
        smallest_p=min(1.0, 2 * 0.5**discordant) * (least if discordant > 0 else 1.0),
        note=None if discordant else "no patient changed from one outcome to the other",
    )


def _distances(interval: IntervalEstimate) -> tuple[float, float]:
    """Return how far the limits lie below and above the estimate."""
    if interval.estimate is None or interval.low is None or interval.high is None:
        raise NotEstimableError("a proportion of the paired table has no interval")
    return interval.estimate - interval.low, interval.high - interval.estimate


def _corrected_correlation(both: int, lost: int, gained: int, neither: int) -> float:
    product = (both + lost) * (gained + neither) * (both + gained) * (lost + neither)
    if product == 0:
        return 0.0
    excess = float(both * neither - lost * gained)
    half = (both + lost + gained + neither) / 2
    return (max(excess - half, 0.0) if excess >= 0 else excess) / sqrt(product)
