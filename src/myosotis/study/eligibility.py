"""Eligibility: ordered rules, who each of them keeps, and why the others leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from myosotis.errors import ProtocolError
from myosotis.language.criteria import Criterion
from myosotis.language.declared import check_fields

__all__ = ["Attrition", "AttritionStep", "Eligibility", "Rule", "attrition"]

IfNotEvaluable = Literal["leave_out", "keep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Name a criterion for the flow diagram and say what a patient for whom it is not evaluable does.

    `reason` is how the flow diagram words the patients who leave by it.
    """

    name: str
    criterion: Criterion
    if_not_evaluable: IfNotEvaluable
    reason: str = ""

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.name.strip():
            raise ProtocolError("a rule has no name; give it one, as the flow of patients prints it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """List the rules a patient must meet (`include`), then those that rule a patient out (`exclude`), in order.

    Without a rule everybody is included. Raises `ProtocolError` when two rules share a name.
    """

    include: tuple[Rule, ...] = ()
    exclude: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)
        names = [rule.name for rule in self.rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ProtocolError(f"eligibility rules repeat the name {', '.join(map(repr, twice))}; give each its own")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Give all rules in the order they are applied."""
        return (*self.include, *self.exclude)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttritionStep:
    """Record one rule's effect: how many came to it, who left by it, and for whom of all it was not evaluable."""

    rule: Rule
    kind: Literal["include", "exclude"]
    n_before: int
    left: tuple[str, ...]
    not_evaluable: tuple[str, ...]

    @property
    def n_after(self) -> int:
        """Give how many remain after the rule."""
        return self.n_before - len(self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attrition:
    """Record the way from the patients screened to those included, rule by rule."""

    screened: tuple[str, ...]
    steps: tuple[AttritionStep, ...]
    included: tuple[str, ...]


def attrition(
    eligibility: Eligibility, verdicts: Mapping[str, Mapping[str, bool | None]], patients: Sequence[str]
) -> Attrition:
    """Apply the rules in order to the patients screened; each patient leaves by the first rule that says so.

    `verdicts[rule name][patient]` is what the rule came to. An include rule keeps a patient for whom it is true, an
    exclude rule one for whom it is false; where it is not evaluable, the rule's own `if_not_evaluable` decides.
    """
    remaining = list(patients)
    steps = []
    for rule in eligibility.rules:
        kind: Literal["include", "exclude"] = "include" if rule in eligibility.include else "exclude"
        found = verdicts[rule.name]
        left = [patient for patient in remaining if not _keeps(kind, found[patient], rule.if_not_evaluable)]
        steps.append(
            AttritionStep(
                rule=rule,
                kind=kind,
                n_before=len(remaining),
                left=tuple(left),
                not_evaluable=tuple(patient for patient in remaining if found[patient] is None),
            )
        )
        remaining = [patient for patient in remaining if patient not in set(left)]
    return Attrition(screened=tuple(patients), steps=tuple(steps), included=tuple(remaining))


def _keeps(kind: Literal["include", "exclude"], verdict: bool | None, if_not_evaluable: IfNotEvaluable) -> bool:
    if verdict is None:
        return if_not_evaluable == "keep"
    return verdict if kind == "include" else not verdict
