"""Characteristics of a population: numbers summarised, facts counted, each with how many were known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from myosotis.analysis.change_tests import summarise
from myosotis.analysis.cohort import Cohort
from myosotis.analysis.declaring import check_declared, check_once, check_unit
from myosotis.analysis.section import Section, cell, table
from myosotis.language.criteria import Criterion
from myosotis.language.sentences import sentence
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.results.schema import ResultRow
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

    def compute(self, cohort: Cohort) -> Section:
        """Compute every number of the analysis."""
        rows: list[ResultRow] = []
        contributions, layout = [], []
        for line in self.lines:
            if isinstance(line, Heading):
                layout.append({"label": line.label, "heading": True, "cells": [None, None]})
                continue
            unit = line.unit if isinstance(line, Number) else ""
            part = cohort.contribution(f"{self.key}: {line.key}", self.population.key, unit=unit, item=line.label)
            base = {
                "study": cohort.study, "analysis": self.key, "endpoint": line.key, "population": self.population.key,
                "provenance_id": part.id,
            }  # fmt: skip
            made = self._summary(line, part.numbers, base) if isinstance(line, Number) else _share(part.results, base)
            rows += made.values()
            contributions.append(part)
            layout.append(_line(line, made))
        return Section(
            rows=tuple(rows),
            contributions=tuple(contributions),
            tables=(self._table(layout),),
            methods=({"heading": self.title, "sentences": self._methods()},),
        )

    def _summary(self, line: Number, numbers: list[float | None], base: Mapping[str, Any]) -> dict[str, ResultRow]:
        return summarise(numbers, self.quartiles, base, unit=line.unit)

    def _table(self, layout: list[dict[str, Any]]) -> dict[str, Any]:
        return table(
            self.key,
            self.title,
            columns=[{"label": self.population.label, "sub": ""}, {"label": "known for", "sub": "patients"}],
            rows=layout,
            note=f"Mean (SD), median [Q1, Q3] (quartile definition {self.quartiles}), or n/N (%). {self.note}".strip(),
        )

    def _methods(self) -> list[str]:
        told = []
        for line in self.lines:
            if not isinstance(line, Heading):
                told.append(f"{line.label}: {sentence(line.value if isinstance(line, Number) else line.criterion)}.")
        return told


def _share(results: Mapping[str, object], base: Mapping[str, Any]) -> dict[str, ResultRow]:
    known = [result for result in results.values() if result is not None]
    count, open_ = float(sum(result is True for result in known)), float(len(results) - len(known))
    rows = {
        "count": ResultRow(**base, statistic="count", number=count),
        "total": ResultRow(**base, statistic="total", number=float(len(known))),
        "n": ResultRow(**base, statistic="n", number=float(len(known))),
        "n_not_evaluable": ResultRow(**base, statistic="n_not_evaluable", number=open_),
    }
    if open_:
        rows["count_most"] = ResultRow(**base, statistic="count_most", number=count + open_)
    return rows


def _line(line: Number | Share, made: Mapping[str, ResultRow]) -> dict[str, Any]:
    if isinstance(line, Share):
        shown = cell("n_of_total", made["count"], made["total"])
        if "count_most" in made:
            open_ = ("count", "total", "n_not_evaluable", "count_most")
            shown = cell("n_of_total_open", *(made[name] for name in open_))
        label = line.label
    else:
        names = ("mean", "sd") if line.summary == "mean_sd" else ("median", "q1", "q3")
        shown = cell(line.summary, *(made[name] for name in names), decimals=line.decimals)
        label = f"{line.label}, {line.unit}" if line.unit not in ("", "1", "points") else line.label
    return {"label": label, "indent": 1, "cells": [shown, cell("integer", made["n"])]}
