"""What was given, for how long and with what course, in short words."""

from __future__ import annotations

from myosotis.analysis import ConcomitantDrugs, DoseCurves, Exposure, GlucocorticoidTaper, SwimmerPlot
from myosotis.language.checked import word
from myosotis.language.criteria import Criterion
from myosotis.language.series import Treatment
from myosotis.language.windows import Window
from myosotis.plan.draft import Draft, Said, drafted, or_said
from myosotis.study import Endpoint, Population
from myosotis.study.population import EVERYONE

__all__ = ["dose_curves", "exposure", "new_drugs", "swimmer", "taper"]


@word
def exposure(
    treatment: Treatment,
    *,
    title: str = "",
    key: str = "exposure",
    last_day: int | None = None,
    visits: tuple[Window, ...] | None = None,
    below_label: Criterion | None = None,
    unit: str = "mg",
    decimals: int = 2,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Tell how long and with which doses a treatment was given until the end of follow-up."""
    return drafted(
        "exposure", Exposure, key=key, title=title or f"Exposure to {treatment.drugs.label}", treatment=treatment,
        last_day=or_said(last_day, Said.FOLLOW_UP_END), weight=Said.WEIGHT, weight_within=Said.WEIGHT_WITHIN,
        quartiles=Said.QUARTILES, visits=or_said(visits, Said.LATER_VISITS), visit_day=Said.VISIT_DAY,
        below_label=below_label, unit=unit, decimals=decimals, conf_level=Said.CONF_LEVEL, population=population, note=note,
    )  # fmt: skip


@word
def new_drugs(
    treatment: Treatment,
    *,
    title: str = "",
    key: str = "concomitant",
    visits: tuple[Window, ...] | None = None,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Count, drug by drug, who took it on day 0 and who newly started it by each later visit."""
    label = treatment.drugs.label
    return drafted(
        "new_drugs", ConcomitantDrugs, key=key, title=title or f"Concomitant {label}", treatment=treatment,
        visits=or_said(visits, Said.LATER_VISITS), visit_day=Said.VISIT_DAY, population=population,
        conf_level=Said.CONF_LEVEL, note=note,
    )  # fmt: skip


@word
def taper(
    *,
    title: str = "Glucocorticoid taper",
    key: str = "taper",
    subgroups: tuple[Population, ...] = (),
    last_day: int | None = None,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Tell how far and how fast glucocorticoids were reduced, for all and for some populations apart."""
    return drafted(
        "taper", GlucocorticoidTaper, key=key, title=title, visits=Said.VISITS, visit_day=Said.VISIT_DAY,
        weight_within=Said.WEIGHT_WITHIN, last_day=or_said(last_day, Said.LAST_TARGET), quartiles=Said.QUARTILES,
        population=population, subgroups=subgroups, conf_level=Said.CONF_LEVEL, note=note,
    )  # fmt: skip


@word
def dose_curves(
    *,
    title: str = "Glucocorticoid dose of every patient",
    key: str = "curves",
    first_day: int = 0,
    last_day: int | None = None,
    population: Population = EVERYONE,
) -> Draft:
    """Draw the glucocorticoid dose of every patient, day by day."""
    return drafted(
        "dose_curves", DoseCurves, key=key, title=title, last_day=or_said(last_day, Said.LAST_TARGET),
        weight_within=Said.WEIGHT_WITHIN, first_day=first_day, population=population,
    )  # fmt: skip


@word
def swimmer(
    *treatments: Treatment,
    endpoint: Endpoint | Draft,
    started: Treatment | None = None,
    title: str = "Treatment, response and adverse events of every patient",
    key: str = "swimmer",
    last_day: int | None = None,
    population: Population = EVERYONE,
) -> Draft:
    """Draw every patient's treatments as bars with the response at each visit; `started` marks drugs newly given."""
    return drafted(
        "swimmer", SwimmerPlot, key=key, title=title, treatments=treatments, last_day=or_said(last_day, Said.LAST_DAY),
        endpoint=endpoint, visit_day=Said.VISIT_DAY, started=started, population=population,
    )  # fmt: skip
