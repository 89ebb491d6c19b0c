"""Words that say more shortly what a record of the language says, as `cmas.at(week_4)` does for what it picks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from myosotis.core.definition import Definition
from myosotis.document.declaring import declaration_of
from myosotis.language import criteria as c
from myosotis.language import series as s
from myosotis.language import values as v
from myosotis.language.record import IndexDate, date_of, first_dose, recorded_days
from myosotis.language.visit import Visit, VisitEdge
from myosotis.language.windows import Window, baseline_window, day_window, month, week
from myosotis.measures.measure import Measure

__all__ = ["SHORT"]

_RULES: Mapping[str, str] = {"nearest": "at", "first": "first", "last": "last"}
_DAYS_PER_WEEK = 7


class Writes(Protocol):
    """Write the parts of an expression: see `Wording`."""

    @property
    def observations(self) -> Mapping[str, object]:
        """Hold what is asked of each observation, by its key."""
        ...

    def text(self, thing: object) -> str:
        """Write a part."""
        ...

    def asked(self, thing: object) -> str:
        """Write a part behind which a dot follows."""
        ...

    def plain(self, thing: object) -> str:
        """Write a part, a constant as a number."""
        ...

    def named(self, thing: object) -> str | None:
        """Give the name of a part, None where it has none."""
        ...


def _measure(_: Writes, one: Measure) -> str:
    return one.key


def _observation(to: Writes, one: s.Series | s.Flag) -> str | None:
    return one.definition.key if to.observations.get(one.definition.key) == one else _declared(to, one.definition)


def _definition(to: Writes, one: Definition) -> str | None:
    found = to.observations.get(one.key)
    if found == one:
        return one.key
    if isinstance(found, s.Series | s.Flag) and found.definition == one:
        return f"{one.key}.definition"
    return _declared(to, one) if one.kind == "observation" and one.type == "text" else None


def _declared(to: Writes, one: Definition) -> str | None:
    found = declaration_of(one)
    if found is None:
        return None
    word, given = found
    named = [f"{name}={to.text(held)}" for name, held in given.items() if name not in ("key", "label")]
    return f"{word}({', '.join((to.text(one.key), to.text(one.label), *named))})"


def _picked(to: Writes, one: v.Picked) -> str | None:
    found = to.observations.get(one.name)
    if one.rule not in _RULES or not isinstance(found, s.Series):
        return None
    asked = getattr(found, _RULES[one.rule])(one.window)
    return f"{one.name}.{_RULES[one.rule]}({to.text(one.window)})" if asked == one else None


def _answered(to: Writes, one: c.TextIs | c.Recorded) -> str | None:
    found = to.observations.get(getattr(one.of, "name", ""))
    if isinstance(found, s.Flag) and isinstance(one.of, v.Picked):
        word = "at" if isinstance(one, c.TextIs) else "recorded_at"
        if getattr(found, word)(one.of.window) == one:
            return f"{one.of.name}.{word}({to.text(one.of.window)})"
    return f"{to.asked(one.of)}.recorded()" if isinstance(one, c.Recorded) else None


def _nearest(to: Writes, one: v.Nearest) -> str | None:
    found = to.observations.get(one.name)
    if not isinstance(found, s.Series) or found.nearest(one.to, within=one.within) != one:
        return None
    return f"{one.name}.nearest({to.plain(one.to)}, within={one.within})"


def _of_picked(to: Writes, one: v.DayOf | v.LimitOf) -> str:
    part = "day" if isinstance(one, v.DayOf) else f"{one.which}_limit"
    return f"{to.asked(one.of)}.{part}"


def _visit_day(to: Writes, one: v.VisitDay) -> str | None:
    of = [to.observations.get(name) for name in one.names]
    if not of or not all(isinstance(found, s.Series | s.Flag) for found in of):
        return None
    return f"visit_day({', '.join((to.text(one.window), *one.names))})"


def _edge(_: Writes, one: VisitEdge) -> str:
    return f"Visit().{one.edge}"


def _drugs(to: Writes, one: v.Drugs) -> str:
    return f"{to.asked(s.Treatment(drugs=one))}.drugs"


def _treatment(to: Writes, one: s.Treatment) -> str | None:
    drugs = one.drugs
    factors = dict(drugs.factors)
    if s.drugs(drugs.label, names=drugs.names, classes=drugs.classes, factors=factors or None,
               except_names=drugs.except_names, except_classes=drugs.except_classes) != one:  # fmt: skip
        return None
    given = [to.text(drugs.label)]
    for name in ("names", "classes", "except_names", "except_classes"):
        given += [f"{name}={to.text(getattr(drugs, name))}"] if getattr(drugs, name) else []
    given += [f"factors={to.text(factors)}"] if factors else []
    return f"drugs({', '.join(given)})"


def _of_drugs(to: Writes, one: Any) -> str:  # noqa: ANN401 - one of the records that hold drugs
    treatment = to.asked(s.Treatment(drugs=one.drugs))
    match one:
        case v.StartDay():
            return f"{treatment}.start"
        case v.StopDay():
            return f"{treatment}.stop"
        case v.DoseOn():
            return f"{treatment}.dose_at({to.plain(one.day)})"
        case c.Taking():
            return f"{treatment}.taken_on({to.plain(one.day)})"
        case c.Started():
            new = ", new_only=True" if one.new_only else ""
            return f"{treatment}.started_between({to.plain(one.after)}, {to.plain(one.until)}{new})"
    word = "days_on" if isinstance(one, v.DaysOn) else "cumulative_dose"
    return f"{treatment}.{word}(first={to.plain(one.first)}, last={to.plain(one.last)})"


def _condition(to: Writes, one: c.HasCondition) -> str | None:
    names = ", ".join(map(to.text, one.names))
    if one == c.HasCondition(names=one.names):
        return f"condition({names}).ever()"
    if one.last is not None and one == c.HasCondition(names=one.names, last=one.last):
        return f"condition({names}).by({to.plain(one.last)})"
    return None


def _joined(to: Writes, one: c.AllOf | c.AnyOf) -> str | None:
    word = "all_of" if isinstance(one, c.AllOf) else "any_of"
    return f"{word}({', '.join(map(to.text, one.of))})" if one.of else None


def _turned(to: Writes, one: c.Not) -> str:
    inner = one.of
    if isinstance(inner, c.AnyOf) and inner.of and to.named(inner) is None:
        return f"none_of({', '.join(map(to.text, inner.of))})"
    return f"not_({to.text(inner)})"


def _at_least(to: Writes, one: c.AtLeast) -> str | None:
    return f"at_least({one.count}, of={to.text(one.of)})" if one.of else None


def _window(to: Writes, one: Window) -> str | None:
    days = one.target - one.first
    if one == baseline_window(days=max(days, 0), label=one.label):
        label = "" if one.label == "week 0" else f", label={to.text(one.label)}"
        return f"baseline_window(days={days}{label})"
    made: list[tuple[Window, str]] = []
    if one.last - one.target == days:
        tail = f"give_or_take={days}"
        if one.target % _DAYS_PER_WEEK == 0:
            made.append((week(one.target // _DAYS_PER_WEEK, give_or_take=days), f"week({one.target // 7}, {tail})"))
        months = round(one.target * 12 / 365.25)
        made.append((month(months, give_or_take=days), f"month({months}, {tail})"))
        made.append((day_window(one.target, give_or_take=days), f"day_window({one.target}, {tail})"))
        named = day_window(one.target, give_or_take=days, label=one.label)
        made.append((named, f"day_window({one.target}, {tail}, label={to.text(one.label)})"))
    return next((text for window, text in made if window == one), None)


def _visit(_: Writes, _one: Visit) -> str:
    return "Visit()"


def _index(to: Writes, one: IndexDate) -> str | None:
    if one == recorded_days():
        return "recorded_days()"
    if one.field and one.drugs is None and one == date_of(one.field):
        return f"date_of({to.text(one.field)})"
    if one.drugs is not None and one.drugs.names and one == first_dose(*one.drugs.names):
        return f"first_dose({', '.join(map(to.text, one.drugs.names))})"
    return None


_OF_DRUGS = (v.StartDay, v.StopDay, v.DoseOn, v.DaysOn, v.CumulativeDose, c.Taking, c.Started)
SHORT = cast(
    Mapping[type, Callable[[Writes, Any], str | None]],
    {
        Measure: _measure,
        s.Series: _observation,
        s.Flag: _observation,
        Definition: _definition,
        v.Picked: _picked,
        c.TextIs: _answered,
        c.Recorded: _answered,
        v.Nearest: _nearest,
        v.DayOf: _of_picked,
        v.LimitOf: _of_picked,
        v.VisitDay: _visit_day,
        VisitEdge: _edge,
        v.Drugs: _drugs,
        s.Treatment: _treatment,
        **dict.fromkeys(_OF_DRUGS, _of_drugs),
        c.HasCondition: _condition,
        c.AllOf: _joined,
        c.AnyOf: _joined,
        c.Not: _turned,
        c.AtLeast: _at_least,
        Window: _window,
        Visit: _visit,
        IndexDate: _index,
    },
)
