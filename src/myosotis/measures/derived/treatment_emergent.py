"""Treatment-emergent: where the onset of an adverse event stands against a patient's doses and follow-up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from myosotis.language.record import Days

__all__ = ["AFTER", "BEFORE", "EMERGENT", "NOT_EVALUABLE", "OUTSIDE", "UNTREATED", "Span"]

EMERGENT = "treatment-emergent"
BEFORE = "before the first dose"
AFTER = "after the treatment-emergent window"
OUTSIDE = "outside follow-up"
NOT_EVALUABLE = "onset day not known"
UNTREATED = "no dose of the treatment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Bound one patient's treatment and follow-up by days from the index date, all included.

    Each of `first_dose`, `last_dose` and `followed_until` is the earliest and the latest day it can be. `first_dose` is
    None for a patient without a dose, `last_dose` while a course is ongoing. Follow-up begins on `followed_from`.
    """

    first_dose: Days | None
    last_dose: Days | None
    followed_from: int
    followed_until: Days

    def place(self, onset: Days, emergent_until: int) -> str:
        """Say where an event stands whose onset lies between two days.

        It is treatment-emergent from the day of the first dose to `emergent_until` days after the last dose, both
        included, and within follow-up. Where that depends on what is not exactly known, it is not evaluable.
        """
        if self.first_dose is None:
            return UNTREATED
        turns = (self.followed_from, *self.followed_until)
        days = {*onset, *(day for day in turns if onset[0] <= day <= onset[1])}
        lasts = self.last_dose or (None,)
        places = {
            self._place_of(day, first, None if last is None else last + emergent_until, until)
            for day, first, last, until in product(days, self.first_dose, lasts, self.followed_until)
        }
        return places.pop() if len(places) == 1 else NOT_EVALUABLE

    def _place_of(self, day: int, first: int, last: int | None, until: int) -> str:
        if day < first:
            return BEFORE
        if last is not None and day > last:
            return AFTER
        return EMERGENT if self.followed_from <= day <= until else OUTSIDE
