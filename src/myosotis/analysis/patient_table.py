"""The table of patients: one line each, with what the protocol declares to be shown, and never a date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from myosotis.errors import ProtocolError
from myosotis.language.criteria import Criterion
from myosotis.language.declaring import check_declared, check_once
from myosotis.language.series import Treatment
from myosotis.language.structure import Node
from myosotis.study.population import EVERYONE, Population

__all__ = ["Column", "DrugNames", "PatientTable", "Present"]

NOTHING, UNKNOWN = "none", "not known"
When = Literal["before", "at the start", "later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Show a value with `decimals`, a criterion in `words` (for true and false), or a category."""

    key: str
    label: str
    of: Node
    decimals: int = 1
    words: tuple[str, str] = ("yes", "no")

    def __post_init__(self) -> None:
        check_declared(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Name the criteria that are true, such as positive antibodies or organs involved, and how many are not known."""

    key: str
    label: str
    of: tuple[tuple[str, Criterion], ...]

    def __post_init__(self) -> None:
        check_declared(self)
        check_once(self, "names", [name for name, _ in self.of])


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugNames:
    """Name the drugs of a treatment by when they were taken, each once.

    before: started before day 0 and not taken on it; at the start: taken on day 0; later: first started after day 0.
    """

    key: str
    label: str
    treatment: Treatment
    when: When

    def __post_init__(self) -> None:
        check_declared(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTable:
    """List the patients of a population, one line each, P2 before P10.

    Nothing in it is a date: ages and durations are values of the language with the decimals of their column. Raises
    `ProtocolError` without columns or when two share a key.
    """

    key: str
    title: str
    columns: tuple[Column | Present | DrugNames, ...]
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        keys = [column.key for column in self.columns]
        if not keys or len(set(keys)) != len(keys):
            raise ProtocolError(
                f"the analysis {self.key!r} needs columns, each with a key of its own; given are {keys}"
            )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return dict(self.expressions())

    def expressions(self) -> Iterator[tuple[str, Node]]:
        """Yield each expression by its name, column after column."""
        for column in self.columns:
            if isinstance(column, Column):
                yield f"{self.key}: {column.key}", column.of
            elif isinstance(column, Present):
                for label, criterion in column.of:
                    yield f"{self.key}: {column.key}: {label}", criterion
