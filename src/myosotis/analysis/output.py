"""What one analysis adds to the bundle: result rows, what they were made of, and listings of patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Contribution
from myosotis.results.listing import PatientLines
from myosotis.results.schema import ResultRow

__all__ = ["AnalysisOutput"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOutput:
    """Hold an analysis's result rows, their provenance, and the lines about single patients that a report lists.

    How they are laid out and told is no part of it: `myosotis.presentation` finds them by their keys.
    """

    rows: tuple[ResultRow, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    provenance: tuple[Mapping[str, Any], ...] = ()
    listings_shown: tuple[PatientLines, ...] = ()
