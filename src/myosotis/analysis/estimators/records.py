"""Result rows of whatever a statistical method returns: the one place that turns its record into numbers of a bundle."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from myosotis.results.contents import STATISTICS
from myosotis.results.schema import ResultRow

__all__ = ["Keys", "rows_of"]

# The names of a record's fields where the bundle has another.
_NAMES = {"low": "conf_low", "high": "conf_high", "kendall_w": "effect_size"}
_LIMITS = ("conf_low", "conf_high")
_TESTED = ("statistic", "df", "p_value", "smallest_p")
_COUNTS = ("n", "n_missing", "events")
# Further estimates within a record: the field of the estimate with those of its limits, and what they are called.
_WITHIN = {"odds_ratio": ("odds ratio", "odds_ratio_low", "odds_ratio_high")}
_PARTS = {
    "effects": "relative effect", "means": "mean", "changes": "change", "thresholds": "threshold",
    "equal_visits": "all visits equal", "wald_type": "Wald-type statistic", "anova_type": "ANOVA-type statistic",
    "group_wald_type": "groups, Wald-type statistic", "group_anova_type": "groups, ANOVA-type statistic",
    "group_box": "groups, Box approximation", "visit_wald_type": "visits, Wald-type statistic",
    "visit_anova_type": "visits, ANOVA-type statistic",
    "interaction_wald_type": "groups by visits, Wald-type statistic",
    "interaction_anova_type": "groups by visits, ANOVA-type statistic",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Hold the keys that all rows of one estimate share, its unit, and the labels of its visits."""

    base: Mapping[str, Any]
    unit: str
    visits: tuple[str, ...] = ()


def rows_of(found: object, keys: Keys) -> list[ResultRow]:
    """Make the rows of a record: each field that is a statistic of the bundle, and the estimates and tests within it.

    A statistic without a value says why, in the record's own words.
    """
    method = str(getattr(found, "method", ""))
    rows = list(_rows(found, keys, method, {}))
    for field in fields(found):  # type: ignore[arg-type]  # every method returns a record
        held = getattr(found, field.name)
        if field.name not in _PARTS:
            continue
        if is_dataclass(held):
            rows += _rows(held, keys, str(getattr(held, "method", method)), {"variable": _PARTS[field.name]})
        for group, parts in _by_group(found, held):
            for place, one in zip(_places(parts, keys), parts, strict=True):
                rows += _rows(one, keys, method, {"variable": _PARTS[field.name], **group, **place})
    return rows


def _by_group(found: object, held: object) -> Iterator[tuple[dict[str, str], Sequence[object]]]:
    """Yield the estimates of each group, or all of them where there are no groups."""
    if isinstance(held, tuple) and held and is_dataclass(held[0]):
        yield {}, held
    elif isinstance(held, tuple) and held and isinstance(held[0], tuple):
        for group, parts in zip(found.groups, held, strict=True):  # type: ignore[attr-defined]  # of a record of groups
            yield {"groups": f"by={group}"}, parts


def _places(parts: Sequence[object], keys: Keys) -> Iterator[dict[str, str]]:
    """Say which visit each of several estimates is of: all of them, those after the first, or a number."""
    if len(parts) == len(keys.visits):
        yield from ({"visit": label} for label in keys.visits)
    elif len(parts) == len(keys.visits) - 1:
        first = keys.visits[0]
        yield from ({"visit": label, "comparison": f"{label} vs {first}"} for label in keys.visits[1:])
    else:
        yield from ({"level": str(number)} for number in range(1, len(parts) + 1))


def _rows(found: object, keys: Keys, method: str, more: Mapping[str, str]) -> Iterator[ResultRow]:
    note = str(getattr(found, "note", None) or "")
    named = {field.name: getattr(found, field.name) for field in fields(found)}  # type: ignore[arg-type]
    for name, number in named.items():
        statistic = _NAMES.get(name, name)
        if statistic in STATISTICS:
            yield from _row(statistic, number, keys, method, note, named, more)
    for name, (variable, low, high) in _WITHIN.items():
        if name in named:
            inside = {
                "estimate": named[name],
                "low": named[low],
                "high": named[high],
                "conf_level": named["conf_level"],
            }
            for one in ("estimate", "low", "high"):
                yield from _row(
                    _NAMES.get(one, one), inside[one], keys, method, note, inside, {**more, "variable": variable}
                )


def _row(
    statistic: str,
    number: object,
    keys: Keys,
    method: str,
    note: str,
    named: Mapping[str, Any],
    more: Mapping[str, str],
) -> Iterator[ResultRow]:
    if isinstance(number, tuple):
        # The degrees of freedom of an F.
        for name, one in zip(("df", "df_denominator"), number, strict=True):
            yield from _row(name, one, keys, method, note, named, more)
        return
    if number is None and statistic in _TESTED:
        return  # an estimate that nothing is tested of
    counted = statistic in _COUNTS
    if number is None and not note:
        note = f"{named.get('n', 0)} observed values"
    if isinstance(number, float) and math.isinf(number):
        number, note = None, "infinitely many, as of a distribution that does not depend on how many patients there are"
    kind = str(named.get("p_kind", "")).replace("_", " ")
    level = named.get("conf_level")
    common: dict[str, Any] = {**keys.base, **more}
    yield ResultRow(
        **common,
        statistic=statistic,
        number=None if number is None else float(number),  # type: ignore[arg-type]
        unit="" if counted or statistic in _TESTED or more.get("variable") == "odds ratio" else keys.unit,
        method="" if counted else f"{method}, {kind}" if kind and statistic in ("p_value", "smallest_p") else method,
        conf_level=level if statistic in _LIMITS else None,
        status="ok" if number is not None else "not_estimable",
        note=note,
    )
