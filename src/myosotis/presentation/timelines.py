"""Present timelines: the swimmer plot and the dose curves, which draw listings of patients."""

from __future__ import annotations

from myosotis.analysis.timelines import (
    COURSES,
    DOSES,
    EVENTS,
    LEVELS,
    OPEN_LEVEL,
    PULSES,
    SERIOUSNESS,
    STARTS,
    DoseCurves,
    SwimmerPlot,
)
from myosotis.presentation.figures import anybody, nobody_to_draw
from myosotis.presentation.layout import Axis, Lane, Mark, Steps, Swimmer
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.results.schema import listing_id

__all__ = ["present_curves", "present_swimmer"]


def present_swimmer(analysis: SwimmerPlot, results: Results) -> Presentation:
    """Give the figure of lanes, or say that there is nobody to draw."""

    def listing(what: str) -> str:
        return listing_id(results.fingerprint, analysis.listing(what), "rows")

    endpoint = analysis.endpoint
    marks = [
        Mark(label=endpoint.label, kind="level", listing_id=listing(LEVELS), levels=[*endpoint.levels, OPEN_LEVEL]),
        Mark(label="Adverse events", kind="event", listing_id=listing(EVENTS), levels=list(SERIOUSNESS.values())),
    ]
    if analysis.started is not None:
        levels = [f"new {analysis.started.drugs.label}"]
        marks.append(Mark(label="Drugs", kind="start", listing_id=listing(STARTS), levels=levels))
    figure = Swimmer(
        key=analysis.key,
        title=analysis.title,
        caption=f"One lane for each patient ({analysis.population.label}), over the weeks since the index "
        "date. An arrow: not known to have stopped by the last record.",
        last_day=analysis.last_day,
        population=analysis.population.key,
        bars=[Lane(label=one.drugs.label, listing_id=listing(one.drugs.label)) for one in analysis.treatments],
        marks=marks,
        courses=listing(COURSES),
    )
    return Presentation(
        figures=(figure,) if anybody(analysis.population, results) else (),
        limitations=nobody_to_draw(analysis, results),
    )


def present_curves(analysis: DoseCurves, results: Results) -> Presentation:
    """Give the figure of dose curves, or say that there is nobody to draw."""
    figure = Steps(
        key=analysis.key,
        title=analysis.title,
        caption=f"Prednisone equivalent of every patient ({analysis.population.label}), pulses apart.",
        first_day=analysis.first_day,
        last_day=analysis.last_day,
        y=Axis(label="Glucocorticoid dose", unit="mg/kg/day"),
        population=analysis.population.key,
        listing_id=listing_id(results.fingerprint, analysis.listing(DOSES), "rows"),
        pulses=listing_id(results.fingerprint, analysis.listing(PULSES), "rows"),
    )
    return Presentation(
        figures=(figure,) if anybody(analysis.population, results) else (),
        limitations=nobody_to_draw(analysis, results),
    )
