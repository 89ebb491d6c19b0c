"""What a report shows of one analysis: tables, figures, sentences and methods."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.presentation.layout import Figure, Paragraph, Sentence, Table
from myosotis.presentation.listings import Listing

__all__ = ["Presentation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """Hold what is shown of an analysis; it refers to results by their identifiers and holds no number of its own.

    A limitation is a sentence like a finding: what the data cannot show. `statistics` names the methods of
    `myosotis.statistics` that were used; a report tells each once. `listings` say how lines about patients are
    headed.
    """

    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    findings: tuple[Paragraph, ...] = ()
    methods: tuple[Paragraph, ...] = ()
    statistics: tuple[str, ...] = ()
    limitations: tuple[Sentence, ...] = ()
    listings: tuple[Listing, ...] = ()
