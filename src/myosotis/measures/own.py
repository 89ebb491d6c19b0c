"""Measures of a study's own: a definition with its rule as an expression of the visit at hand, and worked examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Direction, Example, Range, fingerprint
from myosotis.errors import ProtocolError
from myosotis.language.applied import Applied
from myosotis.language.canonical import canonical
from myosotis.language.checked import word
from myosotis.language.criteria import Categories, Criterion, NamedCriterion
from myosotis.language.declared import check_fields
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import recorded_days, records
from myosotis.language.values import NamedValue, Value
from myosotis.language.visit import Visit, at_visit, check_asks_visit
from myosotis.language.windows import Window
from myosotis.measures.examples import as_dataset
from myosotis.measures.moments import MOMENTS, VISIT

__all__ = ["OwnMeasure", "defined"]

_KINDS: Mapping[str, type] = {"number": Value, "yes or no": Criterion, "text": Categories}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMeasure:
    """Join a definition and its rule, an expression of `Visit()`; a number, a criterion or categories as its type says.

    Raises `ProtocolError` for a rule that is not of the definition's type or is the same at every visit, and for a
    definition without worked examples.
    """

    definition: Definition
    rule: Value | Criterion | Categories

    def __post_init__(self) -> None:
        check_fields(self)
        key, kind = self.definition.key, _KINDS[self.definition.type]
        if not isinstance(self.rule, kind):
            raise ProtocolError(
                f"{key} is a {self.definition.type} and its rule is none; make it a {kind.__name__.lower()}"
            )
        check_asks_visit(key, "its rule", self.rule)
        if not self.definition.examples:
            raise ProtocolError(f"{key} has no worked example; give some, with the edges of its rule among them")

    @property
    def key(self) -> str:
        """Give the definition's key."""
        return self.definition.key

    @property
    def fingerprint(self) -> str:
        """Digest definition and rule into 16 hexadecimal digits, wording left out."""
        return fingerprint(self.definition, canonical(self.rule))

    def at(self, window: Window | Visit) -> Value | Criterion | Categories:
        """Ask the rule at a visit, or at the visit at hand."""
        of = self.rule if isinstance(window, Visit) else at_visit(self.rule, window)
        made = Applied(of=self.key, word="at", given=(window,))
        key, version, label = self.key, self.definition.version, self.definition.label
        if isinstance(of, Value):
            return NamedValue(key=key, version=version, label=label, unit=self.definition.unit, of=of, applied=made)
        if isinstance(of, Criterion):
            return NamedCriterion(key=key, version=version, label=label, of=of, applied=made)
        return replace(of, key=key, version=version, label=label, applied=made)

    def check_examples(self, observations: Catalogue) -> None:
        """Run the worked examples; raises `ProtocolError` naming the first that comes out differently."""
        examples = {f"{number}": one for number, one in enumerate(self.definition.examples, start=1)}
        rule = self.at(VISIT)
        for record in records(as_dataset(examples, observations), recorded_days()):
            expected, found = examples[record.patient_id].expected, evaluate_patient(rule, record).result
            if found != expected and not _near(found, expected):
                raise ProtocolError(
                    f"{self.key}: the worked example {record.patient_id} expects {expected!r}, the rule gives {found!r}; "
                    "correct the rule or the example"
                )


@word
def defined(
    key: str,
    label: str,
    rule: Value | Criterion | Categories,
    *,
    source: Citation | tuple[Citation, ...],
    examples: tuple[tuple[Mapping[str, object], object], ...],
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    direction: Direction = "neither",
    decimals: int | None = None,
    missing: str = "not evaluable where what is missing could change it",
    version: str = "1",
    note: str = "",
) -> OwnMeasure:
    """Define a measure of the study's own by its rule at the visit at hand.

    Each of `examples` holds the values at a visit and what the rule must give: a number, True, False, a category, or None
    for not evaluable. Where the rule names a window beside the visit, such as `baseline_window(days=28)` for a change from
    baseline, an example gives values at both: `{"baseline": {...}, "visit": {...}}`; those at baseline are of day 0. They
    are run before any patient is read. A number needs `unit`, and `low` and `high` where it has bounds.
    """
    type_ = next(name for name, kind in _KINDS.items() if isinstance(rule, kind))
    return OwnMeasure(
        definition=Definition(
            key=key,
            version=version,
            kind={"number": "score", "yes or no": "criterion"}.get(type_, "classification"),  # type: ignore[arg-type]
            label=label,
            citations=source if isinstance(source, tuple) else (source,),
            missing=missing,
            type=type_,  # type: ignore[arg-type]
            unit=unit,
            range=Range(low=low, high=high) if type_ == "number" else None,
            direction=direction,
            decimals=decimals,
            examples=tuple(Example(inputs=_moments(given), expected=expected) for given, expected in examples),  # type: ignore[arg-type]
            note=note,
        ),
        rule=rule,
    )


def _moments(given: Mapping[str, object]) -> Mapping[str, object]:
    """Give the values of an example by moment; values that name none are those at the visit."""
    named = bool(given) and set(given) <= set(MOMENTS) and all(isinstance(one, Mapping) for one in given.values())
    return given if named else {"visit": given}


def _near(found: object, expected: object) -> bool:
    numbers = isinstance(found, float) and isinstance(expected, int | float) and not isinstance(expected, bool)
    return numbers and abs(found - expected) <= 1e-9  # type: ignore[operator]
