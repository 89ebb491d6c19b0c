"""What figures draw patient by patient: the listings they take it from, and what is said where there is nobody."""

from __future__ import annotations

from typing import Protocol

from myosotis.presentation.cells import begin_lower
from myosotis.presentation.layout import Sentence
from myosotis.presentation.results import Results
from myosotis.study.population import Population

__all__ = ["anybody", "nobody_to_draw"]


class _Drawn(Protocol):
    """An analysis that draws the patients of a population."""

    @property
    def title(self) -> str: ...
    @property
    def population(self) -> Population: ...


def anybody(population: Population, results: Results) -> bool:
    """Say whether a population has a patient."""
    counted = results.where(analysis="populations", population=population.key, statistic="n").rows
    return any(row.number for row in counted or results.where(analysis="flow", variable="included").rows)


def nobody_to_draw(analysis: _Drawn, results: Results) -> tuple[Sentence, ...]:
    """Say that a figure was left out because its population has no patient; nothing where it has one."""
    if anybody(analysis.population, results):
        return ()
    template = f"{analysis.title}: {begin_lower(analysis.population.label)} has no patient, so that no figure is drawn."
    return (Sentence(template=template),)
