"""Compute a taper: doses over visits, reductions, and times until a dose was reached."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from myosotis.analysis.change_tests import summarise
from myosotis.analysis.cohort import Cohort, Contribution, evidence_row
from myosotis.analysis.result_set import ResultSet
from myosotis.analysis.section import Section
from myosotis.analysis.taper_layout import circular_limit, taper_methods, taper_sentences, taper_table, times_table
from myosotis.analysis.taper_times import TaperTime, taper_time
from myosotis.language.windows import Window
from myosotis.results.schema import ResultRow
from myosotis.study.population import Population

if TYPE_CHECKING:
    from myosotis.statistics import KaplanMeier
from myosotis.analysis.glucocorticoid_taper import MG, MG_PER_KG, TIMES, GlucocorticoidTaper

__all__ = ["compute_taper"]

_NOBODY = "no patient took glucocorticoids at the first visit"

_NO_LIMIT = {False: "nobody had reached it by then", True: "everybody had reached it by then"}


def compute_taper(analysis: GlucocorticoidTaper, cohort: Cohort) -> Section:
    """Compute every number of the analysis."""
    made = [(population, _population(analysis, cohort, population)) for population in analysis.populations]
    by_key = {population.key: one.rows for population, one in made}
    return Section(
        rows=tuple(row for _, one in made for row in one.rows.values()),
        contributions=tuple(part for _, one in made for part in one.parts),
        provenance=tuple(row for _, one in made for row in one.provenance),
        tables=(taper_table(analysis, by_key), times_table(analysis, by_key)),
        findings=({"heading": analysis.title, "sentences": taper_sentences(analysis, by_key)},),
        methods=({"heading": analysis.title, "sentences": taper_methods(analysis)},),
        limits=tuple(limit for population in analysis.apart for limit in circular_limit(population)),
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
    first = analysis.first_doses(made.cohort, population)
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
    made.add(f"{what} n", ResultRow(**keys, statistic="n", number=float(len(times))))
    made.add(f"{what} n_missing", ResultRow(**keys, statistic="n_missing", number=float(len(first) - len(started))))
    made.add(f"{what} events", ResultRow(**keys, statistic="events", number=float(sum(t.reached for t in times))))
    rose = ResultRow(
        **keys, variable="above it again", statistic="count", number=float(sum(t.rose_again for t in times))
    )
    made.add(f"{what} rose", rose)
    _curve(analysis, made, what, times, keys)


def _curve(
    analysis: GlucocorticoidTaper, made: ResultSet, what: str, times: Sequence[TaperTime], keys: Mapping[str, Any]
) -> None:
    from myosotis.statistics import kaplan_meier, kaplan_meier_median

    names = ("estimate", "conf_low", "conf_high")
    if not times:
        for name in names:
            empty = ResultRow(**keys, variable="median", statistic=name, number=None, status="not_estimable",
                              note=_NOBODY)  # fmt: skip
            made.add(f"{what} {name}", empty)
        for visit in analysis.visits[1:]:
            for name in ("proportion", "conf_low", "conf_high"):
                by = {**keys, "variable": "reached", "visit": visit.label, "week": visit.week}
                empty = ResultRow(**by, statistic=name, number=None, status="not_estimable", note=_NOBODY)
                made.add(f"{what} {visit.label} {name}", empty)
        return
    curve = kaplan_meier([one.day for one in times], [one.reached for one in times], analysis.conf_level)
    median = kaplan_meier_median(curve)
    exact = {**keys, "variable": "median", "unit": "days", "method": median.method, "conf_level": analysis.conf_level}
    for name, number in zip(names, (median.estimate, median.low, median.high), strict=True):
        status = "ok" if number is not None else "not_estimable"
        note = "" if number is not None else "not reached within follow-up"
        made.add(f"{what} {name}", ResultRow(**exact, statistic=name, number=number, status=status, note=note))
    for visit in analysis.visits[1:]:
        _reached(analysis, made, what, curve, visit, keys)


def _reached(
    analysis: GlucocorticoidTaper,
    made: ResultSet,
    what: str,
    curve: KaplanMeier,
    visit: Window,
    keys: Mapping[str, Any],
) -> None:
    """Give the share that has reached it by the target day of a visit; none beyond the last day observed."""
    free = curve.at(visit.target)
    place = bisect_right(curve.time, visit.target) - 1
    # Before the first event the limits of a curve are both 1, which is no statement about where it may lie.
    bounded = free is not None and free < 1
    bounds = (curve.low[place], curve.high[place]) if bounded else (None, None)
    why = "nobody was observed for so long" if free is None else _NO_LIMIT[free < 1]
    named = {
        **keys, "variable": "reached", "visit": visit.label, "week": visit.week, "method": curve.method,
        "conf_level": analysis.conf_level,
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
