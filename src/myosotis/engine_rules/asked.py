"""What the engine is asked of rows: adverse events of a treatment, courses of conditions, tapers, grades, pauses."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.language.values import Drugs, Value
from myosotis.language.windows import Window
from myosotis.measures.derived.events_of_interest import EventsOfInterest
from myosotis.measures.derived.worst_grade import LaboratoryTest

__all__ = ["Answers", "CoursesAsked", "EventsAsked", "GradesAsked", "PausesAsked", "RowsAsked", "TaperAsked"]

# For each patient the answers to each row, in no order.
Answers = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsAsked:
    """Ask of every event where it stands, whether it is serious, and which groups of interest it is or may be of.

    `first_dose`, `last_dose`, `days` (on the treatment) and `until` (the end of follow-up) are each patient's;
    `followed_from` and `followed_to` bound follow-up for everyone, by days from the index date.
    """

    first_dose: Value
    last_dose: Value
    days: Value
    until: Value
    followed_from: int
    followed_to: int
    emergent_until: int
    groups: tuple[EventsOfInterest, ...]
    looked_through: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursesAsked:
    """Ask of every patient what became of each condition from baseline to a visit."""

    conditions: tuple[str, ...]
    baseline: Window
    visit: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class TaperAsked:
    """Ask when each patient first was at or below each share of the dose at the first visit, from day 1 to `last_day`.

    `shares` have names; `first_dose` is in mg/day of prednisone.
    """

    first_dose: Value
    shares: tuple[tuple[str, float], ...]
    last_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GradesAsked:
    """Ask of every patient the worst grade of each test in the days of follow-up, and what it was at baseline.

    Of the tests named in `beside_ck` it is asked as well whether creatine kinase was raised on the day of the worst grade.
    """

    tests: tuple[LaboratoryTest, ...]
    baseline: Window
    follow_up: Window
    beside_ck: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PausesAsked:
    """Ask on which days from day 0 to `last_day` each patient paused or had stopped a drug, and what courses leave open."""

    drugs: Drugs
    last_day: int
    unit: str


RowsAsked = EventsAsked | CoursesAsked | TaperAsked | GradesAsked | PausesAsked
