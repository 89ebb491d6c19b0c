"""Response as points: how much each core set measure improved on its own range (ACR/EULAR 2016), and in what category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from myosotis.core.definition import Citation
from myosotis.language.criteria import Categories, Criterion
from myosotis.language.values import (
    Bands,
    Constant,
    Divide,
    FirstRecorded,
    Multiply,
    NamedValue,
    Subtract,
    Value,
    Where,
    as_value,
)

__all__ = [
    "ADULT_THRESHOLDS", "AGGARWAL_2017", "JDM_THRESHOLDS", "NOT_EVALUABLE", "POINTS_2016", "RIDER_2017", "PointsRow",
    "Thresholds", "counted_as", "improvement_category", "only_where", "percent_of_range", "points_for",
]  # fmt: skip

RIDER_2017 = Citation(
    text="Rider LG, Aggarwal R, Pistorio A, et al. 2016 American College of Rheumatology/European League Against "
    "Rheumatism criteria for minimal, moderate, and major clinical response in juvenile dermatomyositis. "
    "Arthritis Rheumatol 2017;69:911-23",
    doi="10.1002/art.40060",
    place="Table 3",
)
AGGARWAL_2017 = Citation(
    text="Aggarwal R, Rider LG, Ruperto N, et al. 2016 American College of Rheumatology/European League Against "
    "Rheumatism criteria for minimal, moderate, and major clinical response in adult dermatomyositis and polymyositis. "
    "Arthritis Rheumatol 2017;69:898-910",
    doi="10.1002/art.40064",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRow:
    """Hold one row of the points table: percents up to and including `edges[i]` earn `points[i]`, higher ones the last."""

    edges: tuple[float, ...]
    points: tuple[float, ...]

    @property
    def maximum(self) -> float:
        """Give the most points the row can earn."""
        return max(self.points)


_GLOBAL_EDGES = (5.0, 15.0, 25.0, 40.0)

# Points by absolute percent improvement. Equal points in neighbouring bands stand so in the source.
POINTS_2016: Mapping[str, PointsRow] = {
    "physician_global": PointsRow(edges=_GLOBAL_EDGES, points=(0.0, 7.5, 15.0, 17.5, 20.0)),
    "parent_global": PointsRow(edges=_GLOBAL_EDGES, points=(0.0, 2.5, 5.0, 7.5, 10.0)),
    "muscle": PointsRow(edges=(2.0, 10.0, 20.0, 30.0), points=(0.0, 10.0, 20.0, 27.5, 32.5)),
    "function": PointsRow(edges=_GLOBAL_EDGES, points=(0.0, 5.0, 7.5, 7.5, 10.0)),
    "enzyme": PointsRow(edges=_GLOBAL_EDGES, points=(0.0, 2.5, 5.0, 7.5, 7.5)),
    "chq_phs": PointsRow(edges=_GLOBAL_EDGES, points=(0.0, 2.5, 5.0, 7.5, 7.5)),
    "extramuscular": PointsRow(edges=_GLOBAL_EDGES, points=(0.0, 7.5, 12.5, 15.0, 20.0)),
    "das": PointsRow(edges=_GLOBAL_EDGES, points=(0.0, 7.5, 12.5, 15.0, 20.0)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Hold the total improvement scores from which an improvement is minimal, moderate and major, each included."""

    minimal: float
    moderate: float
    major: float


JDM_THRESHOLDS = Thresholds(minimal=30.0, moderate=45.0, major=70.0)
ADULT_THRESHOLDS = Thresholds(minimal=20.0, moderate=40.0, major=60.0)

# A value that no patient has. Its empty key keeps it out of the parts that a calculation lists.
NOT_EVALUABLE: Value = NamedValue(
    key="",
    version="1",
    label="not evaluable",
    unit="",
    of=Divide(left=Constant(number=1.0), right=Constant(number=0.0)),
)


def only_where(criterion: Criterion, value: Value) -> Value:
    """Keep a value where a criterion is true; make it missing where the criterion is false or not evaluable."""
    return Where(criterion=criterion, then=value, otherwise=NOT_EVALUABLE)


def percent_of_range(before: Value, now: Value, span: Value | float, *, better: Literal["higher", "lower"]) -> Value:
    """Give the absolute percent improvement: the change towards better in percent of the measure's range.

    Positive is better. Missing when either measurement or the range is missing.

    >>> from myosotis.language.sentences import sentence
    >>> sentence(percent_of_range(as_value(6), as_value(1.5), 10, better="lower"))
    '100 times ((6 minus 1.5) divided by 10)'
    """
    gained = Subtract(left=before, right=now) if better == "lower" else Subtract(left=now, right=before)
    return Multiply(left=Divide(left=gained, right=as_value(span)), right=Constant(number=100.0))


def points_for(slot: str, percent: Value) -> Value:
    """Give the points of a slot of the table for a percent improvement, which is rounded to 9 decimals first.

    So that binary residue never decides a band: (2.2 − 1.7)/10 × 100 is 5.000000000000003 in binary and earns what 5
    earns. Every band excludes its lower edge and includes its upper one; worsening earns 0.
    """
    row = POINTS_2016[slot]
    return Bands(of=percent, edges=row.edges, points=row.points)


def counted_as(value: Value, number: float) -> Value:
    """Give a value, or a number where it is missing."""
    return FirstRecorded(of=(value, Constant(number=number)))


def improvement_category(*, key: str, version: str, label: str, score: Value, thresholds: Thresholds) -> Categories:
    """Sort a total improvement score into major, moderate, minimal or no improvement; every threshold is included."""
    return Categories(
        key=key,
        version=version,
        label=label,
        cases=(
            ("major", score >= thresholds.major),
            ("moderate", score >= thresholds.moderate),
            ("minimal", score >= thresholds.minimal),
        ),
        otherwise="none",
    )
