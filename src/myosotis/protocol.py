"""The protocol: the one declaration of a study, frozen, checked against itself before any patient is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol as Shape

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Definition
from myosotis.document import (
    document_of,
    fingerprint_of,
    from_document,
    from_toml,
    json_of,
    to_document,
    to_python,
    to_toml,
)
from myosotis.errors import MyosotisError, ProtocolError
from myosotis.language.declared import asked, check_fields
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import IndexDate, records
from myosotis.language.series import Flag, Series
from myosotis.language.structure import Node
from myosotis.language.visit import check_asked
from myosotis.language.windows import Window
from myosotis.measures.catalogue import catalogue
from myosotis.measures.modules import observation_catalogue
from myosotis.measures.own import OwnMeasure
from myosotis.model.dataset import Dataset
from myosotis.plan.draft import NO_DEFAULTS, Defaults, completed
from myosotis.plan.rules import eligibility_of
from myosotis.study.eligibility import Eligibility
from myosotis.study.example import ExamplePatient
from myosotis.study.population import EVERYONE, Population

__all__ = ["Analysis", "ExamplePatient", "Protocol"]


class Analysis(Shape):
    """What a protocol can list: a key, and the expressions that `compute_analysis` makes its numbers of."""

    @property
    def key(self) -> str:
        """Give a key that no other analysis of the protocol has."""
        ...

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """Declare a study: index date, windows, eligibility, populations, analyses, seed.

    `analyses` and `eligibility` may be given in short words (`change(cmas)`, `include("severe", severe_jdm)`), which take
    from `windows` and `defaults` what they do not say; they are kept as the whole analyses and rules that they stand for.

    `question` is the study's question in one sentence. `synthetic` says, for invented data, so and how they were
    made; it is printed on every report. `notes` are limits that the authors know of, printed as such. `observations` are
    those of the study's own, which a mapping may name beside the catalogue's; one that `protocol.py` declares at its top
    is among them without being listed. `measures` are rules of the study's own (`defined`), whose worked examples are run
    before any patient is read.

    Raises `ProtocolError` when two windows, populations or analyses share a name, no analysis is declared, or a field of an
    analysis says what it does not offer.
    """

    key: str
    version: str
    title: str
    question: str
    index: IndexDate
    windows: tuple[Window, ...]
    eligibility: Eligibility
    analyses: tuple[Analysis, ...]
    seed: int
    populations: tuple[Population, ...] = ()
    examples: tuple[ExamplePatient, ...] = ()
    synthetic: str = ""
    notes: tuple[str, ...] = ()
    observations: tuple[Series | Flag | Definition, ...] = ()
    measures: tuple[OwnMeasure, ...] = ()
    defaults: Defaults = NO_DEFAULTS

    def __post_init__(self) -> None:
        self._complete()
        check_fields(self)
        _check_unique("windows", [window.label for window in self.windows])
        _check_unique("populations", [population.key for population in self.all_populations])
        _check_unique("analyses", [analysis.key for analysis in self.analyses])
        if not self.analyses:
            raise ProtocolError(f"the protocol {self.key!r} declares no analysis; declare at least one")
        if not self.question:
            raise ProtocolError(f"the protocol {self.key!r} asks no question; state it in one sentence")
        own = [one.key for one in self.own_definitions]
        _check_unique("observations", own)
        _check_unique("definitions", [*own, *(one.key for one in self.measures)])
        shipped = sorted(key for key in (*own, *(one.key for one in self.measures)) if key in catalogue())
        if shipped:
            raise ProtocolError(
                f"the definitions {', '.join(map(repr, shipped))} are in the catalogue already; use those, or give the "
                "study's own another key"
            )

    def _complete(self) -> None:
        """Put whole records in the place of short words."""
        windows = tuple(asked("Protocol", "windows", self.windows, tuple[Window, ...]))
        asked("Protocol", "defaults", self.defaults, Defaults)
        if isinstance(self.eligibility, tuple | list):
            rules = completed(tuple(self.eligibility), windows, self.defaults)
            object.__setattr__(self, "eligibility", eligibility_of(rules))
        if isinstance(self.analyses, tuple | list):
            made = completed(tuple(self.analyses), windows, self.defaults)
            object.__setattr__(self, "analyses", made)

    @classmethod
    def from_json(cls, text: str) -> Protocol:
        """Read a protocol from JSON, the inverse of `to_json`; nothing is executed.

        Raises `ProtocolError`, with the place, for what is no protocol and for definitions that the catalogue holds in
        another version.
        """
        return from_document(document_of(text), cls)

    def to_json(self) -> str:
        """Write the protocol as JSON, equal protocols as equal text.

        Raises `ProtocolError` for what no document can hold, such as an analysis of a kind that myosotis does not have.
        """
        return json_of(to_document(self))

    @classmethod
    def from_toml(cls, text: str, beside: Mapping[str, object] | None = None) -> Protocol:
        """Read a protocol from TOML, the inverse of `to_toml`; nothing is executed. `beside` holds more names.

        Raises `ProtocolError`, with line and column, for what is no protocol.
        """
        return from_toml(text, cls, beside)

    def to_toml(self) -> str:
        """Write the protocol as TOML; errors as for `to_json`."""
        return to_toml(self)

    def to_python(self) -> str:
        """Write the protocol as a `protocol.py`; errors as for `to_json`."""
        return to_python(self, "protocol")

    @property
    def fingerprint(self) -> str:
        """Digest all that is declared (SHA-256, 64 hexadecimal digits)."""
        return fingerprint_of(to_document(self))

    @property
    def own_definitions(self) -> tuple[Definition, ...]:
        """Give the definitions of the study's own observations."""
        return tuple(one if isinstance(one, Definition) else one.definition for one in self.observations)

    @property
    def catalogue(self) -> Catalogue:
        """Hold the observations that a mapping may name: those of the catalogue and the study's own."""
        return Catalogue.of(*observation_catalogue(), *self.own_definitions)

    @property
    def all_populations(self) -> tuple[Population, ...]:
        """Give all included patients first, then the populations declared."""
        return (EVERYONE, *self.populations)

    def nodes(self) -> dict[str, Node]:
        """Name every expression the study evaluates: eligibility rules, populations, analyses.

        Raises `ProtocolError` when two analyses give different expressions the same name.
        """
        from myosotis.analysis.flow import rule_name

        named: dict[str, Node] = {rule_name(rule): rule.criterion for rule in self.eligibility.rules}
        for population in self.populations:
            if population.criterion is not None:
                named[f"population: {population.key}"] = population.criterion
        for name, node in named.items():
            check_asked(name, node)
        for analysis in self.analyses:
            for name, node in analysis.nodes().items():
                check_asked(f"{analysis.key}: {name}", node)
                if name in named and named[name] != node:
                    raise ProtocolError(f"two analyses give the name {name!r} to different expressions; rename one")
                named[name] = node
        return named

    def check_examples(self) -> None:
        """Run the worked examples of own measures and the example patients.

        Raises `ProtocolError` naming the first that comes out differently.
        """
        for measure in self.measures:
            measure.check_examples(self.catalogue)
        named = self.nodes()
        for example in self.examples:
            record = example.record(self.index)
            for name, expected in example.expects.items():
                node = named.get(name, named.get(f"eligibility: {name}"))
                if node is None:
                    raise ProtocolError(
                        f"the example {example.label!r} expects {name!r}, which the protocol does not evaluate"
                    )
                found = evaluate_patient(node, record).result
                if found != expected:
                    raise ProtocolError(
                        f"the example {example.label!r} expects {name!r} to be {expected!r}, the protocol gives {found!r}; "
                        "correct the rule or the example before any patient is read"
                    )

    def check_expressions(self) -> None:
        """Evaluate every expression for an invented patient of whom nothing is known.

        What no value could mend, such as a choice that a definition does not offer, is so refused before the data are
        read. Raises what the expressions raise, with the name of the first, and `ProtocolError` for an analysis in a
        population that is not declared.
        """
        record = next(records(Dataset.of(patients=[{"patient_id": "example"}]), self.index))
        for name, node in self.nodes().items():
            try:
                evaluate_patient(node, record)
            except MyosotisError as error:
                raise type(error)(f"{name!r}: {error}") from error
        declared = [population.key for population in self.all_populations]
        for analysis in self.analyses:
            population = getattr(analysis, "population", EVERYONE)
            if population.key not in declared:
                raise ProtocolError(
                    f"the analysis {analysis.key!r} is in the population {population.key!r}, which is not declared; "
                    f"declared are {', '.join(declared)}"
                )


def _check_unique(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ProtocolError(f"the {what} {', '.join(map(repr, twice))} are declared twice; give each its own name")
