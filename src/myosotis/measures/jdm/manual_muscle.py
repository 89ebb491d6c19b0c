"""Manual muscle testing: the eight groups of the MMT-8, their sum, Kendall's grades, and global scales on five steps."""

from __future__ import annotations

from myosotis.core.definition import Definition, Example, Range
from myosotis.language.criteria import Categories
from myosotis.language.series import Series
from myosotis.language.values import Total, Value
from myosotis.language.windows import Window
from myosotis.measures.citations import IMACS_TOOLS, RIDER_1997, RIDER_2011
from myosotis.measures.declare import measured
from myosotis.measures.measure import Measure

__all__ = [
    "MEASURES", "MMT8_GROUPS", "OBSERVATIONS", "kendall_grade", "mmt8_from_groups", "mmt_group",
    "parent_global_likert", "physician_global_likert",
]  # fmt: skip

_SIDE = "On the right side unless it cannot be tested; 0 to 10 after Kendall, a trace without movement is 0."


def _group(key: str, label: str) -> Series:
    return measured(
        f"mmt_{key}", f"strength of the {label}", unit="points", low=0, high=10, step=1, direction="higher is better",
        source=IMACS_TOOLS, note=_SIDE,
    )  # fmt: skip


MMT8_GROUPS: tuple[Series, ...] = (
    _group("neck_flexors", "neck flexors"),
    _group("deltoid", "middle deltoid"),
    _group("biceps", "biceps brachii"),
    _group("wrist_extensors", "wrist extensors"),
    _group("gluteus_maximus", "gluteus maximus"),
    _group("gluteus_medius", "gluteus medius"),
    _group("quadriceps", "quadriceps"),
    _group("ankle_dorsiflexors", "ankle dorsiflexors"),
)
mmt_group = _group("group", "muscle group tested")
physician_global_likert = measured(
    "physician_global_likert", "physician global activity on five steps", unit="points", low=0, high=4, step=1,
    direction="lower is better", source=RIDER_1997,
    note="A Likert scale of 0 to 4; it does not stand in for the visual analogue scale of 0 to 10 cm.",
)  # fmt: skip
parent_global_likert = measured(
    "parent_global_likert", "parent or patient global assessment on five steps", unit="points", low=0, high=4, step=1,
    direction="lower is better", source=RIDER_2011,
    note="A Likert scale of 0 to 4; it does not stand in for the visual analogue scale of 0 to 10 cm.",
)  # fmt: skip

# The grade of 0 to 5 that each point of 0 to 10 stands for; the highest first.
_GRADES = ((10, "5"), (9, "4+"), (8, "4"), (7, "4-"), (6, "3+"), (5, "3"), (4, "3-"), (3, "2+"), (2, "2"), (1, "2-"))


def _sum(visit: Window) -> Value:
    return Total(of=tuple(group.at(visit) for group in MMT8_GROUPS))


def _grade(visit: Window) -> Categories:
    points = mmt_group.at(visit)
    return Categories(
        key="kendall_grade", version="1", label="Kendall grade",
        cases=tuple((grade, points >= least) for least, grade in _GRADES), otherwise="0",
    )  # fmt: skip


def _groups(*points: float | None) -> dict[str, dict[str, float | None]]:
    return {"visit": {group.definition.key: one for group, one in zip(MMT8_GROUPS, points, strict=True)}}


mmt8_from_groups = Measure(
    definition=Definition(
        key="mmt8_from_groups",
        version="1",
        kind="score",
        label="MMT-8 from its eight groups",
        citations=(IMACS_TOOLS,),
        missing="missing when any group is; no rule for a part of the groups is published",
        unit="points",
        range=Range(low=0, high=80, step=1),
        direction="higher is better",
        examples=(
            Example(inputs=_groups(*[10] * 8), expected=80.0),
            Example(inputs=_groups(*[0] * 8), expected=0.0),
            Example(inputs=_groups(8, 9, 10, 10, 9, 9, 10, 10), expected=75.0),
            Example(inputs=_groups(8, 9, 10, 10, 9, 9, 10, None), expected=None),
        ),
        note="One side, 0 to 80. Both sides give 0 to 150, since the neck is tested once.",
    ),
    moments=("visit",),
    rule=_sum,
)
kendall_grade = Measure(
    definition=Definition(
        key="kendall_grade",
        version="1",
        kind="classification",
        label="Kendall grade of a muscle group",
        citations=(IMACS_TOOLS,),
        missing="not evaluable without the points",
        type="text",
        examples=(
            *(Example(inputs={"visit": {"mmt_group": points}}, expected=grade) for points, grade in _GRADES),
            Example(inputs={"visit": {"mmt_group": 0}}, expected="0"),
            Example(inputs={"visit": {}}, expected=None),
        ),
        note="Grade 1 (a trace of contraction) has no number of its own on the scale of 0 to 10.",
    ),
    moments=("visit",),
    rule=_grade,
)

OBSERVATIONS: tuple[Definition, ...] = tuple(
    one.definition for one in (*MMT8_GROUPS, mmt_group, physician_global_likert, parent_global_likert)
)
MEASURES: tuple[Measure, ...] = (mmt8_from_groups, kendall_grade)
