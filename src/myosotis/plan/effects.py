"""What is followed and what is counted at the visits, in short words."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis import ChangeOverVisits, Estimate, EventTimes, Friedman, Outcome, OutcomeOverVisits
from myosotis.analysis.samples import AnySample, TimeToEvent
from myosotis.errors import ProtocolError
from myosotis.language.checked import word
from myosotis.language.criteria import Categories, Criterion
from myosotis.language.values import Value
from myosotis.language.visit import Visit
from myosotis.language.windows import Window
from myosotis.measures.measure import Measure
from myosotis.plan.described import Asked, described, placed
from myosotis.plan.draft import Draft, Said, drafted, or_said
from myosotis.study import Endpoint, IntercurrentEvent, Population
from myosotis.study.endpoint import PROPORTION
from myosotis.study.population import EVERYONE

__all__ = ["change", "composite", "count", "endpoint", "estimate", "outcome", "time_to_event", "treatment_policy"]


@word
def outcome(
    of: Asked,
    *,
    key: str = "",
    label: str = "",
    unit: str = "",
    decimals: int | None = None,
    precision: int | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Draft:
    """Name what is measured at every visit; what is left out says its definition, and the first visit is the baseline."""
    return drafted(
        "outcome", _make_outcome, of=of, key=key, label=label, unit=unit, decimals=decimals, precision=precision, low=low,
        high=high, baseline=Said.FIRST_VISIT,
    )  # fmt: skip


@word
def change(
    *of: Asked | Draft,
    title: str = "",
    key: str = "",
    label: str = "",
    unit: str = "",
    decimals: int | None = None,
    low: float | None = None,
    visits: tuple[Window, ...] | None = None,
    test: Friedman | None = None,
    quartiles: int | str | None = None,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Follow numbers over the visits: medians and quartiles, changes from the first visit, and the study's test.

    An expression that no definition describes is described here (`label`, `unit`, `decimals`, `low`); several of them by
    `outcome`. The title is the label of the first.
    """
    if not of:
        raise ProtocolError("change was given nothing to follow; name an observation or a measure, such as cmas")
    told = {"label": label, "unit": unit, "decimals": decimals, "low": low}
    if len(of) > 1 and any(one not in ("", None) for one in told.values()):
        raise ProtocolError("change follows several numbers and describes one; describe each by outcome(...)")
    known = described(of[0])
    first = key or known.key
    outcomes = tuple(
        one if isinstance(one, Draft) else outcome(one, key=described(one).key or first, **told)  # type: ignore[arg-type]
        for one in of
    )
    return drafted(
        "change", ChangeOverVisits, key=first, title=title or label or known.label, outcomes=outcomes,
        visits=or_said(visits, Said.VISITS), test=or_said(test, Said.TEST), quartiles=or_said(quartiles, Said.QUARTILES),
        population=population, note=note,
    )  # fmt: skip


@word
def endpoint(
    of: Measure | Categories | Criterion,
    *,
    if_not_evaluable: str,
    key: str = "",
    label: str = "",
    at: tuple[Window, ...] | None = None,
    intercurrent: tuple[IntercurrentEvent, ...] = (),
    summary: str = PROPORTION,
    population: Population = EVERYONE,
) -> Draft:
    """Name an outcome that is yes or no, or one of several categories, at the visits after the first."""
    return drafted(
        "endpoint", _make_endpoint, of=of, key=key, label=label, at=or_said(at, Said.LATER_VISITS),
        baseline=Said.FIRST_VISIT, if_not_evaluable=if_not_evaluable, intercurrent=intercurrent, summary=summary,
        population=population,
    )  # fmt: skip


@word
def count(
    of: Endpoint | Draft | Measure | Categories | Criterion,
    *,
    title: str = "",
    key: str = "",
    label: str = "",
    if_not_evaluable: str = "",
    intercurrent: tuple[IntercurrentEvent, ...] = (),
    summary: str = PROPORTION,
    together: Mapping[str, tuple[str, ...]] | None = None,
    conf_level: float | None = None,
    figure: bool = True,
    note: str = "",
) -> Draft:
    """Count the levels of an endpoint at each visit; `together` names levels that are also counted together.

    What is no endpoint yet is made one, at the visits after the first: then `if_not_evaluable` must say what a patient
    counts as whose outcome cannot be told.
    """
    whole = isinstance(of, Endpoint | Draft)
    if not whole and not if_not_evaluable:
        raise ProtocolError('count: if_not_evaluable is not given; name the level that counts, or "leave_out"')
    if whole and (label or if_not_evaluable or intercurrent):
        raise ProtocolError("count was given an endpoint that says all of itself; leave label, if_not_evaluable and "
                            "intercurrent out")  # fmt: skip
    counted = of if whole else endpoint(
        of, key=key, label=label, if_not_evaluable=if_not_evaluable, intercurrent=intercurrent, summary=summary,  # type: ignore[arg-type]
    )  # fmt: skip
    return drafted(
        "count", _make_count, endpoint=counted, title=title, key=key, together=tuple((together or {}).items()),
        conf_level=or_said(conf_level, Said.CONF_LEVEL), figure=figure, note=note,
    )  # fmt: skip


@word
def estimate(
    method: str,
    sample: AnySample,
    *,
    title: str,
    key: str = "",
    unit: str = "",
    decimals: int = 2,
    population: Population = EVERYONE,
    note: str = "",
    **choices: int | float | bool | str | tuple[float, ...] | list[float],
) -> Estimate:
    """Apply a method of docs/statistics.md, by its name, to the kind of sample that it takes; its options go by name.

    The samples are `Numbers`, `Counted`, `Paired`, `CountedPairs`, `Repeated`, `RepeatedInGroups`, `Groups`,
    `CountedGroups`, `TimeToEvent`, `TimeToEventInGroups`, `TimeBetween`, `EventsInTime`, `EventsInTimeInGroups`,
    `Endpoints`, `Studies` and `Design`.
    """
    told = {name: tuple(map(float, one)) if isinstance(one, list | tuple) else one for name, one in choices.items()}
    return Estimate(
        key=key or method, title=title, method=method, sample=sample, choices=told, unit=unit, decimals=decimals,
        population=population, note=note,
    )  # fmt: skip


@word
def time_to_event(
    days: Value,
    event: Criterion,
    *,
    label: str,
    title: str = "",
    key: str = "",
    visits: tuple[Window, ...] | None = None,
    conf_level: float | None = None,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Tell how many patients had an event by each visit and after how long, by the Kaplan-Meier curve.

    `days` are those that a patient was followed from day 0, and `event` whether they ended in what `label` names. A patient
    without days is left out and counted; where it cannot be told whether known days ended in the event, nothing is
    estimated. A visit must be planned after day 0.
    """
    return drafted(
        "time_to_event", EventTimes, key=key or label.replace(" ", "_"), title=title or f"Time to {label}", label=label,
        times=TimeToEvent(days=days, event=event), visits=or_said(visits, Said.LATER_VISITS),
        conf_level=or_said(conf_level, Said.CONF_LEVEL), population=population, note=note,
    )  # fmt: skip


@word
def treatment_policy(name: str, how: str) -> IntercurrentEvent:
    """Count the outcome whether or not the event happened; `how` says so in the words of the protocol."""
    return IntercurrentEvent(name=name, strategy="treatment policy", how=how)


@word
def composite(name: str, how: str) -> IntercurrentEvent:
    """Make the event a part of the outcome; `how` says which part."""
    return IntercurrentEvent(name=name, strategy="composite", how=how)


def _make_outcome(
    of: Asked, key: str, label: str, unit: str, decimals: int | None, precision: int | None, low: float | None,
    high: float | None, baseline: Window,
) -> Outcome:  # fmt: skip
    value, known = placed(of, Visit(), baseline), described(of)
    if not isinstance(value, Value):
        raise ProtocolError(
            f"{known.label or 'this'} is no number and cannot be followed as one; count it as an endpoint"
        )
    digits = decimals if decimals is not None else known.decimals
    told = {"key": key or known.key, "label": label or known.label, "unit": unit or known.unit}
    lacking = [name for name, one in (*told.items(), ("decimals", digits)) if one in ("", None)]
    if lacking or digits is None:
        raise ProtocolError(f"outcome: no definition says the {lacking[0]} of this number; give {lacking[0]}=")
    return Outcome(
        **told, value=value, decimals=digits, precision=known.precision if precision is None else precision,
        low=known.low if low is None else low, high=known.high if high is None else high,
    )  # fmt: skip


def _make_endpoint(of: Asked, key: str, label: str, baseline: Window, **given: object) -> Endpoint:
    known = described(of)
    variable = placed(of, Visit(), baseline)
    return Endpoint(
        key=key or known.key, label=label or known.label, variable=variable, **given  # type: ignore[arg-type]
    )  # fmt: skip


def _make_count(endpoint: Endpoint, title: str, key: str, **given: object) -> OutcomeOverVisits:
    return OutcomeOverVisits(
        key=key or endpoint.key, title=title or endpoint.label, endpoint=endpoint, **given  # type: ignore[arg-type]
    )  # fmt: skip
