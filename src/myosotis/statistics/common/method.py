"""What a reader must know before trusting one method, and the kinds of sample that methods take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from myosotis.statistics.common.records import PKind

__all__ = ["SAMPLES", "Method", "Sample"]

Sample = Literal[
    "numbers",
    "counted",
    "paired",
    "counted pairs",
    "repeated",
    "repeated in groups",
    "groups",
    "counted groups",
    "time to event",
    "time to event in groups",
    "time between",
    "events in time",
    "events in time in groups",
    "several studies",
    "several endpoints",
    "imputed sets",
    "p-values",
    "design",
]

SAMPLES: dict[Sample, str] = {
    "numbers": "one number for each patient",
    "counted": "how many patients of how many",
    "paired": "two numbers for each patient, before and after",
    "counted pairs": "patients counted by two yes-or-no outcomes of each, before and after, in a table of two rows",
    "repeated": "one number for each patient at each visit, patients in rows and visits in columns",
    "repeated in groups": "as repeated visits, and the group of each patient",
    "groups": "one number for each patient, in two groups of different patients",
    "counted groups": "patients counted by group in rows and by outcome in columns",
    "time to event": "for each patient the time followed and whether it ended in the event",
    "time to event in groups": "as times to an event, and the group of each patient",
    "time between": "for each patient the last time known without the event and the first known with it",
    "events in time": "how many events in how much time at risk, of each patient or of all patients together",
    "events in time in groups": "as events in time, of two groups",
    "several studies": "how many patients of how many, for each study",
    "several endpoints": "for each endpoint the changes of the same patients, patients in rows",
    "imputed sets": "one estimate with its variance, or one table of values, for each imputed set of data",
    "p-values": "the p-values of several comparisons",
    "design": "how many patients and visits, without data",
}
"""What each kind of sample is, in words; the list is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Record what a reader must know before trusting one public function.

    `sample` is the kind of sample that it takes, one of `SAMPLES`. `inference` says how p-values and confidence limits
    can be reached: `exact` from the distribution itself, `asymptotic` from what it comes near to for many patients,
    `monte_carlo` from random draws; it is empty where the method states neither. `smallest_p` says which p-value the
    exact form cannot go below, with n for the patients that enter; None where the method gives no exact p-value.
    """

    label: str
    sample: Sample
    inference: tuple[PKind, ...]
    assumes: str
    meant_for: str
    source: str
    smallest_p: str | None = None

    @property
    def sentence(self) -> str:
        """Tell a reader of a report what was used, what it assumes and where it is from.

        >>> from myosotis.statistics import METHODS
        >>> METHODS["clopper_pearson"].sentence.partition(" Source")[0]
        'Clopper-Pearson interval. Assumed: patients are independent and share one probability.'
        """
        assumed = "" if self.assumes == "nothing" else f" Assumed: {self.assumes}."
        return f"{self.label}.{assumed} Source: {self.source}."
