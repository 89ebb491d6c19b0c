"""The skin in juvenile dermatomyositis: inactive, improved, and the sums of the skin instruments."""

from __future__ import annotations

from myosotis.core.definition import Citation, Definition, Example
from myosotis.language.criteria import Criterion, all_of, none_of
from myosotis.language.windows import Window
from myosotis.measures.citations import WANG_2022
from myosotis.measures.declare import part
from myosotis.measures.jdm.instruments import erythema, skin_das, ulceration
from myosotis.measures.measure import Choice, Measure

__all__ = ["MEASURES", "SKIN_IMPROVEMENT", "inactive_skin", "inactive_skin_signs", "rash_improved", "skin_improved"]

LE_VOYER_2021 = Citation(
    text="Le Voyer T, et al. JAK inhibitors are effective in a subset of patients with juvenile "
    "dermatomyositis: a monocentric retrospective study. Rheumatology 2021;60:5801-8",
    doi="10.1093/rheumatology/keab116",
)

SKIN_IMPROVEMENT = Choice(
    key="skin_improvement",
    label="by how much skin-DAS must fall to count as improved",
    example="one point",
    options=(
        ("any fall", "any fall; on a scale of whole points the same as one point"),
        ("one point", "a fall of 1 point or more"),
        ("20 percent", "a fall of 20% of the baseline score or more"),
    ),
)


def inactive_skin_signs(visit: Window) -> Criterion:
    """Ask whether neither ulceration nor erythema is seen at the visit."""
    return none_of(ulceration.at(visit), erythema.at(visit))


def _inactive_skin(visit: Window) -> Criterion:
    return all_of(
        part("skin_das_inactive", "skin-DAS is at most 1", skin_das.at(visit) <= 1),
        part("no_ulceration", "no ulceration", none_of(ulceration.at(visit))),
        part("no_erythema", "no erythema", none_of(erythema.at(visit))),
    )


def skin_improved(baseline: Window, visit: Window, skin_improvement: object) -> Criterion:
    """Ask whether skin-DAS fell from baseline to visit by what `SKIN_IMPROVEMENT` asks for."""
    before, now = skin_das.at(baseline), skin_das.at(visit)
    if skin_improvement == "any fall":
        return now < before
    if skin_improvement == "one point":
        return before - now >= 1
    return all_of(now < before, now.reduced_by(0.2, from_=before))


def _example(score: float | None, ulcer: str | None, red: str | None, expected: bool | None) -> Example:
    return Example(inputs={"visit": {"skin_das": score, "ulceration": ulcer, "erythema": red}}, expected=expected)


inactive_skin = Measure(
    definition=Definition(
        key="inactive_skin",
        version="1",
        kind="criterion",
        label="inactive skin",
        citations=(WANG_2022, LE_VOYER_2021),
        missing="not evaluable, unless a recorded score above 1, ulceration or erythema settles it",
        type="yes or no",
        examples=(
            _example(1, "no", "no", True),
            _example(0, "no", "no", True),
            _example(2, "no", "no", False),
            _example(1, "yes", "no", False),
            _example(1, "no", "yes", False),
            _example(1, None, "no", None),
            _example(None, "no", "no", None),
            _example(2, None, None, False),
        ),
        note="A skin-DAS of 1 may come from a capillary change alone, so ulceration and erythema are asked for on their "
        "own.",
    ),
    moments=("visit",),
    rule=_inactive_skin,
)

rash_improved = Measure(
    definition=Definition(
        key="rash_improved",
        version="1",
        kind="criterion",
        label="rash improved",
        citations=(WANG_2022,),
        missing="not evaluable when either score is missing",
        type="yes or no",
        examples=(
            Example(inputs={"baseline": {"skin_das": 6}, "visit": {"skin_das": 5}}, expected=True),
            Example(inputs={"baseline": {"skin_das": 6}, "visit": {"skin_das": 6}}, expected=False),
            Example(inputs={"baseline": {"skin_das": 0}, "visit": {"skin_das": 0}}, expected=False),
            Example(
                inputs={
                    "baseline": {"skin_das": 6},
                    "visit": {"skin_das": 5},
                    "choices": {"skin_improvement": "20 percent"},
                },
                expected=False,
            ),
            Example(
                inputs={
                    "baseline": {"skin_das": 5},
                    "visit": {"skin_das": 4},
                    "choices": {"skin_improvement": "20 percent"},
                },
                expected=True,
            ),
            Example(inputs={"baseline": {"skin_das": 6}, "visit": {}}, expected=None),
        ),
        note="The source reports rash improved without a rule; here it is a fall of skin-DAS by what the protocol "
        "chooses.",
    ),
    moments=("baseline", "visit"),
    rule=skin_improved,
    choices=(SKIN_IMPROVEMENT,),
)

MEASURES: tuple[Measure, ...] = (inactive_skin, rash_improved)
