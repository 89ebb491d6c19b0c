"""Rules of eligibility and example patients in short words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from myosotis.errors import ProtocolError
from myosotis.language.checked import word
from myosotis.language.criteria import Criterion, Recorded, all_of
from myosotis.language.values import Value
from myosotis.language.windows import Window
from myosotis.plan.described import Asked, placed
from myosotis.plan.draft import Draft, Said
from myosotis.study import Eligibility, Rule

__all__ = ["eligibility_of", "exclude", "include", "recorded"]

IfNotEvaluable = Literal["leave_out", "keep"]


@word
def include(
    name: str, criterion: Asked | Draft, *, reason: str = "", if_not_evaluable: IfNotEvaluable | None = None
) -> Draft:
    """Include those of whom a criterion is true; a measure or observation is asked at the first visit.

    `reason` is how the flow diagram words the patients who leave by it. What not evaluable does says the study
    (`Defaults.if_not_evaluable`), or this rule.
    """
    return _rule("include", Said.INCLUDE, name, criterion, reason, if_not_evaluable)


@word
def exclude(
    name: str, criterion: Asked | Draft, *, reason: str = "", if_not_evaluable: IfNotEvaluable | None = None
) -> Draft:
    """Exclude those of whom a criterion is true; as `include` otherwise."""
    return _rule("exclude", Said.EXCLUDE, name, criterion, reason, if_not_evaluable)


@word
def recorded(*asked: Asked, at: Window | None = None) -> Draft:
    """Ask whether each observation was recorded at a visit, the first one unless said otherwise."""
    return Draft(word="recorded", make=_recorded, given=(("asked", asked), ("at", at or Said.FIRST_VISIT)))


def eligibility_of(rules: Iterable[object]) -> Eligibility:
    """Part rules into those that include and those that exclude, each in the order given.

    Raises `ProtocolError` for anything that `include` or `exclude` did not make.
    """
    parted = [one for one in rules if isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], Rule)]
    if len(parted) != len(list(rules)):
        raise ProtocolError(
            "eligibility holds something that is no rule; write include(...), exclude(...) or Eligibility(...)"
        )
    return Eligibility(
        include=tuple(rule for side, rule in parted if side == "include"),
        exclude=tuple(rule for side, rule in parted if side == "exclude"),
    )


def _rule(
    side: str, said: Said, name: str, criterion: Asked | Draft, reason: str, if_not_evaluable: IfNotEvaluable | None
) -> Draft:
    return Draft(
        word=f"{side}({name!r})",
        make=_make,
        given=(
            ("side", side), ("name", name), ("criterion", criterion), ("reason", reason),
            ("if_not_evaluable", if_not_evaluable or said), ("at", Said.FIRST_VISIT),
        ),
    )  # fmt: skip


def _make(
    side: str, name: str, criterion: Asked, reason: str, if_not_evaluable: IfNotEvaluable, at: Window
) -> tuple[str, Rule]:
    asked = placed(criterion, at)
    return side, Rule(name=name, criterion=asked, if_not_evaluable=if_not_evaluable, reason=reason)  # type: ignore[arg-type]


def _recorded(asked: tuple[Asked, ...], at: Window) -> Criterion:
    if not asked:
        raise ProtocolError("recorded was given nothing; name the observations that must be there")
    criteria: list[Criterion] = []
    for one in asked:
        found = placed(one, at)
        criteria.append(Recorded(of=_value(found)))
    return criteria[0] if len(criteria) == 1 else all_of(*criteria)


def _value(found: object) -> Value:
    """Give what a yes-or-no answer is read from, and a value as it is."""
    of = getattr(found, "of", found) if isinstance(found, Criterion) else found
    if not isinstance(of, Value):
        raise ProtocolError("recorded asks whether an observation is there; name observations, such as ck")
    return of
