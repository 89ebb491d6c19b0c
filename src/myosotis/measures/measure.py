"""A measure: a definition of the catalogue with the rule it stands for, over named moments of a patient's course."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from myosotis.core.catalogue import nearest_names
from myosotis.core.definition import Definition, fingerprint
from myosotis.errors import MissingChoiceError, ProtocolError, UsageError
from myosotis.language.applied import Applied
from myosotis.language.canonical import canonical
from myosotis.language.criteria import Categories, Criterion, NamedCriterion
from myosotis.language.declared import asked
from myosotis.language.misused import same, truth
from myosotis.language.sentences import sentence
from myosotis.language.slips import unplaced
from myosotis.language.structure import Node
from myosotis.language.values import NamedValue, Value
from myosotis.language.visit import Visit, at_visit
from myosotis.language.windows import Window
from myosotis.measures.calculate import calculate
from myosotis.measures.calculation import Calculation
from myosotis.measures.modules import observation_catalogue
from myosotis.measures.moments import BASELINE, MOMENTS

__all__ = ["Choice", "Measure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Name a choice that a source leaves open and the protocol must make; it has no default.

    `options` lists what may be chosen, with what each means; empty means a number, explained by `label`. `example`
    is the choice used where the measure is put into words and in worked examples that do not say otherwise.
    """

    key: str
    label: str
    example: object
    options: tuple[tuple[object, str], ...] = ()

    @property
    def allowed(self) -> str:
        """Say what may be chosen."""
        return " or ".join(repr(option) for option, _ in self.options) or "a number"

    def checked(self, given: object, measure: str) -> object:
        """Give a choice back if it is one of the options; raises `MissingChoiceError` naming them otherwise."""
        if self.options:
            allowed = [option for option, _ in self.options]
            if given not in allowed:
                words = "; ".join(f"{option!r} ({meaning})" for option, meaning in self.options)
                raise MissingChoiceError(f"{measure}: {self.key} is {given!r}; choose one of {words}")
        elif isinstance(given, bool) or not isinstance(given, int | float):
            raise MissingChoiceError(f"{measure}: {self.key} is {given!r}; give a number, {self.label}")
        return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Join a definition with its rule.

    `rule(**windows, **choices)` builds a value, criterion or categories from one window per moment (`moments` is
    `("visit",)` or `("baseline", "visit")`). `sorting`, where given, builds the categories that the value falls in.
    `of_baseline`, where given, judges the baseline itself, which a comparison with itself would always call unchanged.
    """

    definition: Definition
    moments: tuple[str, ...]
    rule: Callable[..., Value | Criterion | Categories]
    sorting: Callable[..., Categories] | None = None
    choices: tuple[Choice, ...] = ()
    of_baseline: Callable[..., Value | Criterion | Categories] | None = None

    __lt__ = __le__ = __gt__ = __ge__ = unplaced
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = unplaced
    __and__ = __rand__ = __or__ = __ror__ = __invert__ = __neg__ = __abs__ = unplaced
    __eq__ = same
    __bool__ = truth

    @property
    def key(self) -> str:
        """Give the key under which the catalogue holds it."""
        return self.definition.key

    def at(self, visit: Window | Visit, **choices: object) -> Value | Criterion | Categories:
        """Apply the rule at one visit, or at the visit at hand.

        Raises `UsageError` when the measure compares two visits, `MissingChoiceError` when a choice is left open.
        """
        self._check_moments(("visit",))
        if isinstance(visit, Visit):
            return self._deferred("at", (visit,), choices)
        made = Applied(of=self.key, word="at", given=(visit,), choices=_sorted(choices))
        return self._named(self.rule(visit=visit, **self.chosen(choices)), made)

    def between(self, baseline: Window, visit: Window | Visit, **choices: object) -> Value | Criterion | Categories:
        """Apply the rule to the course from a baseline to a visit, or to the visit at hand; errors as for `at`.

        Given the baseline's days twice, the baseline itself is judged where the measure has a rule for it; without one
        `ProtocolError` is raised, since a moment compared with itself never changed.
        """
        self._check_moments(("baseline", "visit"))
        if isinstance(visit, Visit):
            return self._deferred("between", (asked(self.key, "baseline", baseline, Window), visit), choices)
        made = Applied(of=self.key, word="between", given=(baseline, visit), choices=_sorted(choices))
        if self._itself(baseline, visit) and self.of_baseline is not None:
            return self._named(self.of_baseline(visit=visit, **self.chosen(choices)), made)
        self._check_two(baseline, visit)
        return self._named(self.rule(baseline=baseline, visit=visit, **self.chosen(choices)), made)

    def category(self, *windows: Window | Visit, **choices: object) -> Categories:
        """Sort patients by the value, one window per moment, of which the last may be the visit at hand.

        Raises `UsageError` when the measure has no categories.
        """
        if self.sorting is None:
            raise UsageError(f"{self.key} has no categories; use its value")
        if len(windows) != len(self.moments):
            raise UsageError(
                f"{self.key} needs {len(self.moments)} windows ({', '.join(self.moments)}), {len(windows)} were given"
            )
        if isinstance(windows[-1], Visit):
            return cast(Categories, self._deferred("category", windows, choices))
        if len(windows) == 2:
            self._check_two(*cast(tuple[Window, Window], windows))
        made = Applied(of=self.key, word="category", given=windows, choices=_sorted(choices))
        node = self.sorting(**dict(zip(self.moments, windows, strict=True)), **self.chosen(choices))
        return dataclasses.replace(node, applied=made)

    def apply(self, applied: Applied) -> Value | Criterion | Categories:
        """Apply the rule again as it was applied once; errors as for the words that applied it."""
        word = {"at": self.at, "between": self.between, "category": self.category}[applied.word]
        return word(*applied.given, **dict(applied.choices))  # type: ignore[operator, no-any-return]

    def example_node(self, **choices: object) -> Node:
        """Build the rule over the moments `baseline` and `the visit`, each choice at its example unless given."""
        chosen = {choice.key: choices.get(choice.key, choice.example) for choice in self.choices}
        return self.rule(**{moment: MOMENTS[moment] for moment in self.moments}, **self.chosen(chosen))

    def example_categories(self, **choices: object) -> Categories | None:
        """Build the categories over the moments `baseline` and `the visit`, or None where there are none."""
        if self.sorting is None:
            return None
        chosen = {choice.key: choices.get(choice.key, choice.example) for choice in self.choices}
        return self.sorting(**{moment: MOMENTS[moment] for moment in self.moments}, **self.chosen(chosen))

    def __call__(self, **given: Any) -> Calculation:  # noqa: ANN401 - moments, choices, conditions, treatments
        """Calculate the measure for one child: a mapping of inputs per moment, and each choice by its name.

        `conditions` and `treatments` may be given too; see `myosotis.measures.calculate` for inputs and errors.

        >>> from myosotis.measures import printo_inactive_disease_2013
        >>> printo_inactive_disease_2013(visit={"ck": 93, "cmas": 50, "mmt8": 79}).value
        True
        """
        moments: dict[str, Any] = {name: given.pop(name) for name in MOMENTS if name in given}
        extra = {name: given.pop(name) for name in ("conditions", "treatments") if name in given}
        return calculate(self, moments, given, observation_catalogue(), **extra)

    @property
    def sentence(self) -> str:
        """Say the rule in English."""
        return sentence(self.example_node())

    @property
    def fingerprint(self) -> str:
        """Digest the definition and its rule, every option of every choice included."""
        parts = [canonical(self.example_node())]
        for choice in self.choices:
            parts += [canonical(self.example_node(**{choice.key: option})) for option, _ in choice.options]
        categories = self.example_categories()
        if categories is not None:
            parts.append(canonical(categories))
        if self.of_baseline is not None:
            chosen = self.chosen({choice.key: choice.example for choice in self.choices})
            parts.append(canonical(self.of_baseline(visit=BASELINE, **chosen)))
        return fingerprint(self.definition, "\n".join(parts))

    def _deferred(
        self,
        word: Literal["at", "between", "category"],
        given: tuple[Window | Visit, ...],
        choices: Mapping[str, object],
    ) -> Value | Criterion | Categories:
        """Hold the rule back until the visit is known; what it will be is told by its example."""
        chosen = self.chosen(choices)
        made = Applied(of=self.key, word=word, given=given, choices=_sorted(chosen))
        of = MeasureOfVisit(measure=self, applied=made)
        rule = self.sorting if word == "category" and self.sorting is not None else self.rule
        example = rule(**{moment: MOMENTS[moment] for moment in self.moments}, **chosen)
        if isinstance(example, Value):
            return ValueOfVisit(of=of)
        if isinstance(example, Criterion):
            return CriterionOfVisit(of=of)
        cases = tuple((level, CriterionOfVisit(of=of, level=level)) for level, _ in example.cases)
        return dataclasses.replace(example, cases=cases, applied=made)

    def _named(self, node: Value | Criterion | Categories, made: Applied) -> Value | Criterion | Categories:
        if isinstance(node, Categories):
            return dataclasses.replace(node, applied=made)
        definition = self.definition
        key, version, label = definition.key, definition.version, definition.label
        if isinstance(node, Value):
            return NamedValue(key=key, version=version, label=label, unit=definition.unit, of=node, applied=made)
        return NamedCriterion(key=key, version=version, label=label, of=node, applied=made)

    def chosen(self, choices: Mapping[str, object]) -> dict[str, object]:
        """Give the choices back if each is made and allowed.

        Raises `MissingChoiceError` for one that is open or not an option, `UsageError` for one there is not.
        """
        known = {choice.key: choice for choice in self.choices}
        for key in choices:
            if key not in known:
                hint = nearest_names(key, list(known)) if known else "it leaves no choice open"
                raise UsageError(f"{self.key} has no choice {key!r}; {hint}")
        missing = [choice for key, choice in known.items() if key not in choices]
        if missing:
            words = "; ".join(f"{choice.key}: {choice.label} ({choice.allowed})" for choice in missing)
            raise MissingChoiceError(f"{self.key} leaves open what the protocol must choose: {words}")
        return {key: known[key].checked(value, self.key) for key, value in choices.items()}

    def _itself(self, baseline: Window, visit: Window) -> bool:
        asked(self.key, "baseline", baseline, Window)
        asked(self.key, "visit", visit, Window)
        return (baseline.first, baseline.last, baseline.target) == (visit.first, visit.last, visit.target)

    def _check_two(self, baseline: Window, visit: Window) -> None:
        if self._itself(baseline, visit):
            raise ProtocolError(
                f"{self.key} compares two moments and was given {baseline.label} as both, so that nothing could ever have "
                "changed; give the baseline first and a later visit second"
            )
        if visit.last < baseline.first:
            raise ProtocolError(
                f"{self.key} was given {visit.label} as the visit, which ends on day {visit.last}, before the baseline "
                f"{baseline.label} begins on day {baseline.first}; give the baseline first and a later visit second"
            )

    def _check_moments(self, given: tuple[str, ...]) -> None:
        if given != self.moments:
            word = ".between(baseline, visit)" if len(self.moments) == 2 else ".at(visit)"
            raise UsageError(f"{self.key} looks at {' and '.join(self.moments)}; use {self.key}{word}")


def _sorted(choices: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(choices.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureOfVisit:
    """Hold a measure of the visit at hand: which, against which baseline if it compares, and with which choices."""

    measure: Measure
    applied: Applied

    def at(self, window: Window) -> Value | Criterion | Categories:
        """Apply the measure at one visit."""
        return self.measure.apply(at_visit(self.applied, window))


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOfVisit(Value):
    """The value of a measure at the visit at hand."""

    of: MeasureOfVisit

    def of_visit(self, window: Window) -> Value | Criterion | Categories:
        """Give it at one visit."""
        return self.of.at(window)


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionOfVisit(Criterion):
    """Whether a measure holds at the visit at hand, or the case of one of its categories."""

    of: MeasureOfVisit
    level: str = ""

    def of_visit(self, window: Window) -> Value | Criterion | Categories:
        """Give it at one visit."""
        found = self.of.at(window)
        return dict(found.cases)[self.level] if isinstance(found, Categories) else found
