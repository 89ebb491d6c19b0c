"""Compute what missing values could change: a share or a mean change under each strategy, and its tipping point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import Keys, completed_share, count_row, not_estimable, rows_of, tipping_rows
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.sensitivity import (
    CHANGE_STRATEGIES,
    RESPONSE_STRATEGIES,
    TIPPING,
    ChangeSensitivity,
    ResponseSensitivity,
)
from myosotis.errors import StatisticsError
from myosotis.results.schema import ResultRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from myosotis.statistics import ImputedData

    Table = NDArray[np.float64]

__all__ = ["compute_change_sensitivity", "compute_response_sensitivity"]

_SHARE = ("proportion", "conf_low", "conf_high")
_CHANGE = ("estimate", "conf_low", "conf_high", "p_value")


def compute_response_sensitivity(analysis: ResponseSensitivity, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    from myosotis import statistics

    parts, table, base, provenance = _taken(analysis, cohort)
    rows: list[ResultRow] = []
    for name in RESPONSE_STRATEGIES:
        keys = {**base, "variable": name}
        bounds = {"best": 1.0} if name == "best_case" else {}
        rows += _or_why(
            lambda name=name, bounds=bounds, keys=keys: completed_share(  # type: ignore[misc]
                getattr(statistics, name)(table, **bounds), keys, analysis.conf_level
            ),
            keys,
            _SHARE,
        )
    last = [one for one in table[:, -1] if one == one]
    tipping = {**base, "variable": TIPPING}
    rows += _or_why(
        lambda: tipping_rows(
            statistics.responder_tipping_point(
                int(sum(last)),
                len(last),
                len(table) - len(last),
                threshold=analysis.threshold,
                conf_level=analysis.conf_level,
            ),
            tipping,
            of="conf_low",
            unit="",
            conf_level=analysis.conf_level,
        ),
        tipping,
        ("estimate",),
    )
    return AnalysisOutput(rows=tuple(rows), contributions=tuple(parts), provenance=(provenance,))


def compute_change_sensitivity(analysis: ChangeSensitivity, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    parts, table, base, provenance = _taken(analysis, cohort)
    rows: list[ResultRow] = []
    imputed: list[ImputedData] = []
    for name in CHANGE_STRATEGIES:
        keys = {**base, "variable": name}
        rows += _or_why(
            lambda name=name, keys=keys: _change(analysis, name, table, cohort.seed, imputed, keys),  # type: ignore[misc]
            keys,
            _CHANGE,
        )
    if analysis.shifts:
        tipping = {**base, "variable": TIPPING}
        rows += _or_why(lambda: _tipping(analysis, imputed, tipping), tipping, ("estimate",))
    return AnalysisOutput(rows=tuple(rows), contributions=tuple(parts), provenance=(provenance,))


def _taken(
    analysis: ResponseSensitivity | ChangeSensitivity, cohort: Cohort
) -> tuple[list[Contribution], Table, dict[str, Any], dict[str, Any]]:
    """Take patients in rows and visits in columns, and what all rows share."""
    import numpy as np

    unit = analysis.unit if isinstance(analysis, ChangeSensitivity) else ""
    parts = [
        cohort.contribution(
            analysis.name(visit), analysis.population.key, unit=unit, item=f"{analysis.label} at {visit.label}"
        )
        for visit in analysis.visits
    ]
    columns = [[np.nan if one is None else float(one) for one in part.results.values()] for part in parts]
    first, last = analysis.visits[0].label, analysis.visits[-1]
    provenance = cohort.joint(parts, f"{analysis.title}: {analysis.label} at every visit, and what is missing of it")
    base: dict[str, Any] = {
        "study": cohort.study, "analysis": analysis.key, "endpoint": analysis.label, "population": analysis.population.key,
        "visit": last.label, "week": last.week, "provenance_id": provenance["provenance_id"],
    }  # fmt: skip
    if isinstance(analysis, ChangeSensitivity):
        base["comparison"] = f"{last.label} vs {first}"
    return parts, np.array(columns, dtype=np.float64).T.reshape(-1, len(parts)), base, provenance


def _or_why(
    make: Callable[[], Iterable[ResultRow]], keys: Mapping[str, Any], answers: tuple[str, ...]
) -> list[ResultRow]:
    """Make rows, or those that say why the data give none."""
    try:
        return list(make())
    except StatisticsError as error:
        return [not_estimable(keys, statistic, str(error)) for statistic in answers]


def _change(
    analysis: ChangeSensitivity, name: str, table: Table, seed: int, imputed: list[ImputedData], keys: dict[str, Any]
) -> list[ResultRow]:
    from myosotis import statistics

    of = Keys(base=keys, unit=analysis.unit)
    if name in ("worst_case", "best_case"):
        # The worst change is from the best first value to the worst last one.
        worst, best = analysis.worst, analysis.best
        before, after = (best, worst) if name == "worst_case" else (worst, best)
        first, last = _filled(table[:, 0], before, analysis), _filled(table[:, -1], after, analysis)
        return rows_of(statistics.paired_t(first, last, analysis.conf_level), of)
    if name == "multiple_imputation":
        seen = table[~(table != table).all(axis=1)]  # nothing is known of who has no value at all
        if len(seen) < 2:
            raise StatisticsError(f"{len(seen)} patients have a value at any visit; nothing can be imputed from so few")
        found = statistics.multiple_imputation(seen, seed=seed, imputations=analysis.imputations)
        imputed.append(found)
        if found.n_filled == 0:  # the rules of pooling assume that something is missing
            return rows_of(statistics.paired_t(seen[:, 0], seen[:, -1], analysis.conf_level), of)
        results = [_mean_change(one) for one in found.values]
        pooled = statistics.rubin_pool(
            [mean for mean, _ in results], [variance for _, variance in results], complete_df=len(seen) - 1,
            conf_level=analysis.conf_level,
        )  # fmt: skip
        patients = count_row({**keys, "note": found.sentence}, "n", len(seen))
        return [patients, *rows_of(pooled, of)]
    done = getattr(statistics, name)(table)
    return rows_of(statistics.paired_t(done.values[:, 0], done.values[:, -1], analysis.conf_level), of)


def _filled(column: Table, bound: float, analysis: ChangeSensitivity) -> Table:
    """Fill a visit with one end of the scale, which refuses values beyond that end."""
    from myosotis import statistics

    if bound == analysis.worst:
        return statistics.worst_case(column, worst=bound).values[:, 0]
    return statistics.best_case(column, best=bound).values[:, 0]


def _mean_change(table: Table) -> tuple[float, float]:
    """Give the mean change of one imputed table with its squared standard error."""
    changes = table[:, -1] - table[:, 0]
    return float(changes.mean()), float(changes.var(ddof=1) / len(changes))


def _tipping(analysis: ChangeSensitivity, imputed: list[ImputedData], keys: dict[str, Any]) -> Iterable[ResultRow]:
    from myosotis import statistics

    if not imputed:
        raise StatisticsError("the values could not be imputed, so that no shift of them can be tried")
    (found,) = imputed
    turning = statistics.tipping_point(
        found, _mean_change, shifts=analysis.shifts, complete_df=found.values.shape[1] - 1
    )
    return tipping_rows(turning, keys, of="p_value", unit=analysis.unit, conf_level=None)
