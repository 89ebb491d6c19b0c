"""Calculate a measure from words typed as name=value, and say what came out line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from myosotis.errors import UsageError
from myosotis.language.sentences import plain_number
from myosotis.measures.calculation import Calculation
from myosotis.measures.measure import Choice, Measure

__all__ = ["calculate_from_text", "parse"]

_MOMENTS = ("baseline", "visit")


def calculate_from_text(measure: Measure, words: Sequence[str]) -> Iterator[str]:
    """Calculate a measure from `visit.ck=93`, `baseline.cmas=41`, `choice=value`; yield the lines that tell the result.

    A measure that looks at one moment takes the bare name (`ck=93`). Raises `UsageError` for words of another form,
    and what the calculation raises.
    """
    found = measure(**parse(measure, words))
    yield from _lines(found)
    if found.value is None and not found.missing:
        yield f"all it reads was given, yet it has no value here; {measure.definition.missing}"


def parse(measure: Measure, words: Sequence[str]) -> dict[str, Any]:
    """Sort words into moments and choices; numbers become numbers, `yes`, `no` and other texts stay texts.

    `conditions=ILD,calcinosis` names recorded conditions. `treatments=none` says that there was no course of treatment;
    each `course=drug:prednisone,drug_class:glucocorticoid,start_day:0,dose:20` tells one.
    """
    choices = {choice.key: choice for choice in measure.choices}
    given: dict[str, Any] = {moment: {} for moment in measure.moments}
    for word in words:
        name, equals, text = word.partition("=")
        moment, dot, observation = name.partition(".")
        if not equals or not name or not text:
            raise UsageError(f"{word!r} is not of the form name=value, such as ck=93 or visit.ck=93")
        if dot and moment in _MOMENTS:
            _put(given.setdefault(moment, {}), observation, _value(text))
        elif dot:
            moments = " or ".join(f"{one}.{observation}" for one in measure.moments)
            raise UsageError(f"{word!r}: there is no moment {moment!r}; write {moments}")
        elif name == "conditions":
            _put(given, name, tuple(text.split(",")))
        elif name == "treatments":
            _no_courses(text)
            given.setdefault(name, [])
        elif name == "course":
            given.setdefault("treatments", []).append(_course(text))
        elif name in choices:
            _put(given, name, _choice(choices[name], text))
        elif close := difflib.get_close_matches(name, choices, n=1, cutoff=0.8):
            raise UsageError(f"{word!r}: {measure.key} has no choice {name!r}; did you mean {close[0]!r}?")
        elif len(measure.moments) == 1:
            _put(given[measure.moments[0]], name, _value(text))
        else:
            raise UsageError(f"{word!r}: {measure.key} looks at two moments; write baseline.{word} or visit.{word}")
    return given


def _put(given: dict[str, Any], name: str, value: object) -> None:
    if name in given:
        raise UsageError(f"{name} is given twice, as {given[name]!r} and {value!r}; give it once")
    given[name] = value


def _no_courses(text: str) -> None:
    if text.lower() != "none":
        raise UsageError(
            f"treatments is {text!r}; write treatments=none, or a course=drug:NAME,dose:20 for each course"
        )


def _course(text: str) -> Mapping[str, float | str | None]:
    course: dict[str, float | str | None] = {}
    for part in text.split(","):
        name, colon, value = part.partition(":")
        if not colon or not value:
            raise UsageError(f"{part!r} in a course is not of the form name:value, such as drug:prednisone or dose:20")
        _put(course, name, _value(value))
    return course


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _choice(choice: Choice, text: str) -> object:
    for option, _ in choice.options:
        if text.lower() in (
            str(option).lower(),
            {True: "yes", False: "no"}.get(option, "") if isinstance(option, bool) else "",
        ):
            return option
    return _value(text)


def _lines(found: Calculation) -> Iterator[str]:
    unit = "" if found.unit in ("", "1", "yes/no", "category", "text") else f" {found.unit}"
    yield f"{found.key} = {_shown(found.value)}{unit if found.value is not None else ''}"
    if found.category is not None and found.category != found.value:
        yield f"category: {found.category}"
    for name, part in found.contributions.items():
        yield f"  {name}: {_shown(part)}"
    if found.missing:
        yield f"missing: {', '.join(found.missing)}"


def _shown(value: float | bool | str | None) -> str:
    if value is None:
        return "not evaluable"
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain_number(value) if isinstance(value, float) else value
