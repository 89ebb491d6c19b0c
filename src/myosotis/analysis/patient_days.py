"""The days of one patient that count as time on treatment or at risk: those that certainly do, and those that may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from myosotis.analysis.safety_events import SafetyEvent
from myosotis.language.record import Days, PatientRecord, matches
from myosotis.language.values import Drugs
from myosotis.measures.derived.treatment_emergent import Span

__all__ = ["PatientDays", "Stretches", "at_risk", "days_within", "joined_days", "on_treatment"]

Stretches = tuple[tuple[int, int], ...]  # first and last day, both included, rising and apart


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientDays:
    """Hold the days that count for certain, and with them those that may; equal where everything is exactly known."""

    certain: Stretches
    possible: Stretches

    def hold(self, event: SafetyEvent) -> bool:
        """Say whether the event certainly began on one of the days."""
        return any(first <= event.onset[0] and event.onset[1] <= last for first, last in self.certain)

    def may_hold(self, event: SafetyEvent) -> bool:
        """Say whether the event can have begun on one of the days."""
        return any(event.onset[0] <= last and first <= event.onset[1] for first, last in self.possible)


def on_treatment(record: PatientRecord, drugs: Drugs, span: Span) -> PatientDays:
    """List the days within follow-up that at least one course covers.

    A course covers its first to its last day, both included, and runs to the end of follow-up without a stop; courses
    that overlap or follow day upon day make one stretch. A course whose start or stop is not exactly known certainly
    covers the days from the latest start to the earliest stop, and may cover those from the earliest start to the latest
    stop.
    """
    courses = [row for row in record.treatments if matches(drugs, row)]
    first, (last, latest) = span.followed_from, span.followed_until
    return PatientDays(
        certain=joined_days(((row["start_high"], row["stop_low"]) for row in courses), first, last),
        possible=joined_days(((row["start_low"], row["stop_high"]) for row in courses), first, latest),
    )


def at_risk(span: Span, emergent_until: int) -> PatientDays:
    """Give the one stretch of days in which an event is treatment-emergent; none without a dose."""
    if span.first_dose is None:
        return PatientDays(certain=(), possible=())
    (earliest, latest), doses = span.first_dose, span.last_dose or (None, None)
    least, most = (
        until if dose is None else min(dose + emergent_until, until)
        for dose, until in zip(doses, span.followed_until, strict=True)
    )
    return PatientDays(
        certain=joined_days([(latest, least)], span.followed_from, least),
        possible=joined_days([(earliest, most)], span.followed_from, most),
    )


def joined_days(spans: Iterable[Days], first_day: int, last_day: int) -> Stretches:
    """Join spans of days within two days, both included, to stretches that lie apart.

    >>> joined_days([(5, 9), (0, 4), (12, 40)], 2, 30)
    ((2, 9), (12, 30))
    """
    courses = sorted((max(first, first_day), min(last, last_day)) for first, last in spans)
    stretches: list[tuple[int, int]] = []
    for first, last in courses:
        if first > last:
            continue
        if stretches and first <= stretches[-1][1] + 1:
            stretches[-1] = (stretches[-1][0], max(last, stretches[-1][1]))
        else:
            stretches.append((first, last))
    return tuple(stretches)


def days_within(stretches: Stretches, until: int | None = None) -> int:
    """Count the days of stretches, up to a day and with it if one is given.

    >>> days_within(((0, 50), (63, 167))), days_within(((0, 50), (63, 167)), until=63)
    (156, 52)
    """
    return sum(max(0, (last if until is None else min(last, until)) - first + 1) for first, last in stretches)
