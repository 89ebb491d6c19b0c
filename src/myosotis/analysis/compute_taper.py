"""Compute a taper: doses over visits, reductions, and times until a dose was reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution, evidence_row
from myosotis.analysis.estimators import count_row, counts, median_time, number_row, reached_by, summarise
from myosotis.analysis.glucocorticoid_taper import MG, MG_PER_KG, TIMES, GlucocorticoidTaper
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.result_set import ResultSet
from myosotis.language.windows import Window
from myosotis.measures.derived.taper_time import TaperTime, taper_time
from myosotis.study.population import Population

__all__ = ["compute_taper", "first_doses"]

_NOBODY = "no patient took glucocorticoids at the first visit"


def compute_taper(analysis: GlucocorticoidTaper, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    made = [_population(analysis, cohort, population) for population in analysis.populations]
    return AnalysisOutput(
        rows=tuple(row for one in made for row in one.rows.values()),
        contributions=tuple(part for one in made for part in one.parts),
        provenance=tuple(row for one in made for row in one.provenance),
    )


def _population(analysis: GlucocorticoidTaper, cohort: Cohort, population: Population) -> ResultSet:
    base = {"study": cohort.study, "analysis": analysis.key, "population": population.key}
    made = ResultSet(cohort=cohort, base=base)
    for unit in (MG, MG_PER_KG):
        _doses(analysis, made, population, unit)
    _off(analysis, made, population)
    for what, unit in (("cumulative dose", "mg"), ("cumulative dose per kg", "mg/kg"), ("pulses", "mg")):
        part = made.part(analysis.name(what), population.key, unit, what)
        made.describe(what, part, analysis.quartiles, unit, endpoint=what)
        if what == "pulses":
            keys = {**base, "endpoint": "patients with a pulse", "provenance_id": part.id}
            # A pulse whose days are not exactly known is one all the same where it surely lies within them.
            least = [one.interval.low for one in part.outcomes.values() if one.interval.recorded]
            most = [one.interval.high for one in part.outcomes.values() if one.interval.recorded]
            pulsed = sum(number is not None and number > 0 for number in least)
            judged = pulsed + sum(number == 0 for number in most)
            made.share("pulsed", pulsed, judged, keys, analysis.conf_level, "no patient")
    for what, bound in TIMES.items():
        _time(analysis, made, population, what, bound)
    return made


def _doses(analysis: GlucocorticoidTaper, made: ResultSet, population: Population, unit: str) -> None:
    first = analysis.visits[0]
    parts = {}
    for visit in analysis.visits:
        item = f"glucocorticoid dose at {visit.label}"
        part = made.part(analysis.name(f"{unit} at {visit.label}"), population.key, unit, item)
        keys = {"endpoint": unit, "variable": "dose", "visit": visit.label, "week": visit.week}
        made.describe(f"{unit} {visit.label}", part, analysis.quartiles, unit, **keys)
        parts[visit.label] = part
    for visit in analysis.visits[1:]:
        _reductions(analysis, made, unit, visit, parts[first.label], parts[visit.label])


def _reductions(
    analysis: GlucocorticoidTaper, made: ResultSet, unit: str, visit: Window, before: Contribution, now: Contribution
) -> None:
    first = analysis.visits[0].label
    versus = f"{visit.label} vs {first}"
    what = f"Percent reduction of the glucocorticoid dose ({unit}) from {first} to {visit.label}"
    shared: dict[str, Any] = {
        **made.base, "endpoint": unit, "visit": visit.label, "week": visit.week, "comparison": versus,
        "provenance_id": made.joint([before, now], what),
    }  # fmt: skip
    own = [_reduction(then, later) for then, later in zip(before.numbers, now.numbers, strict=True)]
    for name, row in summarise(own, analysis.quartiles, {**shared, "variable": "own reduction"}, unit="%").items():
        made.add(f"{unit} own {visit.label} {name}", row)
    medians = [made.rows[f"{unit} {label} median"].number for label in (first, visit.label)]
    change = _reduction(*medians)
    keys = {**shared, "variable": "change of medians", "method": f"medians by quantile definition {analysis.quartiles}"}
    why = f"the median at {first} is 0 or there is none"
    made.add(f"{unit} medians {visit.label}", number_row({**keys, "unit": "%"}, "estimate", change, why))


def _off(analysis: GlucocorticoidTaper, made: ResultSet, population: Population) -> None:
    for visit in analysis.visits:
        part = made.part(
            analysis.name(f"{MG} at {visit.label}"), population.key, MG, f"glucocorticoid dose at {visit.label}"
        )
        known = [number for number in part.numbers if number is not None]
        keys = {
            **made.base, "endpoint": "off glucocorticoids", "visit": visit.label, "week": visit.week,
            "provenance_id": part.id,
        }  # fmt: skip
        off = sum(number == 0 for number in known)
        made.share(f"off {visit.label}", off, len(known), keys, analysis.conf_level, "no dose is known")


def _time(analysis: GlucocorticoidTaper, made: ResultSet, population: Population, what: str, share: float) -> None:
    first = first_doses(analysis, made.cohort, population)
    started = {patient: dose for patient, dose in first.items() if dose is not None and dose > 0}
    times = [
        taper_time(made.cohort.records[patient], dose * share, analysis.last_day) for patient, dose in started.items()
    ]
    part = made.cohort.of_rows(
        f"{analysis.key}: {population.key}: time to {what}",
        [_time_row(one, what) for one in times],
        f"First day from day 1 to day {analysis.last_day} on {what}, of patients who took glucocorticoids at "
        f"{analysis.visits[0].label}",
    )
    made.parts.append(part)
    keys: dict[str, Any] = {**made.base, "endpoint": f"time to {what}", "provenance_id": part.id}
    reached = sum(time.reached for time in times)
    made.keep(what, counts(keys, n=len(times), n_missing=len(first) - len(started), events=reached))
    again = {**keys, "variable": "above it again"}
    made.add(f"{what} rose", count_row(again, "count", sum(time.rose_again for time in times)))
    _curve(analysis, made, what, times, keys)


def _curve(
    analysis: GlucocorticoidTaper, made: ResultSet, what: str, times: Sequence[TaperTime], keys: Mapping[str, Any]
) -> None:
    from myosotis.statistics import kaplan_meier

    days, reached = [one.day for one in times], [one.reached for one in times]
    curve = kaplan_meier(days, reached, analysis.conf_level) if times else None
    made.keep(what, median_time(curve, keys, _NOBODY))
    for visit in analysis.visits[1:]:
        made.keep(f"{what} {visit.label}", reached_by(visit, curve, keys, _NOBODY))


def _reduction(before: float | None, now: float | None) -> float | None:
    """Give the reduction in percent of the dose before, to 9 decimals; none when that is 0 or either is missing."""
    if before is None or now is None or before == 0:
        return None
    return round(100 * (before - now) / before, 9)


def first_doses(analysis: GlucocorticoidTaper, cohort: Cohort, population: Population) -> dict[str, float | None]:
    """Give each patient's dose (mg/day) at the first visit."""
    found = cohort.results[analysis.name(f"{MG} at {analysis.visits[0].label}")]
    doses = {patient: found[patient] for patient in cohort.patients(population.key)}
    return {patient: None if dose is None else float(dose) for patient, dose in doses.items()}


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
