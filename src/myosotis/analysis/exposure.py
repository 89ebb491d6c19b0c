"""Exposure to a drug: patient-time with interruptions, dose by weight, doses below the label, and why it was stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.change_tests import summarise
from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.courses import DrugCourse, Pause, course_evidence, drug_course
from myosotis.analysis.declaring import check_declared, check_once, check_visits
from myosotis.analysis.exposure_layout import (
    exposure_methods,
    exposure_sentences,
    exposure_table,
    pauses_listing,
    told,
)
from myosotis.analysis.gathered import Gathered
from myosotis.analysis.section import Section, cell
from myosotis.core.units import normal
from myosotis.errors import ProtocolError
from myosotis.language.criteria import Criterion
from myosotis.language.series import Series, Treatment
from myosotis.language.structure import Node
from myosotis.language.values import Constant, Missing, Value, Where
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.results.schema import ResultRow
from myosotis.study.population import EVERYONE, Population

__all__ = ["Exposure"]

_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Describe how much of a drug the patients of a population took from day 0 to `last_day`, both included.

    A course covers its start to its stop day, both included, and runs to `last_day` without a stop; days that several
    courses cover count once, days between two courses do not count. The daily dose is dose times times per day, summed
    over the courses of the day; per kg it is divided by the weight nearest in time, at most `weight_within` days away
    (ties: earlier day, then lower source row). It is described on day 0 and on the day `visit_day` gives for each of
    `visits`, for patients who take the drug on that day. `below_label` is asked of each patient where it is given.

    Raises `ProtocolError` for a `last_day` before day 0.
    """

    key: str
    title: str
    treatment: Treatment
    last_day: int
    weight: Series
    weight_within: int
    quartiles: int | str
    visits: tuple[Window, ...] = ()
    visit_day: Value | None = None
    below_label: Criterion | None = None
    unit: str = "mg"
    decimals: int = 2
    conf_level: float = 0.95
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if self.last_day < 0:
            raise ProtocolError(f"the analysis {self.key!r} follows exposure to day {self.last_day}; give a day from 0")
        if normal(self.unit) != "mg" and not self.treatment.drugs.factors:
            raise ProtocolError(
                f"the analysis {self.key!r} says {self.unit!r}, but doses are counted in mg; write unit='mg'"
            )
        if self.visits and self.visit_day is None:
            raise ProtocolError(f"the analysis {self.key!r} has visits but no visit_day; say on which day a visit is")
        if self.visit_day is not None and self.visits:
            check_once(self, "visits", [visit.label for visit in self.visits])
            check_visits(self, "visit_day", self.visits)

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        named: dict[str, Node] = {
            self._name("days"): self.treatment.days_on(first=0, last=self.last_day),
            self._name("dose at the start"): self._dose(Constant(number=0.0)),
            **{self._name(f"dose per kg {when}"): self._per_kg(day) for when, _, day in self.moments()},
        }
        if self.below_label is not None:
            named[self._name("below label")] = self.below_label
        return named

    def compute(self, cohort: Cohort) -> Section:
        """Compute every number of the analysis."""
        patients = cohort.patients(self.population.key)
        drugs = self.treatment.drugs
        courses = [drug_course(cohort.records[patient], drugs, 0, self.last_day) for patient in patients]
        made = Gathered(cohort=cohort, base=self._base(cohort))
        self._time(made)
        self._doses(made)
        self._pauses(made, courses)
        limits = self._limits(made, courses)
        rows = made.rows
        return Section(
            rows=tuple(rows.values()),
            contributions=tuple(made.parts),
            tables=(exposure_table(self, rows),),
            findings=({"heading": self.title, "sentences": exposure_sentences(self, rows)},),
            methods=({"heading": self.title, "sentences": exposure_methods(self)},),
            listings_shown=(pauses_listing(self, courses),),
            limits=tuple(limits),
        )

    def _name(self, what: str) -> str:
        return f"{self.key}: {what}"

    def _base(self, cohort: Cohort) -> dict[str, Any]:
        label = self.treatment.drugs.label
        return {
            "study": cohort.study,
            "analysis": self.key,
            "endpoint": label,
            "population": self.population.key,
        }

    def moments(self) -> list[tuple[str, float | None, Value]]:
        """List the moments at which the dose per kg is described: words, week and day."""
        found: list[tuple[str, float | None, Value]] = [("at the start", 0.0, Constant(number=0.0))]
        if self.visit_day is not None:
            found += [(f"at {visit.label}", visit.week, at_visit(self.visit_day, visit)) for visit in self.visits]
        return found

    def _dose(self, day: Value) -> Value:
        """Give the dose on a day on which the drug is taken, else nothing: a pause is not a low dose."""
        taken = self.treatment.taken_on(day)
        return Where(criterion=taken, then=self.treatment.dose_at(day), otherwise=Missing())

    def _per_kg(self, day: Value) -> Value:
        return self._dose(day) / self.weight.nearest(day, within=self.weight_within)

    def _time(self, made: Gathered) -> None:
        part = made.part(self._name("days"), self.population.key, "days", f"days on {self.treatment.drugs.label}")
        # Of days that are not exactly known the fewest count, and the most stand beside them.
        days = [part.outcomes[patient].interval.low or 0.0 for patient in part.results]
        most = [part.outcomes[patient].interval.high or 0.0 for patient in part.results]
        keys = {**made.base, "variable": "time on drug", "provenance_id": part.id}
        exposed = [day for day in days if day > 0]
        perhaps = float(sum(day > 0 for day in most))
        label = self.treatment.drugs.label
        made.add("exposed", ResultRow(**keys, statistic="n", number=float(len(exposed)), text=label))
        if perhaps > len(exposed):
            made.add("exposed most", ResultRow(**keys, statistic="count_most", number=perhaps, text=label))
        for name, per in (("patient-weeks", 7.0), ("patient-years", _DAYS_PER_YEAR)):
            shared: dict[str, Any] = {**keys, "unit": name, "method": name}
            made.add(name, ResultRow(**shared, statistic="person_time", number=sum(days) / per))
            if sum(most) > sum(days):
                made.add(f"{name} most", ResultRow(**shared, statistic="person_time_most", number=sum(most) / per))
        for name, row in summarise(exposed, self.quartiles, keys, unit="days", level="days").items():
            made.add(f"days {name}", row)

    def _doses(self, made: Gathered) -> None:
        label = f"dose of {self.treatment.drugs.label}"
        part = made.part(self._name("dose at the start"), self.population.key, f"{self.unit}/day", label)
        made.describe("dose at the start", part, self.quartiles, f"{self.unit}/day", variable="daily dose")
        for when, week, _ in self.moments():
            unit = f"{self.unit}/kg/day"
            part = made.part(self._name(f"dose per kg {when}"), self.population.key, unit, f"{label} {when}")
            visit = "" if week == 0.0 and when == "at the start" else when.removeprefix("at ")
            made.describe(
                f"per kg {when}", part, self.quartiles, unit, variable="daily dose per kg", visit=visit, week=week
            )
        if self.below_label is not None:
            part = made.part(self._name("below label"), self.population.key, "", "dose below the label’s")
            known = [result for result in part.results.values() if result is not None]
            keys = {**made.base, "variable": "below the label’s dose", "provenance_id": part.id}
            below = sum(result is True for result in known)
            made.share("below", below, len(known), keys, self.conf_level, "no patient’s dose could be compared")
            open_ = float(len(part.results) - len(known))
            made.add("below open", ResultRow(**keys, statistic="n_not_evaluable", number=open_))

    def _pauses(self, made: Gathered, courses: Sequence[DrugCourse]) -> None:
        taken = [one for one in courses if one.stretches]
        kinds: tuple[tuple[str, str, Callable[[DrugCourse], tuple[Pause, ...]]], ...] = (
            ("interrupted", "reason for interrupting", lambda one: one.interruptions),
            ("stopped", "reason for stopping", lambda one: (one.stopped,) if one.stopped else ()),
        )
        for kind, why, pauses in kinds:
            with_one = [one for one in taken if pauses(one)]
            part = self._part(made.cohort, kind, taken, pauses)
            made.parts.append(part)
            keys = {**made.base, "provenance_id": part.id}
            named = {**keys, "variable": kind}
            made.share(kind, len(with_one), len(taken), named, self.conf_level, "no patient took the drug")
            found = [pause for one in with_one for pause in pauses(one)]
            made.add(f"{kind} events", ResultRow(**keys, variable=kind, statistic="events", number=float(len(found))))
            reasons = sorted(Counter(pause.reason for pause in found).items(), key=lambda item: (-item[1], item[0]))
            for reason, count in reasons:
                made.add(
                    f"{why}: {reason}",
                    ResultRow(**keys, variable=why, level=reason, statistic="events", number=float(count)),
                )

    def _part(
        self,
        cohort: Cohort,
        kind: str,
        courses: Sequence[DrugCourse],
        pauses: Callable[[DrugCourse], tuple[Pause, ...]],
    ) -> Contribution:
        label = self.treatment.drugs.label
        rows = [
            row
            for one in courses
            for row in course_evidence(
                one.patient,
                one.rows,
                {
                    "item": f"{label} {kind}",
                    "text": "; ".join(f"{told(pause)}: {pause.reason}" for pause in pauses(one)) or f"not {kind}",
                },
            )
        ]
        return cohort.of_rows(
            f"{self.key}: {self.population.key}: {kind}",
            rows,
            f"Whether {label} was {kind} by day {self.last_day}, in every patient who took it",
        )

    def _limits(self, made: Gathered, courses: Sequence[DrugCourse]) -> list[dict[str, Any]]:
        label = self.treatment.drugs.label
        found = (
            ("overlapping", [one for one in courses if one.overlapping],
             "{drug}: courses overlap in {n} patients; their doses were added up, their days counted once."),
            ("inexact", [one for one in courses if one.inexact],
             "{drug}: in {n} patients a start or stop is not exactly known; the days from the latest start to the earliest "
             "stop were counted, so that the days given are the fewest, and the longest time stands beside the "
             "patient-time."),
            ("other unit", [one for one in courses if one.units - {self.unit}],
             "{drug}: a dose in another unit than declared, or in none, in {n} patients was taken as it stands."),
        )  # fmt: skip
        limits = []
        for kind, concerned, template in found:
            if not concerned:
                continue
            rows = [row for one in concerned for row in course_evidence(one.patient, one.rows, {"item": kind})]
            part = made.cohort.of_rows(f"{self.key}: {self.population.key}: {kind}", rows, f"Courses: {kind}")
            made.parts.append(part)
            keys = {**made.base, "variable": f"courses: {kind}", "provenance_id": part.id}
            row = made.add(kind, ResultRow(**keys, statistic="n", number=float(len(concerned)), text=label))
            limits.append({"template": template, "values": {"drug": cell("text", row), "n": cell("integer", row)}})
        return limits
