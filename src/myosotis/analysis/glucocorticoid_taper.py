"""Glucocorticoid taper: dose at each visit, two kinds of percent reduction, cumulative dose, and time to taper."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from myosotis.analysis.change_tests import summarise
from myosotis.analysis.cohort import Cohort, Contribution, evidence_row
from myosotis.analysis.declaring import check_declared, check_once, check_visits
from myosotis.analysis.gathered import Gathered
from myosotis.analysis.section import Section
from myosotis.analysis.taper_layout import circular_limit, taper_methods, taper_sentences, taper_table, times_table
from myosotis.analysis.taper_times import TaperTime, taper_time
from myosotis.errors import ProtocolError
from myosotis.language.structure import Node
from myosotis.language.values import Constant, Value
from myosotis.language.visit import at_visit
from myosotis.language.windows import Window
from myosotis.measures.glucocorticoids import (
    glucocorticoid_dose_on,
    glucocorticoid_dose_per_weight_on,
    maintenance_prednisone_equivalent,
    pulse_prednisone_equivalent,
)
from myosotis.measures.observations import weight
from myosotis.results.schema import ResultRow
from myosotis.study.population import EVERYONE, Population

if TYPE_CHECKING:
    from myosotis.statistics import KaplanMeier

__all__ = ["MG", "MG_PER_KG", "TIMES", "GlucocorticoidTaper"]

MG, MG_PER_KG = "mg/day", "mg/kg/day"
_NOBODY = "no patient took glucocorticoids at the first visit"
_NO_LIMIT = {False: "nobody had reached it by then", True: "everybody had reached it by then"}
TIMES = {"half dose": 0.5, "no dose": 0.0}  # what is waited for, as a share of the first visit's dose


@dataclass(frozen=True, slots=True, kw_only=True)
class GlucocorticoidTaper:
    """Follow the maintenance glucocorticoid dose, as prednisone equivalent, from the first visit to the last.

    The dose of a visit is that of the courses on the day that `visit_day` gives for it, pulses left out; per kg it is
    divided by the weight nearest in time, at most `weight_within` days away. A patient's own reduction is in percent of
    the first visit's dose, and does not exist when that is 0; the change of medians compares the medians of a visit and
    the first. Cumulative doses run from day 1 to `last_day`, and so do times to half the first visit's dose and to no
    dose. Each of `apart` is described beside the whole `population`.

    Raises `ProtocolError` for fewer than two visits and for a `last_day` before day 1.
    """

    key: str
    title: str
    visits: tuple[Window, ...]
    visit_day: Value
    weight_within: int
    last_day: int
    quartiles: int | str
    population: Population = EVERYONE
    apart: tuple[Population, ...] = ()
    conf_level: float = 0.95
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        if len(self.visits) < 2 or self.last_day < 1:
            raise ProtocolError(
                f"the analysis {self.key!r} has {len(self.visits)} visits and ends on day {self.last_day}; give two visits "
                "or more and a last day from 1"
            )
        check_once(self, "visits", [visit.label for visit in self.visits])
        check_once(self, "populations", [population.key for population in self.populations])
        check_visits(self, "visit_day", self.visits)

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        interval = Window(label=f"day 1 to day {self.last_day}", target=1, first=1, last=self.last_day)
        maintenance = maintenance_prednisone_equivalent.at(interval)
        assert isinstance(maintenance, Value)
        kilograms = weight.nearest(Constant(number=0.0), within=self.weight_within)
        named: dict[str, Node] = {
            self.name("cumulative dose"): maintenance,
            self.name("cumulative dose per kg"): maintenance / kilograms,
            self.name("pulses"): pulse_prednisone_equivalent.at(interval),
        }
        for visit in self.visits:
            day = at_visit(self.visit_day, visit)
            named[self.name(f"{MG} at {visit.label}")] = glucocorticoid_dose_on(day)
            named[self.name(f"{MG_PER_KG} at {visit.label}")] = glucocorticoid_dose_per_weight_on(
                day, within=self.weight_within
            )
        return named

    def compute(self, cohort: Cohort) -> Section:
        """Compute every number of the analysis."""
        made = [(population, self._population(cohort, population)) for population in self.populations]
        by_key = {population.key: one.rows for population, one in made}
        return Section(
            rows=tuple(row for _, one in made for row in one.rows.values()),
            contributions=tuple(part for _, one in made for part in one.parts),
            provenance=tuple(row for _, one in made for row in one.provenance),
            tables=(taper_table(self, by_key), times_table(self, by_key)),
            findings=({"heading": self.title, "sentences": taper_sentences(self, by_key)},),
            methods=({"heading": self.title, "sentences": taper_methods(self)},),
            limits=tuple(limit for population in self.apart for limit in circular_limit(population)),
        )

    @property
    def populations(self) -> tuple[Population, ...]:
        """Give the whole population first, then those shown apart."""
        return (self.population, *self.apart)

    def name(self, what: str) -> str:
        """Name an expression of the analysis."""
        return f"{self.key}: {what}"

    def _population(self, cohort: Cohort, population: Population) -> Gathered:
        base = {"study": cohort.study, "analysis": self.key, "population": population.key}
        made = Gathered(cohort=cohort, base=base)
        for unit in (MG, MG_PER_KG):
            self._doses(made, population, unit)
        self._off(made, population)
        for what, unit in (("cumulative dose", "mg"), ("cumulative dose per kg", "mg/kg"), ("pulses", "mg")):
            part = made.part(self.name(what), population.key, unit, what)
            made.describe(what, part, self.quartiles, unit, endpoint=what)
            if what == "pulses":
                keys = {**base, "endpoint": "patients with a pulse", "provenance_id": part.id}
                # A pulse whose days are not exactly known is one all the same where it surely lies within them.
                least = [one.interval.low for one in part.outcomes.values() if one.interval.recorded]
                most = [one.interval.high for one in part.outcomes.values() if one.interval.recorded]
                pulsed = sum(number is not None and number > 0 for number in least)
                judged = pulsed + sum(number == 0 for number in most)
                made.share("pulsed", pulsed, judged, keys, self.conf_level, "no patient")
        for what, bound in TIMES.items():
            self._time(made, population, what, bound)
        return made

    def _doses(self, made: Gathered, population: Population, unit: str) -> None:
        first = self.visits[0]
        parts = {}
        for visit in self.visits:
            item = f"glucocorticoid dose at {visit.label}"
            part = made.part(self.name(f"{unit} at {visit.label}"), population.key, unit, item)
            keys = {"endpoint": unit, "variable": "dose", "visit": visit.label, "week": visit.week}
            made.describe(f"{unit} {visit.label}", part, self.quartiles, unit, **keys)
            parts[visit.label] = part
        for visit in self.visits[1:]:
            self._reductions(made, unit, visit, parts[first.label], parts[visit.label])

    def _reductions(self, made: Gathered, unit: str, visit: Window, before: Contribution, now: Contribution) -> None:
        first = self.visits[0].label
        versus = f"{visit.label} vs {first}"
        what = f"Percent reduction of the glucocorticoid dose ({unit}) from {first} to {visit.label}"
        shared: dict[str, Any] = {
            **made.base, "endpoint": unit, "visit": visit.label, "week": visit.week, "comparison": versus,
            "provenance_id": made.joint([before, now], what),
        }  # fmt: skip
        own = [_reduction(then, later) for then, later in zip(before.numbers, now.numbers, strict=True)]
        for name, row in summarise(own, self.quartiles, {**shared, "variable": "own reduction"}, unit="%").items():
            made.add(f"{unit} own {visit.label} {name}", row)
        medians = [made.rows[f"{unit} {label} median"].number for label in (first, visit.label)]
        change = _reduction(*medians)
        keys = {**shared, "variable": "change of medians", "method": f"medians by quantile definition {self.quartiles}"}
        made.add(
            f"{unit} medians {visit.label}",
            ResultRow(
                **keys,
                statistic="estimate",
                unit="%",
                number=change,
                status="ok" if change is not None else "not_estimable",
                note="" if change is not None else f"the median at {first} is 0 or there is none",
            ),
        )

    def _off(self, made: Gathered, population: Population) -> None:
        for visit in self.visits:
            part = made.part(
                self.name(f"{MG} at {visit.label}"), population.key, MG, f"glucocorticoid dose at {visit.label}"
            )
            known = [number for number in part.numbers if number is not None]
            keys = {
                **made.base, "endpoint": "off glucocorticoids", "visit": visit.label, "week": visit.week,
                "provenance_id": part.id,
            }  # fmt: skip
            off = sum(number == 0 for number in known)
            made.share(f"off {visit.label}", off, len(known), keys, self.conf_level, "no dose is known")

    def _time(self, made: Gathered, population: Population, what: str, share: float) -> None:
        first = self.first_doses(made.cohort, population)
        started = {patient: dose for patient, dose in first.items() if dose is not None and dose > 0}
        times = [
            taper_time(made.cohort.records[patient], dose * share, self.last_day) for patient, dose in started.items()
        ]
        part = made.cohort.of_rows(
            f"{self.key}: {population.key}: time to {what}",
            [_time_row(one, what) for one in times],
            f"First day from day 1 to day {self.last_day} on {what}, of patients who took glucocorticoids at "
            f"{self.visits[0].label}",
        )
        made.parts.append(part)
        keys: dict[str, Any] = {**made.base, "endpoint": f"time to {what}", "provenance_id": part.id}
        made.add(f"{what} n", ResultRow(**keys, statistic="n", number=float(len(times))))
        made.add(f"{what} n_missing", ResultRow(**keys, statistic="n_missing", number=float(len(first) - len(started))))
        made.add(f"{what} events", ResultRow(**keys, statistic="events", number=float(sum(t.reached for t in times))))
        rose = ResultRow(
            **keys, variable="above it again", statistic="count", number=float(sum(t.rose_again for t in times))
        )
        made.add(f"{what} rose", rose)
        self._curve(made, what, times, keys)

    def first_doses(self, cohort: Cohort, population: Population) -> Mapping[str, float | None]:
        """Give each patient's dose (mg/day) at the first visit."""
        found = cohort.results[self.name(f"{MG} at {self.visits[0].label}")]
        doses = {patient: found[patient] for patient in cohort.patients(population.key)}
        return {patient: None if dose is None else float(dose) for patient, dose in doses.items()}

    def _curve(self, made: Gathered, what: str, times: Sequence[TaperTime], keys: Mapping[str, Any]) -> None:
        from myosotis.statistics import kaplan_meier, kaplan_meier_median

        names = ("estimate", "conf_low", "conf_high")
        if not times:
            for name in names:
                empty = ResultRow(**keys, variable="median", statistic=name, number=None, status="not_estimable",
                                  note=_NOBODY)  # fmt: skip
                made.add(f"{what} {name}", empty)
            for visit in self.visits[1:]:
                for name in ("proportion", "conf_low", "conf_high"):
                    by = {**keys, "variable": "reached", "visit": visit.label, "week": visit.week}
                    empty = ResultRow(**by, statistic=name, number=None, status="not_estimable", note=_NOBODY)
                    made.add(f"{what} {visit.label} {name}", empty)
            return
        curve = kaplan_meier([one.day for one in times], [one.reached for one in times], self.conf_level)
        median = kaplan_meier_median(curve)
        exact = {**keys, "variable": "median", "unit": "days", "method": median.method, "conf_level": self.conf_level}
        for name, number in zip(names, (median.estimate, median.low, median.high), strict=True):
            status = "ok" if number is not None else "not_estimable"
            note = "" if number is not None else "not reached within follow-up"
            made.add(f"{what} {name}", ResultRow(**exact, statistic=name, number=number, status=status, note=note))
        for visit in self.visits[1:]:
            self._reached(made, what, curve, visit, keys)

    def _reached(self, made: Gathered, what: str, curve: KaplanMeier, visit: Window, keys: Mapping[str, Any]) -> None:
        """Give the share that has reached it by the target day of a visit; none beyond the last day observed."""
        free = curve.at(visit.target)
        place = bisect_right(curve.time, visit.target) - 1
        # Before the first event the limits of a curve are both 1, which is no statement about where it may lie.
        bounded = free is not None and free < 1
        bounds = (curve.low[place], curve.high[place]) if bounded else (None, None)
        why = "nobody was observed for so long" if free is None else _NO_LIMIT[free < 1]
        named = {
            **keys, "variable": "reached", "visit": visit.label, "week": visit.week, "method": curve.method,
            "conf_level": self.conf_level,
        }  # fmt: skip
        for name, still in (("proportion", free), ("conf_low", bounds[1]), ("conf_high", bounds[0])):
            known = still is not None
            row = ResultRow(
                **named,
                statistic=name,
                number=None if still is None else 1 - still,
                status="ok" if known else "not_estimable",
                note="" if known else why,
            )
            made.add(f"{what} {visit.label} {name}", row)


def _reduction(before: float | None, now: float | None) -> float | None:
    """Give the reduction in percent of the dose before, to 9 decimals; none when that is 0 or either is missing."""
    if before is None or now is None or before == 0:
        return None
    return round(100 * (before - now) / before, 9)


def _time_row(one: TaperTime, what: str) -> dict[str, Any]:
    reached = "reached, above it again later" if one.rose_again else "reached"
    value = {
        "item": f"time to {what}",
        "number": float(one.day),
        "unit": "days",
        "text": reached if one.reached else f"not by then: {one.why}",
        "source_row": None,
    }
    return evidence_row(one.patient, "value", value)
