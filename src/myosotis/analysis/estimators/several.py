"""Result rows of methods that answer for several levels at once: quantiles, intervals, endpoints, studies, scenarios."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from myosotis.analysis.estimators.counted import proportion
from myosotis.analysis.estimators.records import Keys, rows_of
from myosotis.analysis.estimators.row import count_row, number_row
from myosotis.results.schema import ResultRow

if TYPE_CHECKING:
    from myosotis.statistics import MaxT, PooledProportion, TippingPoint, Turnbull

__all__ = ["endpoint_rows", "interval_rows", "pooled_rows", "quantile_rows", "tipping_rows"]


def quantile_rows(
    found: float | Sequence[float], probs: float | Sequence[float], definition: object, keys: Keys
) -> list[ResultRow]:
    """Make a row for each quantile, its level being the share below it; of no number there is none."""
    shares = (probs,) if isinstance(probs, int | float) else tuple(probs)
    numbers = (found,) if isinstance(found, int | float) else tuple(found)
    of: dict[str, Any] = {**keys.base, "unit": keys.unit, "method": f"quantile definition {definition}"}
    return [
        number_row(
            {**of, "variable": "quantile", "level": f"{share:g}"},
            "estimate",
            None if math.isnan(one) else one,
            "no observed value",
        )
        for share, one in zip(shares, numbers, strict=True)
    ]


def interval_rows(found: Turnbull, keys: Keys) -> list[ResultRow]:
    """Make a row for each interval in which events fall: the share of patients whose event is in it."""
    told = {**keys.base, "method": found.method}
    edges = zip(found.left, found.right, found.mass, strict=True)
    return [
        count_row(keys.base, "n", found.n),
        *(
            count_row({**told, "variable": "event between", "level": _between(low, high)}, "proportion", mass)
            for low, high, mass in edges
        ),
    ]


def _between(low: float, high: float) -> str:
    if low == high:
        return f"at {low:g}"
    return f"after {low:g}" if math.isinf(high) else f"after {low:g}, up to {high:g}"


def endpoint_rows(found: MaxT, keys: Keys) -> list[ResultRow]:
    """Make the rows of each endpoint: patients, statistic, p-value, and the p-values adjusted for all endpoints."""
    rows: list[ResultRow] = []
    kind = found.p_kind.replace("_", " ")
    for place, (name, _) in enumerate(found.names):
        of: dict[str, Any] = {**keys.base, "variable": name}
        tested = {**of, "method": f"{found.method}, {kind}"}
        rows += [
            count_row(of, "n", found.n[place]),
            count_row({**of, "method": found.method}, "statistic", found.statistic[place]),
            count_row(tested, "p_value", found.p_unadjusted[place]),
            count_row({**tested, "method": f"{tested['method']}, step-down"}, "p_adjusted", found.p_step_down[place]),
            count_row(
                {**tested, "method": f"{tested['method']}, single-step"}, "p_adjusted", found.p_single_step[place]
            ),
        ]
    return [*rows, count_row({**keys.base, "method": f"{found.method}, {kind}"}, "smallest_p", found.smallest_p)]


def pooled_rows(
    found: PooledProportion, labels: Sequence[str], counts: Sequence[int], totals: Sequence[int], keys: Keys
) -> list[ResultRow]:
    """Make the rows of the pooled share, of what another study is predicted to find, and of each study."""
    # The method counts studies; a row's n counts patients.
    rows = [row for row in rows_of(found, keys) if row.statistic != "n"] + [count_row(keys.base, "n", found.patients)]
    prediction: dict[str, Any] = {
        **keys.base, "variable": "another study", "method": found.method, "conf_level": found.conf_level,
    }  # fmt: skip
    for statistic, limit in (("conf_low", found.prediction_low), ("conf_high", found.prediction_high)):
        rows.append(number_row(prediction, statistic, limit, found.note or "no prediction limit"))
    for label, count, total in zip(labels, counts, totals, strict=True):
        of = {**keys.base, "variable": "study", "level": label}
        rows += proportion(count, total, of, conf_level=found.conf_level, nobody="no patient could be judged").values()
    return rows


def tipping_rows(
    found: TippingPoint,
    keys: Mapping[str, Any],
    *,
    of: Literal["conf_low", "p_value"],
    unit: str,
    conf_level: float | None,
) -> Iterator[ResultRow]:
    """Yield the scenario at which the verdict turns, and what each scenario gives: a lower limit or a p-value."""
    turning: dict[str, Any] = {**keys, "unit": unit, "method": "first scenario that turns the verdict"}
    why = found.sentence
    if found.tips_at is None:
        yield number_row(turning, "estimate", None, why)
    else:
        yield ResultRow(**turning, statistic="estimate", number=found.tips_at, note=why)
    level = conf_level if of == "conf_low" else None
    for scenario, number in zip(found.scenarios, found.values, strict=True):
        yield number_row({**keys, "level": f"{scenario:g}", "conf_level": level}, of, number, why)
