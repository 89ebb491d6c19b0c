"""Rates of adverse events in patient-time: all events and first events, named apart, with exact intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.event_counts import event_rows
from myosotis.analysis.safety_events import SafetyEvent, Span
from myosotis.errors import NotEstimableError
from myosotis.language.record import Days, PatientRecord, matches
from myosotis.language.values import Drugs
from myosotis.results.schema import ResultRow

__all__ = ["PatientTime", "RateLine", "Stretches", "at_risk", "days_within", "joined_days", "on_treatment"]

Stretches = tuple[tuple[int, int], ...]  # first and last day, both included, rising and apart

_DAYS_PER_YEAR = 365.25
_PER = 100
_YEARS, _UNIT = "patient-years", f"per {_PER} patient-years"


def on_treatment(record: PatientRecord, drugs: Drugs, span: Span) -> Stretches:
    """List the stretches of days within follow-up that at least one course covers for certain.

    A course covers its first to its last day, both included, and runs to the end of follow-up without a stop; courses
    that overlap or follow day upon day make one stretch. Of a course whose start or stop is not exactly known the days
    from the latest start to the earliest stop count.
    """
    return joined_days(
        ((row["start_high"], row["stop_low"]) for row in record.treatments if matches(drugs, row)),
        span.followed_from,
        span.followed_until[0],
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


def at_risk(span: Span, emergent_until: int) -> Stretches:
    """Give the one stretch of days in which an event is treatment-emergent; none without a dose."""
    if span.first_dose is None:
        return ()
    first = max(span.first_dose[1], span.followed_from)
    last = span.followed_until[0]
    if span.last_dose is not None:
        last = min(span.last_dose[0] + emergent_until, last)
    return ((first, last),) if first <= last else ()


def days_within(stretches: Stretches, until: int | None = None) -> int:
    """Count the days of stretches, up to a day and with it if one is given.

    >>> days_within(((0, 50), (63, 167))), days_within(((0, 50), (63, 167)), until=63)
    (156, 52)
    """
    return sum(max(0, (last if until is None else min(last, until)) - first + 1) for first, last in stretches)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """Hold the rate of all events and the incidence of first events of one group."""

    rows: Mapping[tuple[str, str], ResultRow]
    part: Contribution
    provenance: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTime:
    """Hold one kind of patient-time: `name` says which, `stretches` give each patient's days, `days` their source."""

    cohort: Cohort
    base: Mapping[str, Any]
    name: str
    stretches: Mapping[str, Stretches]
    days: Contribution
    conf_level: float

    def within(self, events: Sequence[SafetyEvent]) -> list[SafetyEvent]:
        """Keep the events with onset on one of the patient's days, for certain where the onset is not exactly known."""
        return [
            event
            for event in events
            if any(
                first <= event.onset[0] and event.onset[1] <= last
                for first, last in self.stretches.get(event.patient, ())
            )
        ]

    def line(self, level: str, events: Sequence[SafetyEvent]) -> RateLine:
        """Give both rates of a group of events, counting those with onset within the time."""
        counted = self.within(events)
        part = self.cohort.of_rows(
            f"{self.base['analysis']}: {self.base['population']}: rate: {self.name}: {level}",
            [row for event in counted for row in event_rows(event)],
            f"Adverse events in {self.name}: {level}",
        )
        joint = self.cohort.joint([part, self.days], f"Rate of adverse events in {self.name}: {level}")
        shared = {**self.base, "endpoint": self.name, "level": level, "provenance_id": joint["provenance_id"]}
        rows = self._all(counted, {**shared, "variable": "all events"})
        rows |= self._first(counted, {**shared, "variable": "first event"})
        return RateLine(rows=rows, part=part, provenance=joint)

    def robust(self, level: str, events: Sequence[SafetyEvent], seed: int) -> dict[tuple[str, str], ResultRow]:
        """Give the rate of all events with intervals that allow for several events of one patient."""
        from myosotis.statistics import negative_binomial_rate, patient_bootstrap_rate

        of_patient = Counter(event.patient for event in self.within(events))
        treated = {patient: days for patient, days in self._days().items() if days > 0}
        counts = [of_patient[patient] for patient in treated]
        years = [days / _DAYS_PER_YEAR for days in treated.values()]
        joint = self.line(level, events).provenance
        shared = {
            **self.base, "endpoint": self.name, "level": level, "variable": "all events",
            "provenance_id": joint["provenance_id"],
        }  # fmt: skip
        made: dict[tuple[str, str], ResultRow] = {}
        methods: tuple[tuple[str, str, Callable[[], Any]], ...] = (
            ("bootstrap", "percentile interval from bootstrap samples of patients",
             lambda: patient_bootstrap_rate(counts, years, self.conf_level, seed=seed)),
            ("negative binomial", "negative binomial, Wald interval on the log scale",
             lambda: negative_binomial_rate(counts, years, self.conf_level)),
        )  # fmt: skip
        for name, method, estimate in methods:
            made |= {(name, key): row for key, row in self._estimated({**shared, "method": method}, estimate).items()}
        return made

    def _days(self) -> dict[str, int]:
        return {patient: days_within(stretches) for patient, stretches in self.stretches.items()}

    def _all(self, counted: Sequence[SafetyEvent], shared: Mapping[str, Any]) -> dict[tuple[str, str], ResultRow]:
        from myosotis.statistics import poisson_rate

        days = sum(self._days().values())
        rows = self._estimated(
            {**shared, "method": "Garwood"}, lambda: poisson_rate(len(counted), days / _DAYS_PER_YEAR, self.conf_level)
        )
        rows["events"] = ResultRow(**shared, statistic="events", number=float(len(counted)))
        rows["person_time"] = ResultRow(**shared, statistic="person_time", number=days / _DAYS_PER_YEAR, unit=_YEARS)
        return {("all", name): row for name, row in rows.items()}

    def _first(self, counted: Sequence[SafetyEvent], shared: Mapping[str, Any]) -> dict[tuple[str, str], ResultRow]:
        from myosotis.statistics import first_event_incidence

        onset: dict[str, int] = {}
        for event in counted:
            # An onset known to the month ends the time at risk on the last day it can have been.
            day = event.onset[1]
            onset[event.patient] = min(day, onset.get(event.patient, day))
        until = {patient: days_within(own, onset.get(patient)) for patient, own in self.stretches.items()}
        days = sum(until.values())
        years = [one / _DAYS_PER_YEAR for one in until.values()]
        rows = self._estimated(
            {**shared, "method": "Garwood"},
            lambda: first_event_incidence(years, [patient in onset for patient in until], self.conf_level),
        )
        rows["count"] = ResultRow(**shared, statistic="count", number=float(len(onset)))
        rows["person_time"] = ResultRow(**shared, statistic="person_time", number=days / _DAYS_PER_YEAR, unit=_YEARS)
        return {("first", name): row for name, row in rows.items()}

    def _estimated(self, shared: Mapping[str, Any], estimate: Callable[[], Any]) -> dict[str, ResultRow]:
        """Make rows per 100 patient-years of an estimate per patient-year, or rows that say why there is none."""
        shared = {**shared, "unit": _UNIT, "conf_level": self.conf_level}
        try:
            found = estimate()
        except NotEstimableError as reason:
            return {
                name: ResultRow(
                    **shared, statistic=name, number=None, text=_UNIT, status="not_estimable", note=str(reason)
                )
                for name in ("rate", "conf_low", "conf_high")
            }
        return {
            "rate": ResultRow(**shared, statistic="rate", number=found.estimate * _PER, text=_UNIT),
            "conf_low": ResultRow(**shared, statistic="conf_low", number=found.low * _PER),
            "conf_high": ResultRow(**shared, statistic="conf_high", number=found.high * _PER),
        }
