"""What can be calculated for one child, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from myosotis.core.definition import Definition
from myosotis.language.criteria import Categories
from myosotis.language.structure import Node

__all__ = ["Calculable", "Calculation"]


class Calculable(Protocol):
    """What can be calculated: a definition with its moments, and its rule over them once the choices are made."""

    @property
    def key(self) -> str:
        """Give the key of the definition."""
        ...

    @property
    def definition(self) -> Definition:
        """Give the definition."""
        ...

    @property
    def moments(self) -> tuple[str, ...]:
        """Name the moments that the rule looks at."""
        ...

    def chosen(self, choices: Mapping[str, object]) -> dict[str, object]:
        """Give the choices back if each is made and allowed."""
        ...

    def example_node(self, **choices: object) -> Node:
        """Build the rule over the moments."""
        ...

    def example_categories(self, **choices: object) -> Categories | None:
        """Build the categories over the moments, or None where there are none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """Record what a measure came to for one child.

    `value` is a number, a truth or a category, None when it cannot be told; then `missing` lists the inputs that
    were not given, as `moment.name`: where one of several would do, that which needs the fewest. `category` is the
    category of a value, or the categories still possible joined by "or". `contributions` holds the named parts, such
    as the points of each core set measure.
    """

    key: str
    value: float | bool | str | None
    unit: str
    category: str | None
    contributions: Mapping[str, float | bool | str | None]
    missing: tuple[str, ...]
    sentence: str
