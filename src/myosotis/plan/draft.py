"""What an analysis leaves to the study: asked for by name where it is written, filled in when the study is whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from myosotis.analysis import Friedman
from myosotis.errors import ProtocolError
from myosotis.language.declared import check_fields
from myosotis.language.series import Series
from myosotis.language.values import Value
from myosotis.language.windows import Window
from myosotis.measures.observations import weight

__all__ = ["NO_DEFAULTS", "Defaults", "Draft", "Said", "completed", "drafted", "or_said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """Say once for the whole study what its analyses share; each of them may say otherwise.

    `visit_day` is the day of the visit at hand, `follow_up` the days over which exposure and adverse events count,
    `weight_within` how many days a weight may lie from the day of a dose (of `weight`). `quartiles`, `test` and
    `conf_level` are the statistical methods. `if_not_evaluable` says what a rule of eligibility makes of a patient for whom
    it cannot be told: what is said of inclusion first, then of exclusion.
    """

    visit_day: Value | None = None
    follow_up: Window | None = None
    weight: Series = weight
    weight_within: int | None = None
    quartiles: int | str | None = None
    test: Friedman | None = None
    conf_level: float = 0.95
    if_not_evaluable: tuple[Literal["leave_out", "keep"], Literal["leave_out", "keep"]] | None = None

    def __post_init__(self) -> None:
        check_fields(self)


NO_DEFAULTS = Defaults()


class Said(Enum):
    """What the study says, where it says it."""

    VISITS = "windows"
    LATER_VISITS = "windows after the first"
    FIRST_VISIT = "windows, the first"
    LAST_VISIT = "windows, the last"
    LAST_TARGET = "windows, the planned day of the last"
    LAST_DAY = "windows, the last day of the last"
    AFTER_BASELINE = "windows, the days after day 0"
    VISIT_DAY = "defaults, visit_day"
    FOLLOW_UP = "defaults, follow_up"
    FOLLOW_UP_END = "defaults, the last day of follow_up"
    WEIGHT = "defaults, weight"
    WEIGHT_WITHIN = "defaults, weight_within"
    QUARTILES = "defaults, quartiles"
    TEST = "defaults, test"
    CONF_LEVEL = "defaults, conf_level"
    INCLUDE = "defaults, if_not_evaluable of inclusion"
    EXCLUDE = "defaults, if_not_evaluable of exclusion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Hold an analysis, a line or a rule as it was asked for, until the study says the rest.

    `word` is what was written, `make` the kind of record or the function that makes it, and `given` its arguments, among
    which stand those that the study says (`Said`) and others that are drafts themselves.
    """

    word: str
    make: Callable[..., Any]
    given: tuple[tuple[str, object], ...]


def drafted(word: str, make: Callable[..., Any], **given: object) -> Draft:
    """Write down what was asked for."""
    return Draft(word=word, make=make, given=tuple(given.items()))


def or_said(given: object, said: Said) -> object:
    """Leave to the study what was not given."""
    return said if given is None else given


def completed(asked: object, windows: tuple[Window, ...], defaults: Defaults) -> Any:  # noqa: ANN401 - what was asked
    """Make what was asked for, with what the study says filled in; anything but a draft comes back as it is.

    Raises `ProtocolError` for what neither the word nor the study says, with both places where it can be said.
    """
    if isinstance(asked, tuple):
        return tuple(completed(one, windows, defaults) for one in asked)
    if not isinstance(asked, Draft):
        return asked
    given = {}
    for name, one in asked.given:
        if isinstance(one, Said):
            one = _said(one, windows, defaults)
            if one is None:
                raise ProtocolError(
                    f"{asked.word}: {name} is not given; give it there, or once for the study: {_place(asked, name)}"
                )
        given[name] = completed(one, windows, defaults)
    return asked.make(**given)


def _place(asked: Draft, name: str) -> str:
    said = dict(asked.given)[name]
    assert isinstance(said, Said)
    where, _, what = said.value.partition(", ")
    return (
        f"Protocol({where}=Defaults({what.rpartition(' ')[2]}=...))"
        if where == "defaults"
        else f"Protocol({where}=...)"
    )


def _said(what: Said, windows: tuple[Window, ...], defaults: Defaults) -> object:
    rules = defaults.if_not_evaluable or (None, None)
    if what in _OF_VISITS:
        return _OF_VISITS[what](windows) if windows else None
    return {
        Said.VISIT_DAY: defaults.visit_day,
        Said.FOLLOW_UP: defaults.follow_up,
        Said.FOLLOW_UP_END: None if defaults.follow_up is None else defaults.follow_up.last,
        Said.WEIGHT: defaults.weight,
        Said.WEIGHT_WITHIN: defaults.weight_within,
        Said.QUARTILES: defaults.quartiles,
        Said.TEST: defaults.test,
        Said.CONF_LEVEL: defaults.conf_level,
        Said.INCLUDE: rules[0],
        Said.EXCLUDE: rules[1],
    }[what]


def _after_baseline(windows: tuple[Window, ...]) -> Window:
    last = windows[-1]
    return Window(label="follow-up", target=last.target, first=1, last=last.last)


_OF_VISITS: dict[Said, Callable[[tuple[Window, ...]], object]] = {
    Said.VISITS: lambda windows: windows,
    Said.LATER_VISITS: lambda windows: windows[1:],
    Said.FIRST_VISIT: lambda windows: windows[0],
    Said.LAST_VISIT: lambda windows: windows[-1],
    Said.LAST_TARGET: lambda windows: windows[-1].target,
    Said.LAST_DAY: lambda windows: windows[-1].last,
    Said.AFTER_BASELINE: _after_baseline,
}
