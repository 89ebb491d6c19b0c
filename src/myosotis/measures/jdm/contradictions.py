"""Records that contradict each other: true means that a cell should be looked up in the chart."""

from __future__ import annotations

from myosotis.core.definition import Definition, Example
from myosotis.language.criteria import Criterion, all_of, not_
from myosotis.language.windows import Window
from myosotis.measures.citations import BODE_2003, HUBER_2004, WANG_2022
from myosotis.measures.declare import part
from myosotis.measures.jdm.instruments import cmas, muscle_involvement, skin_das, ulceration
from myosotis.measures.jdm.wang_rules import under_5_at
from myosotis.measures.measure import Measure

__all__ = ["MEASURES", "ulceration_with_inactive_score", "weak_without_muscle_involvement"]

_MISSING = "not evaluable unless what is recorded settles it"


def _ulcerated(visit: Window) -> Criterion:
    return all_of(
        part("score_inactive", "skin-DAS is at most 1", skin_das.at(visit) <= 1),
        part("ulcerated", "ulceration is recorded", ulceration.at(visit)),
    )


def _weak(visit: Window) -> Criterion:
    return all_of(
        part("not_involved", "muscle involvement is recorded as absent", not_(muscle_involvement.at(visit))),
        part("weak", "CMAS is below 48", cmas.at(visit) < 48),
        part("not_under_5", "5 years of age or more", not_(under_5_at(visit))),
    )


def _skin(score: float | None, ulcer: str | None, expected: bool | None) -> Example:
    return Example(inputs={"visit": {"skin_das": score, "ulceration": ulcer}}, expected=expected)


def _muscle(involved: str | None, score: float | None, age: float | None, expected: bool | None) -> Example:
    inputs = {"visit": {"muscle_involvement": involved, "cmas": score, "age_at_index": age}}
    return Example(inputs=inputs, expected=expected)


ulceration_with_inactive_score = Measure(
    definition=Definition(
        key="ulceration_with_inactive_score",
        version="1",
        kind="criterion",
        label="ulceration with a skin-DAS of at most 1",
        citations=(BODE_2003, WANG_2022),
        missing=_MISSING,
        type="yes or no",
        examples=(
            _skin(1, "yes", True),
            _skin(2, "yes", False),
            _skin(1, "no", False),
            _skin(1, None, None),
            _skin(2, None, False),
        ),
        note="A check of the data: an ulcer is active skin disease, which a score of 1 does not describe.",
    ),
    moments=("visit",),
    rule=_ulcerated,
)
weak_without_muscle_involvement = Measure(
    definition=Definition(
        key="weak_without_muscle_involvement",
        version="1",
        kind="criterion",
        label="CMAS below 48 without muscle involvement",
        citations=(HUBER_2004, WANG_2022),
        missing=_MISSING,
        type="yes or no",
        examples=(
            _muscle("no", 47, 8, True),
            _muscle("no", 48, 8, False),
            _muscle("yes", 40, 8, False),
            _muscle("no", 47, 4, False),
            _muscle("no", 47, None, None),
            _muscle(None, 50, None, False),
        ),
        note="A check of the data in children of 5 years or more; younger ones may score so in health.",
    ),
    moments=("visit",),
    rule=_weak,
)

MEASURES: tuple[Measure, ...] = (ulceration_with_inactive_score, weak_without_muscle_involvement)
