"""Rates of adverse events in patient-time: all events and first events, named apart, with exact intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.event_counts import event_rows
from myosotis.analysis.patient_days import PatientDays, Stretches, days_within
from myosotis.analysis.safety_events import SafetyEvent
from myosotis.errors import NotEstimableError
from myosotis.results.schema import ResultRow

__all__ = ["PatientTime", "RateLine"]

_DAYS_PER_YEAR = 365.25
_PER = 100
_YEARS, _UNIT = "patient-years", f"per {_PER} patient-years"


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
        every, first = {**shared, "variable": "all events"}, {**shared, "variable": "first event"}
        rows = {**self._all(counted, every), **self._first(counted, first)}
        bounds, sources = self._bounds(counted, most), [(part, joint)]
        if bounds:
            part, joint = self._source(f"{level}, with those that may belong", most)
            sources.append((part, joint))
            rows |= {
                key: ResultRow(
                    **{**(every if key[0] == "all" else first), "provenance_id": joint["provenance_id"]}, **own
                )
                for key, own in bounds.items()
            }
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
        counts = [of_patient[patient] for patient in treated]
        years = [days / _DAYS_PER_YEAR for days in treated.values()]
        _, joint = self._source(level, self.within(events))
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
        return {patient: days_within(own.certain) for patient, own in self.patients.items()}

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

        # An onset known to the month ends the time at risk on the last day it can have been.
        onset = _earliest((event.patient, event.onset[1]) for event in counted)
        until = {patient: days_within(own.certain, onset.get(patient)) for patient, own in self.patients.items()}
        days = sum(until.values())
        years = [one / _DAYS_PER_YEAR for one in until.values()]
        rows = self._estimated(
            {**shared, "method": "Garwood"},
            lambda: first_event_incidence(years, [patient in onset for patient in until], self.conf_level),
        )
        rows["count"] = ResultRow(**shared, statistic="count", number=float(len(onset)))
        rows["person_time"] = ResultRow(**shared, statistic="person_time", number=days / _DAYS_PER_YEAR, unit=_YEARS)
        return {("first", name): row for name, row in rows.items()}

    def _bounds(
        self, counted: Sequence[SafetyEvent], most: Sequence[SafetyEvent]
    ) -> dict[tuple[str, str], dict[str, Any]]:
        """Bound both rates, by the fewest events in the longest time and the most in the shortest; none if all is exact."""
        certain = {patient: own.certain for patient, own in self.patients.items()}
        possible = {patient: own.possible for patient, own in self.patients.items()}
        latest = _earliest((event.patient, event.onset[1]) for event in counted)
        soonest = _earliest((event.patient, event.onset[0]) for event in most)
        bounds = {
            "all": _bound("events_most", len(counted), len(most), _total(certain), _total(possible)),
            "first": _bound(
                "count_most", len(latest), len(soonest), _total(certain, soonest), _total(possible, latest)
            ),
        }
        known = len(counted) == len(most) and certain == possible and latest == soonest
        return {} if known else {(kind, name): row for kind, rows in bounds.items() for name, row in rows.items()}

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


def _earliest(onsets: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Give each patient's earliest day."""
    found: dict[str, int] = {}
    for patient, day in onsets:
        found[patient] = min(day, found.get(patient, day))
    return found


def _total(days: Mapping[str, Stretches], until: Mapping[str, int] | None = None) -> int:
    """Add up the days of all patients, of each up to a day of its own where one is given."""
    return sum(days_within(own, (until or {}).get(patient)) for patient, own in days.items())


def _bound(statistic: str, fewest: int, most: int, shortest: int, longest: int) -> dict[str, dict[str, Any]]:
    """Make what a result row needs of the most events or patients, the longest time and both ends of the rate."""
    rate: dict[str, Any] = {"unit": _UNIT, "text": _UNIT}
    at_most: dict[str, Any] = {"number": _PER * most * _DAYS_PER_YEAR / shortest} if shortest else {
        "number": None,
        "status": "not_estimable",
        "note": "no day of this time is certain, so that the rate has no upper bound",
    }  # fmt: skip
    least = _PER * fewest * _DAYS_PER_YEAR / longest if longest else 0.0
    return {
        statistic: {"statistic": statistic, "number": float(most)},
        "person_time_most": {"statistic": "person_time_most", "number": longest / _DAYS_PER_YEAR, "unit": _YEARS},
        "rate_least": {**rate, "statistic": "rate_least", "number": least},
        "rate_most": {**rate, "statistic": "rate_most", **at_most},
    }
