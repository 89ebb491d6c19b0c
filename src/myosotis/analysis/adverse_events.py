"""Adverse events under a treatment: events and patients by organ class, term, grade, relation and seriousness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.declaring import check_declared
from myosotis.analysis.event_counts import count_everything, counted_words, counting_of
from myosotis.analysis.event_layout import (
    class_table,
    event_limits,
    event_listing,
    event_sentences,
    feature_table,
    inexact_time_limit,
    method_sentences,
    open_course_limit,
)
from myosotis.analysis.event_rates import PatientTime, RateLine
from myosotis.analysis.events_of_interest import EventsOfInterest
from myosotis.analysis.patient_days import at_risk, on_treatment
from myosotis.analysis.rate_layout import (
    interest_sentences,
    interest_table,
    rate_methods,
    rate_sentences,
    rate_table,
)
from myosotis.analysis.safety_events import EMERGENT, NOT_EVALUABLE, UNTREATED, SafetyEvent, Span, read_events
from myosotis.analysis.section import Section
from myosotis.errors import ProtocolError
from myosotis.language.interval import Interval
from myosotis.language.record import FAR, Days
from myosotis.language.series import Treatment
from myosotis.language.structure import Node
from myosotis.language.values import Constant, Extreme, FollowUpEnd, Value
from myosotis.language.windows import Window
from myosotis.results.schema import ResultRow
from myosotis.study.population import EVERYONE, Population

__all__ = ["AdverseEvents"]

_ON, _AT_RISK = "days on treatment", "days at risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdverseEvents:
    """Count the adverse events of patients who took a treatment.

    Treatment-emergent is an event with onset from the day of the first dose to `emergent_until` days after the last,
    both included, within `follow_up`; the other events are counted apart, and so are those without an onset day.
    `follow_up` bounds events and person-time by its first and last day; `followed_until` ends them earlier for a
    patient whose value is lower (missing: the last day of `follow_up`), and so do death and the last contact. The
    denominators are the patients of `population` with at least one day on the treatment within follow-up. Groups
    `of_interest` are told even when none of their events occurred: as absent only where every event has a coded term, or
    where somebody has `looked_through` the words of those that have none; else the words that are in no group are listed.

    Raises `ProtocolError` for a negative `emergent_until`, or for two groups of interest of one key or label.

    >>> from myosotis.language import drugs
    >>> safety = AdverseEvents(
    ...     key="safety",
    ...     title="Adverse events",
    ...     treatment=drugs("baricitinib", names=("baricitinib",)),
    ...     emergent_until=30,
    ...     follow_up=Window(label="24 weeks", target=0, first=0, last=167),
    ... )
    >>> sorted(safety.nodes())[0]
    'safety: days at risk'
    """

    key: str
    title: str
    treatment: Treatment
    emergent_until: int
    follow_up: Window
    followed_until: Value | None = None
    population: Population = EVERYONE
    of_interest: tuple[EventsOfInterest, ...] = ()
    looked_through: bool = False
    conf_level: float = 0.95
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if self.emergent_until < 0:
            raise ProtocolError(
                f"the analysis {self.key!r} counts events until {self.emergent_until} days after the last dose; give the "
                "days as a number from 0"
            )
        for names in ([group.key for group in self.of_interest], [group.label for group in self.of_interest]):
            if len(set(names)) != len(names):
                raise ProtocolError(
                    f"two groups of events of interest in {self.key!r} share a key or label; rename one"
                )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        until, first, after = self._until, self.treatment.start, self.treatment.stop + float(self.emergent_until)
        start = Constant(number=float(self.follow_up.first))
        since = Extreme(which="largest", of=(first, start))
        at_most = Extreme(which="smallest", of=(after, until))
        return {
            self._name("first dose"): self.treatment.start,
            self._name("last dose"): self.treatment.stop,
            self._name(_ON): self.treatment.days_on(first=self.follow_up.first, last=until),
            self._name(_AT_RISK): at_most - since + 1.0,
            self._name("followed until"): until,
        }

    def compute(self, cohort: Cohort) -> Section:
        """Compute every number of the analysis."""
        spans = self.spans(cohort)
        treated = [patient for patient, span in spans.items() if span.first_dose is not None]
        events = [
            event
            for patient, span in spans.items()
            for event in read_events(cohort.records[patient], span, self.emergent_until)
        ]
        on, risk = self._days(cohort, _ON), self._days(cohort, _AT_RISK)
        base: dict[str, Any] = {"study": cohort.study, "analysis": self.key, "population": self.population.key}
        counting = counting_of(cohort, base, on, events, len(treated), self.conf_level)
        lines = count_everything(counting, [event for event in events if event.place != UNTREATED])
        limits, limit_lines = event_limits(counting, events, self.of_interest)
        emergent = [event for event in events if event.place == EMERGENT]
        possible = [event for event in events if event.place in (EMERGENT, NOT_EVALUABLE)]
        members = {group.key: [event for event in emergent if group.holds(event)] for group in self.of_interest}
        perhaps = {
            group.key: [event for event in possible if group.may_hold(event, self.looked_through)]
            for group in self.of_interest
        }
        interest = {
            group.key: counting.bounded("of interest", group.label, members[group.key], perhaps[group.key])
            for group in self.of_interest
        }
        taken, at_risk_ = self._times(cohort, spans, treated, on, risk, base)
        rates = {time.name: _rates(time, emergent, possible) for time in (taken, at_risk_)}
        # Over the time at risk, in which every event counted above has its onset.
        interest_rates = {
            group.key: at_risk_.line(group.label, members[group.key], perhaps[group.key]) for group in self.of_interest
        }
        robust = taken.robust("all", emergent, cohort.seed)
        undenied = counted_words(counting, self, events)
        counted = [*(line for group in lines.values() for line in group), *limit_lines, *interest.values()]
        counted += undenied
        rated = [*(line for by in rates.values() for line in by.values()), *interest_rates.values()]
        sentences = [
            *event_sentences(lines),
            *rate_sentences(rates),
            *interest_sentences(self, interest, interest_rates, undenied),
        ]
        ongoing = ResultRow(
            **base,
            variable="no stop date",
            statistic="n",
            number=float(sum(spans[patient].last_dose is None for patient in treated)),
            provenance_id=on.id,
        )
        inexact = ResultRow(
            **base,
            variable="time not exactly known",
            statistic="n",
            number=float(sum(on.outcomes[patient].interval.number is None for patient in treated)),
            provenance_id=on.id,
        )
        return Section(
            rows=(
                *([inexact] if inexact.number else []),
                *(row for line in counted for row in line.rows.values()),
                *(row for line in rated for row in line.rows.values()),
                *robust.values(),
                ongoing,
            ),
            contributions=(
                *(on, risk, counting.every),
                *(part for line in counted for part in line.parts),
                *(part for line in rated for part in line.parts),
            ),
            provenance=(counting.looked, *(one for line in rated for one in line.provenance)),
            tables=(
                class_table(self, lines),
                feature_table(self, lines),
                rate_table(self, rates, robust),
                *([interest_table(self, interest, interest_rates)] if self.of_interest else []),
            ),
            findings=({"heading": self.title, "sentences": sentences},),
            methods=({"heading": self.title, "sentences": [*method_sentences(self), *rate_methods(self)]},),
            listings_shown=(event_listing(self, events),),
            limits=(
                *limits,
                *([open_course_limit(ongoing)] if ongoing.number else []),
                *([inexact_time_limit(inexact)] if inexact.number else []),
            ),
        )

    def spans(self, cohort: Cohort) -> dict[str, Span]:
        """Bound each patient's treatment and follow-up; a patient without a day on treatment has no dose."""
        found = {}
        for patient in cohort.patients(self.population.key):
            first, last, until, days = (
                cohort.outcomes[self._name(name)][patient].interval
                for name in ("first dose", "last dose", "followed until", _ON)
            )
            found[patient] = Span(
                first_dose=_days(first) if days.high else None,
                last_dose=_days(last),
                followed_from=self.follow_up.first,
                followed_until=_days(until) or (self.follow_up.last, self.follow_up.last),
            )
        return found

    @property
    def _until(self) -> Value:
        own = () if self.followed_until is None else (self.followed_until,)
        return Extreme(which="smallest", of=(*own, FollowUpEnd(), Constant(number=float(self.follow_up.last))))

    def _name(self, what: str) -> str:
        return f"{self.key}: {what}"

    def _days(self, cohort: Cohort, what: str) -> Contribution:
        item = f"{what.removesuffix(' treatment')} {self.treatment.drugs.label}" if what == _ON else what
        return cohort.contribution(self._name(what), self.population.key, unit="days", item=item)

    def _times(
        self,
        cohort: Cohort,
        spans: Mapping[str, Span],
        treated: Sequence[str],
        on: Contribution,
        risk: Contribution,
        base: Mapping[str, Any],
    ) -> tuple[PatientTime, PatientTime]:
        drugs = self.treatment.drugs
        shared: dict[str, Any] = {"cohort": cohort, "base": base, "conf_level": self.conf_level}
        taken = {patient: on_treatment(cohort.records[patient], drugs, spans[patient]) for patient in treated}
        exposed = {patient: at_risk(spans[patient], self.emergent_until) for patient in treated}
        return (
            PatientTime(**shared, name=f"time on {drugs.label}", patients=taken, days=on),
            PatientTime(**shared, name="time at risk", patients=exposed, days=risk),
        )


def _rates(time: PatientTime, emergent: Sequence[SafetyEvent], possible: Sequence[SafetyEvent]) -> dict[str, RateLine]:
    serious = [event for event in emergent if event.judged.serious is True]
    perhaps = [event for event in possible if event.judged.serious is not False]
    return {"all": time.line("all", emergent, possible), "serious": time.line("serious", serious, perhaps)}


def _days(interval: Interval) -> Days | None:
    """Give the earliest and the latest whole day of an interval; None where there is none."""
    if not interval.recorded:
        return None
    low = -FAR if interval.low is None else round(interval.low)
    return low, FAR if interval.high is None else round(interval.high)
