"""Responses over several visits: the best of them, one that lasts, and one that is lost again."""

from __future__ import annotations

from collections.abc import Sequence

from myosotis.core.definition import Definition, Example
from myosotis.errors import ProtocolError
from myosotis.language.canonical import canonical
from myosotis.language.criteria import Categories, Criterion, NamedCriterion, all_of, any_of, not_
from myosotis.language.declared import asked
from myosotis.language.structure import observed
from myosotis.language.windows import Window
from myosotis.measures.citations import LAZAREVIC_2013
from myosotis.measures.declare import part
from myosotis.measures.jdm.states import printo_inactive_disease_2013
from myosotis.measures.measure import Measure

__all__ = ["MEASURES", "best_response", "loss_of_inactive_disease", "loss_of_response", "sustained_response"]


def best_response(responses: Sequence[Categories]) -> Categories:
    """Give the best category reached at any of several visits; the categories are ordered from best to worst.

    A visit that is not evaluable leaves the best open only where it could change it.

    Raises `ProtocolError` for fewer than two visits or visits with different categories.
    """
    first = _checked(responses)
    cases = []
    for position in range(1, len(first.levels)):
        reached = any_of(*(one.is_in(*first.levels[:position]) for one in responses))
        cases.append((first.levels[position - 1], reached))
    return Categories(
        key=f"best_{first.key}",
        version=first.version,
        label=f"best {first.label}",
        cases=tuple(cases),
        otherwise=first.levels[-1],
    )


def sustained_response(responses: Sequence[Categories], *, levels: Sequence[str], visits: int) -> Criterion:
    """Ask whether the category is one of `levels` at a number of planned visits in a row.

    Raises `ProtocolError` for fewer than two visits, more visits in a row than there are, or an unknown category.
    """
    first = _checked(responses)
    if not 2 <= visits <= len(responses):
        raise ProtocolError(
            f"{visits} visits in a row were asked for out of {len(responses)}; ask for 2 to {len(responses)}"
        )
    runs = [
        all_of(*(one.is_in(*levels) for one in responses[start : start + visits]))
        for start in range(len(responses) - visits + 1)
    ]
    return NamedCriterion(
        key=f"sustained_{first.key}",
        version=first.version,
        label=f"{first.label}: {' or '.join(levels)} at {visits} visits in a row",
        of=any_of(*runs),
    )


def loss_of_response(responses: Sequence[Categories], *, levels: Sequence[str]) -> Criterion:
    """Ask whether the category was one of `levels` at one visit and none of them at a later one.

    Raises `ProtocolError` for fewer than two visits or an unknown category.
    """
    first = _checked(responses)
    pairs = [
        all_of(earlier.is_in(*levels), not_(later.is_in(*levels)))
        for position, earlier in enumerate(responses)
        for later in responses[position + 1 :]
    ]
    return NamedCriterion(
        key=f"loss_of_{first.key}",
        version=first.version,
        label=f"{first.label}: {' or '.join(levels)} and later not",
        of=any_of(*pairs),
    )


def _checked(responses: Sequence[Categories]) -> Categories:
    asked("a course", "responses", responses, tuple[Categories, ...])
    if len(responses) < 2:
        raise ProtocolError("a course needs the responses of at least two visits, in order of time")
    if any(one.levels != responses[0].levels or one.key != responses[0].key for one in responses):
        raise ProtocolError("the responses of a course differ in their definition; give the same one at each visit")
    visits = [canonical(one) for one in responses if observed(one)]
    if len(set(visits)) < len(visits):
        raise ProtocolError("the responses of a course name one visit twice; give each visit once, in order of time")
    return responses[0]


def _lost(baseline: Window, visit: Window) -> Criterion:
    rule = printo_inactive_disease_2013.rule
    before, now = rule(visit=baseline), rule(visit=visit)
    assert isinstance(before, Criterion)
    assert isinstance(now, Criterion)
    return all_of(
        part("inactive_before", "inactive disease at the earlier visit", before),
        part("active_now", "no inactive disease at the visit", not_(now)),
    )


_WELL = {"ck": 90, "cmas": 50, "mmt8": 80, "physician_global": 0.2}

loss_of_inactive_disease = Measure(
    definition=Definition(
        key="loss_of_inactive_disease",
        version="2",
        kind="criterion",
        label="loss of clinically inactive disease (PRINTO 2013)",
        citations=(LAZAREVIC_2013,),
        missing="not evaluable unless what is recorded settles it",
        type="yes or no",
        examples=(
            Example(inputs={"baseline": _WELL, "visit": {**_WELL, "ck": 151, "cmas": 47}}, expected=True),
            Example(inputs={"baseline": _WELL, "visit": {**_WELL, "ck": 151}}, expected=False),
            Example(inputs={"baseline": {**_WELL, "ck": 151, "cmas": 47}, "visit": {"ck": 500}}, expected=False),
            Example(inputs={"baseline": _WELL, "visit": {"ck": 90}}, expected=None),
        ),
        note="A flare as far as the published criteria say what one is: inactive at one visit and not at a later one. "
        "No published measure of how much worse is at hand.",
    ),
    moments=("baseline", "visit"),
    rule=_lost,
)

MEASURES: tuple[Measure, ...] = (loss_of_inactive_disease,)
