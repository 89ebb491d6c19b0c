"""Characteristics of a population: numbers summarised, facts counted, each with how many were known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from myosotis.language.criteria import Criterion
from myosotis.language.declaring import check_declared, check_once, check_unit
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.study.population import EVERYONE, Population

__all__ = ["Characteristics", "Heading", "Number", "Share"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Set a line of words above the lines that follow."""

    label: str

    def __post_init__(self) -> None:
        check_declared(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """Summarise a value by its mean (SD) or its median [Q1, Q3].

    Raises `ProtocolError` for a `unit` that is not the value's, where the value's can be told.
    """

    key: str
    label: str
    unit: str
    value: Value
    summary: Literal["mean_sd", "median_iqr"]
    decimals: int

    def __post_init__(self) -> None:
        check_declared(self)
        check_unit(self, self.unit, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Count the patients for whom a criterion is true among those for whom it can be told."""

    key: str
    label: str
    criterion: Criterion

    def __post_init__(self) -> None:
        check_declared(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristics:
    """Describe a population line by line; raises `ProtocolError` without a line or when two share a key."""

    key: str
    title: str
    lines: tuple[Heading | Number | Share, ...]
    quartiles: int | str
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        check_once(self, "lines", [line.key for line in self.lines if not isinstance(line, Heading)])

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        named: dict[str, Node] = {}
        for line in self.lines:
            if isinstance(line, Number):
                named[f"{self.key}: {line.key}"] = line.value
            elif isinstance(line, Share):
                named[f"{self.key}: {line.key}"] = line.criterion
        return named
