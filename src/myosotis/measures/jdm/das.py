"""The Disease Activity Score: its total from skin and muscle, whether the parts agree, and inactive by DAS alone."""

from __future__ import annotations

from myosotis.core.definition import Definition, Example, Range
from myosotis.language.criteria import Criterion
from myosotis.language.values import Value
from myosotis.language.windows import Window
from myosotis.measures.citations import BODE_2003, LAZAREVIC_2013
from myosotis.measures.jdm.instruments import das_muscle, das_total, skin_das
from myosotis.measures.measure import Measure

__all__ = ["MEASURES", "das_consistent", "das_from_parts", "das_inactive"]


def _sum(visit: Window) -> Value:
    return skin_das.at(visit) + das_muscle.at(visit)


def _consistent(visit: Window) -> Criterion:
    return das_total.at(visit).equals(_sum(visit))


def _inactive(visit: Window) -> Criterion:
    return das_total.at(visit) <= 3


def _parts(skin: float | None, muscle: float | None, total: float | None = None) -> dict[str, dict[str, float | None]]:
    return {"visit": {"skin_das": skin, "das_muscle": muscle, "das_total": total}}


das_from_parts = Measure(
    definition=Definition(
        key="das_from_parts",
        version="1",
        kind="score",
        label="DAS from skin and muscle",
        citations=(BODE_2003,),
        missing="missing when either part is",
        unit="points",
        range=Range(low=0, high=20, step=1),
        direction="lower is better",
        examples=(
            Example(inputs=_parts(9, 11), expected=20.0),
            Example(inputs=_parts(0, 0), expected=0.0),
            Example(
                inputs=_parts(6, 4), expected=10.0, note="medians of a published series: skin 6, muscle 5, total 10"
            ),
            Example(inputs=_parts(6, None), expected=None),
        ),
    ),
    moments=("visit",),
    rule=_sum,
)
das_consistent = Measure(
    definition=Definition(
        key="das_consistent",
        version="1",
        kind="criterion",
        label="the recorded DAS is the sum of its parts",
        citations=(BODE_2003,),
        missing="not evaluable when the total or a part is missing",
        type="yes or no",
        examples=(
            Example(inputs=_parts(6, 4, 10), expected=True),
            Example(inputs=_parts(6, 4, 11), expected=False),
            Example(inputs=_parts(6, None, 10), expected=None),
        ),
        note="A check of the data: false is an error in one of the three cells.",
    ),
    moments=("visit",),
    rule=_consistent,
)
das_inactive = Measure(
    definition=Definition(
        key="das_inactive",
        version="1",
        kind="criterion",
        label="DAS at most 3",
        citations=(LAZAREVIC_2013, BODE_2003),
        missing="not evaluable without the total",
        type="yes or no",
        examples=(
            Example(inputs=_parts(None, None, 3), expected=True),
            Example(inputs=_parts(None, None, 4), expected=False),
            Example(inputs=_parts(1, 1), expected=None),
        ),
        note="The cut-off that the PRINTO paper gives for the DAS on its own; it is no part of the criteria.",
    ),
    moments=("visit",),
    rule=_inactive,
)

MEASURES: tuple[Measure, ...] = (das_from_parts, das_consistent, das_inactive)
