"""Rates of adverse events in patient-time: all events and first events, named apart, with exact intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import DAYS_PER_YEAR, counts, person_time, rate, rate_bounds
from myosotis.analysis.event_counts import event_rows
from myosotis.analysis.event_names import ALL_EVENTS, BOOTSTRAP, FIRST_EVENT, NEGATIVE_BINOMIAL
from myosotis.analysis.patient_days import PatientDays, Stretches, days_within
from myosotis.analysis.safety_events import SafetyEvent
from myosotis.results.schema import ResultRow

__all__ = ["PatientTime", "RateLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """Hold the rate of all events and the incidence of first events of one group, and what they were made of."""

    rows: Mapping[tuple[str, str], ResultRow]
    parts: tuple[Contribution, ...]
    provenance: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTime:
    """Hold one kind of patient-time: `name` says which, `patients` give each patient's days, `days` their source.

    A rate counts what certainly is: events with onset on days that certainly count, by those days. Where an onset, a
    membership or a day is not exactly known it has bounds beside it, `rate_least` and `rate_most`: the fewest events by
    the longest time, and the most events by the shortest.
    """

    cohort: Cohort
    base: Mapping[str, Any]
    name: str
    patients: Mapping[str, PatientDays]
    days: Contribution
    conf_level: float

    def within(self, events: Sequence[SafetyEvent]) -> list[SafetyEvent]:
        """Keep the events that certainly have their onset on one of the patient's days."""
        return [one for one in events if one.patient in self.patients and self.patients[one.patient].hold(one)]

    def perhaps_within(self, events: Sequence[SafetyEvent]) -> list[SafetyEvent]:
        """Keep the events that can have their onset on one of the patient's days."""
        return [one for one in events if one.patient in self.patients and self.patients[one.patient].may_hold(one)]

    def line(self, level: str, events: Sequence[SafetyEvent], possible: Sequence[SafetyEvent]) -> RateLine:
        """Give both rates of a group of events with onset within the time; `possible` are those that may belong to it."""
        counted, most = self.within(events), self.perhaps_within(possible)
        part, joint = self._source(level, counted)
        shared = {**self.base, "endpoint": self.name, "level": level, "provenance_id": joint["provenance_id"]}
        every, first = {**shared, "variable": ALL_EVENTS}, {**shared, "variable": FIRST_EVENT}
        rows = {**self._all(counted, every), **self._first(counted, first)}
        bounds, sources = self._bounds(counted, most), [(part, joint)]
        if bounds:
            part, joint = self._source(f"{level}, with those that may belong", most)
            sources.append((part, joint))
            for kind, shared in (("all", every), ("first", first)):
                keys = {**shared, "provenance_id": joint["provenance_id"]}
                rows |= {(kind, name): row for name, row in rate_bounds(keys, **bounds[kind]).items()}
        return RateLine(rows=rows, parts=tuple(one for one, _ in sources), provenance=tuple(one for _, one in sources))

    def _source(self, level: str, events: Sequence[SafetyEvent]) -> tuple[Contribution, Mapping[str, Any]]:
        part = self.cohort.of_rows(
            f"{self.base['analysis']}: {self.base['population']}: rate: {self.name}: {level}",
            [row for event in events for row in event_rows(event)],
            f"Adverse events in {self.name}: {level}",
        )
        return part, self.cohort.joint([part, self.days], f"Rate of adverse events in {self.name}: {level}")

    def robust(self, level: str, events: Sequence[SafetyEvent], seed: int) -> dict[tuple[str, str], ResultRow]:
        """Give the rate of all events with intervals that allow for several events of one patient."""
        from myosotis.statistics import negative_binomial_rate, patient_bootstrap_rate

        of_patient = Counter(event.patient for event in self.within(events))
        treated = {patient: days for patient, days in self._days().items() if days > 0}
        events_of = [of_patient[patient] for patient in treated]
        years = [days / DAYS_PER_YEAR for days in treated.values()]
        _, joint = self._source(level, self.within(events))
        shared = {
            **self.base, "endpoint": self.name, "level": level, "variable": ALL_EVENTS,
            "provenance_id": joint["provenance_id"],
        }  # fmt: skip
        made: dict[tuple[str, str], ResultRow] = {}
        methods: tuple[tuple[str, str, Callable[[], Any]], ...] = (
            ("bootstrap", BOOTSTRAP,
             lambda: patient_bootstrap_rate(events_of, years, self.conf_level, seed=seed)),
            ("negative binomial", NEGATIVE_BINOMIAL,
             lambda: negative_binomial_rate(events_of, years, self.conf_level)),
        )  # fmt: skip
        for name, method, estimate in methods:
            made |= {
                (name, key): row for key, row in rate({**shared, "method": method}, estimate, self.conf_level).items()
            }
        return made

    def _days(self) -> dict[str, int]:
        return {patient: days_within(own.certain) for patient, own in self.patients.items()}

    def _all(self, counted: Sequence[SafetyEvent], shared: Mapping[str, Any]) -> dict[tuple[str, str], ResultRow]:
        from myosotis.statistics import poisson_rate

        years = sum(self._days().values()) / DAYS_PER_YEAR
        rows = rate(
            {**shared, "method": "Garwood"}, lambda: poisson_rate(len(counted), years, self.conf_level), self.conf_level
        )
        rows |= counts(shared, events=len(counted)) | person_time(shared, years)
        return {("all", name): row for name, row in rows.items()}

    def _first(self, counted: Sequence[SafetyEvent], shared: Mapping[str, Any]) -> dict[tuple[str, str], ResultRow]:
        from myosotis.statistics import first_event_incidence

        # An onset known to the month ends the time at risk on the last day it can have been.
        onset = _earliest((event.patient, event.onset[1]) for event in counted)
        until = {patient: days_within(own.certain, onset.get(patient)) for patient, own in self.patients.items()}
        days = sum(until.values())
        years = [one / DAYS_PER_YEAR for one in until.values()]
        rows = rate(
            {**shared, "method": "Garwood"},
            lambda: first_event_incidence(years, [patient in onset for patient in until], self.conf_level),
            self.conf_level,
        )
        rows |= counts(shared, count=len(onset)) | person_time(shared, days / DAYS_PER_YEAR)
        return {("first", name): row for name, row in rows.items()}

    def _bounds(self, counted: Sequence[SafetyEvent], most: Sequence[SafetyEvent]) -> dict[str, dict[str, Any]]:
        """Bound both rates, by the fewest events in the longest time and the most in the shortest; none if all is exact."""
        certain = {patient: own.certain for patient, own in self.patients.items()}
        possible = {patient: own.possible for patient, own in self.patients.items()}
        latest = _earliest((event.patient, event.onset[1]) for event in counted)
        soonest = _earliest((event.patient, event.onset[0]) for event in most)
        if len(counted) == len(most) and certain == possible and latest == soonest:
            return {}
        return {
            "all": {
                "statistic": "events_most", "fewest": len(counted), "most": len(most),
                "shortest": _total(certain), "longest": _total(possible),
            },
            "first": {
                "statistic": "count_most", "fewest": len(latest), "most": len(soonest),
                "shortest": _total(certain, soonest), "longest": _total(possible, latest),
            },
        }  # fmt: skip


def _earliest(onsets: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Give each patient's earliest day."""
    found: dict[str, int] = {}
    for patient, day in onsets:
        found[patient] = min(day, found.get(patient, day))
    return found


def _total(days: Mapping[str, Stretches], until: Mapping[str, int] | None = None) -> int:
    """Add up the days of all patients, of each up to a day of its own where one is given."""
    return sum(days_within(own, (until or {}).get(patient)) for patient, own in days.items())
