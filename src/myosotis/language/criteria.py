"""Criteria: expressions that are true, false or not evaluable for each patient, and categories made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from myosotis.errors import ProtocolError
from myosotis.language.applied import Applied
from myosotis.language.declared import asked, check_fields
from myosotis.language.expression import Compare, Criterion, Recorded, Value
from myosotis.language.misused import same, truth
from myosotis.language.slips import shown
from myosotis.language.stretches import check_stretch
from myosotis.language.values import Drugs, Picked

__all__ = [
    "AllOf", "AnyOf", "AtLeast", "Categories", "Compare", "Criterion", "HasCondition", "Known", "NamedCriterion", "Not",
    "PatientIs", "Recorded", "Started", "Taking", "TextIs", "all_of", "any_of", "at_least", "none_of", "not_",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Criterion):
    """A truth written in the protocol: true, false, or None for not evaluable."""

    truth: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextIs(Criterion):
    """Whether a picked observation's text is one of several; not evaluable when nothing was recorded."""

    of: Picked
    texts: tuple[str, ...]

    def __post_init__(self) -> None:
        check_fields(self)
        _check_named(self.texts, "texts")


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientIs(Criterion):
    """Whether a field of the patient, such as sex or site, is one of several texts; not evaluable when missing.

    Raises `ProtocolError` for one text without a comma behind it, and for a sex that no patient can have: the study
    tables know female and male.
    """

    field: Literal["sex", "site"]
    texts: tuple[str, ...]

    def __post_init__(self) -> None:
        check_fields(self)
        _check_named(self.texts, "texts")
        if self.field == "sex":
            # A study's data hold no other word, so that another one would silently count nobody.
            asked("PatientIs(field='sex')", "texts", self.texts, tuple[Literal["female", "male"], ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class HasCondition(Criterion):
    """Whether a condition was recorded between two days, both included; not recorded counts as absent.

    `statuses` empty means any status except `absent`. Without days, at any time; a row without a date counts only then.
    """

    names: tuple[str, ...]
    statuses: tuple[str, ...] = ()
    first: Value | None = None
    last: Value | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        _check_named(self.names, "names of conditions")
        if self.first is not None and self.last is not None:
            check_stretch(f"the condition {' or '.join(self.names)}", self.first, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Criterion):
    """Whether a course of the drugs started after one day and up to another, the later day included.

    With `new_only`, a drug that was already given on or before the earlier day does not count when it starts again.
    Not evaluable when one of the days is missing.
    """

    drugs: Drugs
    after: Value
    until: Value
    new_only: bool

    def __post_init__(self) -> None:
        check_fields(self)
        # The earlier day itself is left out, so that the days from it to itself are none.
        names = ("after", "until")
        check_stretch(f"a start of {self.drugs.label}", self.after, self.until, names=names, least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking(Criterion):
    """Whether a course of the drugs covers a day, its start and stop included; not evaluable without the day."""

    drugs: Drugs
    day: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Criterion):
    """True where another criterion is false, false where it is true, not evaluable where it is."""

    of: Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf(Criterion):
    """False once one is false, true when all are true, else not evaluable."""

    of: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Criterion):
    """True once one is true, false when all are false, else not evaluable."""

    of: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast(Criterion):
    """True once `count` are true, false once that cannot be reached, else not evaluable."""

    count: int
    of: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        check_fields(self)
        if not 0 < self.count <= len(self.of):
            raise ProtocolError(
                f"at least {self.count} of {len(self.of)} criteria were asked for; ask for 1 to {len(self.of)}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCriterion(Criterion):
    """A criterion known by a name of the catalogue, or a named part of one (then `version` is empty)."""

    key: str
    version: str
    label: str
    of: Criterion
    applied: Applied | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """Sort patients into ordered categories: the first whose criterion is true, else `otherwise`.

    A patient whose category depends on something not evaluable is not evaluable, but may still be known to be in one
    of several: `is_in` is true when every category that remains possible is among those asked for.
    """

    key: str
    version: str
    label: str
    cases: tuple[tuple[str, Criterion], ...]
    otherwise: str
    applied: Applied | None = None

    __eq__ = same
    __bool__ = truth

    def __post_init__(self) -> None:
        check_fields(self)
        names = self.levels
        if not self.cases or len(set(names)) != len(names):
            raise ProtocolError(f"the categories {names} of {self.label!r} are empty or repeat; give each its own name")

    @property
    def levels(self) -> tuple[str, ...]:
        """Name the categories in order."""
        return (*(name for name, _ in self.cases), self.otherwise)

    def is_in(self, *levels: str) -> Criterion:
        """Ask whether the category is one of several; raises `ProtocolError` for a name that is not a category."""
        _check_named(asked("is_in", "the categories", levels, tuple[str, ...]), "categories")
        unknown = sorted(set(levels) - set(self.levels))
        if unknown:
            raise ProtocolError(
                f"{', '.join(unknown)} is no category of {self.label!r}; they are {', '.join(self.levels)}"
            )
        verdict: Criterion = Known(truth=self.otherwise in levels)
        for name, criterion in reversed(self.cases):
            # Where both outcomes of an open criterion agree, strong Kleene logic settles the patient.
            verdict = _either(criterion, verdict) if name in levels else _both(Not(of=criterion), verdict)
        return NamedCriterion(
            key=f"{self.key}.{'+'.join(levels)}",
            version=self.version,
            label=f"{self.label}: {' or '.join(levels)}",
            of=verdict,
            applied=Applied(of=self, word="is_in", given=levels),
        )


def _check_named(names: tuple[str, ...], what: str) -> None:
    if not names or not all(name.strip() for name in names):
        raise ProtocolError(f"the {what} {names} name nothing, so that nobody would be counted; name at least one")


def _either(criterion: Criterion, rest: Criterion) -> Criterion:
    if isinstance(rest, Known) and rest.truth is not None:
        return rest if rest.truth else criterion
    return AnyOf(of=(criterion, rest))


def _both(criterion: Criterion, rest: Criterion) -> Criterion:
    if isinstance(rest, Known) and rest.truth is not None:
        return criterion if rest.truth else rest
    return AllOf(of=(criterion, rest))


def all_of(*criteria: Criterion) -> Criterion:
    """Join criteria so that all must be true."""
    return AllOf(of=_checked("all_of", criteria))


def any_of(*criteria: Criterion) -> Criterion:
    """Join criteria so that one must be true."""
    return AnyOf(of=_checked("any_of", criteria))


def none_of(*criteria: Criterion) -> Criterion:
    """Join criteria so that none may be true."""
    return Not(of=AnyOf(of=_checked("none_of", criteria)))


def not_(criterion: Criterion) -> Criterion:
    """Turn a criterion round."""
    return Not(of=_checked("not_", (criterion,))[0])


def at_least(count: int, of: list[Criterion] | tuple[Criterion, ...]) -> Criterion:
    """Join criteria so that a number of them must be true."""
    given = asked("at_least", "of", of, tuple[Criterion, ...])
    return AtLeast(count=asked("at_least", "count", count, int), of=_checked("at_least", given))


def _checked(word: str, criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    if not criteria:
        raise ProtocolError(f"{word} was given no criteria; give at least one")
    for criterion in criteria:
        if not isinstance(criterion, Criterion):
            asked(word, "what it joins", criterion, Criterion)
            raise ProtocolError(
                f"{word} was given {shown(criterion)}, which is no criterion; compare values to make one"
            )
    return criteria
